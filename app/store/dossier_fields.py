"""The keys of one TOML table, read one by one, each checked as it is taken.

Lives here: texts, numbers, enumerations, instants and their limits. Not here: which keys a
dossier has (:mod:`app.store.dossier_read`). Every reader notes what is wrong and returns a
stand-in, so that all problems of a file are found in one go. Imports the journey's values.
"""

import difflib
import math
import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from app.journey.bounds import Bounds
from app.journey.interval import Interval
from app.store.dossier_text import KeyPath, Problems

Choice = TypeVar("Choice", bound=StrEnum)

ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
SLUG = re.compile(r"(?=.{1,100}\Z)[a-z0-9]+(?:-[a-z0-9]+)*")
SLUG_SAYS = "small letters and digits joined by hyphens"
MOST_TEXTS = 50
LONGEST_SENTENCE = 500
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
COUNTRY = re.compile(r"[A-Z]{2}")
YEARS = range(1800, 2200)
FIRST_ZONE = timezone(timedelta(hours=14))
LAST_ZONE = timezone(timedelta(hours=-12))
OPEN = ".."

_MISSING = object()
_BARE_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:\d{2})?",
    re.ASCII | re.IGNORECASE,
)
_LINE_BREAKS = frozenset("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")


def near(word: str, known: Collection[str]) -> str:
    """A hint at the known words nearest to ``word``, or all of them where they are few."""
    if close := difflib.get_close_matches(word[:100], list(known), n=3, cutoff=0.6):
        return f"; did you mean {' or '.join(close)}?"
    return f"; allowed: {', '.join(known)}" if 0 < len(known) <= 20 else ""


@dataclass(slots=True)
class Fields:
    """One table at ``path``; keys are taken from it until :meth:`finish`."""

    table: dict[str, Any]
    path: KeyPath
    problems: Problems
    taken: set[str] = field(default_factory=set)

    def wrong(self, key: str, reason: str) -> None:
        """Note that the value of ``key`` is wrong."""
        self.problems.add((*self.path, key) if key else self.path, reason)

    def has(self, key: str) -> bool:
        """Whether the key is given."""
        return key in self.table

    def take(self, key: str) -> Any:
        """The raw value, or ``None`` when the key is absent (TOML has no null)."""
        self.taken.add(key)
        return self.table.get(key)

    def finish(self) -> None:
        """Refuse the keys that nobody asked for."""
        for key in self.table:
            if key not in self.taken:
                hint = near(key, sorted(self.taken))
                self.wrong(key[:100], f"is no key of a dossier here{hint}")

    def text(
        self, key: str, *, longest: int, needed: bool = False, lines: bool = False
    ) -> str | None:
        """A text kept exactly as written; one line of it unless ``lines``."""
        value = self.take(key)
        if value is None:
            if needed:
                self.wrong(key, "is missing")
            return None
        if (reason := text_problem(value, longest, lines=lines)) is not None:
            self.wrong(key, reason)
            return None
        return str(value)

    def needed(self, key: str, *, longest: int) -> str:
        """A text that must be there; empty stands in for a wrong one."""
        return self.text(key, longest=longest, needed=True) or ""

    def matching(self, key: str, pattern: re.Pattern[str], says: str) -> str:
        """A needed text of a given form, described by ``says``."""
        before = len(self.problems.found)
        value = self.needed(key, longest=100)
        if len(self.problems.found) == before and not pattern.fullmatch(value):
            self.wrong(key, f"“{value}” must be {says}")
        return value

    def choice(self, key: str, kind: type[Choice], default: Choice | None = None) -> Choice:
        """One of an enumeration; needed unless there is a default."""
        options = list(kind)
        value = self.text(key, longest=100, needed=default is None)
        if value is not None and value in {option.value for option in options}:
            return kind(value)
        if value is not None:
            allowed = ", ".join(options)
            self.wrong(key, f"“{value}” is not known; allowed: {allowed}")
        return options[0] if default is None else default

    def optional_choice(self, key: str, kind: type[Choice]) -> Choice | None:
        """One of an enumeration, or ``None`` when the key is absent."""
        return self.choice(key, kind) if self.has(key) else None

    def number(self, key: str, lowest: float, highest: float) -> float | None:
        """A finite number within limits, or ``None`` when absent or wrong."""
        value = self.take(key)
        if value is None:
            return None
        if (reason := number_problem(value, lowest, highest)) is not None:
            self.wrong(key, reason)
            return None
        return float(value)

    def integer(self, key: str, lowest: int, highest: int, default: int) -> int:
        """A whole number within limits."""
        value = self.take(key)
        if value is None:
            return default
        if type(value) is not int or not lowest <= value <= highest:
            self.wrong(key, f"must be a whole number from {lowest} to {highest}")
            return default
        return value

    def flag(self, key: str) -> bool:
        """``true`` or ``false``; false when absent."""
        value = self.take(key)
        if value is not None and not isinstance(value, bool):
            self.wrong(key, "must be true or false, without quotes")
        return value is True

    def bounds(self, key: str, highest: float) -> Bounds | None:
        """A number, or ``{ min = …, max = … }`` with either end left out where unknown."""
        value = self.take(key)
        if value is None or not isinstance(value, dict):
            exact = self.number(key, 0, highest)
            return None if exact is None else Bounds.exactly(exact)
        ends = Fields(value, (*self.path, key), self.problems)
        lower, upper = ends.number("min", 0, highest), ends.number("max", 0, highest)
        ends.finish()
        if not value:
            self.wrong(key, "must be a number or have min, max or both")
        if lower is not None and upper is not None and lower > upper:
            self.wrong(key, "min is above max")
            return None
        return Bounds(lower, upper)

    def texts(self, key: str, pattern: re.Pattern[str], says: str) -> tuple[str, ...]:
        """A list of texts of a given form, empty when absent."""
        value = self.take(key)
        if value is None:
            return ()
        if not isinstance(value, list) or len(value) > MOST_TEXTS:
            self.wrong(key, f"must be a list of at most {MOST_TEXTS} texts")
            return ()
        for entry in value:
            if not isinstance(entry, str) or not pattern.fullmatch(entry):
                self.wrong(key, f"each must be {says}")
                return ()
        return tuple(value)

    def url(self, key: str) -> str | None:
        """An absolute http or https address."""
        value = self.text(key, longest=2000)
        if value is None:
            return None
        try:
            parts = urlsplit(value)
            fine = parts.scheme in ("http", "https") and bool(parts.hostname)
        except ValueError:
            fine = False
        if not fine or any(char.isspace() for char in value):
            self.wrong(key, "must be a whole address that starts with http:// or https://")
            return None
        return value

    def zone(self, key: str) -> ZoneInfo | None:
        """An IANA time zone, or ``None`` when absent or wrong."""
        name = self.text(key, longest=100)
        if name is None:
            return None
        found = zone_named(name)
        if found is None:
            self.wrong(key, f"“{name}” is no IANA time zone; write it as Asia/Vladivostok")
        return found

    def instant(self, key: str) -> datetime | None:
        """One instant with its offset, in UTC."""
        value = self._moment_text(key)
        if value is None:
            return None
        try:
            return parse_instant(value)
        except ValueError as error:
            self.wrong(key, str(error))
            return None

    def published(self, key: str, zone: tzinfo | None, *, needed: bool = False) -> Interval | None:
        """A bare date, an instant, or ``first/last`` of either, as an interval with both ends."""
        value = self._moment_text(key)
        if value is None:
            if needed and not self.has(key):
                self.wrong(key, "is missing; a bare date is enough")
            return None
        first, slash, last = value.partition("/")
        try:
            start = _day_or_instant(first, zone)
            return Interval(start[0], (_day_or_instant(last, zone) if slash else start)[1])
        except ValueError as error:
            self.wrong(key, str(error))
            return None

    def end(self, key: str) -> datetime | None:
        """One end of an explicit interval; ``..`` is an open one."""
        if self.table.get(key) == OPEN:
            self.taken.add(key)
            return None
        return self.instant(key)

    def _moment_text(self, key: str) -> str | None:
        value = self.take(key)
        # TOML has its own dates and times; written so they mean the same.
        if isinstance(value, date):
            return value.isoformat()
        return self.text(key, longest=100)


