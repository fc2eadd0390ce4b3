"""Distances along the railway against what railways publish."""

import tomllib
from pathlib import Path

import pytest

from app.errors import ImplausibleRouteError, RouteError
from app.geo.artifacts import RAILWAYS
from app.geo.network import Network
from app.geo.pathfinding import PathFinder
from app.journey.model import Mode, Position

TABLE = tomllib.loads((Path(__file__).parent / "reference_distances.toml").read_text())
PAIRS = {pair["name"]: pair for pair in TABLE["pair"]}
MISSES = {name for name, pair in PAIRS.items() if "miss" in pair}
TOLERANCE = TABLE["tolerance_percent"] / 100

PYONGYANG = Position(lon=125.7381, lat=39.0194)
TUMANGANG = Position(lon=130.6206, lat=42.4153)
KHASAN = Position(lon=130.6456, lat=42.4286)
USSURIYSK = Position(lon=131.952, lat=43.797)
KHABAROVSK = Position(lon=135.07, lat=48.48)
VLADIVOSTOK = Position(lon=131.8819, lat=43.1112)
MOSCOW = Position(lon=37.6574, lat=55.7765)

pytestmark = pytest.mark.reference


@pytest.fixture(scope="module")
def railways(reference_dir: Path) -> PathFinder:
    return PathFinder(Network.load(reference_dir / RAILWAYS), Mode.TRAIN)


@pytest.fixture(scope="module")
def unmended(reference_dir: Path) -> PathFinder:
    return PathFinder(Network.load(reference_dir / RAILWAYS, repair=False), Mode.TRAIN)


def agrees(finder: PathFinder, name: str) -> bool:
    pair = PAIRS[name]
    ends = [pair["origin"], *pair.get("via", []), pair["destination"]]
    try:
        route = finder.route([Position(**end) for end in ends], avoid=pair.get("avoid", ()))
    except RouteError:
        return False
    return abs(route.distance_km / pair["published_km"] - 1) <= TOLERANCE


@pytest.mark.parametrize("name", sorted(PAIRS.keys() - MISSES))
def test_a_distance_agrees_with_the_published_one(railways: PathFinder, name: str) -> None:
    assert agrees(railways, name)


@pytest.mark.parametrize("name", sorted(MISSES))
def test_a_known_miss_is_still_one(railways: PathFinder, name: str) -> None:
    # Once it agrees, the mark in the table has to go.
    assert not agrees(railways, name)


def test_the_table_covers_more_than_twenty_pairs_on_four_continents() -> None:
    agreeing = [pair for pair in PAIRS.values() if "miss" not in pair]
    assert len(agreeing) >= 20
    assert len({pair["continent"] for pair in agreeing}) >= 4


def test_without_the_repair_several_distances_are_lost(unmended: PathFinder) -> None:
    lost = [name for name in PAIRS.keys() - MISSES if not agrees(unmended, name)]
    assert len(lost) >= 5, lost


@pytest.mark.parametrize(
    ("origin", "destination", "shortest", "longest"),
    [
        (PYONGYANG, VLADIVOSTOK, 1120, 1240),
        (KHASAN, USSURIYSK, 245, 270),
        (USSURIYSK, KHABAROVSK, 640, 665),
        (Position(lon=2.3743, lat=48.8443), Position(lon=5.3806, lat=43.3027), 735, 765),
        (Position(lon=116.427, lat=39.902), Position(lon=121.456, lat=31.249), 1290, 1330),
        (TUMANGANG, KHASAN, 0.5, 10),
    ],
)
def test_a_distance_lies_where_it_was_asked_to(
    railways: PathFinder,
    origin: Position,
    destination: Position,
    shortest: float,
    longest: float,
) -> None:
    assert shortest <= railways.route([origin, destination]).distance_km <= longest


def test_the_coast_line_leads_from_korea_to_russia_and_not_through_china(
    railways: PathFinder,
) -> None:
    route = railways.route([PYONGYANG, VLADIVOSTOK])
    assert route.countries == ("KP", "RU")
    assert 680 < route.great_circle_km < 700
    assert min(abs(p.lon - KHASAN.lon) + abs(p.lat - KHASAN.lat) for p in route.geometry) < 0.05


def test_avoiding_a_country_keeps_the_way_out_of_it(railways: PathFinder) -> None:
    assert "CN" in railways.route([MOSCOW, VLADIVOSTOK]).countries
    assert railways.route([MOSCOW, VLADIVOSTOK], avoid=["CN"]).countries == ("RU",)


def test_a_missing_strait_crossing_is_refused_and_not_driven_round(railways: PathFinder) -> None:
    ends = [Position(lon=28.97, lat=41.0), Position(lon=32.85, lat=39.93)]
    with pytest.raises(ImplausibleRouteError, match="missing from the data"):
        railways.route(ends)
