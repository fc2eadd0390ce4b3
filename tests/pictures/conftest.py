"""Fonts for pictures, and trips over the journey tests' small world."""

from pathlib import Path

import pytest

from app.geo import artifacts
from app.journey.itinerary import derive_itinerary
from app.pictures.lettering import Lettering
from tests.journey.conftest import FlatWorld, TripMaker


@pytest.fixture(scope="session")
def lettering(reference_dir: Path) -> Lettering:
    return Lettering.load(reference_dir / artifacts.PICTURE_FONTS)


@pytest.fixture
def make() -> TripMaker:
    return TripMaker()


@pytest.fixture
def derive(make: TripMaker):
    return lambda **extra: derive_itinerary(make.trip(**extra), FlatWorld())
