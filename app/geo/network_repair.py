"""Mends gaps in a network by general rules; never names a place.

The data was simplified and lost short pieces of line. Four rules, each from what a gap looks
like: (1) two dead ends at most 3 km apart; (2) a dead end at most 3 km from a line that lies
far away along the network; (3) two such dead ends that point at each other, up to 6 km apart;
(4) two connected parts that nothing else joins, up to 3 km apart, or 7 km within a country
(a lost bridge or tunnel). Across a border rules 2 and 3 join nothing, and rule 4 only up to
3 km: borders and the rivers on them end lines for good.

Imports :mod:`app.geo.geodesy` and :mod:`app.geo.network_source` only.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

from app.geo.geodesy import Floats, geodesic_km, on_sphere_km
from app.geo.network_source import RawNetwork

SMALL_GAP_KM = 3.0
FACING_GAP_KM = 6.0
PARTS_GAP_KM = 7.0

SMALLEST_PART_KM = 50.0
"""Parts with less track are scraps; joining them to the network would only invent stations."""

_FAR_KM = 30.0
_FAR_FACTOR = 15.0
_FACING_COSINE = 0.7
_SEARCHED_KM = 150.0
_SAMPLE_KM = 1.0
_SOURCES_AT_ONCE = 16
_WINDING = 1.1
"""Real track over straight line in these networks, applied to the length of a join."""


@dataclass(frozen=True, slots=True)
class Joins:
    """What the repair adds: nodes on the middle of edges, and edges.

    Nodes count on from those of the network.
    """

    lon: Floats
    lat: Floats
    u: NDArray[np.int32]
    v: NDArray[np.int32]
    km: Floats


@dataclass(slots=True)
class _Mending:
    """A network while it is mended; each rule sees what the ones before it joined."""

    network: RawNetwork
    country: NDArray[np.int16]
    lon: list[float] = field(default_factory=list)
    lat: list[float] = field(default_factory=list)
    links: dict[tuple[int, int], float] = field(default_factory=dict)

    def join_nodes(self, a: int, b: int) -> None:
        lon, lat = self.network.lon, self.network.lat
        gap = geodesic_km(lon[[a]], lat[[a]], lon[[b]], lat[[b]])[0]
        self._link(a, b, float(gap) * _WINDING)

    def join_to_edge(self, end: int, edge: int, fraction: float) -> None:
        """Join a node to a point on an edge; the point becomes a node of its own."""
        network = self.network
        u, v, km = int(network.u[edge]), int(network.v[edge]), float(network.km[edge])
        if min(fraction, 1.0 - fraction) * km < 0.1:
            self.join_nodes(end, u if fraction < 0.5 else v)
            return
        turn = (network.lon[v] - network.lon[u] + 180.0) % 360.0 - 180.0
        at_lon = float((network.lon[u] + fraction * turn + 180.0) % 360.0 - 180.0)
        at_lat = float(network.lat[u] + fraction * (network.lat[v] - network.lat[u]))
        added = len(network.lon) + len(self.lon)
        self.lon.append(at_lon)
        self.lat.append(at_lat)
        nodes = np.array([u, v, end])
        here = np.full(3, at_lon), np.full(3, at_lat)
        straight = geodesic_km(network.lon[nodes], network.lat[nodes], *here)
        self._link(u, added, max(fraction * km, float(straight[0])))
        self._link(v, added, max((1.0 - fraction) * km, float(straight[1])))
        self._link(end, added, float(straight[2]) * _WINDING)

    def matrix(self) -> csr_array:
        """Symmetric weights of the network with all joins so far."""
        network, links = self.network, np.array(list(self.links), dtype=np.int32).reshape(-1, 2)
        u = np.concatenate((network.u, links[:, 0]))
        v = np.concatenate((network.v, links[:, 1]))
        km = np.concatenate((network.km, np.array(list(self.links.values()))))
        count = len(network.lon) + len(self.lon)
        ends = (np.concatenate((u, v)), np.concatenate((v, u)))
        return coo_array((np.concatenate((km, km)), ends), shape=(count, count)).tocsr()

    def joins(self) -> Joins:
        ends = np.array(list(self.links), dtype=np.int32).reshape(-1, 2)
        km = np.array(list(self.links.values()), dtype=np.float64)
        return Joins(np.array(self.lon), np.array(self.lat), ends[:, 0], ends[:, 1], km)

    def _link(self, a: int, b: int, km: float) -> None:
        key = (min(a, b), max(a, b))
        self.links[key] = min(km, self.links.get(key, np.inf))


def find_joins(
    network: RawNetwork, country: NDArray[np.int16], *, dead_ends_only: bool = False
) -> Joins:
    """The nodes and edges that mend ``network``; ``country`` is one index per node.

    With ``dead_ends_only`` rule 1 alone: roads have many ends that are no gaps.
    """
    mending = _Mending(network, country)
    _join_near_dead_ends(mending)
    if dead_ends_only:
        return mending.joins()
    _join_lost_ends(mending)
    for _ in range(2):  # A piece cut off on both sides needs one round for each.
        _join_parts(mending)
    return mending.joins()


def _join_near_dead_ends(mending: _Mending) -> None:
    """Rule 1."""
    network = mending.network
    degree = np.bincount(np.concatenate((network.u, network.v)), minlength=len(network.lon))
    ends = np.flatnonzero(degree <= 1)
    tree = cKDTree(on_sphere_km(network.lon[ends], network.lat[ends]))
    pairs = np.sort(ends[tree.query_pairs(SMALL_GAP_KM, output_type="ndarray")], axis=1)
    count = len(network.lon)
    linked = network.u.astype(np.int64) * count + network.v
    pairs = pairs[~np.isin(pairs[:, 0] * count + pairs[:, 1], linked)]
    for a, b in pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]:
        mending.join_nodes(int(a), int(b))


def _join_lost_ends(mending: _Mending) -> None:
    """Rules 2 and 3: dead ends near a line that is far away along the network."""
    network, country = mending.network, mending.country
    matrix = mending.matrix()
    part_km = _part_km(mending, matrix)[0]
    degree = np.diff(matrix.indptr)[: len(network.lon)]
    ends = np.flatnonzero((degree <= 1) & (part_km >= SMALLEST_PART_KM))
    edge, fraction, points = _samples(network)
    here = on_sphere_km(network.lon, network.lat)
    outward = _outward(network, here)
    near = cKDTree(points).query_ball_point(here[ends], FACING_GAP_KM, return_sorted=True)
    for first in range(0, len(ends), _SOURCES_AT_ONCE):
        batch = slice(first, first + _SOURCES_AT_ONCE)
        reached = dijkstra(matrix, directed=True, indices=ends[batch], limit=_SEARCHED_KM)
        for end, along, samples in zip(ends[batch], reached, near[batch], strict=True):
            at = np.array(samples)
            gap = np.linalg.norm(points[at] - here[end], axis=1)
            u, v, km = network.u[edge[at]], network.v[edge[at]], network.km[edge[at]]
            way = np.minimum(along[u] + fraction[at] * km, along[v] + (1 - fraction[at]) * km)
            lost = (way > _FAR_FACTOR * gap + _FAR_KM) & (part_km[u] >= SMALLEST_PART_KM)
            lost &= (country[u] == country[end]) | (country[v] == country[end])
            small = np.flatnonzero(lost & (gap <= SMALL_GAP_KM))
            if len(small):
                best = at[small[gap[small].argmin()]]
                mending.join_to_edge(int(end), int(edge[best]), float(fraction[best]))
                continue
            for node in np.unique(np.concatenate((u[lost], v[lost]))):
                facing = degree[node] <= 1 and _face(here, outward, int(end), int(node))
                if facing and np.linalg.norm(here[node] - here[end]) <= FACING_GAP_KM:
                    mending.join_nodes(int(end), int(node))


def _join_parts(mending: _Mending) -> None:
    """Rule 4: each part to the nearest other one, nearest pairs first."""
    network, country = mending.network, mending.country
    count = len(network.lon)
    part_km, part = _part_km(mending, mending.matrix())
    here = on_sphere_km(network.lon, network.lat)
    large = np.flatnonzero(part_km >= SMALLEST_PART_KM)
    sizes = np.bincount(part[large])
    found: list[tuple[float, int, int]] = []
    for index in np.flatnonzero((sizes > 0) & (np.arange(len(sizes)) != sizes.argmax())):
        own = large[part[large] == index]
        others = large[part[large] != index]
        box = here[own].min(axis=0) - PARTS_GAP_KM, here[own].max(axis=0) + PARTS_GAP_KM
        others = others[((here[others] >= box[0]) & (here[others] <= box[1])).all(axis=1)]
        if not len(others):
            continue
        answer = cKDTree(here[own]).query(here[others], distance_upper_bound=PARTS_GAP_KM)
        gap, nearest = np.asarray(answer[0]), np.asarray(answer[1])
        other = int(gap.argmin())
        if not np.isfinite(gap[other]):
            continue
        a, b = int(own[nearest[other]]), int(others[other])
        if gap[other] <= SMALL_GAP_KM or country[a] == country[b]:
            found.append((float(gap[other]), a, b))
    joined = np.arange(part.max() + 1)
    for _, a, b in sorted(found):
        one, two = joined[part[a]], joined[part[b]]
        if one != two and a < count and b < count:
            mending.join_nodes(a, b)
            joined[joined == one] = two


def _part_km(mending: _Mending, matrix: csr_array) -> tuple[Floats, NDArray[np.int32]]:
    """Length of track in each node's connected part, and which part that is."""
    network = mending.network
    _, part = connected_components(matrix, directed=False)
    part = part[: len(network.lon)]
    km = np.bincount(part[network.u], network.km, minlength=part.max() + 1)
    return km[part].astype(np.float64), part


