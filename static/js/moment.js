/* "Where could it be": the instant that it is asked for, under the map and in the diagram.
 *
 * It opens when "Known at" is moved, unless the reader has closed it: a page that is only looked at
 * asks nothing. Open, it follows "Known at" until the reader sets another instant, with the slider
 * or by pointing into the diagram. */
import { nameOf } from "./selection.js";

const QUARTER = 15 * 60 * 1000;
const SVG = "http://www.w3.org/2000/svg";

export class Moment {
  constructor(state, prism, selection) {
    this.state = state;
    this.prism = prism;
    this.isUnwanted = false;
    this.box = document.querySelector("[data-where]");
    this.range = this.box.querySelector("input");
    this.follow = this.box.querySelector("[data-follow]");
    this.box.querySelector("summary").addEventListener("click", (event) => {
      // What is open stands in the address.
      event.preventDefault();
      this.isUnwanted = state.at !== null;
      state.set({ at: state.at === null ? "reports" : null });
      this.box.scrollIntoView({ block: "nearest" });
    });
    this.range.addEventListener("input", () => {
      state.set({ at: iso(Number(this.range.value) * QUARTER) }, "moment");
    });
    this.follow.addEventListener("click", () => {
      state.set({ at: "reports" });
      // The button goes; what it did can be seen at the slider.
      this.range.focus();
    });
    document.addEventListener("click", (event) => this.#point(event, selection));
    state.listen(() => this.#paint());
  }

  /** What changes here when "Known at" is moved. */
  along() {
    return this.state.at === null && !this.isUnwanted ? { at: "reports" } : {};
  }

  /** After the page has been exchanged. */
  renew(data) {
    this.data = data;
    // Before the first report there is nothing to ask, and later reports are not asked.
    this.span = data.as_of === null ? null : spanOf(document.querySelector(".time-distance"));
    if (this.span) {
      // What is asked first is where it was when the news came out, be that off the diagram.
      const known = Date.parse(data.as_of);
      this.span = { from: Math.min(this.span.from, known), until: Math.max(this.span.until, known) };
    }
    this.box.hidden = this.span === null;
    if (this.span === null) return;
    this.range.min = Math.ceil(this.span.from / QUARTER);
    this.range.max = Math.floor(this.span.until / QUARTER);
  }

  get #time() {
    const { at } = this.state;
    const wanted = at === null || at === "reports" ? this.data.as_of : at;
    const { from, until } = this.span;
    return Math.min(Math.max(Date.parse(wanted), from), until);
  }

  /** A point in the diagram is an instant; a bar is first of all what it stands for. */
  #point(event, selection) {
    const picture = event.target.closest(".time-distance");
    if (!picture || this.span === null) return;
    const element = event.target.closest("[data-claim], [data-contradiction], [data-leg], [data-waypoint]");
    const name = element ? nameOf(element) : null;
    const at = name === null || name.startsWith("leg-") ? instantAt(picture, event) : null;
    if (name !== null) selection.choose(name, { also: at === null ? {} : { at } });
    else if (at !== null) this.state.set({ at }, "moment");
  }

