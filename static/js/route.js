/* The route: legs with casing and arrows, numbered markers, and what they say when chosen. */

const ARROW_EVERY = 96;
const SIDE_BY_SIDE = 34;
const LEVEL = 6;
const SAME_LINE = 6;
/* Of the numbers, with their rings; the sizes stand in page.css. */
const RADIUS = 12;
const LAST_RADIUS = 18;
/* On a small map everything is smaller. */
const SMALL = 340;
const SHRINK = 3;
const BELOW = 2000;

export class Route {
  constructor(map) {
    this.map = map;
    for (const [name, z] of [["casing", 410], ["legs", 420], ["hits", 425], ["arrows", 430]]) {
      map.createPane(name).style.zIndex = z;
    }
    this.casing = L.layerGroup().addTo(map);
    this.legs = L.layerGroup().addTo(map);
    this.hits = L.layerGroup().addTo(map);
    this.arrows = L.layerGroup().addTo(map);
    this.pins = new Map();
    this.lines = [];
    this.waypoints = [];
    /** Called with waypoint-3 or leg-2 when it is pointed at on the map; null: with neither. */
    this.onChoose = () => {};
    map.on("click", () => this.onChoose(null));
    /** Called when the reader closes what is open. */
    this.onClose = () => {};
    this.isOurs = false;
    map.on("popupclose", () => { if (!this.isOurs) this.onClose(); });
  }

  show(data) {
    this.close();
    this.isSmall = Math.min(this.map.getSize().x, this.map.getSize().y * 1.4) < SMALL;
    this.map.getContainer().classList.toggle("is-small", this.isSmall);
    this.waypoints = data.waypoints;
    this.#drawLegs(data.legs);
    this.#drawPins(data.waypoints);
  }

