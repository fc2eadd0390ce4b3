"""`/ogc` over trips that nobody would write, and while they change."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from html5lib import HTMLParser
from starlette.testclient import TestClient

from app.main import create_app
from app.rooms import Rooms
from app.settings import Settings

ODD_ID = "a/b c?d#é&+"
MARKUP = "<script>alert(1)</script> \u202e"
DOSSIER = f"""
format = 1
slug = "odd"
title = '''{MARKUP}'''
subject = "S"

[[source]]
id = "one"
publisher = '''{MARKUP}'''
published_at = "2023-09-12T05:00+09:00"
reliability = "B"

[[sighting]]
id = "left"
source = "one"
subject = "train"
event = "departed"
modality = "reported"
when = "Sunday afternoon"
credibility = 2
claim = '''{MARKUP}'''

[sighting.place]
id = "{ODD_ID}"
name = '''{MARKUP}'''
lon = 179.9
lat = -17.0
country = "FJ"
time_zone = "Pacific/Fiji"
radius_km = 1
"""


@pytest.fixture(scope="module")
def rooms(reference_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Rooms:
    var_dir = tmp_path_factory.mktemp("odd")
    (var_dir / "reference").symlink_to(reference_dir)
    (var_dir / "odd.toml").write_text(DOSSIER, "utf-8")
    return Rooms(Settings(var_dir=var_dir))


@pytest.fixture(scope="module")
def odd(rooms: Rooms) -> Iterator[TestClient]:
    with TestClient(create_app(rooms=rooms)) as client:
        yield client


def test_what_is_stored_later_is_found_at_once(odd, rooms):
    items = "/ogc/collections/places/items"
    assert odd.get(items).json()["numberMatched"] == 0
    assert odd.get(items).json()["as_of"] is None
    assert odd.get("/ogc/collections/places").json()["extent"] == {}
    assert odd.get(items, params={"f": "html"}).status_code == 200
    rooms.load_dossiers([rooms.settings.var_dir / "odd.toml"])
    assert odd.get(items).json()["numberMatched"] == 1
    before = odd.get("/ogc/collections/sightings/items").headers["etag"]
    trip = rooms.repository.trip("odd")
    (claim,) = trip.sightings
    rooms.repository.save(replace(trip, sightings=(replace(claim, claim="x"),)), who="test")
    after = odd.get("/ogc/collections/sightings/items")
    assert after.headers["etag"] != before
    assert after.json()["features"][0]["properties"]["claim"] == "x"
    rooms.repository.save(trip, who="test")
    assert odd.get("/ogc/collections/sightings/items").headers["etag"] == before


def test_an_id_with_characters_that_addresses_use_leads_to_its_feature(odd, rooms):
    rooms.load_dossiers([rooms.settings.var_dir / "odd.toml"])
    (feature,) = odd.get("/ogc/collections/places/items").json()["features"]
    assert feature["id"] == f"odd.{ODD_ID}"
    page = odd.get("/ogc/collections/places/items?f=html").text
    href = page.split('<th scope="row"><a href="')[1].split('"')[0].replace("&amp;", "&")
    alone = odd.get(href.replace("f=html", "f=json"))
    assert alone.status_code == 200
    assert alone.json()["id"] == feature["id"]
    assert odd.get(alone.json()["links"][0]["href"]).content == alone.content
    found = odd.get("/ogc/collections/places/items", params={"place_id": ODD_ID}).json()
    assert found["numberMatched"] == 1


@pytest.mark.parametrize(
    "path",
    [
        "/ogc/collections/sightings/items",
        "/ogc/collections/waypoints/items",
        "/ogc/collections/places/items",
        "/ogc/collections/sightings/items/odd.left",
    ],
)
def test_what_people_wrote_never_becomes_markup(odd, rooms, path):
    rooms.load_dossiers([rooms.settings.var_dir / "odd.toml"])
    page = odd.get(path, params={"f": "html"}).text
    HTMLParser(strict=True).parse(page)
    assert "<script" not in page
    assert "&lt;script&gt;" in page
