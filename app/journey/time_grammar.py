"""The grammar of time wording: text in, what it says out, not yet tied to any day.

``[limit] [fuzz] moment`` or ``moment to moment``, where a moment has at most one day, day part,
clock time and zone, in any order. Lives here: tokens, phrases and :func:`parse`. Not here: the
words themselves (:mod:`app.journey.time_lexicon`) and what a moment means for one report and
place (:mod:`app.journey.time_wording`). Imports the lexicon and ``app.errors``.
"""

import re
import unicodedata
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import NoReturn
from zoneinfo import ZoneInfo

from app.errors import TimeWordingError
from app.journey.time_lexicon import (
    LONGEST_PHRASE,
    NIGHT,
    OVERNIGHT,
    OVERNIGHT_INTO,
    SHADED_DAY,
    SHADED_PARTS,
    VOCABULARY,
    ZONE_NAMES,
    ZONE_REGIONS,
    Connector,
    DayPart,
    Fuzz,
    Limit,
    Shade,
    Unit,
    Which,
)

MAX_LENGTH = 200
YEARS = range(1900, 2101)
EXAMPLES = (
    "“early Tuesday”, “about 05:15 Moscow time on 12 September”, "
    "“between 10:00 and 11:00 on Sunday”"
)


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


@dataclass(frozen=True, slots=True)
class NamedZone:
    """A zone as the wording calls it; several ``choices`` where the name is used for several."""

    label: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day in minutes from midnight (1440 is 24:00), and how near it is meant."""

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


def refuse(wording: str, why: str) -> NoReturn:
    """Raise :class:`app.errors.TimeWordingError` for ``wording``, shortened where long."""
    shown = wording if len(wording) <= 60 else wording[:57] + "…"
    raise TimeWordingError("when", f"“{shown}”: {why}")


_TOKEN = re.compile(
    r"""(?P<iso>\d{4}-\d{2}-\d{2})(?!\d)
    | (?P<dotted>\d{1,2}\.\d{1,2}\.\d{4})(?!\d)
    | (?P<clock>\d{1,2}[:.]\d{2}(?::\d{2}(?:\.\d{1,6})?)?)(?![\d:])
    | (?P<number>\d{1,4})(?:st|nd|rd|th)?(?!\d)
    | (?P<word>[ap]\.m\.?(?!\w)|pre-dawn|[^\W\d_]+(?:/[\w+-]+)*)
    | (?P<mark>\S)""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_DASHES = str.maketrans({"−": "-", "‐": "-", "‑": "-"})


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str

    @property
    def low(self) -> str:
        return self.text.lower()


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
    dotted: bool | None = None
    meridiem: int | None = None
    zone: NamedZone | timedelta | None = None
    numbers: list[int] = field(default_factory=list)

    def put(self, slot: str, value: object, text: str) -> None:
        if getattr(self, slot) is not None:
            refuse(
                self.wording,
                f"says a {slot} twice (at “{text}”); write one moment, or a range as in "
                "“between 10:00 and 11:00”",
            )
        setattr(self, slot, value)


@lru_cache(maxsize=4096)
def parse(wording: str) -> Reading:
    """What ``wording`` says, by the grammar.

    Raises :class:`app.errors.TimeWordingError` (field ``when``) that quotes what could not be
    read and gives examples that can. Its cost is linear in the length, which is at most 200.
    """
    if len(wording) > MAX_LENGTH:
        refuse(
            wording, f"is longer than {MAX_LENGTH} characters; give only the time, as {EXAMPLES}"
        )
    text = unicodedata.normalize("NFKC", wording).translate(_DASHES)
    tokens = [_Token(str(m.lastgroup), m.group(str(m.lastgroup))) for m in _TOKEN.finditer(text)]
    halves = [_Slots(wording)]
    opener: Connector | None = None
    position = 0
    while position < len(tokens):
        position, slot, value, said = _phrase(tokens, position, wording)
        slots = halves[-1]
        if slot == "connector":
            if value is Connector.BETWEEN:
                opener = Connector.BETWEEN
            elif value is Connector.TO or opener is Connector.BETWEEN:
                halves.append(_Slots(wording))
            # any other "and" only joins words of one moment
        elif slot == "number":
            slots.numbers.append(int(said))
        elif slot:
            slots.put(slot, value, said)
    return _reading(wording, halves, ranged=opener is Connector.BETWEEN)


