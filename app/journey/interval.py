"""Intervals of time whose ends may be unknown: the way every report is dated.

Lives here: :class:`Interval`, the relations between two of them, and their days as EDTF. Not
here: how a wording becomes an interval (:mod:`app.journey.time_wording`). Imports the standard
library only.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo


@dataclass(frozen=True, slots=True)
class Interval:
    """Some instant between ``earliest`` and ``latest`` (both UTC, both inclusive).

    Either end may be ``None``: open, nothing is known on that side. Instants are normalised
    to UTC; naive ones are refused, because a clock without a zone is not an instant.

    >>> early = Interval.parse("2023-09-12T00:00+10:00", "2023-09-12T09:00+10:00")
    >>> early.earliest.isoformat()
    '2023-09-11T14:00:00+00:00'

    Raises ``ValueError`` when ``earliest`` is after ``latest`` or an instant is naive.
    """

    earliest: datetime | None = None
    latest: datetime | None = None

    def __post_init__(self) -> None:
        for name, instant in (("earliest", self.earliest), ("latest", self.latest)):
            # Most are in UTC already, and there are many.
            if instant is None or instant.tzinfo is UTC:
                continue
            if instant.utcoffset() is None:
                raise ValueError(f"{name} {instant.isoformat()} has no UTC offset")
            object.__setattr__(self, name, instant.astimezone(UTC))
        if self.earliest is not None and self.latest is not None and self.earliest > self.latest:
            raise ValueError(
                f"earliest {self.earliest.isoformat()} is after latest {self.latest.isoformat()}"
            )

    @classmethod
    def at(cls, instant: datetime) -> "Interval":
        """The interval of one exactly known instant."""
        return cls(instant, instant)

    @classmethod
    def parse(cls, earliest: str | None, latest: str | None) -> "Interval":
        """From two RFC 3339 instants; ``None`` or an empty text is an open end."""
        return cls(
            datetime.fromisoformat(earliest) if earliest else None,
            datetime.fromisoformat(latest) if latest else None,
        )

    @property
    def is_open(self) -> bool:
        """Whether nothing at all is known."""
        return self.earliest is None and self.latest is None

    @property
    def duration(self) -> timedelta | None:
        """Width of the interval; ``None`` when an end is open."""
        if self.earliest is None or self.latest is None:
            return None
        return self.latest - self.earliest

    def is_before(self, other: "Interval") -> bool:
        """Allen's *before* or *meets*: every instant here is no later than any there.

        Two equal instants meet both ways; then neither is called the earlier one.
        """
        if self.latest is None or other.earliest is None:
            return False
        return self.latest <= other.earliest and not (
            self.earliest == self.latest == other.earliest == other.latest
        )

    def overlaps(self, other: "Interval") -> bool:
        """Whether the two share at least one instant."""
        return self.intersection(other) is not None

    def contains(self, instant: datetime) -> bool:
        """Whether ``instant`` is possible."""
        return (self.earliest is None or self.earliest <= instant) and (
            self.latest is None or instant <= self.latest
        )

    def intersection(self, other: "Interval") -> "Interval | None":
        """What both allow; ``None`` when nothing is left."""
        earliest = _later(self.earliest, other.earliest)
        latest = _earlier(self.latest, other.latest)
        if earliest is not None and latest is not None and earliest > latest:
            return None
        return Interval(earliest, latest)

    def hull(self, other: "Interval") -> "Interval":
        """The smallest interval that holds both; an open end stays open."""
        return Interval(
            None
            if self.earliest is None or other.earliest is None
            else min(self.earliest, other.earliest),
            None if self.latest is None or other.latest is None else max(self.latest, other.latest),
        )

    def no_later_than(self, instant: datetime) -> "Interval | None":
        """Capped at ``instant``; ``None`` when it lies wholly after."""
        return self.intersection(Interval(None, instant))

    def shifted(self, shortest: timedelta, longest: timedelta) -> "Interval":
        """When something ends that starts in here and takes ``shortest`` to ``longest``."""
        return Interval(
            None if self.earliest is None else self.earliest + shortest,
            None if self.latest is None else self.latest + longest,
        )

    def edtf(self, zone: tzinfo) -> str | None:
        """The days that it may lie in, by the clock of ``zone``, as EDTF (Level 1).

        The Extended Date/Time Format of the Library of Congress (ISO 8601-2:2019): one day, a
        span of days, or ``..`` for an end that is open. Midnight at the end of a day belongs to
        that day. ``None`` when nothing at all is known. A qualifier such as ``~`` would say
        that the bounds themselves are in doubt; they are not.

        >>> from zoneinfo import ZoneInfo
        >>> night = Interval.parse("2023-09-10T18:00+09:00", "2023-09-11T06:00+09:00")
        >>> night.edtf(ZoneInfo("Asia/Pyongyang"))
        '2023-09-10/2023-09-11'
        >>> Interval.parse(None, "2023-09-13T00:00+10:00").edtf(ZoneInfo("Asia/Vladivostok"))
        '../2023-09-12'
        """
        first = None if self.earliest is None else self.earliest.astimezone(zone).date()
        last = None if self.latest is None else _last_day(self.latest, zone)
        if first is None and last is None:
            return None
        if first is not None and last is not None:
            # One instant at midnight has no day before it to end.
            last = max(first, last)
            if first == last:
                return first.isoformat()
        ends = (".." if day is None else day.isoformat() for day in (first, last))
        return "/".join(ends)


UNKNOWN = Interval()


def _last_day(latest: datetime, zone: tzinfo) -> date:
    local = latest.astimezone(zone)
    midnight = not (local.hour or local.minute or local.second or local.microsecond)
    return local.date() - timedelta(days=1) if midnight else local.date()


def _later(a: datetime | None, b: datetime | None) -> datetime | None:
    return b if a is None else a if b is None else max(a, b)


def _earlier(a: datetime | None, b: datetime | None) -> datetime | None:
    return b if a is None else a if b is None else min(a, b)
