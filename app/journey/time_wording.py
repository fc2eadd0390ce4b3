"""When a report says it was: a wording, read for its publication and place, as an interval.

Lives here: :func:`resolve`, and the rules that tie a parsed wording to a calendar, a clock and
a zone. Not here: how words combine (:mod:`app.journey.time_grammar`) and the words
(:mod:`app.journey.time_lexicon`). Imports those two, the interval and ``app.errors``.
"""

import calendar
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache, reduce
from zoneinfo import ZoneInfo

from app.errors import InputError
from app.journey.interval import UNKNOWN, Interval
from app.journey.time_grammar import (
    CalendarDay,
    CalendarMonth,
    CalendarYear,
    Clock,
    ComingDays,
    Day,
    Moment,
    NamedWeekday,
    NamedZone,
    Reading,
    RelativeDay,
    RelativeStretch,
    parse,
    refuse,
)
from app.journey.time_lexicon import (
    ABOUT_MARGIN,
    CLOCK_MARGIN,
    POINTS,
    SHADED_MONTH,
    SHORTLY_MARGIN,
    DayPart,
    Fuzz,
    Limit,
    Unit,
    Which,
)

# A source dated by a day alone spans about a day; anything longer took in a later update.
_BARE_DATE = (timedelta(hours=20), timedelta(hours=26))
# A date without a year is read backwards (ahead: forwards) from here, so that one just after
# publication is called a mistake and not a date of last year.
_SLIP = timedelta(days=30)
_MARGINS = {Fuzz.EXACT: CLOCK_MARGIN, Fuzz.ABOUT: ABOUT_MARGIN}
_WHOLE_DAY = DayPart(0, 24)
_DAY, _WEEK = 1, 7


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

    **Claims that look ahead**: the first weekday, clock time or date that was not over when the
    report was published (today counts). The interval is that of the words, not cut off at
    publication, because an announcement may be older than the report that repeats it; "soon"
    and "in the coming days" start at publication.

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
            for zone in _meant(wording, reading, places)
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


