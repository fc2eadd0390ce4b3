"""The legs of a journey on a static map: their lines, their casing, and heads that show the way.

Lives here: pixels of legs. Not here: markers and names. Imports the room's projection and the
journey's nouns.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import shapely

from app.journey.derived import Itinerary, Leg
from app.journey.model import Modality
from app.pictures.boxes import Box
from app.pictures.label_placement import Board
from app.pictures.map_ground import FINEST, seen, thinned
from app.pictures.projection import Points, Projection, owners_of, path_data, path_data_of_each
from app.pictures.svg import Drawing, Element

MOST_POINTS = 4500
SAMPLE = 2.0
"""Pixels between the points that stand for a line where labels look for room."""
ARROW_EVERY = 90
SIDE_BY_SIDE = 34
SAME_LINE = 6
_ORDER = {Modality.POSSIBLE: 0, Modality.EXPECTED: 1, Modality.REPORTED: 2}


@dataclass(frozen=True, slots=True)
class DrawnLeg:
    """A leg in pixels; ``lines`` are more than one where it leaves the frame and comes back."""

    leg: Leg
    lines: tuple[Points, ...]

    @property
    def is_guess(self) -> bool:
        """Whether its way is not known, and a straight line stands for it."""
        return self.leg.route is None


def drawn_legs(itinerary: Itinerary, projection: Projection) -> list[DrawnLeg]:
    """The legs inside the frame; what is certain comes last, to lie on top."""
    most = max(3, MOST_POINTS // max(1, len(itinerary.legs)))
    legs, ways = [], []
    for leg in sorted(itinerary.legs, key=lambda leg: (_ORDER.get(leg.status, 0), leg.sequence)):
        ends = [itinerary.waypoints[n - 1].place.position for n in (leg.origin, leg.destination)]
        way = ends if leg.route is None else leg.route.geometry
        if len(way) > 1:
            legs.append(leg)
            ways.append(way)
    if not ways:
        return []
    lines = shapely.linestrings(projection.lines(ways), indices=owners_of(ways))
    parts, owners = seen(lines, projection)
    simple = shapely.simplify(parts, FINEST, preserve_topology=False)
    points = np.bincount(owners, shapely.get_num_coordinates(simple), len(legs))
    drawn = []
    for n, leg in enumerate(legs):
        of_it = owners == n
        found = simple[of_it] if points[n] <= most else thinned(parts[of_it], most)
        drawn.append(DrawnLeg(leg, tuple(map(shapely.get_coordinates, found))))
    return drawn


def samples(lines: Sequence[Points], step: float, start: float = 0.0) -> Points:
    """Points along lines every ``step`` pixels, each with the direction there in a third column."""
    if not lines:
        return np.empty((0, 3))
    points = np.concatenate(lines)
    begins = np.cumsum([0, *(len(line) for line in lines)])
    steps = np.hypot(*np.diff(points, axis=0, prepend=points[:1]).T)
    # One way along all lines, a pixel from the end of one to the begin of the next.
    steps[begins[:-1]] = 1.0
    gone = np.cumsum(steps)
    first, last = gone[begins[:-1]], gone[begins[1:] - 1]
    counts = np.maximum(np.ceil((last - first - start) / step), 0.0).astype(np.int64)
    nth = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    first, last = np.repeat(first, counts), np.repeat(last, counts)
    at = first + start + step * nth

    def x_y(at: Points) -> tuple[Points, Points]:
        return np.interp(at, gone, points[:, 0]), np.interp(at, gone, points[:, 1])

    x, y = x_y(at)
    # The direction over some pixels: a single short segment would make heads tremble.
    from_x, from_y = x_y(np.maximum(at - SAME_LINE, first))
    to_x, to_y = x_y(np.minimum(at + SAME_LINE, last))
    return np.column_stack((x, y, np.arctan2(to_y - from_y, to_x - from_x)))


def route_points(legs: Sequence[DrawnLeg]) -> Points:
    """Points that stand for all legs, close together, for :class:`Board`."""
    return samples([line for leg in legs for line in leg.lines], SAMPLE)[:, :2]


def draw_legs(
    drawing: Drawing,
    parent: Element,
    legs: Sequence[DrawnLeg],
    colour: str,
    casing: str,
    unit: float,
) -> None:
    """Each leg with a casing: solid, dashed or dotted; lighter where its way is not known."""
    pieces = iter(path_data_of_each([line for drawn in legs for line in drawn.lines]))
    data = {drawn.leg.sequence: "".join(islice(pieces, len(drawn.lines))) for drawn in legs}
    width = 3.2 * unit
    common = {"fill": "none", "stroke_linejoin": "round"}
    drawing.add(
        "path",
        parent,
        d="".join(data.values()),
        stroke=casing,
        stroke_width=width + 2.6 * unit,
        stroke_linecap="round",
        **common,
    )
    dashes = {
        Modality.EXPECTED: (f"{8 * unit:.1f} {4.5 * unit:.1f}", "butt"),
        Modality.POSSIBLE: (f"0.1 {5.6 * unit:.1f}", "round"),
    }
    for status in _ORDER:
        for is_guess in (True, False):
            chosen = [d for d in legs if d.leg.status is status and d.is_guess is is_guess]
            if not chosen:
                continue
            dash, cap = dashes.get(status, (None, "round"))
            group = drawing.add(
                "g",
                parent,
                class_=f"leg {status.value}{' guess' if is_guess else ''}",
                stroke=colour,
                stroke_width=width,
                stroke_dasharray=dash,
                stroke_linecap=cap,
                opacity="0.5" if is_guess else None,
                **common,
            )
            for drawn in chosen:
                drawing.add(
                    "path", group, d=data[drawn.leg.sequence], data_leg=str(drawn.leg.sequence)
                )


def draw_arrows(
    drawing: Drawing,
    parent: Element,
    legs: Sequence[DrawnLeg],
    board: Board,
    colour: str,
    casing: str,
    unit: float,
) -> None:
    """Small heads along the legs that show which way the journey went, where there is room.

    None where out and back run along one line: it would point the wrong way for one of the two.
    """
    ways: defaultdict[tuple[int, int], list[float]] = defaultdict(list)
    # What lies on top comes first.
    lines = [line for drawn in reversed(legs) for line in drawn.lines]
    for x, y, angle in samples(lines, SAME_LINE).tolist():
        ways[int(x // SAME_LINE), int(y // SAME_LINE)].append(angle)
    heads: list[Points] = []
    stand: list[tuple[float, float]] = []
    shape = np.array([[-3.4, -4.2], [3.4, 0.0], [-3.4, 4.2]]) * unit
    every, aside = ARROW_EVERY * unit, SIDE_BY_SIDE * unit
    for x, y, angle in samples(lines, every, every / 2).tolist():
        if not board.is_free(Box.around(x, y, 12 * unit, 12 * unit)) or any(
            math.hypot(x - a, y - b) < aside for a, b in stand
        ):
            continue
        near = (
            other
            for column in (-1, 0, 1)
            for row in (-1, 0, 1)
            for other in ways[int(x // SAME_LINE) + column, int(y // SAME_LINE) + row]
        )
        if any(math.cos(other - angle) < -0.5 for other in near):
            continue
        stand.append((x, y))
        cos, sin = math.cos(angle), math.sin(angle)
        heads.append(shape @ np.array([[cos, sin], [-sin, cos]]) + (x, y))
    if heads:
        data = path_data(heads)
        for stroke, width in ((casing, 4.6), (colour, 2.2)):
            drawing.add(
                "path",
                parent,
                class_="arrows",
                d=data,
                fill="none",
                stroke=stroke,
                stroke_width=width * unit,
            )
