"""Travelling under a trip's assumptions: ways between places, and the speeds assumed.

Lives here: what is assumed of travel, looked up by mode, over a route finder, and the way
between two places with the bounds on its length. Not here: what follows for times
(:mod:`app.journey.arrangement`). Imports the journey's nouns only; ways come in through
:class:`app.journey.protocols.RouteFinder`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.errors import InputError, RouteError
from app.journey.bounds import Bounds
from app.journey.derived import Route
from app.journey.model import Assumption, AssumptionKind, Mode, Place, Trip
from app.journey.protocols import RouteFinder

_ROUND_TRIP = "it left and came back, and nothing is reported of where it was"

_IMPLIED = (AssumptionKind.LEADER_ABOARD, AssumptionKind.RAILWAY_COMPLETE)


def assumptions_of(trip: Trip) -> tuple[Assumption, ...]:
    """All assumptions of a trip: its own, then those that go without saying.

    That leader and train travel together, and that the network data is complete, is taken for
    granted wherever one line is drawn; a trip that does not name it assumes it all the same.
    """
    named = {assumption.kind for assumption in trip.assumptions}
    implied = [Assumption(kind.value, kind) for kind in _IMPLIED if kind not in named]
    return (*trip.assumptions, *implied)


@dataclass(frozen=True, slots=True)
class Way:
    """The way between two places, km.

    ``distance`` takes in near-equal alternatives and how far off both places may be; it is
    ``None`` with ``route`` when no believable way was found, and ``problem`` says why. No way
    at all is shorter than ``straight_km``.
    """

    route: Route | None
    distance: Bounds | None
    great_circle_km: float
    straight_km: float
    problem: str | None = None

    @property
    def least_km(self) -> float:
        """The shortest that the way can be, along the network if that is known."""
        if self.distance is None or self.distance.lower is None:
            return self.straight_km
        return self.distance.lower


class Travel:
    """A trip's assumptions about travelling, over a route finder.

    ``without`` names assumptions that are left out of account.
    """

    def __init__(
        self, trip: Trip, finder: RouteFinder, *, without: Collection[str] = frozenset()
    ) -> None:
        self.trip = trip
        self.finder = finder
        self.without = frozenset(without)
        # By name, so that nothing depends on the order in which they are stored.
        assumed = sorted(trip.assumptions, key=lambda a: a.name)
        self._assumed = [a for a in assumed if a.name not in self.without]
        self._ways: dict[tuple[str, str, Mode], Way] = {}
        self._vias = [a for a in self._assumed if a.kind is AssumptionKind.VIA]
        self._max_speeds = {mode: self._speed(AssumptionKind.MAX_SPEED, mode) for mode in Mode}
        self._stops = [a for a in self._assumed if a.kind is AssumptionKind.MINIMUM_STOP]

    def leaving_out(self, names: Collection[str]) -> "Travel":
        """The same without these assumptions too; the same ways where they change none."""
        other = Travel(self.trip, self.finder, without=self.without | set(names))
        if not any(_shapes_ways(a) for a in self._assumed if a.name in other.without):
            other._ways = self._ways
        return other

    def way(self, origin: Place, destination: Place, mode: Mode) -> Way:
        """The way between two places, looked for once."""
        key = (origin.id, destination.id, mode)
        known = self._ways.get(key)
        if known is None:
            known = self._ways[key] = self._find(origin, destination, mode)
        return known

    def route(self, origin: Place, destination: Place, mode: Mode) -> Route:
        """The route under the trip's assumptions. Raises :class:`app.errors.RouteError`."""
        return self.finder.route(
            origin.position,
            destination.position,
            mode=mode,
            via=[self.trip.places[p].position for p in self._via(origin, destination, mode)],
            avoid=self.avoided(mode),
        )

    def distance_km(self, origin: Place, destination: Place) -> float:
        """Length of the way by the trip's own mode, for putting visits in order.

        Where no way is found the great circle stands in, so that an order exists all the same.
        """
        if origin.position == destination.position:
            return 0.0
        mode = self.trip.mode
        try:
            if self._via(origin, destination, mode):
                return self.route(origin, destination, mode).distance_km
            return self.finder.distance_km(
                origin.position, destination.position, mode=mode, avoid=self.avoided(mode)
            )
        except (RouteError, InputError):
            return self.finder.great_circle_km(origin.position, destination.position)

    def cruise_speed_kmh(self, mode: Mode) -> float | None:
        """The assumed speed for estimates, stops included; ``None`` when nothing is assumed."""
        return self._speed(AssumptionKind.CRUISE_SPEED, mode)

    def max_speed_kmh(self, mode: Mode) -> float | None:
        """The assumed highest average speed; ``None`` when nothing is assumed."""
        return self._max_speeds[mode]

    def minimum_stop(self, place_id: str, mode: Mode) -> Assumption | None:
        """The longest of the stops assumed at a place that is reached by ``mode``."""
        stops = [a for a in self._stops if place_id in a.places and a.mode in (mode, None)]
        return max(stops, key=lambda a: a.hours or 0.0, default=None)

    def avoided(self, mode: Mode) -> Collection[str]:
        """The countries that ways of a mode stay out of.

        Planes, whose line is not known to keep to borders, only where it is said of them.
        """
        modes = (mode,) if mode is Mode.PLANE else (mode, None)
        return {
            country
            for assumption in self._assumed
            if assumption.kind is AssumptionKind.AVOID and assumption.mode in modes
            for country in assumption.countries
        }

    def _find(self, origin: Place, destination: Place, mode: Mode) -> Way:
        if origin.id == destination.id:
            return Way(None, None, 0.0, 0.0, _ROUND_TRIP)
        great_circle_km = self.finder.great_circle_km(origin.position, destination.position)
        doubt_km = origin.radius_km + destination.radius_km
        straight_km = max(0.0, great_circle_km - doubt_km)
        try:
            route = self.route(origin, destination, mode)
        except RouteError as error:
            return Way(None, None, great_circle_km, straight_km, str(error))
        except InputError as error:
            # A place within a country to be avoided: what the trip says, no fault of a reader.
            return Way(None, None, great_circle_km, straight_km, error.reason)
        lower, upper = route.distance_bounds_km.lower, route.distance_bounds_km.upper
        lowest = (route.distance_km if lower is None else lower) - doubt_km
        distance = Bounds(
            max(0.0, lowest, min(route.distance_km, straight_km)),
            (route.distance_km if upper is None else upper) + doubt_km,
        )
        return Way(route, distance, great_circle_km, min(straight_km, route.distance_km))

    def _speed(self, kind: AssumptionKind, mode: Mode) -> float | None:
        # What is assumed of this mode goes before what is assumed of any.
        for wanted in (mode, None):
            for assumption in self._assumed:
                if assumption.kind is kind and assumption.mode is wanted:
                    return assumption.kmh
        return None

    def _via(self, origin: Place, destination: Place, mode: Mode) -> Sequence[str]:
        ends = (origin.id, destination.id)
        for assumption in self._vias:
            if assumption.mode not in (mode, None):
                continue
            if (assumption.places[0], assumption.places[-1]) == ends:
                return assumption.places[1:-1]
            if (assumption.places[-1], assumption.places[0]) == ends:
                return assumption.places[-2:0:-1]
        return ()


def _shapes_ways(assumption: Assumption) -> bool:
    return assumption.kind in (AssumptionKind.VIA, AssumptionKind.AVOID)
