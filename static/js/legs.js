/* The legs: lines with casing, wide lines to hit them, and small heads that show which way the
 * journey went. Where there are very many, those that look alike are one line together, as each
 * line costs the browser three elements; what is chosen then lies on top of it. */

import { showLevel } from "./selection.js";

const ARROW_EVERY = 96;
const SIDE_BY_SIDE = 34;
const LEVEL = 6;
const SAME_LINE = 6;
/* What is certain lies on top. */
const ORDER = { possible: 0, expected: 1, reported: 2 };

export class Legs {
  /** `onPoint(event, leg)` is called when a leg is pointed at. */
  constructor(map, onPoint) {
    this.map = map;
    this.onPoint = onPoint;
    for (const [name, z] of [["casing", 410], ["legs", 420], ["hits", 425], ["arrows", 430]]) {
      map.createPane(name).style.zIndex = z;
    }
    this.casing = L.layerGroup().addTo(map);
    this.lines = L.layerGroup().addTo(map);
    this.hits = L.layerGroup().addTo(map);
    this.arrows = L.layerGroup().addTo(map);
    this.marked = L.layerGroup().addTo(map);
    // The lines of legs that have one each, and the points of all lines.
    this.single = new Map();
    this.ways = [];
  }

  show(legs, { together }) {
    for (const layers of [this.casing, this.lines, this.hits, this.marked]) layers.clearLayers();
    this.single.clear();
    this.ways = [];
    this.legs = legs;
    this.isTogether = together;
    const sorted = [...legs].sort((a, b) => ORDER[a.status] - ORDER[b.status]);
    if (together) this.#drawTogether(sorted);
    else for (const leg of sorted) this.#drawAlone(leg);
  }

