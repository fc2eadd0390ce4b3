"""What of a trip was known at a time, and who independently says it.

Lives here: the cut of a trip by result time (``as_of``), its publication steps, and the origin
of a claim. Not here: where and when the journey went. Imports the journey's nouns only.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.journey.derived import Unplaced
from app.journey.model import Figure, Sighting, Source, State, Trip


@dataclass(frozen=True, slots=True)
class Known:
    """The claims that were published by ``as_of`` and still stood then.

    ``withdrawn`` maps the ids of published claims that no longer stood to the reason.
    """

    sightings: tuple[Sighting, ...]
    withdrawn: dict[str, Unplaced]


def known_at(trip: Trip, as_of: datetime | None) -> Known:
    """Cut a trip at ``as_of`` (``None``: all that is stored), in the order of the reports.

    The order is by publication, then by position in the report, then by id: never by storage.
    """
    sources = {source.id: source for source in trip.sources}
    sightings: list[Sighting] = []
    withdrawn: dict[str, Unplaced] = {}
    for sighting in sorted(trip.sightings, key=lambda s: report_order(s, sources[s.source])):
        if as_of is not None and sources[sighting.source].known_at > as_of:
            continue
        if sighting.is_active_at(as_of):
            sightings.append(sighting)
        else:
            withdrawn[sighting.id] = (
                Unplaced.RETRACTED if sighting.state is State.RETRACTED else Unplaced.SUPERSEDED
            )
    return Known(tuple(sightings), withdrawn)


def report_order(sighting: Sighting, source: Source) -> tuple[datetime, str, int, str]:
    """Sort key that puts claims in the order in which they were reported."""
    return (source.known_at, source.id, sighting.position_in_report, sighting.id)


def publication_steps(trip: Trip) -> tuple[datetime, ...]:
    """The instants, ascending, at which what is known of the trip changed."""
    used = {sighting.source for sighting in trip.sightings}
    used |= {figure.source for figure in trip.figures}
    steps = {source.known_at for source in trip.sources if source.id in used}
    steps |= {s.state_since for s in trip.sightings if s.state_since is not None}
    return tuple(sorted(steps))


def round_down(as_of: datetime, steps: Iterable[datetime]) -> datetime | None:
    """The last publication step at or before ``as_of``; ``None`` when there is none yet."""
    return max((step for step in steps if step <= as_of), default=None)


def origin_of(sighting: Sighting | Figure, sources: dict[str, Source]) -> str:
    """Who stands behind a claim: the attributed outlet if named, else the publisher.

    ``attributed_to`` names the outlet first; what follows a comma says how it knows ("Vesti
    Primorye, citing a railway source"). A syndicated copy has the origin of what it copies.
    """
    if sighting.attributed_to:
        return sighting.attributed_to.partition(",")[0].strip()
    source = sources[sighting.source]
    seen = {source.id}
    while source.derived_from in sources and source.derived_from not in seen:
        source = sources[source.derived_from]
        seen.add(source.id)
    return source.publisher
