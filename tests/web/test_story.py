"""The story of a journey: its claims as they became known, and what each changed."""

import json
import re

import pytest
from starlette.testclient import TestClient

from app.main import create_app

pytestmark = pytest.mark.reference

TRIP = "/trips/2023-09-russia"
LEFT, NOW = "2023-09-12T03:00:00Z", "2023-09-12T12:34:00Z"


def story(client, path: str) -> list[dict]:
    html = client.get(path).text
    found = re.search(r'<script type="application/json" id="trip-data">(.*?)</script>', html)
    return json.loads(found[1])["story"]


@pytest.fixture(scope="module")
def whole(client) -> list[dict]:
    return story(client, TRIP)


def test_it_tells_every_claim_in_the_order_of_publication(client, whole):
    sightings = client.get("/api/trips/2023-09-russia/sightings").json()["sightings"]
    assert [told["id"] for told in whole] == [sighting["id"] for sighting in sightings]
    moments = [told["as_of"] for told in whole]
    assert moments == sorted(moments)
    steps = client.get("/api/trips/2023-09-russia").json()["steps"]
    assert set(moments) <= {step["as_of"] for step in steps}


@pytest.mark.parametrize(("as_of", "known"), [(LEFT, 4), (NOW, 15)])
def test_what_was_known_earlier_is_its_beginning(client, whole, as_of, known):
    assert story(client, f"{TRIP}?as_of={as_of}") == whole[:known]


def test_before_the_first_report_there_is_none(client):
    assert story(client, f"{TRIP}?as_of=1990-01-01T00:00:00Z") == []


@pytest.mark.parametrize(
    ("claim", "changes"),
    [
        ("pyongyang-departure", ["New stop"]),
        ("vladivostok-planned", ["New stop, possible"]),
        ("ussuriysk-ahead", ["New stop, expected"]),
        ("ussuriysk-locomotive", ["Was expected, now reported", "Narrows the time"]),
        (
            "khasan-arrival-kcna",
            ["Confirms the stop: 2 independent sources", "Narrows the time"],
        ),
        ("not-at-the-forum", ["Denied: shown, but no part of the route"]),
        ("artyom-farewell", ["Contradicts what RIA Novosti said"]),
        # The same origin of the same stop in the same report.
        ("border-crossing-leader", []),
    ],
)
def test_it_says_what_a_claim_changed(whole, claim, changes):
    (told,) = [told for told in whole if told["id"] == claim]
    assert told["changes"] == changes


def test_it_says_who_when_and_how_far_to_believe_it(whole):
    (told,) = [told for told in whole if told["id"] == "khasan-arrival"]
    assert (told["origin"], told["publisher"]) == ("Vesti Primorye", "Korea JoongAng Daily")
    assert told["grade"] == "B3"
    assert told["published"]["utc"] == "12 Sep 08:19 UTC"
    assert told["claim"] == "The train reached the border town of Khasan."


def test_what_changed_is_left_out_where_it_would_take_long(seeded_rooms, whole, monkeypatch):
    monkeypatch.setattr("app.web.trip_page.STORY_WORK", 0)
    with TestClient(create_app(rooms=seeded_rooms)) as client:
        told = story(client, TRIP)
    assert [claim["changes"] for claim in told] == [[]] * len(whole)
    assert [claim["id"] for claim in told] == [claim["id"] for claim in whole]


def test_an_embed_carries_no_story(client):
    html = client.get("/embed/2023-09-russia").text
    assert '"story"' not in html
