"""The JSON API over the real reference data and the seeds."""

import csv
import hashlib
import io
import json
import os
import subprocess
import sys
from datetime import datetime, timedelta

import pytest

from app.publication.parts import Part
from app.web import schemas

JOURNEY = "/api/trips/2023-09-russia"
EVENING = "2023-09-12T13:00:00Z"
SLUGS = ("2019-02-hanoi", "2019-04-vladivostok", "2023-09-russia", "2025-09-beijing")


@pytest.fixture(scope="module")
def get(client):
    def get(path, status=200, **parameters):
        answer = client.get(path, params=parameters)
        assert answer.status_code == status, answer.text
        return answer.json()

    return get


@pytest.fixture(scope="module")
def waypoints(get):
    return get(f"{JOURNEY}/waypoints", as_of=EVENING)["waypoints"]


@pytest.fixture(scope="module")
def legs(get):
    return get(f"{JOURNEY}/legs", as_of=EVENING)["legs"]


class TestRussia2023:
    """What the article of 12 September 2023 supports, and nothing else."""

    def test_every_place_of_the_journey_and_no_other_is_a_waypoint(self, waypoints):
        assert [(w["place"]["id"], w["status"]) for w in waypoints] == [
            ("pyongyang", "reported"),
            ("tumen-rail-bridge", "reported"),
            ("khasan-station", "reported"),
            ("razdolnaya-bridge", "reported"),
            ("ussuriysk", "expected"),
            ("vladivostok", "possible"),
            ("khabarovsk", "possible"),
            ("vostochny-cosmodrome", "possible"),
        ]

    def test_branches_run_through_ussuriysk_when_it_is_on_the_way(self, waypoints):
        after = {w["place"]["id"]: w["after"] for w in waypoints}
        assert after["ussuriysk"] == 4
        assert after["vladivostok"] == 4
        assert after["khabarovsk"] == 5
        assert after["vostochny-cosmodrome"] == 5

    def test_waypoints_are_named_in_korean_and_russian(self, waypoints):
        for waypoint in waypoints:
            assert {"ko", "ru"} <= set(waypoint["place"]["names"]), waypoint["place"]["name"]
        names = {w["place"]["id"]: w["place"]["names"] for w in waypoints}
        assert names["khasan-station"]["ko"] == "하산"
        assert names["vladivostok"]["ru"] == "Владивосток"

    def test_times_are_in_the_clock_of_the_place(self, waypoints):
        zones = [w["place"]["time_zone"] for w in waypoints]
        assert zones[0] == "Asia/Pyongyang"
        assert set(zones[2:7]) == {"Asia/Vladivostok"}
        assert zones[7] in ("Asia/Yakutsk", "Asia/Chita")

    def test_the_departure_was_on_sunday_afternoon(self, waypoints):
        assert waypoints[0]["departure"] == {
            "earliest": "2023-09-10T12:00:00+09:00",
            "latest": "2023-09-10T18:00:00+09:00",
        }

    def test_the_border_was_crossed_early_on_tuesday_by_either_clock(self, waypoints):
        arrival = waypoints[1]["arrival"]
        assert arrival == waypoints[1]["departure"]
        assert datetime.fromisoformat(arrival["earliest"]) == datetime.fromisoformat(
            "2023-09-12T00:00:00+10:00"
        )
        assert datetime.fromisoformat(arrival["latest"]) == datetime.fromisoformat(
            "2023-09-12T09:00:00+09:00"
        )

    def test_khasan_was_reached_on_12_september_and_before_the_report(self, waypoints):
        arrival = waypoints[2]["arrival"]
        assert arrival["earliest"] == "2023-09-12T00:00:00+10:00"
        assert arrival["latest"].startswith("2023-09-12T")

    def test_each_waypoint_names_who_says_so(self, waypoints):
        origins = {w["place"]["id"]: w["origins"] for w in waypoints}
        # Photographs of state media are no second witness beside the agency of the same state.
        assert origins["pyongyang"] == ["KCNA"]
        assert origins["tumen-rail-bridge"] == ["South Korea's Defense Ministry"]
        assert origins["khasan-station"] == ["Vesti Primorye"]
        assert origins["razdolnaya-bridge"] == ["RIA Novosti"]
        assert origins["ussuriysk"] == ["Vesti Primorye"]
        assert origins["khabarovsk"] == ["Korea JoongAng Daily"]

    def test_legs_are_measured_along_the_railway(self, legs):
        between = {(leg["from"]["id"], leg["to"]["id"]): leg for leg in legs}
        border = between["pyongyang", "tumen-rail-bridge"]
        assert 800 <= border["distance_km"] <= 870
        assert border["great_circle_km"] < border["distance_km"]
        assert 0 < between["tumen-rail-bridge", "khasan-station"]["distance_km"] < 10
        on_to_ussuriysk = (
            between["khasan-station", "razdolnaya-bridge"]["distance_km"]
            + between["razdolnaya-bridge", "ussuriysk"]["distance_km"]
        )
        assert 245 <= on_to_ussuriysk <= 270
        assert 640 <= between["ussuriysk", "khabarovsk"]["distance_km"] <= 665
        assert {leg["mode"] for leg in legs} == {"train"}

    def test_the_average_speed_to_the_border_is_an_honest_interval(self, legs):
        duration, speed = legs[0]["duration_h"], legs[0]["speed_kmh"]
        # From Sunday 12:00–18:00 to Tuesday 00:00 (+10) – 09:00 (+09).
        assert duration == {"min": 29.0, "max": 45.0}
        assert 17 < speed["min"] < 19.5
        assert 28 < speed["max"] < 31
        assert legs[0]["verdict"] == "consistent"

    def test_possible_stops_have_arrival_windows_at_60_km_h(self, legs):
        for leg in legs[3:]:
            estimate = leg["at_cruise_speed"]
            assert estimate["speed_kmh"] == 60
            assert estimate["hours"] == pytest.approx(leg["distance_km"] / 60, abs=0.02)
            assert estimate["arrival"]["earliest"] < estimate["arrival"]["latest"]
        assert {leg["branch"] for leg in legs[4:]} == {
            "vladivostok",
            "khabarovsk",
            "vostochny-cosmodrome",
        }

    def test_places_named_for_other_reasons_are_nowhere(self, get):
        sightings = get(f"{JOURNEY}/sightings", as_of=EVENING)["sightings"]
        countries = {s["place"]["country"] for s in sightings}
        assert countries == {"KP", "RU"}

    def test_denied_and_regional_claims_are_listed_with_the_reason(self, get):
        sightings = get(f"{JOURNEY}/sightings", as_of=EVENING)["sightings"]
        unplaced = {s["id"]: s["unplaced"]["reason"] for s in sightings if s["unplaced"]}
        assert unplaced == {
            "not-at-the-forum": "denied",
            "talks-in-russia": "regional",
            "arrival-in-russia-ahead": "regional",
        }

    def test_what_was_known_before_the_article_is_less(self, get):
        before = get(f"{JOURNEY}/waypoints", as_of="2023-09-12T10:00:00Z")
        assert before["as_of"] == "2023-09-12T03:00:00Z"
        assert [(w["place"]["id"], w["status"]) for w in before["waypoints"]] == [
            ("pyongyang", "reported"),
            ("vladivostok", "possible"),
        ]
        nothing = get(f"{JOURNEY}/waypoints", as_of="2023-09-01T00:00:00Z")
        assert nothing["waypoints"] == []
        assert nothing["as_of"] is None

    def test_figures_of_the_press_stand_beside_ours(self, get):
        figures = get(JOURNEY)["figures"]
        distance = next(f for f in figures if f["distance_km"])
        assert distance["distance_km"] == {"min": 1200, "max": 1200}
        assert 1120 <= distance["ours"]["distance_km"] <= 1240
        assert distance["ours"]["great_circle_km"] == pytest.approx(690, abs=15)
        assert 18.7 <= distance["ours"]["hours_at_cruise_speed"] <= 20.7

    def test_assumed_speeds_can_be_chosen(self, get):
        legs = get(f"{JOURNEY}/legs", cruise_speed_kmh=30, max_speed_kmh=10)["legs"]
        assert legs[-1]["at_cruise_speed"]["speed_kmh"] == 30
        assert legs[0]["verdict"] == "too fast for the assumption"


