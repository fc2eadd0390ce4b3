"""What lies under the route on a static map, projected: land, lakes, borders, railways, names.

Lives here: GeoJSON to path data, cut to the frame and thinned to what its pixels can show. Not
here: colours, and which names find room. Imports the room's projection, numpy and shapely.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import shapely

from app.pictures.projection import (
    KM_PER_DEGREE,
    Owners,
    Points,
    Projection,
    flat_pairs,
    owners_of,
    path_data_of,
)

FeatureCollection = Mapping[str, Any]
"""A GeoJSON FeatureCollection (RFC 7946), its longitudes as near to the window as can be."""

Lines: TypeAlias = Any
"""An array of geometries."""

FINEST = 0.6
"""Pixels: what is nearer to a straight line is one."""
MOST_RAIL_POINTS = 7000
MOST_COAST_POINTS = 4500
MOST_LAKE_POINTS = 1500
MOST_BORDER_POINTS = 2000
MOST_LEGS = 600
"""With so many the ground is at its coarsest, so that the picture stays as light."""
LEAST_SHARE = 0.3
SHORTEST_RAILWAY = 6.0
"""Pixels: shorter pieces of line look like dirt."""
SMALLEST_AREA = 2.0
ROUNDING = 1e-6
"""Pixels by which a length may differ that is added up in another order."""
BEYOND = 4.0
"""Pixels beyond the frame that shapes go on, so that no outline runs along its edge."""


@dataclass(frozen=True, slots=True)
class GroundName:
    """A name on the ground: of a country, with the room around its middle, or of a city."""

    name: str
    x: float
    y: float
    room: float = 0.0


@dataclass(frozen=True, slots=True)
class GroundPaths:
    """Path data of the ground in a frame, and its names, the most important first."""

    land: str
    lakes: str
    borders: str
    disputed: str
    railways: str
    countries: tuple[GroundName, ...]
    cities: tuple[GroundName, ...]


def ground_paths(
    ground: Mapping[str, FeatureCollection], projection: Projection, language: str, legs: int = 0
) -> GroundPaths:
    """The ground as it is seen through ``projection``.

    ``ground`` holds ``land``, ``lakes``, ``borders``, ``railways``, ``countries`` and
    ``labels``; what is missing is not drawn. ``legs``: how many are drawn on it.
    """
    share = max(LEAST_SHARE, 1.0 - legs / MOST_LEGS)
    borders = _features(ground, "borders")
    disputed = [f for f in borders if f["properties"].get("disputed")]
    certain = [f for f in borders if not f["properties"].get("disputed")]
    return GroundPaths(
        land=_areas(_features(ground, "land"), projection, share * MOST_COAST_POINTS),
        lakes=_areas(_features(ground, "lakes"), projection, share * MOST_LAKE_POINTS),
        borders=_lines(certain, projection, share * MOST_BORDER_POINTS),
        disputed=_lines(disputed, projection, share * MOST_BORDER_POINTS),
        railways=_lines(
            _features(ground, "railways"), projection, share * MOST_RAIL_POINTS, SHORTEST_RAILWAY
        ),
        countries=tuple(_names(_features(ground, "countries"), projection, language)),
        cities=tuple(_names(_features(ground, "labels"), projection, language)),
    )


def seen(shapes: Lines, projection: Projection) -> tuple[Lines, Owners]:
    """The parts of geometries that the frame shows, and a little beyond; and whose they are."""
    frame = projection.frame.grown(BEYOND)
    left, top, right, bottom = shapely.bounds(shapes).T
    inside = (left >= frame.left) & (right <= frame.right)
    inside &= (top >= frame.top) & (bottom <= frame.bottom)
    reach = (left <= frame.right) & (right >= frame.left)
    reach &= (top <= frame.bottom) & (bottom >= frame.top)
    # Most lie wholly inside: only the others are cut.
    whole, crossing = np.flatnonzero(inside), np.flatnonzero(reach & ~inside)
    parts, of_crossing = shapely.get_parts(
        shapely.clip_by_rect(shapes[crossing], *frame), return_index=True
    )
    are_there = ~shapely.is_empty(parts)
    owners = np.concatenate((whole, crossing[of_crossing[are_there]]))
    order = np.argsort(owners, kind="stable")
    return np.concatenate((shapes[whole], parts[are_there]))[order], owners[order]


def thinned(lines: Lines, most: float, shortest: float = 0.0) -> Lines:
    """Lines of no more than ``most`` points together, simplified as little as that takes."""
    finest = FINEST
    while True:
        lines = lines[shapely.length(lines) >= shortest]
        simple = shapely.simplify(lines, finest, preserve_topology=False)
        simple = simple[shapely.length(simple) >= shortest]
        if shapely.get_num_coordinates(simple).sum() <= most:
            return simple
        lines, finest, shortest = simple, finest * 1.4, max(shortest * 1.4, finest)


def path_of(geometries: Lines, *, closed: bool = False) -> str:
    """Path data of lines."""
    points, owners = shapely.get_coordinates(geometries, return_index=True)
    return path_data_of(points, owners, closed=closed)


def _lines(
    features: Iterable[Mapping[str, Any]],
    projection: Projection,
    most: float,
    shortest: float = 0.0,
) -> str:
    found: list[Any] = []
    for feature in features:
        geometry = feature["geometry"]
        is_one = geometry["type"] == "LineString"
        found += [geometry["coordinates"]] if is_one else geometry["coordinates"]
    points, owners = projection.pixels(flat_pairs(found)), owners_of(found)
    # Most railways are pieces too short to show, of which no geometry need be made.
    lengths = _lengths(points, owners)
    is_kept = ((lengths > 0.0) & (lengths >= shortest - ROUNDING))[owners]
    if not is_kept.any():
        return ""
    _, owners = np.unique(owners[is_kept], return_inverse=True)
    parts, _ = seen(shapely.linestrings(points[is_kept], indices=owners), projection)
    return path_of(thinned(parts, most, shortest))


def _lengths(points: Points, owners: Owners) -> npt.NDArray[np.float64]:
    steps = np.hypot(*np.diff(points, axis=0, prepend=points[:1]).T)
    steps[np.diff(owners, prepend=-1) != 0] = 0.0
    lengths: npt.NDArray[np.float64] = np.bincount(owners, steps).astype(np.float64)
    return lengths


def _areas(features: Iterable[Mapping[str, Any]], projection: Projection, most: float) -> str:
    polygons: list[Any] = []
    for feature in features:
        geometry = feature["geometry"]
        is_one = geometry["type"] == "Polygon"
        polygons += [geometry["coordinates"]] if is_one else geometry["coordinates"]
    if not polygons:
        return ""
    listed = [ring for polygon in polygons for ring in polygon]
    rings: Lines = shapely.linearrings(
        projection.pixels(flat_pairs(listed)), indices=owners_of(listed)
    )
    parts, _ = seen(shapely.polygons(rings, indices=owners_of(polygons)), projection)
    parts = parts[(shapely.get_dimensions(parts) == 2) & (shapely.area(parts) >= SMALLEST_AREA)]
    finest = FINEST
    while True:
        simple = shapely.simplify(parts, finest, preserve_topology=True)
        if shapely.get_num_coordinates(simple).sum() <= most:
            return path_of(shapely.get_rings(simple), closed=True)
        finest *= 1.4
        parts = parts[shapely.area(parts) >= finest * finest * SMALLEST_AREA]


def _names(
    features: Iterable[Mapping[str, Any]], projection: Projection, language: str
) -> Iterator[GroundName]:
    listed = list(features)
    degrees = np.array([f["geometry"]["coordinates"] for f in listed], dtype=np.float64)
    pixels = projection.pixels(degrees.reshape(-1, 2)).tolist()
    for feature, (x, y) in zip(listed, pixels, strict=True):
        properties, lat = feature["properties"], feature["geometry"]["coordinates"][1]
        yield GroundName(
            properties.get("names", {}).get(language) or properties["name"],
            x,
            y,
            properties.get("radius_deg", 0.0) * projection.pixels_per_km(lat) * KM_PER_DEGREE,
        )


def _features(ground: Mapping[str, FeatureCollection], kind: str) -> Sequence[Mapping[str, Any]]:
    features: Sequence[Mapping[str, Any]] = ground.get(kind, {}).get("features", ())
    return features
