"""What cannot all be true: smallest sets, the weakest set aside, the rest left right."""

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from random import Random

import pytest

from app.journey.bounds import Bounds
from app.journey.contradiction import MemberKind
from app.journey.derived import Unplaced, Verdict
from app.journey.interval import Interval
from app.journey.itinerary import derive_itinerary
from app.journey.model import Assumption, AssumptionKind, Event, Figure, Modality, Mode
from tests.journey.conftest import FlatWorld
from tests.journey.random_journeys import (
    HOUR,
    disturb,
    microseconds,
    random_journey,
    straight_km,
)
from tests.journey.test_constraints_oracle import graph, is_consistent, shortest_paths

STRONG = {"reliability": "B", "credibility": 2}
WEAK = {"reliability": "D", "credibility": 4}
UNJUDGED = {"reliability": "F", "credibility": 6}


def at(hour, day=1):
    return datetime(2023, 9, day, tzinfo=UTC) + timedelta(hours=hour)


def between(earliest, latest):
    return f"{at(earliest).isoformat()}/{at(latest).isoformat()}"


def instant(hour):
    return at(hour).isoformat()


def assumption(kind, name=None, **values):
    return Assumption(name or kind.value, kind, reason="so it is", **values)


def fastest(kmh, mode=Mode.TRAIN):
    return assumption(AssumptionKind.MAX_SPEED, mode=mode, kmh=kmh)


def fastest_flight():
    return assumption(AssumptionKind.MAX_SPEED, "max_speed_plane", mode=Mode.PLANE, kmh=400)


@pytest.fixture
def line(make):
    for lon, name in enumerate("ABCDEF"):
        make.place(name, lon)
    return make


@pytest.fixture
def derived(line, world):
    def derive(*assumptions, **extra):
        return derive_itinerary(line.trip(assumptions=assumptions, **extra), world)

    return derive


