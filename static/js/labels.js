/* All names on the map: those of the stops with their numbers (stop_names.js), then a line that
 * counts the names left out, then countries and cities where there still is room. Nothing covers
 * anything else. All in layer pixels. */
import { Lettering } from "./lettering.js";
import { counted, say } from "./page.js";
import { around, Boxes, boxAt, grown, inside, Points } from "./room.js";
import { SIDES, StopNames } from "./stop_names.js";

/* The line that counts names may change its own count: so often the plan is made at most. */
const TURNS = 3;
const COUNT_STEP = 24;
/* Pixels of map for each city that is named. */
const ROOM_OF_CITY = 26000;
/* A city so near to a stop, or to one of its own name, has its name there. */
const SAME_PLACE = 14;
const SAME_CITY = 60;

let lettering = null;

export function placeLabels(map, route, ground) {
  lettering ??= startLettering(map, () => placeLabels(map, route, ground));
  lettering.clear();
  route.settle();
  const view = visible(map);
  const taken = new Boxes();
  for (const box of controls(map)) taken.add(grown(box, 3));
  const pixels = new Points(route.legs.pixels(view), view);

  // Before anything changes on the map: to measure then would make the browser lay out all of it.
  lettering.measure([...ground.countries.flatMap(({ name }) => countryTexts(name)), ...ground.labels.map(cityText)]);
  const stops = new StopNames(map, route, lettering, { pixels, taken, view });
  const { plan, count } = planWithCount(map, stops);
  route.legs.drawArrows(stops.draw(plan));
  if (count) lettering.write(count.text, count.box);

  const room = { taken: new Boxes(plan.taken), dots: stops.dots, pixels, view };
  if (count) room.taken.add(grown(count.box, 3));
  placeCountries(map, ground, room);
  placeCities(map, ground, route, room);
  // The size that all of this was arranged for.
  const size = map.getSize();
  map.getContainer().dataset.arranged = `${size.x}x${size.y}`;
}

function startLettering(map, again) {
  const made = new Lettering(map);
  document.fonts.addEventListener("loadingdone", () => {
    made.forget();
    again();
  });
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

/** A plan for the stops, and where the line stands that counts what it leaves out, if anything. */
function planWithCount(map, stops) {
  let count = null;
  let plan = null;
  for (let turn = 0; turn < TURNS; turn += 1) {
    plan = stops.plan(count ? grown(count.box, 3) : null);
    const texts = countTexts(map, plan, stops.unmarked.length);
    if (!texts.length) return { plan, count: null };
    const sizes = lettering.measure(texts);
    if (count && sizes[count.n].width <= count.size.width) return { plan, count: { ...count, text: texts[count.n] } };
    count = null;
    for (const [n, size] of sizes.entries()) {
      const box = countBox(size, stops);
      if (box) {
        count = { n, size, box, text: texts[n] };
        break;
      }
    }
  }
  return { plan, count };
}

/** What the counting line says, on one line or, where that is too wide, on two. */
function countTexts(map, { stops }, unmarked) {
  const names = unmarked + stops.filter(({ named }) => !named).length;
  const numbers = unmarked + stops.filter(({ isBare }) => isBare).length;
  if (!names) return [];
  const first = counted("names", names);
  const what = numbers ? say("both", { first, second: counted("numbers", numbers) }) : first;
  const line = say(map.getZoom() < map.getMaxZoom() ? "left_out_zoom_in" : "left_out", { what });
  return ["left-out", "left-out is-wrapped"].map((className) => ({ className, line }));
}

/** Where the counting line stands: at the edge of the map, at the bottom if there is room. */
function countBox(size, { dots, pixels, taken, view }) {
  const xs = [];
  for (let x = view.right - size.width - 3; x >= view.left; x -= COUNT_STEP) xs.push(x);
  const ys = [];
  for (let y = view.bottom - size.height - 3; y >= view.top; y -= COUNT_STEP) ys.push(y);
  const rows = [[ys[0], xs], [ys.at(-1), xs], ...ys.map((y) => [y, [xs[0], xs.at(-1)]]), ...ys.map((y) => [y, xs])];
  for (const [y, along] of rows) {
    for (const x of along) {
      const box = { left: x, top: y, right: x + size.width, bottom: y + size.height };
      const isFree = !taken.hits(box) && !dots.hits(grown(box, 6)) && !pixels.hits(grown(box, 6));
      if (isFree) return box;
    }
  }
  return null;
}

function countryTexts(name) {
  return ["", " is-wrapped"].map((shape) => ({ className: `name country-label${shape}`, title: name }));
}

function cityText({ name }) {
  return { className: "name city-label", title: name };
}

/** A country's name stands in its middle, or as near to it as there is room. */
function placeCountries(map, ground, { taken, pixels, view }) {
  for (const { name, lon, lat, radius_deg: radius } of ground.countries) {
    const middle = map.latLngToLayerPoint([lat, lon]);
    const room = radius * pixelsPerDegree(map, lat);
    const texts = countryTexts(name);
    const sizes = lettering.measure(texts);
    for (const [n, text] of texts.entries()) {
      const box = sizes[n].width > room * 3.2 ? null : nearby(room).map(([dx, dy]) => boxAt(
        middle.add([dx, dy]), sizes[n], 0, [0, 0],
      )).find((at) => inside(at, view) && !taken.hits(grown(at, 6)) && !pixels.hits(grown(at, 6)));
      if (box) {
        lettering.write(text, box);
        taken.add(grown(box, 6));
        break;
      }
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

function placeCities(map, ground, route, { taken, dots, pixels, view }) {
  const size = map.getSize();
  let left = Math.round((size.x * size.y) / ROOM_OF_CITY);
  const stops = new Points(route.waypoints.map(({ name, lat, lon }) => (
    Object.assign(map.latLngToLayerPoint([lat, lon]), { name }))), grown(view, SAME_CITY));
  const isFree = (box) => inside(box, view) && !taken.hits(box) && !dots.hits(box) && !pixels.hits(grown(box, 4));
  const cities = ground.labels.map(({ name, lon, lat }) => {
    const point = map.latLngToLayerPoint([lat, lon]).round();
    return { name, point, dot: around(point.x, point.y, 2.5), text: cityText({ name }) };
  }).filter(({ dot }) => isFree(dot));
  const sizes = lettering.measure(cities.map(({ text }) => text));
  for (const [n, { name, point, dot, text }] of cities.entries()) {
    if (left <= 0) return;
    const isStop = stops.near(point, SAME_PLACE) || stops.near(point, SAME_CITY, (stop) => stop.name === name);
    if (isStop || !isFree(dot)) continue;
    const side = SIDES.find((each) => isFree(boxAt(point, sizes[n], 5, each)));
    if (!side) continue;
    const box = boxAt(point, sizes[n], 5, side);
    lettering.write(text, box, { isLeft: side[0] < 0 });
    lettering.write({ className: "name city-dot" }, { left: point.x, top: point.y });
    taken.add(box);
    taken.add(dot);
    left -= 1;
  }
}
