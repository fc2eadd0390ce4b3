"""How an embed may look: the options of its address, each with its meaning and its limits.

Lives here: reading them, writing them in one form, and what the builder on a trip's page offers.
Not here: what is chosen of the trip itself (:mod:`app.web.parameters`). What stands in an article
for years goes on working: an option is never taken away, and unknown ones are ignored.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from app.errors import InputError
from app.publication.documents import instant
from app.publication.stretch import EVER, Moment, Stretch
from app.web.addresses import Query
from app.web.parameters import stretch_of
from app.words import LANGUAGES, Message, words_in

THEMES = ("auto", "light", "dark")
VIEWS = ("map", "diagram", "both")
LOWEST, HIGHEST = 200, 2000
"""Pixels that an embed may wish for its height."""

OFFERED: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "lang": tuple(LANGUAGES),
        "theme": THEMES,
        "view": VIEWS,
        "slider": ("1", "0"),
    }
)
"""The options that are one of a few, with what is offered for each; the first is the usual one."""

HEIGHTS: Mapping[str, int] = MappingProxyType({"map": 560, "diagram": 660, "both": 1080})
"""The height to keep free where the host does not ask, by ``view``, in pixels: right for a column
of text."""

NAMES = ("lang", "theme", "view", "from", "to", "slider", "height")
"""All options, in the order in which they are written."""

_PIXELS = re.compile(r"0{0,9}([1-9]\d{0,3})", re.ASCII)


@dataclass(frozen=True, slots=True)
class EmbedChoice:
    """What somebody chose who embeds a journey.

    ``stretch`` is the part of the journey that the map opens on and the diagram is cut to;
    ``height`` that of the whole embed in pixels, ``None`` for one that fits its width.

    >>> EmbedChoice.of({"theme": "dark", "view": "map", "height": "0400"}).query
    (('theme', 'dark'), ('height', '400'))
    """

    language: str = "en"
    theme: str = "auto"
    view: str = "map"
    stretch: Stretch = EVER
    has_slider: bool = True
    height: int | None = None

    @property
    def has_map(self) -> bool:
        """Whether the map is shown."""
        return self.view != "diagram"

    @property
    def has_diagram(self) -> bool:
        """Whether the time-distance diagram is shown."""
        return self.view != "map"

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "EmbedChoice":
        """From query parameters; an empty one is none, and others are ignored.

        Raises :class:`app.errors.InputError` naming the one that makes no sense.
        """
        given = {name: value for name in NAMES if (value := query.get(name))}
        return cls(
            language=_one_of(given, "lang"),
            theme=_one_of(given, "theme"),
            view=_one_of(given, "view"),
            stretch=stretch_of(given),
            has_slider=_one_of(given, "slider") == "1",
            height=_height(given),
        )

    @classmethod
    def as_far_as_it_makes_sense(cls, query: Mapping[str, str]) -> "EmbedChoice":
        """The same without the options that :meth:`of` would refuse."""
        given = {name: value for name in NAMES if (value := query.get(name))}
        while True:
            try:
                return cls.of(given)
            except InputError as error:
                del given[error.field]

    def title_of(self, title: str) -> str:
        """What a frame is called that shows a trip of that title: for who cannot see it."""
        return f"{title}: {words_in(self.language)[f'frame_{self.view}']}"

    @property
    def frame_height(self) -> int:
        """The height of the frame that it is meant for, in pixels."""
        return self.height or HEIGHTS[self.view]

    @property
    def query(self) -> Query:
        """The one way to ask for it: in a fixed order, without what goes without saying."""
        written = {
            "lang": self.language,
            "theme": self.theme,
            "view": self.view,
            "from": _written(self.stretch.begin),
            "to": _written(self.stretch.end),
            "slider": "1" if self.has_slider else "0",
            "height": "" if self.height is None else str(self.height),
        }
        usual = {name: values[0] for name, values in OFFERED.items()}
        return tuple(
            (name, written[name])
            for name in NAMES
            if written[name] and written[name] != usual.get(name)
        )


def _one_of(given: Mapping[str, str], name: str) -> str:
    offered = OFFERED[name]
    value = given.get(name, offered[0])
    if value not in offered:
        text = "must_be_one_of" if len(offered) > 1 else "must_be"
        raise InputError(name, Message(text, offered=", ".join(offered), given=repr(value[:50])))
    return value


def _height(given: Mapping[str, str]) -> int | None:
    value = given.get("height")
    if value is None:
        return None
    match = _PIXELS.fullmatch(value)
    if match is None or not LOWEST <= int(match[1]) <= HIGHEST:
        raise InputError("height", Message("wrong_height", least=LOWEST, most=HIGHEST))
    return int(match[1])


def _written(moment: Moment | None) -> str:
    if isinstance(moment, datetime):
        return instant(moment) or ""
    return "" if moment is None else moment.isoformat()