class TestTooFast:
    def test_a_speed_gives_way_to_strong_claims_on_that_leg_alone(self, line, derived):
        line.claim("A", instant(0), event="departed", **STRONG)
        line.claim("C", instant(2), event="passed", **STRONG)
        line.claim("D", instant(6), event="arrived", **STRONG)
        itinerary = derived(fastest(80))
        (contradiction,) = itinerary.contradictions
        assert contradiction.sightings == ("s0", "s1")
        assert contradiction.assumptions == ("max_speed",)
        assert contradiction.set_aside == "max_speed"
        assert contradiction.set_aside_kind is MemberKind.ASSUMPTION
        assert contradiction.relaxed_to_kmh == pytest.approx(110)
        assert [leg.verdict for leg in itinerary.legs] == [Verdict.TOO_FAST, Verdict.CONSISTENT]
        assert [leg.max_speed_kmh for leg in itinerary.legs] == [pytest.approx(110), 80]
        assert all(not w.disputed for w in itinerary.waypoints)

    def test_the_clash_gives_the_numbers(self, line, derived):
        line.claim("A", between(0, 1), event="departed", **STRONG)
        line.claim("E", between(3, 4), event="arrived", **STRONG)
        (contradiction,) = derived(fastest(80)).contradictions
        clash = contradiction.clash
        assert (clash.earlier, clash.later) == ("s0", "s1")
        assert (clash.not_before, clash.not_after) == (at(0), at(4))
        assert clash.available_h == 4
        assert clash.great_circle
        assert clash.distance_km == pytest.approx(400)
        assert clash.needed_speed_kmh == pytest.approx(100)
        assert clash.max_speed_kmh == 80

    def test_the_railway_being_complete_is_a_member_where_the_straight_line_would_do(
        self, line, derived
    ):
        line.claim("A", instant(0), event="departed", **STRONG)
        line.claim("E", instant(4), event="arrived", **STRONG)
        (contradiction,) = derived(fastest(105)).contradictions
        assert set(contradiction.assumptions) == {"max_speed", "railway_complete"}
        assert contradiction.set_aside == "max_speed"
        assert not contradiction.clash.great_circle
        assert contradiction.clash.distance_km == pytest.approx(440)
        assert contradiction.relaxed_to_kmh == pytest.approx(110)
        assert derived(fastest(110.001)).contradictions == ()

    def test_a_claim_that_cannot_be_judged_goes_before_an_assumption(self, line, derived):
        line.claim("A", instant(0), event="departed", **STRONG)
        line.claim("C", instant(1), event="passed", **UNJUDGED)
        line.claim("D", instant(6), event="arrived", **STRONG)
        itinerary = derived(fastest(80))
        (contradiction,) = itinerary.contradictions
        assert contradiction.set_aside == "s1"
        assert contradiction.set_aside_kind is MemberKind.SIGHTING
        assert [leg.max_speed_kmh for leg in itinerary.legs] == [80]
        assert itinerary.unplaced == {"s1": Unplaced.DISPUTED}

    def test_a_weak_claim_goes_and_its_place_with_it(self, line, derived, names):
        line.claim("A", instant(0), event="departed", **STRONG)
        line.claim("F", instant(1), event="passed", **WEAK)
        line.claim("B", instant(3), event="arrived", **STRONG)
        itinerary = derived(fastest(80))
        assert names(itinerary) == ["A", "B"]
        assert itinerary.unplaced == {"s1": Unplaced.DISPUTED}
        assert {c.set_aside for c in itinerary.contradictions} == {"s1"}
        assert itinerary.waypoints[1].arrival == Interval.at(at(3))

    def test_a_weak_claim_of_a_place_that_is_still_visited_is_kept_as_disputed(
        self, line, derived, names
    ):
        line.claim("A", instant(0), event="departed", **STRONG)
        line.claim("C", instant(1), event="arrived", **WEAK)
        line.claim("C", between(1, 5), event="arrived", **STRONG)
        itinerary = derived(fastest(80))
        assert names(itinerary) == ["A", "C"]
        assert itinerary.waypoints[1].disputed == ("s1",)
        assert set(itinerary.waypoints[1].sightings) == {"s1", "s2"}
        assert itinerary.legs[0].verdict is Verdict.DISPUTED
        assert itinerary.waypoints[1].arrival == Interval(at(2.75), at(5))

    def test_ways_that_are_assumed_are_members(self, line, derived):
        line.place("V", 1, 3)
        line.claim("A", instant(0), event="departed", **STRONG)
        line.claim("C", instant(4), event="arrived", **STRONG)
        via = assumption(AssumptionKind.VIA, mode=Mode.TRAIN, places=("A", "V", "C"))
        (contradiction,) = derived(fastest(80), via).contradictions
        assert set(contradiction.assumptions) == {"max_speed", "via", "railway_complete"}
        assert derived(fastest(80)).contradictions == ()

    def test_the_same_leg_at_another_time_keeps_the_assumed_speed(self, line, derived):
        line.claim("A", instant(0), event="departed", **STRONG)
        line.claim("C", instant(2), event="passed", **STRONG)
        line.claim("A", instant(12), event="passed", **STRONG)
        line.claim("C", instant(30), event="arrived", **STRONG)
        itinerary = derived(fastest(80))
        assert len(itinerary.contradictions) == 1
        assert [leg.verdict for leg in itinerary.legs] == [
            Verdict.TOO_FAST,
            Verdict.CONSISTENT,
            Verdict.CONSISTENT,
        ]

    def test_a_faster_mode_on_part_of_the_way_is_not_forgotten(self, line, derived):
        """Without the flight the same way would take longer, which proves nothing of it."""
        line.claim("A", instant(0), event="departed", **STRONG)
        line.claim("E", between(0, 5), subject="leader", mode=Mode.PLANE, **STRONG)
        line.claim("F", instant(5), event="arrived", **STRONG)
        stop = assumption(AssumptionKind.MINIMUM_STOP, hours=10.0, places=("E",))
        (contradiction,) = derived(fastest(80), fastest_flight(), stop).contradictions
        assert set(contradiction.sightings) == {"s0", "s1", "s2"}
        assert contradiction.set_aside == "minimum_stop"


