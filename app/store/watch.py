"""Whether anything changed in the database since one last looked, for a microsecond or two.

Lives here: :class:`ChangeWatch`, which asks the drivers themselves. Not here: what changed
(:meth:`app.store.repository.Repository.changes`).
"""

import os
import sqlite3
import time
from collections.abc import Callable
from threading import RLock
from typing import Any

from app.errors import StoreError
from app.store.database import BUSY_SECONDS, Database
from app.store.wal_index import WalIndex

PAUSE_SECONDS = 1.0
"""After a server could not be connected to: so long nobody else waits for it."""
LOOK_SECONDS = 1.0
"""So often it is looked whether the file of the database is still the one that was opened."""
_LIMITS = (
    "-c statement_timeout=2000 -c lock_timeout=2000 -c timezone=UTC "
    "-c default_transaction_read_only=on"
)


class ChangeWatch:
    """Watches a database over a connection of its own, on which nothing is ever written.

    SQLite counts commits by any other connection, of this process or another, in
    ``PRAGMA data_version``. That is asked where the memory that all of them share says something
    else than before (:mod:`app.store.wal_index`): asked each time, it would be a fifth of all that
    a kept answer costs. That another file stands in the place of the database shows in the file
    itself, within :data:`LOOK_SECONDS`. PostgreSQL has no such count: there the newest entry of the
    log of changes is asked for, which may take its time (``takes_time``).

    ``clock`` tells seconds that never go back.
    """

    def __init__(self, database: Database, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._clock = clock
        self.takes_time = not database.is_sqlite
        self._lock = RLock()
        self._connection: Any = None
        self._ask: Callable[[], object] = self._connected
        self._not_before = 0.0

    def version(self) -> object:
        """Something that differs from what it was before the last change that was committed.

        Raises :class:`app.errors.StoreError` when the database does not answer; a while later
        it is connected to anew.
        """
        try:
            return self._ask()
        except StoreError:
            raise
        except Exception as error:
            self.close()
            raise StoreError(f"{self._database.label}: {error}") from error

    def close(self) -> None:
        """Let go of the connection."""
        with self._lock:
            connection, self._connection = self._connection, None
            self._ask = self._connected
        if connection is not None:
            connection.close()

    def _connected(self) -> object:
        with self._lock:
            if self._connection is None:
                if self._clock() < self._not_before:
                    raise StoreError(f"{self._database.label} did not answer a moment ago")
                # Every connection is a new count: told apart by which one it is.
                self._ask = self._sqlite() if self._database.is_sqlite else self._postgres()
        return self._ask()

    def _sqlite(self) -> Callable[[], object]:
        name = self._database.url.database or ""
        is_uri = name.startswith("file:")
        file = None if is_uri else _file(name)  # who connects would make one
        connection = self._connection = sqlite3.connect(
            name,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            uri=is_uri,
        )
        own = object()

        def count() -> object:
            return own, connection.execute("PRAGMA data_version").fetchone()[0]

        if file is None:
            return count

        index = None
        # Asked something, the database is open from now on, and its index in use.
        if connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
            index = WalIndex.beside(name)
        clock, next_look = self._clock, self._clock() + LOOK_SECONDS
        known: tuple[bytes, object] = b"", None

        def count_of_file() -> object:
            nonlocal next_look, known
            # Not each time: it would cost as much as the count.
            if (now := clock()) >= next_look:
                if _file(name) != file or (index is not None and not index.is_in_place):
                    # Whoever is connected still looks at what was there before.
                    self._database.dispose()
                    raise OSError("another file has taken the place of the database")
                next_look = now + LOOK_SECONDS
                known = b"", None
            # Before the count: what is committed between them is seen the next time.
            header = b"" if index is None else index.header()
            before, version = known
            if not header or header != before:
                version = count()
                known = header, version
            return version

        return count_of_file

    def _postgres(self) -> Callable[[], object]:
        import psycopg  # noqa: PLC0415 - an extra that not everybody has

        url = self._database.url.set(drivername="postgresql")
        try:
            connection = self._connection = psycopg.connect(
                url.render_as_string(hide_password=False),
                autocommit=True,
                connect_timeout=2,
                options=_LIMITS,
            )
        except psycopg.Error:
            self._not_before = self._clock() + PAUSE_SECONDS
            raise
        own = object()

        def newest() -> object:
            row = connection.execute("SELECT max(id) FROM changes", prepare=True).fetchone()
            return own, row and row[0]

        return newest


def _file(name: str) -> tuple[int, int]:
    found = os.stat(name)  # noqa: PTH116 - asked before every answer: a path object costs more
    return found.st_dev, found.st_ino
