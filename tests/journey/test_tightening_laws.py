"""Tight bounds: what they never do, what lies within them, and what attains them."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.journey.interval import Interval
from app.journey.itinerary import derive_itinerary
from app.journey.model import Assumption, AssumptionKind, Event, Modality, Mode
from tests.journey.conftest import FlatWorld
from tests.journey.random_journeys import (
    HOUR,
    disturb,
    instant,
    microseconds,
    random_journey,
    straight_km,
)
from tests.journey.test_constraints_oracle import graph, reported_visits, shortest_paths

laws = settings(max_examples=120, deadline=None, derandomize=True)
ROUNDING = 3
"""Microseconds: bounds are told to whole ones, rounded outwards."""
FAR = 1_000 * HOUR
NEVER = 2**60


seeds = st.integers(0, 10**9)


def true_journey(seed, **options):
    """A journey that can be true and is found to be, and the generator that made it."""
    random = Random(seed)
    while True:
        chosen = {"doubt_h": random.choice([0.5, 3.0, 10.0])} | options
        journey = random_journey(random, random.randint(1, 9), **chosen)
        itinerary = derive_itinerary(journey.trip(), FlatWorld())
        if not itinerary.contradictions:
            return journey, itinerary, random


def told_bounds(itinerary):
    """Lower and upper bound of every arrival and departure in turn, open ends infinite."""
    ends = [
        (interval.earliest, interval.latest)
        for waypoint in itinerary.waypoints
        for interval in (waypoint.arrival, waypoint.departure)
    ]
    return [
        (
            -np.inf if earliest is None else microseconds(earliest),
            np.inf if latest is None else microseconds(latest),
        )
        for earliest, latest in ends
    ]


def assert_true(trip, visits, schedule):
    """A schedule (arrival and departure by turns) satisfies every claim and assumption."""
    published = {source.id: microseconds(source.known_at) for source in trip.sources}
    # Two ends of what is compared, each rounded by itself.
    late, early = 2 * ROUNDING, -2 * ROUNDING
    for n, (place, claims) in enumerate(visits):
        arrival, departure = schedule[2 * n], schedule[2 * n + 1]
        assert departure - arrival >= early
        for claim in claims:
            if claim.modality is not Modality.REPORTED:
                continue
            assert_allowed(claim, published[claim.source], arrival, departure)
        passed = any(c.event is Event.PASSED for c in claims)
        if n:
            fastest = _fastest(trip, claims, visits[n - 1][1])
            if fastest is not None:
                km = _least_km(trip, visits[n - 1][0], place, claims, visits[n - 1][1])
                assert arrival - schedule[2 * n - 1] - km / fastest * HOUR >= early
            else:
                assert arrival - schedule[2 * n - 1] >= early
        mode = _mode(trip, claims, visits[n - 1][1]) if n else trip.mode
        for stop in trip.assumptions:
            if stop.hours and place in stop.places and stop.mode in (None, mode) and not passed:
                assert departure - arrival - stop.hours * HOUR >= early
    order = [place for place, _ in visits]
    for figure in trip.figures:
        left = schedule[2 * order.index(figure.origin) + 1]
        took = schedule[2 * order.index(figure.destination)] - left
        if figure.duration_h.lower is not None:
            assert took - figure.duration_h.lower * HOUR >= early
        if figure.duration_h.upper is not None:
            assert took - figure.duration_h.upper * HOUR <= late


def assert_allowed(claim, published, arrival, departure):
    """The definitions, one by one."""
    earliest = -np.inf if claim.when.earliest is None else microseconds(claim.when.earliest)
    latest = published if claim.when.latest is None else microseconds(claim.when.latest)
    first, last = earliest - ROUNDING, min(latest, published) + ROUNDING
    match claim.event:
        case Event.ARRIVED:
            assert first <= arrival <= last
        case Event.DEPARTED:
            assert first <= departure <= last
        case Event.PASSED:
            assert first <= arrival <= last
            assert abs(departure - arrival) <= 2 * ROUNDING
        case Event.PRESENT:
            assert arrival <= last
            assert departure >= first


def _mode(trip, claims, before):
    there = [c.mode for c in claims if c.event is not Event.DEPARTED]
    here = [c.mode for c in before if c.event is Event.DEPARTED]
    return next((mode for mode in [*there, *here] if mode is not None), trip.mode)


def _fastest(trip, claims, before):
    mode = _mode(trip, claims, before)
    speeds = {a.mode: a.kmh for a in trip.assumptions if a.kind is AssumptionKind.MAX_SPEED}
    return speeds.get(mode, speeds.get(None))


def _least_km(trip, origin, destination, claims, before):
    a, b = trip.places[origin], trip.places[destination]
    detour = 1.0 if _mode(trip, claims, before) is Mode.SHIP else 1.1
    return max(0.0, detour * straight_km(a, b) - a.radius_km - b.radius_km)


class TestWithinTheBounds:
    @given(seeds)
    @laws
    def test_every_schedule_drawn_from_the_claims_lies_within_them(self, seed):
        """One instant after another is fixed at random, in random order, where it still can be."""
        _, itinerary, random = true_journey(seed, repeats=False)
        bounds = told_bounds(itinerary)
        visits = reported_visits(itinerary)
        (paths,) = shortest_paths([graph(itinerary.trip, visits)])
        # In whole thousandths of a microsecond, so that nothing adds up.
        paths = np.where(np.isinf(paths), NEVER, np.ceil(1024 * paths)).astype(np.int64)
        instants = list(range(1, len(paths)))
        random.shuffle(instants)
        for k in instants:
            low, high = -int(paths[k, 0]), int(paths[0, k])
            low = min(high, 0) - 1024 * FAR if low < -NEVER // 2 else low
            high = max(low, 0) + 1024 * FAR if high > NEVER // 2 else high
            chosen = random.choice([low, high, random.randint(low, max(low, high))])
            for u, v, length in ((0, k, chosen), (k, 0, -chosen)):
                paths = np.minimum(paths, paths[:, u, None] + length + paths[None, v, :])
        schedule = [paths[0, k] / 1024 for k in range(1, len(paths))]
        assert_true(itinerary.trip, visits, schedule)
        for at, (lower, upper) in zip(schedule, bounds, strict=True):
            assert lower - ROUNDING <= at <= upper + ROUNDING

    @given(seeds)
    @laws
    def test_a_schedule_attains_every_earliest_time_and_another_every_latest(self, seed):
        _, itinerary, _ = true_journey(seed, repeats=False)
        bounds, visits = told_bounds(itinerary), reported_visits(itinerary)
        earliest = [lower for lower, _ in bounds]
        latest = [upper for _, upper in bounds]
        # Where an end is open it may have been as long ago, or be as late, as one likes.
        for k in reversed(range(len(earliest))):
            if np.isinf(earliest[k]):
                following = earliest[k + 1] if k + 1 < len(earliest) else 0
                stays = k % 2 == 0 and _is_passed(visits[k // 2])
                earliest[k] = following if stays else min(following, latest[k]) - FAR
        for k in range(len(latest)):
            if np.isinf(latest[k]):
                before = latest[k - 1] if k else 0
                stays = k % 2 == 1 and _is_passed(visits[k // 2])
                latest[k] = before if stays else max(before, earliest[k]) + FAR
        assert_true(itinerary.trip, visits, earliest)
        assert_true(itinerary.trip, visits, latest)

    @given(seeds)
    @laws
    def test_going_forward_any_time_within_them_can_be_gone_on_from(self, seed):
        _, itinerary, random = true_journey(seed, spans=False, repeats=False)
        visits, schedule = reported_visits(itinerary), []
        edges = graph(itinerary.trip, visits)
        for k, (lower, upper) in enumerate(told_bounds(itinerary), start=1):
            low, high = max(lower, -FAR), min(upper, FAR)
            if schedule:
                # Never sooner than the way from the instant before takes.
                low = max(low, schedule[-1] - edges[k, k - 1])
            assert low <= high + 2 * ROUNDING
            passed = edges[k - 1, k] == 0 and schedule
            schedule.append(low if passed else random.uniform(low, max(low, high)))
        assert_true(itinerary.trip, visits, schedule)


def _is_passed(visit):
    return any(claim.event is Event.PASSED for claim in visit[1])


class TestTightening:
    @given(seeds)
    @laws
    def test_tight_bounds_told_as_claims_change_nothing(self, seed):
        journey, itinerary, _ = true_journey(seed, repeats=False)
        visits = reported_visits(itinerary)
        journey.sightings, journey.sources = [], list(journey.sources[len(journey.sightings) :])
        for waypoint, visit in zip(itinerary.waypoints, visits, strict=True):
            by, onward = _mode_to(itinerary, waypoint), _mode_from(itinerary, waypoint)
            if _is_passed(visit):
                _tell(journey, waypoint, Event.PASSED, waypoint.arrival, by)
                continue
            if waypoint.arrival.latest is not None:
                _tell(journey, waypoint, Event.ARRIVED, waypoint.arrival, by)
            if waypoint.departure.latest is not None:
                _tell(journey, waypoint, Event.DEPARTED, waypoint.departure, onward)
            else:
                since = Interval(waypoint.departure.earliest, None)
                _tell(journey, waypoint, Event.PRESENT, since, by)
        again = derive_itinerary(journey.trip(), FlatWorld())
        assert not again.contradictions
        assert [w.place for w in again.waypoints] == [w.place for w in itinerary.waypoints]
        for before, after in zip(told_bounds(itinerary), told_bounds(again), strict=True):
            assert after == pytest.approx(before, abs=ROUNDING) or after == before

    @given(seeds)
    @laws
    def test_one_more_claim_of_the_same_visits_widens_nothing(self, seed):
        journey, itinerary, random = true_journey(seed)
        waypoint = random.choice(itinerary.waypoints)
        claim = next(s for s in journey.sightings if s.id in waypoint.sightings)
        moved = [
            None if end is None else microseconds(end) + random.randrange(-2 * HOUR, 2 * HOUR)
            for end in (claim.when.earliest, claim.when.latest)
        ]
        if None not in moved:
            moved.sort()
        event = random.choice(list(Event))
        journey.claim(None, claim.place, event, tuple(moved), 400 * HOUR, mode=claim.mode)
        again = derive_itinerary(journey.trip(), FlatWorld())
        added = journey.sightings[-1].id
        same_visits = [[s for s in w.sightings if s != added] for w in again.waypoints]
        if again.contradictions or same_visits != [list(w.sightings) for w in itinerary.waypoints]:
            return
        if [leg.mode for leg in again.legs] != [leg.mode for leg in itinerary.legs]:
            return
        passes = {w.sequence for w in again.waypoints if added in w.sightings}
        if event is Event.PASSED and any(
            w.place.id in a.places
            for w in itinerary.waypoints
            if w.sequence in passes
            for a in journey.assumptions
        ):
            # Who only passes does not stop: the assumed stop goes.
            return
        for (low, high), (lower, upper) in zip(
            told_bounds(again), told_bounds(itinerary), strict=True
        ):
            assert lower - ROUNDING <= low
            assert high <= upper + ROUNDING

    @given(seeds)
    @laws
    def test_the_order_of_storage_never_shows(self, seed):
        random = Random(seed)
        journey = random_journey(random, random.randint(2, 8))
        for _ in range(random.randint(0, 2)):
            disturb(journey, random)
        trip = journey.trip()
        other = replace(
            trip,
            **{
                name: tuple(random.sample(kept, len(kept)))
                for name in ("sightings", "sources", "assumptions", "figures")
                for kept in [getattr(trip, name)]
            },
        )
        one, two = derive_itinerary(trip, FlatWorld()), derive_itinerary(other, FlatWorld())
        assert one.waypoints == two.waypoints
        assert one.legs == two.legs
        assert one.unplaced == two.unplaced
        assert one.elapsed_h == two.elapsed_h
        assert [_in_any_order(c) for c in one.contradictions] == [
            _in_any_order(c) for c in two.contradictions
        ]


def _in_any_order(contradiction):
    """Assumptions and figures are named in the order of the dossier."""
    return replace(
        contradiction,
        assumptions=tuple(sorted(contradiction.assumptions)),
        figures=tuple(sorted(contradiction.figures)),
    )


def _tell(journey, waypoint, event, interval, mode):
    """A claim that was published long after."""
    when = [None if t is None else microseconds(t) for t in (interval.earliest, interval.latest)]
    journey.claim(None, waypoint.place.id, event, tuple(when), 10 * FAR, mode=mode)


def _mode_to(itinerary, waypoint):
    return next((leg.mode for leg in itinerary.legs if leg.destination == waypoint.sequence), None)


def _mode_from(itinerary, waypoint):
    return next((leg.mode for leg in itinerary.legs if leg.origin == waypoint.sequence), None)


class TestOpenTimes:
    @pytest.fixture
    def line(self, make):
        for lon, name in enumerate("ABCD"):
            make.place(name, lon)
        return make

    def fastest(self, kmh):
        return Assumption("max", AssumptionKind.MAX_SPEED, Mode.TRAIN, kmh=kmh, reason="so it is")

    def test_a_waypoint_without_any_time_is_bounded_by_its_neighbours(self, line, world):
        line.claim("A", instant(0).isoformat(), event="departed")
        line.claim("B")
        line.claim("C", instant(10 * HOUR).isoformat(), event="arrived")
        itinerary = derive_itinerary(line.trip(assumptions=(self.fastest(55),)), world)
        waypoint = itinerary.waypoints[1]
        assert waypoint.place.name == "B"
        assert waypoint.arrival == Interval(instant(2 * HOUR), instant(8 * HOUR))
        assert waypoint.departure == waypoint.arrival
        assert waypoint.bounded_by.arrival_earliest == "s0"
        assert waypoint.bounded_by.arrival_latest == "s2"

    def test_without_a_maximum_neighbours_still_come_before_and_after(self, line, world):
        line.claim("A", instant(0).isoformat(), event="departed")
        line.claim("B")
        line.claim("C", instant(10 * HOUR).isoformat(), event="arrived")
        waypoint = derive_itinerary(line.trip(), world).waypoints[1]
        assert waypoint.arrival == Interval(instant(0), instant(10 * HOUR))

    def test_stops_ahead_are_reached_no_sooner_than_the_maximum_allows(self, line, world):
        early = f"{instant(0).isoformat()}/{instant(HOUR).isoformat()}"
        published = instant(HOUR).isoformat()
        line.claim("A", early, event="departed", published=published)
        line.claim("B", modality="expected", published=published)
        line.claim("D", modality="possible", published=published)
        itinerary = derive_itinerary(line.trip(assumptions=(self.fastest(55),)), world)
        assert [w.arrival for w in itinerary.waypoints[1:]] == [
            Interval(instant(2 * HOUR), None),
            Interval(instant(6 * HOUR), None),
        ]
        assert [w.departure for w in itinerary.waypoints[1:]] == [Interval(), Interval()]
        assert itinerary.waypoints[2].bounded_by.arrival_earliest == "s0"

    def test_where_no_way_ahead_is_known_the_straight_line_is_what_it_takes(self, line, world):
        early = f"{instant(0).isoformat()}/{instant(HOUR).isoformat()}"
        published = instant(HOUR).isoformat()
        line.claim("A", early, event="departed", mode=Mode.SHIP, published=published)
        line.claim("B", event="arrived", mode=Mode.SHIP, modality="expected", published=published)
        fastest = replace(self.fastest(50), mode=None)
        stop = derive_itinerary(line.trip(assumptions=(fastest,)), world).waypoints[1]
        assert stop.arrival.earliest == instant(2 * HOUR)

    def test_stops_ahead_bind_nothing_that_was_reported(self, line, world):
        published = instant(HOUR).isoformat()
        line.claim("A", instant(0).isoformat(), event="arrived", published=published)
        alone = derive_itinerary(line.trip(), world).waypoints[0]
        soon = (instant(HOUR) + timedelta(minutes=1)).isoformat()
        line.claim("D", soon, modality="expected", published=published)
        itinerary = derive_itinerary(line.trip(assumptions=(self.fastest(55),)), world)
        assert itinerary.contradictions == ()
        assert itinerary.waypoints[0] == alone
