"""A trip that is withdrawn is in no list, says why, and is all there, on both databases."""

from dataclasses import replace

import pytest

from app.errors import InputError, MovedTripError, UnknownTripError
from app.journey.model import Trip
from app.store.repository import Repository

TRIP = Trip("a", "A journey", "Somebody")
WHY = "The photo that all of it rested on <b>was</b> of another train."


@pytest.fixture
def stored(repository: Repository) -> Repository:
    repository.load([TRIP, replace(TRIP, slug="other")])
    return repository


def test_it_is_in_no_list_and_nothing_of_it_is_lost(stored: Repository):
    assert stored.withdraw("a", WHY, who="test") == 2
    assert stored.slugs() == ["other"]
    assert stored.trip("a") == replace(TRIP, withdrawn=WHY, revision=2)
    assert stored.withdrawn() == {"a": WHY}


def test_it_can_be_restored(stored: Repository):
    stored.withdraw("a", WHY, who="test")
    assert stored.restore("a", who="test") == 3
    assert stored.trip("a") == replace(TRIP, revision=3)
    assert stored.slugs() == ["a", "other"]
    assert stored.withdrawn() == {}


def test_the_record_tells_both(stored: Repository):
    stored.withdraw("a", WHY, who="first")
    stored.restore("a", who="second")
    _, gone, back = stored.changes("a")
    assert [(c.revision, c.kind, c.who) for c in (gone, back)] == [
        (2, "withdrawn", "first"),
        (3, "restored", "second"),
    ]
    assert gone.payload["trip"]["a"]["after"]["withdrawn"] == WHY
    assert back.payload["trip"]["a"]["before"]["withdrawn"] == WHY


def test_the_reason_may_be_mended(stored: Repository):
    stored.withdraw("a", WHY, who="test")
    assert stored.withdraw("a", WHY, who="test") == 2
    assert stored.withdraw("a", "Another reason.", who="test") == 3


@pytest.mark.parametrize("dossier", [TRIP, replace(TRIP, title="Changed")])
def test_a_dossier_that_knows_nothing_of_it_does_not_show_it_again(
    stored: Repository, dossier: Trip
):
    stored.withdraw("a", WHY, who="test")
    stored.load([dossier])
    assert stored.trip("a").title == dossier.title
    assert stored.trip("a").withdrawn == WHY


def test_a_dossier_may_say_it(stored: Repository):
    stored.load([replace(TRIP, withdrawn=WHY)])
    assert stored.withdrawn() == {"a": WHY}


@pytest.mark.parametrize(
    ("reason", "says"),
    [
        ("", "is empty; write one sentence"),
        (" \n ", "is empty; write one sentence"),
        ("One.\nTwo.", "must be one line"),
        ("x" * 501, "the limit is 500"),
        ("a\x00b", "control character"),
        ("a\udcffb", "control character"),
    ],
)
def test_what_is_no_sentence_is_refused(stored: Repository, reason: str, says: str):
    with pytest.raises(InputError, match=says) as error:
        stored.withdraw("a", reason, who="test")
    assert error.value.field == "reason"
    assert stored.withdrawn() == {}


def test_what_is_not_withdrawn_or_not_there_is_told(stored: Repository):
    with pytest.raises(InputError, match="“a” is not withdrawn"):
        stored.restore("a", who="test")
    for unknown in ("nowhere", "\0"):
        with pytest.raises(UnknownTripError):
            stored.withdraw(unknown, WHY, who="test")
        with pytest.raises(UnknownTripError):
            stored.restore(unknown, who="test")


def test_it_keeps_its_old_names_and_gets_new_ones(stored: Repository):
    stored.withdraw("a", WHY, who="test")
    stored.rename("a", "b", who="test")
    assert stored.trip("b").withdrawn == WHY
    with pytest.raises(MovedTripError):
        stored.restore("a", who="test")
    assert stored.restore("b", who="test") == 4
