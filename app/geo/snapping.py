"""Puts a position onto the edges of a network.

Lives here: projecting a position on edges and choosing which of them to consider. Not here:
deciding between them, which is part of finding a way (:mod:`app.geo.pathfinding`). Imports
:mod:`app.geo.network`, :mod:`app.journey.model` and :mod:`app.errors` only.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.errors import InputError, OffNetworkError
from app.geo.geodesy import Floats, geodesic_km
from app.geo.network import Indexes, Network
from app.journey.model import Position

FARTHEST_SNAP_KM = 30.0
"""A place farther than this from every line is not on the network."""

SMALLEST_COMPONENT_KM = 50.0
"""Connected parts with less track than this are scraps: mines, museums, cut-off sidings."""

CHOICE_KM = 5.0
"""How much farther than the nearest line another may be, and still be the one to take."""

_KM_PER_DEGREE = 111.0
_FARTHEST_TOLD_KM = 2000.0


@dataclass(frozen=True, slots=True)
class Snaps:
    """Points on edges near one position, the nearest first.

    ``fraction`` counts from the edge's ``u`` to its ``v``; ``off_km`` is how far the position
    lies from the point.
    """

    edge: Indexes
    fraction: Floats
    off_km: Floats
    lon: Floats
    lat: Floats

    def position(self, index: int) -> Position:
        """Where the snap lies."""
        return Position(float(self.lon[index]), float(self.lat[index]))

    def only(self, index: int) -> "Snaps":
        """The snap ``index`` alone."""
        one = slice(index, index + 1)
        return Snaps(
            self.edge[one], self.fraction[one], self.off_km[one], self.lon[one], self.lat[one]
        )

    def nearer_node(self, network: Network) -> int:
        """The end of the first snap's edge that lies nearer to the snap."""
        return int((network.u if self.fraction[0] < 0.5 else network.v)[self.edge[0]])


class EdgeFinder:
    """Finds the edges near a position by their latitudes, then by distance.

    An index would cost more time to build than it saves: filtering all edges by two sorted
    comparisons takes well under a millisecond.
    """

    def __init__(self, network: Network) -> None:
        self._network = network
        south = np.minimum(network.lat[network.u], network.lat[network.v])
        north = np.maximum(network.lat[network.u], network.lat[network.v])
        self._south = south.astype(np.float32)
        self._north = north.astype(np.float32)
        self._usable = network.component_km[network.component[network.u]] >= SMALLEST_COMPONENT_KM

    def choices(
        self,
        position: Position,
        *,
        what: str,
        open_edges: NDArray[np.bool_] | None = None,
        avoided: tuple[str, ...] = (),
    ) -> Snaps:
        """The edges that a journey from or to ``position`` may start or end on.

        Those of large components outside the avoided countries, at most 30 km away and at
        most 5 km farther than the nearest. ``what`` names the position in errors.

        Raises :class:`~app.errors.OffNetworkError` when there is none, and
        :class:`~app.errors.InputError` when the position lies in an avoided country.
        """
        if avoided:
            self._refuse_if_closed(position, what, avoided)
        snaps = self.within(position, FARTHEST_SNAP_KM, spread_km=CHOICE_KM, among=open_edges)
        if not len(snaps.edge):
            raise OffNetworkError(f"{what} is {self._how_far(position, open_edges)}")
        return snaps

    def within(
        self,
        position: Position,
        farthest_km: float,
        *,
        spread_km: float,
        among: NDArray[np.bool_] | None = None,
    ) -> Snaps:
        """Edges of large components within ``farthest_km``, nearest first.

        Only those at most ``spread_km`` farther than the nearest, and only ``among`` these.
        """
        usable = self._usable if among is None else self._usable & among
        network = self._network
        lon, lat = position
        margin = farthest_km / _KM_PER_DEGREE + 1e-4
        edges = np.flatnonzero(
            (self._south <= lat + margin) & (self._north >= lat - margin) & usable
        )
        u, v = network.u[edges], network.v[edges]
        # Plane coordinates around the position, in km; true near it, which is where it counts.
        scale = _KM_PER_DEGREE * max(math.cos(math.radians(lat)), 1e-6)
        turn_u = (network.lon[u] - lon + 180.0) % 360.0 - 180.0
        turn_v = turn_u + (network.lon[v] - network.lon[u] + 180.0) % 360.0 - 180.0
        ax, ay = turn_u * scale, (network.lat[u] - lat) * _KM_PER_DEGREE
        dx, dy = turn_v * scale - ax, (network.lat[v] - network.lat[u]) * _KM_PER_DEGREE
        square = dx * dx + dy * dy
        along = np.divide(-(ax * dx + ay * dy), square, out=np.zeros_like(ax), where=square > 0.0)
        fraction = np.clip(along, 0.0, 1.0)
        rough = np.hypot(ax + fraction * dx, ay + fraction * dy)
        limit = min(farthest_km, float(rough.min(initial=math.inf)) + spread_km)
        near = np.flatnonzero(rough <= limit * 1.01 + 0.01)
        edges, fraction = edges[near], fraction[near]
        u, v = network.u[edges], network.v[edges]
        turn = (network.lon[v] - network.lon[u] + 180.0) % 360.0 - 180.0
        at_lon = (network.lon[u] + fraction * turn + 180.0) % 360.0 - 180.0
        at_lat = network.lat[u] + fraction * (network.lat[v] - network.lat[u])
        here_lon, here_lat = np.full(len(edges), lon), np.full(len(edges), lat)
        off_km = geodesic_km(here_lon, here_lat, at_lon, at_lat)
        limit = min(farthest_km, float(off_km.min(initial=math.inf)) + spread_km)
        kept = np.flatnonzero(off_km <= limit)
        order = kept[np.lexsort((edges[kept], off_km[kept]))]
        return Snaps(
            edges[order].astype(np.int32),
            fraction[order],
            off_km[order],
            at_lon[order],
            at_lat[order],
        )

    def _refuse_if_closed(self, position: Position, what: str, avoided: tuple[str, ...]) -> None:
        nearest = self.within(position, FARTHEST_SNAP_KM, spread_km=0.0)
        if not len(nearest.edge):
            return
        network, edge = self._network, nearest.edge[0]
        ends = {network.country_code(int(end[edge])) for end in (network.u, network.v)}
        if ends <= set(avoided):
            raise InputError(
                "avoid",
                f"{what} lies in {' and '.join(sorted(ends))}, which is to be avoided:"
                " leave that country out, or choose another place",
            )

    def _how_far(self, position: Position, among: NDArray[np.bool_] | None) -> str:
        near = self.within(position, _FARTHEST_TOLD_KM, spread_km=0.0, among=among)
        if not len(near.edge):
            return f"more than {_FARTHEST_TOLD_KM:.0f} km from the nearest line of the network"
        return (
            f"{near.off_km[0]:.0f} km from the nearest line of the network that is open"
            f" (at most {FARTHEST_SNAP_KM:.0f} km is accepted): choose a place on it"
        )
