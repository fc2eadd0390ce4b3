"""The fonts that pictures are drawn with, at set-up: cut to what is printed, and measured.

Lives here: two weights of the Latin, Greek and Cyrillic letters out of one variable font, the
Hangul and Han of :mod:`app.geo.script_fonts`, and how far each character advances. Not here: who
draws with them. The server does not import it, nor its library.
"""

import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont, TTLibError
from fontTools.varLib import instancer

from app.errors import BuildError
from app.geo.script_fonts import SCRIPT_FONTS

WEIGHTS = {"regular": 400, "bold": 700}
WIDTHS = "widths.json"

_KEPT = frozenset(
    [
        *range(0x20, 0x7F),
        *range(0xA0, 0x250),  # Latin with all its marks
        *range(0x2B0, 0x370),  # letters and marks that modify
        *range(0x370, 0x530),  # Greek, Cyrillic
        *range(0x1E00, 0x2000),  # Vietnamese, Greek of old
        *range(0x2010, 0x2040),  # dashes, quotes, bullets
        *range(0x20A0, 0x20C0),  # money
        0x2116,  # the Russian number sign
        0x2190,
        0x2192,
        0x2212,
        0x2260,
        0x2264,
        0x2265,
    ]
)


def build(inputs: Mapping[str, Path], output: Path, progress: Callable[[float], None]) -> None:
    """Make the directory ``output``: ``regular.ttf``, ``bold.ttf``, a file for each other script,
    the licences, and the widths.

    ``inputs`` are ``latin_font``, ``latin_font_licence``, and each script's font with its
    licence. ``widths.json`` holds advances in thousandths of the font size by code point, for
    each weight. Raises :class:`BuildError` when a font cannot be read.
    """
    output.mkdir()
    widths: dict[str, dict[int, int]] = {}
    steps = len(WEIGHTS) + len(SCRIPT_FONTS)
    try:
        for done, (name, weight) in enumerate(WEIGHTS.items(), 1):
            font = _instance(inputs["latin_font"], weight, name)
            font.save(output / f"{name}.ttf")
            widths[name] = _advances(font)
            progress(done / steps)
        for done, script in enumerate(SCRIPT_FONTS, len(WEIGHTS) + 1):
            cut = script.subset(inputs[script.file_id].read_bytes())
            (output / script.name).write_bytes(cut)
            advances = _advances(TTFont(io.BytesIO(cut)))
            for known in widths.values():
                known |= {code: width for code, width in advances.items() if code not in known}
            progress(done / steps)
    except TTLibError as error:
        raise BuildError(f"a font for pictures cannot be read: {error}") from error
    (output / WIDTHS).write_text(json.dumps(widths, sort_keys=True), "utf-8")
    licences = [inputs["latin_font_licence"]] + [inputs[s.licence_id] for s in SCRIPT_FONTS]
    texts = dict.fromkeys(path.read_text("utf-8").strip() for path in licences)
    (output / "LICENCE.txt").write_text("\n\n".join(texts) + "\n", "utf-8")


def _instance(path: Path, weight: int, name: str) -> TTFont:
    variable = TTFont(path, recalcTimestamp=False)
    font = instancer.instantiateVariableFont(variable, {"wght": weight, "wdth": 100})
    # Kerning would make text narrower than the sum of its advances, which is what is measured.
    options = Options(layout_features=["ccmp", "mark", "mkmk"], hinting=False, notdef_outline=True)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=_KEPT)
    subsetter.subset(font)
    font["OS/2"].usWeightClass = weight
    for record in font["name"].names:
        if record.nameID in (2, 17):
            record.string = name.capitalize()
    return font


def _advances(font: TTFont) -> dict[int, int]:
    scale = 1000 / font["head"].unitsPerEm
    metrics = font["hmtx"].metrics
    return {code: round(metrics[glyph][0] * scale) for code, glyph in font.getBestCmap().items()}
