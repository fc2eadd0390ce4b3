"""What every way must obey, on the real network."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import InputError, NoRouteError, OffNetworkError, RouteError
from app.geo.artifacts import HIGHWAYS, RAILWAYS
from app.geo.geodesy import great_circle_km
from app.geo.routing import Router
from app.journey.model import Mode, Position

PYONGYANG = Position(lon=125.7381, lat=39.0194)
USSURIYSK = Position(lon=131.952, lat=43.797)
VLADIVOSTOK = Position(lon=131.8819, lat=43.1112)
COSMODROME = Position(lon=128.334, lat=51.884)

pytestmark = pytest.mark.reference


@pytest.fixture(scope="module")
def router(reference_dir: Path) -> Router:
    return Router({Mode.TRAIN: reference_dir / RAILWAYS, Mode.CAR: reference_dir / HIGHWAYS})


@pytest.fixture(scope="module")
def nodes(router: Router) -> list[Position]:
    network = router.finder(Mode.TRAIN).network
    picked = np.random.default_rng(1964).choice(len(network), size=400, replace=False)
    return [Position(float(network.lon[i]), float(network.lat[i])) for i in picked]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_way_is_never_shorter_than_the_great_circle_less_the_snaps(
    router: Router, nodes: list[Position], data: st.DataObject
) -> None:
    a, b = data.draw(st.sampled_from(nodes)), data.draw(st.sampled_from(nodes))
    try:
        route = router.route(a, b, allow_detour=True)
    except RouteError:
        return
    assert route.distance_km >= great_circle_km(a, b) - sum(route.snap_km) - 0.01
    assert route.distance_bounds_km.lower <= route.distance_km <= route.distance_bounds_km.upper
    back = router.route(b, a, allow_detour=True)
    assert back.distance_km == pytest.approx(route.distance_km, abs=1e-6)


@settings(max_examples=100, deadline=None)
@given(
    lon=st.floats(-180, 180),
    lat=st.floats(-90, 90),
)
def test_any_position_gives_a_way_or_an_error_of_ours(
    router: Router, lon: float, lat: float
) -> None:
    try:
        route = router.route(Position(lon, lat), VLADIVOSTOK)
    except RouteError:
        return
    straight = great_circle_km(Position(lon, lat), VLADIVOSTOK)
    assert route.distance_km >= straight - sum(route.snap_km) - 0.01


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_stop_on_the_way_never_makes_it_shorter(
    router: Router, nodes: list[Position], data: st.DataObject
) -> None:
    a, b, c = (data.draw(st.sampled_from(nodes)) for _ in range(3))
    try:
        direct = router.route(a, c, allow_detour=True)
        through = router.route(a, c, via=[b], allow_detour=True)
    except RouteError:
        return
    assert direct.distance_km <= through.distance_km + sum(direct.snap_km) * 8 + 1e-6


def test_the_length_alone_is_that_of_the_way(router: Router) -> None:
    route = router.route(PYONGYANG, VLADIVOSTOK)
    assert router.distance_km(PYONGYANG, VLADIVOSTOK) == pytest.approx(route.distance_km)


def test_a_place_some_way_off_the_line_is_reached(router: Router) -> None:
    route = router.route(USSURIYSK, COSMODROME)
    assert 10 < route.snap_km[1] < 30


def test_a_place_in_the_ocean_is_refused_with_its_distance(router: Router) -> None:
    with pytest.raises(OffNetworkError, match=r"the origin is .* km"):
        router.route(Position(lon=-30, lat=0), VLADIVOSTOK)


def test_two_continents_without_a_line_between_them_are_refused(router: Router) -> None:
    with pytest.raises(NoRouteError):
        router.route(Position(lon=-0.1, lat=51.5), Position(lon=-74, lat=40.7))


def test_a_place_in_an_avoided_country_is_an_input_error(router: Router) -> None:
    with pytest.raises(InputError, match="KP") as caught:
        router.route(PYONGYANG, VLADIVOSTOK, avoid=["kp"])
    assert caught.value.field == "avoid"


def test_an_unknown_country_to_avoid_is_an_input_error(router: Router) -> None:
    with pytest.raises(InputError, match="CHINA"):
        router.distance_km(PYONGYANG, VLADIVOSTOK, avoid=["China"])


def test_both_ends_on_one_edge_are_joined_along_it(router: Router) -> None:
    route = router.route(Position(lon=125.5, lat=-30.78), Position(lon=126.5, lat=-30.8))
    straight = great_circle_km(Position(lon=125.5, lat=-30.78), Position(lon=126.5, lat=-30.8))
    assert len(route.geometry) == 2
    assert straight * 0.97 < route.distance_km < straight * 1.05


def test_many_threads_get_the_same_answer(router: Router) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: router.distance_km(PYONGYANG, VLADIVOSTOK), range(8)))
    assert len(set(found)) == 1


def test_cars_take_the_roads(router: Router) -> None:
    route = router.route(USSURIYSK, VLADIVOSTOK, mode=Mode.CAR)
    assert route.great_circle_km <= route.distance_km < 150


def test_planes_fly_the_great_circle_across_the_date_line(router: Router) -> None:
    tokyo, seattle = Position(lon=139.8, lat=35.5), Position(lon=-122.3, lat=47.4)
    flight = router.route(tokyo, seattle, mode=Mode.PLANE)
    assert flight.distance_km == flight.great_circle_km
    steps = [b.lon - a.lon for a, b in zip(flight.geometry, flight.geometry[1:], strict=False)]
    assert max(map(abs, steps)) < 20


def test_ships_are_refused_by_name(router: Router) -> None:
    with pytest.raises(RouteError, match="sea lanes"):
        router.route(USSURIYSK, VLADIVOSTOK, mode=Mode.SHIP)
