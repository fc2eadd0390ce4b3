"""The ground of a static map: what is too short or not in sight is left out, the rest is whole."""

import numpy as np

from app.pictures.boxes import Box
from app.pictures.extent import Extent
from app.pictures.map_ground import BEYOND, SHORTEST_RAILWAY, ground_paths
from app.pictures.projection import Projection
from tests.pictures.map_reading import path_points

FRAME = Box(0.0, 0.0, 400.0, 400.0)
HERE = Projection.fitting(Extent(west=0.0, south=-5.0, east=10.0, north=5.0), FRAME, 0.0)


def lines(*several):
    return {
        "features": [
            {
                "properties": {},
                "geometry": {"type": "MultiLineString", "coordinates": list(several)},
            }
        ]
    }


def east(pixels, lon=5.0, lat=0.0):
    """A line due east so many pixels long."""
    return [[lon, lat], [lon + pixels / HERE.scale, lat]]


def railways(*several):
    return ground_paths({"railways": lines(*several)}, HERE, "en").railways


def test_pieces_of_railway_that_would_look_like_dirt_are_left_out():
    assert railways(east(SHORTEST_RAILWAY * 0.9), [[5.0, 1.0]], []) == ""
    drawn = railways(east(SHORTEST_RAILWAY * 0.9, lat=1.0), east(SHORTEST_RAILWAY * 1.1))
    assert drawn.count("M") == 1
    assert np.ptp(path_points(drawn)[:, 0]) >= SHORTEST_RAILWAY


def test_a_short_border_is_drawn():
    drawn = ground_paths({"borders": lines(east(2.0))}, HERE, "en").borders
    assert np.ptp(path_points(drawn)[:, 0]) == 2.0


def test_lines_are_cut_a_little_beyond_the_frame_and_stay_in_their_order():
    across, inside, outside = east(800.0, lon=-5.0), east(50.0, lat=2.0), east(50.0, lat=20.0)
    drawn = railways(across, outside, inside, across[::-1])
    assert drawn.count("M") == 3
    x, y = path_points(drawn).T
    assert (x.min(), x.max()) == (FRAME.left - BEYOND, FRAME.right + BEYOND)
    assert y[0] == y[-1] != y[np.argmax(y != y[0])]


def test_a_line_that_leaves_the_frame_and_comes_back_is_two():
    bow = [[2.0, 0.0], [2.0, 8.0], [8.0, 8.0], [8.0, 0.0]]
    assert railways(bow).count("M") == 2


def test_ground_of_nothing_is_empty():
    found = ground_paths({}, HERE, "en")
    assert {found.land, found.lakes, found.borders, found.disputed, found.railways} == {""}
    assert found.countries == found.cities == ()
