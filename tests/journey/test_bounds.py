"""Arithmetic of numbers known only to lie between two ends: it never claims too much."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.journey.bounds import Bounds

VALUES = st.floats(0, 1e6, allow_nan=False)
ENDS = st.none() | VALUES


@st.composite
def bounds_with_member(draw: st.DrawFn) -> tuple[Bounds, float]:
    """Bounds of a quantity that is not negative, and a value within them."""
    lower, upper = draw(ENDS), draw(ENDS)
    if lower is not None and upper is not None and lower > upper:
        lower, upper = upper, lower
    value = draw(st.floats(lower or 0, 2e6 if upper is None else upper, allow_nan=False))
    return Bounds(lower, upper), value


def holds(bounds: Bounds, value: float) -> bool:
    # Rounding of one operation is allowed for; the bounds are not outward-rounded.
    slack = 1e-9 * abs(value)
    return (bounds.lower is None or bounds.lower <= value + slack) and (
        bounds.upper is None or value - slack <= bounds.upper
    )


def test_the_wrong_way_round_is_refused() -> None:
    with pytest.raises(ValueError, match="above upper"):
        Bounds(2, 1)


def test_a_speed_is_the_slowest_and_the_fastest_that_the_reports_allow() -> None:
    assert Bounds(240, 270) / Bounds(3, 9) == Bounds(240 / 9, 90)


def test_a_duration_that_may_be_nothing_leaves_the_speed_open_above() -> None:
    assert Bounds(240, 270) / Bounds(0, 3) == Bounds(80, None)
    assert Bounds(240, 270) / Bounds(None, 3) == Bounds(80, None)


def test_a_duration_without_end_leaves_only_more_than_nothing() -> None:
    assert Bounds(240, 270) / Bounds(3, None) == Bounds(0, 90)


def test_no_time_at_all_leaves_nothing_known() -> None:
    assert Bounds(240, 270) / Bounds(0, 0) == Bounds(None, None)


@given(bounds_with_member(), bounds_with_member())
def test_a_sum_holds_the_sum_of_its_members(
    a: tuple[Bounds, float], b: tuple[Bounds, float]
) -> None:
    assert holds(a[0] + b[0], a[1] + b[1])


@given(bounds_with_member(), bounds_with_member())
def test_a_quotient_holds_every_quotient_of_its_members(
    a: tuple[Bounds, float], b: tuple[Bounds, float]
) -> None:
    assume(b[1] > 1e-6)
    assert holds(a[0] / b[0], a[1] / b[1])


@given(bounds_with_member(), bounds_with_member())
def test_a_sum_does_not_mind_the_order(a: tuple[Bounds, float], b: tuple[Bounds, float]) -> None:
    assert a[0] + b[0] == b[0] + a[0]


@given(VALUES, st.floats(1e-3, 1e6))
def test_known_values_divide_as_numbers_do(distance: float, hours: float) -> None:
    quotient = Bounds.exactly(distance) / Bounds.exactly(hours)
    assert quotient == Bounds.exactly(distance / hours)
