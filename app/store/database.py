"""The database: its engine, its pragmas, its transactions and its migrations.

SQLite by default, PostgreSQL through its URL; both with one writer at a time and readers that
see one moment. Not here: queries about trips (:mod:`app.store.repository`). Imports
:mod:`app.errors` and the migrations.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, SQLAlchemyError

from app.errors import InputError, StoreError
from app.store.migrations import MIGRATIONS, TYPES, Migration

BUSY_SECONDS = 10
# One number for all writers of this application, so that PostgreSQL lets one in at a time.
_WRITERS_LOCK = 0x646174656C696E65 >> 1
_HISTORY = "schema_migrations"
_PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA trusted_schema = OFF",
)


class Database:
    """An engine for ``url`` (SQLAlchemy form); nothing is opened before it is used.

    Raises :class:`app.errors.InputError` for a URL that is neither a SQLite file nor
    PostgreSQL. Every method raises :class:`app.errors.StoreError` when the database refuses.
    """

    def __init__(self, url: str) -> None:
        self.url = _checked(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._engine = _sqlite_engine(self.url) if self.is_sqlite else _postgres_engine(self.url)
        self._reading = (
            self._engine
            if self.is_sqlite
            # Several queries of one read must see one moment; SQLite's transactions always do.
            else self._engine.execution_options(isolation_level="REPEATABLE READ")
        )
        self._writing = self._engine.execution_options(dateline_begin="BEGIN IMMEDIATE")

    @property
    def label(self) -> str:
        """The URL without its password, for messages."""
        return self.url.render_as_string(hide_password=True)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one moment and writes nothing."""
        with self._plainly(), self._reading.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction with the only pen; all of it is kept, or nothing."""
        with self._plainly(), self._writing.begin() as connection:
            if not self.is_sqlite:
                connection.execute(
                    text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITERS_LOCK}
                )
            yield connection

    def migrate(self, migrations: Sequence[Migration] = MIGRATIONS) -> list[str]:
        """Bring the tables up to date; the names of the migrations that were run.

        Each runs in a transaction of its own; of several processes that start at once, one
        runs it and the others wait. A database that is up to date is not written to. Raises
        :class:`app.errors.StoreError` for one made by a newer version.
        """
        self._make_directory()
        with self.reading() as connection:
            done = self._done(connection, migrations)
        run: list[str] = []
        for migration in migrations:
            if migration.name not in done and self._run(migration, migrations):
                run.append(migration.name)
        return run

    def dispose(self) -> None:
        """Close every idle connection."""
        self._engine.dispose()

    def _run(self, migration: Migration, migrations: Sequence[Migration]) -> bool:
        with self.writing() as connection:
            if migration.name in self._done(connection, migrations):
                return False
            connection.exec_driver_sql(
                f"CREATE TABLE IF NOT EXISTS {_HISTORY} "
                "(name VARCHAR NOT NULL PRIMARY KEY, run_at VARCHAR NOT NULL)"
            )
            types = TYPES[self.url.get_backend_name()]
            for statement in migration.statements:
                connection.exec_driver_sql(statement.format(**types))
            connection.execute(
                text(f"INSERT INTO {_HISTORY} (name, run_at) VALUES (:name, :run_at)"),
                {"name": migration.name, "run_at": datetime.now(UTC).isoformat()},
            )
        return True

    def _done(self, connection: Connection, migrations: Sequence[Migration]) -> set[str]:
        if not inspect(connection).has_table(_HISTORY):
            return set()
        done = set(connection.execute(text(f"SELECT name FROM {_HISTORY}")).scalars())
        if unknown := sorted(done - {migration.name for migration in migrations}):
            raise StoreError(
                f"{self.label} was made by a newer version (it knows {unknown[-1]}); "
                "install that version, or use another database"
            )
        return done

    def _make_directory(self) -> None:
        name = self.url.database
        if not self.is_sqlite or name is None or name.startswith("file:"):
            return
        try:
            Path(name).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"{name} cannot be made: {error.strerror}") from error

    @contextmanager
    def _plainly(self) -> Iterator[None]:
        try:
            yield
        except IntegrityError as error:
            raise StoreError(f"the stored parts do not fit together: {_said(error)}") from error
        except DBAPIError as error:
            hint = ""
            if "locked" in str(error.orig):
                hint = f" (somebody else has been writing for {BUSY_SECONDS} s; try again)"
            elif "readonly" in str(error.orig):
                hint = " (make the file and its directory writable, or choose another database)"
            raise StoreError(f"{self.label}: {_said(error)}{hint}") from error
        except SQLAlchemyError as error:
            raise StoreError(f"{self.label}: {error}") from error


def _said(error: DBAPIError) -> str:
    return str(error.orig).strip().split("\n")[0]


def _checked(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise InputError(
            "database_url", "write it as sqlite:///file.db or postgresql://user@host/name"
        ) from None
    if parsed.drivername in ("sqlite", "sqlite+pysqlite"):
        if parsed.database in (None, "", ":memory:"):
            raise InputError("database_url", "SQLite needs a file: sqlite:///file.db")
        return parsed
    if parsed.drivername in ("postgres", "postgresql", "postgresql+psycopg"):
        return parsed.set(drivername="postgresql+psycopg")
    raise InputError(
        "database_url", f"{parsed.drivername} is not known; use sqlite:/// or postgresql://"
    )


def _sqlite_engine(url: URL) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})

    def on_connect(connection: Any, _record: object) -> None:
        # The driver must not begin transactions by itself: it would leave out DDL and reads.
        connection.isolation_level = None
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        _use_wal(connection)

    def on_begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        connection.exec_driver_sql(options.get("dateline_begin", "BEGIN"))

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", on_begin)
    return engine


def _use_wal(connection: Any) -> None:
    """Readers beside a writer. Kept in the file, so a file that cannot be written keeps its own."""
    try:
        connection.execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as error:
        if "readonly" not in str(error):
            raise


def _postgres_engine(url: URL) -> Engine:
    return create_engine(
        url,
        pool_pre_ping=True,
        connect_args={"options": "-c timezone=UTC", "connect_timeout": BUSY_SECONDS},
    )
