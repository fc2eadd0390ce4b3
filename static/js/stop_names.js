/* Where the numbers and names of the stops stand: the last report and the next stop first, then
 * greedy, the most important first. No name covers a name, a number, a place, a control or the
 * route; what finds no room is left out and counted. The last report and the next stop always get
 * theirs, at the end of a line if need be. */
import { say } from "./page.js";
import { nextStop } from "./route.js";
import { around, between, Boxes, boxAt, grown, inside, nearest, overlap } from "./room.js";

const AROUND = [26, 36, 48, 62, 78];
const ANGLES = 16;
const GAP = 4;
/* Between a name and the route: half of its line with casing, and the wings of its arrows. */
const CLEAR = 5;
/* What it costs, in pixels of leader line: a number away from its place; on the route; where
 * another number belongs; a leader that crosses something; no name; no number. */
const AWAY = 14;
const ON_ROUTE = 4;
const ON_PLACE = 40;
const CROSSED = 20;
const NAMELESS = 150;
const NUMBERLESS = 400;
/* What a name is higher than this costs too. */
const TALL = 64;
/* A name at the end of a line of its own; how far such lines grow at each try, and directions. */
const LED = 24;
const LED_STEP = 10;
const LED_ANGLES = 24;
/* Own the boxes along leaders, which other leaders may cross, and those of numbers, from under
 * which the leader of a place below may come out. */
const LEADER = {};
const NUMBER = {};
/* From so many stops in sight on, numbers stay on their places or are left out: lines to all of
 * them would be a thicket. Up to a few, several orders are tried, as trying is cheap. */
const CROWD = 60;
const FEW = 24;
const TURNS = 6;

export const SIDES = [[1, 0], [-1, 0], [0.8, -0.6], [0.8, 0.6], [-0.8, -0.6], [-0.8, 0.6], [0, -1], [0, 1],
  [1.7, -0.2], [-1.7, -0.2], [1.5, 1], [-1.5, 1], [1.5, -1], [-1.5, -1]];