  #drawLegs(legs) {
    this.casing.clearLayers();
    this.legs.clearLayers();
    this.hits.clearLayers();
    this.lines = [];
    // What is certain lies on top.
    const order = { possible: 0, expected: 1, reported: 2 };
    for (const leg of [...legs].sort((a, b) => order[a.status] - order[b.status])) {
      const latlngs = leg.coordinates.map(([lon, lat]) => [lat, lon]);
      const common = { interactive: false, smoothFactor: 0.8 };
      L.polyline(latlngs, { ...common, pane: "casing", className: `casing ${leg.status}` }).addTo(this.casing);
      const line = L.polyline(latlngs, {
        ...common,
        pane: "legs",
        className: `leg ${leg.status}${leg.is_guess ? " guess" : ""}`,
      }).addTo(this.legs);
      // A line of a few pixels is hard to hit.
      const hit = L.polyline(latlngs, { pane: "hits", className: "leg-hit", bubblingMouseEvents: false })
        .on("click", () => this.onChoose(`leg-${leg.sequence}`))
        .addTo(this.hits);
      hit.getElement().dataset.leg = leg.sequence;
      this.lines.push({ leg, line });
    }
  }

  #drawPins(waypoints) {
    const wanted = new Set(waypoints.map((waypoint) => waypoint.sequence));
    for (const [sequence, pin] of this.pins) {
      if (!wanted.has(sequence)) {
        pin.marker.remove();
        this.pins.delete(sequence);
      }
    }
    const last = this.reported.at(-1);
    for (const waypoint of waypoints) {
      this.pins.get(waypoint.sequence)?.marker.remove();
      this.pins.set(waypoint.sequence, this.#pin(waypoint, waypoint === last));
    }
  }

  #pin(waypoint, isLast) {
    const body = document.createElement("span");
    body.className = "pin-body";
    const dot = document.createElement("span");
    dot.className = "pin-dot";
    const leader = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    leader.setAttribute("class", "pin-leader");
    const stroke = document.createElementNS("http://www.w3.org/2000/svg", "line");
    leader.append(stroke);
    const badge = document.createElement("span");
    badge.className = `badge ${waypoint.status}`;
    badge.textContent = waypoint.sequence;
    body.append(leader, dot, badge);
    const height = isLast ? 400 : waypoint.status === "reported" ? 200 : 0;
    const marker = L.marker([waypoint.lat, waypoint.lon], {
      icon: L.divIcon({ className: `pin ${waypoint.status}${isLast ? " is-last" : ""}`, html: body, iconSize: [0, 0] }),
      keyboard: true,
      riseOnHover: true,
      zIndexOffset: height,
    }).addTo(this.map);
    const element = marker.getElement();
    element.dataset.waypoint = waypoint.sequence;
    element.setAttribute("aria-label", `${waypoint.sequence}: ${waypoint.name}, ${isLast ? "last " : ""}${waypoint.status}`);
    marker.on("click", () => this.onChoose(`waypoint-${waypoint.sequence}`));
    marker.on("keypress", ({ originalEvent }) => {
      if (originalEvent.key === "Enter") this.onChoose(`waypoint-${waypoint.sequence}`);
    });
    return {
      waypoint,
      marker,
      element,
      isLast,
      radius: (isLast ? LAST_RADIUS : RADIUS) - (this.isSmall ? SHRINK : 0),
      /** Moves the number away from its place, in pixels, with a line back to it. */
      displace(dx, dy) {
        const away = Math.hypot(dx, dy) > 1;
        badge.style.transform = `translate(${dx}px, ${dy}px)`;
        element.classList.toggle("is-away", away);
        // What it leaves at its place lies under the number that stands there.
        marker.setZIndexOffset(away ? height - BELOW : height);
        stroke.setAttribute("x2", dx);
        stroke.setAttribute("y2", dy);
      },
    };
  }

  /** Opens what is known about a waypoint. */
  open(sequence) {
    const pin = this.pins.get(sequence);
    if (!pin) return;
    this.close();
    L.popup({ maxWidth: 290, minWidth: 190, autoPanPadding: [12, 12], offset: [0, -8], className: "about" })
      .setLatLng(pin.marker.getLatLng())
      .setContent(about(pin.waypoint))
      .openOn(this.map);
  }

  /** Closes what is open, without that being the reader's doing. */
  close() {
    this.isOurs = true;
    this.map.closePopup();
    this.isOurs = false;
  }

  /** The places of what has been reported. */
  get reported() {
    return this.waypoints.filter(({ status }) => status === "reported");
  }

  /** Marks what is chosen; `mark(element, kind, number)` does it for one. */
  highlight(mark) {
    for (const [sequence, { element }] of this.pins) mark(element, "waypoint", sequence);
    for (const { leg, line } of this.lines) {
      if (line.getElement()) mark(line.getElement(), "leg", leg.sequence);
    }
  }

  /** The pixels of all legs, a point every few, as layer points. */
  pixels(step = 5) {
    return this.lines.flatMap(({ line }) => walk(this.#layerPoints(line), step, step / 2).map(({ point }) => point));
  }

  /** Small heads along the legs that show which way the journey went. */
  drawArrows(pins) {
    this.arrows.clearLayers();
    const taken = [];
    const corner = this.map.containerPointToLayerPoint([0, 0]);
    const sight = L.bounds(corner, corner.add(this.map.getSize()));
    // Close up, most of a long route is out of sight: it is not compared with itself there.
    const ways = this.lines.map(({ line }) => walk(this.#layerPoints(line), SAME_LINE, 0)
      .filter(({ point }) => sight.contains(point)));
    // Out and back along one line: an arrow there would point the wrong way for one of the two.
    const isTwoWay = (point, angle) => ways.some((way) => way.some((other) => (
      other.point.distanceTo(point) < SAME_LINE && Math.cos(other.angle - angle) < -0.5)));
    for (const { leg, line } of [...this.lines].reverse()) {
      for (const { point, angle } of walk(this.#layerPoints(line), ARROW_EVERY, ARROW_EVERY / 2)) {
        if (!sight.contains(point)) continue;
        const crowded = pins.some((pin) => pin.distanceTo(point) < 17)
          || taken.some((other) => other.distanceTo(point) < SIDE_BY_SIDE);
        if (crowded || isTwoWay(point, angle)) continue;
        taken.push(point);
        const at = (along, across) => this.map.layerPointToLatLng(L.point(
          point.x + along * Math.cos(angle) - across * Math.sin(angle),
          point.y + along * Math.sin(angle) + across * Math.cos(angle),
        ));
        L.polyline([at(-3.5, -4.5), at(3.5, 0), at(-3.5, 4.5)], {
          pane: "arrows",
          interactive: false,
          className: `arrow ${leg.status}`,
          noClip: true,
          smoothFactor: 0,
        }).addTo(this.arrows);
      }
    }
  }

  #layerPoints(line) {
    return line.getLatLngs().map((latlng) => this.map.latLngToLayerPoint(latlng));
  }
}

/** Points along a line at every `step` pixels from `start`, each with the direction there. */
function walk(points, step, start) {
  const ends = [0];
  for (let n = 1; n < points.length; n += 1) ends.push(ends[n - 1] + points[n - 1].distanceTo(points[n]));
  const length = ends.at(-1);
  let n = 1;
  const at = (gone) => {
    while (n > 1 && ends[n - 1] > gone) n -= 1;
    while (n < points.length - 1 && ends[n] < gone) n += 1;
    const share = (gone - ends[n - 1]) / (ends[n] - ends[n - 1] || 1);
    const [a, b] = [points[n - 1], points[n]];
    return L.point(a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share);
  };
  const found = [];
  for (let gone = start; gone < length; gone += step) {
    // The direction over some pixels: a single short segment would make arrows tremble.
    const from = at(Math.max(0, gone - LEVEL));
    const to = at(Math.min(length, gone + LEVEL));
    found.push({ point: at(gone), angle: Math.atan2(to.y - from.y, to.x - from.x) });
  }
  return found;
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function about(waypoint) {
  const root = element("div", "about-body");
  const title = element("p", "about-title");
  title.append(element("bdi", "", waypoint.name));
  root.append(title);
  if (waypoint.other_names.length) {
    const names = element("p", "names");
    waypoint.other_names.forEach(({ text, language }, n) => {
      const name = element("bdi", "", text);
      name.lang = language;
      names.append(n ? ", " : "", name);
    });
    root.append(names);
  }
  if (waypoint.status !== "reported") root.append(element("p", "tag", waypoint.status));
  if (waypoint.seen) root.append(element("p", "tag", waypoint.seen));
  for (const time of waypoint.times) {
    const line = element("p", "time-line", `${time.label} `);
    line.append(element("span", "t-local", time.local), element("span", "t-utc", time.utc));
    root.append(line);
  }
  if (waypoint.distance_km) {
    root.append(element("p", "aside", `${Math.round(waypoint.distance_km).toLocaleString("en")} km from the start`));
  }
  const claims = element("ul", "about-claims");
  for (const claim of waypoint.claims) {
    const item = element("li", claim.disputed ? "disputed" : "");
    const said = ` ${claim.origin}, ${claim.grade}${claim.disputed ? ", disputed" : ""}`;
    item.append(element("bdi", "", claim.claim), element("span", "aside", said));
    claims.append(item);
  }
  root.append(claims);
  return root;
}
