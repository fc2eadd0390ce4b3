/* What the page of a trip has beyond its embed: where it could be, the story, and the diagram's keys. */
import { DiagramKeys } from "./diagram_keys.js";
import { Moment } from "./moment.js";
import { Prism } from "./prism.js";
import { Story } from "./story.js";

export class Dashboard {
  constructor({ map, state, slider, selection, view }) {
    this.moment = new Moment(state, new Prism(map), selection);
    this.story = new Story(map, state, slider, view);
    this.keys = new DiagramKeys(state, selection);
    slider.along = () => this.moment.along();
  }

  /** Begins with the page as it came. */
  start(data) {
    this.renew(data);
    return this.story.start();
  }

  /** After the page has been exchanged. */
  renew(data) {
    this.moment.renew(data);
    this.story.renew(data);
    this.keys.renew();
  }
}
