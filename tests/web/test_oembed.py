"""oEmbed: what other sites get for the address of a trip, and what they make of it."""

import hashlib
import json
import os
import re
import subprocess
import sys
from urllib.parse import parse_qs, urlencode, urlsplit
from xml.etree import ElementTree as ET

import html5lib
import pytest
from starlette.testclient import TestClient

from app.errors import InputError, NotFoundError
from app.main import create_app
from app.rooms import Rooms
from app.settings import Settings
from app.web.oembed import Room, shown_at
from tests.hostile import HOSTILE
from tests.web.test_api import OTHER_PROCESS
from tests.wordpress import LINK_TYPES, READS_BYTES, SECRET, discovered, iframe_of, pasted

pytestmark = pytest.mark.reference

SLUG = "2023-09-russia"
BASE = "http://testserver"
PAGE = f"{BASE}/trips/{SLUG}"
EMBED = f"{BASE}/embed/{SLUG}"
AS_OF = "2023-09-12T13:00:00Z"
BROWSER = {"Accept": "text/html,*/*"}


def asked(client, url=PAGE, **more):
    return client.get("/oembed", params={"url": url, **more})


def frame_address(client, url, **more):
    return iframe_of(asked(client, url, **more).json()["html"])["src"]


class TestTheAnswer:
    def test_it_has_all_that_the_standard_asks_of_a_rich_one(self, client):
        answer = asked(client)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
        document = answer.json()
        assert document["version"] == "1.0"
        assert document["type"] == "rich"
        assert document["title"] == "Kim Jong-un's journey to Russia"
        assert document["provider_name"] == "Dateline"
        assert document["provider_url"] == f"{BASE}/"
        assert (document["width"], document["height"]) == (720, 560)
        assert document["cache_age"] == 86400
        assert set(document) == {
            "version", "type", "title", "provider_name", "provider_url", "cache_age", "html",
            "width", "height", "thumbnail_url", "thumbnail_width", "thumbnail_height",
        }  # fmt: skip

    def test_its_markup_is_one_frame_of_the_embed(self, client):
        assert iframe_of(asked(client).json()["html"]) == {
            "src": EMBED,
            "width": "720",
            "height": "560",
            "title": "Kim Jong-un's journey to Russia: map of the route",
            "frameborder": "0",
            "style": "border:0;max-width:100%",
            "loading": "lazy",
            "allow": "fullscreen",
        }
        assert client.get(EMBED).status_code == 200

    def test_as_xml_it_says_the_same(self, client):
        answer = asked(client, format="xml", maxwidth="500")
        assert answer.headers["content-type"] == "text/xml; charset=utf-8"
        root = ET.fromstring(answer.content)
        assert root.tag == "oembed"
        document = asked(client, format="json", maxwidth="500").json()
        said = [(element.tag, element.text) for element in root]
        assert said == [(name, str(value)) for name, value in document.items()]

    def test_the_thumbnail_is_a_picture_of_that_size(self, client):
        document = asked(client).json()
        picture = client.get(document["thumbnail_url"])
        assert picture.headers["content-type"] == "image/png"
        assert (document["thumbnail_width"], document["thumbnail_height"]) == (1200, 630)
        assert size_of_png(picture.content) == (1200, 630)

    def test_it_may_be_read_and_kept_by_anybody(self, client):
        answer = asked(client)
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "set-cookie" not in answer.headers
        tag = answer.headers["etag"]
        again = client.get("/oembed", params={"url": PAGE}, headers={"If-None-Match": tag})
        assert again.status_code == 304

    def test_what_it_does_not_know_is_ignored(self, client):
        assert asked(client, dnt="1", _="7", callback="x").content == asked(client).content


def size_of_png(body):
    assert body[:8] == b"\x89PNG\r\n\x1a\n"
    return int.from_bytes(body[16:20]), int.from_bytes(body[20:24])


