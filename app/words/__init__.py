"""What an embed says, in every language: the words of its page, its scripts and its pictures.

Lives here: the mappings, one for each language, and :class:`Words`, which fills them in. Another
language is another module like :mod:`app.words.english` with the same texts, and its line in
``LANGUAGES``; nothing else. Everything that an embed shows is handed the words of its language;
pages, files and feeds, which are English, ask the same functions without. Imports nothing of ours,
so that every room can use it.
"""

from collections.abc import Mapping

from app.words.english import ENGLISH
from app.words.message import Message
from app.words.words import Words

__all__ = ["ENGLISH", "LANGUAGES", "Message", "Words", "words_in"]

LANGUAGES: Mapping[str, Words] = {words.language: words for words in (ENGLISH,)}
"""The words by language (BCP 47); the first is the usual one."""


def words_in(language: str) -> Words:
    """The words of a language, or else the usual ones.

    Pictures name places in more languages than there are words of.
    """
    return LANGUAGES.get(language, ENGLISH)
