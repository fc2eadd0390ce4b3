"""The document that other sites frame, as it comes over the wire."""

import json
import re
from collections.abc import Iterator
from urllib.parse import urljoin

import html5lib
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.main import create_app
from app.pictures.palette import DARK, LIGHT
from app.publication.cache import Answer
from app.publication.codings import Coding, encode
from app.rooms import Rooms
from app.settings import Settings
from app.web.addresses import with_query
from app.web.embed_choice import OFFERED, EmbedChoice
from app.web.pages import Pages
from app.words import ENGLISH
from tests.hostile import HOSTILE
from tests.web.test_embed_choice import accepted

pytestmark = pytest.mark.reference

SLUG = "2023-09-russia"
EMBED = f"/embed/{SLUG}"
AS_OF = "2023-09-12T13:00:00Z"
PAGE = {"Accept": "text/html,*/*;q=0.8"}
VIEWS = OFFERED["view"]


def parsed(html: str):
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)


def page_of(client, query: str = ""):
    answer = client.get(f"{EMBED}{query}", headers=PAGE)
    assert answer.status_code == 200
    return parsed(answer.text)


def data_of(page):
    (script,) = [s for s in page.iter("script") if s.get("id") == "trip-data"]
    return json.loads(script.text)


def loaded_by(page) -> Iterator[str]:
    for script in page.iter("script"):
        if script.get("src"):
            yield script.get("src")
    for link in page.iter("link"):
        if link.get("rel") in ("stylesheet", "icon", "modulepreload"):
            yield link.get("href")
    for element in page.iter("div"):
        if element.get("data-ground"):
            yield element.get("data-ground")


class TestOneChoiceOneAnswer:
    @settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)
    @given(choice=accepted(), other=accepted())
    def test_equal_choices_have_equal_bytes_and_others_not(self, client, choice, other):
        one, two = (client.get(with_query(EMBED, c.query)) for c in (choice, other))
        assert (one.status_code, two.status_code) == (200, 200)
        assert (one.content == two.content) == (choice == other)

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("", "?lang=en&theme=auto&view=map&slider=1&height=&from=&to=&as_of="),
            ("?theme=dark&view=both", "?view=both&theme=dark"),
            ("?height=400", "?height=0400"),
            ("?from=2023-09-12T09:00:00%2B09:00", "?from=2023-09-12T00:00:00Z"),
            ("?max_speed_kmh=70", "?max_speed_kmh=70.04"),
            (f"?as_of={AS_OF}", "?as_of=2023-09-12T13:00:01Z"),
        ],
    )
    def test_what_means_the_same_is_the_same(self, client, one, other):
        assert client.get(EMBED + one).content == client.get(EMBED + other).content

    @pytest.mark.parametrize(
        "added", ["utm_source=x", "dnt=1&childId=7", "v=9&format=csv", "%00=%ff", "Theme=dark"]
    )
    def test_what_other_sites_add_changes_nothing(self, client, added):
        for query in ("", "?theme=dark&view=both"):
            plain = client.get(EMBED + query)
            more = client.get(f"{EMBED}{query}{'&' if query else '?'}{added}")
            assert (more.content, more.headers["etag"]) == (plain.content, plain.headers["etag"])

    def test_nothing_is_made_twice_for_what_means_the_same(self, seeded_rooms, monkeypatch):
        made = []
        render = Pages._render

        def counting(pages: Pages, template: str, context: dict) -> Answer:
            made.append(template)
            return render(pages, template, context)

        monkeypatch.setattr(Pages, "_render", counting)
        with TestClient(create_app(rooms=seeded_rooms)) as fresh:
            for query in ("?theme=dark", "?utm_source=1&theme=dark", "?theme=dark&view=map"):
                assert fresh.get(EMBED + query).status_code == 200
        assert made == ["embed.html"]

    def test_where_its_oembed_answer_is_stands_in_a_header(self, client):
        link = client.get(f"{EMBED}?theme=dark&utm_source=x&as_of={AS_OF}").headers["link"]
        assert "theme%3Ddark" in link
        assert "as_of" in link
        assert "utm_source" not in link


