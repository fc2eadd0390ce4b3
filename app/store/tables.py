"""The tables, as SQLModel classes: what is stored of trips, and nothing else.

Derived things (itineraries, maps) have no table. Lists keep their order in ``position``.
Changing a class needs a migration beside it (:mod:`app.store.migrations`); a test compares
the two. Imports SQLModel only; only :mod:`app.store.repository` and ``rows`` use this.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Column, DateTime, Dialect, Float, ForeignKeyConstraint
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: stored as UTC, and aware again when read. Naive ones are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC."""
        if value is not None and value.utcoffset() is None:
            raise ValueError(f"{value.isoformat()} has no UTC offset")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To an aware instant, for SQLite keeps no offset."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _instant(*, nullable: bool = True) -> Any:
    return Field(default=None, sa_column=Column(UtcDateTime, nullable=nullable))


def _json() -> Any:
    return Field(sa_column=Column(JSON, nullable=False))


def _number() -> Any:
    return Field(default=None, sa_column=Column(Float(53)))


def _of_trip(*more: ForeignKeyConstraint) -> tuple[ForeignKeyConstraint, ...]:
    return (ForeignKeyConstraint(["trip"], ["trips.slug"]), *more)


def _to(table: str, column: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["trip", column], [f"{table}.trip", f"{table}.id"])


class TripRow(SQLModel, table=True):
    """A journey at its current revision."""

    __tablename__ = "trips"

    slug: str = Field(primary_key=True)
    title: str
    subject: str
    summary: str
    mode: str
    revision: int
    withdrawn: str | None


class FormerSlugRow(SQLModel, table=True):
    """A slug that a trip had before it was renamed. Nobody else can have it."""

    __tablename__ = "former_slugs"
    __table_args__ = _of_trip()

    slug: str = Field(primary_key=True)
    trip: str = Field(index=True)
    position: int


class SourceRow(SQLModel, table=True):
    """A published report."""

    __tablename__ = "sources"
    __table_args__ = _of_trip()

    trip: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    position: int
    publisher: str
    published_earliest: datetime | None = _instant()
    published_latest: datetime | None = _instant()
    has_update: bool
    updated_earliest: datetime | None = _instant()
    updated_latest: datetime | None = _instant()
    language: str
    reliability: str
    title: str | None
    url: str | None
    archived_url: str | None
    retrieved_at: datetime | None = _instant()
    derived_from: str | None
    note: str | None


class PlaceRow(SQLModel, table=True):
    """A place as the gazetteer knew it when the trip was loaded."""

    __tablename__ = "places"
    __table_args__ = _of_trip()

    trip: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    position: int
    name: str
    lon: float = _number()
    lat: float = _number()
    country: str
    time_zone: str
    names: dict[str, str] = _json()
    radius_km: float = _number()
    feature: str
    origin: str
    other_time_zones: list[str] = _json()


class SightingRow(SQLModel, table=True):
    """One claim in one source."""

    __tablename__ = "sightings"
    __table_args__ = _of_trip(_to("sources", "source"), _to("places", "place"))

    trip: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    position: int
    source: str
    subject: str
    event: str
    modality: str
    place: str
    earliest: datetime | None = _instant()
    latest: datetime | None = _instant()
    wording: str
    attributed_to: str | None
    evidence: str
    credibility: int
    claim: str
    mode: str | None
    position_in_report: int
    state: str
    state_since: datetime | None = _instant()
    state_reason: str | None
    superseded_by: str | None


class AssumptionRow(SQLModel, table=True):
    """Something taken for granted."""

    __tablename__ = "assumptions"
    __table_args__ = _of_trip(_to("sources", "source"))

    trip: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    position: int
    kind: str
    mode: str | None
    kmh: float | None = _number()
    hours: float | None = _number()
    countries: list[str] = _json()
    places: list[str] = _json()
    source: str | None
    reason: str | None


class FigureRow(SQLModel, table=True):
    """A distance or duration that a source gives, of this journey or in general."""

    __tablename__ = "figures"
    __table_args__ = _of_trip(
        _to("sources", "source"), _to("places", "origin"), _to("places", "destination")
    )

    trip: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    position: int
    source: str
    origin: str
    destination: str
    claim: str
    mode: str
    distance_km: list[float | None] | None = Field(sa_column=Column(JSON(none_as_null=True)))
    duration_h: list[float | None] | None = Field(sa_column=Column(JSON(none_as_null=True)))
    of_this_journey: bool
    attributed_to: str | None
    credibility: int


class ChangeRow(SQLModel, table=True):
    """One change of one trip: what was before and after.

    Rows are only ever added; those of a trip that is renamed go with it.
    """

    __tablename__ = "changes"
    __table_args__ = _of_trip()

    id: int | None = Field(default=None, primary_key=True)
    trip: str = Field(index=True)
    revision: int
    at: datetime = _instant(nullable=False)
    kind: str
    who: str
    payload: dict[str, Any] = _json()
