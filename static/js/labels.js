/* Where numbers and names stand: greedy, most important first, never over each other, over a
 * number, or over a control, and off the route where that can be had. All in layer pixels. */

const BADGE = 11;
const AROUND = [24, 34, 46, 60];
const ANGLES = 16;
const GAP = 4;

class Boxes {
  constructor() { this.list = []; }
  add(box) { this.list.push(box); }
  hits(box) {
    return this.list.some((other) => box.left < other.right && box.right > other.left
      && box.top < other.bottom && box.bottom > other.top);
  }
}

const around = (x, y, radius) => ({ left: x - radius, right: x + radius, top: y - radius, bottom: y + radius });
const count = (points, box) => points.reduce((sum, p) => sum
  + (p.x > box.left && p.x < box.right && p.y > box.top && p.y < box.bottom ? 1 : 0), 0);
const inside = (box, view) => box.left >= view.left && box.right <= view.right
  && box.top >= view.top && box.bottom <= view.bottom;

let pane = null;

export function placeLabels(map, route, ground) {
  pane ??= makePane(map);
  pane.replaceChildren();
  const view = visible(map);
  const taken = new Boxes();
  for (const box of controls(map)) taken.add(box);
  const pixels = route.pixels();

  const pins = [...route.pins.values()].sort((a, b) => importance(b, route) - importance(a, route));
  const places = new Map(pins.map((pin) => [pin, map.latLngToLayerPoint(pin.marker.getLatLng())]));
  const badges = placeBadges(pins, places, pixels, taken);
  route.drawArrows([...badges.values()]);

  const inView = pins.filter((pin) => inside(around(badges.get(pin).x, badges.get(pin).y, 0), view));
  for (const pin of inView) {
    const { name, short_time: time, status } = pin.waypoint;
    const options = [["", time], ["is-wrapped", time], ["", ""], ["is-wrapped", ""]];
    for (const [shape, line] of options) {
      const label = makeLabel(`stop-label ${status} ${shape}`, name, line);
      const at = bestBeside(badges.get(pin), label, BADGE + GAP, { taken, pixels, view, mayTouch: true });
      if (at) {
        put(label, at, taken);
        break;
      }
      label.remove();
    }
  }
  placeCountries(map, ground, taken, pixels, view);
  placeCities(map, ground, route, taken, pixels, view);
}

function makePane(map) {
  const made = map.createPane("names");
  made.style.zIndex = 590;
  made.setAttribute("aria-hidden", "true");
  return made;
}

function visible(map) {
  const corner = map.containerPointToLayerPoint([0, 0]);
  const size = map.getSize();
  return { left: corner.x + 3, top: corner.y + 3, right: corner.x + size.x - 3, bottom: corner.y + size.y - 3 };
}

function controls(map) {
  const origin = map.getContainer().getBoundingClientRect();
  const corner = map.containerPointToLayerPoint([0, 0]);
  return [...map.getContainer().querySelectorAll(".leaflet-control")].map((control) => {
    const rect = control.getBoundingClientRect();
    const [x, y] = [corner.x - origin.left, corner.y - origin.top];
    return { left: rect.left + x, right: rect.right + x, top: rect.top + y, bottom: rect.bottom + y };
  });
}

function importance(pin, route) {
  const { status, sequence } = pin.waypoint;
  const reported = route.waypoints.filter((waypoint) => waypoint.status === "reported");
  const end = { [reported[0]?.sequence]: 500, [reported.at(-1)?.sequence]: 900 }[sequence] ?? 0;
  return ({ reported: 200, expected: 100, possible: 0 })[status] + end - sequence;
}

/** Numbers stand on their place, or near it with a line where another number is there. */
function placeBadges(pins, places, pixels, taken) {
  const badges = new Map();
  for (const point of places.values()) taken.add(around(point.x, point.y, 3));
  const others = new Boxes();
  for (const pin of pins) {
    const place = places.get(pin);
    let best = null;
    const consider = (dx, dy, cost) => {
      const box = around(place.x + dx, place.y + dy, BADGE + 1);
      if (others.hits(box)) return;
      const foreign = pins.filter((other) => other !== pin && places.get(other).distanceTo([place.x + dx, place.y + dy]) < BADGE + 3).length;
      const total = cost + foreign * 30 + (dx || dy ? count(pixels, box) * 3 : 0);
      if (best === null || total < best.total) best = { dx, dy, total };
    };
    consider(0, 0, 0);
    if (best === null || best.total > 0) {
      for (const radius of AROUND) {
        for (let n = 0; n < ANGLES; n += 1) {
          const angle = (n / ANGLES) * 2 * Math.PI;
          consider(Math.round(radius * Math.cos(angle)), Math.round(radius * Math.sin(angle)), radius / 2);
        }
      }
    }
    const { dx, dy } = best ?? { dx: 0, dy: 0 };
    pin.displace(dx, dy);
    const badge = L.point(place.x + dx, place.y + dy);
    badges.set(pin, badge);
    others.add(around(badge.x, badge.y, BADGE + 1));
    taken.add(around(badge.x, badge.y, BADGE + 1));
  }
  return badges;
}