class TestFormats:
    def test_geojson_of_legs_follows_the_railway(self, get):
        collection = get(f"{JOURNEY}/legs", format="geojson")
        assert collection["type"] == "FeatureCollection"
        first = collection["features"][0]
        assert first["geometry"]["type"] == "LineString"
        assert len(first["geometry"]["coordinates"]) > 100

    def test_geojson_of_waypoints_are_points_with_the_same_properties(self, get):
        collection = get(f"{JOURNEY}/waypoints", format="geojson")
        listed = get(f"{JOURNEY}/waypoints")["waypoints"]
        assert [f["properties"] for f in collection["features"]] == listed
        assert collection["trip"] == "2023-09-russia"

    @pytest.mark.parametrize("part", ["waypoints", "legs", "sightings", "sources"])
    def test_csv_has_a_row_for_each_and_carries_the_credit(self, client, get, part):
        answer = client.get(f"{JOURNEY}/{part}", params={"format": "csv"})
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        rows = list(csv.DictReader(io.StringIO(answer.text)))
        assert len(rows) == len(get(f"{JOURNEY}/{part}")[part])
        assert "OpenStreetMap" in rows[0]["credit"]

    def test_sources_as_geojson_are_refused(self, get):
        problem = get(f"{JOURNEY}/sources", status=400, format="geojson")
        assert problem["parameter"] == "format"

    def test_every_answer_names_trip_revision_and_time(self, get):
        for part in ("waypoints", "legs", "sightings", "sources", "contradictions"):
            document = get(f"{JOURNEY}/{part}")
            assert document["trip"] == "2023-09-russia"
            assert document["revision"] >= 1
            assert document["as_of"] == "2023-09-20T07:35:00Z"

    def test_a_reader_who_has_it_gets_304(self, client):
        first = client.get(f"{JOURNEY}/waypoints")
        again = client.get(f"{JOURNEY}/waypoints", headers={"If-None-Match": first.headers["etag"]})
        assert again.status_code == 304
        assert again.content == b""

    def test_head_has_the_headers_and_no_body(self, client):
        head = client.head(f"{JOURNEY}/waypoints")
        assert head.status_code == 200
        assert head.content == b""
        assert head.headers["etag"] == client.get(f"{JOURNEY}/waypoints").headers["etag"]


