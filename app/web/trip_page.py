"""What a page about a trip shows, put together from the published documents.

Lives here: :class:`TripPage`, the whole context of the templates ``trip.html`` and
``embed.html``, and :class:`TripPages`, which makes it. Not here: HTTP and templates
(:mod:`app.web.pages`), what is said of each stop (:mod:`app.web.stops`), the shapes of the
documents (:mod:`app.publication.documents`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.journey.model import Modality
from app.journey.protocols import RouteFinder
from app.pictures.extent import Extent
from app.pictures.route_map import AssetUrl, RouteMap, Tiles, route_map
from app.publication import formats, parts
from app.publication.cache import Answer, OnceCache
from app.publication.documents import Document
from app.publication.ground import Ground, extent_of
from app.publication.itinerary import Itineraries, Options, View
from app.web.local_time import days_text, instant_text
from app.web.stops import Stop, stops_of


@dataclass(frozen=True, slots=True)
class Credit:
    """A credit line with the address that it links to; empty when there is none."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A contradiction as a page shows it; ``claims`` are the sightings that are members."""

    document: Document
    claims: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the slider. ``as_of`` is RFC 3339 UTC, as ``?as_of=`` takes it."""

    as_of: str
    time: str
    publishers: tuple[str, ...]
    is_current: bool


@dataclass(frozen=True, slots=True)
class TripPage:
    """The context of a trip's page and embed, at one ``as_of``.

    ``trip`` is the document of ``/api/trips/{slug}``; ``legs``, ``sightings`` and ``sources``
    are those of the lists beside it. ``map_data`` is what the browser draws: plain text
    throughout, for ``textContent``.
    """

    trip: Document
    days: str
    known_at: str
    steps: tuple[Step, ...]
    stops: tuple[Stop, ...]
    legs: tuple[Document, ...]
    sightings: tuple[Document, ...]
    sources: tuple[Document, ...]
    disagreements: tuple[Disagreement, ...]
    credits: tuple[Credit, ...]
    notes: tuple[str, ...]
    map_data: Document

    @property
    def slug(self) -> str:
        """The trip's name in addresses."""
        return str(self.trip["trip"])


class TripPages:
    """Makes the contexts, maps and map grounds of trips, each once for a revision.

    ``credits`` and ``notes`` stand under every map. ``tiles`` are an online layer, if any.
    """

    def __init__(
        self,
        itineraries: Itineraries,
        finder: RouteFinder,
        ground: Ground,
        asset_url: AssetUrl,
        *,
        credits: Sequence[tuple[str, str]],  # noqa: A002 - a credit is what it is called
        notes: Sequence[str] = (),
        tiles: Tiles | None = None,
    ) -> None:
        self._itineraries = itineraries
        self._finder = finder
        self._ground = ground
        self._asset_url = asset_url
        self._credits = tuple(Credit(text, url) for text, url in credits)
        self._notes = tuple(notes)
        self._tiles = tiles
        self._maps: OnceCache[tuple[Extent, RouteMap]] = OnceCache(256)

    def slugs(self) -> Sequence[str]:
        """The slugs of all trips."""
        return self._itineraries.slugs()

    def key(self, slug: str, as_of: datetime | None) -> tuple[object, ...]:
        """What a page's bytes depend on. Raises :class:`app.errors.UnknownTripError`."""
        trip = self._itineraries.trip(slug)
        return (slug, trip.revision, self._itineraries.canonical(trip, Options(as_of)))

    def page(self, slug: str, as_of: datetime | None) -> TripPage:
        """The context for a trip. Raises :class:`app.errors.UnknownTripError`."""
        view = self._itineraries.view(slug, Options(as_of))
        trip = parts.trip_document(view, self._finder)
        sightings = parts.sighting_documents(view)
        stops = stops_of(view, trip, sightings)
        legs = parts.leg_documents(view)
        steps = tuple(
            Step(
                as_of=step["as_of"],
                time=instant_text(step["as_of"]),
                publishers=tuple(step["publishers"]),
                is_current=step["as_of"] == trip["as_of"],
            )
            for step in trip["steps"]
        )
        west = self.extent(slug).for_any_screen().west
        return TripPage(
            trip=trip,
            days=_days(stops),
            known_at=instant_text(trip["as_of"]),
            steps=steps,
            stops=stops,
            legs=tuple(legs),
            sightings=tuple(sightings),
            sources=tuple(parts.source_documents(view)),
            disagreements=_disagreements(view, sightings),
            credits=self._credits,
            notes=self._notes,
            map_data={
                "trip": slug,
                "revision": trip["revision"],
                "as_of": trip["as_of"],
                "steps": [
                    {"as_of": s.as_of, "time": s.time, "publishers": ", ".join(s.publishers)}
                    for s in steps
                ],
                "waypoints": [_marker(stop, west) for stop in stops],
                "legs": [_line(feature, west) for feature in formats.leg_features(view.itinerary)],
            },
        )

    def extent(self, slug: str) -> Extent:
        """The window of the trip's map; the same at every ``as_of``, so that nothing jumps."""
        return self._map(slug)[0]

    def route_map(self, slug: str) -> RouteMap:
        """The Folium map of the trip. Raises :class:`app.errors.UnknownTripError`."""
        return self._map(slug)[1]

    def ground(self, slug: str) -> Answer:
        """What lies under the trip's map. Raises :class:`app.errors.UnknownTripError`."""
        return self._ground.answer(self.extent(slug))

    def _map(self, slug: str) -> tuple[Extent, RouteMap]:
        trip = self._itineraries.trip(slug)

        def make() -> tuple[Extent, RouteMap]:
            extent = extent_of(self._itineraries.view(slug, Options()).itinerary)
            return extent, route_map(slug, extent, self._asset_url, self._tiles)

        return self._maps.get((slug, trip.revision), make)


