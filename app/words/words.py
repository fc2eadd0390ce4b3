"""The words of one language, and how they are filled in.

Lives here: :class:`Words`: texts with their values, plural forms, numbers, days and clocks. Not
here: the texts, and what is said when (:mod:`app.wording`).
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime

Section = Mapping[str, str]


class Words:
    """The words of a ``language`` (BCP 47), by name: ``words["play"]``.

    ``sections`` are its texts, parted by where they are read; a name stands in one of them only. A
    value has its place in braces, as ``{time}``. A text about a number is there once for each
    plural form of the language, named as Unicode does
    (https://cldr.unicode.org/index/cldr-spec/plural-rules): ``steps_one``, ``steps_other``.
    ``plural`` tells the form that goes with a number: the same that browsers know.

    >>> from app.words import ENGLISH
    >>> ENGLISH.say("known_at", time="noon")
    'Known at noon'
    >>> ENGLISH.counted("contradictions", 1), ENGLISH.counted("contradictions", 2)
    ('1 contradiction', '2 contradictions')
    """

    def __init__(
        self, language: str, plural: Callable[[int], str], sections: Mapping[str, Section]
    ) -> None:
        self.language, self.plural, self.sections = language, plural, sections
        self._texts = {name: text for texts in sections.values() for name, text in texts.items()}
        if len(self._texts) < sum(map(len, sections.values())):
            raise ValueError(f"a name stands in two sections of the words of {language}")
        self._months = self["months"].split()
        self._marks = str.maketrans({",": self["thousands_mark"], ".": self["decimal_mark"]})

    def __getitem__(self, name: str) -> str:
        """A text as it stands, with the places for its values."""
        return self._texts[name]

    @property
    def for_scripts(self) -> dict[str, str]:
        """What a page's scripts say."""
        return dict(self.sections["scripts"])

    def say(self, name: str, /, **values: object) -> str:
        """A text with its values."""
        return self[name].format(**values)

    def counted(self, name: str, count: int) -> str:
        """The text about a number in the plural form that goes with it."""
        return self.say(f"{name}_{self.plural(count)}", count=self.number(count, "d"))

    def number(self, value: float, form: str = ",.0f") -> str:
        """A number in a format of Python's, with the marks of the language.

        >>> from app.words import ENGLISH
        >>> ENGLISH.number(1154.4), ENGLISH.number(62.5, "g")
        ('1,154', '62.5')
        """
        return f"{value:{form}}".translate(self._marks)

    def km(self, value: float) -> str:
        """A distance to the kilometre: ``1,154 km``."""
        return self.say("km", number=self.number(value))

    def kmh(self, value: float, form: str = ",.0f") -> str:
        """A speed: ``62 km/h``."""
        return self.say("kmh", number=self.number(value, form))

    def day(self, at: date) -> str:
        """``12 Sep``."""
        return self.say("day", day=at.day, month=self._months[at.month - 1])

    def day_and_year(self, at: date) -> str:
        """``12 Sep 2023``."""
        month = self._months[at.month - 1]
        return self.say("day_and_year", day=at.day, month=month, year=at.year)

    def moment(self, at: datetime) -> str:
        """An instant in its own clock, as ``12 Sep 06:00``."""
        return self.say("moment", day=self.day(at), clock=f"{at:%H:%M}")