class TestAllTrips:
    def test_the_four_journeys_are_listed(self, get):
        assert set(SLUGS) <= {trip["trip"] for trip in get("/api/trips")["trips"]}

    @pytest.mark.parametrize("slug", SLUGS)
    def test_every_number_is_believable(self, get, slug):
        legs = get(f"/api/trips/{slug}/legs")["legs"]
        waypoints = get(f"/api/trips/{slug}/waypoints")["waypoints"]
        assert [leg["to"]["sequence"] for leg in legs] == [w["sequence"] for w in waypoints[1:]]
        assert not any(w["conflict"] for w in waypoints)
        for leg in legs:
            assert leg["problem"] is None
            assert leg["distance_km"] >= leg["great_circle_km"] - 20
            assert leg["distance_bounds_km"]["min"] <= leg["distance_km"]
            assert leg["distance_km"] <= leg["distance_bounds_km"]["max"]
            if leg["speed_kmh"]["min"] is not None:
                assert leg["speed_kmh"]["min"] <= 120

    def test_hanoi_was_reached_by_train_to_dong_dang_and_by_car_from_there(self, get):
        legs = get("/api/trips/2019-02-hanoi/legs")["legs"]
        by_car = [leg for leg in legs if leg["mode"] == "car"]
        assert ("dong-dang-station", "hanoi") in [
            (leg["from"]["id"], leg["to"]["id"]) for leg in by_car
        ]
        assert ("hanoi", "dong-dang-station") in [
            (leg["from"]["id"], leg["to"]["id"]) for leg in by_car
        ]
        outward = next(leg for leg in by_car if leg["to"]["id"] == "hanoi")
        assert 140 <= outward["distance_km"] <= 190

    def test_the_train_to_dong_dang_took_65_h_15_min_across_the_zones(self, get):
        waypoints = get("/api/trips/2019-02-hanoi/waypoints")["waypoints"]
        left, reached = waypoints[0]["departure"], waypoints[6]["arrival"]
        assert left["earliest"] == "2019-02-23T16:55:00+09:00"
        assert reached["latest"] == "2019-02-26T08:20:00+07:00"
        assert waypoints[6]["place"]["id"] == "dong-dang-station"
        shortest = datetime.fromisoformat(reached["earliest"]) - datetime.fromisoformat(
            left["latest"]
        )
        assert shortest == timedelta(hours=65, minutes=5)

    def test_four_days_in_hanoi_are_no_travel(self, get):
        totals = get("/api/trips/2019-02-hanoi")["totals"]
        assert totals["elapsed_h"]["min"] > 220
        assert totals["stops_h"]["min"] >= 90
        assert totals["moving_h"]["max"] < 140
        assert totals["speed_kmh"]["min"] > 50

    def test_a_forecast_shows_until_it_is_fulfilled(self, get):
        def seen(as_of):
            listed = get("/api/trips/2019-04-vladivostok/waypoints", as_of=as_of)["waypoints"]
            return [(w["place"]["id"], w["status"]) for w in listed]

        assert seen("2019-04-24T02:45:00Z") == [("ussuriysk", "expected")]
        assert seen("2019-04-24T06:00:00Z") == [
            ("ussuriysk", "expected"),
            ("vladivostok", "expected"),
        ]
        assert seen("2019-04-24T15:00:00Z")[-1] == ("vladivostok", "expected")
        assert seen("2019-04-24T21:00:00Z")[-1] == ("vladivostok", "reported")


