"""What follows from the claims of a trip: waypoints, legs and the itinerary they make, all frozen.

Derived from a :class:`app.journey.model.Trip` and never stored. Lives here: values only. Not
here: how they are derived (:mod:`app.journey.itinerary`). Imports the nouns of claims.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.journey.bounds import UNBOUNDED, Bounds
from app.journey.contradiction import Contradiction
from app.journey.interval import Interval
from app.journey.model import Assumption, Modality, Mode, Place, Position, Trip


class Verdict(StrEnum):
    """What the bounds of a leg say about its claims."""

    CONSISTENT = "consistent"
    TOO_FAST = "too fast for the assumption"
    DISPUTED = "disputed"
    UNKNOWN = "unknown"


class Unplaced(StrEnum):
    """Why a sighting makes no waypoint."""

    DENIED = "denied"
    REGIONAL = "regional"
    OVERTAKEN = "overtaken"
    DISPUTED = "disputed"
    OTHER_SUBJECT = "other subject"
    SUPERSEDED = "superseded"
    RETRACTED = "retracted"


@dataclass(frozen=True, slots=True)
class Route:
    """A way between two positions along one network.

    ``distance_km`` is counted along the network from snap to snap; ``snap_km`` says how far
    origin and destination lie off it. ``distance_bounds_km`` takes in near-equal
    alternatives. ``geometry`` holds one polyline; its own length may be shorter than
    ``distance_km``, because it is simplified.
    """

    mode: Mode
    distance_km: float
    great_circle_km: float
    distance_bounds_km: Bounds
    snap_km: tuple[float, float]
    countries: tuple[str, ...]
    geometry: Sequence[Position]


@dataclass(frozen=True, slots=True)
class BoundedBy:
    """Which sighting each bound of a waypoint goes back to, directly or along the journey.

    ``None`` where the bound is open, or goes back to a reported duration.
    """

    arrival_earliest: str | None = None
    arrival_latest: str | None = None
    departure_earliest: str | None = None
    departure_latest: str | None = None


@dataclass(frozen=True, slots=True)
class Waypoint:
    """One visit to one place, derived from all its sightings.

    ``sequence`` counts from 1; ``after`` is the sequence of the predecessor. ``arrival`` and
    ``departure`` are tight: all claims of the journey, distances and assumed speeds have
    bounded them (of a stop ahead, the earliest arrival that the assumed maximum allows).
    Sightings stand in the order of their reports; ``disputed`` are those of them that were set
    aside for a contradiction; ``origins`` (who independently says so, in alphabetical order)
    and ``subjects`` (what was seen) are of the others. ``distance_from_start_km`` runs along
    the waypoint's own branch and is ``None`` when a leg on the way has no known length.
    """

    sequence: int
    after: int | None
    status: Modality
    place: Place
    arrival: Interval
    departure: Interval
    sightings: tuple[str, ...]
    origins: tuple[str, ...]
    subjects: tuple[str, ...] = ()
    disputed: tuple[str, ...] = ()
    distance_from_start_km: float | None = None
    bounded_by: BoundedBy = BoundedBy()

    @property
    def conflict(self) -> bool:
        """Whether some of what is said of this visit was set aside for a contradiction."""
        return bool(self.disputed)


@dataclass(frozen=True, slots=True)
class Estimate:
    """What an assumed cruise speed makes of a leg: hours on the way and when it would end."""

    speed_kmh: float
    hours: float
    arrival: Interval


@dataclass(frozen=True, slots=True)
class Leg:
    """Travel between a waypoint and the one after it.

    ``route`` is ``None`` when no believable way was found; ``problem`` then says why.
    ``distance_bounds_km`` takes in how far off both ends may be. Durations and speeds are
    averages over the whole leg, stops on the way included.
    ``max_speed_kmh`` is the assumed maximum that holds on it, as relaxed for a contradiction;
    ``None`` where none is assumed. ``branch`` is the place id of the possible stop at the end
    of the leg's branch, ``None`` on the line that was reported or is expected.
    """

    sequence: int
    origin: int
    destination: int
    branch: str | None
    mode: Mode
    status: Modality
    route: Route | None
    distance_bounds_km: Bounds | None
    great_circle_km: float
    duration_h: Bounds
    speed_kmh: Bounds
    at_cruise_speed: Estimate | None
    verdict: Verdict
    problem: str | None = None
    max_speed_kmh: float | None = None

    @property
    def distance_km(self) -> float | None:
        """Length along the network; ``None`` when no way was found."""
        return None if self.route is None else self.route.distance_km


@dataclass(frozen=True, slots=True)
class Itinerary:
    """All that follows from the claims known at ``as_of``; derived, never stored.

    ``unplaced`` maps the id of each sighting that makes no waypoint to the reason.
    ``last_reported`` is the sequence of the last waypoint that somebody reported.
    ``elapsed_h`` is the time from leaving the first waypoint to reaching the last reported one.
    ``assumptions`` are those of the trip and those that go without saying. ``contradictions``
    stand in the order of the journey.
    """

    trip: Trip
    as_of: datetime | None
    waypoints: tuple[Waypoint, ...]
    legs: tuple[Leg, ...]
    unplaced: Mapping[str, Unplaced]
    last_reported: int | None
    elapsed_h: Bounds = UNBOUNDED
    contradictions: tuple[Contradiction, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
