"""The time axis: round hours in any clock, over any span."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.pictures.time_axis import TimeSpan

ZONES = ["UTC", "Asia/Pyongyang", "Asia/Kathmandu", "America/New_York", "Pacific/Chatham"]
SOME_DAY = datetime(2023, 9, 12, tzinfo=UTC)
FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
instants = st.integers(-500_000, 500_000).map(lambda hours: SOME_DAY + timedelta(hours=hours))
hours = st.floats(0, 24 * 400)
laws = settings(max_examples=150, deadline=None, derandomize=True)


@laws
@given(instants, hours, st.sampled_from(ZONES), st.integers(2, 14))
def test_ticks_are_round_lie_inside_and_are_few(start, length, zone, most):
    span = TimeSpan.around([start, start + timedelta(hours=length)], start)
    ticks = list(span.ticks(zone, most))
    assert len(ticks) <= most + 2
    assert all(span.start <= t.at <= span.end for t in ticks)
    assert all((t.at.minute, t.at.second) == (0, 0) for t in ticks)
    assert all(t.is_day == (t.at.hour == 0) for t in ticks)
    shown = [t.at.astimezone(UTC) for t in ticks]
    assert shown == sorted(shown)


@laws
@given(st.lists(instants, min_size=1, max_size=6))
def test_all_instants_lie_inside_with_a_margin(known):
    span = TimeSpan.around(known, known[0])
    assert all(0 < span.share(at) < 1 for at in known)
    assert span.hours >= 6


def test_without_instants_it_is_some_hours_around_another():
    span = TimeSpan.around([], SOME_DAY)
    assert span.share(SOME_DAY) == 0.5
    assert span.hours == 6


@pytest.mark.parametrize(
    "known",
    [(FIRST, FIRST + timedelta(40)), (LAST - timedelta(40), LAST), (FIRST, FIRST), (FIRST, LAST)],
)
def test_at_the_ends_of_the_calendar_it_still_is_a_span(known):
    span = TimeSpan.around(known, SOME_DAY)
    assert span.start < span.end
    assert all(span.start <= tick.at <= span.end for tick in span.ticks("UTC", 8))


def test_a_day_of_summer_time_change_has_its_midnights():
    new_york = ZoneInfo("America/New_York")
    span = TimeSpan.around(
        [datetime(2023, 11, 4, tzinfo=new_york), datetime(2023, 11, 7, tzinfo=new_york)],
        datetime(2023, 11, 5, tzinfo=UTC),
    )
    days = [t.text for t in span.ticks("America/New_York", 5)]
    assert days == ["4 Nov", "5 Nov", "6 Nov", "7 Nov"]
