"""The railway network as thin lines under a map.

Lives here: merging the edges of a network into lines at set-up, and clipping and simplifying
them for drawing. Not here: finding ways (:mod:`app.geo.pathfinding`). Imports errors and its
neighbours in geo.
"""

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from app.errors import MissingReferenceError
from app.geo.geodesy import Floats

DECIMALS = 3
"""Decimals of every coordinate: 0.001° is 111 m at most, thinner than the line drawn."""


def merged_lines(lon: Floats, lat: Floats, u: Any, v: Any) -> dict[str, NDArray[Any]]:
    """Edges ``u``–``v`` between nodes as lines from junction to junction, for :class:`RailLines`.

    ``line_points`` holds the points of all lines one after the other; ``line_starts`` where
    each begins, and the end.
    """
    # An edge that seems to span the world is one that crosses the edge of the map.
    kept = (u != v) & (np.abs(lon[u] - lon[v]) < 180.0)
    u, v = u[kept], v[kept]
    ends = np.stack((np.column_stack((lon[u], lat[u])), np.column_stack((lon[v], lat[v]))), axis=1)
    pieces: Any = shapely.linestrings(ends)
    lines = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(pieces)))
    points, line_of_point = shapely.get_coordinates(lines, return_index=True)
    starts = np.searchsorted(line_of_point, np.arange(len(lines) + 1))
    return {"line_points": points.astype(np.float32), "line_starts": starts.astype(np.int32)}


@dataclass(frozen=True, slots=True)
class RailLines:
    """Lines of a network; ``boxes`` has west, south, east, north of each, in degrees."""

    points: NDArray[np.float32]
    starts: NDArray[np.int32]
    boxes: NDArray[np.float32]

    @classmethod
    def load(cls, path: Path) -> "RailLines":
        """The lines stored in the network file at ``path``.

        Raises :class:`~app.errors.MissingReferenceError` when they are not there.
        """
        try:
            with np.load(path, allow_pickle=False) as stored:
                points, starts = stored["line_points"], stored["line_starts"]
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise MissingReferenceError(
                f"{path} is not there or not whole ({error}): run `dateline prepare`"
            ) from error
        corners = (
            np.minimum.reduceat(points, starts[:-1]),
            np.maximum.reduceat(points, starts[:-1]),
        )
        return cls(points, starts, np.hstack(corners))

    def clip(
        self,
        *,
        west: float,
        south: float,
        east: float,
        north: float,
        tolerance_deg: float = 0.0,
        grid_deg: float = 0.0,
    ) -> dict[str, Any]:
        """A GeoJSON FeatureCollection with one MultiLineString: the lines inside a box.

        A box with ``west`` > ``east`` crosses the antimeridian; longitudes then run on beyond
        180. Lines are simplified by ``tolerance_deg``, and shorter ones are left out. With
        ``grid_deg`` all points lie on such a grid, and what falls together there is one line:
        parallel tracks, the many short lines of a yard. A box without lines gives an empty
        collection.
        """
        shown = [(west, east, 0.0)]
        if west > east:
            shown = [(west, 180.0, 0.0), (-180.0, east, 360.0)]
        coordinates: list[Any] = []
        for left, right, shift in shown:
            coordinates += self._inside(left, south, right, north, shift, tolerance_deg, grid_deg)
        if not coordinates:
            return {"type": "FeatureCollection", "features": []}
        geometry = {"type": "MultiLineString", "coordinates": coordinates}
        feature = {"type": "Feature", "properties": {}, "geometry": geometry}
        return {"type": "FeatureCollection", "features": [feature]}

    def _inside(
        self,
        west: float,
        south: float,
        east: float,
        north: float,
        shift: float,
        tolerance: float,
        grid: float,
    ) -> list[Any]:
        low_lon, low_lat, high_lon, high_lat = self.boxes.T
        reaches = (low_lon <= east) & (high_lon >= west) & (low_lat <= north) & (high_lat >= south)
        chosen = np.flatnonzero(reaches)
        if not len(chosen):
            return []
        sizes = np.diff(self.starts)[chosen]
        owner = np.repeat(np.arange(len(chosen)), sizes)
        within = np.arange(len(owner)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        points = self.points[np.repeat(self.starts[chosen], sizes) + within].astype(np.float64)
        points[:, 0] += shift
        lines: Any = shapely.linestrings(points, indices=owner)
        # Line by line, so that crossings may come or go: nobody sees them at this scale.
        lines = shapely.simplify(lines, tolerance, preserve_topology=False)
        # On a grid, what is short closes a gap or falls together with others by itself.
        lines = _on_grid(lines, grid) if grid else lines[shapely.length(lines) > tolerance]
        # No line is to stick out of the land that it lies on.
        lines = shapely.get_parts(
            shapely.clip_by_rect(lines, west + shift, south, east + shift, north)
        )
        kept, owner = shapely.get_coordinates(lines, return_index=True)
        cuts = np.searchsorted(owner, np.arange(1, len(lines)))
        return [part.tolist() for part in np.split(np.round(kept, DECIMALS), cuts) if len(part)]


def _on_grid(lines: Any, grid: float) -> Any:
    """The lines with their points on a grid, each stretch once (Rossignac and Borrel, 1993)."""
    points, owner = shapely.get_coordinates(lines, return_index=True)
    cells = np.round(points / grid).astype(np.int64)
    steps = np.hstack((cells[:-1], cells[1:]))[owner[:-1] == owner[1:]]
    steps = steps[(steps[:, :2] != steps[:, 2:]).any(axis=1)]
    # There and back is the same stretch.
    turned = (steps[:, 0] > steps[:, 2]) | (
        (steps[:, 0] == steps[:, 2]) & (steps[:, 1] > steps[:, 3])
    )
    steps[turned] = steps[turned][:, [2, 3, 0, 1]]
    steps = np.unique(steps, axis=0)
    if not len(steps):
        return np.empty(0, dtype=object)
    stretches: Any = shapely.linestrings(steps.reshape(-1, 2, 2) * grid)
    merged = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(stretches)))
    # Steps of the grid along one line are no bends of it.
    return shapely.simplify(merged, grid * 0.75, preserve_topology=False)
