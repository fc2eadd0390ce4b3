/* What stands on the map beside the route: ways to see it (the part that was chosen, the whole
 * journey with what may come, what has been reported), full screen, and there the credits. */
import { say } from "./page.js";

export function viewControl(map, view, route) {
  const control = L.control({ position: "topright" });
  let reportedPart = null;
  control.onAdd = () => {
    const box = L.DomUtil.create("div", "views");
    const button = (text, bounds) => {
      const made = L.DomUtil.create("button", "", box);
      made.type = "button";
      made.textContent = text;
      made.addEventListener("click", () => map.fitBounds(bounds(), {
        // The numbers have room beside the buttons, and the names beside the numbers.
        paddingTopLeft: [70, 66], paddingBottomRight: [70, 44], maxZoom: 9,
      }));
      return made;
    };
    if (view.part) {
      box.classList.add("has-part");
      button(say("chosen_part"), () => view.part);
    }
    button(say("whole_route"), () => view.extent).dataset.view = "whole";
    reportedPart = button(say("reported_part"), () => L.latLngBounds(route.reported.map(({ lat, lon }) => [lat, lon])));
    L.DomEvent.disableClickPropagation(box);
    return box;
  };
  control.addTo(map);
  return { renew: () => { reportedPart.disabled = route.reported.length === 0; } };
}

/** The scale of maps to come, in the units of the page. */
export function nameScale() {
  L.Control.Scale.include({
    _updateScale(bar, text, ratio) {
      const [number, unit] = text.split(" ");
      bar.style.width = `${Math.round(this.options.maxWidth * ratio)}px`;
      bar.textContent = say(unit, { number });
    },
  });
}

/** In full screen nothing of the page is in sight: the credits go along on the map. */
export function creditControl(map) {
  const control = L.control({ position: "bottomright" });
  control.onAdd = () => {
    const box = L.DomUtil.create("div", "map-credit");
    box.textContent = [...document.querySelectorAll(".credits")].map((line) => line.textContent.trim()).join(" · ");
    return box;
  };
  control.addTo(map);
}

/** Whether the map has all of the screen, or of a frame that may not have the screen. */
export function isFull(map) {
  return hasScreen() || map.getContainer().classList.contains("leaflet-pseudo-fullscreen");
}

/** On some phones nothing but a video has either of these. */
function hasScreen() {
  return Boolean(document.fullscreenElement ?? document.webkitFullscreenElement);
}

/** The buttons of Leaflet and of its full screen in the words of the page, and a way out of a full
 * screen that is only that of the frame. */
export function nameControls(map) {
  const name = (element, text) => {
    element.title = text;
    element.setAttribute("aria-label", text);
  };
  name(map.zoomControl.getContainer().querySelector(".leaflet-control-zoom-in"), say("zoom_in"));
  name(map.zoomControl.getContainer().querySelector(".leaflet-control-zoom-out"), say("zoom_out"));

  const { link, options } = map.fullscreenControl;
  Object.assign(options, { title: say("full_screen"), titleCancel: say("leave_full_screen") });
  const renew = () => name(link, say(isFull(map) ? "leave_full_screen" : "full_screen"));
  renew();
  map.on("enterFullscreen exitFullscreen", renew);
  document.addEventListener("fullscreenchange", renew);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || hasScreen() || !isFull(map)) return;
    // One press of the key does one thing.
    event.stopImmediatePropagation();
    map.toggleFullscreen();
  }, { capture: true });
}
