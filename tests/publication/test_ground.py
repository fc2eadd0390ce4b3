"""The ground under pictures: in the longitudes of its window, made once, as fine as its pixels."""

import numpy as np
import pytest

from app.pictures.extent import Extent
from app.publication.ground import shown_extent
from tests.pictures.journeys_to_draw import journey, stop

pytestmark = pytest.mark.reference


@pytest.mark.parametrize("west", [-190.0, 170.0])
def test_the_ground_lies_in_the_longitudes_of_the_window(seeded_rooms, west):
    ground = seeded_rooms.ground.features(Extent(west, 50.0, west + 20, 60.0), 600)
    (land,) = ground["land"]["features"]
    rings = [ring for polygon in land["geometry"]["coordinates"] for ring in polygon]
    lons = np.concatenate([np.array(ring)[:, 0] for ring in rings])
    assert west - 60 < lons.min() < west + 20
    assert west < lons.max() < west + 80
    assert {f["properties"]["name"] for f in ground["countries"]["features"]} >= {"Russia"}


def test_the_ground_is_made_once_for_a_window_and_a_width(seeded_rooms):
    extent = Extent(100.0, 30.0, 110.0, 40.0)
    ground = seeded_rooms.ground
    assert ground.features(extent, 360) is ground.features(extent, 360)
    assert ground.features(extent, 360) is not ground.features(extent, 720)


def points(collection):
    found = 0
    for feature in collection["features"]:
        nested = [feature["geometry"]["coordinates"]]
        while isinstance(nested[0][0], list | tuple):
            nested = [inner for outer in nested for inner in outer]
        found += len(nested)
    return found


def test_a_small_picture_gets_fewer_points_than_a_large_one(seeded_rooms):
    extent = Extent(110.0, 30.0, 125.0, 42.0)
    small, large = (seeded_rooms.ground.features(extent, width) for width in (360, 1600))
    for kind in ("land", "railways"):
        assert 0 < points(small[kind]) < points(large[kind])


def test_a_window_around_the_whole_world_has_all_of_it(seeded_rooms):
    ground = seeded_rooms.ground.features(Extent(-180.0, -60.0, 180.0, 75.0), 1200)
    countries = {f["properties"]["name"] for f in ground["countries"]["features"]}
    assert {"Russia", "Brazil", "Fiji", "South Africa"} <= countries


def test_the_window_of_an_itinerary_holds_what_it_shows_and_not_more():
    extent = shown_extent(journey(stop(1, 30, 60), stop(2, 34, 61), stop(3, 32, 63)))
    assert 29 < extent.west < 30 < 34 < extent.east < 35
    assert 59 < extent.south < 60 < 63 < extent.north < 64


def test_the_window_of_nothing_is_the_world():
    extent = shown_extent(journey())
    assert extent.east - extent.west == 360.0
