"""What other sites and search engines are told of a page."""

import json
import re
from datetime import datetime

import html5lib
import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.rooms import Rooms
from app.settings import Settings
from tests.hostile import HOSTILE

pytestmark = pytest.mark.reference

SLUG = "2023-09-russia"
BASE = "http://testserver"
PAGE = f"/trips/{SLUG}"
AS_OF = "2023-09-12T13:00:00Z"
STEP = "2023-09-12T12:34:00Z"
BEFORE_ALL = "0001-01-01T00:00:00Z"
PAGES = ["/", PAGE, f"{PAGE}?as_of={AS_OF}", f"{PAGE}?as_of=1990-01-01T00:00:00Z"]


def head_of(client, path):
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return parser.parse(client.get(path).text).find("head")


def tags_of(client, path):
    """The meta tags of a page by name; none stands there twice."""
    found = [
        (e.get("property") or e.get("name"), e.get("content"))
        for e in head_of(client, path).iter("meta")
        if e.get("property") or e.get("name")
    ]
    assert len(dict(found)) == len(found)
    return dict(found)


def canonical(client, path):
    (link,) = (e for e in head_of(client, path).iter("link") if e.get("rel") == "canonical")
    return link.get("href")


def dataset_of(client, path):
    scripts = [
        e for e in head_of(client, path).iter("script") if e.get("type") == "application/ld+json"
    ]
    (script,) = scripts
    return json.loads(script.text)


class TestCards:
    def test_a_trip_is_an_article_with_its_status_and_map(self, client):
        tags = tags_of(client, PAGE)
        trip = client.get(f"/api/trips/{SLUG}").json()
        assert tags["og:type"] == "article"
        assert tags["og:title"] == trip["title"]
        assert tags["og:description"] == tags["description"] == trip["status_line"]
        assert tags["og:site_name"] == "Dateline"
        assert tags["og:url"] == canonical(client, PAGE) == BASE + PAGE
        assert tags["article:modified_time"] == trip["as_of"]
        assert tags["twitter:card"] == "summary_large_image"
        assert trip["status_line"] in tags["og:image:alt"]
        assert tags["og:image"] == f"{BASE}{PAGE}/map.png?size=card&v={trip['revision']}"

    @pytest.mark.parametrize("path", PAGES)
    def test_the_picture_is_there_and_as_large_as_said(self, client, path):
        tags = tags_of(client, path)
        picture = client.get(tags["og:image"])
        assert picture.headers["content-type"] == tags["og:image:type"] == "image/png"
        size = int.from_bytes(picture.content[16:20]), int.from_bytes(picture.content[20:24])
        assert size == (1200, 630)
        assert size == (int(tags["og:image:width"]), int(tags["og:image:height"]))

    def test_what_was_known_earlier_is_a_page_of_its_own(self, client):
        tags = tags_of(client, f"{PAGE}?as_of={AS_OF}&utm_source=x")
        address = f"{BASE}{PAGE}?as_of={STEP}"
        assert tags["og:url"] == canonical(client, f"{PAGE}?as_of={AS_OF}") == address
        assert f"&as_of={STEP}&" in tags["og:image"]
        assert tags["og:title"].endswith("(as known at 12 Sep 2023, 12:34 UTC)")
        assert "RIA Novosti" in tags["og:description"]
        assert client.get(address).content == client.get(f"{PAGE}?as_of={AS_OF}").content

    def test_before_all_reports_too(self, client):
        path = f"{PAGE}?as_of=1990-01-01T00:00:00Z"
        tags = tags_of(client, path)
        assert tags["og:url"] == f"{BASE}{PAGE}?as_of={BEFORE_ALL}"
        assert tags["og:title"].endswith("(as known before the first report)")
        assert "article:modified_time" not in tags
        assert client.get(tags["og:url"]).content == client.get(path).content

    def test_other_speeds_are_kept(self, client):
        path = "/trips/2025-09-beijing?max_speed_kmh=50"
        assert canonical(client, path) == f"{BASE}{path}"
        assert "&max_speed_kmh=50&" in tags_of(client, path)["og:image"]

    def test_the_front_page_shows_the_latest_journey(self, client):
        tags = tags_of(client, "/")
        assert tags["og:type"] == "website"
        assert tags["og:url"] == canonical(client, "/") == f"{BASE}/"
        assert tags["og:title"] == "Journeys"
        assert "/trips/2025-09-beijing/map.png?size=card" in tags["og:image"]
        assert tags["twitter:card"] == "summary_large_image"

    def test_a_page_that_is_wrong_has_no_card(self, client):
        page = client.get("/trips/nowhere", headers={"Accept": "text/html"})
        assert page.status_code == 404
        assert "og:" not in page.text
        assert "canonical" not in page.text

    def test_without_journeys_there_is_no_picture(self, rooms_of):
        with TestClient(create_app(rooms=rooms_of({}))) as client:
            tags = tags_of(client, "/")
        assert tags["twitter:card"] == "summary"
        assert "og:image" not in tags


