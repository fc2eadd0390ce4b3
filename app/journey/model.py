"""The nouns of a journey, all frozen: place, source, sighting, assumption, waypoint, leg.

Claims (:class:`Source`, :class:`Sighting`, :class:`Assumption`, :class:`Figure`) make a
:class:`Trip`; waypoints and legs of an :class:`Itinerary` are derived from it and never
stored. Lives here: values and what follows from one value alone. Not here: how an itinerary
is derived (:mod:`app.journey.itinerary`). Imports :mod:`app.journey.interval` only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from app.journey.bounds import Bounds
from app.journey.interval import UNKNOWN, Interval


class Position(NamedTuple):
    """A point on WGS 84, in degrees; in the order of GeoJSON."""

    lon: float
    lat: float


class Mode(StrEnum):
    """How a leg is travelled."""

    TRAIN = "train"
    CAR = "car"
    SHIP = "ship"
    PLANE = "plane"


class Subject(StrEnum):
    """The usual things seen; a sighting may also name an instance ("advance train")."""

    LEADER = "leader"
    TRAIN = "train"
    MOTORCADE = "motorcade"
    DELEGATION = "delegation"


class Event(StrEnum):
    """What the subject did at the place."""

    DEPARTED = "departed"
    ARRIVED = "arrived"
    PASSED = "passed"
    PRESENT = "present"


class Modality(StrEnum):
    """Whether the claim says that it happened, will, might, or did not."""

    REPORTED = "reported"
    EXPECTED = "expected"
    POSSIBLE = "possible"
    DENIED = "denied"

    @property
    def looks_ahead(self) -> bool:
        """Whether the claim speaks of what is still to come."""
        return self in (Modality.EXPECTED, Modality.POSSIBLE)


class Evidence(StrEnum):
    """What the claim rests on."""

    STATEMENT = "statement"
    PHOTO = "photo"
    VIDEO = "video"
    SATELLITE = "satellite"
    SCHEDULE = "schedule"
    INFERENCE = "inference"


class State(StrEnum):
    """Whether a claim still stands; nothing is ever erased."""

    ACTIVE = "active"
    SUPERSEDED = "superseded"
    RETRACTED = "retracted"


class Verdict(StrEnum):
    """What the bounds of a leg say about its claims."""

    CONSISTENT = "consistent"
    TOO_FAST = "too fast for the assumption"
    DISPUTED = "disputed"
    UNKNOWN = "unknown"


_MODE_OF_SUBJECT: Mapping[str, Mode] = {Subject.TRAIN: Mode.TRAIN, Subject.MOTORCADE: Mode.CAR}


class Unplaced(StrEnum):
    """Why a sighting makes no waypoint."""

    DENIED = "denied"
    REGIONAL = "regional"
    OVERTAKEN = "overtaken"
    SUPERSEDED = "superseded"
    RETRACTED = "retracted"


REGIONAL_FEATURES = frozenset({"country", "region"})


@dataclass(frozen=True, slots=True)
class Place:
    """A gazetteer entry.

    ``names`` maps a BCP 47 language to the name in it. ``radius_km`` says how far off the
    position may be. ``time_zone`` is an IANA zone; ``other_time_zones`` holds the zone across
    the border where the place lies on one. ``origin`` says where the entry comes from.
    """

    id: str
    name: str
    position: Position
    country: str
    time_zone: str
    names: Mapping[str, str] = field(default_factory=dict)
    radius_km: float = 0.0
    feature: str = "place"
    origin: str = ""
    other_time_zones: tuple[str, ...] = ()

    @property
    def is_regional(self) -> bool:
        """Whether it is a whole country or region: too wide to be a waypoint."""
        return self.feature in REGIONAL_FEATURES

    @property
    def time_zones(self) -> tuple[str, ...]:
        """Every zone whose clock may be meant here, the place's own first."""
        return (self.time_zone, *self.other_time_zones)


@dataclass(frozen=True, slots=True)
class Source:
    """One published report. ``published_at`` is an interval, because a bare date is allowed.

    ``reliability`` is the Admiralty letter A to F; ``derived_from`` the id of the report that
    this one copies (syndication). Title and addresses are given only where known.
    """

    id: str
    publisher: str
    published_at: Interval
    language: str = "en"
    reliability: str = "F"
    title: str | None = None
    url: str | None = None
    archived_url: str | None = None
    retrieved_at: datetime | None = None
    updated_at: Interval | None = None
    derived_from: str | None = None
    note: str | None = None

    @property
    def known_at(self) -> datetime:
        """Result time: from here on what it says is surely known (after any update)."""
        ends = [self.published_at.latest]
        if self.updated_at is not None:
            ends.append(self.updated_at.latest)
        known = [end for end in ends if end is not None]
        if not known:
            raise ValueError(f"source {self.id!r} has no latest time of publication")
        return max(known)


