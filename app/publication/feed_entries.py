"""What is new about trips: an entry for each claim, and for each that its source took back.

Lives here: which events make an entry, under which name, in which words. Not here: the formats
of feeds (:mod:`app.publication.feeds`). A claim whose transcription was amended keeps its entry,
under the same name and with the mended words: that is no news, and has no time of publication.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlsplit

from app import wording
from app.journey.claims import origin_of
from app.journey.model import Sighting, Source, State, Trip
from app.publication.documents import instant
from app.publication.naming import name_of

MOST_ENTRIES = 100

_IN_NO_ADDRESS = frozenset(' <>"{}|\\^`')
_CORRECTIONS = {State.SUPERSEDED: "Superseded", State.RETRACTED: "Retracted"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was published. ``at`` is when, never when it came into a database.

    ``name`` is a URN, the same wherever the trip is served; ``path`` leads to the claim on the
    page as it was then; ``source_url`` is the address of the report, ``None`` if not known.
    """

    name: str
    at: datetime
    title: str
    text: str
    path: str
    source_url: str | None
    trip: str
    trip_title: str
    claim: str
    event: str


def newest_entries(trips: Iterable[Trip], most: int = MOST_ENTRIES) -> list[Entry]:
    """The newest ``most`` entries, newest first; equal times in the order of their claims."""
    entries = [entry for trip in trips for entry in _entries(trip)]
    entries.sort(key=lambda entry: (entry.trip, entry.claim, entry.event))
    entries.sort(key=lambda entry: entry.at, reverse=True)
    return entries[:most]


def lasting_slug(trip: Trip) -> str:
    """The slug that the trip had first: what readers know entries by must never change."""
    return trip.formerly[0] if trip.formerly else trip.slug


def _entries(trip: Trip) -> Iterable[Entry]:
    sources = {source.id: source for source in trip.sources}
    for sighting in trip.sightings:
        source = sources[sighting.source]
        yield _entry(trip, sighting, source, sources, "claimed", source.known_at)
        if sighting.state in _CORRECTIONS and sighting.state_since is not None:
            yield _entry(
                trip, sighting, source, sources, sighting.state.value, sighting.state_since
            )


def _entry(
    trip: Trip,
    sighting: Sighting,
    source: Source,
    sources: dict[str, Source],
    event: str,
    at: datetime,
) -> Entry:
    correction = _CORRECTIONS.get(State(event)) if event != "claimed" else None
    place = trip.places[sighting.place]
    origin = wording.isolated(origin_of(sighting, sources))
    title = f"{wording.isolated(place.name)}: {sighting.event}, {sighting.modality} – {origin}"
    return Entry(
        name=name_of("claim", lasting_slug(trip), sighting.id, event),
        at=at,
        title=title if correction is None else f"{correction}: {title}",
        text="\n".join(_lines(trip, sighting, source, correction)),
        path=f"/trips/{trip.slug}?as_of={instant(at)}#claim-{quote(sighting.id)}",
        source_url=_web_address(source.url),
        trip=trip.slug,
        trip_title=trip.title,
        claim=sighting.id,
        event=event,
    )


def _lines(trip: Trip, sighting: Sighting, source: Source, correction: str | None) -> Iterable[str]:
    if correction is not None:
        reason = f": {sighting.state_reason}" if sighting.state_reason else "."
        yield f"{correction} by its source{reason}"
        others = {other.id: other for other in trip.sightings}
        if sighting.superseded_by in others:
            yield f"In its place: {others[sighting.superseded_by].claim}"
        yield f"What was claimed: {sighting.claim}"
    else:
        yield sighting.claim
    place = trip.places[sighting.place]
    yield (
        f"{sighting.subject} {sighting.event} ({sighting.modality}), {wording.isolated(place.name)}"
    )
    when = [wording.local_interval(sighting.when, place)] if not sighting.when.is_open else []
    if sighting.wording:
        when.append(f"“{wording.isolated(sighting.wording)}”")
    if when:
        yield f"When: {', '.join(when)}"
    by = f"{source.publisher}: {source.title}" if source.title else source.publisher
    if sighting.attributed_to:
        by = f"{sighting.attributed_to}, in {by}"
    yield f"According to: {by}"
    yield f"Grade: {source.reliability}{sighting.credibility} (Admiralty code)"
    yield f"Journey: {trip.title}"


def _web_address(url: str | None) -> str | None:
    """The address if a feed may carry it: of the web, and without what none has (RFC 3987)."""
    if url is None or not url.isprintable() or any(char in _IN_NO_ADDRESS for char in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None
