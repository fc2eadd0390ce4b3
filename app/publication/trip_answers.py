"""Answers about trips, each made once for a revision and what a reader chose.

Lives here: the one mechanism that every kind of public answer about trips shares: under which
key it is kept, and when it is made anew. Not here: what the answers say, or HTTP.
"""

from collections.abc import Callable, Hashable, Sequence

from app.errors import UnknownTripError
from app.publication.cache import Answer, OnceCache
from app.publication.itinerary import Itineraries, Options, View


class TripAnswers:
    """Keeps up to ``limit`` answers, together no heavier than ``most`` bytes."""

    def __init__(self, itineraries: Itineraries, *, limit: int, most: int) -> None:
        self._itineraries = itineraries
        self._kept: OnceCache[Answer] = OnceCache(
            limit, weigh=lambda answer: len(answer.body), most=most
        )

    def of_trip(
        self, slug: str, options: Options, what: Hashable, make: Callable[[View], Answer]
    ) -> Answer:
        """The answer ``what`` about one trip. Raises :class:`app.errors.UnknownTripError`."""
        trip = self._itineraries.trip(slug)
        chosen = self._itineraries.canonical(trip, options)
        key = (slug, trip.revision, chosen, what)
        return self._kept.get(key, lambda: make(self._itineraries.view(slug, chosen)))

    def of_all(self, what: Hashable, make: Callable[[Sequence[str]], Answer]) -> Answer:
        """The answer ``what`` about all trips; ``make`` is given their slugs."""
        slugs = tuple(self._itineraries.slugs())
        try:
            revisions = tuple(self._itineraries.trip(slug).revision for slug in slugs)
            return self._kept.get((what, slugs, revisions), lambda: make(slugs))
        except UnknownTripError:
            # Renamed or withdrawn since they were listed: of all is then of others.
            if tuple(self._itineraries.slugs()) == slugs:
                raise
            return self.of_all(what, make)
