"""From the claims of a trip to its itinerary: visits, their order, waypoints, legs, branches.

Lives here: the way from what was known at a time to the line that was travelled and the stops
that may come next. Not here: the parts it is put together from (claims, visits, order, legs).
Imports the journey's nouns and parts only.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.journey.claims import known_at, origin_of
from app.journey.derived import Itinerary, Leg, Unplaced, Waypoint
from app.journey.interval import UNKNOWN, Interval
from app.journey.legs import Travel, make_leg
from app.journey.model import Event, Modality, Mode, Place, Sighting, Source, Trip
from app.journey.order import in_order, shortest_order
from app.journey.protocols import RouteFinder
from app.journey.visits import BEGINNING, END, Visit, group_visits, visit_times

ON_ITS_WAY = 1.05
"""A stop is on the way to another when going through it adds less than 5 %."""


def derive_itinerary(trip: Trip, finder: RouteFinder, as_of: datetime | None = None) -> Itinerary:
    """All that follows from the claims of ``trip`` that were known at ``as_of``.

    Reported claims make visits in order; what is expected continues the line; what is possible
    branches from the last reported waypoint, through an expected stop when that is on its way.
    """
    sources = {source.id: source for source in trip.sources}
    known = known_at(trip, as_of)
    unplaced = dict(known.withdrawn)
    reported: list[Sighting] = []
    ahead: list[Sighting] = []
    for sighting in known.sightings:
        if sighting.modality is Modality.DENIED:
            unplaced[sighting.id] = Unplaced.DENIED
        elif trip.places[sighting.place].is_regional:
            unplaced[sighting.id] = Unplaced.REGIONAL
        elif sighting.modality is Modality.REPORTED:
            reported.append(sighting)
        else:
            ahead.append(sighting)

    travel = Travel(trip, finder)
    report_rank = {sighting.id: n for n, sighting in enumerate(known.sightings)}
    visits = group_visits(reported, trip.places)
    visits.sort(key=lambda visit: report_rank[visit.sightings[0].id])
    ordered = in_order(visits, travel.distance_km)
    ordered, ahead = _join_fulfilled(ordered, ahead, sources)
    stops, overtaken = _stops_ahead(ordered, ahead, trip, sources)
    unplaced |= dict.fromkeys(overtaken, Unplaced.OVERTAKEN)

    line = [_Stop(visit, Modality.REPORTED, n) for n, visit in enumerate(ordered)]
    line = _continue_with_expected(line, stops, travel)
    last_reported = len(ordered) or None
    line += _branches(line, last_reported or 0, stops, travel)
    waypoints = [_waypoint(n, stop, sources) for n, stop in enumerate(line, start=1)]
    legs = _legs(waypoints, line, travel)
    return Itinerary(
        trip=trip,
        as_of=as_of,
        waypoints=_with_distances(waypoints, legs),
        legs=tuple(legs),
        unplaced=unplaced,
        last_reported=last_reported,
    )


@dataclass(frozen=True, slots=True)
class _Stop:
    """A visit with its place in the tree: ``after`` is the sequence of its predecessor, or 0."""

    visit: Visit
    status: Modality
    after: int


def _join_fulfilled(
    ordered: Sequence[Visit], ahead: Sequence[Sighting], sources: dict[str, Source]
) -> tuple[list[Visit], list[Sighting]]:
    """Give each visit the claims that foretold it; returns visits and the claims left over."""
    joined: dict[int, list[Sighting]] = defaultdict(list)
    left: list[Sighting] = []
    for claim in ahead:
        published = sources[claim.source].published_at.earliest or BEGINNING
        for n, visit in enumerate(ordered):
            following = ordered[n + 1] if n + 1 < len(ordered) else None
            if visit.place.id == claim.place and _foretells(claim, published, visit, following):
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


def _stops_ahead(
    ordered: Sequence[Visit],
    ahead: Sequence[Sighting],
    trip: Trip,
    sources: dict[str, Source],
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


def _status(visit: Visit) -> Modality:
    if any(s.modality is Modality.EXPECTED for s in visit.sightings):
        return Modality.EXPECTED
    return Modality.POSSIBLE


def _continue_with_expected(
    line: list[_Stop], stops: Sequence[Visit], travel: Travel
) -> list[_Stop]:
    expected = [stop for stop in stops if _status(stop) is Modality.EXPECTED]
    start = line[-1].visit.place if line else None
    chain = shortest_order(expected, travel.distance_km, start=start)
    return line + [_Stop(visit, Modality.EXPECTED, len(line) + n) for n, visit in enumerate(chain)]


def _branches(
    line: Sequence[_Stop], last_reported: int, stops: Sequence[Visit], travel: Travel
) -> list[_Stop]:
    """Possible stops, nearest first, each after the last stop that is on its way."""
    possible = [stop for stop in stops if _status(stop) is Modality.POSSIBLE]
    if not last_reported:
        # Nobody has seen the party yet: what may come has no line to branch from.
        return [_Stop(visit, Modality.POSSIBLE, 0) for visit in possible]
    start = line[last_reported - 1].visit.place
    branches: list[tuple[float, int, _Stop]] = []
    for n, visit in enumerate(possible):
        direct_km = travel.distance_km(start, visit.place)
        after, through_km = last_reported, 0.0
        at: Place = start
        for sequence, stop in enumerate(line[last_reported:], start=last_reported + 1):
            through_km += travel.distance_km(at, stop.visit.place)
            at = stop.visit.place
            if through_km + travel.distance_km(at, visit.place) < ON_ITS_WAY * direct_km:
                after = sequence
        branches.append((direct_km, n, _Stop(visit, Modality.POSSIBLE, after)))
    return [stop for _, _, stop in sorted(branches, key=lambda b: b[:2])]


def _waypoint(sequence: int, stop: _Stop, sources: dict[str, Source]) -> Waypoint:
    times = visit_times(s for s in stop.visit.sightings if s.modality is Modality.REPORTED)
    counted = [
        s
        for s in stop.visit.sightings
        if stop.status.looks_ahead or s.modality is Modality.REPORTED
    ]
    return Waypoint(
        sequence=sequence,
        after=stop.after or None,
        status=stop.status,
        place=stop.visit.place,
        arrival=times.arrival,
        departure=times.departure,
        sightings=tuple(s.id for s in stop.visit.sightings),
        origins=tuple(sorted({origin_of(s, sources) for s in counted})),
        disputed=tuple(s.id for s in counted) if times.conflict else (),
    )


def _legs(waypoints: Sequence[Waypoint], line: Sequence[_Stop], travel: Travel) -> list[Leg]:
    legs: list[Leg] = []
    reaches: dict[int, Interval] = {}
    for waypoint, stop in zip(waypoints, line, strict=True):
        if waypoint.after is None:
            continue
        origin = waypoints[waypoint.after - 1]
        leaves = reaches.get(origin.sequence, origin.departure)
        leg = make_leg(
            travel,
            origin,
            waypoint,
            sequence=len(legs) + 1,
            branch=waypoint.place.id if waypoint.status is Modality.POSSIBLE else None,
            mode=_mode(line[origin.sequence - 1].visit, stop.visit, travel.trip.mode),
            leaves=leaves,
        )
        if waypoint.status.looks_ahead:
            reaches[waypoint.sequence] = (
                leg.at_cruise_speed.arrival if leg.at_cruise_speed else UNKNOWN
            )
        legs.append(leg)
    return legs


def _mode(origin: Visit, destination: Visit, usual: Mode) -> Mode:
    """How the leg was travelled: as reported of the arrival, else of the departure.

    What was foretold counts only where nothing was reported (he came by train though he "would
    fly"), and last of all what was merely seen there: a motorcade in town brought nobody to it.
    """
    there = [s for s in destination.sightings if s.event is not Event.DEPARTED]
    seen = [s for s in there if s.event is Event.PRESENT and s.mode is None]
    arriving = [s for s in there if s not in seen]
    leaving = [s for s in origin.sightings if s.event is Event.DEPARTED]
    claims = [*arriving, *leaving, *seen]
    claims.sort(key=lambda s: s.modality is not Modality.REPORTED)
    for sighting in claims:
        if sighting.travels_by is not None:
            return sighting.travels_by
    return usual


def _with_distances(waypoints: Sequence[Waypoint], legs: Sequence[Leg]) -> tuple[Waypoint, ...]:
    leg_to = {leg.destination: leg for leg in legs}
    so_far: dict[int, float | None] = {}
    result: list[Waypoint] = []
    for waypoint in waypoints:
        distance: float | None = 0.0
        if waypoint.after is not None:
            before = so_far[waypoint.after]
            step = leg_to[waypoint.sequence].distance_km
            distance = None if before is None or step is None else before + step
        elif waypoint.sequence > 1:
            distance = None
        so_far[waypoint.sequence] = distance
        result.append(replace(waypoint, distance_from_start_km=distance))
    return tuple(result)