class TestSizes:
    @pytest.mark.parametrize(
        ("room", "size"),
        [
            ({}, (720, 560)),
            ({"maxwidth": "500"}, (500, 560)),
            ({"maxheight": "300"}, (720, 300)),
            ({"maxwidth": "280", "maxheight": "240"}, (280, 240)),
            ({"maxwidth": "100", "maxheight": "50"}, (100, 50)),
            ({"maxwidth": "99999", "maxheight": "99999"}, (720, 560)),
            ({"maxwidth": "", "maxheight": ""}, (720, 560)),
            ({"maxwidth": "0640"}, (640, 560)),
        ],
    )
    def test_a_frame_is_as_large_as_there_is_room(self, client, room, size):
        document = asked(client, **room).json()
        assert (document["width"], document["height"]) == size
        iframe = iframe_of(document["html"])
        assert (iframe["width"], iframe["height"]) == tuple(map(str, size))

    @pytest.mark.parametrize(
        ("room", "size"),
        [
            ({"maxwidth": "1200", "maxheight": "630"}, (1200, 630)),
            ({"maxwidth": "1199"}, (720, 560)),
            ({"maxheight": "629"}, (720, 560)),
            ({"maxwidth": "500", "maxheight": "750"}, (440, 300)),
            ({"maxwidth": "400"}, (360, 520)),
        ],
    )
    def test_a_thumbnail_fits_as_well(self, client, room, size):
        document = asked(client, **room).json()
        assert (document["thumbnail_width"], document["thumbnail_height"]) == size
        assert size_of_png(client.get(document["thumbnail_url"]).content) == size

    def test_none_is_given_where_none_fits(self, client):
        document = asked(client, maxwidth="300").json()
        assert not [name for name in document if name.startswith("thumbnail")]

    @pytest.mark.parametrize(
        ("height", "given"),
        [("700", 700), ("0700", 700), ("1", 560), ("99999", 560), ("auto", 560), ("0", 560)],
    )
    def test_an_address_may_say_how_high_it_is_meant_to_be(self, client, height, given):
        assert asked(client, f"{PAGE}?height={height}").json()["height"] == given
        assert asked(client, f"{PAGE}?height={height}", maxheight="200").json()["height"] == 200

    @pytest.mark.parametrize("name", ["maxwidth", "maxheight"])
    @pytest.mark.parametrize("value", ["0", "-1", "x", "1.5", "1e3", "٣٠٠", "9" * 400, " 1"])
    def test_what_is_no_length_is_refused_by_name(self, client, name, value):
        problem = asked(client, **{name: value})
        assert problem.status_code == 400
        assert problem.json()["parameter"] == name

    def test_a_room_without_bounds_holds_everything(self):
        from app.pictures.look import Size

        assert all(Room().holds(size) for size in Size)
        assert not any(Room(width=1).holds(size) for size in Size)


class TestAddresses:
    @pytest.mark.parametrize(
        "url",
        [
            PAGE,
            f"{PAGE}/",
            EMBED,
            f"{EMBED}/",
            f"https://testserver/trips/{SLUG}",
            f"HTTP://TestServer/trips/{SLUG}",
            f"http://testserver:80/trips/{SLUG}",
            f"https://testserver:443/trips/{SLUG}#claims-title",
            f"{PAGE}?utm_source=x&utm_medium=y&fbclid=1",
            f"{PAGE}?as_of=&lang=",
            f"{BASE}/trips/2023%2D09-russia",
        ],
    )
    def test_the_pages_and_embeds_of_this_site_are_known_however_written(self, client, url):
        assert frame_address(client, url) == EMBED

    @pytest.mark.parametrize(
        "url",
        [
            "http://example.org/trips/2023-09-russia",
            "http://testserver.example.org/trips/2023-09-russia",
            "http://testserver@example.org/trips/2023-09-russia",
            "http://testserver:8080/trips/2023-09-russia",
            "https://testserver:80/trips/2023-09-russia",
            f"{BASE}/",
            f"{BASE}/trips",
            f"{BASE}/trips/nowhere",
            f"{BASE}/embed/nowhere",
            f"{BASE}/trips/2023-09-russia.gpx",
            f"{BASE}/trips/2023-09-russia/map.png",
            f"{BASE}/trips/../trips/2023-09-russia",
            f"{BASE}/x/trips/2023-09-russia",
            f"{BASE}/trips/%3Cscript%3E",
            f"{BASE}/trips/2023-09-russia%00",
            f"{BASE}//evil.example/trips/2023-09-russia",
        ],
    )
    @pytest.mark.parametrize("form", ["json", "xml"])
    def test_others_are_not_here(self, client, url, form):
        problem = client.get("/oembed", params={"url": url, "format": form}, headers=BROWSER)
        assert problem.status_code == 404
        assert problem.headers["content-type"] == "application/problem+json"

    @pytest.mark.parametrize(
        "url",
        [
            "", "x", "/trips/2023-09-russia", "testserver/trips/2023-09-russia", "http://",
            "//testserver/trips/2023-09-russia", "javascript:alert(1)", "http://[::1/trips/x",
            "http://testserver:port/trips/x", "http://testserver:99999/trips/x", "data:text/html,x",
        ],
    )  # fmt: skip
    def test_what_is_no_address_is_refused_by_name(self, client, url):
        problem = asked(client, url)
        assert problem.status_code == 400
        assert problem.headers["content-type"] == "application/problem+json"
        assert problem.json()["parameter"] == "url"

    def test_without_an_address_it_is_asked_for(self, client):
        problem = client.get("/oembed")
        assert problem.status_code == 400
        assert problem.json()["parameter"] == "url"

    @pytest.mark.parametrize("query", ["as_of=junk", "max_speed_kmh=0", "cruise_speed_kmh=nan"])
    def test_an_address_whose_page_would_be_refused_is_refused_too(self, client, query):
        assert client.get(f"/trips/{SLUG}?{query}").status_code == 400
        problem = asked(client, f"{PAGE}?{query}")
        assert problem.status_code == 400
        assert problem.json()["parameter"] == "url"
        assert query.partition("=")[0] in problem.json()["detail"]

    @pytest.mark.parametrize("form", ["yaml", "JSON", "jsonp", "../x"])
    def test_another_format_is_not_implemented(self, client, form):
        problem = asked(client, format=form)
        assert problem.status_code == 501
        assert problem.headers["content-type"] == "application/problem+json"
        assert problem.json()["parameter"] == "format"

    def test_below_a_path_only_what_is_below_it_is_ours(self):
        base = "https://example.org/kim"
        assert shown_at("http://EXAMPLE.org/kim/trips/a-b", base).slug == "a-b"
        for url in ("https://example.org/trips/a-b", "https://example.org/kimtrips/a-b"):
            with pytest.raises(NotFoundError):
                shown_at(url, base)
        with pytest.raises(InputError):
            shown_at("example.org/kim/trips/a-b", base)


