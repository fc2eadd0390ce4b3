"""What cannot all be true: a smallest set of claims and assumptions, with the facts of the clash.

Lives here: the noun. Not here: how such sets are found (:mod:`app.journey.contradictions`) and
the sentence that tells of one (:mod:`app.wording`). Imports the standard library only.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class MemberKind(StrEnum):
    """What a member of a contradiction is."""

    SIGHTING = "sighting"
    ASSUMPTION = "assumption"
    FIGURE = "figure"


@dataclass(frozen=True, slots=True)
class Clash:
    """The numbers behind a contradiction: too little time between two reports.

    ``earlier`` and ``later`` are the ids of the sightings that say ``not_before`` (when the
    party was still at the one place) and ``not_after`` (by when it was at the other).
    ``distance_km`` is the shortest way between them, along the network or, where
    ``great_circle``, in a straight line; ``needed_speed_kmh`` the average that it takes, ``None``
    where no speed would do; ``max_speed_kmh`` the assumed maximum on that way. ``needed_h`` is
    the time that a stop or a reported duration asks for, beside that for travelling.

    Every field but the ids may be ``None``: a reported duration clashes without two times.
    """

    earlier: str | None
    later: str | None
    not_before: datetime | None = None
    not_after: datetime | None = None
    available_h: float | None = None
    needed_h: float | None = None
    distance_km: float | None = None
    great_circle: bool = False
    needed_speed_kmh: float | None = None
    max_speed_kmh: float | None = None


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A smallest set that cannot all be true: without any one of its members the rest can.

    ``sightings`` are ids in the order of the journey, ``assumptions`` names, ``figures`` ids of
    reported durations. ``set_aside`` is the weakest member, by which the bounds do without; an
    assumption is relaxed only as far as needed: a speed to ``relaxed_to_kmh``, a stop to
    ``relaxed_to_h``, on the legs in question alone. ``released`` are the sightings that go
    without "leader aboard".
    """

    sightings: tuple[str, ...]
    assumptions: tuple[str, ...]
    figures: tuple[str, ...]
    clash: Clash
    set_aside: str
    set_aside_kind: MemberKind
    relaxed_to_kmh: float | None = None
    relaxed_to_h: float | None = None
    released: tuple[str, ...] = ()
