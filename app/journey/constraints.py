"""The simple temporal network of a journey: instants in a row, bounds on each, gaps between.

Dechter, Meiri and Pearl 1991, "Temporal constraint networks", *Artificial Intelligence* 49. A
journey is a chain, so a forward and a backward pass give the tightest bounds in O(n); what is
said of longer stretches ("65 hours in all") is added by Bellman-Ford over the part it spans.
Lives here: the arithmetic, on whole ticks far below a microsecond, so that nothing is lost to
rounding, and a way that takes some time, nobody knows how little, takes one tick. Not here:
what the instants stand for (:mod:`app.journey.arrangement`). Imports the standard
library only.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

EARLIEST = -(10**30)
LATEST = 10**30
"""Stand for an open end: far enough out that no sum of gaps comes back from there."""

_OPEN_BELOW, _OPEN_ABOVE = EARLIEST // 2, LATEST // 2
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_TICK_BITS = 20
HOUR = 3_600_000_000 << _TICK_BITS
"""One hour in ticks."""


def ticks(instant: datetime) -> int:
    """An instant as ticks since 1970, exactly."""
    return ((instant - _EPOCH) // _MICROSECOND) << _TICK_BITS


def instant_from(value: int) -> datetime | None:
    """The instant of a lower bound, rounded down; ``None`` if open or beyond the calendar."""
    return _instant(_down(value)) if not is_open(value) else None


def instant_to(value: int) -> datetime | None:
    """The instant of an upper bound, rounded up; ``None`` if open or beyond the calendar."""
    return _instant(-_down(-value)) if not is_open(value) else None


def hours_from(value: int) -> float | None:
    """A least duration in hours, rounded down to the microsecond; ``None`` if open."""
    return None if is_open(value) else _down(value) / 3_600_000_000


def hours_to(value: int) -> float | None:
    """A longest duration in hours, rounded up to the microsecond; ``None`` if open."""
    return None if is_open(value) else -_down(-value) / 3_600_000_000


def _down(value: int) -> int:
    # A nanosecond is noise of the arithmetic, not knowledge.
    return (value + 1024) >> _TICK_BITS


def _instant(microseconds: int) -> datetime | None:
    try:
        return _EPOCH + timedelta(microseconds=microseconds)
    except OverflowError:
        return None


def is_open(value: int) -> bool:
    """Whether a bound stands for an open end."""
    return not _OPEN_BELOW < value < _OPEN_ABOVE


@dataclass(frozen=True, slots=True)
class Span:
    """What is said of a longer stretch: ``least`` ≤ x[last] − x[first] ≤ ``most``, ticks."""

    first: int
    last: int
    least: int
    most: int
    by: str


@dataclass(frozen=True, slots=True)
class Inconsistency:
    """Where a network contradicts itself.

    The lower bound of ``first``, carried along, passes the upper bound of ``last``. Where
    ``spans`` take part the two are the ends of the stretch that they cover.
    """

    first: int
    last: int
    spans: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tight:
    """The tightest bounds of every instant.

    ``lower_from`` and ``upper_from`` name the instant whose own bound each goes back to.
    """

    lower: list[int]
    upper: list[int]
    lower_from: list[int]
    upper_from: list[int]


@dataclass(slots=True)
class Network:
    """Instants x[0], x[1], … with x[k] − x[k−1] ≥ ``gap[k]``, and = 0 where ``equal[k]``.

    ``lower[k]`` ≤ x[k] ≤ ``upper[k]``; ``lower_by`` and ``upper_by`` name who says so. The two
    instants of an equal pair must have the same bounds of their own. ``gap[0]`` is 0.
    """

    lower: list[int] = field(default_factory=list)
    upper: list[int] = field(default_factory=list)
    lower_by: list[str | None] = field(default_factory=list)
    upper_by: list[str | None] = field(default_factory=list)
    gap: list[int] = field(default_factory=list)
    equal: list[bool] = field(default_factory=list)
    spans: Sequence[Span] = ()

    def inconsistencies(self) -> list[Inconsistency]:
        """Where it contradicts itself; none exactly when some schedule satisfies it.

        Those that a chain alone shows are found in one pass, apart from each other; those
        that need a span are found one at a time, when there is no other.
        """
        found = self._along_the_chain()
        if found or not self.spans:
            return found
        inconsistency = self._with_spans()[1]
        return [] if inconsistency is None else [inconsistency]

    def tighten(self) -> Tight:
        """The tightest bounds. Raises ``ValueError`` when nothing satisfies the network."""
        tight, inconsistency = self._with_spans()
        if inconsistency is not None:
            raise ValueError(f"no schedule satisfies the network: {inconsistency}")
        return tight

    def difference(self, tight: Tight, first: int, last: int) -> tuple[int, int]:
        """The tightest bounds on x[last] − x[first], for first ≤ last; an end may be open."""
        least, most = sum(self.gap[first + 1 : last + 1]), LATEST
        if last == first + 1 and self.equal[last]:
            most = 0
        if any(s.first <= last and first <= s.last for s in self.spans):
            least = max(least, self._longest(first, last))
            most = min(most, -self._longest(last, first))
        return (
            max(least, tight.lower[last] - tight.upper[first]),
            min(most, tight.upper[last] - tight.lower[first]),
        )

    def _along_the_chain(self) -> list[Inconsistency]:
        found: list[Inconsistency] = []
        lower, upper, gap = self.lower, self.upper, self.gap
        reached, origin = EARLIEST, 0
        for k, own in enumerate(lower):
            reached += gap[k]
            if own >= reached:
                reached, origin = own, k
            if reached > upper[k]:
                found.append(Inconsistency(origin, k))
                # What comes after is looked at apart, from what this instant says itself.
                reached, origin = (own if own <= upper[k] else EARLIEST), k
        return found

    def _with_spans(self) -> tuple[Tight, Inconsistency | None]:
        lower, lower_from = list(self.lower), list(range(len(self.lower)))
        upper, upper_from = list(self.upper), list(range(len(self.upper)))
        self._forward(lower, lower_from)
        self._backward(upper, upper_from)
        # A shortest path takes each span at most once, either way.
        changed: list[Span] = []
        for _ in range(2 * len(self.spans) + 2):
            changed = [
                span
                for span in self.spans
                if self._raised(span, lower, lower_from) | self._lowered(span, upper, upper_from)
            ]
            if not changed:
                break
        inconsistency = self._inconsistency(lower, upper, lower_from, changed)
        return Tight(lower, upper, lower_from, upper_from), inconsistency

    def _inconsistency(
        self, lower: list[int], upper: list[int], lower_from: list[int], changed: Sequence[Span]
    ) -> Inconsistency | None:
        spans = changed or self.spans
        names = tuple(span.by for span in spans)
        if changed:
            return Inconsistency(min(s.first for s in spans), max(s.last for s in spans), names)
        for k, (low, high) in enumerate(zip(lower, upper, strict=True)):
            if low > high:
                ends = [lower_from[k], k, *(s.first for s in spans), *(s.last for s in spans)]
                return Inconsistency(min(ends), max(ends), names)
        return None

    def _forward(self, lower: list[int], origin: list[int], changed: int | None = None) -> None:
        """Carry lower bounds on; only what follows from ``changed``, where that is given."""
        gap = self.gap
        for k in range(1 if changed is None else changed + 1, len(lower)):
            reached = lower[k - 1] + gap[k]
            if reached > lower[k]:
                lower[k], origin[k] = reached, origin[k - 1]
            elif changed is not None:
                break

    def _backward(self, upper: list[int], origin: list[int], changed: int | None = None) -> None:
        """Carry upper bounds back, likewise."""
        gap = self.gap
        for k in range((len(upper) if changed is None else changed + 1) - 2, -1, -1):
            left = upper[k + 1] - gap[k + 1]
            if left < upper[k]:
                upper[k], origin[k] = left, origin[k + 1]
            elif changed is not None:
                break

    def _raised(self, span: Span, lower: list[int], origin: list[int]) -> bool:
        raised = False
        steps = ((span.first, span.last, span.least), (span.last, span.first, -span.most))
        for start, end, by in steps:
            at = end - 1 if self.equal[end] else end
            if lower[start] + by > lower[at]:
                lower[at], origin[at] = lower[start] + by, origin[start]
                self._forward(lower, origin, at)
                raised = True
        return raised

    def _lowered(self, span: Span, upper: list[int], origin: list[int]) -> bool:
        lowered = False
        steps = ((span.last, span.first, -span.least), (span.first, span.last, span.most))
        for start, end, by in steps:
            at = end + 1 if end + 1 < len(upper) and self.equal[end + 1] else end
            if upper[start] + by < upper[at]:
                upper[at], origin[at] = upper[start] + by, origin[start]
                self._backward(upper, origin, at)
                lowered = True
        return lowered

    def _longest(self, start: int, end: int) -> int:
        """The longest way from one instant to another over gaps and spans alone."""
        lengths = [EARLIEST] * len(self.lower)
        lengths[start - 1 if self.equal[start] else start] = 0
        origin = list(range(len(lengths)))
        self._forward(lengths, origin)
        for _ in range(2 * len(self.spans) + 2):
            raised = [span for span in self.spans if self._raised(span, lengths, origin)]
            if not raised:
                break
        return lengths[end]