def _samples(network: RawNetwork) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Points along all edges: edge, fraction of it, and place on the sphere."""
    steps = np.maximum(1, np.ceil(network.km / _SAMPLE_KM)).astype(np.int64)
    edge = np.repeat(np.arange(len(steps)), steps + 1)
    before = np.cumsum(steps + 1) - (steps + 1)
    fraction = (np.arange(len(edge)) - before[edge]) / steps[edge]
    u, v = network.u[edge], network.v[edge]
    turn = (network.lon[v] - network.lon[u] + 180.0) % 360.0 - 180.0
    lon = network.lon[u] + fraction * turn
    lat = network.lat[u] + fraction * (network.lat[v] - network.lat[u])
    return edge, fraction, on_sphere_km(lon, lat)


def _outward(network: RawNetwork, here: Floats) -> Floats:
    """For nodes with one edge, the direction in which the line would go on."""
    direction = np.zeros_like(here)
    direction[network.u] = here[network.u] - here[network.v]
    direction[network.v] = here[network.v] - here[network.u]
    length = np.linalg.norm(direction, axis=1, keepdims=True)
    return np.asarray(np.divide(direction, length, out=direction, where=length > 0.0))


def _face(here: Floats, outward: Floats, a: int, b: int) -> bool:
    """Whether two dead ends point at each other."""
    between = here[b] - here[a]
    length = float(np.linalg.norm(between))
    if length == 0.0:
        return True
    ahead = float(outward[a] @ between) / length
    back = float(outward[b] @ -between) / length
    return ahead >= _FACING_COSINE and back >= _FACING_COSINE
