"""SVG pictures as PNG.

Lives here: the one call of resvg. System fonts are never used: where there are none it would drop
all text without a word, and where there are some, every machine would draw another picture.
Imports the room's own lettering.
"""

import resvg_py

from app.pictures.lettering import Lettering


def to_png(svg: str, lettering: Lettering, *, scale: float = 1.0) -> bytes:
    """The picture with ``scale`` pixels to the pixel of the SVG."""
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            zoom=scale,
            skip_system_fonts=True,
            font_files=list(lettering.files),
            font_family="Noto Sans",
            sans_serif_family="Noto Sans",
        )
    )
