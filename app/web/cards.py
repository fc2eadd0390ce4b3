"""What other sites and search engines are told of a page: its card, and its data.

Lives here: :class:`Card`, for Open Graph (https://ogp.me) and the tags beside it, and a trip as a
schema.org ``Dataset``. Not here: how they are written (``templates/base.html``,
``templates/trip.html``), oEmbed itself (:mod:`app.web.oembed`). All addresses are in full.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.journey.model import Modality
from app.pictures.look import Size
from app.publication.documents import Document
from app.publication.exports.bounding_box import bounding_box
from app.publication.exports.rights import LICENCES
from app.publication.formats import FileFormat, Format
from app.publication.parts import Part
from app.publication.pictures import PNG
from app.web.addresses import Query, with_query
from app.web.embed_choice import EmbedChoice
from app.web.oembed import discovery, map_picture
from app.web.trip_page import BEFORE_ALL, TripPage

_FRONT_TITLE = "Journeys"
_FRONT_SUMMARY = (
    "Where, when, and according to whom: news reports of leaders’ journeys, put together into "
    "routes on a map, with a source for every claim."
)
_FILE_NAMES = {
    FileFormat.GPX: "The journey as GPX",
    FileFormat.KML: "The journey as KML",
    FileFormat.GEOJSON: "The journey as GeoJSON",
    FileFormat.CSV: "The journey as a table",
    FileFormat.TOML: "The dossier: sources, claims and assumptions",
}


@dataclass(frozen=True, slots=True)
class CardPicture:
    """The picture of a card: its address, size in pixels, media type, and itself as text."""

    url: str
    width: int
    height: int
    media_type: str
    alt: str


@dataclass(frozen=True, slots=True)
class Card:
    """What a page is when it is shown as a link elsewhere.

    ``kind`` is its type in Open Graph; ``url`` the address that it is to be known by; ``modified``
    when what it says last changed, RFC 3339. ``oembed`` are the addresses of its oEmbed answers by
    media type. Texts are plain.
    """

    kind: str
    title: str
    summary: str
    url: str
    picture: CardPicture | None = None
    modified: str | None = None
    oembed: Mapping[str, str] = field(default_factory=dict)


def trip_card(page: TripPage, base: str) -> Card:
    """The card of a trip's page, at the moment and the speeds that it shows."""
    url = with_query(f"{base}/trips/{page.slug}", _chosen(page))
    title = page.trip["title"]
    if not _is_latest(page):
        title = f"{title} (as known {_known(page)})"
    return Card(
        kind="article",
        title=title,
        summary=page.trip["status_line"],
        url=url,
        picture=_picture(page, base),
        modified=page.trip["as_of"],
        oembed=discovery(url, base),
    )


def discovery_of_embed(page: TripPage, choice: EmbedChoice, base: str) -> Mapping[str, str]:
    """Where the oEmbed answers about an embed are, by media type, for who pastes its address."""
    url = with_query(f"{base}/embed/{page.slug}", (*_chosen(page), *choice.query))
    return discovery(url, base)


def front_card(pages: Sequence[TripPage], base: str) -> Card:
    """The card of the page of all trips, with the map of the first one."""
    return Card(
        kind="website",
        title=_FRONT_TITLE,
        summary=_FRONT_SUMMARY,
        url=f"{base}/",
        picture=_picture(pages[0], base) if pages else None,
    )


def dataset(page: TripPage, base: str) -> Document:
    """The trip as a ``Dataset`` of schema.org, with where it can be had in which form.

    Where and when are those of the stops that were reported: what is expected or possible is no
    fact of a journey.
    """
    trip = page.trip
    stops = [stop.document for stop in page.stops if stop.document["status"] == Modality.REPORTED]
    url = with_query(f"{base}/trips/{page.slug}", _chosen(page))
    said = (
        trip["summary"],
        trip["status_line"],
        "Waypoints, legs, claims, sources and contradictions of the journey as reported, with "
        "bounds on times, distances and speeds.",
    )
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": url,
        "name": trip["title"],
        "description": "\n".join(filter(None, said)),
        "url": url,
        "version": str(trip["revision"]),
        "inLanguage": "en",
        "isAccessibleForFree": True,
        "license": [licence.url for licence in LICENCES],
        "creditText": "; ".join(credit.text for credit in page.credits),
        "provider": {"@type": "Organization", "name": "Dateline", "url": f"{base}/"},
        **_known_of("dateModified", trip["as_of"]),
        **_known_of("temporalCoverage", _days(stops)),
        **_known_of("spatialCoverage", _area(stops)),
        "about": {
            "@type": "Trip",
            "name": trip["title"],
            **_known_of("description", trip["summary"]),
            **_known_of("itinerary", _itinerary(stops)),
        },
        "distribution": _distribution(page, base),
    }


