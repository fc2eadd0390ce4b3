"""Sets the weakest of every contradiction aside, until the rest of the claims can be true.

Lives here: the choice of what gives way, and by how much. Not here: how smallest sets are
found (:mod:`app.journey.smallest_sets`), the network of times
(:mod:`app.journey.constraints`), what is weak (:mod:`app.journey.strength`). Imports the
journey's nouns and parts only.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from app.journey.arrangement import Arrangement, Loosened, Reasoning
from app.journey.clashes import clash_of, loosen_speed, loosen_stop, pairs_of
from app.journey.constraints import Inconsistency, Tight
from app.journey.contradiction import Clash, Contradiction, MemberKind
from app.journey.gathering import Gatherer
from app.journey.model import AssumptionKind, Figure, Modality, Mode, Sighting, Trip
from app.journey.smallest_sets import Case, Members
from app.journey.strength import (
    Strength,
    closest_to_the_leader,
    strength_of_assumption,
    strength_of_claim,
)
from app.journey.travel import Travel, assumptions_of
from app.journey.visits import Visit

CREDIBLE_FACTOR = 1.5
"""Beyond this much of an assumed speed, the maximum or the cruising one, another assumption
gives way, if one takes part."""

FASTEST_KMH = {Mode.TRAIN: 350.0, Mode.CAR: 250.0, Mode.SHIP: 90.0, Mode.PLANE: 1100.0}
"""No vehicle of the mode averages more: beyond it a claim must give way, however strong."""

_A_LITTLE_MORE = 1.05
_RATHER = frozenset({AssumptionKind.LEADER_ABOARD, AssumptionKind.RAILWAY_COMPLETE})
# Where a way goes is never what gives way: with the speed relaxed, it need not.
_GIVES_WAY = _RATHER | {AssumptionKind.MAX_SPEED, AssumptionKind.MINIMUM_STOP}


@dataclass(frozen=True, slots=True)
class Resolution:
    """What is left when every contradiction is resolved, and what they were.

    ``companions`` maps each sighting that was set aside to the others of its visit then;
    ``ahead`` are the claims that look ahead and were not fulfilled.
    """

    arrangement: Arrangement
    tight: Tight
    contradictions: tuple[Contradiction, ...]
    companions: Mapping[str, frozenset[str]]
    ahead: Sequence[Sighting]


def resolve(
    trip: Trip,
    travel: Travel,
    claims: Sequence[Sighting],
    ahead: Sequence[Sighting],
    figures: Sequence[Figure],
) -> Resolution:
    """Arrange what was reported; set aside the weakest of each contradiction until all fits.

    ``claims`` are reported ones, in the order of the reports; ``ahead`` those that look ahead;
    ``figures`` the reported durations of this journey.
    """
    return _Resolver(trip, travel, claims, ahead, figures).resolve()


@dataclass(frozen=True, slots=True)
class _Found:
    """A contradiction, with its members and where in the journey it begins, ticks."""

    place: int
    members: Members
    told: Contradiction


class _Resolver:
    def __init__(
        self,
        trip: Trip,
        travel: Travel,
        claims: Sequence[Sighting],
        ahead: Sequence[Sighting],
        figures: Sequence[Figure],
    ) -> None:
        self._claims, self._figures = claims, figures
        self._sources = {source.id: source for source in trip.sources}
        self._rank = {sighting.id: n for n, sighting in enumerate(claims)}
        self._by_id = {sighting.id: sighting for sighting in claims}
        # What is assumed of any mode goes before what is assumed of one.
        assumptions = sorted(assumptions_of(trip), key=lambda a: (a.mode is not None, a.name))
        self._assumptions = {a.name: a for a in assumptions}
        self._loosened = Loosened()
        self._reasoning = Reasoning(
            travel, {s.id: s.known_at for s in trip.sources}, self._loosened
        )
        self._gatherer = Gatherer(trip.places, self._sources, self._rank, ahead)
        self._aside: set[str] = set()
        self._companions: dict[str, frozenset[str]] = {}
        self._found: list[_Found] = []
        self._backing = _Backing(())

    def resolve(self) -> Resolution:
        while True:
            case, ahead = self._case()
            wrong = case.arrangement.network.inconsistencies()
            if not wrong:
                break
            touched: set[str] = set()
            for each in wrong:
                members = case.smallest(each)
                told = members.claims | members.figures
                # What shares a member with another is looked at again, without what was set aside.
                if touched.isdisjoint(told):
                    touched |= told
                    self._set_aside(case, each, members)
        self._found.sort(key=lambda found: (found.place, sorted(found.members.claims)))
        return Resolution(
            case.arrangement,
            case.arrangement.network.tighten(),
            tuple(found.told for found in self._found),
            self._companions,
            ahead,
        )

    def _case(self) -> tuple[Case, Sequence[Sighting]]:
        """The claims that still stand, arranged, and those that look ahead of them."""
        kept = [s for s in self._claims if s.id not in self._aside] if self._aside else self._claims
        figures = [figure for figure in self._figures if figure.id not in self._aside]
        gathered = self._gatherer.gather(kept, figures, self._reasoning)
        self._backing = _Backing(gathered.arrangement.visits)
        case = Case(gathered, self._gatherer, self._reasoning, self._assumptions, self._strength)
        return case, gathered.ahead

    def _strength(self, claim: str) -> Strength:
        sighting = self._by_id[claim]
        return strength_of_claim(sighting, self._sources, self._backing.of(sighting))

    def _set_aside(self, case: Case, wrong: Inconsistency, members: Members) -> None:
        alone = case.alone(members)
        kinds = {self._assumptions[name].kind for name in members.assumptions}
        travel = self._reasoning.travel
        clash = clash_of(alone, kinds, travel)
        modes = {step.mode for step in alone.steps}
        place = case.arrangement.network.lower[wrong.first]
        again = next((f for f in self._found if f.members.claims == members.claims), None)
        # Relaxing what is assumed may be to no avail; doing without a claim never is.
        only_claims = (again is not None and again.members == members) or (
            len(self._found) > 2 * len(self._claims)
        )
        weakest = self._weakest(
            members,
            clash,
            only_claims=only_claims,
            relaxed_kmh=(again and again.told.relaxed_to_kmh) or 0.0,
            cruise_kmh=max((travel.cruise_speed_kmh(mode) or 0.0 for mode in modes), default=0.0),
            fastest_kmh=max((FASTEST_KMH[mode] for mode in modes), default=0.0),
        )
        relaxed_kmh = relaxed_h = None
        released: tuple[str, ...] = ()
        kind = MemberKind.ASSUMPTION
        if weakest in members.claims:
            kind = MemberKind.SIGHTING
            self._drop([weakest])
        elif weakest in members.figures:
            kind = MemberKind.FIGURE
            self._aside.add(weakest)
        else:
            match self._assumptions[weakest].kind:
                case AssumptionKind.MAX_SPEED:
                    relaxed_kmh = loosen_speed(
                        self._loosened,
                        case.arrangement,
                        wrong,
                        self._assumptions[weakest],
                        clash.needed_speed_kmh or 0.0,
                    )
                case AssumptionKind.MINIMUM_STOP:
                    relaxed_h = loosen_stop(
                        self._loosened, case.arrangement, wrong, self._assumptions[weakest]
                    )
                case AssumptionKind.RAILWAY_COMPLETE:
                    self._loosened.straight |= set(pairs_of(case.arrangement, wrong))
                case _:
                    released = self._released(members)
                    self._drop(released)
        contradiction = Contradiction(
            sightings=tuple(
                s.id for visit in alone.visits for s in visit.sightings if s.id in members.claims
            ),
            assumptions=tuple(a for a in self._assumptions if a in members.assumptions),
            figures=tuple(f.id for f in self._figures if f.id in members.figures),
            clash=clash,
            set_aside=weakest,
            set_aside_kind=kind,
            relaxed_to_kmh=relaxed_kmh,
            relaxed_to_h=None if relaxed_h is None else round(relaxed_h, 6),
            released=released,
        )
        if again is not None and (again.members == members or again.told.set_aside == weakest):
            # The same once more: what was relaxed then was not yet enough.
            self._found.remove(again)
            if again.told.set_aside == weakest:
                members = again.members
                contradiction = replace(
                    again.told, relaxed_to_kmh=relaxed_kmh, relaxed_to_h=relaxed_h
                )
        self._found.append(_Found(place, members, contradiction))

    def _weakest(
        self,
        members: Members,
        clash: Clash,
        *,
        only_claims: bool,
        relaxed_kmh: float,
        cruise_kmh: float,
        fastest_kmh: float,
    ) -> str:
        """The member to do without. Assumptions that were relaxed to no avail are passed over."""
        figures = {figure.id: figure for figure in self._figures}
        strengths: dict[str, Strength] = {claim: self._strength(claim) for claim in members.claims}
        for name in members.figures:
            strengths[name] = strength_of_claim(figures[name], self._sources)
        if not only_claims:
            kinds = {name: self._assumptions[name].kind for name in members.assumptions}
            for name, kind in kinds.items():
                if kind in _GIVES_WAY and (
                    kind is not AssumptionKind.MAX_SPEED
                    or _is_credible(clash, kinds.values(), relaxed_kmh, cruise_kmh, fastest_kmh)
                ):
                    strengths[name] = strength_of_assumption(kind, name)
        return min(strengths, key=lambda name: strengths[name])

    def _drop(self, claims: Sequence[str]) -> None:
        for claim in claims:
            visit = self._backing.visit_of(claim)
            self._aside.add(claim)
            if visit is not None:
                others = {s.id for s in visit.sightings if s.modality is Modality.REPORTED}
                self._companions[claim] = frozenset(others - {claim})

    def _released(self, members: Members) -> tuple[str, ...]:
        """The sightings that no longer tell of the leader, once he may not be aboard."""
        subjects = {self._by_id[claim].subject for claim in members.claims}
        kept = closest_to_the_leader(sorted(subjects))
        return tuple(
            sorted(
                (c for c in members.claims if self._by_id[c].subject != kept),
                key=lambda claim: self._rank[claim],
            )
        )


class _Backing:
    """Finds the claims that agree with one: of the same visit, at a time that it allows."""

    def __init__(self, visits: Sequence[Visit]) -> None:
        self._visits = visits
        self._visit_of: dict[str, Visit] = {}

    def visit_of(self, claim: str) -> Visit | None:
        if not self._visit_of:
            self._visit_of = {s.id: visit for visit in self._visits for s in visit.sightings}
        return self._visit_of.get(claim)

    def of(self, claim: Sighting) -> list[Sighting]:
        visit = self.visit_of(claim.id)
        if visit is None:
            return []
        return [
            other
            for other in visit.sightings
            if other.id != claim.id
            and other.modality is Modality.REPORTED
            and other.when.overlaps(claim.when)
        ]


def _is_credible(
    clash: Clash,
    kinds: Collection[AssumptionKind],
    relaxed_kmh: float,
    cruise_kmh: float,
    fastest_kmh: float,
) -> bool:
    """Whether it may be the assumed speed that is wrong; surely, if nothing else is assumed.

    A speed that was relaxed for the same claims may have to be relaxed a little more.
    """
    if clash.needed_speed_kmh is None or clash.needed_speed_kmh > fastest_kmh:
        return False
    return (
        clash.max_speed_kmh is None
        or clash.needed_speed_kmh
        <= max(CREDIBLE_FACTOR * max(clash.max_speed_kmh, cruise_kmh), _A_LITTLE_MORE * relaxed_kmh)
        or not _RATHER.intersection(kinds)
    )