class TestRoute:
    def test_pyongyang_to_vladivostok_runs_along_the_coast(self, get):
        answer = get("/api/route", **{"from": "Pyongyang", "to": "Vladivostok"})
        assert 1120 <= answer["distance_km"] <= 1240
        assert answer["great_circle_km"] == pytest.approx(690, abs=15)
        assert 18.7 <= answer["hours"] <= 20.7
        assert answer["countries"] == ["KP", "RU"]

    def test_via_and_avoid(self, get):
        answer = get("/api/route", **{"from": "Moscow", "to": "Vladivostok", "avoid": "CN"})
        assert answer["countries"] == ["RU"]
        assert 8700 < answer["distance_km"] < 9500

    def test_an_unreachable_place_says_why(self, get):
        problem = get("/api/route", 422, **{"from": "Pyongyang", "to": "Honolulu"})
        assert problem["title"] == "No believable route"
        assert problem["detail"]

    def test_an_unknown_place_is_named(self, get):
        problem = get("/api/route", 404, **{"from": "Pyongyang", "to": "Xqzzyvw"})
        assert "Xqzzyvw" in problem["detail"]

    def test_an_ambiguous_place_lists_the_candidates(self, get):
        problem = get("/api/route", 400, **{"from": "Springfield", "to": "Xqzzyvw Springfield"})
        assert problem["parameter"] in ("from", "to")


class TestPlaces:
    @pytest.mark.parametrize(
        ("name", "place_id"),
        [
            ("하산", "khasan-station"),
            ("Хасан", "khasan-station"),
            ("Khasan", "khasan-station"),
            ("Razdolnaya River", "razdolnaya-bridge"),
            ("Vostochny", "vostochny-cosmodrome"),
            ("Владивосток", "vladivostok"),
            ("평양", "pyongyang"),
        ],
    )
    def test_the_places_of_the_journey_come_first(self, get, name, place_id):
        (first, *_) = get("/api/places", q=name)["places"]
        assert first["id"] == place_id
        assert 0 < first["score"] <= 1

    def test_near_tells_uglegorsk_from_uglegorsk(self, get):
        (first, *_) = get("/api/places", q="Uglegorsk", near="Vostochny Cosmodrome")["places"]
        assert first["id"] == "tsiolkovsky"


