"""What long work shows on a terminal: a bar for each task, or plain lines in a log."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from app.geo.reference import Reporter, SilentReporter, Stage

_COLUMNS = (TextColumn("{task.description:<44}"), BarColumn(), TimeElapsedColumn())
_VERBS = {Stage.DOWNLOAD: "fetching", Stage.BUILD: "building"}


@contextmanager
def terminal_reporter() -> Iterator[Reporter]:
    """A reporter on standard error: bars where that is a terminal, else a line for each task."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Lines()
        return
    with Progress(*_COLUMNS, console=console) as progress:
        yield _Bars(progress)


@contextmanager
def terminal_bar(task: str) -> Iterator[Callable[[float], None]]:
    """Told the share that is done: one bar on standard error, where that is a terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        print(f"{task} …", file=sys.stderr, flush=True)
        yield lambda _: None
        return
    with Progress(*_COLUMNS, console=console) as progress:
        bar = progress.add_task(task, total=1.0)
        yield lambda done: progress.update(bar, completed=done)


class _Bars(SilentReporter):
    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def started(self, stage: Stage, name: str) -> None:
        self._tasks[name] = self._progress.add_task(f"{_VERBS[stage]} {name}", total=1.0)

    def progressed(self, stage: Stage, name: str, fraction: float) -> None:
        self._progress.update(self._tasks[name], completed=fraction)

    def finished(self, stage: Stage, name: str, seconds: float) -> None:
        self._progress.update(self._tasks[name], completed=1.0)

    def waiting(self) -> None:
        self._progress.console.print("another `dateline prepare` is at work; waiting for it")


class _Lines(SilentReporter):
    def started(self, stage: Stage, name: str) -> None:
        print(f"{_VERBS[stage]} {name} …", file=sys.stderr, flush=True)

    def finished(self, stage: Stage, name: str, seconds: float) -> None:
        print(f"  done in {seconds:.1f} s", file=sys.stderr, flush=True)

    def waiting(self) -> None:
        print("another `dateline prepare` is at work; waiting for it", file=sys.stderr, flush=True)
