"""What stands before the paths in documents that leave the site."""

import pytest
from starlette.requests import Request
from starlette.testclient import TestClient

from app.errors import InputError
from app.main import create_app
from app.rooms import Rooms
from app.web.addresses import base_url


def request(host: str | None, scheme: str = "http", server: tuple[str, int] | None = None):
    headers = [] if host is None else [(b"host", host.encode("latin-1"))]
    return Request(
        {
            "type": "http",
            "method": "GET",
            "scheme": scheme,
            "path": "/ogc",
            "query_string": b"",
            "headers": headers,
            "server": server,
        }
    )


@pytest.mark.parametrize(
    ("host", "scheme", "base"),
    [
        ("example.org", "https", "https://example.org"),
        ("Example.ORG:8000", "http", "http://example.org:8000"),
        ("127.0.0.1:1", "http", "http://127.0.0.1:1"),
        ("[::1]:8000", "http", "http://[::1]:8000"),
        ("a_service.internal", "http", "http://a_service.internal"),
    ],
)
def test_without_the_setting_it_is_as_the_reader_asked(host, scheme, base):
    assert base_url(request(host, scheme)) == base


@pytest.mark.parametrize(
    "host",
    ["a/b", "a b", "a@b", "a?b", "a#b", '"><script>', "a\\b", "-a", "a:", "a:b", "[::1", "a" * 300],
)
def test_what_is_no_host_is_refused_by_name(host):
    with pytest.raises(InputError) as refused:
        base_url(request(host))
    assert refused.value.field == "Host"


def test_the_setting_wins_whatever_was_asked():
    public = "https://maps.example.org/journeys/"
    assert base_url(request("evil example"), public) == "https://maps.example.org/journeys"


@pytest.mark.parametrize(
    ("server", "base"),
    [
        (("127.0.0.1", 8000), "http://127.0.0.1:8000"),
        (("::1", 8000), "http://[::1]:8000"),
        (None, "http://localhost"),
    ],
)
def test_who_names_no_host_gets_where_the_server_listens(server, base):
    assert base_url(request(None, server=server)) == base


def test_addresses_are_those_of_the_host_that_was_asked(client):
    answer = client.get("/ogc", headers={"Host": "maps.example.org:8080"})
    assert answer.json()["links"][-1]["href"] == "http://maps.example.org:8080/ogc/collections"


def test_addresses_are_those_of_the_setting_where_there_is_one(seeded_rooms):
    settings = seeded_rooms.settings.model_copy(update={"public_url": "https://maps.example.org"})
    with TestClient(create_app(rooms=Rooms(settings))) as client:
        answers = [
            client.get("/ogc/collections/legs/items", headers={"Host": host})
            for host in ("one.example", "other.example")
        ]
    assert answers[0].content == answers[1].content
    assert "http://testserver" not in answers[0].text
    assert "https://maps.example.org/ogc/collections/legs/items?" in answers[0].headers["link"]


@pytest.mark.parametrize(
    "host", ["a b", "evil.example/path", "x@y", "<script>", "a:b", "a:99999999", '"', "[::1"]
)
def test_a_host_that_is_none_is_refused(client, host):
    answer = client.get("/ogc/collections/places/items", headers={"Host": host})
    assert answer.status_code == 400
    assert answer.json()["parameter"] == "Host"
