"""From degrees to the pixels of a picture, in Mercator's projection, and to path data.

Lives here: :class:`Projection`, which fits a window into a frame. Not here: what is drawn.
Imports the room's boxes and extents, and numpy.
"""

import math
from collections.abc import Iterable, Sequence, Sized
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise
from struct import pack
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from app.journey.model import Position
from app.pictures.boxes import Box
from app.pictures.extent import Extent

Points: TypeAlias = npt.NDArray[np.float64]
"""Rows of two: longitude and latitude, or x and y."""

Owners: TypeAlias = npt.NDArray[np.int64]
"""The number of the line that each of many points belongs to, from 0 up."""

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

    def lines(self, lines: Sequence[Sequence[Position]]) -> Points:
        """The points of lines that are not empty, one line after the other.

        Each goes the shorter way round from one position to the next, and lies as near to the
        frame's middle as whole turns bring it.
        """
        sizes = np.array([len(line) for line in lines], dtype=np.int64)
        if not len(sizes):
            return np.empty((0, 2))
        degrees = flat_pairs(lines)
        starts = np.cumsum(sizes) - sizes
        steps = np.diff(degrees[:, 0], prepend=0.0)
        steps[starts] = 0.0
        turns = np.cumsum(np.rint(steps / 360.0))
        lons = degrees[:, 0] - 360.0 * (turns - np.repeat(turns[starts], sizes))
        middle = self.west + self.frame.width / self.scale / 2
        away = middle - np.add.reduceat(lons, starts) / sizes
        degrees[:, 0] = lons + 360.0 * np.repeat(np.rint(away / 360.0), sizes)
        return self.pixels(degrees)

    def points(self, positions: Sequence[Position]) -> Points:
        """Single positions, each where the frame shows it."""
        return self.lines([[position] for position in positions])


def flat_pairs(lines: Iterable[Iterable[Sequence[float]]]) -> Points:
    """The points of all lines, each of two numbers, in one array."""
    numbers = list(chain.from_iterable(chain.from_iterable(lines)))
    # Packed first: numpy takes three times as long to look into pairs one by one.
    return np.frombuffer(bytearray(pack(f"{len(numbers)}d", *numbers))).reshape(-1, 2)


def owners_of(lines: Sequence[Sized]) -> Owners:
    """Whose each point is, where the points of all lines stand one after the other."""
    return np.repeat(np.arange(len(lines)), np.fromiter(map(len, lines), np.int64, len(lines)))


def path_data(lines: Sequence[Points], *, closed: bool = False) -> str:
    """Lines as one SVG path, to a tenth of a pixel and relative: half as long as absolute.

    >>> path_data([np.array([[1.0, 2.0], [1.5, 1.96], [1.52, 1.98], [4.0, 7.25]])])
    'M1 2l.5 0 2.5 5.2'
    """
    return "".join(path_data_of_each(lines, closed=closed))


def path_data_of_each(lines: Sequence[Points], *, closed: bool = False) -> list[str]:
    """The same for each line; that of one without length is empty."""
    data = [""] * len(lines)
    if lines:
        written, begins, owners = _written(np.concatenate(lines), owners_of(lines), closed)
        pieces = pairwise([*begins, len(written)])
        for (begin, end), owner in zip(pieces, owners, strict=True):
            data[owner] = "".join(written[begin:end])
    return data


def path_data_of(points: Points, owners: Owners, *, closed: bool = False) -> str:
    """The same of all lines, their points in one array; ``owners`` numbers the line of each."""
    return "".join(_written(points, owners, closed)[0])


def _written(
    points: Points, owners: Owners, closed: bool
) -> tuple[list[str], list[int], list[int]]:
    """Path data in pieces; at which of them the lines begin, and the numbers of these lines."""
    tenths = np.rint(points * 10).astype(np.int64)
    moves = np.diff(tenths, axis=0, prepend=0)
    begins = np.diff(owners, prepend=-1) != 0
    kept = begins | moves.any(axis=1)
    # A line without length is not drawn: where it begins, the next one does.
    are_last = np.ones(kept.sum(), dtype=np.bool_)
    are_last[:-1] = begins[kept][1:]
    kept[kept] = ~(begins[kept] & are_last)
    moves[begins] = tenths[begins]
    moves, at = moves[kept], np.flatnonzero(begins[kept])
    written = list(map(_after, moves.ravel().tolist()))
    starts = (2 * at).tolist()
    firsts, seconds = moves[at, 0].tolist(), moves[at + 1, 0].tolist()
    for n, first, second in zip(starts, firsts, seconds, strict=True):
        written[n] = f"M{_tenths(first)}"
        written[n + 2] = f"l{_tenths(second)}"
        if closed and n:
            written[n - 1] += "z"
    if closed and written:
        written[-1] += "z"
    return written, starts, owners[kept][at].tolist()


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
