"""Links never break: a renamed trip is found under its old name, a withdrawn one says why."""

import html
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.rooms import Rooms
from app.settings import Settings

pytestmark = pytest.mark.reference

OLD, NEW = "2025-09-beijing", "2025-09-parade"
OTHER = "2019-04-vladivostok"
WHY = "</bdi><script>alert('{{ 7*7 }}')</script> & the \u202ephoto was of another train."
PAGE = {"Accept": "text/html,*/*;q=0.8"}
AS_OF = "as_of=2025-09-02T09%3A00%3A00Z"

PARTS = [
    "/trips/{}",
    "/trips/{}.gpx",
    "/trips/{}.kml",
    "/trips/{}.geojson",
    "/trips/{}.csv",
    "/trips/{}.toml",
    "/trips/{}/map.svg",
    "/trips/{}/map.png",
    "/trips/{}/time-distance.svg",
    "/trips/{}/map.js",
    "/trips/{}/basemap.json",
    "/trips/{}/feed.atom",
    "/trips/{}/feed.json",
    "/embed/{}",
    "/api/trips/{}",
    "/api/trips/{}/revision",
    "/api/trips/{}/waypoints",
    "/api/trips/{}/legs",
    "/api/trips/{}/sightings",
    "/api/trips/{}/sources",
    "/api/trips/{}/contradictions",
    "/api/trips/{}/position?at=2025-09-02T09:00:00Z",
]
PAGES = ["/trips/{}", "/embed/{}"]
LISTS = ["/", "/api/trips", "/feed.atom", "/feed.json", "/ogc/collections/legs/items"]


@pytest.fixture
def rooms(seeded_rooms: Rooms, reference_dir: Path, tmp_path: Path) -> Rooms:
    """Two trips in a database of their own, over what is heavy and the same for all."""
    (tmp_path / "reference").symlink_to(reference_dir)
    rooms = Rooms(Settings(var_dir=tmp_path))
    for name in ("gazetteer", "zones", "router", "basemap", "rail_lines", "lettering", "assets"):
        rooms.__dict__[name] = getattr(seeded_rooms, name)
    rooms.load_dossiers([rooms.settings.seeds_dir / f"{slug}.toml" for slug in (OLD, OTHER)])
    return rooms


@pytest.fixture
def client(rooms: Rooms) -> Iterator[TestClient]:
    with TestClient(create_app(rooms=rooms), follow_redirects=False) as client:
        yield client


