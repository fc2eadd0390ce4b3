"""Trains driven at random over the real railways are always where we say they can be.

Distances here come from the plain arrays of the network, not from what finds ways or reaches.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

import numpy as np
import pytest
from scipy.sparse.csgraph import dijkstra

from app.journey.halfway import nearest_on
from app.journey.interval import UNKNOWN
from app.journey.model import Modality, Mode, Position
from app.journey.prism import prism_at
from app.journey.whereabouts import Part, PartKind
from app.publication.itinerary import Options
from app.publication.position import position_features

pytestmark = pytest.mark.reference

HOUR = timedelta(hours=1)
AVOIDED = {"CN", "KR"}
EVENING = datetime.fromisoformat("2023-09-12T13:00:00+00:00")


@dataclass
class Railways:
    """Shortest ways from places over the network's arrays."""

    router: object

    def __post_init__(self):
        self.finder = self.router.finder(Mode.TRAIN)
        self.network = network = self.finder.network
        self.open = network.open_edges(AVOIDED)
        self.weights = network.weights(np.where(self.open, network.km, np.inf))
        self._found = {}

    def ways(self, place, *, starts=1):
        """km from a place to every node, and the node before on the way.

        A place is the nearest point of an open line, or any of the nearest ``starts``.
        """
        if (place.id, starts) not in self._found:
            network = self.network
            snaps = self.finder.edges.choices(place.position, what=place.name, open_edges=self.open)
            edge, fraction = snaps.edge[:starts], snaps.fraction[:starts]
            ends = np.concatenate((network.u[edge], network.v[edge]))
            off = np.concatenate((fraction, 1.0 - fraction)) * network.km[np.tile(edge, 2)]
            km, before = dijkstra(self.weights, indices=ends, return_predecessors=True)
            first = (km + off[:, None]).argmin(axis=0)
            every = np.arange(len(first))
            found = (km + off[:, None])[first, every], before[first, every]
            self._found[place.id, starts] = found
        return self._found[place.id, starts]

    def way(self, place, node):
        """The nodes from next to a place to ``node``, and how far along each lies."""
        km, before = self.ways(place)
        nodes = [node]
        while before[nodes[-1]] >= 0:
            nodes.append(int(before[nodes[-1]]))
        nodes.reverse()
        return nodes, [float(km[n]) for n in nodes]

    def position(self, node):
        return Position(float(self.network.lon[node]), float(self.network.lat[node]))

    def between(self, nodes, along, km):
        """The point ``km`` along a way; before its first node none."""
        n = int(np.searchsorted(along, km, side="right")) - 1
        if n < 0:
            return None
        if n == len(nodes) - 1:
            return self.position(nodes[-1])
        share = (km - along[n]) / (along[n + 1] - along[n])
        a, b = self.position(nodes[n]), self.position(nodes[n + 1])
        return Position(a.lon + share * (b.lon - a.lon), a.lat + share * (b.lat - a.lat))


@pytest.fixture(scope="module")
def railways(seeded_rooms):
    return Railways(seeded_rooms.router)


@pytest.fixture(scope="module")
def prism(seeded_rooms):
    def prism(at, as_of=None, slug="2023-09-russia"):
        view = seeded_rooms.itineraries.view(slug, Options(as_of=as_of))
        return prism_at(view.itinerary, at, seeded_rooms.router, seeded_rooms.router)

    return prism


@pytest.fixture(scope="module")
def itinerary(seeded_rooms):
    return seeded_rooms.itineraries.view("2023-09-russia", Options()).itinerary


def lies_on(part, position):
    return nearest_on(part.lines, position)[1] <= part.simplified_km + 0.001


def railway_legs(itinerary):
    return [
        leg
        for leg in itinerary.legs
        if leg.status is Modality.REPORTED and leg.mode is Mode.TRAIN and leg.distance_km
    ]


def the_part(prism, kind, leg=None):
    return next(p for p in prism.parts if p.kind is kind and (leg is None or p.leg == leg))