@dataclass(frozen=True, slots=True)
class Sighting:
    """One claim in one source: what was seen, doing what, where, when, according to whom.

    ``when`` is the interval that ``wording`` means, already capped by the time of the report
    where the claim is of the past. ``position_in_report`` counts from 0. ``state_since`` is
    the publication time from which a superseded or retracted state holds.
    """

    id: str
    source: str
    subject: str
    event: Event
    modality: Modality
    place: str
    when: Interval = UNKNOWN
    wording: str = ""
    attributed_to: str | None = None
    evidence: Evidence = Evidence.STATEMENT
    credibility: int = 6
    claim: str = ""
    mode: Mode | None = None
    position_in_report: int = 0
    state: State = State.ACTIVE
    state_since: datetime | None = None
    state_reason: str | None = None
    superseded_by: str | None = None

    def is_active_at(self, as_of: datetime | None) -> bool:
        """Whether the claim stood at ``as_of`` (``None``: stands with all that is known)."""
        if self.state is State.ACTIVE:
            return True
        return as_of is not None and self.state_since is not None and as_of < self.state_since

    @property
    def travels_by(self) -> Mode | None:
        """The mode that the report gives or that the subject implies."""
        if self.mode is not None:
            return self.mode
        return _MODE_OF_SUBJECT.get(self.subject)


class AssumptionKind(StrEnum):
    """What an assumption is about; decides which values it carries."""

    CRUISE_SPEED = "cruise_speed"
    MAX_SPEED = "max_speed"
    MINIMUM_STOP = "minimum_stop"
    AVOID = "avoid"
    VIA = "via"
    LEADER_ABOARD = "leader_aboard"
    RAILWAY_COMPLETE = "railway_complete"


@dataclass(frozen=True, slots=True)
class Assumption:
    """Something taken for granted, by name, with the source or the reason it rests on.

    ``kmh`` for speeds, ``hours`` for stops, ``countries`` (ISO 3166-1 alpha-2) to avoid.
    ``places`` is the place of a stop, or for ``via`` the ends of a leg with the via points
    between them, in order: ``[from, via, …, to]``; it holds in both directions.
    """

    name: str
    kind: AssumptionKind
    mode: Mode | None = None
    kmh: float | None = None
    hours: float | None = None
    countries: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    source: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A distance or duration that a source gives, to compare ours with; it bounds nothing."""

    id: str
    source: str
    origin: str
    destination: str
    claim: str
    mode: Mode = Mode.TRAIN
    distance_km: Bounds | None = None
    duration_h: Bounds | None = None


@dataclass(frozen=True, slots=True)
class Trip:
    """The sources, sightings and assumptions of one journey, as stored."""

    slug: str
    title: str
    subject: str
    summary: str = ""
    mode: Mode = Mode.TRAIN
    revision: int = 0
    sources: tuple[Source, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    figures: tuple[Figure, ...] = ()
    places: Mapping[str, Place] = field(default_factory=dict)


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
class Waypoint:
    """One visit to one place, derived from all its sightings.

    ``sequence`` counts from 1; ``after`` is the sequence of the predecessor. Sightings stand
    in the order of their reports, ``origins`` (who independently says so) in alphabetical
    order; ``distance_from_start_km`` runs along the waypoint's own branch and is ``None`` when
    a leg on the way has no known length. ``conflict`` is set when claims about this one visit
    cannot all be true; the bounds are then the hull of what they say.
    """

    sequence: int
    after: int | None
    status: Modality
    place: Place
    arrival: Interval
    departure: Interval
    sightings: tuple[str, ...]
    origins: tuple[str, ...]
    distance_from_start_km: float | None = None
    conflict: bool = False


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
    ``branch`` is the place id of the possible stop at the end of the leg's branch, ``None`` on
    the line that was reported or is expected.
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

    @property
    def distance_km(self) -> float | None:
        """Length along the network; ``None`` when no way was found."""
        return None if self.route is None else self.route.distance_km


@dataclass(frozen=True, slots=True)
class Itinerary:
    """All that follows from the claims known at ``as_of``; derived, never stored.

    ``unplaced`` maps the id of each sighting that makes no waypoint to the reason.
    ``last_reported`` is the sequence of the last waypoint that somebody reported.
    """

    trip: Trip
    as_of: datetime | None
    waypoints: tuple[Waypoint, ...]
    legs: tuple[Leg, ...]
    unplaced: Mapping[str, Unplaced]
    last_reported: int | None
