/* Very many stops: a marker of several elements for each would take seconds. So all of them are
 * dots on one canvas, which look like the dots of markers without a number (page.css), and only
 * some of those in view have a marker too. */
import { palette } from "./ground.js";

/** From more stops than these on. */
export const MANY = 600;
/* Of those in view so many have a marker, and as many more that must have one. */
const MARKERS = 400;
/* Markers just outside the view reach into it with half of their number. */
const REACH = 20;
const RADIUS = 4;
const RING = 1.5;
/* How far from its middle a dot can still be hit. */
const HIT = 8;
/* How far around the view dots are drawn, as a share of it: they come into view when it is moved. */
const AROUND = 0.4;

export class Crowd {
  constructor(map) {
    this.map = map;
    map.createPane("crowd").style.zIndex = 440;
    this.canvas = document.createElement("canvas");
    // Takes any element, and moves it along when the map zooms.
    this.overlay = L.svgOverlay(this.canvas, map.getBounds(), { pane: "crowd" });
    this.show([]);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { if (this.isOn) this.#paint(); });
    // A leg shows by itself that it can be chosen.
    map.on("mousemove", ({ layerPoint }) => {
      map.getContainer().classList.toggle("is-at-dot", this.at(layerPoint) !== null);
    });
  }

  get isOn() { return this.waypoints.length > 0; }

  /** Shows these stops; none, where each has a marker. */
  show(waypoints) {
    this.waypoints = waypoints;
    this.map.getContainer().classList.toggle("has-crowd", this.isOn);
    if (this.isOn) this.overlay.addTo(this.map);
    else this.overlay.remove();
    this.settle();
  }

  /** Draws the dots anew for where the map now is. */
  settle() {
    this.stops = this.waypoints.map((waypoint) => ({
      waypoint, point: this.map.latLngToLayerPoint([waypoint.lat, waypoint.lon]),
    }));
    const reach = this.#around(REACH, REACH);
    this.inReach = this.stops.filter(({ point }) => reach.contains(point));
    if (this.isOn) this.#paint();
  }

  /** The stop whose dot is at a point of the map; null if there is none. */
  at(point) {
    let [best, least] = [null, HIT];
    for (const stop of this.inReach) {
      const distance = stop.point.distanceTo(point);
      if (distance < least) [best, least] = [stop.waypoint, distance];
    }
    return best;
  }

  /** The stops in view that have a marker: those that `must`, and of the others as many as may, at
   * even steps of their numbers, so that a stop keeps its marker while the map moves. */
  marked(must) {
    const inView = this.inReach.map(({ waypoint }) => waypoint);
    const first = new Set(inView.filter(({ sequence }) => must.has(sequence)).slice(0, MARKERS));
    let [step, others] = [1, inView];
    while (others.length > MARKERS) {
      step *= 2;
      others = others.filter(({ sequence }) => sequence % step === 0);
    }
    const sampled = new Set(others);
    return inView.filter((waypoint) => first.has(waypoint) || sampled.has(waypoint));
  }

  #around(x, y) {
    const corner = this.map.containerPointToLayerPoint([0, 0]);
    return L.bounds(corner.subtract([x, y]), corner.add(this.map.getSize()).add([x, y]));
  }

  #paint() {
    const { x: width, y: height } = this.map.getSize().multiplyBy(AROUND).round();
    const area = this.#around(width, height);
    const corners = [area.min, area.max].map((point) => this.map.layerPointToLatLng(point));
    this.overlay.setBounds(L.latLngBounds(corners));
    // Beyond the poles there is no map: the canvas lies where its corners really are.
    const canvas = L.bounds(...corners.map((corner) => this.map.latLngToLayerPoint(corner)));
    const size = canvas.getSize();
    const density = devicePixelRatio;
    this.canvas.width = Math.ceil(size.x * density);
    this.canvas.height = Math.ceil(size.y * density);
    const context = this.canvas.getContext("2d");
    context.scale(density, density);
    context.translate(-canvas.min.x, -canvas.min.y);
    const colour = palette();
    const [route, casing] = [colour("route"), colour("casing")];
    const seen = this.stops.filter(({ point }) => canvas.contains(point));
    const isReported = ({ waypoint }) => waypoint.status === "reported";
    fill(context, seen.filter((stop) => !isReported(stop)), { ring: route, inside: casing });
    fill(context, seen.filter(isReported), { ring: casing, inside: route });
  }
}

/** Dots with rings; where they run into each other, they have one ring together. */
function fill(context, stops, { ring, inside }) {
  const points = [...new Map(stops.map(({ point }) => [`${point.x} ${point.y}`, point])).values()];
  for (const [colour, radius] of [[ring, RADIUS], [inside, RADIUS - RING]]) {
    context.fillStyle = colour;
    for (const { x, y } of points) {
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.fill();
    }
  }
}
