"""Ways by any mode of travel: the ``RouteFinder`` and ``ReachFinder`` that the journey asks.

Lives here: which network serves which mode, and planes, which need none. Not here: how ways
are found (:mod:`app.geo.pathfinding`), and how far one comes (:mod:`app.geo.reach`). Imports
its neighbours, :mod:`app.journey` and :mod:`app.errors`.
"""

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from threading import Lock

from app.errors import InputError, RouteError
from app.geo.geodesy import checked, continuous, great_circle_km, great_circle_line
from app.geo.network import Network
from app.geo.pathfinding import PathFinder
from app.geo.reach import NetworkReach, budgeted, flight_reach
from app.geo.stretches import MOST_POINTS
from app.journey.bounds import Bounds
from app.journey.derived import Route
from app.journey.model import Mode, Position
from app.journey.protocols import Reach

_WHAT_RUNS_ON = {Mode.TRAIN: "railways", Mode.CAR: "roads", Mode.SHIP: "sea lanes"}


class Router:
    """Implements the finders of :mod:`app.journey.protocols` over files of ``dateline prepare``.

    ``networks`` maps a mode to its network file; a network is loaded when a way on it is first
    asked for. Planes fly the geodesic. Safe between threads.

    >>> router = Router({})
    >>> flight = router.route(
    ...     Position(lon=125.67, lat=39.22), Position(lon=132.15, lat=43.4), mode=Mode.PLANE
    ... )
    >>> round(flight.distance_km)
    714
    """

    def __init__(self, networks: Mapping[Mode, Path]) -> None:
        self._files = dict(networks)
        self._finders: dict[Mode, PathFinder] = {}
        self._reaches: dict[Mode, NetworkReach] = {}
        self._loading = Lock()

    def route(
        self,
        origin: Position,
        destination: Position,
        *,
        mode: Mode = Mode.TRAIN,
        via: Sequence[Position] = (),
        avoid: Collection[str] = (),
        allow_detour: bool = False,
    ) -> Route:
        """The shortest way by ``mode`` through ``via`` in order, outside ``avoid``.

        ``avoid`` holds ISO 3166-1 alpha-2 codes; a plane, whose line we do not know to keep to
        borders, refuses it. ``allow_detour`` accepts ways that are far longer than
        great-circle (see :meth:`PathFinder.route <app.geo.pathfinding.PathFinder.route>`,
        which also lists the errors).
        """
        stops = (origin, *via, destination)
        if mode is Mode.PLANE:
            return _flight(stops, avoid)
        return self.finder(mode).route(stops, avoid=avoid, allow_detour=allow_detour)

    def distance_km(
        self,
        origin: Position,
        destination: Position,
        *,
        mode: Mode = Mode.TRAIN,
        avoid: Collection[str] = (),
    ) -> float:
        """Length of that way, km; cheaper than :meth:`route`. Raises the same errors."""
        if mode is Mode.PLANE:
            return _flight((origin, destination), avoid).distance_km
        return self.finder(mode).distance_km(origin, destination, avoid=avoid)

    def great_circle_km(self, origin: Position, destination: Position) -> float:
        """Length of the WGS-84 geodesic, km. Raises :class:`~app.errors.InputError`."""
        return great_circle_km(origin, destination)

    def reach(
        self,
        origin: Position,
        origin_km: float,
        *,
        destination: Position | None = None,
        destination_km: float | None = None,
        mode: Mode = Mode.TRAIN,
        avoid: Collection[str] = (),
        most_points: int = MOST_POINTS,
    ) -> Reach:
        """The network of ``mode`` within both budgets, outside ``avoid``.

        See :meth:`NetworkReach.reach <app.geo.reach.NetworkReach.reach>`, which also lists the
        errors. A plane has the stretch of the geodesic to ``destination`` that is within both,
        or the circle of ``origin_km`` around ``origin``; it refuses ``avoid``.
        """
        if mode is Mode.PLANE:
            _refuse_to_avoid(avoid)
            return flight_reach(budgeted(origin, origin_km, destination, destination_km))
        finder = self.finder(mode)
        # Two threads may both make one; either is kept.
        found = self._reaches.setdefault(mode, NetworkReach(finder, _WHAT_RUNS_ON[mode]))
        return found.reach(
            origin,
            origin_km,
            destination=destination,
            destination_km=destination_km,
            avoid=avoid,
            most_points=most_points,
        )

    def finder(self, mode: Mode) -> PathFinder:
        """The loaded network of a mode.

        Raises :class:`~app.errors.RouteError` for a mode without a network, and
        :class:`~app.errors.MissingReferenceError` when its file is not there.
        """
        finder = self._finders.get(mode)
        if finder is not None:
            return finder
        if mode not in self._files:
            raise RouteError(
                f"{_WHAT_RUNS_ON.get(mode, 'ways')} are not at hand here, so there is no way by"
                f" {mode.value}: choose {' or '.join(self._modes())}"
            )
        with self._loading:
            if mode not in self._finders:
                self._finders[mode] = PathFinder(Network.load(self._files[mode]), mode)
            return self._finders[mode]

    def _modes(self) -> list[str]:
        return sorted(mode.value for mode in {*self._files, Mode.PLANE})


def _flight(stops: Sequence[Position], avoid: Collection[str]) -> Route:
    for stop in stops:
        checked(stop)
    _refuse_to_avoid(avoid)
    km = sum(great_circle_km(a, b) for a, b in pairwise(stops))
    line = [point for a, b in pairwise(stops) for point in great_circle_line(a, b)]
    return Route(
        mode=Mode.PLANE,
        distance_km=km,
        great_circle_km=great_circle_km(stops[0], stops[-1]),
        distance_bounds_km=Bounds.exactly(km),
        snap_km=(0.0, 0.0),
        countries=(),
        geometry=continuous([p for i, p in enumerate(line) if i == 0 or p != line[i - 1]]),
    )


def _refuse_to_avoid(avoid: Collection[str]) -> None:
    if avoid:
        raise InputError("avoid", "countries cannot be avoided by plane: add via points instead")
