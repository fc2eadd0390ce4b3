/* Where numbers and names stand: greedy, most important first, never over each other, over a
 * number, or over a control, and off the route where that can be had. All in layer pixels. */

const AROUND = [26, 36, 48, 62, 78];
const ANGLES = 16;
const GAP = 4;
const CELL = 24;
/* What it costs, in pixels of leader line, to stand away from the place, to cover the route, to
 * cover where another number belongs, to cross something with a leader, to lose the name. */
const AWAY = 14;
const ON_ROUTE = 4;
const ON_PLACE = 40;
const CROSSED = 20;
const NAMELESS = 150;
const CROWDED_OUT = 400;

class Boxes {
  constructor() { this.list = []; }
  add(box) { this.list.push(box); }
  hits(box) {
    return this.list.some((other) => box.left < other.right && box.right > other.left
      && box.top < other.bottom && box.bottom > other.top);
  }
}

/** Points in cells, so that counting those in a box does not walk through all. */
class Points {
  constructor(points) {
    this.cells = new Map();
    for (const point of points) {
      const key = Points.#key(Math.floor(point.x / CELL), Math.floor(point.y / CELL));
      if (!this.cells.has(key)) this.cells.set(key, []);
      this.cells.get(key).push(point);
    }
  }

  static #key(column, row) { return column * 100003 + row; }