class TestBadInput:
    @pytest.mark.parametrize(
        ("path", "parameters", "parameter"),
        [
            (f"{JOURNEY}/waypoints", {"as_of": "junk"}, "as_of"),
            (f"{JOURNEY}/waypoints", {"as_of": "2023-09-12"}, "as_of"),
            (f"{JOURNEY}/waypoints", {"as_of": "2023-09-12T13:00:00"}, "as_of"),
            (f"{JOURNEY}/waypoints", {"as_of": "1694523600"}, "as_of"),
            (f"{JOURNEY}/waypoints", {"as_of": "2023-02-30T00:00:00Z"}, "as_of"),
            (f"{JOURNEY}/waypoints", {"as_of": "0001-01-01T00:00:00+14:00"}, "as_of"),
            (f"{JOURNEY}/waypoints", {"format": "xml"}, "format"),
            (f"{JOURNEY}/waypoints", {"colour": "red"}, "colour"),
            (f"{JOURNEY}/legs", {"cruise_speed_kmh": "nan"}, "cruise_speed_kmh"),
            (f"{JOURNEY}/legs", {"cruise_speed_kmh": "0"}, "cruise_speed_kmh"),
            (f"{JOURNEY}/legs", {"max_speed_kmh": "-1"}, "max_speed_kmh"),
            (f"{JOURNEY}/legs", {"max_speed_kmh": "1e999"}, "max_speed_kmh"),
            ("/api/trips", {"utm_source": "x"}, "utm_source"),
            ("/api/route", {"from": "Pyongyang"}, "to"),
            ("/api/route", {"from": "A" * 300, "to": "Paris"}, "from"),
            ("/api/route", {"from": "Paris", "to": "Marseille", "mode": "camel"}, "mode"),
            ("/api/route", {"from": "Paris", "to": "Marseille", "avoid": "12"}, "avoid"),
            ("/api/route", {"from": "Paris", "to": "Marseille", "speed_kmh": "inf"}, "speed_kmh"),
            ("/api/places", {"q": ""}, "q"),
            ("/api/places", {"q": "Paris", "limit": "-1"}, "limit"),
            ("/api/places", {"q": "Paris", "limit": str(2**70)}, "limit"),
        ],
    )
    def test_the_parameter_is_named(self, client, path, parameters, parameter):
        answer = client.get(path, params=parameters)
        assert answer.status_code == 400
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["parameter"] == parameter
        assert answer.json()["status"] == 400

    def test_an_offset_whose_plus_was_not_escaped_is_understood(self, client):
        answer = client.get(f"{JOURNEY}/waypoints?as_of=2023-09-12T22:00:00+09:00")
        assert answer.status_code == 200
        assert answer.json()["as_of"] == "2023-09-12T12:34:00Z"

    @pytest.mark.parametrize("path", ["/api/trips/none", "/api/trips/none/legs", "/api/none"])
    def test_what_does_not_exist_is_404_in_the_same_shape(self, client, path):
        answer = client.get(path)
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
        assert set(json.loads(answer.text)) >= {"type", "title", "status", "detail"}

    @pytest.mark.parametrize("name", ["\x00", "%", "'; DROP TABLE place; --", "🚂" * 60, "\u200b"])
    def test_strange_names_are_answered_plainly(self, client, name):
        answer = client.get("/api/places", params={"q": name})
        assert answer.status_code in (200, 400)


def test_health(client):
    assert client.get("/healthz").text == "ok\n"


def test_the_openapi_document_names_every_parameter(client):
    document = client.get("/openapi.json").json()
    route = document["paths"]["/api/route"]["get"]
    assert {p["name"] for p in route["parameters"]} == {
        "from",
        "to",
        "mode",
        "via",
        "avoid",
        "speed_kmh",
    }
    operations = [o["operationId"] for path in document["paths"].values() for o in path.values()]
    assert len(operations) == len(set(operations))


