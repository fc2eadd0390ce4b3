/* An open embed picks up what is new. It asks now and then which revision the journey is at, which
 * is a few bytes, and loads what it shows anew only when there is another. Nothing is asked while
 * nobody looks: in a tab behind others, or scrolled out of sight. */
import { say } from "./page.js";

/* With what a shared cache holds back (web/respond.py), what changes is seen within 30 seconds. */
const EVERY = 8_000;
/* So that ten thousand embeds of one article do not ask in step. */
const SPREAD = 4_000;
/* Who comes back to an embed sees at once what has changed meanwhile. */
const SOON = 200;
/* Where there is no answer, the pauses get longer, up to this. */
const LONGEST = 5 * 60_000;

export class Live {
  #timer = null;
  #asked = performance.now();
  #failures = 0;
  #isInSight = true;
  #isAsking = false;

  constructor(journey) {
    this.journey = journey;
    this.said = document.createElement("p");
    this.said.className = "sr";
    this.said.setAttribute("role", "status");
    document.body.append(this.said);
    document.addEventListener("visibilitychange", () => this.#plan());
    // In a frame this tells of the screen, not of the frame.
    new IntersectionObserver((entries) => {
      this.#isInSight = entries.at(-1).isIntersecting;
      this.#plan();
    }).observe(document.body);
    this.#plan();
  }

  #plan() {
    clearTimeout(this.#timer);
    if (this.#isAsking || !this.#isInSight || document.visibilityState !== "visible") return;
    const pause = Math.min(EVERY * 2 ** this.#failures, LONGEST);
    const left = Math.max(this.#asked + pause - performance.now(), 0);
    const spread = left > 0 ? SPREAD * 2 ** Math.min(this.#failures, 3) : SOON;
    this.#timer = setTimeout(() => this.#ask(), left + Math.random() * spread);
  }

  async #ask() {
    this.#isAsking = true;
    try {
      const answer = await fetch(this.journey.data.live, { cache: "no-cache", credentials: "omit" });
      if (answer.status === 410) {
        // Withdrawn: the page itself says so.
        location.reload();
        return;
      }
      if (!answer.ok) throw new Error(`the revision answered ${answer.status}`);
      const { revision, as_of: latest } = await answer.json();
      if (revision > this.journey.data.revision) await this.#renew(revision, latest);
      this.#failures = 0;
    } catch {
      // What is shown stays, and an answer may come the next time.
      this.#failures += 1;
    }
    this.#asked = performance.now();
    this.#isAsking = false;
    this.#plan();
  }

  async #renew(revision, latest) {
    const before = this.journey.data;
    // Of another address than before: what a cache keeps of the page may be older.
    const address = new URL(before.address, location.href);
    address.searchParams.set("revision", revision);
    await this.journey.renew(latest, address.href);
    const { data } = this.journey;
    if (data.revision === before.revision) return;
    const known = new Set(before.steps.map((step) => step.as_of));
    const step = data.steps.findLast(({ as_of: asOf }) => !known.has(asOf));
    this.said.textContent = step ? say("updated", step) : say("corrected");
  }
}
