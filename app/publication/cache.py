"""Bytes that were made once, kept until memory is wanted for others.

Lives here: :class:`Answer` (bytes, media type, ETag), a bounded store of values, and a
thread-safe one that makes each value once however many ask at the same time.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer:
    """Bytes ready to be sent; ``etag`` is strong and quoted, and depends on the bytes alone."""

    body: bytes
    media_type: str
    etag: str

    @classmethod
    def of(cls, body: bytes, media_type: str) -> "Answer":
        """An answer with the ETag of its bytes."""
        return cls(body, media_type, f'"{hashlib.sha256(body).hexdigest()[:32]}"')

    @property
    def version(self) -> str:
        """What tells these bytes from others in an address, as ``?v=``."""
        return self.etag[1:13]


class Bounded(Generic[T]):
    """Up to ``limit`` values by key, of no more weight together than ``most``.

    The least recently used goes first. A single value may be heavier than ``most``. Not safe to
    share between threads.

    >>> kept = Bounded[str](2, most=10)
    >>> kept.put("a", "first", 6); kept.put("b", "second", 6)
    >>> kept.get("a"), kept.get("b")
    (None, 'second')
    """

    def __init__(self, limit: int, most: int) -> None:
        self._limit = limit
        self._most = most
        self._kept: OrderedDict[Hashable, tuple[T, int]] = OrderedDict()
        self._weight = 0

    def get(self, key: Hashable) -> T | None:
        """The value, now the most recently used; ``None`` if it is not kept."""
        found = self._kept.get(key)
        if found is None:
            return None
        self._kept.move_to_end(key)
        return found[0]

    def put(self, key: Hashable, value: T, weight: int = 0) -> None:
        """Keep a value in place of what was there."""
        self.drop(key)
        self._kept[key] = value, weight
        self._weight += weight
        while len(self._kept) > self._limit or (self._weight > self._most and len(self._kept) > 1):
            self.drop(next(iter(self._kept)))

    def drop(self, key: Hashable) -> None:
        """Forget a value, if it is kept."""
        _, weight = self._kept.pop(key, (None, 0))
        self._weight -= weight


class OnceCache(Generic[T]):
    """Up to ``limit`` values by key, least recently used out first; safe to share between threads.

    With ``weigh`` they are no heavier than ``most`` together either, but for a single one:
    readers choose speeds freely, and each choice is an answer of its own.

    >>> cache = OnceCache(2)
    >>> cache.get("a", lambda: 1), cache.get("a", lambda: 2)
    (1, 1)
    """

    def __init__(
        self, limit: int, *, weigh: Callable[[T], int] = lambda _: 0, most: int = 0
    ) -> None:
        self._weigh = weigh
        self._lock = Lock()
        self._kept: Bounded[Future[T]] = Bounded(limit, most)

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value for ``key``, made by ``make`` if nobody has.

        Others who ask meanwhile wait for the same value. A ``make`` that fails is not kept.
        """
        with self._lock:
            future = self._kept.get(key)
            mine = future is None
            if future is None:
                future = Future()
                self._kept.put(key, future)
        if mine:
            try:
                value = make()
                weight = self._weigh(value)
                with self._lock:
                    # Who is no longer kept was pushed out meanwhile.
                    if self._kept.get(key) is future:
                        self._kept.put(key, future, weight)
                future.set_result(value)
            except BaseException as error:
                future.set_exception(error)
                with self._lock:
                    if self._kept.get(key) is future:
                        self._kept.drop(key)
                raise
        return future.result()
