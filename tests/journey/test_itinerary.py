"""From claims to waypoints, legs and branches."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.journey.bounds import Bounds
from app.journey.derived import Unplaced, Verdict
from app.journey.interval import Interval
from app.journey.itinerary import derive_itinerary
from app.journey.model import Assumption, AssumptionKind, Modality, Mode, State

DAY = "2023-09-{:02}T{:02}:00Z".format


def at(day, hour=0):
    return datetime(2023, 9, day, hour, tzinfo=UTC)


class TestOrder:
    def test_claims_that_do_not_overlap_are_in_the_order_of_time(self, make, world, names):
        make.place("A", 0)
        make.place("B", 9)
        make.place("C", 1)
        make.claim("C", DAY(3, 0))
        make.claim("A", DAY(1, 0))
        make.claim("B", DAY(2, 0))
        assert names(derive_itinerary(make.trip(), world)) == ["A", "B", "C"]

    def test_claims_that_overlap_are_in_the_order_of_the_shortest_way(self, make, world, names):
        for lon, name in enumerate("ABCDE"):
            make.place(name, lon)
        make.claim("A", DAY(1, 0))
        for name in "DBEC":
            make.claim(name, f"{DAY(2, 0)}/{DAY(3, 0)}")
        assert names(derive_itinerary(make.trip(), world)) == ["A", "B", "C", "D", "E"]

    def test_what_comes_after_decides_where_an_overlap_ends(self, make, world, names):
        make.place("A", 0)
        make.place("B", 1)
        make.place("C", -1)
        make.place("Z", -2)
        make.claim("A", DAY(1, 0))
        make.claim("B", f"{DAY(2, 0)}/{DAY(3, 0)}")
        make.claim("C", f"{DAY(2, 0)}/{DAY(3, 0)}")
        make.claim("Z", DAY(4, 0))
        assert names(derive_itinerary(make.trip(), world)) == ["A", "B", "C", "Z"]

    def test_within_an_overlap_a_claim_that_is_surely_earlier_stays_earlier(
        self, make, world, names
    ):
        for lon, name in enumerate("ABC"):
            make.place(name, lon)
        make.claim("B", f"{DAY(2, 0)}/{DAY(2, 23)}")
        make.claim("C", f"{DAY(2, 0)}/{DAY(2, 3)}")
        make.claim("A", f"{DAY(2, 4)}/{DAY(2, 23)}")
        found = names(derive_itinerary(make.trip(), world))
        assert found.index("C") < found.index("A")

    def test_more_than_eight_overlapping_visits_on_a_line_are_put_in_line(self, make, world, names):
        expected = [f"P{n:02}" for n in range(14)]
        for lon, name in enumerate(expected):
            make.place(name, lon)
        make.claim("P00", DAY(1, 0))
        shuffled = expected[1:]
        random.Random(7).shuffle(shuffled)
        for name in shuffled:
            make.claim(name, f"{DAY(2, 0)}/{DAY(3, 0)}")
        assert names(derive_itinerary(make.trip(), world)) == expected

    def test_equally_short_orders_follow_the_reports(self, make, world, names):
        make.place("A", 0)
        make.place("Left", -1)
        make.place("Right", 1)
        make.claim("A", DAY(1, 0))
        make.claim("Right", f"{DAY(2, 0)}/{DAY(3, 0)}")
        make.claim("Left", f"{DAY(2, 0)}/{DAY(3, 0)}")
        assert names(derive_itinerary(make.trip(), world)) == ["A", "Right", "Left"]

    @given(st.data())
    @settings(max_examples=60, deadline=None)
    def test_the_order_of_storage_never_shows(self, data):
        from tests.journey.conftest import FlatWorld, TripMaker

        make = TripMaker()
        for lon, name in enumerate("ABCDEF"):
            make.place(name, lon * data.draw(st.sampled_from([1, -1, 2])))
        for _ in range(data.draw(st.integers(1, 12))):
            begin = data.draw(st.integers(0, 90))
            end = begin + data.draw(st.integers(0, 30))
            base = at(1)
            make.claim(
                data.draw(st.sampled_from("ABCDEF")),
                f"{(base + timedelta(hours=begin)).isoformat()}/"
                f"{(base + timedelta(hours=end)).isoformat()}",
                event=data.draw(st.sampled_from(["arrived", "departed", "passed", "present"])),
                modality=data.draw(st.sampled_from(["reported", "reported", "expected"])),
                published=DAY(data.draw(st.integers(6, 8)), 0),
            )
        trip = make.trip()
        shuffled = list(trip.sightings)
        data.draw(st.randoms()).shuffle(shuffled)
        other = replace(trip, sightings=tuple(shuffled), sources=tuple(reversed(trip.sources)))
        one, two = derive_itinerary(trip, FlatWorld()), derive_itinerary(other, FlatWorld())
        assert one.waypoints == two.waypoints
        assert one.legs == two.legs


class TestVisits:
    def test_claims_at_one_place_are_one_visit(self, make, world):
        make.place("A", 0)
        make.claim("A", f"{DAY(1, 0)}/{DAY(1, 6)}", event="arrived", publisher="one")
        make.claim("A", f"{DAY(1, 3)}/{DAY(1, 9)}", event="arrived", publisher="two")
        (waypoint,) = derive_itinerary(make.trip(), world).waypoints
        assert waypoint.arrival == Interval(at(1, 3), at(1, 6))
        assert waypoint.origins == ("one", "two")

    def test_the_same_place_with_another_between_is_two_visits(self, make, world, names):
        make.place("A", 0)
        make.place("B", 1)
        make.claim("A", DAY(1, 0), event="departed")
        make.claim("B", DAY(2, 0))
        make.claim("A", DAY(3, 0), event="arrived")
        assert names(derive_itinerary(make.trip(), world)) == ["A", "B", "A"]

    def test_a_long_stay_is_one_visit(self, make, world, names):
        make.place("A", 0)
        make.place("B", 1)
        make.claim("A", DAY(1, 0), event="arrived")
        make.claim("A", DAY(4, 0), event="departed")
        make.claim("B", f"{DAY(2, 0)}/{DAY(6, 0)}", event="arrived")
        assert names(derive_itinerary(make.trip(), world)) == ["A", "B"]

    def test_passing_bounds_arrival_and_departure(self, make, world):
        make.place("A", 0)
        make.claim("A", f"{DAY(1, 0)}/{DAY(1, 6)}", event="passed")
        (waypoint,) = derive_itinerary(make.trip(), world).waypoints
        assert waypoint.arrival == waypoint.departure == Interval(at(1, 0), at(1, 6))

    def test_presence_bounds_arrival_above_and_departure_below(self, make, world):
        make.place("A", 0)
        make.claim("A", f"{DAY(1, 0)}/{DAY(1, 6)}", event="present")
        (waypoint,) = derive_itinerary(make.trip(), world).waypoints
        assert waypoint.arrival == Interval(None, at(1, 6))
        assert waypoint.departure == Interval(at(1, 0), None)

    def test_claims_that_cannot_all_be_true_are_marked_and_nothing_is_hidden(self, make, world):
        make.place("A", 0)
        make.place("B", 1)
        make.claim("A", DAY(1, 0), event="passed")
        make.claim("A", DAY(1, 6), event="passed")
        make.claim("B", DAY(2, 0), event="passed")
        itinerary = derive_itinerary(make.trip(), world)
        assert itinerary.waypoints[0].conflict
        assert itinerary.waypoints[0].sightings == ("s0", "s1")
        assert itinerary.waypoints[0].disputed == ("s0",)
        assert itinerary.waypoints[0].arrival == Interval.at(at(1, 6))
        assert itinerary.legs[0].verdict is Verdict.DISPUTED


class TestKnowledge:
    def test_only_what_was_published_by_then_counts(self, make, world, names):
        make.place("A", 0)
        make.place("B", 1)
        make.claim("A", DAY(1, 0), published=DAY(1, 5))
        make.claim("B", DAY(2, 0), published=DAY(2, 5))
        trip = make.trip()
        assert names(derive_itinerary(trip, world, at(1, 4))) == []
        assert names(derive_itinerary(trip, world, at(1, 5))) == ["A"]
        assert names(derive_itinerary(trip, world, at(2, 5))) == ["A", "B"]

    def test_a_retraction_holds_from_when_it_was_published(self, make, world, names):
        make.place("A", 0)
        make.claim("A", DAY(1, 0), published=DAY(1, 5), state=State.RETRACTED, state_since=at(3))
        trip = make.trip()
        assert names(derive_itinerary(trip, world, at(2))) == ["A"]
        itinerary = derive_itinerary(trip, world, at(3))
        assert names(itinerary) == []
        assert itinerary.unplaced == {"s0": Unplaced.RETRACTED}

    def test_a_denial_makes_no_waypoint_and_stays_listed(self, make, world, names):
        make.place("A", 0)
        make.claim("A", DAY(1, 0), modality="denied")
        itinerary = derive_itinerary(make.trip(), world)
        assert names(itinerary) == []
        assert itinerary.unplaced == {"s0": Unplaced.DENIED}

    def test_a_whole_country_makes_no_waypoint(self, make, world):
        make.place("Russia", 50, 60, feature="country")
        make.claim("Russia", modality="expected")
        itinerary = derive_itinerary(make.trip(), world)
        assert itinerary.waypoints == ()
        assert itinerary.unplaced == {"s0": Unplaced.REGIONAL}

    def test_the_attributed_outlet_is_the_origin_and_a_copy_does_not_count(self, make, world):
        make.place("A", 0)
        make.claim("A", DAY(1, 0), publisher="daily", attributed_to="TASS, citing a source")
        make.claim("A", DAY(1, 0), publisher="gazette", attributed_to="TASS")
        copy = make.claim("A", DAY(1, 0), publisher="copyist")
        original = make.claim("A", DAY(1, 0), publisher="original")
        make.sources[copy.source] = replace(make.sources[copy.source], derived_from=original.source)
        (waypoint,) = derive_itinerary(make.trip(), world).waypoints
        assert waypoint.origins == ("TASS", "original")


class TestAhead:
    @pytest.fixture
    def journey(self, make):
        for name, lon, lat in (("A", 0, 0), ("B", 1, 0), ("C", 2, 0), ("D", 5, 0), ("E", 1, 1)):
            make.place(name, lon, lat)
        make.claim("A", DAY(1, 0), event="departed", published=DAY(1, 1))
        make.claim("B", DAY(1, 6), event="passed", published=DAY(1, 12))
        return make

    def test_what_is_expected_goes_on_and_what_is_possible_branches(self, journey, world, names):
        journey.claim("D", modality="possible", published=DAY(1, 12))
        journey.claim("E", modality="possible", published=DAY(1, 12))
        journey.claim("C", modality="expected", published=DAY(1, 12))
        itinerary = derive_itinerary(journey.trip(), world)
        assert names(itinerary) == ["A", "B", "C", "E", "D"]
        assert [w.after for w in itinerary.waypoints] == [None, 1, 2, 2, 3]
        assert [w.status for w in itinerary.waypoints] == [
            Modality.REPORTED,
            Modality.REPORTED,
            Modality.EXPECTED,
            Modality.POSSIBLE,
            Modality.POSSIBLE,
        ]
        assert [leg.branch for leg in itinerary.legs] == [None, None, "E", "D"]
        assert itinerary.last_reported == 2

    def test_distance_from_start_runs_along_the_own_branch(self, journey, world):
        journey.claim("C", modality="expected", published=DAY(1, 12))
        journey.claim("D", modality="possible", published=DAY(1, 12))
        journey.claim("E", modality="possible", published=DAY(1, 12))
        waypoints = derive_itinerary(journey.trip(), world).waypoints
        distances = {w.place.name: w.distance_from_start_km for w in waypoints}
        assert distances == pytest.approx({"A": 0, "B": 110, "C": 220, "D": 550, "E": 220})

    def test_a_foretold_stop_that_was_reached_joins_its_visit(self, journey, world, names):
        journey.claim("C", modality="expected", published=DAY(1, 12))
        journey.claim("C", DAY(2, 0), event="arrived", published=DAY(2, 1))
        itinerary = derive_itinerary(journey.trip(), world)
        assert names(itinerary) == ["A", "B", "C"]
        assert itinerary.waypoints[-1].status is Modality.REPORTED
        assert len(itinerary.waypoints[-1].sightings) == 2

    def test_a_foretold_stop_that_later_reports_passed_over_is_overtaken(
        self, journey, world, names
    ):
        foretold = journey.claim("C", modality="expected", published=DAY(1, 12))
        journey.claim("D", DAY(2, 0), event="arrived", published=DAY(2, 1))
        itinerary = derive_itinerary(journey.trip(), world)
        assert names(itinerary) == ["A", "B", "D"]
        assert itinerary.unplaced == {foretold.id: Unplaced.OVERTAKEN}

    def test_a_return_that_is_foretold_is_a_new_stop(self, journey, world, names):
        journey.claim("A", modality="expected", event="arrived", published=DAY(1, 12))
        assert names(derive_itinerary(journey.trip(), world)) == ["A", "B", "A"]

    def test_an_expected_departure_belongs_to_the_stay(self, journey, world, names):
        journey.claim("C", DAY(1, 12), event="arrived", published=DAY(1, 13))
        journey.claim("C", DAY(2, 0), event="departed", modality="expected", published=DAY(1, 14))
        assert names(derive_itinerary(journey.trip(), world)) == ["A", "B", "C"]

    def test_before_anything_is_reported_stops_stand_alone(self, make, world):
        make.place("A", 0)
        make.claim("A", modality="possible")
        itinerary = derive_itinerary(make.trip(), world)
        assert [w.after for w in itinerary.waypoints] == [None]
        assert itinerary.legs == ()
        assert itinerary.last_reported is None


class TestLegs:
    def test_bounds_on_duration_and_speed_take_the_extremes_of_both_ends(self, make, world):
        make.place("A", 0)
        make.place("B", 3)
        make.claim("A", f"{DAY(1, 0)}/{DAY(1, 2)}", event="departed")
        make.claim("B", f"{DAY(1, 6)}/{DAY(1, 10)}", event="arrived")
        (leg,) = derive_itinerary(make.trip(), world).legs
        assert leg.duration_h == Bounds(4, 10)
        assert leg.distance_km == pytest.approx(330)
        assert leg.speed_kmh.lower == pytest.approx(33)
        assert leg.speed_kmh.upper == pytest.approx(82.5)
        assert leg.verdict is Verdict.CONSISTENT

    def test_a_leg_that_must_have_been_faster_than_assumed_says_so(self, make, world):
        make.place("A", 0)
        make.place("B", 3)
        make.claim("A", DAY(1, 0), event="departed", reliability="B", credibility=2)
        make.claim("B", DAY(1, 3), event="arrived", reliability="B", credibility=2)
        fastest = Assumption(
            "max_speed", AssumptionKind.MAX_SPEED, Mode.TRAIN, kmh=80, reason="because"
        )
        (leg,) = derive_itinerary(make.trip(assumptions=(fastest,)), world).legs
        assert leg.verdict is Verdict.TOO_FAST
        assert leg.max_speed_kmh == pytest.approx(110)

    def test_estimates_run_on_through_stops_that_are_not_yet_reached(self, make, world):
        for lon, name in enumerate("ABC"):
            make.place(name, lon)
        make.claim("A", f"{DAY(1, 0)}/{DAY(1, 1)}", event="departed", published=DAY(1, 2))
        make.claim("B", modality="expected", published=DAY(1, 2))
        make.claim("C", modality="expected", published=DAY(1, 2))
        cruise = Assumption(
            "cruise_speed", AssumptionKind.CRUISE_SPEED, Mode.TRAIN, kmh=55, reason="because"
        )
        legs = derive_itinerary(make.trip(assumptions=(cruise,)), world).legs
        assert [leg.at_cruise_speed.hours for leg in legs] == pytest.approx([2, 2])
        assert legs[0].at_cruise_speed.arrival == Interval(at(1, 2), at(1, 3))
        assert legs[1].at_cruise_speed.arrival == Interval(at(1, 4), at(1, 5))

    def test_a_motorcade_drives(self, make, world):
        make.place("A", 0)
        make.place("B", 1)
        make.claim("A", DAY(1, 0), event="departed")
        make.claim("B", DAY(1, 3), event="arrived", subject="motorcade")
        (leg,) = derive_itinerary(make.trip(), world).legs
        assert leg.mode is Mode.CAR

    def test_a_leg_without_a_way_says_why_and_the_journey_goes_on(self, make, world, names):
        for lon, name in enumerate("ABC"):
            make.place(name, lon)
        make.claim("A", DAY(1, 0), event="departed")
        make.claim("B", DAY(2, 0), mode=Mode.SHIP)
        make.claim("C", DAY(3, 0))
        itinerary = derive_itinerary(make.trip(), world)
        assert names(itinerary) == ["A", "B", "C"]
        assert itinerary.legs[0].route is None
        assert itinerary.legs[0].problem == "there is no sea here"
        assert itinerary.legs[0].great_circle_km == pytest.approx(100)
        assert itinerary.waypoints[2].distance_from_start_km is None
        assert itinerary.legs[1].distance_km == pytest.approx(110)

    def test_via_points_hold_in_both_directions(self, make, world):
        make.place("A", 0)
        make.place("B", 2)
        make.place("V", 1, 1)
        make.claim("A", DAY(1, 0), event="departed")
        make.claim("B", DAY(2, 0))
        make.claim("A", DAY(3, 0), event="arrived")
        via = Assumption(
            "via", AssumptionKind.VIA, Mode.TRAIN, places=("A", "V", "B"), reason="because"
        )
        legs = derive_itinerary(make.trip(assumptions=(via,)), world).legs
        assert [leg.distance_km for leg in legs] == pytest.approx([220 * 2**0.5] * 2)


def test_two_thousand_claims_ask_for_a_bounded_number_of_ways(make, world):
    """Claims in a chain of time need no comparison of every place with every other."""
    for n in range(50):
        make.place(f"P{n}", n)
    for n in range(2000):
        make.claim(f"P{n // 40}", (at(1) + timedelta(minutes=n)).isoformat())
    itinerary = derive_itinerary(make.trip(), world)
    assert len(itinerary.waypoints) == 50
    assert len(world.asked) < 400