def text_problem(value: object, longest: int, *, lines: bool = False) -> str | None:
    """What is wrong with a text that people wrote, or ``None``."""
    if not isinstance(value, str):
        return "must be a text in quotes"
    if not value.strip():
        return "is empty; leave the key out or fill it in"
    if len(value) > longest:
        return f"is {len(value):,} characters long; the limit is {longest:,}"
    if not lines and any(char in _LINE_BREAKS for char in value):
        return "must be one line"
    for char in value:
        if unicodedata.category(char) in ("Cc", "Cs") and not (lines and char in "\n\t"):
            return f"holds the control character U+{ord(char):04X}; remove it"
    return None


def number_problem(value: object, lowest: float, highest: float) -> str | None:
    """What is wrong with a number, or ``None``."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "must be a number"
    if (isinstance(value, float) and not math.isfinite(value)) or not lowest <= value <= highest:
        return f"must be from {lowest:,g} to {highest:,g}"
    return None


def zone_named(name: str) -> ZoneInfo | None:
    """The zone of the IANA database with this name, or ``None``."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def parse_instant(text: str) -> datetime:
    """An RFC 3339 instant in UTC; seconds may be left out, the offset may not."""
    if not _INSTANT.fullmatch(text):
        raise ValueError(f"“{text}” is no time; write it as 2023-09-12T05:15+10:00")
    try:
        instant = datetime.fromisoformat(text.upper())
    except ValueError as error:
        raise ValueError(f"“{text}” is no time of the calendar: {error}") from None
    if instant.tzinfo is None:
        raise ValueError(f"“{text}” has no offset from UTC; write it as {text}+09:00")
    _within_calendar(instant.year, text)
    return instant.astimezone(UTC)


def _day_or_instant(text: str, zone: tzinfo | None) -> tuple[datetime, datetime]:
    """Both ends of what ``text`` says: a day of a clock, of any clock, or an instant twice."""
    if not _BARE_DATE.fullmatch(text):
        instant = parse_instant(text)
        return instant, instant
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"“{text}” is not a date of the calendar") from None
    _within_calendar(day.year, text)
    start = datetime.combine(day, time(), zone or FIRST_ZONE)
    end = datetime.combine(day + timedelta(days=1), time(), zone or LAST_ZONE)
    return start.astimezone(UTC), end.astimezone(UTC)


def _within_calendar(year: int, text: str) -> None:
    if year not in YEARS:
        raise ValueError(f"“{text}”: the year must be from {YEARS[0]} to {YEARS[-1]}")


def repeated(ids: Sequence[str]) -> set[int]:
    """The indices at which an id is used again."""
    seen: set[str] = set()
    again: set[int] = set()
    for at, each in enumerate(ids):
        if each and each in seen:
            again.add(at)
        seen.add(each)
    return again
