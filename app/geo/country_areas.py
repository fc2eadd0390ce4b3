"""Which country a position lies in, for many positions at once.

Lives here: reading Natural Earth's country polygons out of their zip and finding the country
of every node of a network, at set-up. Not here: drawing borders. Imports :mod:`app.errors`
only.
"""

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapefile
import shapely
from numpy.typing import NDArray

from app.errors import BuildError
from app.geo.geodesy import Floats

NOWHERE = -1
"""Index of positions outside every country: at sea, or just off a simplified coast."""


@dataclass(frozen=True, slots=True)
class CountryAreas:
    """One polygon a row; ``codes[country_of_area[i]]`` is the ISO 3166-1 alpha-2 code."""

    codes: tuple[str, ...]
    areas: tuple[shapely.Polygon, ...]
    country_of_area: tuple[int, ...]

    def country_index(self, lon: Floats, lat: Floats, *, near_degrees: float) -> NDArray[np.int16]:
        """Index into ``codes`` for each position.

        A position in no polygon (a bridge, a harbour, a coast that is drawn too simply) gets
        the nearest country within ``near_degrees``, else :data:`NOWHERE`.
        """
        found = np.full(len(lon), NOWHERE, dtype=np.int16)
        for area, country in zip(self.areas, self.country_of_area, strict=True):
            west, south, east, north = area.bounds
            inside = np.flatnonzero(
                (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north) & (found < 0)
            )
            if len(inside):
                shapely.prepare(area)
                found[inside[shapely.contains_xy(area, lon[inside], lat[inside])]] = country
        outside = np.flatnonzero(found < 0)
        if len(outside):
            tree = shapely.STRtree(self.areas)
            points = shapely.points(lon[outside], lat[outside])
            which, area_index = tree.query_nearest(
                points, max_distance=near_degrees, all_matches=False
            )
            found[outside[which]] = np.array(self.country_of_area, dtype=np.int16)[area_index]
        return found


def read_countries(path: Path) -> CountryAreas:
    """The polygons of ``ne_10m_admin_0_countries``, a zipped shapefile.

    Raises :class:`~app.errors.BuildError` when the file is not that.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = {
                Path(name).suffix: io.BytesIO(archive.read(name)) for name in archive.namelist()
            }
        reader = shapefile.Reader(shp=parts[".shp"], shx=parts[".shx"], dbf=parts[".dbf"])
        codes: list[str] = []
        areas: list[shapely.Polygon] = []
        country_of_area: list[int] = []
        for entry in reader.iterShapeRecords(fields=["ISO_A2", "ISO_A2_EH", "ADM0_A3"]):
            code = _iso_code(entry.record.as_dict())
            if code not in codes:
                codes.append(code)
            shape = shapely.make_valid(shapely.geometry.shape(entry.shape.__geo_interface__))
            for polygon in _polygons(shape):
                areas.append(polygon)
                country_of_area.append(codes.index(code))
    except (OSError, KeyError, zipfile.BadZipFile, shapefile.ShapefileException) as error:
        raise BuildError(f"{path.name} is not Natural Earth's country polygons: {error}") from error
    return CountryAreas(tuple(codes), tuple(areas), tuple(country_of_area))


def _iso_code(record: "dict[str, str]") -> str:
    """The alpha-2 code; Natural Earth keeps the usual one of a few states in a second field."""
    for field in ("ISO_A2", "ISO_A2_EH"):
        if len(record[field]) == 2 and record[field].isalpha():
            return record[field]
    # Areas without a code of their own: Kosovo's is in common use, others keep three letters.
    return {"KOS": "XK"}.get(record["ADM0_A3"], record["ADM0_A3"])


def _polygons(shape: shapely.Geometry) -> "list[shapely.Polygon]":
    if isinstance(shape, shapely.Polygon):
        return [shape]
    return [p for part in getattr(shape, "geoms", ()) for p in _polygons(part)]
