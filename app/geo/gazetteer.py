"""The gazetteer: places by id, by name, by position and for labels on a map.

Lives here: reading the file that ``dateline prepare`` builds. Not here: building it
(:mod:`app.geo.gazetteer_build`) and ranking (:mod:`app.geo.place_search`). Imports errors,
:mod:`app.journey.model` and its neighbours in geo.
"""

import json
import math
import sqlite3
import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, cast

from app.errors import AmbiguousPlaceError, InputError, MissingReferenceError, UnknownPlaceError
from app.geo.gazetteer_build import SCHEMA_VERSION
from app.geo.geodesy import checked
from app.geo.place_names import fold
from app.geo.place_search import (
    CLEAR_RATIO,
    SAME_SPOT_KM,
    Candidate,
    Question,
    Score,
    distance_km,
    exact_match,
    prefix_match,
    typo_match,
)
from app.geo.spelling_index import near_keys
from app.journey.model import Place, Position

LONGEST_QUERY = 200
"""Characters; no place name comes near it."""

_COLUMNS = (
    "number, id, places.name, lon, lat, radius_km, country, time_zone, other_time_zones, feature,"
    " population, own, origin, names"
)
_PREFIX_ROWS = 20_000
_NEAR_KEYS = 120
_LAST = "\U0010ffff"


class LabelledPlace(NamedTuple):
    """A place for a label on a map, with how many people live there."""

    place: Place
    population: int