class TestRenamed:
    @pytest.fixture(autouse=True)
    def renamed(self, rooms: Rooms) -> None:
        rooms.repository.rename(OLD, NEW, who="test")

    @pytest.mark.parametrize("path", PARTS)
    @pytest.mark.parametrize("accept", ["*/*", PAGE["Accept"], "application/json"])
    def test_every_address_leads_to_the_same_of_the_new_name(self, client, path, accept):
        answer = client.get(path.format(OLD), headers={"Accept": accept})
        assert answer.status_code == 308
        assert answer.headers["location"] == path.format(NEW)
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.content == b""

    @pytest.mark.parametrize("path", PARTS)
    def test_there_it_is(self, client, path):
        assert client.get(path.format(OLD), follow_redirects=True).status_code == 200

    @pytest.mark.parametrize(
        "query",
        [
            AS_OF,
            f"{AS_OF}&max_speed_kmh=70&utm_source=a%20b",
            "theme=dark&lang=ko&x=%26%3D%23",
            "q=%ff%fe&%00=%0d%0a",
            "a=b?c/d:@!$'()*+,;",
            "=&&;",
        ],
    )
    def test_what_was_chosen_is_kept(self, client, query):
        answer = client.get(f"/embed/{OLD}?{query}")
        assert answer.headers["location"] == f"/embed/{NEW}?{query}"

    def test_what_cannot_stand_in_a_header_is_escaped(self, client):
        answer = client.get(f'/embed/{OLD}?q="<한>"')
        assert answer.headers["location"] == f"/embed/{NEW}?q=%22%3C%ED%95%9C%3E%22"

    def test_the_choice_is_made_there(self, client):
        answer = client.get(f"/api/trips/{OLD}/waypoints?{AS_OF}", follow_redirects=True)
        assert answer.json() == client.get(f"/api/trips/{NEW}/waypoints?{AS_OF}").json()
        assert answer.json()["trip"] == NEW

    @pytest.mark.parametrize("path", PARTS)
    def test_head_says_the_same(self, client, path):
        get, head = client.get(path.format(OLD)), client.head(path.format(OLD))
        assert (head.status_code, head.headers) == (308, get.headers)

    @pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
    def test_other_methods_are_refused_as_everywhere(self, client, method):
        assert client.request(method, f"/trips/{OLD}").status_code == 405

    def test_a_name_in_an_ending_or_a_longer_name_is_another(self, client):
        for path in (f"/trips/{OLD}x", f"/trips/x{OLD}", f"/trips/x/{OLD}", f"/embed/{OLD}.html"):
            assert client.get(path).status_code == 404

    @pytest.mark.parametrize("path", ["//evil.example/", "/trips//evil.example/"])
    def test_nobody_is_led_to_another_host(self, client, path):
        answer = client.get(f"{path}{OLD}")
        assert not answer.headers.get("location", "/x").startswith("//")

    def test_a_slash_at_the_end_is_no_obstacle(self, client):
        answer = client.get(f"/embed/{OLD}/?{AS_OF}", follow_redirects=True)
        assert (answer.status_code, answer.url.path) == (200, f"/embed/{NEW}")
        assert answer.url.query.decode() == AS_OF

    def test_in_a_frame_it_is_an_embed_all_the_way(self, client):
        first = client.get(f"/embed/{OLD}", headers=PAGE)
        assert "frame-ancestors *" in first.headers["content-security-policy"]
        assert "x-frame-options" not in first.headers

    def test_a_shared_cache_may_keep_it_shortly_and_nobody_for_ever(self, client):
        told = client.get(f"/embed/{OLD}").headers["cache-control"]
        assert "max-age=0" in told
        assert "s-maxage" in told

    def test_a_chain_takes_one_step(self, client, rooms):
        rooms.repository.rename(NEW, "third", who="test")
        for slug in (OLD, NEW):
            assert client.get(f"/embed/{slug}").headers["location"] == "/embed/third"
        assert client.get("/embed/third").status_code == 200

    def test_there_and_back_again_is_no_circle(self, client, rooms):
        assert client.get(f"/embed/{OLD}").status_code == 308
        rooms.repository.rename(NEW, OLD, who="test")
        assert client.get(f"/embed/{OLD}").status_code == 200
        assert client.get(f"/embed/{NEW}").headers["location"] == f"/embed/{OLD}"

    def test_lists_know_the_new_name_alone(self, client):
        for path in LISTS:
            said = client.get(path).text
            assert NEW in said, path
            assert OLD not in said, path


def test_what_is_kept_does_not_hide_a_new_name(client, rooms):
    for path in PARTS:
        assert client.get(path.format(OLD)).status_code == 200
        assert client.get(path.format(NEW)).status_code == 404
    rooms.repository.rename(OLD, NEW, who="test")
    for path in PARTS:
        assert client.get(path.format(OLD)).status_code == 308
        assert client.get(path.format(NEW)).status_code == 200


def test_who_reads_a_feed_is_told_nothing_twice(client, rooms):
    def told(feed: dict) -> list[tuple[str, str]]:
        return [(item["id"], item["title"]) for item in feed["items"]]

    of_trip, of_all = client.get(f"/trips/{OLD}/feed.json").json(), client.get("/feed.json").json()
    atom = client.get(f"/trips/{OLD}/feed.atom").text
    rooms.repository.rename(OLD, NEW, who="test")
    rooms.repository.rename(NEW, "third", who="test")
    assert told(client.get("/trips/third/feed.json").json()) == told(of_trip)
    assert told(client.get("/feed.json").json()) == told(of_all)
    assert client.get("/trips/third/feed.atom").text == atom.replace(OLD, "third")


