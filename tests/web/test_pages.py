"""Pages as they come over the wire: valid, titled, complete without script."""

import json
import re

import html5lib
import pytest

from app.web.templating import hours, json_block, number_range, web_address

TRIP = "/trips/2023-09-russia"
EMBED = "/embed/2023-09-russia"
DATA = ("application/json", "application/ld+json")
SAID = ("canonical", "alternate")  # links that are followed by those who want to, never loaded
PAGES = ["/", TRIP, f"{TRIP}?as_of=2023-09-12T03:00:00Z", f"{TRIP}?as_of=1990-01-01T00:00:00Z"]
PAGES += [EMBED, f"{EMBED}?as_of=1990-01-01T00:00:00Z", "/docs", "/trips/nope"]


def parsed(html: str):
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_valid_titled_and_in_a_language(client, path):
    page = parsed(client.get(path, headers={"accept": "text/html"}).text)
    assert page.get("lang") == "en"
    assert "Dateline" in page.findtext("head/title")
    assert len(page.findall(".//h1")) == 1
    assert len(page.findall(".//main")) == 1
    viewport = page.find("head/meta[@name='viewport']").get("content")
    assert "maximum-scale" not in viewport
    assert "user-scalable" not in viewport


@pytest.mark.parametrize("path", PAGES)
def test_pages_hold_no_inline_script_style_or_handler(client, path):
    page = parsed(client.get(path, headers={"accept": "text/html"}).text)
    for script in page.iter("script"):
        assert script.get("src") or script.get("type") in DATA
    assert page.find(".//style") is None
    for element in page.iter():
        if isinstance(element.tag, str):
            assert not [name for name in element.attrib if name == "style" or name.startswith("on")]


@pytest.mark.parametrize("path", PAGES)
def test_pages_load_from_nowhere_else(client, path):
    html = client.get(path, headers={"accept": "text/html"}).text
    loaded = [e.get("href") for e in parsed(html).iter("link") if e.get("rel") not in SAID]
    assert [address for address in loaded if "//" in address] == []
    assert re.findall(r"""src(?:set)?=["'](?:https?:)?//[^"']*""", html) == []


@pytest.mark.parametrize("path", PAGES[:6])
def test_all_that_a_page_loads_is_there(client, path):
    page = parsed(client.get(path).text)
    addresses = [script.get("src") for script in page.iter("script")]
    addresses += [
        e.get("href") for e in page.iter("link") if e.get("rel") in ("stylesheet", "icon")
    ]
    addresses += [e.get("data-ground") for e in page.iter("div")]
    for address in filter(None, addresses):
        assert client.get(address).status_code == 200, address


def test_the_tables_tell_everything_without_script(client):
    page = parsed(client.get(f"{TRIP}?as_of=2023-09-12T13:00:00Z").text)
    counts = {part.get("data-part"): len(part) for part in page.iter() if part.get("data-part")}
    assert (counts["stops"], counts["legs"], counts["claims"]) == (8, 7, 15)
    text = "".join(page.itertext())
    for said in ("Left", "10 Sep 12:00–18:00 UTC+9", "평양", "Хасан", "RIA Novosti", "60 km/h"):
        assert said in text


def test_only_what_was_published_by_then_is_shown(client):
    text = client.get(f"{TRIP}?as_of=2023-09-12T03:00:00Z").text
    assert "Khasan" not in text
    assert "The New York Times" in text


def test_each_step_has_a_plain_link(client):
    page = parsed(client.get(TRIP).text)
    links = [a.get("href") for a in page.iter("a") if a.get("data-as-of")]
    assert len(links) == 16
    for link in links:
        assert client.get(link).status_code == 200


def test_every_link_within_a_page_leads_somewhere_at_every_step(client):
    for slug in ("2019-02-hanoi", "2023-09-russia"):
        for step in client.get(f"/api/trips/{slug}").json()["steps"]:
            page = parsed(client.get(f"/trips/{slug}", params={"as_of": step["as_of"]}).text)
            there = {element.get("id") for element in page.iter()}
            links = {a.get("href")[1:] for a in page.iter("a") if a.get("href")[:1] == "#"}
            assert links <= there, step


def test_addresses_may_carry_what_other_sites_add(client):
    assert client.get(f"{TRIP}?utm_source=x&dnt=1").content == client.get(TRIP).content


