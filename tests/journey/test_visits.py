"""Which claims of one place are of one visit, whatever they are; and how much work that makes."""

from itertools import permutations

from hypothesis import given

from app.journey.claims import known_at
from app.journey.itinerary import derive_itinerary
from app.journey.model import Event, Modality
from app.journey.visits import group_visits
from tests.bench.reasoning import FormulaFinder, long_journey
from tests.journey.test_journey_laws import laws, trips


def reported(trip):
    return [s for s in known_at(trip, None).sightings if s.modality is Modality.REPORTED]


@given(trips())
@laws
def test_every_claim_is_of_one_visit_at_its_place(trip):
    claims = reported(trip)
    visits = group_visits(claims, trip.places)
    assert all(s.place == visit.place.id for visit in visits for s in visit.sightings)
    assert sorted(s.id for visit in visits for s in visit.sightings) == sorted(s.id for s in claims)


@given(trips())
@laws
def test_no_visit_is_left_before_it_is_arrived_at(trip):
    for visit in group_visits(reported(trip), trip.places):
        for departed, arrived in permutations(visit.sightings, 2):
            if departed.event is Event.DEPARTED and arrived.event is Event.ARRIVED:
                assert not departed.when.is_before(arrived.when)


class CountingFinder(FormulaFinder):
    def __init__(self):
        self.asked = 0

    def route(self, origin, destination, **options):
        self.asked += 1
        return super().route(origin, destination, **options)

    def distance_km(self, origin, destination, **options):
        self.asked += 1
        return super().distance_km(origin, destination, **options)


def test_a_journey_four_times_as_long_asks_for_four_times_as_many_ways():
    asked = []
    for claims in (500, 2000):
        finder = CountingFinder()
        itinerary = derive_itinerary(long_journey(claims), finder)
        assert not itinerary.contradictions
        assert finder.asked < 2 * len(itinerary.waypoints)
        asked.append(finder.asked)
    assert asked[1] < 4.2 * asked[0]
