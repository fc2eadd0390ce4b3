"""Claims of one place that disagree, told apart where they may speak of two visits to it.

Claims at a place are taken for one visit unless another claim lies wholly between them. Where
that leaves no consistent times, some may belong to an earlier or later visit to the place, or
the party may have left, been elsewhere and come back: then all of them can be true. Imports
the journey's nouns and parts only.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice, pairwise

from app.journey.arrangement import Arrangement, Reasoning, arrange
from app.journey.constraints import Inconsistency, ticks
from app.journey.model import Sighting
from app.journey.visits import BEGINNING, END, Visit

_AROUND = 4
_FARTHEST = 50
"""Visits on either side that are looked at with one, and how far off one to its place may be."""

_READINGS = 40
"""How many other readings of one inconsistency are tried: a jumble has no end of them."""

_Instead = dict[str, list[Visit]]
"""What stands instead of visits, by their keys."""


def told_apart(
    visits: Sequence[Visit], rank: Mapping[str, int], reasoning: Reasoning
) -> tuple[list[Visit], Arrangement]:
    """``visits`` with claims put to other visits wherever that leaves fewer contradictions.

    ``rank`` is the order of the reports, by sighting; visits are given and returned in it,
    and arranged.
    """
    current = list(visits)
    arrangement = arrange(current, reasoning)
    looked_at: set[tuple[str, str, int]] = set()
    while True:
        wrong = next(
            (
                wrong
                for wrong in arrangement.network.inconsistencies()
                if _name(arrangement, wrong) not in looked_at
            ),
            None,
        )
        if wrong is None:
            return current, arrangement
        looked_at.add(_name(arrangement, wrong))
        instead = _best(arrangement, wrong, rank, reasoning)
        if instead:
            changed = _changed(current, instead, rank)
            tried = arrange(changed, reasoning)
            if tried.wrongs() < arrangement.wrongs():
                current, arrangement = changed, tried


def _name(arrangement: Arrangement, wrong: Inconsistency) -> tuple[str, str, int]:
    first, last = (arrangement.visits[k // 2] for k in (wrong.first, wrong.last))
    return first.key, last.key, len(first.sightings) + len(last.sightings)


def _changed(visits: Sequence[Visit], instead: _Instead, rank: Mapping[str, int]) -> list[Visit]:
    changed = [v for visit in visits for v in instead.get(visit.key, [visit])]
    return sorted(changed, key=lambda visit: rank[visit.sightings[0].id])


def _best(
    arrangement: Arrangement, wrong: Inconsistency, rank: Mapping[str, int], reasoning: Reasoning
) -> _Instead:
    """The reading that leaves the least that cannot be true around an inconsistency."""
    near = _near(arrangement, wrong)
    in_report_order = _changed(near, {}, rank)
    fewest, best = arrange(in_report_order, reasoning).wrongs(), _Instead()
    for instead in islice(_otherwise(arrangement, wrong, near, rank), _READINGS):
        tried = arrange(_changed(in_report_order, instead, rank), reasoning)
        if tried.wrongs() < fewest and _comes_between(tried, instead):
            fewest, best = tried.wrongs(), instead
        if not fewest:
            break
    return best


def _near(arrangement: Arrangement, wrong: Inconsistency) -> list[Visit]:
    """The visits of an inconsistency with those around, as far as the next to their places."""
    visits = arrangement.visits
    first, last = wrong.first // 2, wrong.last // 2
    places = {visits[first].place.id, visits[last].place.id}
    start, end = max(0, first - _FARTHEST), min(len(visits), last + _FARTHEST + 1)
    before = [n for n in range(start, first) if visits[n].place.id in places]
    after = [n for n in range(last + 1, end) if visits[n].place.id in places]
    low = min(first - _AROUND, before[-1] if before else first)
    high = max(last + _AROUND, after[0] if after else last)
    return list(visits[max(0, low) : high + 1])


def _otherwise(
    arrangement: Arrangement,
    wrong: Inconsistency,
    near: Sequence[Visit],
    rank: Mapping[str, int],
) -> Iterator[_Instead]:
    """Other ways to read the claims of the two visits that clash, or of the one."""
    network, visits = arrangement.network, arrangement.visits
    still_there, gone = network.lower[wrong.first], network.upper[wrong.last]
    leaving, reaching = visits[wrong.first // 2], visits[wrong.last // 2]
    ended = [s for s in leaving.sightings if ticks(s.when.latest or END) < still_there]
    begun = [s for s in reaching.sightings if ticks(s.when.earliest or BEGINNING) > gone]
    for visit, part in ((leaving, ended), (reaching, begun)):
        rest = [s for s in visit.sightings if s not in part]
        same_place = [v for v in near if v.place.id == visit.place.id]
        position = [v.key for v in same_place].index(visit.key)
        beside = same_place[max(0, position - 1) : position] + same_place[position + 1 :][:1]
        for moved in (*([s] for s in visit.sightings), part, rest):
            left = [s for s in visit.sightings if s not in moved]
            for other in beside if left and moved else ():
                joined = _made(other, [*moved, *other.sightings], rank)
                yield {visit.key: [_made(visit, left, rank)], other.key: [joined]}
        if part and rest:
            yield {visit.key: [_made(visit, part, rank), _made(visit, rest, rank)]}


def _made(visit: Visit, claims: Sequence[Sighting], rank: Mapping[str, int]) -> Visit:
    ordered = tuple(sorted(claims, key=lambda s: rank[s.id]))
    return replace(visit, sightings=ordered, key=ordered[0].id)


def _comes_between(arrangement: Arrangement, instead: _Instead) -> bool:
    """Whether another visit lies between two that were made of one."""
    keys = [visit.key for visit in arrangement.visits]
    made = [sorted(keys.index(visit.key) for visit in parts) for parts in instead.values()]
    return all(b - a > 1 for places in made for a, b in pairwise(places))
