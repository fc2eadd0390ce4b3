"""The algebra of intervals whose ends may be unknown."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.journey.interval import UNKNOWN, Interval

# A narrow range, so that equal ends, touching and nested intervals are common.
INSTANTS = st.integers(0, 12).map(lambda hour: datetime(2023, 9, 12, hour, tzinfo=UTC))
ENDS = st.none() | INSTANTS


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    a, b = draw(ENDS), draw(ENDS)
    return Interval(b, a) if a is not None and b is not None and a > b else Interval(a, b)


def test_the_wrong_way_round_is_refused() -> None:
    with pytest.raises(ValueError, match="is after"):
        Interval.parse("2023-09-12T10:00Z", "2023-09-12T09:00Z")


def test_a_clock_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no UTC offset"):
        Interval.parse("2023-09-12T10:00", None)


def test_instants_are_kept_in_utc() -> None:
    tokyo = datetime(2023, 9, 12, 5, 15, tzinfo=timezone(timedelta(hours=9)))
    interval = Interval.at(tokyo)
    assert interval == Interval.parse("2023-09-11T20:15Z", "2023-09-11T20:15Z")
    assert interval.earliest is not None
    assert interval.earliest.tzinfo is UTC
    assert interval.duration == timedelta(0)


def test_open_ends_are_empty_texts_or_none() -> None:
    assert Interval.parse("", None) == UNKNOWN
    assert UNKNOWN.is_open
    assert UNKNOWN.duration is None
    assert not Interval.parse(None, "2023-09-12T10:00Z").is_open


def test_meeting_is_before_but_two_equal_instants_are_not_ordered() -> None:
    at_nine = Interval.parse("2023-09-12T09:00Z", "2023-09-12T09:00Z")
    morning = Interval.parse("2023-09-12T05:00Z", "2023-09-12T09:00Z")
    assert morning.is_before(at_nine)
    assert not at_nine.is_before(morning)
    assert not at_nine.is_before(at_nine)


@given(intervals(), intervals())
def test_the_intersection_does_not_mind_the_order(a: Interval, b: Interval) -> None:
    assert a.intersection(b) == b.intersection(a)
    assert a.overlaps(b) == b.overlaps(a)


@given(intervals(), intervals(), intervals())
def test_intersections_may_be_taken_in_any_grouping(a: Interval, b: Interval, c: Interval) -> None:
    left, right = a.intersection(b), b.intersection(c)
    assert (left and left.intersection(c)) == (right and a.intersection(right))


@given(intervals(), intervals(), INSTANTS)
def test_an_instant_of_both_is_one_of_the_intersection(
    a: Interval, b: Interval, instant: datetime
) -> None:
    both = a.intersection(b)
    assert (a.contains(instant) and b.contains(instant)) == (
        both is not None and both.contains(instant)
    )


@given(intervals(), intervals(), INSTANTS)
def test_the_hull_contains_each_and_does_not_mind_the_order(
    a: Interval, b: Interval, instant: datetime
) -> None:
    hull = a.hull(b)
    assert hull == b.hull(a)
    assert hull.intersection(a) == a
    assert hull.contains(instant) or not (a.contains(instant) or b.contains(instant))


@given(intervals())
def test_an_interval_is_its_own_hull_and_intersection(a: Interval) -> None:
    assert a.hull(a) == a
    assert a.intersection(a) == a
    assert a.intersection(UNKNOWN) == a
    assert a.hull(UNKNOWN) == UNKNOWN


@given(intervals(), intervals())
def test_two_intervals_are_never_before_each_other(a: Interval, b: Interval) -> None:
    assert not (a.is_before(b) and b.is_before(a))


@given(intervals())
def test_nothing_is_before_itself(a: Interval) -> None:
    assert not a.is_before(a)


def test_before_carries_over_and_orders_the_instants_within() -> None:
    # Every triple of intervals over a few instants: each way to touch, nest and stay open.
    hours = [datetime(2023, 9, 12, hour, tzinfo=UTC) for hour in range(4)]
    ends = [None, *hours]
    every = [Interval(a, b) for a in ends for b in ends if a is None or b is None or a <= b]
    pairs = [(a, b) for a in every for b in every if a.is_before(b)]
    assert len(pairs) > 40
    for a, b in pairs:
        assert all(x <= y for x in hours for y in hours if a.contains(x) and b.contains(y))
        assert all(a.is_before(c) for c in every if b.is_before(c))


@given(intervals(), INSTANTS)
def test_a_cap_takes_away_what_is_later_and_nothing_else(a: Interval, cap: datetime) -> None:
    capped = a.no_later_than(cap)
    if capped is None:
        assert a.earliest is not None
        assert a.earliest > cap
    else:
        assert capped.earliest == a.earliest
        assert capped.latest is not None
        assert capped.latest <= cap


@given(intervals(), INSTANTS, st.integers(0, 5), st.integers(0, 5))
def test_what_starts_within_ends_within_the_shifted_interval(
    a: Interval, start: datetime, shortest: int, longer: int
) -> None:
    assume(a.contains(start))
    least, most = timedelta(hours=shortest), timedelta(hours=shortest + longer)
    shifted = a.shifted(least, most)
    assert shifted.contains(start + least)
    assert shifted.contains(start + most)
