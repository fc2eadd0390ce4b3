"""The tightest bounds, against an independent solver.

Floyd and Warshall's shortest paths on the full graph of a journey: a time origin, the arrival
and the departure of every waypoint. Its constraints come from the claims as they stand in the
trip, by the definitions of the README, and from nothing that the reasoning itself makes but
the order of the visits and which claims speak of which.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby, pairwise, permutations
from random import Random

import numpy as np
import pytest

from app.journey.derived import Itinerary
from app.journey.itinerary import derive_itinerary
from app.journey.model import AssumptionKind, Event, Modality, Mode, Sighting, Trip
from tests.journey.conftest import FlatWorld
from tests.journey.random_journeys import (
    HOUR,
    Journey,
    disturb,
    microseconds,
    random_journey,
    straight_km,
)

INFINITE = np.inf
SOME_TIME = 0.01
"""A way takes some time, nobody knows how little: less than the microsecond that is told."""
EXACTLY = 2.0
"""Microseconds: what is told is rounded outwards to whole ones."""

Visits = Sequence[tuple[str, Sequence[Sighting]]]
"""The place of each visit and its claims, in the order of the journey."""


def reported_visits(itinerary: Itinerary) -> Visits:
    claims = {s.id: s for s in itinerary.trip.sightings}
    return [
        (w.place.id, [claims[s] for s in w.sightings if s not in w.disputed])
        for w in itinerary.waypoints
        if w.status is Modality.REPORTED
    ]


def graph(trip: Trip, visits: Visits) -> np.ndarray:
    """``graph[u, v]`` bounds x[v] − x[u] from above; 0 is the origin, then A and D by turns."""
    size = 1 + 2 * len(visits)
    edges = np.full((size, size), INFINITE)
    np.fill_diagonal(edges, 0.0)
    published = {source.id: microseconds(source.known_at) for source in trip.sources}

    def at_most(later: int, earlier: int, most: float) -> None:
        edges[earlier, later] = min(edges[earlier, later], most)

    def at_least(later: int, earlier: int, least: float) -> None:
        at_most(earlier, later, -least)

    for n, (place, claims) in enumerate(visits):
        arrival, departure = 1 + 2 * n, 2 + 2 * n
        mode = _mode(trip, visits, n)
        at_least(departure, arrival, 0.0)
        for claim in claims:
            if claim.modality is not Modality.REPORTED:
                continue
            event, when = claim.event, claim.when
            latest = published[claim.source]
            if when.latest is not None:
                latest = min(latest, microseconds(when.latest))
            told = {
                Event.ARRIVED: (arrival, arrival),
                Event.DEPARTED: (departure, departure),
                Event.PASSED: (arrival, departure),
                Event.PRESENT: (departure, arrival),
            }[event]
            if when.earliest is not None:
                at_least(told[0], 0, microseconds(when.earliest))
            at_most(told[1], 0, latest)
            if event is Event.PASSED:
                at_most(departure, arrival, 0.0)
        if not any(c.event is Event.PASSED and c.modality is Modality.REPORTED for c in claims):
            stops = [
                a.hours
                for a in trip.assumptions
                if a.kind is AssumptionKind.MINIMUM_STOP
                and place in a.places
                and a.mode in (None, mode)
            ]
            at_least(departure, arrival, max(stops, default=0.0) * HOUR)
        if n:
            at_least(arrival, arrival - 1, _least_time(trip, visits[n - 1][0], place, mode))
    order = [place for place, _ in visits]
    for figure in trip.figures:
        # The journeys here give durations between places that were visited once.
        if figure.origin in order and figure.destination in order:
            left, reached = (
                2 + 2 * order.index(figure.origin),
                1 + 2 * order.index(figure.destination),
            )
            if figure.duration_h.lower is not None:
                at_least(reached, left, figure.duration_h.lower * HOUR)
            if figure.duration_h.upper is not None:
                at_most(reached, left, figure.duration_h.upper * HOUR)
    return edges


def _mode(trip: Trip, visits: Visits, n: int) -> Mode:
    """As reported of the arrival; else of the departure; else the usual one."""
    if n == 0:
        return trip.mode
    there = [c for c in visits[n][1] if c.event is not Event.DEPARTED]
    here = [c for c in visits[n - 1][1] if c.event is Event.DEPARTED]
    return next((c.mode for c in [*there, *here] if c.mode is not None), trip.mode)


def _least_time(trip: Trip, origin: str, destination: str, mode: Mode) -> float:
    a, b = trip.places[origin], trip.places[destination]
    detour = 1.0 if mode is Mode.SHIP else 1.1
    km = max(0.0, detour * straight_km(a, b) - a.radius_km - b.radius_km)
    fastest = {s.mode: s.kmh for s in trip.assumptions if s.kind is AssumptionKind.MAX_SPEED}
    kmh = fastest.get(mode) or fastest.get(None)
    if km == 0:
        return 0.0
    return SOME_TIME if kmh is None else km / kmh * HOUR


def shortest_paths(graphs: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Of many graphs at once; those of a size together."""
    found: list[np.ndarray] = [np.empty(0)] * len(graphs)
    by_size = sorted(range(len(graphs)), key=lambda n: len(graphs[n]))
    for size, of_size in groupby(by_size, key=lambda n: len(graphs[n])):
        numbers = list(of_size)
        paths = np.stack([graphs[n] for n in numbers])
        for k in range(size):
            np.minimum(paths, paths[:, :, k, None] + paths[:, None, k, :], out=paths)
        for n, shortest in zip(numbers, paths, strict=True):
            found[n] = shortest
    return found


