"""A folder on the disk: written beside its place, then put there, whole or not at all.

Lives here: what may stand in the place before, and how the one takes the place of the other. Not
here: what is in the folder (:mod:`app.folder.contents`).
"""

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from app.errors import FolderError
from app.folder.about import MANIFEST, File, read_manifest
from app.permissions import permissions_of

# What file managers leave behind in folders that were looked at.
_LEFTOVERS = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


def check_place(directory: Path, slugs: Collection[str]) -> None:
    """Raises :class:`app.errors.FolderError` unless a folder may be put at ``directory``.

    Nothing may be there, or an empty directory, or what was published before of a trip that has
    one of ``slugs``, and nothing else.
    """
    try:
        _check(directory, _place(directory), slugs)
    except OSError as error:
        raise _in_the_way(directory, error) from error


def write_folder(
    directory: Path,
    slugs: Collection[str],
    files: Iterable[tuple[str, bytes]],
    manifest: Callable[[Mapping[str, File]], bytes],
) -> Mapping[str, File]:
    """Put ``files``, by path, and the ``manifest`` of them at ``directory``; what was written.

    Until all are written, what is there stays as it is. Raises :class:`app.errors.FolderError`
    saying what was in the way, as :func:`check_place` does.
    """
    try:
        place = _place(directory)
        _check(directory, place, slugs)
        unfinished = Path(tempfile.mkdtemp(dir=place.parent, prefix=f".{place.name}."))
        try:
            written = _write(unfinished, files)
            (unfinished / MANIFEST).write_bytes(manifest(written))
            unfinished.chmod(permissions_of(place, 0o777))
            # It took a while: somebody may have put something there.
            _check(directory, place, slugs)
            _exchange(unfinished, place)
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise
    except OSError as error:
        raise _in_the_way(directory, error) from error
    return written


def _place(directory: Path) -> Path:
    """Where it really is: of a link, what it leads to is replaced, not the link."""
    place = directory.resolve()
    if not place.parent.is_dir():
        raise FolderError(f"{directory} cannot be written: there is no folder {place.parent}")
    return place


def _check(directory: Path, place: Path, slugs: Collection[str]) -> None:
    if not place.exists():
        return
    if not place.is_dir():
        raise FolderError(f"{directory} is a file; give a folder")
    names = [entry.name for entry in place.iterdir() if entry.name not in _LEFTOVERS]
    if not names:
        return
    before = None
    with suppress(FileNotFoundError, IsADirectoryError):
        before = read_manifest((place / MANIFEST).read_bytes())
    if before is None:
        raise FolderError(
            f"{directory} holds something else, such as {min(names)!r}; give a folder that is "
            "empty, or not there yet"
        )
    if before["trip"] not in slugs:
        raise FolderError(
            f"{directory} is what was published of “{before['trip']}”; give another folder, or "
            "remove that one"
        )
    known = {*before["files"], MANIFEST}
    found = (path for path in sorted(place.rglob("*")) if not path.is_dir() or path.is_symlink())
    for path in found:
        name = path.relative_to(place).as_posix()
        if name not in known and path.name not in _LEFTOVERS:
            raise FolderError(f"{directory} holds {name!r}, which was not published; move it away")


def _write(unfinished: Path, files: Iterable[tuple[str, bytes]]) -> dict[str, File]:
    written: dict[str, File] = {}
    for path, body in files:
        if path in written:
            raise FolderError(f"{path} is to be written twice")
        whole = unfinished / path
        whole.parent.mkdir(parents=True, exist_ok=True)
        whole.write_bytes(body)
        written[path] = File(hashlib.sha256(body).hexdigest(), len(body))
    return written


def _exchange(unfinished: Path, place: Path) -> None:
    """Put it in its place: at once where nothing is there, else by two renames."""
    if not place.exists() or not any(place.iterdir()):
        unfinished.rename(place)
        return
    former = Path(tempfile.mkdtemp(dir=place.parent, prefix=f".{place.name}."))
    try:
        place.rename(former)  # over an empty directory
        try:
            unfinished.rename(place)
        except BaseException:
            former.rename(place)
            raise
    except BaseException:
        with suppress(OSError):
            former.rmdir()
        raise
    shutil.rmtree(former, ignore_errors=True)


def _in_the_way(directory: Path, error: OSError) -> FolderError:
    return FolderError(f"{directory} cannot be written: {error.strerror or error}")
