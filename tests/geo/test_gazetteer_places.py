"""Places by id, by position and in a box."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.errors import InputError, UnknownPlaceError
from app.geo.gazetteer import Gazetteer
from app.journey.model import Position


@pytest.fixture(scope="module")
def gazetteer(reference_dir: Path) -> Gazetteer:
    return Gazetteer(reference_dir / "gazetteer.sqlite")


@pytest.mark.parametrize("place_id", ["pyongyang", "geonames:1871859", "1871859"])
def test_a_geonames_id_answers_with_the_place_laid_over_it(
    gazetteer: Gazetteer, place_id: str
) -> None:
    place = gazetteer.place(place_id)
    assert (place.id, place.country, place.time_zone) == ("pyongyang", "KP", "Asia/Pyongyang")
    assert (place.names["ko"], place.names["ru"]) == ("평양", "Пхеньян")
    assert place.origin == "GeoNames 1871859"


def test_russia_is_a_region_in_many_zones(gazetteer: Gazetteer) -> None:
    russia = gazetteer.place("russia")
    assert russia.is_regional
    assert "Asia/Vladivostok" in russia.other_time_zones
    assert gazetteer.place("2017370") == russia


def test_names_carry_a_language_only_where_it_is_known(gazetteer: Gazetteer) -> None:
    kyiv = gazetteer.place("geonames:703448")
    assert kyiv.names["uk"] == "Київ"
    assert kyiv.names["ru"] == "Киев"
    for village in gazetteer.reverse(Position(lon=25.5, lat=42.7), limit=50):  # Bulgaria
        assert "ru" not in village.names or village.names["ru"] != village.names.get("bg")


@pytest.mark.parametrize(
    "place_id",
    ["", "nowhere-at-all", "geonames:999999999999999999", "geonames:", "9" * 400, "\x00"],
)
def test_an_unknown_id_is_refused(gazetteer: Gazetteer, place_id: str) -> None:
    with pytest.raises(UnknownPlaceError):
        gazetteer.place(place_id)


def test_an_unknown_id_comes_with_suggestions(gazetteer: Gazetteer) -> None:
    with pytest.raises(UnknownPlaceError) as caught:
        gazetteer.place("khasan")
    assert "khasan-station" in caught.value.suggestions


def test_a_position_finds_the_nearest_places_first(gazetteer: Gazetteer) -> None:
    at_bridge = Position(lon=130.6415, lat=42.4155)
    assert [p.id for p in gazetteer.reverse(at_bridge, limit=3)] == [
        "tumen-rail-bridge",
        "khasan-station",
        "tumangang-station",
    ]
    assert gazetteer.reverse(Position(lon=-140.0, lat=-40.0)) == []


def test_nearness_reaches_over_the_antimeridian(gazetteer: Gazetteer) -> None:
    east = gazetteer.reverse(Position(lon=179.99, lat=-16.8), limit=50, within_km=120)
    west = gazetteer.reverse(Position(lon=-179.99, lat=-16.8), limit=50, within_km=120)
    assert east
    assert {p.id for p in east} & {p.id for p in west}


@pytest.mark.parametrize("lat", [90.0, -90.0])
def test_the_poles_are_positions_too(gazetteer: Gazetteer, lat: float) -> None:
    assert gazetteer.reverse(Position(lon=12.0, lat=lat), within_km=500) == []


def test_labels_are_the_most_populous_in_the_box(gazetteer: Gazetteer) -> None:
    labels = gazetteer.labels(125.0, 37.0, 136.0, 49.0, limit=20)
    populations = [label.population for label in labels]
    assert populations == sorted(populations, reverse=True)
    assert labels[0].place.id == "seoul"
    assert all(
        125 <= x.place.position.lon <= 136 and 37 <= x.place.position.lat <= 49 for x in labels
    )


def test_a_box_may_lie_over_the_antimeridian(gazetteer: Gazetteer) -> None:
    over = gazetteer.labels(170.0, -50.0, -170.0, -10.0, limit=200)
    lons = [label.place.position.lon for label in over]
    assert over[0].place.name == "Auckland"
    assert min(lons) < -170 < 170 < max(lons)
    assert over == gazetteer.labels(170.0, -50.0, 190.0, -10.0, limit=200)


def test_countries_are_no_labels(gazetteer: Gazetteer) -> None:
    world = gazetteer.labels(-180, -90, 180, 90, limit=300, min_population=1_000_000)
    assert len(world) == 300
    assert all(not x.place.is_regional and x.population >= 1_000_000 for x in world)


@pytest.mark.parametrize(
    "box", [(0, 10, 5, 5), (float("nan"), 0, 1, 1), (0, -91, 1, 0), (0, 0, 1e9, 1)]
)
def test_what_is_no_box_is_refused(
    gazetteer: Gazetteer, box: tuple[float, float, float, float]
) -> None:
    with pytest.raises(InputError, match="bbox"):
        gazetteer.labels(*box, limit=5)


def test_threads_share_one_gazetteer(gazetteer: Gazetteer) -> None:
    names = ["하산", "Vladivostock", "Paris", "평양"] * 8
    alone = [gazetteer.search(name) for name in names]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(gazetteer.search, names)) == alone