class TestLegs:
    @pytest.mark.parametrize("number", range(6))
    def test_trains_that_make_any_detour_in_time_are_inside(
        self, railways, itinerary, prism, number
    ):
        leg = railway_legs(itinerary)[number]
        random = Random(number)
        origin, destination = (itinerary.waypoints[n - 1] for n in (leg.origin, leg.destination))
        left, arrives = origin.departure.earliest, destination.arrival.latest
        reach_km = (arrives - left) / HOUR * leg.max_speed_kmh
        to, back = railways.ways(origin.place)[0], railways.ways(destination.place)[0]
        turning = np.flatnonzero(to + back <= reach_km)
        driven = 0
        for _ in range(12):
            turn = int(turning[random.randrange(len(turning))])
            out, home = railways.way(origin.place, turn), railways.way(destination.place, turn)
            total_km = float(to[turn] + back[turn])
            # It may wait at the start and where it turns, and never drives faster.
            spare_h = (reach_km - total_km) / leg.max_speed_kmh
            wait_h = random.random() * spare_h
            turns_h = wait_h + to[turn] / leg.max_speed_kmh
            on_h = turns_h + random.random() * (spare_h - wait_h)
            for share in (0.02, random.random(), random.random(), 0.98):
                hour = wait_h + share * (on_h + back[turn] / leg.max_speed_kmh - wait_h)
                if hour <= turns_h:
                    where = railways.between(*out, (hour - wait_h) * leg.max_speed_kmh)
                else:
                    ahead_km = back[turn] - max(0.0, hour - on_h) * leg.max_speed_kmh
                    where = railways.between(*home, ahead_km)
                if where is None:
                    continue
                part = the_part(prism(left + hour * HOUR), PartKind.LEG, leg.sequence)
                assert lies_on(part, where), (hour, where)
                driven += 1
        assert driven > 12

    @pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
    def test_all_that_is_told_is_attained_and_nothing_else(self, railways, itinerary, prism, share):
        """The length is that of all points from which both ends fit; counted edge by edge.

        Every line near enough to a place for a journey to begin on counts as the place.
        """
        leg = railway_legs(itinerary)[0]
        origin, destination = (itinerary.waypoints[n - 1] for n in (leg.origin, leg.destination))
        left, arrives = origin.departure.earliest, destination.arrival.latest
        at = left + share * (arrives - left)
        slack = [
            w.place.radius_km + off
            for w, off in zip((origin, destination), leg.route.snap_km, strict=True)
        ]
        budgets = (
            (at - left) / HOUR * leg.max_speed_kmh + slack[0],
            (arrives - at) / HOUR * leg.max_speed_kmh + slack[1],
        )
        network = railways.network
        steps = (np.arange(200) + 0.5) / 200
        covered = np.ones((int(railways.open.sum()), len(steps)), dtype=bool)
        u, v = network.u[railways.open], network.v[railways.open]
        km = network.km[railways.open][:, None]
        for place, budget in zip((origin.place, destination.place), budgets, strict=True):
            found = railways.ways(place, starts=1000)[0]
            covered &= (
                np.minimum(found[u][:, None] + steps * km, found[v][:, None] + (1 - steps) * km)
                <= budget
            )
        length_km = float((covered.mean(axis=1) * km[:, 0]).sum())
        part = the_part(prism(at), PartKind.LEG, leg.sequence)
        assert part.length_km == pytest.approx(length_km, rel=0.002)


class TestAhead:
    @pytest.mark.parametrize("hours", [3, 12, 40, 72])
    def test_trains_that_go_on_anywhere_are_inside(self, railways, prism, hours):
        random = Random(hours)
        itinerary = prism(EVENING, EVENING).itinerary
        last = itinerary.waypoints[itinerary.last_reported - 1]
        since = last.departure.earliest
        part = the_part(prism(since + hours * HOUR, EVENING), PartKind.AHEAD)
        km, _ = railways.ways(last.place)
        reached = np.flatnonzero(km <= hours * part.max_speed_kmh)
        for node in random.choices(reached.tolist(), k=40):
            assert lies_on(part, railways.position(node))
        if part.simplified_km == 0.0:
            for line in part.lines:
                assert len(line) >= 2


class TestEstimates:
    @pytest.mark.parametrize(
        "slug", ["2019-02-hanoi", "2019-04-vladivostok", "2023-09-russia", "2025-09-beijing"]
    )
    def test_the_estimate_lies_on_one_of_the_parts(self, prism, slug):
        itinerary = prism(EVENING, slug=slug).itinerary
        known = [w.arrival.latest for w in itinerary.waypoints if w.arrival.latest]
        first, last = min(known) - 12 * HOUR, max(known) + 12 * HOUR
        seen = 0
        for n in range(25):
            found = prism(first + n / 24 * (last - first), slug=slug)
            for estimate in (p for p in found.parts if p.kind is PartKind.ESTIMATE):
                seen += 1
                others = [p for p in found.parts if p.kind is not PartKind.ESTIMATE]
                assert any(
                    p.position == estimate.position or (p.lines and lies_on(p, estimate.position))
                    for p in others
                )
        assert seen > 10


def test_a_leg_by_car_runs_over_roads(prism):
    found = prism(datetime.fromisoformat("2023-09-16T12:00:00+00:00"))
    roads = [p for p in found.parts if p.mode is Mode.CAR]
    assert {p.over for p in roads} == {"roads"}
    assert all(p.max_speed_kmh == 120 for p in roads)


def test_lines_over_the_antimeridian_are_cut(prism):
    at = datetime.fromisoformat("2023-09-11T12:00:00+00:00")
    lines = (
        (Position(179.0, 10.0), Position(181.0, 20.0)),
        (Position(1.0, 2.0), Position(3.0, 4.0)),
    )
    part = Part(PartKind.LEG, (1, 2), UNKNOWN, (), mode=Mode.PLANE, lines=lines)
    (feature,) = position_features(replace(prism(at), parts=(part,)))
    assert feature["geometry"] == {
        "type": "MultiLineString",
        "coordinates": [
            [[179.0, 10.0], [180.0, 15.0]],
            [[-180.0, 15.0], [-179.0, 20.0]],
            [[1.0, 2.0], [3.0, 4.0]],
        ],
    }
