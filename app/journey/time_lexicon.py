"""The words of time: every word and phrase that the grammar of time wording knows.

Lives here: tables, as data, for the grammar (:mod:`app.journey.time_grammar`) and for anybody
who looks for wordings in running text. All keys are lower case, words parted by one space.
Not here: how they combine, what they mean on a given day, and the names of zones
(:mod:`app.journey.zone_lexicon`, the only import of ours).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from app.journey.zone_lexicon import AMBIGUOUS_ZONES, ZONE_ABBREVIATIONS


@dataclass(frozen=True, slots=True)
class DayPart:
    """A stretch of a day D in hours from its midnight; below 0 is D−1, above 24 is D+1."""

    start: float
    end: float


class Shade(StrEnum):
    """Which end of a day part, day or month is meant."""

    EARLY = "early"
    MID = "mid"
    LATE = "late"


class Fuzz(StrEnum):
    """How near a clock time is meant."""

    EXACT = "exact"
    ABOUT = "about"
    SHORTLY_BEFORE = "shortly before"
    SHORTLY_AFTER = "shortly after"


class Limit(StrEnum):
    """Which side of a moment is meant, with the moment itself in or out."""

    BEFORE = "before"
    BY = "by"
    SINCE = "since"
    AFTER = "after"


class Which(StrEnum):
    """Which of the weekdays, weeks, months or years of that name is meant."""

    LAST = "last"
    THIS = "this"
    NEXT = "next"


class Unit(StrEnum):
    """Stretches of the calendar that are counted from the day of the report."""

    DAY = "day"
    WEEK = "week"
    WEEKEND = "weekend"
    MONTH = "month"
    YEAR = "year"


class Connector(StrEnum):
    """What opens and joins the two ends of a range."""

    BETWEEN = "between"
    FROM = "from"
    AND = "and"
    TO = "to"


CLOCK_MARGIN = timedelta(minutes=5)
ABOUT_MARGIN = timedelta(minutes=30)
ABOUT_DAY_MARGIN = timedelta(days=1)
SHORTLY_MARGIN = timedelta(minutes=30)

MORNING, AFTERNOON = DayPart(5, 12), DayPart(12, 18)
EVENING, NIGHT = DayPart(17, 23), DayPart(20, 28)
# Midnight belongs to the day that ends with it (the Associated Press's rule).
NOON, MIDNIGHT = DayPart(11, 13), DayPart(23, 25)
BEFORE_DAWN, DAWN = DayPart(0, 6), DayPart(4, 8)
# "Overnight Monday" is the night before or after Monday: both.
OVERNIGHT_INTO, OVERNIGHT = DayPart(-2, 6), DayPart(-2, 30)
# "The night from Monday to Tuesday", of Tuesday: all that either day calls its night.
NIGHT_INTO = DayPart(-4, 6)

DAY_PARTS: Mapping[str, DayPart] = {
    "overnight into": OVERNIGHT_INTO,
    "overnight": OVERNIGHT,
    "before dawn": BEFORE_DAWN,
    "before daybreak": BEFORE_DAWN,
    "before sunrise": BEFORE_DAWN,
    "predawn": BEFORE_DAWN,
    "predawn hours": BEFORE_DAWN,
    "pre-dawn": BEFORE_DAWN,
    "pre-dawn hours": BEFORE_DAWN,
    "small hours": BEFORE_DAWN,
    "wee hours": BEFORE_DAWN,
    "early hours": BEFORE_DAWN,
    "after midnight": BEFORE_DAWN,
    "dawn": DAWN,
    "daybreak": DAWN,
    "sunrise": DAWN,
    "morning": MORNING,
    "forenoon": MORNING,
    "noon": NOON,
    "midday": NOON,
    "lunchtime": NOON,
    "afternoon": AFTERNOON,
    "evening": EVENING,
    "night": NIGHT,
    "midnight": MIDNIGHT,
}

# The instant, in hours, that limits count from: ("after", "before"). Midnight opens a day for
# what comes after it and closes it for what comes before.
POINTS: Mapping[DayPart, tuple[float, float]] = {NOON: (12, 12), MIDNIGHT: (0, 24)}

SHADED_DAY: Mapping[Shade, DayPart] = {
    Shade.EARLY: DayPart(0, 9),
    Shade.MID: NOON,
    Shade.LATE: DayPart(18, 24),
}

SHADED_PARTS: Mapping[tuple[Shade, DayPart], DayPart] = {
    (Shade.EARLY, MORNING): DayPart(0, 9),
    (Shade.MID, MORNING): DayPart(8, 11),
    (Shade.LATE, MORNING): DayPart(9, 12),
    (Shade.EARLY, AFTERNOON): DayPart(12, 15),
    (Shade.MID, AFTERNOON): DayPart(13, 17),
    (Shade.LATE, AFTERNOON): DayPart(15, 18),
    (Shade.EARLY, EVENING): DayPart(17, 20),
    (Shade.LATE, EVENING): DayPart(20, 24),
    (Shade.EARLY, NIGHT): DayPart(20, 24),
    (Shade.LATE, NIGHT): DayPart(21, 28),
}

# First and last day of a third of a month; 31 is cut to the month's own last day.
SHADED_MONTH: Mapping[Shade, tuple[int, int]] = {
    Shade.EARLY: (1, 10),
    Shade.MID: (11, 20),
    Shade.LATE: (21, 31),
}

SHADES: Mapping[str, Shade] = {
    "early": Shade.EARLY,
    "mid": Shade.MID,
    "late": Shade.LATE,
    "beginning of": Shade.EARLY,
    "middle of": Shade.MID,
    "end of": Shade.LATE,
}

# Monday is 0, as in ``date.weekday()``.
WEEKDAYS: Mapping[str, int] = {
    name: number
    for number, names in enumerate(
        (
            ("monday", "mon"),
            ("tuesday", "tue", "tues"),
            ("wednesday", "wed", "weds"),
            ("thursday", "thu", "thur", "thurs"),
            ("friday", "fri"),
            ("saturday", "sat"),
            ("sunday", "sun"),
        )
    )
    for name in names
}

MONTHS: Mapping[str, int] = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"),
            ("february", "feb"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sept", "sep"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}

# Days from the day of the report, with the part of the day where the word names one. What is
# called "tonight" may be the evening or the night.
RELATIVE_DAYS: Mapping[str, tuple[int, DayPart | None]] = {
    "the day before yesterday": (-2, None),
    "day before yesterday": (-2, None),
    "yesterday": (-1, None),
    "last night": (-1, NIGHT),
    "last evening": (-1, EVENING),
    "today": (0, None),
    "this day": (0, None),
    "tonight": (0, DayPart(17, 28)),
    "tomorrow": (1, None),
    "the day after tomorrow": (2, None),
    "day after tomorrow": (2, None),
}

# What is still to come, in days from publication on.
COMING: Mapping[str, int] = {
    "imminently": 1,
    "in the coming hours": 1,
    "in the next hours": 1,
    "soon": 7,
    "shortly": 7,
    "in the coming days": 7,
    "coming days": 7,
    "in the next few days": 7,
    "within days": 7,
    "in the coming weeks": 28,
    "coming weeks": 28,
}

WHICH: Mapping[str, Which] = {
    "last": Which.LAST,
    "past": Which.LAST,
    "previous": Which.LAST,
    "this": Which.THIS,
    "next": Which.NEXT,
    "coming": Which.NEXT,
}

UNITS: Mapping[str, Unit] = {
    "day": Unit.DAY,
    "days": Unit.DAY,
    "week": Unit.WEEK,
    "weeks": Unit.WEEK,
    "weekend": Unit.WEEKEND,
    "month": Unit.MONTH,
    "months": Unit.MONTH,
    "year": Unit.YEAR,
}

NUMBERS: Mapping[str, int] = {
    word: number
    for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), start=1
    )
} | {"a": 1}

FUZZES: Mapping[str, Fuzz] = {
    "about": Fuzz.ABOUT,
    "around": Fuzz.ABOUT,
    "approximately": Fuzz.ABOUT,
    "roughly": Fuzz.ABOUT,
    "nearly": Fuzz.ABOUT,
    "some time around": Fuzz.ABOUT,
    "circa": Fuzz.ABOUT,
    "ca": Fuzz.ABOUT,
    "~": Fuzz.ABOUT,
    "shortly before": Fuzz.SHORTLY_BEFORE,
    "just before": Fuzz.SHORTLY_BEFORE,
    "soon before": Fuzz.SHORTLY_BEFORE,
    "a little before": Fuzz.SHORTLY_BEFORE,
    "shortly after": Fuzz.SHORTLY_AFTER,
    "just after": Fuzz.SHORTLY_AFTER,
    "soon after": Fuzz.SHORTLY_AFTER,
    "a little after": Fuzz.SHORTLY_AFTER,
}

LIMITS: Mapping[str, Limit] = {
    "before": Limit.BEFORE,
    "earlier than": Limit.BEFORE,
    "not after": Limit.BY,
    "no later than": Limit.BY,
    "not later than": Limit.BY,
    "by": Limit.BY,
    "until": Limit.BY,
    "till": Limit.BY,
    "since": Limit.SINCE,
    "from": Limit.SINCE,
    "not before": Limit.SINCE,
    "no earlier than": Limit.SINCE,
    "not earlier than": Limit.SINCE,
    "after": Limit.AFTER,
    "later than": Limit.AFTER,
}

CONNECTORS: Mapping[str, Connector] = {
    "between": Connector.BETWEEN,
    "and": Connector.AND,
    "to": Connector.TO,
    "-": Connector.TO,
    "–": Connector.TO,
    "—": Connector.TO,
}

MERIDIEMS: Mapping[str, int] = {"am": 0, "a.m": 0, "a.m.": 0, "pm": 12, "p.m": 12, "p.m.": 12}

FILLERS = frozenset(
    {
        *("on", "at", "in", "the", "of", "during", "into", "over", "for", "t", "hours", "hrs"),
        *("local", "local time", "earlier", "later", "earlier on", "later on", "sometime"),
        *(",", ".", "(", ")"),
    }
)

# Every phrase with the slot it fills in the grammar. A scanner looks for the longest one first.
VOCABULARY: Mapping[str, tuple[str, object]] = {
    phrase: (slot, value)
    for slot, table in (
        ("", dict.fromkeys(FILLERS)),
        ("zone", AMBIGUOUS_ZONES),
        ("zone", {name: (zone,) for name, zone in ZONE_ABBREVIATIONS.items()}),
        ("meridiem", MERIDIEMS),
        ("connector", CONNECTORS),
        ("limit", LIMITS),
        ("fuzz", FUZZES),
        ("count", NUMBERS),
        ("ago", dict.fromkeys(("ago",), True)),
        ("unit", UNITS),
        ("which", WHICH),
        ("coming", COMING),
        ("shade", SHADES),
        ("month", MONTHS),
        ("weekday", WEEKDAYS),
        ("part", DAY_PARTS),
        ("relative", RELATIVE_DAYS),
    )
    for phrase, value in table.items()
}
LONGEST_PHRASE = max(phrase.count(" ") + 1 for phrase in VOCABULARY)