class TestWithdrawn:
    @pytest.fixture(autouse=True)
    def withdrawn(self, rooms: Rooms) -> None:
        rooms.repository.withdraw(OLD, WHY, who="test")

    @pytest.mark.parametrize("path", PARTS)
    @pytest.mark.parametrize("accept", ["*/*", PAGE["Accept"], "application/json", "image/*"])
    def test_every_address_is_gone_and_nothing_is_kept(self, client, path, accept):
        answer = client.get(path.format(OLD), headers={"Accept": accept})
        assert answer.status_code == 410
        assert answer.headers["cache-control"] == "no-store"

    @pytest.mark.parametrize("path", [path for path in PARTS if path not in PAGES])
    def test_programs_are_told_as_of_any_problem(self, client, path):
        answer = client.get(path.format(OLD), headers=PAGE)
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["access-control-allow-origin"] == "*"
        said = answer.json()
        assert (said["title"], said["status"], said["detail"]) == ("Withdrawn", 410, WHY)

    @pytest.mark.parametrize("path", PAGES)
    def test_readers_are_told_in_a_sentence_that_stays_text(self, client, path):
        answer = client.get(path.format(OLD), headers=PAGE)
        assert answer.headers["content-type"].startswith("text/html")
        sentence = answer.text.partition("<bdi>")[2].partition("</bdi>")[0]
        assert html.unescape(sentence.replace("<wbr>", "")) == WHY
        assert "<" not in sentence.replace("<wbr>", "")

    def test_a_frame_may_show_it_and_nobody_may_frame_the_page(self, client):
        framed = client.get(f"/embed/{OLD}", headers=PAGE)
        assert "frame-ancestors *" in framed.headers["content-security-policy"]
        assert "x-frame-options" not in framed.headers
        assert framed.headers["access-control-allow-origin"] == "*"
        page = client.get(f"/trips/{OLD}", headers=PAGE)
        assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
        assert page.headers["x-frame-options"] == "DENY"

    def test_in_a_frame_every_link_opens_elsewhere(self, client):
        framed = client.get(f"/embed/{OLD}", headers=PAGE).text
        assert framed.count("<a ") == framed.count('target="_blank" rel="noopener"') == 1

    @pytest.mark.parametrize("path", PARTS)
    def test_head_says_the_same(self, client, path):
        get, head = client.get(path.format(OLD)), client.head(path.format(OLD))
        assert (head.status_code, head.headers, head.content) == (410, get.headers, b"")

    def test_options_and_conditions_change_nothing(self, client):
        headers = {**PAGE, "If-None-Match": "*", "Range": "bytes=0-9"}
        assert client.get(f"/embed/{OLD}?{AS_OF}&theme=dark", headers=headers).status_code == 410

    def test_it_is_in_no_list(self, client):
        for path in (*LISTS, "/ogc/collections/places/items", "/ogc/collections/sightings/items"):
            said = client.get(path)
            assert said.status_code == 200
            assert OLD not in said.text, path
        assert client.get("/api/trips").json()["trips"][0]["trip"] == OTHER
        assert client.get("/healthz").status_code == 200

    def test_it_is_back_when_it_is_restored(self, client, rooms):
        assert client.get(f"/embed/{OLD}").status_code == 410
        rooms.repository.restore(OLD, who="test")
        for path in PARTS:
            assert client.get(path.format(OLD)).status_code == 200
        assert OLD in client.get("/").text

    def test_its_old_names_lead_there(self, client, rooms):
        rooms.repository.rename(OLD, NEW, who="test")
        assert client.get(f"/embed/{OLD}").status_code == 308
        assert client.get(f"/embed/{OLD}", follow_redirects=True).status_code == 410


def test_what_is_kept_does_not_hide_that_a_trip_is_withdrawn(client, rooms):
    tags = {path: client.get(path.format(OLD)).headers["etag"] for path in PARTS}
    assert all(OLD in client.get(path).text for path in LISTS)
    rooms.repository.withdraw(OLD, WHY, who="test")
    for path, tag in tags.items():
        answer = client.get(path.format(OLD), headers={"If-None-Match": tag})
        assert answer.status_code == 410, path
    assert not any(OLD in client.get(path).text for path in LISTS)


def test_a_list_is_made_anew_when_a_trip_leaves_while_it_is_made(client, rooms, monkeypatch):
    listed = rooms.repository.slugs

    def then_withdrawn() -> list[str]:
        slugs = listed()
        if OLD in slugs:
            rooms.repository.withdraw(OLD, WHY, who="test")
        return slugs

    monkeypatch.setattr(rooms.repository, "slugs", then_withdrawn)
    (trip,) = client.get("/api/trips").json()["trips"]
    assert trip["trip"] == OTHER
