"""The headers that keep a page to itself."""

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from app.errors import InputError
from app.web.security import SecurityHeaders

TRIP = "/trips/2023-09-russia"
EMBED = "/embed/2023-09-russia"


def policy(headers) -> dict[str, str]:
    parts = [part.strip().partition(" ") for part in headers["content-security-policy"].split(";")]
    return {name: value for name, _, value in parts}


@pytest.mark.parametrize("path", ["/", TRIP, EMBED, "/docs", "/api/trips", "/nothing-here"])
def test_nothing_inline_nothing_evaluated_nothing_from_elsewhere(client, path):
    allowed = policy(client.get(path).headers)
    assert allowed["default-src"] == "'none'"
    assert allowed["base-uri"] == "'none'"
    for kind in ("script-src", "style-src", "connect-src", "font-src", "form-action"):
        assert allowed[kind] == "'self'"
    assert allowed["img-src"] == "'self' data:"


@pytest.mark.parametrize("path", ["/", TRIP, "/docs", "/api/trips", "/nothing-here"])
def test_nobody_frames_anything_but_embeds(client, path):
    headers = client.get(path).headers
    assert policy(headers)["frame-ancestors"] == "'none'"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cross-origin-opener-policy"] == "same-origin"


def test_embeds_may_be_framed(client):
    headers = client.get(EMBED).headers
    assert policy(headers)["frame-ancestors"] == "*"
    assert "x-frame-options" not in headers


@pytest.mark.parametrize("path", ["/", EMBED, "/api/trips", "/nothing-here"])
def test_every_answer_is_taken_for_what_it_says_it_is(client, path):
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert "geolocation=()" in headers["permissions-policy"]


def bare(**options: str) -> TestClient:
    def answer(_) -> PlainTextResponse:
        return PlainTextResponse("here")

    app = Starlette(routes=[Route("/", answer), Route("/embed/x", answer)])
    return TestClient(SecurityHeaders(app, **options))


def test_an_online_tile_layer_opens_the_policy_for_its_images_only():
    client = bare(tiles_url="https://{s}.tiles.example/{z}/{x}/{y}.png")
    allowed = policy(client.get("/").headers)
    assert allowed["img-src"] == "'self' data: https://*.tiles.example"
    assert allowed["connect-src"] == "'self'"


def test_framing_can_be_kept_to_named_sites():
    client = bare(frame_ancestors="https://a.example https://b.example")
    allowed = policy(client.get("/embed/x").headers)
    assert allowed["frame-ancestors"] == "'self' https://a.example https://b.example"
    assert policy(client.get("/").headers)["frame-ancestors"] == "'none'"


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("*", "*"),
        ("'none'", "'self'"),
        ("'self'", "'self'"),
        ("https://a.example 'self'", "'self' https://a.example"),
        ("https:", "'self' https:"),
    ],
)
def test_pages_of_trips_may_always_frame_embeds(setting, told):
    allowed = policy(bare(frame_ancestors=setting).get("/embed/x").headers)
    assert allowed["frame-ancestors"] == told


@pytest.mark.parametrize("path", ["/", EMBED, "/docs", "/api/trips", "/nothing-here"])
def test_nothing_frames_anything(client, path):
    assert policy(client.get(path).headers)["frame-src"] == "'none'"


@pytest.mark.parametrize("path", [TRIP, "/trips/nothing-here"])
def test_but_pages_of_trips_which_show_how_embeds_will_look(client, path):
    assert policy(client.get(path).headers)["frame-src"] == "'self'"


@pytest.mark.parametrize("value", ["*; script-src *", "https://a.example, *", "", "a\nb"])
def test_a_setting_cannot_break_out_of_the_policy(value):
    with pytest.raises(InputError) as caught:
        SecurityHeaders(Starlette(), frame_ancestors=value)
    assert caught.value.field == "frame_ancestors"


@pytest.mark.parametrize("value", ["javascript:alert(1)", "https://a.example;x/{z}", "tiles"])
def test_a_tile_address_that_is_none_is_refused(value):
    with pytest.raises(InputError) as caught:
        SecurityHeaders(Starlette(), tiles_url=value)
    assert caught.value.field == "tiles_url"
