"""Claims at places become visits: one stay at one place, with what bounds its two ends.

Lives here: which claims speak of the same visit (the same place twice with another between is
two visits). Not here: what they say of arrival and departure
(:mod:`app.journey.arrangement`) and the order of visits (:mod:`app.journey.order`). Imports
the journey's nouns only.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from app.journey.model import Modality, Place, Sighting

BEGINNING = datetime.min.replace(tzinfo=UTC)
END = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Visit:
    """Claims that speak of one stay at ``place``, in the order of the reports.

    ``first_latest`` is the earliest instant by which the visit has surely begun, and
    ``last_earliest`` the latest instant at which it has surely not ended: every claim is an
    instant within the stay, so one claim of one visit that lies before one claim of another
    puts the whole visits in that order. ``key`` names the visit, also when claims are taken
    from it: the id of its first sighting.
    """

    place: Place
    sightings: tuple[Sighting, ...]
    key: str = ""
    first_latest: datetime = field(init=False)
    last_earliest: datetime = field(init=False)

    def __post_init__(self) -> None:
        if not self.key:
            object.__setattr__(self, "key", self.sightings[0].id)
        # When it was to be says nothing of when it was.
        claims = [s for s in self.sightings if s.modality is Modality.REPORTED] or self.sightings
        object.__setattr__(self, "first_latest", min(map(_latest, claims), default=END))
        object.__setattr__(self, "last_earliest", max(map(_earliest, claims), default=BEGINNING))

    def is_before(self, other: "Visit") -> bool:
        """Whether the claims put this visit surely before ``other``."""
        return (
            self.first_latest <= other.last_earliest
            and not other.first_latest <= self.last_earliest
        )


def group_visits(sightings: Sequence[Sighting], places: Mapping[str, Place]) -> list[Visit]:
    """Reported claims, in the order of the reports, as visits in no particular order.

    Runs in O(n log n). A place is left between two of its claims when a claim at another
    place lies wholly between them.
    """
    by_place: dict[str, list[Sighting]] = defaultdict(list)
    for sighting in sightings:
        by_place[sighting.place].append(sighting)
    elsewhere = _Between(sightings)
    rank = {sighting.id: n for n, sighting in enumerate(sightings)}
    visits: list[Visit] = []
    for place_id, claims in by_place.items():
        current: list[Sighting] = []
        begun = END
        for claim in sorted(claims, key=lambda s: (_earliest(s), _latest(s), rank[s.id])):
            # At one and the same instant nobody was elsewhere in between.
            if (
                current
                and begun < _earliest(claim)
                and elsewhere.lies_between(begun, _earliest(claim), not_at=place_id)
            ):
                visits.append(_visit(places[place_id], current, rank))
                current, begun = [], END
            current.append(claim)
            begun = min(begun, _latest(claim))
        visits.append(_visit(places[place_id], current, rank))
    return visits


def _visit(place: Place, claims: Sequence[Sighting], rank: Mapping[str, int]) -> Visit:
    return Visit(place, tuple(sorted(claims, key=lambda s: rank[s.id])))


def _earliest(sighting: Sighting) -> datetime:
    return sighting.when.earliest or BEGINNING


def _latest(sighting: Sighting) -> datetime:
    return sighting.when.latest or END


class _Between:
    """Answers in O(log n) whether a claim at another place lies wholly between two instants."""

    def __init__(self, sightings: Sequence[Sighting]) -> None:
        timed = sorted((s for s in sightings if s.when.earliest and s.when.latest), key=_earliest)
        self._starts = [_earliest(s) for s in timed]
        # For each suffix: the claim that ends first, and the one that does at any other place.
        nothing = (END, "")
        self._first_ends = [(nothing, nothing)] * (len(timed) + 1)
        best, other = nothing, nothing
        for n in range(len(timed) - 1, -1, -1):
            ends = (_latest(timed[n]), timed[n].place)
            if ends[1] == best[1]:
                best = min(best, ends)
            elif ends < best:
                best, other = ends, best
            elif ends[1] == other[1] or ends < other:
                other = min(other, ends)
            self._first_ends[n] = (best, other)

    def lies_between(self, begin: datetime, end: datetime, *, not_at: str) -> bool:
        best, other = self._first_ends[bisect_left(self._starts, begin)]
        return (other if best[1] == not_at else best)[0] <= end
