"""Building the gazetteer: the same bytes from the same inputs, and plain errors for wrong ones."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import BuildError
from app.geo.gazetteer import Gazetteer
from app.geo.gazetteer_build import build
from app.geo.place_names import fold, language_of, without_feature_words


def city(number: int, name: str, country: str, *others: str) -> dict[str, object]:
    return {
        "geonameid": number,
        "name": name,
        "latitude": 50.0 + number,
        "longitude": 30.0,
        "countrycode": country,
        "population": 1000 * number,
        "timezone": "Europe/Kyiv",
        "admin1code": "1",
        "alternatenames": list(others),
    }


CITIES = {
    "1": city(1, "Rivne", "UA", "Рівне", "Ровно"),
    "2": city(2, 'Braces {and} \\ quotes "', "UA", "Ⅷ", ""),
    "3": city(3, "Tver’", "RU", "Твер", "Тверь", "hbrwbsq", "TVR"),
}
COUNTRIES = {
    code: {"geonameid": number, "name": name, "iso3": iso3, "capital": "Rivne", "areakm2": 9,
           "population": 5}
    for code, number, name, iso3 in (
        ("UA", 100, "Ukraine", "UKR"), ("AQ", 101, "Antarctica", "ATA")
    )
}  # fmt: skip
PLACES = 'format = 1\n[[place]]\nid = "rovno"\nname = "Rovno"\ngeonames = 1\nradius_km = 7\n'


@pytest.fixture
def inputs(tmp_path: Path) -> dict[str, Path]:
    paths = {name: tmp_path / name for name in ("cities", "countries", "blips_basemap", "places")}
    paths["cities"].write_text(json.dumps(CITIES), encoding="utf-8")
    paths["countries"].write_text(json.dumps(COUNTRIES), encoding="utf-8")
    with gzip.open(paths["blips_basemap"], "wt", encoding="utf-8") as file:
        json.dump({"cities": []}, file)
    paths["places"].write_text(PLACES, encoding="utf-8")
    return paths


def test_what_is_built_can_be_looked_up(inputs: dict[str, Path], tmp_path: Path) -> None:
    told: list[float] = []
    build(inputs, tmp_path / "gazetteer", told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    gazetteer = Gazetteer(tmp_path / "gazetteer")
    assert gazetteer.place("1") == gazetteer.place("rovno")
    assert gazetteer.place("rovno").radius_km == 7
    assert "ru" not in gazetteer.place("rovno").names
    assert gazetteer.place("3").names["ru"] == "Тверь"
    assert gazetteer.search("braces and quotes")[0].place.id == "geonames:2"
    assert gazetteer.place("country:UA").feature == "country"
    assert [c.place.id for c in gazetteer.search("hbrwbsq")] == []


def test_the_same_inputs_give_the_same_bytes(inputs: dict[str, Path], tmp_path: Path) -> None:
    for name in ("one", "two"):
        build(inputs, tmp_path / name, lambda _: None)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("cities", lambda text: text[: len(text) // 2]),
        ("cities", lambda text: text[:-1]),
        ("cities", lambda _: b"[]"),
        ("cities", lambda _: b'{"1": {"name": "no more"}}'),
        ("cities", lambda _: b"\xff\xfe"),
        ("countries", lambda text: text[:-2]),
        ("countries", lambda _: b"[]"),
        ("blips_basemap", lambda text: text[:-4]),
        ("blips_basemap", lambda _: b"junk"),
        ("places", lambda _: PLACES.replace("= 1\nradius", "= 77\nradius").encode()),
    ],
)
def test_a_wrong_input_is_a_build_error_that_names_it(
    inputs: dict[str, Path], tmp_path: Path, name: str, spoil: Callable[[bytes], bytes]
) -> None:
    inputs[name].write_bytes(spoil(inputs[name].read_bytes()))
    with pytest.raises(BuildError, match=name):
        build(inputs, tmp_path / "gazetteer", lambda _: None)


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_a_key_is_never_emptied_by_feature_words(text: str) -> None:
    key = fold(text)
    assert bool(without_feature_words(key)[0]) == bool(key)


@pytest.mark.parametrize(
    ("name", "country", "language"),
    [
        ("하산", "RU", "ko"),
        ("ハサン", "RU", "ja"),
        ("哈桑", "RU", "zh"),
        ("東京", "JP", "ja"),
        ("Хасан", "RU", "ru"),
        ("Хабаровск", "RU", "ru"),
        ("Київ", "UA", None),
        ("София", "BG", None),
        ("Paris", "FR", None),
    ],
)
def test_a_script_tells_a_language_only_where_it_is_sure(
    name: str, country: str, language: str | None
) -> None:
    assert language_of(name, country) == language
