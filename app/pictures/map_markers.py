"""The stops of a static map as they are drawn: badges, dots, leader lines, names.

Lives here: shapes and text. Not here: where they stand (:mod:`app.pictures.map_choices`). State is
told by shape: filled, ringed, hollow and dashed. Imports the room's own modules.
"""

from collections.abc import Sequence

from app.journey.model import Modality
from app.pictures.boxes import Box
from app.pictures.lettering import Lettering
from app.pictures.map_choices import Choice
from app.pictures.map_labels import ASCENT, LINE_HEIGHT, Line
from app.pictures.map_stops import BADGE, FIGURES, RING, Part, Stop
from app.pictures.palette import Palette
from app.pictures.svg import Drawing, Element


class Markers:
    """Draws stops into ``parent``."""

    def __init__(
        self,
        drawing: Drawing,
        parent: Element,
        lettering: Lettering,
        colours: Palette,
        unit: float,
    ) -> None:
        self.drawing, self.parent, self.lettering = drawing, parent, lettering
        self.colours, self.unit = colours, unit

    def draw(self, placed: Sequence[tuple[Stop, Choice | None]]) -> None:
        """All stops: leader lines under dots under badges under names."""
        for stop, choice in placed:
            if choice is not None:
                self._leader(stop, choice)
        dots = [s for s, choice in placed if choice is None or choice.badge != (s.x, s.y)]
        self._dots(dots)
        # The most important last, to lie on top.
        for stop, choice in reversed(placed):
            if choice is not None:
                self._badge(stop, *choice.badge)
        for stop, choice in placed:
            if choice is not None and choice.label is not None:
                self._label(stop, choice, choice.label)

    def _leader(self, stop: Stop, choice: Choice) -> None:
        if choice.badge != (stop.x, stop.y):
            end = choice.badge
        elif choice.label is not None and not choice.label.overlaps(
            stop.badge_at(stop.x, stop.y).grown(14.0 * self.unit)
        ):
            end = choice.label.grown(3.0).nearest(stop.x, stop.y)
        else:
            return
        for stroke, width in ((self.colours.casing, 3.0), (self.colours.map_ink, 1.0)):
            self.drawing.add(
                "path",
                self.parent,
                class_="leader",
                d=f"M{stop.x:.1f} {stop.y:.1f}L{end[0]:.1f} {end[1]:.1f}",
                stroke=stroke,
                stroke_width=width * self.unit,
                fill="none",
            )

    def _dots(self, stops: Sequence[Stop]) -> None:
        colours, unit = self.colours, self.unit
        for status in (Modality.POSSIBLE, Modality.EXPECTED, Modality.REPORTED):
            chosen = [s for s in stops if _status(s) is status]
            if not chosen:
                continue
            is_reported = status is Modality.REPORTED
            group = self.drawing.add(
                "g",
                self.parent,
                class_=f"dots {status.value}",
                fill=colours.route if is_reported else colours.casing,
                stroke=colours.casing if is_reported else colours.route,
                stroke_width=(1.4 if status is not Modality.EXPECTED else 2.0) * unit,
                stroke_dasharray="2 1.5" if status is Modality.POSSIBLE else None,
            )
            for stop in chosen:
                if stop.is_last:
                    self.drawing.add(
                        "circle",
                        group,
                        cx=stop.x,
                        cy=stop.y,
                        r=6.2 * unit,
                        fill=colours.casing,
                        stroke=colours.route,
                    )
                self.drawing.add(
                    "circle",
                    group,
                    cx=stop.x,
                    cy=stop.y,
                    r=3.6 * unit,
                    data_waypoint=" ".join(str(n) for p in stop.parts for n in p.sequences),
                )

    def _badge(self, stop: Stop, x: float, y: float) -> None:
        left = x - stop.width / 2
        for part in stop.parts:
            self._part(part, left, y)
            left += part.width
        if stop.conflict:
            self._disputed(x + stop.width / 2 - 2 * self.unit, y - stop.height / 2 + 2 * self.unit)

    def _part(self, part: Part, left: float, y: float) -> None:
        group = self.drawing.add(
            "g",
            self.parent,
            class_=f"badge {part.status.value}{' last' if part.is_last else ''}",
            data_waypoint=" ".join(map(str, part.sequences)),
        )
        colours, unit = self.colours, self.unit
        ring = RING * unit if part.is_last else 0.0
        inner = Box(
            left + ring / 2,
            y - BADGE * unit / 2,
            left + part.width - ring / 2,
            y + BADGE * unit / 2,
        )
        if part.is_last:
            self._pill(group, inner.grown(ring / 2), colours.casing)
            self._pill(group, inner.grown(ring / 2 - 2.2 * unit), None, colours.route, 2.2 * unit)
        is_reported = part.status is Modality.REPORTED
        if is_reported:
            self._pill(group, inner.grown(-0.6 * unit), colours.route, colours.casing, 1.2 * unit)
        else:
            is_expected = part.status is Modality.EXPECTED
            width = (2.6 if is_expected else 1.4) * unit
            self._pill(group, inner, colours.casing)
            self._pill(
                group,
                inner.grown(-width / 2 - 1.0 * unit),
                colours.paper,
                colours.route,
                width,
                dash=None if is_expected else f"{2.6 * unit:.1f} {2 * unit:.1f}",
            )
        middle_x, middle_y = inner.middle
        self.drawing.text(
            part.numbers,
            middle_x,
            middle_y + FIGURES * unit * 0.36,
            group,
            font_size=FIGURES * unit,
            font_weight="bold",
            text_anchor="middle",
            fill=colours.on_route if is_reported else colours.route,
        )

    def _pill(
        self,
        group: Element,
        box: Box,
        fill: str | None,
        stroke: str | None = None,
        width: float | None = None,
        dash: str | None = None,
    ) -> None:
        self.drawing.add(
            "rect",
            group,
            x=box.left,
            y=box.top,
            width=box.width,
            height=box.height,
            rx=box.height / 2,
            fill=fill or "none",
            stroke=stroke,
            stroke_width=width,
            stroke_dasharray=dash,
        )

    def _disputed(self, x: float, y: float) -> None:
        unit = self.unit
        self.drawing.add(
            "circle",
            self.parent,
            class_="disputed",
            cx=x,
            cy=y,
            r=5.2 * unit,
            fill=self.colours.paper,
            stroke=self.colours.route,
            stroke_width=1.3 * unit,
        )
        self.drawing.add(
            "path",
            self.parent,
            d=f"M{x:.1f} {y - 3 * unit:.1f}v{3.4 * unit:.1f}m0 {1.2 * unit:.1f}v{1.2 * unit:.1f}",
            stroke=self.colours.route,
            stroke_width=1.5 * unit,
            fill="none",
        )

    def _label(self, stop: Stop, choice: Choice, box: Box) -> None:
        group = self.drawing.add(
            "g",
            self.parent,
            class_="name",
            data_waypoint=" ".join(str(n) for p in stop.parts for n in p.sequences),
            text_anchor="end" if choice.is_left else None,
            **halo(self.colours, self.unit),
        )
        set_lines(
            self.drawing, group, choice.lines, box.right if choice.is_left else box.left, box.top,
            self.colours,
        )  # fmt: skip


def halo(colours: Palette, unit: float) -> dict[str, str | float]:
    """Attributes of text on the map: an edge in the colour of the ground, under the letters."""
    return {
        "stroke": colours.map_halo,
        "stroke_width": 3.0 * unit,
        "stroke_linejoin": "round",
        "paint_order": "stroke",
    }


def set_lines(
    drawing: Drawing, group: Element, lines: Sequence[Line], x: float, top: float, colours: Palette
) -> None:
    """Lines of text under each other from ``top`` down."""
    for line in lines:
        drawing.text(
            line.text,
            x,
            top + line.size * ASCENT,
            group,
            font_size=line.size,
            font_weight="bold" if line.is_bold else None,
            fill=getattr(colours, line.colour),
        )
        top += line.size * LINE_HEIGHT


def _status(stop: Stop) -> Modality:
    """The most certain of what is said of a stop."""
    of_it = {part.status for part in stop.parts}
    order = (Modality.REPORTED, Modality.EXPECTED, Modality.POSSIBLE)
    return next((status for status in order if status in of_it), Modality.REPORTED)
