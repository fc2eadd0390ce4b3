"""Two visits where claims of one place disagree, if the party may have been elsewhere between.

Claims at a place are taken for one visit unless another claim lies wholly between them. Where
that leaves no consistent times, a visit elsewhere that may have been between is reason enough
to take them for two: they can all be true. Imports the journey's nouns and parts only.
"""

from collections.abc import Sequence
from dataclasses import replace

from app.journey.arrangement import Arrangement, Reasoning, arrange
from app.journey.constraints import Inconsistency, ticks
from app.journey.visits import END, Visit


def told_apart(visits: Sequence[Visit], reasoning: Reasoning) -> list[Visit]:
    """``visits`` with those in two that were, as it seems, left and come back to.

    A visit is cut where its own claims say that the party was gone before it was last there,
    when that leaves fewer things that cannot be true, and another visit comes between.
    """
    arrangement = arrange(visits, reasoning)
    wrong = arrangement.network.inconsistencies()
    cuts = _cuts(arrangement, wrong)
    if not cuts:
        return list(visits)
    parts = [part for visit in visits for part in cuts.get(visit.key, (visit,))]
    other = arrange(parts, reasoning)
    keys = [visit.key for visit in other.visits]
    between = all(
        keys.index(second.key) - keys.index(first.key) > 1 for first, second in cuts.values()
    )
    if between and len(other.network.inconsistencies()) < len(wrong):
        return parts
    return list(visits)


def _cuts(
    arrangement: Arrangement, inconsistencies: Sequence[Inconsistency]
) -> dict[str, tuple[Visit, Visit]]:
    """Visits that may be two, by their key."""
    network = arrangement.network
    cuts: dict[str, tuple[Visit, Visit]] = {}
    for wrong in inconsistencies:
        n = wrong.first // 2
        if wrong.last // 2 != n or wrong.spans:
            continue
        gone, still_there = network.upper[wrong.last], network.lower[wrong.first]
        elsewhere = (
            m
            for m, visit in enumerate(arrangement.visits)
            if visit.place.id != arrangement.visits[n].place.id
            and network.upper[2 * m] >= gone
            and network.lower[2 * m + 1] <= still_there
        )
        if next(elsewhere, None) is not None:
            parts = _cut(arrangement.visits[n], still_there)
            if parts is not None:
                cuts[arrangement.visits[n].key] = parts
    return cuts


def _cut(visit: Visit, still_there: int) -> tuple[Visit, Visit] | None:
    """The claims that end before an instant, and the others."""
    first = tuple(s for s in visit.sightings if ticks(s.when.latest or END) < still_there)
    second = tuple(s for s in visit.sightings if s not in first)
    if not first or not second:
        return None
    return (
        replace(visit, sightings=first, key=first[0].id),
        replace(visit, sightings=second, key=second[0].id),
    )
