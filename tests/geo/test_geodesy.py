"""Distances and lines on the earth."""

import math

import numpy as np
import pytest
from geopy.distance import geodesic
from hypothesis import given
from hypothesis import strategies as st

from app.errors import InputError
from app.geo.geodesy import continuous, geodesic_km, great_circle_km, great_circle_line
from app.journey.model import Position

positions = st.builds(Position, lon=st.floats(-180, 180), lat=st.floats(-90, 90))


@given(a=positions, b=positions)
def test_it_is_the_distance_that_geopy_gives_and_the_same_both_ways(
    a: Position, b: Position
) -> None:
    km = great_circle_km(a, b)
    assert km == pytest.approx(geodesic((a.lat, a.lon), (b.lat, b.lon)).km, abs=1e-6)
    assert km == pytest.approx(great_circle_km(b, a), abs=1e-6)


@pytest.mark.parametrize(
    "position",
    [
        Position(math.nan, 0),
        Position(0, math.nan),
        Position(math.inf, 0),
        Position(0, 90.1),
        Position(-180.1, 0),
    ],
)
def test_what_is_no_position_is_refused(position: Position) -> None:
    with pytest.raises(InputError):
        great_circle_km(position, Position(0, 0))


def test_all_longitudes_meet_at_a_pole() -> None:
    assert great_circle_km(Position(0, 90), Position(137, 90)) == pytest.approx(0, abs=1e-6)


def test_the_antimeridian_is_one_line() -> None:
    assert great_circle_km(Position(180, 10), Position(-180, 10)) == pytest.approx(0, abs=1e-6)


@given(
    lon=st.floats(-180, 180),
    lat=st.floats(-80, 80),
    east=st.floats(-0.3, 0.3),
    north=st.floats(-0.3, 0.3),
)
def test_the_bulk_formula_agrees_on_short_arcs(
    lon: float, lat: float, east: float, north: float
) -> None:
    other = Position(lon=(lon + east + 180) % 360 - 180, lat=lat + north)
    (bulk,) = geodesic_km(
        np.array([lon]), np.array([lat]), np.array([other.lon]), np.array([other.lat])
    )
    assert bulk == pytest.approx(great_circle_km(Position(lon, lat), other), rel=2e-4, abs=1e-6)


@given(a=positions, b=positions)
def test_a_line_runs_from_end_to_end_in_short_steps(a: Position, b: Position) -> None:
    line = great_circle_line(a, b, step_km=500)
    assert line[0] == a
    assert line[-1].lat == b.lat
    assert abs((line[-1].lon - b.lon) % 360) in (0, 360) or math.isclose(
        math.cos(math.radians(line[-1].lon - b.lon)), 1
    )


def test_longitudes_run_on_over_the_date_line() -> None:
    assert continuous([Position(179, 0), Position(-179, 0)])[1].lon == 181