class TestWhereReadersReachIt:
    def test_every_host_gets_its_own_addresses(self, client):
        host = {"Host": "news.example:8080"}
        page = client.get(PAGE, headers=host).text
        assert BASE not in page
        assert f'<link rel="canonical" href="http://news.example:8080{PAGE}">' in page
        assert "http://news.example" not in client.get(PAGE).text

    def test_with_the_setting_nobody_else_chooses_them(self, seeded_rooms):
        settings = Settings(
            var_dir=seeded_rooms.settings.var_dir, public_url="https://dateline.example/"
        )
        with TestClient(create_app(rooms=Rooms(settings))) as client:
            for path in ("/", PAGE):
                page = client.get(path, headers={"Host": "evil.example"})
                assert "evil.example" not in page.text
                assert page.content == client.get(path).content
            assert canonical(client, PAGE) == f"https://dateline.example{PAGE}"


# Of schema.org: what each of our types may have, of its own properties and inherited ones.
THING = {"@context", "@type", "@id", "name", "description", "url"}
PROPERTIES = {
    "Dataset": THING
    | {
        "about", "creditText", "dateModified", "distribution", "inLanguage", "isAccessibleForFree",
        "license", "provider", "spatialCoverage", "temporalCoverage", "version",
    },
    "DataDownload": THING | {"contentUrl", "encodingFormat"},
    "Organization": THING,
    "Trip": THING | {"itinerary"},
    "ItemList": THING | {"itemListElement", "itemListOrder", "numberOfItems"},
    "ListItem": THING | {"item", "position"},
    "Place": THING | {"geo"},
    "GeoCoordinates": THING | {"latitude", "longitude"},
    "GeoShape": THING | {"box"},
}  # fmt: skip
RANGES = {
    "about": {"Trip"},
    "distribution": {"DataDownload"},
    "geo": {"GeoCoordinates", "GeoShape"},
    "item": {"Place"},
    "itemListElement": {"ListItem"},
    "itinerary": {"ItemList"},
    "provider": {"Organization"},
    "spatialCoverage": {"Place"},
}


def hold_to_schema_org(node):
    allowed = PROPERTIES[node["@type"]]
    assert set(node) <= allowed, node
    for name, value in node.items():
        assert value not in (None, "", [], {}), name
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                assert each["@type"] in RANGES[name]
                hold_to_schema_org(each)
            else:
                assert name not in RANGES
                assert not isinstance(each, list)


