/* A trip's map: joins Folium's map with the ground, the route, the slider and the tables.
 *
 * Folium's own script (served beside this one) makes the Leaflet map and hands it over through
 * dateline.takeMap. Whatever people wrote arrives as JSON and is set with textContent.
 */
import { Ground } from "./ground.js";
import { gentleGestures } from "./gestures.js";
import { Journey } from "./journey.js";
import { placeLabels } from "./labels.js";
import { MapView } from "./map_view.js";
import { OnPaper } from "./on_paper.js";
import { first, isEmbed, say } from "./page.js";
import { Route } from "./route.js";
import { creditControl, nameControls, nameScale, viewControl } from "./views.js";

const PATIENCE = 600;

const frame = document.getElementById("map");
// An embed tells how high it wants to be before there is a map.
const embedding = isEmbed && import("./embedding.js").then(({ Embedding }) => new Embedding());

function later(milliseconds) {
  return new Promise((done) => { setTimeout(done, milliseconds); });
}

function takeMap(map, options) {
  const container = map.getContainer();
  container.setAttribute("aria-label", say("map_keys"));
  container.setAttribute("role", "application");
  map.setMaxZoom(options.maxZoom);

  const view = new MapView(map, first);
  const route = new Route(map);
  const ground = new Ground(map, { withLand: !options.tiles });
  let isReady = false;
  const arrange = () => { if (isReady) placeLabels(map, route, ground); };
  const lay = ({ window: { limits }, turn = 0 }) => ground.renew(frame.dataset.ground, limits, turn)
    // Names stand around what lies under them. Without that the map is less, and still one.
    .then(arrange, () => null);
  const laid = lay(first);
  // On a slow line the names do not wait for it for long.
  const named = Promise.race([laid, later(PATIENCE)]).then(() => {
    isReady = true;
    arrange();
    // The picture that stood in its place goes.
    frame.dataset.drawn = "true";
  });
  const journey = new Journey(route, {
    arrange,
    keepStill: (change) => {
      route.keepOpen(change);
      // The text above the map may have another line now.
      if (view.resize({ still: true })) arrange();
    },
  });
  journey.join(view);
  journey.join(viewControl(map, view, route));
  journey.join({
    // A journey that has grown lies on more ground. (No page of a published folder has another.)
    renew: (data, page) => {
      const address = page.getElementById("map")?.dataset.ground ?? frame.dataset.ground;
      if (address === frame.dataset.ground) return;
      frame.dataset.ground = address;
      lay(data);
    },
  });
  journey.draw();
  const onPaper = document.querySelector(".on-paper");
  if (onPaper) journey.join(new OnPaper(onPaper));
  const rest = isEmbed
    ? embedding.then((embed) => embed.join(journey))
    : import("./dashboard.js").then(({ Dashboard }) => {
      const { state, slider, selection } = journey;
      const dashboard = new Dashboard({ map, state, slider, selection, view });
      journey.join(dashboard);
      const started = dashboard.start(journey.data);
      state.tell();
      return started;
    });
  Promise.all([laid, rest, named]).then(() => { frame.dataset.ready = "true"; });
  // After every zoom as well.
  map.on("moveend", arrange);
  map.on("zoomstart", () => frame.classList.add("is-zooming"));
  map.on("zoomend", () => frame.classList.remove("is-zooming"));
  new ResizeObserver(() => { if (view.resize()) arrange(); }).observe(container);

  creditControl(map);
  nameControls(map);
  gentleGestures(map, frame);
}

nameScale();
window.dateline = { takeMap };
