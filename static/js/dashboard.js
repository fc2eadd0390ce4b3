/* What the page of a trip has beyond its embed: where it could be, the story, and the diagram's keys.
 * A published folder has no server to ask where it could be, nor one to build embeds for. */
import { choosePointedAt, DiagramKeys } from "./diagram_keys.js";
import { Moment } from "./moment.js";
import { Prism } from "./prism.js";
import { Story } from "./story.js";

export class Dashboard {
  constructor({ map, state, slider, selection, view }) {
    this.moment = document.querySelector("[data-where]") && new Moment(state, new Prism(map), selection);
    if (!this.moment) choosePointedAt(selection);
    this.story = new Story(map, state, slider, view);
    this.keys = new DiagramKeys(state, selection);
    slider.along = () => this.moment?.along() ?? {};
  }

  /** Begins with the page as it came. */
  start(data) {
    this.renew(data);
    const builder = document.querySelector("[data-builder]");
    if (builder) whenNear(builder, async (section) => {
      const { Builder } = await import("./builder.js");
      new Builder(section, data.steps).start();
    });
    return this.story.start();
  }

  /** After the page has been exchanged. */
  renew(data) {
    this.moment?.renew(data);
    this.story.renew(data);
    this.keys.renew();
  }
}

/** What few readers use is loaded for those who come near it. */
function whenNear(section, then) {
  new IntersectionObserver(([{ isIntersecting }], observer) => {
    if (!isIntersecting) return;
    observer.disconnect();
    then(section);
  }, { rootMargin: "600px" }).observe(section);
}
