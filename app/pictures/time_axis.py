"""The time axis of a diagram: its span, and round hours in the clock of a place.

Lives here: which stretch of time is shown and where ticks stand. Imports the journey's intervals
and the words.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from app.journey.interval import Interval
from app.words import ENGLISH, Words

HOUR = timedelta(hours=1)
SHORTEST = 6 * HOUR
MARGIN = 0.03
"""Share of the span left free at both ends."""
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
_STEPS_H = (1, 2, 3, 6, 12, 24, 48, 72, 168, 336, 672, 1344, 2688, 5376)


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock of an axis: what it is called, and its IANA zone."""

    label: str
    zone: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A round hour; ``is_day`` at midnight."""

    at: datetime
    text: str
    is_day: bool


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """The stretch of time that a diagram shows."""

    start: datetime
    end: datetime

    @classmethod
    def around(cls, instants: Iterable[datetime], otherwise: datetime) -> "TimeSpan":
        """The span of ``instants`` with a margin; around ``otherwise`` if there are none."""
        known = sorted(instants) or [otherwise]
        first, last = known[0], known[-1]
        spare = max(SHORTEST - (last - first), (last - first) * 2 * MARGIN) / 2
        return cls(_moved(first, -spare), _moved(last, spare))

    def cut(self, time: Interval) -> "TimeSpan":
        """The part of it that lies in ``time``, or around that where it is very short."""
        start = self.start if time.earliest is None else max(self.start, time.earliest)
        end = self.end if time.latest is None else min(self.end, time.latest)
        if start > end:
            return self
        return (
            TimeSpan(start, end)
            if end - start >= SHORTEST
            else TimeSpan.around((start, end), start)
        )

    @property
    def hours(self) -> float:
        """How long it is."""
        return (self.end - self.start) / HOUR

    def share(self, at: datetime) -> float:
        """Where an instant lies: 0 at the start, 1 at the end, beyond them outside."""
        return (at - self.start) / (self.end - self.start)

    def ticks(self, zone: str, most: int, words: Words = ENGLISH) -> Iterator[Tick]:
        """About ``most`` round hours of a clock at the most, days marked by their date."""
        try:
            yield from self._ticks(zone, most, words)
        except OverflowError:
            return  # the calendar ends here

    def _ticks(self, zone: str, most: int, words: Words) -> Iterator[Tick]:
        longest = _STEPS_H[-1]
        many = longest * ceil(self.hours / most / longest)
        step_h = next((h for h in _STEPS_H if self.hours / h <= most), many)
        clock = ZoneInfo(zone)
        day = self.start.astimezone(clock).date()
        end = self.end.astimezone(clock)
        if step_h > 24:
            # Counted from a fixed day, so that the same ticks stand at every as_of.
            day -= timedelta(days=day.toordinal() % (step_h // 24))
        while (midnight := datetime(day.year, day.month, day.day, tzinfo=clock)) <= end:
            for hour in range(0, 24, min(step_h, 24)):
                at = midnight.replace(hour=hour)
                if self.start <= at.astimezone(self.start.tzinfo) <= self.end:
                    text = words.day(at) if hour == 0 else f"{at:%H:%M}"
                    yield Tick(at, text, is_day=hour == 0)
            day += timedelta(days=max(1, step_h // 24))


def _moved(at: datetime, by: timedelta) -> datetime:
    """No further than the calendar goes."""
    try:
        return at + by
    except OverflowError:
        return _FIRST if by < timedelta(0) else _LAST
