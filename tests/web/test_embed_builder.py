"""The builder of embeds on a trip's page: what it offers is answered, what it writes is right."""

import re
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import html5lib
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.main import create_app
from app.pictures.look import Size
from app.rooms import Rooms
from app.web import embed_builder
from app.web.embed_choice import HEIGHTS, NAMES, OFFERED, EmbedChoice
from app.web.parameters import TripParameters
from tests.hostile import HOSTILE

pytestmark = pytest.mark.reference

SLUG = "2023-09-russia"
TRIP, EMBED = f"/trips/{SLUG}", f"/embed/{SLUG}"
BASE = "http://testserver"
EARLIER = "2023-09-12T12:34:00Z"
EXAMPLES = Path(__file__).parents[2] / "templates" / "examples"


def parsed(markup):
    return html5lib.parseFragment(markup, namespaceHTMLElements=False)


def builder_in(page):
    (section,) = html5lib.parse(page, namespaceHTMLElements=False).iterfind(
        ".//section[@id='embed']"
    )
    return section


def builder(client, path=TRIP, **headers):
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200
    return builder_in(answer.text)


def offered_by(section):
    """The values of each choice, the usual one first."""
    return {
        choice.get("name"): [option.get("value") for option in choice.iterfind("option")]
        for choice in section.iterfind(".//select")
    }


def code_in(section):
    return {
        part.get("id").rpartition("-")[2]: part.text for part in section.iterfind(".//textarea")
    }


class TestWhatItOffers:
    def test_choices_are_those_of_embeds_but_for_those_that_are_none(self, client):
        choices = offered_by(builder(client))
        assert choices.pop("as_of") == [""]
        several = {name: list(values) for name, values in OFFERED.items() if len(values) > 1}
        assert choices == several

    def test_everything_can_be_chosen_in_the_form(self, client):
        section = builder(client)
        (form,) = section.iterfind(".//form")
        named = {field.get("name") for field in form.iter() if field.get("name")}
        alone = {name for name, values in OFFERED.items() if len(values) == 1}
        assert named == {"as_of", *NAMES} - alone

    def test_without_scripts_the_form_as_it_is_shows_the_embed(self, client):
        (form,) = builder(client).iterfind(".//form")
        sent = {field.get("name"): "" for field in form.iterfind(".//input")}
        sent |= {name: values[0] for name, values in offered_by(form).items()}
        assert form.get("action") == EMBED
        assert client.get(f"{form.get('action')}?{urlencode(sent)}").content == (
            client.get(EMBED).content
        )

    def test_a_page_of_an_earlier_step_offers_that_step(self, client):
        section = builder(client, f"{TRIP}?as_of={EARLIER}")
        assert offered_by(section)["as_of"] == ["", EARLIER]
        # What is usual is the latest all the same: nobody freezes a map without knowing it.
        assert code_in(section) == code_in(builder(client))

    @pytest.mark.parametrize("path", ["/trips/none", "/trips/one", "/trips/many"])
    def test_every_trip_has_one(self, odd, path):
        section = builder(odd, path)
        for name in ("script", "frame"):
            assert urlsplit(parsed(code_in(section)[name])[0].get("src")).path == (
                path.replace("/trips/", "/embed/")
            )

    def test_days_are_those_of_the_journey(self, client):
        days = [
            (field.get("min"), field.get("max"))
            for field in builder(client).iterfind(".//input[@type='date']")
        ]
        assert days == [("2023-09-10", "2023-09-19")] * 2

    def test_speeds_that_a_reader_assumes_are_kept(self, client):
        section = builder(client, f"{TRIP}?max_speed_kmh=50")
        (hidden,) = section.iterfind(".//input[@type='hidden']")
        assert (hidden.get("name"), hidden.get("value")) == ("max_speed_kmh", "50")
        code = code_in(section)
        assert parsed(code["frame"])[0].get("src") == f"{BASE}{EMBED}?max_speed_kmh=50"
        assert code["link"] == f"{BASE}{TRIP}?max_speed_kmh=50"


