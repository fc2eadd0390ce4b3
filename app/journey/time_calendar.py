"""Which days a wording names, counted from the day on which the report was written.

Lives here: :func:`days_named`, calendar arithmetic without clocks or zones. Not here: which of
several weekdays or nights is the last one begun (:mod:`app.journey.time_wording`). Imports the
nouns of the grammar.
"""

import calendar
from datetime import date, timedelta

from app.journey.time_grammar import (
    CalendarDay,
    CalendarMonth,
    CalendarYear,
    ComingDays,
    Day,
    NamedWeekday,
    RelativeDay,
    RelativeStretch,
)
from app.journey.time_lexicon import SHADED_MONTH, Unit, Which
from app.journey.time_phrases import refuse

# A date without a year is read backwards (ahead: forwards) from here, so that one just after
# publication is called a mistake and not a date of last year.
_SLIP = timedelta(days=30)
_WEEK = 7


def days_named(wording: str, day: Day, anchor: date, *, looks_ahead: bool) -> tuple[date, date]:
    """First and last of the days that ``day`` names, for a report of the day ``anchor``.

    A weekday is the last one up to ``anchor`` (ahead: the first one from it on); "last" and
    "next" leave ``anchor`` itself out. Raises :class:`app.errors.TimeWordingError` where the
    calendar has no such day, or where it is another weekday than the wording says.
    """
    match day:
        case RelativeDay(days):
            found = anchor + timedelta(days=days)
        case NamedWeekday():
            found = _weekday(day, anchor, looks_ahead=looks_ahead)
        case CalendarDay():
            found = _calendar_day(wording, day, anchor, looks_ahead=looks_ahead)
        case CalendarMonth():
            return _calendar_month(wording, day, anchor, looks_ahead=looks_ahead)
        case CalendarYear(year):
            return date(year, 1, 1), date(year, 12, 31)
        case RelativeStretch(unit, steps):
            return _stretch(unit, steps, anchor)
        case ComingDays(days):
            return anchor, anchor + timedelta(days=days)
    return found, found


def _weekday(day: NamedWeekday, anchor: date, *, looks_ahead: bool) -> date:
    onward = (day.number - anchor.weekday()) % _WEEK
    if day.which is Which.NEXT:
        return anchor + timedelta(days=onward or _WEEK)
    if day.which is Which.LAST:
        return anchor + timedelta(days=onward - _WEEK)
    return anchor + timedelta(days=onward if looks_ahead or not onward else onward - _WEEK)


def _calendar_day(wording: str, day: CalendarDay, anchor: date, *, looks_ahead: bool) -> date:
    years = _years(anchor, looks_ahead=looks_ahead) if day.year is None else [day.year]
    dates = [found for year in years if (found := _date(year, day.month, day.day)) is not None]
    if day.year is None:
        slip = -_SLIP if looks_ahead else _SLIP
        dates = [d for d in dates if _on_side(d, d, anchor + slip, looks_ahead=looks_ahead)]
    if not dates:
        refuse(wording, "that year has no such day; check the date")
    found = dates[0]
    if day.weekday is not None and found.weekday() != day.weekday:
        refuse(
            wording,
            f"{found.isoformat()} is a {calendar.day_name[found.weekday()]}; correct the date or "
            "the weekday, or write the year",
        )
    return found


def _calendar_month(
    wording: str, month: CalendarMonth, anchor: date, *, looks_ahead: bool
) -> tuple[date, date]:
    years = _years(anchor, looks_ahead=looks_ahead) if month.year is None else [month.year]
    for year in years:
        length = calendar.monthrange(year, month.month)[1]
        first, last = SHADED_MONTH[month.shade] if month.shade is not None else (1, length)
        found = (date(year, month.month, first), date(year, month.month, min(last, length)))
        if month.year is not None or _on_side(*found, anchor, looks_ahead=looks_ahead):
            return found
    return refuse(wording, "lies beyond the calendar; write the year")


def _years(anchor: date, *, looks_ahead: bool) -> list[int]:
    """Years to try, the likeliest first; eight more, for a 29 February."""
    if looks_ahead:
        return list(range(max(anchor.year - 1, 1), min(anchor.year + 9, 9999)))
    return list(range(min(anchor.year + 1, 9998), max(anchor.year - 9, 0), -1))


def _on_side(first: date, last: date, anchor: date, *, looks_ahead: bool) -> bool:
    """Whether days without a year lie on the side of ``anchor`` that the claim speaks of."""
    return last >= anchor if looks_ahead else first <= anchor


def _stretch(unit: Unit, steps: int, anchor: date) -> tuple[date, date]:
    if unit is Unit.YEAR:
        return _first_of_year(anchor.year + steps), _last_of_month(anchor.year + steps, 12)
    if unit is Unit.MONTH:
        year, month = divmod(anchor.year * 12 + anchor.month - 1 + steps, 12)
        last = _last_of_month(year, month + 1)
        return last.replace(day=1), last
    monday = anchor + timedelta(days=_WEEK * steps - anchor.weekday())
    return monday + timedelta(days=5 if unit is Unit.WEEKEND else 0), monday + timedelta(days=6)


def _first_of_year(year: int) -> date:
    return _last_of_month(year, 1).replace(day=1)


def _last_of_month(year: int, month: int) -> date:
    if not 1 <= year <= 9998:
        raise OverflowError(f"year {year}")
    return date(year, month, calendar.monthrange(year, month)[1])


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
