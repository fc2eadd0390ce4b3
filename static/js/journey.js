/* A journey on its page: its data, what the reader looks at of it, and all that shows it. The same
 * with a map (main.js) and without one (embed_diagram.js). */
import { first, tripData } from "./page.js";
import { Selection } from "./selection.js";
import { Slider } from "./slider.js";
import { State } from "./state.js";

const FOCUSABLE = "a, button, input, summary, [tabindex]";

export class Journey {
  #parts = [];

  /** `route` shows a journey and what is chosen of it, on a map (route.js) or on none. `arrange` is
   * called when all of it is drawn; `keepStill(change)` lets the journey be shown anew and keeps what
   * the reader has done to the map. */
  constructor(route, { arrange = () => {}, keepStill = (change) => change() } = {}) {
    Object.assign(this, { route, arrange, keepStill });
    this.data = first;
    this.state = new State();
    this.selection = new Selection(route, this.state);
    this.slider = new Slider(first, this.state, (page) => this.#exchange(page));
  }

  /** From now on `part` is renewed with the data when another step is shown. */
  join(part) {
    this.#parts.push(part);
  }

  /** Shows its data; `page` is that of which they are. */
  draw(page = document) {
    this.route.show(this.data);
    this.selection.renew(this.data);
    for (const part of this.#parts) part.renew(this.data, page);
    this.state.tell();
    this.arrange();
  }

  /** Shows the journey as it is known now, of which `latest` is the latest step, where the reader is.
   * `address` is that of the page as it is now. Rejects when it cannot be loaded. */
  async renew(latest, address) {
    const page = await this.slider.renew(latest, address);
    if (page) this.keepStill(() => this.#exchange(page));
  }

  #exchange(page) {
    const refocus = focused();
    for (const part of document.querySelectorAll("[data-part]")) {
      const next = page.querySelector(`[data-part="${part.dataset.part}"]`);
      if (next) part.replaceChildren(...document.importNode(next, true).childNodes);
    }
    this.data = onTurn(tripData(page), this.data.middle_lon);
    this.draw(page);
    refocus();
  }
}

/** The data with longitudes on the turn of the globe that is nearest to `middle`, that of the map:
 * a journey that has grown may count them from somewhere else; the map stays. `turn` is by how many
 * degrees they have moved. */
function onTurn(data, middle) {
  const turn = 360 * Math.round((middle - data.middle_lon) / 360);
  if (turn === 0) return data;
  const { window: { extent, limits }, opens_on: part } = data;
  const corners = (window) => window.map(([lat, lon]) => [lat, lon + turn]);
  return {
    ...data,
    turn,
    middle_lon: data.middle_lon + turn,
    window: { extent: corners(extent), limits: corners(limits) },
    opens_on: part && { ...part, west: part.west + turn, east: part.east + turn },
    waypoints: data.waypoints.map((stop) => ({ ...stop, lon: stop.lon + turn })),
    // Without a map there are no lines.
    legs: data.legs.map((leg) => ({ ...leg, coordinates: leg.coordinates?.map(([lon, lat]) => [lon + turn, lat]) })),
  };
}

/** What puts the focus back to where it was in a part that is exchanged. Only if it is in this page:
 * a frame does not take it from the page around it. */
function focused() {
  const element = document.activeElement;
  const part = element?.closest("[data-part]");
  if (!part || !document.hasFocus()) return () => {};
  const place = [...part.querySelectorAll(FOCUSABLE)].indexOf(element);
  return () => part.querySelectorAll(FOCUSABLE)[place]?.focus({ preventScroll: true });
}
