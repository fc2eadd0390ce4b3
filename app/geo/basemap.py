"""The offline base map: land, borders, lakes and country labels for any part of the world.

Lives here: :class:`BaseMap`, which clips what :mod:`app.geo.basemap_build` has stored. Not
here: city labels (the gazetteer's) and the railway network. Imports errors only.
"""

import json
import math
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from app.errors import InputError, MissingReferenceError

LANGUAGES = ("en", "ko", "ru", "zh", "ja")
"""BCP 47 languages of the country names."""

DECIMALS = 4
"""Decimals of every coordinate: 0.0001° is 11 m at most."""

_GRID = 10.0**-DECIMALS

FeatureCollection = dict[str, Any]
"""A GeoJSON FeatureCollection (RFC 7946)."""


class Detail(StrEnum):
    """How finely shapes are drawn: for a world map, a region, or a stretch of coast."""

    WORLD = "world"
    REGIONAL = "regional"
    DETAILED = "detailed"

    @classmethod
    def for_span(cls, degrees: float) -> "Detail":
        """The level that looks right on a screen when the longer side spans ``degrees``."""
        if degrees > 60:
            return cls.WORLD
        return cls.REGIONAL if degrees > 12 else cls.DETAILED


@dataclass(frozen=True, slots=True)
class _Box:
    """A box that does not cross the antimeridian; ``shift`` is added to longitudes at the end."""

    west: float
    south: float
    east: float
    north: float
    shift: float = 0.0

    @property
    def is_empty(self) -> bool:
        return self.west >= self.east or self.south >= self.north


@dataclass(frozen=True, slots=True)
class _Country:
    code: str
    names: dict[str, str]
    label_rank: int
    lon: float
    lat: float
    radius_deg: float

    @property
    def name(self) -> str:
        return self.names["en"]


@dataclass(frozen=True, slots=True)
class _Part:
    """A simple geometry in view; ``is_whole`` unless the box cuts it."""

    geometry: BaseGeometry
    is_whole: bool


class BaseMap:
    """The base map in the file ``path``.

    Raises :class:`MissingReferenceError` when the file is not there.
    """

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise MissingReferenceError(f"The base map is not at {path}. Run `dateline prepare`")
        self._uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        with closing(self._connect()) as connection:
            self._countries = {
                key: _Country(code, json.loads(names), rank, lon, lat, radius)
                for key, code, names, rank, lon, lat, radius in connection.execute(
                    "SELECT id, code, names, label_rank, lon, lat, radius_deg FROM country"
                )
            }
            self._borders = {
                key: {
                    "between": [self._countries[one].name, self._countries[other].name],
                    "disputed": bool(disputed),
                }
                for key, one, other, disputed in connection.execute(
                    "SELECT id, one, other, disputed FROM border"
                )
            }

    def clip(
        self,
        *,
        west: float,
        south: float,
        east: float,
        north: float,
        detail: Detail | None = None,
        unwrap: bool = False,
    ) -> dict[str, FeatureCollection]:
        """What lies in a box, in degrees; it crosses the antimeridian when ``west > east``.

        Returns four FeatureCollections. Coordinates lie inside the box, have
        :data:`DECIMALS` decimals, and polygons are valid and counter-clockwise outside:

        - ``land``: (multi)polygons, one for each country, with ``code`` (ISO 3166-1 alpha-2,
          empty where there is none), ``name``;
        - ``borders``: lines, with ``between`` (two names) and ``disputed``;
        - ``lakes``: polygons;
        - ``countries``: label points, with ``code``, ``name``, ``names`` by language, ``rank``
          (1 is the most important) and ``radius_deg`` (room around the point, in degrees of
          latitude), the most important first.

        ``detail`` is chosen by the size of the box unless given. With ``unwrap``, longitudes
        beyond the antimeridian run on past 180, as a map that shows both sides needs it. A box
        without area gives empty collections.

        Raises :class:`InputError` naming the side that is not a number, lies outside ±180 or
        ±90, or a ``south`` above ``north``.
        """
        _check(west=west, south=south, east=east, north=north)
        boxes = [b for b in _boxes(west, south, east, north, unwrap) if not b.is_empty]
        if detail is None:
            span = max(sum(b.east - b.west for b in boxes), north - south)
            detail = Detail.for_span(span)
        land: dict[int, list[_Part]] = {}
        borders: list[dict[str, Any]] = []
        lakes: list[dict[str, Any]] = []
        with closing(self._connect()) as connection:
            for box in boxes:
                for owner, parts in _clipped(connection, "land", detail, box):
                    land.setdefault(owner, []).extend(parts)
                for owner, parts in _clipped(connection, "borders", detail, box):
                    borders.append(_feature(parts, self._borders[owner]))
                for _, parts in _clipped(connection, "lakes", detail, box):
                    lakes.append(_feature(parts, {}))
        if unwrap and len(boxes) == 2:
            land = {key: _joined(parts) for key, parts in land.items()}
        areas = [
            _feature(parts, {"code": self._countries[key].code, "name": self._countries[key].name})
            for key, parts in land.items()
        ]
        labels = [self._label(self._countries[key], parts) for key, parts in land.items()]
        labels.sort(key=lambda f: (f["properties"]["rank"], f["properties"]["name"]))
        return {
            "land": _collection(areas),
            "borders": _collection(borders),
            "lakes": _collection(lakes),
            "countries": _collection(labels),
        }

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._uri, uri=True)

    def _label(self, country: _Country, parts: Sequence[_Part]) -> dict[str, Any]:
        largest = max(parts, key=lambda part: float(part.geometry.area))
        point, radius_deg = shapely.Point(country.lon, country.lat), country.radius_deg
        # The map maker's own choice is best, but only while that land is all in view.
        if not (largest.is_whole and _is_inside(point, largest.geometry)):
            point, radius_deg = roomiest_point(largest.geometry)
        properties = {
            "code": country.code,
            "name": country.name,
            "names": country.names,
            "rank": country.label_rank,
            "radius_deg": round(radius_deg, DECIMALS),
        }
        return _feature([_Part(point, is_whole=True)], properties)


