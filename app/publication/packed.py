"""Lines and areas for browsers, in a third of the bytes of GeoJSON.

Lives here: the packing that ``static/js/ground.js`` undoes. A line is one list of whole numbers,
in parts of a degree: of each point, longitude and latitude as differences to the point before, as
in TopoJSON's quantized arcs; of a first point, to the last one of the line before, and of the very
first, to nothing. Not here: what is packed.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Packed = list[Any]
"""Nested like GeoJSON coordinates, with a flat list in place of each list of points."""


def pack(coordinates: Any, scale: int) -> Packed:
    """GeoJSON coordinates of lines or areas, in whole numbers of ``1/scale`` degrees.

    Points that fall together are one; a line keeps two of them, and a ring four, as it must.

    >>> pack([[100.0, 20.0], [100.5, 20.25]], 4)
    [400, 80, 2, 1]
    >>> pack([[[100.0, 20.0], [100.5, 20.25]], [[100.5, 20.5], [101.0, 20.5]]], 4)
    [[400, 80, 2, 1], [0, 1, 2, 0]]
    """
    return _pack(coordinates, scale, np.zeros(2, dtype=np.int64))


def _pack(coordinates: Any, scale: int, last: NDArray[np.int64]) -> Packed:
    """``last`` is the point before, and then the last of these."""
    if np.ndim(coordinates[0][0]) > 0:
        return [_pack(part, scale, last) for part in coordinates]
    cells = _cells(np.asarray(coordinates, dtype=np.float64), scale)
    steps = np.diff(cells, axis=0, prepend=last[np.newaxis])
    last[:] = cells[-1]
    return steps.ravel().tolist()


def _cells(points: NDArray[np.float64], scale: int) -> NDArray[np.int64]:
    cells = np.round(points * scale).astype(np.int64)
    differs = np.ones(len(cells), dtype=bool)
    differs[1:] = (cells[1:] != cells[:-1]).any(axis=1)
    is_ring = len(points) > 3 and (points[0] == points[-1]).all()
    if differs.sum() >= (4 if is_ring else 2):
        cells = cells[differs]
    return cells
