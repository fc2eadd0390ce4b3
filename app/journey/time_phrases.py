"""The words of a time wording: text in, phrases of the lexicon out, each with what it says.

Lives here: :func:`phrases`, the first half of the grammar; numbers, dates, clock times, offsets
and zones by name. Not here: how phrases make a moment (:mod:`app.journey.time_grammar`).
Imports the lexicons and ``app.errors``.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple, NoReturn
from zoneinfo import ZoneInfo

from app.errors import TimeWordingError
from app.journey.time_lexicon import LONGEST_PHRASE, MERIDIEMS, VOCABULARY
from app.journey.zone_lexicon import ZONE_NAMES, ZONE_REGIONS

MAX_LENGTH = 200
YEARS = range(1900, 2101)
EXAMPLES = (
    "“early Tuesday”, “about 05:15 Moscow time on 12 September”, "
    "“between 10:00 and 11:00 on Sunday”"
)


@dataclass(frozen=True, slots=True)
class NamedZone:
    """A zone as the wording calls it; several ``choices`` where the name is used for several."""

    label: str
    choices: tuple[str, ...]


class Phrase(NamedTuple):
    """A phrase of the lexicon: the ``slot`` it fills ("" for none), its value and its text.

    The value of ``number`` is an ``int``, of ``calendar`` a ``date``, of ``clock`` hours and
    minutes, of ``zone`` a :class:`NamedZone` or an offset; else what the lexicon gives.
    """

    slot: str
    value: object
    text: str


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
_HYPHENATED = re.compile(r"\b(early|mid|late)-", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str

    @property
    def low(self) -> str:
        return self.text.lower()


def phrases(wording: str) -> Iterator[Phrase]:
    """The phrases of ``wording`` in order, the longest first where several begin alike.

    Raises :class:`app.errors.TimeWordingError` at the first word that is none. The cost is
    linear in the length, which is at most 200 characters.
    """
    text = unicodedata.normalize("NFKC", wording[: MAX_LENGTH + 1]).translate(_DASHES)
    if len(wording) > MAX_LENGTH or len(text) > MAX_LENGTH:
        refuse(
            wording, f"is longer than {MAX_LENGTH} characters; give only the time, as {EXAMPLES}"
        )
    text = _HYPHENATED.sub(r"\1 ", text)
    tokens = [_Token(str(m.lastgroup), m.group(str(m.lastgroup))) for m in _TOKEN.finditer(text)]
    position = 0
    while position < len(tokens):
        position, phrase = _phrase(tokens, position, wording)
        yield phrase


def _phrase(tokens: list[_Token], at: int, wording: str) -> tuple[int, Phrase]:
    """The longest phrase that begins at ``at``, and the position after it."""
    token = tokens[at]
    found = _figures(tokens, at, wording) or _offset(tokens, at, wording) or _zone_time(tokens, at)
    if found is not None:
        return found
    for length in range(min(LONGEST_PHRASE, len(tokens) - at), 0, -1):
        said = " ".join(t.low for t in tokens[at : at + length])
        if said in VOCABULARY:
            slot, value = VOCABULARY[said]
            if slot == "zone" and isinstance(value, tuple):
                value = NamedZone(said.upper(), value)
            return at + length, Phrase(slot, value, said)
    if "/" in token.text and (name := _iana(token.text)) is not None:
        return at + 1, Phrase("zone", NamedZone(name, (name,)), name)
    if token.text == "/":
        refuse(wording, "“/” may part day and month either way; write 12 September 2023")
    return refuse(wording, f"cannot read “{token.text[:40]}”; wordings that work: {EXAMPLES}")


def _figures(tokens: list[_Token], at: int, wording: str) -> tuple[int, Phrase] | None:
    """A date, a clock time or a bare number in figures."""
    token = tokens[at]
    following = tokens[at + 1].low if at + 1 < len(tokens) else ""
    if token.kind in ("iso", "dotted"):
        return at + 1, Phrase("calendar", _date(token, wording), token.text)
    if token.kind == "clock":
        return at + 1, Phrase("clock", _hours_and_minutes(token, wording), token.text)
    if token.kind != "number":
        return None
    if following in MERIDIEMS:
        return at + 1, Phrase("clock", (int(token.text), 0), token.text)
    if following in ("hours", "hrs") and len(token.text) == 4:
        clock = _Token("clock", f"{token.text[:2]}:{token.text[2:]}")
        return at + 2, Phrase("clock", _hours_and_minutes(clock, wording), token.text)
    return at + 1, Phrase("number", int(token.text), token.text)


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
        # 12.09 may be a clock or the twelfth of September; the grammar asks for a meridiem.
        return hours, -minutes
    return hours, minutes


def _offset(tokens: list[_Token], at: int, wording: str) -> tuple[int, Phrase] | None:
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
    return sign_at + 2, Phrase("zone", -offset if minus else offset, number.text)


def _zone_time(tokens: list[_Token], at: int) -> tuple[int, Phrase] | None:
    """A zone that is named by the one to three words before "time"."""
    words: list[str] = []
    for index in range(at, min(at + 4, len(tokens))):
        if tokens[index].low == "time":
            name = " ".join(words)
            if not words or f"{name} time" in VOCABULARY:
                return None
            zone = ZONE_NAMES.get(name) or _city_zone(name.removesuffix(" standard"))
            if zone is None:
                return None
            named = NamedZone(f"{name.title()} time", (zone,))
            return index + 1, Phrase("zone", named, named.label)
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
