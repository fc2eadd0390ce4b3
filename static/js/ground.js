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
 * of which every point is told by its difference to the one before, also by that of another line. */
function unpack({ scale, features }) {
  let [x, y] = [0, 0];
  const line = (numbers) => {
    const points = [];
    for (let n = 0; n < numbers.length; n += 2) {
      x += numbers[n];
      y += numbers[n + 1];
      points.push([x / scale, y / scale]);
    }
    return points;
  };
  const open = (lines) => (typeof lines[0] === "number" ? line(lines) : lines.map(open));
  return features.map(({ type, lines, disputed = false }) => {
    [x, y] = [0, 0];
    return { type: "Feature", properties: { disputed }, geometry: { type, coordinates: open(lines) } };
  });
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

/** The names of a ground, with longitudes so many degrees further on. */
const moved = (names, turn) => (turn ? names.map((name) => ({ ...name, lon: name.lon + turn })) : names);

export class Ground {
  #layers = [];
  #renderer;
  #turns = 0;

  /** `withLand`: there is no other map below. What it draws is loaded by `renew`. */
  constructor(map, { withLand }) {
    this.map = map;
    this.withLand = withLand;
    /** Names of cities and of countries, where each stands. */
    this.labels = [];
    this.countries = [];
    map.createPane("ground").style.zIndex = 150;
    this.#renderer = L.canvas({ pane: "ground", padding: 0.4 });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      const colour = palette();
      for (const [kind, layer] of this.#layers) layer.setStyle((feature) => STYLES[kind](colour, feature));
    });
  }

  /** Loads what lies at `address`, draws it as far as `limits`, so many degrees further on, and takes
   * away what was there before. Rejects when it cannot be loaded: what was there stays then. */
  async renew(address, limits, turn = 0) {
    this.#turns += 1;
    const mine = this.#turns;
    const data = await loadGround(address);
    // Meanwhile another was asked for.
    if (mine !== this.#turns) return;
    const before = this.#layers;
    this.#draw(data, limits, turn);
    for (const [, layer] of before) layer.remove();
    this.labels = this.withLand ? moved(data.labels, turn) : [];
    this.countries = this.withLand ? moved(data.countries, turn) : [];
  }

  #draw(data, limits, turn) {
    const colour = palette();
    const options = { renderer: this.#renderer, pane: "ground", interactive: false };
    this.#layers = [];
    if (this.withLand) {
      // In a very wide or very high frame more is seen than there is data of: there nothing is drawn,
      // and no sea where there is land.
      this.#layers.push(["sea", L.rectangle(limits, { ...options, ...STYLES.sea(colour) })]);
    }
    for (const kind of this.withLand ? ["land", "lakes", "borders", "railways"] : ["railways"]) {
      this.#layers.push([kind, L.geoJSON(unpack(data[kind]), {
        ...options,
        smoothFactor: 0.6,
        style: (feature) => STYLES[kind](colour, feature),
        coordsToLatLng: ([lon, lat]) => L.latLng(lat, lon + turn),
      })]);
    }
    for (const [, layer] of this.#layers) layer.addTo(this.map);
  }
}
