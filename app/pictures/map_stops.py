"""The stops of a static map: which waypoints share a marker, and what their labels may look like.

Lives here: stops, their badges, and the options that :mod:`app.pictures.label_placement` chooses
from. Not here: drawing them (:mod:`app.pictures.map_markers`). Imports the room's own modules.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeAlias

from app.journey.derived import Waypoint
from app.journey.model import Modality
from app.pictures.boxes import Box
from app.pictures.label_placement import Board, Option
from app.pictures.lettering import Lettering
from app.pictures.look import Look
from app.pictures.map_route import straight
from app.pictures.map_text import plain
from app.pictures.timeline import Station

SAME_SPOT = 6.0
"""Pixels: places nearer to each other than this share a marker."""
MOST_NUMBERS = 4
MOST_NAMES = 3
MOST_TO_MOVE = 40
"""With more stops than this only the important ones are moved away from their place."""
WIDEST = 240.0
"""How wide a label may be, before all is scaled to the picture."""
GAP = 4.0
"""Between a badge and its label."""
ELBOW = 3.0
"""Between a badge and the labels of others; less than the gap to its own."""
BADGE = 21.0
"""How high a badge is, before all is scaled to the picture."""
RING = 9.0
"""How much higher where something was reported last, for the ring."""
FIGURES = 11.5
"""Size of the figures in it."""
LINE_HEIGHT = 1.22
ASCENT = 0.94
_AROUND = (26, 36, 48, 62, 78, 98, 120)
_NEAR = _AROUND[:5]
"""For stops that need not be named: a line longer than this is no help to the eye."""
_FAR = tuple(range(140, 480, 16))
_SIDES = (
    (1.0, 0.0), (-1.0, 0.0), (1.0, -0.5), (1.0, 0.5), (-1.0, -0.5), (-1.0, 0.5), (0.0, -1.0),
    (0.0, 1.0), (0.5, -1.0), (0.5, 1.0), (-0.5, -1.0), (-0.5, 1.0), (1.0, 1.0), (-1.0, 1.0),
    (1.0, -1.0), (-1.0, -1.0),
)  # fmt: skip
"""Of a badge, for its label: wholly beside it, or wholly above or below."""
SIDES_AWAY = 8
"""How many of them are tried where the badge stands away from its place."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a label. ``colour`` names a colour of the palette."""

    text: str
    size: float
    width: float
    is_bold: bool = False
    colour: str = "map_ink"


_Shape: TypeAlias = tuple[int, tuple[Line, ...]]
"""A label as it may be set, with how many names."""


@dataclass(frozen=True, slots=True)
class Part:
    """A round piece of a badge: waypoints next to each other that are in the same state."""

    numbers: str
    sequences: tuple[int, ...]
    status: Modality
    width: float
    is_last: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """Where a stop's badge and label stand; ``lines`` is empty where it has no name."""

    badge: tuple[float, float]
    label: Box | None = None
    lines: tuple[Line, ...] = ()
    names: int = 0
    is_left: bool = False


@dataclass(frozen=True, slots=True)
class Stop:
    """Waypoints that are drawn as one marker, the most important first."""

    number: int
    x: float
    y: float
    stations: tuple[Station, ...]
    parts: tuple[Part, ...]
    height: float

    @property
    def importance(self) -> float:
        """That of the most important."""
        return self.stations[0].importance

    @property
    def is_last(self) -> bool:
        """Whether something was reported here last."""
        return any(s.is_last for s in self.stations)

    @property
    def must(self) -> tuple[Station, ...]:
        """Those whose names are never left out."""
        return tuple(s for s in self.stations if s.is_last or s.is_next)

    @property
    def conflict(self) -> bool:
        """Whether something that was said of it was set aside."""
        return any(s.waypoint.conflict for s in self.stations)

    @property
    def width(self) -> float:
        """Of all parts of the badge, side by side."""
        return sum(part.width for part in self.parts)

    def badge_at(self, x: float, y: float) -> Box:
        """The badge with its middle there."""
        return Box.around(x, y, self.width, self.height)

    def dot(self, unit: float) -> Box:
        """The dot that stays at the place when the badge stands elsewhere."""
        side = (13.0 if self.is_last else 9.0) * unit
        return Box.around(self.x, self.y, side, side)

    @property
    def places(self) -> list[Station]:
        """One station for each place, the most important first."""
        return list({s.waypoint.place.id: s for s in reversed(self.stations)}.values())[::-1]


