"""Distances and lines on the earth, on WGS 84.

Lives here: the geodesic between two positions, lines for drawing it, and the bulk formulas
that networks are built and searched with. Not here: networks. Imports
:mod:`app.journey.model` and :mod:`app.errors` only.
"""

import math
from typing import TypeAlias

import numpy as np
from geographiclib.geodesic import Geodesic
from numpy.typing import NDArray

from app.errors import InputError
from app.journey.model import Position

Floats: TypeAlias = NDArray[np.float64]

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the earth (IUGG, R1)."""

_EQUATOR_KM = 6378.137
_ECCENTRICITY_SQUARED = 0.00669437999014
_SHORT_ARC_KM = 50.0


def checked(position: Position, field: str = "position") -> Position:
    """The same position, when it is one.

    Raises :class:`~app.errors.InputError` naming ``field`` when a coordinate is not a finite
    number, the latitude lies beyond a pole, or the longitude beyond ±180°.

    >>> checked(Position(lon=130.6, lat=42.4)).lat
    42.4
    """
    lon, lat = position
    if not (math.isfinite(lon) and math.isfinite(lat)):
        raise InputError(field, "longitude and latitude must be finite numbers")
    if not -90.0 <= lat <= 90.0:
        raise InputError(field, f"latitude {lat:g} is not between -90 and 90")
    if not -180.0 <= lon <= 180.0:
        raise InputError(field, f"longitude {lon:g} is not between -180 and 180")
    return position


def great_circle_km(origin: Position, destination: Position) -> float:
    """Length of the shortest line between two positions, km.

    The geodesic on the WGS 84 ellipsoid (Karney 2013, *Journal of Geodesy* 87), good to
    nanometres for every pair, poles and antipodes included. Raises
    :class:`~app.errors.InputError` for what is no position.

    >>> round(great_circle_km(Position(0, -90), Position(77, 90)))
    20004
    """
    a, b = checked(origin, "origin"), checked(destination, "destination")
    inverse = Geodesic.WGS84.Inverse(a.lat, a.lon, b.lat, b.lon, Geodesic.DISTANCE)
    return float(inverse["s12"]) / 1000.0


def great_circle_line(
    origin: Position, destination: Position, *, step_km: float = 100.0
) -> tuple[Position, ...]:
    """The shortest line as points at most ``step_km`` apart, both ends included.

    Longitudes run on continuously: a line over the Pacific goes past 180 and does not jump
    back. Antipodal pairs have many shortest lines; one of them is returned.
    """
    a, b = checked(origin, "origin"), checked(destination, "destination")
    line = Geodesic.WGS84.InverseLine(
        a.lat, a.lon, b.lat, b.lon, Geodesic.STANDARD | Geodesic.DISTANCE_IN
    )
    count = max(1, math.ceil(line.s13 / 1000.0 / step_km))
    points = [a]
    for index in range(1, count):
        at = line.Position(line.s13 * index / count, Geodesic.STANDARD)
        points.append(Position(lon=float(at["lon2"]), lat=float(at["lat2"])))
    points.append(b)
    return continuous(points)


def continuous(points: "list[Position] | tuple[Position, ...]") -> tuple[Position, ...]:
    """The same points with whole turns added, so that no longitude jumps by over 180°."""
    if not points:
        return ()
    lons = np.unwrap([point.lon for point in points], period=360.0)
    first = float(lons[0])
    return tuple(
        # A point that needs no turn keeps its digits: unwrapping adds rounding noise.
        Position(point.lon + 360.0 * round((float(lon) - point.lon) / 360.0), point.lat)
        for point, lon in zip(points, lons - first + points[0].lon, strict=True)
    )


def haversine_km(lon_a: Floats, lat_a: Floats, lon_b: Floats, lat_b: Floats) -> Floats:
    """Distance on a sphere, km, for arrays of degrees; within 0.6 % of the geodesic."""
    north_a, north_b = np.radians(lat_a), np.radians(lat_b)
    half_lat = (north_b - north_a) / 2.0
    half_lon = np.radians(lon_b - lon_a) / 2.0
    chord = np.sin(half_lat) ** 2 + np.cos(north_a) * np.cos(north_b) * np.sin(half_lon) ** 2
    return np.asarray(2.0 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(chord, 0.0, 1.0))))


def geodesic_km(lon_a: Floats, lat_a: Floats, lon_b: Floats, lat_b: Floats) -> Floats:
    """Length of the geodesic, km, for arrays of degrees.

    Arcs up to 50 km come from the radii of curvature at their middle (good to one part in
    100,000), longer ones and those near a pole from :func:`great_circle_km`.
    """
    middle = np.radians((lat_a + lat_b) / 2.0)
    turn = (lon_b - lon_a + 180.0) % 360.0 - 180.0
    bend = 1.0 - _ECCENTRICITY_SQUARED * np.sin(middle) ** 2
    across = _EQUATOR_KM / np.sqrt(bend)
    along = across * (1.0 - _ECCENTRICITY_SQUARED) / bend
    east = np.radians(turn) * across * np.cos(middle)
    north = np.radians(lat_b - lat_a) * along
    length = np.asarray(np.hypot(east, north))
    near_pole = np.maximum(np.abs(lat_a), np.abs(lat_b)) > 85.0
    for index in np.flatnonzero((length > _SHORT_ARC_KM) | near_pole):
        length[index] = great_circle_km(
            Position(float(lon_a[index]), float(lat_a[index])),
            Position(float(lon_b[index]), float(lat_b[index])),
        )
    return length


def on_sphere_km(lon: Floats, lat: Floats) -> Floats:
    """Cartesian coordinates in km on a sphere, shape (n, 3), for nearest-neighbour trees."""
    east, north = np.radians(lon), np.radians(lat)
    return EARTH_RADIUS_KM * np.column_stack(
        (np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north))
    )
