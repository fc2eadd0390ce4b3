"""Claims of one place that disagree, told apart where they may speak of two visits to it.

Claims at a place are taken for one visit unless another claim lies wholly between them. Where
that leaves no consistent times, some may belong to an earlier or later visit to the place, or
the party may have left, been elsewhere and come back: then all of them can be true. Imports
the journey's nouns and parts only.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from app.journey.arrangement import Arrangement, Reasoning, arrange
from app.journey.constraints import Inconsistency, ticks
from app.journey.model import Sighting
from app.journey.visits import END, Visit

_Instead = dict[str, list[Visit]]
"""What stands instead of visits, by their keys."""


def told_apart(
    visits: Sequence[Visit], rank: Mapping[str, int], reasoning: Reasoning
) -> list[Visit]:
    """``visits`` with claims put to other visits wherever that leaves fewer contradictions.

    ``rank`` is the order of the reports, by sighting; visits are given and returned in it.
    """
    current = list(visits)
    arrangement = arrange(current, reasoning)
    looked_at: set[tuple[str, int]] = set()
    while True:
        wrongs = [
            wrong
            for wrong in arrangement.network.inconsistencies()
            if wrong.first // 2 == wrong.last // 2
        ]
        wrong = next((w for w in wrongs if _name(arrangement, w) not in looked_at), None)
        if wrong is None:
            return current
        looked_at.add(_name(arrangement, wrong))
        count = len(arrangement.network.inconsistencies())
        for instead in _otherwise(arrangement, wrong, rank):
            changed = [v for visit in current for v in instead.get(visit.key, [visit])]
            changed.sort(key=lambda visit: rank[visit.sightings[0].id])
            tried = arrange(changed, reasoning)
            if len(tried.network.inconsistencies()) < count and _comes_between(tried, instead):
                current, arrangement = changed, tried
                break


def _name(arrangement: Arrangement, wrong: Inconsistency) -> tuple[str, int]:
    visit = arrangement.visits[wrong.first // 2]
    return visit.key, len(visit.sightings)


def _otherwise(
    arrangement: Arrangement, wrong: Inconsistency, rank: Mapping[str, int]
) -> Iterator[_Instead]:
    """Other ways to read the claims of a visit which cannot all be true of it."""
    visits, network = arrangement.visits, arrangement.network
    n = wrong.first // 2
    visit = visits[n]
    same_place = [m for m, other in enumerate(visits) if other.place.id == visit.place.id]
    position = same_place.index(n)
    beside = [visits[m] for m in same_place[max(0, position - 1) : position + 2] if m != n]
    still_there = network.lower[wrong.first]
    first = [s for s in visit.sightings if ticks(s.when.latest or END) < still_there]
    second = [s for s in visit.sightings if s not in first]
    for moved in (*([s] for s in visit.sightings), second, first):
        left = [s for s in visit.sightings if s not in moved]
        for other in beside if left and moved else ():
            joined = _made(other, [*moved, *other.sightings], rank)
            yield {visit.key: [_made(visit, left, rank)], other.key: [joined]}
    if first and second:
        yield {visit.key: [_made(visit, first, rank), _made(visit, second, rank)]}


def _made(visit: Visit, claims: Sequence[Sighting], rank: Mapping[str, int]) -> Visit:
    ordered = tuple(sorted(claims, key=lambda s: rank.get(s.id, len(rank))))
    return replace(visit, sightings=ordered, key=ordered[0].id)


def _comes_between(arrangement: Arrangement, instead: _Instead) -> bool:
    """Whether another visit lies between two that were made of one."""
    keys = [visit.key for visit in arrangement.visits]
    made = [sorted(keys.index(visit.key) for visit in parts) for parts in instead.values()]
    return all(b - a > 1 for places in made for a, b in pairwise(places))
