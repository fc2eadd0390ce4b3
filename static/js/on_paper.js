/* The picture that stands in the place of the map on paper. It is loaded beforehand: once a page
 * around is being printed, nothing more is. Of another moment than it came with it is drawn anew by
 * the server, once the reader stays there; until it is there, the map itself is printed. */
const STAYS = 1500;
/* In a published folder (load_folder.js) there is nobody to draw another. */
const IS_SERVED = !("steps" in document.getElementById("trip-data").dataset);

export class OnPaper {
  #timer = null;

  constructor(picture) {
    this.picture = picture;
    picture.addEventListener("load", () => { picture.hidden = false; });
    // Not before now: until there is a map, the picture that stands in its place comes first.
    picture.loading = "eager";
  }

  renew({ as_of: asOf, revision }) {
    this.picture.hidden = true;
    clearTimeout(this.#timer);
    if (!IS_SERVED || asOf === null) return;
    this.#timer = setTimeout(() => {
      const address = new URL(this.picture.src);
      address.searchParams.set("as_of", asOf);
      address.searchParams.set("v", revision);
      this.picture.src = address.href;
    }, STAYS);
  }
}
