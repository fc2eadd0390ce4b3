"""Which time zone a position lies in, and which ones meet near a border.

Lives here: :class:`TimeZones`, the :class:`app.journey.protocols.Zones` of the product, over
the world-wide zone polygons of tzfpy (built from OpenStreetMap; at sea the nautical zones).
Not here: what a clock says in a zone (:mod:`app.journey.time_wording`).
"""

import math

from geographiclib.geodesic import Geodesic
from tzfpy import get_tz

from app.errors import InputError
from app.journey.model import Position

MAX_RADIUS_KM = 1000.0
_BEARINGS = range(0, 360, 15)
_RINGS = (0.5, 1.0)


class TimeZones:
    """Time zones by position; holds no state, so one serves every thread.

    >>> TimeZones().time_zone(Position(lon=125.75, lat=39.03))
    'Asia/Pyongyang'
    >>> TimeZones().time_zone(Position(lon=-40.0, lat=30.0))
    'Etc/GMT+3'
    """

    def time_zone(self, position: Position) -> str:
        """IANA name of the zone; a nautical ``Etc/GMT±n`` zone at sea.

        At the poles, where every zone meets, it is the zone that the polygons give for the
        given longitude. Raises :class:`app.errors.InputError` (field ``position``) when
        ``lon`` is not within ±180 or ``lat`` not within ±90 degrees, NaN and infinity included.
        """
        _require_on_earth(position)
        return _zone_at(position.lon, position.lat)

    def time_zones_near(self, position: Position, radius_km: float) -> tuple[str, ...]:
        """Every zone of the land within ``radius_km``, the position's own first.

        For a place on a border, where the clock of either side may be meant. The circle is
        sampled along two rings (half and whole radius) every 15 degrees; the rest is in
        alphabetical order. Nautical zones count only when the position is at sea itself:
        nobody on a coast lives by them. Raises :class:`app.errors.InputError` for a position
        off the Earth or a radius that is not within 0 to 1,000 km.
        """
        own = self.time_zone(position)
        if not 0 <= radius_km <= MAX_RADIUS_KM:
            raise InputError("radius_km", f"must be from 0 to {MAX_RADIUS_KM:g} km, is {radius_km}")
        found: set[str] = set()
        for share in _RINGS if radius_km else ():
            for bearing in _BEARINGS:
                point = Geodesic.WGS84.Direct(
                    position.lat, position.lon, bearing, radius_km * share * 1000.0
                )
                found.add(_zone_at(point["lon2"], point["lat2"]))
        others = {zone for zone in found if own.startswith("Etc/") or not zone.startswith("Etc/")}
        return (own, *sorted(others - {own}))


def _zone_at(lon: float, lat: float) -> str:
    # An empty answer would be a hole between two polygons: the sun's own zone is within an
    # hour of the truth there.
    return str(get_tz(lon, lat)) or _nautical(lon)


def _nautical(lon: float) -> str:
    hours = round(lon / 15)
    # POSIX counts westward, so east of Greenwich has the minus sign.
    return "Etc/GMT" if hours == 0 else f"Etc/GMT{-hours:+d}"


def _require_on_earth(position: Position) -> None:
    for name, value, limit in (("lon", position.lon, 180), ("lat", position.lat, 90)):
        if not math.isfinite(value) or abs(value) > limit:
            raise InputError("position", f"{name} must be from -{limit} to {limit}, is {value}")
