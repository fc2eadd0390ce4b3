"""`/trips/{slug}.gpx` and its like: files that can be kept, and that say what they are."""

import json
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from app.cli import main
from app.publication.exports.rights import LICENCE
from app.publication.formats import FileFormat
from tests.publication.standards import GPX

pytestmark = pytest.mark.reference

SLUGS = ("2019-02-hanoi", "2019-04-vladivostok", "2023-09-russia", "2025-09-beijing")
TRIP = "/trips/2023-09-russia"
JSON = {"Accept": "application/json"}
every_format = pytest.mark.parametrize("fmt", [fmt.value for fmt in FileFormat])
derived_format = pytest.mark.parametrize("fmt", ["gpx", "kml", "geojson", "csv"])


@every_format
@pytest.mark.parametrize("slug", SLUGS)
def test_a_trip_is_a_file_to_keep(client, slug, fmt):
    answer = client.get(f"/trips/{slug}.{fmt}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == FileFormat(fmt).media_type
    assert answer.headers["content-disposition"] == f'attachment; filename="{slug}.{fmt}"'
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "OpenStreetMap" in answer.text


@every_format
def test_it_is_made_once_and_not_sent_again_to_who_has_it(client, fmt):
    first = client.get(f"{TRIP}.{fmt}")
    assert client.get(f"{TRIP}.{fmt}").content == first.content
    again = client.get(f"{TRIP}.{fmt}", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert client.head(f"{TRIP}.{fmt}").headers["etag"] == first.headers["etag"]


@every_format
def test_the_command_line_writes_the_same_bytes(client, seeded_rooms, monkeypatch, tmp_path, fmt):
    monkeypatch.setenv("DATELINE_VAR_DIR", str(seeded_rooms.settings.var_dir))
    file = tmp_path / "out"
    run = CliRunner(catch_exceptions=False).invoke
    done = run(main, ["export", "2023-09-russia", "--format", fmt, "-o", str(file)])
    assert done.exit_code == 0
    assert file.read_bytes() == client.get(f"{TRIP}.{fmt}").content


def test_the_command_line_writes_everything_as_json_too(seeded_rooms, monkeypatch):
    monkeypatch.setenv("DATELINE_VAR_DIR", str(seeded_rooms.settings.var_dir))
    done = CliRunner(catch_exceptions=False).invoke(
        main, ["export", "2023-09-russia", "--format", "json"]
    )
    document = json.loads(done.stdout_bytes)
    assert document["licence"] == LICENCE
    assert "OpenStreetMap" in document["credit"]
    assert {"waypoints", "legs", "sightings", "sources", "contradictions"} <= document.keys()


@pytest.mark.parametrize("fmt", ["gpx", "kml", "toml", "json"])
def test_the_command_line_takes_no_part_of_what_is_whole(fmt):
    done = CliRunner().invoke(main, ["export", "x", "--format", fmt, "--part", "legs"])
    assert done.exit_code == 2
    assert fmt in done.stderr


@derived_format
def test_it_shows_what_was_known_then(client, fmt):
    then = client.get(f"{TRIP}.{fmt}?as_of=2023-09-12T13:00Z").text
    now = client.get(f"{TRIP}.{fmt}").text
    assert "Razdolnaya River" in then
    assert "Komsomolsk-on-Amur" in now
    assert "Komsomolsk-on-Amur" not in then


def test_a_reader_may_assume_another_speed(client):
    slow = client.get(f"{TRIP}.geojson?cruise_speed_kmh=30").json()
    legs = [f["properties"] for f in slow["features"] if f["properties"]["kind"] == "leg"]
    assert 30 in {leg["at_cruise_speed"]["speed_kmh"] for leg in legs if leg["at_cruise_speed"]}
    cars = client.get(f"{TRIP}.gpx?max_speed_kmh=50").content
    assert cars != client.get(f"{TRIP}.gpx").content


@every_format
def test_what_other_sites_add_is_ignored(client, fmt):
    added = client.get(f"{TRIP}.{fmt}?utm_source=x&dnt=1")
    assert added.content == client.get(f"{TRIP}.{fmt}").content


@derived_format
@pytest.mark.parametrize("query", ["as_of=yesterday", "max_speed_kmh=-1", "cruise_speed_kmh=nan"])
def test_a_bad_choice_is_refused_by_name(client, fmt, query):
    answer = client.get(f"{TRIP}.{fmt}?{query}", headers=JSON)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert query.partition("=")[0] in answer.text
    assert "content-disposition" not in answer.headers


def test_a_dossier_takes_no_choice(client):
    answer = client.get(f"{TRIP}.toml?as_of=2023-09-12T13:00Z", headers=JSON)
    assert answer.status_code == 400
    assert answer.json()["parameter"] == "as_of"


@every_format
@pytest.mark.parametrize("slug", ["nowhere", "no%22where", "%00", "a.b", "ю"])
def test_an_unknown_trip_has_no_file(client, slug, fmt):
    answer = client.get(f"/trips/{slug}.{fmt}", headers=JSON)
    assert answer.status_code == 404
    assert "content-disposition" not in answer.headers


def test_an_ending_that_is_not_offered_is_no_file(client):
    assert client.get(f"{TRIP}.shp", headers=JSON).status_code == 404


@pytest.mark.parametrize("slug", SLUGS)
def test_the_api_and_the_page_link_to_every_file(client, slug):
    links = client.get(f"/api/trips/{slug}").json()["links"]
    page = client.get(f"/trips/{slug}").text
    for fmt in FileFormat:
        assert links[fmt.value] == f"/trips/{slug}.{fmt.value}"
        assert f'href="{links[fmt.value]}"' in page
        assert client.head(links[fmt.value]).status_code == 200


def test_a_page_links_to_files_of_what_it_shows(client):
    page = client.get(f"{TRIP}?as_of=2023-09-12T13:00Z&max_speed_kmh=90").text
    href = f"{TRIP}.gpx?as_of=2023-09-12T12%3A34%3A00Z&amp;max_speed_kmh=90"
    assert f'href="{href}"' in page
    assert f'href="{TRIP}.toml"' in page
    root = ET.fromstring(client.get(href.replace("&amp;", "&")).content)
    assert root.findtext(f"{GPX}metadata/{GPX}time") == "2023-09-12T12:34:00Z"
    before = client.get(f"{TRIP}?as_of=2001-01-01T00:00Z").text
    assert f'href="{TRIP}.geojson?as_of=0001-01-01T00%3A00%3A00Z"' in before
    empty = client.get(f"{TRIP}.geojson?as_of=0001-01-01T00:00:00Z")
    assert json.loads(empty.content)["features"] == []
