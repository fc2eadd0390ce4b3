"""Laws that hold for every journey, however odd its reports."""

from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.journey import order
from app.journey.claims import known_at, publication_steps
from app.journey.derived import Unplaced
from app.journey.interval import Interval
from app.journey.itinerary import derive_itinerary
from app.journey.model import Event, Modality, State
from app.journey.totals import totals
from app.journey.visits import group_visits
from tests.journey.conftest import FlatWorld, TripMaker

START = datetime(2023, 9, 1, tzinfo=UTC)
MODALITIES = ["reported", "reported", "reported", "expected", "possible", "denied"]

hours = st.integers(0, 90)


def moment(hour):
    return START + timedelta(hours=hour)


@st.composite
def trips(draw, most=14, open_ends=True):
    make = TripMaker()
    for name in "ABCDEF":
        make.place(name, draw(st.integers(-5, 5)), draw(st.integers(-5, 5)))
    make.place("Land", 0, 0, feature="country")
    for _ in range(draw(st.integers(1, most))):
        begin = draw(hours)
        end = begin + draw(st.integers(0, 30))
        ends = [moment(begin).isoformat(), moment(end).isoformat()]
        if open_ends:
            for side in (0, 1):
                if draw(st.integers(0, 5)) == 0:
                    ends[side] = ""
        modality = draw(st.sampled_from(MODALITIES))
        state = draw(st.sampled_from([*[State.ACTIVE] * 6, State.SUPERSEDED, State.RETRACTED]))
        claim = make.claim(
            draw(st.sampled_from([*"AABBCCDEF", "Land"])),
            event=draw(st.sampled_from(list(Event))).value,
            modality=modality,
            published=moment(draw(st.integers(0, 120))).isoformat(),
            publisher=draw(st.sampled_from(["one", "two"])),
            subject=draw(st.sampled_from(["train", "leader", "motorcade"])),
            state=state,
            state_since=None if state is State.ACTIVE else moment(draw(st.integers(60, 140))),
        )
        object.__setattr__(claim, "when", Interval.parse(*ends))
    return make.trip()


def some_time(data, trip):
    return data.draw(st.sampled_from([None, START, *publication_steps(trip)]))


laws = settings(max_examples=80, deadline=None)


class TestClaims:
    @given(st.data(), trips())
    @laws
    def test_every_known_claim_is_in_one_waypoint_or_unplaced_with_a_reason(self, data, trip):
        as_of = some_time(data, trip)
        itinerary = derive_itinerary(trip, FlatWorld(), as_of)
        known = known_at(trip, as_of)
        placed = [claim for waypoint in itinerary.waypoints for claim in waypoint.sightings]
        assert len(placed) == len(set(placed))
        assert not set(placed) & set(itinerary.unplaced)
        assert set(placed) | set(itinerary.unplaced) == {s.id for s in known.sightings} | set(
            known.withdrawn
        )
        must = {
            s.id
            for s in known.sightings
            if s.modality is Modality.REPORTED and not trip.places[s.place].is_regional
        }
        reported = {
            claim
            for w in itinerary.waypoints
            if w.status is Modality.REPORTED
            for claim in w.sightings
        }
        disputed = {s for s, why in itinerary.unplaced.items() if why is Unplaced.DISPUTED}
        assert must <= reported | disputed
        assert disputed <= {s for c in itinerary.contradictions for s in c.sightings}

    @given(trips())
    @laws
    def test_what_counts_grows_with_time_but_for_what_was_withdrawn(self, trip):
        so_far = set()
        for step in publication_steps(trip):
            known = known_at(trip, step)
            counted = {s.id for s in known.sightings}
            everything = counted | set(known.withdrawn)
            assert so_far <= everything
            published = {
                s.id
                for s in trip.sightings
                if next(x for x in trip.sources if x.id == s.source).known_at <= step
            }
            assert everything == published
            so_far = everything

    @given(st.data(), trips())
    @laws
    def test_a_later_report_changes_no_earlier_itinerary(self, data, trip):
        step = data.draw(st.sampled_from(publication_steps(trip)))
        make = TripMaker(dict(trip.places))
        make.sources = {source.id: source for source in trip.sources}
        make.sightings = list(trip.sightings)
        for _ in range(data.draw(st.integers(1, 3))):
            make.claim(
                data.draw(st.sampled_from("ABCDEF")),
                moment(data.draw(hours)).isoformat(),
                modality=data.draw(st.sampled_from(MODALITIES)),
                published=(step + timedelta(minutes=1)).isoformat(),
                publisher="later",
            )
        before = derive_itinerary(trip, FlatWorld(), step)
        after = derive_itinerary(make.trip(), FlatWorld(), step)
        assert (after.waypoints, after.legs, after.unplaced) == (
            before.waypoints,
            before.legs,
            before.unplaced,
        )


