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

/* Asked tens of thousand times for one view of a map: loops, and nothing is made on the way. */

/** Whether a `test(thing, box, first, second)` is passed by any thing in the cells that a box touches. */
function some(cells, box, test, first, second) {
  const [lastColumn, lastRow] = [Math.floor(box.right / CELL), Math.floor(box.bottom / CELL)];
  for (let column = Math.floor(box.left / CELL); column <= lastColumn; column += 1) {
    for (let row = Math.floor(box.top / CELL); row <= lastRow; row += 1) {
      const things = cells.get(column * 100003 + row);
      if (things === undefined) continue;
      for (const thing of things) if (test(thing, box, first, second)) return true;
    }
  }
  return false;
}

/** Puts a thing into the cells that a box touches. */
function put(cells, thing, { left, top, right, bottom }) {
  for (let column = Math.floor(left / CELL); column <= Math.floor(right / CELL); column += 1) {
    for (let row = Math.floor(top / CELL); row <= Math.floor(bottom / CELL); row += 1) {
      const key = column * 100003 + row;
      const things = cells.get(key);
      if (things === undefined) cells.set(key, [thing]);
      else things.push(thing);
    }
  }
}

const isHit = (taken, box, mine, too) => taken.owner !== mine && taken.owner !== too && overlap(box, taken.box);
const isInside = (point, box) => holds(box, point);

/** Boxes that are taken, beside those that were taken in `others`, which stay as they are. */
export class Boxes {
  #cells;

  constructor(others = null) {
    this.#cells = new Map([...others?.#cells ?? []].map(([key, things]) => [key, [...things]]));
  }

  add(box, owner = null) { put(this.#cells, { box, owner }, box); }

  /** Whether anything lies there that is not of one of two owners, if given. */
  hits(box, mine, too) { return some(this.#cells, box, isHit, mine, too); }
}

/** Points, such as those along the route, as far as they lie in the view. */
export class Points {
  #cells = new Map();

  constructor(points, view) {
    for (const point of points) if (holds(view, point)) put(this.#cells, point, around(point.x, point.y, 0));
  }

  hits(box) { return some(this.#cells, box, isInside); }

  /** Whether one of them that passes a `test` is nearer to a point than a distance. */
  near({ x, y }, distance, test = () => true) {
    return some(this.#cells, around(x, y, distance), (point) => point.distanceTo({ x, y }) < distance && test(point));
  }

  count(box) {
    let sum = 0;
    some(this.#cells, box, (point) => { sum += holds(box, point) ? 1 : 0; return false; });
    return sum;
  }
}
