/* A trip's map: joins Folium's map with the ground, the route, the slider and the tables.
 *
 * Folium's own script (served beside this one) makes the Leaflet map and hands it over through
 * dateline.takeMap. Whatever people wrote arrives as JSON and is set with textContent.
 */
import { drawGround } from "./ground.js";
import { gentleGestures } from "./gestures.js";
import { placeLabels } from "./labels.js";
import { Route } from "./route.js";
import { Selection } from "./selection.js";
import { Slider } from "./slider.js";
import { State } from "./state.js";
import { creditControl, viewControl } from "./views.js";

const PATIENCE = 600;

const frame = document.getElementById("map");

function later(milliseconds) {
  return new Promise((done) => { setTimeout(done, milliseconds); });
}

function tripData(page) {
  return JSON.parse(page.getElementById("trip-data").textContent);
}

function takeMap(map, options) {
  const container = map.getContainer();
  container.setAttribute("aria-label", "Map of the route; arrow keys move it, plus and minus zoom");
  container.setAttribute("role", "application");
  map.setMaxZoom(options.maxZoom);

  const padding = () => Math.min(36, Math.round(Math.min(map.getSize().x, map.getSize().y) / 11));
  const fit = (bounds) => map.fitBounds(bounds, { padding: [padding(), padding()], animate: false });
  const bound = () => {
    map.setMinZoom(0);
    const whole = map.getBoundsZoom(options.extent, false, L.point(padding() * 2, padding() * 2));
    const least = Math.min(map.getBoundsZoom(options.limits, true), whole);
    // Left to setMinZoom, the map would start to fly a frame later, away from what is fitted next.
    if (map.getZoom() < least) map.setZoom(least, { animate: false });
    map.setMinZoom(least);
  };
  bound();
  fit(options.extent);

  const route = new Route(map);
  const ground = drawGround(map, frame.dataset.ground, { withLand: !options.tiles });
  let isReady = false;
  const arrange = () => { if (isReady) placeLabels(map, route, ground); };
  // Names stand around what lies under them: on a slow line they do not wait for it for long.
  ground.ready.then(arrange, () => null);
  const named = Promise.race([ground.ready.catch(() => null), later(PATIENCE)]).then(() => {
    isReady = true;
    arrange();
  });
  const state = new State();
  const selection = new Selection(route, state);
  const views = viewControl(map, options.extent, route);
  let dashboard = null;
  let data = tripData(document);

  const draw = () => {
    route.show(data);
    selection.renew(data);
    dashboard?.renew(data);
    views.renew();
    state.tell();
    arrange();
  };
  const slider = new Slider(data, state, (page) => {
    data = tripData(page);
    draw();
  });
  draw();
  const view = { touched: false };
  const rest = document.querySelector("[data-where]") && import("./dashboard.js").then((module) => {
    dashboard = new module.Dashboard({ map, state, slider, selection, view });
    const started = dashboard.start(data);
    state.tell();
    return started;
  });
  // Without what lies under it the map is less, and still one.
  const settled = ground.ready.catch(() => null);
  Promise.all([settled, rest, named]).then(() => { frame.dataset.ready = "true"; });
  // After every zoom as well.
  map.on("moveend", arrange);
  map.on("zoomstart", () => frame.classList.add("is-zooming"));
  map.on("zoomend", () => frame.classList.remove("is-zooming"));

  container.addEventListener("pointerdown", () => { view.touched = true; });
  container.addEventListener("keydown", () => { view.touched = true; });
  // The size that the map was fitted to: the slider has come since, and may have taken a line.
  const fitted = map.getSize();
  let size = `${fitted.x} ${fitted.y}`;
  new ResizeObserver(() => {
    const now = `${container.clientWidth} ${container.clientHeight}`;
    if (now === size) return;
    size = now;
    map.invalidateSize({ animate: false });
    bound();
    // Until somebody has moved the map, a new size shows the whole route again.
    if (!view.touched) fit(options.extent);
    arrange();
  }).observe(container);

  creditControl(map);
  gentleGestures(map, frame);
}

window.dateline = { takeMap };
