/* Two ways to see the map: the whole journey with what may come, or what has been reported. */

export function viewControl(map, extent, route) {
  const control = L.control({ position: "topright" });
  control.onAdd = () => {
    const box = L.DomUtil.create("div", "views");
    const button = (text, bounds) => {
      const made = L.DomUtil.create("button", "", box);
      made.type = "button";
      made.textContent = text;
      made.addEventListener("click", () => {
        const shown = bounds();
        if (shown) map.fitBounds(shown, { padding: [44, 44], maxZoom: 9 });
      });
    };
    button("Whole route", () => extent);
    button("Reported part", () => {
      const reported = route.waypoints.filter((waypoint) => waypoint.status === "reported");
      return reported.length ? L.latLngBounds(reported.map(({ lat, lon }) => [lat, lon])) : null;
    });
    L.DomEvent.disableClickPropagation(box);
    return box;
  };
  control.addTo(map);
}
