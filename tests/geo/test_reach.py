"""How far one comes along a network: against every point asked one by one, and on the real one."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.errors import InputError, NoRouteError, OffNetworkError, RouteError
from app.geo.artifacts import HIGHWAYS, RAILWAYS
from app.geo.geodesy import Floats, geodesic_km, great_circle_km
from app.geo.network import FORMAT, Network
from app.geo.routing import Router
from app.geo.search import Tree
from app.geo.stretches import Stretches, drawn
from app.journey.model import Mode, Position
from app.journey.protocols import Reach, ReachFinder

PYONGYANG = Position(lon=125.7381, lat=39.0194)
KHASAN = Position(lon=130.6444, lat=42.4297)

SAMPLES = 97
"""Points asked on every edge; odd, so that crossings of straight edges are seldom hit."""

NEAR_KM = 1e-5
"""So near to the end of a budget, rounding decides."""


@dataclass(frozen=True)
class Net:
    """A network in a file, and a router over it alone."""

    path: Path
    router: Router
    places: list[Position]

    @property
    def network(self) -> Network:
        return self.router.finder(Mode.TRAIN).network


def net(
    path: Path,
    places: Sequence[tuple[float, float]],
    edges: Sequence[tuple[int, int]],
    *,
    longer: Sequence[float] = (),
    country: Sequence[int] = (),
) -> Net:
    """Places joined by edges that are ``longer`` than straight; countries are AA and BB."""
    lon, lat = (np.array(axis, dtype=np.float64) for axis in zip(*places, strict=True))
    u, v = (np.array(end, dtype=np.int32) for end in zip(*edges, strict=True))
    km = geodesic_km(lon[u], lat[u], lon[v], lat[v]) * np.array(longer or [1.0] * len(edges))
    none = np.array([], dtype=np.int32)
    np.savez(
        path,
        format=np.array(FORMAT),
        lon=np.round(lon * 1e5).astype(np.int32),
        lat=np.round(lat * 1e5).astype(np.int32),
        u=u,
        v=v,
        metres=np.ceil(km * 1000.0).astype(np.int32),
        join_lon=none,
        join_lat=none,
        join_u=none,
        join_v=none,
        join_metres=none,
        country=np.array(country or [0] * len(places), dtype=np.int16),
        country_codes=np.array(["AA", "BB"]),
    )
    return Net(path, Router({Mode.TRAIN: path}), [Position(*place) for place in places])


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("nets") / "net.npz"


@st.composite
def random_nets(draw: st.DrawFn, file: Path) -> Net:
    """Up to ten places some 50 km apart, and lines between neighbours and across."""
    count = draw(st.integers(3, 10))
    random = np.random.default_rng(draw(st.integers(0, 10_000)))
    places = [
        (10.0 + 0.7 * (i % 4) + random.uniform(0, 0.3), 45.0 + 0.5 * (i // 4) + random.random() / 5)
        for i in range(count)
    ]
    edges = {(draw(st.integers(0, i - 1)), i) for i in range(1, count) if draw(st.integers(0, 9))}
    some = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1))
    edges |= {(a, b) for a, b in draw(st.lists(some, max_size=6)) if a < b}
    assume(edges)
    return net(
        file,
        places,
        sorted(edges),
        longer=[random.uniform(1.0, 1.6) for _ in edges],
        country=[int(random.random() < 0.2) for _ in range(count)],
    )


class Oracle:
    """Distances from one place to points on edges, by Floyd and Warshall."""

    def __init__(self, net: Net, place: Position, avoid: Sequence[str]) -> None:
        network = self.network = net.network
        count = len(network)
        self.open = network.open_edges(avoid)
        between = np.full((count, count), np.inf)
        np.fill_diagonal(between, 0.0)
        for u, v, km in zip(
            network.u[self.open], network.v[self.open], network.km[self.open], strict=True
        ):
            between[u, v] = between[v, u] = min(between[u, v], km)
        for middle in range(count):
            between = np.minimum(between, between[:, [middle]] + between[[middle], :])
        self.between = between
        # Snapping is not what is asked here.
        self.starts = net.router.finder(Mode.TRAIN).edges.choices(
            place,
            what="the place",
            open_edges=self.open if avoid else None,
            avoided=tuple(avoid),
        )

    def km(self, edge: int, fraction: Floats) -> Floats:
        """To points on one edge; infinite on a closed one."""
        network = self.network
        best = np.full(len(fraction), np.inf)
        if not self.open[edge]:
            return best
        u, v, km = network.u[edge], network.v[edge], network.km[edge]
        for begun, at in zip(self.starts.edge, self.starts.fraction, strict=True):
            length = network.km[begun]
            ends = ((network.u[begun], at * length), (network.v[begun], (1.0 - at) * length))
            for node, cost in ends:
                best = np.minimum(best, cost + self.between[node, u] + fraction * km)
                best = np.minimum(best, cost + self.between[node, v] + (1.0 - fraction) * km)
            if begun == edge:
                best = np.minimum(best, np.abs(fraction - at) * km)
        return best

    def km_apart(self, other: "Oracle") -> float:
        """To the other's nearest start."""
        return min(
            float(self.km(int(edge), np.array([fraction]))[0])
            for edge, fraction in zip(other.starts.edge, other.starts.fraction, strict=True)
        )


