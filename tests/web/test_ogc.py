"""`/ogc` as OGC API – Features has it: resources, links, forms, pages of features."""

import os
import re
import subprocess
import sys
from collections import Counter
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from html5lib import HTMLParser
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.journey.interval import Interval
from app.publication.features.collections import QUERYABLES
from app.publication.features.collections import Collection as Kind

BASE = "http://testserver"
COLLECTIONS = ["waypoints", "legs", "sightings", "places"]
TYPES = {
    "/ogc": "application/json",
    "/ogc/": "application/json",
    "/ogc/conformance": "application/json",
    "/ogc/api": "application/vnd.oai.openapi+json;version=3.0",
    "/ogc/collections": "application/json",
    **{f"/ogc/collections/{name}": "application/json" for name in COLLECTIONS},
    **{f"/ogc/collections/{name}/queryables": "application/schema+json" for name in COLLECTIONS},
    **{f"/ogc/collections/{name}/items": "application/geo+json" for name in COLLECTIONS},
    "/ogc/collections/waypoints/items/2023-09-russia.waypoint-1": "application/geo+json",
    "/ogc/collections/legs/items/2023-09-russia.leg-1": "application/geo+json",
    "/ogc/collections/sightings/items/2023-09-russia.khasan-arrival": "application/geo+json",
    "/ogc/collections/places/items/khasan-station": "application/geo+json",
}


def items(client: TestClient, collection: str, **asked: object) -> dict[str, Any]:
    answer = client.get(f"/ogc/collections/{collection}/items", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def all_features(client: TestClient, collection: str) -> list[dict[str, Any]]:
    return items(client, collection, limit=10_000)["features"]


def linked(document: dict[str, Any], rel: str) -> str | None:
    return next((each["href"] for each in document["links"] if each["rel"] == rel), None)


@pytest.mark.parametrize(("path", "media_type"), TYPES.items())
def test_every_address_has_a_json_form_and_a_page(client, path, media_type):
    as_json = client.get(path)
    assert (as_json.status_code, as_json.headers["content-type"]) == (200, media_type)
    page = client.get(path, params={"f": "html"})
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert page.headers["etag"] != as_json.headers["etag"]
    for answer in (as_json, page):
        assert "Accept" in answer.headers["vary"].split(", ")
        assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("path", TYPES)
def test_pages_are_whole_html_without_anything_inline(client, path):
    page = client.get(path, params={"f": "html"}).text
    HTMLParser(strict=True).parse(page)
    assert "<script" not in page
    assert "style=" not in page
    assert "<style" not in page


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "application/geo+json"),
        ("", "application/geo+json"),
        ("application/geo+json, application/json", "application/geo+json"),
        ("application/json", "application/geo+json"),
        ("application/*", "application/geo+json"),
        ("text/html", "text/html"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("text/html;q=0.2, application/json", "application/geo+json"),
    ],
)
def test_accept_chooses_the_form_and_f_wins_over_it(client, accept, media_type):
    path = "/ogc/collections/places/items"
    headers = {"Accept": accept}
    assert client.get(path, headers=headers).headers["content-type"].startswith(media_type)
    for f, wanted in (("json", "application/geo+json"), ("html", "text/html")):
        answer = client.get(path, params={"f": f}, headers=headers)
        assert answer.headers["content-type"].startswith(wanted)


@pytest.mark.parametrize("accept", ["image/png", "text/html;q=0, image/*", "application/xml"])
def test_what_cannot_be_sent_is_not_acceptable(client, accept):
    answer = client.get("/ogc/collections", headers={"Accept": accept})
    assert answer.status_code == 406
    assert answer.headers["content-type"] == "application/problem+json"
    assert "Accept" in answer.json()["detail"]


def test_the_landing_page_leads_everywhere(client):
    document = client.get("/ogc").json()
    assert document["title"]
    assert linked(document, "self") == f"{BASE}/ogc?f=json"
    assert linked(document, "alternate") == f"{BASE}/ogc?f=html"
    for rel in ("service-desc", "service-doc", "conformance", "data"):
        href = linked(document, rel)
        assert href is not None
        assert client.get(href).status_code == 200
    assert "OpenStreetMap" in document["attribution"]


def test_conformance_is_claimed_for_what_is_there(client):
    part_1 = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf"
    part_3 = "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf"
    assert set(client.get("/ogc/conformance").json()["conformsTo"]) == {
        f"{part_1}/core",
        f"{part_1}/geojson",
        f"{part_1}/html",
        f"{part_1}/oas30",
        f"{part_3}/queryables",
        f"{part_3}/queryables-query-parameters",
    }


@pytest.mark.parametrize("path", TYPES)
@pytest.mark.parametrize("f", ["json", "html"])
def test_every_link_leads_to_what_it_says(client, path, f):
    answer = client.get(path, params={"f": f})
    links = re.findall(r'<([^>]+)>; rel="([^"]+)"; type="([^"]+)"', answer.headers["link"])
    assert {rel for _, rel, _ in links} >= {"self", "alternate"}
    for href, rel, media_type in links:
        assert href.startswith(f"{BASE}/ogc")
        followed = client.get(href)
        assert followed.status_code == 200, (rel, href)
        assert followed.headers["content-type"].startswith(media_type), (rel, href)
        if rel == "self":
            assert followed.content == answer.content
    if f == "json" and "links" in answer.json():
        said = [(each["href"], each["rel"], each["type"]) for each in answer.json()["links"]]
        assert said == links
    if f == "html":
        page = answer.text.replace("&amp;", "&")
        assert all(f'href="{href}"' in page for href, _, _ in links)


