"""Fixtures for every layer. A layer's own fixtures live in its own directory."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.geo.artifacts import prepare_all
from app.geo.reference import SilentReporter
from app.settings import Settings

if TYPE_CHECKING:
    from app.rooms import Rooms


@pytest.fixture(scope="session")
def settings() -> Settings:
    """The settings of this checkout."""
    return Settings()


@pytest.fixture(scope="session")
def reference_dir(settings: Settings) -> Path:
    """The built reference data: as `dateline prepare` leaves it, and built by it if missing."""
    prepare_all(
        data_dir=settings.data_dir,
        reference_dir=settings.reference_dir,
        reporter=SilentReporter(),
    )
    return settings.reference_dir


@pytest.fixture(scope="session")
def seeded_rooms(reference_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> "Rooms":
    """The rooms over the real reference data, with the seeds in a database of their own."""
    from app.rooms import Rooms  # here, so that tests of a lower layer do not load the whole app

    var_dir = tmp_path_factory.mktemp("var")
    (var_dir / "reference").symlink_to(reference_dir)
    settings = Settings(var_dir=var_dir)
    rooms = Rooms(settings)
    rooms.load_dossiers(sorted(settings.seeds_dir.glob("*.toml")))
    return rooms
