"""What a page about a trip shows, put together from the published documents.

Lives here: :class:`TripPage`, the whole context of the templates ``trip.html`` and
``embed.html``, and :class:`TripPages`, which makes it. Not here: HTTP and templates
(:mod:`app.web.pages`), what is said of each stop (:mod:`app.web.stops`), the shapes of the
documents (:mod:`app.publication.documents`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote

from markupsafe import Markup

from app.journey.model import Modality
from app.journey.protocols import RouteFinder
from app.pictures.extent import Extent
from app.pictures.route_map import AssetUrl, RouteMap, Tiles, route_map
from app.publication import parts
from app.publication.cache import Answer, OnceCache
from app.publication.documents import Document, instant
from app.publication.ground import Ground, extent_of
from app.publication.itinerary import Itineraries, Options, View
from app.publication.pictures import Pictures
from app.publication.stretch import extent_within
from app.web.embed_choice import EmbedChoice
from app.web.embed_page import EmbedPage, window_for_scripts
from app.web.figures import Figure, figures_of
from app.web.local_time import days_text, instant_text
from app.web.map_data import claim_links, leg_lines, waypoint_markers
from app.web.stops import Stop, stops_of
from app.web.story import story_of
from app.words import ENGLISH, Words

STORY_WORK = 4000
"""Claims times steps, up to which it is worked out what each claim changed."""

MANY_STOPS = 600
"""From more on, a journey is drawn in another way (``MANY`` in ``static/js/crowd.js``)."""

BEFORE_ALL = "0001-01-01T00:00:00Z"
"""A moment at which nothing was known yet."""


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
    claims: int
    is_current: bool


@dataclass(frozen=True, slots=True)
class TripPage:
    """The context of a trip's page and embed, at one ``as_of``.

    ``trip`` is the document of ``/api/trips/{slug}``; ``legs``, ``sightings`` and ``sources``
    are those of the lists beside it. ``map_data`` is what the browser draws: plain text
    throughout, for ``textContent``. ``speeds`` are those that the reader assumes in place of the
    trip's own, by the name of the parameter.
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
    speeds: Mapping[str, float]

    @property
    def has_many_stops(self) -> bool:
        """Whether it is a long journey, of which a picture is as heavy as a map."""
        return len(self.stops) > MANY_STOPS

    @property
    def news(self) -> Step | None:
        """The latest step: what is new."""
        return self.steps[-1] if self.steps else None

    @property
    def query(self) -> str:
        """What the page shows, to be put after another query parameter."""
        return f"&as_of={quote(self.trip['as_of'] or BEFORE_ALL)}{self.speeds_query}"

    @property
    def speeds_query(self) -> str:
        """The speeds that the reader assumes, to be put after another query parameter."""
        return "".join(f"&{name}={value:g}" for name, value in self.speeds.items())

    @property
    def slug(self) -> str:
        """The trip's name in addresses."""
        return str(self.trip["trip"])


@dataclass(frozen=True, slots=True)
class MapFiles:
    """Addresses of what a trip's map loads, with their versions: browsers keep them for ever."""

    script: str
    ground: str


