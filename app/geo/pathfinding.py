"""Shortest ways through a network, between positions that need not lie on it.

Lives here: the way from stop to stop outside avoided countries, and what it must look like
to be believed. Not here: the search (:mod:`app.geo.search`), modes of travel
(:mod:`app.geo.routing`). Imports its neighbours, :mod:`app.journey` and :mod:`app.errors`.
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_array

from app.errors import ImplausibleRouteError, InputError, NoRouteError
from app.geo.geodesy import Floats, checked, continuous, great_circle_km
from app.geo.least_recent import LeastRecent
from app.geo.network import Indexes, Network
from app.geo.search import Path, Tree
from app.geo.snapping import CHOICE_KM, FARTHEST_SNAP_KM, EdgeFinder, Snaps
from app.journey.bounds import Bounds
from app.journey.derived import Route
from app.journey.model import Mode, Position

FARTHEST_DETOUR = 2.5
DETOUR_ALLOWANCE_KM = 50.0
"""A way longer than 2.5 × great-circle + 50 km means a gap in the data, not a journey."""

NEAR_EQUAL = 1.10
"""Another way counts as near-equal when it is at most a tenth longer."""

_OFF_LINE_COST = 4.0
"""What a km between place and line costs the choice of snaps, against a km of line: a nearer
line is given up only for a much shorter way."""

_ALTERNATIVE_PENALTY = 1.25
_BORDER_NOISE_KM = 2.0
_TREES_KEPT = 3
_ROUTES_KEPT = 256
_DISTANCES_KEPT = 4096
_AVOIDANCES_KEPT = 4


@dataclass(frozen=True, slots=True)
class _Part:
    """The way between two neighbouring stops, with the one snap chosen at each end.

    ``edges`` are those between the nodes of the path, without the pieces at both ends.
    """

    start: Snaps
    end: Snaps
    path: Path
    edges: Indexes


class PathFinder:
    """Finds ways through one network; safe between threads, the same answer every time.

    >>> finder = PathFinder(network, Mode.TRAIN)                     # doctest: +SKIP
    >>> finder.route([pyongyang, vladivostok]).distance_km           # doctest: +SKIP
    1154.2
    """

    def __init__(self, network: Network, mode: Mode) -> None:
        self.network = network
        self.mode = mode
        self.edges = EdgeFinder(network)
        self._open_weights = network.weights(network.km)
        self._closed: LeastRecent[tuple[str, ...], csr_array] = LeastRecent(_AVOIDANCES_KEPT)
        self._trees: LeastRecent[tuple[Position, tuple[str, ...]], Tree] = LeastRecent(_TREES_KEPT)
        self._routes: LeastRecent[tuple[tuple[Position, ...], tuple[str, ...], bool], Route] = (
            LeastRecent(_ROUTES_KEPT)
        )
        self._distances: LeastRecent[tuple[tuple[Position, ...], tuple[str, ...]], float] = (
            LeastRecent(_DISTANCES_KEPT)
        )

    def route(
        self, stops: Sequence[Position], *, avoid: Collection[str] = (), allow_detour: bool = False
    ) -> Route:
        """The shortest way from the first of ``stops`` through the others to the last.

        ``avoid`` holds ISO 3166-1 alpha-2 codes: no edge with an end there is used. A part
        between two stops longer than 2.5 × great-circle + 50 km is refused unless
        ``allow_detour``.

        The bounds of the distance reach down by the two snaps and up by them and by the best
        way found when using the same edges again costs a quarter more, if it is at most a
        tenth longer. They do not cover errors of the data, which is off by a few per cent.

        Raises :class:`~app.errors.OffNetworkError`, :class:`~app.errors.NoRouteError`,
        :class:`~app.errors.ImplausibleRouteError`, and :class:`~app.errors.InputError` for
        what is no position and for a stop in an avoided country.
        """
        if len(stops) < 2:
            raise InputError("via", "a way needs an origin and a destination")
        places = tuple(checked(stop, _name(i, len(stops))) for i, stop in enumerate(stops))
        closed = self.known_countries(avoid)
        known = self._routes.get((places, closed, allow_detour))
        if known is None:
            known = self._describe(places, self._parts(places, closed, allow_detour), closed)
            self._routes.put((places, closed, allow_detour), known)
        return known

    def distance_km(
        self, origin: Position, destination: Position, *, avoid: Collection[str] = ()
    ) -> float:
        """Length of :meth:`route`, km; from one origin to many destinations is one search."""
        places = (checked(origin, "origin"), checked(destination, "destination"))
        closed = self.known_countries(avoid)
        known = self._distances.get((places, closed))
        if known is None:
            (part,) = self._parts(places, closed, allow_detour=False)
            known = part.path.km
            self._distances.put((places, closed), known)
        return known

    def _parts(
        self, places: tuple[Position, ...], closed: tuple[str, ...], allow_detour: bool
    ) -> list[_Part]:
        """The parts of the cheapest way; the snaps at every stop are chosen over all parts."""
        weights, snaps = self.weights(closed), self._snapped(places, closed)
        trees: list[Tree] = []
        start_cost = _OFF_LINE_COST * snaps[0].off_km
        for index, (starts, ends) in enumerate(pairwise(snaps)):
            straight_km = great_circle_km(places[index], places[index + 1])
            key = (places[0], closed) if index == 0 else None
            tree = self._grown(key, weights, starts, start_cost, ends, straight_km)
            trees.append(tree)
            start_cost = tree.costs_to(ends) + _OFF_LINE_COST * ends.off_km
            if not np.isfinite(start_cost).any():
                raise NoRouteError(
                    f"no line joins {_name(index, len(places))}"
                    f" and {_name(index + 1, len(places))}"
                    + (f" outside {', '.join(closed)}" if closed else "")
                    + ": choose other places, or another mode"
                )
        parts: list[_Part] = []
        # Ties go to the nearer snap, and then to the edge that comes first in the data.
        chosen = int(np.round(start_cost, 9).argmin())
        for index in range(len(trees) - 1, -1, -1):
            path = trees[index].path_to(snaps[index + 1], chosen)
            end = snaps[index + 1].only(chosen)
            start = trees[index].starts.only(path.start)
            parts.append(_Part(start, end, path, self.network.edges_along(path.nodes)))
            chosen = path.start
        parts.reverse()
        if not allow_detour:
            for index, part in enumerate(parts):
                _refuse_implausible(part, places[index], places[index + 1])
        return parts

    def known_countries(self, avoid: Collection[str]) -> tuple[str, ...]:
        """The codes in capitals, sorted. Raises :class:`~app.errors.InputError` for no country."""
        codes = tuple(sorted({code.strip().upper() for code in avoid}))
        for code in codes:
            # A misspelt country would be driven through without a word.
            if code not in self.network.country_codes:
                raise InputError(
                    "avoid", f"{code!r} is no country known here: use two letters, such as CN"
                )
        return codes

    def weights(self, closed: tuple[str, ...]) -> csr_array:
        """Weights for the search, infinite in the avoided countries."""
        if not closed:
            return self._open_weights
        known = self._closed.get(closed)
        if known is None:
            open_edges = self.network.open_edges(closed)
            known = self.network.weights(np.where(open_edges, self.network.km, np.inf))
            self._closed.put(closed, known)
        return known

    def _snapped(self, places: tuple[Position, ...], closed: tuple[str, ...]) -> list[Snaps]:
        """The choices at every stop."""
        open_edges = self.network.open_edges(closed) if closed else None
        return [
            self.edges.choices(
                place, what=_name(i, len(places)), open_edges=open_edges, avoided=closed
            )
            for i, place in enumerate(places)
        ]

    def _grown(
        self,
        key: tuple[Position, tuple[str, ...]] | None,
        weights: csr_array,
        starts: Snaps,
        start_cost: Floats,
        ends: Snaps,
        straight_km: float,
    ) -> Tree:
        """A tree wide enough for the cheapest of ``ends``, first tried with a near limit."""
        base = float(start_cost.min())
        slack = 2.0 * _OFF_LINE_COST * (FARTHEST_SNAP_KM + CHOICE_KM)
        tree = self._trees.get(key) if key is not None else None
        for limit in (
            base + 1.4 * straight_km + 60.0,
            base + FARTHEST_DETOUR * straight_km + DETOUR_ALLOWANCE_KM + slack,
            math.inf,
        ):
            if tree is None or tree.limit < limit:
                tree = Tree.grow(self.network, weights, starts, start_cost, limit=limit)
            cheapest = float((tree.costs_to(ends) + _OFF_LINE_COST * ends.off_km).min())
            # What lies beyond the limit costs more than the limit: this is the cheapest.
            if cheapest <= tree.limit and math.isfinite(cheapest):
                break
        assert tree is not None  # noqa: S101
        if key is not None:
            self._trees.put(key, tree)
        return tree

    def _describe(
        self, places: tuple[Position, ...], parts: list[_Part], closed: tuple[str, ...]
    ) -> Route:
        weights = self.weights(closed)
        off_km = (float(parts[0].start.off_km[0]), float(parts[-1].end.off_km[0]))
        km = sum(part.path.km for part in parts)
        longest = sum(self._near_equal_km(weights, part) for part in parts)
        return Route(
            mode=self.mode,
            distance_km=km,
            great_circle_km=great_circle_km(places[0], places[-1]),
            distance_bounds_km=Bounds(max(0.0, km - sum(off_km)), longest + sum(off_km)),
            snap_km=off_km,
            countries=self._countries(parts),
            geometry=self._line(parts),
        )

    def _near_equal_km(self, weights: csr_array, part: _Part) -> float:
        """Length of a near-equal other way; the part's own where there is none."""
        used = part.edges
        if not len(used):
            return part.path.km
        penalty = np.ones(len(self.network.u))
        penalty[used] = _ALTERNATIVE_PENALTY
        dearer = replace_data(weights, weights.data * penalty[self.network.edge_of_entry])
        limit = part.path.km * _ALTERNATIVE_PENALTY + 1e-6
        tree = Tree.grow(self.network, dearer, part.start, np.zeros(1), limit=limit)
        if not math.isfinite(tree.costs_to(part.end)[0]):
            return part.path.km
        other = tree.path_to(part.end, 0)
        again = self.network.edges_along(other.nodes)
        # The penalty is taken off again where the two ways run together.
        shared_km = float(self.network.km[np.intersect1d(used, again)].sum())
        other_km = other.km - (_ALTERNATIVE_PENALTY - 1.0) * shared_km
        return (
            max(part.path.km, other_km) if other_km <= NEAR_EQUAL * part.path.km else part.path.km
        )

    def _line(self, parts: list[_Part]) -> tuple[Position, ...]:
        network = self.network
        points: list[Position] = []
        for part in parts:
            points.append(part.start.position(0))
            points.extend(
                Position(float(network.lon[node]), float(network.lat[node]))
                for node in part.path.nodes
            )
            points.append(part.end.position(0))
        return continuous([p for i, p in enumerate(points) if i == 0 or p != points[i - 1]])

    def _countries(self, parts: list[_Part]) -> tuple[str, ...]:
        """Countries passed, in order; a line along a border does not flicker between two."""
        network = self.network
        runs: list[tuple[str, float]] = []
        for part in parts:
            nodes = part.path.nodes or (part.start.nearer_node(network),)
            edge_km = network.km[part.edges]
            for index, node in enumerate(nodes):
                share = edge_km[max(index - 1, 0) : index + 1].sum() / 2.0
                code = network.country_code(node)
                if runs and runs[-1][0] == code:
                    runs[-1] = (code, runs[-1][1] + share)
                elif code:
                    runs.append((code, share))
        kept: list[str] = []
        for index, (code, km) in enumerate(runs):
            between = 0 < index < len(runs) - 1 and runs[index - 1][0] == runs[index + 1][0]
            if between and km < _BORDER_NOISE_KM:
                continue
            if not kept or kept[-1] != code:
                kept.append(code)
        return tuple(kept)


def replace_data(weights: csr_array, data: Floats) -> csr_array:
    """The same sparse structure, shared, with other weights."""
    return csr_array((data, weights.indices, weights.indptr), shape=weights.shape)


def _refuse_implausible(part: _Part, origin: Position, destination: Position) -> None:
    straight_km = great_circle_km(origin, destination)
    if part.path.km > FARTHEST_DETOUR * straight_km + DETOUR_ALLOWANCE_KM:
        raise ImplausibleRouteError(
            f"the shortest way found is {part.path.km:,.0f} km for {straight_km:,.0f} km as the"
            " crow flies, so a line is probably missing from the data: name via points on the"
            " way that was taken"
        )


def _name(index: int, count: int) -> str:
    if index == 0:
        return "the origin"
    return "the destination" if index == count - 1 else f"via point {index}"
