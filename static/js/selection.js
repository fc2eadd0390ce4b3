/* A waypoint chosen anywhere (marker, row of a table) is highlighted everywhere. */

export class Selection {
  constructor(route) {
    this.route = route;
    this.sequence = null;
    route.onChoose = (sequence) => this.mark(sequence);
    document.addEventListener("click", (event) => {
      const link = event.target.closest("[data-select]");
      const row = link ?? (event.target.closest("a, input, button, summary") ? null : event.target.closest("tr[data-waypoint]"));
      if (!row) return;
      const sequence = Number(row.dataset.select ?? row.dataset.waypoint);
      if (!route.pins.has(sequence)) return;
      event.preventDefault();
      route.choose(sequence);
      reveal();
    });
  }

  mark(sequence) {
    this.sequence = sequence;
    this.route.highlight(sequence);
    for (const row of document.querySelectorAll("[data-part] [data-waypoint]")) {
      row.classList.toggle("is-chosen", Number(row.dataset.waypoint) === sequence);
    }
  }

  renew() {
    this.mark(null);
  }
}

function reveal() {
  const map = document.getElementById("map");
  const { top, bottom } = map.getBoundingClientRect();
  if (top < 0 || bottom > innerHeight + 80) map.scrollIntoView({ block: "nearest" });
}
