/* The page scrolls past the map: one finger and the bare wheel belong to the page, two fingers
 * and Ctrl + wheel to the map. In full screen the map has everything. */
import { say } from "./page.js";
import { isFull } from "./views.js";

const HINT_TIME = 1600;

export function gentleGestures(map, frame) {
  const container = map.getContainer();
  const hint = document.createElement("p");
  hint.className = "gesture-hint";
  hint.setAttribute("aria-hidden", "true");
  frame.append(hint);
  let hiding = null;

  const tell = (text) => {
    hint.textContent = text;
    hint.classList.add("is-shown");
    clearTimeout(hiding);
    hiding = setTimeout(() => hint.classList.remove("is-shown"), HINT_TIME);
  };

  container.addEventListener("wheel", (event) => {
    const meant = event.ctrlKey || event.metaKey || isFull(map);
    map.scrollWheelZoom[meant ? "enable" : "disable"]();
    if (!meant) tell(say("scroll_to_zoom"));
  }, { capture: true, passive: true });

  const drag = (isFinger) => map.dragging[isFinger && !isFull(map) ? "disable" : "enable"]();
  container.addEventListener("pointerdown", ({ pointerType }) => drag(pointerType === "touch"), { capture: true });
  container.addEventListener("touchmove", (event) => {
    if (event.touches.length === 1 && !isFull(map)) tell(say("fingers_to_move"));
  }, { passive: true });

  // A browser asks this before it tells of any finger, also where there is a mouse as well.
  const settle = () => {
    container.style.touchAction = isFull(map) ? "none" : "pan-x pan-y";
    drag(matchMedia("(pointer: coarse)").matches);
  };
  settle();
  map.on("enterFullscreen exitFullscreen", settle);
  document.addEventListener("fullscreenchange", settle);
}