class TestTheContractWithScripts:
    @pytest.mark.parametrize("view", VIEWS)
    def test_the_data_says_what_scripts_need(self, client, view):
        query = f"?view={view}&theme=dark&height=400&slider=0&utm_source=x&as_of={AS_OF}"
        data = data_of(page_of(client, query))
        assert data["words"] == ENGLISH.for_scripts
        assert data["opens_on"] is None
        assert data["live"] == f"/api/trips/{SLUG}/revision"
        assert data["height"] == 400
        expected = (
            f"{EMBED}?theme=dark&{'' if view == 'map' else f'view={view}&'}slider=0&height=400"
        )
        assert data["address"] == expected
        assert client.get(data["live"]).json()["trip"] == SLUG

    def test_at_its_address_it_is_itself_at_the_latest_step(self, client):
        query = "?view=both&max_speed_kmh=70&from=2023-09-12&to=2023-09-13T05:00:00%2B09:00"
        address = data_of(page_of(client, f"{query}&as_of={AS_OF}"))["address"]
        assert client.get(address).content == client.get(EMBED + query).content

    def test_a_page_of_a_trip_has_the_words_and_is_not_live(self, client):
        data = data_of(parsed(client.get(f"/trips/{SLUG}").text))
        assert data["words"] == ENGLISH.for_scripts
        assert [data[name] for name in ("opens_on", "live", "address", "height")] == [None] * 4

    @pytest.mark.parametrize("view", VIEWS)
    def test_only_what_is_shown_is_loaded(self, client, view):
        page = page_of(client, f"?view={view}")
        loaded = " ".join(loaded_by(page))
        has_map, has_diagram = view != "diagram", view != "map"
        assert (page.find(".//*[@id='map']") is not None) == has_map
        assert ("leaflet" in loaded.lower()) == ("/map.js" in loaded) == has_map
        assert ("/js/main.js" in loaded) == has_map
        assert ("/js/embed_diagram.js" in loaded) == (not has_map)
        figures = page.findall(".//figure[@data-part='diagram']")
        assert len(figures) == has_diagram
        assert len(page.findall(".//{http://www.w3.org/2000/svg}svg")) in (0, len(figures) * 3)

    @pytest.mark.parametrize("view", VIEWS)
    def test_the_slider_is_there_or_not_and_the_moment_always(self, client, view):
        with_it, without = (page_of(client, f"?view={view}&slider={n}") for n in "10")
        assert with_it.find(".//*[@data-slider]") is not None
        assert without.find(".//*[@data-slider]") is None
        assert without.find(".//*[@data-part='steps']") is None
        for page in (with_it, without):
            (known,) = page.findall(".//*[@data-part='known']")
            assert "20 Sep 2023" in "".join(known.itertext())

    def test_a_step_keeps_what_was_chosen(self, client):
        page = page_of(client, "?theme=dark&view=both&max_speed_kmh=70&from=2023-09-12")
        links = [a.get("href") for a in page.iter("a") if a.get("data-as-of")]
        assert len(links) == 16
        for link in (links[0], links[-1]):
            step = parsed(client.get(link).text)
            assert step.get("data-theme") == "dark"
            assert data_of(step)["address"] == data_of(page)["address"]


