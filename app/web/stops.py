"""What a page says of each stop: its names, its times with their bounds, what was seen there.

Lives here: :class:`Stop` and what it is put together from. Not here: the page as a whole
(:mod:`app.web.trip_page`), the shapes of the documents (:mod:`app.publication.documents`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app import wording
from app.journey.model import Event, Modality
from app.publication import parts
from app.publication.documents import Document
from app.publication.itinerary import View
from app.web.local_time import TimeText, interval_text, short_text
from app.words import ENGLISH, Words


@dataclass(frozen=True, slots=True)
class VisitTime:
    """One time of a visit: ``label`` says of what ("Left", "Arrived", "At 60 km/h")."""

    label: str
    text: TimeText


@dataclass(frozen=True, slots=True)
class LocalName:
    """A place's name in ``language`` (BCP 47), as people there write it."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Stop:
    """A waypoint as a page shows it; ``claims`` are the sightings it rests on.

    ``seen`` says what was seen there ("train seen"), and is empty at stops ahead. ``bounded_by``
    are the origins of claims about other stops that bound the times here; ``contradictions``
    the numbers of those that a claim of this stop was set aside for.
    """

    document: Document
    times: tuple[VisitTime, ...]
    short_time: str
    other_names: tuple[LocalName, ...]
    claims: tuple[Document, ...]
    seen: str
    bounded_by: tuple[str, ...]
    contradictions: tuple[int, ...]


def stops_of(
    view: View, trip: Document, sightings: Sequence[Document], words: Words = ENGLISH
) -> tuple[Stop, ...]:
    """The stops of a trip's document, in the order of the journey, branches last."""
    claims: dict[str, Document] = {sighting["id"]: sighting for sighting in sightings}
    ahead = {stop["sequence"]: stop for stop in trip["next_stops"]}
    stops = []
    documents = parts.waypoint_documents(view)
    reported = [document for document in documents if document["status"] == Modality.REPORTED]
    last = reported[-1] if reported else None
    for document in documents:
        own = tuple(claims[claim] for claim in document["sightings"] if claim in claims)
        times = _visit_times(document, own, ahead.get(document["sequence"]), words)
        stops.append(
            Stop(
                document=document,
                times=times,
                short_time=_short_time(document, words, is_last=document is last),
                other_names=_local_names(document["place"]),
                claims=own,
                seen=wording.seen(document["subjects"], words)
                if document["status"] == Modality.REPORTED
                else "",
                bounded_by=_bounded_by(document, times, claims, words),
                contradictions=_disputed_in(own),
            )
        )
    return tuple(stops)


def _disputed_in(claims: Sequence[Document]) -> tuple[int, ...]:
    disputed = [claim for claim in claims if claim["disputed"]]
    return tuple(sorted({number for claim in disputed for number in claim["contradictions"]}))


# Which of a place's names people there read; every language is in the data.
_LOCAL_LANGUAGES = {
    "KP": ("ko",),
    "KR": ("ko",),
    "RU": ("ru",),
    "CN": ("zh",),
    "JP": ("ja",),
    "VN": ("vi",),
    "MN": ("mn",),
    "UA": ("uk",),
    "BY": ("be", "ru"),
    "KZ": ("kk", "ru"),
}


def _local_names(place: Document) -> tuple[LocalName, ...]:
    names: dict[str, LocalName] = {}
    for language in _LOCAL_LANGUAGES.get(place["country"], ()):
        name = place["names"].get(language)
        if name and name != place["name"]:
            names.setdefault(name, LocalName(name, language))
    return tuple(names.values())


def _visit_times(
    document: Document, claims: Sequence[Document], ahead: Document | None, words: Words
) -> tuple[VisitTime, ...]:
    if ahead is not None:
        return _times_ahead(ahead, words)
    arrived, left = (interval_text(document[end], words) for end in ("arrival", "departure"))
    if arrived is not None and arrived == left:
        passed = all(claim["event"] == Event.PASSED for claim in claims if not claim["disputed"])
        return (VisitTime(words["label_passed" if passed else "label_there"], arrived),)
    # A one-sided bound says nothing new beside the other end of the same visit.
    if document["after"] is None or (left is not None and document["arrival"]["earliest"] is None):
        arrived = None if left is not None else arrived
    elif arrived is not None and document["departure"]["latest"] is None:
        left = None
    labelled = ((words["label_arrived"], arrived), (words["label_left"], left))
    return tuple(VisitTime(label, text) for label, text in labelled if text is not None)


def _times_ahead(ahead: Document, words: Words) -> tuple[VisitTime, ...]:
    """What is estimated at the cruise speed and, apart from it, what the maximum allows."""
    estimate = interval_text(ahead["arrival"], words)
    bound = interval_text({"earliest": ahead["not_before"], "latest": None}, words)
    kmh, most_kmh = ahead["speed_kmh"], ahead["max_speed_kmh"]
    label = words["label_surely"]
    if most_kmh is not None:
        label = words.say("label_at_most", speed=words.kmh(most_kmh, "g"))
    at_speed = words.say("label_at_speed", speed=words.kmh(kmh or 0, "g"))
    labelled = ((at_speed, estimate), (label, bound))
    return tuple(VisitTime(label, text) for label, text in labelled if text is not None)


def _bounded_by(
    document: Document,
    times: Sequence[VisitTime],
    claims: Mapping[str, Document],
    words: Words,
) -> tuple[str, ...]:
    """Who told of other stops what bounds the times that are shown of this one."""
    if document["status"] != Modality.REPORTED:
        return ()
    shown = {time.text for time in times}
    own = set(document["sightings"])
    by = [
        claim
        for end in ("arrival", "departure")
        if interval_text(document[end], words) in shown
        for claim in document["bounded_by"][end].values()
        if claim is not None and claim not in own
    ]
    return tuple(dict.fromkeys(claims[claim]["origin"] for claim in by if claim in claims))


def _short_time(document: Document, words: Words, *, is_last: bool) -> str:
    if document["status"] != Modality.REPORTED:
        return words[document["status"]]
    intervals = [document["arrival"], document["departure"]]
    if is_last:
        intervals.reverse()  # where it was last seen, the later time is the news
    whole = [i for i in intervals if i["earliest"] is not None and i["latest"] is not None]
    return next(filter(None, (short_text(i, words) for i in (*whole, *intervals))), "")
