"""A language of its own for tests: every English text in letters that English does not have.

``en-XA`` is what Unicode calls such a language; browsers count in it as in English.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from app.web import embed_choice
from app.words import ENGLISH, LANGUAGES, Words

TAG = "en-XA"

_PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_OTHER = "åƀçđéƒĝĥîĵķļɱñöþǫŕšţûṽŵẋýžÅƁÇĐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽ"
_LETTERS = str.maketrans(_PLAIN, _OTHER)
_PLACE = re.compile(r"(\{\w+\})")

# Ours are no words: marks within numbers, and what an address holds.
_AS_THEY_ARE = {"thousands_mark", "decimal_mark"}


def pseudo(text: str) -> str:
    """A text in the other letters, the places for its values as they are.

    >>> pseudo("Known at {time}")
    'Ķñöŵñ åţ {time}'
    """
    return "".join(
        part if _PLACE.fullmatch(part) else part.translate(_LETTERS) for part in _PLACE.split(text)
    )


PSEUDO = Words(
    TAG,
    ENGLISH.plural,
    {
        section: {
            name: text if name in _AS_THEY_ARE else pseudo(text) for name, text in texts.items()
        }
        for section, texts in ENGLISH.sections.items()
    },
)


@contextmanager
def spoken() -> Iterator[None]:
    """While it lasts, embeds are there in the language too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(LANGUAGES, TAG, PSEUDO)  # type: ignore[misc]  # a mapping to all but tests
        offered = {**embed_choice.OFFERED, "lang": tuple(LANGUAGES)}
        patch.setattr(embed_choice, "OFFERED", offered)
        yield
