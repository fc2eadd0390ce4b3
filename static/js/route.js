/* The route: its legs, its stops with numbered markers, and what they say when chosen. */
import { about } from "./about.js";
import { Crowd, MANY } from "./crowd.js";
import { Legs } from "./legs.js";
import { say } from "./page.js";
import { makePin } from "./pins.js";
import { renamed, showLevel } from "./selection.js";

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
    this.data = null;
    this.popup = null;
    this.isKept = false;
    /** Called with waypoint-3 or leg-2 when it is pointed at on the map; null: with neither. */
    this.onChoose = () => {};
    map.on("click", (event) => this.#point(event, null));
    /** Called when the reader closes what is open. */
    this.onClose = () => {};
    this.isOurs = false;
    map.on("popupclose", () => { if (!this.isOurs) this.onClose(); });
  }

  show(data) {
    if (!this.isKept) this.close();
    const focused = this.#focused(data);
    this.data = data;
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
    this.pins.get(focused)?.element.focus({ preventScroll: true });
  }

  /** While `change` shows the journey anew, what is open stays open; it tells what is known then. */
  keepOpen(change) {
    const { data, popup } = this;
    this.isKept = true;
    change();
    this.isKept = false;
    if (!popup?.isOpen()) return;
    const now = renamed(`waypoint-${popup.sequence}`, data, this.data);
    const waypoint = this.waypoints.find(({ sequence }) => `waypoint-${sequence}` === now);
    if (!waypoint) {
      this.close();
      return;
    }
    popup.sequence = waypoint.sequence;
    // What is brought into view when it opens does not move the map now.
    popup.options.autoPan = false;
    popup.setLatLng([waypoint.lat, waypoint.lon]).setContent(about(waypoint));
    popup.options.autoPan = true;
  }

  /** The number, in other data, of the stop in view whose marker has the focus, if any. */
  #focused(data) {
    const pin = [...this.pins.values()].find(({ element }) => element === document.activeElement);
    if (!pin || !document.hasFocus() || !this.map.getBounds().contains(pin.marker.getLatLng())) return null;
    const name = renamed(`waypoint-${pin.waypoint.sequence}`, this.data, data);
    return data.waypoints.find(({ sequence }) => `waypoint-${sequence}` === name)?.sequence;
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
    const look = { maxWidth: 290, minWidth: 190, autoPanPadding: [12, 12], offset: [0, -8], className: "about" };
    this.popup = L.popup(look).setLatLng([waypoint.lat, waypoint.lon]).setContent(about(waypoint)).openOn(this.map);
    this.popup.sequence = sequence;
    this.popup.getElement().querySelector(".leaflet-popup-close-button").setAttribute("aria-label", say("close"));
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
