/* What the map shows and how far it can be moved: it opens on the whole route, or on the part that
 * was chosen, and until the reader moves it shows that again at every size. */

/* A part that is one place shows what lies around it. */
const CLOSEST = 9;

export class MapView {
  #isOurs = false;
  #size = "";

  /** `extent` and `limits` are those of the map; `part` is what it opens on, null for the whole. */
  constructor(map, { extent, limits }, part) {
    this.map = map;
    this.extent = L.latLngBounds(extent);
    this.limits = L.latLngBounds(limits);
    this.part = part && L.latLngBounds([part.south, part.west], [part.north, part.east]);
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

  /** Lets the map be moved to stops that have come, and leaves it where it is. */
  reach(waypoints) {
    const stops = L.latLngBounds(waypoints.map(({ lat, lon }) => [lat, lon]));
    if (!stops.isValid() || this.extent.contains(stops)) return;
    this.extent.extend(stops);
    this.limits.extend(stops.pad(0.2));
    this.#move(() => {
      this.map.setMaxBounds(this.limits);
      this.#bound({ still: true });
    });
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