class TestOnePlace:
    def test_arrived_twice_at_different_times(self, line, derived):
        line.claim("A", instant(3), event="arrived", **STRONG)
        line.claim("A", instant(7), event="arrived", **WEAK)
        line.claim("B", instant(12), event="arrived", **STRONG)
        itinerary = derived()
        (contradiction,) = itinerary.contradictions
        assert set(contradiction.sightings) == {"s0", "s1"}
        assert contradiction.set_aside == "s1"
        assert contradiction.assumptions == ()
        assert itinerary.waypoints[0].arrival == Interval.at(at(3))

    def test_left_and_seen_there_later_with_nothing_between(self, line, derived, names):
        line.claim("A", instant(10), event="departed", **STRONG)
        line.claim("A", instant(12), event="present", **WEAK)
        line.claim("B", instant(20), event="arrived", **STRONG)
        itinerary = derived()
        (contradiction,) = itinerary.contradictions
        assert contradiction.set_aside == "s1"
        assert names(itinerary) == ["A", "B"]
        assert itinerary.waypoints[0].disputed == ("s1",)
        assert itinerary.waypoints[0].departure == Interval.at(at(10))

    def test_who_arrives_after_leaving_came_back(self, line, derived, names):
        line.claim("A", instant(10), event="departed", **STRONG)
        line.claim("A", instant(12), event="arrived", **STRONG)
        itinerary = derived()
        assert itinerary.contradictions == ()
        assert names(itinerary) == ["A", "A"]

    def test_a_stop_that_was_too_short(self, line, derived):
        line.claim("B", instant(3), event="arrived", **STRONG)
        line.claim("B", instant(4), event="departed", **STRONG)
        line.claim("C", instant(9), event="arrived", **STRONG)
        stop = assumption(AssumptionKind.MINIMUM_STOP, hours=2.0, places=("B",))
        (contradiction,) = derived(stop).contradictions
        assert contradiction.sightings == ("s0", "s1")
        assert contradiction.assumptions == ("minimum_stop",)
        assert contradiction.set_aside == "minimum_stop"
        assert contradiction.relaxed_to_h == pytest.approx(1)
        assert contradiction.clash.needed_h == 2

    def test_a_stop_is_shortened_to_what_is_left_and_nothing_else_gives_way(self, line, derived):
        random = Random(41)
        for _ in range(60):
            line.sightings.clear()
            arrived, stayed = random.uniform(1, 9), random.uniform(0.001, 20)
            line.claim("A", instant(0), event="departed", **STRONG)
            line.claim("B", instant(arrived), event="arrived", **STRONG)
            line.claim("C", instant(arrived + stayed + 2), event="arrived", **STRONG)
            stop = assumption(AssumptionKind.MINIMUM_STOP, hours=30.0, places=("B",))
            itinerary = derived(stop)
            (contradiction,) = itinerary.contradictions
            assert contradiction.set_aside == "minimum_stop"
            assert contradiction.relaxed_to_h == pytest.approx(stayed + 2)
            assert not any(w.disputed for w in itinerary.waypoints)
            assert itinerary.unplaced == {}

    def test_who_only_passes_does_not_stop(self, line, derived):
        line.claim("B", instant(3), event="passed", **STRONG)
        line.claim("C", instant(9), event="arrived", **STRONG)
        stop = assumption(AssumptionKind.MINIMUM_STOP, hours=30.0, places=("B",))
        assert derived(stop).contradictions == ()

    def test_a_stop_on_the_way_leaves_too_little_time(self, line, derived):
        line.claim("A", instant(0.1), event="departed", **STRONG)
        line.claim("B", between(0, 3.2), event="present", **STRONG)
        line.claim("C", instant(3.3), event="arrived", **STRONG)
        stop = assumption(AssumptionKind.MINIMUM_STOP, hours=2.0, places=("B",))
        itinerary = derived(stop, fastest(110))
        (contradiction,) = itinerary.contradictions
        assert set(contradiction.sightings) == {"s0", "s1", "s2"}
        assert {"minimum_stop", "max_speed"} <= set(contradiction.assumptions)
        assert itinerary.unplaced == {}

    def test_what_is_dated_after_its_own_report_contradicts_itself(self, line, derived):
        line.claim("A", instant(0), event="departed", **STRONG)
        late = line.claim("B", instant(9), event="arrived", published=instant(5), **STRONG)
        itinerary = derived()
        (contradiction,) = itinerary.contradictions
        assert contradiction.sightings == (late.id,)
        assert contradiction.set_aside == late.id


