/* A thing chosen anywhere (on the map, in a table, in the diagram) is highlighted everywhere.
 *
 * What can be chosen: waypoint-3, leg-2, claim-khasan-arrival, contradiction-1. Elements say what
 * they are with data-waypoint, data-leg, data-claim and data-contradiction; links choose with
 * data-choose, or by leading to #claim-… and #contradiction-…. */

import { isEmbed, say } from "./page.js";

const KINDS = ["claim", "contradiction", "leg", "waypoint"];
const NAME = /^(claim|contradiction|leg|waypoint)-(.+)$/;

export class Selection {
  constructor(route, state) {
    this.route = route;
    this.state = state;
    this.chosen = null;
    this.data = null;
    this.isPainted = false;
    route.onChoose = (name) => this.choose(name, { open: true });
    route.onClose = () => {
      // Pointing at something else closes what is open first: let that have its say before.
      const { chosen } = state;
      queueMicrotask(() => { if (state.chosen === chosen) this.choose(null); });
    };
    document.addEventListener("click", (event) => this.#click(event));
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented || this.state.chosen === null) return;
      this.choose(null);
    });
    state.listen(() => this.#paint());
  }

  /** After the page has been exchanged: the same thing may have another number now. */
  renew(data) {
    const { chosen } = this.state;
    if (this.data && chosen !== null && chosen === this.chosen && !chosen.startsWith("claim-")) {
      this.state.write({ chosen: renamed(chosen, this.data, data) }, "replace");
    }
    this.data = data;
  }

  choose(name, { open = false, also = {}, how = "push" } = {}) {
    this.state.set({ ...also, chosen: name }, how);
    const [, kind, key] = NAME.exec(name) ?? [];
    if (open && kind === "waypoint") this.route.open(Number(key));
    else this.route.close();
  }

  #click(event) {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.defaultPrevented) return;
    const link = event.target.closest("a[data-choose], a[href^='#claim-'], a[href^='#contradiction-']");
    if (link) {
      const hash = link.getAttribute("href");
      event.preventDefault();
      this.choose(link.dataset.choose ?? decodeURIComponent(hash.slice(1)), { open: true });
      // In a frame that would scroll the page around it.
      if (isEmbed) return;
      if (hash === "#map") reveal();
      else location.replace(hash);
      return;
    }
    if (event.target.closest("a, button, input, label, summary, .time-distance, #map")) return;
    const row = event.target.closest("[data-part] :is(tr, article)");
    // Who marks a text to copy it chooses nothing.
    if (!row || !getSelection().isCollapsed) return;
    const name = nameOf(row);
    if (name) this.choose(name, { open: true });
  }

  #paint() {
    const levels = this.#levels();
    this.chosen = levels ? this.state.chosen : null;
    this.route.highlight(levels && ((kind, key) => levels.get(`${kind}-${key}`)));
    // A long journey has tens of thousands of elements: they are not asked while nothing is chosen.
    if (levels || this.isPainted) this.#paintPage(levels);
    this.isPainted = levels !== null;
    for (const picture of document.querySelectorAll(".time-distance")) {
      picture.classList.toggle("has-chosen", picture.querySelector(".is-chosen") !== null);
    }
    const line = document.querySelector("[data-chosen]");
    const said = levels ? say("chosen", { what: this.#told() }) : "";
    if (line && line.textContent !== said) line.textContent = said;
  }

  #paintPage(levels) {
    for (const element of document.querySelectorAll(KINDS.map((kind) => `[data-part] [data-${kind}]`).join())) {
      const found = identities(element).flatMap(([kind, keys]) => keys.map((key) => levels?.get(`${kind}-${key}`)));
      showLevel(element, found.includes("chosen") ? "chosen" : found.find((level) => level));
    }
  }

  /** For each thing by name whether it is chosen itself or goes with what is; null: nothing is. */
  #levels() {
    if (this.state.chosen === null) return null;
    const { waypoints, legs, claims } = this.data;
    const levels = new Map();
    const [, kind, key] = NAME.exec(this.state.chosen ?? "") ?? [];
    const relate = (name) => { if (!levels.has(name)) levels.set(name, "related"); };
    const legTo = (sequence) => legs.filter((leg) => leg.to === sequence).forEach((leg) => relate(`leg-${leg.sequence}`));
    if (!names(this.data).includes(this.state.chosen)) return null;
    levels.set(this.state.chosen, "chosen");
    if (kind === "waypoint") {
      legTo(Number(key));
      claims.filter((claim) => claim.waypoint === Number(key)).forEach((claim) => relate(`claim-${claim.id}`));
    } else if (kind === "leg") {
      const leg = legs.find(({ sequence }) => sequence === Number(key));
      [leg.from, leg.to].forEach((sequence) => relate(`waypoint-${sequence}`));
    } else if (kind === "claim") {
      const { waypoint, contradictions } = claims.find(({ id }) => id === key);
      if (waypoints.some(({ sequence }) => sequence === waypoint)) {
        levels.set(`waypoint-${waypoint}`, "chosen");
        legTo(waypoint);
      }
      contradictions.forEach((number) => relate(`contradiction-${number}`));
    } else {
      for (const claim of claims.filter(({ contradictions }) => contradictions.includes(Number(key)))) {
        levels.set(`claim-${claim.id}`, "chosen");
        relate(`waypoint-${claim.waypoint}`);
      }
    }
    return levels;
  }

  #told() {
    const [, kind, key] = NAME.exec(this.state.chosen);
    const stop = (sequence) => this.data.waypoints.find((waypoint) => waypoint.sequence === sequence);
    if (kind === "waypoint") {
      const { name, status } = stop(Number(key));
      return say("chosen_stop", { number: key, place: name, status: say(status) });
    }
    if (kind === "contradiction") return say("chosen_contradiction", { number: key });
    if (kind === "claim") {
      const claim = this.data.claims.find(({ id }) => id === key);
      return say("chosen_claim", { origin: claim.origin, place: claim.place });
    }
    const leg = this.data.legs.find(({ sequence }) => sequence === Number(key));
    const [start, end] = [leg.from, leg.to].map((sequence) => stop(sequence).name);
    return say("chosen_leg", { start, end, status: say(leg.status) });
  }
}