def at(network: Network, edge: int, fraction: Floats) -> Floats:
    u, v = network.u[edge], network.v[edge]
    lon = network.lon[u] + fraction * (network.lon[v] - network.lon[u])
    lat = network.lat[u] + fraction * (network.lat[v] - network.lat[u])
    return np.column_stack((lon, lat))


def drawn_at(reach: Reach, points: Floats) -> Floats:
    if not reach.lines:
        return np.zeros(len(points), dtype=bool)
    lines = shapely.multilinestrings([shapely.linestrings(line) for line in reach.lines])
    return np.asarray(shapely.distance(lines, shapely.points(points))) < 1e-9


def a_place(net: Net, data: st.DataObject, avoid: Sequence[str]) -> Position:
    """A node, or a place beside one."""
    here = data.draw(st.sampled_from(net.places))
    off = data.draw(st.sampled_from([(0.0, 0.0), (0.05, 0.02), (-0.03, 0.04)]))
    return Position(here.lon + off[0], here.lat + off[1])


def oracle(net: Net, place: Position, avoid: Sequence[str]) -> Oracle:
    try:
        return Oracle(net, place, avoid)
    except (OffNetworkError, InputError):
        assume(False)
        raise


FRACTIONS = (np.arange(SAMPLES) + 0.5) / SAMPLES


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_point_is_within_reach_when_its_shortest_ways_are(
    file: Path, data: st.DataObject
) -> None:
    it = data.draw(random_nets(file))
    avoid = data.draw(st.sampled_from([(), ("BB",)]))
    budgets = st.floats(-1.0, 400.0)
    places = [a_place(it, data, avoid) for _ in range(data.draw(st.integers(1, 2)))]
    limits = [data.draw(budgets) for _ in places]
    oracles = [oracle(it, place, avoid) for place in places]
    both = {"destination": places[1], "destination_km": limits[1]} if len(places) == 2 else {}
    try:
        reach = it.router.reach(places[0], limits[0], avoid=avoid, **both)
    except NoRouteError:
        assert oracles[0].km_apart(oracles[1]) == np.inf
        return
    assert reach.simplified_km == 0.0
    assert all(len(line) >= 2 for line in reach.lines)
    expected_km, slack_km = 0.0, 1e-6
    for edge in range(len(it.network.u)):
        km = [from_place.km(edge, FRACTIONS) for from_place in oracles]
        spare = np.min([limit - k for limit, k in zip(limits, km, strict=True)], axis=0)
        sure = np.abs(spare) > NEAR_KM
        inside = drawn_at(reach, at(it.network, edge, FRACTIONS))
        assert (inside == (spare > 0.0))[sure].all()
        step_km = it.network.km[edge] / SAMPLES
        expected_km += (spare > 0.0).sum() * step_km
        # A place may snap into any edge, and begin a span of its own there.
        slack_km += step_km * 2.0 * (np.abs(np.diff(spare > 0.0)).sum() + 4)
    assert reach.length_km == pytest.approx(expected_km, abs=slack_km)


@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_more_km_reach_no_less_whatever_was_asked_before(file: Path, data: st.DataObject) -> None:
    it = data.draw(random_nets(file))
    place = a_place(it, data, ())
    oracle(it, place, ())
    budgets = data.draw(st.lists(st.floats(0.0, 500.0), min_size=2, max_size=5))
    lengths = {km: it.router.reach(place, km).length_km for km in budgets}
    ordered = [lengths[km] for km in sorted(lengths)]
    assert all(b >= a - 1e-9 for a, b in pairwise(ordered))
    afresh = {km: Router({Mode.TRAIN: it.path}).reach(place, km).length_km for km in budgets}
    assert lengths == pytest.approx(afresh)