class TestDurations:
    def figure(self, line, lower, upper, **extra):
        source = line.claim("A", instant(0), event="departed", **STRONG).source
        return Figure(
            "all",
            source,
            "A",
            "E",
            "so long",
            duration_h=Bounds(lower, upper),
            of_this_journey=True,
            **{"credibility": 2} | extra,
        )

    def test_ten_hours_in_all_where_it_takes_fourteen(self, line, derived):
        figure = self.figure(line, None, 10)
        line.claim("E", between(0, 40), event="arrived", **STRONG)
        line.claim("C", between(0, 30), event="passed", **STRONG)
        itinerary = derived(fastest(440 / 14), figures=(figure,))
        (contradiction,) = itinerary.contradictions
        assert contradiction.figures == ("all",)
        assert "max_speed" in contradiction.assumptions
        assert contradiction.set_aside == "max_speed"
        assert contradiction.relaxed_to_kmh == pytest.approx(44)
        assert itinerary.elapsed_h.upper == pytest.approx(10)

    def test_a_weak_duration_gives_way(self, line, derived):
        figure = self.figure(line, None, 10, credibility=5)
        line.claim("E", instant(14), event="arrived", **STRONG)
        itinerary = derived(figures=(figure,))
        (contradiction,) = itinerary.contradictions
        assert contradiction.set_aside == "all"
        assert contradiction.set_aside_kind is MemberKind.FIGURE
        assert contradiction.assumptions == ()
        assert set(contradiction.sightings) == {"s0", "s1"}
        assert itinerary.elapsed_h == Bounds(14, 14)

    def test_a_duration_of_other_journeys_binds_nothing(self, line, derived):
        figure = replace(self.figure(line, None, 10), of_this_journey=False)
        line.claim("E", instant(14), event="arrived", **STRONG)
        assert derived(figures=(figure,)).contradictions == ()


class TestLeaderAboard:
    def test_leader_and_train_far_apart_are_two(self, line, derived, names):
        line.claim("A", instant(0), event="present", subject="leader", **STRONG)
        line.claim("F", instant(1), event="present", subject="train", **STRONG)
        itinerary = derived(fastest(80))
        (contradiction,) = itinerary.contradictions
        assert set(contradiction.sightings) == {"s0", "s1"}
        assert "leader_aboard" in contradiction.assumptions
        assert contradiction.set_aside == "leader_aboard"
        assert contradiction.released == ("s1",)
        assert names(itinerary) == ["A"]
        assert itinerary.unplaced == {"s1": Unplaced.DISPUTED}

    def test_a_little_too_fast_is_the_speed(self, line, derived, names):
        line.claim("A", instant(0), event="present", subject="leader", **STRONG)
        line.claim("B", instant(1.1), event="present", subject="train", **STRONG)
        (contradiction,) = derived(fastest(80)).contradictions
        assert contradiction.set_aside == "max_speed"

    def test_another_train_makes_no_waypoint_and_no_contradiction(self, line, derived, names):
        line.claim("A", instant(0), event="present", subject="train", **STRONG)
        line.claim("F", instant(1), event="present", subject="advance train", **STRONG)
        itinerary = derived(fastest(80))
        assert names(itinerary) == ["A"]
        assert itinerary.contradictions == ()
        assert itinerary.unplaced == {"s1": Unplaced.OTHER_SUBJECT}


