/* What stands on the map beside the route: two ways to see it (the whole journey with what may
 * come, or what has been reported) and, in full screen, the credits. */

export function viewControl(map, extent, route) {
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
    button("Whole route", () => extent);
    reportedPart = button("Reported part", () => L.latLngBounds(route.reported.map(({ lat, lon }) => [lat, lon])));
    L.DomEvent.disableClickPropagation(box);
    return box;
  };
  control.addTo(map);
  return { renew: () => { reportedPart.disabled = route.reported.length === 0; } };
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
