"""Stretches of a network's edges, and the lines that draw them.

Lives here: merging stretches into lines, and thinning what is too much to draw. Not here: which
stretches those are (:mod:`app.geo.reach`). Imports its neighbours and
:mod:`app.journey.model`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import shapely

from app.geo.geodesy import Floats, haversine_km
from app.geo.network import Indexes, Network
from app.journey.model import Position

SHORTEST_KM = 1e-9
"""A stretch or a gap no longer than this is rounding."""

MOST_POINTS = 20_000
"""More points than this are thinned."""

_FIRST_STEP_KM = 0.8
_COARSER = 1.4
_KM_PER_DEGREE = 111.7
"""As many as a degree has anywhere."""


@dataclass(frozen=True, slots=True)
class Stretches:
    """Parts of edges, from the fraction ``low`` of each to ``high``, counted from its ``u``."""

    edge: Indexes
    low: Floats
    high: Floats

    @classmethod
    def on_edge(cls, edge: int, spans: Sequence[tuple[float, float]]) -> "Stretches":
        """These spans of one edge."""
        low, high = np.array(spans, dtype=np.float64).reshape(-1, 2).T
        return cls(np.full(len(spans), edge, dtype=np.int32), low, high)

    @classmethod
    def together(cls, some: Sequence["Stretches"]) -> "Stretches":
        """All of them."""
        return cls(
            np.concatenate([part.edge for part in some]),
            np.concatenate([part.low for part in some]),
            np.concatenate([part.high for part in some]),
        )

    def km(self, network: Network) -> Floats:
        """Length of each along the network."""
        return np.asarray((self.high - self.low) * network.km[self.edge])

    def length_km(self, network: Network) -> float:
        """Length of all along the network."""
        return float(self.km(network).sum())

    def not_shorter(self, network: Network, km: float) -> "Stretches":
        """Those that are longer than ``km``."""
        kept = self.km(network) > km
        return Stretches(self.edge[kept], self.low[kept], self.high[kept])


def drawn(
    network: Network, stretches: Stretches, *, most_points: int = MOST_POINTS
) -> tuple[tuple[tuple[Position, ...], ...], float]:
    """The stretches as lines from junction to junction, and how far, in km, they may lie off.

    Lines are exact (0 km off) while they have no more than ``most_points``. More are thinned:
    points within a cell of a grid become one, cells growing until few enough are left.
    Nothing is left out that is longer than the distance returned. Longitudes of each line run on
    continuously.
    """
    pieces = _pieces(network, stretches)
    lines = _merged(pieces) if len(pieces) <= most_points else None
    if lines is not None and len(shapely.get_coordinates(lines)) <= most_points:
        return _positions(lines), 0.0
    # Pieces grow rarer about as the step grows.
    step_km = _FIRST_STEP_KM * max(1.0, len(pieces) / most_points)
    while True:
        thinned, moved_km = _gathered(pieces, step_km)
        count = len(thinned)
        # Straightening leaves about half of the points.
        if count <= 1.6 * most_points:
            straight_deg = step_km / 2.0 / _KM_PER_DEGREE
            lines = _straightened(_merged(thinned), straight_deg)
            count = len(shapely.get_coordinates(lines))
            if count <= most_points:
                return _positions(lines), moved_km + straight_deg * _KM_PER_DEGREE
        step_km *= max(_COARSER, count / most_points)


def _pieces(network: Network, stretches: Stretches) -> Floats:
    """Both ends of every stretch as longitude and latitude, shape (n, 2, 2)."""
    u, v = network.u[stretches.edge], network.v[stretches.edge]
    turn = (network.lon[v] - network.lon[u] + 180.0) % 360.0 - 180.0
    rise = network.lat[v] - network.lat[u]
    ends = []
    for fraction in (stretches.low, stretches.high):
        lon = (network.lon[u] + fraction * turn + 180.0) % 360.0 - 180.0
        lat = network.lat[u] + fraction * rise
        # Nodes keep their digits: lines are merged where these are the same.
        for node, at in ((u, 0.0), (v, 1.0)):
            lon = np.where(fraction == at, network.lon[node], lon)
            lat = np.where(fraction == at, network.lat[node], lat)
        ends.append(np.column_stack((lon, lat)))
    return np.stack(ends, axis=1)


def _merged(pieces: Floats) -> Any:
    """Lines from junction to junction, with longitudes that run on."""
    some = (pieces[:, 0] != pieces[:, 1]).any(axis=1)
    joined: Any = shapely.line_merge(shapely.multilinestrings(shapely.linestrings(pieces[some])))
    points, line_of = shapely.get_coordinates(shapely.get_parts(joined), return_index=True)
    if not len(points):
        return np.array([], dtype=object)
    turns = np.zeros(len(points))
    turns[1:] = np.round(np.diff(points[:, 0]) / 360.0)
    first = np.flatnonzero(np.diff(line_of, prepend=-1))
    turned = np.cumsum(turns)
    points[:, 0] -= 360.0 * (turned - turned[first][line_of])
    return shapely.linestrings(points, indices=line_of)


def _gathered(pieces: Floats, step_km: float) -> tuple[Floats, float]:
    """The pieces between the cells of a grid, each once, and how far points were moved, km.

    All points in a cell become their mean. Of what lies in one cell, with nothing leading out
    of it, the longest piece is left as it is.
    """
    lon, lat = pieces.reshape(-1, 2).T
    step_deg = step_km / _KM_PER_DEGREE
    row = np.floor(lat / step_deg)
    # The side towards the equator, where the row is longest, is no longer than the step.
    widest = np.radians(np.minimum(np.abs(row), np.abs(row + 1.0)) * step_deg)
    column = np.floor(lon * np.maximum(np.cos(widest), 1e-6) / step_deg)
    # Columns of one row are fewer than this.
    key = (row * 2.0**24 + column).astype(np.int64)
    _, cell, count = np.unique(key, return_inverse=True, return_counts=True)
    mean_lon, mean_lat = (np.bincount(cell, axis) / count for axis in (lon, lat))
    moved_km = haversine_km(lon, lat, mean_lon[cell], mean_lat[cell])
    ends = np.sort(cell.reshape(-1, 2), axis=1)
    leads_out = ends[:, 0] != ends[:, 1]
    a, b = np.divmod(np.unique(ends[leads_out, 0] * len(count) + ends[leads_out, 1]), len(count))
    between = np.stack(
        (
            np.column_stack((mean_lon[a], mean_lat[a])),
            np.column_stack((mean_lon[b], mean_lat[b])),
        ),
        axis=1,
    )
    led_out = np.zeros(len(count), dtype=bool)
    led_out[a] = led_out[b] = True
    alone = np.flatnonzero(~led_out[ends[:, 0]])
    length = np.hypot(*(pieces[alone, 1] - pieces[alone, 0]).T)
    alone = alone[np.lexsort((-length, ends[alone, 0]))]
    _, longest = np.unique(ends[alone, 0], return_index=True)
    return np.concatenate((between, pieces[alone[longest]])), float(moved_km.max(initial=0.0))


def _straightened(lines: Any, tolerance_deg: float) -> Any:
    # A closed line could shrink to a point.
    simpler: Any = shapely.simplify(lines, tolerance_deg, preserve_topology=False)
    return np.where(shapely.is_closed(lines), lines, simpler)


def _positions(lines: Any) -> tuple[tuple[Position, ...], ...]:
    points, line_of = shapely.get_coordinates(lines, return_index=True)
    positions = [Position(lon, lat) for lon, lat in points.tolist()]
    starts = np.searchsorted(line_of, np.arange(len(lines) + 1)).tolist()
    return tuple(tuple(positions[a:b]) for a, b in pairwise(starts))
