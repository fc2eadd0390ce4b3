"""Labels in a column: laws of the one algorithm that places them."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from app.pictures.stacked_labels import Wish, stacked

TOP, BOTTOM = 10.0, 310.0
heights = st.floats(1, 40)
wishes = st.lists(
    st.builds(Wish, y=st.floats(-50, 400), height=heights, importance=st.integers(0, 5)),
    max_size=30,
)
laws = settings(max_examples=200, deadline=None, derandomize=True)


def edges(wishes, middles):
    """Top and bottom of every label that is shown, in the order of what they wished."""
    shown = sorted(
        (wish.y, n, middle - wish.height / 2, middle + wish.height / 2)
        for n, (wish, middle) in enumerate(zip(wishes, middles, strict=True))
        if middle is not None
    )
    return [(top, bottom) for _, _, top, bottom in shown]


@laws
@given(wishes)
def test_none_lies_over_another_or_outside(wishes):
    placed = edges(wishes, stacked(wishes, TOP, BOTTOM))
    assert all(a[1] <= b[0] + 1e-6 for a, b in pairwise(placed))
    assert all(top >= TOP - 1e-6 and bottom <= BOTTOM + 1e-6 for top, bottom in placed)


@laws
@given(wishes)
def test_what_is_left_out_matters_no_more_than_what_is_shown(wishes):
    middles = stacked(wishes, TOP, BOTTOM)
    shown = [w.importance for w, m in zip(wishes, middles, strict=True) if m is not None]
    left_out = [w.importance for w, m in zip(wishes, middles, strict=True) if m is None]
    assert max(left_out, default=0) <= min(shown, default=5)
    if left_out:
        assert sum(w.height for w in wishes) > BOTTOM - TOP


@laws
@given(st.lists(heights, min_size=1, max_size=7))
def test_where_there_is_room_each_stands_where_it_belongs(sizes):
    y, asked = TOP, []
    for height in sizes:
        y += height / 2 + 1
        asked.append(Wish(y, height, 1))
        y += height / 2
    for wish, middle in zip(asked, stacked(asked, TOP, BOTTOM + 100), strict=True):
        assert abs(middle - wish.y) < 1e-6


@laws
@given(wishes)
def test_moving_apart_is_by_as_little_as_possible(wishes):
    """No label could stand nearer to its wish while the others stay."""
    middles = stacked(wishes, -1e6, 1e6)
    order = sorted(range(len(wishes)), key=lambda n: (wishes[n].y, n))
    for before, n, after in zip([None, *order], order, [*order[1:], None], strict=False):
        free_above = before is None or (
            middles[n] - middles[before] > (wishes[n].height + wishes[before].height) / 2 + 1e-3
        )
        free_below = after is None or (
            middles[after] - middles[n] > (wishes[n].height + wishes[after].height) / 2 + 1e-3
        )
        if free_above and free_below:
            assert abs(middles[n] - wishes[n].y) < 1e-3
