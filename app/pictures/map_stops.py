"""The stops of a static map: which waypoints share a marker, and how large its badge is.

Lives here: stops and the parts of their badges. Not here: their labels
(:mod:`app.pictures.map_labels`), where badge and label may stand
(:mod:`app.pictures.map_choices`), drawing (:mod:`app.pictures.map_markers`). Imports the room's
own modules.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from app.journey.derived import Waypoint
from app.journey.model import Modality
from app.pictures.boxes import Box
from app.pictures.lettering import Lettering
from app.pictures.timeline import Station

SAME_SPOT = 6.0
"""Pixels: places nearer to each other than this share a marker."""
MOST_NUMBERS = 4
BADGE = 21.0
"""How high a badge is, before all is scaled to the picture."""
RING = 9.0
"""How much higher where something was reported last, for the ring."""
FIGURES = 11.5
"""Size of the figures in it."""


@dataclass(frozen=True, slots=True)
class Part:
    """A round piece of a badge: waypoints next to each other that are in the same state."""

    numbers: str
    sequences: tuple[int, ...]
    status: Modality
    width: float
    is_last: bool


@dataclass(frozen=True)
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

    @cached_property
    def is_last(self) -> bool:
        """Whether something was reported here last."""
        return any(s.is_last for s in self.stations)

    @cached_property
    def must(self) -> tuple[Station, ...]:
        """Those whose names are never left out."""
        return tuple(s for s in self.stations if s.is_last or s.is_next)

    @property
    def conflict(self) -> bool:
        """Whether something that was said of it was set aside."""
        return any(s.waypoint.conflict for s in self.stations)

    @cached_property
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

    @cached_property
    def places(self) -> tuple[Station, ...]:
        """One station for each place, the most important first."""
        found: dict[str, Station] = {}
        for station in self.stations:
            found.setdefault(station.waypoint.place.id, station)
        return tuple(found.values())


def gathered(
    stations: Sequence[Station],
    pixels: Sequence[tuple[float, float]],
    lettering: Lettering,
    unit: float,
) -> list[Stop]:
    """The stations, the most important first, those at the same spot together."""
    groups: list[tuple[float, float, list[Station]]] = []
    spots: dict[tuple[int, int], list[int]] = {}
    order = sorted(
        zip(stations, pixels, strict=True),
        key=lambda s: (-s[0].importance, s[0].waypoint.sequence),
    )
    for station, (x, y) in order:
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
    return [
        Stop(
            number,
            x,
            y,
            tuple(there),
            _parts(there, lettering, unit),
            (BADGE + (RING if any(s.is_last for s in there) else 0.0)) * unit,
        )
        for number, (x, y, there) in enumerate(groups)
    ]


def _parts(stations: Sequence[Station], lettering: Lettering, unit: float) -> tuple[Part, ...]:
    visits = sorted((s.waypoint for s in stations), key=lambda w: w.sequence)
    last = next((s.waypoint.sequence for s in stations if s.is_last), None)
    return tuple(
        _part(status, list(group), last, lettering, unit)
        for status, group in groupby(visits, key=lambda w: w.status)
    )


def _part(
    status: Modality, visits: list[Waypoint], last: int | None, lettering: Lettering, unit: float
) -> Part:
    sequences = tuple(w.sequence for w in visits)
    shown = [str(n) for n in sequences]
    if len(shown) > MOST_NUMBERS:
        shown = [*shown[: MOST_NUMBERS - 2], "…", shown[-1]]
    numbers = "·".join(shown)
    inner = BADGE * unit
    is_last = last in sequences
    width = max(inner, lettering.width(numbers, FIGURES * unit, bold=True) + inner / 2)
    return Part(numbers, sequences, status, width + is_last * RING * unit, is_last)
