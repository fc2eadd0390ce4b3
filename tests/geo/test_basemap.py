"""The offline base map: what a clip of the world holds, and the laws every clip obeys."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from shapely.geometry import mapping, shape

from app.errors import InputError, MissingReferenceError
from app.geo.basemap import DECIMALS, LANGUAGES, BaseMap, Detail

pytestmark = pytest.mark.reference

LAYERS = {"land", "borders", "lakes", "countries"}
WORLD = {"west": -180.0, "south": -90.0, "east": 180.0, "north": 90.0}
KOREA = {"west": 124.0, "south": 37.0, "east": 134.0, "north": 45.0}


@pytest.fixture(scope="module")
def base_map(reference_dir: Path) -> BaseMap:
    return BaseMap(reference_dir / "basemap.sqlite")


def named(clip: dict[str, Any], layer: str) -> dict[str, dict[str, Any]]:
    return {f["properties"]["name"]: f for f in clip[layer]["features"]}


def positions(coordinates: Any) -> Iterator[tuple[float, float]]:
    if isinstance(coordinates[0], float):
        yield coordinates[0], coordinates[1]
    else:
        for inner in coordinates:
            yield from positions(inner)


def all_positions(clip: dict[str, Any]) -> Iterator[tuple[float, float]]:
    for layer in LAYERS:
        for feature in clip[layer]["features"]:
            yield from positions(feature["geometry"]["coordinates"])


def between(clip: dict[str, Any], one: str, other: str) -> list[dict[str, Any]]:
    return [
        f for f in clip["borders"]["features"] if set(f["properties"]["between"]) == {one, other}
    ]


def test_a_clip_shows_the_countries_in_the_box_and_no_others(base_map: BaseMap) -> None:
    clip = base_map.clip(**KOREA)
    expected = {"North Korea", "South Korea", "China", "Russia"}
    assert set(named(clip, "land")) == expected
    assert set(named(clip, "countries")) == expected
    codes = {f["properties"]["code"] for f in clip["land"]["features"]}
    assert codes == {"KP", "KR", "CN", "RU"}


def test_country_names_come_in_five_languages(base_map: BaseMap) -> None:
    russia = named(base_map.clip(**KOREA), "countries")["Russia"]["properties"]["names"]
    assert russia == {
        "en": "Russia",
        "ko": "러시아",
        "ru": "Россия",
        "zh": "俄罗斯",
        "ja": "ロシア",
    }
    world = base_map.clip(**WORLD)["countries"]["features"]
    translated = [f for f in world if set(f["properties"]["names"]) == set(LANGUAGES)]
    assert len(world) - len(translated) <= 1


def test_neighbours_share_a_border_and_others_do_not(base_map: BaseMap) -> None:
    clip = base_map.clip(**KOREA)
    assert between(clip, "North Korea", "Russia")
    assert between(clip, "North Korea", "South Korea")
    assert not between(clip, "South Korea", "China")


@pytest.mark.parametrize("detail", list(Detail))
def test_the_borders_of_a_country_lie_on_the_edge_of_its_land(
    base_map: BaseMap, detail: Detail
) -> None:
    clip = base_map.clip(**KOREA, detail=detail)
    lands = {name: shape(f["geometry"]) for name, f in named(clip, "land").items()}
    for border in clip["borders"]["features"]:
        for name in border["properties"]["between"]:
            stray = shape(border["geometry"]).difference(lands[name].boundary.buffer(1e-4))
            assert stray.length < 1e-3


@pytest.mark.parametrize("detail", list(Detail))
def test_simplifying_opens_no_seam_between_neighbours(base_map: BaseMap, detail: Detail) -> None:
    clip = base_map.clip(**KOREA, detail=detail)
    north, south = (
        shape(named(clip, "land")[name]["geometry"]) for name in ("North Korea", "South Korea")
    )
    assert north.intersection(south).area < 1e-6
    together = north.union(south)
    # The line between them ends at two coasts: a seam would leave holes or two mainlands.
    mainland = max(shapely.get_parts(together), key=shapely.area)
    assert mainland.contains(shapely.Point(127.0, 40.0))
    assert mainland.contains(shapely.Point(128.0, 37.2))
    assert not any(shapely.Polygon(ring).area < 1e-3 for ring in mainland.interiors)


def test_disputed_borders_are_told_from_settled_ones(base_map: BaseMap) -> None:
    world = base_map.clip(**WORLD)
    disputed = {
        frozenset(f["properties"]["between"])
        for f in world["borders"]["features"]
        if f["properties"]["disputed"]
    }
    assert frozenset({"Kosovo", "Serbia"}) in disputed
    assert frozenset({"Western Sahara", "Morocco"}) in disputed
    assert frozenset({"Germany", "France"}) not in disputed
    assert between(world, "Germany", "France")
    assert len(disputed) < 20


def test_large_lakes_are_there(base_map: BaseMap) -> None:
    clip = base_map.clip(west=100, south=50, east=115, north=57)
    baikal = [
        f
        for f in clip["lakes"]["features"]
        if shape(f["geometry"]).contains(shapely.Point(108.0, 53.4))
    ]
    assert len(baikal) == 1


def test_finer_detail_has_more_of_the_coast(base_map: BaseMap) -> None:
    counts = [
        sum(1 for _ in all_positions(base_map.clip(**KOREA, detail=detail)))
        for detail in (Detail.WORLD, Detail.REGIONAL, Detail.DETAILED)
    ]
    assert counts[0] * 2 < counts[1]
    assert counts[1] * 2 < counts[2]


def test_detail_follows_from_the_size_of_the_box(base_map: BaseMap) -> None:
    assert base_map.clip(**KOREA) == base_map.clip(**KOREA, detail=Detail.DETAILED)
    assert base_map.clip(**WORLD) == base_map.clip(**WORLD, detail=Detail.WORLD)


def test_detailed_land_keeps_its_true_area(base_map: BaseMap) -> None:
    # Hainan's area is published as about 33,900 km².
    clip = base_map.clip(west=108.3, south=18.0, east=111.3, north=20.2)
    land = shape(named(clip, "land")["China"]["geometry"])
    island = max(
        (p for p in shapely.get_parts(land) if p.contains(shapely.Point(109.8, 19.2))),
        key=shapely.area,
    )
    km2 = island.area * 111.32**2 * math.cos(math.radians(19.2))
    assert km2 == pytest.approx(33_900, rel=0.05)


def test_a_label_stands_on_what_is_seen_of_its_country(base_map: BaseMap) -> None:
    clip = base_map.clip(**KOREA)
    lands = named(clip, "land")
    for name, label in named(clip, "countries").items():
        point = shape(label["geometry"])
        land = shape(lands[name]["geometry"])
        assert land.contains(point)
        # Room in degrees of latitude; a degree of longitude is never longer than that.
        assert land.boundary.distance(point) >= label["properties"]["radius_deg"] * 0.9


def test_labels_come_with_the_most_important_first(base_map: BaseMap) -> None:
    ranks = [f["properties"]["rank"] for f in base_map.clip(**WORLD)["countries"]["features"]]
    assert ranks == sorted(ranks)


def test_a_box_over_the_antimeridian_shows_both_sides(base_map: BaseMap) -> None:
    bering = {"west": 170.0, "south": 60.0, "east": -160.0, "north": 70.0}
    clip = base_map.clip(**bering)
    assert set(named(clip, "land")) == {"Russia", "United States"}
    lons = [lon for lon, _ in all_positions(clip)]
    assert all(lon >= 170 or lon <= -160 for lon in lons)
    assert min(abs(lon) for lon in lons) >= 160


def test_unwrapped_longitudes_run_on_past_the_antimeridian(base_map: BaseMap) -> None:
    clip = base_map.clip(west=170.0, south=60.0, east=-160.0, north=70.0, unwrap=True)
    lons = [lon for lon, _ in all_positions(clip)]
    assert min(lons) >= 170
    assert 190 < max(lons) <= 200
    alaska = named(clip, "countries")["United States"]["geometry"]["coordinates"]
    assert 190 < alaska[0] < 200
    # Chukotka lies across, and has no seam there.
    russia = shape(named(clip, "land")["Russia"]["geometry"])
    assert russia.contains(shapely.LineString([(179.9, 67.5), (180.1, 67.5)]))


def test_the_poles_can_be_clipped(base_map: BaseMap) -> None:
    south = base_map.clip(west=-180, south=-90, east=180, north=-65)
    assert set(named(south, "land")) == {"Antarctica"}
    north = base_map.clip(west=-180, south=85, east=180, north=90)
    assert all(not north[layer]["features"] for layer in LAYERS)


@pytest.mark.parametrize(
    "box",
    [
        {"west": 130.0, "south": 40.0, "east": 130.0, "north": 45.0},
        {"west": 120.0, "south": 45.0, "east": 130.0, "north": 45.0},
        {"west": -140.0, "south": -30.0, "east": -139.0, "north": -29.0},
        {"west": 180.0, "south": -10.0, "east": -180.0, "north": 10.0},
    ],
)
def test_a_box_with_nothing_in_it_gives_empty_collections(
    base_map: BaseMap, box: dict[str, float]
) -> None:
    nothing = {"type": "FeatureCollection", "features": []}
    assert base_map.clip(**box) == dict.fromkeys(LAYERS, nothing)


@pytest.mark.parametrize(
    ("side", "value"),
    [("west", -180.1), ("east", 200.0), ("south", math.nan), ("north", math.inf), ("north", 90.5)],
)
def test_an_impossible_side_is_refused_by_name(base_map: BaseMap, side: str, value: float) -> None:
    with pytest.raises(InputError) as caught:
        base_map.clip(**{**KOREA, side: value})
    assert caught.value.field == side


def test_a_box_upside_down_is_refused(base_map: BaseMap) -> None:
    with pytest.raises(InputError, match="south"):
        base_map.clip(west=0, south=10, east=10, north=5)


def test_a_missing_file_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(MissingReferenceError, match="dateline prepare"):
        BaseMap(tmp_path / "basemap.sqlite")


lons = st.floats(-180, 180, allow_nan=False)
lats = st.floats(-90, 90, allow_nan=False)


@given(west=lons, east=lons, lat_1=lats, lat_2=lats, unwrap=st.booleans())
@example(west=124.00005, east=134.99995, lat_1=37.00005, lat_2=44.99995, unwrap=False)
@example(west=179.99995, east=-179.99995, lat_1=-90.0, lat_2=90.0, unwrap=True)
@example(west=1.0, east=-2.3e-308, lat_1=0.0, lat_2=6.0, unwrap=False)
@example(west=0.0, east=10.0, lat_1=1.0, lat_2=2.3e-308, unwrap=False)
@example(west=1.59375, east=1.59375, lat_1=0.0, lat_2=1.0, unwrap=True)
@example(west=60.0, east=-10.0, lat_1=-90.0, lat_2=90.0, unwrap=True)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_clip_lies_inside_its_box_and_is_good_geojson(
    base_map: BaseMap, west: float, east: float, lat_1: float, lat_2: float, unwrap: bool
) -> None:
    south, north = sorted((lat_1, lat_2))
    clip = base_map.clip(
        west=west, south=south, east=east, north=north, detail=Detail.WORLD, unwrap=unwrap
    )
    turn = 360 if unwrap else 0
    for lon, lat in all_positions(clip):
        assert south <= lat <= north
        if west <= east:
            assert west <= lon <= east
        else:
            assert west <= lon <= 180 or -180 + turn <= lon <= east + turn
        assert (round(lon, DECIMALS), round(lat, DECIMALS)) == (lon, lat)
    for layer in ("land", "lakes"):
        for feature in clip[layer]["features"]:
            area = shape(feature["geometry"])
            assert area.is_valid
            assert area.area > 0
            for polygon in getattr(area, "geoms", [area]):
                assert polygon.exterior.is_ccw
                assert not any(ring.is_ccw for ring in polygon.interiors)
    for feature in clip["borders"]["features"]:
        assert shape(feature["geometry"]).length > 0
        assert mapping(shape(feature["geometry"]))["type"] in {"LineString", "MultiLineString"}
