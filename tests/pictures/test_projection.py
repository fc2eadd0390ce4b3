"""From degrees to pixels and to path data: many lines at once come out as each would alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.journey.model import Position
from app.pictures.boxes import Box
from app.pictures.extent import Extent
from app.pictures.projection import (
    Projection,
    owners_of,
    path_data,
    path_data_of,
    path_data_of_each,
)
from tests.pictures.map_reading import path_points

FRAME = Box(10.0, 20.0, 810.0, 620.0)
ASIA = Projection.fitting(Extent(west=100.0, south=20.0, east=190.0, north=60.0), FRAME, 10.0)

positions = st.builds(Position, st.floats(-180, 180), st.floats(-85, 85))
ways = st.lists(st.lists(positions, min_size=1, max_size=6), max_size=6)
pixels = st.tuples(st.floats(-50, 1300), st.floats(-50, 700))
drawn_lines = st.lists(st.lists(pixels, min_size=2, max_size=6).map(np.array), max_size=6)


@given(ways)
def test_lines_lie_where_each_would_alone(lines):
    together = ASIA.lines(lines)
    alone = [ASIA.lines([line]) for line in lines]
    assert together == pytest.approx(np.concatenate([np.empty((0, 2)), *alone]))


@given(st.lists(positions, min_size=2, max_size=6))
def test_a_line_goes_the_shorter_way_round(line):
    x = ASIA.lines([line])[:, 0]
    assert (np.abs(np.diff(x)) <= 180.0 * ASIA.scale + 1e-6).all()


def test_a_line_over_the_antimeridian_is_unbroken_and_in_the_frame():
    x, y = ASIA.lines([[Position(178.0, 50.0), Position(-176.0, 50.0)]]).T
    assert x[1] - x[0] == pytest.approx(6.0 * ASIA.scale)
    assert FRAME.left < x.min() < x.max() < FRAME.right
    assert y[0] == y[1]


@given(st.lists(positions, max_size=6))
def test_single_positions_are_lines_of_one(several):
    assert ASIA.points(several).tolist() == ASIA.lines([[p] for p in several]).tolist()


@given(drawn_lines, st.booleans())
def test_path_data_of_all_is_that_of_each(lines, closed):
    each = [path_data([line], closed=closed) for line in lines]
    assert path_data_of_each(lines, closed=closed) == each
    assert path_data(lines, closed=closed) == "".join(each)
    if lines:
        points = np.concatenate(lines)
        assert path_data_of(points, owners_of(lines), closed=closed) == "".join(each)


@given(drawn_lines)
def test_path_data_begins_and_ends_where_the_line_does(lines):
    for line, data in zip(lines, path_data_of_each(lines), strict=True):
        if data:
            found = path_points(data)
            assert found[[0, -1]] == pytest.approx(line[[0, -1]], abs=0.051)


def test_a_line_without_length_is_not_drawn():
    spot, line = np.array([[5.0, 5.0], [5.01, 5.0]]), np.array([[0.0, 0.0], [3.0, 0.0]])
    assert path_data_of_each([spot, line, spot], closed=True) == ["", "M0 0l3 0z", ""]
    assert path_data([spot, line, spot], closed=True) == "M0 0l3 0z"
    assert path_data([]) == ""
