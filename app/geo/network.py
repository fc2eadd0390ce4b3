"""A network in memory: nodes, edges and the arrays that shortest paths run on.

Lives here: loading what :mod:`app.geo.network_build` wrote, components, and edges that
countries close. Not here: snapping (:mod:`app.geo.snapping`) and ways
(:mod:`app.geo.pathfinding`). Imports :mod:`app.errors` and its neighbours only.
"""

import zipfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from app.errors import MissingReferenceError
from app.geo.geodesy import Floats

Indexes: TypeAlias = NDArray[np.int32]

FORMAT = 2
"""Version of the file's layout; any other is refused."""

DEGREE_STEPS = 100_000
"""Positions are kept as integers of 1e-5 degree (about a metre)."""

# For drawing only (app.geo.rail_lines): not worth the memory here.
_DRAWN = frozenset({"line_points", "line_starts"})


@dataclass(frozen=True, slots=True)
class Network:
    """Undirected edges between nodes; ``km`` is the length along the way, not of the line.

    ``first_entry``, ``neighbour`` and ``edge_of_entry`` are the CSR form in which every edge
    stands twice. ``component_km`` is the total length of the connected part a node lies in.
    ``country`` indexes ``country_codes``; -1 is nowhere.
    """

    lon: Floats
    lat: Floats
    u: Indexes
    v: Indexes
    km: Floats
    joined: NDArray[np.bool_]
    country: NDArray[np.int16]
    country_codes: tuple[str, ...]
    first_entry: Indexes
    neighbour: Indexes
    edge_of_entry: Indexes
    component: Indexes
    component_km: Floats

    @classmethod
    def load(cls, path: Path, *, repair: bool = True) -> "Network":
        """Read the file at ``path``; without ``repair`` only what the source holds.

        Raises :class:`~app.errors.MissingReferenceError` when there is no such file, or one
        of another format.
        """
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                if int(stored["format"]) != FORMAT:
                    raise MissingReferenceError(
                        f"{path} was built by another version: run `dateline prepare` again"
                    )
                arrays = {name: stored[name] for name in stored.files if name not in _DRAWN}
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise MissingReferenceError(
                f"{path} is not there or not whole ({error}): run `dateline prepare`"
            ) from error
        u, v, metres = arrays["u"], arrays["v"], arrays["metres"]
        lon, lat, country = arrays["lon"], arrays["lat"], arrays["country"]
        joined = np.zeros(len(u), dtype=bool)
        if repair:
            joined = np.concatenate((joined, np.ones(len(arrays["join_u"]), dtype=bool)))
            u = np.concatenate((u, arrays["join_u"]))
            v = np.concatenate((v, arrays["join_v"]))
            metres = np.concatenate((metres, arrays["join_metres"]))
            lon = np.concatenate((lon, arrays["join_lon"]))
            lat = np.concatenate((lat, arrays["join_lat"]))
            # A node on the middle of an edge has the country of that edge's first end.
            country = np.concatenate((country, _inherited(country, arrays)))
        count = len(lon)
        edges = np.arange(len(u), dtype=np.int32)
        csr = coo_array(
            (np.concatenate((edges, edges)), (np.concatenate((u, v)), np.concatenate((v, u)))),
            shape=(count, count),
        ).tocsr()
        _, component = connected_components(csr, directed=False)
        km = metres / 1000.0
        return cls(
            lon=lon / DEGREE_STEPS,
            lat=lat / DEGREE_STEPS,
            u=u,
            v=v,
            km=km,
            joined=joined,
            country=country,
            country_codes=tuple(str(code) for code in arrays["country_codes"]),
            first_entry=csr.indptr.astype(np.int32),
            neighbour=csr.indices.astype(np.int32),
            edge_of_entry=csr.data,
            component=component,
            component_km=np.bincount(component[u], km).astype(np.float64),
        )

    def __len__(self) -> int:
        return len(self.lon)

    def country_code(self, node: int) -> str:
        """ISO 3166-1 alpha-2 code of the country that ``node`` lies in; empty at sea."""
        index = int(self.country[node])
        return self.country_codes[index] if index >= 0 else ""

    def closed_nodes(self, countries: Collection[str]) -> NDArray[np.bool_]:
        """Which nodes lie in one of ``countries``."""
        wanted = {code.upper() for code in countries}
        indexes = [i for i, code in enumerate(self.country_codes) if code in wanted]
        return np.isin(self.country, indexes)

    def open_edges(self, countries: Collection[str]) -> NDArray[np.bool_]:
        """Which edges have no end in one of ``countries``."""
        if not countries:
            return np.ones(len(self.u), dtype=bool)
        closed = self.closed_nodes(countries)
        return np.asarray(~(closed[self.u] | closed[self.v]))

    def weights(self, edge_km: Floats) -> csr_array:
        """The CSR matrix with ``edge_km`` as weights; infinite closes an edge."""
        count = len(self)
        return csr_array(
            (edge_km[self.edge_of_entry], self.neighbour, self.first_entry), shape=(count, count)
        )

    def edges_along(self, nodes: Sequence[int]) -> Indexes:
        """The edges between neighbouring ``nodes`` of a way; the shortest of parallel ones."""
        at = np.asarray(nodes, dtype=np.int64)
        here, following = at[:-1], at[1:]
        first = self.first_entry[here]
        count = self.first_entry[here + 1] - first
        step = np.repeat(np.arange(len(here)), count)
        entry = np.arange(len(step)) - np.repeat(np.cumsum(count) - count, count) + first[step]
        between = self.neighbour[entry] == following[step]
        step, edge = step[between], self.edge_of_entry[entry[between]]
        order = np.lexsort((edge, self.km[edge], step))
        _, shortest = np.unique(step[order], return_index=True)
        return np.asarray(edge[order][shortest])


def _inherited(
    country: NDArray[np.int16], arrays: Mapping[str, NDArray[np.int32]]
) -> NDArray[np.int16]:
    """Country of the nodes that the repair adds: that of the lowest node joined to each."""
    count, added = len(country), len(arrays["join_lon"])
    first = np.full(added, np.iinfo(np.int32).max, dtype=np.int32)
    on_edge = arrays["join_v"] >= count
    np.minimum.at(first, arrays["join_v"][on_edge] - count, arrays["join_u"][on_edge])
    return country[first]
