/* An embed of the time-distance diagram alone: the slider moves it, things can be chosen in it, and
 * no map is loaded. */
import { Embedding } from "./embedding.js";
import { Journey } from "./journey.js";

const NO_MAP = { show() {}, highlight() {}, open() {}, close() {} };

const embedding = new Embedding();
const journey = new Journey(NO_MAP);
journey.draw();
embedding.join(journey);
