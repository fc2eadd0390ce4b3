"""Shortest paths between sets of snaps: Dijkstra from all starts at once, and the way back.

Lives here: the search itself. Not here: which snaps there are (:mod:`app.geo.snapping`) and
whether a way is believable (:mod:`app.geo.pathfinding`). Imports its neighbours only.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from app.geo.geodesy import Floats
from app.geo.network import Indexes, Network
from app.geo.snapping import Snaps


@dataclass(frozen=True, slots=True)
class Path:
    """From snap ``start`` over ``nodes`` (none when both ends are on one edge); its length."""

    start: int
    nodes: tuple[int, ...]
    km: float


@dataclass(frozen=True, slots=True)
class Tree:
    """Cheapest ways from a set of starts to every node that costs at most ``limit``.

    ``start_cost`` is what each start costs before the way begins. ``cost`` of a node that was
    not reached is infinite. ``before`` is the predecessor, the number of nodes for a start.
    """

    network: Network
    starts: Snaps
    start_cost: Floats
    cost: Floats
    before: Indexes
    limit: float

    @classmethod
    def grow(
        cls,
        network: Network,
        weights: csr_array,
        starts: Snaps,
        start_cost: Floats,
        *,
        limit: float,
    ) -> "Tree":
        """Search from ``starts`` over ``weights`` (see :meth:`Network.weights`)."""
        nodes, costs = _first_steps(network, starts, start_cost)
        count = len(network)
        # The starts become the row of one more node, from which every search begins.
        matrix = csr_array(
            (
                np.concatenate((weights.data, costs)),
                np.concatenate((weights.indices, nodes)),
                np.append(weights.indptr, np.int32(len(weights.data) + len(nodes))),
            ),
            shape=(count + 1, count + 1),
        )
        cost, before = dijkstra(
            matrix, directed=True, indices=np.array([count]), return_predecessors=True, limit=limit
        )
        return cls(network, starts, start_cost, cost[0], before[0], limit)

    def costs_to(self, ends: Snaps) -> Floats:
        """What it costs to reach each of ``ends``; infinite where there is no way."""
        network = self.network
        km = network.km[ends.edge]
        return np.minimum(
            np.minimum(
                self.cost[network.u[ends.edge]] + ends.fraction * km,
                self.cost[network.v[ends.edge]] + (1.0 - ends.fraction) * km,
            ),
            self._along_one_edge(ends)[0],
        )

    def path_to(self, ends: Snaps, index: int) -> Path:
        """The way to the reachable end ``index``."""
        network, edge = self.network, ends.edge[index]
        u, v = int(network.u[edge]), int(network.v[edge])
        km, fraction = network.km[edge], ends.fraction[index]
        by_u = self.cost[u] + fraction * km
        by_v = self.cost[v] + (1.0 - fraction) * km
        direct, start_of = self._along_one_edge(ends)
        if direct[index] <= min(by_u, by_v):
            start = int(start_of[index])
            return Path(start, (), float(direct[index] - self.start_cost[start]))
        node, cost = (u, by_u) if by_u <= by_v else (v, by_v)
        backwards = [node]
        while (node := int(self.before[node])) != len(network):
            backwards.append(node)
        start = self._start_at(backwards[-1])
        return Path(start, tuple(reversed(backwards)), float(cost - self.start_cost[start]))

    def _along_one_edge(self, ends: Snaps) -> tuple[Floats, Indexes]:
        """Costs of ends that share their edge with a start, and which start that is."""
        cost = np.full(len(ends.edge), np.inf)
        start_of = np.full(len(ends.edge), -1, dtype=np.int32)
        for index in np.flatnonzero(np.isin(ends.edge, self.starts.edge)):
            edge = ends.edge[index]
            shared = np.flatnonzero(self.starts.edge == edge)
            apart = np.abs(self.starts.fraction[shared] - ends.fraction[index])
            costs = self.start_cost[shared] + apart * self.network.km[edge]
            best = int(costs.argmin())
            cost[index], start_of[index] = costs[best], shared[best]
        return cost, start_of

    def _start_at(self, node: int) -> int:
        """The start from which the first node of a way is cheapest."""
        network, starts = self.network, self.starts
        km = network.km[starts.edge]
        by_u = np.where(network.u[starts.edge] == node, starts.fraction * km, np.inf)
        by_v = np.where(network.v[starts.edge] == node, (1.0 - starts.fraction) * km, np.inf)
        return int((self.start_cost + np.minimum(by_u, by_v)).argmin())


def _first_steps(network: Network, starts: Snaps, start_cost: Floats) -> tuple[Indexes, Floats]:
    """The nodes next to the starts, each once, and what they cost."""
    km = network.km[starts.edge]
    nodes = np.concatenate((network.u[starts.edge], network.v[starts.edge]))
    costs = np.concatenate(
        (start_cost + starts.fraction * km, start_cost + (1.0 - starts.fraction) * km)
    )
    order = np.lexsort((costs, nodes))
    nodes, costs = nodes[order], costs[order]
    first = np.ones(len(nodes), dtype=bool)
    first[1:] = nodes[1:] != nodes[:-1]
    return nodes[first], costs[first]
