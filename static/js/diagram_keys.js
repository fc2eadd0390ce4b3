/* The diagram by keyboard: one stop of the Tab key, in which the arrow keys go through what is
 * drawn, in the order of time, and choose it. What is chosen is told where all choices are. */
import { say } from "./page.js";
import { nameOf } from "./selection.js";

const THINGS = ["waypoint", "leg", "claim", "contradiction"].map((kind) => `[data-${kind}]`).join();
const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -Infinity, End: Infinity };

export class DiagramKeys {
  constructor(state, selection) {
    document.addEventListener("keydown", (event) => {
      const picture = event.target.closest(".time-distance");
      const step = STEPS[event.key];
      if (!picture || step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      const order = namesOf(picture);
      if (order.length === 0) return;
      const last = order.length - 1;
      const now = order.indexOf(state.chosen);
      // From nowhere the first step leads to an end, and at the ends it stays.
      const from = now < 0 ? (step > 0 ? -1 : last + 1) : now;
      const wanted = Math.min(Math.max(from + step, 0), last);
      selection.choose(order[wanted], { how: "diagram" });
    });
  }

  /** After the page has been exchanged, and with it the diagrams. */
  renew() {
    for (const picture of document.querySelectorAll(".time-distance")) {
      picture.setAttribute("tabindex", "0");
      picture.setAttribute("role", "application");
      picture.setAttribute("aria-roledescription", say("diagram_keys"));
    }
  }
}

/** What is pointed at in a diagram is chosen: for pages where no instant is asked for (moment.js). */
export function choosePointedAt(selection) {
  document.addEventListener("click", ({ target }) => {
    const thing = target.closest(`.time-distance :is(${THINGS})`);
    if (thing) selection.choose(nameOf(thing), { open: true });
  });
}

/** What is drawn, by name, in the order of time. */
function namesOf(picture) {
  const starts = new Map();
  for (const element of picture.querySelectorAll(THINGS)) {
    // The column of names stands for the stops, but at no time.
    const start = element.closest(".station") ? Infinity : element.getBoundingClientRect().left;
    const name = nameOf(element);
    starts.set(name, Math.min(starts.get(name) ?? Infinity, start));
  }
  return [...starts].sort(([, a], [, b]) => (a === b ? 0 : a - b)).map(([name]) => name);
}
