/* The builder of embeds: from the form to the code that is copied, with a preview that is the embed.
 *
 * The markup of the snippets comes from the server (web/embed_builder.py), with slots; here they are
 * filled with what was chosen. Loaded only when its section comes near (dashboard.js). */

const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;" };
/* Of a frame that asks for more, or for less, something is wrong. */
const LEAST = 100;
const MOST = 5000;

export class Builder {
  /** `steps` are those of "Known at"; `section` is the one of templates/_builder.html. */
  constructor(section, steps) {
    this.section = section;
    this.data = JSON.parse(section.querySelector("[data-builder-data]").textContent);
    this.details = section.querySelector("details");
    this.form = section.querySelector("form");
    this.preview = section.querySelector("[data-preview]");
    this.stage = section.querySelector(".builder-stage");
    this.snippets = [...section.querySelectorAll("[data-snippet]")].map((part) => ({
      name: part.dataset.snippet,
      text: part.querySelector("textarea"),
      button: part.querySelector("button"),
      said: part.querySelector("[role=status]"),
    }));
    this.frame = null;
    this.base = baseOf(this.data.base);
    this.#offer(steps);
  }

  start() {
    addStyle(new URL("../css/builder.css", import.meta.url));
    this.#listen();
    this.preview.hidden = false;
    for (const { button } of this.snippets) button.parentElement.hidden = false;
    if (matchMedia("(max-width: 40rem)").matches) this.preview.querySelector("[value='320']").checked = true;
    this.#widen();
    this.#renew();
    this.#openIfMeant();
  }

  /** All steps at which it may be frozen, the latest first. */
  #offer(steps) {
    const choice = this.form.elements.as_of;
    const frozen = steps.map(({ as_of, time, publishers }) => new Option(`Frozen at ${time}: ${publishers}`, as_of));
    choice.replaceChildren(choice.options[0], ...frozen.reverse());
  }

  #listen() {
    this.form.addEventListener("submit", (event) => event.preventDefault());
    // What is half typed is no fault yet, and no code either.
    this.form.addEventListener("input", () => this.#renew({ isTyping: true }));
    this.form.addEventListener("change", () => this.#renew());
    this.details.addEventListener("toggle", () => this.#renew());
    this.preview.addEventListener("change", () => this.#widen());
    for (const snippet of this.snippets) {
      snippet.text.addEventListener("focus", () => snippet.text.select());
      snippet.button.addEventListener("click", () => copy(snippet));
    }
    addEventListener("hashchange", () => this.#openIfMeant());
    addEventListener("message", ({ data, source }) => {
      if (this.frame === null || source !== this.frame.contentWindow || data?.type !== "dateline-height") return;
      if (data.height >= LEAST && data.height <= MOST) this.frame.style.height = `${Math.round(data.height)}px`;
    });
  }

  #openIfMeant() {
    if (location.hash !== `#${this.section.id}`) return;
    this.details.open = true;
    this.section.scrollIntoView();
  }

  /** After anything was chosen. */
  #renew({ isTyping = false } = {}) {
    const isRight = this.#check(isTyping);
    const query = this.#query();
    const values = isRight ? this.#values(query) : null;
    for (const { name, text, button, said } of this.snippets) {
      text.value = isRight ? fill(this.data.templates[name], values, name === "link") : "";
      button.disabled = !isRight;
      said.textContent = "";
    }
    if (isRight && !isTyping && this.details.open) this.#show(query, values.height);
  }

  /** Says what is wrong, each at its field. Returns whether nothing is. */
  #check(isTyping) {
    const { from, to, height } = this.form.elements;
    const isBackwards = from.value && to.value && to.value < from.value;
    const faults = [
      [from, from.validity.badInput ? from.dataset.fault : ""],
      // A day outside of what is known of the journey is none: it may go on.
      [to, to.validity.badInput ? to.dataset.fault : isBackwards ? to.dataset.backwards : ""],
      [height, height.validity.valid ? "" : height.dataset.fault],
    ];
    for (const [field, fault] of faults) {
      if (fault && isTyping) continue;
      say(document.getElementById(`${field.id}-fault`), fault);
      if (fault) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    }
    return faults.every(([, fault]) => fault === "");
  }

  /** What is not as usual, in the order in which the server writes it too. */
  #query() {
    const query = new URLSearchParams();
    for (const name of this.data.names) {
      const field = this.form.elements[name];
      const usual = field?.options?.[0].value ?? "";
      if (field && field.value !== usual) query.set(name, field.value);
    }
    return query;
  }

  /** What stands in the slots of the snippets. */
  #values(query) {
    const { slug, titles, heights, pictures } = this.data;
    const view = this.form.elements.view.value;
    // A page of ours has no looks to choose; a picture has a theme.
    const chosen = only(query, ["as_of", "max_speed_kmh", "cruise_speed_kmh"]);
    const look = new URLSearchParams([["size", "column"], ["scale", "2"], ...only(query, ["theme", "from", "to"]), ...chosen]);
    return {
      embed: `${this.base}/embed/${slug}${text(query)}`,
      page: `${this.base}/trips/${slug}${text(query)}`,
      trip: `${this.base}/trips/${slug}${text(chosen)}`,
      script: `${this.base}/embed.js`,
      picture: `${this.base}/trips/${slug}/${pictures[view].name}.png${text(look)}`,
      height: query.get("height") ?? heights[view],
      title: titles[view],
      alt: pictures[view].alt,
    };
  }

  #show(query, height) {
    const address = `/embed/${this.data.slug}${text(query)}`;
    this.preview.querySelector("[data-alone]").href = address;
    if (this.frame === null) {
      this.frame = document.createElement("iframe");
      this.frame.title = "Preview of the embed";
      this.frame.allow = "fullscreen";
      this.frame.style.height = `${height}px`;
      this.frame.src = address;
      this.stage.append(this.frame);
    } else if (address !== this.shown) {
      // In place of what it shows: Back is for the page, not for each choice.
      this.frame.contentWindow.location.replace(address);
    }
    this.shown = address;
  }

  #widen() {
    const width = this.preview.querySelector("input:checked").value;
    this.stage.style.setProperty("--width", `${width}px`);
    this.section.classList.toggle("is-wide", width === "960");
  }
}

/** Where readers reach the server. Behind a proxy the server may not know by which scheme. */
function baseOf(given) {
  const url = new URL(given);
  return url.host === location.host ? given.replace(url.origin, location.origin) : given;
}

function addStyle(address) {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = address;
  document.head.append(link);
}

function only(query, names) {
  return new URLSearchParams([...query].filter(([name]) => names.includes(name)));
}

/** The query as it is read most easily: a colon needs no escape. */
function text(query) {
  return query.size ? `?${String(query).replaceAll("%3A", ":")}` : "";
}

function fill(template, values, isPlain) {
  const escape = (value) => (isPlain ? value : value.replace(/[&<>"']/g, (character) => ESCAPES[character]));
  return template.replace(/\{(\w+)\}/g, (_, name) => escape(String(values[name])));
}

function say(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

async function copy({ text, button, said }) {
  try {
    await navigator.clipboard.writeText(text.value);
  } catch {
    // Not on a page without TLS, and not where the reader forbids it.
    text.focus();
    text.select();
    if (!document.execCommand("copy")) {
      said.textContent = "Selected: copy it with Ctrl+C or ⌘C";
      return;
    }
    button.focus();
  }
  said.textContent = "Copied";
}
