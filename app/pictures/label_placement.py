"""Where labels stand: none over another, over a marker or over the route, none cut by the edge.

Lives here: one greedy algorithm over boxes. Whoever calls says what may stand where, the best
first; the most important label chooses first. Not here: what a label says or where it would
look best. Imports the room's boxes, and numpy.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from app.pictures.boxes import Box
from app.pictures.projection import Points

T = TypeVar("T")

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
    marks: tuple[Box, ...] = ()
    owner: int = NOBODY


@dataclass(frozen=True, slots=True)
class Wish(Generic[T]):
    """A label to be placed: how important it is, and its options, the best first.

    Options may be made as they are asked for: most labels take one of their first.
    """

    importance: float
    options: Iterable[Option[T]]


class Board:
    """What is taken of ``frame``. Labels keep ``clearance`` pixels from the ``route``'s points."""

    def __init__(self, frame: Box, route: Points, clearance: float = 3.0) -> None:
        self.frame = frame
        self._clearance = clearance
        self._cells: defaultdict[tuple[int, int], list[tuple[Box, int]]] = defaultdict(list)
        self._columns = int(frame.width // GRAIN) + 1
        self._rows = int(frame.height // GRAIN) + 1
        # How many points lie above and to the left: any box is counted by its four corners.
        sums = np.zeros((self._rows + 1, self._columns + 1), dtype=np.int64)
        if len(route):
            column, row = np.floor((route - (frame.left, frame.top)) / GRAIN).astype(np.int64).T
            seen = (column >= 0) & (column < self._columns) & (row >= 0) & (row < self._rows)
            grid = np.zeros((self._rows, self._columns), dtype=np.int64)
            np.add.at(grid, (row[seen], column[seen]), 1)
            sums[1:, 1:] = grid.cumsum(0).cumsum(1)
        # Single numbers are read far more often than rows: lists are quicker at that.
        self._sums: list[list[int]] = sums.tolist()

    def take(self, box: Box, owner: int = NOBODY) -> None:
        """From here on nothing of others may cover ``box``."""
        rows = range(int(box.top // CELL), int(box.bottom // CELL) + 1)
        for column in range(int(box.left // CELL), int(box.right // CELL) + 1):
            for row in rows:
                self._cells[column, row].append((box, owner))

    def is_free(self, box: Box, owner: int = NOBODY) -> bool:
        """Whether ``box`` lies in the frame and covers nothing that was taken by others."""
        if not self.frame.holds(box):
            return False
        # Asked thousands of times for one picture: written out.
        left, top, right, bottom = box
        rows = range(int(top // CELL), int(bottom // CELL) + 1)
        for column in range(int(left // CELL), int(right // CELL) + 1):
            for row in rows:
                for (x1, y1, x2, y2), whose in self._cells.get((column, row), ()):
                    covers = x1 < right and x2 > left and y1 < bottom and y2 > top
                    if covers and (whose != owner or whose == NOBODY):
                        return False
        return True

    def covers_route(self, box: Box) -> bool:
        """Whether ``box`` comes too near to a point of the route."""
        clear, frame = self._clearance, self.frame
        left = min(max(int((box.left - clear - frame.left) // GRAIN), 0), self._columns)
        right = min(max(int((box.right + clear - frame.left) // GRAIN) + 1, 0), self._columns)
        top = min(max(int((box.top - clear - frame.top) // GRAIN), 0), self._rows)
        bottom = min(max(int((box.bottom + clear - frame.top) // GRAIN) + 1, 0), self._rows)
        upper, lower = self._sums[top], self._sums[bottom]
        return lower[right] - upper[right] - lower[left] + upper[left] > 0

    def is_open(self, box: Box) -> bool:
        """Whether a label may stand in ``box``."""
        return not self.covers_route(box) and self.is_free(box)

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
