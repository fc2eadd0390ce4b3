"""Legs: their bounds on distance, duration and speed, an estimate, and a verdict.

Lives here: the arithmetic of travel between two waypoints under a trip's assumptions. Not
here: which waypoints follow each other (:mod:`app.journey.itinerary`), ways and speeds
(:mod:`app.journey.travel`). Imports the journey's nouns and parts only.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from app.journey.arrangement import Step, mode_of
from app.journey.bounds import Bounds
from app.journey.constraints import hours_from, hours_to
from app.journey.contradiction import MemberKind
from app.journey.contradictions import Resolution
from app.journey.derived import Estimate, Leg, Route, Verdict, Waypoint
from app.journey.interval import UNKNOWN, Interval
from app.journey.model import Modality
from app.journey.travel import Travel
from app.journey.visits import Visit


def make_legs(
    waypoints: Sequence[Waypoint],
    visits: Sequence[Visit],
    resolution: Resolution,
    travel: Travel,
) -> list[Leg]:
    """The leg to every waypoint that comes after another, in the order of the waypoints.

    ``visits`` are those of the waypoints, one each.
    """
    legs: list[Leg] = []
    reaches: dict[int, Interval] = {}
    verdicts = _Verdicts(waypoints, resolution)
    for waypoint, visit in zip(waypoints, visits, strict=True):
        if waypoint.after is None:
            continue
        origin = waypoints[waypoint.after - 1]
        leaves = reaches.get(origin.sequence, origin.departure)
        if waypoint.status is Modality.REPORTED:
            step = resolution.arrangement.steps[origin.sequence - 1]
            left = 2 * origin.sequence - 1
            duration = hours_between(resolution, left, left + 1)
        else:
            step = _step_ahead(travel, visits[origin.sequence - 1], visit)
            duration = Bounds()
        leg = _leg(len(legs) + 1, origin, waypoint, step, duration, leaves, travel, verdicts)
        if waypoint.status.looks_ahead:
            reaches[waypoint.sequence] = (
                leg.at_cruise_speed.arrival if leg.at_cruise_speed else UNKNOWN
            )
        legs.append(leg)
    return legs


def _step_ahead(travel: Travel, origin: Visit, destination: Visit) -> Step:
    mode = mode_of(origin, destination, travel.trip.mode)
    way = travel.way(origin.place, destination.place, mode)
    return Step(mode, way, way.least_km, travel.max_speed_kmh(mode))


def hours_between(resolution: Resolution, first: int, last: int) -> Bounds:
    """Hours between two instants of a resolution's network; never below 0."""
    network = resolution.arrangement.network
    least, most = network.difference(resolution.tight, first, last)
    return Bounds(max(0.0, hours_from(least) or 0.0), hours_to(most))


def _leg(
    sequence: int,
    origin: Waypoint,
    destination: Waypoint,
    step: Step,
    duration: Bounds,
    leaves: Interval,
    travel: Travel,
    verdicts: "_Verdicts",
) -> Leg:
    way = step.way
    speed = _speed(way.distance or Bounds(), duration, step.max_speed_kmh)
    ahead = destination.status.looks_ahead
    return Leg(
        sequence=sequence,
        origin=origin.sequence,
        destination=destination.sequence,
        branch=destination.place.id if destination.status is Modality.POSSIBLE else None,
        mode=step.mode,
        status=destination.status,
        route=way.route,
        distance_bounds_km=way.distance,
        great_circle_km=way.great_circle_km,
        duration_h=duration,
        speed_kmh=Bounds() if ahead else speed,
        at_cruise_speed=_estimate(way.route, leaves, travel.cruise_speed_kmh(step.mode)),
        verdict=verdicts.of(origin, destination, speed),
        problem=way.problem,
        max_speed_kmh=step.max_speed_kmh,
    )


def _speed(distance: Bounds, duration: Bounds, max_speed_kmh: float | None) -> Bounds:
    """Average speed over a leg, km/h, within the assumed maximum."""
    speed = distance / duration
    if max_speed_kmh is None or distance.lower is None:
        return speed
    upper = max_speed_kmh if speed.upper is None else min(speed.upper, max_speed_kmh)
    return Bounds(speed.lower, max(upper, speed.lower or 0.0))


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


class _Verdicts:
    """What contradictions and bounds say of legs."""

    def __init__(self, waypoints: Sequence[Waypoint], resolution: Resolution) -> None:
        waypoint_of = {s: w.sequence for w in waypoints for s in w.sightings}
        self._disputed: set[int] = set()
        self._too_fast: set[int] = set()
        for contradiction in resolution.contradictions:
            told = [waypoint_of[s] for s in contradiction.sightings if s in waypoint_of]
            legs = set(range(min(told), max(told))) if told else set()
            aside = contradiction.set_aside_kind
            if aside is MemberKind.ASSUMPTION and contradiction.relaxed_to_kmh is not None:
                self._too_fast |= legs
            elif aside is not MemberKind.ASSUMPTION or contradiction.released:
                self._disputed |= legs

    def of(self, origin: Waypoint, destination: Waypoint, speed: Bounds) -> Verdict:
        """The verdict on the leg between two waypoints."""
        if destination.status is not Modality.REPORTED:
            return Verdict.UNKNOWN
        if origin.conflict or destination.conflict or origin.sequence in self._disputed:
            return Verdict.DISPUTED
        if origin.sequence in self._too_fast:
            return Verdict.TOO_FAST
        return Verdict.UNKNOWN if speed.lower is None else Verdict.CONSISTENT
