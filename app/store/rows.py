"""Values to rows and back: nothing of a trip is lost on the way.

Lives here: the mapping only. Not here: queries (:mod:`app.store.repository`). Imports the
journey's values and the tables.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlmodel import SQLModel

from app.journey.bounds import Bounds
from app.journey.interval import Interval
from app.journey.model import (
    Assumption,
    AssumptionKind,
    Event,
    Evidence,
    Figure,
    Modality,
    Mode,
    Place,
    Position,
    Sighting,
    Source,
    State,
    Trip,
)
from app.store.tables import (
    AssumptionRow,
    FigureRow,
    PlaceRow,
    SightingRow,
    SourceRow,
)

Row = Mapping[str, Any]

# Children after what they point at; read backwards it is the order to delete in.
PARTS: tuple[type[SQLModel], ...] = (PlaceRow, SourceRow, SightingRow, AssumptionRow, FigureRow)


def trip_row(trip: Trip) -> dict[str, Any]:
    """The row of the trip itself; the slugs it had before have a table of their own."""
    return {
        "slug": trip.slug,
        "title": trip.title,
        "subject": trip.subject,
        "summary": trip.summary,
        "mode": str(trip.mode),
        "revision": trip.revision,
        "withdrawn": trip.withdrawn,
    }


def former_slug_rows(trip: Trip) -> list[dict[str, Any]]:
    """The rows of the slugs that the trip had before."""
    return [
        {"slug": slug, "trip": trip.slug, "position": at} for at, slug in enumerate(trip.formerly)
    ]


def part_rows(trip: Trip) -> dict[type[SQLModel], list[dict[str, Any]]]:
    """The rows of everything that belongs to the trip, by table, in the order of ``PARTS``."""
    made: dict[type[SQLModel], Iterable[dict[str, Any]]] = {
        PlaceRow: map(_place_row, trip.places.values()),
        SourceRow: map(_source_row, trip.sources),
        SightingRow: map(_sighting_row, trip.sightings),
        AssumptionRow: map(_assumption_row, trip.assumptions),
        FigureRow: map(_figure_row, trip.figures),
    }
    return {
        table: [{"trip": trip.slug, "position": at, **row} for at, row in enumerate(rows)]
        for table, rows in made.items()
    }


def trip_of(
    row: Any, formerly: Iterable[str], parts: Mapping[type[SQLModel], Iterable[Any]]
) -> Trip:
    """The trip of its row in ``trips``, its former slugs and its parts, all in order."""
    return Trip(
        slug=row.slug,
        title=row.title,
        subject=row.subject,
        summary=row.summary,
        mode=Mode(row.mode),
        revision=row.revision,
        sources=tuple(map(_source, parts[SourceRow])),
        sightings=tuple(map(_sighting, parts[SightingRow])),
        assumptions=tuple(map(_assumption, parts[AssumptionRow])),
        figures=tuple(map(_figure, parts[FigureRow])),
        places={place.id: _place(place) for place in parts[PlaceRow]},
        formerly=tuple(formerly),
        withdrawn=row.withdrawn,
    )


def _place_row(place: Place) -> dict[str, Any]:
    return {
        "id": place.id,
        "name": place.name,
        "lon": place.position.lon,
        "lat": place.position.lat,
        "country": place.country,
        "time_zone": place.time_zone,
        "names": dict(place.names),
        "radius_km": place.radius_km,
        "feature": place.feature,
        "origin": place.origin,
        "other_time_zones": list(place.other_time_zones),
    }


def _place(row: PlaceRow) -> Place:
    return Place(
        id=row.id,
        name=row.name,
        position=Position(lon=row.lon, lat=row.lat),
        country=row.country,
        time_zone=row.time_zone,
        names=dict(row.names),
        radius_km=row.radius_km,
        feature=row.feature,
        origin=row.origin,
        other_time_zones=tuple(row.other_time_zones),
    )


def _source_row(source: Source) -> dict[str, Any]:
    updated = source.updated_at
    return {
        "id": source.id,
        "publisher": source.publisher,
        "published_earliest": source.published_at.earliest,
        "published_latest": source.published_at.latest,
        "has_update": updated is not None,
        "updated_earliest": updated.earliest if updated else None,
        "updated_latest": updated.latest if updated else None,
        "language": source.language,
        "reliability": source.reliability,
        "title": source.title,
        "url": source.url,
        "archived_url": source.archived_url,
        "retrieved_at": source.retrieved_at,
        "derived_from": source.derived_from,
        "note": source.note,
    }


def _source(row: SourceRow) -> Source:
    return Source(
        id=row.id,
        publisher=row.publisher,
        published_at=Interval(row.published_earliest, row.published_latest),
        language=row.language,
        reliability=row.reliability,
        title=row.title,
        url=row.url,
        archived_url=row.archived_url,
        retrieved_at=row.retrieved_at,
        updated_at=(Interval(row.updated_earliest, row.updated_latest) if row.has_update else None),
        derived_from=row.derived_from,
        note=row.note,
    )


def _sighting_row(sighting: Sighting) -> dict[str, Any]:
    return {
        "id": sighting.id,
        "source": sighting.source,
        "subject": str(sighting.subject),
        "event": str(sighting.event),
        "modality": str(sighting.modality),
        "place": sighting.place,
        "earliest": sighting.when.earliest,
        "latest": sighting.when.latest,
        "wording": sighting.wording,
        "attributed_to": sighting.attributed_to,
        "evidence": str(sighting.evidence),
        "credibility": sighting.credibility,
        "claim": sighting.claim,
        "mode": _optional(sighting.mode),
        "position_in_report": sighting.position_in_report,
        "state": str(sighting.state),
        "state_since": sighting.state_since,
        "state_reason": sighting.state_reason,
        "superseded_by": sighting.superseded_by,
    }


def _sighting(row: SightingRow) -> Sighting:
    return Sighting(
        id=row.id,
        source=row.source,
        subject=row.subject,
        event=Event(row.event),
        modality=Modality(row.modality),
        place=row.place,
        when=Interval(row.earliest, row.latest),
        wording=row.wording,
        attributed_to=row.attributed_to,
        evidence=Evidence(row.evidence),
        credibility=row.credibility,
        claim=row.claim,
        mode=None if row.mode is None else Mode(row.mode),
        position_in_report=row.position_in_report,
        state=State(row.state),
        state_since=row.state_since,
        state_reason=row.state_reason,
        superseded_by=row.superseded_by,
    )


def _assumption_row(assumption: Assumption) -> dict[str, Any]:
    return {
        "name": assumption.name,
        "kind": str(assumption.kind),
        "mode": _optional(assumption.mode),
        "kmh": assumption.kmh,
        "hours": assumption.hours,
        "countries": list(assumption.countries),
        "places": list(assumption.places),
        "source": assumption.source,
        "reason": assumption.reason,
    }


def _assumption(row: AssumptionRow) -> Assumption:
    return Assumption(
        name=row.name,
        kind=AssumptionKind(row.kind),
        mode=None if row.mode is None else Mode(row.mode),
        kmh=row.kmh,
        hours=row.hours,
        countries=tuple(row.countries),
        places=tuple(row.places),
        source=row.source,
        reason=row.reason,
    )


def _figure_row(figure: Figure) -> dict[str, Any]:
    return {
        "id": figure.id,
        "source": figure.source,
        "origin": figure.origin,
        "destination": figure.destination,
        "claim": figure.claim,
        "mode": str(figure.mode),
        "distance_km": _ends(figure.distance_km),
        "duration_h": _ends(figure.duration_h),
        "of_this_journey": figure.of_this_journey,
        "attributed_to": figure.attributed_to,
        "credibility": figure.credibility,
    }


def _figure(row: FigureRow) -> Figure:
    return Figure(
        id=row.id,
        source=row.source,
        origin=row.origin,
        destination=row.destination,
        claim=row.claim,
        mode=Mode(row.mode),
        distance_km=None if row.distance_km is None else Bounds(*row.distance_km),
        duration_h=None if row.duration_h is None else Bounds(*row.duration_h),
        of_this_journey=row.of_this_journey,
        attributed_to=row.attributed_to,
        credibility=row.credibility,
    )


def _ends(bounds: Bounds | None) -> list[float | None] | None:
    return None if bounds is None else [bounds.lower, bounds.upper]


def _optional(value: Mode | None) -> str | None:
    return None if value is None else str(value)


def plain(value: Any) -> Any:
    """A row's values as JSON has them: instants as RFC 3339 texts."""
    if isinstance(value, datetime):
        return value.isoformat()
    return value
