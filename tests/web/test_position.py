"""``/api/trips/{slug}/position``: everywhere the party can have been, as GeoJSON."""

from datetime import datetime, timedelta

import pytest

from app.web import schemas

JOURNEY = "/api/trips/2023-09-russia"
POSITION = f"{JOURNEY}/position"
EVENING = "2023-09-12T13:00:00Z"
SLUGS = ("2019-02-hanoi", "2019-04-vladivostok", "2023-09-russia", "2025-09-beijing")


@pytest.fixture(scope="module")
def ask(client):
    def ask(at, status=200, path=POSITION, **parameters):
        answer = client.get(path, params={"at": at, **parameters})
        assert answer.status_code == status, answer.text
        return answer.json()

    return ask


def features(document, kind):
    return [f for f in document["features"] if f["properties"]["kind"] == kind]


def points(feature):
    geometry = feature["geometry"]
    if geometry["type"] == "Point":
        return [geometry["coordinates"]]
    return [point for line in geometry["coordinates"] for point in line]


class TestRussia2023:
    """What the article of 12 September 2023 supports, and what was known in the end."""

    def test_on_monday_it_was_anywhere_on_the_way_to_the_border(self, ask):
        document = ask("2023-09-11T12:00:00Z", as_of=EVENING)
        assert (document["standing"], document["as_of"]) == ("between", "2023-09-12T12:34:00Z")
        (leg,) = features(document, "leg")
        told = leg["properties"]
        assert (told["waypoints"], told["over"], told["mode"]) == ([1, 2], "railways", "train")
        assert told["claims"] == ["pyongyang-departure", "border-crossing"]
        # In 46 h for 837 km there was time to go anywhere in the country, and as far as the
        # outskirts of Khabarovsk and back.
        assert 2000 < told["length_km"] < 6000
        assert all(124 < lon < 136 and 37.5 < lat < 49 for lon, lat in points(leg))
        assert told["sentence"].startswith(
            "Between Pyongyang and Tumen River rail bridge: anywhere"
        )

    def test_what_was_learned_later_narrows_it(self, ask):
        early, later = (
            features(ask("2023-09-11T12:00:00Z", **known), "leg")[0]["properties"]
            for known in ({"as_of": EVENING}, {})
        )
        assert later["length_km"] < early["length_km"]
        assert later["possible"]["to"] < early["possible"]["to"]

    def test_between_khasan_and_the_razdolnaya_it_has_an_estimate(self, ask):
        document = ask("2023-09-12T01:00:00Z")
        (estimate,) = features(document, "estimate")
        lon, lat = estimate["geometry"]["coordinates"]
        assert 130.6 < lon < 132.1
        assert 42.4 < lat < 43.9
        assert estimate["properties"]["speed_kmh"] == pytest.approx(52.8, abs=1)

    def test_after_the_last_report_it_is_within_reach_and_may_be_at_ussuriysk_by_then(self, ask):
        document = ask(EVENING, as_of=EVENING)
        assert document["standing"] == "after"
        (ahead,) = features(document, "ahead")
        assert ahead["properties"]["waypoints"] == [4]
        for at in (EVENING, "2023-09-15T01:00:00Z"):
            (estimate,) = features(ask(at, as_of=EVENING), "estimate")
            assert estimate["properties"]["waypoints"] == [5]
            assert estimate["properties"]["possible"]["to"] is None
            assert estimate["properties"]["sentence"].endswith(", at Ussuriysk by then")

    def test_countries_to_avoid_are_out_of_reach(self, ask):
        document = ask("2023-09-14T12:00:00Z", as_of=EVENING)
        (ahead,) = features(document, "ahead")
        # Harbin, 350 km from Ussuriysk by rail, but in China.
        assert not [p for p in points(ahead) if 125 < p[0] < 129 and 44.5 < p[1] < 47]

    @pytest.mark.parametrize(
        ("at", "standing"),
        [
            ("2023-09-16T02:30:00Z", "beyond"),
            ("2023-09-12T02:00:00Z", "between"),
            ("2023-09-01T00:00:00Z", "before"),
        ],
    )
    def test_72_hours_after_the_last_report_nothing_follows(self, ask, at, standing):
        document = ask(at, as_of=EVENING)
        assert document["standing"] == standing
        assert (document["features"] == []) == (standing == "beyond")
        assert document["sentence"]

    def test_home_again_it_stays(self, ask):
        document = ask("2024-01-01T00:00:00Z")
        assert document["sentence"] == "The journey has ended: back at Pyongyang."
        assert [f["properties"]["kind"] for f in document["features"]] == ["stop", "estimate"]

    def test_before_anything_was_known_nothing_follows(self, ask):
        document = ask("2023-09-11T12:00:00Z", as_of="2000-01-01T00:00:00Z")
        assert (document["standing"], document["as_of"]) == ("unreported", None)
        assert document["features"] == []

    def test_a_higher_maximum_takes_it_farther(self, ask):
        usual, faster = (
            features(ask("2023-09-12T01:00:00Z", **chosen), "leg")[0]["properties"]
            for chosen in ({}, {"max_speed_kmh": 120})
        )
        assert faster["max_speed_kmh"] == 120
        assert faster["length_km"] > usual["length_km"]

    def test_another_cruise_speed_moves_the_estimate_alone(self, ask):
        usual, slower = (
            ask("2023-09-12T02:45:00Z", as_of=EVENING, **chosen)
            for chosen in ({}, {"cruise_speed_kmh": 20})
        )
        assert features(usual, "ahead") == features(slower, "ahead")
        assert features(usual, "estimate") != features(slower, "estimate")