class TestWhatGoesIntoTheFrame:
    def test_what_was_chosen_of_the_trip(self, client):
        query = {"as_of": "2023-09-12T22:00:00+09:00", "max_speed_kmh": "70.5"}
        query |= {"cruise_speed_kmh": "55"}
        address = frame_address(client, f"{PAGE}?{urlencode(query)}")
        assert query_of(address) == {
            "as_of": AS_OF, "max_speed_kmh": "70.5", "cruise_speed_kmh": "55"
        }  # fmt: skip
        frame = client.get(address)
        assert frame.status_code == 200
        assert frame.content != client.get(EMBED).content

    def test_a_moment_is_left_as_it_was_asked_for(self, client):
        """An earlier report that is added later belongs to it, which the step would miss."""
        address = frame_address(client, f"{PAGE}?as_of={AS_OF}")
        steps = {step["as_of"] for step in client.get(f"/api/trips/{SLUG}").json()["steps"]}
        assert query_of(address)["as_of"] not in steps

    def test_a_moment_before_all_reports_stays_one(self, client):
        address = frame_address(client, f"{PAGE}?as_of=0001-01-01T00:00:00Z")
        assert "Nothing" in client.get(address.replace("/embed/", "/trips/")).text

    def test_how_the_embed_is_to_look(self, client):
        look = {
            "theme": "dark", "view": "both", "from": "2023-09-10T00:00:00Z", "to": "2023-09-12",
            "slider": "0", "height": "400",
        }  # fmt: skip
        assert query_of(frame_address(client, f"{EMBED}?{urlencode(look)}")) == look
        # A plus sign that was not escaped arrives as a space.
        raw = f"{EMBED}?from=2023-09-10T09:00:00+09:00"
        assert query_of(frame_address(client, raw))["from"] == look["from"]

    def test_what_goes_without_saying_is_left_out(self, client):
        usual = {"lang": "en", "theme": "auto", "view": "map", "slider": "1", "height": ""}
        assert frame_address(client, f"{EMBED}?{urlencode(usual)}") == EMBED

    @pytest.mark.parametrize(
        "query", ["lang=tlh", "theme=sepia", "view=globe", "from=x", "slider=2", "height=1"]
    )
    def test_nothing_that_the_embed_would_refuse(self, client, query):
        assert client.get(f"{EMBED}?{query}").status_code == 400
        for page in (PAGE, EMBED):
            address = frame_address(client, f"{page}?{query}&utm_source=x")
            assert address == EMBED
            assert client.get(address).status_code == 200

    @pytest.mark.parametrize(
        ("view", "height", "title"),
        [
            ("map", 560, "map of the route"),
            ("diagram", 660, "diagram of distance against time"),
            ("both", 1080, "map of the route, and diagram of distance against time"),
        ],
    )
    def test_as_high_as_what_it_shows(self, client, view, height, title):
        document = asked(client, f"{EMBED}?view={view}").json()
        iframe = iframe_of(document["html"])
        assert (document["height"], iframe["height"]) == (height, str(height))
        assert iframe["title"] == f"Kim Jong-un's journey to Russia: {title}"

    @pytest.mark.parametrize("value", ["<script>", "a b&c", '"', "a" * 65, "ü", "a/b", "\x00"])
    def test_nothing_malformed(self, client, value):
        query = urlencode({"theme": value, "view": "both"})
        assert query_of(frame_address(client, f"{PAGE}?{query}")) == {"view": "both"}

    def test_nothing_of_other_sites(self, client):
        url = f"{PAGE}?utm_source=x&v=2&format=csv&view=both&url=http://evil.example&sandbox="
        assert frame_address(client, url) == f"{EMBED}?view=both"

    def test_in_one_order_whatever_the_order_asked(self, client):
        one = asked(client, f"{PAGE}?theme=dark&view=both&as_of={AS_OF}")
        other = asked(client, f"{PAGE}?as_of={AS_OF}&view=both&x=1&theme=dark")
        assert one.content == other.content

    def test_the_thumbnail_is_of_the_same_moment(self, client):
        then = asked(client, f"{PAGE}?as_of={AS_OF}&theme=dark").json()["thumbnail_url"]
        assert query_of(then) == {"size": "card", "as_of": AS_OF, "v": "1"}
        assert client.get(then).content != client.get(f"/trips/{SLUG}/map.png").content


