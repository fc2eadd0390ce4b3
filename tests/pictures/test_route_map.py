"""The Folium map in parts, and the window it shows."""

import subprocess
import sys

import folium
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.journey.model import Position
from app.pictures.extent import Extent
from app.pictures.route_map import Tiles, route_map

EXTENT = Extent(124.0, 37.0, 136.0, 53.0)
HERE = "/vendor/{}".format


def local(address: str) -> str:
    return HERE(address.rsplit("/", 1)[-1])


def test_every_asset_is_local_and_only_what_is_used_is_loaded():
    made = route_map("a-trip", EXTENT, local)
    assert made.scripts == ("/vendor/leaflet.js", "/vendor/Control.FullScreen.min.js")
    assert made.styles == ("/vendor/leaflet.css", "/vendor/Control.FullScreen.css")
    assert "//" not in made.html + made.script


def test_the_script_stands_alone_and_hands_over_the_map():
    made = route_map("a-trip", EXTENT, local)
    assert "<" not in made.script
    assert "L.map(" in made.script
    assert "L.control.scale()" in made.script
    assert "L.control.fullscreen(" in made.script
    assert "dateline.takeMap(" in made.script


def test_the_bytes_are_the_same_in_every_process():
    code = (
        "from app.pictures.extent import Extent\n"
        "from app.pictures.route_map import route_map\n"
        "print(route_map('a-trip', Extent(124.0, 37.0, 136.0, 53.0), str).script)"
    )
    run = [subprocess.check_output([sys.executable, "-c", code]) for _ in range(2)]
    assert run[0] == run[1] == f"{route_map('a-trip', EXTENT, str).script}\n".encode()


def test_trips_do_not_share_names():
    assert route_map("a", EXTENT, local).html != route_map("b", EXTENT, local).html


def test_folium_itself_is_left_as_it_is():
    before = list(folium.Map.default_js)
    route_map("a-trip", EXTENT, local)
    assert folium.Map.default_js == before
    assert any(url.startswith("https://") for _, url in before)


def test_online_tiles_only_when_asked_for():
    tiles = Tiles("https://tiles.example/{z}/{x}/{y}.png", "© Somebody")
    assert "tiles.example" in route_map("a-trip", EXTENT, local, tiles).script
    assert "tileLayer" not in route_map("a-trip", EXTENT, local).script


positions = st.lists(
    st.builds(Position, lon=st.floats(-180, 180), lat=st.floats(-80, 80)), min_size=1, max_size=8
)


@given(positions)
def test_a_window_holds_all_that_it_is_around(listed):
    extent = Extent.around(listed)
    for shown in (extent, extent.with_margin(), extent.with_margin().for_any_screen()):
        assert shown.east - shown.west <= 360.0 + 1e-9
        for position in listed:
            assert shown.south - 1e-9 <= position.lat <= shown.north + 1e-9
            turns = [position.lon + turn for turn in (-360.0, 0.0, 360.0)]
            assert any(shown.west - 1e-9 <= lon <= shown.east + 1e-9 for lon in turns)


def test_a_window_across_the_antimeridian_is_the_narrow_one():
    extent = Extent.around([Position(lon=178.0, lat=-18.0), Position(lon=-172.0, lat=-14.0)])
    assert (extent.west, extent.east) == (178.0, 188.0)


def test_a_place_and_the_end_of_a_way_that_counts_on_are_one():
    place, end_of_way = Position(lon=-177.5, lat=36.0), Position(lon=182.5, lat=36.0)
    extent = Extent.around([Position(lon=172.5, lat=33.0), place, end_of_way])
    assert (extent.west, extent.east) == (172.5, 182.5)


@given(positions, st.data())
def test_the_turn_in_which_a_longitude_is_given_changes_nothing(listed, data):
    # Whole eighths stay what they are when turns are added.
    whole = [Position(round(lon * 8) / 8, lat) for lon, lat in listed]
    turned = [Position(p.lon + 360.0 * data.draw(st.integers(-2, 2)), p.lat) for p in whole]
    assert Extent.around(turned) == Extent.around(whole)


@pytest.mark.parametrize("aspect", [0.75, 1.0, 1.8])
def test_no_screen_sees_past_the_limits(aspect):
    limits = EXTENT.for_any_screen()
    assert limits.east - limits.west >= (EXTENT.east - EXTENT.west) * max(1.0, aspect * 0.75)
