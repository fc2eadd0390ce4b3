"""The features of all stored trips, each prepared once for a state of the trips.

Lives here: :class:`Stamp` (which revisions, known when) and :class:`Catalogue`, which keeps an
index for each collection and stamp, bounded in memory. Stands on the other modules of this room.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.errors import UnknownTripError
from app.journey.claims import publication_steps, round_down
from app.journey.visits import BEGINNING
from app.publication.cache import OnceCache
from app.publication.features import prepared
from app.publication.features.collections import Collection
from app.publication.features.index import Index
from app.publication.features.prepared import Feature
from app.publication.itinerary import Itineraries, Options, View

_OF_TRIP: Mapping[Collection, Callable[[View], list[Feature]]] = {
    Collection.WAYPOINTS: prepared.waypoint_features,
    Collection.LEGS: prepared.leg_features,
    Collection.SIGHTINGS: prepared.sighting_features,
}

KEPT_INDEXES = 64
KEPT_BYTES = 64 * 1024 * 1024


class Listed(Protocol):
    """A trip in a list."""

    @property
    def slug(self) -> str:
        """Its name in addresses."""
        ...

    @property
    def revision(self) -> int:
        """Grows with every change."""
        ...


class TripList(Protocol):
    """What the store says of all trips at once."""

    def trips(self) -> Sequence[Listed]:
        """All trips, sorted by slug."""
        ...


@dataclass(frozen=True, slots=True)
class Stamp:
    """A state of all trips: slug, revision, and the step up to which each is known."""

    trips: tuple[tuple[str, int, datetime], ...]

    @property
    def as_of(self) -> datetime | None:
        """The newest step; ``None`` if nothing was known yet."""
        newest = max((known for _, _, known in self.trips), default=BEGINNING)
        return None if newest == BEGINNING else newest


class Catalogue:
    """The features of all stored trips."""

    def __init__(self, itineraries: Itineraries, trips: TripList) -> None:
        self._itineraries = itineraries
        self._trips = trips
        self._steps: OnceCache[tuple[datetime, ...]] = OnceCache(4096)
        self._of_trip: OnceCache[list[Feature]] = OnceCache(
            4096, weigh=lambda made: sum(len(f.body) for f in made), most=KEPT_BYTES
        )
        self._kept: OnceCache[Index] = OnceCache(
            KEPT_INDEXES, weigh=lambda index: index.weight, most=KEPT_BYTES
        )

    def stamp(self, as_of: datetime | None = None) -> Stamp:
        """The trips as they are stored now, each up to its last step by ``as_of``."""
        stamped = []
        for listed in self._trips.trips():
            try:
                steps = self._steps_of(listed.slug, listed.revision)
            except UnknownTripError:
                continue  # taken away a moment ago
            newest = steps[-1] if steps else BEGINNING
            known = newest if as_of is None else round_down(as_of, steps) or BEGINNING
            stamped.append((listed.slug, listed.revision, known))
        return Stamp(tuple(stamped))

    def index(self, stamp: Stamp, collection: Collection) -> Index:
        """The features of a collection in a state of the trips."""
        return self._kept.get((collection, stamp), lambda: self._make(stamp, collection))

    def _steps_of(self, slug: str, revision: int) -> tuple[datetime, ...]:
        return self._steps.get(
            (slug, revision), lambda: publication_steps(self._itineraries.trip(slug))
        )

    def _make(self, stamp: Stamp, collection: Collection) -> Index:
        if collection is Collection.PLACES:
            views = [
                view
                for slug, _, known in stamp.trips
                if (view := self._view(slug, known)) is not None
            ]
            return Index(collection, prepared.place_features(views))
        features = [
            feature
            for slug, revision, known in stamp.trips
            for feature in self._features(collection, slug, revision, known)
        ]
        return Index(collection, features)

    def _features(
        self, collection: Collection, slug: str, revision: int, known: datetime
    ) -> list[Feature]:
        def make() -> list[Feature]:
            view = self._view(slug, known)
            return [] if view is None else _OF_TRIP[collection](view)

        return self._of_trip.get((collection, slug, revision, known), make)

    def _view(self, slug: str, known: datetime) -> View | None:
        try:
            return self._itineraries.view(slug, Options(as_of=known))
        except UnknownTripError:
            return None
