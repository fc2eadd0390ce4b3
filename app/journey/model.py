"""The nouns of claims, all frozen: place, source, sighting, assumption, figure, trip.

Claims (:class:`Source`, :class:`Sighting`, :class:`Assumption`, :class:`Figure`) make a
:class:`Trip`. Lives here: values and what follows from one value alone. Not here: what is
derived from them (:mod:`app.journey.derived`). Imports :mod:`app.journey.interval` and
:mod:`app.journey.bounds` only.
"""

from collections.abc import Mapping
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


_MODE_OF_SUBJECT: Mapping[str, Mode] = {Subject.TRAIN: Mode.TRAIN, Subject.MOTORCADE: Mode.CAR}


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
    """A distance or duration that a source gives, to compare ours with.

    Where it is ``of_this_journey`` its duration is a claim about the time from leaving
    ``origin`` to reaching ``destination``, all halts included, and bounds both; any other
    figure bounds nothing. ``attributed_to`` and ``credibility`` are those of a sighting.
    """

    id: str
    source: str
    origin: str
    destination: str
    claim: str
    mode: Mode = Mode.TRAIN
    distance_km: Bounds | None = None
    duration_h: Bounds | None = None
    of_this_journey: bool = False
    attributed_to: str | None = None
    credibility: int = 6


@dataclass(frozen=True, slots=True)
class Trip:
    """The sources, sightings and assumptions of one journey, as stored.

    ``formerly`` are the slugs it had before, the first one first: links to them lead here.
    ``withdrawn`` is a sentence for readers, why it is no longer shown; ``None`` while it is.
    """

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
    formerly: tuple[str, ...] = ()
    withdrawn: str | None = None
