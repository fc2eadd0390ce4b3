"""Where a party can have been at an instant: the parts of a space-time prism, all frozen.

Lives here: values only. Not here: how they are derived (:mod:`app.journey.prism`). Imports the
journey's nouns only.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.journey.derived import Itinerary
from app.journey.interval import Interval
from app.journey.model import Mode, Position


class PartKind(StrEnum):
    """What a part of the prism is."""

    STOP = "stop"
    LEG = "leg"
    AHEAD = "ahead"
    ESTIMATE = "estimate"


class Standing(StrEnum):
    """How an instant stands to the reports."""

    UNREPORTED = "unreported"
    BEFORE = "before"
    BETWEEN = "between"
    AFTER = "after"
    ENDED = "ended"
    BEYOND = "beyond"


LEG_LINE = "the leg's line"
"""The whole way of a leg: no speed or no network says which part of it."""

STRAIGHT_LINE = "the straight line"
"""Between two places that no known way joins."""


@dataclass(frozen=True, slots=True)
class Part:
    """One stop, stretch of network or point where the party can have been.

    ``waypoints`` are the sequences of the visits at its ends, ``leg`` that of the leg.
    ``over`` names the network, or the line, that ``lines`` run along; ``length_km`` is its
    length and ``simplified_km`` how far a drawn line may lie off it. ``possible`` is the time
    during which the part (not every point of it) is possible, ``claims`` the sightings that
    bound that. A stop, like an estimate, has a ``position``, true to ``radius_km``.
    ``speed_kmh`` is the speed of an estimate under way.
    """

    kind: PartKind
    waypoints: tuple[int, ...]
    possible: Interval
    claims: tuple[str, ...]
    leg: int | None = None
    mode: Mode | None = None
    over: str | None = None
    position: Position | None = None
    radius_km: float | None = None
    lines: tuple[tuple[Position, ...], ...] = ()
    length_km: float | None = None
    simplified_km: float | None = None
    max_speed_kmh: float | None = None
    speed_kmh: float | None = None


@dataclass(frozen=True, slots=True)
class Prism:
    """All parts that are possible at ``at``: stops, legs, what lies ahead, then the estimate.

    ``undrawn`` are the modes by which it may have gone where nothing can be drawn: no maximum
    speed is assumed, or no network is at hand.
    """

    itinerary: Itinerary
    at: datetime
    standing: Standing
    parts: tuple[Part, ...] = ()
    undrawn: tuple[Mode, ...] = ()
