"""Where a stop's badge and its label may stand on a static map, the best first.

Lives here: the options that :mod:`app.pictures.label_placement` chooses from. Not here: what a
label says (:mod:`app.pictures.map_labels`). Imports the room's own modules, and numpy.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from app.pictures.boxes import Box
from app.pictures.label_placement import Board, Option, Sides
from app.pictures.map_labels import LINE_HEIGHT, Label, Labels, Line
from app.pictures.map_stops import Stop

MOST_TO_MOVE = 40
"""With more stops than this only the important ones are moved away from their place."""
GAP = 4.0
"""Between a badge and its label."""
ELBOW = 3.0
"""Between a badge and the labels of others; less than the gap to its own."""
ALIKE = 1e-6
"""Pixels that rounding may make of none."""
_Distances: TypeAlias = tuple[int, ...]
_NEAR: _Distances = (26, 36, 48, 62, 78)
"""For stops that need not be named: a line longer than this is no help to the eye."""
_AROUND: _Distances = (*_NEAR, 98, 120)
_FAR: _Distances = tuple(range(140, 480, 16))
_RING = tuple((math.cos(n / 8 * math.pi), math.sin(n / 8 * math.pi)) for n in range(16))
"""The ways to go from a place."""
_SIDES = (
    (1.0, 0.0), (-1.0, 0.0), (1.0, -0.5), (1.0, 0.5), (-1.0, -0.5), (-1.0, 0.5), (0.0, -1.0),
    (0.0, 1.0), (0.5, -1.0), (0.5, 1.0), (-0.5, -1.0), (-0.5, 1.0), (1.0, 1.0), (-1.0, 1.0),
    (1.0, -1.0), (-1.0, -1.0),
)  # fmt: skip
"""Of a badge, for its label: wholly beside it, or wholly above or below."""
SIDES_AWAY = 8
"""How many of them are tried where the badge stands away from its place."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Where a stop's badge and label stand; ``lines`` is empty where it has no name."""

    badge: tuple[float, float]
    label: Box | None = None
    lines: tuple[Line, ...] = ()
    names: int = 0
    is_left: bool = False


_Beside: TypeAlias = tuple[float, float, float, float, bool]
"""A label beside a badge, seen from the badge's middle: its sides, and whether it is left."""


@dataclass(slots=True, eq=False)
class _Spot:
    """A place for the badge of ``stop`` away from where it belongs, off the route.

    ``room`` is the badge with the room around it.
    """

    stop: Stop
    x: float
    y: float
    way: tuple[float, float]
    room: Sides
    _marks: tuple[Sides, ...] = ()

    @property
    def marks(self) -> tuple[Sides, ...]:
        """The room, and a line back to the stop: made when it is asked for."""
        if not self._marks:
            stop, badge = self.stop, self.stop.badge_at(self.x, self.y)
            line = straight(stop.x, stop.y, *badge.nearest(stop.x, stop.y), 5.0)
            self._marks = (self.room, *line)
        return self._marks


