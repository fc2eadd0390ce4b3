"""A journey told claim by claim, in the order in which the claims became known.

Lives here: what is told of each claim, and what it changed when it came out: the itinerary at its
step beside the one before. Not here: the card that shows it (``static/js/story.js``). A story up
to an earlier moment is the beginning of the same story.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from app.journey.derived import Waypoint
from app.journey.interval import Interval
from app.journey.model import Modality
from app.publication import documents, parts
from app.publication.documents import Document
from app.publication.itinerary import View
from app.web.local_time import TimeText, interval_text


def story_of(latest: View, steps: Iterable[View] = ()) -> tuple[Document, ...]:
    """All claims of a trip with what is told of each: plain text throughout.

    ``steps`` are the views of the trip at its steps, ascending; without them nothing is told of
    what a claim changed.
    """
    changes: dict[str, list[str]] = {}
    before: View | None = None
    for view in steps:
        changes |= _changes(before, view)
        before = view
    published = {
        source["id"]: interval_text(source["published_at"])
        for source in parts.source_documents(latest)
    }
    return tuple(
        {
            "id": claim["id"],
            "as_of": claim["known_at"],
            "origin": claim["origin"],
            "publisher": claim["publisher"],
            "published": _said(published[claim["source"]]),
            "place": claim["place"]["name"],
            "when": _said(interval_text(claim["when"])),
            "wording": claim["when"]["wording"],
            "modality": claim["modality"],
            "claim": claim["claim"],
            "grade": f"{claim['reliability']}{claim['credibility']}",
            "changes": changes.get(claim["id"], []),
        }
        for claim in parts.sighting_documents(latest)
    )


def _said(text: TimeText | None) -> Document | None:
    return None if text is None else {"local": text.local, "utc": text.utc}


def _changes(before: View | None, now: View) -> dict[str, list[str]]:
    """What each claim that came out with the step ``now`` changed."""
    claims = parts.sighting_documents(now)
    as_of = documents.instant(now.as_of)
    found: dict[str, list[str]] = {}
    told: set[int] = set()
    for claim in claims:
        if claim["known_at"] == as_of:
            found[claim["id"]] = [
                *_of_the_stop(claim, before, now, told),
                *_of_other_claims(claim, claims),
            ]
    return found


def _of_the_stop(claim: Document, before: View | None, now: View, told: set[int]) -> Iterable[str]:
    """What became of the stop; of several claims with one report, the first one changed it."""
    if claim["unplaced"] is not None:
        yield claim["unplaced"]["sentence"].capitalize()
        return
    if claim["waypoint"] is None or claim["disputed"]:
        return
    stop = now.itinerary.waypoints[claim["waypoint"] - 1]
    if stop.sequence in told:
        return
    told.add(stop.sequence)
    was = _same_stop(stop, () if before is None else before.itinerary.waypoints)
    reported = stop.status is Modality.REPORTED
    if was is None:
        yield "New stop" if reported else f"New stop, {stop.status.value}"
        return
    if was.status is not stop.status:
        yield f"Was {was.status.value}, now {stop.status.value}"
    elif reported and claim["origin"] not in was.origins:
        yield f"Confirms the stop: {len(stop.origins)} independent sources"
    if _is_tighter(stop.arrival, was.arrival) or _is_tighter(stop.departure, was.departure):
        yield "Narrows the time"


def _same_stop(stop: Waypoint, among: Sequence[Waypoint]) -> Waypoint | None:
    """The same visit as it was known before: a claim in common, or else the place."""
    there = [w for w in among if w.place.id == stop.place.id]
    same = [w for w in there if set(w.sightings) & set(stop.sightings)]
    ahead = [w for w in there if w.status.looks_ahead]
    return next(iter(same or ahead), None)


def _is_tighter(now: Interval, was: Interval) -> bool:
    return _width(now) < _width(was)


def _width(interval: Interval) -> float:
    ends: tuple[datetime | None, datetime | None] = (interval.earliest, interval.latest)
    if ends[0] is None or ends[1] is None:
        return float("inf")
    return (ends[1] - ends[0]).total_seconds()


def _of_other_claims(claim: Document, claims: Sequence[Document]) -> Iterable[str]:
    for other in claims:
        if other["superseded_by"] == claim["id"]:
            yield f"Replaces what {other['origin']} said of {other['place']['name']}"
    against = [
        other["origin"]
        for other in claims
        if other["id"] != claim["id"]
        and set(other["contradictions"]) & set(claim["contradictions"])
    ]
    if against:
        yield f"Contradicts what {', '.join(dict.fromkeys(against))} said"
    elif claim["contradictions"]:
        yield "Contradicts an assumption"
