/* Where it could be at an instant, on the map: bands for stretches of line, discs for stops, a
 * diamond for the estimate. Under the route, which stays what was reported. */

const LEAST_RADIUS = 9;
const KEPT = 24;
const SETTLE = 160;
const METRES_PER_DEGREE = 111320;

export class Prism {
  constructor(map) {
    this.map = map;
    map.createPane("prism").style.zIndex = 405;
    map.createPane("estimate").style.zIndex = 435;
    this.layer = L.layerGroup().addTo(map);
    this.stops = [];
    this.answers = new Map();
    this.asking = null;
    map.on("zoomend", () => this.#size());
  }

  /** Draws what `address` answers and resolves with it; null: it was asked anew meanwhile.
   * Longitudes count on from that of the map's middle. Raises when there is no answer. */
  async show(address, middle) {
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    let answer = this.answers.get(address);
    if (!answer) {
      await new Promise((resolve) => { setTimeout(resolve, SETTLE); });
      if (asking.signal.aborted) return null;
      try {
        answer = await ask(address, asking.signal);
      } catch (error) {
        if (asking.signal.aborted) return null;
        this.layer.clearLayers();
        throw error;
      }
      this.answers.set(address, answer);
      if (this.answers.size > KEPT) this.answers.delete(this.answers.keys().next().value);
    }
    if (asking.signal.aborted) return null;
    this.#draw(answer.features, middle);
    return answer;
  }

  clear() {
    this.asking?.abort();
    this.layer.clearLayers();
    this.stops = [];
  }

  #draw(features, middle) {
    this.layer.clearLayers();
    this.stops = [];
    for (const { geometry, properties } of features) {
      const { kind } = properties;
      if (geometry.type === "MultiLineString") {
        const lines = geometry.coordinates.map((line) => unwrapped(line, middle));
        for (const part of ["edge", "band"]) {
          this.#add(L.polyline(lines, {
            pane: "prism", interactive: false, smoothFactor: 1.2, className: `prism-${part} is-${kind}`,
          }));
        }
      } else if (kind === "estimate") {
        this.#add(L.marker(...unwrapped([geometry.coordinates], middle), {
          pane: "estimate",
          keyboard: false,
          title: properties.sentence,
          icon: L.divIcon({ className: "prism-estimate", iconSize: [16, 16] }),
        }));
      } else {
        const disc = L.circleMarker(...unwrapped([geometry.coordinates], middle), {
          pane: "prism", interactive: false, className: "prism-stop",
        });
        this.stops.push({ disc, radius_km: properties.radius_km ?? 0 });
        this.#add(disc);
      }
    }
    this.#size();
  }

  #add(layer) {
    layer.addTo(this.layer);
  }

  /** As large as the place is uncertain, and never too small to be seen. */
  #size() {
    for (const { disc, radius_km: radius } of this.stops) {
      const { lat, lng } = disc.getLatLng();
      const at = (degrees) => this.map.latLngToLayerPoint([lat + degrees, lng]);
      disc.setRadius(Math.max(LEAST_RADIUS, at(0).distanceTo(at((radius * 1000) / METRES_PER_DEGREE))));
    }
  }
}

/** Each point on the same turn of the globe as the one before it, the first as the map's middle. */
function unwrapped(line, middle) {
  let before = middle;
  return line.map(([lon, lat]) => {
    before = lon + 360 * Math.round((before - lon) / 360);
    return [lat, before];
  });
}

async function ask(address, signal) {
  const answer = await fetch(address, { signal });
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
  return answer.json();
}
