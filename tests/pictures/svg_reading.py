"""Reads pictures back: their elements, and the boxes that their texts take."""

from dataclasses import dataclass
from xml.etree import ElementTree as ET

from app.pictures.lettering import ROOM_FOR_OTHER_FONTS, Lettering

NAMESPACE = "{http://www.w3.org/2000/svg}"
ASCENT, DESCENT = 0.78, 0.22
"""Of most letters, in font sizes."""


@dataclass(frozen=True)
class TextBox:
    text: str
    kind: str
    left: float
    top: float
    right: float
    bottom: float

    def covers(self, other, by=0.5):
        return (
            self.left < other.right - by
            and other.left < self.right - by
            and self.top < other.bottom - by
            and other.top < self.bottom - by
        )

    def holds(self, x, y):
        return self.left < x < self.right and self.top < y < self.bottom


def parsed(svg: str | bytes) -> ET.Element:
    return ET.fromstring(svg)


def elements(root: ET.Element, tag: str, kind: str | None = None) -> list[ET.Element]:
    return [
        e
        for e in root.iter(NAMESPACE + tag)
        if kind is None or kind in (e.get("class") or "").split()
    ]


def text_boxes(root: ET.Element, lettering: Lettering) -> list[TextBox]:
    """The boxes of all texts, in our own fonts."""
    found: list[TextBox] = []

    def walk(element: ET.Element, size: float) -> None:
        size = float(element.get("font-size", size))
        if element.tag == NAMESPACE + "text" and element.text:
            bold = element.get("font-weight") == "bold"
            width = lettering.width(element.text, size, bold=bold) / ROOM_FOR_OTHER_FONTS
            x, y = float(element.get("x", 0)), float(element.get("y", 0))
            shift = {"middle": 0.5, "end": 1.0}.get(element.get("text-anchor", "start"), 0.0)
            left = x - shift * width
            found.append(
                TextBox(
                    element.text,
                    element.get("class") or "",
                    left,
                    y - ASCENT * size,
                    left + width,
                    y + DESCENT * size,
                )
            )
        for child in element:
            walk(child, size)

    walk(root, 16.0)
    return found


def covered(boxes: list[TextBox]) -> list[str]:
    return [
        f"{a.text} / {b.text}" for n, a in enumerate(boxes) for b in boxes[n + 1 :] if a.covers(b)
    ]
