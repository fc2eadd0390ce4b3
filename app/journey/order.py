"""The order of visits: what the claims say first, then the shortest way along the network.

Visits whose claims overlap are put in the order that makes the way along the network shortest
(exact up to eight of them by Held and Karp 1962, *J. SIAM* 10; cheapest insertion beyond), then
in the order of the reports: never in that of storage. Imports the journey's nouns only.
"""

from collections.abc import Callable, Sequence
from heapq import heapify, heappop, heappush
from itertools import permutations

from app.journey.model import Place
from app.journey.visits import Visit

EXACT_LIMIT = 8

Distance = Callable[[Place, Place], float]


def in_order(visits: Sequence[Visit], distance_km: Distance) -> list[Visit]:
    """``visits``, given in the order of their reports, in the order of the journey."""
    return _by_groups(visits, distance_km, None, None)


def shortest_order(
    visits: Sequence[Visit],
    distance_km: Distance,
    *,
    start: Place | None = None,
    end: Place | None = None,
) -> list[Visit]:
    """The order that claims allow with the shortest way from ``start`` through all to ``end``.

    Among equally short ones the earlier in ``visits`` comes first. Exact up to
    :data:`EXACT_LIMIT` visits, by cheapest insertion beyond: of those last whose time is open
    on a side, for all others overlap with these, but not with each other.
    """
    if len(visits) < 2:
        return list(visits)
    if len(visits) <= EXACT_LIMIT:
        return _exactly(visits, distance_km, start, end)
    dated = [visit for visit in visits if not visit.is_open]
    if not dated or len(dated) == len(visits):
        return _by_insertion(visits, distance_km, start, end)
    ordered = _by_groups(dated, distance_km, start, end)
    between_km = _either_way(distance_km)
    for visit in visits:
        if visit.is_open:
            ordered.insert(_cheapest(ordered, visit, between_km, start, end), visit)
    return ordered


def _by_groups(
    visits: Sequence[Visit], distance_km: Distance, start: Place | None, end: Place | None
) -> list[Visit]:
    groups = overlapping_groups(visits)
    ordered: list[Visit] = []
    for n, group in enumerate(groups):
        following = [visit.place for visit in groups[n + 1]] if n + 1 < len(groups) else [end]
        ordered += shortest_order(
            group,
            distance_km,
            start=ordered[-1].place if ordered else start,
            end=following[0] if len(following) == 1 else None,
        )
    return ordered


def overlapping_groups(visits: Sequence[Visit]) -> list[list[Visit]]:
    """Runs of visits such that every visit of one is surely before every one of the next."""
    rank = {id(visit): n for n, visit in enumerate(visits)}
    by_time = sorted(visits, key=lambda v: (v.last_earliest, v.first_latest, rank[id(v)]))
    groups: list[list[Visit]] = []
    begun = None
    for visit in by_time:
        if begun is None or begun <= visit.last_earliest:
            groups.append([visit])
            begun = visit.first_latest
        else:
            groups[-1].append(visit)
            begun = max(begun, visit.first_latest)
    return [sorted(group, key=lambda v: rank[id(v)]) for group in groups]


def _exactly(
    visits: Sequence[Visit], distance_km: Distance, start: Place | None, end: Place | None
) -> list[Visit]:
    count = len(visits)
    before = [
        sum(1 << other for other in range(count) if visits[other].is_before(visits[visit]))
        for visit in range(count)
    ]
    between = [[distance_km(a.place, b.place) for b in visits] for a in visits]
    # best[visited, last]: (length, order); comparing orders breaks ties by report.
    best: dict[tuple[int, int], tuple[float, tuple[int, ...]]] = {}
    for first in range(count):
        if not before[first]:
            length = distance_km(start, visits[first].place) if start else 0.0
            best[1 << first, first] = (length, (first,))
    for visited in range(1, 1 << count):
        for last in range(count):
            here = best.get((visited, last))
            if here is None:
                continue
            for following in range(count):
                if visited >> following & 1 or before[following] & ~visited:
                    continue
                step = (_rounded(here[0] + between[last][following]), (*here[1], following))
                key = (visited | 1 << following, following)
                if key not in best or step < best[key]:
                    best[key] = step
    complete = (1 << count) - 1
    finished = [
        (_rounded(length + (distance_km(visits[order[-1]].place, end) if end else 0.0)), order)
        for (visited, _), (length, order) in best.items()
        if visited == complete
    ]
    return [visits[n] for n in min(finished)[1]]


def _by_insertion(
    visits: Sequence[Visit], distance_km: Distance, start: Place | None, end: Place | None
) -> list[Visit]:
    between_km = _either_way(distance_km)
    ordered: list[Visit] = []
    for visit in _as_the_claims_allow(visits):
        ordered.insert(_cheapest(ordered, visit, between_km, start, end), visit)
    return ordered


def _cheapest(
    ordered: Sequence[Visit],
    visit: Visit,
    distance_km: Distance,
    start: Place | None,
    end: Place | None,
) -> int:
    """Where a visit adds least to the way, of the places that the claims leave to it."""
    lowest = max((n + 1 for n, v in enumerate(ordered) if v.is_before(visit)), default=0)
    highest = min((n for n, v in enumerate(ordered) if visit.is_before(v)), default=len(ordered))
    costs: list[tuple[float, int]] = []
    for n in range(lowest, max(lowest, highest) + 1):
        previous = ordered[n - 1].place if n else start
        following = ordered[n].place if n < len(ordered) else end
        costs.append((_detour(previous, visit.place, following, distance_km), -n))
    return -min(costs)[1]


def _as_the_claims_allow(visits: Sequence[Visit]) -> list[Visit]:
    """The same visits, each after all that are surely before it, else as they stood."""
    after: list[list[int]] = [[] for _ in visits]
    waits_for = [0] * len(visits)
    for (n, visit), (m, other) in permutations(enumerate(visits), 2):
        if visit.is_before(other):
            after[n].append(m)
            waits_for[m] += 1
    ready = [n for n, count in enumerate(waits_for) if not count]
    heapify(ready)
    allowed: list[Visit] = []
    while ready:
        n = heappop(ready)
        allowed.append(visits[n])
        for m in after[n]:
            waits_for[m] -= 1
            if not waits_for[m]:
                heappush(ready, m)
    return allowed


def _either_way(distance_km: Distance) -> Distance:
    """``distance_km``, asked once for each two places: a way back is as long as the way there.

    The place asked first is the origin, so that one search from it serves all the others.
    """
    known: dict[tuple[str, str], float] = {}

    def measured(origin: Place, destination: Place) -> float:
        there, back = (origin.id, destination.id), (destination.id, origin.id)
        if there not in known:
            known[there] = known[back] = distance_km(origin, destination)
        return known[there]

    return measured


def _detour(
    previous: Place | None, place: Place, following: Place | None, distance_km: Distance
) -> float:
    added = sum(distance_km(place, stop) for stop in (previous, following) if stop is not None)
    if previous is not None and following is not None:
        added -= distance_km(previous, following)
    return _rounded(added)


def _rounded(km: float) -> float:
    """To the metre, so that the order of adding up decides nothing."""
    return round(km, 3)
