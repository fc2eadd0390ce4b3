"""Visits in order, with the ways between them and the network of times that these make.

Lives here: what claims and assumptions say of arrivals and departures, as the instants of a
simple temporal network (two for each visit: arrival 2n, departure 2n + 1), and the choice of
another order where the first is inconsistent. Not here: what is done about contradictions
(:mod:`app.journey.contradictions`). Imports the journey's nouns and parts only.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import permutations
from math import ceil

from app.journey.constraints import EARLIEST, HOUR, LATEST, Network, Span, ticks
from app.journey.feasible_order import Window, shortest_feasible
from app.journey.model import Event, Figure, Modality, Mode, Place, Sighting
from app.journey.order import in_order, overlapping_groups
from app.journey.travel import Travel, Way
from app.journey.visits import Visit

_NOWHERE_KM = 1e6
_FEW = 6


@dataclass(slots=True)
class Loosened:
    """By how much assumptions have been relaxed for contradictions, and where.

    ``speeds_kmh`` and ``straight`` (where network distances are not relied on) are by the ids
    of the two places of a leg; ``stops_h`` by the id of the place.
    """

    speeds_kmh: dict[tuple[str, str], float] = field(default_factory=dict)
    stops_h: dict[str, float] = field(default_factory=dict)
    straight: set[tuple[str, str]] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Step:
    """Travel from one visit to the next: how, which way, how fast at most.

    ``least_km`` is the length that bounds its time. ``max_speed_kmh`` is ``None`` where nothing
    is assumed.
    """

    mode: Mode
    way: Way
    least_km: float
    max_speed_kmh: float | None

    @property
    def gap(self) -> int:
        """The least time that it takes, ticks: some, if it leads anywhere at all."""
        if not self.max_speed_kmh:
            return 1 if self.least_km > 0 else 0
        return max(1, int(self.least_km / self.max_speed_kmh * HOUR)) if self.least_km > 0 else 0


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Visits in the order of the journey; ``steps[n]`` leads from visit n to visit n + 1.

    ``unmet`` counts the durations that its order leaves no room for.
    """

    visits: tuple[Visit, ...]
    steps: tuple[Step, ...]
    network: Network
    unmet: int = 0

    def wrongs(self) -> int:
        """How much cannot be true in this order; 0 exactly when there are consistent times."""
        return len(self.network.inconsistencies()) + self.unmet


@dataclass(frozen=True, slots=True)
class Duration:
    """A reported duration between two visits, named by their keys (see :func:`arrange`)."""

    figure: Figure
    origin: str
    destination: str


@dataclass(frozen=True, slots=True)
class Reasoning:
    """What an arrangement is made under.

    ``known_at`` maps a source to when its report was out: nothing reported as happened is later.
    ``minimum_stops`` says whether assumed stops count; ``trusts_network`` whether distances
    along the network do.
    """

    travel: Travel
    known_at: Mapping[str, datetime]
    loosened: Loosened
    trusts_network: bool = True

    def step(self, origin: Visit, destination: Visit) -> Step:
        """Travel between two visits that follow each other."""
        travel, pair = self.travel, (origin.place.id, destination.place.id)
        mode = mode_of(origin, destination, travel.trip.mode)
        way = travel.way(origin.place, destination.place, mode)
        speed_kmh = travel.max_speed_kmh(mode)
        if speed_kmh is not None:
            speed_kmh = max(speed_kmh, self.loosened.speeds_kmh.get(pair, 0.0))
        by_network = self.trusts_network and pair not in self.loosened.straight
        return Step(
            mode=mode,
            way=way,
            least_km=way.least_km if by_network else way.straight_km,
            max_speed_kmh=speed_kmh,
        )

    def length_km(self, origin: Place, destination: Place) -> float:
        """How long a way counts when visits are put in order, km.

        Who comes back to a place was elsewhere: two visits to it do not follow each other.
        """
        if origin.id == destination.id:
            return _NOWHERE_KM
        return self.travel.distance_km(origin, destination)

    def quick_gap(self, origin: Visit, destination: Visit) -> int:
        """About the least time between two visits, for choosing an order; ticks."""
        usual = self.travel.trip.mode
        pair = (origin.place.id, destination.place.id)
        by_network = self.trusts_network and pair not in self.loosened.straight
        if not by_network or mode_of(origin, destination, usual) is not usual:
            return self.step(origin, destination).gap
        speed_kmh = self.travel.max_speed_kmh(usual)
        if not speed_kmh:
            return 0
        doubt_km = origin.place.radius_km + destination.place.radius_km
        km = self.travel.distance_km(origin.place, destination.place) - doubt_km
        return max(0, int(km / speed_kmh * HOUR))

    def stop(self, visit: Visit, mode: Mode) -> int:
        """The least time at a visit, ticks."""
        assumed = self.travel.minimum_stop(visit.place.id, mode)
        if assumed is None:
            return 0
        hours = self.loosened.stops_h.get(visit.place.id, assumed.hours or 0.0)
        return int(hours * HOUR)


