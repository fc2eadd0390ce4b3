"""Whether anything changed in the database since one last looked, for a few microseconds.

Lives here: :class:`ChangeWatch`, which asks the drivers themselves. Not here: what changed
(:meth:`app.store.repository.Repository.changes`).
"""

import sqlite3
from collections.abc import Callable
from threading import Lock
from typing import Any

from app.errors import StoreError
from app.store.database import BUSY_SECONDS, Database


class ChangeWatch:
    """Watches a database over a connection of its own, on which nothing is ever written.

    SQLite counts commits by any other connection, of this process or another, in
    ``PRAGMA data_version``, at no more than a look into shared memory. PostgreSQL has no such
    count: there the newest entry of the log of changes is asked for.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = Lock()
        self._connection: Any = None
        self._ask: Callable[[], object] = self._connected

    def version(self) -> object:
        """Something that differs from what it was before the last change that was committed.

        Raises :class:`app.errors.StoreError` when the database does not answer; the next call
        connects anew.
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
                self._open()
        return self._ask()

    def _open(self) -> None:
        # Every connection is a new count: told apart by which one it is.
        if self._database.is_sqlite:
            name = self._database.url.database or ""
            sqlite = sqlite3.connect(
                name,
                timeout=BUSY_SECONDS,
                isolation_level=None,
                check_same_thread=False,
                uri=name.startswith("file:"),
            )
            own = object()
            self._connection = sqlite
            self._ask = lambda: (own, sqlite.execute("PRAGMA data_version").fetchone()[0])
        else:
            self._connection, self._ask = _postgres(self._database)


def _postgres(database: Database) -> tuple[Any, Callable[[], object]]:
    import psycopg  # noqa: PLC0415 - an extra that not everybody has

    url = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    connection = psycopg.connect(url, autocommit=True, connect_timeout=BUSY_SECONDS)

    def ask() -> object:
        row = connection.execute("SELECT max(id) FROM changes", prepare=True).fetchone()
        return row and row[0]

    return connection, ask
