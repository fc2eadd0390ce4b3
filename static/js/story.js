/* The journey told claim by claim, in the order in which the claims became known: the card, and
 * with it the step of "Known at", the map, and what is highlighted. */

const PAUSE = 5000;
/* How close the map goes, and how many levels of zoom it may be off before it moves. */
const CLOSEST = 7;
const NEAR_ENOUGH = 1.5;
const MARGIN = 60;

export class Story {
  /** `view` is told in its `touched` that the map shows no longer the whole route. */
  constructor(map, state, slider, view) {
    Object.assign(this, { map, state, slider, view });
    this.card = document.querySelector("[data-story]");
    this.opener = document.querySelector("[data-story-start]");
    this.claims = [];
    this.isWhole = false;
    this.timer = null;
    this.shown = null;
    this.buttons = Object.fromEntries(["back", "on", "play", "leave"].map((name) => [
      name, this.card.querySelector(`[data-turn=${name}]`),
    ]));
    this.#listen();
  }

  /** After the page has been exchanged: its story reaches as far as what it knows. */
  renew(data) {
    this.data = data;
    if (data.story.length > this.claims.length) this.claims = data.story;
    this.isWhole ||= data.as_of === data.steps.at(-1)?.as_of;
    const { story } = this.state;
    // Another step was chosen at the slider: its newest claim is where the story stands.
    if (this.shown !== null && story === this.shown && this.claims[story - 1].as_of !== data.as_of) {
      this.state.write(this.#at(data.story.length), "replace");
    }
  }

  /** Opens at the step that the address names, if there is one. */
  async start() {
    this.state.listen(() => this.#paint());
    const { story } = this.state;
    if (story === null) return;
    await this.#complete();
    const claim = this.claims[story - 1];
    if (!claim) return;
    const chosen = this.state.chosen ?? `claim-${claim.id}`;
    await this.slider.visit(claim.as_of, { story, chosen }, "replace");
  }

  #listen() {
    const { back, on, play, leave } = this.buttons;
    this.opener.addEventListener("click", async () => {
      await this.#complete();
      await this.#go(1);
      this.card.focus();
    });
    back.addEventListener("click", () => this.#go(this.state.story - 1));
    on.addEventListener("click", () => this.#go(this.state.story + 1));
    play.addEventListener("click", () => { if (this.timer) this.stop(); else this.#play(); });
    leave.addEventListener("click", () => {
      this.state.set({ story: null, chosen: null });
      this.opener.focus();
    });
    this.card.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!by) return;
      event.preventDefault();
      this.#go(this.state.story + by);
    });
    // Whatever the reader does takes the story out of its own hands.
    for (const kind of ["pointerdown", "keydown"]) {
      document.addEventListener(kind, (event) => { if (!play.contains(event.target)) this.stop(); });
    }
  }

  stop() {
    clearTimeout(this.timer);
    this.timer = null;
    this.#showPlay();
  }

  #play() {
    const { story } = this.state;
    const isAtEnd = story === this.claims.length;
    const next = async (n) => {
      this.timer = setTimeout(() => next(n + 1), PAUSE);
      const { timer } = this;
      await this.#go(n, "replace");
      if (n >= this.claims.length && this.timer === timer) this.stop();
    };
    next(isAtEnd ? 1 : story + 1);
    this.#showPlay();
  }

  #showPlay() {
    const isOn = this.timer !== null;
    const { play } = this.buttons;
    play.setAttribute("aria-pressed", isOn);
    play.firstChild.data = isOn ? "Pause" : "Play";
  }

  /** The story to its end, also where an earlier step is shown. */
  async #complete() {
    if (this.isWhole) return;
    try {
      const page = await this.slider.latest();
      this.claims = JSON.parse(page.getElementById("trip-data").textContent).story;
      this.isWhole = true;
    } catch {
      // What is known at this step is told all the same.
    }
  }

  async #go(n, how = "push") {
    const claim = this.claims[n - 1];
    if (!claim) return;
    await this.slider.visit(claim.as_of, this.#at(n), how);
  }

  /** The state at a claim of the story. */
  #at(n) {
    if (n === 0) return { story: null, chosen: null };
    const at = this.state.at === null ? null : "reports";
    return { story: n, chosen: `claim-${this.claims[n - 1].id}`, at };
  }

  #paint() {
    const n = this.state.story;
    const claim = this.claims[n - 1];
    const isOn = claim !== undefined && claim.as_of === this.data.as_of;
    const isNew = isOn && (this.shown !== n || this.card.hidden);
    if (!isOn && this.timer) this.stop();
    if (this.card.hidden === isOn) {
      this.card.hidden = !isOn;
      document.querySelector(".map-column").classList.toggle("in-story", isOn);
      this.map.invalidateSize({ animate: false });
    }
    this.opener.hidden = isOn || this.data.steps.length === 0;
    this.shown = isOn ? n : null;
    if (!isNew) return;
    this.#tell(n, claim);
    this.#look(claim);
  }

  #tell(n, claim) {
    const say = (name, ...children) => this.card.querySelector(`[data-say=${name}]`).replaceChildren(...children);
    say("count", `${n} of ${this.claims.length}`);
    say("published", ...(claim.published ? ["published ", ...clocks(claim.published)] : []));
    say("claim", claim.claim);
    const by = element("bdi", "", claim.origin);
    const where = claim.publisher === claim.origin ? [] : [", in ", element("bdi", "", claim.publisher)];
    say("source", by, ...where, ` · grade ${claim.grade}`);
    say("changes", ...claim.changes.map((change) => element("bdi", "tag", change)));
    this.buttons.back.setAttribute("aria-disabled", n === 1);
    this.buttons.on.setAttribute("aria-disabled", n === this.claims.length);
  }

  /** Brings the claim's stop and the leg to it into view, unless they are well in view. */
  #look(claim) {
    const { waypoints, legs, claims } = this.data;
    const { waypoint } = claims.find(({ id }) => id === claim.id);
    const stop = waypoints.find(({ sequence }) => sequence === waypoint);
    if (!stop) return;
    const bounds = L.latLngBounds([[stop.lat, stop.lon]]);
    const leg = legs.find(({ to }) => to === waypoint);
    for (const [lon, lat] of leg?.coordinates ?? []) bounds.extend([lat, lon]);
    const padding = L.point(MARGIN, MARGIN);
    // A stop to which no leg leads says nothing of how close to go.
    const closest = leg ? CLOSEST : Math.min(CLOSEST, this.map.getZoom());
    const wanted = Math.min(closest, this.map.getBoundsZoom(bounds, false, padding.multiplyBy(2)));
    const isInView = this.map.getBounds().contains(bounds);
    if (isInView && Math.abs(this.map.getZoom() - wanted) <= NEAR_ENOUGH) return;
    this.view.touched = true;
    const options = { padding, maxZoom: closest };
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      this.map.fitBounds(bounds, { ...options, animate: false });
    } else {
      this.map.flyToBounds(bounds, { ...options, duration: 1.2 });
    }
  }
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

function clocks({ local, utc }) {
  return [element("span", "t-local", local), element("span", "t-utc", utc)];
}