class TestDescription:
    """`/openapi.json` promises what is sent, and no more."""

    def test_the_list_of_trips_is_as_described(self, client):
        schemas.Trips.model_validate_json(client.get("/api/trips").content)

    @pytest.mark.parametrize("slug", SLUGS)
    @pytest.mark.parametrize(
        ("path", "shape"),
        [
            ("", schemas.Trip),
            ("/waypoints", schemas.WaypointList),
            ("/legs", schemas.LegList),
            ("/sightings", schemas.SightingList),
            ("/sources", schemas.SourceList),
            ("/contradictions", schemas.ContradictionList),
        ],
    )
    @pytest.mark.parametrize(
        "as_of",
        ["2000-01-01T00:00:00Z", "2019-02-25T00:00:00Z", EVENING, "2025-09-03T00:00:00Z"],
    )
    def test_answers_about_trips_are_as_described(self, client, slug, path, shape, as_of):
        answer = client.get(f"/api/trips/{slug}{path}", params={"as_of": as_of})
        shape.model_validate_json(answer.content)

    @pytest.mark.parametrize("slug", SLUGS)
    @pytest.mark.parametrize("kmh", [5, 20, 40])
    def test_contradictions_are_as_described(self, client, slug, kmh):
        answer = client.get(f"/api/trips/{slug}/contradictions", params={"max_speed_kmh": kmh})
        assert schemas.ContradictionList.model_validate_json(answer.content).contradictions

    def test_a_route_is_as_described(self, client):
        asked = {"from": "Pyongyang", "to": "Vladivostok", "via": "Khasan"}
        schemas.Route.model_validate_json(client.get("/api/route", params=asked).content)

    def test_places_are_as_described(self, client):
        answer = client.get("/api/places", params={"q": "하산", "near": "Vladivostok"})
        schemas.Places.model_validate_json(answer.content)

    @pytest.mark.parametrize(
        "path", ["/api/trips/none", "/api/trips?x=1", "/api/route?from=Pyongyang&to=Honolulu"]
    )
    def test_problems_are_as_described(self, client, path):
        schemas.Problem.model_validate_json(client.get(path).content)

    def test_every_answer_is_described_with_its_forms(self, client):
        document = client.get("/openapi.json").json()
        for path, operations in document["paths"].items():
            responses = operations["get"]["responses"]
            usual_form, *_ = responses["200"]["content"].values()
            assert "$ref" in usual_form["schema"] or path == "/api/schemas/{name}", path
            for status in set(responses) - {"200"}:
                assert list(responses[status]["content"]) == ["application/problem+json"], path
        assert "HTTPValidationError" not in document["components"]["schemas"]
        legs = document["paths"]["/api/trips/{slug}/legs"]["get"]["responses"]["200"]["content"]
        assert set(legs) == {"application/json", "application/geo+json", "text/csv"}

    def test_every_member_is_told_in_the_order_in_which_it_is_sent(self, client):
        (leg, *_) = client.get(f"{JOURNEY}/legs").json()["legs"]
        described = client.get("/openapi.json").json()["components"]["schemas"]["Leg"]
        assert list(described["properties"]) == list(leg)


class TestBytes:
    def test_another_process_makes_the_same_bytes(self, client, seeded_rooms):
        """Whatever the order of its sets: an ETag holds across workers and restarts."""
        paths = [
            f"/api/trips/{slug}{path}"
            for slug in SLUGS
            for path in (
                "",
                *(f"/{part}?format={form}" for part in Part for form in ("json", "csv")),
                *(f"/{part}?format=geojson" for part in Part if part != "sources"),
            )
        ]
        made = subprocess.run(
            [sys.executable, "-c", OTHER_PROCESS, str(seeded_rooms.settings.var_dir), *paths],
            env={**os.environ, "PYTHONHASHSEED": "7"},
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        assert dict(zip(paths, made.stdout.split(), strict=True)) == {
            path: hashlib.sha256(client.get(path).content).hexdigest() for path in paths
        }


OTHER_PROCESS = """
import hashlib, sys
from pathlib import Path
from starlette.testclient import TestClient
from app.main import create_app
from app.settings import Settings
client = TestClient(create_app(Settings(var_dir=Path(sys.argv[1]))))
for path in sys.argv[2:]:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.text)
    print(hashlib.sha256(answer.content).hexdigest())
"""
