"""SVG documents: elements with attributes, text escaped, the same bytes for the same drawing.

Lives here: :class:`Drawing`, on the standard library's element tree. Not here: what is drawn.
Imports the room's own lettering.
"""

import re
from typing import TypeAlias
from xml.etree import ElementTree as ET

from app.pictures.lettering import FAMILIES

Element: TypeAlias = ET.Element
Value: TypeAlias = str | float | None

# What XML 1.0 does not allow, however it is escaped.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Drawing:
    """A picture that is being drawn, ``width`` by ``height`` pixels.

    Attributes are keyword arguments: ``stroke_width=2`` is ``stroke-width="2"``, ``class_`` is
    ``class``; ``None`` leaves one out. ``name`` makes the ids of title and description differ
    between pictures that stand in one page.
    """

    def __init__(
        self,
        width: float,
        height: float,
        *,
        name: str,
        title: str,
        description: str,
        **extra: Value,
    ) -> None:
        self.width, self.height = width, height
        self.root = ET.Element(
            "svg",
            _attributes(
                {
                    "xmlns": "http://www.w3.org/2000/svg",
                    "viewBox": f"0 0 {number(width)} {number(height)}",
                    "width": width,
                    "height": height,
                    "role": "img",
                    "aria_labelledby": f"{name}-title",
                    "aria_describedby": f"{name}-desc",
                    "font_family": FAMILIES,
                    **extra,
                }
            ),
        )
        self.add("title", id=f"{name}-title").text = _clean(title)
        self.add("desc", id=f"{name}-desc").text = _clean(description)

    def add(self, tag: str, parent: Element | None = None, **attributes: Value) -> Element:
        """A new element in ``parent``, or in the picture itself."""
        return ET.SubElement(self.root if parent is None else parent, tag, _attributes(attributes))

    def text(
        self, text: str, x: float, y: float, parent: Element | None = None, **attributes: Value
    ) -> Element:
        """A text with its baseline at ``y``."""
        element = self.add("text", parent, x=x, y=y, **attributes)
        element.text = _clean(text)
        return element

    def titled(self, element: Element, title: str) -> Element:
        """``element`` with what is told of it when it is pointed at."""
        self.add("title", element).text = _clean(title)
        return element

    def to_text(self) -> str:
        """The picture as it stands inside a page."""
        return ET.tostring(self.root, encoding="unicode", short_empty_elements=True)

    def to_bytes(self) -> bytes:
        """The picture as a file of its own."""
        return b'<?xml version="1.0" encoding="UTF-8"?>\n' + self.to_text().encode() + b"\n"


def number(value: float) -> str:
    """A number to a tenth of a pixel, as short as it can be written."""
    written = f"{value:.1f}".removesuffix(".0")
    return "0" if written == "-0" else written


def _attributes(values: dict[str, Value]) -> dict[str, str]:
    return {
        name.removesuffix("_").replace("_", "-"): _clean(value)
        if isinstance(value, str)
        else f"{value:g}"
        if "opacity" in name
        else number(value)
        for name, value in values.items()
        if value is not None
    }


def _clean(text: str) -> str:
    return _ILLEGAL.sub("\ufffd", text)
