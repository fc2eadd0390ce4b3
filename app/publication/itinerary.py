"""A stored trip and a reader's options become an itinerary.

Lives here: what a reader may choose (``as_of``, other assumed speeds), and how a choice is
made canonical so that equal answers are made once. Imports the journey and the store's
reading side through a protocol.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from app.errors import WithdrawnTripError
from app.journey.claims import publication_steps, round_down
from app.journey.derived import Itinerary
from app.journey.itinerary import derive_itinerary
from app.journey.model import Assumption, AssumptionKind, Mode, Trip
from app.journey.protocols import RouteFinder
from app.journey.visits import BEGINNING
from app.publication.cache import OnceCache

KEPT_CLAIMS = 60_000
"""Of all itineraries that are kept, together: each claim costs some kilobytes."""


class TripReader(Protocol):
    """The reading side of the store."""

    def slugs(self) -> Sequence[str]:
        """The slugs of all trips that are shown, sorted."""
        ...

    def revision(self, slug: str) -> int:
        """The current revision; cheap. Raises :class:`app.errors.UnknownTripError`."""
        ...

    def trip(self, slug: str) -> Trip:
        """The trip at its current revision. Raises :class:`app.errors.UnknownTripError`."""
        ...


@dataclass(frozen=True, slots=True)
class Options:
    """What a reader may choose. ``as_of`` is when the reader wants to have known it."""

    as_of: datetime | None = None
    cruise_speed_kmh: float | None = None
    max_speed_kmh: float | None = None


@dataclass(frozen=True, slots=True)
class View:
    """An itinerary with the steps at which what is known of its trip changed.

    ``as_of`` is the step that was asked for, rounded down; ``None`` before the first.
    """

    itinerary: Itinerary
    steps: tuple[datetime, ...]
    as_of: datetime | None


class Itineraries:
    """Itineraries of stored trips, each derived once for a revision and a choice.

    Those that are withdrawn it refuses, unless it is for editors (``even_withdrawn``): whatever
    the public reads of a trip comes through here.
    """

    def __init__(
        self, trips: TripReader, finder: RouteFinder, *, even_withdrawn: bool = False
    ) -> None:
        self._trips = trips
        self._finder = finder
        self._even_withdrawn = even_withdrawn
        self._kept_trips: OnceCache[Trip] = OnceCache(64)
        self._kept: OnceCache[View] = OnceCache(
            256, weigh=lambda view: len(view.itinerary.trip.sightings), most=KEPT_CLAIMS
        )

    def slugs(self) -> Sequence[str]:
        """The slugs of all trips that are shown, sorted."""
        return self._trips.slugs()

    def trip(self, slug: str) -> Trip:
        """The trip at its current revision.

        Raises :class:`app.errors.UnknownTripError`, which says more where it can: a
        :class:`app.errors.MovedTripError` or a :class:`app.errors.WithdrawnTripError`.
        """
        key = (slug, self._trips.revision(slug))
        trip = self._kept_trips.get(key, lambda: self._trips.trip(slug))
        if trip.withdrawn is not None and not self._even_withdrawn:
            raise WithdrawnTripError(slug, trip.withdrawn)
        return trip

    def canonical(self, trip: Trip, options: Options) -> Options:
        """``options`` in the one form that all who ask the same have in common.

        ``as_of`` is rounded down to a publication step of the trip, speeds to a tenth.
        """
        steps = publication_steps(trip)
        if options.as_of is None:
            as_of = steps[-1] if steps else BEGINNING
        else:
            as_of = round_down(options.as_of, steps) or BEGINNING
        return Options(as_of, _tenth(options.cruise_speed_kmh), _tenth(options.max_speed_kmh))

    def view(self, slug: str, options: Options) -> View:
        """The itinerary of a trip. Raises :class:`app.errors.UnknownTripError`."""
        trip = self.trip(slug)
        chosen = self.canonical(trip, options)
        return self._kept.get((slug, trip.revision, chosen), lambda: self._derive(trip, chosen))

    def _derive(self, trip: Trip, chosen: Options) -> View:
        return View(
            itinerary=derive_itinerary(assuming(trip, chosen), self._finder, chosen.as_of),
            steps=publication_steps(trip),
            as_of=None if chosen.as_of == BEGINNING else chosen.as_of,
        )


def _tenth(kmh: float | None) -> float | None:
    return None if kmh is None else round(kmh, 1)


def assuming(trip: Trip, chosen: Options) -> Trip:
    """The trip with the speeds that the reader chose in place of its own."""
    for kind, kmh in (
        (AssumptionKind.CRUISE_SPEED, chosen.cruise_speed_kmh),
        (AssumptionKind.MAX_SPEED, chosen.max_speed_kmh),
    ):
        if kmh is not None:
            trip = _assume(trip, kind, trip.mode, kmh)
    return trip


def _assume(trip: Trip, kind: AssumptionKind, mode: Mode, kmh: float) -> Trip:
    """The trip with another speed of its own mode, said to be the reader's choice."""
    chosen = Assumption(kind.value, kind, mode, kmh=kmh, reason="chosen by the reader")
    # A speed assumed of every mode goes on holding for the others.
    others = tuple(a for a in trip.assumptions if not (a.kind is kind and a.mode is mode))
    return replace(trip, assumptions=(chosen, *others))