@settings(max_examples=80, deadline=None)
@given(data=st.data(), share=st.floats(0.05, 0.95))
def test_budgets_that_just_meet_leave_a_point_of_the_shortest_way_and_less_leaves_nothing(
    file: Path, data: st.DataObject, share: float
) -> None:
    it = data.draw(random_nets(file))
    one, other = (a_place(it, data, ()) for _ in range(2))
    here, there = oracle(it, one, ()), oracle(it, other, ())
    apart_km = here.km_apart(there)
    assume(1.0 < apart_km < np.inf)
    limits = apart_km * share, apart_km * (1.0 - share)

    def reach(spare_km: float) -> Reach:
        return it.router.reach(
            one, limits[0] + spare_km, destination=other, destination_km=limits[1] + spare_km
        )

    assert reach(-0.001).lines == ()
    assert reach(-0.001).length_km == 0.0
    least = reach(0.01)
    # A hundredth to either side of the point, once for each shortest way.
    assert least.length_km >= 0.02 - 1e-6
    network = it.network
    points = np.array([point for line in least.lines for point in line])
    for point in points:
        near = it.router.finder(Mode.TRAIN).edges.within(Position(*point), 0.001, spread_km=0.0)
        edge, fraction = int(near.edge[0]), near.fraction[:1]
        assert at(network, edge, fraction)[0] == pytest.approx(point, abs=1e-7)
        ways = here.km(edge, fraction)[0] + there.km(edge, fraction)[0]
        assert apart_km - 1e-3 <= ways <= apart_km + 0.02 + 1e-3


def test_a_line_is_one_line_cut_where_the_budget_ends(file: Path) -> None:
    it = net(file, [(10.0 + 0.5 * i, 0.0) for i in range(6)], [(i, i + 1) for i in range(5)])
    edge_km = float(it.network.km[0])
    (line,) = it.router.reach(it.places[0], 2.5 * edge_km).lines
    east = sorted(point.lon for point in line)
    assert east == pytest.approx([10.0, 10.5, 11.0, 11.25], abs=1e-5)
    reach = it.router.reach(
        it.places[0], 2.5 * edge_km, destination=it.places[5], destination_km=2.75 * edge_km
    )
    assert reach.length_km == pytest.approx(0.25 * edge_km, abs=0.002)
    assert reach.over == "railways"


def test_an_edge_reached_from_both_its_ends_may_have_a_gap(file: Path) -> None:
    ring = net(
        file, [(10.0, 0.0), (11.0, 0.0), (11.0, 1.0), (10.0, 1.0)], [(0, 1), (1, 2), (2, 3), (0, 3)]
    )
    half_km = float(ring.network.km.sum()) / 2.0
    # From the middle of one side to just before the middle of the side across.
    reach = ring.router.reach(Position(10.5, 0.0), half_km - 10.0)
    (line,) = reach.lines
    assert len(line) == 6
    assert reach.length_km == pytest.approx(2.0 * half_km - 20.0, abs=0.01)
    assert {line[0].lat, line[-1].lat} == {1.0}
    (closed,) = ring.router.reach(Position(10.5, 0.0), half_km + 1.0).lines
    assert closed[0] == closed[-1]


@pytest.mark.parametrize("km", [0.0, -5.0])
def test_no_km_reach_nothing_but_the_place(file: Path, km: float) -> None:
    it = net(file, [(10.0, 0.0), (11.0, 0.0)], [(0, 1)])
    reach = it.router.reach(Position(10.3, 0.01), km)
    assert (reach.lines, reach.length_km) == ((), 0.0)


def test_nothing_in_an_avoided_country_or_beyond_it_is_within_reach(file: Path) -> None:
    it = net(
        file,
        [(10.0 + 0.5 * i, 0.0) for i in range(7)],
        [(i, i + 1) for i in range(6)],
        country=[0, 0, 0, 1, 1, 0, 0],
    )
    reach = it.router.reach(it.places[0], 1000.0, avoid=["bb"])
    assert max(point.lon for line in reach.lines for point in line) == pytest.approx(11.0)
    with pytest.raises(NoRouteError, match="outside BB"):
        it.router.reach(
            it.places[0], 900.0, destination=it.places[6], destination_km=900.0, avoid=["BB"]
        )
    with pytest.raises(InputError, match="BB"):
        it.router.reach(Position(11.75, 0.0), 10.0, avoid=["BB"])
    with pytest.raises(InputError, match="XX"):
        it.router.reach(it.places[0], 10.0, avoid=["XX"])


