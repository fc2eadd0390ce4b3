"""The words of an embed: each language has all of them, and each of them is asked for."""

import re
from pathlib import Path
from string import Formatter

import pytest

from app.words import ENGLISH, LANGUAGES, Message, Words, words_in
from tests.words.pseudo import PSEUDO, pseudo

ROOT = Path(__file__).parents[2]
FORMS = ("zero", "one", "two", "few", "many", "other")


def forms_of(words: Words) -> set[str]:
    """The plural forms of a language, among them those of large numbers."""
    return {words.plural(count) for count in (*range(1000), 10**6, 10**6 + 1)}


def texts_of(words: Words) -> dict[str, dict[str, str]]:
    """The texts without a number by name; those about one by their name and, below it, the form."""
    found: dict[str, dict[str, str]] = {}
    for section in words.sections.values():
        for name, text in section.items():
            stem, _, form = name.rpartition("_")
            if form in FORMS:
                found.setdefault(stem, {})[form] = text
            else:
                found[name] = {"": text}
    return found


def faults_of(words: Words) -> list[str]:
    """What a language lacks beside the English words, or has too much."""
    own, english = texts_of(words), texts_of(ENGLISH)
    faults = [f"{name}: missing" for name in english.keys() - own.keys()]
    faults += [f"{name}: not among the English words" for name in own.keys() - english.keys()]
    for name in english.keys() & own.keys():
        counted = "" not in english[name]
        wanted = forms_of(words) if counted else {""}
        if own[name].keys() != wanted:
            faults.append(f"{name}: has the forms {sorted(own[name])}, not {sorted(wanted)}")
        places = {place for text in english[name].values() for place in places_in(text)}
        for text in own[name].values():
            # "One step" needs no figure.
            if places_in(text) != places and not (counted and places_in(text) < places):
                faults.append(f"{name}: has the places {places_in(text)}, not {places}")
    for name, section in ENGLISH.sections.items():
        ours = {stem_of(n) for n in words.sections.get(name, {})}
        if ours != {stem_of(n) for n in section}:
            faults.append(f"{name}: is another section")
    if len(words["months"].split()) != 12:
        faults.append("months: are not twelve")
    return faults


def stem_of(name: str) -> str:
    stem, _, form = name.rpartition("_")
    return stem if form in FORMS else name


def places_in(text: str) -> set[str]:
    return {place for _, place, _, _ in Formatter().parse(text) if place is not None}


def changed(remove: str = "", **changes: str) -> Words:
    """English with other texts."""
    sections = {
        section: {n: changes.get(n, text) for n, text in texts.items() if n != remove}
        for section, texts in ENGLISH.sections.items()
    }
    return Words("xx", ENGLISH.plural, sections)


class TestEveryLanguage:
    @pytest.mark.parametrize("words", [*LANGUAGES.values(), PSEUDO], ids=lambda w: w.language)
    def test_has_all_words_in_all_their_forms(self, words):
        assert faults_of(words) == []

    @pytest.mark.parametrize(
        ("words", "fault"),
        [
            (changed(remove="local"), "local: missing"),
            (changed(remove="names_one"), "names: has the forms ['other'], not ['one', 'other']"),
            (changed(left_at="left"), "left_at: has the places set(), not {'time'}"),
            (changed(pin="{place}"), "pin: has the places {'place'}"),
            (changed(months="Jan Feb"), "months: are not twelve"),
        ],
    )
    def test_what_it_lacks_is_found(self, words, fault):
        assert any(found.startswith(fault) for found in faults_of(words))

    def test_one_with_more_plural_forms_needs_them_all(self):
        def russian(count: int) -> str:
            if count % 10 == 1 and count % 100 != 11:
                return "one"
            few = count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14)
            return "few" if few else "many"

        faults = faults_of(Words("ru", russian, ENGLISH.sections))
        assert {fault.partition(":")[0] for fault in faults} == {
            name for name, forms in texts_of(ENGLISH).items() if "" not in forms
        }

    def test_is_known_by_its_tag_and_others_are_said_in_english(self):
        assert {tag: words.language for tag, words in LANGUAGES.items()} == {
            tag: tag for tag in LANGUAGES
        }
        assert words_in("en") is words_in("ja") is ENGLISH
        assert next(iter(LANGUAGES)) == "en"


class TestEveryWord:
    """Names are searched for in the sources, in all the ways in which they are asked for."""

    def scripts(self) -> set[str]:
        asked: set[str] = set()
        for script in (ROOT / "static/js").glob("*.js"):
            text = script.read_text("utf-8")
            if 'from "./page.js"' in text:
                for call in re.findall(r"(?<![#.\w])say\(((?:[^()]|\([^()]*\))*)", text):
                    asked |= set(re.findall(r'"(\w+)"', call.partition("{")[0]))
                for name in re.findall(r'\bcounted\("(\w+)"', text):
                    asked |= {f"{name}_one", f"{name}_other"}
        return asked

    def test_that_scripts_ask_for_is_told_to_them_and_no_other(self):
        # By the status of a stop or a leg, and by the unit that Leaflet has.
        by_value = {"reported", "expected", "possible", "km", "m", "mi", "ft"}
        assert self.scripts() | by_value == set(ENGLISH.for_scripts)

    def test_is_asked_for_somewhere(self):
        sources = "\n".join(
            file.read_text("utf-8")
            for pattern in ("app/**/*.py", "templates/*.html")
            for file in ROOT.glob(pattern)
            if file != ROOT / "app/words/english.py"
        )
        asked = set(re.findall(r"[\"'](\w+)[\"']", sources))
        asked |= set(re.findall(r"\bwords\.(\w+)", sources)) | set(map(stem_of, self.scripts()))
        # By the unit that Leaflet has; put together from a kind of thing.
        asked |= {"m", "ft"}
        made = re.compile(r"(label|key|bar|frame)_\w+")
        names = {stem_of(name) for section in ENGLISH.sections.values() for name in section}
        assert {name for name in names - asked if not made.fullmatch(name)} == set()


class TestMessages:
    def test_are_english_texts(self):
        message = Message("fault", field="lang", reason="is odd")
        assert message == "lang: is odd"
        assert Message.within(ENGLISH, message) == message

    def test_are_said_again_in_other_words_with_all_that_is_in_them(self):
        advice = Message("no_such_instant", advice=Message("give_instant"))
        message = Message("fault", field="as_of", reason=advice)
        said = pseudo("there is no such time; give a time with its offset, such as ")
        assert Message.within(PSEUDO, message).startswith(f"as_of: {said}")

    def test_what_people_wrote_stays_as_it_is(self):
        assert Message.within(PSEUDO, "Gone {for} good.") == "Gone {for} good."
        within = Message("fault", field="x", reason="{y}")
        assert Message.within(PSEUDO, within) == "x: {y}"


def test_a_name_stands_in_one_section_only():
    sections = {**ENGLISH.sections, "more": {"play": "Play"}}
    with pytest.raises(ValueError, match="two sections"):
        Words("xx", ENGLISH.plural, sections)


def test_numbers_have_the_marks_of_the_language():
    words = changed(thousands_mark="\u00a0", decimal_mark=",")
    assert words.km(1154.4) == "1\u00a0154 km"
    assert words.kmh(62.5, "g") == "62,5 km/h"