  #drawAlone(leg) {
    const latlngs = latLngs(leg);
    const { line, hit } = this.#draw(leg, latlngs);
    hit.on("click", (event) => this.onPoint(event, leg));
    hit.getElement().dataset.leg = leg.sequence;
    this.single.set(leg, line);
    this.ways.push({ status: leg.status, latlngs });
  }

  #drawTogether(sorted) {
    const groups = new Map(sorted.map((leg) => [looks(leg), []]));
    for (const leg of sorted) groups.get(looks(leg)).push(leg);
    for (const alike of groups.values()) {
      const [{ status }] = alike;
      const lines = joined(alike);
      const { hit } = this.#draw(alike[0], lines);
      hit.on("click", (event) => this.onPoint(event, this.#nearest(alike, event.layerPoint)));
      this.ways.push(...lines.map((latlngs) => ({ status, latlngs })));
    }
  }

  /** Draws one line or several that look like `leg`. */
  #draw(leg, latlngs) {
    const common = { interactive: false, smoothFactor: 0.8 };
    L.polyline(latlngs, { ...common, pane: "casing", className: `casing ${leg.status}` }).addTo(this.casing);
    const line = L.polyline(latlngs, { ...common, pane: "legs", className: looks(leg) }).addTo(this.lines);
    // A line of a few pixels is hard to hit.
    const hit = L.polyline(latlngs, { pane: "hits", className: "leg-hit", bubblingMouseEvents: false }).addTo(this.hits);
    return { line, hit };
  }

  #nearest(legs, point) {
    let [best, least] = [null, Infinity];
    for (const leg of legs) {
      const points = this.#layerPoints(latLngs(leg));
      for (let n = 1; n < points.length; n += 1) {
        const distance = L.LineUtil.pointToSegmentDistance(point, points[n - 1], points[n]);
        if (distance < least) [best, least] = [leg, distance];
      }
    }
    return best;
  }

  /** Shows what is chosen: `levelOf(leg)` tells how one stands to it; null: nothing is. */
  highlight(levelOf) {
    for (const [leg, line] of this.single) if (line.getElement()) showLevel(line.getElement(), levelOf?.(leg));
    this.marked.clearLayers();
    if (!this.isTogether || !levelOf) return;
    for (const leg of this.legs.filter(levelOf)) {
      const common = { pane: "legs", interactive: false, smoothFactor: 0.8 };
      // With a casing of its own, as its dashes do not lie on those of the line below.
      L.polyline(latLngs(leg), { ...common, className: "casing" }).addTo(this.marked);
      const line = L.polyline(latLngs(leg), { ...common, className: looks(leg) }).addTo(this.marked);
      line.getElement().dataset.leg = leg.sequence;
      showLevel(line.getElement(), levelOf(leg));
    }
  }

  /** The pixels of all legs as far as they lie in `view`, a point every few, as layer points. */
  pixels(view, step = 5) {
    return this.ways.flatMap(({ latlngs }) => (
      walk(this.#layerPoints(latlngs), step, step / 2, view).map(({ point }) => point)));
  }

  /** Small heads along the legs that show which way the journey went, clear of `stops`. */
  drawArrows(stops) {
    this.arrows.clearLayers();
    const taken = [];
    const corner = this.map.containerPointToLayerPoint([0, 0]);
    const { x: width, y: height } = this.map.getSize();
    // Close up, most of a long route is out of sight: it is not compared with itself there.
    const view = { left: corner.x, top: corner.y, right: corner.x + width, bottom: corner.y + height };
    const lines = this.ways.map(({ status, latlngs }) => ({ status, points: this.#layerPoints(latlngs) }));
    const ways = lines.map(({ points }) => walk(points, SAME_LINE, 0, view));
    // Out and back along one line: an arrow there would point the wrong way for one of the two.
    const isTwoWay = (point, angle) => ways.some((way) => way.some((other) => (
      other.point.distanceTo(point) < SAME_LINE && Math.cos(other.angle - angle) < -0.5)));
    for (const { status, points } of lines.reverse()) {
      for (const { point, angle } of walk(points, ARROW_EVERY, ARROW_EVERY / 2, view)) {
        const crowded = stops.some((stop) => stop.distanceTo(point) < 17)
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
          className: `arrow ${status}`,
          noClip: true,
          smoothFactor: 0,
        }).addTo(this.arrows);
      }
    }
  }

  #layerPoints(latlngs) {
    return latlngs.map((latlng) => this.map.latLngToLayerPoint(latlng));
  }
}

function looks({ status, is_guess: isGuess }) {
  return `leg ${status}${isGuess ? " guess" : ""}`;
}

function latLngs({ coordinates }) {
  return coordinates.map(([lon, lat]) => [lat, lon]);
}

/** Legs of which each begins where the one before ends are one line, so that its dashes go on. */
function joined(legs) {
  const lines = [];
  for (const leg of legs) {
    const [first, ...rest] = latLngs(leg);
    const end = lines.at(-1)?.at(-1);
    if (end && end[0] === first[0] && end[1] === first[1]) lines.at(-1).push(...rest);
    else lines.push([first, ...rest]);
  }
  return lines;
}

/** Points along a line at every `step` pixels from `start`, each with the direction there, as far
 * as they lie in `view`. */
function walk(points, step, start, view) {
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
  const sight = L.bounds([view.left, view.top], [view.right, view.bottom]);
  const found = [];
  for (let m = 1; m < points.length; m += 1) {
    // A segment out of sight is not walked along: close up, a route is some hundred thousand pixels.
    if (!sight.intersects(L.bounds(points[m - 1], points[m]))) continue;
    const from = start + Math.max(0, Math.ceil((ends[m - 1] - start) / step)) * step;
    for (let gone = from; gone < ends[m]; gone += step) {
      const point = at(gone);
      if (!sight.contains(point)) continue;
      // The direction over some pixels: a single short segment would make arrows tremble.
      const before = at(Math.max(0, gone - LEVEL));
      const after = at(Math.min(length, gone + LEVEL));
      found.push({ point, angle: Math.atan2(after.y - before.y, after.x - before.x) });
    }
  }
  return found;
}