  count(box) {
    let sum = 0;
    for (let column = Math.floor(box.left / CELL); column <= Math.floor(box.right / CELL); column += 1) {
      for (let row = Math.floor(box.top / CELL); row <= Math.floor(box.bottom / CELL); row += 1) {
        for (const p of this.cells.get(Points.#key(column, row)) ?? []) {
          if (p.x > box.left && p.x < box.right && p.y > box.top && p.y < box.bottom) sum += 1;
        }
      }
    }
    return sum;
  }
}

const around = (x, y, radius) => ({ left: x - radius, right: x + radius, top: y - radius, bottom: y + radius });
const grown = (box, by) => ({ left: box.left - by, right: box.right + by, top: box.top - by, bottom: box.bottom + by });
const inside = (box, view) => box.left >= view.left && box.right <= view.right
  && box.top >= view.top && box.bottom <= view.bottom;

let pane = null;

export function placeLabels(map, route, ground) {
  pane ??= makePane(map);
  pane.replaceChildren();
  const view = visible(map);
  const taken = new Boxes();
  for (const box of controls(map)) taken.add(grown(box, 3));
  const pixels = new Points(route.pixels());

  const pins = [...route.pins.values()].sort((a, b) => importance(b, route) - importance(a, route));
  const places = new Map(pins.map((pin) => [pin, map.latLngToLayerPoint(pin.marker.getLatLng())]));
  const badges = placeStops(pins, places, { pixels, taken, view });
  route.drawArrows(badges);

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
  const end = { [route.reported[0]?.sequence]: 500, [route.reported.at(-1)?.sequence]: 900 }[sequence] ?? 0;
  return ({ reported: 200, expected: 100, possible: 0 })[status] + end - sequence;
}

/** Puts each number on its place, or near it with a line where it is crowded there, and its name
 * beside it; number and name are chosen together. Who comes first takes the room of others, so
 * several orders are tried and the best kept. Returns where the numbers are. */
function placeStops(pins, places, { pixels, taken, view }) {
  const labels = new Map(pins.map((pin) => [pin, inside(around(places.get(pin).x, places.get(pin).y, 0), view) ? makeLabels(pin) : []]));
  const dots = new Boxes();
  for (const point of places.values()) dots.add(around(point.x, point.y, 4));
  let best = null;
  for (const order of orders(pins, places)) {
    const plan = planStops(order, places, labels, { pixels, taken, dots, view });
    if (best === null || plan.total < best.total) best = plan;
  }
  const badges = [];
  for (const { pin, at, badge } of best?.stops ?? []) {
    pin.displace(at.dx, at.dy);
    for (const { label } of labels.get(pin)) if (label !== at.named?.label) label.remove();
    if (at.named) put(at.named.label, at.named);
    badges.push(badge);
  }
  taken.list.push(...(best?.taken.list ?? []), ...dots.list);
  return badges;
}

function orders(pins, places) {
  const by = (value) => [...pins].sort((a, b) => b.isLast - a.isLast || value(b) - value(a));
  return [pins, by((pin) => places.get(pin).y), by((pin) => -places.get(pin).y),
    by((pin) => places.get(pin).x), by((pin) => -places.get(pin).x), [...pins].reverse()];
}

function planStops(order, places, labels, { pixels, taken: before, dots, view }) {
  const taken = new Boxes();
  taken.list = [...before.list];
  const plan = { total: 0, stops: [], taken: null };
  for (const pin of order) {
    const place = places.get(pin);
    const others = order.filter((other) => other !== pin).map((other) => places.get(other));
    let at = { dx: 0, dy: 0, total: CROWDED_OUT };
    for (const spot of spots(pin, place, others, { pixels, taken, view })) {
      if (spot.cost >= at.total) break;
      const badge = L.point(place.x + spot.dx, place.y + spot.dy);
      const named = bestName(badge, spot, labels.get(pin), { pin, pixels, taken, dots, others, view });
      const total = spot.cost + (named ? named.cost : NAMELESS);
      if (total < at.total) at = { ...spot, total, named };
    }
    const badge = L.point(place.x + at.dx, place.y + at.dy);
    if (at.named) taken.add(at.named.box);
    taken.add(around(badge.x, badge.y, pin.radius + 1));
    for (const point of leader(place, at)) taken.add(around(point.x, point.y, 2));
    plan.stops.push({ pin, at, badge });
    plan.total += at.total * (pin.isLast ? 2 : 1);
  }
  plan.taken = taken;
  return plan;
}

/** Where a number may stand, the best first. */
function spots(pin, place, others, { pixels, taken, view }) {
  const found = [];
  const consider = (dx, dy, far) => {
    const box = around(place.x + dx, place.y + dy, pin.radius + 1);
    if (taken.hits(box) || (far && !inside(box, view))) return;
    const foreign = others.filter((other) => other.distanceTo([place.x + dx, place.y + dy]) < pin.radius + 5).length;
    const line = leader(place, { dx, dy });
    const crossed = line.filter((point) => taken.hits(around(point.x, point.y, 2))
      || others.some((other) => other.distanceTo(point) < 6)).length;
    const along = line.filter((point) => pixels.count(around(point.x, point.y, 4))).length;
    const cost = foreign * ON_PLACE + crossed * CROSSED + along * ON_ROUTE
      + (far ? AWAY + far / 2 + pixels.count(box) * ON_ROUTE : 0);
    found.push({ dx, dy, cost });
  };
  consider(0, 0, 0);
  for (const far of AROUND) {
    for (let n = 0; n < ANGLES; n += 1) {
      const angle = (n / ANGLES) * 2 * Math.PI;
      consider(Math.round(far * Math.cos(angle)), Math.round(far * Math.sin(angle)), far);
    }
  }
  return found.sort((a, b) => a.cost - b.cost);
}

/** Points along the line from a place to its number. */
function leader(place, { dx, dy }) {
  const length = Math.hypot(dx, dy);
  const points = [];
  for (let gone = 8; gone < length - 8; gone += 5) {
    points.push(L.point(place.x + (dx * gone) / length, place.y + (dy * gone) / length));
  }
  return points;
}

function makeLabels(pin) {
  const { name, short_time: time, status } = pin.waypoint;
  // Where this line wraps, the time stays in one piece.
  const line = pin.isLast ? ["last reported", time.replaceAll(" ", "\u00a0")].filter(Boolean).join(", ") : time;
  const timeless = pin.isLast ? 60 : 18;
  const shapes = [["", line, 0], ["is-wrapped", line, 3], ["", "", timeless], ["is-wrapped", "", timeless + 3]];
  const className = `stop-label ${status}${pin.isLast ? " is-last" : ""}`;
  return shapes.map(([shape, text, cost]) => ({ label: makeLabel(`${className} ${shape}`, name, text), cost }));
}

function bestName(badge, spot, labels, { pin, pixels, taken, dots, others, view }) {
  const far = Math.hypot(spot.dx, spot.dy);
  let best = null;
  for (const { label, cost: shape } of labels) {
    SIDES.forEach((side, rank) => {
      const box = boxAt(badge, label.size, pin.radius + GAP, side);
      if (!inside(box, view) || taken.hits(box) || dots.hits(box)) return;
      // At the end of a line back to the place, the name continues outwards.
      const outwards = far ? (spot.dx * side[0] + spot.dy * side[1]) / (far * Math.hypot(...side)) : 1;
      const covered = others.filter((other) => inside(around(other.x, other.y, 0), grown(box, 12))).length;
      const cost = shape + rank + pixels.count(box) * ON_ROUTE + covered * ON_PLACE / 2 + (outwards < 0.2 ? 12 : 0);
      if (best === null || cost < best.cost) best = { label, box, cost, side };
    });
  }
  return best;
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

function firstFreeBeside(point, label, far, { taken, pixels, view }) {
  for (const side of SIDES) {
    const box = boxAt(point, label.size, far, side);
    if (inside(box, view) && !taken.hits(box) && !pixels.count(box)) return { box, side };
  }
  return null;
}

function put(label, { box, side }) {
  L.DomUtil.setPosition(label, L.point(Math.round(box.left), Math.round(box.top)));
  if (side && side[0] < 0) label.classList.add("is-left");
}

/** A country's name stands in its middle, or as near to it as there is room. */
function placeCountries(map, ground, taken, pixels, view) {
  for (const feature of ground.countries) {
    const [lon, lat] = feature.geometry.coordinates;
    const middle = map.latLngToLayerPoint([lat, lon]);
    const room = (feature.properties.radius_deg ?? 9) * pixelsPerDegree(map, lat);
    for (const shape of ["", "is-wrapped"]) {
      const label = makeLabel(`country-label ${shape}`, feature.properties.name);
      const box = label.size.width > room * 3.2 ? null : nearby(room).map(([dx, dy]) => boxAt(
        middle.add([dx, dy]), label.size, 0, [0, 0],
      )).find((at) => inside(at, view) && !taken.hits(grown(at, 6)) && !pixels.count(grown(at, 4)));
      if (box) {
        put(label, { box });
        taken.add(grown(box, 6));
        break;
      }
      label.remove();
    }
  }
}

function nearby(room) {
  const found = [[0, 0]];
  for (const share of [0.2, 0.4, 0.6, 0.8]) {
    for (let n = 0; n < 8; n += 1) {
      const angle = (n / 8) * 2 * Math.PI;
      found.push([Math.round(room * share * Math.cos(angle)), Math.round(room * share * Math.sin(angle))]);
    }
  }
  return found;
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
    const at = firstFreeBeside(point, label, 5, { taken, pixels, view });
    if (!at) {
      label.remove();
      continue;
    }
    put(label, at);
    taken.add(at.box);
    const mark = document.createElement("span");
    mark.className = "name city-dot";
    pane.append(mark);
    L.DomUtil.setPosition(mark, point.round());
    taken.add(dot);
    left -= 1;
  }
}
