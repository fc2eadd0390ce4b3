"""What stands around a static map: heading, scale, key, what was left out, credit.

Lives here: how the height of a picture is shared out, and everything outside the map. Credit is
never cut. Imports the room's own modules and the journey's nouns.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from app.journey.derived import Itinerary
from app.journey.model import Modality
from app.pictures.boxes import Box
from app.pictures.lettering import Lettering
from app.pictures.look import Look
from app.pictures.map_text import plain, sentences_that_fit, whole_lines
from app.pictures.projection import Projection
from app.pictures.svg import Drawing, Element
from app.words import Words

KM_PER_MILE = 1.609344
LEAST_MAP = 0.45
"""Share of the height that the map keeps, whatever is written around it."""
SMALLEST_CREDIT = 5.0
LONGEST_HEADING = 600
"""Letters of a heading; its lines hold less."""
KEY_GAP = 14.0
"""Between two entries of the key, before all is scaled to the picture."""
_STEPS = tuple(step * 10**power for power in range(-1, 5) for step in (1, 2, 5))


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """One entry of the key: what is drawn, and what it means."""

    kind: str
    text: str


def key_of(itinerary: Itinerary, words: Words) -> list[KeyEntry]:
    """What the picture of an itinerary has to explain, the most important first."""
    legs = itinerary.legs
    entries = [
        KeyEntry(status.value, words[status.value])
        for status in (Modality.REPORTED, Modality.EXPECTED, Modality.POSSIBLE)
        if any(leg.status is status for leg in legs)
    ]
    if any(leg.route is None for leg in legs):
        entries.append(KeyEntry("guess", words["way_not_known"]))
    if any(w.conflict for w in itinerary.waypoints):
        entries.append(KeyEntry("disputed", words["disputed"]))
    return entries


class MapFrame:
    """The layout of a picture; ``told`` are names that found no room on the map itself."""

    def __init__(
        self,
        look: Look,
        lettering: Lettering,
        heading: tuple[str, str],
        entries: Sequence[KeyEntry],
        told: Sequence[str],
        unit: float,
    ) -> None:
        self.look, self.lettering, self.unit, self.words = look, lettering, unit, look.words
        self.entries, self.told = entries, told
        self.margin = 16.0 * unit if look.width >= 700 else 10.0
        self.room = look.width - 2 * self.margin
        self.small = max(9.0, 11.0 * unit)
        self.heading = self._heading(heading) if look.has_heading else []

    def _heading(self, heading: tuple[str, str]) -> list[tuple[str, float, bool]]:
        title_size, status_size = max(15.0, 23.0 * self.unit), max(11.5, 14.5 * self.unit)
        is_low = self.look.height < 400
        found = []
        for text, size, most, is_bold in (
            (heading[0], title_size, 1 if is_low else 2, True),
            (heading[1], status_size, 2 if is_low or self.look.width >= 700 else 3, False),
        ):
            said = plain(text, LONGEST_HEADING)
            for line in self.lettering.lines(said, size, self.room, most=most, bold=is_bold):
                fitted = self.lettering.shortened(line, size, self.room, bold=is_bold)
                found.append((fitted, size, is_bold))
        return found

    @cached_property
    def top(self) -> float:
        """Where the map begins."""
        if not self.heading:
            return self.margin
        return self.margin + sum(size * 1.28 for _, size, _ in self.heading) + 6.0 * self.unit

    @cached_property
    def _credit(self) -> tuple[float, list[str]]:
        """Size and lines of credit and note; smaller where it would push the map away."""
        low = self.look.height < 400
        size = self.small
        rest = self.look.height * (1 - LEAST_MAP) - self.top - self._strip - self.margin
        while True:
            lines = whole_lines(self.look.credit, size, self.room, self.lettering)
            if len(lines) * size * 1.3 <= rest or size <= SMALLEST_CREDIT:
                break
            size -= 0.5
        spare = int((rest - len(lines) * size * 1.3) // (size * 1.3))
        most = max(0, min(spare, 1 if low else 3))
        lines += sentences_that_fit(self.look.note, size, self.room, most, self.lettering)
        return size, lines

    @cached_property
    def _strip(self) -> float:
        """Height of what stands between map and credit."""
        rows = len(self.told) * 15.0 * self.unit + 27.0 * self.unit
        return rows + (16.0 * self.unit if self._key_below else 0.0)

    @cached_property
    def _widths(self) -> list[float]:
        return [
            26.0 * self.unit
            + 5.0
            + self.lettering.width(entry.text, self.small)
            + KEY_GAP * self.unit
            for entry in self.entries
        ]

    @cached_property
    def _beside(self) -> float:
        """Room for the key between the scale and what was left out."""
        longest = f"{self.words.km(5000)}  {self.words.say('north', degrees=89)}"
        scale = self.longest_bar + self.lettering.width(longest, self.small) + 10.0
        left_out = self.lettering.width(left_out_text(999, self.words), self.small)
        return self.room - scale - left_out - (18.0 + KEY_GAP) * self.unit

    @cached_property
    def _key_below(self) -> bool:
        """Whether it has a row of its own: always where there is more than one kind of line."""
        is_needed = len(self.entries) > 1 or self.look.height >= 450
        return sum(self._widths) > self._beside and is_needed

    @property
    def longest_bar(self) -> float:
        """How long the scale bar may be."""
        return 110.0 * self.unit if self.look.width >= 700 else 70.0

    @cached_property
    def map(self) -> Box:
        """Where the map is."""
        size, lines = self._credit
        below = self._strip + len(lines) * size * 1.3 + self.margin * 0.6
        bottom = max(self.look.height - below, self.top + self.look.height * 0.25)
        return Box(self.margin, self.top, self.look.width - self.margin, bottom)

    def draw(self, drawing: Drawing, projection: Projection, left_out: int) -> None:
        """Everything around the map."""
        colours = self.look.palette
        y = self.margin * 0.7
        for text, size, is_bold in self.heading:
            drawing.text(
                text, self.margin, y + size, font_size=size, class_="heading",
                font_weight="bold" if is_bold else None,
                fill=colours.ink if is_bold else colours.soft,
            )  # fmt: skip
            y += size * 1.28
        y = self.map.bottom + 4.0 * self.unit
        for text in self.told:
            size = 12.0 * self.unit
            fitted = self.lettering.shortened(text, size, self.room, bold=True)
            drawing.text(
                fitted, self.margin, y + size, font_size=size, font_weight="bold",
                class_="told", fill=colours.ink,
            )  # fmt: skip
            y += 15.0 * self.unit
        strip = drawing.add("g", class_="strip", font_size=self.small, fill=colours.soft)
        start, end = self._scale(drawing, strip, projection, y), self.look.width - self.margin
        if left_out:
            text = left_out_text(left_out, self.words)
            middle = y + 12.0 * self.unit + self.small * 0.36
            drawing.text(text, end, middle, strip, text_anchor="end")
            end -= self.lettering.width(text, self.small) + 18.0 * self.unit
        if self._key_below:
            self._key(drawing, strip, self.margin, self.room, y + 33.0 * self.unit)
        else:
            width = sum(self._widths) - KEY_GAP * self.unit
            if start + KEY_GAP * self.unit + width <= end:
                self._key(drawing, strip, end - width, width, y + 12.0 * self.unit)
        size, lines = self._credit
        bottom = self.look.height - self.margin * 0.6
        for n, line in enumerate(reversed(lines)):
            drawing.text(
                line, self.margin, bottom - size * 0.2 - n * size * 1.3,
                font_size=size, fill=colours.soft, class_="credit",
            )  # fmt: skip

    def _scale(self, drawing: Drawing, parent: Element, projection: Projection, y: float) -> float:
        """Two bars, true at the map's middle latitude; returns where they end."""
        lat = projection.middle_latitude
        middle = y + 12.0 * self.unit
        bars: dict[str, tuple[float, float]] = {}
        data = ""
        for unit, km, side in (("km", 1.0, -1), ("mi", KM_PER_MILE, 1)):
            pixels = projection.pixels_per_km(lat) * km
            length = max(s for s in _STEPS if s * pixels <= self.longest_bar or s == _STEPS[0])
            bar = length * pixels
            tick = 4.5 * self.unit * side
            data += f"M{self.margin:.1f} {middle + tick:.1f}V{middle:.1f}h{bar:.1f}v{tick:.1f}"
            said = self.words.say(unit, number=self.words.number(length, ",.10g"))
            bars[said] = bar, middle + side * 0.56 * self.small
        drawing.add(
            "path", parent, class_="scale", d=data, fill="none",
            stroke=self.look.palette.soft, stroke_width=1.2 * self.unit,
        )  # fmt: skip
        # Both at the end of the longer bar, where neither lies over the other.
        start: float = self.margin + max(bar for bar, _ in bars.values()) + 5.0
        for text, (_, at) in bars.items():
            drawing.text(text, start, at + self.small * 0.36, parent)
        end = start + max(self.lettering.width(text, self.small) for text in bars)
        where = self.words.say("north" if lat >= 0 else "south", degrees=f"{abs(lat):.0f}")
        drawing.text(where, end + 6.0, middle + self.small * 0.36, parent)
        return end + 6.0 + self.lettering.width(where, self.small)

    def _key(self, drawing: Drawing, parent: Element, x: float, room: float, middle: float) -> None:
        for entry, width in zip(self.entries, self._widths, strict=True):
            room -= width
            if room < -(KEY_GAP + 1.0) * self.unit:
                break
            self._sample(drawing, parent, entry.kind, x, middle)
            drawing.text(entry.text, x + 26.0 * self.unit + 5.0, middle + self.small * 0.36, parent)
            x += width

    def _sample(
        self, drawing: Drawing, parent: Element, kind: str, x: float, middle: float
    ) -> None:
        unit, route = self.unit, self.look.palette.route
        if kind == "disputed":
            centre = x + 18.0 * unit
            drawing.add(
                "circle", parent, cx=centre, cy=middle, r=5.2 * unit, fill="none", stroke=route,
                stroke_width=1.3 * unit,
            )  # fmt: skip
            drawing.add(
                "path", parent, fill="none", stroke=route, stroke_width=1.5 * unit,
                d=f"M{centre:.1f} {middle - 3 * unit:.1f}v{3.4 * unit:.1f}m0 {1.2 * unit:.1f}"
                f"v{1.2 * unit:.1f}",
            )  # fmt: skip
            return
        dash, cap = {
            "expected": (f"{8 * unit:.1f} {4.5 * unit:.1f}", "butt"),
            "possible": (f"0.1 {5.6 * unit:.1f}", "round"),
        }.get(kind, (None, "round"))
        drawing.add(
            "path", parent, class_="key", d=f"M{x + 2:.1f} {middle:.1f}h{24.0 * unit - 2:.1f}",
            stroke=route, stroke_width=3.2 * unit, stroke_dasharray=dash, stroke_linecap=cap,
            opacity="0.5" if kind == "guess" else None, fill="none",
        )  # fmt: skip


def left_out_text(count: int, words: Words) -> str:
    """How many names found no room."""
    return words.say("left_out", what=words.counted("names", count))