def roomiest_point(area: BaseGeometry) -> tuple[shapely.Point, float]:
    """Centre and radius (degrees of latitude) of the largest circle inside an area.

    The circle is one on the map: longitudes count as much as they do at the area's latitude.
    """
    _, south, _, north = area.bounds
    squeeze = _squeeze((south + north) / 2)
    seen = shapely.transform(area, lambda c: c * (squeeze, 1.0))
    west, south, east, north = seen.bounds
    precision = max(east - west, north - south) / 200
    rough = shapely.simplify(seen, precision)
    if isinstance(rough, shapely.Polygon) and rough.area > 0:
        circle = shapely.maximum_inscribed_circle(rough, precision)
        lon, lat = shapely.get_coordinates(circle)[0]
        point = shapely.Point(round(lon / squeeze, DECIMALS), round(lat, DECIMALS))
        if _is_inside(point, area):
            return point, float(shapely.length(circle))
    return shapely.Point(np.round(shapely.point_on_surface(area).coords[0], DECIMALS)), 0.0


def room_around(point: shapely.Point, area: BaseGeometry) -> float:
    """Radius (degrees of latitude) of the largest circle around ``point`` inside ``area``."""
    squeeze = _squeeze(point.y)
    seen, edge = (
        shapely.transform(g, lambda c: c * (squeeze, 1.0)) for g in (point, area.boundary)
    )
    return float(shapely.distance(seen, edge))


