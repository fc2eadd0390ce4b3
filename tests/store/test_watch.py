"""A change is noticed whoever made it, on both databases, and nothing else is."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from app.errors import StoreError
from app.journey.model import Trip
from app.store.database import Database
from app.store.repository import Repository
from app.store.wal_index import WalIndex
from app.store.watch import LOOK_SECONDS, ChangeWatch


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def pass_on(self) -> None:
        self.now += LOOK_SECONDS


TRIP = Trip("a", "A", "Somebody")
ROOT = Path(__file__).parents[2]
SAVE = """
import sys
from app.journey.model import Trip
from app.store.database import Database
from app.store.repository import Repository
Repository(Database(sys.argv[1])).save(Trip("b", "B", "Somebody"), who="another process")
"""


@pytest.fixture
def watch(database: Database):
    watch = ChangeWatch(database)
    yield watch
    watch.close()


def test_it_stays_until_something_is_committed(watch: ChangeWatch, repository: Repository):
    before = watch.version()
    repository.slugs()
    assert watch.version() == before
    repository.save(TRIP, who="x")
    after = watch.version()
    assert after != before
    assert watch.version() == after
    repository.save(replace(TRIP, title="B"), who="x")
    assert watch.version() != after


def test_another_process_is_noticed(watch: ChangeWatch, database: Database):
    before = watch.version()
    url = database.url.render_as_string(hide_password=False)
    subprocess.run([sys.executable, "-c", SAVE, url], check=True, cwd=ROOT, timeout=60)
    assert watch.version() != before


def test_what_is_not_committed_is_not_noticed(
    watch: ChangeWatch, database: Database, repository: Repository
):
    repository.save(TRIP, who="x")
    before = watch.version()
    with database.writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO changes (trip, revision, at, kind, who, payload) "
            "VALUES ('a', 2, '2023-01-01', 'x', 'x', '{}')"
        )
        assert watch.version() == before
        connection.rollback()
    assert watch.version() == before


def test_two_watches_see_the_same_changes(database: Database, repository: Repository):
    watches = [ChangeWatch(database), ChangeWatch(database)]
    before = [watch.version() for watch in watches]
    repository.save(TRIP, who="x")
    assert all(watch.version() != old for watch, old in zip(watches, before, strict=True))
    for watch in watches:
        watch.close()


def test_a_lost_connection_is_said_once_and_made_anew(database: Database):
    clock = Clock()
    watch = ChangeWatch(database, clock)
    watch.version()
    watch._connection.close()
    clock.pass_on()
    with pytest.raises(StoreError):
        watch.version()
    assert watch.version() == watch.version()
    watch.close()


def test_the_first_change_of_all_is_noticed(watch: ChangeWatch, repository: Repository):
    before = watch.version()
    assert before is not None
    repository.save(TRIP, who="x")
    assert watch.version() != before


def test_another_file_in_its_place_is_noticed(tmp_path: Path):
    here, there = (Database(f"sqlite:///{tmp_path / name}") for name in ("here.db", "there.db"))
    for database, title in ((here, "Here"), (there, "There")):
        database.migrate()
        Repository(database).save(replace(TRIP, title=title), who="x")
    clock = Clock()
    watch = ChangeWatch(here, clock)
    before = watch.version()
    assert Repository(here).trip("a").title == "Here"
    there.dispose()
    for ending in ("-wal", "-shm"):
        (tmp_path / f"here.db{ending}").unlink(missing_ok=True)
    (tmp_path / "there.db").rename(tmp_path / "here.db")
    clock.pass_on()
    with pytest.raises(StoreError, match="another file"):
        watch.version()
    assert watch.version() != before
    assert Repository(here).trip("a").title == "There"
    watch.close()
    here.dispose()


def test_a_database_that_is_gone_is_said_each_time(tmp_path: Path):
    database = Database(f"sqlite:///{tmp_path / 'here.db'}")
    database.migrate()
    clock = Clock()
    watch = ChangeWatch(database, clock)
    watch.version()
    database.dispose()
    (tmp_path / "here.db").unlink()
    clock.pass_on()
    for _ in range(2):
        with pytest.raises(StoreError):
            watch.version()
    watch.close()


def test_a_database_that_is_not_there_is_said(tmp_path: Path):
    watch = ChangeWatch(Database(f"sqlite:///{tmp_path / 'none' / 'here.db'}"))
    with pytest.raises(StoreError, match=r"here\.db"):
        watch.version()


@pytest.fixture
def counted(tmp_path: Path):
    """A database in a file, and how often it was asked for its count."""
    database = Database(f"sqlite:///{tmp_path / 'here.db'}")
    database.migrate()
    asked: list[str] = []
    watch = ChangeWatch(database, Clock())
    watch.version()
    watch._connection.set_trace_callback(asked.append)
    yield database, watch, asked
    watch.close()
    database.dispose()


def test_a_database_behind_a_link_is_not_asked_either(counted, tmp_path: Path):
    (tmp_path / "link.db").symlink_to(tmp_path / "here.db")
    # Of another database that once had this name.
    (tmp_path / "link.db-shm").write_bytes((tmp_path / "here.db-shm").read_bytes())
    watch = ChangeWatch(Database(f"sqlite:///{tmp_path / 'link.db'}"), Clock())
    before = watch.version()
    Repository(counted[0]).save(TRIP, who="x")
    assert watch.version() != before
    watch.close()


def test_where_nothing_is_committed_the_database_is_not_asked(counted):
    database, watch, asked = counted
    Repository(database).slugs()
    before = watch.version()
    asked.clear()
    for _ in range(100):
        assert watch.version() == before
    assert asked == []


def test_every_commit_is_seen_at_once_whatever_becomes_of_the_log(counted):
    database, watch, asked = counted
    repository = Repository(database)
    seen = [watch.version()]
    for n in range(30):
        repository.save(replace(TRIP, title=f"Title {n}"), who="x")
        seen.append(watch.version())
        if n % 3 == 0:
            # Begun anew, the log may come to the same places again.
            with closing(sqlite3.connect(database.url.database)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert len(set(seen)) == len(seen)
    assert len(asked) >= 30


def test_once_in_a_while_it_is_asked_all_the_same(tmp_path: Path):
    database = Database(f"sqlite:///{tmp_path / 'here.db'}")
    database.migrate()
    clock = Clock()
    watch = ChangeWatch(database, clock)
    before = watch.version()
    asked: list[str] = []
    watch._connection.set_trace_callback(asked.append)
    clock.pass_on()
    assert watch.version() == before
    assert len(asked) == 1
    watch.close()
    database.dispose()


def test_where_there_is_no_such_index_it_is_asked_each_time(tmp_path: Path):
    path = tmp_path / "here.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE t (x)")
    watch = ChangeWatch(Database(f"sqlite:///{path}"), Clock())
    before = watch.version()
    assert watch.version() == before
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO t VALUES (1)")
    assert watch.version() != before
    watch.close()


@pytest.mark.parametrize("content", [b"", b"\0" * 136, b"x" * 32768])
def test_an_index_of_another_format_is_none(tmp_path: Path, content: bytes):
    (tmp_path / "here.db-shm").write_bytes(content)
    assert WalIndex.beside(str(tmp_path / "here.db")) is None
    assert WalIndex.beside(str(tmp_path / "other.db")) is None


WRITE = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=0)
connection.execute("DELETE FROM changes")
connection.commit()
"""


def test_who_looks_lets_go_of_no_lock(counted):
    """POSIX drops all locks of a process on a file when it closes any descriptor of that file."""
    database, _, _ = counted
    path = database.url.database
    with closing(sqlite3.connect(path, isolation_level=None)) as writing:
        writing.execute("BEGIN IMMEDIATE")
        for _ in range(2):
            watch = ChangeWatch(database, Clock())
            watch.version()
            watch.close()
        run = subprocess.run(
            [sys.executable, "-c", WRITE, path],
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert "database is locked" in run.stderr
        writing.execute("ROLLBACK")
