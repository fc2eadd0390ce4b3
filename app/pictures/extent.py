"""How much of the world a picture shows.

Lives here: :class:`Extent`, the smallest window around positions, right across the
antimeridian too. Imports the journey's nouns only.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from app.journey.model import Position

WIDEST_ASPECT = 3.9
"""Width over height of what a map leaves to a route on any screen: of an embed across a page, 1600
pixels wide and 560 high, above all; of a narrow column on a phone, 280 by 800."""
TALLEST_ASPECT = 0.52
ROOM = 1.4
"""How much more than the window a screen shows at most: padding in pixels, and steps of zoom."""
MARGIN = 0.05
"""Share of the window's size left free on every side."""
SMALLEST_DEGREES = 1.2
MERCATOR_LIMIT = 84.0


@dataclass(frozen=True, slots=True)
class Extent:
    """A window in degrees. ``east`` is above 180 where it reaches across the antimeridian."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def around(cls, positions: Iterable[Position]) -> "Extent":
        """The smallest window that holds all positions; the whole world when there are none.

        >>> fiji_to_samoa = [Position(lon=178.4, lat=-18.1), Position(lon=-171.8, lat=-13.8)]
        >>> extent = Extent.around(fiji_to_samoa)
        >>> (extent.west, round(extent.east, 1))
        (178.4, 188.2)
        """
        listed = list(positions)
        if not listed:
            return cls(-180.0, -60.0, 180.0, 75.0)
        # A way across the antimeridian counts on, as 182.5, where a place stands at -177.5.
        lons = sorted({_on_the_globe(position.lon) for position in listed})
        # The window is what is left of the circle when its widest empty arc is taken out.
        gaps = [
            ((lons[(n + 1) % len(lons)] - lon) % 360.0 or 360.0, n) for n, lon in enumerate(lons)
        ]
        _, before = max(gaps)
        west, east = lons[(before + 1) % len(lons)], lons[before]
        lats = [position.lat for position in listed]
        return cls(west, min(lats), east + (360.0 if east < west else 0.0), max(lats))

    def with_margin(self) -> "Extent":
        """With room for markers and labels; a single place gets a window of some size."""
        width = max(self.east - self.west, SMALLEST_DEGREES)
        height = max(self.north - self.south, SMALLEST_DEGREES)
        return self._grown(
            (width * (1 + 2 * MARGIN) - (self.east - self.west)) / 2,
            (height * (1 + 2 * MARGIN) - (self.north - self.south)) / 2,
        )

    def for_any_screen(self, widest: float = WIDEST_ASPECT) -> "Extent":
        """Widened so that wide and tall screens, shown this window, see no edge of the data."""
        width, height = self.east - self.west, _mercator(self.north) - _mercator(self.south)
        wide = max(width, height * widest) * ROOM
        tall = max(height, width / TALLEST_ASPECT) * ROOM
        east_west, taller = (wide - width) / 2, (tall - height) / 2
        south = _latitude(_mercator(self.south) - taller)
        north = _latitude(_mercator(self.north) + taller)
        wider = self._grown(east_west, 0.0)
        return Extent(
            wider.west, max(south, -MERCATOR_LIMIT), wider.east, min(north, MERCATOR_LIMIT)
        )

    def _grown(self, degrees_lon: float, degrees_lat: float) -> "Extent":
        west, east = self.west - degrees_lon, self.east + degrees_lon
        if east - west >= 360.0:
            middle = (west + east) / 2
            west, east = middle - 180.0, middle + 180.0
        # What lies nearer to a pole than the limit stays inside all the same.
        return Extent(
            west,
            min(self.south, max(self.south - degrees_lat, -MERCATOR_LIMIT)),
            east,
            max(self.north, min(self.north + degrees_lat, MERCATOR_LIMIT)),
        )


def _on_the_globe(lon: float) -> float:
    """From -180 on to less than 180; what is there already stays as it is, to the last digit."""
    return lon if -180.0 <= lon < 180.0 else (lon + 180.0) % 360.0 - 180.0


def _mercator(lat: float) -> float:
    """Height on a Mercator map, in degrees at the equator."""
    bounded = max(-MERCATOR_LIMIT, min(MERCATOR_LIMIT, lat))
    return math.degrees(math.asinh(math.tan(math.radians(bounded))))


def _latitude(height: float) -> float:
    return math.degrees(math.atan(math.sinh(math.radians(height))))