/** Shows on an element how it stands to what is chosen: chosen itself, related to it, or neither. */
export function showLevel(element, level) {
  element.classList.toggle("is-chosen", level === "chosen");
  element.classList.toggle("is-related", level === "related");
}

/** What an element stands for. That of a stop, where it is one of a claim or a leg, is only where
 * it belongs. */
function identities(element) {
  const found = KINDS.filter((kind) => element.dataset[kind]).map((kind) => [kind, element.dataset[kind].split(" ")]);
  return found.length > 1 ? found.filter(([kind]) => kind !== "waypoint") : found;
}

/** The name of the first thing that an element stands for; null if it is none. */
export function nameOf(element) {
  const [first] = identities(element);
  return first ? `${first[0]}-${first[1][0]}` : null;
}

/** Everything that can be chosen. */
function names({ waypoints, legs, claims, contradictions }) {
  return [
    ...waypoints.map(({ sequence }) => `waypoint-${sequence}`),
    ...legs.map(({ sequence }) => `leg-${sequence}`),
    ...claims.map(({ id }) => `claim-${id}`),
    ...Array.from({ length: contradictions }, (_, n) => `contradiction-${n + 1}`),
  ];
}

/** The name in `now` of what had a name in the data `before`; null if it is there no longer. */
export function renamed(name, before, now) {
  const key = identifier(before)(name);
  const identity = identifier(now);
  return names(now).find((each) => identity(each) === key) ?? null;
}

/** Tells what a thing is whatever its number: which of the visits to a place, the claims of a clash. */
function identifier({ waypoints, legs, claims }) {
  const visits = new Map();
  const counts = new Map();
  for (const { sequence, place } of [...waypoints].sort((a, b) => a.sequence - b.sequence)) {
    counts.set(place, (counts.get(place) ?? 0) + 1);
    visits.set(sequence, `${place} ${counts.get(place)}`);
  }
  const ways = new Map(legs.map((leg) => [leg.sequence, `${visits.get(leg.from)} ${visits.get(leg.to)}`]));
  return (name) => {
    const [, kind, key] = NAME.exec(name);
    if (kind === "waypoint") return `waypoint ${visits.get(Number(key))}`;
    if (kind === "leg") return `leg ${ways.get(Number(key))}`;
    const members = claims.filter(({ contradictions }) => contradictions.includes(Number(key)));
    return `${kind} ${members.map(({ id }) => id).join(" ")}`;
  };
}

function reveal() {
  const map = document.getElementById("map");
  const { top, bottom } = map.getBoundingClientRect();
  if (top < 0 || bottom > innerHeight + 80) map.scrollIntoView({ block: "nearest" });
}
