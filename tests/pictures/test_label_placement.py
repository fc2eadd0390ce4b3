"""The placement of labels, as laws over boxes: nothing covers anything, the important go first."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.pictures.boxes import Box
from app.pictures.label_placement import Board, Option, Wish, place

FRAME = Box(0.0, 0.0, 300.0, 200.0)
CLEARANCE = 3.0

along = st.floats(-40, 340, allow_nan=False)
boxes = st.builds(
    Box.around,
    along,
    st.floats(-40, 240, allow_nan=False),
    st.floats(2, 90),
    st.floats(2, 40),
)
routes = st.lists(st.tuples(along, st.floats(-40, 240)), max_size=30).map(
    lambda points: np.array(points, dtype=float).reshape(-1, 2)
)
wishes = st.lists(st.tuples(st.integers(0, 5), st.lists(boxes, max_size=6)), max_size=12)


def as_wishes(drawn):
    return [
        Wish(importance, [Option(box, (box,)) for box in options]) for importance, options in drawn
    ]


@given(wishes, routes, st.lists(boxes, max_size=4))
def test_no_label_covers_another_or_what_was_taken_and_none_is_cut(drawn, route, taken):
    board = Board(FRAME, route, CLEARANCE)
    for box in taken:
        board.take(box)
    chosen = [box for box in place(as_wishes(drawn), board) if box is not None]
    assert not [pair for pair in combinations(chosen, 2) if pair[0].overlaps(pair[1])]
    assert not [box for box in chosen if any(box.overlaps(other) for other in taken)]
    assert all(FRAME.holds(box) for box in chosen)


@given(wishes, routes)
def test_no_label_comes_nearer_to_the_route_than_its_clearance(drawn, route):
    chosen = [box for box in place(as_wishes(drawn), Board(FRAME, route, CLEARANCE)) if box]
    for box in chosen:
        near = box.grown(CLEARANCE)
        assert not [
            (x, y)
            for x, y in route.tolist()
            if near.left < x < near.right
            and near.top < y < near.bottom
            and 0 <= x < FRAME.right
            and 0 <= y < FRAME.bottom
        ]


@given(wishes, routes)
def test_what_is_left_out_fits_nowhere(drawn, route):
    listed = as_wishes(drawn)
    board = Board(FRAME, route, CLEARANCE)
    chosen = place(listed, board)
    for wish, choice in zip(listed, chosen, strict=True):
        if choice is None:
            assert not any(board.fits(option) for option in wish.options)


@given(wishes, routes)
def test_the_most_important_takes_the_best_that_fits_an_empty_board(drawn, route):
    listed = as_wishes(drawn)
    if not listed:
        return
    first = max(range(len(listed)), key=lambda n: (listed[n].importance, -n))
    empty = Board(FRAME, route, CLEARANCE)
    best = next((o.choice for o in listed[first].options if empty.fits(o)), None)
    assert place(listed, Board(FRAME, route, CLEARANCE))[first] == best


@given(wishes, routes)
def test_the_same_wishes_are_granted_the_same_way(drawn, route):
    assert place(as_wishes(drawn), Board(FRAME, route)) == place(
        as_wishes(drawn), Board(FRAME, route)
    )


@given(boxes)
def test_an_empty_board_takes_whatever_lies_inside(box):
    free = Board(FRAME, np.empty((0, 2))).fits(Option(None, (box,)))
    assert free == FRAME.holds(box)


def test_a_marker_may_lie_on_the_route_and_on_its_own_dot_but_a_label_may_not():
    spot = Box.around(100, 100, 20, 20)
    board = Board(FRAME, np.array([[100.0, 100.0]]))
    board.take(Box.around(100, 100, 6, 6), owner=7)
    assert board.fits(Option(None, marks=(spot,), owner=7))
    assert not board.fits(Option(None, marks=(spot,), owner=8))
    assert not board.fits(Option(None, labels=(spot,), owner=7))


def test_options_are_made_only_until_one_fits():
    def options():
        yield Option("first", (Box(10, 10, 20, 20),))
        pytest.fail("a second option was asked for")

    assert place([Wish(1.0, options())], Board(FRAME, np.empty((0, 2)))) == ["first"]


@given(st.lists(boxes, max_size=12), routes)
def test_many_boxes_at_once_are_told_as_one_by_one(asked, route):
    board = Board(FRAME, route, CLEARANCE)
    off = board.off_route(np.array(asked).reshape(-1, 4))
    assert off == [n for n, box in enumerate(asked) if board.is_open(box)]


@given(boxes, boxes)
def test_what_is_tried_on_a_copy_leaves_the_board_as_it_was(before, after):
    board = Board(FRAME, np.empty((0, 2)))
    board.take(before)
    was_free = board.is_free(after)
    copy = board.copied()
    assert copy.is_free(after) == was_free
    copy.take(after)
    assert board.is_free(after) == was_free
    assert not copy.is_free(after)
