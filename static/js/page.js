/* What the page came with for its scripts: the journey's data, and the words of its language.
 * What is said of numbers has a form for each plural of the language (app/words). */

/** The data of a page, be it this one or one that was loaded. */
export function tripData(page) {
  return JSON.parse(page.getElementById("trip-data").textContent);
}

/** The data of this page as it came. */
export const first = tripData(document);

/** Others frame this page: what the reader does in it is not to be felt around it. */
export const isEmbed = document.body.classList.contains("embed");

const plurals = new Intl.PluralRules(document.documentElement.lang);

/** A text with its values in the places for them; for `textContent` and attributes. */
export function say(name, values = {}) {
  return first.words[name].replace(/\{(\w+)\}/g, (_, place) => values[place]);
}

/** The text about a number in the plural form that goes with it. */
export function counted(name, count) {
  return say(`${name}_${plurals.select(count)}`, { count });
}
