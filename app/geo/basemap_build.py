"""Build the base map file from Natural Earth's countries and lakes.

Lives here: reading, simplifying without opening seams, deriving borders. Not here: clipping
(:mod:`app.geo.basemap`). Runs at set-up only; imports errors and its neighbour.
"""

import gzip
import io
import json
import re
import sqlite3
import unicodedata
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapefile
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from app.errors import BuildError
from app.geo.basemap import DECIMALS, LANGUAGES, Detail, on_grid, room_around, roomiest_point

TOLERANCE_DEG = {Detail.DETAILED: 0.002, Detail.REGIONAL: 0.02, Detail.WORLD: 0.1}
"""Square root of the largest triangle left out (Visvalingam & Whyatt 1993), in degrees."""

_GRID = 10.0**-DECIMALS
_Geometries = npt.NDArray[np.object_]

_SCHEMA = """
CREATE TABLE country (
    id INTEGER PRIMARY KEY, code TEXT NOT NULL, names TEXT NOT NULL,
    label_rank INTEGER NOT NULL, lon REAL NOT NULL, lat REAL NOT NULL,
    radius_deg REAL NOT NULL
) STRICT;
CREATE TABLE border (
    id INTEGER PRIMARY KEY, one INTEGER NOT NULL REFERENCES country,
    other INTEGER NOT NULL REFERENCES country, disputed INTEGER NOT NULL
) STRICT;
CREATE TABLE shape (
    layer TEXT NOT NULL, detail TEXT NOT NULL,
    west REAL NOT NULL, east REAL NOT NULL, south REAL NOT NULL, north REAL NOT NULL,
    owner INTEGER NOT NULL, geometry BLOB NOT NULL
) STRICT;
"""
_INDEX = "CREATE INDEX shape_box ON shape (layer, detail, west, east, south, north)"


@dataclass(frozen=True, slots=True)
class _Country:
    """One record of Natural Earth. ``views`` tells whose it is in each of its points of view."""

    code: str
    names: Mapping[str, str]
    label_rank: int
    lon: float
    lat: float
    views: Mapping[str, str]
    is_nobodys: bool


def build(inputs: Mapping[str, Path], output: Path, progress: Callable[[float], None]) -> None:
    """Make ``output`` of ``natural_earth_countries`` (a zipped shapefile) and ``blips_basemap``.

    Raises :class:`BuildError` when either is not as expected.
    """
    countries, land = _read_countries(inputs["natural_earth_countries"])
    progress(0.3)
    lakes = _read_lakes(inputs["blips_basemap"])
    progress(0.35)
    with closing(sqlite3.connect(output)) as connection, connection:
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _SCHEMA)
        connection.executemany(
            "INSERT INTO country VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    key,
                    c.code,
                    json.dumps(c.names, ensure_ascii=False),
                    c.label_rank,
                    *_label(c, area),
                )
                for key, (c, area) in enumerate(zip(countries, land, strict=True))
            ),
        )
        borders: dict[tuple[int, int], int] = {}
        for done, (detail, tolerance) in enumerate(TOLERANCE_DEG.items()):
            # Each level starts from the finer one before it, which is less to look at.
            land = _repaired(shapely.coverage_simplify(land, tolerance))
            for (one, other), lines in _shared_edges(land):
                key = borders.setdefault((one, other), len(borders))
                _store(connection, "borders", detail, key, lines)
            for owner, polygons in enumerate(_worth_drawing(land, tolerance)):
                _store(connection, "land", detail, owner, polygons)
            simple_lakes = _repaired(shapely.simplify(lakes, tolerance / 2))
            is_large = shapely.area(simple_lakes) > 4 * tolerance**2
            for number, lake in enumerate(simple_lakes[is_large]):
                _store(connection, "lakes", detail, number, _parts(lake))
            progress(0.35 + 0.2 * (done + 1))
        connection.executemany(
            "INSERT INTO border VALUES (?, ?, ?, ?)",
            (
                (key, one, other, _is_disputed(countries[one], countries[other]))
                for (one, other), key in borders.items()
            ),
        )
        connection.execute(_INDEX)
    progress(1.0)


def _label(country: _Country, area: BaseGeometry) -> tuple[float, float, float]:
    """Where the country's name goes on a map of all of it, and the room that it has there."""
    largest = max(_parts(area), key=lambda polygon: float(polygon.area))
    point = shapely.Point(country.lon, country.lat)
    if not shapely.contains_xy(largest, point.x, point.y):
        point, _ = roomiest_point(largest)
    return point.x, point.y, room_around(point, largest)


def _read_countries(path: Path) -> tuple[list[_Country], _Geometries]:
    countries: list[_Country] = []
    shapes: list[BaseGeometry] = []
    try:
        with zipfile.ZipFile(path) as archive:
            parts = {
                name.rpartition(".")[2]: io.BytesIO(archive.read(name))
                for name in archive.namelist()
                if name.endswith((".shp", ".dbf"))
            }
        with shapefile.Reader(**parts, encoding="utf-8") as reader:
            for item in reader.iterShapeRecords():
                countries.append(_country(item.record.as_dict()))
                shapes.append(shape(item.shape.__geo_interface__))
    except (zipfile.BadZipFile, shapefile.ShapefileException, KeyError, TypeError) as error:
        raise BuildError(f"Natural Earth's countries cannot be read: {error!r}") from error
    land = np.array(shapes, dtype=object)
    # One grid for all, before anything else: neighbours keep the very same vertices.
    return countries, _repaired(shapely.transform(land, on_grid))


