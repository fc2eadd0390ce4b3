"""No answer of any address leaves anything on a reader's machine but what was asked for."""

import re

import pytest
from fastapi.routing import iter_route_contexts

pytestmark = pytest.mark.reference

SLUG = "2023-09-russia"
NAMES = {"slug": SLUG, "collection_id": "waypoints"}
QUERIES = ("", "?url=x", "?q=Khasan", "?from=Pyongyang&to=Khasan", "?at=2023-09-12T00:00:00Z")


def addresses(app) -> list[str]:
    """Every address that the application knows, with something in the place of each name."""
    paths = {route.path for route in iter_route_contexts(app.routes)}
    filled = {re.sub(r"\{(\w+)[^}]*\}", lambda m: NAMES.get(m[1], "x"), path) for path in paths}
    return sorted(filled)


def test_no_address_sets_a_cookie_or_asks_who_you_are(client):
    paths = addresses(client.app)
    assert {f"/embed/{SLUG}", f"/trips/{SLUG}", "/oembed", "/embed.js", "/"} <= set(paths)
    said = []
    answered = set()
    for path in paths:
        for query in QUERIES:
            answer = client.get(path + query, headers={"Cookie": "a=b"})
            answered.add(answer.status_code)
            for name in ("set-cookie", "www-authenticate", "refresh", "accept-ch", "nel"):
                if name in answer.headers:
                    said.append(f"{path}{query}: {name}")
    assert said == []
    assert {200, 400, 404} <= answered
    assert max(answered) < 500


@pytest.mark.parametrize("path", [f"/embed/{SLUG}", f"/trips/{SLUG}", f"/api/trips/{SLUG}", "/"])
def test_nothing_depends_on_a_cookie(client, path):
    plain, with_cookie = client.get(path), client.get(path, headers={"Cookie": "a=b"})
    assert plain.content == with_cookie.content
    assert "cookie" not in with_cookie.headers.get("vary", "").lower()
