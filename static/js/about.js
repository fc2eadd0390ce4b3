/* What the map says of a stop that is chosen. */
import { say } from "./page.js";

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** What is known about a stop, as the popup shows it. */
export function about(waypoint) {
  const root = element("div", "about-body");
  const title = element("p", "about-title");
  title.append(element("bdi", "", waypoint.name));
  root.append(title);
  if (waypoint.other_names.length) {
    const names = element("p", "names");
    waypoint.other_names.forEach(({ text, language }, n) => {
      const name = element("bdi", "", text);
      name.lang = language;
      names.append(n ? ", " : "", name);
    });
    root.append(names);
  }
  if (waypoint.status !== "reported") root.append(element("p", "tag", say(waypoint.status)));
  if (waypoint.seen) root.append(element("p", "tag", waypoint.seen));
  for (const time of waypoint.times) {
    const line = element("p", "time-line", `${time.label} `);
    line.append(element("span", "t-local", time.local), element("span", "t-utc", time.utc));
    root.append(line);
  }
  if (waypoint.distance_km) {
    const km = Math.round(waypoint.distance_km).toLocaleString(document.documentElement.lang);
    root.append(element("p", "aside", say("from_the_start", { km })));
  }
  const claims = element("ul", "about-claims");
  for (const claim of waypoint.claims) {
    const item = element("li", claim.disputed ? "disputed" : "");
    const said = ` ${claim.origin}, ${claim.grade}${claim.disputed ? `, ${say("disputed")}` : ""}`;
    item.append(element("bdi", "", claim.claim), element("span", "aside", said));
    claims.append(item);
  }
  root.append(claims);
  return root;
}