class TestSeveral:
    def test_independent_conflicts_are_all_found_in_the_order_of_the_journey(self, line, derived):
        line.claim("A", instant(0), event="departed", **STRONG)
        line.claim("A", instant(3), event="departed", **WEAK)
        line.claim("B", instant(10), event="arrived", **STRONG)
        line.claim("C", instant(10.5), event="passed", **STRONG)
        line.claim("D", instant(30), event="arrived", **WEAK)
        line.claim("D", instant(20), event="arrived", **STRONG)
        line.claim("E", instant(50), event="passed", **STRONG)
        itinerary = derived(fastest(80))
        assert [set(c.sightings) for c in itinerary.contradictions] == [
            {"s0", "s1"},
            {"s2", "s3"},
            {"s4", "s5"},
        ]
        assert [c.set_aside for c in itinerary.contradictions] == ["s1", "max_speed", "s4"]

    def test_two_wrong_claims_against_the_same_good_one(self, line, derived, names):
        line.claim("A", instant(0), event="departed", **STRONG)
        line.claim("C", instant(10), event="passed", **STRONG)
        line.claim("F", between(10, 10.2), event="passed", **WEAK)
        line.claim("E", between(9.9, 10.1), event="passed", **WEAK)
        itinerary = derived(fastest(80))
        assert {"s2", "s3"} == {c.set_aside for c in itinerary.contradictions}
        assert names(itinerary) == ["A", "C"]

    def test_what_cannot_be_judged_outweighs_what_is_graded_low(self, line, derived):
        line.claim("A", instant(3), event="arrived", **UNJUDGED)
        line.claim("A", instant(7), event="arrived", **WEAK)
        (contradiction,) = derived().contradictions
        assert contradiction.set_aside == "s1"

    def test_more_origins_outweigh_one_of_the_same_grade(self, line, derived):
        line.claim("A", instant(3), event="arrived", publisher="one", **STRONG)
        line.claim("A", instant(7), event="arrived", publisher="two", **STRONG)
        line.claim("A", between(2, 4), event="arrived", publisher="three", **STRONG)
        itinerary = derived()
        assert {c.set_aside for c in itinerary.contradictions} == {"s1"}
        assert itinerary.waypoints[0].arrival == Interval.at(at(3))


class StraightWorld(FlatWorld):
    """The same world where every way is the straight line."""

    def distance_km(self, origin, destination, **options):
        return super().distance_km(origin, destination, **options) / 1.1


def alone(trip, contradiction, without=None):
    """A trip of one contradiction's members only; what goes without saying goes on."""
    return replace(
        trip,
        sightings=tuple(
            s for s in trip.sightings if s.id in contradiction.sightings and s.id != without
        ),
        figures=tuple(f for f in trip.figures if f.id in contradiction.figures and f.id != without),
        assumptions=tuple(
            a for a in trip.assumptions if a.name in contradiction.assumptions and a.name != without
        ),
    )


def assert_smallest(itinerary):
    """Every set contradicts itself when it is alone, and not without any one of its members.

    Not asked of a leg on which another contradiction relaxed an assumption before: alone, the
    assumption is as it was.
    """
    trip = itinerary.trip
    for contradiction in itinerary.contradictions:
        by_rail = "railway_complete" in contradiction.assumptions
        world = FlatWorld() if by_rail else StraightWorld()
        assert derive_itinerary(alone(trip, contradiction), world).contradictions
        if any(
            other.set_aside_kind is MemberKind.ASSUMPTION
            and other is not contradiction
            and places_of(trip, other) & places_of(trip, contradiction)
            for other in itinerary.contradictions
        ):
            continue
        explicit = {a.name for a in trip.assumptions} & set(contradiction.assumptions)
        for member in {*contradiction.sightings, *contradiction.figures} | explicit:
            less = derive_itinerary(alone(trip, contradiction, member), world)
            assert not less.contradictions, (contradiction, member)


def places_of(trip, contradiction):
    places = {s.place for s in trip.sightings if s.id in contradiction.sightings}
    return places.union(
        *({f.origin, f.destination} for f in trip.figures if f.id in contradiction.figures)
    )


def assert_rest_is_consistent(itinerary):
    """What was not set aside contradicts itself no more, but where assumptions gave way."""
    found = itinerary.contradictions
    aside = {c.set_aside for c in found} | {s for c in found for s in c.released}
    relaxed = {c.set_aside for c in found if c.set_aside_kind is MemberKind.ASSUMPTION}
    trip = itinerary.trip
    kept = replace(
        trip,
        sightings=tuple(s for s in trip.sightings if s.id not in aside),
        figures=tuple(f for f in trip.figures if f.id not in aside),
    )
    left = derive_itinerary(kept, FlatWorld()).contradictions
    assert all(relaxed & set(c.assumptions) for c in left)
    if not relaxed:
        assert not left