class Stops:
    """Makes the stops of a picture and says what they may look like."""

    def __init__(
        self, lettering: Lettering, look: Look, times: Mapping[int, str], unit: float
    ) -> None:
        self.lettering, self.look, self.times, self.unit = lettering, look, times, unit
        self._set_before: dict[int, tuple[list[_Shape], list[_Shape]]] = {}

    def gathered(self, stations: Sequence[tuple[Station, float, float]]) -> list[Stop]:
        """The stations in pixels, those at the same spot together."""
        groups: list[tuple[float, float, list[Station]]] = []
        spots: dict[tuple[int, int], list[int]] = {}
        order = sorted(stations, key=lambda s: (-s[0].importance, s[0].waypoint.sequence))
        for station, x, y in order:
            column, row = int(x // SAME_SPOT), int(y // SAME_SPOT)
            near = [
                n
                for across in (-1, 0, 1)
                for down in (-1, 0, 1)
                for n in spots.get((column + across, row + down), ())
                if math.hypot(groups[n][0] - x, groups[n][1] - y) < SAME_SPOT
            ]
            if near:
                groups[min(near)][2].append(station)
            else:
                spots.setdefault((column, row), []).append(len(groups))
                groups.append((x, y, [station]))
        return [self._stop(n, *group) for n, group in enumerate(groups)]

    def _stop(self, number: int, x: float, y: float, stations: list[Station]) -> Stop:
        is_last = any(s.is_last for s in stations)
        height = (BADGE + (RING if is_last else 0.0)) * self.unit
        visits = sorted((s.waypoint for s in stations), key=lambda w: w.sequence)
        last = next((s.waypoint.sequence for s in stations if s.is_last), None)
        parts = tuple(
            self._part(status, list(group), last)
            for status, group in groupby(visits, key=lambda w: w.status)
        )
        return Stop(number, x, y, tuple(stations), parts, height)

    def _part(self, status: Modality, visits: list[Waypoint], last: int | None) -> Part:
        sequences = tuple(w.sequence for w in visits)
        shown = [str(n) for n in sequences]
        if len(shown) > MOST_NUMBERS:
            shown = [*shown[: MOST_NUMBERS - 2], "…", shown[-1]]
        numbers = "·".join(shown)
        inner = BADGE * self.unit
        is_last = last in sequences
        width = max(
            inner, self.lettering.width(numbers, FIGURES * self.unit, bold=True) + inner / 2
        )
        return Part(numbers, sequences, status, width + is_last * RING * self.unit, is_last)

    def options(
        self, stop: Stop, board: Board, *, seat: bool, many: bool, timed: int
    ) -> Iterator[Option[Choice]]:
        """Where badge and label may stand, the best first; most that cannot be are left out.

        ``seat``: the badge stands at its place already. With ``many`` stops only the important
        ones may move away. A stop of more places than ``timed`` tells times only if it is one.
        """
        if stop.number not in self._set_before:
            self._set_before[stop.number] = self._shapes(stop)
        told, plainer = self._set_before[stop.number]
        if len(stop.places) > timed and not stop.must:
            told = []
        home = (stop.x, stop.y)
        may_move = bool(stop.must) or not many
        # What matters most goes farther to be told in full; all others stay near.
        rounds = [(told, _AROUND), (plainer, (*_AROUND, *_FAR))] if stop.must else []
        for shapes, distances in rounds or [([*told, *plainer], _NEAR)]:
            if seat:
                for names, lines in shapes:
                    for box, is_left in self._beside(stop.badge_at(*home), lines):
                        if board.is_open(box):
                            choice = Choice(home, box, lines, names, is_left)
                            yield Option(choice, (box,), (), stop.number)
            # Of what is tried in a hundred places, only the fullest and the shortest.
            ends = shapes if stop.must else list(dict.fromkeys((*shapes[:1], *shapes[-1:])))
            for far in distances if may_move else ():
                if seat:
                    yield from self._label_away(stop, board, ends, far)
                else:
                    yield from self._badge_away(stop, board, ends, far)
        if not seat and may_move:
            for far in _NEAR:
                for badge, box, leader in self._badges(stop, board, far):
                    yield Option(Choice(badge), (), (box.grown(ELBOW), *leader), stop.number)

    def _badge_away(
        self, stop: Stop, board: Board, shapes: Sequence[_Shape], far: float
    ) -> Iterator[Option[Choice]]:
        """Badge and label together, at the end of a line back to the place."""
        for badge, badge_box, leader in self._badges(stop, board, far):
            away_x, away_y = badge[0] - stop.x, badge[1] - stop.y
            marks = (badge_box.grown(ELBOW), *leader)
            for names, lines in shapes:
                for box, is_left in self._beside(badge_box, lines, SIDES_AWAY):
                    x, y = box.middle
                    # The name continues outwards.
                    outwards = (x - badge[0]) * away_x + (y - badge[1]) * away_y >= 0
                    if outwards and board.is_open(box):
                        choice = Choice(badge, box, lines, names, is_left)
                        yield Option(choice, (box,), marks, stop.number)

    def _label_away(
        self, stop: Stop, board: Board, shapes: Sequence[_Shape], far: float
    ) -> Iterator[Option[Choice]]:
        """The label alone, at the end of a line back to the badge at its place."""
        for x, y in self._ring(stop, far):
            is_left = x < stop.x
            for names, lines in shapes:
                width, height = _size(lines)
                box = Box.around(x + (-width / 2 if is_left else width / 2), y, width, height)
                if not board.is_open(box):
                    continue
                leader = straight(stop.x, stop.y, *box.nearest(stop.x, stop.y), 6.0)[:-1]
                choice = Choice((stop.x, stop.y), box, lines, names, is_left)
                yield Option(choice, (box,), tuple(leader), stop.number)

    def _badges(
        self, stop: Stop, board: Board, far: float
    ) -> Iterator[tuple[tuple[float, float], Box, list[Box]]]:
        """Places for the badge at some distance, off the route, with the line back to the stop."""
        for x, y in self._ring(stop, far):
            box = stop.badge_at(x, y)
            if board.covers_route(box) or not board.is_free(box.grown(ELBOW), stop.number):
                continue
            leader = straight(stop.x, stop.y, *box.nearest(stop.x, stop.y), 5.0)
            if all(board.is_free(piece, stop.number) for piece in leader):
                yield (x, y), box, leader

    def _ring(self, stop: Stop, far: float) -> Iterator[tuple[float, float]]:
        for n in range(16):
            angle = n / 16 * 2 * math.pi
            yield (
                stop.x + far * self.unit * math.cos(angle),
                stop.y + far * self.unit * math.sin(angle),
            )

    def _beside(
        self, badge: Box, lines: Sequence[Line], sides: int = len(_SIDES)
    ) -> Iterator[tuple[Box, bool]]:
        width, height = _size(lines)
        x, y = badge.middle
        across, down = badge.width / 2 + GAP, badge.height / 2 + GAP / 2
        for side, level in _SIDES[:sides]:
            middle_x = x + side * (across + width / 2) if abs(side) == 1 else x + side * width
            if abs(level) == 1:
                middle_y = y + level * (height / 2 + down * (0.6 if abs(side) == 1 else 1.0))
            else:
                # Half way: its first or last line stands level with the badge.
                middle_y = y + 2 * level * (height - lines[0].size * LINE_HEIGHT) / 2
            yield Box.around(middle_x, middle_y, width, height), side < 0

    def _shapes(self, stop: Stop) -> tuple[list[_Shape], list[_Shape]]:
        """How the label may be set: with all names and times, and with less, the most first."""
        wide, narrow = WIDEST * self.unit, 120.0 * self.unit
        places = stop.places
        musts = {s.waypoint.place.id for s in stop.must}
        must = [s for s in places if s.waypoint.place.id in musts]
        most = max(len(must), 1 if self.look.is_small else MOST_NAMES)
        chosen = (must + [s for s in places if s not in must])[:most]
        fewest = must or places[:1]
        shapes = [
            (len(stations), tuple(self._lines(stop, stations, with_times, room)))
            for stations, with_times, room in (
                (chosen, True, wide),
                (chosen, True, narrow),
                (fewest, True, wide),
                (fewest, True, narrow),
                (chosen, False, wide),
                (chosen, False, narrow),
                (fewest, False, wide),
                (fewest, False, narrow),
            )
        ]
        told = dict.fromkeys(shape for shape in shapes[:4] if shape[1])
        plainer = dict.fromkeys(shape for shape in shapes[4:] if shape[1])
        return list(told), list(plainer)

    def _lines(
        self, stop: Stop, stations: Sequence[Station], with_times: bool, room: float
    ) -> Iterator[Line]:
        several = len(stop.places) > 1
        for station in stations:
            visits = [s for s in stop.stations if s.waypoint.place.id == station.waypoint.place.id]
            visits.sort(key=lambda s: s.waypoint.sequence)
            is_must = any(s.is_last or s.is_next for s in visits)
            is_last = any(s.is_last for s in visits)
            size = (15.5 if is_last else 13.0) * self.unit
            name = plain(self.look.name_of(station.waypoint.place))
            if several:
                name = f"{'·'.join(str(v.waypoint.sequence) for v in visits[:MOST_NUMBERS])} {name}"
            is_bold = is_must or visits[0].waypoint.status is Modality.REPORTED
            yield from self._set(name, size, room, most=3, is_bold=is_bold)
            small = max(9.0, 11.5 * self.unit)
            if any(v.waypoint.conflict for v in visits):
                yield from self._set("disputed", small, room, most=1, colour="route")
            if with_times:
                for visit in visits if len(visits) <= 2 else visits[-1:]:
                    colour = "route" if visit.is_last else "map_ink"
                    told = self._told(visit, len(visits) > 1)
                    width = self.lettering.width(", ".join(told), small, bold=visit.is_last)
                    # A time stays in one piece where it can.
                    for text in [", ".join(told)] if width <= room else told:
                        yield from self._set(
                            text, small, room, most=2, is_bold=visit.is_last, colour=colour
                        )

    def _told(self, station: Station, is_again: bool) -> list[str]:
        parts = []
        if station.is_last:
            parts.append("last reported")
        elif station.is_next:
            parts.append(f"next, {station.waypoint.status.value}")
        time = plain(self.times.get(station.waypoint.sequence, ""))
        if time:
            parts.append(time)
        if is_again and parts:
            parts[0] = f"{station.waypoint.sequence}: {parts[0]}"
        return parts

    def _set(
        self,
        text: str,
        size: float,
        room: float,
        *,
        most: int,
        is_bold: bool = False,
        colour: str = "map_ink",
    ) -> Iterator[Line]:
        # A word is broken off only where it is far too long; one of few letters begins no line.
        first, *words = text.split() or [""]
        words = [f"{first} {words[0]}", *words[1:]] if words and len(first) < 3 else [first, *words]
        widest = max(self.lettering.width(word, size, bold=is_bold) for word in words)
        room = max(room, min(widest, WIDEST * self.unit))
        for line in self.lettering.lines(text, size, room, most=most, bold=is_bold):
            fitted = self.lettering.shortened(line, size, room, bold=is_bold)
            width = self.lettering.width(fitted, size, bold=is_bold)
            yield Line(fitted, size, width, is_bold, colour)


def _size(lines: Sequence[Line]) -> tuple[float, float]:
    """Width and height of a label."""
    return max(line.width for line in lines), sum(line.size for line in lines) * LINE_HEIGHT