def on_grid(positions: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Positions rounded to :data:`DECIMALS`."""
    return np.round(positions, DECIMALS)


def _squeeze(lat: float) -> float:
    return max(math.cos(math.radians(lat)), 0.1)


def _is_inside(point: shapely.Point, area: BaseGeometry) -> bool:
    return bool(shapely.contains_xy(area, point.x, point.y))


def _check(**sides: float) -> None:
    for side, value in sides.items():
        limit = 180 if side in {"west", "east"} else 90
        if not (math.isfinite(value) and abs(value) <= limit):
            raise InputError(side, f"must lie between -{limit} and {limit} degrees, not {value}")
    if sides["south"] > sides["north"]:
        raise InputError("south", f"{sides['south']} lies north of north, {sides['north']}")


def _boxes(west: float, south: float, east: float, north: float, unwrap: bool) -> list[_Box]:
    # Sides are moved inwards to the grid of coordinates, so that rounding stays inside.
    left, bottom = (_up_to_grid(side) for side in (west, south))
    right, top = (-_up_to_grid(-side) for side in (east, north))
    if west <= east:
        return [_Box(left, bottom, right, top)]
    return [
        _Box(left, bottom, 180.0, top),
        _Box(-180.0, bottom, right, top, shift=360.0 if unwrap else 0.0),
    ]


def _up_to_grid(value: float) -> float:
    rounded = round(value, DECIMALS)
    return rounded if rounded >= value else round(rounded + _GRID, DECIMALS)


def _clipped(
    connection: sqlite3.Connection, layer: str, detail: Detail, box: _Box
) -> Iterator[tuple[int, list[_Part]]]:
    """Each owner in the layer, with its simple geometries inside the box."""
    rows = connection.execute(
        "SELECT owner, geometry,"
        " west >= :west AND east <= :east AND south >= :south AND north <= :north"
        " FROM shape WHERE layer = :layer AND detail = :detail"
        " AND west < :east AND east > :west AND south < :north AND north > :south"
        " ORDER BY owner",
        {
            "layer": layer,
            "detail": detail.value,
            "west": box.west,
            "south": box.south,
            "east": box.east,
            "north": box.north,
        },
    )
    for owner, group in groupby(rows, key=lambda row: row[0]):
        parts: list[_Part] = []
        blobs, wholeness = zip(*((blob, whole) for _, blob, whole in group), strict=True)
        for geometry, is_whole in zip(shapely.from_wkb(blobs), wholeness, strict=True):
            pieces = [geometry] if is_whole else _cut(geometry, box)
            parts += (_Part(_shifted(piece, box.shift), bool(is_whole)) for piece in pieces)
        if parts:
            yield owner, parts


def _cut(geometry: BaseGeometry, box: _Box) -> list[BaseGeometry]:
    cut = shapely.clip_by_rect(geometry, box.west, box.south, box.east, box.north)
    if not shapely.is_valid(cut):
        # The fast way may leave rings that touch themselves along the box; the exact one not.
        cut = shapely.intersection(geometry, shapely.box(box.west, box.south, box.east, box.north))
    # What only touches the box comes back as points or lines, and is left out by its dimension.
    dimension = shapely.get_dimensions(geometry)
    pieces = shapely.orient_polygons(shapely.get_parts(shapely.set_precision(cut, _GRID)))
    return [
        # set_precision snaps to a multiple of 0.0001, which need not be the nearest to 4 decimals.
        shapely.transform(piece, on_grid)
        for piece in pieces
        if not piece.is_empty and shapely.get_dimensions(piece) == dimension
    ]


def _shifted(geometry: BaseGeometry, shift: float) -> BaseGeometry:
    if not shift:
        return geometry
    return shapely.transform(geometry, lambda c: on_grid(c + np.array((shift, 0.0))))


def _joined(parts: Sequence[_Part]) -> list[_Part]:
    """The parts of one country, without the seam that the data has along the antimeridian."""
    if len(parts) == 1:
        return list(parts)
    united = shapely.union_all([part.geometry for part in parts], grid_size=_GRID)
    pieces = shapely.orient_polygons(shapely.get_parts(united))
    return [_Part(shapely.transform(p, on_grid), is_whole=False) for p in pieces]


def _feature(parts: Sequence[_Part], properties: dict[str, Any]) -> dict[str, Any]:
    kind = parts[0].geometry.geom_type
    coordinates = [_coordinates(part.geometry) for part in parts]
    geometry = (
        {"type": kind, "coordinates": coordinates[0]}
        if len(parts) == 1
        else {"type": f"Multi{kind}", "coordinates": coordinates}
    )
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _coordinates(geometry: BaseGeometry) -> list[Any]:
    if isinstance(geometry, shapely.Polygon):
        return [_positions(ring) for ring in (geometry.exterior, *geometry.interiors)]
    positions = _positions(geometry)
    return list(positions[0]) if isinstance(geometry, shapely.Point) else positions


def _positions(geometry: BaseGeometry) -> list[Any]:
    positions: list[Any] = shapely.get_coordinates(geometry).tolist()
    return positions


def _collection(features: list[dict[str, Any]]) -> FeatureCollection:
    return {"type": "FeatureCollection", "features": features}