class TestSmallestSets:
    @pytest.mark.parametrize(
        ("seed", "options"),
        [
            (21, {"repeats": False, "open_ends": False, "spans": False}),
            (22, {"repeats": False, "open_ends": False}),
            (23, {"repeats": False, "doubt_h": 4.0}),
        ],
    )
    def test_of_disturbed_journeys_are_smallest_and_the_rest_is_consistent(self, seed, options):
        random, found = Random(seed), 0
        for _ in range(150):
            journey = random_journey(random, random.randint(2, 10), **{"doubt_h": 0.5} | options)
            for _ in range(random.randint(1, 3)):
                disturb(journey, random)
            itinerary = derive_itinerary(journey.trip(), FlatWorld())
            found += len(itinerary.contradictions)
            assert_smallest(itinerary)
            assert_rest_is_consistent(itinerary)
        assert found > 100

    def test_where_places_are_visited_twice_each_is_contradictory_by_itself(self):
        random, found = Random(24), 0
        for _ in range(150):
            journey = random_journey(random, random.randint(3, 10), doubt_h=1.0)
            disturb(journey, random)
            itinerary = derive_itinerary(journey.trip(), FlatWorld())
            found += len(itinerary.contradictions)
            for contradiction in itinerary.contradictions:
                by_rail = "railway_complete" in contradiction.assumptions
                world = FlatWorld() if by_rail else StraightWorld()
                assert derive_itinerary(alone(itinerary.trip, contradiction), world).contradictions
            assert_rest_is_consistent(itinerary)
        assert found > 50


class TestOrder:
    """A wrong order is never forced where another is consistent."""

    def test_the_shortest_order_gives_way_to_one_that_the_times_allow(self, line, derived, names):
        line.claim("A", instant(0), event="departed", **STRONG)
        line.claim("B", between(0, 24), event="passed", **STRONG)
        line.claim("D", instant(6), event="passed", **STRONG)
        line.claim("C", between(0, 24), event="passed", **STRONG)
        line.claim("E", between(6, 24), event="arrived", **STRONG)
        itinerary = derived(fastest(60))
        assert itinerary.contradictions == ()
        assert names(itinerary) == ["A", "B", "C", "D", "E"]
        # At 56 km/h there is no time for more than the way from A to D.
        assert names(derived(fastest(55.5))) == ["A", "B", "C", "D", "E"]
        line.claim("F", between(0, 24), event="passed", **STRONG)
        line.claim("A", between(20, 24), event="arrived", **STRONG)
        itinerary = derived(fastest(60))
        assert itinerary.contradictions == ()
        assert names(itinerary)[0] == names(itinerary)[-1] == "A"

    def test_a_reported_duration_says_which_came_first(self, line, derived, names):
        source = line.claim("A", instant(0), event="departed", **STRONG).source
        line.claim("B", between(0, 24), event="passed", **STRONG)
        line.claim("E", between(0, 24), event="passed", **STRONG)
        line.claim("C", instant(23), event="arrived", **STRONG)
        figure = Figure(
            "there", source, "E", "B", "so long", duration_h=Bounds(None, 9), of_this_journey=True
        )
        assert names(derived(fastest(60))) == ["A", "B", "E", "C"]
        itinerary = derived(fastest(60), figures=(figure,))
        assert itinerary.contradictions == ()
        assert names(itinerary) == ["A", "E", "B", "C"]

    def test_where_any_order_is_consistent_nothing_is_contradicted(self):
        random, contradicted = Random(11), 0
        for _ in range(500):
            journey = random_journey(
                random,
                random.randint(2, 5),
                repeats=False,
                doubt_h=random.choice([1, 4, 10, 20]),
                open_ends=random.random() < 0.5,
                spans=random.random() < 0.4,
            )
            if random.random() < 0.7:
                disturb(journey, random)
            trip = journey.trip()
            if derive_itinerary(trip, FlatWorld()).contradictions:
                contradicted += 1
                assert consistent_orders(trip) == []
        assert contradicted > 50


def consistent_orders(trip):
    """Every order of the places, each visited once, that leaves a schedule."""
    told = defaultdict(list)
    for sighting in trip.sightings:
        told[sighting.place].append(sighting)
    orders = [
        order
        for order in permutations(told)
        if all(order.index(f.origin) < order.index(f.destination) for f in trip.figures)
    ]
    graphs = [graph(trip, [(place, told[place]) for place in order]) for order in orders]
    found = zip(orders, shortest_paths(graphs), strict=True)
    return [order for order, paths in found if is_consistent(paths)]


