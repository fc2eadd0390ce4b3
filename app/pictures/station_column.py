"""The stations of a time-distance diagram: a line across the plot for each, and its name beside.

Lives here: which names there is room for, and where they stand. Imports the room's own modules
and the journey's nouns.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from app.journey.model import Modality
from app.pictures.diagram_journey import DENSE
from app.pictures.lettering import Lettering
from app.pictures.look import Look
from app.pictures.plot import Plot
from app.pictures.stacked_labels import Wish, stacked
from app.pictures.svg import Drawing, number
from app.pictures.timeline import Station

_LINE = 1.08
_SMALLER = 0.8
_GAP = 1.5
"""Between a name and the plot, for the line that joins them; in font sizes."""


@dataclass(frozen=True, slots=True)
class _Label:
    """What is written beside a station: up to two lines of name, and one of how far along."""

    station: Station
    name: str
    lines: tuple[str, ...]
    far: str

    @property
    def is_strong(self) -> bool:
        return self.station.is_last or self.station.is_next

    @property
    def heights(self) -> float:
        """Its height in font sizes."""
        return len(self.lines) * _LINE + (0.92 if self.far else 0.0) + 0.14


class StationColumn:
    """The names of stations, in a column of a width that they ask for themselves."""

    def __init__(
        self, stations: Sequence[Station], lettering: Lettering, look: Look, size: float
    ) -> None:
        self._stations = stations
        self._lettering, self._look, self._size = lettering, look, size
        self._words = look.words

    @cached_property
    def width(self) -> float:
        """How wide the column is, with the room for lines to the plot."""
        most = self._look.width * (0.33 if self._look.is_small else 0.24)
        widest = max(
            (
                self._lettering.width(
                    self._look.name_of(s.waypoint.place), self._size, bold=s.is_last or s.is_next
                )
                for s in self._stations
            ),
            default=self._size * 5,
        )
        return min(max(widest, self._size * 5), most) + (_GAP + 0.4) * self._size + 4

    def draw(self, drawing: Drawing, plot: Plot) -> None:
        """The lines and names, those left out counted above the column."""
        stations, size, colours = self._stations, self._size, self._look.palette
        if not stations:
            drawing.text(
                self._words["nothing_reported"],
                (plot.left + plot.right) / 2,
                (plot.top + plot.bottom) / 2,
                text_anchor="middle",
                font_size=size,
                fill=colours.soft,
            )
            return
        labels = [self._label(station, plot.left - _GAP * size) for station in stations]
        wishes = [
            Wish(plot.y(label.station.km), label.heights * size, label.station.importance)
            for label in labels
        ]
        spare = size * 0.5
        middles = stacked(wishes, plot.top - spare, plot.bottom + spare)
        if len(stations) > DENSE:
            across = "".join(
                f"M{number(plot.left)} {number(plot.y(s.km))}H{number(plot.right)}"
                for s in stations
            )
            drawing.add("path", d=across, stroke=colours.rule, stroke_width=0.4)
        for label, middle in zip(labels, middles, strict=True):
            self._draw(drawing, plot, label, middle)
        left_out = sum(middle is None for middle in middles)
        if left_out:
            drawing.text(
                self._words.say("left_out", what=self._words.counted("names", left_out)),
                size * 0.6,
                plot.top - size * 1.85,
                font_size=size * _SMALLER,
                fill=colours.soft,
                class_="left-out",
            )

    def _label(self, station: Station, x: float) -> _Label:
        name = self._look.name_of(station.waypoint.place)
        status = station.waypoint.status
        strong = station.is_last or station.is_next
        kind = ""
        if station.is_last or status.looks_ahead:
            kind = self._words["last_reported" if station.is_last else status.value]
        far = self._words.km(station.km)
        if self._look.is_small:
            # There is room for what matters only.
            far = kind if strong else ""
        elif kind:
            far = f"{far} · {kind}"
        lines = self._lettering.lines(name, self._size, x - 4, most=2, bold=strong)
        far = self._lettering.shortened(far, self._size * _SMALLER, x - 4)
        return _Label(station, name, tuple(lines), far)

    def _draw(self, drawing: Drawing, plot: Plot, label: _Label, middle: float | None) -> None:
        size, colours, station = self._size, self._look.palette, label.station
        y = plot.y(station.km)
        is_dense = len(self._stations) > DENSE
        if is_dense and middle is None:
            return
        group = drawing.add("g", class_="station", data_waypoint=station.waypoint.sequence)
        if not is_dense:
            drawing.add(
                "path",
                group,
                d=f"M{number(plot.left)} {number(y)}H{number(plot.right)}",
                stroke=colours.rule,
                stroke_width=0.8,
                stroke_dasharray=None if station.waypoint.status is Modality.REPORTED else "2 4",
            )
        if middle is None:
            return
        x = plot.left - size * _GAP
        drawing.add(
            "path",
            group,
            d=f"M{number(x + 3)} {number(middle)}L{number(plot.left - 3)} {number(y)}h3",
            fill="none",
            stroke=colours.soft,
            stroke_width=0.7,
        )
        baseline = middle - label.heights * size / 2 + size * 0.9
        for line in label.lines:
            drawing.text(
                line,
                x,
                baseline,
                group,
                text_anchor="end",
                font_size=size,
                font_weight="bold" if label.is_strong else None,
                fill=colours.route if station.is_last else colours.ink,
                class_="station-name",
            )
            baseline += size * _LINE
        if label.far:
            drawing.text(
                label.far,
                x,
                baseline - size * 0.1,
                group,
                text_anchor="end",
                font_size=size * _SMALLER,
                fill=colours.route if station.is_last else colours.soft,
                class_="station-far",
            )
        if " ".join(label.lines) != label.name:
            drawing.titled(group, label.name)
