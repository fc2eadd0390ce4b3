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

from app.errors import ConflictError, InputError, MovedTripError, SlugError, UnknownTripError
from app.journey.model import Trip
from app.store.database import Database
from app.store.dossier_fields import (
    LONGEST_SENTENCE,
    MOST_TEXTS,
    SLUG,
    SLUG_SAYS,
    text_problem,
)
from app.store.rows import PARTS, former_slug_rows, part_rows, plain, trip_of, trip_row
from app.store.tables import ChangeRow, FormerSlugRow, TripRow
from app.words import Message


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

    Every method raises :class:`app.errors.StoreError` when the database refuses, and every one
    that is asked for a trip :class:`app.errors.UnknownTripError` when there is none; that is a
    :class:`app.errors.MovedTripError` where the trip has another slug now.
    """

    def __init__(
        self, database: Database, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database = database
        self._now = now

    def slugs(self) -> list[str]:
        """The slugs of all trips that are shown, sorted."""
        return [summary.slug for summary in self.trips()]

    def trips(self) -> list[TripSummary]:
        """All trips that are shown, sorted by slug; those that are withdrawn are not."""
        with self._database.reading() as connection, Session(connection) as session:
            rows = session.exec(select(TripRow).where(col(TripRow.withdrawn).is_(None))).all()
            # Sorted here: the databases' collations differ.
            return sorted(
                (
                    TripSummary(row.slug, row.title, row.subject, row.summary, row.revision)
                    for row in rows
                ),
                key=lambda summary: summary.slug,
            )

    def withdrawn(self) -> dict[str, str]:
        """The sentences of the trips that are withdrawn, by slug, sorted."""
        with self._database.reading() as connection, Session(connection) as session:
            rows = session.exec(select(TripRow).where(col(TripRow.withdrawn).is_not(None))).all()
            return dict(sorted((row.slug, row.withdrawn or "") for row in rows))

    def revision(self, slug: str) -> int:
        """The current revision; one look-up."""
        with self._database.reading() as connection:
            return _revision(connection, slug) or _unknown(connection, slug)

    def trip(self, slug: str) -> Trip:
        """The trip as stored, also one that is withdrawn."""
        with self._database.reading() as connection:
            return _read(connection, slug) or _unknown(connection, slug)

    def changes(self, slug: str) -> list[Change]:
        """What changed, oldest first, also under the slugs that the trip had before."""
        with self._database.reading() as connection, Session(connection) as session:
            if _revision(connection, slug) is None:
                _unknown(connection, slug)
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
        yet) it raises :class:`app.errors.ConflictError` when somebody else wrote first. Raises
        :class:`app.errors.SlugError` for slugs, present or former, of another trip.
        """
        with self._database.writing() as connection:
            return self._save(connection, trip, who, kind, expected_revision)

    def load(self, trips: Iterable[Trip], *, who: str = "dossier") -> dict[str, int]:
        """Store several trips, all or none; their revisions by slug.

        Loading what is stored already changes nothing. Former slugs that are stored stay, and
        so does a withdrawal: whoever keeps dossiers need not know of either. Raises
        :class:`app.errors.InputError` when two have the same slug, and
        :class:`app.errors.SlugError` as :meth:`save` does.
        """
        by_slug: dict[str, Trip] = {}
        for trip in trips:
            if by_slug.setdefault(trip.slug, trip) is not trip:
                raise InputError("slug", f"“{trip.slug}” is the slug of two dossiers; change one")
        with self._database.writing() as connection:
            return {
                slug: self._save(connection, trip, who, "loaded", keeps=True)
                for slug, trip in by_slug.items()
            }

    def rename(self, slug: str, new: str, *, who: str) -> int:
        """Give a trip another slug; its revision then. The one it had stays its own for ever.

        Raises :class:`app.errors.InputError` for a bad slug, and
        :class:`app.errors.SlugError` for one that another trip has or had.
        """
        if not SLUG.fullmatch(new):
            raise InputError("slug", f"“{new[:100]}” must be {SLUG_SAYS}")
        with self._database.writing() as connection:
            stored = _read(connection, slug) or _unknown(connection, slug)
            if _revision(connection, new) is not None:
                whose = "its own already" if new == slug else "that of another trip"
                raise SlugError("slug", f"“{new}” is {whose}; choose another", trip=slug)
            if (owner := _called_now(connection, new)) not in (None, slug):
                raise SlugError(
                    "slug",
                    f"“{new}” is what “{owner}” was called, and links to it lead there; "
                    "choose another",
                    trip=slug,
                )
            formerly = (*(former for former in stored.formerly if former != new), slug)
            renamed = replace(stored, slug=new, formerly=formerly, revision=stored.revision + 1)
            _check_former_slugs(connection, renamed, stored)
            self._change(connection, stored, renamed, who, "renamed")
            return renamed.revision

    def withdraw(self, slug: str, sentence: str, *, who: str) -> int:
        """Show a trip no longer, but ``sentence``, why; its revision then. Nothing is erased.

        Raises :class:`app.errors.InputError` for what is not one line of text.
        """
        sentence = sentence.strip()
        if not sentence:
            raise InputError("reason", "is empty; write one sentence for readers")
        if (reason := text_problem(sentence, LONGEST_SENTENCE)) is not None:
            raise InputError("reason", reason)
        with self._database.writing() as connection:
            stored = _read(connection, slug) or _unknown(connection, slug)
            return self._save(connection, replace(stored, withdrawn=sentence), who, "withdrawn")

    def restore(self, slug: str, *, who: str) -> int:
        """Show a trip again that was withdrawn; its revision then.

        Raises :class:`app.errors.InputError` for one that was not.
        """
        with self._database.writing() as connection:
            stored = _read(connection, slug) or _unknown(connection, slug)
            if stored.withdrawn is None:
                raise InputError("slug", f"“{slug}” is not withdrawn")
            return self._save(connection, replace(stored, withdrawn=None), who, "restored")

    def _save(
        self,
        connection: Connection,
        trip: Trip,
        who: str,
        kind: str,
        expected: int | None = None,
        *,
        keeps: bool = False,
    ) -> int:
        stored = _read(connection, trip.slug)
        revision = stored.revision if stored else 0
        if expected is not None and expected != revision:
            raise ConflictError(
                f"“{trip.slug}” is at revision {revision}, not {expected}: somebody else changed "
                "it; look at what they changed, then make your change again"
            )
        if stored is not None and keeps:
            trip = _keeping(stored, trip)
        if stored is not None and replace(trip, revision=revision) == stored:
            return revision
        if stored is None and (now := _called_now(connection, trip.slug)) is not None:
            raise SlugError(
                "slug",
                f'“{trip.slug}” is called “{now}” now; write slug = "{now}" if that is the '
                "trip, or else choose a slug that none has had",
                trip=trip.slug,
            )
        changed = replace(trip, revision=revision + 1)
        _check_former_slugs(connection, changed, stored)
        self._change(connection, stored, changed, who, kind)
        return changed.revision

    def _change(
        self, connection: Connection, before: Trip | None, after: Trip, who: str, kind: str
    ) -> None:
        _write(connection, after, instead_of=None if before is None else before.slug)
        connection.execute(
            insert(ChangeRow).values(
                trip=after.slug,
                revision=after.revision,
                at=self._now(),
                kind=kind,
                who=who,
                payload=_difference(before, after),
            )
        )


