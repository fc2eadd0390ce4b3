"""A trip keeps every slug that it ever had: on both databases, for ever, and for itself alone."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event

from app.errors import (
    DossierError,
    InputError,
    MovedTripError,
    SlugError,
    StoreError,
    UnknownTripError,
)
from app.journey.interval import Interval
from app.journey.model import Event, Modality, Sighting, Source, Trip
from app.store.database import Database
from app.store.dossier import read_dossier, where_it_stands, write_dossier
from app.store.repository import Repository
from tests.store.conftest import KNOWN, at_once

A = Trip(
    "a",
    "A journey",
    "Somebody",
    sources=(Source("s", "P", Interval.parse("2023-09-12T00:00Z", "2023-09-12T00:00Z")),),
    sightings=(
        Sighting("x", "s", "train", Event.PASSED, Modality.POSSIBLE, "pyongyang", claim="c"),
    ),
    places={"pyongyang": KNOWN["pyongyang"]},
)
OTHER = replace(A, slug="other", title="Another")


@pytest.fixture
def stored(repository: Repository) -> Repository:
    """The two trips, stored."""
    repository.load([A, OTHER])
    return repository


@pytest.fixture
def queries(database: Database) -> list[str]:
    """Every statement that the database is sent from now on."""
    sent: list[str] = []
    event.listen(database._engine, "before_cursor_execute", lambda *said: sent.append(str(said[2])))
    return sent


def moved_to(repository: Repository, slug: str) -> str:
    """What the trip with this slug is called now, by every way to ask."""
    said = set()
    for ask in (repository.trip, repository.revision, repository.changes):
        with pytest.raises(MovedTripError) as error:
            ask(slug)
        assert error.value.slug == slug
        said.add(error.value.now)
    (now,) = said
    return now


def test_the_whole_trip_goes_with_its_new_name(stored: Repository):
    assert stored.rename("a", "b", who="test") == 2
    assert stored.trip("b") == replace(A, slug="b", formerly=("a",), revision=2)
    assert moved_to(stored, "a") == "b"
    assert stored.slugs() == ["b", "other"]


def test_the_record_tells_it_and_goes_with_the_trip(stored: Repository):
    stored.rename("a", "b", who="test")
    first, second = stored.changes("b")
    assert (first.revision, first.kind) == (1, "loaded")
    assert (second.revision, second.kind, second.who) == (2, "renamed", "test")
    assert set(second.payload) == {"trip"}
    assert second.payload["trip"]["a"]["before"]["slug"] == "a"
    assert second.payload["trip"]["a"]["after"] is None
    assert second.payload["trip"]["b"]["before"] is None
    assert second.payload["trip"]["b"]["after"]["formerly"] == ["a"]


def test_a_chain_of_names_leads_to_the_last(stored: Repository):
    stored.rename("a", "b", who="test")
    stored.rename("b", "c", who="test")
    assert [moved_to(stored, slug) for slug in ("a", "b")] == ["c", "c"]
    assert stored.trip("c").formerly == ("a", "b")
    with pytest.raises(MovedTripError):
        stored.rename("a", "d", who="test")


def test_a_trip_may_take_back_a_name_of_its_own(stored: Repository):
    stored.rename("a", "b", who="test")
    stored.rename("b", "a", who="test")
    assert stored.trip("a") == replace(A, formerly=("b",), revision=3)
    assert moved_to(stored, "b") == "a"


def test_names_cannot_be_swapped_nor_taken_over(stored: Repository):
    with pytest.raises(SlugError, match="that of another trip"):
        stored.rename("a", "other", who="test")
    stored.rename("a", "b", who="test")
    with pytest.raises(SlugError, match="“a” is what “b” was called"):
        stored.rename("other", "a", who="test")
    assert stored.slugs() == ["b", "other"]
    assert stored.revision("other") == 1


@pytest.mark.parametrize(
    "new", ["", "B", "a/b", "a.gpx", "-", "x" * 101, "\0", "\udcff", "ä", "a\n"]
)
def test_what_is_no_slug_is_refused(stored: Repository, new: str):
    with pytest.raises(InputError, match="joined by hyphens"):
        stored.rename("a", new, who="test")
    assert stored.trip("a") == replace(A, revision=1)


def test_its_own_name_is_no_new_one_and_no_trip_no_old_one(stored: Repository):
    with pytest.raises(SlugError, match="its own already"):
        stored.rename("a", "a", who="test")
    for unknown in ("nowhere", "\0", "\udcff"):
        with pytest.raises(UnknownTripError):
            stored.rename(unknown, "b", who="test")


def test_of_two_who_want_the_same_name_at_once_one_gets_it(empty_url: str, stored: Repository):
    def rename(slug: str) -> Callable[[], str]:
        def run() -> str:
            own = Database(empty_url)
            try:
                Repository(own).rename(slug, "wanted", who=slug)
            except SlugError as error:
                return error.reason
            finally:
                own.dispose()
            return "won"

        return run

    said = at_once([rename("a"), rename("other")])
    assert sorted(map(str, said)) == [
        "won",
        "“wanted” is that of another trip; choose another",
    ]
    assert len(stored.slugs()) == 2
    assert stored.revision("wanted") == 2


def test_of_two_who_rename_the_same_trip_at_once_one_is_told(empty_url: str, stored: Repository):
    def rename(new: str) -> Callable[[], str]:
        def run() -> str:
            own = Database(empty_url)
            try:
                Repository(own).rename("a", new, who=new)
            except MovedTripError as error:
                return error.now
            finally:
                own.dispose()
            return "won"

        return run

    said = list(map(str, at_once([rename("b"), rename("c")])))
    assert "won" in said
    (name,) = set(stored.slugs()) - {"other"}
    assert sorted(said) == sorted(["won", name])


def test_a_rename_that_fails_leaves_all_as_it_was(stored: Repository):
    before = stored.trip("a"), stored.slugs(), stored.changes("a")

    def fail() -> None:
        raise RuntimeError("the clock stopped")

    stored._now = fail  # type: ignore[assignment]
    with pytest.raises(RuntimeError):
        stored.rename("a", "b", who="test")
    assert (stored.trip("a"), stored.slugs(), stored.changes("a")) == before


def test_only_who_asks_for_an_unknown_name_pays_for_it(stored: Repository, queries: list[str]):
    stored.rename("a", "b", who="test")
    queries.clear()
    stored.revision("b")
    assert not any("former_slugs" in query for query in queries)
    queries.clear()
    with pytest.raises(MovedTripError):
        stored.revision("a")
    assert sum("former_slugs" in query for query in queries) == 1


def test_a_trip_has_no_more_names_than_its_dossier_can_hold(stored: Repository, gazetteer, zones):
    for n in range(50):
        stored.rename(f"a{n - 1}" if n else "a", f"a{n}", who="test")
    trip = stored.trip("a49")
    again = read_dossier(write_dossier(trip), gazetteer=gazetteer, zones=zones)
    assert again == replace(trip, revision=0)
    with pytest.raises(SlugError, match="can have had 50"):
        stored.rename("a49", "a50", who="test")


class TestDossiers:
    def test_the_old_one_is_refused_and_says_the_new_name(self, stored: Repository):
        stored.rename("a", "b", who="test")
        with pytest.raises(SlugError, match='“a” is called “b” now; write slug = "b"') as error:
            stored.load([replace(A, title="Changed"), replace(OTHER, title="Changed")])
        assert (error.value.field, error.value.trip) == ("slug", "a")
        assert [each.title for each in stored.trips()] == ["A journey", "Another"]

    def test_with_the_new_name_alone_it_loads_and_old_links_go_on(self, stored: Repository):
        stored.rename("a", "b", who="test")
        assert stored.load([replace(A, slug="b")]) == {"b": 2}
        assert stored.load([replace(A, slug="b", title="Changed")]) == {"b": 3}
        assert moved_to(stored, "a") == "b"

    def test_it_may_bring_former_names_along(self, repository: Repository):
        repository.load([replace(A, formerly=("x", "y"))])
        assert moved_to(repository, "x") == moved_to(repository, "y") == "a"
        assert repository.load([replace(A, formerly=("y", "z"))]) == {"a": 2}
        assert repository.trip("a").formerly == ("x", "y", "z")

    @pytest.mark.parametrize(
        ("former", "says"),
        [
            ("other", "is the slug of a trip that is stored; .*`dateline rename other a`"),
            ("before", "is what “other” was called"),
            ("a", "has now"),
        ],
    )
    def test_names_of_others_are_refused(self, repository: Repository, former: str, says: str):
        repository.load([replace(OTHER, formerly=("before",))])
        with pytest.raises(SlugError, match=says) as error:
            repository.load([replace(A, slug="new"), replace(A, formerly=("fine", former))])
        assert (error.value.field, error.value.trip) == ("formerly", "a")
        assert repository.slugs() == ["other"]

    @pytest.mark.parametrize("swapped", [False, True])
    def test_two_of_one_load_cannot_have_the_same_name(self, repository: Repository, swapped: bool):
        for second in (replace(OTHER, formerly=("x",)), replace(OTHER, slug="x")):
            trips = [replace(A, formerly=("x",)), second]
            with pytest.raises(SlugError):
                repository.load(trips[::-1] if swapped else trips)
        assert repository.slugs() == []

    def test_saving_cannot_take_a_name_either(self, stored: Repository):
        stored.rename("a", "b", who="test")
        with pytest.raises(SlugError):
            stored.save(replace(OTHER, formerly=("a",)), who="test")
        with pytest.raises(SlugError):
            stored.save(A, who="test")

    def test_a_refusal_is_told_with_file_line_and_field(self, tmp_path: Path):
        files = [tmp_path / "a.toml", tmp_path / "other.toml"]
        for file, trip in zip(files, (replace(A, formerly=("x",)), OTHER), strict=True):
            file.write_text(write_dossier(trip), "utf-8")
        located = where_it_stands(SlugError("formerly", "“x” is no good", trip="a"), files)
        assert isinstance(located, DossierError)
        (problem,) = located.problems
        assert str(problem) == f"{files[0]}:6: formerly: “x” is no good"
        located = where_it_stands(SlugError("slug", "no", trip="other"), files)
        assert str(located) == f"{files[1]}:2: slug: no"
        lost = SlugError("slug", "no", trip="gone")
        assert where_it_stands(lost, files) is lost


def test_the_database_itself_lets_no_name_be_had_twice(stored: Repository, database: Database):
    def add(trip: str) -> None:
        with database.writing() as connection:
            connection.exec_driver_sql(f"INSERT INTO former_slugs VALUES ('x', '{trip}', 0)")

    add("a")
    with pytest.raises(StoreError):
        add("other")