class TestThemes:
    @pytest.mark.parametrize(
        ("theme", "scheme"), [("auto", "light dark"), ("light", "light"), ("dark", "dark")]
    )
    def test_the_document_says_which(self, client, theme, scheme):
        page = page_of(client, f"?theme={theme}")
        assert page.get("data-theme") == theme
        assert page.find("head/meta[@name='color-scheme']").get("content") == scheme

    @pytest.mark.parametrize("theme", OFFERED["theme"])
    def test_the_pictures_in_place_of_the_map_are_in_it(self, client, theme):
        page = page_of(client, f"?theme={theme}&as_of={AS_OF}")
        shown = [e for p in page.iter("picture") for e in p.iter() if e.tag in ("source", "img")]
        assert shown
        for element in shown:
            prefers_dark = "dark" in (element.get("media") or "")
            is_dark = theme == "dark" or (theme == "auto" and prefers_dark)
            assert theme == "auto" or not prefers_dark
            address = element.get("srcset") or element.get("src")
            assert "as_of=2023-09-12T12:34:00Z" in address
            svg = client.get(address).text
            assert (DARK if is_dark else LIGHT).land in svg
            # What stands above it already is not said again.
            assert ">Kim Jong" not in svg.split("</desc>")[1]

    @pytest.mark.parametrize("theme", OFFERED["theme"])
    def test_on_paper_the_picture_is_light(self, client, theme):
        page = page_of(client, f"?theme={theme}")
        (image,) = [i for i in page.iter("img") if i.get("class") == "on-paper"]
        assert LIGHT.land in client.get(image.get("src")).text
        # A script loads it once there is a map: in a frame that is printed it would come too late.
        assert image.get("loading") == "lazy"
        assert image.get("alt")


class TestAPartOfTheJourney:
    def test_the_map_opens_on_its_stops(self, client):
        opens_on = data_of(page_of(client, "?from=2023-09-12&to=2023-09-12"))["opens_on"]
        stops = client.get(f"/api/trips/{SLUG}/waypoints").json()["waypoints"]
        inside = {
            stop["place"]["name"]
            for stop in stops
            if opens_on["west"] <= stop["place"]["lon"] <= opens_on["east"]
            and opens_on["south"] <= stop["place"]["lat"] <= opens_on["north"]
        }
        assert {"Khasan station", "Razdolnaya River bridge", "Ussuriysk"} <= inside
        assert not {"Pyongyang", "Vostochny Cosmodrome", "Komsomolsk-on-Amur"} & inside

    def test_nothing_there_is_the_whole(self, client):
        assert data_of(page_of(client, "?from=1999-01-01&to=1999-12-31"))["opens_on"] is None

    def test_the_diagram_is_cut_to_it(self, client):
        page = page_of(client, "?view=diagram&from=2023-09-12&to=2023-09-12")
        whole = page_of(client, "?view=diagram")
        svg, all_of_it = (
            next(e for e in p.iter() if e.get("class") == "time-distance") for p in (page, whole)
        )
        # The day began at UTC+10, and ended at UTC+9.
        assert svg.get("data-from") == "2023-09-11T14:00:00Z"
        assert svg.get("data-until") == "2023-09-12T14:59:59Z"
        assert all_of_it.get("data-from") < svg.get("data-from")
        assert "Komsomolsk" not in "".join(svg.itertext())

    def test_the_pictures_are_cut_too(self, client):
        html = client.get(f"{EMBED}?from=2023-09-12&to=2023-09-12").text
        assert html.count("from=2023-09-12&amp;to=2023-09-12") >= 3
        cut = client.get(f"/trips/{SLUG}/map.svg?from=2023-09-12&to=2023-09-12").text
        drawn = cut.split("</desc>")[1]
        assert "Ussuriysk" in drawn
        assert "Komsomolsk" not in drawn

    @pytest.mark.parametrize("subject", ["map", "time-distance"])
    @pytest.mark.parametrize("query", ["from=x", "to=2023-13-01", "from=2023-09-13&to=2023-09-12"])
    def test_a_picture_refuses_what_an_embed_refuses(self, client, subject, query):
        problem = client.get(f"/trips/{SLUG}/{subject}.svg?{query}")
        assert problem.status_code == 400
        assert problem.headers["content-type"] == "application/problem+json" or "to" in problem.text


