"""The tables are brought up to date from nothing and from every older version, once."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import inspect, text
from sqlmodel import SQLModel

from app.errors import InputError, StoreError
from app.journey.bounds import Bounds
from app.journey.interval import Interval
from app.journey.model import Figure, Source, Trip
from app.store import tables
from app.store.database import Database
from app.store.migrations import MIGRATIONS, Migration
from app.store.repository import Repository
from app.store.rows import part_rows, trip_row

ROOT = Path(__file__).parents[2]
DAY = datetime(2023, 9, 12, tzinfo=UTC)
NAMES = [migration.name for migration in MIGRATIONS]


@pytest.fixture
def figured_trip(gazetteer) -> Trip:
    """A trip with one figure that says nothing of what the third migration added."""
    ends = ("pyongyang", "vladivostok")
    return Trip(
        slug="old",
        title="Old",
        subject="X",
        revision=1,
        sources=(Source("s", "P", Interval.at(DAY)),),
        figures=(Figure("f", "s", *ends, "c", distance_km=Bounds.exactly(1200)),),
        places={place_id: gazetteer.place(place_id) for place_id in ends},
    )


def test_an_empty_database_gets_every_migration_and_a_second_start_none(empty_url):
    database = Database(empty_url)
    assert database.migrate() == NAMES
    assert database.migrate() == []
    database.dispose()


@pytest.mark.parametrize("age", range(1, len(MIGRATIONS)))
def test_an_older_database_keeps_its_trips(empty_url, age):
    database = Database(empty_url)
    database.migrate(MIGRATIONS[:age])
    with database.writing() as connection:
        connection.execute(text("INSERT INTO trips VALUES ('old', 'Old', 'X', '', 'train', 3)"))
    assert database.migrate() == NAMES[age:]
    stored = Repository(database).trip("old")
    assert (stored.revision, stored.formerly, stored.withdrawn) == (3, (), None)
    database.dispose()


def test_a_figure_stored_before_figures_were_of_a_journey_is_of_none(empty_url, figured_trip):
    database = Database(empty_url)
    database.migrate(MIGRATIONS[:2])
    rows = [(table.__tablename__, rows) for table, rows in part_rows(figured_trip).items()]
    with database.writing() as connection:
        for name, stored in [("trips", [trip_row(figured_trip)]), *rows]:
            known = {column["name"] for column in inspect(connection).get_columns(name)}
            for row in stored:
                values = {key: value for key, value in row.items() if key in known}
                table = SQLModel.metadata.tables[name]
                connection.execute(table.insert().values(values).inline())
    assert database.migrate() == NAMES[2:]
    (figure,) = Repository(database).trip("old").figures
    assert figure == figured_trip.figures[0]
    assert (figure.of_this_journey, figure.attributed_to, figure.credibility) == (False, None, 6)
    database.dispose()


def test_the_migrations_make_the_tables_that_the_code_expects(database):
    with database.reading() as connection:
        found = inspect(connection)
        for name, table in SQLModel.metadata.tables.items():
            columns = {c["name"]: c["nullable"] for c in found.get_columns(name)}
            assert columns == {c.name: c.nullable for c in table.columns}, name
            assert found.get_pk_constraint(name)["constrained_columns"] == [
                c.name for c in table.primary_key
            ], name
            keys = {
                (tuple(key["constrained_columns"]), key["referred_table"])
                for key in found.get_foreign_keys(name)
            }
            assert keys == {
                (tuple(key.column_keys), key.referred_table.name)
                for key in table.foreign_key_constraints
            }, name
        assert set(SQLModel.metadata.tables) == set(found.get_table_names()) - {"schema_migrations"}
    assert tables.TripRow.__tablename__ == "trips"


def test_a_migration_that_fails_leaves_nothing_of_itself(empty_url):
    broken = Migration("0003_broken", ("CREATE TABLE half (id INTEGER)", "NOT SQL"))
    database = Database(empty_url)
    with pytest.raises(StoreError):
        database.migrate((*MIGRATIONS, broken))
    with database.reading() as connection:
        assert not inspect(connection).has_table("half")
    assert database.migrate() == []
    database.dispose()


def test_a_database_of_a_newer_version_is_refused(empty_url):
    database = Database(empty_url)
    database.migrate((*MIGRATIONS, Migration("9999_future", ("CREATE TABLE future (id INTEGER)",))))
    with pytest.raises(StoreError, match=r"newer version.*9999_future"):
        database.migrate()
    database.dispose()


START = (
    "import sys; from app.store.database import Database; print(Database(sys.argv[1]).migrate())"
)


def test_processes_that_start_at_once_migrate_once(empty_url):
    started = [
        subprocess.Popen(
            [sys.executable, "-c", START, empty_url], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    said = [process.communicate(timeout=120)[0] for process in started]
    assert [process.returncode for process in started] == [0, 0, 0]
    for name in NAMES:
        assert sum(name in each for each in said) == 1


def test_sqlite_keeps_its_promises(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    with database.reading() as connection:
        for pragma, value in (
            ("journal_mode", "wal"),
            ("foreign_keys", 1),
            ("busy_timeout", 10_000),
            ("synchronous", 1),
            ("trusted_schema", 0),
        ):
            assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value
    database.dispose()


@pytest.mark.parametrize("url", ["", "junk", "sqlite://", "mysql://host/db", "sqlite:///:memory:"])
def test_a_url_that_cannot_work_is_refused_by_name(url):
    with pytest.raises(InputError) as error:
        Database(url)
    assert error.value.field == "database_url"


def test_a_file_that_is_no_database_is_named(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("not a database at all, only text " * 100)
    database = Database(f"sqlite:///{path}")
    with pytest.raises(StoreError, match=r"notes\.txt"):
        database.migrate()
    database.dispose()


def test_messages_never_show_the_password():
    database = Database("postgresql://someone:secret@127.0.0.1:1/none")
    with pytest.raises(StoreError) as error:
        database.migrate()
    assert "secret" not in str(error.value)
    database.dispose()
