"""`/trips/{slug}/map.svg` and its like: files that can be handed on."""

from xml.etree import ElementTree as ET

import pytest

from app.pictures.look import Size

pytestmark = pytest.mark.reference

SLUGS = ("2019-02-hanoi", "2019-04-vladivostok", "2023-09-russia", "2025-09-beijing")
PICTURES = ("map", "time-distance")
TRIP = "/trips/2023-09-russia"


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("picture", PICTURES)
@pytest.mark.parametrize("size", [size.value for size in Size])
def test_as_svg_it_is_well_formed_small_credited_and_without_script(client, slug, picture, size):
    answer = client.get(f"/trips/{slug}/{picture}.svg", params={"size": size})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/svg+xml"
    assert len(answer.content) < 150_000
    root = ET.fromstring(answer.text)
    tags = {e.tag.rpartition("}")[2] for e in root.iter()}
    assert {"title", "desc", "text"} <= tags
    assert not tags & {"script", "foreignObject", "image", "use", "style", "a", "animate", "set"}
    attributes = {name for e in root.iter() for name in e.attrib}
    assert not any(n.startswith("on") or "href" in n or n == "style" for n in attributes)
    said = " ".join("".join(e.itertext()) for e in root.iter() if e.tag.endswith("text"))
    assert "OpenStreetMap" in said
    width, height = Size(size).pixels
    assert (root.get("width"), root.get("height")) == (str(width), str(height))
    assert "sans-serif" in (root.get("font-family") or "")


@pytest.mark.parametrize("picture", PICTURES)
def test_as_png_it_has_the_pixels_that_were_asked_for(client, picture):
    for scale in (1, 2):
        answer = client.get(f"{TRIP}/{picture}.png", params={"size": "small", "scale": scale})
        assert answer.headers["content-type"] == "image/png"
        sides = [int.from_bytes(answer.content[n : n + 4], "big") for n in (16, 20)]
        assert sides == [scale * side for side in Size.SMALL.pixels]


@pytest.mark.parametrize("picture", PICTURES)
@pytest.mark.parametrize("form", ["svg", "png"])
def test_it_is_made_once_and_not_sent_again_to_who_has_it(client, picture, form):
    path = f"{TRIP}/{picture}.{form}?size=small"
    first = client.get(path)
    assert client.get(path).content == first.content
    again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert client.head(path).headers["etag"] == first.headers["etag"]


@pytest.mark.parametrize("picture", PICTURES)
def test_it_shows_what_was_known_then(client, picture):
    then = client.get(f"{TRIP}/{picture}.svg?as_of=2023-09-12T13:00Z").text
    now = client.get(f"{TRIP}/{picture}.svg").text
    assert "Razdolnaya River" in then
    assert "Komsomolsk-on-Amur" in now
    assert "Komsomolsk-on-Amur" not in then


@pytest.mark.parametrize("picture", PICTURES)
def test_places_are_named_in_the_language_asked_for(client, picture):
    korean = client.get(f"{TRIP}/{picture}.svg?lang=ko").text
    russian = client.get(f"{TRIP}/{picture}.svg?lang=ru").text
    assert "평양" in korean
    assert "Владивосток" in russian


def test_themes_differ_in_colour_alone(client):
    light, dark = (
        ET.fromstring(client.get(f"{TRIP}/time-distance.svg?theme={theme}").text)
        for theme in ("light", "dark")
    )
    colours = ("fill", "stroke")
    for one, other in zip(light.iter(), dark.iter(), strict=True):
        assert {k: v for k, v in one.attrib.items() if k not in colours} == {
            k: v for k, v in other.attrib.items() if k not in colours
        }
    assert client.get(f"{TRIP}/map.svg").text != client.get(f"{TRIP}/map.svg?theme=dark").text


@pytest.mark.parametrize("picture", PICTURES)
@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("size=huge", "size"),
        ("theme=sepia", "theme"),
        ("lang=tlh", "lang"),
        ("scale=64", "scale"),
        ("scale=1.5", "scale"),
        ("as_of=yesterday", "as_of"),
    ],
)
@pytest.mark.parametrize("form", ["svg", "png"])
def test_what_is_not_offered_is_refused_by_name(client, picture, form, query, named):
    answer = client.get(f"{TRIP}/{picture}.{form}?{query}", headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert named in answer.text


def test_what_other_sites_add_is_ignored(client):
    plain = client.get(f"{TRIP}/time-distance.svg")
    added = client.get(f"{TRIP}/time-distance.svg?utm_source=x&dnt=1&v=7")
    assert added.content == plain.content


def test_an_unknown_trip_has_no_picture(client):
    assert client.get("/trips/nowhere/map.svg").status_code == 404
