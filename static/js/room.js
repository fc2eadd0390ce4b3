/* What room there is on the map: boxes that are taken, points that must stay in sight, and the
 * arithmetic of boxes. All in layer pixels; who takes what is decided elsewhere. */

const CELL = 32;

export const around = (x, y, radius) => ({ left: x - radius, right: x + radius, top: y - radius, bottom: y + radius });
export const grown = (box, by) => ({ left: box.left - by, right: box.right + by, top: box.top - by, bottom: box.bottom + by });
export const inside = (box, view) => box.left >= view.left && box.right <= view.right
  && box.top >= view.top && box.bottom <= view.bottom;
export const overlap = (a, b) => a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top;
const holds = (box, { x, y }) => x > box.left && x < box.right && y > box.top && y < box.bottom;

/** A box of a size beside a point; `h` and `v` say on which side and, times `far`, how far off. */
export function boxAt(point, { width, height }, far, [h, v]) {
  const left = h > 0 ? point.x + far * h : h < 0 ? point.x + far * h - width : point.x - width / 2;
  const top = v > 0 ? point.y + far * v : v < 0 ? point.y + far * v - height : point.y - height / 2;
  return { left, top, right: left + width, bottom: top + height };
}

/** The point of a box that is nearest to another point. */
export function nearest(box, { x, y }) {
  return L.point(Math.max(box.left, Math.min(x, box.right)), Math.max(box.top, Math.min(y, box.bottom)));
}

/** Points from one point to another at every few pixels, but for so many at the start and the end. */
export function between(from, to, start, end, step = 5) {
  const length = from.distanceTo(to);
  const points = [];
  for (let gone = start; gone < length - end; gone += step) {
    points.push(L.point(from.x + ((to.x - from.x) * gone) / length, from.y + ((to.y - from.y) * gone) / length));
  }
  return points;
}

/** Things in the cells they touch, so that asking about a box does not walk through all. */
class Cells {
  #cells = new Map();

  put(thing, box) {
    this.#each(box, (key) => {
      if (!this.#cells.has(key)) this.#cells.set(key, []);
      this.#cells.get(key).push(thing);
    });
  }

  some(box, test) {
    return this.#each(box, (key) => this.#cells.get(key)?.some(test));
  }

  #each(box, visit) {
    const [right, bottom] = [Math.floor(box.right / CELL), Math.floor(box.bottom / CELL)];
    for (let column = Math.floor(box.left / CELL); column <= right; column += 1) {
      for (let row = Math.floor(box.top / CELL); row <= bottom; row += 1) {
        if (visit(column * 100003 + row)) return true;
      }
    }
    return false;
  }
}

/** Boxes that are taken, on top of those taken `below`, which stay as they are. */
export class Boxes {
  #cells = new Cells();

  constructor(below = null) { this.below = below; }

  add(box, owner = null) { this.#cells.put({ box, owner }, box); }

  /** Whether anything lies there that is not of one of `except`. */
  hits(box, ...except) {
    return this.#cells.some(box, (taken) => !except.includes(taken.owner) && overlap(box, taken.box))
      || (this.below?.hits(box, ...except) ?? false);
  }
}

/** Points, such as those along the route, as far as they lie in the view. */
export class Points {
  #cells = new Cells();

  constructor(points, view) {
    for (const point of points) if (holds(view, point)) this.#cells.put(point, around(point.x, point.y, 0));
  }

  hits(box) { return this.#cells.some(box, (point) => holds(box, point)); }

  /** Whether one of them that passes a `test` is nearer to a point than a distance. */
  near({ x, y }, distance, test = () => true) {
    return this.#cells.some(around(x, y, distance), (point) => point.distanceTo({ x, y }) < distance && test(point));
  }

  count(box) {
    let sum = 0;
    this.#cells.some(box, (point) => { sum += holds(box, point) ? 1 : 0; return false; });
    return sum;
  }
}
