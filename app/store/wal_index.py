"""SQLite's own note of the last commit, read in place.

Lives here: :class:`WalIndex`, the beginning of the file that all who use a database in WAL mode
share as memory (https://www.sqlite.org/walformat.html). Not here: what follows from it
(:mod:`app.store.watch`). Imports nothing of ours.
"""

import os
import sys
from pathlib import Path

_HEADER = 48
"""Bytes of the header, of which two copies stand at the beginning."""
_FORMAT = (3007000).to_bytes(4, sys.byteorder)
_IS_INITIALISED = 12

# By device and inode, for as long as the process lives. A descriptor must not be closed: with it
# POSIX drops every lock that this process has on the file, those of all its connections
# (https://www.sqlite.org/howtocorrupt.html, 2.2).
_OPENED: dict[tuple[int, int], int] = {}


class WalIndex:
    """The header of the WAL-index at ``path``, which each commit changes before it is done.

    Whoever looks at it must have the database open: then nobody takes the file away.
    """

    def __init__(self, path: Path) -> None:
        """Raises ``OSError`` or ``ValueError`` where there is none, or none that we know."""
        self._path = path
        self._file = _identity(path.stat())
        if self._file not in _OPENED:
            descriptor = os.open(path, os.O_RDONLY)
            self._file = _identity(os.fstat(descriptor))
            _OPENED[self._file] = descriptor
        self._descriptor = _OPENED[self._file]
        header = self.header()
        if len(header) < _HEADER or not (header.startswith(_FORMAT) and header[_IS_INITIALISED]):
            raise ValueError(f"{path} is in a format that is not known")

    @classmethod
    def beside(cls, database: str) -> "WalIndex | None":
        """That of a database file that is open in WAL mode; ``None`` where it cannot be read."""
        try:
            # It stands beside the file itself, not beside a link to it.
            return cls(Path(f"{Path(database).resolve()}-shm"))
        except (OSError, ValueError):
            return None

    def header(self) -> bytes:
        """What stands there now: the same bytes as before if nothing was committed meanwhile."""
        return os.pread(self._descriptor, _HEADER, 0)

    @property
    def is_in_place(self) -> bool:
        """Whether the file is still the one that is read."""
        try:
            return _identity(self._path.stat()) == self._file
        except OSError:
            return False


def _identity(found: os.stat_result) -> tuple[int, int]:
    return found.st_dev, found.st_ino