def _country(record: Mapping[str, Any]) -> _Country:
    titles = [record[key] for key in ("NAME", "ADMIN", "NAME_LONG")]
    # One record carries the translations of another country; its NAME_EN gives it away.
    is_translated = bool(_stems(record["NAME_EN"]) & _stems(*titles))
    if is_translated:
        titles.append(record["NAME_EN"])
    # The shortest that is not abbreviated: South Korea, but not Central African Rep.
    names = {"en": min((t for t in titles if "." not in t), key=len, default=titles[0])}
    for language in LANGUAGES if is_translated else ():
        names.setdefault(language, record[f"NAME_{language.upper()}"])
    code = record["ISO_A2_EH"]
    return _Country(
        code=code if re.fullmatch(r"[A-Z]{2}", code) else "",
        names=names,
        label_rank=int(record["LABELRANK"]),
        lon=round(float(record["LABEL_X"]), DECIMALS),
        lat=round(float(record["LABEL_Y"]), DECIMALS),
        views={
            key: str(value)
            for key, value in record.items()
            if re.fullmatch(r"ADM0_A3_[A-Z]{2}", key) and isinstance(value, str) and value
        },
        is_nobodys=record["TYPE"] == "Indeterminate" and record["ISO_A2_EH"] == "-99",
    )


def _stems(*texts: str) -> set[str]:
    """Beginnings of the telling words, so that Macau is Macao and São is Sao."""
    plain = unicodedata.normalize("NFKD", " ".join(texts)).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z]{3,}", plain.lower())
    return {word[:3] for word in words if word not in {"the", "and", "island", "islands"}}


def _is_disputed(one: _Country, other: _Country) -> bool:
    """Whether some point of view knows no border here, or a side belongs to nobody."""
    return (
        one.is_nobodys
        or other.is_nobodys
        or any(other.views.get(view) == owner for view, owner in one.views.items())
    )


def _read_lakes(path: Path) -> _Geometries:
    try:
        lakes = json.loads(gzip.decompress(path.read_bytes()))["lakes"]
        polygons = [shapely.Polygon(rings[0], rings[1:]) for rings in lakes]
    except (OSError, ValueError, KeyError, IndexError) as error:
        raise BuildError(f"the lakes cannot be read: {error!r}") from error
    return _repaired(shapely.transform(np.array(polygons, dtype=object), on_grid))


def _repaired(areas: _Geometries) -> _Geometries:
    """Valid areas on the grid of coordinates: a few rings of the source touch themselves."""
    is_broken = ~shapely.is_valid(areas)
    repaired = areas.copy()
    mended = shapely.set_precision(shapely.buffer(shapely.make_valid(areas[is_broken]), 0), _GRID)
    repaired[is_broken] = shapely.transform(mended, on_grid)
    return repaired


def _worth_drawing(land: _Geometries, tolerance: float) -> Iterator[list[BaseGeometry]]:
    """The polygons of each country, without islets below what the level of detail shows."""
    for area in land:
        polygons = sorted(_parts(area), key=lambda p: float(p.area), reverse=True)
        yield polygons[:1] + [p for p in polygons[1:] if p.area > tolerance**2]


def _parts(geometry: BaseGeometry) -> list[BaseGeometry]:
    oriented = shapely.orient_polygons(shapely.get_parts(geometry))
    return [part for part in oriented if isinstance(part, shapely.Polygon) and not part.is_empty]


def _shared_edges(
    land: _Geometries,
) -> Iterator[tuple[tuple[int, int], list[BaseGeometry]]]:
    """For each pair of neighbours (by index, the lower first) the lines they share.

    In a coverage, neighbours have the same vertices along a border, so that a segment that
    occurs in two countries is a border. Nothing needs to be compared by geometry.
    """
    parts, country_of_part = shapely.get_parts(land, return_index=True)
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    positions, ring = shapely.get_coordinates(rings, return_index=True)
    grid = np.rint(positions * 10**DECIMALS).astype(np.int64)
    point = (grid[:, 0] << 24) + grid[:, 1]
    is_segment = ring[:-1] == ring[1:]
    start, end = point[:-1][is_segment], point[1:][is_segment]
    country = country_of_part[part_of_ring[ring[:-1][is_segment]]]
    index = np.flatnonzero(is_segment)
    low, high = np.minimum(start, end), np.maximum(start, end)
    order = np.lexsort((country, high, low))
    first, second = order[:-1], order[1:]
    is_shared = (
        (low[first] == low[second])
        & (high[first] == high[second])
        & (country[first] != country[second])
    )
    first, second = first[is_shared], second[is_shared]
    by_pair: dict[tuple[int, int], list[int]] = {}
    for one, other, segment in zip(
        country[first].tolist(), country[second].tolist(), index[first].tolist(), strict=True
    ):
        by_pair.setdefault((one, other), []).append(segment)
    for pair, segments in by_pair.items():
        at = np.array(segments)
        lines = [
            shapely.LineString(ends)
            for ends in np.stack((positions[at], positions[at + 1]), axis=1)
        ]
        merged = shapely.line_merge(shapely.MultiLineString(lines))
        yield pair, list(shapely.get_parts(merged))


def _store(
    connection: sqlite3.Connection,
    layer: str,
    detail: Detail,
    owner: int,
    geometries: list[BaseGeometry],
) -> None:
    rows = []
    for geometry in geometries:
        west, south, east, north = geometry.bounds
        blob = shapely.to_wkb(geometry)
        rows.append((layer, detail.value, west, east, south, north, owner, blob))
    connection.executemany("INSERT INTO shape VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
