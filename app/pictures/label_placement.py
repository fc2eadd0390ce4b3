"""Where labels stand: none over another, over a marker or over the route, none cut by the edge.

Lives here: one greedy algorithm over boxes. Whoever calls says what may stand where, the best
first; the most important label chooses first. Not here: what a label says or where it would
look best. Imports the room's boxes, and numpy.
"""

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from app.pictures.boxes import Box
from app.pictures.projection import Points

T = TypeVar("T")

Boxes: TypeAlias = npt.NDArray[np.float64]
"""Rows of four: left, top, right and bottom."""
Sides: TypeAlias = tuple[float, float, float, float]
"""Left, top, right and bottom, as a :class:`Box` has them: most that are asked for need no more."""

NOBODY = -1
CELL = 32
GRAIN = 3
"""The side of the squares, in pixels, that the route is remembered in."""


@dataclass(frozen=True, slots=True)
class Option(Generic[T]):
    """One way to place a label.

    ``labels`` may cover nothing at all; ``marks`` (markers, leader lines) may cover the route
    and what belongs to the same ``owner``. ``choice`` is handed back as it is.
    """

    choice: T
    labels: tuple[Box, ...] = ()
    marks: tuple[Sides, ...] = ()
    owner: int = NOBODY


@dataclass(frozen=True, slots=True)
class Wish(Generic[T]):
    """A label to be placed: how important it is, and its options, the best first.

    Options may be made as they are asked for: most labels take one of their first.
    """

    importance: float
    options: Iterable[Option[T]]


