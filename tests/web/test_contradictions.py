"""Contradictions as they are served: data, sentences on pages, links between claims and both."""

import csv
import io
import json
import re

import html5lib
import pytest
from starlette.testclient import TestClient

from app.main import create_app

BEIJING = "/api/trips/2025-09-beijing"
CROSSED, ARRIVED = "yalu-crossing", "beijing-arrival"

DOSSIER = """
format = 1
slug = "planted"
title = "Planted"
subject = "Kim Jong-un"

[assumptions.max_speed]
mode = "train"
kmh = 80
reason = "Above every average reported."

[[source]]
id = "agency"
publisher = "Agency"
published_at = "2023-09-11T05:00+09:00"
reliability = "B"

[[source]]
id = "rumour"
publisher = "<b>Rumour</b> & ${x} </script>"
published_at = "2023-09-11T08:00+09:00"
reliability = "E"

[[sighting]]
id = "left"
source = "agency"
subject = "leader"
event = "departed"
modality = "reported"
place = "pyongyang"
when = "14:00 on 10 September 2023"
credibility = 2
claim = "He left by train."

[[sighting]]
id = "at-border"
source = "agency"
subject = "train"
event = "arrived"
modality = "reported"
place = "tumangang-station"
when = "04:00 on 11 September 2023"
credibility = 2
claim = "The train was there."

[[sighting]]
id = "beyond"
source = "rumour"
subject = "train"
event = "passed"
modality = "reported"
place = "khabarovsk"
when = "06:00 on 11 September 2023"
credibility = 5
claim = "<i>It</i> was there."

[[sighting]]
id = "at-border-too"
source = "rumour"
subject = "train"
event = "passed"
modality = "reported"
place = "tumangang-station"
when = "20:00 on 10 September 2023"
credibility = 5
claim = "It went through in the evening."
"""


@pytest.fixture(scope="module")
def planted(rooms_of):
    with TestClient(create_app(rooms=rooms_of({"planted": DOSSIER}))) as client:
        yield client


def page_of(client, path):
    html = client.get(path).text
    return html, html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)


def part(page, name):
    return next(e for e in page.iter() if e.get("data-part") == name)


def text(element):
    return re.sub(r"\s+", " ", "".join(element.itertext())).strip()


class TestBeijing:
    def test_a_maximum_of_50_km_h_contradicts_both_reports(self, client):
        answer = client.get(f"{BEIJING}/contradictions", params={"max_speed_kmh": 50}).json()
        (told,) = answer["contradictions"]
        assert told["sightings"] == [CROSSED, ARRIVED]
        assert "max_speed" in told["assumptions"]
        assert (told["set_aside"], told["set_aside_kind"]) == ("max_speed", "assumption")
        assert 58 <= told["needed_speed_kmh"] <= told["relaxed_to_kmh"] <= 60
        assert told["available_h"] == 15
        assert not told["great_circle"]
        for said in ("KBS says", "News1 says", "along the railway", "the assumed maximum is 50"):
            assert said in told["sentence"]
        assert told["set_aside_sentence"].startswith("The assumed maximum of 50 km/h is relaxed")

    def test_the_relaxed_maximum_holds_on_the_leg_and_no_claim_is_disputed(self, client):
        asked = {"max_speed_kmh": 50}
        (told,) = client.get(f"{BEIJING}/contradictions", params=asked).json()["contradictions"]
        (leg,) = client.get(f"{BEIJING}/legs", params=asked).json()["legs"]
        assert leg["max_speed_kmh"] == told["relaxed_to_kmh"]
        assert leg["verdict"] == "too fast for the assumption"
        claims = client.get(f"{BEIJING}/sightings", params=asked).json()["sightings"]
        assert not any(claim["disputed"] for claim in claims)
        assert [c["id"] for c in claims if c["contradictions"] == [1]] == [CROSSED, ARRIVED]

    def test_a_maximum_of_120_km_h_does_not(self, client):
        answer = client.get(f"{BEIJING}/contradictions", params={"max_speed_kmh": 120})
        assert answer.json()["contradictions"] == []

    def test_nothing_contradicts_before_the_arrival_is_reported(self, client):
        asked = {"max_speed_kmh": 50, "as_of": "2025-09-02T09:00:00Z"}
        assert client.get(f"{BEIJING}/contradictions", params=asked).json()["contradictions"] == []

    def test_unknown_parameters_and_forms_are_refused(self, client):
        for asked in ({"max_speed": 50}, {"format": "xml"}, {"max_speed_kmh": 0}):
            answer = client.get(f"{BEIJING}/contradictions", params=asked)
            assert answer.status_code == 400
            assert answer.json()["parameter"] == next(iter(asked))

    def test_other_forms_say_the_same(self, client):
        asked = {"max_speed_kmh": 50}
        (told,) = client.get(f"{BEIJING}/contradictions", params=asked).json()["contradictions"]
        table = client.get(f"{BEIJING}/contradictions", params={**asked, "format": "csv"}).text
        (row,) = csv.DictReader(io.StringIO(table))
        assert row["sentence"] == told["sentence"]
        assert row["sightings"] == f"{CROSSED};{ARRIVED}"
        drawn = client.get(f"{BEIJING}/contradictions", params={**asked, "format": "geojson"})
        (feature,) = drawn.json()["features"]
        assert feature["geometry"]["type"] == "MultiPoint"
        assert feature["properties"] == told

    def test_the_trip_links_to_them_and_counts_them(self, client):
        trip = client.get(BEIJING, params={"max_speed_kmh": 50}).json()
        assert trip["contradiction_count"] == 1
        assert trip["links"]["contradictions"] == f"{BEIJING}/contradictions"