# What the script makes of a form: the values of the fields, without those that are usual.
CHOICES = st.fixed_dictionaries(
    {
        "as_of": st.sampled_from(["", "2023-09-11T15:00:00Z", EARLIER, "2030-01-01T00:00:00Z"]),
        **{name: st.sampled_from(values) for name, values in OFFERED.items()},
        "from": st.sampled_from(["", "2023-09-01", "2023-09-12", "2023-09-13"]),
        "to": st.sampled_from(["", "2023-09-13", "2023-09-19", "2031-12-31"]),
        "height": st.sampled_from(["", "200", "561", "2000"]),
    }
)


def address_of(path, choice):
    usual = {name: values[0] for name, values in OFFERED.items()}
    names = ("as_of", *NAMES)
    query = [(name, choice[name]) for name in names if choice[name] != usual.get(name, "")]
    return f"{path}?{urlencode(query, safe=':')}" if query else path


class TestWhatItWrites:
    @settings(
        max_examples=60,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(choice=CHOICES)
    def test_every_choice_is_answered_wherever_it_is_pasted(self, client, choice):
        address = address_of(EMBED, choice)
        assert client.get(address).status_code == 200
        # It is the one form of that choice, so that caches keep it once.
        query = tuple(parse_qsl(urlsplit(address).query))
        assert EmbedChoice.of(dict(query)).query == tuple(
            (name, value) for name, value in query if name != "as_of"
        )
        page = address_of(TRIP, choice)
        assert client.get(page).status_code == 200
        pasted = client.get("/oembed", params={"url": BASE + page}).json()
        assert parsed(pasted["html"])[0].get("src") == BASE + address
        assert pasted["height"] == int(choice["height"] or HEIGHTS[choice["view"]])

    def test_a_frame_is_right_in_any_page(self, client):
        (frame,) = parsed(code_in(builder(client))["frame"])
        assert frame.tag == "iframe"
        assert frame.get("src") == BASE + EMBED
        assert frame.get("width") == "100%"
        assert int(frame.get("height")) == HEIGHTS["map"]
        assert frame.get("title") == "Kim Jong-un's journey to Russia: map of the route"
        assert frame.get("loading") == "lazy"
        assert "max-width:100%" in frame.get("style")

    def test_the_script_is_the_only_thing_more(self, client):
        code = code_in(builder(client))
        _, script = parsed(code["script"])
        assert code["script"].startswith(code["frame"])
        assert script.attrib == {"src": f"{BASE}/embed.js", "async": ""}
        assert client.get("/embed.js").headers["content-type"].startswith("text/javascript")

    def test_a_picture_is_there_says_what_it_is_and_leads_to_the_journey(self, client):
        (link,) = parsed(code_in(builder(client))["picture"])
        (picture,) = link
        assert link.get("href") == BASE + TRIP
        assert picture.get("alt") == "Kim Jong-un's journey to Russia: map of the route"
        answer = client.get(picture.get("src"))
        assert answer.headers["content-type"] == "image/png"
        width, height = int(picture.get("width")), int(picture.get("height"))
        assert width / height == pytest.approx(
            Size.COLUMN.pixels[0] / Size.COLUMN.pixels[1], abs=0.01
        )

    def test_every_view_has_a_title_a_height_and_a_picture(self, client):
        views = set(OFFERED["view"])
        assert set(HEIGHTS) == views
        for subject, shown in embed_builder.PICTURES.values():
            assert shown in views
            assert client.get(f"{TRIP}/{subject.value}.png?size=column&scale=2").status_code == 200

    def test_addresses_are_those_by_which_readers_come(self, client):
        code = code_in(builder(client, host="news.example:8080"))
        assert parsed(code["frame"])[0].get("src") == f"http://news.example:8080{EMBED}"
        assert code["link"] == f"http://news.example:8080{TRIP}"

    def test_or_those_that_the_server_was_told(self, seeded_rooms):
        settings = seeded_rooms.settings.model_copy(
            update={"public_url": "https://dateline.example/kim/"}
        )
        with TestClient(create_app(rooms=Rooms(settings))) as client:
            code = code_in(builder(client, host="127.0.0.1"))
        assert "127.0.0.1" not in "".join(code.values())
        assert parsed(code["frame"])[0].get("src") == f"https://dateline.example/kim{EMBED}"


class TestHostileTitles:
    def test_what_is_pasted_makes_one_frame_and_nothing_else(self, hostile):
        code = code_in(builder(hostile, "/trips/hostile"))
        (frame,) = parsed(code["frame"])
        assert frame.tag == "iframe"
        assert frame.get("title") == f"{HOSTILE}: map of the route"
        assert [part.tag for part in parsed(code["script"])] == ["iframe", "script"]
        assert [part.tag for part in parsed(code["picture"]).iter()][1:] == ["a", "img"]
        assert code["link"] == f"{BASE}/trips/hostile"

    def test_the_first_address_in_it_is_ours(self, hostile):
        """Some hosts look for it in the text of the tag, and a title may hold another."""
        code = code_in(builder(hostile, "/trips/hostile"))
        first = re.search(r"""src=["']?([^"'\s]*)""", code["frame"])
        assert first[1] == f"{BASE}/embed/hostile"

    def test_the_page_itself_is_what_it_was(self, hostile):
        section = builder(hostile, "/trips/hostile")
        assert len(list(section.iterfind(".//textarea"))) == 4
        assert not list(section.iterfind(".//iframe"))
        assert not list(section.iterfind(".//img"))
        assert [part.get("type") for part in section.iterfind(".//script")] == ["application/json"]


class TestDocumentation:
    def test_every_option_is_told(self, client):
        page = html5lib.parse(client.get("/docs").text, namespaceHTMLElements=False)
        told = {name for row in page.iterfind(".//tbody/tr") for name in row[0][0].text.split(", ")}
        assert told == {*NAMES, *TripParameters.model_fields}
        said = "".join("".join(row.itertext()) for row in page.iterfind(".//tbody/tr"))
        for values in OFFERED.values():
            assert " | ".join(values) in said

    def test_what_is_told_of_each_is_answered(self, client):
        for option in embed_builder.OPTIONS:
            for name in option.name.split(", "):
                for value in re.split(r" \| |–", option.values):
                    assert client.get(EMBED, params={name: value}).status_code == 200

    @pytest.mark.parametrize("name", ["script", "frame", "link", "picture"])
    def test_snippets_are_those_of_the_builder(self, client, name):
        shown = html5lib.parse(client.get("/docs").text, namespaceHTMLElements=False)
        examples = ["".join(part.itertext()) for part in shown.iterfind(".//pre/code")]
        text = code_in(builder(client))[name].replace(BASE, "SERVER")
        assert any(example.startswith(text) for example in examples)

    @pytest.mark.parametrize("recipe", sorted(EXAMPLES.glob("embed_*.html")), ids=lambda r: r.stem)
    def test_recipes_are_shown_as_they_are_and_what_they_ask_for_is_answered(self, client, recipe):
        text = recipe.read_text("utf-8").strip()
        shown = html5lib.parse(client.get("/docs").text, namespaceHTMLElements=False)
        assert text in ["".join(part.itertext()) for part in shown.iterfind(".//pre/code")]
        addresses = re.findall(r'"SERVER([^"]*)"', text)
        assert EMBED in addresses
        for address in addresses:
            assert client.get(address).status_code == 200

    def test_a_frame_of_amp_has_what_amp_asks_of_it(self):
        """https://amp.dev/documentation/components/amp-iframe: resizable needs an overflow."""
        frame = next(parsed((EXAMPLES / "embed_amp.html").read_text("utf-8")).iter("amp-iframe"))
        assert frame.get("layout") == "responsive"
        assert int(frame.get("width")) > 0
        assert int(frame.get("height")) > 0
        assert "resizable" in frame.attrib
        assert "allow-scripts" in frame.get("sandbox")
        assert "allow-same-origin" not in frame.get("sandbox")
        assert any("placeholder" in part.attrib for part in frame)
        assert any({"overflow", "tabindex", "role"} <= part.attrib.keys() for part in frame)
