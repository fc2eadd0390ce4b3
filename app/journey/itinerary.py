"""From the claims of a trip to its itinerary: visits, their order, waypoints, legs, branches.

Lives here: the way from what was known at a time to the line that was travelled and the stops
that may come next. Not here: the parts it is put together from (claims, contradictions, legs).
Imports the journey's nouns and parts only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.journey.bounds import UNBOUNDED
from app.journey.claims import known_at, origin_of
from app.journey.constraints import instant_from, instant_to
from app.journey.contradictions import Resolution, resolve
from app.journey.derived import BoundedBy, Itinerary, Leg, Unplaced, Waypoint
from app.journey.foretold import stops_ahead
from app.journey.interval import UNKNOWN, Interval
from app.journey.legs import hours_between, make_legs
from app.journey.model import Modality, Place, Sighting, Source, Subject, Trip
from app.journey.order import shortest_order
from app.journey.protocols import RouteFinder
from app.journey.travel import Travel, assumptions_of
from app.journey.visits import Visit

_PARTY = frozenset(Subject)
"""Who travels together, as "leader aboard" has it; any other subject goes its own way."""

ON_ITS_WAY = 1.05
"""A stop is on the way to another when going through it adds less than 5 %."""


def derive_itinerary(trip: Trip, finder: RouteFinder, as_of: datetime | None = None) -> Itinerary:
    """All that follows from the claims of ``trip`` that were known at ``as_of``.

    Reported claims make visits in order, with the tightest bounds that all of them allow
    together; the weakest of those that cannot all be true are set aside. What is expected
    continues the line; what is possible branches from the last reported waypoint, through an
    expected stop when that is on its way.
    """
    sources = {source.id: source for source in trip.sources}
    known = known_at(trip, as_of)
    unplaced = dict(known.withdrawn)
    published = {source.id: source.known_at for source in trip.sources}
    reported, ahead = _told_apart(known.sightings, trip, published, unplaced)
    figures = [
        figure
        for figure in sorted(trip.figures, key=lambda figure: figure.id)
        if figure.of_this_journey and (as_of is None or sources[figure.source].known_at <= as_of)
    ]
    travel = Travel(trip, finder)
    resolution = resolve(trip, travel, reported, ahead, figures)
    ordered = resolution.arrangement.visits
    stops, overtaken = stops_ahead(ordered, resolution.ahead, trip, sources)
    unplaced |= dict.fromkeys(overtaken, Unplaced.OVERTAKEN)

    line = [_Stop(visit, Modality.REPORTED, n) for n, visit in enumerate(ordered)]
    line = _continue_with_expected(line, stops, travel)
    last_reported = len(ordered) or None
    line += _branches(line, last_reported or 0, stops, travel)
    disputed = _disputed(ordered, resolution.companions)
    shown = {claim for claims in disputed.values() for claim in claims}
    unplaced |= dict.fromkeys(resolution.companions.keys() - shown, Unplaced.DISPUTED)
    rank = {s.id: n for n, s in enumerate(known.sightings)}
    told = _Told(sources, rank, disputed, _lengths(resolution))
    waypoints = [
        told.waypoint(n, stop, resolution if n <= len(ordered) else None)
        for n, stop in enumerate(line, start=1)
    ]
    legs = make_legs(waypoints, [stop.visit for stop in line], resolution, travel)
    return Itinerary(
        trip=trip,
        as_of=as_of,
        waypoints=tuple(_reached(waypoints, legs)),
        legs=tuple(legs),
        unplaced=unplaced,
        last_reported=last_reported,
        elapsed_h=hours_between(resolution, 1, 2 * len(ordered) - 2)
        if len(ordered) > 1
        else UNBOUNDED,
        contradictions=resolution.contradictions,
        assumptions=assumptions_of(trip),
    )


def _told_apart(
    sightings: Sequence[Sighting],
    trip: Trip,
    published: Mapping[str, datetime],
    unplaced: dict[str, Unplaced],
) -> tuple[list[Sighting], list[Sighting]]:
    """The claims of what was, and of what is to come; the others go to ``unplaced``.

    What was is no later than its report; a claim that says so all the same is kept as it is,
    to be found contradictory.
    """
    reported: list[Sighting] = []
    ahead: list[Sighting] = []
    for sighting in sightings:
        if sighting.modality is Modality.DENIED:
            unplaced[sighting.id] = Unplaced.DENIED
        elif trip.places[sighting.place].is_regional:
            unplaced[sighting.id] = Unplaced.REGIONAL
        elif sighting.subject not in _PARTY:
            unplaced[sighting.id] = Unplaced.OTHER_SUBJECT
        elif sighting.modality is Modality.REPORTED:
            latest, out = sighting.when.latest, published[sighting.source]
            if latest is None or latest > out:
                when = sighting.when.no_later_than(out) or sighting.when
                sighting = replace(sighting, when=when)  # noqa: PLW2901 - the same claim
            reported.append(sighting)
        else:
            ahead.append(sighting)
    return reported, ahead


def _disputed(
    ordered: Sequence[Visit], companions: Mapping[str, frozenset[str]]
) -> dict[str, list[str]]:
    """Claims that were set aside, by the key of the visit of which their fellows still tell."""
    disputed: dict[str, list[str]] = {}
    if not companions:
        return disputed
    visit_of = {s.id: visit.key for visit in ordered for s in visit.sightings}
    for claim, others in companions.items():
        visits = sorted({visit_of[other] for other in others if other in visit_of})
        if visits:
            disputed.setdefault(visits[0], []).append(claim)
    return disputed


@dataclass(frozen=True, slots=True)
class _Stop:
    """A visit with its place in the tree: ``after`` is the sequence of its predecessor, or 0."""

    visit: Visit
    status: Modality
    after: int


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


@dataclass(frozen=True, slots=True)
class _Told:
    """Makes waypoints of stops; ``rank`` is the order of the reports.

    ``lengths_km`` are the ways from the start to the reported stops.
    """

    sources: dict[str, Source]
    rank: Mapping[str, int]
    disputed: Mapping[str, Sequence[str]]
    lengths_km: Sequence[float | None]

    def waypoint(self, sequence: int, stop: _Stop, resolution: Resolution | None) -> Waypoint:
        """The waypoint of a stop; with the bounds of a resolution where it was reported."""
        visit = stop.visit
        disputed = self.disputed.get(visit.key, [])
        sightings = [*(s.id for s in visit.sightings), *disputed]
        if disputed:
            sightings.sort(key=lambda claim: self.rank[claim])
        counted = [
            s for s in visit.sightings if stop.status.looks_ahead or s.modality is Modality.REPORTED
        ]
        arrival = departure = UNKNOWN
        bounded_by = BoundedBy()
        if resolution is not None:
            arrival, departure, bounded_by = _bounds(resolution, sequence - 1)
        return Waypoint(
            sequence=sequence,
            after=stop.after or None,
            status=stop.status,
            place=visit.place,
            arrival=arrival,
            departure=departure,
            sightings=tuple(sightings),
            origins=tuple(sorted({origin_of(s, self.sources) for s in counted})),
            subjects=tuple(sorted({s.subject for s in counted})),
            disputed=tuple(sorted(disputed, key=lambda claim: self.rank[claim])),
            distance_from_start_km=None if resolution is None else self.lengths_km[sequence - 1],
            bounded_by=bounded_by,
        )


def _bounds(resolution: Resolution, n: int) -> tuple[Interval, Interval, BoundedBy]:
    tight, network = resolution.tight, resolution.arrangement.network
    a, d = 2 * n, 2 * n + 1
    lower_by, upper_by = network.lower_by, network.upper_by
    return (
        Interval(instant_from(tight.lower[a]), instant_to(tight.upper[a])),
        Interval(instant_from(tight.lower[d]), instant_to(tight.upper[d])),
        BoundedBy(
            lower_by[tight.lower_from[a]],
            upper_by[tight.upper_from[a]],
            lower_by[tight.lower_from[d]],
            upper_by[tight.upper_from[d]],
        ),
    )


def _reached(waypoints: Sequence[Waypoint], legs: Sequence[Leg]) -> list[Waypoint]:
    """Stops ahead with their way and the earliest arrival that the assumed maximum allows."""
    leg_to = {leg.destination: leg for leg in legs}
    result: list[Waypoint] = []
    for waypoint in waypoints:
        leg = leg_to.get(waypoint.sequence)
        if not waypoint.status.looks_ahead:
            result.append(waypoint)
            continue
        if leg is None:
            start = 0.0 if waypoint.sequence == 1 else None
            result.append(replace(waypoint, distance_from_start_km=start))
            continue
        origin = result[leg.origin - 1]
        leaves = origin.departure if origin.status is Modality.REPORTED else origin.arrival
        earliest = leaves.earliest
        if earliest is not None and leg.max_speed_kmh:
            earliest = _later(earliest, _least_km(leg, origin, waypoint) / leg.max_speed_kmh)
        by = origin.bounded_by
        at = by.departure_earliest if origin.status is Modality.REPORTED else by.arrival_earliest
        before, length = origin.distance_from_start_km, leg.distance_km
        result.append(
            replace(
                waypoint,
                arrival=Interval(earliest),
                distance_from_start_km=None
                if before is None or length is None
                else before + length,
                bounded_by=BoundedBy(at),
            )
        )
    return result


def _least_km(leg: Leg, origin: Waypoint, destination: Waypoint) -> float:
    """The shortest that a leg can be; where no way is known, the straight line less the doubt."""
    if leg.distance_bounds_km is not None:
        return leg.distance_bounds_km.lower or 0.0
    doubt_km = origin.place.radius_km + destination.place.radius_km
    return max(0.0, leg.great_circle_km - doubt_km)


def _lengths(resolution: Resolution) -> list[float | None]:
    """The way from the first visit to each, km; ``None`` after a leg of unknown length."""
    lengths: list[float | None] = [0.0]
    for step in resolution.arrangement.steps:
        so_far, route = lengths[-1], step.way.route
        lengths.append(None if so_far is None or route is None else so_far + route.distance_km)
    return lengths


def _later(earliest: datetime, hours: float) -> datetime | None:
    try:
        return earliest + timedelta(hours=hours)
    except OverflowError:
        return None