class TestEveryTrip:
    @pytest.mark.parametrize("slug", SLUGS)
    def test_answers_are_as_described_and_small_at_every_time(self, client, ask, slug):
        path = f"/api/trips/{slug}"
        waypoints = client.get(f"{path}/waypoints").json()["waypoints"]
        known = [
            datetime.fromisoformat(end)
            for waypoint in waypoints
            for end in (*waypoint["arrival"].values(), *waypoint["departure"].values())
            if end is not None
        ]
        first, last = min(known), max(known)
        for share in (-0.1, 0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0):
            at = first + share * (last - first)
            answer = client.get(f"{path}/position", params={"at": at.isoformat()})
            assert answer.headers["content-type"] == "application/geo+json"
            assert len(answer.content) < 1_000_000
            document = schemas.PositionList.model_validate_json(answer.content)
            ids = [feature.id for feature in document.features]
            assert len(ids) == len(set(ids))
            assert all(
                -180 <= lon <= 180 for f in answer.json()["features"] for lon, _ in points(f)
            )
        # The longest time after the last report is the largest answer.
        end = last + timedelta(hours=72)
        assert len(client.get(f"{path}/position", params={"at": end.isoformat()}).content) < 1e6

    @pytest.mark.parametrize("slug", SLUGS)
    def test_the_trip_tells_where_to_ask(self, client, slug):
        link = client.get(f"/api/trips/{slug}").json()["links"]["position"]
        assert client.get(link, params={"at": EVENING}).status_code == 200


class TestRequests:
    @pytest.mark.parametrize(
        ("parameters", "named"),
        [
            ({}, "at"),
            ({"at": ""}, "at"),
            ({"at": "2023-09-12"}, "at"),
            ({"at": "2023-09-12T13:00:00"}, "at"),
            ({"at": "2023-02-30T13:00:00Z"}, "at"),
            ({"at": "0001-01-01T00:00:00+14:00"}, "at"),
            ({"at": "9999-12-31T23:59:59-14:00"}, "at"),
            ({"at": [EVENING, EVENING]}, "at"),
            ({"at": EVENING, "as_of": "yesterday"}, "as_of"),
            ({"at": EVENING, "max_speed_kmh": "nan"}, "max_speed_kmh"),
            ({"at": EVENING, "format": "csv"}, "format"),
        ],
    )
    def test_bad_parameters_are_refused_by_name(self, client, parameters, named):
        answer = client.get(POSITION, params=parameters)
        assert answer.status_code == 400
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["parameter"] == named

    def test_an_unknown_trip_is_not_found(self, ask):
        ask(EVENING, status=404, path="/api/trips/none/position")

    @pytest.mark.parametrize(
        "at",
        [
            "0001-01-01T00:00:00Z",
            "0001-01-01T00:00:00-14:00",
            "0001-01-03T00:00:00+14:00",
            "9999-12-31T23:59:59.999999Z",
            "9999-12-31T23:59:59+14:00",
            "2023-09-12T13:00:00-14:00",
        ],
    )
    @pytest.mark.parametrize("slug", SLUGS)
    @pytest.mark.parametrize("known", [{}, {"as_of": "0001-01-01T00:00:00Z"}, {"as_of": EVENING}])
    def test_any_time_there_is_has_an_answer(self, ask, slug, at, known):
        ask(at, path=f"/api/trips/{slug}/position", **known)

    def test_times_are_taken_to_the_second_and_answers_kept(self, client):
        first = client.get(POSITION, params={"at": "2023-09-12T01:00:00.9Z"})
        again = client.get(POSITION, params={"at": "2023-09-12T10:00:00+09:00"})
        assert first.content == again.content
        assert first.json()["at"] == "2023-09-12T01:00:00Z"
        headers = {"If-None-Match": first.headers["etag"]}
        kept = client.get(POSITION, params={"at": "2023-09-12T01:00:00Z"}, headers=headers)
        assert kept.status_code == 304