def test_the_collections_say_where_and_when(client):
    listed = client.get("/ogc/collections").json()["collections"]
    assert [each["id"] for each in listed] == COLLECTIONS
    for each in listed:
        alone = client.get(f"/ogc/collections/{each['id']}").json()
        assert alone["extent"] == each["extent"]
        assert alone["itemType"] == "feature"
        assert alone["crs"] == ["http://www.opengis.net/def/crs/OGC/1.3/CRS84"]
        ((west, south, east, north),) = each["extent"]["spatial"]["bbox"]
        features = items(client, each["id"], bbox=f"{west},{south},{east},{north}", limit=10_000)
        assert features["numberMatched"] == len(all_features(client, each["id"])) > 0
        rels = Counter(link["rel"] for link in alone["links"])
        assert rels["items"] == 2
        assert rels["http://www.opengis.net/def/rel/ogc/1.0/queryables"] == 1
    assert "temporal" not in listed[-1]["extent"]
    assert listed[0]["extent"]["temporal"]["interval"][0][0].endswith("Z")


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_queryables_are_parameters_of_the_same_name_and_filter(client, collection):
    schema = client.get(f"/ogc/collections/{collection}/queryables").json()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"{BASE}/ogc/collections/{collection}/queryables"
    assert schema["type"] == "object"
    names = [name for name in schema["properties"] if name != "geometry"]
    assert tuple(names) == QUERYABLES[Kind(collection)]
    features = all_features(client, collection)
    for name in names:
        own = {
            feature["id"]: feature["properties"].get(name, feature["properties"].get("trips"))
            for feature in features
        }
        values = {
            v for value in own.values() for v in (value if isinstance(value, list) else [value])
        }
        for value in values - {None}:
            text = str(value).lower() if isinstance(value, bool) else str(value)
            found = items(client, collection, limit=10_000, **{name: text})
            assert {feature["id"] for feature in found["features"]} == {
                feature_id
                for feature_id, has in own.items()
                if has == value or (isinstance(has, list) and value in has)
            }
            if "enum" in (of := schema["properties"][name]):
                assert value in of["enum"]


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_a_feature_of_the_list_has_an_address_of_its_own(client, collection):
    for feature in all_features(client, collection)[:5]:
        alone = client.get(f"/ogc/collections/{collection}/items/{feature['id']}").json()
        assert {key: alone[key] for key in feature} == feature
        assert linked(alone, "collection") == f"{BASE}/ogc/collections/{collection}"


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_two_times_are_both_asked_for(client, collection):
    def ids(*times: str) -> set[str]:
        query = "&".join(f"datetime={time}" for time in times)
        address = f"/ogc/collections/{collection}/items?limit=10000&{query}"
        return {each["id"] for each in client.get(address).json()["features"]}

    since, until = "2023-09-12T00:00:00Z/..", "../2023-09-13T00:00:00Z"
    both = ids(since, until)
    assert both == ids(since) & ids(until) == ids("2023-09-12T00:00:00Z/2023-09-13T00:00:00Z")
    assert both


def test_times_are_as_published_so_that_readers_can_check(client):
    for feature in all_features(client, "waypoints"):
        said = feature["properties"]
        end = said["departure_latest"]
        if end is None:
            continue
        after = datetime.fromisoformat(end).timestamp() + 1
        text = datetime.fromtimestamp(after, tz=datetime.fromisoformat(end).tzinfo).isoformat()
        for instant, met in ((end, True), (text, False)):
            found = items(client, "waypoints", datetime=instant, limit=10_000)["features"]
            assert (feature["id"] in {each["id"] for each in found}) is met


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    collection=st.sampled_from(COLLECTIONS),
    limit=st.integers(1, 70),
    start=st.integers(0, 5),
    bbox=st.none() | st.sampled_from(["100,20,126,41", "120,30,-170,60"]),
    f=st.sampled_from(["json", "html"]),
)
def test_pages_give_each_feature_once_in_one_order(client, collection, limit, start, bbox, f):
    asked: dict[str, object] = {} if bbox is None else {"bbox": bbox}
    whole = [f_["id"] for f_ in items(client, collection, limit=10_000, **asked)["features"]]
    path: str | None = f"/ogc/collections/{collection}/items"
    params: dict[str, object] | None = {"limit": limit, "offset": start, "f": f, **asked}
    seen: list[str] = []
    previous: str | None = None
    while path is not None:
        answer = client.get(path, params=params)
        params = None
        links = {
            rel: href
            for href, rel in re.findall(r'<([^>]+)>; rel="([^"]+)"', answer.headers["link"])
        }
        if f == "json":
            page = answer.json()
            assert page["numberMatched"] == len(whole)
            assert page["numberReturned"] == len(page["features"]) <= limit
            seen += [feature["id"] for feature in page["features"]]
        else:
            seen += re.findall(r'<th scope="row"><a [^>]+><bdi>([^<]+)</bdi>', answer.text)
        assert ("prev" in links) is (previous is not None or start > 0)
        previous, path = path, links.get("next")
    assert seen == whole[start:]


