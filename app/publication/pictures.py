"""Pictures of a trip as bytes: the map and the time-distance diagram, as SVG and PNG.

Lives here: which picture a reader may ask for, made once for a revision and a choice, and the
diagram as it stands inside a page. Not here: how it is drawn (:mod:`app.pictures`), HTTP.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from zoneinfo import ZoneInfo

from app import wording
from app.journey.derived import Itinerary
from app.pictures.extent import Extent
from app.pictures.lettering import Lettering
from app.pictures.look import Look, Size, Theme
from app.pictures.map_ground import FeatureCollection, GroundPaths, ground_paths
from app.pictures.palette import OF_THE_PAGE
from app.pictures.plot import Cut
from app.pictures.projection import Projection
from app.pictures.raster import to_png
from app.pictures.static_map import static_map
from app.pictures.svg import Drawing
from app.pictures.time_axis import Clock
from app.pictures.time_distance import Caption, time_distance
from app.publication.cache import Answer, OnceCache
from app.publication.ground import Ground, shown_extent
from app.publication.itinerary import Itineraries, Options
from app.publication.stretch import EVER, Stretch, cut_of, extent_within, part_within
from app.words import Words, words_in

SVG = "image/svg+xml"
PNG = "image/png"
CACHED_BYTES = 48 * 1024 * 1024
SCALES = (1, 2)
"""Pixels of a PNG to the pixel of its size."""

_SOME_DAY = datetime(2000, 1, 1, tzinfo=UTC)
_INSIDE_A_PAGE = (Size.PAGE, Size.COLUMN, Size.PHONE)


class Subject(StrEnum):
    """What a picture is of; the name of its file."""

    MAP = "map"
    TIME_DISTANCE = "time-distance"


@dataclass(frozen=True, slots=True)
class Choice:
    """How a reader wants a picture.

    It shows the part of the journey that lies in ``stretch``, or all where nothing does.
    ``has_heading`` is for one that stands alone; below a heading that is there it says it again.
    """

    size: Size = Size.CARD
    theme: Theme = Theme.LIGHT
    language: str = "en"
    scale: int = 1
    stretch: Stretch = EVER
    has_heading: bool = True


class Pictures:
    """Makes the pictures of stored trips, each once; ``credit`` is drawn in every one."""

    def __init__(
        self,
        itineraries: Itineraries,
        ground: Ground,
        lettering: Lettering,
        *,
        credit: str,
    ) -> None:
        self._itineraries = itineraries
        self._ground = ground
        self._lettering = lettering
        self._credit = credit
        self._kept: OnceCache[Answer] = OnceCache(
            512, weigh=lambda answer: len(answer.body), most=CACHED_BYTES
        )
        self._seen: OnceCache[GroundPaths] = OnceCache(64)
        self._inside: OnceCache[tuple[str, ...]] = OnceCache(
            128, weigh=lambda drawn: sum(map(len, drawn)), most=CACHED_BYTES
        )

    def svg(self, slug: str, subject: Subject, options: Options, choice: Choice) -> Answer:
        """The picture as a file. Raises :class:`app.errors.UnknownTripError`."""
        return self._kept.get(
            self._key_of(slug, subject, options, choice, SVG),
            lambda: Answer.of(self._draw(slug, subject, options, choice).to_bytes(), SVG),
        )

    def png(self, slug: str, subject: Subject, options: Options, choice: Choice) -> Answer:
        """The same with pixels. Raises :class:`app.errors.UnknownTripError`."""

        def make() -> Answer:
            svg = self._draw(slug, subject, options, choice).to_text()
            return Answer.of(to_png(svg, self._lettering, scale=choice.scale), PNG)

        return self._kept.get(self._key_of(slug, subject, options, choice, PNG), make)

    def inside_a_page(
        self, slug: str, options: Options, stretch: Stretch = EVER, language: str = "en"
    ) -> tuple[str, ...]:
        """The diagram as markup, once for each width that a page may have.

        Everything in it is escaped, and its colours are those of the page. Raises
        :class:`app.errors.UnknownTripError`.
        """

        def make() -> tuple[str, ...]:
            itinerary = self._itineraries.view(slug, options).itinerary
            return tuple(
                self._diagram(
                    itinerary,
                    self._look(
                        Choice(size, language=language),
                        name=f"diagram-{size.value}",
                        is_inside=True,
                    ),
                    stretch,
                ).to_text()
                for size in _INSIDE_A_PAGE
            )

        part = self._part(slug, Subject.TIME_DISTANCE, options, stretch)
        return self._inside.get(self._key(slug, options, part, language), make)

    def _key_of(
        self, slug: str, subject: Subject, options: Options, choice: Choice, form: str
    ) -> tuple[object, ...]:
        part = self._part(slug, subject, options, choice.stretch)
        return self._key(slug, options, subject, form, replace(choice, stretch=EVER), part)

    def _part(
        self, slug: str, subject: Subject, options: Options, stretch: Stretch
    ) -> frozenset[int] | Cut | None:
        """What a picture shows of a stretch: the same for many that differ by little."""
        if stretch.is_open:
            return None
        itinerary = self._itineraries.view(slug, options).itinerary
        if subject is Subject.MAP:
            return part_within(itinerary, stretch)
        return cut_of(itinerary, stretch)

    def _key(self, slug: str, options: Options, *what: object) -> tuple[object, ...]:
        trip = self._itineraries.trip(slug)
        return (slug, trip.revision, self._itineraries.canonical(trip, options), *what)

    def _draw(self, slug: str, subject: Subject, options: Options, choice: Choice) -> Drawing:
        itinerary = self._itineraries.view(slug, options).itinerary
        look = self._look(choice, name=subject.value)
        if subject is Subject.TIME_DISTANCE:
            return self._diagram(itinerary, look, choice.stretch)
        part = extent_within(itinerary, choice.stretch)
        extent = part or shown_extent(itinerary)
        return static_map(
            itinerary,
            extent,
            self._ground.features(extent, look.width),
            self._lettering,
            look,
            times=_times(itinerary, look.words),
            heading=(itinerary.trip.title, wording.status_line(itinerary, look.words)),
            see=partial(self._ground_paths, extent),
            is_cut=part is not None,
        )

    def _ground_paths(
        self,
        extent: Extent,
        ground: Mapping[str, FeatureCollection],
        projection: Projection,
        language: str,
        legs: int,
    ) -> GroundPaths:
        """The ground of a window as it was seen before: in both themes, and as SVG and PNG."""
        key = (extent, projection, language, legs)
        return self._seen.get(key, lambda: ground_paths(ground, projection, language, legs))

    def _diagram(self, itinerary: Itinerary, look: Look, stretch: Stretch) -> Drawing:
        caption = Caption(
            title=itinerary.trip.title,
            status=wording.status_line(itinerary, look.words),
            times=_times(itinerary, look.words),
            clocks=clocks(itinerary),
        )
        cut = cut_of(itinerary, stretch)
        return time_distance(itinerary, caption, self._lettering, look, cut)

    def _look(self, choice: Choice, *, name: str, is_inside: bool = False) -> Look:
        width, height = choice.size.pixels
        words = words_in(choice.language)
        return Look(
            width,
            height,
            palette=OF_THE_PAGE if is_inside else choice.theme.palette,
            language=choice.language,
            name=name,
            # On a page the credit stands below already.
            credit="" if is_inside else self._credit,
            note=words["borders"],
            words=words,
            has_heading=choice.has_heading and not is_inside and choice.size is not Size.SMALL,
        )


def clocks(itinerary: Itinerary) -> Sequence[Clock]:
    """The clocks of the journey by their offset, that of the start first."""
    at = _some_instant(itinerary)
    found: dict[object, Clock] = {}
    for waypoint in itinerary.waypoints:
        there = at.astimezone(ZoneInfo(waypoint.place.time_zone))
        label = f"{wording.offset_text(there)}, {waypoint.place.name}"
        found.setdefault(there.utcoffset(), Clock(label, waypoint.place.time_zone))
    return tuple(found.values())


def _some_instant(itinerary: Itinerary) -> datetime:
    """An instant of the journey: offsets change with the seasons."""
    known = (
        end
        for waypoint in itinerary.waypoints
        for interval in (waypoint.departure, waypoint.arrival)
        for end in (interval.earliest, interval.latest)
    )
    return next((end for end in known if end is not None), itinerary.as_of or _SOME_DAY)


def _times(itinerary: Itinerary, words: Words) -> dict[int, str]:
    return {
        waypoint.sequence: wording.visit_time(waypoint, words)
        for waypoint in itinerary.waypoints
        if not waypoint.status.looks_ahead
    }
