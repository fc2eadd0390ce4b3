"""How a picture looks: how large, in which colours, in whose names and words.

Lives here: :class:`Look`, the sizes that are offered, and names by language. Imports the
journey's nouns, the words and the room's palette.
"""

from dataclasses import dataclass
from enum import StrEnum

from app.journey.model import Place
from app.pictures.palette import DARK, LIGHT, Palette
from app.words import ENGLISH, Words


class Theme(StrEnum):
    """Light or dark."""

    LIGHT = "light"
    DARK = "dark"

    @property
    def palette(self) -> Palette:
        """Its colours."""
        return DARK if self is Theme.DARK else LIGHT


class Size(StrEnum):
    """What a picture is for."""

    CARD = "card"
    PRINT = "print"
    PAGE = "page"
    COLUMN = "column"
    PHONE = "phone"
    SMALL = "small"

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height."""
        return _PIXELS[self]


_PIXELS = {
    Size.CARD: (1200, 630),
    Size.PRINT: (1600, 1200),
    Size.PAGE: (1080, 620),
    Size.COLUMN: (720, 560),
    Size.PHONE: (360, 520),
    Size.SMALL: (440, 300),
}

LANGUAGES = ("en", "ko", "ru", "zh", "ja")
"""BCP 47 languages that places may be named in."""


@dataclass(frozen=True, slots=True)
class Look:
    """``name`` makes the ids in the picture its own; ``credit`` is drawn at its foot.

    ``language`` is that of names, ``words`` are what is said beside them.
    ``note`` says whose view of borders the data shows; a map draws it where it has the room.
    ``has_heading`` puts the trip's title and status line over it: a picture that stands alone
    says what it is, one inside a page does not say it again.
    """

    width: int
    height: int
    palette: Palette = LIGHT
    language: str = "en"
    name: str = "picture"
    credit: str = ""
    note: str = ""
    words: Words = ENGLISH
    has_heading: bool = True

    @property
    def is_small(self) -> bool:
        """Whether there is room for the most important only."""
        return self.width < 700

    def name_of(self, place: Place) -> str:
        """A place's name in the language of the picture, or else its usual one."""
        return place.names.get(self.language, place.name) if self.language != "en" else place.name
