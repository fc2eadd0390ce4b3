"""Pages at every step, kept as pieces that they have in common.

Lives here: how the texts of many pages become few files. A :class:`Shelf` puts each piece of text
away once, in the order in which pieces first appear, and tells a text as runs of pieces. The other
side, which reads, is ``static/js/load_folder.js``.
"""

import re
from collections.abc import Callable, Iterator
from hashlib import blake2b
from typing import TypeAlias

MOST_BYTES = 256 * 1024
"""Of one file: what a reader loads at once, for a step that has one piece of it."""
REACH = 3
"""How many times its own size what a step shows may have to be gathered from."""

_LONG = 400
_SHORT = 60
_LONGEST = 2000
_BETWEEN = re.compile(r"(?<=>)(?=<)")

_Key: TypeAlias = str | bytes


class Shelf:
    """Pieces under a name; ``put_away`` is given each full file: its number and its pieces.

    What was put away long ago is forgotten (:meth:`forget`), and put away anew when it comes again:
    or a late step would be gathered from all files that there are.
    """

    def __init__(self, name: str, put_away: Callable[[int, list[str]], None]) -> None:
        self.name = name
        self._put_away = put_away
        self._places: dict[_Key, tuple[int, int]] = {}
        self._keys: dict[int, list[_Key]] = {0: []}
        self._file = 0
        self._pieces: list[str] = []
        self._bytes = 0

    def runs(self, text: str) -> list[int]:
        r"""The text as runs ``[file, first, count, file, first, count, …]``, in one list.

        >>> shelf = Shelf("s", lambda number, pieces: print(number, pieces))
        >>> shelf.runs("<p>one</p>\n"), shelf.runs("<p>two</p>\n"), shelf.runs("<p>one</p>\n")
        ([0, 0, 1], [0, 1, 1], [0, 0, 1])
        >>> shelf.close()
        0 ['<p>one</p>\n', '<p>two</p>\n']
        """
        runs: list[int] = []
        file, after = -1, 0
        for piece in _pieces_of(text):
            file, at = self._place(piece, file, after)
            if runs and runs[-3] == file and after == at:
                runs[-1] += 1
            else:
                runs += [file, at, 1]
            after = at + 1
        return runs

    def forget(self, size: int) -> None:
        """Forget what is further back than texts of ``size`` characters together may reach."""
        before = self._file - max(2, REACH * size // MOST_BYTES)
        for file in [file for file in self._keys if file < before]:
            for key in self._keys.pop(file):
                del self._places[key]

    def close(self) -> None:
        """Put away what is left."""
        if self._pieces:
            self._put_away(self._file, self._pieces)
            self._file += 1
            self._pieces, self._bytes = [], 0
            self._keys[self._file] = []

    def _place(self, piece: str, file: int, after: int) -> tuple[int, int]:
        """Where a piece is: in ``file`` at ``after``, behind the one before it, if it is there."""
        # Of long pieces only a digest is kept: a journey may have a hundred million characters.
        key = piece if len(piece) < 64 else blake2b(piece.encode(), digest_size=16).digest()
        there = self._keys.get(file, [])
        if after < len(there) and there[after] == key:
            return file, after
        if key not in self._places:
            if self._bytes > MOST_BYTES:
                self.close()
            self._places[key] = self._file, len(self._pieces)
            self._keys[self._file].append(key)
            self._pieces.append(piece)
            self._bytes += len(piece.encode())
        return self._places[key]


def _pieces_of(text: str) -> Iterator[str]:
    """The text cut where others may agree with it: at lines, and within pictures at elements.

    What is short, as the ends of elements are, stays with what stands before it.
    """
    piece = ""
    for line in text.splitlines(keepends=True):
        for part in [line] if len(line) < _LONG else _BETWEEN.split(line):
            if piece and (len(part) >= _SHORT or len(piece) > _LONGEST):
                yield piece
                piece = ""
            piece += part
    if piece:
        yield piece