def query_of(address):
    found = parse_qs(urlsplit(address).query, keep_blank_values=True, strict_parsing=True)
    assert all(len(values) == 1 for values in found.values())
    return {name: values[0] for name, values in found.items()}


class TestWhereReadersReachIt:
    def test_without_the_setting_all_is_as_it_was_asked(self, client):
        host = {"Host": "news.example:8080"}
        url = f"http://news.example:8080/trips/{SLUG}"
        document = client.get("/oembed", params={"url": url}, headers=host).json()
        assert iframe_of(document["html"])["src"] == f"http://news.example:8080/embed/{SLUG}"
        assert document["provider_url"] == "http://news.example:8080/"
        assert client.get("/oembed", params={"url": PAGE}, headers=host).status_code == 404

    def test_with_the_setting_nobody_else_chooses_it(self, seeded_rooms):
        settings = Settings(
            var_dir=seeded_rooms.settings.var_dir, public_url="https://dateline.example/kim/"
        )
        public = f"https://dateline.example/kim/trips/{SLUG}"
        with TestClient(create_app(rooms=Rooms(settings))) as client:
            answer = client.get("/oembed", params={"url": public}, headers={"Host": "evil.example"})
            document = answer.json()
            frame = f"https://dateline.example/kim/embed/{SLUG}"
            assert iframe_of(document["html"])["src"] == frame
            assert document["thumbnail_url"].startswith(f"{public}/map.png?")
            assert asked(client, public.replace("https", "http")).content == answer.content
            assert asked(client, PAGE).status_code == 404
            link = client.get(f"/embed/{SLUG}", headers={"Host": "evil.example"}).headers["link"]
            assert "evil" not in link
            assert link.startswith("<https://dateline.example/kim/oembed?url=https:%2F%2Fdateline")

    @pytest.mark.parametrize("host", ["evil<script>", "a b", 'x"', "example.org/path"])
    @pytest.mark.parametrize("path", ["/oembed?url=x", f"/embed/{SLUG}", f"/trips/{SLUG}", "/"])
    def test_a_host_that_is_none_is_refused(self, client, path, host):
        problem = client.get(path, headers={"Host": host, "Accept": "application/json"})
        assert problem.status_code == 400
        assert problem.json()["parameter"] == "Host"