def _keeping(stored: Trip, trip: Trip) -> Trip:
    """The trip with what only :class:`Repository` takes back: old links, and a withdrawal."""
    more = tuple(former for former in trip.formerly if former not in stored.formerly)
    return replace(
        trip, formerly=stored.formerly + more, withdrawn=trip.withdrawn or stored.withdrawn
    )


def _check_former_slugs(connection: Connection, trip: Trip, stored: Trip | None) -> None:
    known = () if stored is None else (*stored.formerly, stored.slug)
    for former in trip.formerly:
        reason = None
        if former == trip.slug:
            reason = f"“{former}” is the slug that the trip has now; leave it out"
        elif former in known:
            continue
        elif _revision(connection, former) is not None:
            reason = (
                f"“{former}” is the slug of a trip that is stored; if it is this one, run "
                f"`dateline rename {former} {trip.slug}` first"
            )
        elif (owner := _called_now(connection, former)) is not None:
            reason = f"“{former}” is what “{owner}” was called, and links to it lead there"
        if reason is not None:
            raise SlugError("formerly", reason, trip=trip.slug)
    if len(trip.formerly) > MOST_TEXTS:
        reason = f"a trip can have had {MOST_TEXTS} slugs, and these are {len(trip.formerly)}"
        raise SlugError("formerly", reason, trip=trip.slug)


def _unknown(connection: Connection, slug: str) -> Any:
    if (now := _called_now(connection, slug)) is not None:
        raise MovedTripError(slug, now)
    raise UnknownTripError(Message("no_trip", slug=slug[:100]))


def _called_now(connection: Connection, slug: str) -> str | None:
    """The slug of the trip that had this one before; one look-up."""
    if not slug.isprintable():
        return None
    return connection.scalar(select(FormerSlugRow.trip).where(FormerSlugRow.slug == slug))


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
    former = FormerSlugRow.__table__  # type: ignore[attr-defined]
    chosen = select(former.c.slug).where(former.c.trip == slug).order_by(former.c.position)
    return trip_of(row, connection.scalars(chosen), parts)


def _write(connection: Connection, trip: Trip, *, instead_of: str | None) -> None:
    """Write all rows of ``trip``, in place of those of the trip with that slug."""
    if instead_of is not None:
        for part in (FormerSlugRow, *reversed(PARTS)):
            columns = part.__table__  # type: ignore[attr-defined]
            connection.execute(delete(columns).where(columns.c.trip == instead_of))
    if instead_of == trip.slug:
        connection.execute(
            update(TripRow).where(col(TripRow.slug) == trip.slug).values(trip_row(trip))
        )
    else:
        connection.execute(insert(TripRow).values(trip_row(trip)))
        if instead_of is not None:
            # What was recorded goes with the trip: nothing may point at the row that goes.
            connection.execute(
                update(ChangeRow).where(col(ChangeRow.trip) == instead_of).values(trip=trip.slug)
            )
            connection.execute(delete(TripRow).where(col(TripRow.slug) == instead_of))
    tables = part_rows(trip)
    tables[FormerSlugRow] = former_slug_rows(trip)
    for table, rows in tables.items():
        if rows:
            connection.execute(insert(table), rows)


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
        "trip": {
            trip.slug: {
                **{k: v for k, v in trip_row(trip).items() if k != "revision"},
                "formerly": list(trip.formerly),
            }
        }
    }
    for part, rows in part_rows(trip).items():
        tables[str(part.__tablename__)] = {
            row.get("id") or row["name"]: {k: plain(v) for k, v in row.items() if k != "trip"}
            for row in rows
        }
    return tables
