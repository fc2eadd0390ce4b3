"""Trips in and out of both databases; revisions, conflicts, and the record of changes."""

import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.errors import ConflictError, InputError, StoreError, UnknownTripError
from app.journey.model import Trip
from app.store.database import Database
from app.store.dossier import read_dossier
from app.store.repository import Repository
from tests.store.conftest import at_once

ROOT = Path(__file__).parents[2]

TEXT = """
format = 1
slug = "a-journey"
title = "A journey"
subject = "Somebody"
[assumptions.cruise_speed]
mode = "train"
kmh = 60
reason = "Said to be so."
[[source]]
id = "first"
publisher = "통신 \\u202eRTL\\u202c cafe\\u0301 café 🚂"
published_at = "2023-09-12"
zone = "Asia/Seoul"
updated_at = "2023-09-12T21:34+09:00"
[[sighting]]
id = "left"
source = "first"
subject = "train"
event = "departed"
modality = "reported"
place = "pyongyang"
when = "Sunday afternoon"
claim = "It left."
[[sighting]]
id = "crossed"
source = "first"
subject = "train"
event = "passed"
modality = "reported"
place = "tumen-rail-bridge"
when = "early Tuesday"
claim = "It crossed."
[[figure]]
id = "how-far"
source = "first"
from = "pyongyang"
to = "vladivostok"
distance_km = { min = 1180, max = 1200.5 }
claim = "So far."
"""


@pytest.fixture
def trip(gazetteer, zones) -> Trip:
    return read_dossier(TEXT, gazetteer=gazetteer, zones=zones)


def without(trip: Trip, sighting_id: str) -> Trip:
    return replace(trip, sightings=tuple(s for s in trip.sightings if s.id != sighting_id))


def test_a_stored_trip_reads_back_equal(repository, trip):
    assert repository.save(trip, who="test") == 1
    assert repository.trip("a-journey") == replace(trip, revision=1)


def test_times_come_back_aware_and_in_utc(repository, trip):
    repository.save(trip, who="test")
    crossed = repository.trip("a-journey").sightings[1]
    assert crossed.when.earliest == datetime(2023, 9, 11, 14, tzinfo=UTC)
    assert crossed.when.earliest.tzinfo is UTC


def test_text_of_every_script_and_normal_form_is_kept_exactly(repository, trip):
    repository.save(trip, who="test")
    assert repository.trip("a-journey").sources[0].publisher == (
        "통신 \u202eRTL\u202c cafe\u0301 caf\u00e9 🚂"
    )


def test_saving_the_same_again_changes_nothing(repository, trip):
    repository.save(trip, who="test")
    assert repository.save(trip, who="test") == 1
    assert repository.save(repository.trip("a-journey"), who="test") == 1
    assert len(repository.changes("a-journey")) == 1


def test_a_change_raises_the_revision_by_one(repository, trip):
    repository.save(trip, who="test")
    assert repository.save(replace(trip, title="Renamed"), who="test") == 2
    assert repository.revision("a-journey") == 2
    assert repository.trip("a-journey").title == "Renamed"


def test_what_a_new_dossier_leaves_out_is_kept_in_the_changes(repository, trip):
    repository.save(trip, who="first")
    repository.save(without(trip, "left"), who="second", kind="loaded")
    change = repository.changes("a-journey")[-1]
    assert (change.revision, change.who, change.kind) == (2, "second", "loaded")
    gone = change.payload["sightings"]["left"]
    assert gone["after"] is None
    assert gone["before"]["claim"] == "It left."
    assert gone["before"]["earliest"] == "2023-09-10T03:00:00+00:00"


def test_the_first_change_holds_everything_and_a_later_one_only_what_differs(repository, trip):
    repository.save(trip, who="test")
    repository.save(replace(trip, title="Renamed"), who="test")
    first, second = repository.changes("a-journey")
    assert set(first.payload) == {
        "trip", "sources", "places", "sightings", "assumptions", "figures",
    }  # fmt: skip
    assert set(second.payload) == {"trip"}
    assert second.payload["trip"]["a-journey"]["before"]["title"] == "A journey"
    assert second.payload["trip"]["a-journey"]["after"]["title"] == "Renamed"


def test_changes_are_dated_by_the_clock_that_was_given(database, trip):
    at = datetime(2023, 9, 12, 12, 34, 56, 789, tzinfo=UTC)
    repository = Repository(database, now=lambda: at)
    repository.save(trip, who="test")
    assert repository.changes("a-journey")[0].at == at


def test_the_order_of_the_dossier_is_kept(repository, trip):
    backwards = replace(trip, sightings=trip.sightings[::-1])
    repository.save(trip, who="test")
    assert repository.save(backwards, who="test") == 2
    assert repository.trip("a-journey").sightings == backwards.sightings


