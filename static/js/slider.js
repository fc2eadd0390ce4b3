/* "Known at": moves through the steps at which something was published.
 *
 * Each step is the page itself at ?as_of=: it is fetched, and its marked regions and map data
 * take the place of those shown. So there is one rendering, and every step has an address. A page
 * may know of more steps than those before it: then they are the steps from now on. */
import { loadPage } from "./load.js";
import { say, tripData } from "./page.js";

const PAUSE = 1800;
const SETTLE = 140;

export class Slider {
  /** `first` is the data of the page as it came; `show` shows another in its place. */
  constructor(first, state, show) {
    this.speeds = first.speeds;
    this.address = first.address ?? undefined;
    this.state = state;
    this.show = show;
    this.pages = new Map();
    this.asked = 0;
    this.timer = null;
    // The run in which it plays, while it does.
    this.run = null;
    this.going = null;
    // Whether the reader looks at what is known to date, and goes on to do so.
    this.follows = state.as_of === null;
    state.onWander = () => this.#wander();
    this.bar = document.querySelector("[data-slider]");
    if (this.bar) {
      this.range = this.bar.querySelector("input");
      [this.back, this.on, this.playing] = ["back", "on", "play"].map((name) => this.bar.querySelector(`[data-step=${name}]`));
      this.#listen();
    }
    this.#adopt(first);
    this.#mark(this.shown);
    // A page that is a file (load_folder.js) comes at its latest step, whatever the address says.
    if (state.as_of !== null && this.#place(state.as_of) !== this.shown) queueMicrotask(() => this.#wander());
  }

  /** What else changes when the reader moves it. */
  along() { return {}; }

  /** Goes to the step `asOf` and changes the rest of the state along with it. */
  async visit(asOf, changes, how = "push") {
    this.#stop();
    const n = this.#place(asOf);
    if (n === this.shown && n === this.at) this.state.set({ ...changes, as_of: asOf }, how);
    else await this.#go(n, how, changes);
  }

  /** The page at the latest step, which has the whole of the story. */
  latest() {
    return this.#load(this.steps.length - 1);
  }

  /** The page where the reader is, as it is known now; null if it is shown already, as the reader
   * has moved meanwhile. `latest` is the latest step, null where there is none; `address` that of the
   * page. Rejects when it cannot be loaded. */
  async renew(latest, address) {
    await Promise.allSettled([this.going]);
    this.address = address;
    this.pages.clear();
    const turn = this.asked;
    const asOf = this.follows ? latest : this.state.as_of;
    const page = await loadPage(asOf, this.speeds, this.address);
    if (turn !== this.asked) return null;
    // Or the reader is about to go somewhere else.
    const isThere = this.at === this.shown;
    this.#adopt(tripData(page));
    if (isThere) this.#mark(this.shown);
    if (this.follows && this.state.as_of !== null) this.state.write({ as_of: latest }, "replace");
    return page;
  }

  /** Takes over what a page knows of the journey; it is the one that is shown. */
  #adopt({ steps, revision, as_of: asOf }) {
    if (revision !== this.revision) {
      const aim = this.steps?.[this.at]?.as_of;
      this.revision = revision;
      this.steps = steps;
      this.pages.clear();
      this.#renewBar();
      if (aim !== undefined) this.#mark(this.#place(aim));
    }
    this.shown = this.#place(asOf);
  }

  #renewBar() {
    if (!this.bar) return;
    this.bar.hidden = this.steps.length < 2;
    this.range.max = Math.max(this.steps.length - 1, 0);
    this.range.list.replaceChildren(...this.steps.map((_, n) => new Option("", n)));
  }

  #listen() {
    let settling = null;
    this.range.addEventListener("input", () => {
      this.#stop();
      this.#mark(Number(this.range.value));
      clearTimeout(settling);
      settling = setTimeout(() => this.#go(Number(this.range.value)), SETTLE);
    });
    const move = (by) => () => {
      this.#stop();
      if (this.steps[this.at + by]) this.#go(this.at + by);
    };
    this.back.addEventListener("click", move(-1));
    this.on.addEventListener("click", move(1));
    this.playing.addEventListener("click", () => {
      const isOn = this.run !== null;
      this.#stop();
      if (!isOn) this.#start();
    });
    document.addEventListener("click", (event) => {
      const link = event.target.closest("[data-as-of]");
      if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      this.#stop();
      this.#go(this.#place(link.dataset.asOf));
    });
  }

  /** The reader went back or forward: the address is ahead of what is shown. */
  #wander() {
    this.#stop();
    const n = this.state.as_of === null ? this.steps.length - 1 : this.#place(this.state.as_of);
    if (this.steps.length > 1 && (n !== this.shown || n !== this.at)) this.#go(n, null);
    else this.state.tell();
  }

  /** The number of the step that was the latest at `asOf`. */
  #place(asOf) {
    const then = new Date(asOf);
    return Math.max(0, this.steps.findLastIndex((step) => new Date(step.as_of) <= then));
  }

  #load(n) {
    if (!this.pages.has(n)) {
      const page = loadPage(this.steps[n].as_of, this.speeds, this.address);
      page.catch(() => this.pages.delete(n));
      this.pages.set(n, page);
    }
    return this.pages.get(n);
  }

  #mark(n) {
    this.at = n;
    if (!this.bar || this.steps.length === 0) return;
    this.range.value = n;
    this.range.setAttribute("aria-valuetext", `${this.steps[n].time}, ${this.steps[n].publishers}`);
    // Not `disabled`: that would take the focus from whoever presses the last step.
    this.back.setAttribute("aria-disabled", n === 0);
    this.on.setAttribute("aria-disabled", n === this.steps.length - 1);
  }

  #go(...where) {
    this.going = this.#visit(...where);
    return this.going;
  }

  /** `how` as State.write takes it; null: the address has it already. */
  async #visit(n, how = "push", changes = this.along()) {
    this.asked += 1;
    const turn = this.asked;
    this.#mark(n);
    let page;
    try {
      page = await this.#load(n);
    } catch {
      this.#stop();
      const known = document.querySelector("[data-part=known]");
      if (known) known.textContent = say("step_not_loaded");
      return;
    }
    if (turn !== this.asked) return;
    const { as_of: asOf } = this.steps[n];
    this.#adopt(tripData(page));
    if (how !== null) this.state.write({ ...changes, as_of: asOf }, how);
    this.follows = this.state.as_of === null || this.shown === this.steps.length - 1;
    this.show(page);
    if (this.shown + 1 < this.steps.length && this.run) this.#load(this.shown + 1).catch(() => {});
  }

  #stop() {
    clearTimeout(this.timer);
    this.run = null;
    if (!this.playing) return;
    this.playing.textContent = say("play");
    this.playing.setAttribute("aria-pressed", "false");
  }

  #start() {
    const run = {};
    this.run = run;
    const isLast = () => this.at >= this.steps.length - 1;
    // Each step is shown for as long, however long it was on its way.
    const show = async (n) => {
      await this.#go(n, "replace");
      // Meanwhile the reader may have stopped it, and started it again.
      if (this.run !== run) return;
      if (isLast()) this.#stop();
      else this.timer = setTimeout(() => show(this.at + 1), PAUSE);
    };
    this.playing.textContent = say("pause");
    this.playing.setAttribute("aria-pressed", "true");
    show(isLast() ? 0 : this.at + 1);
  }
}
