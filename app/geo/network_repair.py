"""Mends gaps in a network by general rules; never names a place.

Lives here: which pairs of nodes to join, and how long the joins are. Not here: reading the
data (:mod:`app.geo.network_source`). Imports :mod:`app.geo.geodesy` only.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from app.geo.geodesy import Floats, geodesic_km, on_sphere_km
from app.geo.network_source import RawNetwork

DEAD_END_GAP_KM = 3.0
"""Two dead ends this near each other are one line that was cut when the data was simplified."""

_WINDING = 1.1
"""Real track over straight line in these networks, applied to the length of a join."""


@dataclass(frozen=True, slots=True)
class Joins:
    """Edges that the repair adds."""

    u: NDArray[np.int32]
    v: NDArray[np.int32]
    km: Floats


def find_joins(network: RawNetwork) -> Joins:
    """Joins between dead ends at most :data:`DEAD_END_GAP_KM` apart."""
    degree = np.bincount(np.concatenate((network.u, network.v)), minlength=len(network.lon))
    ends = np.flatnonzero(degree <= 1)
    on_sphere = on_sphere_km(network.lon[ends], network.lat[ends])
    pairs = cKDTree(on_sphere).query_pairs(DEAD_END_GAP_KM, output_type="ndarray")
    pairs = np.sort(ends[pairs], axis=1)
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    count = len(network.lon)
    known = network.u.astype(np.int64) * count + network.v
    pairs = pairs[~np.isin(pairs[:, 0] * count + pairs[:, 1], known)]
    u, v = pairs[:, 0].astype(np.int32), pairs[:, 1].astype(np.int32)
    gap = geodesic_km(network.lon[u], network.lat[u], network.lon[v], network.lat[v])
    return Joins(u, v, gap * _WINDING)
