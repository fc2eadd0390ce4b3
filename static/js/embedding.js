/* What an embed has beside what it shows: it tells the page around it how high it wants to be, picks
 * up what is new, and lets things be chosen in its diagram. */
import { choosePointedAt, DiagramKeys } from "./diagram_keys.js";
import { tellHeights } from "./heights.js";
import { Live } from "./live.js";
import { first } from "./page.js";

export class Embedding {
  constructor() {
    // On paper as well it has no more room there than on the screen.
    document.body.classList.toggle("is-framed", window.parent !== window);
    tellHeights(first);
  }

  join(journey) {
    const { state, selection } = journey;
    const keys = new DiagramKeys(state, selection);
    keys.renew();
    journey.join(keys);
    choosePointedAt(selection);
    if (first.live) new Live(journey);
  }
}