def test_going_back_from_beyond_the_end_finds_the_last_page(client):
    page = items(client, "places", offset=10**12, limit=5)
    assert page["features"] == []
    assert linked(page, "next") is None
    back = client.get(linked(page, "prev")).json()
    assert back["numberReturned"] == 5
    assert linked(back, "next") is None


def test_the_same_question_written_otherwise_is_the_same_answer(client):
    one = client.get(
        "/ogc/collections/legs/items?bbox=124,38.0,136,50&datetime=2023-09-12T00:00:00Z/.."
    )
    other = client.get(
        "/ogc/collections/legs/items?limit=100&offset=0"
        "&datetime=2023-09-12T10:00:00.000%2B10:00/&bbox=+124.00,3.8e1,-100,136,50,+9"
    )
    assert other.status_code == 200
    assert one.content == other.content
    assert one.headers["etag"] == other.headers["etag"]


def test_as_of_shows_every_trip_as_it_was_known(client):
    then = items(client, "waypoints", as_of="2023-09-12T13:00:00Z", trip="2023-09-russia")
    now = items(client, "waypoints", trip="2023-09-russia")
    assert then["as_of"] == "2023-09-12T12:34:00Z"
    assert now["as_of"] > then["as_of"]
    stated = client.get(
        "/api/trips/2023-09-russia/waypoints", params={"as_of": "2023-09-12T13:00:00Z"}
    ).json()["waypoints"]
    assert [f["properties"]["place_id"] for f in then["features"]] == [
        each["place"]["id"] for each in stated
    ]
    assert items(client, "sightings", as_of="2000-01-01T00:00:00Z")["features"] == []
    before = client.get("/ogc/collections/places/items?as_of=1999-01-01T00:00:00Z").json()
    assert client.get(linked(before, "self")).json() == before
    # What is linked from a page as of then, is as of then.
    page = client.get(
        "/ogc/collections/waypoints/items?as_of=2023-09-12T13:00:00Z&limit=1&f=html"
    ).text
    href = re.search(r'<th scope="row"><a href="([^"]+)"', page)
    assert href is not None
    assert ("as_of", "2023-09-12T12:34:00Z") in parse_qsl(
        urlsplit(href[1]).query.replace("&amp;", "&")
    )


def test_a_feature_is_looked_up_as_of_a_time_too(client):
    path = "/ogc/collections/sightings/items/2023-09-russia.artyom-farewell"
    assert client.get(path).status_code == 200
    assert client.get(path, params={"as_of": "2023-09-12T13:00:00Z"}).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/ogc/collections/roads",
        "/ogc/collections/roads/items",
        "/ogc/collections/roads/items/1",
        "/ogc/collections/roads/queryables",
        "/ogc/collections/places/items/nowhere",
        "/ogc/collections/places/items/a%2Fb%00",
        "/ogc/collections/legs/items/2023-09-russia.leg-999",
        "/ogc/nothing",
    ],
)
def test_what_is_not_there_is_not_found_in_the_one_shape_of_errors(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == 404


@pytest.mark.parametrize("path", TYPES)
def test_who_has_it_already_is_told_so(client, path):
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["link"] == first.headers["link"]


def test_intervals_of_a_reader_meet_those_of_features(client):
    features = all_features(client, "sightings")
    asked = Interval.parse("2023-09-11T00:00Z", "2023-09-13T00:00Z")
    found = items(
        client, "sightings", datetime="2023-09-11T00:00:00Z/2023-09-13T00:00:00Z", limit=10_000
    )
    assert [each["id"] for each in found["features"]] == [
        each["id"]
        for each in features
        if Interval.parse(
            each["properties"]["when_earliest"], each["properties"]["when_latest"]
        ).overlaps(asked)
    ]


IN_ANOTHER_PROCESS = """
import hashlib, sys
from pathlib import Path
from starlette.testclient import TestClient
from app.main import create_app
from app.rooms import Rooms
from app.settings import Settings

rooms = Rooms(Settings(var_dir=Path(sys.argv[1])))
with TestClient(create_app(rooms=rooms)) as client:
    for path in sys.argv[2:]:
        print(hashlib.sha256(client.get(path).content).hexdigest())
"""


def test_the_bytes_are_the_same_in_every_process(seeded_rooms):
    paths = [*TYPES, "/ogc/collections/sightings/items?f=html&limit=7&offset=3"]
    said = []
    for seed in ("1", "2"):
        ran = subprocess.run(
            [sys.executable, "-c", IN_ANOTHER_PROCESS, str(seeded_rooms.settings.var_dir), *paths],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
        said.append(ran.stdout.split())
    assert said[0] == said[1]
    assert len(said[0]) == len(paths)
