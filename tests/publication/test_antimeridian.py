"""Lines over ±180° are cut as RFC 7946 wants it, and all others stay as they are."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.publication.antimeridian import cut_line


def parts(line):
    if line["type"] == "LineString":
        return [line["coordinates"]]
    return line["coordinates"]


def test_a_line_that_stays_on_one_side_is_left_alone():
    line = [[130.1, 42.4], [131.9, 43.1]]
    assert cut_line(line) == {"type": "LineString", "coordinates": line}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ([[179, 10], [181, 20]], [[[179, 10], [180, 15]], [[-180, 15], [-179, 20]]]),
        ([[-179, 20], [-181, 10]], [[[-179, 20], [-180, 15]], [[180, 15], [179, 10]]]),
        (
            [[179, 0], [181, 0], [179, 0]],
            [[[179, 0], [180, 0]], [[-180, 0], [-179, 0], [-180, 0]], [[180, 0], [179, 0]]],
        ),
    ],
)
def test_a_line_that_crosses_is_cut_where_it_does(line, expected):
    assert cut_line(line) == {"type": "MultiLineString", "coordinates": expected}


def test_a_point_drawn_twice_stays_a_line():
    assert cut_line([[1, 2], [1, 2]]) == {"type": "LineString", "coordinates": [[1, 2], [1, 2]]}


def test_a_line_that_ends_on_the_antimeridian_has_no_empty_part():
    assert cut_line([[179, 0], [180, 0]])["type"] == "LineString"


@given(
    st.floats(-180, 180),
    st.lists(st.tuples(st.floats(-170, 170), st.floats(-80, 80)), min_size=1, max_size=8),
)
def test_every_part_is_a_line_within_the_map_and_goes_on_where_the_last_ended(lon, steps):
    line = [[round(lon, 5), 0.0]]
    for by, lat in steps:
        line.append([round(line[-1][0] + by, 5), round(lat, 5)])
    found = parts(cut_line(line))
    for part in found:
        assert len(part) >= 2
        assert all(-180 <= x <= 180 for x, _ in part)
        assert all(abs(a[0] - b[0]) <= 180 for a, b in itertools.pairwise(part))
    for before, after in itertools.pairwise(found):
        assert before[-1][1] == after[0][1]
        assert before[-1][0] == -after[0][0]
