"""From degrees to the pixels of a picture, in Mercator's projection, and to path data.

Lives here: :class:`Projection`, which fits a window into a frame. Not here: what is drawn.
Imports the room's boxes and extents, and numpy.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from app.journey.model import Position
from app.pictures.boxes import Box
from app.pictures.extent import Extent

Points: TypeAlias = npt.NDArray[np.float64]
"""Rows of two: longitude and latitude, or x and y."""

POLEMOST = 89.0
"""A latitude beyond is drawn here: the projection has no poles."""
LEAST_DEGREES = 0.2
KM_PER_DEGREE = 111.195


@dataclass(frozen=True, slots=True)
class Projection:
    """A map in ``frame``: ``scale`` pixels to a degree of longitude.

    ``west`` is the longitude of the left edge, ``top`` the height of the upper edge on a
    Mercator map, in degrees at the equator.
    """

    frame: Box
    west: float
    top: float
    scale: float

    @classmethod
    def fitting(
        cls, extent: Extent, frame: Box, padding: float, *, may_crop: bool = False
    ) -> "Projection":
        """``extent`` in the middle of ``frame``, with ``padding`` pixels around it at least.

        No part of the world is drawn twice: where the frame is wide enough for that, it is made
        narrower, or with ``may_crop`` what is shown is cut above and below.
        """
        bottom, top = sorted((_mercator(extent.south), _mercator(extent.north)))
        width = max(extent.east - extent.west, LEAST_DEGREES)
        height = max(top - bottom, LEAST_DEGREES)
        room = max(frame.width - 2 * padding, 1.0), max(frame.height - 2 * padding, 1.0)
        scale = min(room[0] / width, room[1] / height)
        if scale * 360.0 < frame.width:
            if may_crop:
                scale = frame.width / 360.0
            else:
                middle = frame.middle
                frame = Box.around(*middle, scale * 360.0, frame.height)
        return cls(
            frame,
            (extent.west + extent.east - frame.width / scale) / 2,
            (top + bottom + frame.height / scale) / 2,
            scale,
        )

    @property
    def middle_latitude(self) -> float:
        """The latitude half way down the frame."""
        return _latitude(self.top - self.frame.height / self.scale / 2)

    def pixels_per_km(self, lat: float) -> float:
        """How long a kilometre is drawn at a latitude."""
        return self.scale / (KM_PER_DEGREE * math.cos(math.radians(lat)))

    def pixels(self, degrees: Points) -> Points:
        """Longitudes and latitudes as pixels; longitudes are taken as they are."""
        lats = np.radians(np.clip(degrees[:, 1], -POLEMOST, POLEMOST))
        heights = np.degrees(np.arcsinh(np.tan(lats)))
        x = self.frame.left + (degrees[:, 0] - self.west) * self.scale
        y = self.frame.top + (self.top - heights) * self.scale
        return np.column_stack((x, y))

    def line(self, positions: Iterable[Position]) -> Points:
        """A line the shorter way round from each position to the next, as near to the frame's
        middle as whole turns bring it.
        """
        degrees = np.array(list(positions), dtype=np.float64)
        degrees[:, 0] = np.unwrap(degrees[:, 0], period=360.0)
        middle = self.west + self.frame.width / self.scale / 2
        degrees[:, 0] += 360.0 * np.round((middle - degrees[:, 0].mean()) / 360.0)
        return self.pixels(degrees)

    def point(self, position: Position) -> tuple[float, float]:
        """One position, where the frame shows it."""
        x, y = self.line([position])[0].tolist()
        return x, y


def path_data(lines: Iterable[Points], *, closed: bool = False) -> str:
    """Lines as one SVG path, to a tenth of a pixel and relative: half as long as absolute.

    >>> path_data([np.array([[1.0, 2.0], [1.5, 1.96], [1.52, 1.98], [4.0, 7.25]])])
    'M1 2l.5 0 2.5 5.2'
    """
    listed = list(lines)
    if not listed:
        return ""
    owners = np.repeat(np.arange(len(listed)), [len(line) for line in listed])
    return path_data_of(np.concatenate(listed), owners, closed=closed)


def path_data_of(points: Points, owners: npt.NDArray[np.int64], *, closed: bool = False) -> str:
    """The same for the points of all lines in one array; ``owners`` numbers the line of each."""
    tenths = np.rint(points * 10).astype(np.int64)
    moves = np.diff(tenths, axis=0, prepend=0)
    begins = np.diff(owners, prepend=-1) != 0
    kept = begins | moves.any(axis=1)
    moves[begins] = tenths[begins]
    parts: list[str] = []
    end = "z" if closed else ""
    length = 0
    for (x, y), is_begin in zip(moves[kept].tolist(), begins[kept].tolist(), strict=True):
        if is_begin:
            if length == 1:
                parts.pop()  # a line without length
            elif length:
                parts.append(end)
            parts.append(f"M{_tenths(x)}{_after(y)}")
            length = 1
        else:
            written = _tenths(x) if length == 1 else _after(x)
            parts.append(f"{'l' if length == 1 else ''}{written}{_after(y)}")
            length += 1
    if length == 1:
        parts.pop()
    return "".join([*parts, end]) if parts else ""


@lru_cache(4096)
def _tenths(value: int) -> str:
    whole, tenth = divmod(abs(value), 10)
    written = f"{whole or ('' if tenth else 0)}{f'.{tenth}' if tenth else ''}"
    return f"-{written}" if value < 0 else written


@lru_cache(4096)
def _after(value: int) -> str:
    written = _tenths(value)
    return written if value < 0 else f" {written}"


def _mercator(lat: float) -> float:
    bounded = max(-POLEMOST, min(POLEMOST, lat))
    return math.degrees(math.asinh(math.tan(math.radians(bounded))))


def _latitude(height: float) -> float:
    return math.degrees(math.atan(math.sinh(math.radians(height))))
