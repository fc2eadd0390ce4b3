"""What the gazetteer answers to names: the right place first, explained, and never a crash."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.errors import (
    AmbiguousPlaceError,
    InputError,
    MissingReferenceError,
    UnknownPlaceError,
)
from app.geo.gazetteer import LONGEST_QUERY, Gazetteer
from app.journey.model import Position

VLADIVOSTOK = Position(lon=131.87, lat=43.11)
AMUR = Position(lon=128.13, lat=51.38)
ILLINOIS = Position(lon=-89.0, lat=40.5)

relaxed = settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def gazetteer(reference_dir: Path) -> Gazetteer:
    return Gazetteer(reference_dir / "gazetteer.sqlite")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("하산", "khasan-station"),
        ("Хасан", "khasan-station"),
        ("Khasan", "khasan-station"),
        ("哈桑", "khasan-station"),
        ("하산역", "khasan-station"),
        ("станция Хасан", "khasan-station"),
        ("Tumangang", "tumangang-station"),
        ("두만강철교", "tumen-rail-bridge"),
        ("Tumen River bridge", "tumen-rail-bridge"),
        ("Razdolnaya River", "razdolnaya-bridge"),
        ("Razdolnaya", "razdolnaya-bridge"),
        ("Раздольная", "razdolnaya-bridge"),
        ("Baranovsky", "baranovsky-junction"),
        ("Vostochny", "vostochny-cosmodrome"),
        ("Vostochny Cosmodrome", "vostochny-cosmodrome"),
        ("космодром Восточный", "vostochny-cosmodrome"),
        ("Владивосток", "vladivostok"),
        ("г. Хабаровск", "khabarovsk"),
        ("평양", "pyongyang"),
        ("평양시", "pyongyang"),
        ("Pyongyang", "pyongyang"),
        ("P'yŏngyang", "pyongyang"),
        ("Seoul", "seoul"),
        ("Hanoi", "hanoi"),
        ("Dandong", "dandong"),
        ("단둥", "dandong"),
        ("나진", "rajin"),
        ("청진", "chongjin"),
        ("Tsiolkovsky", "tsiolkovsky"),
        ("Kyiv", "geonames:703448"),
        ("Russia", "russia"),
        ("South Korea", "country:KR"),
        ("Paris", "geonames:2988507"),
        ("Moscow", "geonames:524901"),
        ("London", "geonames:2643743"),
        ("Roma", "geonames:3169070"),
        ("St. Petersburg", "geonames:498817"),
        ("Komsomolsk", "komsomolsk-on-amur"),
    ],
)
def test_a_name_finds_the_place_that_news_reports_mean(
    gazetteer: Gazetteer, query: str, expected: str
) -> None:
    assert gazetteer.search(query)[0].place.id == expected
    assert gazetteer.resolve(query).id == expected


def test_khasan_near_vladivostok_is_russias(gazetteer: Gazetteer) -> None:
    best = gazetteer.search("Khasan", near=[VLADIVOSTOK])[0]
    assert best.place.id == "khasan-station"
    assert best.explanation.nearness > 0.5


def test_uglegorsk_is_tsiolkovsky_only_among_places_in_amur(gazetteer: Gazetteer) -> None:
    assert gazetteer.resolve("Uglegorsk", near=[AMUR]).id == "tsiolkovsky"
    assert gazetteer.search("Uglegorsk")[0].place.id == "geonames:2120261"
    with pytest.raises(AmbiguousPlaceError):
        gazetteer.resolve("Uglegorsk")


@pytest.mark.parametrize("name", ["Springfield", "Friendship Bridge", "Victoria"])
def test_a_name_that_says_too_little_is_ambiguous(gazetteer: Gazetteer, name: str) -> None:
    with pytest.raises(AmbiguousPlaceError) as caught:
        gazetteer.resolve(name, field="from")
    assert caught.value.field == "from"
    assert len(caught.value.candidates) >= 2


def test_other_places_of_the_story_settle_an_ambiguity(gazetteer: Gazetteer) -> None:
    assert gazetteer.resolve("Springfield", near=[ILLINOIS]).id == "geonames:4250542"
    assert gazetteer.resolve("Friendship Bridge", near=[VLADIVOSTOK]).id == "tumen-rail-bridge"


def test_a_country_is_preferred_but_not_required(gazetteer: Gazetteer) -> None:
    plain, inside = gazetteer.search("Paris"), gazetteer.search("Paris", countries=["us"])
    of_texas = next(c for c in plain if c.place.id == "geonames:4717560")
    assert next(c for c in inside if c.place.id == "geonames:4717560").score > of_texas.score
    assert gazetteer.search("Paris", countries=["KP"])[0].place.country == "FR"


@pytest.mark.parametrize(
    ("slip", "expected"),
    [
        ("Vladivostock", "vladivostok"),
        ("Pyongyng", "pyongyang"),
        ("Khabarvosk", "khabarovsk"),
        ("Usuriysk", "ussuriysk"),
        ("Владивасток", "vladivostok"),
        ("Vostochny Cosmodrom", "vostochny-cosmodrome"),
    ],
)
def test_slips_of_the_keyboard_are_forgiven(gazetteer: Gazetteer, slip: str, expected: str) -> None:
    assert gazetteer.search(slip)[0].place.id == expected


@pytest.mark.parametrize(
    ("start", "expected"), [("Vladivos", "vladivostok"), ("블라디보", "vladivostok")]
)
def test_the_beginning_of_a_name_is_enough(gazetteer: Gazetteer, start: str, expected: str) -> None:
    assert gazetteer.search(start)[0].place.id == expected


def test_an_unknown_name_comes_with_suggestions(gazetteer: Gazetteer) -> None:
    with pytest.raises(UnknownPlaceError) as caught:
        gazetteer.resolve("Wuhn")
    assert any("Wuhan" in suggestion for suggestion in caught.value.suggestions)
    with pytest.raises(UnknownPlaceError) as nothing:
        gazetteer.resolve("qqxxqqzzqq")
    assert nothing.value.suggestions == ()


@pytest.mark.parametrize(
    "query", ["", "   ", "🚂🚃", "\x00\x01", "%", "_%_", "'';--", "\ud800", "a" * 10_000]
)
def test_a_query_without_a_name_is_refused(gazetteer: Gazetteer, query: str) -> None:
    with pytest.raises(InputError) as caught:
        gazetteer.search(query)
    assert caught.value.field == "query"
    with pytest.raises(InputError):
        gazetteer.resolve(query)


@pytest.mark.parametrize("query", ["%a%", "a' OR '1'='1", 'x" OR "y', "NEAR(a b)", "²", "a*"])
def test_signs_of_a_query_language_are_only_letters(gazetteer: Gazetteer, query: str) -> None:
    for candidate in gazetteer.search(query):
        assert 0 <= candidate.score <= 1


@pytest.mark.parametrize("limit", [0, -1, 101, 2**70])
def test_a_limit_out_of_range_is_refused(gazetteer: Gazetteer, limit: int) -> None:
    with pytest.raises(InputError, match="limit"):
        gazetteer.search("Paris", limit=limit)


@relaxed
@given(query=st.text(max_size=LONGEST_QUERY + 5))
def test_search_never_fails_but_with_an_input_error(gazetteer: Gazetteer, query: str) -> None:
    try:
        found = gazetteer.search(query, near=[VLADIVOSTOK], limit=20)
    except InputError:
        return
    scores = [candidate.score for candidate in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert all(abs(c.explanation.total - c.score) < 1e-4 for c in found)
    assert len({candidate.place.id for candidate in found}) == len(found)


@relaxed
@given(position=st.tuples(st.floats(-180, 180), st.floats(-85, 85)))
def test_a_place_is_found_by_its_own_names_near_its_own_position(
    gazetteer: Gazetteer, position: tuple[float, float]
) -> None:
    for place in gazetteer.reverse(Position(*position), limit=2, within_km=300):
        for name in place.names.values():
            found = gazetteer.search(name, near=[place.position], limit=100)
            assert any(candidate.place == place for candidate in found), name


def test_the_same_question_has_the_same_answer(gazetteer: Gazetteer, reference_dir: Path) -> None:
    other = Gazetteer(reference_dir / "gazetteer.sqlite")
    for query in ("San", "Springfield", "Vladivostock"):
        assert gazetteer.search(query) == other.search(query)


def test_a_missing_or_foreign_file_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(MissingReferenceError, match="dateline prepare"):
        Gazetteer(tmp_path / "nothing.sqlite")
    (tmp_path / "junk").write_bytes(b"not a database, but long enough to be looked at" * 50)
    with pytest.raises(MissingReferenceError, match="dateline prepare"):
        Gazetteer(tmp_path / "junk")