class _RouteCells:
    """How many points of a route lie in any box, counted in squares of ``GRAIN`` pixels.

    The squares go on beyond the frame by the clearance, so that no box in it has to be cut.
    """

    def __init__(self, frame: Box, route: Points, clearance: float) -> None:
        beyond = int(clearance // GRAIN) + 2
        self._left, self._top = frame.left - beyond * GRAIN, frame.top - beyond * GRAIN
        self._clearance = clearance
        columns = int(frame.width // GRAIN) + 1 + 2 * beyond
        rows = int(frame.height // GRAIN) + 1 + 2 * beyond
        sums = np.zeros((rows + 1, columns + 1), dtype=np.int64)
        if len(route):
            column, row = np.floor((route - (frame.left, frame.top)) / GRAIN).astype(np.int64).T
            seen = (column >= 0) & (column < columns - 2 * beyond)
            seen &= (row >= 0) & (row < rows - 2 * beyond)
            square = (row[seen] + beyond) * columns + column[seen] + beyond
            points = np.bincount(square, minlength=rows * columns).reshape(rows, columns)
            # How many lie above and to the left: any box is counted by its four corners.
            sums[1:, 1:] = points.cumsum(0).cumsum(1)
        self._sums = sums
        self._width = columns + 1
        # Single numbers are read from a buffer several times as fast as from an array.
        self._flat = memoryview(sums.tobytes()).cast("q")

    def any_in(self, left: float, top: float, right: float, bottom: float) -> bool:
        """Whether a point lies in a box of the frame, or nearer to it than the clearance."""
        clear, flat = self._clearance, self._flat
        x1 = int((left - clear - self._left) / GRAIN)
        x2 = int((right + clear - self._left) / GRAIN) + 1
        upper = int((top - clear - self._top) / GRAIN) * self._width
        lower = (int((bottom + clear - self._top) / GRAIN) + 1) * self._width
        return flat[lower + x2] - flat[upper + x2] - flat[lower + x1] + flat[upper + x1] > 0

    def any_in_each(self, boxes: Boxes) -> npt.NDArray[np.bool_]:
        """The same for many boxes at once."""
        start, clear = np.array((self._left, self._top)), self._clearance
        (x1, y1), (x2, y2) = (
            ((boxes[:, :2] - (start + clear)) / GRAIN).astype(np.int64).T,
            ((boxes[:, 2:] - (start - clear)) / GRAIN).astype(np.int64).T + 1,
        )
        sums = self._sums
        found: npt.NDArray[np.bool_] = sums[y2, x2] - sums[y1, x2] - sums[y2, x1] + sums[y1, x1] > 0
        return found


class Board:
    """What is taken of ``frame``. Labels keep ``clearance`` pixels from the ``route``'s points."""

    def __init__(self, frame: Box, route: Points, clearance: float = 3.0) -> None:
        self.frame = frame
        self._route = _RouteCells(frame, route, clearance)
        self._columns = int(frame.width // CELL) + 1
        self._rows = int(frame.height // CELL) + 1
        self._cells: list[list[tuple[float, float, float, float, int]]] = [
            [] for _ in range(self._columns * self._rows)
        ]

    def copied(self) -> "Board":
        """A board of which the same is taken, to try something on."""
        board = copy(self)
        board._cells = [cell.copy() for cell in self._cells]
        return board

    def take(self, box: Sides, owner: int = NOBODY) -> None:
        """From here on nothing of others may cover ``box``."""
        x1, y1, x2, y2 = box
        across, down = self.frame.left, self.frame.top
        left = max(int((x1 - across) // CELL), 0)
        right = min(int((x2 - across) // CELL), self._columns - 1)
        top = max(int((y1 - down) // CELL), 0)
        bottom = min(int((y2 - down) // CELL), self._rows - 1)
        for row in range(top, bottom + 1):
            for cell in range(row * self._columns + left, row * self._columns + right + 1):
                self._cells[cell].append((x1, y1, x2, y2, owner))

    def is_free(self, box: Sides, owner: int = NOBODY) -> bool:
        """Whether ``box`` lies in the frame and covers nothing that was taken by others."""
        # Asked thousands of times for one picture: written out.
        left, top, right, bottom = box
        across, down, end, foot = self.frame
        if left < across or right > end or top < down or bottom > foot:
            return False
        columns, cells = self._columns, self._cells
        first, last = int((left - across) / CELL), int((right - across) / CELL) + 1
        for row in range(int((top - down) / CELL), int((bottom - down) / CELL) + 1):
            for cell in cells[row * columns + first : row * columns + last]:
                for x1, y1, x2, y2, whose in cell:
                    if (
                        x1 < right
                        and x2 > left
                        and y1 < bottom
                        and y2 > top
                        and (whose != owner or whose == NOBODY)
                    ):
                        return False
        return True

    def is_open(self, box: Sides) -> bool:
        """Whether a label may stand in ``box``."""
        left, top, right, bottom = box
        across, down, end, foot = self.frame
        if left < across or right > end or top < down or bottom > foot:
            return False
        return not self._route.any_in(left, top, right, bottom) and self.is_free(box)

    def off_route(self, boxes: Boxes) -> list[int]:
        """Which of many boxes lie in the frame and cover no point of the route."""
        frame = self.frame
        inside = np.flatnonzero(
            (boxes[:, :2] >= frame[:2]).all(axis=1) & (boxes[:, 2:] <= frame[2:]).all(axis=1)
        )
        found: list[int] = inside[~self._route.any_in_each(boxes[inside])].tolist()
        return found

    def fits(self, option: Option[T]) -> bool:
        """Whether nothing stands in the way of ``option``."""
        return all(map(self.is_open, option.labels)) and all(
            self.is_free(box, option.owner) for box in option.marks
        )


def place(wishes: Sequence[Wish[T]], board: Board) -> list[T | None]:
    """The choice for each wish, or ``None`` where nothing fits; takes what is chosen.

    The most important first, among equals the first.

    >>> board = Board(Box(0, 0, 100, 20), np.empty((0, 2)))
    >>> low = Wish(1, [Option("there", (Box(0, 0, 60, 20),))])
    >>> high = Wish(2, [Option("here", (Box(50, 0, 100, 20),))])
    >>> place([low, high], board)
    [None, 'here']
    """
    chosen: list[T | None] = [None] * len(wishes)
    for n in sorted(range(len(wishes)), key=lambda n: -wishes[n].importance):
        for option in wishes[n].options:
            if board.fits(option):
                chosen[n] = option.choice
                for box in (*option.labels, *option.marks):
                    board.take(box, option.owner)
                break
    return chosen
