"""One leg: its way along the network, bounds on distance, duration and speed, an estimate.

Lives here: the arithmetic of travel between two waypoints under a trip's assumptions. Not
here: which waypoints follow each other (:mod:`app.journey.itinerary`). Imports the journey's
nouns only; ways come in through :class:`app.journey.protocols.RouteFinder`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.errors import RouteError
from app.journey.bounds import Bounds
from app.journey.derived import Estimate, Leg, Route, Verdict, Waypoint
from app.journey.interval import Interval
from app.journey.model import AssumptionKind, Modality, Mode, Place, Trip
from app.journey.protocols import RouteFinder

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Travel:
    """A trip's assumptions about travelling, looked up by mode, over a route finder."""

    trip: Trip
    finder: RouteFinder

    def route(self, origin: Place, destination: Place, mode: Mode) -> Route:
        """The way under the trip's assumptions. Raises :class:`app.errors.RouteError`."""
        return self.finder.route(
            origin.position,
            destination.position,
            mode=mode,
            via=[self.trip.places[p].position for p in self._via(origin, destination, mode)],
            avoid=self._avoided(mode),
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
                origin.position, destination.position, mode=mode, avoid=self._avoided(mode)
            )
        except RouteError:
            return self.finder.great_circle_km(origin.position, destination.position)

    def cruise_speed_kmh(self, mode: Mode) -> float | None:
        """The assumed speed for estimates, stops included; ``None`` when nothing is assumed."""
        return self._speed(AssumptionKind.CRUISE_SPEED, mode)

    def max_speed_kmh(self, mode: Mode) -> float | None:
        """The assumed highest average speed; ``None`` when nothing is assumed."""
        return self._speed(AssumptionKind.MAX_SPEED, mode)

    def _speed(self, kind: AssumptionKind, mode: Mode) -> float | None:
        # What is assumed of this mode goes before what is assumed of any.
        for wanted in (mode, None):
            for assumption in self.trip.assumptions:
                if assumption.kind is kind and assumption.mode is wanted:
                    return assumption.kmh
        return None

    def _avoided(self, mode: Mode) -> Collection[str]:
        return {
            country
            for assumption in self.trip.assumptions
            if assumption.kind is AssumptionKind.AVOID and assumption.mode in (mode, None)
            for country in assumption.countries
        }

    def _via(self, origin: Place, destination: Place, mode: Mode) -> Sequence[str]:
        ends = (origin.id, destination.id)
        for assumption in self.trip.assumptions:
            if assumption.kind is not AssumptionKind.VIA or assumption.mode not in (mode, None):
                continue
            if (assumption.places[0], assumption.places[-1]) == ends:
                return assumption.places[1:-1]
            if (assumption.places[-1], assumption.places[0]) == ends:
                return assumption.places[-2:0:-1]
        return ()


def make_leg(
    travel: Travel,
    origin: Waypoint,
    destination: Waypoint,
    *,
    sequence: int,
    branch: str | None,
    mode: Mode,
    leaves: Interval,
) -> Leg:
    """The leg from ``origin`` to ``destination``.

    ``leaves`` is when it starts for the estimate: the departure, or for a stop that is not yet
    reached the estimated arrival there.
    """
    route, problem = None, None
    try:
        route = travel.route(origin.place, destination.place, mode)
    except RouteError as error:
        problem = str(error)
    great_circle_km = travel.finder.great_circle_km(
        origin.place.position, destination.place.position
    )
    doubt_km = origin.place.radius_km + destination.place.radius_km
    distance = None if route is None else _distance_bounds(route, doubt_km, great_circle_km)
    ahead = destination.status.looks_ahead
    duration = Bounds() if ahead else duration_bounds(origin.departure, destination.arrival)
    speed = (distance or Bounds()) / duration
    return Leg(
        sequence=sequence,
        origin=origin.sequence,
        destination=destination.sequence,
        branch=branch,
        mode=mode,
        status=destination.status,
        route=route,
        distance_bounds_km=distance,
        great_circle_km=great_circle_km,
        duration_h=duration,
        speed_kmh=Bounds() if ahead else speed,
        at_cruise_speed=_estimate(route, leaves, travel.cruise_speed_kmh(mode)),
        verdict=_verdict(origin, destination, distance, speed, travel.max_speed_kmh(mode)),
        problem=problem,
    )


def duration_bounds(departure: Interval, arrival: Interval) -> Bounds:
    """Hours between a departure and a later arrival.

    Where the two may overlap the lower end is 0; where either is wholly open on the side that
    matters, that end is unknown (a duration is never below 0, so the lower end always is one).
    """
    shortest, longest = 0.0, None
    if departure.latest is not None and arrival.earliest is not None:
        shortest = max(0.0, (arrival.earliest - departure.latest) / HOUR)
    if departure.earliest is not None and arrival.latest is not None:
        longest = (arrival.latest - departure.earliest) / HOUR
    # An arrival surely before the departure is a conflict of claims, not a duration.
    if longest is not None and longest < 0:
        return Bounds()
    return Bounds(shortest, longest)


def _distance_bounds(route: Route, doubt_km: float, great_circle_km: float) -> Bounds:
    """Those of the way, wider by the doubt about both ends; no way is below the great circle."""
    lower, upper = route.distance_bounds_km.lower, route.distance_bounds_km.upper
    shortest = min(route.distance_km, great_circle_km - doubt_km)
    return Bounds(
        max(0.0, (route.distance_km if lower is None else lower) - doubt_km, shortest),
        (route.distance_km if upper is None else upper) + doubt_km,
    )


def _estimate(route: Route | None, leaves: Interval, speed_kmh: float | None) -> Estimate | None:
    if route is None or speed_kmh is None:
        return None
    hours = route.distance_km / speed_kmh
    travel_time = timedelta(hours=hours)
    return Estimate(speed_kmh, hours, _shift(leaves, travel_time))


def _shift(leaves: Interval, travel_time: timedelta) -> Interval:
    def moved(instant: datetime | None) -> datetime | None:
        return None if instant is None else instant + travel_time

    return Interval(moved(leaves.earliest), moved(leaves.latest))


def _verdict(
    origin: Waypoint,
    destination: Waypoint,
    distance: Bounds | None,
    speed: Bounds,
    max_speed_kmh: float | None,
) -> Verdict:
    if destination.status is not Modality.REPORTED:
        return Verdict.UNKNOWN
    if origin.conflict or destination.conflict:
        return Verdict.DISPUTED
    left, reached = origin.departure.earliest, destination.arrival.latest
    if left is not None and reached is not None and reached <= left:
        # No speed at all takes a party anywhere in no time, or there before it left.
        somewhere_else = distance is not None and (distance.lower or 0.0) > 0
        if somewhere_else or reached < left:
            return Verdict.DISPUTED
    if speed.lower is None:
        return Verdict.UNKNOWN
    if max_speed_kmh is not None and speed.lower > max_speed_kmh:
        return Verdict.TOO_FAST
    return Verdict.CONSISTENT
