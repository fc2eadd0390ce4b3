/* "Known at": moves through the steps at which something was published.
 *
 * Each step is the page itself at ?as_of=: it is fetched, and its marked regions and map data
 * take the place of those shown. So there is one rendering, and every step has an address. */

const PAUSE = 1800;
const SETTLE = 140;

export class Slider {
  /** `first` is the data of the page as it came; `show` draws that of another. */
  constructor(first, state, show) {
    this.steps = first.steps;
    this.speeds = first.speeds;
    this.state = state;
    this.show = show;
    this.pages = new Map();
    this.asked = 0;
    this.timer = null;
    this.at = this.#place(first.as_of);
    this.shown = this.at;
    state.onWander = () => this.#wander();
    this.bar = document.querySelector("[data-slider]");
    if (!this.bar || this.steps.length < 2) return;
    this.range = this.bar.querySelector("input");
    [this.back, this.on, this.playing] = ["back", "on", "play"].map((name) => this.bar.querySelector(`[data-step=${name}]`));
    this.#listen();
    this.#mark(this.at);
    this.bar.hidden = false;
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
      const isOn = this.timer !== null;
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
    if (this.range && (n !== this.shown || n !== this.at)) this.#go(n, null);
    else this.state.tell();
  }

  /** The number of the step that was the latest at `asOf`. */
  #place(asOf) {
    const then = new Date(asOf);
    return Math.max(0, this.steps.findLastIndex((step) => new Date(step.as_of) <= then));
  }

  #load(n) {
    if (!this.pages.has(n)) {
      const url = new URL(location.pathname, location.href);
      url.searchParams.set("as_of", this.steps[n].as_of);
      for (const [name, kmh] of Object.entries(this.speeds)) url.searchParams.set(name, kmh);
      const page = fetch(url).then((answer) => {
        if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
        return answer.text();
      }).then((text) => new DOMParser().parseFromString(text, "text/html"));
      page.catch(() => this.pages.delete(n));
      this.pages.set(n, page);
    }
    return this.pages.get(n);
  }

  #mark(n) {
    this.at = n;
    this.range.value = n;
    this.range.setAttribute("aria-valuetext", `${this.steps[n].time}, ${this.steps[n].publishers}`);
    // Not `disabled`: that would take the focus from whoever presses the last step.
    this.back.setAttribute("aria-disabled", n === 0);
    this.on.setAttribute("aria-disabled", n === this.steps.length - 1);
  }

  /** `how` as State.write takes it; null: the address has it already. */
  async #go(n, how = "push", changes = this.along()) {
    this.asked += 1;
    const turn = this.asked;
    this.#mark(n);
    let page;
    try {
      page = await this.#load(n);
    } catch {
      this.#stop();
      document.querySelector("[data-part=known]").textContent = "This step could not be loaded; check the connection and try again.";
      return;
    }
    if (turn !== this.asked) return;
    this.shown = n;
    exchange(page);
    if (how !== null) this.state.write({ ...changes, as_of: this.steps[n].as_of }, how);
    this.show(page);
    if (n + 1 < this.steps.length && this.timer) this.#load(n + 1).catch(() => {});
  }

  #stop() {
    clearInterval(this.timer);
    this.timer = null;
    if (!this.playing) return;
    this.playing.textContent = "Play";
    this.playing.setAttribute("aria-pressed", "false");
  }

  #start() {
    const last = this.steps.length - 1;
    this.playing.textContent = "Pause";
    this.playing.setAttribute("aria-pressed", "true");
    this.timer = setInterval(() => {
      if (this.at < last) this.#go(this.at + 1, "replace");
      if (this.at >= last) this.#stop();
    }, PAUSE);
    this.#go(this.at < last ? this.at + 1 : 0, "replace");
  }
}

function exchange(page) {
  for (const part of document.querySelectorAll("[data-part]")) {
    const next = page.querySelector(`[data-part="${part.dataset.part}"]`);
    if (next) part.replaceChildren(...document.importNode(next, true).childNodes);
  }
}
