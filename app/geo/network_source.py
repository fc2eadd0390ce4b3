"""Reads a network out of its data package: a Python source file taken as text.

The file holds ``graph=[{neighbour: km, ...}, ...]`` and ``nodes=[[lat, lon], ...]``, two
literals that differ from JSON only in unquoted keys. It is never imported or executed.
Lives here: the reader and its checks. Not here: mending what is wrong in the data
(:mod:`app.geo.network_repair`). Imports :mod:`app.errors` and :mod:`app.geo.geodesy` only.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.errors import BuildError
from app.geo.geodesy import Floats, geodesic_km, haversine_km

_ROWS_AT_ONCE = 20_000
_KEY = re.compile(r"(\d+):")


@dataclass(frozen=True, slots=True)
class RawNetwork:
    """Nodes in degrees and undirected edges (``u`` < ``v``) with their length along the way."""

    lon: Floats
    lat: Floats
    u: NDArray[np.int32]
    v: NDArray[np.int32]
    km: Floats


def read_network(path: Path) -> RawNetwork:
    """The network in the file at ``path``; edges sorted by their nodes, loops left out.

    Lengths in the source are counted on a sphere. They are scaled by what the ellipsoid makes
    of the line between the two nodes, so that no edge is shorter than that line. Raises
    :class:`~app.errors.BuildError` when the file is not such a network.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BuildError(f"{path.name} cannot be read: {error}") from error
    graph, nodes = _literals(text, path.name)
    try:
        points = np.concatenate(
            [np.array(json.loads(f"[{rows}]"), np.float64) for rows in _rows(nodes, "], [")]
        ).reshape(-1, 2)
        links = _links(graph)
    except (ValueError, TypeError, AttributeError, OverflowError) as error:
        raise BuildError(f"{path.name} is not a network of nodes and edges: {error}") from error
    return _checked(points, links, path.name)


def _literals(text: str, name: str) -> tuple[str, str]:
    try:
        graph_at = text.index("graph=[") + len("graph=")
        nodes_at = text.index("nodes=[", graph_at)
        nodes_end = text.index("]]", nodes_at) + 2
    except ValueError as error:
        raise BuildError(f"{name} holds no graph and nodes: is it the pinned package?") from error
    graph = text[graph_at:nodes_at].strip()
    return graph, text[nodes_at + len("nodes=") : nodes_end]


def _rows(literal: str, between: str) -> Iterator[str]:
    """The rows of a literal, joined again some thousands at a time.

    Parsing it in one piece would need several times the memory.
    """
    opening, closing = between[-1], between[0]
    rows = literal.removeprefix("[").removesuffix("]").split(between)
    rows[0] = rows[0].strip().removeprefix(opening)
    rows[-1] = rows[-1].strip().removesuffix(closing)
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        yield ",".join(f"{opening}{row}{closing}" for row in rows[start : start + _ROWS_AT_ONCE])


def _links(graph: str) -> Floats:
    """Rows of (node, neighbour, km), shape (n, 3)."""
    parts: list[Floats] = []
    node = 0
    for rows in _rows(graph, "}, {"):
        quoted = _KEY.sub(r'"\1":', rows)
        links: list[tuple[int, int, float]] = []
        for neighbours in json.loads(f"[{quoted}]"):
            links.extend((node, int(neighbour), km) for neighbour, km in neighbours.items())
            node += 1
        parts.append(np.array(links, dtype=np.float64).reshape(-1, 3))
    return np.concatenate(parts)


def _checked(points: Floats, links: Floats, name: str) -> RawNetwork:
    lat, lon = points[:, 0], points[:, 1]
    if not len(points) or not (np.abs(lat) <= 90.0).all() or not (np.abs(lon) <= 180.0).all():
        raise BuildError(f"{name} has nodes that are nowhere on earth")
    ends = links[:, :2].astype(np.int64)
    if not len(links) or ends.max() >= len(points):
        raise BuildError(f"{name} has edges to nodes that do not exist")
    if not (np.isfinite(links[:, 2]) & (links[:, 2] >= 0.0)).all():
        raise BuildError(f"{name} has edges without a length")
    low, high = ends.min(axis=1), ends.max(axis=1)
    keep = low != high
    low, high, km = low[keep], high[keep], links[keep, 2]
    # Every edge stands twice in the source, once at each end; the shorter length wins.
    order = np.lexsort((km, high, low))
    low, high, km = low[order], high[order], km[order]
    first = np.ones(len(low), dtype=bool)
    first[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    u, v, km = low[first].astype(np.int32), high[first].astype(np.int32), km[first]
    sphere = haversine_km(lon[u], lat[u], lon[v], lat[v])
    ellipsoid = geodesic_km(lon[u], lat[u], lon[v], lat[v])
    scale = np.divide(ellipsoid, sphere, out=np.ones_like(km), where=sphere > 0.0)
    return RawNetwork(lon, lat, u, v, np.maximum(km * scale, ellipsoid))