class TestDiscovery:
    @pytest.mark.parametrize("query", ["", f"?as_of={AS_OF}", "?max_speed_kmh=50"])
    def test_a_trips_page_says_where_its_answer_is(self, client, query):
        found = discovered(client.get(f"/trips/{SLUG}{query}").content)
        assert set(found) == {"json", "xml"}
        document = client.get(found["json"]).json()
        xml = ET.fromstring(client.get(found["xml"]).content)
        assert xml.findtext("html") == document["html"]
        # The page tells of the step that was known, which is the same as what was asked for.
        frame = client.get(iframe_of(document["html"])["src"])
        assert frame.content == client.get(f"/embed/{SLUG}{query}").content

    @pytest.mark.parametrize("path", [f"/trips/{SLUG}", f"/embed/{SLUG}"])
    def test_it_says_so_before_anything_else(self, client, path):
        page = client.get(path).content
        assert page.index(b"text/xml+oembed") < 1500 < READS_BYTES
        assert page.index(b"<meta charset") < page.index(b"json+oembed")

    def test_the_links_are_absolute_and_titled(self, client):
        page = html5lib.parse(client.get(f"/trips/{SLUG}").text, namespaceHTMLElements=False)
        links = [e for e in page.iter("link") if e.get("type") in LINK_TYPES]
        assert [link.get("rel") for link in links] == ["alternate", "alternate"]
        assert all(link.get("href").startswith(f"{BASE}/oembed?url=http") for link in links)
        assert {link.get("title") for link in links} == {"Kim Jong-un's journey to Russia"}

    def test_an_embed_says_where_its_answer_is(self, client):
        """Its address is what stands in an article, and is pasted from there."""
        found = discovered(client.get(f"{EMBED}?theme=dark&as_of={AS_OF}&utm_source=x").content)
        document = client.get(found["json"]).json()
        assert ET.fromstring(client.get(found["xml"]).content).findtext("html") == document["html"]
        frame = iframe_of(document["html"])["src"]
        assert query_of(frame)["theme"] == "dark"
        assert client.get(frame).content == client.get(f"{EMBED}?theme=dark&as_of={AS_OF}").content
        # One that follows what becomes known stays one.
        found = discovered(client.get(EMBED).content)
        assert iframe_of(client.get(found["json"]).json()["html"])["src"] == EMBED

    def test_an_embed_says_so_in_a_header(self, client):
        """RFC 8288, as the standard has it beside the links in a page."""
        answer = client.get(f"/embed/{SLUG}?theme=dark&as_of={AS_OF}&utm_source=x")
        link = r'<([^<>]+)>; rel="alternate"; type="([^"]+)"'
        told = re.findall(link, answer.headers["link"])
        found = {media_type: address for address, media_type in told}
        assert set(found) == set(LINK_TYPES)
        document = client.get(found["application/json+oembed"]).json()
        address = f"{EMBED}?as_of={AS_OF}&theme=dark"
        assert iframe_of(document["html"])["src"] == address
        assert "Link" in answer.headers["access-control-expose-headers"]

    def test_no_other_page_says_it_has_one(self, client):
        for path in ("/", "/docs", "/ogc"):
            page = client.get(path, headers={"Accept": "text/html"})
            assert discovered(page.content) == {}


def wordpress(client, url):
    document, markup = pasted(client, url)
    return document, iframe_of(markup)


class TestWordPress:
    def test_its_frame_still_shows_the_embed(self, client):
        document, iframe = wordpress(client, PAGE)
        assert (document["width"], document["height"]) == (600, 560)
        assert iframe["src"] == f"{EMBED}#?secret={SECRET}"
        assert iframe["sandbox"] == "allow-scripts"
        assert (iframe["width"], iframe["height"]) == ("600", "560")
        assert iframe["title"].startswith("Kim Jong-un's journey")
        frame = client.get(iframe["src"].partition("#")[0])
        assert frame.content == client.get(EMBED).content
        assert "frame-ancestors *" in frame.headers["content-security-policy"]
        assert "x-frame-options" not in frame.headers

    def test_it_takes_what_was_chosen_along(self, client):
        _, iframe = wordpress(client, f"{PAGE}?as_of={AS_OF}&max_speed_kmh=70&utm_source=x")
        address, _, fragment = iframe["src"].partition("#")
        assert fragment == f"?secret={SECRET}"
        assert query_of(address) == {"as_of": AS_OF, "max_speed_kmh": "70"}
        assert client.get(address).status_code == 200

    def test_the_first_src_in_its_markup_is_the_frames(self, hostile):
        """It looks for one in the text of the tag, and the title of a trip may hold another."""
        document, iframe = wordpress(hostile, f"{BASE}/trips/hostile")
        assert "src=x" in iframe["title"]
        assert iframe["src"] == f"{BASE}/embed/hostile#?secret={SECRET}"
        assert document["html"].startswith(f'<iframe src="{BASE}/embed/hostile" ')

    def test_the_address_of_an_embed_can_be_pasted_too(self, client):
        _, iframe = wordpress(client, f"{EMBED}?theme=dark&slider=0")
        assert iframe["src"] == f"{EMBED}?theme=dark&slider=0#?secret={SECRET}"


