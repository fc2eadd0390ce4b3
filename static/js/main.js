/* A trip's map: joins Folium's map with the ground, the route, the slider and the tables.
 *
 * Folium's own script (served beside this one) makes the Leaflet map and hands it over through
 * dateline.takeMap. Whatever people wrote arrives as JSON and is set with textContent.
 */
import { drawGround } from "./ground.js";
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

  const view = new MapView(map, options, first.opens_on);
  const route = new Route(map);
  const ground = drawGround(map, frame.dataset.ground, { withLand: !options.tiles });
  let isReady = false;
  const arrange = () => { if (isReady) placeLabels(map, route, ground); };
  // Names stand around what lies under them: on a slow line they do not wait for it for long.
  ground.ready.then(arrange, () => null);
  const named = Promise.race([ground.ready.catch(() => null), later(PATIENCE)]).then(() => {
    isReady = true;
    arrange();
    // The picture that stood in its place goes.
    frame.dataset.drawn = "true";
  });
  const journey = new Journey(route, {
    arrange,
    keepStill: (change) => {
      route.keepOpen(change);
      view.reach(route.waypoints);
      // The text above the map may have another line now.
      if (view.resize({ still: true })) arrange();
    },
  });
  journey.join(viewControl(map, view, route));
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
  // Without what lies under it the map is less, and still one.
  const settled = ground.ready.catch(() => null);
  Promise.all([settled, rest, named]).then(() => { frame.dataset.ready = "true"; });
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
