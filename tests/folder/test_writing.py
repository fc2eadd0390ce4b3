"""A folder is put in its place whole or not at all, and never over what somebody else put there."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from app.errors import FolderError
from app.folder.about import FORMAT, MANIFEST
from app.folder.writing import check_place, write_folder

FILES = (("index.html", b"page"), ("data/legs.csv", b"a,b\n"))


def publish(directory: Path, files=FILES, trip: str = "trip") -> None:
    def manifest(written):
        return orjson.dumps({"format": FORMAT, "trip": trip, "files": {f: {} for f in written}})

    write_folder(directory, ("trip", "former"), iter(files), manifest)


def everything(directory: Path) -> dict[str, bytes]:
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file()
    }


def beside(directory: Path) -> list[str]:
    return [path.name for path in directory.parent.iterdir()]


@pytest.fixture
def place(tmp_path) -> Path:
    return tmp_path / "journey"


def test_a_new_folder_holds_the_files_and_nothing_is_left_beside_it(place):
    publish(place)
    assert everything(place).keys() == {"index.html", "data/legs.csv", MANIFEST}
    assert beside(place) == ["journey"]


def test_others_may_read_it_as_the_system_has_it(place):
    before = os.umask(0o022)
    try:
        publish(place)
    finally:
        os.umask(before)
    assert place.stat().st_mode & 0o777 == 0o755
    assert (place / "index.html").stat().st_mode & 0o777 == 0o644


def test_an_empty_folder_is_filled(place):
    place.mkdir()
    publish(place)
    assert "index.html" in everything(place)


@pytest.mark.parametrize("trip", ["trip", "former"])
def test_what_was_published_before_gives_way_as_a_whole(place, trip):
    publish(place, (("old.html", b"old"), *FILES), trip=trip)
    place.chmod(0o750)
    (place / ".DS_Store").touch()
    publish(place)
    assert everything(place).keys() == {"index.html", "data/legs.csv", MANIFEST}
    assert place.stat().st_mode & 0o777 == 0o750
    assert beside(place) == ["journey"]


def test_of_a_link_what_it_leads_to_gives_way(place, tmp_path):
    real = tmp_path / "elsewhere"
    publish(real)
    place.symlink_to(real)
    publish(place, (("new.html", b"new"),))
    assert place.is_symlink()
    assert "new.html" in everything(real)


@pytest.mark.parametrize("name", ["mine.txt", MANIFEST, ".git", "manifest.json.bak"])
def test_a_folder_of_somebody_else_is_refused(place, name):
    place.mkdir()
    (place / name).write_text('{"name": "an app"}')
    before = everything(place)
    with pytest.raises(FolderError, match="holds something else, such as"):
        publish(place)
    assert everything(place) == before
    assert beside(place) == ["journey"]


def test_what_somebody_put_into_a_published_folder_is_not_lost(place):
    publish(place)
    (place / "data" / "notes.txt").write_text("mine")
    before = everything(place)
    with pytest.raises(FolderError, match=r"'data/notes\.txt', which was not published"):
        publish(place)
    assert everything(place) == before


def test_another_trip_does_not_take_the_place_of_one(place):
    publish(place, trip="another")
    with pytest.raises(FolderError, match="what was published of “another”"):
        publish(place)


def test_a_file_is_refused(place):
    place.write_text("mine")
    with pytest.raises(FolderError, match="is a file; give a folder"):
        publish(place)
    assert place.read_text() == "mine"


def test_a_folder_in_none_is_refused(tmp_path):
    with pytest.raises(FolderError, match="there is no folder"):
        publish(tmp_path / "not" / "there")


def test_a_place_can_be_checked_before_the_work(place):
    check_place(place, ["trip"])
    assert not place.exists()
    place.write_text("mine")
    with pytest.raises(FolderError):
        check_place(place, ["trip"])


class StoppedError(Exception):
    """Something went wrong half-way."""


def half() -> Iterator[tuple[str, bytes]]:
    yield from FILES
    raise StoppedError


@pytest.mark.parametrize("error", [StoppedError, KeyboardInterrupt])
def test_what_goes_wrong_half_way_leaves_all_as_it_was(place, error):
    publish(place)
    before = everything(place)

    def files() -> Iterator[tuple[str, bytes]]:
        yield "index.html", b"another page"
        raise error

    with pytest.raises(error):
        publish(place, files())
    assert everything(place) == before
    assert beside(place) == ["journey"]


def test_what_cannot_be_put_in_its_place_leaves_all_as_it_was(place, monkeypatch):
    publish(place)
    before = everything(place)
    rename = Path.rename

    def refuse_once(path: Path, target: Path) -> Path:
        if path.name.startswith(".journey") and target == place:
            monkeypatch.setattr(Path, "rename", rename)
            raise OSError(16, "Device or resource busy")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuse_once)
    with pytest.raises(FolderError, match="Device or resource busy"):
        publish(place, (("new.html", b"new"),))
    assert everything(place) == before
    assert beside(place) == ["journey"]


def test_a_folder_that_may_not_be_written_to_is_told():
    if os.geteuid() == 0:
        # To the system administrator nothing is forbidden.
        os.seteuid(65534)
    try:
        with pytest.raises(FolderError, match="journey cannot be written: Permission denied"):
            publish(Path("/etc/journey"))
    finally:
        os.seteuid(os.getuid())


FULL = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
from pathlib import Path
from app.errors import FolderError
from app.folder.writing import write_folder
try:
    files = [("a", b"1" * 900), ("b", b"2" * 2000)]
    write_folder(Path(sys.argv[1]), ["trip"], files, lambda _: b"")
except FolderError as error:
    print(error)
"""


def test_a_disk_without_space_is_told_and_nothing_is_left_on_it(place):
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(place)], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"{place} cannot be written: File too large\n"
    assert list(place.parent.iterdir()) == []
