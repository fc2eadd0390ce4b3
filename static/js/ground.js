/* What lies under the route: land, lakes, borders and railways on one canvas; names come later
 * (labels.js). Colours come from the style sheet, so that light and dark follow the reader. */
import { loadGround } from "./load.js";

const STYLES = {
  sea: (c) => ({ fill: true, fillColor: c("sea"), fillOpacity: 1, stroke: false }),
  land: (c) => ({ fill: true, fillColor: c("land"), fillOpacity: 1, stroke: true, color: c("coast"), weight: 0.8 }),
  lakes: (c) => ({ fill: true, fillColor: c("sea"), fillOpacity: 1, stroke: true, color: c("coast"), weight: 0.5 }),
  borders: (c, feature) => ({
    fill: false,
    color: c("border"),
    weight: 1.1,
    dashArray: feature?.properties.disputed ? "4 4" : null,
  }),
  railways: (c) => ({ fill: false, color: c("rail"), weight: 0.7 }),
};

/** Features of GeoJSON from packed ones: each line is one list of whole numbers, in parts of a degree,
 * of which every point is told by its difference to the one before. */
function unpack(packed, scale) {
  const line = (numbers) => {
    const points = [];
    for (let n = 0, x = 0, y = 0; n < numbers.length; n += 2) {
      x += numbers[n];
      y += numbers[n + 1];
      points.push([x / scale, y / scale]);
    }
    return points;
  };
  const open = (lines) => (typeof lines[0] === "number" ? line(lines) : lines.map(open));
  return packed.map(({ type, lines, disputed = false }) => ({
    type: "Feature", properties: { disputed }, geometry: { type, coordinates: open(lines) },
  }));
}

/** The colours of the style sheet as they now are, by name: each is asked for once, as asking makes
 * the browser bring the styles of the whole page up to date. */
export function palette() {
  const style = getComputedStyle(document.documentElement);
  const known = new Map();
  return (name) => {
    if (!known.has(name)) known.set(name, style.getPropertyValue(`--${name}`).trim());
    return known.get(name);
  };
}

export function drawGround(map, address, { withLand }) {
  map.createPane("ground").style.zIndex = 150;
  const renderer = L.canvas({ pane: "ground", padding: 0.4 });
  const layers = [];
  // In a very wide or very high frame more is seen than there is data of: there nothing is drawn,
  // and no sea where there is land.
  const sea = L.rectangle(map.options.maxBounds, { renderer, pane: "ground", interactive: false });
  const ground = { labels: [], countries: [], ready: null };

  const draw = (data) => {
    const colour = palette();
    if (withLand) layers.push(["sea", sea.setStyle(STYLES.sea(colour)).addTo(map)]);
    const kinds = withLand ? ["land", "lakes", "borders", "railways"] : ["railways"];
    for (const kind of kinds) {
      const layer = L.geoJSON(unpack(data[kind], data.scale), {
        renderer,
        pane: "ground",
        interactive: false,
        smoothFactor: 0.6,
        style: (feature) => STYLES[kind](colour, feature),
      });
      layer.addTo(map);
      layers.push([kind, layer]);
    }
    ground.labels = withLand ? data.labels : [];
    ground.countries = withLand ? data.countries : [];
  };

  ground.ready = loadGround(address).then(draw);

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    const colour = palette();
    for (const [kind, layer] of layers) layer.setStyle((feature) => STYLES[kind](colour, feature));
  });
  return ground;
}