class TestPlanted:
    """Claims that cannot be true, planted in journeys that can, among decoys that agree."""

    def test_every_weak_claim_is_found_and_the_rest_stays_right(self):
        random, count = Random(31), 0
        for _ in range(120):
            journey, before = true_journey(random)
            planted = {plant(journey, random, WEAK) for _ in range(random.randint(1, 3))}
            count += len(planted)
            after = derive_itinerary(journey.trip(), FlatWorld())
            assert {c.set_aside for c in after.contradictions} == planted
            assert_smallest(after)
            assert bounds(after) == bounds(before)
        assert count > 200

    def test_a_claim_as_strong_as_the_others_is_found(self):
        random = Random(32)
        for _ in range(120):
            journey, _ = true_journey(random)
            planted = plant(journey, random, STRONG)
            after = derive_itinerary(journey.trip(), FlatWorld())
            assert planted in {s for c in after.contradictions for s in c.sightings}
            assert_smallest(after)
            assert_rest_is_consistent(after)

    def test_at_a_place_that_was_left_and_come_back_to(self, line, derived, names):
        for hour, name in ((0, "A"), (10, "C"), (20, "A"), (30, "B")):
            line.claim(name, instant(hour), event="passed", **STRONG)
            line.claim(name, between(hour - 1, hour + 1), publisher="other", **STRONG)
        before = derived(fastest(80))
        wrong = {
            line.claim("A", between(9.5, 10.5), event="passed", **WEAK).id,
            line.claim("C", between(19.8, 20.1), event="passed", **WEAK).id,
            line.claim("F", between(25, 25.5), event="passed", **WEAK).id,
        }
        after = derived(fastest(80))
        assert names(before) == names(after) == ["A", "C", "A", "B"]
        assert {c.set_aside for c in after.contradictions} == wrong
        assert bounds(after) == bounds(before)
        assert_rest_is_consistent(after)

    def test_between_two_branches_that_were_both_foretold(self, line, derived, names):
        line.claim("C", instant(0), event="departed", published=instant(1), **STRONG)
        line.claim("A", modality="possible", published=instant(1), **STRONG)
        line.claim("F", modality="possible", published=instant(1), **STRONG)
        before = derived(fastest(80))
        assert [w.status for w in before.waypoints[1:]] == [Modality.POSSIBLE] * 2
        wrong = line.claim("A", instant(6), event="arrived", published=instant(7), **WEAK)
        right = line.claim("F", instant(6), event="arrived", published=instant(8), **STRONG)
        after = derived(fastest(80))
        (contradiction,) = after.contradictions
        assert set(contradiction.sightings) == {wrong.id, right.id}
        assert contradiction.set_aside == wrong.id
        assert names(after)[:2] == ["C", "F"]
        assert after.waypoints[1].arrival == Interval.at(at(6))
        assert_smallest(after)


def true_journey(random):
    """A journey of strong claims that can all be true, with a maximum speed, and what follows."""
    while True:
        journey = random_journey(
            random,
            random.randint(3, 14),
            doubt_h=0.3,
            open_ends=False,
            spans=False,
            one_mode=True,
            grade=("B", 2),
        )
        itinerary = derive_itinerary(journey.trip(), FlatWorld())
        if journey.fastest[Mode.TRAIN] and not itinerary.contradictions:
            return journey, itinerary


def plant(journey, random, grade):
    """Claim that the party was far from where a true claim has it; returns the claim's id."""
    true = [s for s in journey.sightings if s.id in journey.visit_of]
    while True:
        claim = random.choice(true)
        place = random.choice(list(journey.places))
        way = straight_km(journey.places[claim.place], journey.places[place])
        earliest, latest = microseconds(claim.when.earliest), microseconds(claim.when.latest)
        # Twice as far as it could be, even if all doubt about time and place is used up.
        if way > 50 + 2 * journey.fastest[Mode.TRAIN] * (latest - earliest) / HOUR:
            break
    return journey.claim(
        None,
        place,
        random.choice([Event.PRESENT, Event.PASSED]),
        (earliest, latest),
        latest + random.randrange(40) * HOUR,
        **grade,
    ).id


def bounds(itinerary):
    return [(w.place.id, w.arrival, w.departure) for w in itinerary.waypoints]
