/* All that scripts load of a trip: its page at another step, and the ground under its map.
 * (Where it could be at an instant is asked by prism.js.) In a published folder, which may be
 * opened from a disk, load_folder.js stands in the place of this module. */

/** The page itself as it was known at `asOf`, or to date (null), as a Document. `address` is the
 * page's own without what a reader may change in it. Rejects when there is no answer. */
export async function loadPage(asOf, speeds, address = location.pathname) {
  const url = new URL(address, location.href);
  if (asOf !== null) url.searchParams.set("as_of", asOf);
  for (const [name, kmh] of Object.entries(speeds)) url.searchParams.set(name, kmh);
  return new DOMParser().parseFromString(await (await ask(url)).text(), "text/html");
}

/** What lies under the map, as ground.js draws it. Rejects when there is no answer. */
export async function loadGround(address) {
  return (await ask(address)).json();
}

async function ask(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
  return answer;
}