def _phrase(tokens: list[_Token], at: int, wording: str) -> tuple[int, str, object, str]:
    """The longest phrase at ``at``: the position after it, its slot, its value, its text."""
    token = tokens[at]
    if token.kind in ("iso", "dotted"):
        return at + 1, "calendar", _date(token, wording), token.text
    if token.kind == "clock":
        return at + 1, "clock", _hours_and_minutes(token, wording), token.text
    if token.kind == "number":
        return at + 1, "number", None, token.text
    offset = _offset(tokens, at, wording)
    if offset is not None:
        return offset[0], "zone", offset[1], token.text
    zone = _zone_before_time(tokens, at)
    if zone is not None:
        return zone[0], "zone", zone[1], zone[1].label
    for length in range(min(LONGEST_PHRASE, len(tokens) - at), 0, -1):
        said = " ".join(t.low for t in tokens[at : at + length])
        if said in VOCABULARY:
            slot, value = VOCABULARY[said]
            if slot == "ambiguous" and isinstance(value, tuple):
                return at + length, "zone", NamedZone(said.upper(), value), said
            if slot == "zone":
                return at + length, "zone", NamedZone(said.upper(), (str(value),)), said
            return at + length, slot, value, said
    if "/" in token.text and (name := _iana(token.text)) is not None:
        return at + 1, "zone", NamedZone(name, (name,)), name
    refuse(wording, f"cannot read “{token.text[:40]}”; wordings that work: {EXAMPLES}")


def _date(token: _Token, wording: str) -> date:
    try:
        if token.kind == "iso":
            found = date.fromisoformat(token.text)
        else:
            day, month, year = map(int, token.text.split("."))
            found = date(year, month, day)
    except ValueError:
        refuse(wording, f"“{token.text}” is not a date of the calendar")
    return _in_range(found, wording)


def _in_range(found: date, wording: str) -> date:
    if found.year not in YEARS:
        refuse(wording, f"the year must be from {YEARS[0]} to {YEARS[-1]}, is {found.year}")
    return found


def _hours_and_minutes(token: _Token, wording: str) -> tuple[int, int]:
    hours, minutes = map(int, re.split("[:.]", token.text)[:2])
    if minutes > 59 or hours > 24 or (hours == 24 and minutes):
        refuse(wording, f"“{token.text}” is not a time of day; write it as 17:05 or 5:05 p.m.")
    if "." in token.text[:3] and 1 <= minutes <= 12 and hours:
        # 12.09 may be a clock or the twelfth of September; _moment asks for a meridiem.
        return hours, -minutes
    return hours, minutes


def _offset(
    tokens: list[_Token], at: int, wording: str
) -> tuple[int, NamedZone | timedelta] | None:
    """An offset such as ``+09:00``, ``UTC+9`` or the end of ``2023-09-12T05:15-05:00``."""
    named = tokens[at].low in ("utc", "gmt")
    sign_at = at + 1 if named else at
    if sign_at + 1 >= len(tokens) or tokens[sign_at].text not in ("+", "-"):
        return None
    minus = tokens[sign_at].text == "-"
    after_instant = at >= 2 and tokens[at - 2].low == "t"
    number = tokens[sign_at + 1]
    if (minus and not named and not after_instant) or number.kind not in ("number", "clock"):
        return None
    digits = re.split("[:.]", number.text)
    hours = int(digits[0])
    minutes = int(digits[1]) if len(digits) > 1 else 0
    if len(digits) == 1 and hours > 99:
        hours, minutes = divmod(hours, 100)
    if hours > 14 or minutes > 59:
        refuse(wording, f"“{number.text}” is not an offset from UTC; write it as +09:00")
    offset = timedelta(hours=hours, minutes=minutes)
    return sign_at + 2, -offset if minus else offset


def _zone_before_time(tokens: list[_Token], at: int) -> tuple[int, NamedZone] | None:
    """A zone that is named by the one to three words before "time"."""
    words: list[str] = []
    for index in range(at, min(at + 4, len(tokens))):
        if tokens[index].low == "time":
            name = " ".join(words)
            if not words or f"{name} time" in VOCABULARY:
                return None
            zone = ZONE_NAMES.get(name) or _city_zone(name.removesuffix(" standard"))
            return None if zone is None else (index + 1, NamedZone(f"{name.title()} time", (zone,)))
        if tokens[index].kind != "word":
            return None
        words.append(tokens[index].low)
    return None


