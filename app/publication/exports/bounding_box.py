"""The box around lines and points, which may lie on both sides of the antimeridian.

Imports nothing of ours.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

Part = Sequence[Sequence[float]]
"""Positions ``[lon, lat]`` within ±180°, joined in their order."""


def bounding_box(parts: Iterable[Part]) -> list[float] | None:
    """``[west, south, east, north]`` as GeoJSON has it; ``None`` around nothing.

    The narrowest box: ``west`` is greater than ``east`` where it lies over the antimeridian
    (RFC 7946, section 5.2).

    >>> bounding_box([[[179.0, 1.0], [180.0, 2.0]], [[-180.0, 2.0], [-178.0, 3.0]]])
    [179.0, 1.0, -178.0, 3.0]
    """
    spans: list[tuple[float, float]] = []
    lats: list[float] = []
    for part in parts:
        lons = [position[0] for position in part]
        spans.append((min(lons), max(lons)))
        lats += [position[1] for position in part]
    if not spans:
        return None
    merged = _merged(sorted(spans))
    west, east = merged[0][0], merged[-1][1]
    widest = west + 360.0 - east
    for (_, before), (after, _) in pairwise(merged):
        if after - before > widest:
            west, east, widest = after, before, after - before
    return [west, min(lats), east, max(lats)]


def _merged(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Spans that touch as one; ``spans`` are sorted."""
    merged = [spans[0]]
    for west, east in spans[1:]:
        last_west, last_east = merged[-1]
        if west <= last_east:
            merged[-1] = (last_west, max(last_east, east))
        else:
            merged.append((west, east))
    return merged
