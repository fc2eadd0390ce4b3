"""Lines and areas for browsers, in a third of the bytes of GeoJSON.

Lives here: the packing that ``static/js/ground.js`` undoes. A line is one list of whole numbers,
in parts of a degree: longitude and latitude of its first point, then of each further point the
difference to the one before, as in TopoJSON's quantized arcs. Not here: what is packed.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Packed = list[Any]
"""Nested like GeoJSON coordinates, with a flat list in place of each list of points."""


def pack(coordinates: Any, scale: int) -> Packed:
    """GeoJSON coordinates of a line or an area, in whole numbers of ``1/scale`` degrees.

    Points that fall together are one; a line keeps two of them, and a ring four, as it must.

    >>> pack([[100.0, 20.0], [100.5, 20.25]], 4)
    [400, 80, 2, 1]
    """
    if np.ndim(coordinates[0][0]) == 0:
        return _line(np.asarray(coordinates, dtype=np.float64), scale)
    return [pack(part, scale) for part in coordinates]


def _line(points: NDArray[np.float64], scale: int) -> Packed:
    cells = np.round(points * scale).astype(np.int64)
    differs = np.ones(len(cells), dtype=bool)
    differs[1:] = (cells[1:] != cells[:-1]).any(axis=1)
    is_ring = len(points) > 3 and (points[0] == points[-1]).all()
    if differs.sum() >= (4 if is_ring else 2):
        cells = cells[differs]
    return np.diff(cells, axis=0, prepend=0).ravel().tolist()
