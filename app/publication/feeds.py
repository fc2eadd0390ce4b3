"""News of trips as feeds: Atom 1.0 (RFC 4287) and JSON Feed 1.1.

Lives here: :class:`Feeds` and both formats. Not here: what an entry says
(:mod:`app.publication.feed_entries`), HTTP. A feed needs addresses in full, so ``base_url`` (such
as ``https://example.org``) is an argument, and what is made of it is kept apart for each.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.journey.model import Trip
from app.publication.cache import Answer
from app.publication.documents import instant
from app.publication.exports.rights import LICENCE
from app.publication.feed_entries import Entry, lasting_slug, newest_entries
from app.publication.formats import to_json
from app.publication.itinerary import Itineraries, Options
from app.publication.naming import name_of
from app.publication.trip_answers import TripAnswers
from app.publication.xml_writing import child, plain_text, root, to_bytes

ATOM = "application/atom+xml"
JSON_FEED = "application/feed+json"
CACHED_FEEDS = 128
CACHED_BYTES = 8 * 1024 * 1024

_ATOM_NAMESPACE = "http://www.w3.org/2005/Atom"
_JSON_FEED_VERSION = "https://jsonfeed.org/version/1.1"
_ALL = "News of reported journeys"
# What a feed must have, and an empty one has not: the time of its last change.
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Feed:
    """A feed in either format; ``page`` and ``itself`` are addresses in full but for the ending."""

    name: str
    title: str
    summary: str
    page: str
    itself: str
    base_url: str
    updated: datetime
    entries: Sequence[Entry]
    credit: str


class Feeds:
    """Feeds of stored trips; ``credit`` goes into every one."""

    def __init__(self, itineraries: Itineraries, credit: str) -> None:
        self._itineraries = itineraries
        self._credit = credit
        self._kept = TripAnswers(itineraries, limit=CACHED_FEEDS, most=CACHED_BYTES)

    def atom(self, base_url: str, slug: str | None = None) -> Answer:
        """News of one trip, or of all, as Atom. Raises :class:`app.errors.UnknownTripError`."""
        return self._feed(base_url, slug, ATOM, _to_atom)

    def json(self, base_url: str, slug: str | None = None) -> Answer:
        """The same as JSON Feed. Raises :class:`app.errors.UnknownTripError`."""
        return self._feed(base_url, slug, JSON_FEED, _to_json_feed)

    def _feed(
        self, base_url: str, slug: str | None, media_type: str, write: Callable[[_Feed], bytes]
    ) -> Answer:
        what = (media_type, base_url)

        def make(slugs: Sequence[str]) -> Answer:
            trips = [self._itineraries.trip(each) for each in slugs]
            feed = self._of_all(trips, base_url) if slug is None else self._of(trips[0], base_url)
            return Answer.of(write(feed), media_type)

        if slug is None:
            return self._kept.of_all(what, make)
        return self._kept.of_trip(slug, Options(), what, lambda _: make([slug]))

    def _of_all(self, trips: Sequence[Trip], base_url: str) -> _Feed:
        return _Feed(
            name=name_of("feed"),
            title=_ALL,
            summary="Each claim as it was published, and each that its source took back.",
            page=f"{base_url}/",
            itself=f"{base_url}/feed",
            base_url=base_url,
            updated=_last_change(trips),
            entries=newest_entries(trips),
            credit=self._credit,
        )

    def _of(self, trip: Trip, base_url: str) -> _Feed:
        return _Feed(
            name=name_of("feed", lasting_slug(trip)),
            title=trip.title,
            summary=trip.summary,
            page=f"{base_url}/trips/{trip.slug}",
            itself=f"{base_url}/trips/{trip.slug}/feed",
            base_url=base_url,
            updated=_last_change([trip]),
            entries=newest_entries([trip]),
            credit=self._credit,
        )


def _last_change(trips: Sequence[Trip]) -> datetime:
    """When the newest report came out or the newest claim was taken back."""
    known = [source.known_at for trip in trips for source in trip.sources]
    since = (sighting.state_since for trip in trips for sighting in trip.sightings)
    return max([*known, *(each for each in since if each is not None)], default=_NEVER)


def _to_atom(feed: _Feed) -> bytes:
    atom = root("feed", {"xmlns": _ATOM_NAMESPACE, "xml:lang": "en"})
    child(atom, "id", feed.name)
    child(atom, "title", feed.title)
    if feed.summary:
        child(atom, "subtitle", feed.summary)
    child(atom, "updated", instant(feed.updated))
    child(child(atom, "author"), "name", "Dateline")
    child(atom, "link", attributes={"rel": "self", "type": ATOM, "href": f"{feed.itself}.atom"})
    child(atom, "link", attributes={"rel": "alternate", "type": "text/html", "href": feed.page})
    child(atom, "rights", f"{feed.credit}. Licences: {LICENCE}.")
    child(atom, "generator", "Dateline")
    for each in feed.entries:
        entry = child(atom, "entry")
        child(entry, "id", each.name)
        child(entry, "title", each.title)
        child(entry, "published", instant(each.at))
        child(entry, "updated", instant(each.at))
        page = {"rel": "alternate", "type": "text/html", "href": f"{feed.base_url}{each.path}"}
        child(entry, "link", attributes=page)
        if each.source_url:
            child(entry, "link", attributes={"rel": "via", "href": each.source_url})
        category = {"term": each.trip, "label": each.trip_title}
        child(entry, "category", attributes=category)
        child(entry, "category", attributes={"term": each.event})
        child(entry, "content", each.text, {"type": "text"})
    return to_bytes(atom)


def _to_json_feed(feed: _Feed) -> bytes:
    items = []
    for each in feed.entries:
        item: dict[str, Any] = {
            "id": each.name,
            "url": f"{feed.base_url}{each.path}",
            "title": plain_text(each.title),
            "content_text": plain_text(each.text),
            "date_published": instant(each.at),
            "tags": [plain_text(each.trip_title), each.event],
        }
        if each.source_url:
            item["external_url"] = plain_text(each.source_url)
        items.append(item)
    document: dict[str, Any] = {
        "version": _JSON_FEED_VERSION,
        "title": plain_text(feed.title),
        "home_page_url": feed.page,
        "feed_url": f"{feed.itself}.json",
        "language": "en",
        "authors": [{"name": "Dateline"}],
    }
    if feed.summary:
        document["description"] = plain_text(feed.summary)
    document["_dateline"] = {
        "about": "Whose data the feed rests on, and its licences.",
        "credit": feed.credit,
        "licence": LICENCE,
    }
    return to_json({**document, "items": items})