class TestFrames:
    """What stands in a frame when something is wrong."""

    @pytest.mark.parametrize(
        ("path", "status", "said", "leads_to"),
        [
            (f"{EMBED}?theme=sepia", 400, "theme", f"/trips/{SLUG}"),
            (f"{EMBED}?view=globe&theme=dark", 400, "view", f"/trips/{SLUG}"),
            (f"{EMBED}?height=1", 400, "height", f"/trips/{SLUG}"),
            (f"{EMBED}?from=x", 400, "from", f"/trips/{SLUG}"),
            (f"{EMBED}?as_of=junk", 400, "as_of", f"/trips/{SLUG}"),
            (f"{EMBED}?max_speed_kmh=0", 400, "max_speed_kmh", f"/trips/{SLUG}"),
            ("/embed/nowhere?theme=sepia", 404, "nowhere", "/"),
            ("/embed/nowhere/else", 404, "nothing", "/"),
        ],
    )
    def test_one_sentence_and_a_way_out_of_the_frame(self, client, path, status, said, leads_to):
        answer = client.get(path, headers=PAGE)
        assert answer.status_code == status
        assert answer.headers["content-type"].startswith("text/html")
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "x-frame-options" not in answer.headers
        page = parsed(answer.text)
        (lead,) = [p for p in page.iter("p") if p.get("class") == "lead"]
        assert said in "".join(lead.itertext())
        (link,) = page.iter("a")
        assert (link.get("href"), link.get("target")) == (leads_to, "_blank")
        assert page.find(".//header") is None

    def test_in_the_colours_that_were_chosen(self, client):
        for query, theme in (("theme=dark&height=1", "dark"), ("height=1", "auto")):
            assert (
                parsed(client.get(f"{EMBED}?{query}", headers=PAGE).text).get("data-theme") == theme
            )

    def test_what_was_sent_is_escaped(self, client):
        for name in ("theme", "from", "height", "as_of"):
            answer = client.get(f"{EMBED}?{name}=<script>alert(1)</script>", headers=PAGE)
            assert answer.status_code == 400
            assert "<script>" not in answer.text

    def test_a_program_is_told_as_everywhere(self, client):
        problem = client.get(f"{EMBED}?theme=x", headers={"Accept": "application/json"})
        assert problem.headers["content-type"] == "application/problem+json"
        assert problem.json()["parameter"] == "theme"

    def test_a_page_that_is_no_embed_has_its_masthead(self, client):
        assert "masthead" in client.get("/trips/nowhere", headers=PAGE).text


class TestOpaqueOrigins:
    """A sandboxed frame has no origin: all it loads but pictures it asks for as others do."""

    @pytest.mark.parametrize("view", VIEWS)
    def test_all_that_it_loads_may_be_read_by_anybody(self, client, view):
        page = page_of(client, f"?view={view}&as_of={AS_OF}")
        todo = {EMBED, data_of(page)["live"], data_of(page)["address"], *loaded_by(page)}
        todo.add(f"/api/trips/{SLUG}/position?at=2023-09-11T12:00:00Z")
        seen = set()
        while todo:
            path = todo.pop()
            seen.add(path)
            answer = client.get(path, headers={"Origin": "null"})
            assert answer.status_code == 200, path
            assert answer.headers["access-control-allow-origin"] == "*", path
            if path.endswith(".css"):
                found = re.findall(r"""url\(["']?([^)"']+)""", answer.text)
                todo |= {urljoin(path, url) for url in found if not url.startswith("data:")} - seen
        assert len([path for path in seen if "/static/" in path]) > 10
        assert any("/vendor/" in path for path in seen)

    def test_errors_may_be_read_too(self, client):
        for path in ("/embed/nowhere", f"{EMBED}?theme=x", "/api/trips/nowhere/revision"):
            answer = client.get(path, headers={"Origin": "null", **PAGE})
            assert answer.status_code in (400, 404)
            assert answer.headers["access-control-allow-origin"] == "*"


