"""Every public answer about a trip as bytes, made once for a revision and a choice.

Lives here: the one place that web, command line and exports ask for JSON, GeoJSON and CSV. Not
here: HTTP. Stands on the other modules of this room.
"""

from collections.abc import Sequence
from typing import Any

from app.errors import InputError
from app.journey.protocols import RouteFinder
from app.publication import formats, parts
from app.publication.cache import Answer
from app.publication.columns import COLUMNS
from app.publication.exports.rights import LICENCE
from app.publication.formats import Format
from app.publication.itinerary import Itineraries, Options, View
from app.publication.parts import Part
from app.publication.trip_answers import TripAnswers

CACHED_ANSWERS = 1024
CACHED_BYTES = 32 * 1024 * 1024


class Answers:
    """Public answers over the stored trips; ``credit`` goes into every one of them."""

    def __init__(self, itineraries: Itineraries, finder: RouteFinder, credit: str) -> None:
        self._itineraries = itineraries
        self._finder = finder
        self._credit = credit
        self._kept = TripAnswers(itineraries, limit=CACHED_ANSWERS, most=CACHED_BYTES)

    def trips(self) -> Answer:
        """All trips, each in short."""

        def make(slugs: Sequence[str]) -> Answer:
            listed = []
            for slug in slugs:
                document = self.trip_document(slug, Options())
                for long in ("figures", "steps", "assumptions", "next_stops"):
                    del document[long]
                listed.append(document)
            return _json({"trips": listed, "credit": self._credit})

        return self._kept.of_all("trips", make)

    def trip(self, slug: str, options: Options) -> Answer:
        """One trip with assumptions, totals, steps and links."""

        def make(_: View) -> Answer:
            return _json({**self.trip_document(slug, options), "credit": self._credit})

        return self._kept.of_trip(slug, options, "trip", make)

    def revision(self, slug: str) -> Answer:
        """Which revision and step are the latest: all that somebody needs who waits for news."""
        return self._kept.of_trip(
            slug, Options(), "revision", lambda view: _json(parts.about(view))
        )

    def trip_document(self, slug: str, options: Options) -> dict[str, Any]:
        """The document of :meth:`trip`, a fresh copy."""
        return parts.trip_document(self._itineraries.view(slug, options), self._finder)

    def whole(self, slug: str, options: Options) -> Answer:
        """One trip with all its lists in one document."""

        def make(view: View) -> Answer:
            document = self.trip_document(slug, options)
            lists = {part.value: parts.part_documents(view, part) for part in Part}
            return _json({**document, **lists, "credit": self._credit, "licence": LICENCE})

        return self._kept.of_trip(slug, options, "whole", make)

    def part(self, slug: str, part: Part, fmt: Format, options: Options) -> Answer:
        """One list of a trip in a format.

        Raises :class:`app.errors.UnknownTripError`, and :class:`app.errors.InputError` for
        sources as GeoJSON: reports have no position.
        """
        if part is Part.SOURCES and fmt is Format.GEOJSON:
            raise InputError("format", "sources have no position; ask for json or csv")
        return self._kept.of_trip(
            slug, options, (part, fmt), lambda view: self._make_part(view, part, fmt)
        )

    def _make_part(self, view: View, part: Part, fmt: Format) -> Answer:
        about = {**parts.about(view), "credit": self._credit}
        if fmt is Format.GEOJSON:
            features = {
                Part.WAYPOINTS: lambda: formats.waypoint_features(view.itinerary),
                Part.LEGS: lambda: formats.leg_features(view.itinerary),
                Part.SIGHTINGS: lambda: formats.sighting_features(parts.sighting_documents(view)),
                Part.CONTRADICTIONS: lambda: formats.contradiction_features(view.itinerary),
            }[part]()
            return Answer.of(formats.feature_collection(features, about), fmt.media_type)
        documents = parts.part_documents(view, part)
        if fmt is Format.CSV:
            body = formats.to_csv(documents, COLUMNS[part], self._credit)
            return Answer.of(body, fmt.media_type)
        # Only here: in GeoJSON many programs take ``links`` for a list of another form.
        links = parts.part_links(view.itinerary.trip.slug, part)
        return _json(
            {**parts.about(view), "links": links, "credit": self._credit, part.value: documents}
        )


def _json(document: dict[str, Any]) -> Answer:
    return Answer.of(formats.to_json(document), Format.JSON.media_type)