def test_who_expects_an_older_revision_is_told_of_the_conflict(repository, trip):
    repository.save(trip, who="test", expected_revision=0)
    repository.save(replace(trip, title="Theirs"), who="test", expected_revision=1)
    with pytest.raises(ConflictError, match="is at revision 2, not 1"):
        repository.save(replace(trip, title="Mine"), who="test", expected_revision=1)
    assert repository.trip("a-journey").title == "Theirs"


def test_several_trips_load_all_or_none(repository, trip):
    broken = replace(trip, slug="b-broken", places={})
    with pytest.raises(StoreError, match="fit together"):
        repository.load([trip, broken])
    assert repository.trips() == []


def test_two_dossiers_with_one_slug_are_refused(repository, trip):
    with pytest.raises(InputError, match="a-journey"):
        repository.load([trip, replace(trip, title="Other")])
    assert repository.trips() == []


def test_a_failed_change_leaves_the_former_revision_whole(repository, trip):
    repository.load([trip])
    stray = replace(trip.sightings[0], id="stray", source="no-such-source")
    with pytest.raises(StoreError):
        repository.save(replace(trip, sightings=(*trip.sightings, stray)), who="test")
    assert repository.trip("a-journey") == replace(trip, revision=1)


def test_trips_are_listed_by_slug(repository, trip):
    repository.load([replace(trip, slug="b"), replace(trip, slug="a"), replace(trip, slug="a-b")])
    assert repository.slugs() == ["a", "a-b", "b"]
    assert [s.revision for s in repository.trips()] == [1, 1, 1]


@pytest.mark.parametrize("call", ["trip", "revision", "changes"])
def test_an_unknown_trip_is_named(repository, call):
    with pytest.raises(UnknownTripError, match="nowhere"):
        getattr(repository, call)("nowhere")


def test_the_data_version_grows_when_another_connection_writes(empty_url, repository, trip):
    before = repository.data_version()
    other = Database(empty_url)
    Repository(other).save(trip, who="other")
    other.dispose()
    assert repository.data_version() > before


def test_of_many_writers_at_once_each_gets_a_revision_of_its_own(empty_url, repository, trip):
    repository.save(trip, who="test")

    def write(name: str) -> int:
        own = Database(empty_url)
        try:
            return Repository(own).save(replace(trip, title=name), who=name)
        finally:
            own.dispose()

    assert sorted(at_once([lambda n=n: write(f"writer {n}") for n in range(4)])) == [2, 3, 4, 5]
    assert len(repository.changes("a-journey")) == 5


def test_of_two_who_expect_the_same_revision_one_wins(empty_url, repository, trip):
    repository.save(trip, who="test")

    def write(name: str) -> str:
        own = Database(empty_url)
        try:
            Repository(own).save(replace(trip, title=name), who=name, expected_revision=1)
        except ConflictError:
            return "conflict"
        finally:
            own.dispose()
        return "won"

    assert sorted(at_once([lambda: write("a"), lambda: write("b")])) == ["conflict", "won"]
    assert repository.revision("a-journey") == 2


def test_a_reader_sees_one_moment_while_somebody_writes(database, repository, trip):
    repository.save(trip, who="test")
    with database.writing() as connection:
        connection.exec_driver_sql("UPDATE trips SET title = 'half'")
        connection.exec_driver_sql("DELETE FROM figures")
        assert repository.trip("a-journey") == replace(trip, revision=1)


KILLED = """
import os, signal, sys
from app.store.database import Database
with Database(sys.argv[1]).writing() as connection:
    connection.exec_driver_sql("DELETE FROM figures")
    connection.exec_driver_sql("DELETE FROM sightings")
    connection.exec_driver_sql("UPDATE trips SET revision = 99")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_writer_killed_halfway_leaves_nothing_behind(empty_url, repository, trip):
    repository.save(trip, who="test")
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, empty_url], cwd=ROOT, check=False, timeout=60
    )
    assert ended.returncode == -signal.SIGKILL
    assert repository.trip("a-journey") == replace(trip, revision=1)
    assert repository.save(replace(trip, title="After"), who="test") == 2


def test_a_database_that_cannot_be_written_is_read_and_says_so(tmp_path, trip):
    path = tmp_path / "dateline.db"
    writable = Database(f"sqlite:///{path}")
    writable.migrate()
    Repository(writable).save(trip, who="test")
    writable.dispose()
    database = Database(f"sqlite:///file:{path}?mode=ro&uri=true")
    assert database.migrate() == []
    repository = Repository(database)
    assert repository.trip("a-journey").title == "A journey"
    with pytest.raises(StoreError, match="writable"):
        repository.save(replace(trip, title="No"), who="test")
    database.dispose()


@pytest.mark.parametrize("slug", ["\0", "a\0b", "\udcff"])
def test_a_slug_that_a_database_cannot_hold_is_unknown(repository, slug):
    for call in (repository.trip, repository.revision, repository.changes):
        with pytest.raises(UnknownTripError):
            call(slug)
