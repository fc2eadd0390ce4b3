"""Fixtures for every layer. A layer's own fixtures live in its own directory."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pytest

from app.geo.artifacts import prepare_all
from app.geo.reference import SilentReporter
from app.settings import Settings
from tests import odd_journeys
from tests.hostile import HOSTILE_DOSSIER

if TYPE_CHECKING:
    from app.rooms import Rooms

RoomsOf: TypeAlias = Callable[[dict[str, str]], "Rooms"]


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
def rooms_of(reference_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> RoomsOf:
    """Makes rooms over the real reference data, with a database of their own.

    In it are the trips of dossiers that are given as texts by their slugs.
    """
    from app.rooms import Rooms  # here, so that tests of a lower layer do not load the whole app

    def make(dossiers: dict[str, str]) -> Rooms:
        var_dir = tmp_path_factory.mktemp("var")
        (var_dir / "reference").symlink_to(reference_dir)
        files = [var_dir / f"{slug}.toml" for slug in dossiers]
        for file, text in zip(files, dossiers.values(), strict=True):
            file.write_text(text, "utf-8")
        rooms = Rooms(Settings(var_dir=var_dir))
        rooms.load_dossiers(files)
        return rooms

    return make


@pytest.fixture(scope="session")
def seeded_rooms(rooms_of: RoomsOf, settings: Settings) -> "Rooms":
    """Rooms with the seeds."""
    seeds = sorted(settings.seeds_dir.glob("*.toml"))
    return rooms_of({seed.stem: seed.read_text("utf-8") for seed in seeds})


@pytest.fixture(scope="session")
def hostile_rooms(rooms_of: RoomsOf) -> "Rooms":
    """Rooms whose one trip is full of text that tries to be markup, script and direction."""
    return rooms_of({"hostile": HOSTILE_DOSSIER})


@pytest.fixture(scope="session")
def odd_rooms(rooms_of: RoomsOf) -> "Rooms":
    """Rooms whose trips have no waypoint (``none``), one (``one``) and 500 (``many``)."""
    return rooms_of(odd_journeys.all_of_them())
