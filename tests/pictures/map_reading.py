"""Reads static maps back: texts, markers and the route as boxes and points; what holds of all."""

import re

import numpy as np

from app.journey.model import Modality
from app.pictures.boxes import Box
from app.pictures.map_text import plain
from tests.pictures.journeys_to_draw import CREDIT, PLAIN
from tests.pictures.svg_reading import NAMESPACE, elements, parsed


def number_of(element, name, parents, default=0.0):
    return float(inherited(element, name, parents) or default)


def inherited(element, name, parents):
    while element is not None:
        if element.get(name) is not None:
            return element.get(name)
        element = parents.get(element)
    return None


def texts(root, lettering):
    """All texts with their boxes, as wide as in the widest fonts; figures in badges excepted."""
    parents = {child: parent for parent in root.iter() for child in parent}
    found = []
    for element in root.iter(NAMESPACE + "text"):
        if "badge" in (parents[element].get("class") or "").split():
            continue
        size = number_of(element, "font-size", parents)
        bold = inherited(element, "font-weight", parents) == "bold"
        width = lettering.width(element.text, size, bold=bold)
        width += number_of(element, "letter-spacing", parents) * (len(element.text) - 1)
        anchor = inherited(element, "text-anchor", parents)
        left = float(element.get("x")) - {"middle": width / 2, "end": width}.get(anchor, 0.0)
        y = float(element.get("y"))
        found.append((element.text, Box(left, y - 0.78 * size, left + width, y + 0.2 * size)))
    return found


def markers(root):
    for group in elements(root, "g", "badge"):
        for shape in group.iter(NAMESPACE + "rect"):
            x, y, w, h = (float(shape.get(name)) for name in ("x", "y", "width", "height"))
            yield Box(x, y, x + w, y + h)
    for group in elements(root, "g", "dots"):
        for dot in group.iter(NAMESPACE + "circle"):
            radius = 2 * float(dot.get("r"))
            yield Box.around(float(dot.get("cx")), float(dot.get("cy")), radius, radius)


def path_points(data):
    """The points of path data, those of lines between them included, a pixel apart."""
    points, at = [], np.zeros(2)
    for command, numbers in re.findall(r"([Ml])([^Mlz]*)", data):
        pairs = np.array([float(n) for n in re.findall(r"-?\d*\.?\d+", numbers)]).reshape(-1, 2)
        for pair in pairs:
            before, at = at, pair if command == "M" else at + pair
            if command == "M":
                points.append(at)
            else:
                steps = max(2, int(np.hypot(*(at - before))) + 1)
                points += list(before + (at - before) * np.linspace(0, 1, steps)[:, None])
    return np.array(points).reshape(-1, 2)


def route_of(root):
    legs = [e for e in root.iter(NAMESPACE + "path") if e.get("data-leg")]
    return np.concatenate([np.empty((0, 2)), *(path_points(e.get("d")) for e in legs)])


def assert_fit_to_print(root, lettering):
    width, height = float(root.get("width")), float(root.get("height"))
    written = texts(root, lettering)
    frame = Box(0, 0, width, height)
    assert not [(text, box) for text, box in written if not frame.holds(box)]
    assert not [
        (text, other)
        for n, (text, box) in enumerate(written)
        for other, its in written[n + 1 :]
        if box.overlaps(its.grown(-0.3))
    ]
    assert not [
        text for text, box in written for it in markers(root) if box.overlaps(it.grown(-0.3))
    ]
    x, y = route_of(root).T
    assert not [
        text
        for text, b in written
        if ((x > b.left) & (x < b.right) & (y > b.top) & (y < b.bottom)).any()
    ]


def all_text(root):
    return " ".join(e.text for e in root.iter(NAMESPACE + "text"))


def assert_whole(drawing, lettering=PLAIN, credit=CREDIT):
    """What holds of every picture, whatever it shows."""
    written = drawing.to_bytes()
    root = parsed(written)
    assert len(written) < 150_000
    assert_fit_to_print(root, lettering)
    tags = {e.tag.removeprefix(NAMESPACE) for e in root.iter()}
    assert not tags & {"script", "foreignObject", "style", "image", "use", "a"}
    names = {name for e in root.iter() for name in e.attrib}
    assert not [name for name in names if "href" in name or name.startswith("on")]
    assert "style" not in names
    said = "".join(e.text for e in elements(root, "text", "credit"))
    listed = [e.text for e in elements(root, "text", "credit")][::-1]
    assert credit.replace(" ", "") in "".join(listed).replace(" ", ""), said
    title, description = (root.find(NAMESPACE + tag) for tag in ("title", "desc"))
    assert title.text
    assert description.text
    return root


def assert_last_and_next_named(root, itinerary):
    ahead = [w for w in itinerary.waypoints if w.status.looks_ahead]
    expected = next((w for w in ahead if w.status is Modality.EXPECTED), None)
    # All ways of these journeys are equally long, so that the first possible stop is the nearest.
    following = expected or next(iter(ahead), None)
    last = [w for w in itinerary.waypoints if w.sequence == itinerary.last_reported]
    for waypoint in [*last, *([following] if following else [])]:
        # A name may be cut at its end, and go on in another line.
        begin = (plain(waypoint.place.name).split() or [""])[0][:4]
        named = [
            text.text
            for group in elements(root, "g", "name")
            if str(waypoint.sequence) in group.get("data-waypoint").split()
            for text in group
        ]
        told = [text.text for text in elements(root, "text", "told")]
        assert any(begin in text for text in named + told), (waypoint.sequence, begin)
