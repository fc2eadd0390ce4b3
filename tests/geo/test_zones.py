"""The time zone of a position, on land, at sea, at the poles and on a border."""

import math
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import InputError
from app.geo.zones import TimeZones
from app.journey.model import Position
from app.journey.protocols import Zones

zones: Zones = TimeZones()


@pytest.mark.parametrize(
    ("lon", "lat", "zone"),
    [
        (125.754, 39.031, "Asia/Pyongyang"),
        (130.645, 42.428, "Asia/Vladivostok"),
        (135.07, 48.48, "Asia/Vladivostok"),
        (128.12, 51.77, "Asia/Yakutsk"),
        (37.62, 55.75, "Europe/Moscow"),
        (106.85, 21.94, "Asia/Bangkok"),
        (-74.0, 40.71, "America/New_York"),
    ],
)
def test_places_on_land(lon: float, lat: float, zone: str) -> None:
    assert zones.time_zone(Position(lon=lon, lat=lat)) == zone


@pytest.mark.parametrize(
    ("lon", "zone"), [(-150.0, "Etc/GMT+10"), (-30.0, "Etc/GMT+2"), (-120.0, "Etc/GMT+8")]
)
def test_the_high_seas_have_nautical_zones(lon: float, zone: str) -> None:
    assert zones.time_zone(Position(lon=lon, lat=30.0)) == zone


@given(st.floats(-180, 180), st.floats(-90, 90))
def test_every_position_on_earth_has_a_zone_that_exists(lon: float, lat: float) -> None:
    assert ZoneInfo(zones.time_zone(Position(lon=lon, lat=lat)))


@pytest.mark.parametrize("lat", [90.0, -90.0])
@pytest.mark.parametrize("lon", [-180.0, 0.0, 180.0])
def test_the_poles_have_a_zone(lon: float, lat: float) -> None:
    assert ZoneInfo(zones.time_zone(Position(lon=lon, lat=lat)))


@pytest.mark.parametrize("wrong", [math.nan, math.inf, -math.inf, 180.001, -181.0])
def test_a_longitude_off_the_earth_is_refused(wrong: float) -> None:
    with pytest.raises(InputError, match="lon") as refused:
        zones.time_zone(Position(lon=wrong, lat=0))
    assert refused.value.field == "position"


@pytest.mark.parametrize("wrong", [math.nan, math.inf, 90.001, -91.0])
def test_a_latitude_off_the_earth_is_refused(wrong: float) -> None:
    with pytest.raises(InputError, match="lat"):
        zones.time_zone(Position(lon=0, lat=wrong))


def test_on_a_border_the_clocks_of_both_sides_are_near() -> None:
    tumen_bridge = Position(lon=130.641, lat=42.417)
    found = TimeZones().time_zones_near(tumen_bridge, 3)
    assert {"Asia/Vladivostok", "Asia/Pyongyang"} <= set(found)
    assert found[0] == zones.time_zone(tumen_bridge)
    assert len(found) == len(set(found))


def test_inland_only_its_own_zone_is_near() -> None:
    assert TimeZones().time_zones_near(Position(lon=37.62, lat=55.75), 20) == ("Europe/Moscow",)


def test_a_coast_does_not_live_by_the_clock_of_the_sea() -> None:
    lisbon = Position(lon=-9.14, lat=38.72)
    assert TimeZones().time_zones_near(lisbon, 100) == ("Europe/Lisbon",)


def test_without_a_radius_only_its_own_zone_is_near() -> None:
    bridge = Position(lon=130.641, lat=42.417)
    assert TimeZones().time_zones_near(bridge, 0) == (zones.time_zone(bridge),)


@pytest.mark.parametrize("radius_km", [-1.0, math.nan, math.inf, 1001.0])
def test_a_radius_that_makes_no_sense_is_refused(radius_km: float) -> None:
    with pytest.raises(InputError, match="radius_km"):
        TimeZones().time_zones_near(Position(lon=0, lat=0), radius_km)