def is_consistent(paths: np.ndarray) -> bool:
    return bool((np.diagonal(paths) > -SOME_TIME / 2).all())


def assert_same_bounds(itinerary: Itinerary, paths: np.ndarray) -> None:
    def same(told, lower: float, upper: float) -> None:
        earliest, latest = told
        assert (earliest is None) == np.isinf(lower)
        assert (latest is None) == np.isinf(upper)
        if earliest is not None:
            assert -EXACTLY <= earliest - lower <= 0.5, (itinerary.trip, told, lower)
        if latest is not None:
            assert -0.5 <= latest - upper <= EXACTLY, (itinerary.trip, told, upper)

    def instants(interval):
        return [
            None if t is None else microseconds(t) for t in (interval.earliest, interval.latest)
        ]

    def hours(bounds):
        return [None if h is None else h * HOUR for h in (bounds.lower, bounds.upper)]

    reported = [w for w in itinerary.waypoints if w.status is Modality.REPORTED]
    for n, waypoint in enumerate(reported):
        arrival, departure = 1 + 2 * n, 2 + 2 * n
        same(instants(waypoint.arrival), -paths[arrival, 0], paths[0, arrival])
        same(instants(waypoint.departure), -paths[departure, 0], paths[0, departure])
    for leg in itinerary.legs:
        if leg.status is Modality.REPORTED:
            left, reached = 2 * leg.origin, 2 * leg.destination - 1
            same(hours(leg.duration_h), max(0.0, -paths[reached, left]), paths[left, reached])
    if len(reported) > 1:
        left, reached = 2, 2 * len(reported) - 1
        same(hours(itinerary.elapsed_h), max(0.0, -paths[reached, left]), paths[left, reached])


def true_visits(journey: Journey, trip: Trip) -> Visits:
    claims: list[list[Sighting]] = [[] for _ in journey.truth]
    for claim in trip.sightings:
        claims[journey.visit_of[claim.id]].append(claim)
    return [
        (place, told) for (place, _, _), told in zip(journey.truth, claims, strict=True) if told
    ]


def counts(trip: Trip, visits: Visits) -> Trip:
    """The trip with the durations alone that run with the journey, not against it."""
    order = [place for place, _ in visits]
    return replace(
        trip,
        figures=tuple(
            f
            for f in trip.figures
            if {f.origin, f.destination} <= set(order)
            and order.index(f.origin) < order.index(f.destination)
        ),
    )


@pytest.mark.parametrize(
    ("seed", "count", "options"),
    [
        pytest.param(1, 900, {"doubt_h": 2.0, "capped": 0.5}, id="many modes"),
        pytest.param(2, 500, {"doubt_h": 8.0, "open_ends": False}, id="wide intervals"),
        pytest.param(3, 700, {"doubt_h": 1.0, "one_mode": True}, id="one mode"),
        pytest.param(4, 200, {"doubt_h": 30.0, "spans": False, "longest": 12}, id="hardly a time"),
    ],
)
def test_bounds_are_those_of_an_independent_solver(seed, count, options):
    random, compared = Random(seed), []
    longest = options.pop("longest", 30)
    for _ in range(count):
        trip = random_journey(random, random.randint(2, longest), **options).trip()
        itinerary = derive_itinerary(trip, FlatWorld())
        if not itinerary.contradictions:
            compared.append(itinerary)
    assert len(compared) > 0.8 * count
    visits = [reported_visits(itinerary) for itinerary in compared]
    graphs = [graph(counts(i.trip, v), v) for i, v in zip(compared, visits, strict=True)]
    for itinerary, paths in zip(compared, shortest_paths(graphs), strict=True):
        assert is_consistent(paths)
        assert_same_bounds(itinerary, paths)


def test_there_is_a_contradiction_exactly_where_no_schedule_exists():
    random, told = Random(5), []
    while len(told) < 800:
        journey = random_journey(
            random, random.randint(2, 12), doubt_h=0.3, repeats=False, open_ends=False
        )
        disturb(journey, random)
        if _is_in_sure_order(journey):
            trip = journey.trip()
            told.append(
                (derive_itinerary(trip, FlatWorld()), graph(trip, true_visits(journey, trip)))
            )
    found = shortest_paths([edges for _, edges in told])
    consistent = [is_consistent(paths) for paths in found]
    assert 0.2 < sum(consistent) / len(consistent) < 0.8
    for (itinerary, _), possible in zip(told, consistent, strict=True):
        assert (not itinerary.contradictions) == possible


def _is_in_sure_order(journey: Journey) -> bool:
    """Whether every claim of a visit is over before any of the next begins, and none is of two."""
    told: dict[int, list[Sighting]] = defaultdict(list)
    for claim in journey.sightings:
        told[journey.visit_of[claim.id]].append(claim)
    came_back = any(
        one.event is Event.DEPARTED
        and other.event is Event.ARRIVED
        and one.when.is_before(other.when)
        for claims in told.values()
        for one, other in permutations(claims, 2)
    )
    return not came_back and all(
        max(s.when.latest for s in earlier) < min(s.when.earliest for s in later)
        for earlier, later in pairwise(told[n] for n in sorted(told))
    )
