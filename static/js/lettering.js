/* Names as elements on a pane of their own, and how big they are before they have a place. */

export class Lettering {
  #sizes = new Map();

  constructor(map) {
    this.map = map;
    this.pane = map.createPane("names");
    this.pane.style.zIndex = 590;
    // The same names are said by the markers and stand in the tables.
    this.pane.setAttribute("aria-hidden", "true");
  }

  clear() { this.pane.replaceChildren(); }

  /** Sizes hold no longer, for example because a font has come. */
  forget() { this.#sizes.clear(); }

  /** The sizes of many texts: what is not known yet is measured in one go. */
  measure(texts) {
    const unknown = texts.filter((text) => !this.#sizes.has(this.#key(text)));
    const made = unknown.map(make);
    this.pane.append(...made);
    made.map((element) => element.getBoundingClientRect()).forEach(({ width, height }, n) => {
      this.#sizes.set(this.#key(unknown[n]), { width: Math.ceil(width), height: Math.ceil(height) });
    });
    for (const element of made) element.remove();
    return texts.map((text) => this.#sizes.get(this.#key(text)));
  }

  /** Writes a text into its box; `isLeft` of what it names, it ends there. `of`: whose name it is. */
  write(text, box, { isLeft = false, of = null } = {}) {
    const element = make(text);
    element.classList.toggle("is-left", isLeft);
    if (of !== null) element.dataset.of = of;
    L.DomUtil.setPosition(element, L.point(Math.round(box.left), Math.round(box.top)));
    this.pane.append(element);
  }

  /** A thin line from a name to what it names. */
  lead(from, to) {
    const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    drawing.setAttribute("class", "name-leader");
    const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
    line.setAttribute("x2", to.x - from.x);
    line.setAttribute("y2", to.y - from.y);
    drawing.append(line);
    L.DomUtil.setPosition(drawing, from);
    this.pane.append(drawing);
  }

  #key({ className, title = "", line = "" }) {
    const isSmall = this.map.getContainer().classList.contains("is-small");
    return [isSmall, className, title, line].join("\n");
  }
}

function make({ className, title = "", line = "" }) {
  const element = document.createElement("span");
  element.className = className;
  if (title) {
    const first = document.createElement("bdi");
    first.textContent = title;
    element.append(first);
  }
  if (line) {
    const second = document.createElement("small");
    second.textContent = line;
    element.append(second);
  }
  return element;
}
