"""Names of countries and cities on a static map, where the stops have left room.

Lives here: what they look like and where they may stand. Imports the room's own modules.
"""

import math
from collections.abc import Collection, Iterator, Sequence

from app.pictures.boxes import Box
from app.pictures.label_placement import Board, Option, Wish, place
from app.pictures.lettering import Lettering
from app.pictures.look import Look
from app.pictures.map_ground import GroundName, GroundPaths
from app.pictures.map_labels import ASCENT, LINE_HEIGHT
from app.pictures.map_markers import halo
from app.pictures.map_text import plain
from app.pictures.svg import Drawing

SPACING = 0.14
"""Between the letters of a country's name, in its size."""
PIXELS_PER_CITY = 30_000
IN_SIGHT = 60.0
"""Pixels: a city of a stop's name that is nearer than this is the stop."""
_SIDES = ((1, 0), (-1, 0), (1, -1), (1, 1), (-1, -1), (-1, 1))


def draw_ground_names(
    drawing: Drawing,
    paths: GroundPaths,
    board: Board,
    stops: Sequence[tuple[float, float]],
    stop_names: Collection[str],
    lettering: Lettering,
    look: Look,
    unit: float,
) -> None:
    """Countries first, then as many cities as the map has room for."""
    maker = _GroundNames(board, lettering, unit)
    countries = [name for name in paths.countries if maker.sees(name)]
    found = place([Wish(0.0, maker.in_the_middle(name)) for name in countries], board)
    colours = look.palette
    group = drawing.add(
        "g", None, class_="countries", text_anchor="middle", font_size=maker.country_size,
        letter_spacing=SPACING * maker.country_size, fill=colours.map_soft, **halo(colours, unit),
    )  # fmt: skip
    for box, lines in filter(None, found):
        for n, line in enumerate(lines):
            top = box.top + n * maker.country_size * LINE_HEIGHT
            # The last letter has its space behind it too.
            x = box.middle[0] + SPACING * maker.country_size / 2
            drawing.text(line, x, top + maker.country_size * ASCENT, group)
    most = round(board.frame.width * board.frame.height / PIXELS_PER_CITY / unit)
    size = maker.city_size
    group = drawing.add(
        "g", None, class_="cities", font_size=size, fill=colours.map_soft, **halo(colours, unit)
    )
    drawn = 0
    for city in paths.cities:
        if drawn >= most:
            break
        clear = IN_SIGHT if city.name in stop_names else 14.0
        if not maker.sees(city) or any(
            math.hypot(x - city.x, y - city.y) < clear for x, y in stops
        ):
            continue
        (side,) = place([Wish(0.0, maker.beside(city))], board)
        if side is None:
            continue
        drawn += 1
        drawing.add("circle", group, cx=city.x, cy=city.y, r=1.7 * unit, stroke="none")
        box, is_left = side
        drawing.text(
            plain(city.name), box.right if is_left else box.left, box.top + size * ASCENT, group,
            text_anchor="end" if is_left else None,
        )  # fmt: skip


class _GroundNames:
    def __init__(self, board: Board, lettering: Lettering, unit: float) -> None:
        self.board, self.lettering, self.unit = board, lettering, unit
        self.country_size = max(9.5, 11.5 * unit)
        self.city_size = max(9.0, 10.5 * unit)

    def sees(self, name: GroundName) -> bool:
        """Whether the frame shows where it belongs."""
        frame = self.board.frame
        return frame.left < name.x < frame.right and frame.top < name.y < frame.bottom

    def in_the_middle(self, name: GroundName) -> Iterator[Option[tuple[Box, tuple[str, ...]]]]:
        """In the middle of a country or as near to it as there is room; on one line, or more."""
        text = plain(name.name).upper()
        words = text.split()
        for lines in dict.fromkeys(((text,), tuple(words))):
            size = self.country_size
            width = max(
                self.lettering.width(line, size) + len(line) * SPACING * size for line in lines
            )
            if width > name.room * 3.0:
                continue
            for share in (0.0, 0.2, 0.4, 0.6, 0.8):
                for n in range(8 if share else 1):
                    angle = n / 8 * 2 * math.pi
                    box = Box.around(
                        name.x + name.room * share * math.cos(angle),
                        name.y + name.room * share * math.sin(angle),
                        width,
                        len(lines) * size * LINE_HEIGHT,
                    )
                    yield Option((box, lines), (box.grown(5.0),))

    def beside(self, name: GroundName) -> Iterator[Option[tuple[Box, bool]]]:
        """Beside a city's dot."""
        width = self.lettering.width(plain(name.name), self.city_size)
        height = self.city_size * LINE_HEIGHT
        dot = Box.around(name.x, name.y, 5.0 * self.unit, 5.0 * self.unit)
        if not self.board.is_open(dot):
            return
        for side, level in _SIDES:
            left = name.x + 4.5 * self.unit if side > 0 else name.x - 4.5 * self.unit - width
            top = name.y - height / 2 + level * height * 0.55
            box = Box(left, top, left + width, top + height)
            yield Option((box, side < 0), (box, dot))
