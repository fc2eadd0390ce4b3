"""The only queries: trips in and out of the database, and the record of what changed.

A trip is stored whole: its rows are those of its current revision. What an earlier revision
said and a later one no longer does is kept, before and after, in the trip's changes. Imports
the journey's values; raises :mod:`app.errors` only.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, update
from sqlmodel import Session, SQLModel, col, select

from app.errors import ConflictError, InputError, UnknownTripError
from app.journey.model import Trip
from app.store.database import Database
from app.store.rows import PARTS, part_rows, plain, trip_of, trip_row
from app.store.tables import ChangeRow, TripRow


@dataclass(frozen=True, slots=True)
class TripSummary:
    """A trip in a list."""

    slug: str
    title: str
    subject: str
    summary: str
    revision: int


@dataclass(frozen=True, slots=True)
class Change:
    """What one revision changed.

    ``payload`` maps ``trip``, ``sources``, ``places``, ``sightings``, ``assumptions`` and
    ``figures`` to ``{id: {"before": …, "after": …}}``, with ``None`` for what was not there.
    """

    revision: int
    at: datetime
    kind: str
    who: str
    payload: Mapping[str, Any]


class Repository:
    """The stored trips of one database. ``now`` dates the changes.

    Every method raises :class:`app.errors.StoreError` when the database refuses.
    """

    def __init__(
        self, database: Database, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database = database
        self._now = now

    def slugs(self) -> list[str]:
        """The slugs of all trips, sorted."""
        return [summary.slug for summary in self.trips()]

    def trips(self) -> list[TripSummary]:
        """All trips, sorted by slug."""
        with self._database.reading() as connection, Session(connection) as session:
            rows = session.exec(select(TripRow)).all()
            # Sorted here: the databases' collations differ.
            return sorted(
                (
                    TripSummary(row.slug, row.title, row.subject, row.summary, row.revision)
                    for row in rows
                ),
                key=lambda summary: summary.slug,
            )

    def revision(self, slug: str) -> int:
        """The current revision; one look-up. Raises :class:`app.errors.UnknownTripError`."""
        with self._database.reading() as connection:
            return _revision(connection, slug) or _unknown(slug)

    def trip(self, slug: str) -> Trip:
        """The trip as stored. Raises :class:`app.errors.UnknownTripError`."""
        with self._database.reading() as connection:
            return _read(connection, slug) or _unknown(slug)

    def changes(self, slug: str) -> list[Change]:
        """What changed, oldest first. Raises :class:`app.errors.UnknownTripError`."""
        with self._database.reading() as connection, Session(connection) as session:
            if _revision(connection, slug) is None:
                _unknown(slug)
            chosen = select(ChangeRow).where(ChangeRow.trip == slug).order_by(col(ChangeRow.id))
            return [
                Change(row.revision, row.at, row.kind, row.who, row.payload)
                for row in session.exec(chosen)
            ]

    def data_version(self) -> int:
        """A number that grows with every change of any trip, by whatever process."""
        with self._database.reading() as connection:
            return connection.scalar(select(func.max(col(ChangeRow.id)))) or 0

    def save(
        self, trip: Trip, *, who: str, kind: str = "saved", expected_revision: int | None = None
    ) -> int:
        """Store ``trip``; the revision it then has, one more than before if it differs.

        ``trip.revision`` itself is not looked at. With ``expected_revision`` (0: not stored
        yet) it raises :class:`app.errors.ConflictError` when somebody else wrote first.
        """
        with self._database.writing() as connection:
            return self._save(connection, trip, who, kind, expected_revision)

    def load(self, trips: Iterable[Trip], *, who: str = "dossier") -> dict[str, int]:
        """Store several trips, all or none; their revisions by slug.

        Loading what is stored already changes nothing. Raises :class:`app.errors.InputError`
        when two have the same slug.
        """
        by_slug: dict[str, Trip] = {}
        for trip in trips:
            if by_slug.setdefault(trip.slug, trip) is not trip:
                raise InputError("slug", f"“{trip.slug}” is the slug of two dossiers; change one")
        with self._database.writing() as connection:
            return {
                slug: self._save(connection, trip, who, "loaded", None)
                for slug, trip in by_slug.items()
            }

    def _save(
        self, connection: Connection, trip: Trip, who: str, kind: str, expected: int | None
    ) -> int:
        stored = _read(connection, trip.slug)
        revision = stored.revision if stored else 0
        if expected is not None and expected != revision:
            raise ConflictError(
                f"“{trip.slug}” is at revision {revision}, not {expected}: somebody else changed "
                "it; look at what they changed, then make your change again"
            )
        if stored is not None and replace(trip, revision=revision) == stored:
            return revision
        changed = replace(trip, revision=revision + 1)
        payload = _difference(stored, changed)
        _write(connection, changed, is_new=stored is None)
        connection.execute(
            insert(ChangeRow).values(
                trip=trip.slug,
                revision=changed.revision,
                at=self._now(),
                kind=kind,
                who=who,
                payload=payload,
            )
        )
        return changed.revision


def _unknown(slug: str) -> Any:
    raise UnknownTripError(f"there is no trip “{slug[:100]}”")


def _revision(connection: Connection, slug: str) -> int | None:
    if not slug.isprintable():  # NUL and surrogates: what some databases do not even look for
        return None
    return connection.scalar(select(TripRow.revision).where(TripRow.slug == slug))


def _read(connection: Connection, slug: str) -> Trip | None:
    if not slug.isprintable():
        return None
    table = TripRow.__table__  # type: ignore[attr-defined]
    row = connection.execute(select(table).where(table.c.slug == slug)).first()
    if row is None:
        return None
    parts: dict[type[SQLModel], list[Any]] = {}
    for part in PARTS:
        columns = part.__table__  # type: ignore[attr-defined]
        chosen = select(columns).where(columns.c.trip == slug).order_by(columns.c.position)
        parts[part] = list(connection.execute(chosen))
    return trip_of(row, parts)


def _write(connection: Connection, trip: Trip, *, is_new: bool) -> None:
    for part in reversed(PARTS):
        columns = part.__table__  # type: ignore[attr-defined]
        connection.execute(delete(columns).where(columns.c.trip == trip.slug))
    if is_new:
        connection.execute(insert(TripRow).values(trip_row(trip)))
    else:
        connection.execute(
            update(TripRow).where(col(TripRow.slug) == trip.slug).values(trip_row(trip))
        )
    for part, rows in part_rows(trip).items():
        if rows:
            connection.execute(insert(part), rows)


def _difference(before: Trip | None, after: Trip) -> dict[str, Any]:
    """What differs, by table and id; an order that changed shows in ``position``."""
    old, new = _plain_parts(before), _plain_parts(after)
    payload: dict[str, Any] = {}
    for table in new:
        ids = [*old.get(table, {}), *(key for key in new[table] if key not in old.get(table, {}))]
        changed = {
            key: {"before": old.get(table, {}).get(key), "after": new[table].get(key)}
            for key in ids
            if old.get(table, {}).get(key) != new[table].get(key)
        }
        if changed:
            payload[table] = changed
    return payload


def _plain_parts(trip: Trip | None) -> dict[str, dict[str, dict[str, Any]]]:
    if trip is None:
        return {}
    tables: dict[str, dict[str, dict[str, Any]]] = {
        "trip": {trip.slug: {k: v for k, v in trip_row(trip).items() if k != "revision"}}
    }
    for part, rows in part_rows(trip).items():
        tables[str(part.__tablename__)] = {
            row.get("id") or row["name"]: {k: plain(v) for k, v in row.items() if k != "trip"}
            for row in rows
        }
    return tables
