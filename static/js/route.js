/* The route: its legs, its stops with numbered markers, and what they say when chosen. */
import { about } from "./about.js";
import { Crowd, MANY } from "./crowd.js";
import { Legs } from "./legs.js";
import { makePin, showLevel } from "./pins.js";

/* On a smaller map markers are smaller. */
const SMALL = 340;

export class Route {
  constructor(map) {
    this.map = map;
    this.legs = new Legs(map, (event, leg) => this.#point(event, `leg-${leg.sequence}`));
    this.crowd = new Crowd(map);
    this.pins = new Map();
    this.waypoints = [];
    this.levelOf = null;
    /** Called with waypoint-3 or leg-2 when it is pointed at on the map; null: with neither. */
    this.onChoose = () => {};
    map.on("click", (event) => this.#point(event, null));
    /** Called when the reader closes what is open. */
    this.onClose = () => {};
    this.isOurs = false;
    map.on("popupclose", () => { if (!this.isOurs) this.onClose(); });
  }

  show(data) {
    this.close();
    this.isSmall = Math.min(this.map.getSize().x, this.map.getSize().y * 1.4) < SMALL;
    this.map.getContainer().classList.toggle("is-small", this.isSmall);
    this.waypoints = data.waypoints;
    this.last = this.reported.at(-1);
    const isMany = data.waypoints.length > MANY;
    this.legs.show(data.legs, { together: isMany });
    for (const { marker } of this.pins.values()) marker.remove();
    this.pins.clear();
    // Nothing of the page before is chosen: what is will be told again.
    this.levelOf = null;
    this.crowd.show(isMany ? data.waypoints : []);
    if (isMany) this.#mark();
    else for (const waypoint of data.waypoints) this.#pin(waypoint);
  }

  /** After the map has moved: others of very many stops are in view. */
  settle() {
    if (!this.crowd.isOn) return;
    this.crowd.settle();
    const marked = this.#mark();
    for (const [sequence, { marker, element }] of this.pins) {
      // Who has come to a marker by keyboard stays there.
      if (marked.has(sequence) || element === document.activeElement) continue;
      marker.remove();
      this.pins.delete(sequence);
    }
  }

  /** Gives markers to those of very many stops that shall have one now, and tells which these are. */
  #mark() {
    const must = new Set([this.waypoints[0], this.last, nextStop(this.waypoints)].map((stop) => stop?.sequence));
    for (const { sequence } of this.waypoints) if (this.levelOf?.("waypoint", sequence)) must.add(sequence);
    const marked = this.crowd.marked(must);
    const isNew = (waypoint) => !this.pins.has(waypoint.sequence);
    // Without a number, until it is known where there is room for it.
    for (const waypoint of marked.filter(isNew)) this.#pin(waypoint).element.classList.add("is-bare");
    this.#sortPins();
    return new Set(marked.map(({ sequence }) => sequence));
  }

  /** The keyboard goes from marker to marker in the order of the journey. */
  #sortPins() {
    this.pins = new Map([...this.pins].sort(([a], [b]) => a - b));
    let before = null;
    for (const { element } of this.pins.values()) {
      if (before && before.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_PRECEDING) before.after(element);
      before = element;
    }
  }

  #pin(waypoint) {
    const { sequence } = waypoint;
    const pin = makePin(this.map, waypoint, {
      isLast: waypoint === this.last,
      isSmall: this.isSmall,
      onChoose: () => this.onChoose(`waypoint-${sequence}`),
    });
    this.pins.set(sequence, pin);
    showLevel(pin.element, this.levelOf?.("waypoint", sequence));
    return pin;
  }

  /** Where there are very many stops, a dot lies above the leg or the map that is pointed at. */
  #point({ layerPoint }, otherwise) {
    const stop = this.crowd.at(layerPoint);
    this.onChoose(stop ? `waypoint-${stop.sequence}` : otherwise);
  }

  /** Opens what is known about a waypoint. */
  open(sequence) {
    const waypoint = this.waypoints.find((each) => each.sequence === sequence);
    if (!waypoint) return;
    this.close();
    L.popup({ maxWidth: 290, minWidth: 190, autoPanPadding: [12, 12], offset: [0, -8], className: "about" })
      .setLatLng([waypoint.lat, waypoint.lon])
      .setContent(about(waypoint))
      .openOn(this.map);
  }

  /** Closes what is open, without that being the reader's doing. */
  close() {
    this.isOurs = true;
    this.map.closePopup();
    this.isOurs = false;
  }

  /** The places of what has been reported. */
  get reported() {
    return this.waypoints.filter(({ status }) => status === "reported");
  }

  /** Where stops in view lie that have no marker, as layer points. */
  get unmarked() {
    return this.crowd.inReach.filter(({ waypoint }) => !this.pins.has(waypoint.sequence)).map(({ point }) => point);
  }

  /** Shows what is chosen: `levelOf(kind, number)` tells how one stands to it; null: nothing is. */
  highlight(levelOf) {
    this.levelOf = levelOf;
    if (levelOf && this.crowd.isOn) this.#mark();
    for (const [sequence, { element }] of this.pins) showLevel(element, levelOf?.("waypoint", sequence));
    this.legs.highlight(levelOf && (({ sequence }) => levelOf("leg", sequence)));
  }
}

/** The stop to look out for: the first that is expected, else the nearest that is possible. */
export function nextStop(waypoints) {
  const possible = waypoints.filter(({ status }) => status === "possible");
  const far = ({ distance_km: distance }) => distance ?? Infinity;
  return waypoints.find(({ status }) => status === "expected")
    ?? possible.sort((a, b) => far(a) - far(b) || a.sequence - b.sequence)[0];
}