function makeLabel(className, title, line = "") {
  const label = document.createElement("span");
  label.className = `name ${className}`;
  const first = document.createElement("bdi");
  first.textContent = title;
  label.append(first);
  if (line) {
    const second = document.createElement("small");
    second.textContent = line;
    label.append(second);
  }
  pane.append(label);
  label.size = { width: label.offsetWidth, height: label.offsetHeight };
  return label;
}

function boxAt(point, { width, height }, far, [h, v]) {
  const x = h > 0 ? point.x + far * h : h < 0 ? point.x + far * h - width : point.x - width / 2;
  const y = v > 0 ? point.y + far * v : v < 0 ? point.y + far * v - height : point.y - height / 2;
  return { left: x, top: y, right: x + width, bottom: y + height };
}

const SIDES = [[1, 0], [-1, 0], [0.8, -0.6], [0.8, 0.6], [-0.8, -0.6], [-0.8, 0.6], [0, -1], [0, 1],
  [1.7, -0.2], [-1.7, -0.2], [1.5, 1], [-1.5, 1], [1.5, -1], [-1.5, -1]];

function bestBeside(point, label, far, { taken, pixels, view, mayTouch }) {
  let best = null;
  SIDES.forEach((side, rank) => {
    const box = boxAt(point, label.size, far, side);
    if (!inside(box, view) || taken.hits(box)) return;
    const touches = count(pixels, box);
    if (touches && !mayTouch) return;
    const cost = touches * 4 + rank;
    if (best === null || cost < best.cost) best = { box, cost, side };
  });
  return best;
}

function put(label, { box, side }, taken) {
  L.DomUtil.setPosition(label, L.point(Math.round(box.left), Math.round(box.top)));
  if (side && side[0] < 0) label.classList.add("is-left");
  taken.add(box);
}

function placeCountries(map, ground, taken, pixels, view) {
  for (const feature of ground.countries) {
    const [lon, lat] = feature.geometry.coordinates;
    const point = map.latLngToLayerPoint([lat, lon]);
    const label = makeLabel("country-label", feature.properties.name);
    const room = (feature.properties.radius_deg ?? 9) * pixelsPerDegree(map, lat) * 2;
    const box = boxAt(point, label.size, 0, [0, 0]);
    if (label.size.width > room * 1.6 || !inside(box, view) || taken.hits(box) || count(pixels, box)) label.remove();
    else put(label, { box }, taken);
  }
}

function pixelsPerDegree(map, lat) {
  return Math.abs(map.latLngToLayerPoint([lat + 0.5, 0]).y - map.latLngToLayerPoint([lat - 0.5, 0]).y);
}

function placeCities(map, ground, route, taken, pixels, view) {
  const size = map.getSize();
  let left = Math.round((size.x * size.y) / 26000);
  const stops = route.waypoints.map(({ name, lat, lon }) => ({ name, point: map.latLngToLayerPoint([lat, lon]) }));
  for (const feature of ground.labels) {
    if (left <= 0) return;
    const [lon, lat] = feature.geometry.coordinates;
    const point = map.latLngToLayerPoint([lat, lon]);
    const { name } = feature.properties;
    const isStop = stops.some((stop) => stop.point.distanceTo(point) < 14
      || (stop.name === name && stop.point.distanceTo(point) < 60));
    const dot = around(point.x, point.y, 2.5);
    if (isStop || !inside(dot, view) || taken.hits(dot)) continue;
    const label = makeLabel("city-label", name);
    const at = bestBeside(point, label, 5, { taken, pixels, view, mayTouch: false });
    if (!at) {
      label.remove();
      continue;
    }
    put(label, at, taken);
    const mark = document.createElement("span");
    mark.className = "name city-dot";
    pane.append(mark);
    L.DomUtil.setPosition(mark, point.round());
    taken.add(dot);
    left -= 1;
  }
}
