"""`/feed.atom`, `/feed.json`, and those of each trip."""

import json
from xml.etree import ElementTree as ET

import pytest
from html5lib import parse
from starlette.testclient import TestClient

from app.main import create_app
from app.rooms import Rooms
from app.settings import Settings
from tests.publication.standards import ATOM
from tests.publication.test_feeds import hold_to_rfc_4287

pytestmark = pytest.mark.reference

SLUG = "2023-09-russia"
FEEDS = ("/feed.atom", "/feed.json", f"/trips/{SLUG}/feed.atom", f"/trips/{SLUG}/feed.json")
TYPES = {"atom": "application/atom+xml", "json": "application/feed+json"}
JSON = {"Accept": "application/json"}
every_feed = pytest.mark.parametrize("path", FEEDS)


def links_of(feed):
    root = ET.fromstring(feed)
    return {e.get("rel"): e.get("href") for e in root.findall(f"{ATOM}link")}


@every_feed
def test_a_feed_is_served_as_what_it_is(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == TYPES[path.rpartition(".")[2]]
    assert "content-disposition" not in answer.headers
    again = client.get(path, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


@every_feed
def test_what_other_sites_add_is_ignored(client, path):
    assert client.get(f"{path}?utm_source=x&as_of=junk").content == client.get(path).content


@pytest.mark.parametrize(
    ("path", "page"), [("/feed", "/"), (f"/trips/{SLUG}/feed", f"/trips/{SLUG}")]
)
def test_a_feed_says_where_it_is_and_leads_to_the_page(client, path, page):
    base = "http://news.example:8080"
    host = {"Host": "news.example:8080"}
    links = links_of(client.get(f"{path}.atom", headers=host).content)
    assert links == {"self": f"{base}{path}.atom", "alternate": f"{base}{page}"}
    feed = client.get(f"{path}.json", headers=host).json()
    assert feed["feed_url"] == f"{base}{path}.json"
    assert feed["home_page_url"] == f"{base}{page}"
    assert client.get(path + ".atom").content != client.get(path + ".atom", headers=host).content


def test_every_entry_leads_to_a_claim_that_stands_on_the_page_of_then(client):
    for entry in client.get(f"/trips/{SLUG}/feed.json").json()["items"]:
        address, _, anchor = entry["url"].removeprefix("http://testserver").partition("#")
        page = client.get(address)
        assert page.status_code == 200
        assert f'id="{anchor}"' in page.text


@every_feed
@pytest.mark.parametrize(
    "host", ["evil<script>", "a b", 'x"', "example.org/path", "user@host", "", "a:b", "ü.example"]
)
def test_a_host_that_is_none_is_refused_or_not_used(client, path, host):
    answer = client.get(path, headers={**JSON, "Host": host.encode("utf-8")})
    if host:
        assert answer.status_code == 400
        assert answer.json()["parameter"].lower() == "host"
    else:
        assert answer.status_code == 200
        hold = answer.text
        assert "http://testserver" in hold


def test_where_an_address_is_set_nobody_else_chooses_it(seeded_rooms):
    settings = Settings(
        var_dir=seeded_rooms.settings.var_dir, public_url="https://dateline.example/kim/"
    )
    with TestClient(create_app(rooms=Rooms(settings))) as client:
        plain = client.get("/feed.atom")
        assert client.get("/feed.atom", headers={"Host": "evil.example"}).content == plain.content
        hold_to_rfc_4287(plain.content)
        assert links_of(plain.content)["self"] == "https://dateline.example/kim/feed.atom"
        feed = json.loads(client.get("/feed.json", headers={"Host": "a b"}).content)
        assert feed["home_page_url"] == "https://dateline.example/kim/"


@pytest.mark.parametrize(
    "value", ["example.org", "ftp://x", "https://", "https://x/?a=b", "https://x y", "https://x/#a"]
)
def test_an_address_that_is_none_is_refused_at_the_start(value):
    with pytest.raises(ValueError, match="give an address such as"):
        Settings(public_url=value)


@pytest.mark.parametrize("ending", ["atom", "json"])
def test_an_unknown_trip_has_no_feed(client, ending):
    assert client.get(f"/trips/nowhere/feed.{ending}", headers=JSON).status_code == 404


@pytest.mark.parametrize(
    ("path", "feed"), [("/", "/feed"), (f"/trips/{SLUG}", f"/trips/{SLUG}/feed")]
)
def test_readers_of_feeds_find_them_from_the_page(client, path, feed):
    page = parse(client.get(path).text, namespaceHTMLElements=False)
    found = {
        link.get("type"): link.get("href")
        for link in page.find("head").findall("link")
        if link.get("rel") == "alternate"
    }
    assert found["application/atom+xml"] == f"{feed}.atom"
    assert found["application/feed+json"] == f"{feed}.json"


def test_the_api_links_to_the_feeds(client):
    links = client.get(f"/api/trips/{SLUG}").json()["links"]
    assert links["atom"] == f"/trips/{SLUG}/feed.atom"
    assert links["json_feed"] == f"/trips/{SLUG}/feed.json"