@lru_cache(maxsize=1024)
def _city_zone(name: str) -> str | None:
    key = name.title().replace(" ", "_")
    return next((z for region in ZONE_REGIONS if (z := _iana(f"{region}/{key}"))), None)


@lru_cache(maxsize=1024)
def _iana(name: str) -> str | None:
    """``name`` if it is one of the IANA database's, with its capitals mended where needed."""
    for spelling in (name, name.title()):
        try:
            return ZoneInfo(spelling).key
        except (KeyError, ValueError, OSError):
            continue
    return None


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
    if night and begin.day is not None and end.day is not None:
        return Reading(replace(end, part=OVERNIGHT_INTO, zone=end.zone or begin.zone))
    return Reading(
        replace(begin, zone=begin.zone or end.zone), replace(end, zone=end.zone or begin.zone)
    )


def _share(first: _Slots, last: _Slots) -> None:
    """Let a bare number at one end of a range be what the other end is: a day or an hour."""
    for here, there in ((first, last), (last, first)):
        if here.clock is None and len(here.numbers) == 1 and here.month is None:
            if there.meridiem is not None and here.meridiem is None:
                here.meridiem = there.meridiem
            elif there.month is not None and here.weekday is None:
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
    if not isinstance(day, RelativeDay | NamedWeekday | CalendarDay | None) and (part or clock):
        refuse(wording, "a time of day needs one day, as in “Tuesday morning” or “12 Sept, 05:15”")
    if clock is None and slots.fuzz not in (None, Fuzz.ABOUT) and part is None:
        refuse(wording, f"“{slots.fuzz}” needs a time of day, as in “{slots.fuzz} 10:40”")
    return Moment(day, part, clock, slots.zone, slots.fuzz or Fuzz.EXACT)


def _sort_numbers(slots: _Slots) -> None:
    """Tell which bare number is the day, the year, the hour or the count."""
    for number in slots.numbers:
        if slots.ago and slots.count is None:
            slots.count = number
        elif number in YEARS:
            slots.put("year", number, str(number))
        elif slots.clock is None and (slots.meridiem is not None) and _is_hour_of(slots, number):
            slots.clock = (number, 0)
        elif slots.month is not None and slots.calendar is None and 1 <= number <= 31:
            slots.calendar = _calendar_day(slots, number)
        elif slots.clock is None and slots.part is not None and 0 < number <= 12:
            slots.clock = (number, 0)
        else:
            refuse(
                slots.wording,
                f"is {number} an hour or a day? Write “{number}:00”, “{number} p.m.” or "
                f"“{number} September”",
            )


def _is_hour_of(slots: _Slots, number: int) -> bool:
    # "12 September, 5 a.m.": the number next to "a.m." is the hour; it is the last one unless
    # the month follows it.
    hours = [n for n in slots.numbers if n not in YEARS]
    return 1 <= number <= 12 and (slots.month is None or len(hours) == 1 or number == hours[-1])


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
        if slots.meridiem is None and slots.part is None:
            shown = f"{hours}.{minutes:02d}"
            refuse(
                slots.wording,
                f"is {shown} a time or a date? Write “{hours}:{minutes:02d}” or “12 September”",
            )
    if slots.meridiem is not None:
        if not 1 <= hours <= 12:
            refuse(slots.wording, f"{hours} is no hour of a 12-hour clock; leave out a.m. or p.m.")
        hours = hours % 12 + slots.meridiem
    total = hours * 60 + minutes
    if slots.part is not None:
        part = slots.part
        fits = [
            t for t in (total, total + 720) if part.start * 60 <= t <= part.end * 60 and t <= 1440
        ] or [t for t in (total,) if part.start * 60 <= t + 1440 <= part.end * 60]
        if not fits or (slots.meridiem is not None and fits[0] != total):
            refuse(slots.wording, "the clock time is not in that part of the day; leave one out")
        total = fits[0]
    return Clock(total, slots.fuzz or Fuzz.EXACT)


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
