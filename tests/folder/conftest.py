"""A folder that was published of a seed, as every test here reads it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.folder.published import publish_folder
from app.rooms import Rooms

SLUG = "2023-09-russia"


@pytest.fixture(scope="session")
def folder(seeded_rooms: Rooms, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The journey of September 2023, in a folder."""
    directory = tmp_path_factory.mktemp("site") / "journey"
    publish_folder(seeded_rooms, SLUG, directory)
    return directory


@pytest.fixture(scope="session")
def read(folder: Path) -> Callable[[str], str]:
    """The text of a file in it."""

    def read(path: str) -> str:
        return (folder / path).read_text("utf-8")

    return read
