"""The railway network as thin lines under a map.

Lives here: the edges of a network inside a box, merged and simplified for drawing. Not here:
finding ways (:mod:`app.geo.pathfinding`). Imports its neighbours in geo only.
"""

from typing import Any

import numpy as np
import shapely

from app.geo.network import Network

DECIMALS = 3
"""Decimals of every coordinate: 0.001° is 111 m at most, thinner than the line drawn."""


def clip_lines(
    network: Network,
    *,
    west: float,
    south: float,
    east: float,
    north: float,
    tolerance_deg: float = 0.0,
) -> dict[str, Any]:
    """A GeoJSON FeatureCollection with one MultiLineString: the network inside a box.

    Edges that reach into the box are kept whole. A box with ``west`` > ``east`` crosses the
    antimeridian; longitudes then run on beyond 180. Lines are simplified by
    ``tolerance_deg``. An empty box gives an empty collection.
    """
    lon = network.lon
    if west > east:
        lon = np.where(lon < west, lon + 360.0, lon)
        east += 360.0
    inside = (lon >= west) & (lon <= east) & (network.lat >= south) & (network.lat <= north)
    edges = np.flatnonzero((inside[network.u] | inside[network.v]) & (network.u != network.v))
    u, v = network.u[edges], network.v[edges]
    # An edge that seems to span the world is one that crosses the edge of the map.
    near = np.abs(lon[u] - lon[v]) < 180.0
    u, v = u[near], v[near]
    if not len(u):
        return {"type": "FeatureCollection", "features": []}
    ends = np.stack(
        (np.column_stack((lon[u], network.lat[u])), np.column_stack((lon[v], network.lat[v]))),
        axis=1,
    )
    merged = shapely.line_merge(shapely.MultiLineString(list(ends)))
    lines = shapely.get_parts(shapely.simplify(merged, tolerance_deg))
    drawn = lines[shapely.length(lines) > tolerance_deg]
    coordinates = [
        np.round(shapely.get_coordinates(line), DECIMALS).tolist()
        for line in sorted(drawn, key=lambda line: line.wkb)
    ]
    geometry = {"type": "MultiLineString", "coordinates": coordinates}
    feature = {"type": "Feature", "properties": {}, "geometry": geometry}
    return {"type": "FeatureCollection", "features": [feature]}
