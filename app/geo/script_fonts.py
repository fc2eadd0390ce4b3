"""Fonts for browsers on machines that have none for Hangul or for Han.

Lives here: which characters are kept of a font, and the style that offers it. Used at set-up
only (:mod:`app.geo.assets_build`); the server does not import it, nor its library.
"""

import io
from collections.abc import Iterable
from dataclasses import dataclass

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont, TTLibError

from app.errors import BuildError


@dataclass(frozen=True, slots=True)
class ScriptFont:
    """One font as it is served.

    ``family`` is what style sheets call it, at the end of their lists. ``characters`` are kept,
    all others cut off; a browser asks for the font only where a page shows one of
    ``unicode_range``, and downloads it only if none of the fonts ``installed`` (full and
    PostScript names of what systems bring along) is there. ``work`` and ``copyright_line`` are
    for the notice.
    """

    name: str
    file_id: str
    licence_id: str
    family: str
    work: str
    copyright_line: str
    kept: str
    characters: frozenset[int]
    unicode_range: str
    installed: tuple[str, ...]

    def subset(self, font: bytes) -> bytes:
        """The font with nothing but ``characters``; the same bytes for the same font.

        Raises :class:`BuildError` when it is no font, or lacks more than a few of them.
        """
        try:
            opened = TTFont(io.BytesIO(font), recalcTimestamp=False)
            lacking = self.characters - set(opened.getBestCmap())
            if len(lacking) > len(self.characters) // 100:
                raise BuildError(f"{self.work} lacks {len(lacking)} characters of {self.kept}")
            # These characters stand side by side as they are: no feature of layout is needed.
            options = Options(
                layout_features=[],
                hinting=False,
                notdef_outline=True,
                drop_tables=["BASE", "DSIG", "GDEF", "GPOS", "GSUB", "VORG", "vhea", "vmtx"],
                name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14],
            )
            subsetter = Subsetter(options)
            subsetter.populate(unicodes=self.characters)
            subsetter.subset(opened)
            made = io.BytesIO()
            opened.save(made)
        except TTLibError as error:
            raise BuildError(f"{self.work} cannot be read: {error}") from error
        return made.getvalue()

    def face(self, file_name: str) -> str:
        """A style that offers the file beside it."""
        sources = [f'local("{name}")' for name in self.installed]
        sources.append(f'url("{file_name}") format("opentype")')
        return (
            f'@font-face {{\n  font-family: "{self.family}";\n  font-display: swap;\n'
            f"  src: {', '.join(sources)};\n"
            f"  unicode-range: {self.unicode_range};\n}}\n"
        )


def _characters(encoding: str, rows: Iterable[int]) -> frozenset[int]:
    """What a national standard of two bytes a character has in some of its rows."""
    pairs = (bytes((row, cell)) for row in rows for cell in range(0xA1, 0xFF))
    return frozenset(ord(found) for pair in pairs if (found := pair.decode(encoding, "ignore")))


# All 11,172 syllables would make a file over four times as large; print keeps to these 2,350.
_KS_X_1001 = _characters("euc_kr", range(0xB0, 0xC9)) | frozenset(range(0x3131, 0x318F))
_GB_2312 = _characters("gb2312", range(0xB0, 0xF8)) | frozenset(range(0x3001, 0x3100)) - {0x3040}

HANGUL = ScriptFont(
    name="hangul.otf",
    file_id="hangul_font",
    licence_id="hangul_font_licence",
    family="Dateline Hangul",
    work="Noto Sans KR",
    copyright_line="Copyright 2014-2021 Adobe (http://www.adobe.com/)",
    kept="KS X 1001",
    characters=_KS_X_1001,
    unicode_range="U+3131-318E, U+AC00-D7A3",
    installed=(
        "Apple SD Gothic Neo",
        "AppleSDGothicNeo-Regular",
        "Malgun Gothic",
        "MalgunGothic",
        "Noto Sans KR",
        "Noto Sans KR Regular",
        "NotoSansKR-Regular",
        "Noto Sans CJK KR",
        "Noto Sans CJK KR Regular",
        "NotoSansCJKkr-Regular",
        "Pretendard",
        "NanumGothic",
        "Nanum Gothic",
        "UnDotum",
        "Baekmuk Dotum",
    ),
)
HAN = ScriptFont(
    name="han.otf",
    file_id="han_font",
    licence_id="han_font_licence",
    family="Dateline Han",
    work="Noto Sans SC",
    copyright_line="Copyright 2014-2021 Adobe (http://www.adobe.com/)",
    kept="GB 2312",
    characters=_GB_2312,
    unicode_range="U+3001-30FF, U+4E00-9FFF",
    installed=(
        "PingFang SC",
        "PingFangSC-Regular",
        "Hiragino Sans GB",
        "Microsoft YaHei",
        "MicrosoftYaHei",
        "SimSun",
        "Noto Sans SC",
        "Noto Sans SC Regular",
        "NotoSansSC-Regular",
        "Noto Sans CJK SC",
        "Noto Sans CJK SC Regular",
        "NotoSansCJKsc-Regular",
        "Noto Sans CJK JP",
        "NotoSansCJKjp-Regular",
        "Hiragino Sans",
        "Yu Gothic",
        "WenQuanYi Micro Hei",
        "WenQuanYi Zen Hei",
        "Droid Sans Fallback",
    ),
)
SCRIPT_FONTS = (HANGUL, HAN)
