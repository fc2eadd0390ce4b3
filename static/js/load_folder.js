/* What load.js is on a server, for a published folder: nothing can be fetched from a disk, so what
 * is loaded comes as scripts, each of which hands over what it holds:
 *
 *   steps/…/index/3.js       the page at step 3: for each region, and for the data, its lines
 *   steps/…/lines/index/1.js lines of pages; most stand in many of them
 *   assets/ground.….js       what lies under the map
 *
 * A region's lines are runs [file, first, count, file, first, count, …] in the files of lines. */

const handed = new Map();
const loading = new Map();

/** The page as it was known at the step `asOf`, or to date (null): a document with its regions and its
 * data. Rejects when a file of it is not there. */
export async function loadPage(asOf) {
  const block = document.getElementById("trip-data");
  const { steps } = JSON.parse(block.textContent);
  const n = asOf === null ? steps.length - 1 : steps.findIndex((step) => step.as_of === asOf);
  const { regions, data } = await load(`${block.dataset.steps}/${n}.js`);
  const page = document.implementation.createHTMLDocument();
  for (const part of document.querySelectorAll("[data-part]")) {
    const lines = regions[part.dataset.part];
    if (!lines) continue;
    // In an element of its own kind, or the rows of a table would not be read as such.
    const region = page.importNode(part, false);
    region.innerHTML = await text(lines);
    page.body.append(region);
  }
  const copy = page.importNode(block, false);
  copy.textContent = await text(data);
  page.body.append(copy);
  return page;
}

/** What lies under the map, as ground.js draws it. */
export function loadGround(address) {
  return load(address);
}

async function text({ shelf, runs }) {
  const files = [...new Set(runs.filter((_, n) => n % 3 === 0))];
  const lines = new Map();
  await Promise.all(files.map(async (file) => { lines.set(file, await load(`${shelf}/${file}.js`)); }));
  let whole = "";
  for (let n = 0; n < runs.length; n += 3) {
    const [file, first, count] = runs.slice(n, n + 3);
    whole += lines.get(file).slice(first, first + count).join("");
  }
  return whole;
}

/** What the script at `address` hands over under that name. */
function load(address) {
  window.dateline = Object.assign(window.dateline ?? {}, { hand: (name, content) => handed.set(name, content) });
  if (!loading.has(address)) {
    const loaded = new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = () => {
        if (handed.has(address)) resolve(handed.get(address));
        else reject(new Error(`${address} holds something else`));
      };
      script.onerror = () => reject(new Error(`${address} could not be loaded`));
      document.head.append(script);
    });
    loaded.catch(() => loading.delete(address));
    loading.set(address, loaded);
  }
  return loading.get(address);
}