class TestDatasets:
    @pytest.mark.parametrize("slug", ["2019-02-hanoi", SLUG, "2025-09-beijing"])
    def test_every_step_of_every_journey_is_one_of_schema_org(self, client, slug):
        for step in client.get(f"/api/trips/{slug}").json()["steps"][::4]:
            document = dataset_of(client, f"/trips/{slug}?as_of={step['as_of']}")
            hold_to_schema_org(document)
            assert document["@context"] == "https://schema.org"
            assert document["dateModified"] == step["as_of"]
            # As the search for data sets asks for.
            assert 50 <= len(document["description"]) <= 5000

    def test_it_says_what_it_is_of_and_whose(self, client):
        document = dataset_of(client, PAGE)
        trip = client.get(f"/api/trips/{SLUG}").json()
        assert document["name"] == trip["title"]
        assert trip["summary"] in document["description"]
        assert document["url"] == document["@id"] == BASE + PAGE
        assert document["version"] == str(trip["revision"])
        assert len(document["license"]) == 3
        assert all(address.startswith("https://") for address in document["license"])
        assert "OpenStreetMap contributors" in document["creditText"]
        assert "GeoNames" in document["creditText"]

    @pytest.mark.parametrize("query", ["", f"?as_of={AS_OF}", "?as_of=2023-09-12T03:00:00Z"])
    def test_its_journey_is_what_was_reported_and_nothing_else(self, client, query):
        stops = client.get(f"/api/trips/{SLUG}/waypoints{query}").json()["waypoints"]
        reported = [stop["place"] for stop in stops if stop["status"] == "reported"]
        assert len(reported) < len(stops) or not query
        document = dataset_of(client, PAGE + query)
        itinerary = document["about"]["itinerary"]
        told = [
            (e["position"], e["item"]["name"], e["item"]["geo"]["longitude"],
             e["item"]["geo"]["latitude"])
            for e in itinerary["itemListElement"]
        ]  # fmt: skip
        assert told == [
            (n, place["name"], place["lon"], place["lat"]) for n, place in enumerate(reported, 1)
        ]
        assert itinerary["numberOfItems"] == len(reported)

    def test_its_box_and_its_days_hold_what_was_reported(self, client):
        document = dataset_of(client, f"{PAGE}?as_of={AS_OF}")
        south, west, north, east = map(float, document["spatialCoverage"]["geo"]["box"].split(" "))
        places = [e["item"]["geo"] for e in document["about"]["itinerary"]["itemListElement"]]
        assert (south, north) == (
            min(p["latitude"] for p in places), max(p["latitude"] for p in places)
        )  # fmt: skip
        assert (west, east) == (
            min(p["longitude"] for p in places), max(p["longitude"] for p in places)
        )  # fmt: skip
        first, last = document["temporalCoverage"].split("/")
        assert datetime.fromisoformat(first) < datetime.fromisoformat(last)
        assert (first, last) == ("2023-09-10", "2023-09-12")

    @pytest.mark.parametrize("query", ["", f"?as_of={AS_OF}&max_speed_kmh=70"])
    def test_everything_that_it_offers_is_there_as_what_it_is_said_to_be(self, client, query):
        offered = dataset_of(client, PAGE + query)["distribution"]
        assert len({each["contentUrl"] for each in offered}) == len(offered) == 19
        for each in offered:
            answer = client.get(each["contentUrl"])
            assert answer.status_code == 200, each
            media_type = answer.headers["content-type"].partition(";")[0]
            assert media_type == each["encodingFormat"]

    def test_what_is_offered_is_of_the_same_moment(self, client):
        offered = dataset_of(client, f"{PAGE}?as_of={AS_OF}")["distribution"]
        of_then = [each for each in offered if f"as_of={STEP}" in each["contentUrl"]]
        # A dossier is always the whole.
        assert len(of_then) == len(offered) - 1
        assert all("as_of" not in e["contentUrl"] for e in dataset_of(client, PAGE)["distribution"])

    def test_before_all_reports_it_tells_of_no_journey(self, client):
        document = dataset_of(client, f"{PAGE}?as_of=1990-01-01T00:00:00Z")
        hold_to_schema_org(document)
        assert not {"dateModified", "temporalCoverage", "spatialCoverage"} & set(document)
        assert "itinerary" not in document["about"]

    @pytest.mark.parametrize("slug", ["none", "one"])
    def test_odd_journeys_are_told_as_well(self, odd, slug):
        document = dataset_of(odd, f"/trips/{slug}")
        hold_to_schema_org(document)
        if slug == "one":
            # One place is no box.
            assert document["spatialCoverage"]["geo"]["@type"] == "GeoCoordinates"
        assert tags_of(odd, f"/trips/{slug}")["og:url"] == f"{BASE}/trips/{slug}"

    def test_it_is_data_for_a_browser_too(self, client):
        page = html5lib.parse(client.get(PAGE).text, namespaceHTMLElements=False)
        (script,) = (e for e in page.iter("script") if e.get("type") == "application/ld+json")
        assert not set(script.attrib) - {"type"}
        assert "'unsafe-inline'" not in client.get(PAGE).headers["content-security-policy"]


class TestHostileText:
    def test_it_stays_text_in_the_tags(self, hostile):
        tags = tags_of(hostile, "/trips/hostile")
        assert tags["og:title"] == HOSTILE
        status = hostile.get("/api/trips/hostile").json()["status_line"]
        assert "</script><script>alert(1)</script>" in status
        assert tags["og:description"] == status
        assert tags["og:image:alt"] == f"Map of the route. {status}"
        assert tags_of(hostile, "/")["og:image:alt"] == f"Map of the route. {status}"

    def test_and_in_the_data(self, hostile):
        document = dataset_of(hostile, "/trips/hostile")
        hold_to_schema_org(document)
        assert document["name"] == document["about"]["name"] == HOSTILE
        places = [e["item"]["name"] for e in document["about"]["itinerary"]["itemListElement"]]
        assert HOSTILE in places
        page = hostile.get("/trips/hostile").text
        block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
        assert json.loads(block[1]) == document
        assert not set("<>&") & set(block[1])
