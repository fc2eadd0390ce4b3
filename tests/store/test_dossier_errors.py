"""Every problem of a dossier is told with its line and its field, all in one go."""

from pathlib import Path

import pytest

from app.errors import DossierError
from app.store.dossier import read_dossier

HEAD = """\
format = 1
slug = "a-journey"
title = "A journey"
subject = "Somebody"

[[source]]
id = "first"
publisher = "The Paper"
published_at = "2023-09-12"
zone = "Asia/Seoul"

[[sighting]]
id = "left"
source = "first"
subject = "train"
event = "departed"
modality = "reported"
place = "pyongyang"
when = "Sunday afternoon"
claim = "It left."
"""


@pytest.fixture
def problems(gazetteer, zones):
    def read(content: str | Path) -> list[tuple[int | None, str, str]]:
        with pytest.raises(DossierError) as error:
            read_dossier(content, gazetteer=gazetteer, zones=zones)
        return [(p.line, p.field, p.reason) for p in error.value.problems]

    return read


def test_the_dossier_that_the_others_spoil_is_fine(gazetteer, zones):
    assert len(read_dossier(HEAD, gazetteer=gazetteer, zones=zones).sightings) == 1


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "says"),
    [
        ("format = 1", "format = 2", 1, "format", "must be 1"),
        ("format = 1\n", "", None, "format", "is missing"),
        ('"a-journey"', '"A Journey"', 2, "slug", "joined by hyphens"),
        ('"a-journey"', f'"{"a" * 101}"', 2, "slug", "the limit is 100"),
        ("title =", 'formerly = "old"\ntitle =', 3, "formerly", "must be a list"),
        ("title =", 'formerly = ["Old"]\ntitle =', 3, "formerly", "joined by hyphens"),
        ("title =", f'formerly = ["{"a" * 101}"]\ntitle =', 3, "formerly", "joined by hyphens"),
        ("title =", 'formerly = ["a-journey"]\ntitle =', 3, "formerly", "has now; leave it out"),
        ("title =", 'formerly = ["x", "y", "x"]\ntitle =', 3, "formerly", "“x” is there twice"),
        ("title =", f'formerly = [{", ".join(f"{chr(34)}a{n}{chr(34)}" for n in range(51))}]\n'
         "title =", 3, "formerly", "at most 50"),
        ("title =", 'former = ["x"]\ntitle =', 3, "former", "did you mean formerly"),
        ("title =", 'withdrawn = ""\ntitle =', 3, "withdrawn", "is empty"),
        ("title =", "withdrawn = true\ntitle =", 3, "withdrawn", "text in quotes"),
        ("title =", 'withdrawn = "One.\\nTwo."\ntitle =', 3, "withdrawn", "must be one line"),
        ("title =", f'withdrawn = "{"x" * 501}"\ntitle =', 3, "withdrawn", "limit is 500"),
        ('title = "A journey"', "title = 7", 3, "title", "text in quotes"),
        ('title = "A journey"', 'title = " "', 3, "title", "is empty"),
        ('title = "A journey"\n', "", None, "title", "is missing"),
        ('title = "A journey"', 'titel = "A journey"', 3, "titel", "did you mean title"),
        ('"The Paper"', '"The\\u0000Paper"', 8, "source[1].publisher", "control character U+0000"),
        ('"The Paper"', '"The\\nPaper"', 8, "source[1].publisher", "one line"),
        ('"2023-09-12"', '"2023-09-31"', 9, "source[1].published_at", "not a date of the calendar"),
        ('"2023-09-12"', '"12 Sep"', 9, "source[1].published_at", "is no time"),
        ('"2023-09-12"', '"2023-09-12T05:15"', 9, "source[1].published_at", "no offset"),
        ('"2023-09-12"', '"99999-09-12"', 9, "source[1].published_at", "is no time"),
        ('"2023-09-12"', '"2023-09-13/2023-09-11"', 9, "source[1].published_at", "is after"),
        ("Asia/Seoul", "Asia/Soul", 10, "source[1].zone", "no IANA time zone"),
        ("Asia/Seoul", "../../etc/passwd", 10, "source[1].zone", "no IANA time zone"),
        ("zone =", 'reliability = "G"\nzone =', 10, "source[1].reliability", "letter from A"),
        ("zone =", 'url = "javascript:alert(1)"\nzone =', 10, "source[1].url", "http://"),
        ("zone =", 'url = "https:///nohost"\nzone =', 10, "source[1].url", "http://"),
        ("zone =", 'derived_from = "frist"\nzone =', 10, "source[1].derived_from", "mean first"),
        ("zone =", 'derived_from = "first"\nzone =', 10, "source[1].derived_from", "circle"),
        ('source = "first"', 'source = "fist"', 14, "sighting[1].source", "did you mean first"),
        ('"departed"', '"exploded"', 16, "sighting[1].event", "departed, arrived, passed, present"),
        ('"reported"', '"rumoured"', 17, "sighting[1].modality", "possible, denied"),
        ('"pyongyang"', '"hassan"', 18, "sighting[1].place", "did you mean khasan-station"),
        ("Sunday afternoon", "around teatime", 19, "sighting[1].when", "teatime"),
        ('claim = "It left."', f'claim = "{"x" * 301}"', 20, "sighting[1].claim", "limit is 300"),
        ("claim =", "credibility = 7\nclaim =", 20, "sighting[1].credibility", "from 1 to 6"),
        ("claim =", f"credibility = {10**20}\nclaim =", 20, "sighting[1].credibility", "1 to 6"),
        ("claim =", 'earliest = "2023-10-01T00:00Z"\nclaim =', 20, "sighting[1].earliest",
         "was published"),
        ("claim =", 'state_reason = "x"\nstate = "retracted"\nclaim =', 12,
         "sighting[1].state_since", "is missing"),
        ("claim =", 'superseded_by = "left"\nclaim =', 20, "sighting[1].superseded_by", "state ="),
        ("claim =", 'mode = "broom"\nclaim =', 20, "sighting[1].mode", "train, car, ship, plane"),
        ("claim =", 'evidence = 3\nclaim =', 20, "sighting[1].evidence", "text in quotes"),
        ('id = "left"\n', "", 12, "sighting[1].id", "is missing"),
        ('"pyongyang"', '{ id = "x", name = "X", lon = 200, lat = 1, country = "RU" }', 18,
         "sighting[1].place.lon", "from -180 to 180"),
        ('"pyongyang"', '{ id = "x", name = "X", lon = nan, lat = 1, country = "RU" }', 18,
         "sighting[1].place.lon", "from -180 to 180"),
        ('"pyongyang"', '{ id = "x", name = "X", lat = 1, country = "RU", colour = "red" }', 18,
         "sighting[1].place.colour", "no key"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_told_with_line_and_field(problems, old, new, line, field, says):
    found = problems(HEAD.replace(old, new, 1))
    assert [(at, name) for at, name, reason in found if says in reason] == [(line, field)], found


@pytest.mark.parametrize(
    ("text", "line", "field", "says"),
    [
        ('[assumptions.fast]\nkmh = 60\nreason = "x"', 22, "assumptions.fast.kind", "cruise_speed"),
        ('[assumptions.max_speed]\nreason = "x"', 22, "assumptions.max_speed.kmh", "needs it"),
        ("[assumptions.max_speed]\nkmh = 60", 22, "assumptions.max_speed.source", "only one"),
        ('[assumptions.max_speed]\nkmh = 60\nreason = "x"\nsource = "first"', 25,
         "assumptions.max_speed.source", "only one"),
        ('[assumptions.max_speed]\nkmh = -60\nreason = "x"', 23, "assumptions.max_speed.kmh",
         "from 1"),
        ('[assumptions.avoid]\ncountries = ["China"]\nreason = "x"', 23,
         "assumptions.avoid.countries", "two capital letters"),
        ('[assumptions.avoid]\ncountries = ["CN"]\nkmh = 3\nreason = "x"', 24,
         "assumptions.avoid.kmh", "means nothing"),
        ('[assumptions.via]\nplaces = ["pyongyang", "vladivostok"]\nreason = "x"', 23,
         "assumptions.via.places", "between"),
        ('[[figure]]\nid = "f"\nsource = "first"\nfrom = "pyongyang"\nto = "vladivostok"\n'
         'claim = "x"',
         22, "figure[1].distance_km", "is missing"),
        ('[[figure]]\nid = "f"\nsource = "first"\nfrom = "pyongyang"\nto = "vladivostok"\n'
         'distance_km = { min = 9, max = 3 }\nclaim = "x"', 27, "figure[1].distance_km",
         "above max"),
        ('[[figure]]\nid = "f"\nsource = "first"\nfrom = "pyongyang"\nto = "vladivostok"\n'
         'distance_km = 9\nof_this_journey = true\nclaim = "x"', 28, "figure[1].of_this_journey",
         "needs duration_h"),
        ('[[figure]]\nid = "f"\nsource = "first"\nfrom = "pyongyang"\nto = "vladivostok"\n'
         'duration_h = 9\nof_this_journey = "yes"\nclaim = "x"', 28, "figure[1].of_this_journey",
         "true or false"),
        ('[[figure]]\nid = "f"\nsource = "first"\nfrom = "pyongyang"\nto = "vladivostok"\n'
         'duration_h = 9\ncredibility = 0\nclaim = "x"', 28, "figure[1].credibility",
         "from 1 to 6"),
        ('[[source]]\nid = "first"\npublisher = "P"\npublished_at = 2023-09-12', 23, "source[2].id",
         "id of another source"),
        ("[sighting_notes]\nx = 1", 22, "sighting_notes", "no key"),
    ],
)  # fmt: skip
def test_a_wrong_table_is_told_with_line_and_field(problems, text, line, field, says):
    found = problems(f"{HEAD}\n{text}\n")
    assert [(at, name) for at, name, reason in found if says in reason] == [(line, field)], found


def test_all_problems_come_at_once_in_the_order_of_the_file(problems):
    spoilt = (
        HEAD.replace("Asia/Seoul", "Nowhere").replace('"departed"', '"x"').replace("= 1", "= 3")
    )
    assert [line for line, _, _ in problems(spoilt)] == [1, 10, 16]


def test_a_header_inside_a_text_of_several_lines_moves_no_line(problems):
    text = HEAD.replace(
        'subject = "Somebody"', 'subject = "Somebody"\nsummary = """\n[[sighting]]\nid = 1\n"""', 1
    )
    assert problems(text.replace('"departed"', '"x"')) == [
        (20, "sighting[1].event", "“x” is not known; allowed: departed, arrived, passed, present")
    ]


def test_what_is_not_toml_is_told_with_its_line(problems):
    ((line, field, reason),) = problems("format = 1\nslug = = 3\n")
    assert (line, field) == (2, "")
    assert "is not TOML" in reason


def test_what_is_not_utf8_is_told_with_its_line(problems, tmp_path):
    path = tmp_path / "latin.toml"
    path.write_bytes(b'format = 1\ntitle = "caf\xe9"\n')
    ((line, _, reason),) = problems(path)
    assert line == 2
    assert "UTF-8" in reason


def test_a_missing_file_is_told(problems, tmp_path):
    ((line, _, reason),) = problems(tmp_path / "none.toml")
    assert line is None
    assert "No such file" in reason


def test_the_problems_carry_the_name_of_the_file(gazetteer, zones, tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(HEAD.replace("= 1", "= 2", 1))
    with pytest.raises(DossierError, match=r"mine\.toml:1: format: must be 1"):
        read_dossier(path, gazetteer=gazetteer, zones=zones)


@pytest.mark.parametrize(
    "junk",
    [
        pytest.param(b"\x00" * 5_000_000, id="5 MB of NUL"),
        pytest.param(b"[[sighting]]\n" * 400_000, id="5 MB of tables"),
        pytest.param(bytes(range(256)) * 20_000, id="5 MB of bytes"),
        pytest.param(b"x = " + b"[" * 900_000, id="nested arrays"),
        pytest.param(b"x = " + b"[\n" * 450_000, id="nested arrays, line by line"),
        pytest.param(b"x" + b".x" * 450_000 + b" = 1", id="one key of many parts"),
        pytest.param((b"x" + b".x" * 900 + b" = 1\n") * 400, id="many keys of many parts"),
        pytest.param(b'x = {"a"' + b' . "a"' * 900 + b" = 1}\n", id="quoted key of many parts"),
        pytest.param(b"x = " + b"9" * 15_000, id="a number of many digits"),
        pytest.param(b"[[a]]\n" * 160_000, id="many unknown tables"),
        pytest.param(b"[[sighting]]\n" * 70_000, id="many empty sightings"),
        pytest.param(b"".join(b"k%d = 1\n" % n for n in range(80_000)), id="many unknown keys"),
        pytest.param(b'"' * 900_000, id="quotes"),
    ],
)
def test_junk_is_refused_plainly(problems, tmp_path, junk):
    path = tmp_path / "junk.toml"
    path.write_bytes(junk)
    found = problems(path)
    assert 1 <= len(found) <= 101
    assert all(len(reason) < 400 for _, _, reason in found)


def test_a_name_that_spells_no_place_is_refused_though_quotes_are_in_it(problems):
    found = problems(HEAD.replace('"pyongyang"', '"\'; DROP TABLE trips; --"'))
    assert [(line, field) for line, field, _ in found] == [(18, "sighting[1].place")]
