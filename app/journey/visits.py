"""Claims at places become visits: one stay at one place, with what bounds its two ends.

Lives here: which claims speak of the same visit (the same place twice with another between is
two visits, and so is one that was left and come back to). Not here: what they say of arrival
and departure (:mod:`app.journey.arrangement`) and the order of visits
(:mod:`app.journey.order`). Imports the journey's nouns only.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from operator import itemgetter

from app.journey.model import Event, Modality, Place, Sighting

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

    @property
    def is_open(self) -> bool:
        """Whether no other visit can be surely before it, or none surely after."""
        return self.last_earliest == BEGINNING or self.first_latest == END

    def is_before(self, other: "Visit") -> bool:
        """Whether the claims put this visit surely before ``other``."""
        return (
            self.first_latest <= other.last_earliest
            and not other.first_latest <= self.last_earliest
        )


def group_visits(sightings: Sequence[Sighting], places: Mapping[str, Place]) -> list[Visit]:
    """Reported claims, in the order of the reports, as visits in no particular order.

    Runs in O(n log n). A place is left between two of its claims when a claim at another
    place lies wholly between them, and where a departure is surely before an arrival: then the
    party left and came back. A claim that may be of either visit belongs to the earlier one.
    """
    dated = [
        (s.when.earliest or BEGINNING, s.when.latest or END, n, s) for n, s in enumerate(sightings)
    ]
    by_place: dict[str, list[_Dated]] = defaultdict(list)
    for claim in dated:
        by_place[claim[3].place].append(claim)
    elsewhere = _Between(dated)
    visits: list[Visit] = []
    for place_id, claims in by_place.items():
        for stay in _stays(claims, elsewhere, place_id):
            stay.sort(key=_RANK)
            visits.append(Visit(places[place_id], tuple([claim[3] for claim in stay])))
    return visits


_Dated = tuple[datetime, datetime, int, Sighting]
"""A claim with both ends of its time, closed, and its rank in the order of the reports."""

_EARLIEST, _RANK = itemgetter(0), itemgetter(2)


def _stays(
    claims: Iterable[_Dated], elsewhere: "_Between", place_id: str
) -> Iterator[list[_Dated]]:
    """The claims at one place, cut into stays."""
    stay: list[_Dated] = []
    begun = END
    left: datetime | None = None
    for claim in sorted(claims, key=_by_time):
        earliest, latest, _, sighting = claim
        # At one and the same instant nobody was elsewhere in between.
        if (left and sighting.event is Event.ARRIVED and left < earliest) or (
            begun < earliest and elsewhere.lies_between(begun, earliest, not_at=place_id)
        ):
            yield stay
            stay, begun, left = [], END, None
        stay.append(claim)
        begun = min(begun, latest)
        if sighting.event is Event.DEPARTED:
            left = min(left, latest) if left else latest
    yield stay


def _by_time(claim: _Dated) -> tuple[datetime, int, datetime, int]:
    """Sort key; of what may begin together, what ends a stay first, then what begins one."""
    earliest, latest, rank, sighting = claim
    if sighting.event is Event.ARRIVED:
        return (earliest, 1, latest, rank)
    is_end = sighting.event is Event.DEPARTED and latest == earliest
    return (earliest, 0 if is_end else 2, latest, rank)


def _earliest(sighting: Sighting) -> datetime:
    return sighting.when.earliest or BEGINNING


def _latest(sighting: Sighting) -> datetime:
    return sighting.when.latest or END


class _Between:
    """Answers in O(log n) whether a claim at another place lies wholly between two instants."""

    def __init__(self, claims: Sequence[_Dated]) -> None:
        timed = sorted((c for c in claims if c[0] > BEGINNING and c[1] < END), key=_EARLIEST)
        self._starts = [claim[0] for claim in timed]
        # For each suffix: the claim that ends first, and the one that does at any other place.
        nothing = (END, "")
        self._first_ends = [(nothing, nothing)] * (len(timed) + 1)
        best, other = nothing, nothing
        for n in range(len(timed) - 1, -1, -1):
            ends = (timed[n][1], timed[n][3].place)
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