class Gazetteer:
    """Every place we know, read from one file that never changes while it is open.

    Safe to use from several threads: each has its own connection. Raises
    :class:`~app.errors.MissingReferenceError` when the file is not there or was built by
    another version.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        if not path.is_file():
            raise MissingReferenceError(f"There is no gazetteer at {path}. Run `dateline prepare`")
        try:
            (version,) = self._database.execute("PRAGMA user_version").fetchone()
        except sqlite3.DatabaseError as error:
            raise MissingReferenceError(
                f"{path} is not a gazetteer ({error}). Run `dateline prepare`"
            ) from error
        if version != SCHEMA_VERSION:
            raise MissingReferenceError(
                f"{path} was built by another version. Run `dateline prepare`"
            )

    @property
    def _database(self) -> sqlite3.Connection:
        connection = cast("sqlite3.Connection | None", getattr(self._local, "connection", None))
        if connection is None:
            uri = f"{self._path.absolute().as_uri()}?mode=ro&immutable=1"
            # A connection stays with its thread, but may be closed wherever that one ends.
            connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
            self._local.connection = connection
        return connection

    def place(self, place_id: str) -> Place:
        """The place with this id: ``khasan-station``, ``geonames:2013348``, ``country:RU``.

        A bare GeoNames number works too. A GeoNames id that one of our own places lies over
        answers with that one. Raises :class:`~app.errors.UnknownPlaceError` with suggestions.
        """
        row = self._by_id(place_id)
        if row is not None:
            return _place(row)
        wanted = place_id.strip()
        suggestions = self._suggestions(wanted.replace("-", " "))
        raise UnknownPlaceError(
            _unknown(f"No place has the id {_shown(wanted)}", suggestions), suggestions
        )

    def search(
        self,
        query: str,
        *,
        near: Sequence[Position] = (),
        countries: Collection[str] = (),
        feature: str | None = None,
        limit: int = 10,
    ) -> list[Candidate]:
        """Places that may be meant by ``query``, best first; equal texts give equal answers.

        Exact names first of all, then beginnings of names, then, when neither is found, names
        with slips of the keyboard. Case, accents, hyphens and apostrophes do not count, and a
        word for the kind ("station", "river", "역") tells the feature. ``near`` are positions
        of other places of the same story; ``countries`` (ISO 3166-1 alpha-2) and ``feature``
        are preferred, not required.

        Raises :class:`~app.errors.InputError` when there is no letter or digit in the query,
        when it is longer than :data:`LONGEST_QUERY`, or ``limit`` is not 1 to 100.
        """
        if not 1 <= limit <= 100:
            raise InputError("limit", "must be between 1 and 100")
        positions = [checked(position, "near") for position in near]
        question = Question.of(_key(query, "query"), positions, countries, feature)
        return self._search(question, limit)

    def resolve(
        self,
        name: str,
        *,
        near: Sequence[Position] = (),
        countries: Collection[str] = (),
        field: str = "place",
    ) -> Place:
        """The one place that ``name``, or an id, clearly means.

        Raises :class:`~app.errors.UnknownPlaceError` with suggestions when nothing answers,
        :class:`~app.errors.AmbiguousPlaceError` when two places answer about equally well (the
        next has over 95 % of the best score and lies elsewhere), and
        :class:`~app.errors.InputError` when there is no name; ``field`` is named in them.
        """
        key = _key(name, field)
        row = self._by_id(name)
        if row is not None:
            return _place(row)
        positions = [checked(position, field) for position in near]
        question = Question.of(key, positions, countries, None)
        found = self._search(question, 10)
        if not found or found[0].explanation.match < _SURE_MATCH:
            suggestions = tuple(dict.fromkeys(_label(c.place) for c in found[:5]))
            message = _unknown(f"{field}: no place is called {_shown(name)}", suggestions)
            raise UnknownPlaceError(message, suggestions)
        best = found[0]
        rivals = [
            other
            for other in found[1:]
            if other.score > CLEAR_RATIO * best.score
            and distance_km(other.place.position, best.place.position) > SAME_SPOT_KM
        ]
        if rivals:
            labels = [_candidate(c.place) for c in (best, *rivals)]
            raise AmbiguousPlaceError(
                field,
                f"{_shown(name)} may be {'; or '.join(labels)}. Give an id, or places near it",
                labels,
            )
        return best.place

    def reverse(
        self, position: Position, *, limit: int = 1, within_km: float = 50.0
    ) -> list[Place]:
        """The places nearest to ``position`` and within ``within_km``, nearest first.

        Countries and regions are never among them. Raises :class:`~app.errors.InputError` for
        what is no position, limit or distance.
        """
        checked(position)
        if not 1 <= limit <= 1000:
            raise InputError("limit", "must be between 1 and 1000")
        if not (math.isfinite(within_km) and 0 < within_km <= 1000):
            raise InputError("within_km", "must be above 0 and at most 1000")
        high = within_km / 110.0
        south, north = position.lat - high, position.lat + high
        wide = 360.0
        if south > -89.0 and north < 89.0:
            wide = high / math.cos(math.radians(max(abs(south), abs(north))))
        found = []
        for row in self._in_box(position.lon - wide, south, position.lon + wide, north, 0):
            off_km = distance_km(position, Position(row[3], row[4]))
            if off_km <= within_km:
                found.append((off_km, -row[10], row[0], row))
        found.sort(key=lambda entry: entry[:3])
        return [_place(row) for *_, row in found[:limit]]

    def labels(
        self,
        west: float,
        south: float,
        east: float,
        north: float,
        *,
        limit: int,
        min_population: int = 0,
    ) -> list[LabelledPlace]:
        """Cities in a box for a map, most populous first.

        A box whose ``west`` is greater than its ``east``, or that reaches beyond ±180, lies
        over the antimeridian. Raises :class:`~app.errors.InputError` for what is no box.
        """
        if not all(map(math.isfinite, (west, south, east, north))):
            raise InputError("bbox", "must be four finite numbers")
        if not -90 <= south <= north <= 90:
            raise InputError("bbox", "south must not be above north, both from -90 to 90")
        if not (-540 <= west <= 540 and -540 <= east <= 540):
            raise InputError("bbox", "west and east must be longitudes")
        if not 1 <= limit <= 10_000:
            raise InputError("limit", "must be between 1 and 10000")
        east_of_west = east if east >= west else east + 360.0
        rows = self._most_populous(west, south, east_of_west, north, min_population, limit)
        return [LabelledPlace(_place(row), row[10]) for row in rows]

    def _search(self, question: Question, limit: int) -> list[Candidate]:
        found: dict[int, tuple[Score, str, _Row]] = {}

        def take(rows: Iterable[_NameRow], match: float | None = None, asked: str = "") -> None:
            for key, rank, original, row in rows:
                score = question.score(
                    match=match if match is not None else prefix_match(asked, key),
                    rank=rank,
                    position=Position(row[3], row[4]),
                    country=row[6],
                    feature=row[9] or "place",
                    population=row[10],
                    own=bool(row[11]),
                )
                if row[0] not in found or score.total > found[row[0]][0].total:
                    found[row[0]] = (
                        score,
                        original or (row[2] if fold(row[2]) == key else key),
                        row,
                    )

        take(self._named(question.key), exact_match(bare=False))
        if question.bare != question.key:
            take(self._named(question.bare), exact_match(bare=True))
        if len(found) < limit:
            longer = list(self._beginning_with(question))
            take((row for row in longer if row[3][0] not in found), asked=question.key)
        if not any(score.match >= _SURE_MATCH for score, *_ in found.values()):
            for asked in dict.fromkeys((question.key, question.bare)):
                for key in near_keys(self._database, asked, limit=_NEAR_KEYS):
                    if match := typo_match(asked, key):
                        take(self._named(key), match)
        ranked = sorted(found.values(), key=lambda f: (-f[0].total, -f[2][10], f[2][0]))
        return [
            Candidate(_place(row), name, round(score.total, 4), score)
            for score, name, row in ranked[:limit]
        ]

    def _named(self, key: str) -> "Iterator[_NameRow]":
        for row in self._database.execute(
            f"SELECT rank, original, {_COLUMNS} FROM names JOIN places ON number = place"
            " WHERE key = ?",
            (key,),
        ):
            yield key, row[0], row[1], row[2:]

    def _beginning_with(self, question: Question) -> "Iterator[_NameRow]":
        """The most populous places with a name that begins so; cut off after many names."""
        if len(question.key) < 2:
            return
        rows = self._database.execute(
            "SELECT key, place FROM names WHERE key > ? AND key < ? LIMIT ?",
            (question.key, question.key + _LAST, _PREFIX_ROWS),
        ).fetchall()
        if not rows:
            return
        shortest: dict[int, str] = {}
        for key, number in rows:
            if number not in shortest or len(key) < len(shortest[number]):
                shortest[number] = key
        marks = ", ".join("?" * len(shortest))
        best = self._database.execute(
            f"SELECT number FROM places WHERE number IN ({marks})"
            " ORDER BY own DESC, population DESC, number LIMIT 60",
            tuple(shortest),
        ).fetchall()
        for (number,) in best:
            key = shortest[number]
            (row,) = self._database.execute(
                f"SELECT rank, original, {_COLUMNS} FROM names JOIN places ON number = place"
                " WHERE key = ? AND place = ?",
                (key, number),
            ).fetchall()
            yield key, row[0], row[1], row[2:]

    def _by_id(self, text: str) -> "_Row | None":
        wanted = text.strip()
        number = wanted.removeprefix("geonames:")
        if number.isascii() and number.isdigit() and len(number) <= 18:
            return self._one("number = ?", int(number))
        if wanted and wanted.isprintable() and len(wanted) <= LONGEST_QUERY:
            return self._one("id = ?", wanted)
        return None

    def _one(self, condition: str, value: object) -> "_Row | None":
        row = self._database.execute(
            f"SELECT {_COLUMNS} FROM places WHERE {condition}", (value,)
        ).fetchone()
        return cast("_Row | None", row)

    def _in_box(
        self, west: float, south: float, east: float, north: float, min_population: int
    ) -> "Iterator[_Row]":
        """Every place in the box, cell by cell; ``east`` may lie beyond 180."""
        first_row = min(179, max(0, math.floor(south + 90.0)))
        last_row = min(179, max(0, math.floor(north + 90.0)))
        for row in range(first_row, last_row + 1):
            for first, last in _columns(west, east):
                for found in self._database.execute(
                    f"SELECT {_COLUMNS} FROM places WHERE cell BETWEEN ? AND ?"
                    " AND population >= ? AND lat BETWEEN ? AND ?",
                    (row * 360 + first, row * 360 + last, min_population, south, north),
                ):
                    if _is_between(found[3], west, east):
                        yield found

    def _most_populous(
        self, west: float, south: float, east: float, north: float, min_population: int, limit: int
    ) -> "list[_Row]":
        cells = (north - south + 1.0) * (min(360.0, east - west) + 1.0)
        if cells <= _FEW_CELLS:
            rows = list(self._in_box(west, south, east, north, min_population))
            rows.sort(key=lambda row: (-row[10], row[0]))
            return rows[:limit]
        rows = []
        for row in self._database.execute(
            f"SELECT {_COLUMNS} FROM places WHERE cell IS NOT NULL AND population >= ?"
            " ORDER BY population DESC, number",
            (min_population,),
        ):
            if south <= row[4] <= north and _is_between(row[3], west, east):
                rows.append(row)
                if len(rows) == limit:
                    break
        return rows

    def _suggestions(self, name: str) -> tuple[str, ...]:
        if not fold(name) or len(name) > LONGEST_QUERY:
            return ()
        found = self._search(Question.of(fold(name), (), (), None), 5)
        return tuple(dict.fromkeys(candidate.place.id for candidate in found))


_SURE_MATCH = 0.8
_FEW_CELLS = 2_000

_Row = tuple[
    int, str | None, str, float, float, float, str, str, str | None, str | None, int, int,
    str | None, str | None,
]  # fmt: skip
_NameRow = tuple[str, int, str | None, _Row]


def _place(row: _Row) -> Place:
    names = json.loads(row[13]) if row[13] else {}
    return Place(
        id=row[1] or f"geonames:{row[0]}",
        name=row[2],
        position=Position(lon=row[3], lat=row[4]),
        country=row[6],
        time_zone=row[7],
        names={"en": row[2], **names},
        radius_km=row[5],
        feature=row[9] or "place",
        origin=row[12] or f"GeoNames {row[0]}",
        other_time_zones=tuple((row[8] or "").split()),
    )


def _key(query: str, field: str) -> str:
    if len(query) > LONGEST_QUERY:
        raise InputError(field, f"must not be longer than {LONGEST_QUERY} characters")
    key = fold(query)
    if not key:
        raise InputError(field, "must contain a letter or a digit of a place's name")
    return key


def _columns(west: float, east: float) -> list[tuple[int, int]]:
    """The columns of cells from ``west`` to ``east``, in one or two runs."""
    if east - west >= 359.0:
        return [(0, 359)]
    first, last = math.floor(west + 180.0) % 360, math.floor(east + 180.0) % 360
    return [(first, last)] if first <= last else [(first, 359), (0, last)]


def _is_between(lon: float, west: float, east: float) -> bool:
    return (lon - west) % 360.0 <= east - west


def _label(place: Place) -> str:
    return f"{place.name} ({place.country})"


def _candidate(place: Place) -> str:
    """A label that tells places of one name and country apart, with the id to choose it by."""
    lon, lat = place.position.lon, place.position.lat
    where = f"{abs(lat):.2f}° {'N' if lat >= 0 else 'S'} {abs(lon):.2f}° {'E' if lon >= 0 else 'W'}"
    return f"{_label(place)} {where} [{place.id}]"


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")


def _unknown(message: str, suggestions: Sequence[str]) -> str:
    return f"{message}. Did you mean {', '.join(suggestions)}?" if suggestions else f"{message}."
