"""Texts of a static map: names made plain, lines that are never cut, sizes.

Lives here: what text needs before it is set. Imports the room's lettering.
"""

import unicodedata

from app.pictures.lettering import Lettering

LONGEST = 160
"""Letters of a name; no picture has room for more."""


def plain(text: str, longest: int = LONGEST) -> str:
    """A name on one line that turns nothing around it: without controls, spaces collapsed."""
    text = text[:longest]
    if text.isprintable():
        return " ".join(text.split())  # as nearly all names are
    kept = "".join(
        " " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c
        for c in text
        if unicodedata.category(c) not in ("Cf", "Cs") or c == "\u200d"
    )
    return " ".join(kept.split())


def whole_lines(text: str, size: float, room: float, lettering: Lettering) -> list[str]:
    """All of a text in lines no wider than ``room``; a word that is wider is broken."""
    lines: list[str] = []
    for word in plain(text, len(text)).split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and lettering.width(longer, size) <= room:
            lines[-1] = longer
            continue
        lines.append("")
        for char in word:
            if lines[-1] and lettering.width(lines[-1] + char, size) > room:
                lines.append("")
            lines[-1] += char
    return lines


def sentences_that_fit(
    text: str, size: float, room: float, most: int, lettering: Lettering
) -> list[str]:
    """A text in up to ``most`` lines, without its last sentences where they do not fit."""
    sentences = [f"{part.rstrip('.')}." for part in plain(text, len(text)).split(". ") if part]
    while sentences:
        lines = whole_lines(" ".join(sentences), size, room, lettering)
        if len(lines) <= most:
            return lines
        if len(sentences) == 1:
            return lettering.lines(sentences[0], size, room, most=most) if most else []
        sentences.pop()
    return []