def test_lines_run_on_over_the_antimeridian(file: Path) -> None:
    it = net(file, [(179.0, 60.0), (179.9, 60.0), (-179.7, 60.0), (-178.5, 60.0)],
             [(0, 1), (1, 2), (3, 2)])  # fmt: skip
    km = it.network.km
    (whole,) = it.router.reach(it.places[0], 500.0).lines
    assert max(abs(b.lon - a.lon) for a, b in pairwise(whole)) < 2.0
    assert len(whole) == 4
    reach = it.router.reach(it.places[0], float(km[0] + km[1] / 2.0))
    (line,) = reach.lines
    assert max(point.lon % 360.0 for point in line) == pytest.approx(180.1, abs=1e-4)
    assert reach.length_km == pytest.approx(km[0] + km[1] / 2.0)


def test_an_island_is_reached_from_the_island_only(file: Path) -> None:
    it = net(file, [(10.0, 0.0), (11.0, 0.0), (12.0, 0.0), (13.0, 0.0)], [(0, 1), (2, 3)])
    reach = it.router.reach(it.places[2], 1000.0)
    assert reach.length_km == pytest.approx(it.network.km[1])
    with pytest.raises(NoRouteError, match="no line joins"):
        it.router.reach(it.places[0], 900.0, destination=it.places[3], destination_km=900.0)
    with pytest.raises(OffNetworkError, match="the destination is"):
        it.router.reach(it.places[0], 900.0, destination=Position(11.5, 0.0), destination_km=900.0)


def test_budgets_must_be_numbers_and_belong_to_a_place(file: Path) -> None:
    it = net(file, [(10.0, 0.0), (11.0, 0.0)], [(0, 1)])
    for km in (float("nan"), float("inf")):
        with pytest.raises(InputError, match="origin_km"):
            it.router.reach(it.places[0], km)
    with pytest.raises(InputError, match="destination_km"):
        it.router.reach(it.places[0], 10.0, destination=it.places[1])
    with pytest.raises(RouteError, match="sea lanes"):
        it.router.reach(it.places[0], 10.0, mode=Mode.SHIP)


def test_a_plane_is_somewhere_on_the_great_circle() -> None:
    tokyo, seattle = Position(lon=139.8, lat=35.5), Position(lon=-122.3, lat=47.4)
    router = Router({})
    total_km = great_circle_km(tokyo, seattle)
    reach = router.reach(
        tokyo, 4000.0, destination=seattle, destination_km=total_km - 3000.0, mode=Mode.PLANE
    )
    (line,) = reach.lines
    assert reach.over == "great circle"
    assert reach.length_km == pytest.approx(1000.0)
    assert great_circle_km(tokyo, line[0]) == pytest.approx(3000.0)
    assert max(abs(b.lon - a.lon) for a, b in pairwise(line)) < 20.0
    nowhere = router.reach(tokyo, 10.0, destination=seattle, destination_km=10.0, mode=Mode.PLANE)
    assert (nowhere.lines, nowhere.length_km) == ((), 0.0)
    with pytest.raises(InputError, match="avoid"):
        router.reach(tokyo, 10.0, mode=Mode.PLANE, avoid=["KP"])


@pytest.mark.parametrize("lon", [0.0, 125.7, 179.0])
@pytest.mark.parametrize("radius_km", [50.0, 3000.0, 15000.0])
def test_a_plane_without_a_destination_is_within_a_ring(lon: float, radius_km: float) -> None:
    centre = Position(lon, 39.0)
    reach = Router({}).reach(centre, radius_km, mode=Mode.PLANE)
    (ring,) = reach.lines
    assert ring[0].lat == ring[-1].lat
    assert (ring[0].lon - ring[-1].lon) % 360.0 == pytest.approx(0.0)
    around = [Position((p.lon + 180.0) % 360.0 - 180.0, p.lat) for p in ring]
    assert all(great_circle_km(centre, p) == pytest.approx(radius_km) for p in around)
    chords_km = sum(great_circle_km(a, b) for a, b in pairwise(around))
    assert chords_km == pytest.approx(reach.length_km, rel=0.002)


def test_no_place_on_earth_is_beyond_half_a_meridian() -> None:
    reach = Router({}).reach(PYONGYANG, 21000.0, mode=Mode.PLANE)
    assert (reach.lines, reach.length_km) == ((), 0.0)


