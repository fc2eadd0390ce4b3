/* The page scrolls past the map: one finger and the bare wheel belong to the page, two fingers
 * and Ctrl + wheel to the map. In full screen the map has everything. */

const HINT_TIME = 1600;

export function gentleGestures(map, frame) {
  const container = map.getContainer();
  const hint = document.createElement("p");
  hint.className = "gesture-hint";
  hint.setAttribute("aria-hidden", "true");
  frame.append(hint);
  let hiding = null;

  const isFull = () => document.fullscreenElement !== null || container.classList.contains("leaflet-pseudo-fullscreen");
  const tell = (text) => {
    hint.textContent = text;
    hint.classList.add("is-shown");
    clearTimeout(hiding);
    hiding = setTimeout(() => hint.classList.remove("is-shown"), HINT_TIME);
  };

  container.addEventListener("wheel", (event) => {
    const meant = event.ctrlKey || event.metaKey || isFull();
    map.scrollWheelZoom[meant ? "enable" : "disable"]();
    if (!meant) tell("Use Ctrl + scroll to zoom the map");
  }, { capture: true, passive: true });

  container.addEventListener("pointerdown", (event) => {
    map.dragging[event.pointerType !== "touch" || isFull() ? "enable" : "disable"]();
  }, { capture: true });
  container.addEventListener("touchmove", (event) => {
    if (event.touches.length === 1 && !isFull()) tell("Use two fingers to move the map");
  }, { passive: true });
  if (matchMedia("(pointer: coarse)").matches) map.dragging.disable();
}