class TestWeight:
    def test_the_diagram_alone_takes_less_than_60_kb(self, client):
        page = page_of(client, "?view=diagram")
        paths = [f"{EMBED}?view=diagram", *dict.fromkeys(loaded_by(page))]
        bodies = [client.get(path).content for path in paths]
        sent = sum(len(encode(body, Coding.GZIP)) for body in bodies)
        assert sent < 60_000


class TestHostileText:
    @pytest.mark.parametrize("view", VIEWS)
    def test_it_stays_text(self, hostile, view):
        page = parsed(hostile.get(f"/embed/hostile?view={view}").text)
        assert page.findtext("head/title") == f"{HOSTILE} · Dateline"
        assert [i for i in page.iter("img") if i.get("onerror")] == []
        inline = [s for s in page.iter("script") if not s.get("src")]
        assert [s.get("id") for s in inline] == ["trip-data"]


class TestRevision:
    PATH = f"/api/trips/{SLUG}/revision"

    def test_it_says_which_is_the_latest_and_no_more(self, client):
        answer = client.get(self.PATH)
        trip = client.get(f"/api/trips/{SLUG}").json()
        assert answer.json() == {name: trip[name] for name in ("trip", "revision", "as_of")}
        assert trip["links"]["revision"] == self.PATH
        assert len(answer.content) < 100

    def test_it_is_kept_as_shortly_as_all_else_and_asked_with_a_condition(self, client):
        answer = client.get(self.PATH)
        assert answer.headers["cache-control"] == client.get("/api/trips").headers["cache-control"]
        again = client.get(self.PATH, headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")

    def test_it_takes_no_parameter(self, client):
        problem = client.get(f"{self.PATH}?as_of={AS_OF}")
        assert (problem.status_code, problem.json()["parameter"]) == (400, "as_of")

    def test_before_the_first_report_there_is_no_step(self, reference_dir, tmp_path):
        (tmp_path / "reference").symlink_to(reference_dir)
        dossier = tmp_path / "none.toml"
        dossier.write_text('format = 1\nslug = "none"\ntitle = "None yet"\nsubject = "Nobody"\n')
        rooms = Rooms(Settings(var_dir=tmp_path))
        rooms.load_dossiers([dossier])
        with TestClient(create_app(rooms=rooms)) as client:
            told = client.get("/api/trips/none/revision").json()
            assert told == {"trip": "none", "revision": 1, "as_of": None}
            for view in VIEWS:
                assert client.get(f"/embed/none?view={view}&from=2023-09-12").status_code == 200

    def test_it_grows_with_a_change(self, seeded_rooms, reference_dir, tmp_path):
        (tmp_path / "reference").symlink_to(reference_dir)
        rooms = Rooms(Settings(var_dir=tmp_path))
        dossier = rooms.settings.seeds_dir / f"{SLUG}.toml"
        rooms.load_dossiers([dossier])
        with TestClient(create_app(rooms=rooms)) as client:
            before = client.get(self.PATH)
            changed = tmp_path / "changed.toml"
            text = dossier.read_text("utf-8")
            changed.write_text(text.replace('title = "Kim', 'title = "Chairman Kim', 1), "utf-8")
            rooms.load_dossiers([changed])
            after = client.get(self.PATH)
            assert after.json()["revision"] == before.json()["revision"] + 1
            assert after.headers["etag"] != before.headers["etag"]


@given(st.text(max_size=40))
@settings(max_examples=50, suppress_health_check=list(HealthCheck), deadline=None)
def test_no_answer_of_oembed_frames_what_is_refused(client, value):
    for name in ("theme", "view", "from", "to", "height", "lang", "slider"):
        page = with_query(f"http://testserver/trips/{SLUG}", ((name, value),))
        document = client.get("/oembed", params={"url": page}).json()
        (source,) = re.findall(r'src="([^"]*)"', document["html"])
        assert client.get(source.replace("&amp;", "&")).status_code == 200
        assert (
            document["height"] == EmbedChoice.as_far_as_it_makes_sense({name: value}).frame_height
        )
