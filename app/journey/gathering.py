"""From reported claims to an arrangement: the one way in which claims are read together.

Lives here: claims become visits, are told apart where they may speak of others, join what
foretold them, and are put in order with the reported durations. The same for all the claims
of a trip and for a few of them, so that what is said to contradict itself does so by itself.
Not here: what is done about contradictions (:mod:`app.journey.contradictions`). Imports the
journey's nouns and parts only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from app.journey.arrangement import Arrangement, Duration, Reasoning, arrange, mode_of
from app.journey.foretold import join_fulfilled
from app.journey.model import Figure, Place, Sighting, Source
from app.journey.returns import told_apart
from app.journey.visits import Visit, group_visits


@dataclass(frozen=True, slots=True)
class Gathered:
    """Visits in the order of their reports, arranged; ``ahead`` was not fulfilled by any."""

    visits: Sequence[Visit]
    durations: Sequence[Duration]
    arrangement: Arrangement
    ahead: Sequence[Sighting]


@dataclass(frozen=True, slots=True)
class Gatherer:
    """Reads the claims of one trip; ``rank`` is the order of the reports, by sighting."""

    places: Mapping[str, Place]
    sources: Mapping[str, Source]
    rank: Mapping[str, int]
    ahead: Sequence[Sighting]

    def gather(
        self, claims: Sequence[Sighting], figures: Sequence[Figure], reasoning: Reasoning
    ) -> Gathered:
        """Reported claims, in the order of the reports, with reported durations."""
        visits = group_visits(claims, self.places)
        visits.sort(key=lambda visit: self.rank[visit.sightings[0].id])
        arrangement = arrange(visits, reasoning)
        if arrangement.wrongs():
            visits, arrangement = told_apart(visits, self.rank, reasoning)
        joined, ahead = join_fulfilled(arrangement.visits, self.ahead, self.sources)
        if len(ahead) < len(self.ahead):
            by_key = {visit.key: visit for visit in joined}
            visits = [by_key[visit.key] for visit in visits]
            # By what it was to travel may tell how it did; times and order follow from the rest.
            known = replace(arrangement, visits=tuple(joined))
            same = not known.wrongs() and _travelled_as_before(known, reasoning)
            arrangement = known if same else arrange(visits, reasoning)
        durations = _durations(arrangement.visits, figures)
        if durations:
            arrangement = arrange(visits, reasoning, durations)
        return Gathered(visits, durations, arrangement, ahead)


def _travelled_as_before(arrangement: Arrangement, reasoning: Reasoning) -> bool:
    """Whether every step has the mode that its visits, with all their claims, tell."""
    usual = reasoning.travel.trip.mode
    return all(
        mode_of(origin, destination, usual) is step.mode
        for (origin, destination), step in zip(
            pairwise(arrangement.visits), arrangement.steps, strict=True
        )
    )


def _durations(visits: Sequence[Visit], figures: Sequence[Figure]) -> list[Duration]:
    """Which visits reported durations speak of.

    From the last visit to the origin before the first visit to the destination after it; where
    there is none after it, from one to the other that may have been.
    """
    durations = []
    for figure in figures:
        left: Visit | None = None
        for visit in visits:
            if visit.place.id == figure.destination and left is not None:
                durations.append(Duration(figure, left.key, visit.key))
                break
            if visit.place.id == figure.origin:
                left = visit
        else:
            reached = [v for v in visits if v.place.id == figure.destination]
            if left is not None and reached and not reached[-1].is_before(left):
                durations.append(Duration(figure, left.key, reached[-1].key))
    return durations
