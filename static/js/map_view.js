/* What the map shows and how far it can be moved: it opens on the whole route, or on the part that
 * was chosen, and until the reader moves it shows that again at every size. */

/* A part that is one place shows what lies around it. */
const CLOSEST = 9;

export class MapView {
  #isOurs = false;
  #size = "";

  constructor(map, data) {
    this.map = map;
    this.#take(data);
    /** Whether the map shows something else than it opened on. */
    this.touched = false;
    map.on("movestart", () => { this.touched ||= !this.#isOurs; });
    // What the map was made with: what comes beside it may have taken some of it since.
    const { x, y } = map.getSize();
    this.#size = `${x} ${y}`;
    this.#move(() => this.#open());
  }

  /** Takes note of another size; `still`: what is shown stays. Returns whether it is another. */
  resize({ still = false } = {}) {
    const { clientWidth: width, clientHeight: height } = this.map.getContainer();
    const now = `${width} ${height}`;
    // A frame that is not shown has no size.
    if (now === this.#size || width === 0 || height === 0) return false;
    this.#size = now;
    this.#move(() => {
      this.map.invalidateSize({ animate: false });
      if (still || this.touched) this.#bound({ still });
      else this.#open();
    });
    return true;
  }

  /** Lets the map be moved over all of a journey that has changed, and leaves it where it is. */
  renew(data) {
    const { limits } = this;
    this.#take(data);
    if (this.limits.equals(limits)) return;
    this.#move(() => {
      // What the reader looks at stays in reach, should it be no part of the journey any more.
      this.map.setMaxBounds(L.latLngBounds(data.window.limits).extend(this.map.getBounds()));
      this.#bound({ still: true });
    });
  }

  /** `extent` is what has to be seen of the whole, `limits` how far there is a map; `part` is what it
   * opens on, null for the whole. */
  #take({ window: { extent, limits }, opens_on: part }) {
    this.extent = L.latLngBounds(extent);
    this.limits = L.latLngBounds(limits);
    this.part = part && L.latLngBounds([part.south, part.west], [part.north, part.east]);
  }

  get #padding() {
    const { x, y } = this.map.getSize();
    return L.point(1, 1).multiplyBy(Math.min(36, Math.round(Math.min(x, y) / 11)));
  }

  #open() {
    this.#bound({ still: false });
    const closest = this.part ? { maxZoom: CLOSEST } : {};
    this.map.fitBounds(this.part ?? this.extent, { padding: this.#padding, animate: false, ...closest });
  }

  /** As far out as the whole route needs, and no further than the map reaches. */
  #bound({ still }) {
    const { map } = this;
    map.setMinZoom(0);
    const whole = map.getBoundsZoom(this.extent, false, this.#padding.multiplyBy(2));
    const least = Math.min(map.getBoundsZoom(this.limits, true), whole);
    // Left to setMinZoom, the map would start to fly a frame later, away from what is fitted next.
    if (map.getZoom() < least && !still) map.setZoom(least, { animate: false });
    map.setMinZoom(Math.min(least, map.getZoom()));
  }

  #move(change) {
    this.#isOurs = true;
    change();
    this.#isOurs = false;
  }
}
