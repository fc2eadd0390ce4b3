"""What lies under a trip's map: land, borders, lakes, railways, names of cities.

Lives here: the window that a trip's map shows, and the ground inside it as bytes. It depends on
the places of the trip alone, never on time, so that the slider moves over still ground.
"""

from collections.abc import Callable

from app.geo.basemap import BaseMap
from app.geo.gazetteer import Gazetteer
from app.geo.rail_lines import RailLines
from app.journey.derived import Itinerary
from app.journey.model import Position
from app.pictures.extent import Extent
from app.publication import documents, formats
from app.publication.cache import Answer, OnceCache
from app.publication.documents import Document

LABELS = 120
PIXELS_ACROSS = 2000
"""How wide the widest screen is taken to be: what is finer than its pixels is left out."""


def extent_of(itinerary: Itinerary) -> Extent:
    """The window around all that a trip names and its ways, with a margin."""
    trip = itinerary.trip
    positions: list[Position] = [
        trip.places[s.place].position
        for s in trip.sightings
        if not trip.places[s.place].is_regional
    ]
    for leg in itinerary.legs:
        if leg.route is not None:
            positions += leg.route.geometry
    return Extent.around(positions).with_margin()


class Ground:
    """The ground under maps; ``rail_lines`` gives the railways when they are first needed."""

    def __init__(
        self,
        basemap: BaseMap,
        rail_lines: Callable[[], RailLines],
        gazetteer: Gazetteer,
        credit: str,
    ) -> None:
        self._basemap = basemap
        self._rail_lines = rail_lines
        self._gazetteer = gazetteer
        self._credit = credit
        self._kept: OnceCache[Answer] = OnceCache(64)

    def answer(self, extent: Extent) -> Answer:
        """The ground in ``extent`` and around it, as far as any screen shows."""
        shown = extent.for_any_screen()
        return self._kept.get(shown, lambda: self._make(shown))

    def _make(self, shown: Extent) -> Answer:
        west, east = _wrapped(shown.west), _wrapped(shown.east)
        if shown.east - shown.west >= 360.0:
            west, east = -180.0, 180.0
        drawn = self._basemap.clip(
            west=west, south=shown.south, east=east, north=shown.north, unwrap=True
        )
        lines = self._rail_lines().clip(
            west=west,
            south=shown.south,
            east=east,
            north=shown.north,
            tolerance_deg=(shown.east - shown.west) / PIXELS_ACROSS,
        )
        labels = self._labels(west, shown.south, east, shown.north)
        return Answer.of(
            formats.to_json({**drawn, "railways": lines, "labels": labels, "credit": self._credit}),
            "application/json",
        )

    def _labels(self, west: float, south: float, east: float, north: float) -> Document:
        features = []
        for label in self._gazetteer.labels(west, south, east, north, limit=LABELS):
            lon, lat = documents.coordinate(label.place.position)
            if west > east and lon < west:
                lon += 360.0
            features.append(
                {
                    "type": "Feature",
                    "properties": {
                        "name": label.place.name,
                        "names": dict(label.place.names),
                        "population": label.population,
                    },
                    "geometry": {"type": "Point", "coordinates": [lon, lat]},
                }
            )
        return {"type": "FeatureCollection", "features": features}


def _wrapped(lon: float) -> float:
    return (lon + 180.0) % 360.0 - 180.0 if not -180.0 <= lon <= 180.0 else lon
