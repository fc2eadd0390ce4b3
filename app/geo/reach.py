"""How far one comes along a network: all of it within so many km of one place, or of two.

Lives here: which stretches of which edges lie within reach, and the same for planes. Not here:
drawing them as lines (:mod:`app.geo.stretches`), shortest paths (:mod:`app.geo.search`).
Imports its neighbours, :mod:`app.journey` and :mod:`app.errors`.
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from geographiclib.geodesic import Geodesic
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from app.errors import InputError, NoRouteError
from app.geo.geodesy import Floats, checked, continuous, great_circle_km
from app.geo.least_recent import LeastRecent
from app.geo.network import Indexes
from app.geo.pathfinding import PathFinder
from app.geo.search import Tree
from app.geo.snapping import Snaps
from app.geo.stretches import MOST_POINTS, SHORTEST_KM, Stretches, drawn
from app.journey.model import Position
from app.journey.protocols import Reach

GREAT_CIRCLE = "great circle"

_FARTHER = 1.25
"""Searches go a quarter farther than asked: the next instant asks for a little more."""

_TREES_KEPT = 4
_REACHES_KEPT = 64
_PARTINGS_KEPT = 4
_RING_STEP_KM = 100.0
_FEWEST_RING_POINTS = 72
_HALF_MERIDIAN_KM = 20003.931

_Spans = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class _Start:
    """A place with its budget: where it snaps to, and what each node costs from there."""

    tree: Tree
    budget_km: float

    def ends(self, edges: Indexes) -> tuple[Floats, Floats]:
        """How much of each edge is covered: from ``u`` up to the first, from the second to ``v``.

        As fractions; below 0 or above 1 when nothing is. All of an edge is told as covered
        from ``u``. The starts' own edges need :meth:`spans`.
        """
        network = self.tree.network
        km = network.km[edges]
        from_u = (self.budget_km - self.tree.cost[network.u[edges]]) / km
        from_v = (self.budget_km - self.tree.cost[network.v[edges]]) / km
        whole = (1.0 - from_u - from_v) * km <= SHORTEST_KM
        return np.where(whole, 1.0, from_u), np.where(whole, np.inf, 1.0 - from_v)

    def spans(self, edge: int) -> _Spans:
        """The covered spans of one edge, apart and in order, as fractions from ``u``."""
        network, starts = self.tree.network, self.tree.starts
        km = float(network.km[edge])
        one = np.array([edge], dtype=np.int32)
        to, since = self.ends(one)
        spans = [(0.0, float(to[0])), (float(since[0]), 1.0)]
        if self.budget_km > 0.0:
            for fraction in starts.fraction[starts.edge == edge]:
                width = self.budget_km / km
                spans.append((float(fraction) - width, float(fraction) + width))
        apart: _Spans = []
        for low, high in sorted((max(0.0, a), min(1.0, b)) for a, b in spans if a < b):
            if apart and (low - apart[-1][1]) * km <= SHORTEST_KM:
                apart[-1] = (apart[-1][0], max(apart[-1][1], high))
            elif low < high:
                apart.append((low, high))
        return apart


class NetworkReach:
    """Finds what of one network is within reach; safe between threads.

    A budget counts from where a place snaps to the network, and from every line near enough
    for a journey to begin on: a train that can be somewhere is never outside.
    """

    def __init__(self, finder: PathFinder, over: str) -> None:
        self._finder = finder
        self._network = finder.network
        self._over = over
        self._trees: LeastRecent[tuple[Position, tuple[str, ...]], Tree] = LeastRecent(_TREES_KEPT)
        self._partings: LeastRecent[tuple[str, ...], Indexes] = LeastRecent(_PARTINGS_KEPT)
        self._reaches: LeastRecent[
            tuple[tuple[tuple[Position, float], ...], tuple[str, ...], int], Reach
        ] = LeastRecent(_REACHES_KEPT)

    def reach(
        self,
        origin: Position,
        origin_km: float,
        *,
        destination: Position | None = None,
        destination_km: float | None = None,
        avoid: Collection[str] = (),
        most_points: int = MOST_POINTS,
    ) -> Reach:
        """All within ``origin_km`` of ``origin`` and ``destination_km`` of ``destination``.

        Both are lengths along the network. ``avoid`` holds ISO 3166-1 alpha-2 codes: no edge
        with an end there is used. Raises :class:`~app.errors.OffNetworkError`,
        :class:`~app.errors.NoRouteError` when no line joins the two at all, however long, and
        :class:`~app.errors.InputError` for what is no position and no budget, and for a place
        in an avoided country.
        """
        places = budgeted(origin, origin_km, destination, destination_km)
        closed = self._finder.known_countries(avoid)
        known = self._reaches.get((places, closed, most_points))
        if known is None:
            stretches = self._stretches(places, closed)
            lines, simplified_km = drawn(self._network, stretches, most_points=most_points)
            known = Reach(lines, stretches.length_km(self._network), simplified_km, self._over)
            self._reaches.put((places, closed, most_points), known)
        return known

    def _stretches(
        self, places: Sequence[tuple[Position, float]], closed: tuple[str, ...]
    ) -> Stretches:
        network = self._network
        open_edges = network.open_edges(closed)
        snaps = [
            self._finder.edges.choices(
                place,
                what=name,
                open_edges=open_edges if closed else None,
                avoided=closed,
            )
            for (place, _), name in zip(places, _NAMES, strict=False)
        ]
        self._refuse_apart(snaps, closed)
        starts = [
            _Start(self._tree(place, budget_km, choices, closed), budget_km)
            for (place, budget_km), choices in zip(places, snaps, strict=True)
        ]
        begun_on = np.unique(np.concatenate([choices.edge for choices in snaps]))
        possible = open_edges
        for start in starts:
            near = start.tree.cost < start.budget_km
            possible = possible & (near[network.u] | near[network.v])
        possible[begun_on] = False
        found = _of_edges(np.flatnonzero(possible).astype(np.int32), starts)
        for edge in begun_on:
            spans = starts[0].spans(int(edge))
            for start in starts[1:]:
                spans = _common(spans, start.spans(int(edge)))
            found.append(Stretches.on_edge(int(edge), spans))
        return Stretches.together(found).not_shorter(network, SHORTEST_KM)

    def _tree(
        self, place: Position, budget_km: float, starts: Snaps, closed: tuple[str, ...]
    ) -> Tree:
        tree = self._trees.get((place, closed))
        if tree is None or tree.limit < budget_km:
            tree = Tree.grow(
                self._network,
                self._finder.weights(closed),
                starts,
                np.zeros(len(starts.edge)),
                limit=max(0.0, budget_km) * _FARTHER,
            )
            self._trees.put((place, closed), tree)
        return tree

    def _refuse_apart(self, snaps: Sequence[Snaps], closed: tuple[str, ...]) -> None:
        part_of = self._parting(closed)
        parts = [set(part_of[self._network.u[choices.edge]].tolist()) for choices in snaps]
        if not set.intersection(*parts):
            raise NoRouteError(
                f"no line joins {' and '.join(_NAMES)}"
                + (f" outside {', '.join(closed)}" if closed else "")
                + ": choose other places, or another mode"
            )

    def _parting(self, closed: tuple[str, ...]) -> Indexes:
        """Which connected part of the network each node lies in, once countries are closed."""
        if not closed:
            return self._network.component
        known = self._partings.get(closed)
        if known is None:
            network, kept = self._network, self._network.open_edges(closed)
            u, v, count = network.u[kept], network.v[kept], len(network)
            graph = coo_array((np.ones(len(u), dtype=np.int8), (u, v)), shape=(count, count))
            _, known = connected_components(graph.tocsr(), directed=False)
            self._partings.put(closed, known)
        return known


_NAMES = ("the origin", "the destination")


def flight_reach(places: Sequence[tuple[Position, float]]) -> Reach:
    """How far a plane comes: the stretch of the geodesic between two places, or a ring round one.

    The ring is the circle of all points as far away as the budget, closed and in steps of at
    most 100 km; there is none when no place on earth is so far.
    """
    line: list[Position] = []
    km = 0.0
    (origin, origin_km), *rest = places
    if not rest:
        if 0.0 < origin_km < _HALF_MERIDIAN_KM:
            line, km = _ring(origin, origin_km)
    else:
        ((destination, destination_km),) = rest
        total_km = great_circle_km(origin, destination)
        since_km = max(0.0, total_km - destination_km)
        until_km = min(total_km, origin_km)
        if until_km - since_km > SHORTEST_KM:
            line, km = _flown(origin, destination, since_km, until_km), until_km - since_km
    return Reach((continuous(line),) if line else (), km, 0.0, GREAT_CIRCLE)


def budgeted(
    origin: Position,
    origin_km: float,
    destination: Position | None,
    destination_km: float | None,
) -> tuple[tuple[Position, float], ...]:
    """One place or two, each with its budget in km, once they are what they should be.

    Raises :class:`~app.errors.InputError` for what is no position, and for a budget that is
    not finite or without a place.
    """
    places = [(checked(origin, "origin"), origin_km)]
    if (destination is None) != (destination_km is None):
        raise InputError("destination_km", "a destination needs its km, and those a destination")
    if destination is not None and destination_km is not None:
        places.append((checked(destination, "destination"), destination_km))
    for (_, budget_km), field in zip(places, ("origin_km", "destination_km"), strict=False):
        if not math.isfinite(budget_km):
            raise InputError(field, "a distance in km must be a finite number")
    return tuple(places)


def _of_edges(edges: Indexes, starts: Sequence[_Start]) -> list[Stretches]:
    """What of ``edges`` every one of ``starts`` covers."""
    nothing, everything = np.zeros(len(edges)), np.ones(len(edges))
    common: list[tuple[Floats, Floats]] = [(nothing, everything)]
    for start in starts:
        to, since = start.ends(edges)
        # Both spans of an edge lie apart, and so do all that they have in common with others.
        common = [
            (np.maximum(low, bottom), np.minimum(high, top))
            for low, high in common
            for bottom, top in ((nothing, to), (since, everything))
        ]
    found = []
    for low, high in common:
        some: NDArray[np.bool_] = low < high
        found.append(Stretches(edges[some], low[some], high[some]))
    return found


def _common(some: _Spans, others: _Spans) -> _Spans:
    both = [(max(a, c), min(b, d)) for a, b in some for c, d in others]
    return [(low, high) for low, high in both if low < high]


def _flown(
    origin: Position, destination: Position, since_km: float, until_km: float
) -> list[Position]:
    line = Geodesic.WGS84.InverseLine(
        origin.lat, origin.lon, destination.lat, destination.lon,
        Geodesic.STANDARD | Geodesic.DISTANCE_IN,
    )  # fmt: skip
    count = max(1, math.ceil((until_km - since_km) / _RING_STEP_KM))
    points = []
    for km in np.linspace(since_km, until_km, count + 1):
        at = line.Position(float(km) * 1000.0, Geodesic.STANDARD)
        points.append(Position(lon=float(at["lon2"]), lat=float(at["lat2"])))
    return points


def _ring(centre: Position, radius_km: float) -> tuple[list[Position], float]:
    """The closed circle, and its length."""
    count = max(_FEWEST_RING_POINTS, math.ceil(2.0 * math.pi * radius_km / _RING_STEP_KM))
    points, widths = [], []
    for index in range(count):
        at = Geodesic.WGS84.Direct(
            centre.lat,
            centre.lon,
            360.0 * index / count,
            radius_km * 1000.0,
            Geodesic.STANDARD | Geodesic.REDUCEDLENGTH,
        )
        points.append(Position(lon=float(at["lon2"]), lat=float(at["lat2"])))
        # The reduced length is how wide the circle is per radian of azimuth.
        widths.append(float(at["m12"]) / 1000.0)
    return [*points, points[0]], 2.0 * math.pi * sum(widths) / count
