"""What a journey adds up to so far: its length, its time, and how much of that was travel.

Lives here: sums over the legs and stops that were reported. Not here: the legs themselves
(:mod:`app.journey.legs`). Imports the journey's nouns only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from app.journey.bounds import UNBOUNDED, Bounds
from app.journey.derived import Itinerary, Waypoint
from app.journey.model import Event, Modality

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over all that was reported, km and hours.

    ``elapsed_h`` runs from the first departure to the last arrival, stays included;
    ``stops_h`` is the part of it spent at the waypoints between, ``moving_h`` the rest.
    ``speed_kmh`` is distance over ``moving_h``: an average that a stay of days would hide.
    Halts between waypoints, of which nobody told, count as travel.
    """

    waypoints: int
    distance_km: float | None = None
    distance_bounds_km: Bounds = UNBOUNDED
    great_circle_km: float | None = None
    elapsed_h: Bounds = UNBOUNDED
    stops_h: Bounds = UNBOUNDED
    moving_h: Bounds = UNBOUNDED
    speed_kmh: Bounds = UNBOUNDED


def totals(itinerary: Itinerary) -> Totals:
    """The sums over the reported waypoints and the legs between them."""
    reported = [w for w in itinerary.waypoints if w.status is Modality.REPORTED]
    legs = [leg for leg in itinerary.legs if leg.status is Modality.REPORTED]
    if not legs:
        return Totals(len(reported))
    lengths = [leg.distance_km for leg in legs if leg.distance_km is not None]
    distance = stops = on_legs = Bounds.exactly(0.0)
    for leg in legs:
        distance = distance + (leg.distance_bounds_km or Bounds())
        on_legs = on_legs + leg.duration_h
    event_of = {s.id: s.event for s in itinerary.trip.sightings if s.modality is Modality.REPORTED}
    for waypoint in reported[1:-1]:
        stops = stops + _stay(waypoint, event_of)
    elapsed = itinerary.elapsed_h
    moving = _what_is_left(elapsed, stops, on_legs)
    return Totals(
        waypoints=len(reported),
        distance_km=sum(lengths) if len(lengths) == len(legs) else None,
        distance_bounds_km=distance,
        great_circle_km=sum(leg.great_circle_km for leg in legs),
        elapsed_h=elapsed,
        stops_h=stops,
        moving_h=moving,
        speed_kmh=distance / moving,
    )


def _stay(waypoint: Waypoint, event_of: Mapping[str, Event]) -> Bounds:
    """Hours at one waypoint; none where it was passed."""
    told = [s for s in waypoint.sightings if s in event_of and s not in waypoint.disputed]
    if any(event_of[sighting] is Event.PASSED for sighting in told):
        return Bounds.exactly(0.0)
    arrival, departure = waypoint.arrival, waypoint.departure
    shortest, longest = 0.0, None
    if arrival.latest is not None and departure.earliest is not None:
        shortest = max(0.0, (departure.earliest - arrival.latest) / HOUR)
    if arrival.earliest is not None and departure.latest is not None:
        longest = (departure.latest - arrival.earliest) / HOUR
    return Bounds(shortest, longest)


def _what_is_left(elapsed: Bounds, stops: Bounds, on_legs: Bounds) -> Bounds:
    """Hours of travel: what the legs add up to, within the whole less the stops."""
    lowest = [hours for hours in (_less(elapsed.lower, stops.upper), on_legs.lower) if hours]
    highest = [
        hours for hours in (_less(elapsed.upper, stops.lower), on_legs.upper) if hours is not None
    ]
    lower, upper = max(lowest, default=0.0), min(highest, default=None)
    # Claims that contradict each other leave nothing to say.
    return Bounds() if upper is not None and upper < lower else Bounds(lower, upper)


def _less(whole: float | None, part: float | None) -> float | None:
    return None if whole is None or part is None else whole - part
