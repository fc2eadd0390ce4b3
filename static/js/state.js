/* What the reader looks at, kept in the address: so back, forward, reload and a link keep it.
 *
 *   as_of   the step of "Known at"; absent: the latest
 *   chosen  waypoint-3, leg-2, claim-khasan-arrival, contradiction-1
 *   at      the instant of "Where could it be", or "reports": the instant follows the step
 *   story   the number of a claim, in the order in which the claims became known
 *
 * Values that make no sense, or none any more, are ignored in silence by those who read them. In an
 * embed nothing becomes an entry of the history: going back is for the page around it. */
import { isEmbed } from "./page.js";

const NAMES = ["as_of", "chosen", "at", "story"];

export class State {
  constructor() {
    this.listeners = [];
    this.wandering = null;
    this.#read();
    addEventListener("popstate", () => {
      this.wandering = null;
      this.#read();
      this.onWander();
    });
  }

  /** Called when the reader goes back or forward. */
  onWander() {}

  /** Calls `listener` whenever something of the state may have changed. */
  listen(listener) {
    this.listeners.push(listener);
  }

  tell() {
    for (const listener of this.listeners) listener();
  }

  /** Changes some values and tells it. `how` is push, replace, or the name of something that is
   * moved bit by bit: all of one such movement is one entry of the history. */
  set(changes, how = "push") {
    if (this.write(changes, how)) this.tell();
  }

  /** The same, without telling it. Returns whether anything is another. */
  write(changes, how = "push") {
    const before = JSON.stringify(this.#values());
    Object.assign(this, changes);
    if (JSON.stringify(this.#values()) === before) return false;
    const goesOn = isEmbed || how === "replace" || how === this.wandering;
    if (how !== "replace") this.wandering = how === "push" ? null : how;
    const url = new URL(location.href);
    for (const [name, value] of Object.entries(this.#values())) {
      if (value === null) url.searchParams.delete(name);
      else url.searchParams.set(name, value);
    }
    try {
      history[goesOn ? "replaceState" : "pushState"](null, "", url);
    } catch {
      // A sandboxed frame has no history of its own; the page works all the same.
    }
    return true;
  }

  #read() {
    const { searchParams } = new URL(location.href);
    for (const name of NAMES) this[name] = searchParams.get(name) || null;
    const story = Number(this.story);
    this.story = Number.isInteger(story) && story > 0 ? story : null;
    if (this.at !== "reports") this.at = instant(this.at);
  }

  #values() {
    return Object.fromEntries(NAMES.map((name) => [name, this[name]]));
  }
}

/** The instant as the addresses have it, to the second; null if it is none. */
export function instant(value) {
  const moment = value === null ? NaN : new Date(value).getTime();
  return Number.isNaN(moment) ? null : `${new Date(moment).toISOString().slice(0, 19)}Z`;
}
