"""How much a claim or an assumption is to be relied on, when not all of them can be true.

The order, strongest first: claims graded A to C and 1 to 3; assumptions; claims that cannot be
judged (F or 6); the rest. Grades are those of the Admiralty code (NATO STANAG 2511). Imports
the journey's nouns only.
"""

from collections.abc import Sequence

from app.journey.claims import origin_of
from app.journey.model import AssumptionKind, Figure, Sighting, Source, Subject

REST, UNJUDGED, ASSUMED, STRONG = range(4)

Strength = tuple[int, int, int, int, float, str]

_RELAXED_FIRST = (
    AssumptionKind.MAX_SPEED,
    AssumptionKind.MINIMUM_STOP,
    AssumptionKind.LEADER_ABOARD,
    AssumptionKind.RAILWAY_COMPLETE,
    AssumptionKind.VIA,
    AssumptionKind.AVOID,
)
_SUBJECTS = (Subject.LEADER, Subject.TRAIN, Subject.DELEGATION, Subject.MOTORCADE)


def strength_of_claim(
    claim: Sighting | Figure, sources: dict[str, Source], backed_by: Sequence[Sighting] = ()
) -> Strength:
    """A key by which the weakest claim comes first.

    Within a class the worse grade is weaker; then what fewer independent origins say
    (``backed_by`` are the other claims that agree); then the earlier report, for later ones
    know more.
    """
    source = sources[claim.source]
    letter = ord(source.reliability) - ord("A")
    if letter <= 2 and claim.credibility <= 3:
        rank = STRONG
    elif source.reliability == "F" or claim.credibility == 6:
        rank = UNJUDGED
    else:
        rank = REST
    origins = len({origin_of(other, sources) for other in backed_by})
    known_at = source.known_at.timestamp()
    return (rank, -letter, -claim.credibility, origins, known_at, claim.id)


def strength_of_assumption(kind: AssumptionKind, name: str) -> Strength:
    """A key by which the assumption that gives way first comes first.

    What can be relaxed by degrees (a speed, a stop) goes before what holds or does not.
    """
    return (ASSUMED, _RELAXED_FIRST.index(kind), 0, 0, 0.0, name)


def closest_to_the_leader(subjects: Sequence[str]) -> str:
    """The subject that tells most of where the leader is: the leader himself, then the train."""
    return min(subjects, key=lambda s: (_SUBJECTS.index(Subject(s)), s))