def test_a_bad_as_of_is_refused_in_a_page_that_names_it(client):
    answer = client.get(f"{TRIP}?as_of=junk", headers={"accept": "text/html"})
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/html")
    assert "as_of" in answer.text


def test_an_unknown_trip_is_a_page_for_readers_and_a_problem_for_programs(client):
    page = client.get("/trips/nope", headers={"accept": "text/html"})
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    problem = client.get("/api/trips/nope", headers={"accept": "text/html"})
    assert problem.headers["content-type"] == "application/problem+json"


def test_a_page_that_has_not_changed_is_not_sent_again(client):
    tag = client.get(TRIP).headers["etag"]
    assert client.get(TRIP, headers={"if-none-match": tag}).status_code == 304


@pytest.mark.parametrize("path", ["/static/x/../../pyproject.toml", "/static/x/no.js", "/vendor/x"])
def test_only_known_files_are_served(client, path):
    assert client.get(path).status_code == 404


def test_assets_are_kept_for_ever_and_old_addresses_of_ours_are_not(client):
    page = parsed(client.get(TRIP).text)
    ours = next(s.get("src") for s in page.iter("script") if "/static/" in (s.get("src") or ""))
    assert "immutable" in client.get(ours).headers["cache-control"]
    old = re.sub(r"/static/[^/]+/", "/static/0/", ours)
    assert "max-age=0" in client.get(old).headers["cache-control"]


def test_json_in_a_page_cannot_end_its_element_and_reads_back_the_same():
    value = {"title": "</script><!-- <script> & \u202e ' \" ${x}"}
    text = json_block(value)
    assert not set("<>&") & set(text)
    assert json.loads(text) == value


@pytest.mark.parametrize(
    "value", ["javascript:alert(1)", "data:text/html,x", "//x", "http://[", None]
)
def test_only_web_addresses_become_links(value):
    assert web_address(value) is None


def test_bounds_are_said_as_bounds():
    assert number_range({"min": 21.2, "max": 45.4}, "h") == "21–45 h"
    assert number_range({"min": 21.2, "max": None}, "h") == "at least 21 h"
    assert number_range({"min": 0.0, "max": 3.25}, "h") == "at most 3.2 h"
    assert number_range({"min": None, "max": None}, "h") == "not known"
    assert hours(4.25) == "4 h 15 min"


class TestOtherSpeeds:
    """A page under assumptions of the reader's own, as a link that can be sent on."""

    PAGE = "/trips/2025-09-beijing?max_speed_kmh=50"

    def test_the_page_tells_what_follows_from_them(self, client):
        text = client.get(self.PAGE).text
        assert "the assumed maximum is 50 km/h" in text
        assert "it goes no faster than" in text
        assert "chosen by the reader" in text
        assert "the assumed maximum" not in client.get("/trips/2025-09-beijing").text

    def test_all_that_leads_on_from_it_keeps_them(self, client):
        page = parsed(client.get(self.PAGE).text)
        steps = [a.get("href") for a in page.iter("a") if a.get("data-as-of")]
        pictures = [a.get("href") for a in page.iter("a") if "/time-distance." in a.get("href")]
        assert steps
        assert pictures
        assert all("max_speed_kmh=50" in address for address in steps + pictures)
        for address in pictures:
            assert client.get(address).status_code == 200
        (data,) = (s.text for s in page.iter("script") if s.get("id") == "trip-data")
        assert json.loads(data)["speeds"] == {"max_speed_kmh": 50}

    def test_the_diagram_marks_the_contradiction(self, client):
        svg = client.get("/trips/2025-09-beijing/time-distance.svg?max_speed_kmh=50").text
        assert "takes 59 km/h, 50 is assumed" in svg
        assert 'data-contradiction="1"' in svg

    @pytest.mark.parametrize("value", ["0", "fast", "nan", "1e9", "-5"])
    @pytest.mark.parametrize("name", ["max_speed_kmh", "cruise_speed_kmh"])
    def test_what_is_no_speed_is_refused_by_name(self, client, name, value):
        answer = client.get(f"/trips/2025-09-beijing?{name}={value}")
        assert answer.status_code == 400
        assert name in answer.text

    def test_a_field_of_the_form_that_was_left_empty_is_no_speed(self, client):
        plain = client.get("/trips/2025-09-beijing")
        empty = client.get("/trips/2025-09-beijing?max_speed_kmh=&cruise_speed_kmh=")
        assert empty.content == plain.content
