"""Trips in memory behind the reading side of the store, over the journey tests' small world."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from app.errors import UnknownTripError
from app.journey.model import Trip
from app.publication.answers import Answers
from app.publication.itinerary import Itineraries, Options, View
from tests.journey.conftest import FlatWorld, TripMaker


@dataclass
class Shelf:
    """Implements :class:`app.publication.itinerary.TripReader` over a dictionary."""

    trips: dict[str, Trip] = field(default_factory=dict)
    read: int = 0

    def slugs(self) -> list[str]:
        return sorted(self.trips)

    def revision(self, slug: str) -> int:
        try:
            return self.trips[slug].revision
        except KeyError:
            raise UnknownTripError(f"no trip {slug!r}") from None

    def trip(self, slug: str) -> Trip:
        self.read += 1
        return self.trips[slug]

    def put(self, trip: Trip) -> None:
        known = self.trips.get(trip.slug)
        self.trips[trip.slug] = replace(trip, revision=1 if known is None else known.revision + 1)


@pytest.fixture
def make() -> TripMaker:
    return TripMaker()


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def itineraries(shelf: Shelf) -> Itineraries:
    return Itineraries(shelf, FlatWorld())


@pytest.fixture
def answers(itineraries: Itineraries) -> Answers:
    return Answers(itineraries, FlatWorld(), "credit to whom it is due")


@pytest.fixture
def view(shelf: Shelf, itineraries: Itineraries) -> Callable[..., View]:
    def view(trip: Trip, **options: object) -> View:
        shelf.put(trip)
        return itineraries.view(trip.slug, Options(**options))  # type: ignore[arg-type]

    return view
