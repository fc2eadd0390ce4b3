"""What is packed for browsers comes out again as it was, to a part of a degree."""

from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from app.publication.packed import pack

LON_LAT = st.tuples(st.floats(-180, 540), st.floats(-90, 90)).map(list)


def unpacked(numbers, scale):
    lons, lats = accumulate(numbers[0::2]), accumulate(numbers[1::2])
    return [[lon / scale, lat / scale] for lon, lat in zip(lons, lats, strict=True)]


@given(st.lists(LON_LAT, min_size=2, max_size=30), st.integers(1, 10_000))
def test_a_line_goes_through_the_same_points(line, scale):
    numbers = pack(line, scale)
    assert all(type(number) is int for number in numbers)
    found = unpacked(numbers, scale)
    assert len(found) >= 2
    near = 0.5 / scale + 1e-9
    for lon, lat in line:
        assert any(abs(lon - x) <= near and abs(lat - y) <= near for x, y in found)


@given(st.lists(LON_LAT, min_size=3, max_size=9), st.integers(1, 100))
def test_a_ring_stays_one(points, scale):
    found = unpacked(pack([*points, points[0]], scale), scale)
    assert found[0] == found[-1]
    assert len(found) >= 4


def test_the_nesting_stays():
    square = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0]]
    assert pack([[square], [square]], 1) == [[[0, 0, 1, 0, 0, 1, -1, -1]]] * 2


@given(st.lists(st.lists(LON_LAT, min_size=2, max_size=9), min_size=1, max_size=9))
def test_a_line_begins_where_the_one_before_it_ended(lines):
    packed = pack(lines, 100)
    assert [len(numbers) >= 4 for numbers in packed] == [True] * len(lines)
    # One after the other, they are one line.
    found = unpacked([number for numbers in packed for number in numbers], 100)
    ends = list(accumulate(len(numbers) // 2 for numbers in packed))
    for line, end in zip(lines, ends, strict=True):
        for told, given_ in zip(found[end - 1], line[-1], strict=True):
            assert abs(told - given_) <= 0.005 + 1e-9
