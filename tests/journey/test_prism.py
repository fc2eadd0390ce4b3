"""The space-time prism: what it holds, what it leaves out, and that no train escapes it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import hypot
from types import SimpleNamespace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.journey.halfway import nearest_on
from app.journey.interval import Interval
from app.journey.itinerary import derive_itinerary
from app.journey.model import Assumption, AssumptionKind, Mode, Position
from app.journey.prism import HORIZON, MOST_POINTS, prism_at
from app.journey.whereabouts import LEG_LINE, STRAIGHT_LINE, PartKind, Standing
from tests.journey.conftest import TripMaker
from tests.journey.small_railway import SmallRailway, Spot

DAY = "2023-09-10T"
SPEED = 100.0
HOUR = timedelta(hours=1)

maximum = Assumption("max_speed", AssumptionKind.MAX_SPEED, Mode.TRAIN, kmh=SPEED)
cruise = Assumption("cruise_speed", AssumptionKind.CRUISE_SPEED, Mode.TRAIN, kmh=50.0)


def at(clock, day=10):
    return datetime.fromisoformat(f"2023-09-{day:02}T{clock}+00:00")


def railway():
    """A – B – C on a line, 200 km each; a branch from B to D, 100 km, and on to E, 300 km."""
    places = {
        "A": Position(0, 0),
        "B": Position(2, 0),
        "C": Position(4, 0),
        "D": Position(2, 1),
        "E": Position(2, 4),
    }
    return SmallRailway(places).line("A", "B").line("B", "C").line("B", "D").line("D", "E")


@pytest.fixture
def make(make):
    for name, position in railway().stations.items():
        make.place(name, *position)
    return make


def itinerary_of(make, *assumptions, as_of=None, **extra):
    trip = make.trip(assumptions=assumptions or (maximum, cruise), **extra)
    return derive_itinerary(trip, railway(), as_of)


def prism_of(make, when, *assumptions, as_of=None, **extra):
    world = railway()
    return prism_at(itinerary_of(make, *assumptions, as_of=as_of, **extra), when, world, world)


def parts(prism, kind):
    return [part for part in prism.parts if part.kind is kind]


def stops(prism):
    waypoints = prism.itinerary.waypoints
    return [waypoints[p.waypoints[0] - 1].place.name for p in parts(prism, PartKind.STOP)]


def holds(prism, position, *, slack_km=0.001):
    """Whether a position lies on one of the parts, the estimate left out."""
    for part in prism.parts:
        if part.kind is PartKind.ESTIMATE:
            continue
        if part.position is not None:
            off = hypot(part.position.lon - position.lon, part.position.lat - position.lat)
            if off * 111.2 <= part.radius_km + slack_km:
                return True
        elif nearest_on(part.lines, position)[1] <= part.simplified_km + slack_km:
            return True
    return False


class TestOnALeg:
    """From A at 08:00 to C by 14:00: 4 h of travel in 6 h, 100 km of slack each way."""

    @pytest.fixture
    def trip(self, make):
        make.claim("A", f"{DAY}08:00Z", event="departed")
        make.claim("C", f"{DAY}14:00Z", event="arrived")
        return make

    def test_it_can_be_where_there_was_time_to_come_and_is_time_to_go_on(self, trip):
        prism = prism_of(trip, at("11:00"))
        (leg,) = parts(prism, PartKind.LEG)
        assert prism.standing is Standing.BETWEEN
        assert not stops(prism)
        # Within 300 km of both: all but 100 km at either end, and the branch as far as D.
        assert leg.length_km == pytest.approx(300.0)
        assert holds(prism, Position(1, 0))
        assert holds(prism, Position(2, 0.99))
        assert not holds(prism, Position(2, 1.01))

    def test_shortly_after_leaving_it_is_near(self, trip):
        (leg,) = parts(prism_of(trip, at("09:00")), PartKind.LEG)
        assert leg.length_km == pytest.approx(100.0)
        assert leg.lines == ((Position(0, 0), Position(1, 0)),)

    def test_the_part_tells_what_bounds_it(self, trip):
        (leg,) = parts(prism_of(trip, at("09:00")), PartKind.LEG)
        assert (leg.waypoints, leg.leg, leg.mode, leg.over) == ((1, 2), 1, Mode.TRAIN, "railways")
        assert leg.possible == Interval(at("08:00"), at("14:00"))
        assert leg.claims == ("s0", "s1")
        assert leg.max_speed_kmh == SPEED

    def test_how_far_off_a_place_may_be_is_added(self, trip):
        trip.places["A"] = replace(trip.places["A"], radius_km=20.0)
        (leg,) = parts(prism_of(trip, at("09:00")), PartKind.LEG)
        assert leg.length_km == pytest.approx(120.0)

    def test_the_moment_it_leaves_it_is_at_the_place_alone(self, trip):
        prism = prism_of(trip, at("08:00"))
        assert stops(prism) == ["A"]
        assert not parts(prism, PartKind.LEG)

    def test_the_estimate_lies_at_the_share_of_time_that_has_passed(self, trip):
        (estimate,) = parts(prism_of(trip, at("09:30")), PartKind.ESTIMATE)
        assert estimate.position.lon == pytest.approx(1.0, abs=1e-3)
        assert estimate.possible == Interval(at("08:00"), at("14:00"))
        assert estimate.speed_kmh == pytest.approx(400 / 6)

    def test_with_no_time_to_spare_it_is_at_one_point(self, make):
        make.claim("A", f"{DAY}08:00Z", event="departed")
        make.claim("C", f"{DAY}12:00Z", event="arrived")
        (leg,) = parts(prism_of(make, at("09:00")), PartKind.LEG)
        assert leg.over == "railways"
        # Ten metres either way.
        assert leg.length_km == pytest.approx(0.02)
        for point in leg.lines[0]:
            assert point.lon == pytest.approx(1.0, abs=1.1e-4)

    def test_without_a_maximum_speed_it_is_on_the_legs_line(self, trip):
        (leg,) = parts(prism_of(trip, at("11:00"), cruise), PartKind.LEG)
        assert leg.over == LEG_LINE
        assert leg.lines == ((Position(0, 0), Position(2, 0), Position(4, 0)),)
        assert leg.length_km == pytest.approx(400.0)

    def test_a_later_report_narrows_it(self, trip):
        trip.claim("B", f"{DAY}10:30Z", event="passed", published="2023-10-02T00:00Z")
        before = prism_of(trip, at("11:00"), as_of=at("00:00", 30))
        after = prism_of(trip, at("11:00"))
        assert parts(before, PartKind.LEG)[0].length_km == pytest.approx(300.0)
        # 50 km from B on all three lines.
        assert parts(after, PartKind.LEG)[0].length_km == pytest.approx(150.0)
        assert parts(after, PartKind.LEG)[0].claims == ("s2", "s1")


class TestDrawing:
    @pytest.mark.parametrize("untimed", ["", "BDB", "BDEDBABCB"])
    def test_the_more_is_possible_the_fewer_points_each_part_may_have(self, make, untimed):
        make.claim("A", f"{DAY}08:00Z", event="departed")
        for name in untimed:
            make.claim(name, event="passed")
        make.claim("C", "2023-09-12T08:00Z", event="arrived")
        world, asked = railway(), []

        def reach(*where, most_points, **how):
            asked.append(most_points)
            return SmallRailway.reach(world, *where, most_points=most_points, **how)

        networks = SimpleNamespace(reach=reach)
        prism = prism_at(itinerary_of(make), at("20:00"), world, networks)
        assert len(parts(prism, PartKind.LEG)) == len(asked) > 0
        assert sum(asked) <= MOST_POINTS


class TestCrookedLines:
    """From A to B it is 300 km for 100 as the crow flies, and on to C 200 km, straight."""

    @pytest.fixture
    def crooked(self, make):
        make.claim("A", f"{DAY}08:00Z", event="departed")
        make.claim("C", f"{DAY}13:10Z", event="arrived")
        world = SmallRailway({"A": Position(0, 0), "B": Position(1, 0), "C": Position(3, 0)})
        world.line("A", "B", bend=3.0).line("B", "C")
        for name, position in world.stations.items():
            make.place(name, *position)
        trip = make.trip(assumptions=(maximum,))
        return lambda when: prism_at(derive_itinerary(trip, world), when, world, world)

    @pytest.mark.parametrize("clock", ["08:30", "09:30", "10:35", "11:30", "12:40"])
    def test_the_estimate_is_moved_to_where_it_can_be(self, crooked, clock):
        prism = crooked(at(clock))
        (estimate,) = parts(prism, PartKind.ESTIMATE)
        assert holds(prism, estimate.position)

    def test_half_way_in_time_it_is_still_on_the_crooked_line(self, crooked):
        (estimate,) = parts(crooked(at("10:35")), PartKind.ESTIMATE)
        # A share of the drawn line would have it at 1.5.
        assert estimate.position.lon < 1.0


class TestWaysOfOtherKinds:
    def claims(self, make, **extra):
        make.claim("A", f"{DAY}08:00Z", event="departed", **extra)
        make.claim("C", f"{DAY}14:00Z", event="arrived", **extra)

    def test_a_flight_is_anywhere_on_its_line(self, make):
        self.claims(make, mode=Mode.PLANE, subject="leader")
        fast = Assumption("max_plane", AssumptionKind.MAX_SPEED, Mode.PLANE, kmh=900)
        (leg,) = parts(prism_of(make, at("09:00"), fast), PartKind.LEG)
        assert (leg.mode, leg.over) == (Mode.PLANE, LEG_LINE)
        assert leg.lines == ((Position(0, 0), Position(4, 0)),)

    def test_where_no_way_is_known_a_straight_line_stands_for_it(self, make):
        self.claims(make, mode=Mode.SHIP, subject="leader")
        prism = prism_of(make, at("09:00"))
        (leg,) = parts(prism, PartKind.LEG)
        assert (leg.over, leg.length_km) == (STRAIGHT_LINE, pytest.approx(400.0))
        assert holds(prism, parts(prism, PartKind.ESTIMATE)[0].position)

    def test_where_the_network_lacks_the_way_the_whole_line_stands_for_it(self, make):
        self.claims(make)
        world = railway()
        world.lines.clear()
        prism = prism_at(itinerary_of(make), at("09:00"), world, world)
        (leg,) = parts(prism, PartKind.LEG)
        assert (leg.over, leg.length_km) == (LEG_LINE, pytest.approx(400.0))

    def test_out_and_back_is_anywhere_that_the_time_allows(self, make):
        make.claim("B", f"{DAY}08:00Z", event="departed")
        make.claim("B", f"{DAY}12:00Z", event="arrived")
        prism = prism_of(make, at("10:00"))
        (leg,) = parts(prism, PartKind.LEG)
        assert leg.length_km == pytest.approx(200 + 200 + 200)
        assert not parts(prism, PartKind.ESTIMATE)

    def test_out_and_back_at_no_known_speed_is_said_to_be_undrawn(self, make):
        make.claim("B", f"{DAY}08:00Z", event="departed")
        make.claim("B", f"{DAY}12:00Z", event="arrived")
        prism = prism_of(make, at("10:00"), cruise)
        assert (prism.parts, prism.undrawn) == ((), (Mode.TRAIN,))


class TestBefore:
    def test_nothing_reported_gives_nothing(self, make):
        make.claim("A", modality="possible")
        prism = prism_of(make, at("08:00"))
        assert (prism.standing, prism.parts) == (Standing.UNREPORTED, ())

    def test_a_trip_without_claims_gives_nothing(self, make):
        assert prism_of(make, at("08:00")).parts == ()

    @pytest.mark.parametrize("year", [1, 2023])
    def test_before_the_departure_it_is_at_the_place_of_departure(self, make, year):
        make.claim("A", f"{DAY}08:00Z/2023-09-10T09:00Z", event="departed")
        make.claim("C", f"{DAY}14:00Z", event="arrived")
        prism = prism_of(make, datetime(year, 1, 1, tzinfo=UTC))
        assert (prism.standing, stops(prism)) == (Standing.BEFORE, ["A"])
        (estimate,) = parts(prism, PartKind.ESTIMATE)
        assert estimate.position == Position(0, 0)

    def test_a_departure_of_unknown_time_may_have_been_early(self, make):
        make.claim("A", f"/{DAY}09:00Z", event="departed")
        make.claim("C", f"{DAY}14:00Z", event="arrived")
        prism = prism_of(make, at("08:00"))
        (leg,) = parts(prism, PartKind.LEG)
        assert stops(prism) == ["A"]
        assert leg.possible == Interval(None, at("14:00"))
        # 600 km from C: all there is.
        assert leg.length_km == pytest.approx(800.0)

    def test_its_estimate_leaves_in_time_for_what_comes_after(self, make):
        make.claim("A", f"/{DAY}12:00Z", event="departed")
        make.claim("C", f"{DAY}13:00Z/{DAY}17:00Z", event="arrived")
        (estimate,) = parts(prism_of(make, at("11:30")), PartKind.ESTIMATE)
        assert estimate.possible == Interval(at("11:00"), at("15:00"))

    def test_three_days_before_the_first_instant_known_it_had_not_left(self, make):
        make.claim("A", f"/{DAY}09:00Z", event="departed")
        make.claim("C", f"{DAY}14:00Z", event="arrived")
        first = at("09:00")
        assert parts(prism_of(make, first - HORIZON), PartKind.LEG)
        prism = prism_of(make, first - HORIZON - HOUR)
        assert (prism.standing, stops(prism)) == (Standing.BEFORE, ["A"])


class TestAfterTheLastReport:
    @pytest.fixture
    def trip(self, make):
        make.claim("A", f"{DAY}08:00Z", event="departed")
        make.claim("B", f"{DAY}11:00Z", event="passed")
        return make

    def test_it_is_as_far_as_the_maximum_speed_has_taken_it(self, trip):
        prism = prism_of(trip, at("12:30"))
        (ahead,) = parts(prism, PartKind.AHEAD)
        assert (prism.standing, stops(prism)) == (Standing.AFTER, [])
        assert ahead.length_km == pytest.approx(3 * 150)
        assert ahead.claims == ("s1",)
        assert ahead.possible == Interval(at("11:00"), at("11:00", 13))

    def test_it_may_still_be_there(self, make):
        make.claim("A", f"{DAY}08:00Z", event="departed")
        make.claim("B", f"{DAY}11:00Z", event="arrived")
        assert stops(prism_of(make, at("12:30"))) == ["B"]

    def test_stops_ahead_do_not_limit_it(self, trip):
        trip.claim("C", f"{DAY}12:00Z", event="arrived", modality="expected")
        (ahead,) = parts(prism_of(trip, at("12:30")), PartKind.AHEAD)
        assert ahead.length_km == pytest.approx(3 * 150)

    def test_the_estimate_goes_on_to_the_next_expected_stop_and_stays(self, trip):
        trip.claim("C", modality="expected")
        trip.claim("D", modality="possible")
        (under_way,) = parts(prism_of(trip, at("13:00")), PartKind.ESTIMATE)
        assert under_way.position.lon == pytest.approx(3.0, abs=1e-3)
        assert (under_way.speed_kmh, under_way.over) == (50.0, LEG_LINE)
        (there,) = parts(prism_of(trip, at("23:00")), PartKind.ESTIMATE)
        assert there.position.lon == pytest.approx(4.0)

    def test_else_to_the_nearest_possible_stop(self, trip):
        trip.claim("C", modality="possible")
        trip.claim("D", modality="possible")
        (estimate,) = parts(prism_of(trip, at("12:00")), PartKind.ESTIMATE)
        assert estimate.position.lat == pytest.approx(0.5, abs=1e-3)

    def test_else_there_is_none(self, trip):
        assert not parts(prism_of(trip, at("12:00")), PartKind.ESTIMATE)

    def test_72_hours_after_the_last_instant_known_nothing_is_said(self, trip):
        assert prism_of(trip, at("11:00", 13)).parts
        prism = prism_of(trip, at("11:01", 13))
        assert (prism.standing, prism.parts) == (Standing.BEYOND, ())

    def test_they_count_from_the_latest_instant_that_it_can_have_been_there(self, make):
        make.claim("A", f"{DAY}08:00Z", event="departed")
        make.claim("B", f"{DAY}11:00Z/{DAY}15:00Z", event="arrived")
        assert prism_of(make, at("15:00", 13)).standing is Standing.AFTER
        assert prism_of(make, at("15:01", 13)).standing is Standing.BEYOND

    def test_the_estimate_goes_on_when_the_schedule_half_way_has_come(self, make):
        make.claim("A", f"{DAY}08:00Z", event="departed")
        make.claim("B", f"{DAY}11:00Z/{DAY}15:00Z", event="arrived")
        make.claim("C", modality="expected")
        (estimate,) = parts(prism_of(make, at("14:00")), PartKind.ESTIMATE)
        assert estimate.possible == Interval(at("13:00"), at("17:00"))
        assert estimate.position.lon == pytest.approx(2.5, abs=1e-3)

    def test_the_estimate_never_cruises_faster_than_the_maximum(self, trip):
        trip.claim("C", modality="expected")
        fast = replace(cruise, kmh=150.0)
        (estimate,) = parts(prism_of(trip, at("12:00"), maximum, fast), PartKind.ESTIMATE)
        assert estimate.speed_kmh == SPEED
        assert estimate.position.lon == pytest.approx(3.0, abs=1e-3)

    def test_a_flight_ahead_may_have_been_taken(self, trip):
        trip.claim("E", modality="expected", mode=Mode.PLANE, subject="leader")
        train, plane = parts(prism_of(trip, at("12:30")), PartKind.AHEAD)
        assert (train.mode, train.over) == (Mode.TRAIN, "railways")
        assert (plane.mode, plane.over) == (Mode.PLANE, LEG_LINE)

    def test_it_may_go_on_as_it_came_until_a_report_says_how_it_left(self, trip):
        fast = Assumption("max_car", AssumptionKind.MAX_SPEED, Mode.CAR, kmh=100)
        trip.claim("D", f"{DAY}15:00Z", event="arrived", mode=Mode.CAR, subject="leader")
        prism = prism_of(trip, at("17:00"), maximum, fast)
        assert [p.mode for p in parts(prism, PartKind.AHEAD)] == [Mode.TRAIN]
        assert prism.undrawn == (Mode.CAR,)
        trip.claim("D", f"{DAY}16:00Z", event="departed", mode=Mode.TRAIN, subject="leader")
        prism = prism_of(trip, at("17:00"), maximum, fast)
        assert [p.mode for p in parts(prism, PartKind.AHEAD)] == [Mode.TRAIN]
        assert prism.undrawn == ()

    def test_how_far_it_has_gone_at_no_known_speed_is_undrawn(self, trip):
        prism = prism_of(trip, at("12:30"), cruise)
        assert (prism.parts, prism.undrawn) == ((), (Mode.TRAIN,))


class TestHomeAgain:
    @pytest.fixture
    def trip(self, make):
        make.claim("A", f"{DAY}08:00Z", event="departed")
        make.claim("B", f"{DAY}11:00Z", event="present")
        make.claim("A", f"{DAY}14:00Z/{DAY}15:00Z", event="arrived")
        return make

    @pytest.mark.parametrize("year", [2023, 9999])
    def test_home_again_it_stays_there(self, trip, year):
        prism = prism_of(trip, datetime(year, 12, 31, tzinfo=UTC))
        assert (prism.standing, stops(prism)) == (Standing.ENDED, ["A"])
        (estimate,) = parts(prism, PartKind.ESTIMATE)
        assert estimate.position == Position(0, 0)

    def test_until_it_is_surely_home_it_may_be_on_the_way(self, trip):
        prism = prism_of(trip, at("14:30"))
        assert (prism.standing, stops(prism)) == (Standing.BETWEEN, ["A"])
        assert parts(prism, PartKind.LEG)
        assert not parts(prism, PartKind.AHEAD)

    def test_having_only_passed_its_home_the_journey_goes_on(self, make):
        make.claim("A", f"{DAY}08:00Z", event="departed")
        make.claim("B", f"{DAY}11:00Z", event="present")
        make.claim("A", f"{DAY}14:00Z", event="passed")
        make.claim("A", f"{DAY}14:00Z", event="arrived")
        assert prism_of(make, at("16:00")).standing is Standing.AFTER

    def test_a_departure_that_was_set_aside_does_not_take_it_away_again(self, trip):
        itinerary = itinerary_of(trip)
        trip.claim("A", f"{DAY}16:00Z", event="departed", credibility=6)
        *others, last = itinerary.waypoints
        last = replace(last, sightings=(*last.sightings, "s3"), disputed=("s3",))
        disputed = replace(itinerary, trip=trip.trip(), waypoints=(*others, last))
        world = railway()
        assert prism_at(disputed, at("20:00"), world, world).standing is Standing.ENDED

    def test_with_a_stop_ahead_the_journey_goes_on(self, trip):
        trip.claim("C", modality="expected")
        assert prism_of(trip, at("16:00")).standing is Standing.AFTER

    def test_having_left_again_the_journey_goes_on(self, trip):
        trip.claim("A", f"{DAY}16:00Z", event="departed")
        prism = prism_of(trip, at("17:00"))
        assert (prism.standing, stops(prism)) == (Standing.AFTER, [])


class TestClaimsThatDoNotBind:
    def test_a_claim_that_was_set_aside_does_not_bind(self, make):
        make.claim("A", f"{DAY}08:00Z", event="departed", credibility=2)
        make.claim("C", f"{DAY}14:00Z", event="arrived", credibility=2)
        alone = prism_of(make, at("11:00"))
        make.claim("E", f"{DAY}09:00Z", event="passed", credibility=6)
        disputed = prism_of(make, at("11:00"))
        assert disputed.itinerary.contradictions
        assert disputed.parts == alone.parts

    @pytest.mark.parametrize("told", [{"modality": "denied"}, {"subject": "advance train"}])
    def test_a_claim_that_makes_no_waypoint_does_not_bind(self, make, told):
        make.claim("A", f"{DAY}08:00Z", event="departed")
        make.claim("C", f"{DAY}14:00Z", event="arrived")
        alone = prism_of(make, at("11:00"))
        make.claim("B", f"{DAY}10:00Z", event="passed", **told)
        assert prism_of(make, at("11:00")).parts == alone.parts


# Laws, over trains driven at random on the small railway.

START = datetime(2023, 9, 1, tzinfo=UTC)


@st.composite
def journeys(draw):
    """A train driven at random, and claims of it that are true.

    Returns the railway, the itinerary and where the train was: (hour from START, station or
    spot) at every turn.
    """
    world = railway()
    make = TripMaker()
    for name, position in world.stations.items():
        make.place(name, *position)
    hour, at_station = 0.0, draw(st.sampled_from(sorted(world.stations)))
    track = [(0.0, at_station)]
    visits = [(at_station, 0.0, 0.0)]
    for _ in range(draw(st.integers(2, 9))):
        came = hour
        hour += draw(st.sampled_from([0.0, 0.0, 0.5, 3.0]))
        track.append((hour, at_station))
        visits[-1] = (at_station, came, hour)
        following, km = draw(st.sampled_from(world.neighbours(at_station)))
        speed = draw(st.sampled_from([SPEED, SPEED, 70.0, 40.0]))
        if draw(st.integers(0, 4)) == 0:
            # It turns back halfway: a detour of which nobody tells.
            half = Spot(at_station, following, draw(st.floats(1.0, km - 1.0)))
            hour += half.km / speed
            track.append((hour, half))
            hour += half.km / SPEED
        else:
            hour += km / speed
            at_station = following
        track.append((hour, at_station))
        visits.append((at_station, hour, hour))
    told = []
    for n, (name, came, went) in enumerate(visits):
        event = draw(st.sampled_from(["arrived", "departed", "present", None]))
        if n in (0, len(visits) - 1):
            event = event or "present"
        if event is None or (told and told[-1][0] == name):
            continue
        instant = {"arrived": came, "departed": went}.get(event)
        if instant is None:
            instant = came + draw(st.floats(0.0, 1.0)) * (went - came)
        doubt = [draw(st.sampled_from([0.0, 0.0, 0.1, 0.5, 3.0])) for _ in range(2)]
        ends = [moment(instant - doubt[0]), moment(instant + doubt[1])]
        if draw(st.integers(0, 7)) == 0:
            ends[0] = None
        make.claim(name, event=event, published=moment(hour + 5).isoformat())
        object.__setattr__(make.sightings[-1], "when", Interval(*ends))
        told.append((name, came))
    trip = make.trip(assumptions=(maximum, cruise))
    itinerary = derive_itinerary(trip, world)
    # Where claims leave the order open, another than the train's may be the shortest; and
    # where two visits may be one, it stayed.
    assume([w.place.name for w in itinerary.waypoints] == [name for name, _ in told])
    assume(not itinerary.contradictions)
    # Home again it is taken to stay: what it did after that is not looked at.
    home = len(told) > 1 and told[-1][0] == told[0][0]
    track = [(hour, place) for hour, place in track if not home or hour <= told[-1][1]]
    return world, itinerary, track


def moment(hour):
    return START + timedelta(hours=hour)


def where(world, track, hour):
    """Where a train was that runs evenly between the points of its track."""
    for (h0, a), (h1, b) in pairwise(track):
        if not h0 <= hour <= h1:
            continue
        if a == b:
            return world.stations[a]
        share = (hour - h0) / (h1 - h0) if h1 > h0 else 0.0
        ends = [world.position(x) if isinstance(x, Spot) else world.stations[x] for x in (a, b)]
        return Position(
            ends[0].lon + share * (ends[1].lon - ends[0].lon),
            ends[0].lat + share * (ends[1].lat - ends[0].lat),
        )
    raise AssertionError(hour)


laws = settings(max_examples=120, deadline=None)
shares = st.floats(0.0, 1.0)


class TestLaws:
    @given(journeys(), st.lists(shares, min_size=6, max_size=6))
    @laws
    def test_a_train_that_keeps_to_the_claims_is_always_inside(self, journey, instants):
        world, itinerary, track = journey
        turns = [hour for hour, _ in track]
        for hour in [*turns, *(share * turns[-1] for share in instants)]:
            prism = prism_at(itinerary, moment(hour), world, world)
            if itinerary.waypoints[-1].departure.earliest is None:
                # It may have gone on since any time, and that is said instead.
                assert prism.undrawn == (Mode.TRAIN,) or prism.standing is Standing.BEFORE
            else:
                assert holds(prism, where(world, track, hour)), hour

    @given(journeys(), shares)
    @laws
    def test_the_estimate_lies_inside(self, journey, share):
        world, itinerary, track = journey
        prism = prism_at(itinerary, moment(share * (track[-1][0] + 80)), world, world)
        for estimate in parts(prism, PartKind.ESTIMATE):
            assert holds(prism, estimate.position, slack_km=0.01)
            assert (estimate.speed_kmh or 0.0) <= SPEED

    @given(journeys(), shares)
    @laws
    def test_every_part_lies_within_the_bounds_of_the_itinerary(self, journey, share):
        world, itinerary, track = journey
        when = moment(share * track[-1][0])
        prism = prism_at(itinerary, when, world, world)
        for part in prism.parts:
            first, last = (itinerary.waypoints[part.waypoints[end] - 1] for end in (0, -1))
            if part.kind is PartKind.STOP and prism.standing is not Standing.BEFORE:
                assert first.arrival.earliest is None or first.arrival.earliest <= when
                assert last.departure.latest is None or when <= last.departure.latest
            if part.kind is PartKind.LEG:
                assert first.departure.earliest is None or first.departure.earliest <= when
                assert last.arrival.latest is None or when <= last.arrival.latest

    @given(journeys(), shares)
    @laws
    def test_the_ends_of_every_stretch_are_attained(self, journey, share):
        """A witness leaves as early as it can, is there at T, and comes as late as it may."""
        world, itinerary, track = journey
        when = moment(share * track[-1][0])
        for part in parts(prism_at(itinerary, when, world, world), PartKind.LEG):
            origin, destination = (itinerary.waypoints[n - 1] for n in part.waypoints)
            left, arrives = origin.departure.earliest, destination.arrival.latest
            for end in {end for line in part.lines for end in (line[0], line[-1])}:
                spot = spot_at(world, end)
                if left is not None:
                    back_h = world.to_spot_km(origin.place.name, spot) / SPEED
                    assert left + back_h * HOUR <= when + timedelta(seconds=1)
                forth_h = world.to_spot_km(destination.place.name, spot) / SPEED
                assert when + forth_h * HOUR <= arrives + timedelta(seconds=1)
                is_station = end in world.stations.values()
                fits = abs((arrives - when) / HOUR - forth_h) < 1e-3
                if left is not None:
                    fits = fits or abs((when - left) / HOUR - back_h) < 1e-3
                assert fits or is_station
            keeps_to_the_claims(itinerary, part.waypoints[0], left, arrives)


@st.composite
def odd_trips(draw):
    """Claims of all kinds at the stations of the small railway, whether they fit or not."""
    make = TripMaker()
    for name, position in railway().stations.items():
        make.place(name, *position)
    for _ in range(draw(st.integers(0, 8))):
        begin = draw(st.integers(0, 60))
        ends = [moment(begin), moment(begin + draw(st.integers(0, 20)))]
        for side in (0, 1):
            if draw(st.integers(0, 4)) == 0:
                ends[side] = None
        make.claim(
            draw(st.sampled_from("ABCDE")),
            event=draw(st.sampled_from(["arrived", "departed", "passed", "present"])),
            modality=draw(st.sampled_from(["reported"] * 4 + ["expected", "possible"])),
            subject=draw(st.sampled_from(["train", "train", "leader", "motorcade"])),
            mode=draw(st.sampled_from([None, None, *Mode])),
            credibility=draw(st.integers(1, 6)),
            published=moment(draw(st.integers(70, 90))).isoformat(),
        )
        object.__setattr__(make.sightings[-1], "when", Interval(*ends))
    some = draw(st.sampled_from([(), (maximum,), (cruise,), (maximum, cruise)]))
    return make.trip(assumptions=some)


FAR = [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)]


class TestOddTrips:
    @given(odd_trips(), st.sampled_from(FAR) | st.floats(-90, 190).map(moment))
    @laws
    def test_it_is_somewhere_as_long_as_reports_say_anything(self, trip, when):
        world = railway()
        itinerary = derive_itinerary(trip, world)
        prism = prism_at(itinerary, when, world, world)
        silent = prism.standing in (Standing.UNREPORTED, Standing.BEYOND)
        assert silent == (not prism.parts and not prism.undrawn)
        kinds = [part.kind for part in prism.parts]
        assert kinds == sorted(kinds, key=list(PartKind).index)
        for part in prism.parts:
            assert set(part.claims) <= {sighting.id for sighting in trip.sightings}
            if part.kind is PartKind.ESTIMATE:
                assert holds(prism, part.position, slack_km=0.01)
            elif prism.standing is not Standing.BEFORE:
                assert part.possible.contains(when)


def spot_at(world, position):
    for (a, b), whole in world.lines.items():
        start, end = world.stations[a], world.stations[b]
        dx, dy = end.lon - start.lon, end.lat - start.lat
        share = ((position.lon - start.lon) * dx + (position.lat - start.lat) * dy) / hypot(
            dx, dy
        ) ** 2
        x, y = start.lon + share * dx, start.lat + share * dy
        if -1e-9 <= share <= 1 + 1e-9 and hypot(x - position.lon, y - position.lat) < 1e-9:
            return Spot(a, b, share * whole)
    raise AssertionError(position)


def keeps_to_the_claims(itinerary, leg, left, arrives):
    """The earliest schedule up to a leg and the latest after it, held to every claim."""
    ends = {}
    for waypoint in itinerary.waypoints:
        early = waypoint.sequence <= leg
        a, d = (
            (end.earliest if early else end.latest)
            for end in (waypoint.arrival, waypoint.departure)
        )
        for claim in waypoint.sightings:
            ends[claim] = (a, d)
    for sighting in itinerary.trip.sightings:
        arrival, departure = ends[sighting.id]
        when, event = sighting.when, sighting.event.value
        if event == "arrived" and arrival is not None:
            assert when.contains(arrival)
        if event == "departed" and departure is not None:
            assert when.contains(departure)
        if event == "present":
            assert None in (arrival, when.latest) or arrival <= when.latest
            assert None in (departure, when.earliest) or departure >= when.earliest
