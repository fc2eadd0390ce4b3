/* Tells the page around an embed how high it wants to be, in every way that such pages listen to:
 *
 *   pym             "pymxPYMx{id}xPYMxheightxPYMx{px}", with the childId of the address
 *   Datawrapper     {"datawrapper-height": {id: px}}
 *   iframe-resizer  "[iFrameSizer]{id}:{px}:{width}:{what}" (v4 and v5), once it has told its id
 *   AMP             {sentinel: "amp", type: "embed-size", height}
 *   WordPress       {message: "height", value, secret}, with the secret of the address; and "link"
 *   ours            {type: "dateline-height", height} (embed.js)
 *
 * What is told follows from the width and from what stands in the embed, never from the height that
 * the frame has now: so a page that obeys is never asked for more. Of what the page around says, only
 * that it wants the height told again, and under which name, is read. */

const LEAST_MAP = 220;

const RESIZER = "[iFrameSizer]";
const LONGEST = 2000;

/** `trip` is the name that hosts know the embed by; `height` is fixed, or null: what fits. */
export function tellHeights({ trip, height: fixed }) {
  if (window.parent === window) return;
  const pymId = new URLSearchParams(location.search).get("childId") ?? "";
  let secret = secretOf(location);
  let resizer = null;
  let told = 0;

  const post = (message) => window.parent.postMessage(message, "*");
  const tell = (what = "size", { again = true } = {}) => {
    const height = fixed ?? Math.ceil(wanted(innerWidth));
    // Nobody has laid out a frame that is not shown.
    if (innerWidth === 0 || (height === told && !again)) return;
    told = height;
    post({ type: "dateline-height", height });
    post(`pymxPYMx${pymId}xPYMxheightxPYMx${height}`);
    post({ "datawrapper-height": { [pymId || trip]: height } });
    post({ sentinel: "amp", type: "embed-size", height });
    if (secret !== null) post({ message: "height", value: height, secret });
    if (resizer !== null) post(`${RESIZER}${resizer}:${height}:${innerWidth}:${what}`);
  };

  addEventListener("hashchange", () => {
    const found = secretOf(location);
    if (found === null || found === secret) return;
    secret = found;
    tell();
  });
  addEventListener("message", ({ data, source }) => {
    if (source !== window.parent) return;
    if (typeof data === "string") {
      if (data.length > LONGEST) return;
      if (data.startsWith(RESIZER)) hear(data.slice(RESIZER.length));
      else if (data.startsWith(`pymxPYMx${pymId}xPYMxwidthxPYMx`)) tell();
    } else if (data?.type === "dateline-ask" || (secret !== null && data?.message === "ready" && data.secret === secret)) {
      tell();
    }
  });

  /** iframe-resizer: "id:8:false:…" at first, whose wishes we do not need; "resize" later. */
  const hear = (said) => {
    const [id, , sizesWidth] = said.split(":");
    if (id && ["true", "false"].includes(sizesWidth)) {
      resizer = id;
      tell("init");
    } else if (resizer !== null && /^(?:resize|reset|size)$/.test(said)) tell();
  };

  // A frame of WordPress may open nothing: it is the page around that follows a link to here.
  addEventListener("click", (event) => {
    const link = event.target.closest?.("a[target=_blank]");
    if (secret === null || window.origin !== "null" || link?.host !== location.host) return;
    event.preventDefault();
    post({ message: "link", value: link.href, secret });
  });

  const observer = new ResizeObserver(() => tell("size", { again: false }));
  for (const part of [document.documentElement, ...parts()]) observer.observe(part);
  // It asked before this script was here; that it is, makes it ask again.
  post("[iFrameResizerChild]Ready");
  tell();
}

/** What WordPress gives to a frame, so that it knows the frame again; null: it gave nothing. */
function secretOf({ hash }) {
  const [, secret = null] = /[#?&]secret=([a-z0-9]{1,64})(?:&|$)/i.exec(hash) ?? [];
  return secret;
}

/** What a map with its text is high: as the pictures for a phone (360 × 520) and a column (720 × 560). */
function shape(width) {
  return Math.min(480 + width / 9, 640);
}

function parts() {
  return [...document.querySelectorAll("body > :is(header, footer), body > main > *")];
}

function wanted(width) {
  const heightOf = (part) => {
    const { display, position, marginTop, marginBottom } = getComputedStyle(part);
    if (display === "none" || position === "absolute") return 0;
    return part.getBoundingClientRect().height + parseFloat(marginTop) + parseFloat(marginBottom);
  };
  const sum = (some) => some.map(heightOf).reduce((a, b) => a + b, 0);
  const all = parts();
  const text = sum(all.filter((part) => !part.matches("#map, .diagram")));
  const diagram = sum(all.filter((part) => part.matches(".diagram")));
  const hasMap = all.some((part) => part.id === "map");
  return diagram + (hasMap ? Math.max(shape(width), text + LEAST_MAP) : text);
}