def _known_of(name: str, value: object) -> Document:
    return {name: value} if value else {}


def _itinerary(stops: Sequence[Document]) -> Document | None:
    if not stops:
        return None
    return {
        "@type": "ItemList",
        "itemListOrder": "https://schema.org/ItemListOrderAscending",
        "numberOfItems": len(stops),
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "item": {
                    "@type": "Place",
                    "name": stop["place"]["name"],
                    "geo": _coordinates(stop["place"]["lon"], stop["place"]["lat"]),
                },
            }
            for position, stop in enumerate(stops, start=1)
        ],
    }


def _coordinates(lon: float, lat: float) -> Document:
    return {"@type": "GeoCoordinates", "latitude": lat, "longitude": lon}


def _area(stops: Sequence[Document]) -> Document | None:
    box = bounding_box([[[stop["place"]["lon"], stop["place"]["lat"]]] for stop in stops])
    if box is None:
        return None
    west, south, east, north = box
    if (west, south) == (east, north):
        return {"@type": "Place", "geo": _coordinates(west, south)}
    # Two corners, each with its latitude first.
    shape = {"@type": "GeoShape", "box": f"{south} {west} {north} {east}"}
    return {"@type": "Place", "geo": shape}


def _days(stops: Sequence[Document]) -> str:
    """The days of the journey by the clocks of its places, as an ISO 8601 interval."""
    bounds = [
        bound
        for stop in stops
        for interval in (stop["arrival"], stop["departure"])
        for bound in interval.values()
        if bound is not None
    ]
    if not bounds:
        return ""
    first = min(bounds, key=datetime.fromisoformat)[:10]
    last = max(bounds, key=datetime.fromisoformat)[:10]
    return first if first >= last else f"{first}/{last}"


def _distribution(page: TripPage, base: str) -> list[Document]:
    links, chosen = page.trip["links"], _chosen(page)
    files = [
        _download(
            name,
            file_format.media_type,
            # A dossier is always the whole of what is known.
            with_query(base + links[file_format], () if file_format is FileFormat.TOML else chosen),
        )
        for file_format, name in _FILE_NAMES.items()
    ]
    lists = [
        _download(
            f"{part.value.capitalize()} as {form.value}",
            form.media_type,
            with_query(base + links[part], (("format", form.value), *chosen)),
        )
        for part in Part
        for form in Format
        if (part, form) != (Part.SOURCES, Format.GEOJSON)  # reports have no position
    ]
    return files + lists


def _download(name: str, media_type: str, url: str) -> Document:
    return {
        "@type": "DataDownload",
        "name": name,
        "encodingFormat": media_type.partition(";")[0],
        "contentUrl": url,
    }


def _picture(page: TripPage, base: str) -> CardPicture:
    width, height = Size.CARD.pixels
    return CardPicture(
        url=map_picture(page.slug, Size.CARD, _chosen(page), page.trip["revision"], base),
        width=width,
        height=height,
        media_type=PNG,
        alt=f"Map of the route. {page.trip['status_line']}",
    )


def _is_latest(page: TripPage) -> bool:
    return not page.steps or page.steps[-1].is_current


def _known(page: TripPage) -> str:
    return page.known_at if page.trip["as_of"] is None else f"at {page.known_at}"


def _chosen(page: TripPage) -> Query:
    """What a reader chose: at the latest step no moment, so that it stays the latest.

    A page of what was known earlier is another page, not a copy of the latest: it keeps its own
    address wherever it is shared.
    """
    as_of = () if _is_latest(page) else (("as_of", page.trip["as_of"] or BEFORE_ALL),)
    return (*as_of, *((name, f"{kmh:g}") for name, kmh in page.speeds.items()))