def arrange(
    visits: Sequence[Visit], reasoning: Reasoning, durations: Sequence[Duration] = ()
) -> Arrangement:
    """``visits``, given in the order of their reports, in the order of the journey.

    The shortest order that the claims allow; where it leaves no consistent times and another
    order of visits that overlap does, that other. Durations name visits by their ``key``.
    """
    ordered = in_order(visits, reasoning.length_km)
    best = _arranged(ordered, reasoning, durations)
    wrongs = best.wrongs()
    if not wrongs:
        return best
    for other in _other_orders(ordered, visits, reasoning, durations):
        tried = _arranged(other, reasoning, durations)
        if tried.wrongs() < wrongs:
            best, wrongs = tried, tried.wrongs()
        if not wrongs:
            break
    return best


def _other_orders(
    ordered: Sequence[Visit],
    visits: Sequence[Visit],
    reasoning: Reasoning,
    durations: Sequence[Duration],
) -> Iterator[Sequence[Visit]]:
    """Orders to try: the shortest whose claims leave time, and where durations matter, more."""
    yield _reordered(ordered, visits, reasoning)
    if not durations:
        return
    done = 0
    for group in overlapping_groups(visits):
        start, done = done, done + len(group)
        if 1 < len(group) <= _FEW:
            for chosen in permutations(ordered[start:done]):
                yield [*ordered[:start], *chosen, *ordered[done:]]


def _arranged(
    ordered: Sequence[Visit], reasoning: Reasoning, durations: Sequence[Duration]
) -> Arrangement:
    network, steps = Network(), []
    for n, visit in enumerate(ordered):
        mode, gap = reasoning.travel.trip.mode, 0
        if n:
            step = reasoning.step(ordered[n - 1], visit)
            steps.append(step)
            mode, gap = step.mode, step.gap
        window = _window(visit, reasoning, mode)
        network.lower += (window.arrival_lower, window.departure_lower)
        network.upper += (window.arrival_upper, window.departure_upper)
        network.lower_by += (window.by[0], window.by[2])
        network.upper_by += (window.by[1], window.by[3])
        network.gap += (gap, window.stop)
        network.equal += (False, window.passed)
    network.spans, unmet = _spans(ordered, durations)
    return Arrangement(tuple(ordered), tuple(steps), network, unmet)


def _spans(ordered: Sequence[Visit], durations: Sequence[Duration]) -> tuple[list[Span], int]:
    """Durations as spans of the network, and how many would have to run backwards."""
    if not durations:
        return [], 0
    place_of = {visit.key: n for n, visit in enumerate(ordered)}
    spans: list[Span] = []
    unmet = 0
    for duration in durations:
        hours = duration.figure.duration_h
        first, last = place_of.get(duration.origin), place_of.get(duration.destination)
        if hours is None or first is None or last is None:
            continue
        if first >= last:
            unmet += 1
            continue
        least = 0 if hours.lower is None else int(hours.lower * HOUR)
        most = LATEST if hours.upper is None else ceil(hours.upper * HOUR)
        spans.append(Span(2 * first + 1, 2 * last, least, most, duration.figure.id))
    return spans, unmet


