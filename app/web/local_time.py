"""Times as pages say them: in the place's own clock with its offset, and in UTC.

Lives here: text for the intervals of the JSON documents (RFC 3339 in the place's offset). Not
here: sentences (:mod:`app.wording`), and what the times mean.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from app.wording import offset_text

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


def interval_text(interval: Interval) -> TimeText | None:
    """The text of ``{earliest, latest}``; ``None`` when both ends are open."""
    earliest, latest = (_parsed(interval.get(end)) for end in ("earliest", "latest"))
    known = earliest or latest
    if known is None:
        return None
    return TimeText(
        local=_said(earliest, latest) + " " + offset_text(known),
        utc=_said(*(end and end.astimezone(UTC) for end in (earliest, latest))) + " UTC",
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


def instant_text(value: str | None) -> str:
    """One instant in UTC: ``12 Sep 2023, 12:34 UTC``."""
    moment = _parsed(value)
    if moment is None:
        return "before the first report"
    moment = moment.astimezone(UTC)
    return f"{moment.day} {moment:%b %Y, %H:%M} UTC"


def _parsed(value: Any) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


def _said(earliest: datetime | None, latest: datetime | None) -> str:
    if earliest is None:
        return f"not after {_moment(latest)}"
    if latest is None:
        return f"not before {_moment(earliest)}"
    if earliest == latest:
        return _moment(earliest)
    if _is_one_day(earliest, latest):
        end = f"{latest:%H:%M}" if earliest.date() == latest.date() else "24:00"
        return f"{_moment(earliest)}–{end}"
    return f"{_moment(earliest)} – {_moment(latest)}"


def _is_one_day(earliest: datetime, latest: datetime) -> bool:
    """Midnight at the end of a day belongs to that day."""
    end = latest.date() - timedelta(days=latest.time() == time() and earliest < latest)
    return earliest.date() == end


def _moment(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment.day} {moment:%b %H:%M}"


def short_text(interval: Interval) -> str:
    """The local time as a map label says it: no more than a day where more would mislead.

    >>> short_text({"earliest": "2023-09-12T00:00:00+10:00",
    ...             "latest": "2023-09-12T20:00:00+10:00"})
    '12 Sep'
    """
    earliest, latest = (_parsed(interval.get(end)) for end in ("earliest", "latest"))
    if earliest is None or latest is None:
        known = earliest or latest
        return "" if known is None else _said(earliest, latest)
    if not _is_one_day(earliest, latest):
        if latest - earliest < _HALF_A_DAY:
            return _said(earliest, latest)
        return f"{earliest.day} {earliest:%b} – {latest.day} {latest:%b}"
    if latest - earliest >= _HALF_A_DAY:
        return f"{earliest.day} {earliest:%b}"
    return _said(earliest, latest)
