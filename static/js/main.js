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
import { startSlider } from "./slider.js";
import { creditControl, viewControl } from "./views.js";

const frame = document.getElementById("map");

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
    map.setMinZoom(Math.min(map.getBoundsZoom(options.limits, true), whole));
  };
  bound();
  fit(options.extent);

  const route = new Route(map);
  const ground = drawGround(map, frame.dataset.ground, { withLand: !options.tiles });
  const arrange = () => placeLabels(map, route, ground);
  const selection = new Selection(route);
  const views = viewControl(map, options.extent, route);

  const show = (page) => {
    route.show(tripData(page));
    selection.renew();
    views.renew();
    arrange();
  };
  show(document);
  ground.ready.then(() => {
    arrange();
    frame.dataset.ready = "true";
  });
  map.on("zoomend moveend", arrange);
  map.on("zoomstart", () => frame.classList.add("is-zooming"));
  map.on("zoomend", () => frame.classList.remove("is-zooming"));

  let touched = false;
  container.addEventListener("pointerdown", () => { touched = true; });
  container.addEventListener("keydown", () => { touched = true; });
  new ResizeObserver(() => {
    map.invalidateSize({ animate: false });
    bound();
    // Until somebody has moved the map, a new size shows the whole route again.
    if (!touched) fit(options.extent);
    arrange();
  }).observe(container);

  creditControl(map);
  gentleGestures(map, frame);
  startSlider(tripData(document), show);
}

window.dateline = { takeMap };
