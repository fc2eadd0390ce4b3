"""Names as keys: folding, feature words in several languages, and the language of a script.

Lives here: what makes two spellings the same name, shared by the build of the gazetteer and
the search in it. Not here: the index (:mod:`app.geo.gazetteer_build`) and ranking
(:mod:`app.geo.place_search`). Imports the standard library only.
"""

import re
import unicodedata
from typing import NamedTuple

# Letters that Unicode does not take apart, with what people type for them.
_PLAIN = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "ħ": "h",
        "ı": "i",
        "ŋ": "n",
        "ŧ": "t",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ә": "а",
        **dict.fromkeys("'’‘ʼʹʻ`´ʿʾ′″ъь\u00ad\u200b\u200c\u200d\u2060\ufeff"),
    }
)
# Vowel signs and points of other scripts belong to their letters; all else that is no letter
# or digit parts words.
_SEPARATORS = re.compile(
    r"(?:[^\w\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u109f\u17b4-\u17d3\u3099\u309a]|_)+"
)
_MARKS = re.compile(r"[\u0300-\u036f]+")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_KANA = re.compile(r"[\u3041-\u30ff]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_RUSSIAN = re.compile(r"[А-Яа-яЁё0-9 \-.]+")

RUSSIAN_WRITING = frozenset({"RU"})
"""Countries where an untagged Cyrillic name is Russian."""


def fold(name: str) -> str:
    """The key of a name: no case, accents, apostrophes, hyphens or doubled spaces.

    Folding twice changes nothing. The key of a text without letters or digits is empty.

    >>> fold("Komsomol’sk-na-Amure"), fold("P'yŏngyang"), fold("하산")
    ('komsomolsk na amure', 'pyongyang', '하산')
    """
    if not name.isascii():
        name = _MARKS.sub("", unicodedata.normalize("NFKD", name.casefold()))
        name = unicodedata.normalize("NFC", name.casefold().translate(_PLAIN))
    else:
        name = name.lower().replace("'", "").replace("`", "")
    return _SEPARATORS.sub(" ", name).strip()


class FeatureWord(NamedTuple):
    """A word that tells the kind of a place, and the features it may mean."""

    word: str
    features: frozenset[str]


def _feature_words() -> tuple[FeatureWord, ...]:
    groups = {
        ("river", "water", "bridge"): "river, river of, reka, река, р",
        ("bridge", "border_crossing"): (
            "bridge, railway bridge, rail bridge, most, мост, мост через, мост через реку, "
            "железнодорожный мост, ж д мост, river bridge, river rail bridge, river railway bridge"
        ),
        ("station", "junction"): (
            "station, railway station, train station, rail station, ст, станция, вокзал, "
            "ж д станция, железнодорожная станция, junction, gare de, gare, ga"
        ),
        ("spaceport",): "cosmodrome, spaceport, космодром, launch site",
        ("university",): "university, университет",
        ("city", "town", "place"): (
            "city of, city, town of, town, village of, village, settlement, г, город, "
            "посёлок, поселок, пгт, п, ville de, municipality"
        ),
        ("country",): "republic of, federation",
    }
    return tuple(
        FeatureWord(word, frozenset(features))
        for features, text in groups.items()
        for word in sorted({fold(part) for part in text.split(",")})
    )


def _feature_suffixes() -> tuple[FeatureWord, ...]:
    groups = {
        ("station", "junction"): "기차역 역 火车站 火車站 站 駅",
        ("river", "water", "bridge"): "강 江 河 川",
        ("bridge", "border_crossing"): "철교 대교 다리 铁路桥 大桥 大橋 桥 橋",
        ("city", "town", "place"): "직할시 특별시 광역시 시 市",
        ("spaceport",): "우주기지 航天发射场 宇宙基地",
    }
    return tuple(
        FeatureWord(word, frozenset(features))
        for features, text in groups.items()
        for word in text.split()
    )


_WORDS = tuple(sorted(_feature_words(), key=lambda entry: (-len(entry.word), entry.word)))
_SUFFIXES = tuple(sorted(_feature_suffixes(), key=lambda entry: (-len(entry.word), entry.word)))


def without_feature_words(key: str) -> tuple[str, frozenset[str]]:
    """What is left of a folded key without the word for its kind, and the kinds it may mean.

    One word in front or behind is taken away; a name made of nothing else stays whole.

    >>> left, features = without_feature_words("razdolnaya river")
    >>> left, "river" in features
    ('razdolnaya', True)
    """
    for word, features in _WORDS:
        for left in (
            key.removesuffix(f" {word}") if key.endswith(f" {word}") else "",
            key.removeprefix(f"{word} ") if key.startswith(f"{word} ") else "",
        ):
            if left.strip():
                return left.strip(), features
    for word, features in _SUFFIXES:
        left = key.removesuffix(word).strip() if key.endswith(word) else ""
        if len(left) >= 2:
            return left, features
    return key, frozenset()


def language_of(name: str, country: str) -> str | None:
    """The language that the script of an untagged name gives away, if it does.

    Hangul is Korean and kana Japanese. Han is Japanese in Japan, else Chinese. Cyrillic is
    Russian only where Russian is what people write, and only in Russian letters: Ukrainian
    and Bulgarian names stay without a language.
    """
    if _HANGUL.search(name):
        return "ko"
    if _KANA.search(name):
        return "ja"
    if _HAN.search(name):
        return "ja" if country == "JP" else "zh"
    if country in RUSSIAN_WRITING and _RUSSIAN.fullmatch(name) and _CYRILLIC.search(name):
        return "ru"
    return None


_LATIN_OF_RUSSIAN = str.maketrans(
    {
        **dict(zip("абвгдезийклмнопрстуфыэё", "abvgdeziyklmnoprstufyee", strict=True)),
        "ж": "zh",
        "х": "kh",
        "ц": "ts",
        "ч": "ch",
        "ш": "sh",
        "щ": "shch",
        "ю": "yu",
        "я": "ya",
        # The signs count: without them a Ukrainian form would pass for the Russian one.
        "ъ": "”",
        "ь": "’",
    }
)


def romanised_russian(name: str) -> str:
    """A Russian name in Latin letters as GeoNames writes it, to compare it with its name.

    >>> romanised_russian("Хасан"), romanised_russian("Тверь")
    ('khasan', 'tver’')
    """
    return name.lower().translate(_LATIN_OF_RUSSIAN)
