"""Smallest sets of claims and assumptions that cannot all be true, found by deletion.

Bakker et al. 1993, "Diagnosing and solving over-determined constraint satisfaction problems",
*IJCAI* 13. Every try arranges what is left of the visits anew, for the length of a leg may
depend on the claim taken away. Imports the journey's nouns and parts
only.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from app.journey.arrangement import Arrangement, Reasoning, arrange, without_claims
from app.journey.constraints import Inconsistency
from app.journey.gathering import Gathered, Gatherer
from app.journey.model import Assumption, AssumptionKind, Modality, Sighting
from app.journey.visits import Visit


@dataclass(frozen=True, slots=True)
class Members:
    """A set of sightings and figures by id, and of assumptions by name."""

    claims: frozenset[str]
    assumptions: frozenset[str]
    figures: frozenset[str]

    def without(self, member: str) -> "Members":
        """The set less one member; ids and names do not meet."""
        gone = {member}
        return Members(self.claims - gone, self.assumptions - gone, self.figures - gone)


class Case:
    """Claims, gathered, that may contradict each other.

    ``assumptions`` are all those of the trip by name, ``strength`` is a key by which the
    weakest claim, by id, comes first.
    """

    def __init__(
        self,
        gathered: Gathered,
        gatherer: Gatherer,
        reasoning: Reasoning,
        assumptions: Mapping[str, Assumption],
        strength: Callable[[str], tuple[object, ...]],
    ) -> None:
        self.arrangement = gathered.arrangement
        self._gatherer = gatherer
        self._rank = {visit.key: n for n, visit in enumerate(gathered.visits)}
        self._place = {visit.key: n for n, visit in enumerate(gathered.arrangement.visits)}
        self._durations = gathered.durations
        self._reasoning = reasoning
        self._assumptions = assumptions
        self._strength = strength

    def smallest(self, wrong: Inconsistency) -> Members:
        """A smallest set behind an inconsistency of the arrangement's network."""
        network = self.arrangement.network
        ends = [
            name
            for name in (network.lower_by[wrong.first], network.upper_by[wrong.last])
            if name is not None
        ]
        for visits in self._ever_wider(wrong, ends):
            members = Members(
                frozenset(s.id for visit in visits for s in _reported(visit)),
                frozenset(self._assumptions),
                frozenset(duration.figure.id for duration in self._durations),
            )
            if not self._consistent(visits, members):
                break
        for member in self._dispensable_first(visits, members, ends):
            less = members.without(member)
            if less != members and not self._consistent(visits, less):
                members = less
        return members

    def alone(self, members: Members) -> Arrangement:
        """These members read as if there were no others."""
        return self._from_scratch(self.arrangement.visits, members)

    def _ever_wider(self, wrong: Inconsistency, ends: Sequence[str]) -> Iterator[list[Visit]]:
        """The two claims that clash; all of the visits between; ever more visits around them."""
        visits = self.arrangement.visits
        first, last = wrong.first // 2, wrong.last // 2
        if not wrong.spans and len(ends) == 2:
            at_ends = dict.fromkeys((first, last))
            cut = [without_claims(visits[n], frozenset(ends)) for n in at_ends]
            yield [visit for visit in cut if visit is not None]
        around = 0
        while True:
            low, high = max(0, first - around), last + around + 1
            yield list(visits[low:high])
            if low == 0 and high >= len(visits):
                return
            around = 2 * around + 1

    def _dispensable_first(
        self, visits: Sequence[Visit], members: Members, ends: Sequence[str]
    ) -> Iterator[str]:
        """Members in the order in which to try without them: what explains most comes last."""
        of_kind = {
            kind: [a.name for a in self._assumptions.values() if a.kind is kind]
            for kind in AssumptionKind
        }
        yield from of_kind[AssumptionKind.CRUISE_SPEED]
        yield from of_kind[AssumptionKind.MAX_SPEED]
        yield from of_kind[AssumptionKind.RAILWAY_COMPLETE]
        yield from of_kind[AssumptionKind.AVOID]
        yield from of_kind[AssumptionKind.VIA]
        yield from of_kind[AssumptionKind.MINIMUM_STOP]
        yield from of_kind[AssumptionKind.LEADER_ABOARD]
        yield from sorted(members.figures)
        yield from sorted(members.claims - set(ends), key=self._strength)
        yield from sorted(set(ends), key=self._strength)

    def _consistent(self, visits: Sequence[Visit], members: Members) -> bool:
        subjects = {
            s.subject for visit in visits for s in _reported(visit) if s.id in members.claims
        }
        if len(subjects) > 1 and not self._holds(AssumptionKind.LEADER_ABOARD, members):
            return all(
                self._consistent(visits, self._of_subject(visits, members, subject))
                for subject in subjects
            )
        # Both as visits are told apart among all claims, and by themselves: that a party came
        # back is not forgotten with the claim that it was elsewhere, and nothing is said to
        # contradict itself that does not do so alone.
        return not (
            self._kept_apart(visits, members).network.inconsistencies()
            and self._from_scratch(visits, members).network.inconsistencies()
        )

    def _of_subject(self, visits: Sequence[Visit], members: Members, subject: str) -> Members:
        claims = {s.id for visit in visits for s in _reported(visit) if s.subject == subject}
        return replace(members, claims=members.claims & claims)

    def _kept_apart(self, visits: Sequence[Visit], members: Members) -> Arrangement:
        in_report_order = sorted(visits, key=lambda visit: self._rank[visit.key])
        cut = (without_claims(visit, members.claims) for visit in in_report_order)
        arrangement = arrange(
            [visit for visit in cut if visit is not None],
            self._assuming(members),
            [d for d in self._durations if d.figure.id in members.figures],
        )
        self._no_longer_than_by_the_others(arrangement)
        return arrangement

    def _no_longer_than_by_the_others(self, arrangement: Arrangement) -> None:
        """Let no leg take longer than by the visits that were left out of it.

        They may tell of a faster mode on part of the way, or be known less exactly.
        """
        gaps = self.arrangement.network.gap
        places = [self._place[visit.key] for visit in arrangement.visits]
        for n, (start, end) in enumerate(pairwise(places)):
            if end > start + 1:
                by_the_others = sum(gaps[2 * start + 2 : 2 * end + 1 : 2])
                at = 2 * n + 2
                arrangement.network.gap[at] = min(arrangement.network.gap[at], by_the_others)

    def _from_scratch(self, visits: Sequence[Visit], members: Members) -> Arrangement:
        claims = [s for visit in visits for s in _reported(visit) if s.id in members.claims]
        claims.sort(key=lambda sighting: self._gatherer.rank[sighting.id])
        figures = [d.figure for d in self._durations if d.figure.id in members.figures]
        return self._gatherer.gather(claims, figures, self._assuming(members)).arrangement

    def _assuming(self, members: Members) -> Reasoning:
        left_out = self._assumptions.keys() - members.assumptions
        return replace(
            self._reasoning,
            travel=self._reasoning.travel.leaving_out(left_out),
            trusts_network=self._holds(AssumptionKind.RAILWAY_COMPLETE, members),
        )

    def _holds(self, kind: AssumptionKind, members: Members) -> bool:
        return any(self._assumptions[name].kind is kind for name in members.assumptions)


def _reported(visit: Visit) -> Iterator[Sighting]:
    return (s for s in visit.sightings if s.modality is Modality.REPORTED)