/** The stops of a map at its present view: tries out places for them, and draws a plan. */
export class StopNames {
  constructor(map, route, lettering, { pixels, taken, view }) {
    Object.assign(this, { map, lettering, pixels, view, taken: new Boxes(taken) });
    this.next = nextStop(route.waypoints);
    const all = [...route.pins.values()];
    this.places = new Map(all.map((pin) => [pin, map.latLngToLayerPoint(pin.marker.getLatLng())]));
    this.inSight = all.filter((pin) => inside(around(this.#x(pin), this.#y(pin), 0), view));
    // Those just outside reach into the view with half of their number, and are left out alike.
    this.outside = new Map(all.filter((pin) => !this.inSight.includes(pin)).map((pin) => [pin, this.#takeOutside(pin)]));
    this.isCrowd = this.inSight.length > CROWD;
    this.dots = new Boxes();
    for (const pin of this.inSight) this.dots.add(around(this.#x(pin), this.#y(pin), 4), pin);
    // Where there are very many, some are dots and nothing else: they lie free, and are counted.
    this.unmarked = route.unmarked.filter(({ x, y }) => inside(around(x, y, 0), view));
    for (const { x, y } of this.unmarked) this.dots.add(around(x, y, 4));
    this.shapes = this.#shapes();
    const start = route.reported[0];
    this.importance = new Map(this.inSight.map((pin) => [pin, importance(pin, start, this)]));
  }

  #x(pin) { return this.places.get(pin).x; }

  #y(pin) { return this.places.get(pin).y; }

  #takeOutside(pin) {
    const box = around(this.#x(pin), this.#y(pin), pin.radius + 1);
    const isBare = this.taken.hits(box);
    if (!isBare) this.taken.add(box, NUMBER);
    return { isBare };
  }

  isMust(pin) { return pin.isLast || pin.waypoint === this.next; }

  /** The texts that may name each stop, the fullest first, each with its size and its cost. */
  #shapes() {
    const wanted = this.inSight.flatMap((pin) => shapesOf(pin, this).map((shape) => ({ pin, ...shape })));
    const sizes = this.lettering.measure(wanted.map(({ text }) => text));
    const shapes = new Map(this.inSight.map((pin) => [pin, []]));
    wanted.forEach(({ pin, text, cost }, n) => shapes.get(pin).push({
      text, size: sizes[n], cost: cost + Math.max(0, sizes[n].height - TALL),
    }));
    return shapes;
  }

  /** The best of some plans that leave `reserved` free, if given. */
  plan(reserved = null) {
    const before = new Boxes(this.taken);
    if (reserved) before.add(reserved);
    let best = null;
    let order = null;
    const attempt = () => {
      const plan = this.#planInOrder(order, before);
      if (!best || plan.cost < best.cost) best = plan;
      return plan;
    };
    for (order of this.#orders()) attempt();
    // Whoever lost number or name in one order has the first choice in the next.
    let last = best;
    for (let turn = 0; this.inSight.length <= FEW && turn < TURNS; turn += 1) {
      const loss = new Map(last.stops.map(({ pin, isBare, named }) => [pin, isBare ? 2 : named ? 0 : 1]));
      if (Math.max(0, ...loss.values()) === 0) break;
      order = [...order].sort((a, b) => this.isMust(b) - this.isMust(a) || loss.get(b) - loss.get(a));
      last = attempt();
    }
    return best;
  }

  /** Who comes first takes the room of others, so that other orders may end better. */
  #orders() {
    const by = (value) => [...this.inSight].sort((a, b) => this.isMust(b) - this.isMust(a)
      || b.isLast - a.isLast || value(b) - value(a));
    const ranks = [(pin) => this.importance.get(pin)];
    if (!this.isCrowd) ranks.push((pin) => this.#y(pin), (pin) => -this.#y(pin));
    if (this.inSight.length <= FEW) {
      ranks.push((pin) => this.#x(pin), (pin) => -this.#x(pin), (pin) => -this.importance.get(pin));
    }
    return ranks.map(by);
  }

  #planInOrder(order, before) {
    const taken = new Boxes(before);
    const plan = { cost: 0, stops: [], taken };
    for (const pin of order) {
      const stop = this.#place(pin, taken);
      plan.stops.push(stop);
      plan.cost += stop.cost * (this.isMust(pin) ? 2 : 1);
      if (stop.isBare) continue;
      taken.add(around(stop.badge.x, stop.badge.y, pin.radius + 1), NUMBER);
      for (const point of stop.line) taken.add(around(point.x, point.y, 2), LEADER);
      if (!stop.named) continue;
      taken.add(stop.named.box);
      for (const point of stop.named.line) taken.add(around(point.x, point.y, 2), LEADER);
    }
    return plan;
  }

  #place(pin, taken) {
    let best = null;
    for (const spot of this.#spots(pin, taken)) {
      if (best && spot.cost >= best.cost) break;
      const named = this.#nameBeside(pin, spot, taken);
      const cost = spot.cost + (named ? named.cost : NAMELESS);
      if (!best || cost < best.cost) best = { ...spot, pin, named, cost };
    }
    if (!this.isMust(pin)) return best ?? { pin, isBare: true, cost: NUMBERLESS };
    best ??= { ...this.#spot(pin, 0, 0, 0, new Boxes()), pin, named: null };
    const led = this.#nameOnLine(pin, best, taken, this.pixels) ?? this.#nameOnLine(pin, best, taken, null);
    const isBetter = led && (!best.named || led.cost < best.named.cost);
    return isBetter ? { ...best, named: led, cost: best.cost - (best.named?.cost ?? NAMELESS) + led.cost } : best;
  }

  /** Where a number may stand, the best first. */
  #spots(pin, taken) {
    const found = [this.#spot(pin, 0, 0, 0, taken)];
    if (!this.isCrowd || (this.isMust(pin) && !found[0])) {
      for (const far of AROUND) {
        for (let n = 0; n < ANGLES; n += 1) {
          const angle = (n / ANGLES) * 2 * Math.PI;
          found.push(this.#spot(pin, Math.round(far * Math.cos(angle)), Math.round(far * Math.sin(angle)), far, taken));
        }
      }
    }
    return found.filter(Boolean).sort((a, b) => a.cost - b.cost);
  }

  #spot(pin, dx, dy, far, taken) {
    const place = this.places.get(pin);
    const badge = place.add([dx, dy]);
    const box = around(badge.x, badge.y, pin.radius + 1);
    if (taken.hits(box) || (far && !inside(box, this.view))) return null;
    const line = between(place, badge, 4, 8);
    if (this.#isBlocked(line, taken)) return null;
    const onPlace = this.dots.hits(grown(box, 2), pin) ? ON_PLACE : 0;
    const onRoute = far ? AWAY + far / 2 + this.pixels.count(box) * ON_ROUTE : 0;
    return { badge, dx, dy, line, cost: onPlace + onRoute + this.#crossings(pin, line, taken) };
  }

  /** Whether a leader would run across a number, a name or a control. */
  #isBlocked(line, taken) {
    let isOut = false;
    for (const { x, y } of line) {
      const box = around(x, y, 2);
      if (taken.hits(box, LEADER, NUMBER)) return true;
      if (!taken.hits(box, LEADER)) isOut = true;
      else if (isOut) return true;
    }
    return false;
  }

  /** What it costs that a leader crosses others, comes near to places, and runs along the route. */
  #crossings(pin, line, taken) {
    let cost = 0;
    for (const { x, y } of line) {
      const box = around(x, y, 2);
      if (taken.hits(box) || this.dots.hits(box, pin)) cost += CROSSED;
      if (this.pixels.hits(grown(box, 2))) cost += ON_ROUTE;
    }
    return cost;
  }

  #isFree(box, taken, pixels) {
    return inside(box, this.view) && !taken.hits(box) && !this.dots.hits(box) && !pixels?.hits(grown(box, CLEAR));
  }

  /** The best name right beside a number. */
  #nameBeside(pin, { badge, dx, dy, line }, taken) {
    const far = Math.hypot(dx, dy);
    let best = null;
    for (const { text, size, cost: shape } of this.shapes.get(pin)) {
      SIDES.forEach((side, rank) => {
        // At the end of a line back to the place, the name continues outwards.
        const outwards = far ? (dx * side[0] + dy * side[1]) / (far * Math.hypot(...side)) : 1;
        let cost = shape + rank + (outwards < 0.2 ? 12 : 0);
        if (best && cost >= best.cost) return;
        const box = boxAt(badge, size, pin.radius + GAP, side);
        const isOnLine = line.some(({ x, y }) => overlap(box, around(x, y, 2)));
        if (isOnLine || !this.#isFree(box, taken, this.pixels)) return;
        if (this.dots.hits(grown(box, 12), pin)) cost += ON_PLACE / 2;
        if (!best || cost < best.cost) best = { text, box, cost, line: [], isLeft: side[0] < 0 };
      });
    }
    return best;
  }

  /** The best name at the end of a line from a number, anywhere on the map; without `pixels`, where
   * there is no other room at all, on the route. */
  #nameOnLine(pin, { badge, line: own }, taken, pixels) {
    const { x: width, y: height } = this.map.getSize();
    const start = pin.radius + 3 * GAP;
    let best = null;
    for (const { text, size, cost: shape } of this.shapes.get(pin)) {
      for (let far = start; far < width + height; far += LED_STEP) {
        const least = shape + LED + far / 2;
        if (best && least >= best.cost) break;
        for (let n = 0; n < LED_ANGLES; n += 1) {
          const angle = (n / LED_ANGLES) * 2 * Math.PI;
          const side = [Math.cos(angle), Math.sin(angle)].map((part) => (Math.abs(part) < 0.3 ? 0 : part));
          const box = boxAt(badge, size, far, side);
          if (!this.#isFree(box, taken, pixels) || own.some(({ x, y }) => overlap(box, around(x, y, 2)))) continue;
          const to = nearest(box, badge);
          const line = between(badge, to, pin.radius, 0);
          if (pixels && this.#isBlocked(line, taken)) continue;
          const cost = least + this.#crossings(pin, line, taken);
          if (!best || cost < best.cost) best = { text, box, cost, line, to, isLeft: side[0] < 0 };
        }
      }
    }
    return best;
  }

  /** Puts numbers and names where a plan has them. Returns where markers and dots now are. */
  draw(plan) {
    for (const { pin, badge, dx, dy, named, isBare } of plan.stops) {
      pin.displace(dx ?? 0, dy ?? 0);
      pin.element.classList.toggle("is-bare", Boolean(isBare));
      if (!named) continue;
      if (named.to) this.lettering.lead(badge, named.to);
      this.lettering.write(named.text, named.box, { isLeft: named.isLeft, of: pin.waypoint.sequence });
    }
    for (const [pin, { isBare }] of this.outside) {
      pin.displace(0, 0);
      pin.element.classList.toggle("is-bare", isBare);
    }
    return [...plan.stops.map(({ pin, badge }) => badge ?? this.places.get(pin)), ...this.unmarked];
  }
}

function importance(pin, start) {
  const { status, sequence } = pin.waypoint;
  return ({ reported: 2e4, expected: 1e4, possible: 0 })[status] + (pin.waypoint === start ? 5e4 : 0) - sequence;
}

function shapesOf(pin, { next, isCrowd }) {
  const { name, short_time: time, status } = pin.waypoint;
  const isNext = pin.waypoint === next;
  const className = ["name stop-label", status, pin.isLast && "is-last", isNext && "is-next"].filter(Boolean).join(" ");
  const shape = (kind, line, cost) => ({ text: { className: `${className}${kind}`, title: name, line }, cost });
  // Where a line wraps, the time stays in one piece.
  const when = time.replaceAll(" ", "\u00a0");
  if (pin.isLast || isNext) {
    const what = pin.isLast ? say("last_reported") : say("next_stop", { status: say(status) });
    const line = [what, pin.isLast && when].filter(Boolean).join(", ");
    const short = pin.isLast ? [shape("", what, 24), shape(" is-wrapped", what, 27)] : [];
    return [shape("", line, 0), shape(" is-wrapped", line, 3), ...short,
      shape("", "", 60), shape(" is-wrapped", "", 63), shape(" is-clipped", "", 90)];
  }
  if (isCrowd) return [shape("", "", 0)];
  return [shape("", time, 0), shape(" is-wrapped", time, 3), shape("", "", 18), shape(" is-wrapped", "", 21)];
}
