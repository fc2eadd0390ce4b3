"""Fixtures for every layer. A layer's own fixtures live in its own directory."""

from pathlib import Path

import pytest

from app.geo.artifacts import prepare_all
from app.geo.reference import SilentReporter
from app.settings import Settings


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
