"""All that a published folder holds, file by file.

Lives here: :class:`Contents`, the one list of what is in a folder, and what it is made with. Not
here: the pages (:mod:`app.folder.pages`), what is told about the folder
(:mod:`app.folder.about`), writing it to disk (:mod:`app.folder.writing`).
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

import orjson

from app.folder import about
from app.folder.addresses import (
    LICENCES,
    FileAddresses,
    part_file,
    picture_file,
    schema_file,
    whole_file,
)
from app.folder.assets import FolderAssets, FolderVendor
from app.folder.pages import FolderPages
from app.folder.steps import handing
from app.journey.model import Trip
from app.pictures.look import Size
from app.publication import formats
from app.publication.answers import Answers
from app.publication.exports.files import Exports
from app.publication.formats import FileFormat, Format
from app.publication.itinerary import Itineraries, Options
from app.publication.parts import Part
from app.publication.pictures import Choice, Pictures, Subject
from app.rooms import Rooms
from app.web.embed_choice import EmbedChoice
from app.web.json_schemas import json_schema
from app.web.pages import Pages
from app.web.templating import environment
from app.web.trip_page import TripPage, TripPages
from app.words import ENGLISH, Words

_PICTURES: Sequence[tuple[str, Choice]] = (
    ("png", Choice(Size.CARD)),
    *(
        picture
        for size in (Size.PRINT, Size.COLUMN, Size.PHONE)
        for picture in (("svg", Choice(size)), ("png", Choice(size, scale=2)))
    ),
)
"""What desks take, of each subject; what pages show comes to it."""


class _OneTrip:
    """A trip as it is now: the store may change while a folder is made, and the folder must not.

    Implements :class:`app.publication.itinerary.TripReader`.
    """

    def __init__(self, trip: Trip) -> None:
        self._trip = trip

    def slugs(self) -> Sequence[str]:
        return (self._trip.slug,)

    def revision(self, slug: str) -> int:
        return self._trip.revision

    def trip(self, slug: str) -> Trip:
        return self._trip


class _TripPages(TripPages):
    """Pages of trips, of which both pages at a step have one made once, in one language."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._last: tuple[tuple[Options, Words], TripPage] | None = None

    def page(self, slug: str, options: Options, words: Words = ENGLISH) -> TripPage:
        asked = options, words
        if self._last is None or self._last[0] != asked:
            self._last = asked, super().page(slug, options, words)
        return self._last[1]


class Contents:
    """The files of the trip ``slug`` as it is now, with an embed that looks as ``choice`` says.

    Raises :class:`app.errors.UnknownTripError`.
    """

    def __init__(self, rooms: Rooms, slug: str, choice: EmbedChoice) -> None:
        self.trip = rooms.itineraries.trip(slug)
        self._rooms = rooms
        self._choice = choice
        self._itineraries = Itineraries(_OneTrip(self.trip), rooms.router)
        self._assets = FolderAssets(rooms.settings.static_dir, rooms.assets)
        self._pictures = Pictures(
            self._itineraries,
            rooms.ground,
            rooms.lettering,
            credit=rooms.credit,
        )
        self._trips = _TripPages(
            self._itineraries,
            rooms.router,
            rooms.ground,
            self._assets.vendor_url,
            self._pictures,
            credits=rooms.packages.credits(),
            notes=(ENGLISH["borders"],),
        )

    @property
    def steps(self) -> Sequence[datetime]:
        """The moments at which something was published."""
        return self._itineraries.view(self.trip.slug, Options()).steps

    def files(
        self, progress: Callable[[float], None] = lambda _: None
    ) -> Iterator[tuple[str, bytes]]:
        """Each file by its path, in no particular order; ``progress`` is told the share done.

        The same trip gives the same bytes, whenever and wherever they are made.
        """
        vendor = FolderVendor(self._assets, self._rooms.assets)
        settings = self._rooms.settings
        templates = environment(settings.templates_dir, self._assets, vendor)
        templates.auto_reload = False  # all pages are of one make
        pages = Pages(self._trips, templates, "folder.html")
        addresses = FileAddresses(self.trip.slug, dict(self._map_files()))
        made = FolderPages(pages, self.trip.slug, self._choice, addresses, self._assets)
        # Nearly all the time goes into the pages.
        work = 2 * len(self.steps) + 2 + 2 * len(_PICTURES)
        done = 0

        def counted(files: Iterator[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
            nonlocal done
            for path, body in files:
                done += "/lines/" not in path  # which come as they become full
                progress(min(done / work, 1.0))
                yield path, body

        yield from counted(made.whole(self.steps))
        yield from self._assets.files.items()
        yield LICENCES, about.licences(self._rooms.assets.notice()).encode()
        yield "embed.js", self._assets.read("embed.js").body
        yield from self._data(addresses)
        yield from counted(self._drawn(addresses))
        yield "README.txt", self._readme().encode()

    def _map_files(self) -> Iterator[tuple[str, str]]:
        slug = self.trip.slug
        script = self._trips.map_script(slug)
        yield f"/trips/{slug}/map.js", self._assets.put("map.js", script.body)
        ground = self._trips.ground(slug)
        path = self._assets.named("ground.js", ground.version)
        self._assets.files[path] = handing(path, ground.body)
        yield f"/trips/{slug}/basemap.json", path

    def _data(self, addresses: FileAddresses) -> Iterator[tuple[str, bytes]]:
        slug, latest = self.trip.slug, Options()
        credit = self._rooms.credit
        answers = Answers(self._itineraries, self._rooms.router, credit)
        exports = Exports(self._itineraries, credit)

        def relinked(body: bytes) -> bytes:
            return formats.to_json(addresses.links(orjson.loads(body), beside="data/"))

        yield "data/trip.json", relinked(answers.trip(slug, latest).body)
        yield f"data/{slug}.json", relinked(answers.whole(slug, latest).body)
        yield schema_file("trip"), json_schema("trip").body
        for part in Part:
            yield schema_file(part.value), json_schema(part.value).body
            for fmt in Format:
                if part is Part.SOURCES and fmt is Format.GEOJSON:
                    continue  # reports have no position
                body = answers.part(slug, part, fmt, latest).body
                yield part_file(part, fmt), relinked(body) if fmt is Format.JSON else body
        for file_format in FileFormat:
            yield whole_file(slug, file_format), exports.file(slug, file_format, latest).body

    def _drawn(self, addresses: FileAddresses) -> Iterator[tuple[str, bytes]]:
        wanted = {
            picture_file(subject, ending, choice): (subject, ending, choice)
            for subject, ending, choice in (
                *((subject, *picture) for subject in Subject for picture in _PICTURES),
                *addresses.pictures,
            )
        }
        for path, (subject, ending, choice) in sorted(wanted.items()):
            draw = self._pictures.svg if ending == "svg" else self._pictures.png
            yield path, draw(self.trip.slug, subject, Options(), choice).body

    def _readme(self) -> str:
        page = self._trips.page(self.trip.slug, Options())
        return about.readme(page, self._choice)
