"""The time-distance diagram of a journey: stations up, time across, as railways have drawn it
since Marey (*La méthode graphique*, 1878), with a bar for each uncertain time and the band of
what is possible between.

Lives here: the frame: heading, axes, stations, key, credit. Not here: what moves through the plot
(:mod:`app.pictures.diagram_journey`). Distance is the way travelled, so that a slope is a speed.
Imports the room's own modules and the journey's nouns.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from math import ceil

from app.journey.derived import Itinerary
from app.journey.model import Modality
from app.pictures.diagram_journey import DASHES, DiagramJourney
from app.pictures.lettering import Lettering
from app.pictures.look import Look
from app.pictures.plot import Cut, Plot
from app.pictures.station_column import StationColumn
from app.pictures.svg import Drawing, Element, number
from app.pictures.time_axis import Clock, TimeSpan
from app.pictures.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Caption:
    """What is said beside the drawing: ``times`` of the visits by sequence, in local time."""

    title: str
    status: str = ""
    times: Mapping[int, str] = field(default_factory=dict)
    clocks: Sequence[Clock] = ()


def time_distance(
    itinerary: Itinerary,
    caption: Caption,
    lettering: Lettering,
    look: Look,
    cut: Cut | None = None,
) -> Drawing:
    """The diagram of an itinerary, or of the part of it that is ``cut`` out.

    What happened before and after a part goes on beyond the edges: slopes stay speeds.
    Elements carry ``data-waypoint``, ``data-leg``, ``data-claim`` and ``data-contradiction``;
    the picture itself ``data-from`` and ``data-until``, the instants at the left and the right
    edge of the plot, and where its edges are (``data-left`` and so on).
    """
    return _Diagram(itinerary, caption, lettering, look, cut).draw()


class _Diagram:
    def __init__(
        self,
        itinerary: Itinerary,
        caption: Caption,
        lettering: Lettering,
        look: Look,
        cut: Cut | None,
    ) -> None:
        self.timeline = Timeline(itinerary)
        self.cut = cut
        self.stations = [
            s for s in self.timeline.stations if cut is None or s.waypoint.sequence in cut.stations
        ]
        self.caption, self.lettering, self.look = caption, lettering, look
        self.colours, self.words = look.palette, look.words
        self.as_of = itinerary.as_of
        self.size = max(11.5, min(20.0, look.width / 83))
        self.column = StationColumn(self.stations, lettering, look, self.size)
        self.whole_span = TimeSpan.around(
            self.timeline.instants(), itinerary.as_of or datetime(2000, 1, 1, tzinfo=UTC)
        )
        self.span = self.whole_span if cut is None else self.whole_span.cut(cut.time)
        self.clocks = list(caption.clocks)[: 1 if look.is_small else 2]

    def draw(self) -> Drawing:
        self._measure()
        self.drawing = Drawing(
            self.look.width,
            self.look.height,
            name=self.look.name,
            title=self.words.say("diagram_title", title=self.caption.title),
            description=self._description(),
            class_="time-distance",
            data_from=_instant(self.span.start),
            data_until=_instant(self.span.end),
            data_left=self.plot.left,
            data_right=self.plot.right,
            data_top=self.plot.top,
            data_bottom=self.plot.bottom,
        )
        d = self.drawing
        d.add("rect", width=self.look.width, height=self.look.height, fill=self.colours.paper)
        clip = d.add("clipPath", d.add("defs"), id=f"{self.look.name}-plot")
        d.add(
            "rect",
            clip,
            x=self.plot.left,
            y=self.plot.top - self.size / 2,
            width=self.plot.right - self.plot.left,
            height=self.plot.bottom - self.plot.top + self.size,
        )
        self._draw_heading()
        if self.stations:
            self._draw_time_axes()
        self.column.draw(d, self.plot)
        plot = d.add("g", clip_path=f"url(#{self.look.name}-plot)")
        DiagramJourney(
            d, plot, self.plot, self.timeline, self.caption.times, self.lettering, self.look
        ).draw()
        self._draw_known_at()
        self._draw_key()
        self._draw_foot()
        return d

    def _measure(self) -> None:
        look, size = self.look, self.size
        self.heading = self._heading()
        head = sum(line_height for _, line_height, _ in self.heading)
        self.foot = self.lettering.lines(
            look.credit, size * 0.78, look.width - 2 * size, most=4 if look.is_small else 2
        )
        below = len(self.clocks) * 1.45 + 0.6 + 1.7 + len(self.foot) * 1.0 + 0.7
        self.plot = Plot(
            left=round(self.column.width),
            right=round(look.width - 1.2 * size),
            top=round(head + size * 3.1),
            bottom=round(look.height - below * size),
            span=self.span,
            longest_km=max((s.km for s in self.stations), default=0.0),
            size=size,
            first_km=0.0 if self.cut is None else min((s.km for s in self.stations), default=0.0),
            reach=ceil(self.whole_span.hours / self.span.hours),
            is_cut=self.cut is not None,
        )

    # What is said

    def _heading(self) -> list[tuple[str, float, bool]]:
        """Lines with their height; bold for the title."""
        if not self.look.has_heading:
            return []
        room, size = self.look.width - 2.4 * self.size, self.size
        lines: list[tuple[str, float, bool]] = [
            (text, size * 2.0, True)
            for text in self.lettering.lines(
                self.caption.title, size * 1.5, room, most=2, bold=True
            )
        ]
        lines += [
            (text, size * 1.35, False)
            for text in self.lettering.lines(self.caption.status, size, room, most=2)
        ]
        return lines

    def _description(self) -> str:
        stations = self.stations
        if not stations:
            return self.words["nothing_reported"]
        times = self.caption.times
        told = []
        for station in stations if len(stations) <= 40 else (*stations[:20], *stations[-20:]):
            said = self.words.say(
                "station",
                place=self.look.name_of(station.waypoint.place),
                distance=self.words.km(station.km),
                status=self.words[station.waypoint.status.value],
            )
            if when := times.get(station.waypoint.sequence):
                said += f": {when}"
            told.append(said)
        left_out = len(stations) - len(told)
        more = f" {self.words.counted('stops_between', left_out)}" if left_out else ""
        return f"{self.words['diagram_axes']} {'. '.join(told)}.{more}"

    # The frame

    def _draw_heading(self) -> None:
        y = self.size * 0.6
        for text, height, bold in self.heading:
            y += height
            self.drawing.text(
                text,
                self.size * 1.2,
                y - height * 0.25,
                font_size=self.size * (1.5 if bold else 1.0),
                font_weight="bold" if bold else None,
                fill=self.colours.ink if bold else self.colours.soft,
            )

    def _draw_time_axes(self) -> None:
        size, colours = self.size * 0.85, self.colours
        # On a small picture as close as their labels can stand; a larger one has air.
        apart = size * (4.2 if self.look.is_small else 5.2)
        most = max(2, int((self.plot.right - self.plot.left) / apart))
        rows = [(Clock("UTC", "UTC"), self.plot.top - size * 1.0, True)]
        rows += [
            (clock, self.plot.bottom + size * (1.75 + 1.6 * n), False)
            for n, clock in enumerate(self.clocks)
        ]
        for n, (clock, y, above) in enumerate(rows):
            group = self.drawing.add("g", class_="time-axis", font_size=size, fill=colours.soft)
            taken = self.plot.left - 1.0
            for tick in self.span.ticks(clock.zone, most, self.words):
                x = self.plot.x(tick.at)
                if n == 1 or (n == 0 and not self.clocks):
                    self.drawing.add(
                        "path",
                        group,
                        d=f"M{number(x)} {number(self.plot.top)}V{number(self.plot.bottom)}",
                        stroke=colours.rule,
                        stroke_width=1.4 if tick.is_day else 0.7,
                    )
                half = self.lettering.width(tick.text, size, bold=tick.is_day) / 2
                if x - half < taken or x + half > self.plot.right + size:
                    continue
                taken = x + half + size * 0.3
                self.drawing.text(
                    tick.text,
                    x,
                    y,
                    group,
                    text_anchor="middle",
                    font_weight="bold" if tick.is_day else None,
                )
            label = self.lettering.shortened(clock.label, size, self.plot.left - size)
            self.drawing.text(label, self.plot.left - size * 0.6, y, group, text_anchor="end")
            edge = self.plot.top if above else self.plot.bottom
            if n < 2:
                self.drawing.add(
                    "path",
                    group,
                    d=f"M{number(self.plot.left)} {number(edge)}H{number(self.plot.right)}",
                    stroke=colours.soft,
                    stroke_width=0.8,
                )

    def _draw_known_at(self) -> None:
        at = self.as_of
        if not self.stations or at is None or not 0.0 < self.span.share(at) < 1.0:
            return
        x, size = self.plot.x(at), self.size * 0.8
        group = self.drawing.add("g", class_="known-at")
        self.drawing.add(
            "path",
            group,
            d=f"M{number(x)} {number(self.plot.top)}V{number(self.plot.bottom)}",
            stroke=self.colours.soft,
            stroke_width=1.2,
            stroke_dasharray="2 3",
        )
        text = self.words["known_at_line"]
        half = self.lettering.width(text, size) / 2
        self.drawing.text(
            text,
            min(max(x, self.plot.left + half), self.plot.right - half),
            self.plot.top - self.size * 1.85,
            group,
            text_anchor="middle",
            font_size=size,
            fill=self.colours.soft,
        )

    # Below

    @cached_property
    def _key(self) -> list[tuple[str, str]]:
        shown = {s.waypoint.status for s in self.stations}
        names = ["bar", "claim", "band", "line"] if Modality.REPORTED in shown else []
        key = [(name, self.words[f"key_{name}"]) for name in names]
        ahead = [status for status in (Modality.EXPECTED, Modality.POSSIBLE) if status in shown]
        key += [(status.value, self.words[status.value]) for status in ahead]
        if self.timeline.itinerary.contradictions:
            key.append(("aside", self.words["key_aside"]))
        return key

    def _draw_key(self) -> None:
        size, colours = self.size * 0.85, self.colours
        y = self.plot.bottom + self.size * (len(self.clocks) * 1.45 + 1.75)
        x, room = self.size * 1.2, self.look.width - self.size * 1.2
        group = self.drawing.add("g", class_="diagram-key", font_size=size, fill=colours.soft)
        for kind, text in self._key:
            width = size * 2.6 + self.lettering.width(text, size)
            if x + width > room:
                break
            self._draw_sample(group, kind, x, y - size * 0.35, size * 2.1)
            self.drawing.text(text, x + size * 2.5, y, group)
            x += width + size * 0.9

    def _draw_sample(self, group: Element, kind: str, x: float, y: float, width: float) -> None:
        colours, size = self.colours, self.size
        line = f"M{number(x)} {number(y)}h{number(width)}"
        if kind == "bar":
            self.drawing.add(
                "rect", group, x=x, y=y - size * 0.25, width=width, height=size * 0.5,
                rx=size * 0.25, fill=colours.route,
            )  # fmt: skip
        elif kind == "band":
            self.drawing.add(
                "rect", group, x=x, y=y - size * 0.35, width=width, height=size * 0.7,
                fill=colours.route, fill_opacity=0.18,
            )  # fmt: skip
        elif kind == "claim":
            self.drawing.add("path", group, d=line, stroke=colours.soft, stroke_width=1.6)
        elif kind == "aside":
            self.drawing.add(
                "path", group, d=line, stroke=colours.ink, stroke_width=1.8, stroke_dasharray="7 4"
            )
        else:
            status = Modality.REPORTED if kind == "line" else Modality(kind)
            self.drawing.add(
                "path",
                group,
                d=line,
                stroke=colours.route,
                stroke_width=2.4,
                stroke_dasharray=DASHES[status],
                stroke_linecap="round" if status is Modality.POSSIBLE else "butt",
            )

    def _draw_foot(self) -> None:
        size = self.size * 0.78
        y = self.look.height - self.size * 0.5 - (len(self.foot) - 1) * self.size
        for n, line in enumerate(self.foot):
            self.drawing.text(
                line,
                self.size * 1.2,
                y + n * self.size,
                font_size=size,
                fill=self.colours.soft,
                class_="credit",
            )


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