@pytest.fixture(scope="module")
def router(reference_dir: Path) -> Router:
    return Router({Mode.TRAIN: reference_dir / RAILWAYS, Mode.CAR: reference_dir / HIGHWAYS})


def farthest_km(router: Router, place: Position, reach: Reach) -> float:
    """How far along the network the farthest end of a line lies."""
    finder = router.finder(Mode.TRAIN)
    starts = finder.edges.choices(place, what="the place")
    weights, none = finder.network.weights(finder.network.km), np.zeros(len(starts.edge))
    tree = Tree.grow(finder.network, weights, starts, none, limit=np.inf)
    return max(
        float(tree.costs_to(finder.edges.within(end, 0.001, spread_km=0.0)).min())
        for line in reach.lines
        for end in (line[0], line[-1])
    )


@pytest.mark.reference
def test_the_farthest_point_is_as_far_as_the_budget(router: Router) -> None:
    finder: ReachFinder = router
    reach = finder.reach(PYONGYANG, 100.0)
    assert reach.simplified_km == 0.0
    assert farthest_km(router, PYONGYANG, reach) == pytest.approx(100.0, abs=0.001)
    assert 200.0 < reach.length_km < 2000.0
    off_km = great_circle_km(PYONGYANG, min(
        (p for line in reach.lines for p in line), key=lambda p: great_circle_km(PYONGYANG, p)
    ))  # fmt: skip
    for line in reach.lines:
        assert all(great_circle_km(PYONGYANG, p) <= 100.0 + off_km + 6.0 for p in line)


@pytest.mark.reference
def test_half_the_way_from_both_sides_is_the_middle_of_the_way(router: Router) -> None:
    way_km = router.distance_km(PYONGYANG, KHASAN, avoid=["CN", "KR"])

    def reach(km: float) -> Reach:
        return router.reach(
            PYONGYANG, km, destination=KHASAN, destination_km=km, avoid=["CN", "KR"]
        )

    middle = reach(way_km / 2.0 + 0.5)
    assert 1.0 <= middle.length_km < 50.0
    assert farthest_km(router, PYONGYANG, middle) == pytest.approx(way_km / 2.0 + 0.5, abs=0.001)
    assert farthest_km(router, KHASAN, middle) == pytest.approx(way_km / 2.0 + 0.5, abs=0.001)
    # The nearest of several lines beside a place may be some km farther on.
    assert reach(way_km / 2.0 - 10.0).lines == ()


@pytest.mark.reference
def test_three_days_by_train_are_thinned_and_stay_within_the_budget(router: Router) -> None:
    reach = router.reach(KHASAN, 5760.0)
    points = [point for line in reach.lines for point in line]
    assert len(points) <= 20_000
    assert 0.0 < reach.simplified_km < 10.0
    assert reach.length_km > 100_000
    far_km = max(
        great_circle_km(KHASAN, Position((p.lon + 180.0) % 360.0 - 180.0, p.lat)) for p in points
    )
    assert 4000.0 < far_km <= 5760.0 + reach.simplified_km + 6.0
    assert router.reach(KHASAN, 5000.0).length_km < reach.length_km


@pytest.mark.reference
@pytest.mark.parametrize("most_points", [3000, 300, 20])
def test_thinned_lines_lie_as_near_as_they_say(router: Router, most_points: int) -> None:
    network = router.finder(Mode.TRAIN).network
    lon, lat = network.lon[network.u], network.lat[network.u]
    korea = (lon > 124) & (lon < 130) & (lat > 34) & (lat < 43)
    edges = np.flatnonzero(korea).astype(np.int32)
    stretches = Stretches(edges, np.zeros(len(edges)), np.ones(len(edges)))
    exact, none_km = drawn(network, stretches)
    thinned, off_km = drawn(network, stretches, most_points=most_points)
    assert none_km == 0.0
    assert sum(map(len, thinned)) <= most_points < sum(map(len, exact))

    def on_a_plane(lines: Sequence[Sequence[Position]]) -> shapely.MultiLineString:
        # True to some per cent in the middle.
        east = 111.2 * np.cos(np.radians(39.0))
        return shapely.multilinestrings(
            [shapely.linestrings([(p.lon * east, p.lat * 111.2) for p in line]) for line in lines]
        )

    one, other = on_a_plane(exact), on_a_plane(thinned)
    for a, b in ((one, other), (other, one)):
        nodes = shapely.points(shapely.get_coordinates(a))
        assert shapely.distance(b, nodes).max() <= off_km * 1.1