  #paint() {
    if (this.span === null) {
      this.#close();
      return;
    }
    const time = this.#time;
    const isOpen = this.state.at !== null;
    this.box.open = isOpen;
    this.follow.hidden = this.state.at === "reports";
    this.range.value = Math.round(time / QUARTER);
    const said = this.#told(time);
    this.range.setAttribute("aria-valuetext", said.join(", "));
    this.#say("time", isOpen ? `at ${said.join(" · ")}` : "at a given time?");
    for (const picture of document.querySelectorAll(".time-distance")) drawCursor(picture, isOpen ? time : null);
    if (isOpen) this.#ask(time);
    else this.#close();
  }

  async #ask(time) {
    const address = new URL(`/api/trips/${encodeURIComponent(this.data.trip)}/position`, location.href);
    address.searchParams.set("at", iso(time));
    address.searchParams.set("as_of", this.data.as_of);
    for (const [name, kmh] of Object.entries(this.data.speeds)) address.searchParams.set(name, kmh);
    if (this.address === address.href) return;
    this.address = address.href;
    try {
      const answer = await this.prism.show(address.href, this.data.middle_lon);
      if (answer === null) return;
      this.#say("answer", answer.sentence);
      this.#cite(answer.features);
    } catch {
      this.address = null;
      this.#say("answer", "The answer could not be loaded; check the connection and try again.");
      this.#cite([]);
    }
  }

  #close() {
    if (!this.address) return;
    this.address = null;
    this.prism.clear();
    this.#say("answer", "");
    this.#cite([]);
  }

  /** Links to the claims that bound what is possible; each chooses its claim. */
  #cite(features) {
    const ids = new Set(features.flatMap(({ properties }) => properties.claims));
    const links = this.data.claims.filter(({ id }) => ids.has(id)).map(({ id, origin, place }) => {
      const link = document.createElement("a");
      link.href = `#claim-${encodeURIComponent(id)}`;
      const text = document.createElement("bdi");
      text.textContent = `${origin} on ${place}`;
      link.append(text);
      return link;
    });
    const line = this.box.querySelector("[data-say=claims]");
    line.replaceChildren(...links.flatMap((link, n) => [n ? ", " : "Bounded by the claims of ", link]));
  }

  #say(name, text) {
    const place = this.box.querySelector(`[data-say=${name}]`);
    if (place.textContent !== text) place.textContent = text;
  }

  /** The instant on the clock of where it had last been by then, and in UTC. */
  #told(time) {
    const { waypoints } = this.data;
    const reported = waypoints.filter(({ status }) => status === "reported");
    const order = (reported.length ? reported : waypoints).filter(({ since }) => since !== null);
    const last = order.findLast(({ since }) => new Date(since).getTime() <= time) ?? order[0];
    const utc = `${clock(time, "UTC")} UTC`;
    return last ? [`${clock(time, last.time_zone)} ${offset(time, last.time_zone)}`, utc] : [utc];
  }
}

function iso(time) {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

function parts(time, options) {
  const found = new Intl.DateTimeFormat("en-US", options).formatToParts(time);
  return Object.fromEntries(found.map(({ type, value }) => [type, value]));
}

function clock(time, timeZone) {
  const { day, month, hour, minute } = parts(time, {
    timeZone, day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  });
  return `${day} ${month} ${hour}:${minute}`;
}

function offset(time, timeZone) {
  const { timeZoneName } = parts(time, { timeZone, timeZoneName: "shortOffset" });
  return timeZoneName.replace("GMT", "UTC").replace("-", "−");
}

function spanOf(picture) {
  const from = Date.parse(picture?.dataset.from);
  const until = Date.parse(picture?.dataset.until);
  return until > from ? { from, until } : null;
}

function edgesOf(picture) {
  const { left, right, top, bottom } = picture.dataset;
  return { ...spanOf(picture), left: Number(left), right: Number(right), top: Number(top), bottom: Number(bottom) };
}

/** The instant that was pointed at; null outside the plot. */
function instantAt(picture, event) {
  const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(picture.getScreenCTM().inverse());
  const { from, until, left, right, top, bottom } = edgesOf(picture);
  if (x < left || x > right || y < top || y > bottom) return null;
  const time = from + ((x - left) / (right - left)) * (until - from);
  return iso(Math.round(time / QUARTER) * QUARTER);
}

/** A line through the diagram at an instant; null: none, nor where it is off the diagram. */
function drawCursor(picture, time) {
  let line = picture.querySelector(".moment");
  const { from, until, left, right, top, bottom } = edgesOf(picture);
  if (time === null || time < from || time > until) {
    line?.remove();
    return;
  }
  if (!line) {
    line = document.createElementNS(SVG, "line");
    line.setAttribute("class", "moment");
    picture.append(line);
  }
  const x = left + ((time - from) / (until - from)) * (right - left);
  for (const [name, value] of Object.entries({ x1: x, x2: x, y1: top, y2: bottom })) line.setAttribute(name, value);
}