def _disagreements(view: View, sightings: Sequence[Document]) -> tuple[Disagreement, ...]:
    claims = {sighting["id"]: sighting for sighting in sightings}
    return tuple(
        Disagreement(document, tuple(claims[claim] for claim in document["sightings"]))
        for document in parts.contradiction_documents(view)
    )


def _days(stops: Sequence[Stop]) -> str:
    instants = [
        bound
        for stop in stops
        if stop.document["status"] == Modality.REPORTED
        for interval in (stop.document["departure"], stop.document["arrival"])
        for bound in interval.values()
        if bound is not None
    ]
    if not instants:
        return ""
    return days_text(
        min(instants, key=datetime.fromisoformat), max(instants, key=datetime.fromisoformat)
    )


def _marker(stop: Stop, west: float) -> Document:
    document = stop.document
    place = document["place"]
    return {
        "sequence": document["sequence"],
        "status": document["status"],
        "name": place["name"],
        "other_names": [{"text": n.text, "language": n.language} for n in stop.other_names],
        "lon": _unwrapped(place["lon"], west),
        "lat": place["lat"],
        "radius_km": place["radius_km"],
        "short_time": stop.short_time,
        "subjects": document["subjects"],
        "seen": stop.seen,
        "times": [{"label": t.label, "local": t.text.local, "utc": t.text.utc} for t in stop.times],
        "distance_km": document["distance_from_start_km"],
        "claims": [
            {
                "origin": claim["origin"],
                "publisher": claim["publisher"],
                "claim": claim["claim"],
                "grade": f"{claim['reliability']}{claim['credibility']}",
                "disputed": claim["disputed"],
            }
            for claim in stop.claims
        ],
    }


def _line(feature: Document, west: float) -> Document:
    leg = feature["properties"]
    return {
        "sequence": leg["sequence"],
        "from": leg["from"]["sequence"],
        "to": leg["to"]["sequence"],
        "branch": leg["branch"],
        "status": leg["status"],
        "mode": leg["mode"],
        "is_guess": leg["problem"] is not None,
        "coordinates": [
            [_unwrapped(lon, west), lat] for lon, lat in feature["geometry"]["coordinates"]
        ],
    }


def _unwrapped(lon: Any, west: float) -> float:
    # A window across the antimeridian counts on past 180, and so must what is drawn in it.
    return float(lon + 360.0 if lon < west else lon)