class TestTree:
    @given(st.data(), trips())
    @laws
    def test_waypoints_make_a_tree_with_a_leg_to_each_but_the_first(self, data, trip):
        itinerary = derive_itinerary(trip, FlatWorld(), some_time(data, trip))
        assert [w.sequence for w in itinerary.waypoints] == list(
            range(1, len(itinerary.waypoints) + 1)
        )
        for waypoint in itinerary.waypoints:
            assert waypoint.after is None or 1 <= waypoint.after < waypoint.sequence
        roots = [w for w in itinerary.waypoints if w.after is None]
        if itinerary.last_reported is not None:
            assert [w.sequence for w in roots] == [1]
        assert {(leg.origin, leg.destination) for leg in itinerary.legs} == {
            (w.after, w.sequence) for w in itinerary.waypoints if w.after is not None
        }

    @given(st.data(), trips())
    @laws
    def test_reported_comes_first_then_expected_then_possible(self, data, trip):
        itinerary = derive_itinerary(trip, FlatWorld(), some_time(data, trip))
        rank = {Modality.REPORTED: 0, Modality.EXPECTED: 1, Modality.POSSIBLE: 2}
        ranks = [rank[w.status] for w in itinerary.waypoints]
        assert ranks == sorted(ranks)
        assert (itinerary.last_reported or 0) == ranks.count(0)
        for waypoint in itinerary.waypoints:
            if waypoint.status is Modality.POSSIBLE and waypoint.after is not None:
                assert itinerary.waypoints[waypoint.after - 1].status is not Modality.POSSIBLE

    @given(trips())
    @laws
    def test_distances_add_up_along_each_branch(self, trip):
        itinerary = derive_itinerary(trip, FlatWorld())
        leg_to = {leg.destination: leg for leg in itinerary.legs}
        for waypoint in itinerary.waypoints:
            if waypoint.after is None:
                continue
            before = itinerary.waypoints[waypoint.after - 1].distance_from_start_km
            added = leg_to[waypoint.sequence].distance_km
            if before is None or added is None:
                assert waypoint.distance_from_start_km is None
                continue
            assert waypoint.distance_from_start_km == pytest.approx(before + added)

    @pytest.mark.parametrize("exact_limit", [8, 1])
    @given(trip=trips())
    @laws
    def test_the_claims_order_is_kept_wherever_it_is_sure(self, exact_limit, trip):
        reported = [
            s
            for s in known_at(trip, None).sightings
            if s.modality is Modality.REPORTED and not trip.places[s.place].is_regional
        ]
        visits = group_visits(reported, trip.places)
        with patch.object(order, "EXACT_LIMIT", exact_limit):
            ordered = order.in_order(visits, flat_km)
        assert sorted(map(id, ordered)) == sorted(map(id, visits))
        for n, later in enumerate(ordered):
            assert not any(later.is_before(earlier) for earlier in ordered[:n])


def flat_km(origin, destination):
    return FlatWorld().distance_km(origin.position, destination.position)


class TestBounds:
    @given(trips())
    @laws
    def test_no_bound_is_wider_than_a_claim_of_the_visit_that_stands(self, trip):
        """That none is tighter than all claims together is for the independent solver."""
        itinerary = derive_itinerary(trip, FlatWorld())
        claims = {s.id: s for s in trip.sightings}
        reports = {source.id: source for source in trip.sources}
        for waypoint in itinerary.waypoints:
            for claim in (claims[i] for i in waypoint.sightings):
                if claim.modality is not Modality.REPORTED or claim.id in waypoint.disputed:
                    continue
                published = reports[claim.source].known_at
                latest = min(claim.when.latest or published, published)
                if claim.event is not Event.DEPARTED:
                    assert waypoint.arrival.latest <= latest
                if claim.event is not Event.ARRIVED and claim.when.earliest:
                    assert waypoint.departure.earliest >= claim.when.earliest
                if claim.event in (Event.ARRIVED, Event.PASSED) and claim.when.earliest:
                    assert waypoint.arrival.earliest >= claim.when.earliest
                if claim.event in (Event.DEPARTED, Event.PASSED):
                    assert waypoint.departure.latest <= latest
                if claim.event is Event.PASSED:
                    assert waypoint.arrival == waypoint.departure

    @given(trips())
    @laws
    def test_every_leg_says_what_its_ends_allow(self, trip):
        itinerary = derive_itinerary(trip, FlatWorld())
        for leg in itinerary.legs:
            if leg.route is None:
                assert leg.distance_bounds_km is None
                assert leg.great_circle_km == 0
                continue
            assert leg.distance_bounds_km.lower <= leg.distance_km <= leg.distance_bounds_km.upper
            if leg.status is not Modality.REPORTED:
                assert leg.speed_kmh.lower is None
                assert leg.speed_kmh.upper is None
                continue
            origin = itinerary.waypoints[leg.origin - 1].departure
            destination = itinerary.waypoints[leg.destination - 1].arrival
            for left in (origin.earliest, origin.latest):
                for reached in (destination.earliest, destination.latest):
                    if left is None or reached is None or reached <= left:
                        continue
                    took = (reached - left) / timedelta(hours=1)
                    assert leg.duration_h.lower <= took + 1e-9
                    assert leg.duration_h.upper is None or leg.duration_h.upper >= took - 1e-9
                    for km in (leg.distance_bounds_km.lower, leg.distance_bounds_km.upper):
                        speed = km / took
                        assert leg.speed_kmh.lower <= speed + 1e-6
                        assert leg.speed_kmh.upper is None or speed <= leg.speed_kmh.upper + 1e-6

    @given(trips())
    @laws
    def test_travel_takes_no_longer_than_the_whole_nor_than_its_legs(self, trip):
        itinerary = derive_itinerary(trip, FlatWorld())
        whole = totals(itinerary)
        legs = [leg for leg in itinerary.legs if leg.status is Modality.REPORTED]
        if whole.moving_h.upper is not None:
            if whole.elapsed_h.upper is not None:
                assert whole.moving_h.upper <= whole.elapsed_h.upper
            if all(leg.duration_h.upper is not None for leg in legs):
                assert whole.moving_h.upper <= sum(leg.duration_h.upper for leg in legs) + 1e-9
