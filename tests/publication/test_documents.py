"""What is published says neither more than is known nor more than was known then."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.journey.bounds import Bounds
from app.journey.interval import Interval
from app.journey.model import Assumption, AssumptionKind, Mode, State
from app.publication import documents
from app.publication.columns import COLUMNS
from app.publication.formats import Format, flatten
from app.publication.itinerary import Options
from app.publication.parts import Part, part_documents, trip_document
from tests.journey.conftest import FlatWorld

DAY = "2023-09-{:02}T{:02}:00Z".format


def at(day, hour=0):
    return datetime(2023, 9, day, hour, tzinfo=UTC)


class TestNumbers:
    @given(st.floats(0, 1e5), st.floats(0, 1e5), st.integers(0, 3))
    def test_bounds_are_rounded_outwards(self, lower, width, digits):
        shown = documents.bounds(Bounds(lower, lower + width), digits)
        assert shown["min"] <= lower + 1e-6
        assert shown["max"] >= lower + width - 1e-6
        assert shown["min"] >= lower - 10.0**-digits - 1e-6
        assert shown["max"] <= lower + width + 10.0**-digits + 1e-6

    def test_noise_of_the_arithmetic_rounds_nothing_away(self):
        assert documents.bounds(Bounds(0.1 + 0.2, 29.0 + 1e-12)) == {"min": 0.3, "max": 29.0}
        assert documents.bounds(Bounds(18.55, 18.55)) == {"min": 18.5, "max": 18.6}

    def test_unknown_ends_are_null(self):
        assert documents.bounds(Bounds(3, None)) == {"min": 3, "max": None}
        assert documents.bounds(None) == {"min": None, "max": None}


class TestTimes:
    def test_an_instant_is_as_exact_as_it_is_known(self):
        assert documents.instant(at(12, 13)) == "2023-09-12T13:00:00Z"
        exact = at(12, 13) + timedelta(microseconds=5)
        assert datetime.fromisoformat(documents.instant(exact)) == exact
        assert documents.instant(at(12, 13), "Asia/Vladivostok") == "2023-09-12T23:00:00+10:00"

    def test_the_step_that_an_answer_names_gives_the_same_answer_again(self, make, view):
        make.place("A", 0)
        make.claim("A", DAY(1, 0), published="2023-09-02T03:04:05.678Z")
        first = view(make.trip())
        named = datetime.fromisoformat(trip_document(first, FlatWorld())["as_of"])
        assert view(make.trip(), as_of=named).itinerary.waypoints == first.itinerary.waypoints

    def test_windows_at_an_assumed_speed_are_whole_minutes_and_no_narrower(self, make, view):
        make.place("A", 0)
        make.place("B", 1)
        make.claim("A", f"{DAY(1, 0)}/{DAY(1, 1)}", event="departed")
        make.claim("B", DAY(1, 6), event="arrived")
        cruise = Assumption("c", AssumptionKind.CRUISE_SPEED, Mode.TRAIN, kmh=59, reason="because")
        (leg,) = part_documents(view(make.trip(assumptions=(cruise,))), Part.LEGS)
        # 110 km at 59 km/h are 1 h 51 min 52 s.
        assert leg["at_cruise_speed"]["arrival"] == {
            "earliest": "2023-09-01T11:51:00+10:00",
            "latest": "2023-09-01T12:52:00+10:00",
        }

    def test_stops_ahead_have_the_windows_of_their_legs(self, make, view):
        make.place("A", 0)
        make.place("B", 1)
        make.claim("A", f"{DAY(1, 0)}/{DAY(1, 1)}", event="departed", published=DAY(1, 2))
        make.claim("B", modality="expected", published=DAY(1, 2))
        cruise = Assumption("c", AssumptionKind.CRUISE_SPEED, Mode.TRAIN, kmh=59, reason="because")
        seen = view(make.trip(assumptions=(cruise,)))
        (leg,) = part_documents(seen, Part.LEGS)
        (stop,) = trip_document(seen, FlatWorld())["next_stops"]
        assert stop["arrival"] == leg["at_cruise_speed"]["arrival"]
        assert stop["arrival"]["earliest"] == "2023-09-01T11:51:00+10:00"


class TestAsOf:
    @pytest.fixture
    def trip(self, make):
        make.place("A", 0)
        make.place("B", 1)
        make.claim("B", DAY(1, 1), published=DAY(1, 2))
        make.claim(
            "A",
            DAY(1, 0),
            published=DAY(1, 1),
            publisher="daily",
            state=State.SUPERSEDED,
            state_since=at(3),
            state_reason="corrected",
            superseded_by="s2",
        )
        make.claim("A", DAY(1, 0), published=DAY(3, 0), publisher="gazette")
        return make.trip()

    def test_what_became_of_a_claim_later_does_not_show_before(self, trip, view):
        before = part_documents(view(trip, as_of=at(2)), Part.SIGHTINGS)
        assert [(s["id"], s["state"]) for s in before] == [("s1", "active"), ("s0", "active")]
        assert {s["state_since"] or s["state_reason"] or s["superseded_by"] for s in before} == {
            None
        }
        after = {s["id"]: s for s in part_documents(view(trip, as_of=at(3)), Part.SIGHTINGS)}
        assert after["s1"]["state"] == "superseded"
        assert after["s1"]["superseded_by"] == "s2"
        assert after["s1"]["unplaced"]["reason"] == "superseded"

    def test_a_later_report_changes_no_earlier_answer(self, make, trip, view):
        asked = [at(1, 1), at(1, 2), at(2), at(3)]

        def answers(trip):
            return [
                [part_documents(view(trip, as_of=when), part) for part in Part] for when in asked
            ]

        before = answers(trip)
        make.place("Z", 9)
        make.claim("Z", DAY(1, 0), published=DAY(4, 0))
        make.claim("A", published=DAY(4, 0), modality="expected")
        later = make.trip()
        assert answers(later) == before

    def test_steps_name_who_published_and_who_withdrew(self, make, view):
        make.place("A", 0)
        make.claim("A", DAY(1, 0), published=DAY(1, 1), publisher="daily")
        make.claim(
            "A",
            DAY(1, 0),
            published=DAY(1, 2),
            publisher="gazette",
            state=State.RETRACTED,
            state_since=at(4),
        )
        steps = trip_document(view(make.trip()), FlatWorld())["steps"]
        assert [(s["as_of"], s["publishers"], s["sightings"]) for s in steps] == [
            ("2023-09-01T01:00:00Z", ["daily"], ["s0"]),
            ("2023-09-01T02:00:00Z", ["gazette"], ["s1"]),
            ("2023-09-04T00:00:00Z", ["gazette"], ["s1"]),
        ]

    def test_nothing_is_known_before_the_first_report(self, trip, view):
        nothing = view(trip, as_of=at(1))
        assert [part_documents(nothing, part) for part in Part] == [[]] * len(Part)
        assert trip_document(nothing, FlatWorld())["as_of"] is None


class TestChosenSpeeds:
    def test_a_chosen_speed_leaves_other_modes_what_was_assumed_of_all(self, make, view):
        for lon, name in enumerate("ABC"):
            make.place(name, lon)
        make.claim("A", DAY(1, 0), event="departed")
        make.claim("B", DAY(2, 0), event="arrived")
        make.claim("C", DAY(3, 0), event="arrived", mode=Mode.CAR)
        every = Assumption("every", AssumptionKind.CRUISE_SPEED, None, kmh=40, reason="because")
        trip = make.trip(assumptions=(every,))
        legs = part_documents(view(trip, cruise_speed_kmh=55.0), Part.LEGS)
        assert [leg["at_cruise_speed"]["speed_kmh"] for leg in legs] == [55, 40]


class TestTotals:
    def test_days_at_a_stop_are_not_travel(self, make, view):
        for lon, name in enumerate("AB"):
            make.place(name, lon)
        make.claim("A", DAY(1, 0), event="departed")
        make.claim("B", DAY(1, 10), event="arrived")
        make.claim("B", DAY(5, 10), event="departed")
        make.claim("A", DAY(5, 20), event="arrived")
        totals = trip_document(view(make.trip()), FlatWorld())["totals"]
        assert totals["distance_km"] == 220
        assert totals["elapsed_h"] == {"min": 116, "max": 116}
        assert totals["stops_h"] == {"min": 96, "max": 96}
        assert totals["moving_h"] == {"min": 20, "max": 20}
        assert totals["speed_kmh"] == {"min": 11, "max": 11}

    def test_a_stay_of_unknown_length_leaves_the_time_of_the_legs(self, make, view):
        for lon, name in enumerate("ABC"):
            make.place(name, lon)
        make.claim("A", DAY(1, 0), event="departed")
        make.claim("B", DAY(1, 10), event="arrived")
        make.claim("C", DAY(2, 0), event="arrived")
        totals = trip_document(view(make.trip()), FlatWorld())["totals"]
        assert totals["stops_h"] == {"min": 0, "max": 14}
        assert totals["moving_h"] == {"min": 10, "max": 24}

    def test_what_is_only_passed_is_no_stop(self, make, view):
        for lon, name in enumerate("ABC"):
            make.place(name, lon)
        make.claim("A", DAY(1, 0), event="departed")
        make.claim("B", f"{DAY(1, 5)}/{DAY(1, 15)}", event="passed")
        make.claim("C", DAY(2, 0), event="arrived")
        totals = trip_document(view(make.trip()), FlatWorld())["totals"]
        assert totals["stops_h"] == {"min": 0, "max": 0}
        assert totals["moving_h"] == {"min": 24, "max": 24}

    def test_one_place_adds_up_to_nothing(self, make, view):
        make.place("A", 0)
        make.claim("A", DAY(1, 0))
        totals = trip_document(view(make.trip()), FlatWorld())["totals"]
        assert totals["waypoints"] == 1
        assert totals["distance_km"] is None
        assert totals["moving_h"] == {"min": None, "max": None}


class TestContradictions:
    @pytest.fixture
    def trip(self, make):
        for lon, name in enumerate("ABC"):
            make.place(name, lon)
        make.claim("A", DAY(1, 0), event="departed", published=DAY(1, 1))
        make.claim("B", DAY(1, 2), event="passed", published=DAY(1, 3), reliability="E")
        make.claim("B", DAY(1, 5), event="passed", published=DAY(1, 6), reliability="B")
        make.claim("C", DAY(1, 9), event="arrived", published=DAY(1, 10))
        return make.trip()

    def test_every_contradiction_names_its_members_and_what_gives_way(self, trip, view):
        (told,) = part_documents(view(trip), Part.CONTRADICTIONS)
        assert told["number"] == 1
        assert set(told["sightings"]) == {"s1", "s2"}
        assert (told["set_aside"], told["set_aside_kind"]) == ("s1", "sighting")
        assert told["not_before"] == "2023-09-01T15:00:00+10:00"
        assert told["not_after"] == "2023-09-01T12:00:00+10:00"
        assert told["available_h"] == -3
        assert told["needed_speed_kmh"] is None
        assert trip_document(view(trip), FlatWorld())["contradiction_count"] == 1

    def test_claims_and_waypoints_say_what_was_set_aside(self, trip, view):
        seen = view(trip)
        claims = {claim["id"]: claim for claim in part_documents(seen, Part.SIGHTINGS)}
        assert [name for name, claim in claims.items() if claim["disputed"]] == ["s1"]
        assert {name: claim["contradictions"] for name, claim in claims.items()} == {
            "s0": [],
            "s1": [1],
            "s2": [1],
            "s3": [],
        }
        at_b = part_documents(seen, Part.WAYPOINTS)[1]
        assert (at_b["conflict"], at_b["disputed"]) == (True, ["s1"])
        assert at_b["bounded_by"]["arrival"] == {"earliest": "s2", "latest": "s2"}
        assert at_b["subjects"] == ["train"]

    def test_there_is_none_before_the_second_report(self, trip, view):
        assert part_documents(view(trip, as_of=at(1, 4)), Part.CONTRADICTIONS) == []

    def test_needed_speeds_are_rounded_down_and_relaxed_ones_up(self, make, view):
        make.place("A", 0)
        make.place("B", 1)
        for place, hour, event in (("A", 0, "departed"), ("B", 3, "arrived")):
            make.claim(place, DAY(1, hour), event=event, reliability="A", credibility=1)
        seen = view(make.trip(), max_speed_kmh=36.6)
        (told,) = part_documents(seen, Part.CONTRADICTIONS)
        # 110 km in 3 hours.
        assert (told["needed_speed_kmh"], told["relaxed_to_kmh"]) == (36.6, 36.7)
        assert told["great_circle"] is False
        (leg,) = part_documents(seen, Part.LEGS)
        assert (leg["max_speed_kmh"], leg["verdict"]) == (36.7, "too fast for the assumption")

    def test_as_geojson_they_are_the_places_of_their_members(self, make, view, answers):
        make.place("A", 0)
        make.place("B", 1)
        make.claim("A", DAY(1, 0), event="departed")
        make.claim("B", DAY(1, 1), event="arrived")
        view(make.trip())
        asked = Options(max_speed_kmh=50.0)
        body = json.loads(answers.part("t", Part.CONTRADICTIONS, Format.GEOJSON, asked).body)
        (feature,) = body["features"]
        assert feature["geometry"] == {"type": "MultiPoint", "coordinates": [[0, 0], [1, 0]]}
        assert feature["properties"]["assumptions"] == ["max_speed"]

    def test_what_goes_without_saying_is_listed_with_a_reason(self, make, view):
        make.place("A", 0)
        make.claim("A", DAY(1, 0))
        cruise = Assumption("cruise_speed", AssumptionKind.CRUISE_SPEED, kmh=60, reason="usual")
        listed = trip_document(view(make.trip(assumptions=(cruise,))), FlatWorld())["assumptions"]
        assert [(each["name"], each["implied"]) for each in listed] == [
            ("cruise_speed", False),
            ("leader_aboard", True),
            ("railway_complete", True),
        ]
        assert all(each["reason"] for each in listed)

    def test_bounds_that_follow_from_a_speed_are_rounded_outwards_to_minutes(self, make, view):
        make.place("A", 0)
        make.place("B", 1)
        make.claim("A", f"{DAY(1, 0)}/{DAY(1, 20)}", event="departed")
        make.claim("B", f"{DAY(1, 0)}/{DAY(2, 0)}", event="arrived")
        _, second = part_documents(view(make.trip(), max_speed_kmh=70.0), Part.WAYPOINTS)
        # 110 km take 1 h 34 min and some seconds.
        assert second["arrival"]["earliest"] == "2023-09-01T11:34:00+10:00"
        assert second["bounded_by"]["arrival"] == {"earliest": "s0", "latest": "s1"}


class TestCsv:
    @pytest.fixture
    def trip(self, make):
        make.place("A", 0)
        make.place("B", 1)
        make.claim("A", DAY(1, 0), claim="=cmd()", wording='a "quoted", wording\nin two lines')
        make.claim("B", DAY(2, 0), modality="expected", attributed_to="@outlet")
        make.claim("B", DAY(2, 0), modality="denied")
        for key, source in make.sources.items():
            make.sources[key] = replace(source, updated_at=Interval.at(at(30, 1)))
        return make.trip()

    def rows(self, answers, part, **options):
        answer = answers.part("t", part, Format.CSV, Options(**options))
        return list(csv.DictReader(io.StringIO(answer.body.decode(), newline="")))

    @pytest.mark.parametrize("part", Part)
    def test_columns_are_the_same_whatever_is_known(self, trip, view, answers, part):
        view(trip)
        header = answers.part("t", part, Format.CSV, Options(as_of=at(1))).body.decode()
        assert header == ",".join([*COLUMNS[part], "credit"]) + "\r\n"
        assert all(set(row) == {*COLUMNS[part], "credit"} for row in self.rows(answers, part))

    @pytest.mark.parametrize("part", Part)
    def test_every_value_of_a_document_has_a_column(self, trip, view, part):
        for document in part_documents(view(trip), part):
            filled = {k for k, v in flatten(document).items() if v is not None}
            assert filled <= set(COLUMNS[part])

    def test_what_a_spreadsheet_would_run_is_text_and_nothing_else_changes(
        self, trip, view, answers
    ):
        view(trip)
        first, second, _ = self.rows(answers, Part.SIGHTINGS)
        assert first["claim"] == "'=cmd()"
        assert first["when_wording"] == 'a "quoted", wording\nin two lines'
        assert second["attributed_to"] == "'@outlet"


class TestAnswers:
    def test_documents_survive_json(self, make, view, answers):
        make.place("A", 0)
        make.place("B", 1)
        make.claim("A", DAY(1, 0))
        make.claim("B", DAY(2, 0))
        seen = view(make.trip())
        for part in Part:
            answer = answers.part("t", part, Format.JSON, Options())
            assert json.loads(answer.body)[part.value] == part_documents(seen, part)

    def test_an_answer_is_made_once_for_a_revision_and_a_step(self, make, shelf, view, answers):
        make.place("A", 0)
        make.claim("A", DAY(1, 0), published=DAY(1, 1))
        view(make.trip())
        first = answers.part("t", Part.WAYPOINTS, Format.JSON, Options(as_of=at(2)))
        assert answers.part("t", Part.WAYPOINTS, Format.JSON, Options()) is first
        assert answers.trips() is answers.trips()
        listed = answers.trips()
        shelf.put(shelf.trips["t"])
        again = answers.part("t", Part.WAYPOINTS, Format.JSON, Options())
        assert json.loads(again.body)["revision"] == 2
        assert answers.trips() is not listed

    def test_legs_over_the_antimeridian_are_cut(self, make, view, answers):
        make.place("A", 179)
        make.place("B", -179)
        make.claim("A", DAY(1, 0), event="departed")
        make.claim("B", DAY(2, 0), event="arrived", mode=Mode.SHIP)
        view(make.trip())
        body = json.loads(answers.part("t", Part.LEGS, Format.GEOJSON, Options()).body)
        assert body["features"][0]["geometry"]["type"] == "MultiLineString"
        assert body["features"][0]["properties"]["problem"]
