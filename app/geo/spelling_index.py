"""The index of near spellings: which keys share most groups of three letters with a text.

Lives here: writing the index and asking it. Not here: how near two spellings are
(:mod:`app.geo.place_search`). Imports numpy only. Method: Zobel and Dart 1995, "Finding
approximate matches in large lexicons", *Software: Practice and Experience* 25.
"""

import sqlite3
import zlib
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

SHORTEST_KEY = 4
"""Shorter keys have too few groups: one wrong letter leaves none."""

_EDGE = "\x02"
_PARTS = 8
_ROWS = 50_000
_WORTH_DEFLATING = 64
_MOST_COMMON = 60_000


def write_spelling_index(database: sqlite3.Connection, progress: Callable[[float], None]) -> None:
    """Fill the table ``grams`` from the table ``keys``.

    A group of three letters is one number of 63 bits; its postings are the ascending numbers
    of the keys with it, as deflated 32-bit differences.
    """
    letters, owners = _all_letters(database)
    first, middle, last = letters[:-2], letters[1:-1], letters[2:]
    inside = owners[:-2] == owners[2:]
    for part in range(_PARTS):
        chosen = np.flatnonzero(inside & (middle % _PARTS == part))
        some_grams = _joined(first[chosen], middle[chosen], last[chosen])
        some_owners = owners[chosen]
        order = np.argsort(some_grams, kind="stable")  # owners ascend already
        some_grams, some_owners = some_grams[order], some_owners[order]
        new_gram = np.diff(some_grams, prepend=-1) != 0
        steps = np.diff(some_owners, prepend=0)
        once = new_gram | (steps != 0)  # a key may hold a group twice
        steps[new_gram] = some_owners[new_gram]
        some_grams, steps = some_grams[once], steps[once].astype("<i4")
        starts = np.flatnonzero(np.diff(some_grams, prepend=-1))
        cuts = [*starts.tolist(), len(steps)]
        database.executemany(
            "INSERT INTO grams VALUES (?, ?)",
            (
                (gram, _packed(steps[start:end].tobytes()))
                for gram, start, end in zip(
                    some_grams[starts].tolist(), cuts, cuts[1:], strict=False
                )
            ),
        )
        progress((part + 1) / _PARTS)


def near_keys(database: sqlite3.Connection, key: str, *, limit: int) -> list[str]:
    """Up to ``limit`` keys that share the most groups with ``key``, most alike first.

    Ordered by Dice's coefficient of the groups.
    """
    if len(key) < SHORTEST_KEY:
        return []
    letters = _codes(f"{_EDGE}{key}{_EDGE}")
    grams = np.unique(_joined(letters[:-2], letters[1:-1], letters[2:]))
    marks = ", ".join("?" * len(grams))
    rows = database.execute(
        f"SELECT postings FROM grams WHERE gram IN ({marks}) ORDER BY length(postings), gram",
        [int(gram) for gram in grams],
    ).fetchall()
    # The commonest groups say least and cost most: leave them out once others have spoken.
    chosen: list[NDArray[np.int32]] = []
    read = 0
    for (postings,) in rows:
        if read > _MOST_COMMON and len(chosen) >= 3:
            break
        chosen.append(_unpacked(postings))
        read += len(chosen[-1])
    if not chosen:
        return []
    numbers, shared = np.unique(np.concatenate(chosen), return_counts=True)
    keep = min(len(numbers), 4 * limit)
    best = np.lexsort((numbers, -shared))[:keep]
    marks = ", ".join("?" * keep)
    texts = dict(
        database.execute(
            f"SELECT number, key FROM keys WHERE number IN ({marks})", numbers[best].tolist()
        ).fetchall()
    )
    ranked = sorted(
        (-2.0 * int(count) / (len(grams) + len(texts[number])), texts[number])
        for number, count in zip(numbers[best].tolist(), shared[best].tolist(), strict=True)
    )
    return [text for _, text in ranked[:limit]]


def _all_letters(
    database: sqlite3.Connection,
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """All keys one after another, with edges, and the number of the key of each letter."""
    rows = database.execute("SELECT number, key FROM keys ORDER BY number")
    letters: list[NDArray[np.int32]] = []
    owners: list[NDArray[np.int32]] = []
    while some := rows.fetchmany(_ROWS):
        letters.append(_codes("".join(f"{_EDGE}{key}{_EDGE}" for _, key in some)))
        numbers = np.fromiter((number for number, _ in some), np.int32, len(some))
        lengths = np.fromiter((len(key) + 2 for _, key in some), np.int32, len(some))
        owners.append(np.repeat(numbers, lengths))
    empty = np.zeros(2, np.int32)
    return np.concatenate([*letters, empty]), np.concatenate([*owners, empty])


def _codes(text: str) -> NDArray[np.int32]:
    return np.frombuffer(text.encode("utf-32-le"), np.int32)


def _joined(
    first: NDArray[np.int32], middle: NDArray[np.int32], last: NDArray[np.int32]
) -> NDArray[np.int64]:
    """A number for each group of three letters, 21 bits a letter."""
    return (first.astype(np.int64) << 42) | (middle.astype(np.int64) << 21) | last


def _packed(steps: bytes) -> bytes:
    """Behind a letter that says how: plain where deflating would gain nothing."""
    return b"z" + zlib.compress(steps, 1) if len(steps) >= _WORTH_DEFLATING else b"-" + steps


def _unpacked(postings: bytes) -> NDArray[np.int32]:
    steps = postings[1:] if postings[:1] == b"-" else zlib.decompress(postings[1:])
    return np.cumsum(np.frombuffer(steps, "<i4"), dtype=np.int32)
