/* The marker of a stop: its number, or a dot where there is no room for it, and a line from a
 * number that had to move back to its place. */
import { say } from "./page.js";

/* Of the numbers, with their rings; the sizes stand in page.css. */
const RADIUS = 12;
const LAST_RADIUS = 18;
/* On a small map everything is smaller. */
const SHRINK = 3;
const BELOW = 2000;

export function makePin(map, waypoint, { isLast, isSmall, onChoose }) {
  const { sequence, status } = waypoint;
  const body = document.createElement("span");
  body.className = "pin-body";
  const dot = document.createElement("span");
  dot.className = "pin-dot";
  const leader = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  leader.setAttribute("class", "pin-leader");
  const stroke = document.createElementNS("http://www.w3.org/2000/svg", "line");
  leader.append(stroke);
  const badge = document.createElement("span");
  badge.className = `badge ${status}`;
  badge.textContent = sequence;
  body.append(leader, dot, badge);
  const height = isLast ? 400 : status === "reported" ? 200 : 0;
  const className = ["pin", status, isLast && "is-last", ...lengths(sequence)].filter(Boolean).join(" ");
  const marker = L.marker([waypoint.lat, waypoint.lon], {
    icon: L.divIcon({ className, html: body, iconSize: [0, 0] }),
    keyboard: true,
    riseOnHover: true,
    zIndexOffset: height,
  }).addTo(map);
  const element = marker.getElement();
  element.dataset.waypoint = sequence;
  const said = { number: sequence, place: waypoint.name, status: say(status) };
  element.setAttribute("aria-label", say(isLast ? "pin_last" : "pin", said));
  marker.on("click", () => onChoose());
  marker.on("keypress", ({ originalEvent }) => { if (originalEvent.key === "Enter") onChoose(); });
  return {
    waypoint,
    marker,
    element,
    isLast,
    radius: (isLast ? LAST_RADIUS : RADIUS) - (isSmall ? SHRINK : 0),
    /** Moves the number away from its place, in pixels, with a line back to it. */
    displace(dx, dy) {
      const away = Math.hypot(dx, dy) > 1;
      badge.style.transform = `translate(${dx}px, ${dy}px)`;
      element.classList.toggle("is-away", away);
      // What it leaves at its place lies under the number that stands there.
      marker.setZIndexOffset(away ? height - BELOW : height);
      stroke.setAttribute("x2", dx);
      stroke.setAttribute("y2", dy);
    },
  };
}

/** Numbers of many digits are set smaller, so that they stay within their circle. */
function lengths(sequence) {
  return [[99, "is-long"], [999, "is-longer"], [9999, "is-longest"]]
    .filter(([above]) => sequence > above).map(([, name]) => name);
}
