/* "Known at": moves through the steps at which something was published.
 *
 * Each step is the page itself at ?as_of=: it is fetched, and its marked regions and map data
 * take the place of those shown. So there is one rendering, and every step has an address. */

const PAUSE = 1800;
const SETTLE = 140;

export function startSlider(first, show) {
  const bar = document.querySelector("[data-slider]");
  const { steps } = first;
  if (!bar || steps.length < 2) return;
  const range = bar.querySelector("input");
  const [back, on, play] = ["back", "on", "play"].map((name) => bar.querySelector(`[data-step=${name}]`));
  const pages = new Map();
  let at = place(first.as_of);
  let asked = 0;
  let timer = null;
  let settling = null;

  function place(asOf) {
    return Math.max(0, steps.findIndex((step) => step.as_of === asOf));
  }

  function address(n) {
    const url = new URL(location.href);
    url.searchParams.set("as_of", steps[n].as_of);
    return url;
  }

  function load(n) {
    if (!pages.has(n)) {
      const url = new URL(location.pathname, location.href);
      url.searchParams.set("as_of", steps[n].as_of);
      const page = fetch(url).then((answer) => {
        if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
        return answer.text();
      }).then((text) => new DOMParser().parseFromString(text, "text/html"));
      page.catch(() => pages.delete(n));
      pages.set(n, page);
    }
    return pages.get(n);
  }

  function mark(n) {
    at = n;
    range.value = n;
    range.setAttribute("aria-valuetext", `${steps[n].time}, ${steps[n].publishers}`);
    // Not `disabled`: that would take the focus from whoever presses the last step.
    back.setAttribute("aria-disabled", n === 0);
    on.setAttribute("aria-disabled", n === steps.length - 1);
  }

  async function go(n, history = "push") {
    const turn = ++asked;
    mark(n);
    let page;
    try {
      page = await load(n);
    } catch {
      stop();
      document.querySelector("[data-part=known]").textContent = "This step could not be loaded; check the connection and try again.";
      return;
    }
    if (turn !== asked) return;
    exchange(page);
    show(page);
    remember(n, history);
    if (n + 1 < steps.length && timer) load(n + 1).catch(() => {});
  }

  function remember(n, how) {
    if (how === "none") return;
    try {
      history[how === "push" ? "pushState" : "replaceState"]({ step: n }, "", address(n));
    } catch {
      // A sandboxed frame has no history of its own; the slider works all the same.
    }
  }

  function stop() {
    clearInterval(timer);
    timer = null;
    play.textContent = "Play";
    play.setAttribute("aria-pressed", "false");
  }

  function start() {
    play.textContent = "Pause";
    play.setAttribute("aria-pressed", "true");
    timer = setInterval(() => {
      if (at + 1 < steps.length) go(at + 1, "replace");
      if (at + 1 >= steps.length) stop();
    }, PAUSE);
    go(at + 1 < steps.length ? at + 1 : 0, "replace");
  }

  range.addEventListener("input", () => {
    stop();
    mark(Number(range.value));
    clearTimeout(settling);
    settling = setTimeout(() => go(Number(range.value)), SETTLE);
  });
  back.addEventListener("click", () => { stop(); if (at > 0) go(at - 1); });
  on.addEventListener("click", () => { stop(); if (at + 1 < steps.length) go(at + 1); });
  play.addEventListener("click", () => { if (timer) stop(); else start(); });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-as-of]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    stop();
    go(place(link.dataset.asOf));
  });
  addEventListener("popstate", () => {
    stop();
    const asOf = new URL(location.href).searchParams.get("as_of");
    go(asOf === null ? steps.length - 1 : place(asOf), "none");
  });

  mark(at);
  bar.hidden = false;
}

function exchange(page) {
  for (const part of document.querySelectorAll("[data-part]")) {
    const next = page.querySelector(`[data-part="${part.dataset.part}"]`);
    if (next) part.replaceChildren(...document.importNode(next, true).childNodes);
  }
}
