"""XML as bytes: elements with text that is always text, in files that are always well-formed.

Lives here: what GPX, KML and Atom share. Prefixes are written out in the names, and declared by
whoever makes the root. Imports nothing of ours.
"""

import re
from collections.abc import Mapping
from xml.etree import ElementTree as ET

REPLACEMENT = "\ufffd"
"""Stands for a character that a file cannot hold (U+FFFD, the replacement character)."""

# All that is no Char (XML 1.0, production 2): most controls, surrogates, U+FFFE and U+FFFF.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def plain_text(text: str) -> str:
    r"""``text`` without what XML 1.0 cannot hold even when escaped, lines ending in ``\n``.

    >>> plain_text("a\x00b\r\nc")
    'a�b\nc'
    """
    # A reader of XML makes the same of line ends (section 2.11).
    return _FORBIDDEN.sub(REPLACEMENT, text).replace("\r\n", "\n").replace("\r", "\n")


def root(tag: str, attributes: Mapping[str, str]) -> "ET.Element[str]":
    """The outermost element."""
    return ET.Element(tag, dict(attributes))


def child(
    parent: "ET.Element[str]",
    tag: str,
    text: str | None = None,
    attributes: Mapping[str, str] | None = None,
) -> "ET.Element[str]":
    """A new last element of ``parent``."""
    made = ET.SubElement(
        parent, tag, {name: plain_text(value) for name, value in (attributes or {}).items()}
    )
    if text is not None:
        made.text = plain_text(text)
    return made


def to_bytes(outermost: "ET.Element[str]") -> bytes:
    """The document in UTF-8, one element on a line; the same elements give the same bytes."""
    ET.indent(outermost, space=" ")
    body: bytes = ET.tostring(outermost, encoding="utf-8", xml_declaration=True)
    return body + b"\n"
