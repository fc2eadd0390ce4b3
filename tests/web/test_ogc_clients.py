"""Programs of other people read `/ogc` from a live server: GDAL, OWSLib, a validator."""

import json
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import uvicorn
from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator
from owslib.ogcapi.features import Features

from app.main import create_app
from app.rooms import Rooms

COLLECTIONS = ["waypoints", "legs", "sightings", "places"]
BOX = (124.0, 38.0, 132.0, 44.0)
IN_2023 = "2023-09-01T00:00:00Z/2023-09-30T00:00:00Z"


@pytest.fixture(scope="module")
def service_url(seeded_rooms: Rooms) -> Iterator[str]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        config = uvicorn.Config(
            create_app(rooms=seeded_rooms), log_level="warning", access_log=False
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        deadline = time.monotonic() + 30
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            assert time.monotonic() < deadline, "the server did not start in 30 s"
            time.sleep(0.02)
        yield f"http://127.0.0.1:{port}/ogc"
        server.should_exit = True
        thread.join(timeout=10)


@pytest.fixture(scope="module")
def gdal() -> Callable[..., str]:
    for program in ("ogrinfo", "ogr2ogr"):
        if shutil.which(program) is None:
            message = f"no {program}: install gdal-bin"
            if os.environ.get("CI"):
                pytest.fail(message)
            pytest.skip(message)

    def run(*arguments: object) -> str:
        done = subprocess.run(
            [str(argument) for argument in arguments],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert "ERROR" not in done.stderr
        return done.stdout

    return run


def features(client: Any, collection: str, **asked: object) -> list[dict[str, Any]]:
    answer = client.get(f"/ogc/collections/{collection}/items", params={"limit": 10_000, **asked})
    return answer.json()["features"]


def exported(file: Path) -> list[dict[str, Any]]:
    return json.loads(file.read_text("utf-8"))["features"]


def test_gdal_lists_the_collections(gdal, service_url):
    said = gdal("ogrinfo", "-ro", f"OAPIF:{service_url}")
    assert [line.split()[1] for line in said.splitlines() if line[:1].isdigit()] == COLLECTIONS


@pytest.mark.parametrize("collection", COLLECTIONS)
@pytest.mark.parametrize("page_size", [3, 1000])
def test_gdal_reads_every_feature_page_by_page(
    gdal, service_url, client, tmp_path, collection, page_size
):
    file = tmp_path / "all.geojson"
    gdal(
        "ogr2ogr",
        "-f",
        "GeoJSON",
        file,
        f"OAPIF:{service_url}",
        collection,
        "-oo",
        f"PAGE_SIZE={page_size}",
    )
    ours = features(client, collection)
    theirs = exported(file)
    assert [each["properties"]["id"] for each in theirs] == [each["id"] for each in ours]
    for mine, their in zip(ours, theirs, strict=True):
        assert their["geometry"]["type"] == mine["geometry"]["type"]
        assert their["geometry"]["coordinates"] == mine["geometry"]["coordinates"]


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_gdal_takes_a_box_to_a_geopackage_and_back(gdal, service_url, client, tmp_path, collection):
    package, back = tmp_path / "some.gpkg", tmp_path / "back.geojson"
    gdal("ogr2ogr", "-f", "GPKG", package, f"OAPIF:{service_url}", collection, "-spat", *BOX)
    gdal("ogr2ogr", "-f", "GeoJSON", back, package, collection)
    ours = features(client, collection, bbox=",".join(map(str, BOX)))
    theirs = exported(back)
    assert 0 < len(ours) < len(features(client, collection))
    assert {each["properties"]["id"] for each in theirs} == {each["id"] for each in ours}
    names = set(ours[0]["properties"])
    assert all(names <= set(each["properties"]) for each in theirs)


@pytest.mark.parametrize(
    ("collection", "where", "asked"),
    [
        ("waypoints", "status = 'reported' AND trip = '2023-09-russia'",
         {"status": "reported", "trip": "2023-09-russia"}),
        ("legs", "mode = 'car'", {"mode": "car"}),
        ("sightings", "event = 'arrived'", {"event": "arrived"}),
        ("places", "place_country = 'RU'", {"place_country": "RU"}),
    ],
)  # fmt: skip
def test_gdal_lets_the_server_filter_by_properties(
    gdal, service_url, client, tmp_path, collection, where, asked
):
    file = tmp_path / "some.geojson"
    gdal("ogr2ogr", "-f", "GeoJSON", file, f"OAPIF:{service_url}", collection, "-where", where)
    ours = [each["id"] for each in features(client, collection, **asked)]
    assert ours
    assert [each["properties"]["id"] for each in exported(file)] == ours


@pytest.mark.parametrize(
    ("collection", "name"),
    [
        ("waypoints", "arrival_earliest"),
        ("legs", "departure_earliest"),
        ("sightings", "when_earliest"),
    ],
)
def test_gdal_lets_the_server_filter_by_time(gdal, service_url, client, tmp_path, collection, name):
    file = tmp_path / "since.geojson"
    gdal(
        "ogr2ogr",
        "-f",
        "GeoJSON",
        file,
        f"OAPIF:{service_url}",
        collection,
        "-where",
        f"{name} >= '2023-09-12T00:00:00Z'",
    )
    # Whichever property is named, GDAL asks for `datetime` and takes what comes.
    ours = features(client, collection, datetime="2023-09-12T00:00:00Z/..")
    assert 0 < len(ours) < len(features(client, collection))
    assert [each["properties"]["id"] for each in exported(file)] == [each["id"] for each in ours]


def test_gdal_lets_the_server_filter_by_both_ends_of_a_time(gdal, service_url, client, tmp_path):
    file = tmp_path / "between.geojson"
    since, until = "2023-09-12T00:00:00Z", "2023-09-14T00:00:00Z"
    where = f"when_earliest >= '{since}' AND when_earliest <= '{until}'"
    gdal("ogr2ogr", "-f", "GeoJSON", file, f"OAPIF:{service_url}", "sightings", "-where", where)
    ours = features(client, "sightings", datetime=f"{since}/{until}")
    assert 0 < len(ours) < len(features(client, "sightings"))
    assert [each["properties"]["id"] for each in exported(file)] == [each["id"] for each in ours]


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_gdal_reads_an_address_of_features_as_geojson(
    gdal, service_url, client, tmp_path, collection
):
    file = tmp_path / "then.geojson"
    address = f"{service_url}/collections/{collection}/items?datetime={IN_2023}&limit=10000"
    gdal("ogr2ogr", "-f", "GeoJSON", file, address)
    ours = [each["id"] for each in features(client, collection, datetime=IN_2023)]
    assert ours
    assert [each["id"] for each in exported(file)] == ours


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_owslib_reads_every_collection(service_url, client, collection):
    service = Features(service_url)
    assert collection in service.feature_collections()
    assert service.collection(collection)["id"] == collection
    assert "trip" in service.collection_queryables(collection)["properties"]
    assert service.api()["openapi"].startswith("3.0")
    assert any(uri.endswith("/conf/core") for uri in service.conformance()["conformsTo"])
    found = service.collection_items(collection, bbox=list(BOX), datetime=IN_2023, limit=2)
    ours = features(client, collection, bbox=",".join(map(str, BOX)), datetime=IN_2023)
    assert found["numberMatched"] == len(ours) > 2
    assert found["features"] == ours[:2]
    alone = service.collection_item(collection, ours[0]["id"])
    assert alone["properties"] == ours[0]["properties"]


def test_both_descriptions_keep_to_their_standard(client):
    OpenAPIV30SpecValidator(client.get("/ogc/api").json()).validate()
    OpenAPIV31SpecValidator(client.get("/openapi.json").json()).validate()


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_queryables_are_a_json_schema(client, collection):
    schema = client.get(f"/ogc/collections/{collection}/queryables").json()
    jsonschema.Draft202012Validator.check_schema(schema)
