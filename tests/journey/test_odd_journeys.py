"""Journeys whose reports are late, wrong, contradictory, or look ahead in odd ways."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from unittest.mock import patch

import pytest

from app.errors import InputError
from app.journey.bounds import Bounds
from app.journey.claims import publication_steps
from app.journey.derived import Unplaced, Verdict
from app.journey.interval import Interval
from app.journey.itinerary import derive_itinerary
from app.journey.model import Assumption, AssumptionKind, Figure, Modality, Mode, Source, State
from app.journey.visits import Visit
from tests.journey.conftest import FlatWorld

DAY = "2023-09-{:02}T{:02}:00Z".format


def at(day, hour=0):
    return datetime(2023, 9, day, hour, tzinfo=UTC)


@pytest.fixture
def line(make):
    for lon, name in enumerate("ABCDE"):
        make.place(name, lon)
    return make


class TestGrouping:
    def test_the_same_place_thrice_with_others_between_is_three_visits(self, line, world, names):
        for day, name in enumerate("ABABA", start=1):
            line.claim(name, DAY(day, 0))
        assert names(derive_itinerary(line.trip(), world)) == list("ABABA")

    def test_claims_at_one_instant_are_not_torn_apart_by_a_claim_elsewhere(
        self, line, world, names
    ):
        for outlet in ("one", "two"):
            line.claim("A", DAY(1, 6), event="arrived", publisher=outlet)
        line.claim("B", DAY(1, 6), event="arrived", publisher="three")
        itinerary = derive_itinerary(line.trip(), world)
        assert names(itinerary) == ["A"]
        assert itinerary.unplaced == {"s2": Unplaced.DISPUTED}

    def test_a_claim_wholly_after_the_departure_is_a_conflict_of_one_visit(
        self, line, world, names
    ):
        line.claim("A", DAY(1, 6), event="departed")
        line.claim("A", DAY(1, 9), event="present")
        line.claim("B", DAY(2, 0), event="arrived")
        itinerary = derive_itinerary(line.trip(), world)
        assert names(itinerary) == ["A", "B"]
        assert itinerary.waypoints[0].conflict

    def test_who_arrives_after_leaving_has_come_back(self, line, world, names):
        line.claim("A", DAY(1, 4), event="arrived")
        line.claim("A", f"{DAY(1, 5)}/{DAY(1, 6)}", event="departed")
        line.claim("A", f"{DAY(1, 9)}/{DAY(1, 12)}", event="arrived")
        line.claim("A", DAY(1, 15), event="departed")
        line.claim("B", DAY(2, 0), event="arrived")
        itinerary = derive_itinerary(line.trip(), world)
        assert names(itinerary) == ["A", "A", "B"]
        assert [w.sightings for w in itinerary.waypoints] == [("s0", "s1"), ("s2", "s3"), ("s4",)]
        assert not itinerary.contradictions
        assert itinerary.waypoints[0].departure == Interval(at(1, 5), at(1, 6))
        assert itinerary.waypoints[1].arrival == Interval(at(1, 9), at(1, 12))

    def test_who_comes_back_again_and_again_has_as_many_visits(self, line, world):
        for hour in (2, 8, 14):
            line.claim("A", DAY(1, hour), event="arrived")
            line.claim("A", DAY(1, hour + 3), event="departed")
        itinerary = derive_itinerary(line.trip(), world)
        assert [w.sightings for w in itinerary.waypoints] == [
            ("s0", "s1"),
            ("s2", "s3"),
            ("s4", "s5"),
        ]

    def test_a_claim_that_may_be_of_either_visit_belongs_to_the_earlier(self, line, world):
        line.claim("A", DAY(1, 6), event="departed")
        line.claim("A", DAY(1, 12), event="arrived")
        line.claim("A", f"{DAY(1, 0)}/{DAY(1, 23)}")
        line.claim("A", f"{DAY(1, 5)}/{DAY(1, 20)}", event="departed")
        line.claim("A", DAY(1, 13))
        first, second = derive_itinerary(line.trip(), world).waypoints
        assert first.sightings == ("s0", "s2", "s3")
        assert second.sightings == ("s1", "s4")

    def test_leaving_at_the_instant_of_arriving_is_one_visit(self, line, world, names):
        line.claim("A", DAY(1, 6), event="departed")
        line.claim("A", DAY(1, 6), event="arrived")
        assert names(derive_itinerary(line.trip(), world)) == ["A"]

    def test_an_arrival_that_touches_the_departure_is_of_the_same_visit(self, line, world, names):
        line.claim("A", f"{DAY(1, 6)}/{DAY(1, 9)}", event="arrived")
        line.claim("A", DAY(1, 6), event="departed")
        assert names(derive_itinerary(line.trip(), world)) == ["A"]

    def test_a_departure_that_may_be_after_the_arrival_leaves_one_visit(self, line, world, names):
        line.claim("A", f"{DAY(1, 6)}/{DAY(1, 9)}", event="departed")
        line.claim("A", DAY(1, 8), event="arrived")
        itinerary = derive_itinerary(line.trip(), world)
        assert names(itinerary) == ["A"]
        assert itinerary.waypoints[0].departure == Interval(at(1, 8), at(1, 9))

    def test_a_report_without_a_time_finds_its_place_by_the_way(self, line, world, names):
        line.claim("A", DAY(1, 0))
        line.claim("C", DAY(3, 0))
        line.claim("B")
        assert names(derive_itinerary(line.trip(), world)) == ["A", "B", "C"]

    def test_one_source_at_several_places_orders_them_by_its_own_times(self, line, world, names):
        for day, name in ((3, "C"), (1, "A"), (2, "E")):
            line.claim(name, DAY(day, 0), publisher="daily")
        assert names(derive_itinerary(line.trip(), world)) == ["A", "E", "C"]


class TestManyOverlapping:
    def test_what_is_surely_earlier_stays_earlier_among_many(self, make, world, names):
        """Beyond the exact limit too, and where a place in between binds two that are not."""
        for n in range(12):
            make.place(f"P{n:02}", (n * 7) % 12)
            make.claim(f"P{n:02}", f"{DAY(2, 0)}/{DAY(2, 20)}")
        make.place("Stay", 30)
        make.place("Late", -5)
        make.place("Early", 5)
        make.claim("Late", f"{DAY(2, 5)}/{DAY(2, 22)}")
        make.claim("Early", f"{DAY(2, 3)}/{DAY(2, 12)}")
        make.claim("Stay", f"{DAY(2, 4)}/{DAY(2, 5)}", event="arrived")
        make.claim("Stay", f"{DAY(2, 12)}/{DAY(2, 13)}", event="departed")
        found = names(derive_itinerary(make.trip(), world))
        assert found.index("Early") < found.index("Stay") < found.index("Late")

    def test_a_report_without_a_time_disturbs_no_long_journey(self, make, world, names):
        """It overlaps with every visit, and finds its place among them all the same."""
        for n in range(60):
            make.place(f"P{n:02}", n)
            make.claim(f"P{n:02}", f"{DAY(1 + n // 3, n % 3 * 8)}/{DAY(1 + n // 3, n % 3 * 8 + 7)}")
        in_order = names(derive_itinerary(make.trip(), world))
        make.place("Between", 41.5)
        make.claim("Between")
        compared = []
        is_before = Visit.is_before
        with patch.object(Visit, "is_before", lambda *two: compared.append(two) or is_before(*two)):
            found = names(derive_itinerary(make.trip(), world))
        assert found == [*in_order[:42], "Between", *in_order[42:]]
        assert len(compared) < 4 * len(found)

    def test_five_hundred_overlapping_visits_ask_for_each_way_once(self, make, world):
        for n in range(500):
            make.place(f"P{n:03}", n % 25, n // 25)
            make.claim(f"P{n:03}", f"{DAY(2, 0)}/{DAY(3, 0)}")
        itinerary = derive_itinerary(make.trip(), world)
        assert len(itinerary.waypoints) == 500
        to_order = world.asked[: -len(itinerary.legs)]
        assert len(to_order) == len({frozenset(pair) for pair in to_order})
        # From each place one search serves all the ways that are asked from it.
        origins = [origin for origin, _ in to_order]
        assert sum(a != b for a, b in pairwise(origins)) < 500


class TestForetold:
    @pytest.fixture
    def under_way(self, line):
        line.claim("A", DAY(1, 0), event="departed", published=DAY(1, 1))
        return line

    def test_a_late_arrival_fulfils_what_was_foretold_for_earlier(self, under_way, world, names):
        under_way.claim("C", DAY(1, 8), event="arrived", modality="expected", published=DAY(1, 2))
        under_way.claim("B", DAY(1, 9), event="passed", published=DAY(1, 10))
        under_way.claim("C", DAY(1, 12), event="arrived", published=DAY(1, 13))
        itinerary = derive_itinerary(under_way.trip(), world)
        assert names(itinerary) == ["A", "B", "C"]
        assert len(itinerary.waypoints[-1].sightings) == 2

    def test_the_second_visit_fulfils_what_was_foretold_for_its_day(self, under_way, world):
        foretold = under_way.claim("B", DAY(5, 0), modality="expected", published=DAY(1, 2))
        under_way.claim("B", DAY(2, 0), published=DAY(2, 1))
        under_way.claim("C", DAY(3, 0), published=DAY(3, 1))
        before = derive_itinerary(under_way.trip(), world)
        assert [w.place.name for w in before.waypoints] == ["A", "B", "C", "B"]
        assert before.waypoints[-1].status is Modality.EXPECTED
        under_way.claim("B", DAY(5, 1), published=DAY(5, 2))
        after = derive_itinerary(under_way.trip(), world)
        assert [w.place.name for w in after.waypoints] == ["A", "B", "C", "B"]
        assert foretold.id in after.waypoints[-1].sightings

    def test_a_return_home_that_is_dated_is_not_the_departure(self, under_way, world, names):
        under_way.claim("A", DAY(9, 0), event="arrived", modality="expected", published=DAY(1, 0))
        assert names(derive_itinerary(under_way.trip(), world)) == ["A", "A"]

    def test_a_departure_foretold_during_a_stay_belongs_to_it_ever_after(
        self, under_way, world, names
    ):
        under_way.claim("C", DAY(2, 0), event="arrived", published=DAY(2, 1))
        foretold = under_way.claim(
            "C", DAY(3, 0), event="departed", modality="expected", published=DAY(2, 2)
        )
        under_way.claim("D", DAY(4, 0), event="arrived", published=DAY(4, 1))
        itinerary = derive_itinerary(under_way.trip(), world)
        assert names(itinerary) == ["A", "C", "D"]
        assert foretold.id in itinerary.waypoints[1].sightings

    def test_what_is_possible_where_the_party_is_joins_the_stay(self, under_way, world, names):
        under_way.claim("C", DAY(2, 0), event="arrived", published=DAY(2, 1))
        under_way.claim("C", modality="possible", published=DAY(2, 3))
        itinerary = derive_itinerary(under_way.trip(), world)
        assert names(itinerary) == ["A", "C"]
        assert itinerary.waypoints[1].status is Modality.REPORTED

    def test_a_forecast_for_not_before_a_later_day_is_not_overtaken(self, under_way, world, names):
        claim = under_way.claim("E", modality="expected", published=DAY(1, 2))
        under_way.sightings[-1] = replace(claim, when=Interval(at(9), None))
        under_way.claim("B", DAY(2, 0), published=DAY(2, 1))
        assert names(derive_itinerary(under_way.trip(), world)) == ["A", "B", "E"]

    def test_a_place_that_is_possible_and_expected_is_one_expected_stop(
        self, under_way, world, names
    ):
        under_way.claim("C", modality="possible", published=DAY(1, 1))
        under_way.claim("C", modality="expected", published=DAY(1, 2))
        itinerary = derive_itinerary(under_way.trip(), world)
        assert names(itinerary) == ["A", "C"]
        assert itinerary.waypoints[1].status is Modality.EXPECTED

    def test_expected_stops_with_times_are_in_the_order_of_time(self, under_way, world, names):
        under_way.claim("B", DAY(5, 0), modality="expected", published=DAY(1, 2))
        under_way.claim("D", DAY(4, 0), modality="expected", published=DAY(1, 2))
        assert names(derive_itinerary(under_way.trip(), world)) == ["A", "D", "B"]

    def test_only_forecasts_make_a_chain_and_stops_that_stand_alone(self, line, world):
        line.claim("A", DAY(5, 0), modality="expected")
        line.claim("B", DAY(6, 0), modality="expected")
        line.claim("C", modality="possible")
        itinerary = derive_itinerary(line.trip(), world)
        assert [(w.place.name, w.after) for w in itinerary.waypoints] == [
            ("A", None),
            ("B", 1),
            ("C", None),
        ]
        assert itinerary.last_reported is None
        assert [w.distance_from_start_km for w in itinerary.waypoints] == [
            0,
            pytest.approx(110),
            None,
        ]


class TestAvoidedCountries:
    class Borders(FlatWorld):
        """Refuses to keep planes out of a country, and to start a way in one."""

        def distance_km(self, origin, destination, *, mode=Mode.TRAIN, avoid=()):
            if avoid and (mode is Mode.PLANE or origin.lon == 0):
                raise InputError("avoid", "that cannot be avoided")
            return super().distance_km(origin, destination, mode=mode, avoid=avoid)

    avoid = Assumption("no_way", AssumptionKind.AVOID, countries=("CN",))

    def test_a_plane_is_kept_out_only_where_that_is_said_of_planes(self, line):
        line.claim("B", DAY(1, 0), event="departed")
        line.claim("C", DAY(2, 0), event="arrived", mode=Mode.PLANE)
        (leg,) = derive_itinerary(line.trip(assumptions=(self.avoid,)), self.Borders()).legs
        assert leg.distance_km == pytest.approx(110)

    def test_a_place_in_an_avoided_country_costs_its_leg_the_way_and_nothing_else(self, line):
        for name, day in zip("ABC", (1, 2, 3), strict=True):
            line.claim(name, DAY(day, 0), event="passed")
        first, second = derive_itinerary(line.trip(assumptions=(self.avoid,)), self.Borders()).legs
        assert (first.route, first.problem) == (None, "that cannot be avoided")
        assert second.distance_km == pytest.approx(110)


class TestKnowledge:
    def test_what_supersedes_appears_at_the_instant_at_which_the_other_goes(
        self, line, world, names
    ):
        line.claim(
            "A",
            DAY(1, 0),
            published=DAY(1, 1),
            state=State.SUPERSEDED,
            state_since=at(3),
            superseded_by="s1",
        )
        line.claim("B", DAY(1, 0), published=DAY(3, 0))
        trip = line.trip()
        assert names(derive_itinerary(trip, world, at(3) - timedelta(seconds=1))) == ["A"]
        itinerary = derive_itinerary(trip, world, at(3))
        assert names(itinerary) == ["B"]
        assert itinerary.unplaced == {"s0": Unplaced.SUPERSEDED}

    def test_an_updated_report_counts_from_its_update(self, line, world, names):
        claim = line.claim("A", DAY(1, 0), published=DAY(1, 5))
        line.sources[claim.source] = replace(
            line.sources[claim.source], updated_at=Interval.at(at(1, 9))
        )
        trip = line.trip()
        assert names(derive_itinerary(trip, world, at(1, 8))) == []
        assert names(derive_itinerary(trip, world, at(1, 9))) == ["A"]
        assert publication_steps(trip) == (at(1, 9),)

    def test_a_report_that_gives_a_figure_only_is_a_step_too(self, line):
        line.claim("A", DAY(1, 0), published=DAY(1, 1))
        later = Source("later", "Later", Interval.at(at(9)))
        figure = Figure("f", "later", "A", "B", "far", distance_km=Bounds.exactly(100))
        trip = line.trip(figures=(figure,))
        trip = replace(trip, sources=(*trip.sources, later))
        assert publication_steps(trip) == (at(1, 1), at(9))


class TestModes:
    @pytest.fixture
    def mode(self, line, world):
        def mode():
            return derive_itinerary(line.trip(), world).legs[-1].mode

        line.claim("A", DAY(1, 0), event="departed", subject="leader")
        return mode

    def test_what_was_reported_goes_before_what_was_foretold(self, line, mode):
        line.claim("B", modality="expected", mode=Mode.PLANE, published=DAY(1, 1))
        line.claim("B", DAY(2, 0), event="arrived", subject="train", published=DAY(2, 1))
        assert mode() is Mode.TRAIN

    def test_a_motorcade_seen_in_town_brought_nobody_there(self, line, mode):
        line.claim("B", DAY(2, 3), event="present", subject="motorcade")
        line.claim("B", DAY(2, 0), event="arrived", subject="train")
        assert mode() is Mode.TRAIN

    def test_nothing_reported_leaves_what_was_foretold(self, line, mode):
        line.claim("B", DAY(2, 0), modality="expected", subject="leader", mode=Mode.CAR)
        assert mode() is Mode.CAR


class TestLegs:
    def test_two_places_at_one_instant_are_disputed_at_any_speed(self, line, world, names):
        line.claim("A", DAY(1, 0), event="departed")
        line.claim("B", DAY(1, 0), event="arrived", reliability="D", credibility=4)
        line.claim("B", f"{DAY(1, 0)}/{DAY(1, 6)}")
        itinerary = derive_itinerary(line.trip(), world)
        assert names(itinerary) == ["A", "B"]
        assert itinerary.waypoints[1].disputed == ("s1",)
        (leg,) = itinerary.legs
        assert leg.duration_h == Bounds(0, 6)
        assert leg.verdict is Verdict.DISPUTED
        (contradiction,) = itinerary.contradictions
        assert contradiction.clash.needed_speed_kmh is None

    def test_doubt_about_the_ends_never_takes_a_way_below_the_great_circle(self, line, world):
        line.places["A"] = replace(line.places["A"], radius_km=2)
        line.places["B"] = replace(line.places["B"], radius_km=3)
        line.claim("A", DAY(1, 0), event="departed")
        line.claim("B", DAY(2, 0), event="arrived")
        (leg,) = derive_itinerary(line.trip(), world).legs
        assert leg.distance_bounds_km.lower == pytest.approx(105)
        assert leg.distance_bounds_km.upper == pytest.approx(115)

    def test_a_speed_for_one_mode_goes_before_one_for_all(self, line, world):
        line.claim("A", DAY(1, 0), event="departed")
        line.claim("B", DAY(2, 0), event="arrived")
        kind = AssumptionKind.CRUISE_SPEED
        general = Assumption("general", kind, None, kmh=100, reason="because")
        own = Assumption("own", kind, Mode.TRAIN, kmh=55, reason="because")
        (leg,) = derive_itinerary(line.trip(assumptions=(general, own)), world).legs
        assert leg.at_cruise_speed.speed_kmh == 55

    def test_there_and_back_between_two_places_are_legs_of_their_own(self, line, world):
        line.claim("A", DAY(1, 0), event="departed")
        line.claim("B", DAY(2, 0), event="passed")
        line.claim("A", DAY(3, 0), event="arrived")
        there, back = derive_itinerary(line.trip(), world).legs
        assert (there.distance_km, back.distance_km) == pytest.approx((110, 110))