class Choices:
    """The options of stops on boards of one route: what never changes there is found out once."""

    def __init__(self, labels: Labels, unit: float) -> None:
        self._labels, self._unit = labels, unit
        self._spots: dict[tuple[int, _Distances], list[list[_Spot]]] = {}
        self._beside_before: dict[tuple[Label, int], list[_Beside]] = {}

    def prepare(self, stops: Sequence[Stop], board: Board) -> None:
        """Look for room near many stops at once, which is quicker than one by one."""
        self._look_around(stops, board, _NEAR)

    def options(
        self, stop: Stop, board: Board, *, seat: bool, many: bool, timed: int
    ) -> Iterator[Option[Choice]]:
        """Where badge and label may stand, the best first; most that cannot be are left out.

        ``seat``: the badge stands at its place already. With ``many`` stops only the important
        ones may move away. A stop of more places than ``timed`` tells times only if it is one
        of the important. Nothing may be taken of the board between one option and the next.
        """
        is_timed = len(stop.places) <= timed or bool(stop.must)
        told = self._labels.of(stop, with_times=True) if is_timed else []
        plainer = self._labels.of(stop, with_times=False)
        may_move = bool(stop.must) or not many
        rounds: tuple[tuple[list[Label], tuple[_Distances, ...]], ...]
        if stop.must:
            # What matters most goes farther to be told in full; all others stay near.
            rounds = (told, (_AROUND,)), (plainer, (_AROUND, _FAR))
        else:
            rounds = (([*told, *plainer], (_NEAR,)),)
        is_free: dict[_Spot, bool] = {}
        for labels, ranges in rounds:
            if seat:
                yield from self._label_beside(stop, board, labels)
            if not may_move:
                continue
            ends = labels if stop.must else _ends(labels)
            for distances in ranges:
                if seat:
                    for far in distances:
                        yield from self._label_away(stop, board, ends, far)
                else:
                    for spots in self._spots_of(stop, board, distances):
                        yield from self._badge_away(board, spots, ends, is_free)
        if not seat and may_move:
            for spots in self._spots_of(stop, board, _NEAR):
                for spot in _free(spots, board, is_free):
                    yield Option(Choice((spot.x, spot.y)), (), spot.marks, stop.number)

    def _label_beside(
        self, stop: Stop, board: Board, labels: Sequence[Label]
    ) -> Iterator[Option[Choice]]:
        """The label beside the badge, which stands at its place."""
        x, y = stop.x, stop.y
        for label in labels:
            for left, top, right, bottom, is_left in self._beside(stop, label, len(_SIDES)):
                sides = x + left, y + top, x + right, y + bottom
                if board.is_open(sides):
                    yield _option(stop, (x, y), Box(*sides), label, is_left)

    def _badge_away(
        self,
        board: Board,
        spots: Sequence[_Spot],
        labels: Sequence[Label],
        is_free: dict[_Spot, bool],
    ) -> Iterator[Option[Choice]]:
        """Badge and label together, at the end of a line back to the place."""
        for spot in _free(spots, board, is_free):
            stop, x, y = spot.stop, spot.x, spot.y
            across, down = spot.way
            for label in labels:
                for left, top, right, bottom, is_left in self._beside(stop, label, SIDES_AWAY):
                    # The name continues outwards.
                    if (left + right) * across + (top + bottom) * down < -ALIKE:
                        continue
                    sides = x + left, y + top, x + right, y + bottom
                    if board.is_open(sides):
                        yield _option(stop, (x, y), Box(*sides), label, is_left, spot.marks)

    def _label_away(
        self, stop: Stop, board: Board, labels: Sequence[Label], far: float
    ) -> Iterator[Option[Choice]]:
        """The label alone, at the end of a line back to the badge at its place."""
        for across, down in _RING:
            x, y = stop.x + far * self._unit * across, stop.y + far * self._unit * down
            is_left = x < stop.x
            for label in labels:
                middle = x + (-label.width / 2 if is_left else label.width / 2)
                box = Box.around(middle, y, label.width, label.height)
                if board.is_open(box):
                    leader = straight(stop.x, stop.y, *box.nearest(stop.x, stop.y), 6.0)[:-1]
                    yield _option(stop, (stop.x, stop.y), box, label, is_left, tuple(leader))

    def _spots_of(self, stop: Stop, board: Board, distances: _Distances) -> list[list[_Spot]]:
        """Places for the badge off the route, those of each distance together."""
        key = stop.number, distances
        if key not in self._spots:
            self._look_around([stop], board, distances)
        return self._spots[key]

    def _look_around(self, stops: Sequence[Stop], board: Board, distances: _Distances) -> None:
        places = np.array([(stop.x, stop.y) for stop in stops]).reshape(-1, 1, 1, 2)
        halves = np.array([(stop.width / 2, stop.height / 2) for stop in stops])
        far = np.array(distances, dtype=np.float64)[:, None, None] * self._unit
        middles = (far * _RING + places).reshape(-1, 2)
        halves = np.repeat(halves.reshape(-1, 2), len(distances) * len(_RING), axis=0)
        badges = np.hstack((middles - halves, middles + halves))
        off = board.off_route(badges)
        rooms = (badges[off] + (-ELBOW, -ELBOW, ELBOW, ELBOW)).tolist()
        found: list[list[list[_Spot]]] = [[[] for _ in distances] for _ in stops]
        for n, (x, y), (left, top, right, bottom) in zip(
            off, middles[off].tolist(), rooms, strict=True
        ):
            which, of_it = divmod(n, len(distances) * len(_RING))
            step, way = divmod(of_it, len(_RING))
            spot = _Spot(stops[which], x, y, _RING[way], (left, top, right, bottom))
            found[which][step].append(spot)
        for stop, spots in zip(stops, found, strict=True):
            self._spots[stop.number, distances] = spots

    def _beside(self, stop: Stop, label: Label, most: int) -> list[_Beside]:
        key = label, most
        if key not in self._beside_before:
            self._beside_before[key] = list(_all_beside(stop, label, most))
        return self._beside_before[key]


def _free(spots: Sequence[_Spot], board: Board, known: dict[_Spot, bool]) -> Iterator[_Spot]:
    """Those of the spots of which nothing is taken by others."""
    for spot in spots:
        owner = spot.stop.number
        if spot not in known:
            # Most fail at the badge: the line back is made for the others.
            known[spot] = board.is_free(spot.room, owner) and all(
                board.is_free(box, owner) for box in spot.marks
            )
        if known[spot]:
            yield spot


def _ends(labels: list[Label]) -> list[Label]:
    """Of what is tried in a hundred places, only the fullest and the shortest."""
    if not labels or labels[-1].lines == labels[0].lines:
        return labels[:1]
    return [labels[0], labels[-1]]


def _all_beside(stop: Stop, label: Label, most: int) -> Iterator[_Beside]:
    width, height = label.width, label.height
    across, down = stop.width / 2 + GAP, stop.height / 2 + GAP / 2
    for side, level in _SIDES[:most]:
        x = side * (across + width / 2) if abs(side) == 1 else side * width
        if abs(level) == 1:
            y = level * (height / 2 + down * (0.6 if abs(side) == 1 else 1.0))
        else:
            # Half way: its first or last line stands level with the badge.
            y = level * (height - label.lines[0].size * LINE_HEIGHT)
        yield x - width / 2, y - height / 2, x + width / 2, y + height / 2, side < 0


def _option(
    stop: Stop,
    badge: tuple[float, float],
    box: Box,
    label: Label,
    is_left: bool,
    marks: tuple[Sides, ...] = (),
) -> Option[Choice]:
    choice = Choice(badge, box, label.lines, label.names, is_left)
    return Option(choice, (box,), marks, stop.number)


def straight(from_x: float, from_y: float, to_x: float, to_y: float, step: float) -> list[Sides]:
    """Small boxes along a straight line, for what must not cross it."""
    across, down = to_x - from_x, to_y - from_y
    count = int(math.hypot(across, down) // step)
    return [
        (x - 1.5, y - 1.5, x + 1.5, y + 1.5)
        for x, y in (
            (from_x + across * n / count, from_y + down * n / count) for n in range(1, count)
        )
    ]