def _window(visit: Visit, reasoning: Reasoning, mode: Mode) -> Window:
    """What the claims of one visit say of its arrival and departure.

    ``arrived`` bounds the arrival A, ``departed`` the departure D, ``passed`` says A = D and
    bounds both; ``present`` says A ≤ latest and D ≥ earliest.
    """
    al = dl = EARLIEST
    au = du = LATEST
    al_by = au_by = dl_by = du_by = None
    passed = False
    known_at = reasoning.known_at
    for sighting in visit.sightings:
        if sighting.modality is not Modality.REPORTED:
            continue
        when, event, name = sighting.when, sighting.event, sighting.id
        earliest = EARLIEST if when.earliest is None else ticks(when.earliest)
        published = known_at[sighting.source]
        latest = ticks(published if when.latest is None or when.latest > published else when.latest)
        if event is not Event.DEPARTED:
            if latest < au:
                au, au_by = latest, name
            if event is not Event.PRESENT and earliest > al:
                al, al_by = earliest, name
        if event is not Event.ARRIVED:
            if earliest > dl:
                dl, dl_by = earliest, name
            if event is not Event.PRESENT and latest < du:
                du, du_by = latest, name
        passed = passed or event is Event.PASSED
    if passed:
        # One instant: each of the two is bounded by what is said of either.
        if dl > al:
            al, al_by = dl, dl_by
        if au < du:
            du, du_by = au, au_by
        dl, dl_by, au, au_by = al, al_by, du, du_by
    stop = 0 if passed else reasoning.stop(visit, mode)
    return Window(al, au, dl, du, stop, passed, (al_by, au_by, dl_by, du_by))


def _reordered(
    ordered: Sequence[Visit], visits: Sequence[Visit], reasoning: Reasoning
) -> list[Visit]:
    """The same visits, overlapping ones in the shortest order that leaves consistent times."""
    result: list[Visit] = []
    windows = {visit.key: _window(visit, reasoning, reasoning.travel.trip.mode) for visit in visits}
    groups = overlapping_groups(visits)
    done = 0
    ready = EARLIEST
    for n, group in enumerate(groups):
        chosen = list(ordered[done : done + len(group)])
        done += len(group)
        if len(group) > 1:
            following = groups[n + 1][0] if n + 1 < len(groups) else None
            chosen = (
                shortest_feasible(
                    chosen,
                    windows,
                    reasoning.quick_gap,
                    reasoning.length_km,
                    before=result[-1] if result else None,
                    ready=ready,
                    after=following,
                )
                or chosen
            )
        for visit in chosen:
            window = windows[visit.key]
            gap = reasoning.quick_gap(result[-1], visit) if result else 0
            ready = window.leave(ready + gap) or window.departure_lower
            result.append(visit)
    return result


def mode_of(origin: Visit, destination: Visit, usual: Mode) -> Mode:
    """How a leg was travelled: as reported of the arrival, else of the departure.

    What was foretold counts only where nothing was reported (he came by train though he "would
    fly"), and last of all what was merely seen there: a motorcade in town brought nobody to it.
    """
    best, chosen = 6, usual
    for sighting in destination.sightings:
        mode = sighting.travels_by
        if mode is None or sighting.event is Event.DEPARTED:
            continue
        rank = 2 if sighting.event is Event.PRESENT and sighting.mode is None else 0
        best, chosen = _better(best, chosen, rank, sighting, mode)
    for sighting in origin.sightings:
        mode = sighting.travels_by
        if mode is not None and sighting.event is Event.DEPARTED:
            best, chosen = _better(best, chosen, 1, sighting, mode)
    return chosen


def _better(best: int, chosen: Mode, rank: int, sighting: Sighting, mode: Mode) -> tuple[int, Mode]:
    if sighting.modality is not Modality.REPORTED:
        rank += 3
    return (rank, mode) if rank < best else (best, chosen)


def without_claims(visit: Visit, kept: frozenset[str]) -> Visit | None:
    """The visit with only these of its reported claims; ``None`` when none is left."""
    claims = tuple(
        s for s in visit.sightings if s.modality is not Modality.REPORTED or s.id in kept
    )
    if not any(s.modality is Modality.REPORTED for s in claims):
        return None
    return replace(visit, sightings=claims)
