"""What was foretold and came true: claims that look ahead join the visit that they spoke of.

Lives here: that decision, and what of the rest is still ahead. Not here: how stops ahead are
put in order (:mod:`app.journey.itinerary`). Imports the journey's nouns only.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from app.journey.model import Event, Modality, Sighting, Source, Trip
from app.journey.visits import BEGINNING, END, Visit


def join_fulfilled(
    ordered: Sequence[Visit], ahead: Sequence[Sighting], sources: Mapping[str, Source]
) -> tuple[list[Visit], list[Sighting]]:
    """Give each visit the claims that foretold it; returns visits and the claims left over."""
    at_place: dict[str, list[int]] = defaultdict(list)
    for n, visit in enumerate(ordered):
        at_place[visit.place.id].append(n)
    joined: dict[int, list[Sighting]] = defaultdict(list)
    left: list[Sighting] = []
    for claim in ahead:
        published = sources[claim.source].published_at.earliest or BEGINNING
        for n in at_place[claim.place]:
            following = ordered[n + 1] if n + 1 < len(ordered) else None
            if _foretells(claim, published, ordered[n], following):
                joined[n].append(claim)
                break
        else:
            left.append(claim)
    return [
        replace(visit, sightings=(*visit.sightings, *joined[n])) if n in joined else visit
        for n, visit in enumerate(ordered)
    ], left


def _foretells(claim: Sighting, published: datetime, visit: Visit, following: Visit | None) -> bool:
    """Whether a claim that looked ahead speaks of this visit to its place, not of a return.

    It does not when the visit was surely over before the claim was published, or is over before
    the time that the claim speaks of. That a foretold time has passed is no obstacle: parties
    are late.
    """
    over_by = END if following is None else following.first_latest
    if claim.event is not Event.DEPARTED:
        left = [
            s.when.latest
            for s in visit.sightings
            if s.event in (Event.DEPARTED, Event.PASSED) and s.when.latest is not None
        ]
        over_by = min([over_by, *left])
    if published >= over_by:
        return False
    return claim.when.earliest is None or claim.when.earliest < over_by


def stops_ahead(
    ordered: Sequence[Visit],
    ahead: Sequence[Sighting],
    trip: Trip,
    sources: Mapping[str, Source],
) -> tuple[list[Visit], list[str]]:
    """Places still ahead, and the ids of claims that the journey has overtaken.

    A stop is ahead as long as one claim of it was published, or speaks of a time, later than
    the last report of the journey.
    """
    reported_until = max((_reported_last(visit) for visit in ordered), default=BEGINNING)
    by_place: dict[str, list[Sighting]] = defaultdict(list)
    for claim in ahead:
        by_place[claim.place].append(claim)
    stops: list[Visit] = []
    overtaken: list[str] = []
    for place_id, claims in by_place.items():
        if any(
            max(sources[c.source].known_at, c.when.latest or c.when.earliest or BEGINNING)
            > reported_until
            for c in claims
        ):
            stops.append(Visit(trip.places[place_id], tuple(claims)))
        else:
            overtaken += [claim.id for claim in claims]
    return stops, overtaken


def _reported_last(visit: Visit) -> datetime:
    return max(
        (
            s.when.earliest
            for s in visit.sightings
            if s.modality is Modality.REPORTED and s.when.earliest is not None
        ),
        default=BEGINNING,
    )
