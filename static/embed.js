/* For pages that embed a journey: gives each frame of Dateline the height that it asks for.
 *
 *   <script src="https://…/embed.js" async></script>
 *
 * Once, anywhere on the page, before or after the frames; more often does no harm. It touches
 * nothing but the height of frames that show an embed and ask for it. */
(() => {
  // Bundled with other scripts we have no address; then an embed is known by its address alone.
  const { src = "" } = document.currentScript || {};
  const ours = /\/embed\.js([?#]|$)/.test(src) ? new URL(src).origin : null;

  const originOf = (frame) => {
    let url;
    try {
      url = new URL(frame.src);
    } catch {
      return null;
    }
    const isEmbed = /\/embed[/.]/.test(url.pathname) && (!ours || ours === url.origin);
    return isEmbed ? url.origin : null;
  };

  addEventListener("message", ({ data, origin, source }) => {
    if (!data || data.type !== "dateline-height" || !Number.isFinite(data.height)) return;
    const height = Math.round(data.height);
    if (height < 100 || height > 5000) return;
    for (const frame of document.querySelectorAll("iframe")) {
      if (frame.contentWindow !== source) continue;
      const its = originOf(frame);
      // A sandboxed frame has the origin "null".
      if (its && (origin === its || origin === "null")) frame.style.height = `${height}px`;
    }
  });

  // Those that were here first have told it to nobody.
  for (const frame of document.querySelectorAll("iframe")) {
    if (originOf(frame)) frame.contentWindow.postMessage({ type: "dateline-ask" }, "*");
  }
})();
