"""oEmbed 1.0 (https://oembed.com): for the address of a trip, the markup that shows it elsewhere.

Lives here: the route ``/oembed``, which addresses are ours, and how other sites find the route
from a page (section 4). Not here: what the markup frames (:mod:`app.web.embeds`).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import SplitResult, unquote, urlsplit

from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from markupsafe import Markup
from starlette.responses import Response

from app.errors import InputError, MovedTripError, NotFoundError
from app.pictures.look import Size
from app.publication.cache import Answer
from app.publication.documents import Document, instant
from app.publication.formats import to_json
from app.publication.itinerary import Itineraries, Options, View
from app.publication.trip_answers import TripAnswers
from app.publication.xml_writing import child, plain_text, root, to_bytes
from app.web.addresses import Query, base_url, with_query
from app.web.embed_choice import EmbedChoice
from app.web.parameters import chosen_options
from app.web.problems import Problem
from app.web.respond import respond

CACHED_ANSWERS = 512
CACHED_BYTES = 4 * 1024 * 1024

JSON = "application/json"
XML = "text/xml; charset=utf-8"
DISCOVERY = {"json": "application/json+oembed", "xml": "text/xml+oembed"}
"""The media types by which a page tells where its oEmbed answer is (section 4), by format."""

WIDTH = Size.COLUMN.pixels[0]
"""Of the frame where nobody asks for less: that of a picture in a column."""
CACHE_AGE_S = 24 * 3600
"""The markup hardly ever changes: what it frames keeps itself up to date."""

_PATH = re.compile(r"/(?:trips|embed)/([a-z0-9-]+)/?")
_LENGTH = re.compile(r"0*([1-9][0-9]{0,8})")
_USUAL_PORTS = {"http": 80, "https": 443}
_THUMBNAILS = (Size.CARD, Size.COLUMN, Size.SMALL, Size.PHONE)
_NO_ADDRESS = "give the address of a trip's page in full, such as https://example.org/trips/name"

# The address comes first: WordPress takes the first src= that it finds, in a title or not.
_IFRAME = Markup(
    '<iframe src="{src}" width="{width}" height="{height}" title="{title}" frameborder="0"'
    ' style="border:0;max-width:100%" loading="lazy" allow="fullscreen"></iframe>'
)


@dataclass(frozen=True, slots=True)
class Shown:
    """What an address of ours shows: a trip, what was chosen of it, and how it is to look."""

    slug: str
    options: Options
    choice: EmbedChoice

    @classmethod
    def of(cls, slug: str, request: Request) -> "Shown":
        """What a request for a page or an embed shows; parameters of other sites are left out.

        So are options that an embed refuses: a page does not know them, and its address is as good
        with them. Raises :class:`fastapi.exceptions.RequestValidationError` naming what is wrong
        of the others.
        """
        choice = EmbedChoice.as_far_as_it_makes_sense(request.query_params)
        return cls(slug, chosen_options(request), choice)

    @property
    def chosen(self) -> Query:
        """What was chosen of the trip, as parameters. The moment is left as it was asked for.

        Rounded down to a step it would say less, once an earlier report is added.
        """
        options = self.options
        speeds = {
            "max_speed_kmh": options.max_speed_kmh,
            "cruise_speed_kmh": options.cruise_speed_kmh,
        }
        as_of = instant(options.as_of)
        return (
            *((("as_of", as_of),) if as_of is not None else ()),
            *((name, f"{kmh:g}") for name, kmh in speeds.items() if kmh is not None),
        )

    @property
    def path(self) -> str:
        """The embed that shows it."""
        return with_query(f"/embed/{self.slug}", (*self.chosen, *self.choice.query))


@dataclass(frozen=True, slots=True)
class Room:
    """How many pixels there are; ``None`` where it does not matter."""

    width: int | None = None
    height: int | None = None

    def holds(self, size: Size) -> bool:
        """Whether a picture of that size fits."""
        width, height = size.pixels
        return width == _least(width, self.width) and height == _least(height, self.height)


class OEmbed:
    """Makes the answers, each once for a revision of its trip and what was asked."""

    def __init__(self, itineraries: Itineraries) -> None:
        self._kept = TripAnswers(itineraries, limit=CACHED_ANSWERS, most=CACHED_BYTES)

    def json(self, shown: Shown, room: Room, base: str) -> Answer:
        """The answer as JSON (section 2.3.1). Raises :class:`app.errors.UnknownTripError`."""
        return self._answer(shown, room, base, JSON, to_json)

    def xml(self, shown: Shown, room: Room, base: str) -> Answer:
        """The same as XML (section 2.3.2). Raises :class:`app.errors.UnknownTripError`."""
        return self._answer(shown, room, base, XML, _to_xml)

    def _answer(
        self,
        shown: Shown,
        room: Room,
        base: str,
        media_type: str,
        write: Callable[[Document], bytes],
    ) -> Answer:
        def make(view: View) -> Answer:
            return Answer.of(write(_document(view, shown, room, base)), media_type)

        try:
            # Nothing here depends on what follows from a choice: no itinerary is derived for it.
            return self._kept.of_trip(shown.slug, Options(), (media_type, shown, room, base), make)
        except MovedTripError as error:
            # Whoever pasted the old address asks for it, though the page itself leads on.
            return self._answer(replace(shown, slug=error.now), room, base, media_type, write)


def oembed_router(oembed: OEmbed, public_url: str = "") -> APIRouter:
    """The route ``/oembed``. ``public_url`` is the setting of that name.

    Errors are those of section 2.3.5: 404 for what is not here, 501 for a format that is none.
    Consumers add parameters of their own: they are ignored (section 2.2).
    """
    router = APIRouter(include_in_schema=False)

    @router.get("/oembed")
    def answer(request: Request) -> Response:
        asked = request.query_params
        write = {"json": oembed.json, "xml": oembed.xml}.get(asked.get("format") or "json")
        if write is None:
            said = "format: must be json or xml"
            return Problem(501, "Not implemented", said, {"parameter": "format"}).response()
        base = base_url(request, public_url)
        shown = shown_at(asked.get("url", ""), base)
        room = Room(_length(request, "maxwidth"), _length(request, "maxheight"))
        return respond(write(shown, room, base))

    return router


def shown_at(url: str, base: str) -> Shown:
    """What the address ``url`` in full shows; ``base`` is where readers reach this server.

    Scheme and the case of the host make no difference. Raises :class:`app.errors.InputError`
    naming ``url`` for what is no address, :class:`app.errors.NotFoundError` for one that is not
    that of a trip here.
    """
    try:
        parts = urlsplit(url)
        is_here = _site(parts) == _site(ours := urlsplit(base))
    except ValueError as error:
        raise InputError("url", _NO_ADDRESS) from error
    if parts.scheme not in _USUAL_PORTS or not parts.hostname:
        raise InputError("url", _NO_ADDRESS)
    path = unquote(parts.path)
    match = _PATH.fullmatch(path.removeprefix(ours.path))
    if match is None or not is_here or not path.startswith(f"{ours.path}/"):
        raise NotFoundError("url: there is no trip of this site at that address")
    query = {"type": "http", "query_string": parts.query.encode()}
    try:
        return Shown.of(match[1], Request(query))
    except RequestValidationError as error:
        fault = error.errors()[0]
        said = f"{fault['loc'][1]}: {fault['msg'].removeprefix('Value error, ')}"
        raise InputError("url", f"that page has a wrong parameter; {said}") from error


def discovery(page: str, base: str) -> Mapping[str, str]:
    """Where the oEmbed answers about the address ``page`` are, by media type (section 4)."""
    return {
        media_type: with_query(f"{base}/oembed", (("url", page), ("format", form)))
        for form, media_type in DISCOVERY.items()
    }


def discovery_header(shown: Shown, base: str) -> str:
    """The same as the value of a ``Link`` header (RFC 8288), for the embed that shows it."""
    return ", ".join(
        f'<{address}>; rel="alternate"; type="{media_type}"'
        for media_type, address in discovery(base + shown.path, base).items()
    )


def map_picture(slug: str, size: Size, chosen: Query, revision: int, base: str) -> str:
    """The address of a trip's map as a picture, with what was ``chosen`` of the trip.

    It changes with the trip: sites keep a picture for as long as its address is the same.
    """
    query = (("size", size.value), *chosen, ("v", str(revision)))
    return with_query(f"{base}/trips/{slug}/map.png", query)


def _document(view: View, shown: Shown, room: Room, base: str) -> Document:
    """The answer (section 2.3.4), its members in the order in which they are written."""
    trip = view.itinerary.trip
    # XML cannot hold every character; both forms say the same.
    title = plain_text(trip.title)
    width = _least(WIDTH, room.width)
    height = _least(shown.choice.frame_height, room.height)
    iframe = _IFRAME.format(
        src=base + shown.path,
        width=width,
        height=height,
        title=shown.choice.title_of(title),
    )
    document: Document = {
        "version": "1.0",
        "type": "rich",
        "title": title,
        "provider_name": "Dateline",
        "provider_url": f"{base}/",
        "cache_age": CACHE_AGE_S,
        "html": str(iframe),
        "width": width,
        "height": height,
    }
    # None at all rather than one that is too large.
    size = next(filter(room.holds, _THUMBNAILS), None)
    if size is not None:
        document |= {
            "thumbnail_url": map_picture(shown.slug, size, shown.chosen, trip.revision, base),
            "thumbnail_width": size.pixels[0],
            "thumbnail_height": size.pixels[1],
        }
    return document


def _to_xml(document: Document) -> bytes:
    oembed = root("oembed", {})
    for name, value in document.items():
        child(oembed, name, str(value))
    return to_bytes(oembed)


def _least(usual: int, most: int | None) -> int:
    return usual if most is None else min(usual, most)


def _site(parts: SplitResult) -> tuple[str | None, int | None]:
    port = parts.port
    return parts.hostname, None if port == _USUAL_PORTS.get(parts.scheme) else port


def _length(request: Request, name: str) -> int | None:
    asked = request.query_params.get(name)
    if not asked:
        return None
    match = _LENGTH.fullmatch(asked)
    if match is None:
        raise InputError(name, "must be a number of pixels, such as 600")
    return int(match[1])
