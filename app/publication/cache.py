"""Bytes that were made once, kept until memory is wanted for others.

Lives here: :class:`Answer` (bytes, media type, ETag) and a bounded, thread-safe store that
makes each answer once however many ask at the same time.
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


class OnceCache(Generic[T]):
    """Up to ``limit`` values by key, least recently used out first.

    With ``weigh`` they are no heavier than ``most`` together either, but for a single one:
    readers choose speeds freely, and each choice is an answer of its own.

    >>> cache = OnceCache(2)
    >>> cache.get("a", lambda: 1), cache.get("a", lambda: 2)
    (1, 1)
    """

    def __init__(
        self, limit: int, *, weigh: Callable[[T], int] | None = None, most: int = 0
    ) -> None:
        self._limit = limit
        self._weigh = weigh
        self._most = most
        self._lock = Lock()
        self._kept: OrderedDict[Hashable, Future[T]] = OrderedDict()
        self._weights: dict[Hashable, int] = {}
        self._weight = 0

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value for ``key``, made by ``make`` if nobody has.

        Others who ask meanwhile wait for the same value. A ``make`` that fails is not kept.
        """
        with self._lock:
            future = self._kept.get(key)
            mine = future is None
            if future is None:
                future = self._kept[key] = Future()
                while len(self._kept) > self._limit:
                    self._drop_least_recent()
            else:
                self._kept.move_to_end(key)
        if mine:
            try:
                value = make()
                if self._weigh is not None:
                    self._take_weight(key, future, self._weigh(value))
                future.set_result(value)
            except BaseException as error:
                future.set_exception(error)
                with self._lock:
                    if self._kept.get(key) is future:
                        del self._kept[key]
                raise
        return future.result()

    def _take_weight(self, key: Hashable, future: Future[T], weight: int) -> None:
        with self._lock:
            if self._kept.get(key) is not future:
                return
            self._weights[key] = weight
            self._weight += weight
            self._kept.move_to_end(key)
            while self._weight > self._most and len(self._kept) > 1:
                self._drop_least_recent()

    def _drop_least_recent(self) -> None:
        key, _ = self._kept.popitem(last=False)
        self._weight -= self._weights.pop(key, 0)
