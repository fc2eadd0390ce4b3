"""Times as pages say them: in the place's own clock with its offset, and in UTC.

Lives here: text for the intervals of the JSON documents (RFC 3339 in the place's offset). Not
here: sentences (:mod:`app.wording`), words (:mod:`app.words`), and what the times mean.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from app.wording import is_day, is_within_a_day, offset_text, time_between
from app.words import ENGLISH, Words

Interval = Mapping[str, str | None]

_HALF_A_DAY = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class TimeText:
    """One interval, said twice. ``datetime`` is its machine-readable start, if it has one.

    >>> interval_text({"earliest": "2023-09-10T12:00:00+09:00",
    ...                "latest": "2023-09-10T18:00:00+09:00"}).local
    '10 Sep 12:00–18:00 UTC+9'
    """

    local: str
    utc: str
    datetime: str | None


def interval_text(interval: Interval, words: Words = ENGLISH) -> TimeText | None:
    """The text of ``{earliest, latest}``; ``None`` when both ends are open."""
    earliest, latest = (_parsed(interval.get(end)) for end in ("earliest", "latest"))
    known = earliest or latest
    if known is None:
        return None
    first, last = (end and end.astimezone(UTC) for end in (earliest, latest))
    local, utc = time_between(earliest, latest, words), time_between(first, last, words)
    return TimeText(
        local=words.say("in_zone", time=local, zone=offset_text(known)),
        utc=words.say("in_zone", time=utc, zone="UTC"),
        datetime=known.isoformat(timespec="minutes"),
    )


def day_text(value: str | None) -> str:
    """``12 September 2023``, in the offset that the instant is given in."""
    moment = _parsed(value)
    return "" if moment is None else f"{moment.day} {moment:%B %Y}"


def days_text(first: str | None, last: str | None) -> str:
    """``10–12 September 2023``, with no more said than differs."""
    start, end = _parsed(first), _parsed(last)
    if start is None or end is None:
        return day_text(first or last)
    if start.date() == end.date():
        return day_text(first)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{day_text(last)}"
    if start.year == end.year:
        return f"{start.day} {start:%B} – {day_text(last)}"
    return f"{day_text(first)} – {day_text(last)}"


def instant_text(value: str | None, words: Words = ENGLISH) -> str:
    """One instant in UTC: ``12 Sep 2023, 12:34 UTC``."""
    moment = _parsed(value)
    if moment is None:
        return words["before_first_report"]
    moment = moment.astimezone(UTC)
    return words.say("moment_utc", day=words.day_and_year(moment), clock=f"{moment:%H:%M}")


def _parsed(value: Any) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


def short_text(interval: Interval, words: Words = ENGLISH) -> str:
    """The local time as a map label says it: no more than a day where more would mislead.

    >>> short_text({"earliest": "2023-09-12T00:00:00+10:00",
    ...             "latest": "2023-09-12T20:00:00+10:00"})
    '12 Sep'
    """
    earliest, latest = (_parsed(interval.get(end)) for end in ("earliest", "latest"))
    if earliest is not None and latest is not None:
        if is_day(earliest, latest):
            return words.day(earliest)
        if not is_within_a_day(earliest, latest) and latest - earliest >= _HALF_A_DAY:
            return words.say("over_days", start=words.day(earliest), end=words.day(latest))
    return time_between(earliest, latest, words)