class TestPages:
    def test_every_contradiction_stands_in_a_sentence_with_what_is_set_aside(self, planted):
        listed = planted.get("/api/trips/planted/contradictions").json()["contradictions"]
        assert {told["set_aside"] for told in listed} == {"beyond", "at-border-too"}
        _, page = page_of(planted, "/trips/planted")
        said = text(part(page, "contradictions"))
        for told in listed:
            assert told["sentence"] in said
            assert told["set_aside_sentence"] in said

    def test_what_people_wrote_stays_text(self, planted):
        html, page = page_of(planted, "/trips/planted")
        assert "<b>Rumour" not in html
        assert "<i>It" not in html
        assert "<b>Rumour</b> & ${x} </script>" in text(part(page, "contradictions"))
        data = next(s for s in page.iter("script") if s.get("id") == "trip-data")
        json.loads(data.text)

    def test_claims_and_contradictions_link_to_each_other(self, planted):
        _, page = page_of(planted, "/trips/planted")
        ids = {e.get("id") for e in page.iter() if e.get("id")}
        links = [a.get("href") for a in page.iter("a") if (a.get("href") or "").startswith("#")]
        assert set(links) <= {f"#{name}" for name in ids}
        assert {"#claim-beyond", "#contradiction-1", "#contradiction-2"} <= set(links)

    def test_disputed_claims_are_struck_and_labelled(self, planted):
        _, page = page_of(planted, "/trips/planted")
        rows = {e.get("id"): e for e in page.iter("tr") if (e.get("id") or "").startswith("claim-")}
        for name, row in rows.items():
            is_disputed = name in ("claim-beyond", "claim-at-border-too")
            assert ("disputed" in row.get("class").split()) is is_disputed
            assert ("disputed" in text(row)) is is_disputed

    def test_stops_say_what_was_seen_and_that_reports_disagree(self, planted):
        _, page = page_of(planted, "/trips/planted")
        left, border = part(page, "stops")
        assert "leader seen" in text(left)
        assert "train seen" in text(border)
        assert "leader" not in text(border)
        assert "reports disagree" in text(border)
        assert text(part(page, "status")).startswith(
            "Last reported: Tumangang station (train seen)"
        )

    def test_before_the_rumour_there_is_nothing_to_tell(self, planted):
        _, page = page_of(planted, "/trips/planted?as_of=2023-09-10T21:00:00Z")
        said = text(part(page, "contradictions"))
        assert said == "No contradictions among what was reported by then."
        assert "disputed" not in text(part(page, "claims"))

    def test_the_embed_counts_them(self, planted):
        _, page = page_of(planted, "/embed/planted")
        assert text(part(page, "contradictions")) == "· 2 contradictions"

    def test_bounds_from_other_stops_name_who_told_of_them(self, client):
        _, page = page_of(client, "/trips/2023-09-russia")
        border = next(row for row in part(page, "stops") if "Khasan station" in text(row))
        assert "bounded by RIA Novosti" in text(border)

    def test_stops_ahead_tell_bounds_from_estimates(self, client):
        _, page = page_of(client, "/trips/2023-09-russia?as_of=2023-09-12T13:00:00Z")
        ahead = next(row for row in part(page, "stops") if row.get("class") == "expected")
        said = text(ahead)
        assert re.search(r"At 60 km/h 12 Sep \d\d:\d\d–", said)
        assert re.search(r"At 80 km/h at most, not before 12 Sep \d\d:\d\d UTC\+10", said)
        assert "seen" not in said

    def test_what_goes_without_saying_is_listed(self, client):
        _, page = page_of(client, "/trips/2025-09-beijing")
        assert "railway complete goes without saying" in text(part(page, "assumptions"))
