"""What the API owes to tools: forms that are negotiated, schemas, links, one version."""

from collections.abc import Iterator

import pytest
from jsonschema import Draft202012Validator

from app.publication.parts import Part
from app.web.json_schemas import NAMED

pytestmark = pytest.mark.reference

TRIP = "/api/trips/2023-09-russia"
JSON, GEOJSON, CSV = "application/json", "application/geo+json", "text/csv"


class TestForms:
    @pytest.mark.parametrize(
        ("accept", "form"),
        [
            (CSV, CSV),
            (GEOJSON, GEOJSON),
            (JSON, JSON),
            ("*/*", JSON),
            ("", JSON),
            ("text/csv;q=0.5, application/geo+json", GEOJSON),
            ("application/*", JSON),
            ("text/html,application/xhtml+xml,*/*;q=0.8", JSON),
            # Somebody who types the address into a browser of old: better this than nothing.
            ("text/html", JSON),
            (";;q=,", JSON),
        ],
    )
    def test_accept_decides_where_no_format_is_named(self, client, accept, form):
        answer = client.get(f"{TRIP}/waypoints", headers={"Accept": accept})
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(form)
        assert "Accept" in answer.headers["vary"].split(", ")

    def test_a_format_in_the_address_comes_first(self, client):
        answer = client.get(f"{TRIP}/waypoints?format=csv", headers={"Accept": GEOJSON})
        assert answer.headers["content-type"].startswith(CSV)
        assert "Accept" not in answer.headers["vary"].split(", ")

    def test_forms_that_follow_each_other_are_not_mixed_up(self, client):
        for _ in range(2):
            for form in (CSV, JSON, GEOJSON):
                answer = client.get(f"{TRIP}/legs", headers={"Accept": form})
                assert answer.headers["content-type"].startswith(form)
                named = {CSV: "csv", JSON: "json", GEOJSON: "geojson"}[form]
                assert answer.content == client.get(f"{TRIP}/legs?format={named}").content

    def test_sources_have_no_position_and_are_sent_in_another_form(self, client):
        answer = client.get(f"{TRIP}/sources", headers={"Accept": f"{GEOJSON}, {CSV};q=0.1"})
        assert answer.headers["content-type"].startswith(CSV)


class TestSchemas:
    def described(self) -> Iterator[tuple[str, str]]:
        yield "start", "/api"
        yield "trips", "/api/trips"
        yield "trip", TRIP
        yield "revision", f"{TRIP}/revision"
        for part in Part:
            yield part.value, f"{TRIP}/{part.value}"
        yield "contradictions", "/api/trips/2025-09-beijing/contradictions?max_speed_kmh=50"
        yield "position", f"{TRIP}/position?at=2023-09-11T12:00:00Z"
        yield "route", "/api/route?from=Pyongyang&to=Rajin"
        yield "places", "/api/places?q=Khasan"
        yield "problem", "/api/places?q=Khasan&limit=0"

    def test_every_answer_fits_its_schema(self, client):
        seen = set()
        for name, path in self.described():
            answer = client.get(f"/api/schemas/{name}")
            assert answer.headers["content-type"] == "application/schema+json"
            schema = answer.json()
            Draft202012Validator.check_schema(schema)
            found = list(Draft202012Validator(schema).iter_errors(client.get(path).json()))
            assert not found, (path, found[0].message, list(found[0].absolute_path))
            seen.add(name)
        assert seen == set(NAMED)

    def test_a_schema_refuses_what_does_not_fit(self, client):
        schema = client.get("/api/schemas/waypoints").json()
        document = client.get(f"{TRIP}/waypoints").json()
        document["waypoints"][0]["place"]["lon"] = "130"
        assert list(Draft202012Validator(schema).iter_errors(document))

    def test_there_are_no_others(self, client):
        answer = client.get("/api/schemas/none")
        assert answer.status_code == 404
        assert "waypoints" in answer.json()["detail"]


class TestLinks:
    def walk(self, value: object) -> Iterator[str]:
        if isinstance(value, dict):
            for inner in value.values():
                yield from self.walk(inner)
        elif isinstance(value, str):
            yield value

    def test_from_the_start_all_can_be_reached(self, client):
        needs = {"/api/route": "?from=Pyongyang&to=Rajin", "/api/places": "?q=Khasan"}
        at = "?at=2023-09-11T12:00:00Z"
        todo, seen = ["/api"], set()
        while todo:
            path = todo.pop()
            if path in seen:
                continue
            seen.add(path)
            asked = path + needs.get(
                path, at if path.endswith("/position") and "schemas" not in path else ""
            )
            answer = client.get(asked)
            assert answer.status_code == 200, asked
            if answer.headers["content-type"].startswith(JSON):
                document = answer.json()
                todo += self.walk(document.get("links", {}))
                for trip in document.get("trips", []):
                    todo += self.walk(trip["links"])
        assert len([path for path in seen if path.startswith("/api/trips/")]) > 20
        assert {"/ogc", "/docs", "/feed.atom", f"{TRIP}/waypoints"} <= seen
        assert "/trips/2019-02-hanoi.gpx" in seen

    def test_the_version_is_told(self, client):
        assert client.get("/api").json()["version"] == "1"


class TestOtherSites:
    def test_a_condition_may_be_sent_from_another_site(self, client):
        asked = {
            "Origin": "https://example.org",
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "if-none-match, range",
        }
        answer = client.options(TRIP, headers=asked)
        assert answer.status_code == 200
        assert answer.headers["access-control-allow-origin"] == "*"
        assert {"GET", "HEAD"} <= set(answer.headers["access-control-allow-methods"].split(", "))
        assert "if-none-match" in answer.headers["access-control-allow-headers"]

    def test_nothing_may_be_written_from_another_site(self, client):
        asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "DELETE"}
        assert client.options(TRIP, headers=asked).status_code == 400

    @pytest.mark.parametrize("origin", [None, "https://example.org", "null"])
    def test_all_may_read_the_answer_and_its_tag(self, client, origin):
        headers = {"Origin": origin} if origin else {}
        for path in (TRIP, "/embed/2023-09-russia", "/trips/2023-09-russia/map.svg", "/ogc"):
            answer = client.get(path, headers=headers)
            assert answer.headers["access-control-allow-origin"] == "*"
            assert "ETag" in answer.headers["access-control-expose-headers"]
            assert "origin" not in answer.headers.get("vary", "").lower()
