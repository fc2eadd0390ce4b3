"""The fonts of pictures, and how wide a text is in them.

Lives here: :class:`Lettering`, which measures and names fonts. The files are made by
``dateline prepare``; where they are is told by whoever wires. Imports errors only.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.errors import MissingReferenceError

FAMILIES = (
    "'Noto Sans', 'Noto Sans KR', 'Noto Sans SC', system-ui, -apple-system, 'Segoe UI', Roboto, "
    "'Helvetica Neue', 'Liberation Sans', Arial, 'Apple SD Gothic Neo', 'Malgun Gothic', "
    "'PingFang SC', 'Microsoft YaHei', sans-serif"
)
"""Ours first; then what readers' systems have, for a picture that was downloaded."""

ROOM_FOR_OTHER_FONTS = 1.2
"""A text may be this much wider in the fonts that a browser has in place of ours."""

_WIDE = 1000
_USUAL = 600


class Advances(dict[int, int]):
    """How far each character advances, by code point, in thousandths of the size."""

    def __missing__(self, code: int) -> int:
        """What most characters do that no font of ours has."""
        return _WIDE if code > 0x2E80 else _USUAL


@dataclass(frozen=True, slots=True)
class Lettering:
    """Fonts to draw with; ``widths`` are advances by weight, ``regular`` and ``bold``."""

    files: tuple[str, ...]
    widths: Mapping[str, Advances]

    @classmethod
    def load(cls, directory: Path) -> "Lettering":
        """The fonts in a directory that ``dateline prepare`` made.

        Raises :class:`MissingReferenceError` when they are not there.
        """
        try:
            stored = json.loads((directory / "widths.json").read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise MissingReferenceError(
                f"The fonts of pictures are not at {directory}. Run `dateline prepare`"
            ) from error
        widths = {
            weight: Advances((int(code), advance) for code, advance in known.items())
            for weight, known in stored.items()
        }
        files = sorted(str(p) for p in directory.iterdir() if p.suffix in (".ttf", ".otf"))
        return cls(tuple(files), widths)

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """How wide a text is at a font size, with room for other fonts than ours."""
        return self._advance(text, bold) * size / 1000 * ROOM_FOR_OTHER_FONTS

    def _advance(self, text: str, bold: bool) -> int:
        known = self.widths["bold" if bold else "regular"]
        return sum(map(known.__getitem__, map(ord, text)))

    def shortened(self, text: str, size: float, room: float, *, bold: bool = False) -> str:
        """The text, cut with an ellipsis where it is wider than ``room``."""
        if self.width(text, size, bold=bold) <= room:
            return text
        while text and self.width(text + "…", size, bold=bold) > room:
            text = text[:-1].rstrip()
        return text + "…"

    def lines(
        self, text: str, size: float, room: float, *, most: int, bold: bool = False
    ) -> list[str]:
        """The text in up to ``most`` lines no wider than ``room``; the last cut if it must be."""
        lines: list[str] = []
        words = text.split()
        space = self._advance(" ", bold)
        begin, advance = 0, 0
        for n, word in enumerate(words):
            of_word = self._advance(word, bold)
            longer = advance + space + of_word
            if n > begin and longer * size / 1000 * ROOM_FOR_OTHER_FONTS > room:
                if len(lines) == most - 1:
                    break
                lines.append(" ".join(words[begin:n]))
                begin, advance = n, of_word
            else:
                advance = longer if n > begin else of_word
        rest = " ".join(words[begin:])
        return [*lines, self.shortened(rest, size, room, bold=bold)] if rest else lines
