"""Intervals as days in the Extended Date/Time Format (EDTF Level 1, ISO 8601-2)."""

import re
import warnings
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.journey.interval import UNKNOWN, Interval

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of the parser that it is built on
    from edtf import parse_edtf

VLADIVOSTOK = ZoneInfo("Asia/Vladivostok")
DAY = timedelta(days=1)

BEGINNING = datetime(1890, 1, 3, tzinfo=UTC)
instants = st.integers(0, int(310 * 365.25 * 86_400)).map(
    lambda seconds: BEGINNING + timedelta(seconds=seconds)
) | st.dates(date(1950, 1, 3), date(2100, 1, 1)).map(
    lambda day: datetime(day.year, day.month, day.day, tzinfo=VLADIVOSTOK).astimezone(UTC)
)
zones = st.sampled_from(
    [
        UTC,
        VLADIVOSTOK,
        ZoneInfo("Asia/Pyongyang"),
        ZoneInfo("America/New_York"),
        ZoneInfo("Asia/Kolkata"),
        timezone(timedelta(hours=14)),
        timezone(timedelta(hours=-12)),
    ]
)


@st.composite
def intervals(draw):
    ends = sorted((draw(instants), draw(instants)))
    return Interval(*(None if draw(st.integers(0, 3)) == 0 else end for end in ends))


def days_of(text):
    """First and last day that a text names; ``None`` for an open end."""
    first, _, last = text.partition("/")
    last = last or first
    return tuple(None if end == ".." else date.fromisoformat(end) for end in (first, last))


@pytest.mark.parametrize(
    ("earliest", "latest", "text"),
    [
        ("2023-09-12T05:15+10:00", "2023-09-12T06:00+10:00", "2023-09-12"),
        ("2023-09-12T00:00+10:00", "2023-09-13T00:00+10:00", "2023-09-12"),
        ("2023-09-11T23:59+10:00", "2023-09-13T00:00+10:00", "2023-09-11/2023-09-12"),
        ("2023-09-12T00:00+10:00", "2023-09-13T00:00:01+10:00", "2023-09-12/2023-09-13"),
        (None, "2023-09-12T12:00+10:00", "../2023-09-12"),
        (None, "2023-09-13T00:00+10:00", "../2023-09-12"),
        ("2023-09-12T12:00+10:00", None, "2023-09-12/.."),
        ("2023-09-13T00:00+10:00", None, "2023-09-13/.."),
        ("2023-09-13T00:00+10:00", "2023-09-13T00:00+10:00", "2023-09-13"),
        # 20:00 in Moscow is the next day there.
        ("2023-09-12T20:00+03:00", "2023-09-12T21:00+03:00", "2023-09-13"),
        (None, None, None),
    ],
)
def test_the_days_are_those_of_the_clock_of_the_place(earliest, latest, text):
    assert Interval.parse(earliest, latest).edtf(VLADIVOSTOK) == text


def test_one_interval_has_other_days_elsewhere():
    evening = Interval.parse("2023-09-12T16:00Z", "2023-09-12T18:00Z")
    assert evening.edtf(UTC) == "2023-09-12"
    assert evening.edtf(VLADIVOSTOK) == "2023-09-13"


@given(intervals(), zones)
def test_all_of_the_interval_lies_within_the_days(interval, zone):
    text = interval.edtf(zone)
    if interval == UNKNOWN:
        assert text is None
        return
    first, last = days_of(text)
    assert (first is None) == (interval.earliest is None)
    assert (last is None) == (interval.latest is None)
    if first is not None:
        assert first <= interval.earliest.astimezone(zone).date()
    if last is not None:
        end = datetime.combine(last + DAY, datetime.min.time(), zone)
        assert interval.latest <= end


@given(intervals(), zones)
def test_no_day_is_named_in_which_none_of_the_interval_lies(interval, zone):
    text = interval.edtf(zone)
    if text is None:
        return
    first, last = days_of(text)
    if first is not None:
        assert interval.earliest.astimezone(zone).date() >= first
    if last is not None:
        begins = datetime.combine(last, datetime.min.time(), zone)
        if interval.earliest == interval.latest:
            assert begins <= interval.latest
        else:
            assert begins < interval.latest.astimezone(zone)
    if first is not None and last is not None:
        assert first <= last


@given(intervals(), zones)
def test_it_is_level_1_and_another_reader_reads_the_same_days(interval, zone):
    text = interval.edtf(zone)
    if text is None:
        return
    day = r"\d{4}-\d\d-\d\d"
    assert re.fullmatch(rf"{day}|{day}/{day}|\.\./{day}|{day}/\.\.", text)
    read = parse_edtf(text)
    first, last = days_of(text)
    if first is not None:
        assert tuple(read.lower_strict())[:3] == (first.year, first.month, first.day)
    if last is not None:
        assert tuple(read.upper_strict())[:3] == (last.year, last.month, last.day)


@given(intervals(), intervals(), zones)
def test_what_lies_within_another_names_no_day_outside_of_its_days(one, other, zone):
    both = one.intersection(other)
    if both is None or both.edtf(zone) is None or one.edtf(zone) is None:
        return
    if both.earliest == both.latest:
        return  # one instant at midnight is of the day that begins
    (first, last), (outer_first, outer_last) = days_of(both.edtf(zone)), days_of(one.edtf(zone))
    assert outer_first is None or (first is not None and first >= outer_first)
    assert outer_last is None or (last is not None and last <= outer_last)
