"""A text that knows how it is said in other languages.

Lives here: :class:`Message`, for what is said where nobody knows yet in which language it will be
read: of errors. Imports the words.
"""

from app.words.english import ENGLISH
from app.words.words import Words


class Message(str):
    """An English text that :meth:`within` says again; in all other ways a text like others.

    >>> Message("no_trip", slug="x")
    'there is no trip “x”'
    """

    name: str
    values: dict[str, object]

    def __new__(cls, name: str, /, **values: object) -> "Message":
        """The text called ``name`` with its values, which may be messages themselves."""
        made = super().__new__(cls, ENGLISH.say(name, **values))
        made.name, made.values = name, values
        return made

    @staticmethod
    def within(words: Words, text: object) -> str:
        """A text in other words, where it is a message; what people wrote stays as it is."""
        if not isinstance(text, Message):
            return str(text)
        return words.say(
            text.name, **{name: Message.within(words, v) for name, v in text.values.items()}
        )