@pytest.mark.parametrize("url", [PAGE, EMBED, f"{EMBED}?view=both"])
def test_ghost_gets_all_that_it_needs(client, url):
    """Ghost drops an answer without these, and makes a bookmark of the page's tags instead."""
    document = client.get(discovered(client.get(url).content)["json"]).json()
    assert document["type"] in ("photo", "video", "link", "rich")
    assert all(document[name] for name in ("type", "version", "html", "width", "height"))


def test_an_answer_is_made_once(client, monkeypatch):
    """Ghost waits two seconds for it, and many who paste the same wait for nothing."""
    first = asked(client, maxwidth="601")

    def never(*_):
        pytest.fail("it was made again")

    monkeypatch.setattr("app.web.oembed._document", never)
    assert asked(client, maxwidth="601").content == first.content
    header = first.headers["cache-control"]
    assert header.startswith("public")
    assert "s-maxage" in header


class TestHostileText:
    def test_it_stays_text_in_every_form(self, hostile):
        url = f"{BASE}/trips/hostile"
        document = asked(hostile, url).json()
        assert document["title"] == HOSTILE
        iframe = iframe_of(document["html"])
        assert iframe["title"] == f"{HOSTILE}: map of the route"
        assert document["html"].count("<") == document["html"].count(">") == 2
        xml = ET.fromstring(asked(hostile, url, format="xml").content)
        assert xml.findtext("title") == HOSTILE
        assert xml.findtext("html") == document["html"]

    def test_and_in_the_links_to_it(self, hostile):
        answer = hostile.get("/trips/hostile")
        assert set(discovered(answer.content)) == {"json", "xml"}
        page = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(answer.text)
        titles = {e.get("title") for e in page.iter("link") if e.get("type") in LINK_TYPES}
        assert titles == {HOSTILE}
        assert "<" not in hostile.get("/embed/hostile").headers["link"].replace("<http://", "")


def test_another_process_makes_the_same_bytes(client, seeded_rooms):
    paths = [
        "/oembed?" + urlencode({"url": url, "format": form, **room})
        for url in (PAGE, f"{EMBED}?as_of={AS_OF}&theme=dark&lang=ko&max_speed_kmh=70.04")
        for form in ("json", "xml")
        for room in ({}, {"maxwidth": "500", "maxheight": "400"})
    ]
    paths += ["/", f"/trips/{SLUG}", f"/trips/{SLUG}?as_of={AS_OF}&max_speed_kmh=50"]
    made = subprocess.run(
        [sys.executable, "-c", OTHER_PROCESS, str(seeded_rooms.settings.var_dir), *paths],
        env={**os.environ, "PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert made.stdout.split() == [
        hashlib.sha256(client.get(path).content).hexdigest() for path in paths
    ]


def test_the_document_is_json_in_one_line(client):
    body = asked(client).content
    assert body.count(b"\n") == 1
    assert json.loads(body)


class TestTripsThatAreNoLongerThere:
    @pytest.fixture
    def rooms(self, seeded_rooms, tmp_path):
        (tmp_path / "reference").symlink_to(seeded_rooms.settings.reference_dir)
        rooms = Rooms(Settings(var_dir=tmp_path))
        rooms.load_dossiers([rooms.settings.seeds_dir / f"{SLUG}.toml"])
        return rooms

    def test_under_its_old_address_a_renamed_one_answers_as_it_is_called_now(self, rooms):
        """WordPress asks for what was pasted, whatever address the page led it on to."""
        rooms.repository.rename(SLUG, "to-russia", who="a test")
        with TestClient(create_app(rooms=rooms)) as client:
            old = asked(client, f"{PAGE}?as_of={AS_OF}")
            assert iframe_of(old.json()["html"])["src"] == f"{BASE}/embed/to-russia?as_of={AS_OF}"
            assert old.content == asked(client, f"{BASE}/trips/to-russia?as_of={AS_OF}").content

    def test_a_withdrawn_one_has_no_answer(self, rooms):
        rooms.repository.withdraw(SLUG, "Withdrawn at the wish of its source.", who="a test")
        with TestClient(create_app(rooms=rooms)) as client:
            problem = asked(client)
            assert problem.status_code in (404, 410)
            assert problem.headers["content-type"] == "application/problem+json"
