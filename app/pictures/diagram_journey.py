"""The journey inside a time-distance diagram: bands, lines, bars, claims, contradictions.

Lives here: what moves through the plot. Not here: its frame (:mod:`app.pictures.time_distance`),
and what there is to draw (:mod:`app.pictures.timeline`). Imports the room's own modules and the
journey's nouns.
"""

from collections.abc import Mapping, Sequence

from app.journey.interval import Interval
from app.journey.model import Modality
from app.pictures.lettering import Lettering
from app.pictures.look import Look
from app.pictures.plot import Plot
from app.pictures.svg import Drawing, Element, number
from app.pictures.timeline import Bar, Timeline

DENSE = 80
"""So many stations that single things can no longer be told apart: they are drawn in one."""

DASHES = {Modality.REPORTED: None, Modality.EXPECTED: "8 5", Modality.POSSIBLE: "0.1 5.5"}
"""Solid, dashed and dotted; the dots are round ends of nothing."""


class DiagramJourney:
    """Draws a timeline into the element ``inside``; ``times`` are of the visits by sequence."""

    def __init__(
        self,
        drawing: Drawing,
        inside: Element,
        plot: Plot,
        timeline: Timeline,
        times: Mapping[int, str],
        lettering: Lettering,
        look: Look,
    ) -> None:
        self.drawing, self.inside, self.plot = drawing, inside, plot
        self.timeline, self.times, self.lettering, self.look = timeline, times, lettering, look
        self.colours, self.words = look.palette, look.words
        self.is_dense = len(timeline.stations) > DENSE

    def draw(self) -> None:
        """Everything, what matters most on top."""
        self._bands()
        self._foreseen()
        self._line()
        self._claims()
        self._bars()
        self._contradictions()

    def _bands(self) -> None:
        bands = [b for b in self.timeline.bands() if self.plot.shows(b.time, b.km_from, b.km_to)]
        colours = self.colours
        if self.is_dense:
            path = "".join(map(self.plot.outline, bands))
            self.drawing.add("path", self.inside, d=path, fill=colours.route, fill_opacity=0.14)
            return
        disputed = self.timeline.disputed_legs()
        for band in bands:
            is_disputed = band.leg.sequence in disputed
            shape = self.drawing.add(
                "path",
                self.inside,
                class_="band disputed" if is_disputed else "band",
                data_leg=band.leg.sequence,
                d=self.plot.outline(band),
                fill=colours.route,
                fill_opacity=0.15,
                stroke=colours.ink if is_disputed else colours.route,
                stroke_width=1.2 if is_disputed else 0.5,
                stroke_dasharray="6 3" if is_disputed else None,
                stroke_opacity=0.9 if is_disputed else 0.5,
            )
            names = [
                self.look.name_of(self.timeline.station(n).waypoint.place)
                for n in (band.leg.origin, band.leg.destination)
            ]
            said = self.words.say("possible_between", start=names[0], end=names[1])
            self.drawing.titled(shape, said)

    def _foreseen(self) -> None:
        colours = self.colours
        for band in self.timeline.foreseen():
            if not self.plot.shows(band.time, band.km_from, band.km_to):
                continue
            status = band.leg.status
            group = self.drawing.add(
                "g", self.inside, class_=f"foreseen {status.value}", data_leg=band.leg.sequence
            )
            self.drawing.add(
                "path", group, d=self.plot.outline(band), fill=colours.route, fill_opacity=0.06
            )
            for leaves, arrives in (
                (band.leaves.earliest, band.arrives.earliest),
                (band.leaves.latest, band.arrives.latest),
            ):
                if leaves is not None and arrives is not None:
                    self.drawing.add(
                        "path",
                        group,
                        d=f"M{number(self.plot.x(leaves))} {number(self.plot.y(band.km_from))}"
                        f"L{number(self.plot.x(arrives))} {number(self.plot.y(band.km_to))}",
                        fill="none",
                        stroke=colours.route,
                        stroke_width=2 if status is Modality.EXPECTED else 2.4,
                        stroke_dasharray=DASHES[status],
                        stroke_linecap="butt" if status is Modality.EXPECTED else "round",
                    )

    def _line(self) -> None:
        for piece in self.timeline.line():
            points = " ".join(
                f"{number(self.plot.x(at))},{number(self.plot.y(km))}" for at, km in piece
            )
            for colour, width in ((self.colours.casing, 4.6), (self.colours.route, 2.4)):
                self.drawing.add(
                    "polyline",
                    self.inside,
                    class_="schedule",
                    points=points,
                    fill="none",
                    stroke=colour,
                    stroke_width=width,
                    stroke_linejoin="round",
                )

    def _claims(self) -> None:
        if self.is_dense:
            return
        for claim, km, n in self.timeline.claims():
            if not self.plot.shows(claim.when, km):
                continue
            left, right = self.plot.ends(claim.when)
            y = self.plot.y(km) + self.plot.size * (0.75 + 0.3 * min(n, 3))
            self.drawing.add(
                "path",
                self.inside,
                class_="claim",
                data_claim=claim.id,
                d=f"M{number(left)} {number(y)}H{number(max(right, left + 2))}",
                stroke=self.colours.soft,
                stroke_width=1.6,
                stroke_opacity=0.75,
            )

    def _bars(self) -> None:
        bars = [bar for bar in self.timeline.bars() if self.plot.shows(bar.when, bar.km)]
        if self.is_dense:
            path = ""
            for bar in bars:
                left, right = self.plot.ends(bar.when)
                path += (
                    f"M{number(left)} {number(self.plot.y(bar.km))}H{number(max(right, left + 2))}"
                )
            self.drawing.add("path", self.inside, d=path, stroke=self.colours.route, stroke_width=2)
            return
        for bar in bars:
            self._bar(bar)

    def _bar(self, bar: Bar) -> None:
        size, colours = self.plot.size, self.colours
        left, right = self.plot.ends(bar.when)
        y = self.plot.y(bar.km) + {"arrival": -0.26, "departure": 0.26}.get(bar.kind, 0.0) * size
        height = size * (0.42 if bar.kind in ("arrival", "departure") else 0.6)
        if right - left < height:
            left, right = (left + right - height) / 2, (left + right + height) / 2
        is_ahead = bar.status.looks_ahead
        station = self.timeline.station(bar.sequence)
        shape = self.drawing.add(
            "rect",
            self.inside,
            class_=f"bar {bar.kind} {bar.status.value}",
            data_waypoint=bar.sequence,
            x=left,
            y=y - height / 2,
            width=right - left,
            height=height,
            rx=height / 2,
            fill=colours.paper if is_ahead else colours.route,
            stroke=colours.route if is_ahead else colours.casing,
            stroke_width=2 if is_ahead else 1,
            stroke_dasharray="2 2" if bar.status is Modality.POSSIBLE else None,
        )
        name = self.look.name_of(station.waypoint.place)
        times = self.times.get(bar.sequence, "")
        said = self.words.say(f"bar_{bar.kind}", place=name)
        self.drawing.titled(shape, f"{said}; {times}" if times and not is_ahead else said)

    def _contradictions(self) -> None:
        size, colours = self.plot.size, self.colours
        for needed in self.timeline.needed():
            when = Interval(
                min(needed.not_before, needed.not_after), max(needed.not_before, needed.not_after)
            )
            if not self.plot.shows(when, needed.km_from, needed.km_to):
                continue
            x1, x2 = self.plot.x(needed.not_before), self.plot.x(needed.not_after)
            y1, y2 = self.plot.y(needed.km_from), self.plot.y(needed.km_to)
            self.drawing.add(
                "path",
                self.inside,
                class_="needed",
                data_contradiction=needed.number,
                d=f"M{number(x1)} {number(y1)}L{number(x2)} {number(y2)}",
                stroke=colours.ink,
                stroke_width=1.8,
                stroke_dasharray="7 4",
                fill="none",
            )
            said = []
            if needed.speed_kmh is not None:
                speed = self.words.kmh(needed.speed_kmh)
                said.append(self.words.say("takes", speed=speed))
                if needed.max_speed_kmh is not None:
                    assumed = self.words.number(needed.max_speed_kmh)
                    said.insert(0, self.words.say("takes_assumed", speed=speed, number=assumed))
            self._number(needed.number, (x1 + x2) / 2, (y1 + y2) / 2, said)
        for mark in self.timeline.marks():
            if not self.plot.shows(mark.when, mark.km):
                continue
            left, right = self.plot.ends(mark.when)
            x = (max(left, self.plot.left) + min(right, self.plot.right)) / 2
            y = self.plot.top + size * 0.6 if mark.km is None else self.plot.y(mark.km)
            arm = size * 0.42
            group = self.drawing.add(
                "g",
                self.inside,
                class_="set-aside",
                data_claim=mark.claim,
                data_contradiction=mark.number,
                stroke=colours.ink,
                fill="none",
            )
            if right - left > 2 * arm:
                self.drawing.add(
                    "path",
                    group,
                    d=f"M{number(left)} {number(y)}H{number(right)}",
                    stroke_width=1.4,
                    stroke_dasharray="4 3",
                )
            self.drawing.add(
                "path",
                group,
                d=f"M{number(x - arm)} {number(y - arm)}l{number(2 * arm)} {number(2 * arm)}"
                f"m0 {number(-2 * arm)}l{number(-2 * arm)} {number(2 * arm)}",
                stroke_width=2.4,
            )
            self._number(mark.number, x + size * 1.1, y - size * 0.7)

    def _number(self, told: int, x: float, y: float, said: Sequence[str] = ()) -> None:
        """The number of a contradiction, and the first of some texts that there is room for."""
        size = self.plot.size
        x = min(max(x, self.plot.left + size), self.plot.right - size)
        y = min(max(y, self.plot.top + size * 0.4), self.plot.bottom - size)
        group = self.drawing.add("g", self.inside, class_="clash", data_contradiction=told)
        r = size * 0.78
        self.drawing.add(
            "path",
            group,
            d=f"M{number(x)} {number(y - r)}L{number(x + r)} {number(y)}"
            f"L{number(x)} {number(y + r)}L{number(x - r)} {number(y)}Z",
            fill=self.colours.ink,
            stroke=self.colours.paper,
            stroke_width=1.2,
        )
        self.drawing.text(
            str(told),
            x,
            y + size * 0.28,
            group,
            text_anchor="middle",
            font_size=size * 0.8,
            font_weight="bold",
            fill=self.colours.paper,
        )
        far = r + size * 0.4
        for text in said:
            width = self.lettering.width(text, size * 0.9, bold=True)
            if x + far + width < self.plot.right:
                side, anchor = 1, "start"
            elif x - far - width > self.plot.left:
                side, anchor = -1, "end"
            else:
                continue
            self.drawing.text(
                text,
                x + far * side,
                y + size * 0.3,
                group,
                text_anchor=anchor,
                font_size=size * 0.9,
                font_weight="bold",
                fill=self.colours.ink,
                stroke=self.colours.paper,
                stroke_width=3,
                paint_order="stroke",
            )
            return
