"""What the labels of stops say, and how they may be set: with all names and times, or with less.

Lives here: lines of text and their sizes. Not here: where they stand
(:mod:`app.pictures.map_choices`). Imports the room's own modules.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.journey.model import Modality
from app.pictures.lettering import Lettering
from app.pictures.look import Look
from app.pictures.map_stops import MOST_NUMBERS, Stop
from app.pictures.map_text import plain
from app.pictures.timeline import Station

MOST_NAMES = 3
WIDEST = 240.0
"""How wide a label may be, before all is scaled to the picture."""
NARROW = 120.0
"""How wide where it is set narrower, to fit between others."""
LINE_HEIGHT = 1.22
ASCENT = 0.94


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a label. ``colour`` names a colour of the palette."""

    text: str
    size: float
    width: float
    is_bold: bool = False
    colour: str = "map_ink"


@dataclass(frozen=True, slots=True, eq=False)
class Label:
    """One way to set a label, with how many ``names``; each is only like itself."""

    names: int
    lines: tuple[Line, ...]
    width: float
    height: float

    @classmethod
    def of(cls, names: int, lines: tuple[Line, ...]) -> "Label":
        """The lines under each other."""
        height = sum(line.size for line in lines) * LINE_HEIGHT
        return cls(names, lines, max((line.width for line in lines), default=0.0), height)


class Labels:
    """Sets the labels of one picture, each once however often it is asked for."""

    def __init__(
        self, lettering: Lettering, look: Look, times: Mapping[int, str], unit: float
    ) -> None:
        self.lettering, self.look, self.times, self.unit = lettering, look, times, unit
        self.words = look.words
        self._made: dict[tuple[int, bool], list[Label]] = {}
        self._set_before: dict[tuple[str, float, float, int, bool, str], tuple[Line, ...]] = {}

    def of(self, stop: Stop, *, with_times: bool) -> list[Label]:
        """How the label of a stop may be set, the most names first; nothing if it says nothing."""
        key = stop.number, with_times
        if key not in self._made:
            self._made[key] = self._labels(stop, with_times)
        return self._made[key]

    def _labels(self, stop: Stop, with_times: bool) -> list[Label]:
        places = stop.places
        musts = {s.waypoint.place.id for s in stop.must}
        must = tuple(s for s in places if s.waypoint.place.id in musts)
        most = max(len(must), 1 if self.look.is_small else MOST_NAMES)
        chosen = (*must, *(s for s in places if s.waypoint.place.id not in musts))[:most]
        wide, narrow = WIDEST * self.unit, NARROW * self.unit
        found = []
        for count in dict.fromkeys((len(chosen), len(must) or 1)):
            label = Label.of(count, tuple(self._lines(stop, chosen[:count], with_times, wide)))
            found.append(label)
            if label.width > narrow:
                lines = tuple(self._lines(stop, chosen[:count], with_times, narrow))
                if lines != label.lines:
                    found.append(Label.of(count, lines))
        return [label for label in found if label.lines]

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
                numbers = "·".join(str(v.waypoint.sequence) for v in visits[:MOST_NUMBERS])
                name = f"{numbers} {name}".strip()
            is_bold = is_must or visits[0].waypoint.status is Modality.REPORTED
            yield from self._set(name, size, room, most=3, is_bold=is_bold)
            small = max(9.0, 11.5 * self.unit)
            if any(v.waypoint.conflict for v in visits):
                yield from self._set(self.words["disputed"], small, room, most=1, colour="route")
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
            parts.append(self.words["last_reported"])
        elif station.is_next:
            status = self.words[station.waypoint.status.value]
            parts.append(self.words.say("next", status=status))
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
    ) -> tuple[Line, ...]:
        key = text, size, room, most, is_bold, colour
        if key not in self._set_before:
            texts = self._broken(text, size, room, most, is_bold)
            self._set_before[key] = tuple(
                Line(line, size, self.lettering.width(line, size, bold=is_bold), is_bold, colour)
                for line in texts
            )
        return self._set_before[key]

    def _broken(self, text: str, size: float, room: float, most: int, is_bold: bool) -> list[str]:
        if not text or self.lettering.width(text, size, bold=is_bold) <= room:
            return [text] if text else []
        # A word is broken off only where it is far too long; one of few letters begins no line.
        first, *words = text.split()
        words = [f"{first} {words[0]}", *words[1:]] if words and len(first) < 3 else [first, *words]
        widest = max(self.lettering.width(word, size, bold=is_bold) for word in words)
        room = max(room, min(widest, WIDEST * self.unit))
        return [
            self.lettering.shortened(line, size, room, bold=is_bold)
            for line in self.lettering.lines(text, size, room, most=most, bold=is_bold)
        ]