def _meant(wording: str, reading: Reading, places: tuple[ZoneInfo, ...]) -> Sequence[tzinfo]:
    """The zones to read in: the one that the wording names, else those of the place."""
    named = reading.first.zone
    if named is None:
        return places
    if isinstance(named, timedelta):
        return [timezone(named)]
    if len(named.choices) == 1:
        return [_zone(named.choices[0])]
    at_place = [zone for zone in places if zone.key in named.choices]
    if len(at_place) == 1:
        return at_place
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

    def _onward(self, limit: Limit) -> Callable[[Moment, date, date], Interval]:
        """What starts the open interval of "since" (its first instant) or "after" (its last)."""

        def start(moment: Moment, first: date, last: date) -> Interval:
            if moment.part is not None and moment.part in POINTS and moment.clock is None:
                return self._instants(first, POINTS[moment.part][0])
            whole = self._nominal(moment, first, last)
            if limit is Limit.AFTER and moment.clock is None and whole.latest is not None:
                return Interval.at(whole.latest)
            return whole

        return start

    def _back(self, limit: Limit) -> Callable[[Moment, date, date], Interval]:
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
        if begin.day is None and end.day is None:
            return self._dated(begin, lambda m, day, _: self._from_to(m, day, end, day))
        if begin.day is None:
            return self._dated(end, lambda m, day, last: self._from_to(begin, day, m, last))
        if end.day is None:
            return self._dated(begin, lambda m, day, _: self._from_to(m, day, end, day))
        finish = self._dated(end, self._nominal)
        start = self._dated(begin, self._nominal)
        if _after(start, finish) and isinstance(begin.day, NamedWeekday):
            start = Interval(_moved(start.earliest, -_WEEK), None)
        if _after(start, finish):
            refuse(self.wording, "ends before it begins; write the earlier moment first")
        return Interval(start.earliest, finish.latest)

    def _from_to(self, begin: Moment, day: date, end: Moment, last: date) -> Interval:
        """From ``begin`` to ``end`` on one day; past midnight where the clock says so."""
        start, finish = self._nominal(begin, day, last), self._nominal(end, day, last)
        if _after(start, finish):
            if begin.day is None and end.day is not None:
                start = self._nominal(begin, day - timedelta(days=1), last)
            else:
                finish = self._nominal(end, day, last + timedelta(days=1))
                if end.clock is not None:
                    finish = self._nominal(end, day + timedelta(days=1), last)
        return Interval(start.earliest, finish.latest)

    # -- which days -----------------------------------------------------------------------

    def _dated(self, moment: Moment, reach: Callable[[Moment, date, date], Interval]) -> Interval:
        """``reach`` of the moment on the days that it names, or that the report implies."""
        day = moment.day
        if day is None:
            # A moment that reaches into the day before ("overnight into") may be tomorrow's.
            return self._stepped(moment, reach, _DAY, lambda anchor: (anchor, anchor))
        if isinstance(day, NamedWeekday) and day.which in (None, Which.THIS):
            return self._stepped(moment, reach, _WEEK, self._weekday_finder(day.number))
        if isinstance(day, RelativeStretch) and day.unit is Unit.WEEKEND and day.steps == 0:
            return self._stepped(moment, reach, _WEEK, _weekend)
        if isinstance(day, ComingDays):
            return self._coming(day)
        spans = [self._span(day, anchor) for anchor in self.report.days]
        return reduce(Interval.hull, (reach(moment, first, last) for first, last in spans))

    def _weekday_finder(self, number: int) -> Callable[[date], tuple[date, date]]:
        def find(anchor: date) -> tuple[date, date]:
            off = (number - anchor.weekday()) % _WEEK
            found = anchor + timedelta(days=off if self.looks_ahead else off - _WEEK if off else 0)
            return found, found

        return find

    def _stepped(
        self,
        moment: Moment,
        reach: Callable[[Moment, date, date], Interval],
        step: int,
        find: Callable[[date], tuple[date, date]],
    ) -> Interval:
        """The last one begun when the report was written; ahead, the first one not over."""
        if self.looks_ahead:
            first, last = find(self.report.first_day - timedelta(days=1))
            for _ in range(4):
                found = reach(moment, first, last)
                if (found.latest or found.earliest or self.report.start) >= self.report.start:
                    return found
                first, last = first + timedelta(days=step), last + timedelta(days=step)
        else:
            early = moment.part is not None and moment.part.start < 0
            first, last = find(self.report.last_day + timedelta(days=1 if early else 0))
            for _ in range(4):
                found = reach(moment, first, last)
                if (found.earliest or self.report.end) <= self.report.end:
                    return found
                first, last = first - timedelta(days=step), last - timedelta(days=step)
        return found

    def _coming(self, day: ComingDays) -> Interval:
        if not self.looks_ahead:
            refuse(
                self.wording,
                "speaks of what is still to come; mark the claim as expected or possible",
            )
        return Interval(self.report.start, self.report.end + timedelta(days=day.days))

    def _span(self, day: Day, anchor: date) -> tuple[date, date]:
        """First and last day of what is named, counted from the reading day ``anchor``."""
        match day:
            case RelativeDay(days):
                found = anchor + timedelta(days=days)
                return found, found
            case NamedWeekday(number, which):
                off = (number - anchor.weekday()) % _WEEK
                if which is Which.NEXT:
                    found = anchor + timedelta(days=off or _WEEK)
                else:
                    found = anchor + timedelta(days=off - _WEEK)
                return found, found
            case CalendarDay():
                found = self._calendar_day(day, anchor)
                return found, found
            case CalendarMonth():
                return self._calendar_month(day, anchor)
            case CalendarYear(year):
                return date(year, 1, 1), date(year, 12, 31)
            case RelativeStretch(unit, steps):
                return _stretch(unit, steps, anchor)
            case ComingDays():
                return anchor, anchor

    def _calendar_day(self, day: CalendarDay, anchor: date) -> date:
        years = [day.year] if day.year is not None else self._years(anchor)
        dates = [d for year in years if (d := _date(year, day.month, day.day)) is not None]
        if day.year is None:
            dates = [d for d in dates if self._is_near_side(d, d, anchor)]
        if not dates:
            refuse(self.wording, "that year has no such day; check the date")
        found = dates[0]
        if day.weekday is not None and found.weekday() != day.weekday:
            refuse(
                self.wording,
                f"{found.isoformat()} is a {calendar.day_name[found.weekday()]}; correct the "
                "date or the weekday, or write the year",
            )
        return found

    def _calendar_month(self, month: CalendarMonth, anchor: date) -> tuple[date, date]:
        years = [month.year] if month.year is not None else self._years(anchor)
        for year in years:
            length = calendar.monthrange(year, month.month)[1]
            first, last = SHADED_MONTH[month.shade] if month.shade is not None else (1, length)
            found = (
                date(year, month.month, first),
                date(year, month.month, min(last, length)),
            )
            if month.year is not None or self._is_near_side(*found, anchor):
                return found
        return refuse(self.wording, "is out of the calendar; write the year")

    def _years(self, anchor: date) -> list[int]:
        """Years to try, the likeliest first; eight more, for a 29 February."""
        if self.looks_ahead:
            return list(range(anchor.year - 1, min(anchor.year + 9, 9999)))
        return list(range(anchor.year + 1, max(anchor.year - 9, 1), -1))

    def _is_near_side(self, first: date, last: date, anchor: date) -> bool:
        """Whether a date without a year is on the side that the claim speaks of, or just off."""
        return last >= anchor - _SLIP if self.looks_ahead else first <= anchor + _SLIP


def _weekend(anchor: date) -> tuple[date, date]:
    return _stretch(Unit.WEEKEND, 0, anchor)


def _stretch(unit: Unit, steps: int, anchor: date) -> tuple[date, date]:
    if unit is Unit.YEAR:
        return date(anchor.year + steps, 1, 1), date(anchor.year + steps, 12, 31)
    if unit is Unit.MONTH:
        year, month = divmod(anchor.year * 12 + anchor.month - 1 + steps, 12)
        return date(year, month + 1, 1), date(
            year, month + 1, calendar.monthrange(year, month + 1)[1]
        )
    monday = anchor - timedelta(days=anchor.weekday()) + timedelta(days=_WEEK * steps)
    first = monday + timedelta(days=5 if unit is Unit.WEEKEND else 0)
    return first, monday + timedelta(days=6)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _after(start: Interval, finish: Interval) -> bool:
    return (
        start.earliest is not None and finish.latest is not None and start.earliest > finish.latest
    )


def _moved(instant: datetime | None, days: int) -> datetime | None:
    return None if instant is None else instant + timedelta(days=days)
