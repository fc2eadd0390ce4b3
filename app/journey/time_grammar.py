"""The grammar of time wording: text in, what it says out, not yet tied to any day.

``[limit] [fuzz] moment`` or ``moment to moment``, where a moment has at most one day, day part,
clock time and zone, in any order. Lives here: how phrases make a moment (:func:`parse`). Not
here: the phrases (:mod:`app.journey.time_phrases`), and what a moment means for one report and
place (:mod:`app.journey.time_wording`). Imports the phrases and their lexicon.
"""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache

from app.journey.time_lexicon import (
    NIGHT,
    NIGHT_INTO,
    OVERNIGHT,
    OVERNIGHT_INTO,
    SHADED_DAY,
    SHADED_PARTS,
    Connector,
    DayPart,
    Fuzz,
    Limit,
    Shade,
    Unit,
    Which,
)
from app.journey.time_phrases import EXAMPLES, YEARS, NamedZone, Phrase, phrases, refuse


@dataclass(frozen=True, slots=True)
class RelativeDay:
    """A day counted from the day of the report."""

    days: int


@dataclass(frozen=True, slots=True)
class NamedWeekday:
    """A weekday (Monday is 0) with "last", "this", "next" or nothing before it."""

    number: int
    which: Which | None = None


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A date, perhaps without a year, perhaps with the weekday it is said to be."""

    month: int
    day: int
    year: int | None = None
    weekday: int | None = None


@dataclass(frozen=True, slots=True)
class CalendarMonth:
    """A month or a third of it, perhaps without a year."""

    month: int
    year: int | None = None
    shade: Shade | None = None


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """A whole year."""

    year: int


@dataclass(frozen=True, slots=True)
class RelativeStretch:
    """The week, weekend, month or year before, of or after the report."""

    unit: Unit
    steps: int


@dataclass(frozen=True, slots=True)
class ComingDays:
    """From publication on, for so many days."""

    days: int


Day = (
    RelativeDay
    | NamedWeekday
    | CalendarDay
    | CalendarMonth
    | CalendarYear
    | RelativeStretch
    | ComingDays
)


_STRETCHES = (CalendarMonth, CalendarYear, RelativeStretch, ComingDays)


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day in minutes from midnight (beyond 0 to 1440: next to D), how near it is."""

    minutes: int
    fuzz: Fuzz = Fuzz.EXACT


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment as worded; what is ``None`` was not said."""

    day: Day | None = None
    part: DayPart | None = None
    clock: Clock | None = None
    zone: NamedZone | timedelta | None = None
    fuzz: Fuzz = Fuzz.EXACT


@dataclass(frozen=True, slots=True)
class Reading:
    """What a wording says: a moment, one side of it (``limit``), or ``first`` to ``last``."""

    first: Moment
    last: Moment | None = None
    limit: Limit | None = None


@dataclass(slots=True)
class _Slots:
    """What the phrases of one moment said, slot by slot."""

    wording: str
    limit: Limit | None = None
    fuzz: Fuzz | None = None
    shade: Shade | None = None
    part: DayPart | None = None
    which: Which | None = None
    unit: Unit | None = None
    count: int | None = None
    ago: bool | None = None
    coming: int | None = None
    relative: tuple[int, DayPart | None] | None = None
    weekday: int | None = None
    month: int | None = None
    year: int | None = None
    calendar: date | None = None
    clock: tuple[int, int] | None = None
    meridiem: int | None = None
    zone: NamedZone | timedelta | None = None
    numbers: list[int] = field(default_factory=list)
    opens: str = ""

    def put(self, phrase: Phrase) -> None:
        slot, value, text = phrase
        if isinstance(value, int) and slot == "number":
            self.numbers.append(value)
        elif getattr(self, slot) is not None:
            refuse(
                self.wording,
                f"says two things of one kind (“{text}” is the second); write one moment, or a "
                "range as in “between 10:00 and 11:00”",
            )
        else:
            setattr(self, slot, value)
        if not self.opens and slot in ("number", "clock", "month", "weekday"):
            self.opens = slot


@lru_cache(maxsize=4096)
def parse(wording: str) -> Reading:
    """What ``wording`` says, by the grammar.

    Raises :class:`app.errors.TimeWordingError` (field ``when``) that quotes what could not be
    read and gives examples that can.
    """
    halves = [_Slots(wording)]
    ranged = False
    for phrase in phrases(wording):
        if phrase.slot == "connector":
            if phrase.value is Connector.BETWEEN:
                ranged = True
            elif phrase.value is Connector.TO or ranged:
                halves.append(_Slots(wording))
            # Any other "and" only joins words of one moment.
        elif phrase.slot:
            halves[-1].put(phrase)
    return _reading(wording, halves, ranged=ranged)


def _reading(wording: str, halves: list[_Slots], *, ranged: bool) -> Reading:
    if len(halves) > 2:
        refuse(wording, "joins more than two moments; write one range, as in “from 10:00 to 11:00”")
    if len(halves) == 1:
        if ranged:
            refuse(wording, "“between” needs two moments joined by “and”")
        slots = halves[0]
        return Reading(_moment(slots), limit=slots.limit)
    first, last = halves
    if last.limit is not None or first.limit not in (None, Limit.SINCE):
        refuse(wording, "mixes a range with “before”, “after” or the like; write one or the other")
    _share(first, last)
    night = first.part in (OVERNIGHT, NIGHT) and last.part is None and last.clock is None
    begin, end = _moment(first), _moment(last)
    if begin.zone is not None and end.zone is not None and begin.zone != end.zone:
        refuse(wording, "has each end on another clock; write both in one zone")
    if night and begin.day is not None and end.day is not None:
        part = OVERNIGHT_INTO if begin.part is OVERNIGHT else NIGHT_INTO
        return Reading(replace(end, part=part, zone=end.zone or begin.zone))
    return Reading(
        replace(begin, zone=begin.zone or end.zone), replace(end, zone=end.zone or begin.zone)
    )


def _share(first: _Slots, last: _Slots) -> None:
    """Let a bare number at one end of a range be what the other end is: a day or an hour."""
    for here, there in ((first, last), (last, first)):
        if here.clock is None and len(here.numbers) == 1 and here.month is None:
            as_hour = here.meridiem is None and there.meridiem is not None
            as_day = here.weekday is None and there.month is not None
            if as_hour and as_day:
                # "10 to 11 a.m. on 12 September", but "12 to 13 September at 5 a.m.".
                as_hour = there.opens == "clock"
            if as_hour:
                here.meridiem = there.meridiem
            elif as_day:
                here.month, here.year = there.month, here.year or there.year
        elif here.clock is not None and here.meridiem is None and here.clock[0] <= 12:
            here.meridiem = there.meridiem
    if first.meridiem == 12 == last.meridiem and (_hour(first) or 0) % 12 > (_hour(last) or 0) % 12:
        # "from 11 to 1 p.m." starts before noon.
        first.meridiem = 0
    if first.month and last.month and first.year is None:
        first.year = last.year


def _hour(slots: _Slots) -> int | None:
    return slots.clock[0] if slots.clock else slots.numbers[0] if slots.numbers else None


def _moment(slots: _Slots) -> Moment:
    wording = slots.wording
    if slots.relative is not None and slots.relative[1] is not None and slots.part is None:
        slots.part = slots.relative[1]
    _sort_numbers(slots)
    clock = _clock(slots)
    day = _day(slots)
    part = None if clock is not None else _part(slots, day)
    if day is None and part is None and clock is None:
        refuse(wording, f"says no time; wordings that work: {EXAMPLES}")
    if isinstance(day, _STRETCHES) and (part is not None or clock is not None):
        refuse(wording, "a time of day needs one day, as in “Tuesday morning” or “12 Sept, 05:15”")
    if clock is None and slots.fuzz not in (None, Fuzz.ABOUT) and part is None:
        refuse(wording, f"“{slots.fuzz}” needs a time of day, as in “{slots.fuzz} 10:40”")
    if slots.fuzz is Fuzz.ABOUT and isinstance(day, _STRETCHES):
        refuse(wording, "“about” needs a day or a clock time, as in “about 12 September”")
    if part is OVERNIGHT and day is None:
        part = OVERNIGHT_INTO
    return Moment(day, part, clock, slots.zone, slots.fuzz or Fuzz.EXACT)


def _sort_numbers(slots: _Slots) -> None:
    """Tell which bare number is the day, the year, the hour or the count."""
    for number in slots.numbers:
        if slots.ago and slots.count is None:
            slots.count = number
        elif number in YEARS and slots.year is None:
            slots.year = number
        elif slots.month is not None and slots.calendar is None and 1 <= number <= 31:
            slots.calendar = _calendar_day(slots, number)
        elif slots.clock is None and 1 <= number <= 12 and _tells_hour(slots):
            slots.clock = (number, 0)
        elif number <= 24:
            refuse(
                slots.wording,
                f"is {number} an hour or a day? Write “{number}:00” or “{number} September”",
            )
        else:
            refuse(slots.wording, f"cannot read “{number}”; wordings that work: {EXAMPLES}")


def _tells_hour(slots: _Slots) -> bool:
    return slots.meridiem is not None or slots.part is not None


def _calendar_day(slots: _Slots, number: int) -> date:
    try:
        # The year 2000 stands in until the year is known: it has a 29 February.
        return date(2000, slots.month or 1, number)
    except ValueError:
        refuse(slots.wording, f"there is no day {number} in that month")


def _clock(slots: _Slots) -> Clock | None:
    if slots.clock is None:
        if slots.meridiem is not None:
            refuse(slots.wording, "“a.m.” or “p.m.” needs an hour, as in “5 a.m.”")
        return None
    hours, minutes = slots.clock
    if minutes < 0:
        minutes = -minutes
        if not _tells_hour(slots):
            shown = f"{hours}:{minutes:02d}"
            refuse(slots.wording, f"is that a time or a date? Write “{shown}” or “12 September”")
    if slots.meridiem is not None:
        if not 1 <= hours <= 12:
            refuse(slots.wording, f"{hours} is no hour of a 12-hour clock; leave out a.m. or p.m.")
        hours = hours % 12 + slots.meridiem
    return Clock(_within(slots, hours * 60 + minutes), slots.fuzz or Fuzz.EXACT)


def _within(slots: _Slots, shown: int) -> int:
    """The minute that shows ``shown`` in the part of the day named beside it, if any.

    "9 in the evening" is 21:00; "3 a.m. on Sunday night" is Monday's, and "11 p.m., overnight
    into Tuesday" is Monday's too.
    """
    part = slots.part or (SHADED_DAY[slots.shade] if slots.shade is not None else None)
    if part is None:
        return shown
    halves = (0, 720) if slots.meridiem is None and shown < 13 * 60 else (0,)
    for days in (0, -1440, 1440):
        for half in halves:
            minute = shown + half + days
            if part.start * 60 <= minute <= part.end * 60:
                return minute
    return refuse(slots.wording, "the clock time is not in that part of the day; leave one out")


def _part(slots: _Slots, day: Day | None) -> DayPart | None:
    if slots.shade is None or isinstance(day, CalendarMonth):
        return slots.part
    if slots.part is None:
        return SHADED_DAY[slots.shade]
    try:
        return SHADED_PARTS[slots.shade, slots.part]
    except KeyError:
        refuse(slots.wording, f"“{slots.shade}” does not go with that part of the day")


def _day(slots: _Slots) -> Day | None:
    found: list[Day] = []
    weekday = slots.weekday
    if slots.coming is not None:
        found.append(ComingDays(slots.coming))
    if slots.relative is not None:
        found.append(RelativeDay(slots.relative[0]))
    if slots.ago:
        if slots.unit not in (Unit.DAY, Unit.WEEK):
            refuse(slots.wording, "“ago” counts days or weeks, as in “two days ago”")
        found.append(RelativeDay(-(slots.count or 1) * (7 if slots.unit is Unit.WEEK else 1)))
    elif slots.unit is not None:
        found.append(_stretch(slots))
    elif slots.count is not None:
        refuse(slots.wording, f"a number needs “ago”, as in “two days ago”; or try {EXAMPLES}")
    found.extend(_dates(slots))
    if weekday is not None and not any(isinstance(d, CalendarDay) for d in found):
        found.append(NamedWeekday(weekday, slots.which))
    elif slots.which is not None and slots.unit is None:
        if not found and slots.part is not None and slots.which is Which.THIS:
            found.append(RelativeDay(0))
        else:
            refuse(slots.wording, f"“{slots.which}” needs a weekday, week, month or year after it")
    if len(found) > 1:
        refuse(
            slots.wording, "names two days; write one, or a range as in “from Monday to Tuesday”"
        )
    return found[0] if found else None


def _stretch(slots: _Slots) -> Day:
    if slots.unit is Unit.DAY or slots.unit is None:
        refuse(slots.wording, f"which day? Write for example {EXAMPLES}")
    if slots.which is None and slots.unit is not Unit.WEEKEND:
        refuse(slots.wording, f"which {slots.unit}? Write “last {slots.unit}”")
    steps = {Which.LAST: -1, Which.THIS: 0, Which.NEXT: 1, None: 0}[slots.which]
    return RelativeStretch(slots.unit, steps)


def _dates(slots: _Slots) -> list[Day]:
    if slots.calendar is not None:
        whole = slots.month is None
        year = slots.calendar.year if whole else slots.year
        return [CalendarDay(slots.calendar.month, slots.calendar.day, year, slots.weekday)]
    if slots.month is not None:
        return [CalendarMonth(slots.month, slots.year, slots.shade)]
    return [CalendarYear(slots.year)] if slots.year is not None else []