@dataclass(frozen=True, slots=True)
class Dashboard:
    """What the page of a trip has beyond its embed.

    ``figures`` are the strip over it, ``diagrams`` the time-distance diagram in each of its
    widths, ``story`` the journey claim by claim.
    """

    figures: tuple[Figure, ...]
    diagrams: tuple[Markup, ...]
    story: tuple[Document, ...]


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
        pictures: Pictures,
        *,
        credits: Sequence[tuple[str, str]],  # noqa: A002 - a credit is what it is called
        notes: Sequence[str] = (),
        tiles: Tiles | None = None,
    ) -> None:
        self._itineraries = itineraries
        self._finder = finder
        self._ground = ground
        self._asset_url = asset_url
        self._pictures = pictures
        self._credits = tuple(Credit(text, url) for text, url in credits)
        self._notes = tuple(notes)
        self._tiles = tiles
        self._maps: OnceCache[tuple[Extent, RouteMap]] = OnceCache(256)
        self._stories: OnceCache[tuple[Document, ...]] = OnceCache(64)

    def slugs(self) -> Sequence[str]:
        """The slugs of all trips."""
        return self._itineraries.slugs()

    def key(self, slug: str, options: Options) -> tuple[object, ...]:
        """What a page's bytes depend on. Raises :class:`app.errors.UnknownTripError`."""
        trip = self._itineraries.trip(slug)
        return (slug, trip.revision, self._itineraries.canonical(trip, options))

    def page(self, slug: str, options: Options, words: Words = ENGLISH) -> TripPage:
        """The context for a trip, with what an embed shows of it in its ``words``.

        Raises :class:`app.errors.UnknownTripError`.
        """
        view = self._itineraries.view(slug, options)
        trip = parts.trip_document(view, self._finder, words)
        sightings = parts.sighting_documents(view)
        stops = stops_of(view, trip, sightings, words)
        legs = parts.leg_documents(view)
        steps = tuple(
            Step(
                as_of=step["as_of"],
                time=instant_text(step["as_of"], words),
                publishers=tuple(step["publishers"]),
                claims=len(step["sightings"]),
                is_current=step["as_of"] == trip["as_of"],
            )
            for step in trip["steps"]
        )
        speeds = _speeds(self._itineraries.canonical(view.itinerary.trip, options))
        window = self.extent(slug)
        limits = window.for_any_screen()
        return TripPage(
            trip=trip,
            days=_days(stops),
            known_at=instant_text(trip["as_of"], words),
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
                "middle_lon": (limits.west + limits.east) / 2,
                "window": {"extent": _corners(window), "limits": _corners(limits)},
                "waypoints": waypoint_markers(stops, limits.west),
                "legs": leg_lines(view, limits.west),
                "claims": claim_links(sightings),
                "contradictions": trip["contradiction_count"],
                "speeds": speeds,
                "words": words.for_scripts,
                # A page is what embeds are beside (app.web.embed_page).
                "opens_on": None,
                "live": None,
                "address": None,
                "height": None,
            },
            speeds=speeds,
        )

    def dashboard(self, slug: str, options: Options) -> Dashboard:
        """The rest of the context for a trip's own page.

        Raises :class:`app.errors.UnknownTripError`.
        """
        view = self._itineraries.view(slug, options)
        sightings = parts.sighting_documents(view)
        return Dashboard(
            figures=figures_of(view.itinerary, parts.trip_document(view, self._finder), sightings),
            # Made of escaped text by our own hand, and of nothing else.
            diagrams=tuple(map(Markup, self._pictures.inside_a_page(slug, options))),
            # Claims come in the order in which they became known: what was known is a beginning.
            story=self._story(slug, options)[: len(sightings)],
        )

    def embed(self, slug: str, options: Options, choice: EmbedChoice) -> EmbedPage:
        """The rest of the context for an embed. Raises :class:`app.errors.UnknownTripError`."""
        view = self._itineraries.view(slug, options)
        chosen = self._itineraries.canonical(view.itinerary.trip, options)
        speeds = tuple((name, f"{kmh:g}") for name, kmh in _speeds(chosen).items())
        diagrams: tuple[str, ...] = ()
        if choice.has_diagram:
            diagrams = self._pictures.inside_a_page(slug, options, choice.stretch, choice.language)
        return EmbedPage(
            slug=slug,
            choice=choice,
            of_trip=(("as_of", instant(view.as_of) or BEFORE_ALL), *speeds),
            speeds=speeds,
            diagrams=tuple(map(Markup, diagrams)),
            opens_on=window_for_scripts(
                extent_within(view.itinerary, choice.stretch),
                self.extent(slug).for_any_screen().west,
            ),
        )

    def _story(self, slug: str, options: Options) -> tuple[Document, ...]:
        """The whole story of a trip, as it is known to date, at the speeds that are assumed."""
        trip = self._itineraries.trip(slug)
        to_date = replace(options, as_of=None)

        def make() -> tuple[Document, ...]:
            latest = self._itineraries.view(slug, to_date)
            if len(latest.steps) * len(trip.sightings) > STORY_WORK:
                return story_of(latest)
            steps = (replace(options, as_of=at) for at in latest.steps)
            return story_of(latest, [self._itineraries.view(slug, step) for step in steps])

        return self._stories.get((slug, trip.revision, to_date), make)

    def extent(self, slug: str) -> Extent:
        """The window of the trip's map; the same at every ``as_of``, so that nothing jumps."""
        return self._map(slug)[0]

    def route_map(self, slug: str) -> RouteMap:
        """The Folium map of the trip. Raises :class:`app.errors.UnknownTripError`."""
        return self._map(slug)[1]

    def map_script(self, slug: str) -> Answer:
        """The script of that map. Raises :class:`app.errors.UnknownTripError`."""
        return Answer.of(self.route_map(slug).script.encode(), "text/javascript; charset=utf-8")

    def map_files(self, slug: str) -> MapFiles:
        """Where what the map loads is served. Raises :class:`app.errors.UnknownTripError`."""
        return MapFiles(
            script=f"/trips/{slug}/map.js?v={self.map_script(slug).version}",
            ground=f"/trips/{slug}/basemap.json?v={self.ground(slug).version}",
        )

    def ground(self, slug: str) -> Answer:
        """What lies under the trip's map. Raises :class:`app.errors.UnknownTripError`."""
        return self._ground.answer(self.extent(slug))

    def _map(self, slug: str) -> tuple[Extent, RouteMap]:
        trip = self._itineraries.trip(slug)

        def make() -> tuple[Extent, RouteMap]:
            extent = extent_of(self._itineraries.view(slug, Options()).itinerary)
            return extent, route_map(slug, extent, self._asset_url, self._tiles)

        return self._maps.get((slug, trip.revision), make)


def _corners(extent: Extent) -> list[list[float]]:
    """South-west and north-east, latitude first, as Leaflet has them."""
    return [[extent.south, extent.west], [extent.north, extent.east]]


def _speeds(options: Options) -> dict[str, float]:
    chosen = {
        "max_speed_kmh": options.max_speed_kmh,
        "cruise_speed_kmh": options.cruise_speed_kmh,
    }
    return {name: kmh for name, kmh in chosen.items() if kmh is not None}


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
