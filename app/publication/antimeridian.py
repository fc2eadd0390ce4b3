"""Lines over the antimeridian, as GeoJSON wants them.

Lives here: cutting a line at ±180° (RFC 7946, section 3.1.9). Maps draw lines uncut. Imports
nothing.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import floor
from typing import Any


def cut_line(coordinates: Sequence[Sequence[float]]) -> dict[str, Any]:
    """A GeoJSON line within ±180°, in parts where it crosses the antimeridian.

    ``coordinates`` are ``[lon, lat]``; from one to the next the shorter way round is meant, and
    longitudes may run on past 180.

    >>> cut_line([[179.0, 10.0], [-179.0, 20.0]])["coordinates"]
    [[[179.0, 10.0], [180.0, 15.0]], [[-180.0, 15.0], [-179.0, 20.0]]]
    """
    line = _without_jumps(coordinates)
    turn = _turn(line[0][0])
    parts: list[list[list[float]]] = [[[line[0][0] - 360.0 * turn, line[0][1]]]]
    for (lon_a, lat_a), (lon_b, lat_b) in pairwise(line):
        following = _turn(lon_b)
        if following != turn:
            east = following > turn
            edge = 360.0 * max(turn, following) - 180.0
            share = (edge - lon_a) / (lon_b - lon_a)
            lat = round(lat_a + share * (lat_b - lat_a), 5)
            parts[-1].append([180.0 if east else -180.0, lat])
            parts.append([[-180.0 if east else 180.0, lat]])
            turn = following
        parts[-1].append([round(lon_b - 360.0 * turn, 5), lat_b])
    # A line that begins or ends on the antimeridian itself leaves a part without length.
    kept = [part for part in parts if any(point != part[0] for point in part)] or parts[:1]
    if len(kept) == 1:
        return {"type": "LineString", "coordinates": kept[0]}
    return {"type": "MultiLineString", "coordinates": kept}


def _turn(lon: float) -> int:
    """How many whole turns a longitude lies east of the map."""
    return floor((lon + 180.0) / 360.0)


def _without_jumps(coordinates: Sequence[Sequence[float]]) -> list[tuple[float, float]]:
    line: list[tuple[float, float]] = []
    for lon, lat in coordinates:
        if line:
            turns = round((line[-1][0] - lon) / 360.0)
            line.append((lon + 360.0 * turns, lat))
        else:
            line.append((lon, lat))
    return line
