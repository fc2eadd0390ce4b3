"""When a report says it was: a wording, read for its publication and place, as an interval.

Lives here: :func:`resolve`, and the rules that tie a parsed wording to a report, a clock and a
zone. Not here: the words (:mod:`app.journey.time_lexicon`), how they combine
(:mod:`app.journey.time_grammar`) and which days they name (:mod:`app.journey.time_calendar`).
Imports those, the interval and ``app.errors``.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache, reduce
from zoneinfo import ZoneInfo

from app.errors import InputError
from app.journey.interval import UNKNOWN, Interval
from app.journey.time_calendar import days_named
from app.journey.time_grammar import (
    Clock,
    ComingDays,
    Moment,
    NamedWeekday,
    Reading,
    RelativeStretch,
    parse,
)
from app.journey.time_lexicon import (
    ABOUT_DAY_MARGIN,
    ABOUT_MARGIN,
    CLOCK_MARGIN,
    POINTS,
    SHORTLY_MARGIN,
    DayPart,
    Fuzz,
    Limit,
    Unit,
    Which,
)
from app.journey.time_phrases import NamedZone, refuse

# A source dated by a day alone spans about a day; anything longer took in a later update.
_BARE_DATE = (timedelta(hours=20), timedelta(hours=26))
_MARGINS = {Fuzz.EXACT: CLOCK_MARGIN, Fuzz.ABOUT: ABOUT_MARGIN}
_WHOLE_DAY = DayPart(0, 24)
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)

# What a moment spans on the days from the first to the last.
_Reach = Callable[[Moment, date, date], Interval]


def resolve(
    wording: str,
    *,
    published: Interval,
    zones: Sequence[str],
    looks_ahead: bool = False,
    updated: Interval | None = None,
) -> Interval:
    """The UTC interval that ``wording`` means in a report published in ``published``.

    ``zones`` are the IANA zones whose clock may be meant at the place, its own first; with
    several the result is the hull of the readings in each, unless the wording names a zone.
    An empty wording is :data:`app.journey.interval.UNKNOWN`.

    **The reading day** is the day, in the zone, on which the report was published: that of the
    earliest instant of ``published``, since a later end is an update of a text already
    written. A report dated by a day alone (an interval of 20 to 26 hours) is taken to have
    been written in the middle half of that day, so that its quarter at either end, which is a
    neighbouring day in another zone, does not count. Give an update as ``updated``: it then
    moves the cap and never the reading day. Merged into ``published``, an update within the
    day is harmless; of a longer interval only the earliest instant is the time of writing.

    **Past claims** (``looks_ahead`` false): weekdays, undated clock times and day parts are the
    last that had begun when the report was published; a date without a year is the last one.
    Nothing is later than the latest instant of ``published`` and ``updated``.

    **Claims that look ahead**: the first weekday from the reading day on (today counts), and the
    first clock time or day part that was not over. The interval is that of the words, not cut
    off at publication: an announcement may be older than the report that repeats it, and
    bounds must not be tighter than what was said. Only "soon", "in the coming days" (seven
    days) and the like start at publication.

    **One-sided wordings**: "before", "by", "until" leave the earliest end open; "since" and
    "after" the latest, which the report itself closes for a past claim. They, and both ends of
    a range, take a plain clock time at its word, without the five minutes on either side.

    Clocks: a time that the change to summer time skips is read as the clock then stood (shifted
    forward); one that occurs twice gives the hull of both.

    >>> day = Interval.parse("2023-09-12T08:00Z", "2023-09-12T12:00Z")
    >>> resolve("05:15 Moscow time", published=day, zones=["Asia/Vladivostok"]).earliest
    datetime.datetime(2023, 9, 12, 2, 10, tzinfo=datetime.timezone.utc)

    Raises :class:`app.errors.TimeWordingError` (field ``when``) when the wording cannot be
    read, or lies wholly after the report of a past claim; :class:`app.errors.InputError` when
    ``zones`` is empty or names no zone, or when nothing is known of the publication.
    """
    places = tuple(_zone(name) for name in zones)
    if not places:
        raise InputError("time_zone", "give at least one IANA time zone, such as Asia/Vladivostok")
    instants = [i for i in (published.earliest, published.latest) if i is not None]
    if not instants:
        raise InputError("published_at", "give when the report was published; a date is enough")
    if not wording.strip():
        return UNKNOWN
    reading = parse(wording)
    ends = [*instants, *([updated.latest] if updated and updated.latest else [])]
    try:
        readings = [
            _Reader(wording, _Report.of(instants, zone), zone, looks_ahead).interval(reading)
            for zone in _meant(wording, reading, places, min(instants))
        ]
        if looks_ahead:
            return reduce(Interval.hull, readings)
        return _capped(wording, readings, max(ends))
    except OverflowError:
        refuse(wording, "lies beyond the calendar; check the date and that of the publication")


def _capped(wording: str, readings: Iterable[Interval], cap: datetime) -> Interval:
    """The hull of what is left when nothing happened after its report."""
    kept = [left for each in readings if (left := each.no_later_than(cap)) is not None]
    if not kept:
        refuse(
            wording,
            f"lies after the report of it was published (by {cap:%Y-%m-%d %H:%M} UTC); correct "
            "the date, the zone or the time of publication, or mark the claim as expected",
        )
    return reduce(Interval.hull, kept)


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise InputError(
            "time_zone", f"“{name[:60]}” is no IANA time zone; write it as Asia/Vladivostok"
        ) from None


def _meant(
    wording: str, reading: Reading, places: tuple[ZoneInfo, ...], at: datetime
) -> Sequence[tzinfo]:
    """The zones to read in: the one that the wording names, else those of the place."""
    named = reading.first.zone
    if named is None:
        return places
    if isinstance(named, timedelta):
        return [timezone(named)]
    choices = [_zone(choice) for choice in named.choices]
    if len(choices) > 1:
        clocks = {at.astimezone(place).utcoffset() for place in places}
        choices = [zone for zone in choices if at.astimezone(zone).utcoffset() in clocks]
    if len(choices) == 1:
        return choices
    return refuse(wording, _which_zone(named))


def _which_zone(named: NamedZone) -> str:
    return (
        f"{named.label} may be any of {', '.join(named.choices)}; write that name in brackets, "
        f"as in “05:15 ({named.choices[0]})”"
    )


@dataclass(frozen=True, slots=True)
class _Report:
    """When a report was written: from when to when, and on which days of one zone."""

    start: datetime
    end: datetime
    first_day: date
    last_day: date
    is_bare_date: bool

    @classmethod
    def of(cls, instants: Sequence[datetime], zone: tzinfo) -> "_Report":
        start, end = min(instants), max(instants)
        width = end - start
        if width > _BARE_DATE[1]:
            end, width = start, timedelta(0)
        bare = width >= _BARE_DATE[0]
        trim = width / 4 if bare else timedelta(0)
        # Midnight at the end of the middle half still belongs to the day before.
        last = end - trim - (timedelta.resolution if bare else timedelta(0))
        return cls(
            start,
            end,
            (start + trim).astimezone(zone).date(),
            last.astimezone(zone).date(),
            bare,
        )

    @property
    def days(self) -> tuple[date, ...]:
        """The days that "today" may mean."""
        if self.is_bare_date and self.last_day != self.first_day:
            return (self.first_day, self.last_day)
        return (self.first_day,)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads a parsed wording for one report, in one zone, before any cap."""

    wording: str
    report: _Report
    zone: tzinfo
    looks_ahead: bool

    def interval(self, reading: Reading) -> Interval:
        if reading.last is not None:
            return self._range(reading.first, reading.last)
        if reading.limit is None:
            return self._dated(reading.first, self._window)
        if reading.limit in (Limit.SINCE, Limit.AFTER):
            return Interval(self._dated(reading.first, self._onward(reading.limit)).earliest, None)
        return Interval(None, self._dated(reading.first, self._back(reading.limit)).latest)

    # -- one moment -----------------------------------------------------------------------

    def _window(self, moment: Moment, first: date, last: date) -> Interval:
        """The moment on the days ``first`` to ``last``, as wide as it is meant."""
        if moment.clock is not None:
            return self._clock(moment.clock, first)
        if moment.fuzz in (Fuzz.SHORTLY_BEFORE, Fuzz.SHORTLY_AFTER) and moment.part is not None:
            return self._shortly(moment, first)
        part = moment.part or _WHOLE_DAY
        if moment.fuzz is Fuzz.ABOUT and moment.part is None:
            first, last = first - ABOUT_DAY_MARGIN, last + ABOUT_DAY_MARGIN
        return Interval(
            self._instants(first, part.start).earliest, self._instants(last, part.end).latest
        )

    def _shortly(self, moment: Moment, day: date) -> Interval:
        part = moment.part or _WHOLE_DAY
        if moment.fuzz is Fuzz.SHORTLY_AFTER:
            hours = POINTS[part][0] if part in POINTS else part.end
        else:
            hours = POINTS[part][1] if part in POINTS else part.start
        return self._clock(Clock(int(hours * 60), moment.fuzz), day)

    def _clock(self, clock: Clock, day: date) -> Interval:
        nominal = self._instants(day, clock.minutes / 60)
        zero = timedelta(0)
        if clock.fuzz is Fuzz.SHORTLY_AFTER:
            return nominal.shifted(zero, SHORTLY_MARGIN)
        if clock.fuzz is Fuzz.SHORTLY_BEFORE:
            return nominal.shifted(-SHORTLY_MARGIN, zero)
        return nominal.shifted(-_MARGINS[clock.fuzz], _MARGINS[clock.fuzz])

    def _nominal(self, moment: Moment, first: date, last: date) -> Interval:
        """Like :meth:`_window`, but a plain clock time is taken at its word: no margin."""
        if moment.clock is not None and moment.clock.fuzz is Fuzz.EXACT:
            return self._instants(first, moment.clock.minutes / 60)
        return self._window(moment, first, last)

    def _onward(self, limit: Limit) -> _Reach:
        """What starts the open interval of "since" (its first instant) or "after" (its last)."""

        def start(moment: Moment, first: date, last: date) -> Interval:
            if moment.part is not None and moment.part in POINTS and moment.clock is None:
                return self._instants(first, POINTS[moment.part][0])
            whole = self._nominal(moment, first, last)
            if limit is Limit.AFTER and moment.clock is None and whole.latest is not None:
                return Interval.at(whole.latest)
            return whole

        return start

    def _back(self, limit: Limit) -> _Reach:
        """What ends the open interval of "by" (its last instant) or "before" (its first)."""

        def end(moment: Moment, first: date, last: date) -> Interval:
            if moment.part is not None and moment.part in POINTS and moment.clock is None:
                return self._instants(first, POINTS[moment.part][1])
            whole = self._nominal(moment, first, last)
            if limit is Limit.BEFORE and moment.clock is None and whole.earliest is not None:
                return Interval.at(whole.earliest)
            return whole

        return end

    def _instants(self, day: date, hours: float) -> Interval:
        """When a clock of the zone shows ``hours`` after midnight of ``day``: once or twice."""
        shown = datetime(day.year, day.month, day.day) + timedelta(hours=hours)  # noqa: DTZ001
        first = shown.replace(tzinfo=self.zone).astimezone(UTC)
        second = shown.replace(tzinfo=self.zone, fold=1).astimezone(UTC)
        # In a gap the later fold gives the earlier instant (PEP 495); fold 0 is the shift forward.
        return Interval(first, max(first, second))

    # -- two moments ----------------------------------------------------------------------

    def _range(self, begin: Moment, end: Moment) -> Interval:
        """From one moment to another; a day that only one of them names holds for both."""
        if begin.day is None or end.day is None:
            dated = end if begin.day is None and end.day is not None else begin

            def reach(_: Moment, first: date, last: date) -> Interval:
                return self._from_to(begin, end, first, last)

            return self._dated(dated, reach, reach)
        start, finish = self._dated(begin, self._nominal), self._dated(end, self._nominal)
        if _after(start, finish) and isinstance(begin.day, NamedWeekday):
            start = start.shifted(-_WEEK, -_WEEK)
        if _after(start, finish):
            refuse(self.wording, "ends before it begins; write the earlier moment first")
        return Interval(start.earliest, finish.latest)

    def _from_to(self, begin: Moment, end: Moment, first: date, last: date) -> Interval:
        """Both ends on the same days; past midnight where the later clock shows less."""
        start, finish = self._nominal(begin, first, last), self._nominal(end, first, last)
        if _after(start, finish):
            if begin.day is None and end.day is not None:
                start = self._nominal(begin, first - _DAY, last - _DAY)
            else:
                finish = self._nominal(end, first + _DAY, last + _DAY)
        return Interval(start.earliest, finish.latest)

    # -- which days -----------------------------------------------------------------------

    def _dated(self, moment: Moment, reach: _Reach, begun: _Reach | None = None) -> Interval:
        """``reach`` of the moment on the days that it names, or that the report implies.

        ``begun`` (by default the moment itself) tells whether it had begun or was over.
        """
        day = moment.day
        if isinstance(day, ComingDays):
            return self._coming(day)
        step = None
        match day:
            case None:
                step = _DAY
            case NamedWeekday(which=None | Which.THIS) | RelativeStretch(Unit.WEEKEND, 0):
                step = _WEEK
            case _:
                pass
        if step is not None:
            return reach(moment, *self._nearest(moment, step, begun or self._window))
        spans = [self._days(moment, anchor) for anchor in self.report.days]
        return reduce(Interval.hull, (reach(moment, first, last) for first, last in spans))

    def _days(self, moment: Moment, anchor: date) -> tuple[date, date]:
        if moment.day is None:
            return anchor, anchor
        return days_named(self.wording, moment.day, anchor, looks_ahead=self.looks_ahead)

    def _nearest(self, moment: Moment, step: timedelta, begun: _Reach) -> tuple[date, date]:
        """The last days begun when the report was written; ahead, the first ones not over."""
        report = self.report
        if self.looks_ahead:
            # From the day before on: a night may still last. A weekday that is the reading day
            # itself is never pushed on by a week.
            first, last = self._days(moment, report.first_day - _DAY)
            while _ends_before(begun(moment, first, last), report.start) and (
                step == _DAY or last < report.first_day
            ):
                first, last = first + step, last + step
            return first, last
        # "Overnight into Tuesday" begins on Monday.
        eve = _DAY if moment.day is not None and moment.part and moment.part.start < 0 else _DAY * 0
        first, last = self._days(moment, report.last_day + eve)
        while _starts_after(begun(moment, first, last), report.end):
            first, last = first - step, last - step
        return first, last

    def _coming(self, day: ComingDays) -> Interval:
        if not self.looks_ahead:
            refuse(
                self.wording,
                "speaks of what is still to come; mark the claim as expected or possible",
            )
        return Interval(self.report.start, self.report.end + timedelta(days=day.days))


def _starts_after(interval: Interval, instant: datetime) -> bool:
    return interval.earliest is not None and interval.earliest > instant


def _ends_before(interval: Interval, instant: datetime) -> bool:
    return interval.latest is not None and interval.latest < instant


def _after(start: Interval, finish: Interval) -> bool:
    return finish.latest is not None and _starts_after(start, finish.latest)
