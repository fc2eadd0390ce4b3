"""One check for all who ask at the same time, and never an old one.

Lives here: :class:`LatestCheck`, for checks that take their time. Whoever asks while one is under
way shares the next: that one began after what they want to know of had happened.
"""

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

from anyio import to_thread

T = TypeVar("T")


class LatestCheck(Generic[T]):
    """Runs ``check`` in a thread, once at a time."""

    def __init__(self, check: Callable[[], T]) -> None:
        self._check = check
        self._running: asyncio.Task[T] | None = None
        self._next: asyncio.Task[T] | None = None

    async def __call__(self) -> T:
        """What a check says that began no earlier than this call."""
        if self._running is None or self._running.done():
            task = self._running = asyncio.create_task(self._run())
        elif self._next is not None:
            task = self._next
        else:
            task = self._next = asyncio.create_task(self._run_after(self._running))
        # One who goes away takes nothing from the others.
        return await asyncio.shield(task)

    async def _run(self) -> T:
        return await to_thread.run_sync(self._check)

    async def _run_after(self, before: "asyncio.Task[T]") -> T:
        await asyncio.wait([before])
        self._running, self._next = self._next, None
        return await self._run()
