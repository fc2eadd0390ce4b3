"""What lies under a trip's map: land, borders, lakes, railways, names of cities.

Lives here: the window that a trip's map shows, and the ground inside it, as bytes for browsers
and as features for pictures. A trip's window depends on its places alone, never on time, so that
the slider moves over still ground; a picture stands alone and shows what it tells of.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import shapely
import shapely.geometry
from shapely.geometry.base import BaseGeometry

from app.geo.basemap import DECIMALS, BaseMap, Detail
from app.geo.gazetteer import Gazetteer
from app.geo.rail_lines import RailLines
from app.journey.derived import Itinerary
from app.journey.model import Position
from app.pictures.extent import Extent
from app.publication import documents, formats
from app.publication.cache import Answer, OnceCache
from app.publication.documents import Document
from app.publication.packed import pack

LABELS = 200
USUAL_ASPECT = 1.9
PIXELS_ACROSS = 2000
"""How wide a screen of the usual shape is: what is finer than its pixels is left out."""
PARTS_OF_A_PIXEL = 4
"""To which coordinates for browsers are given: a reader may come closer."""
RAILWAY_PIXELS = 1.25
"""Width of the cells of the grid on which railways are drawn: they are half of all bytes."""
MOST_PARTS_OF_A_DEGREE = 10**DECIMALS
WIDEST_PICTURE = 3.0
"""Width over height of a map between its heading and its credit."""
SEAM_DEG = 0.001
"""Of a window around the whole world, so that its ends are not the same meridian."""
SMALLEST_AREA = 2.0
"""Square pixels of an island or a lake that a picture shows."""

FeatureCollection = dict[str, Any]
"""A GeoJSON FeatureCollection (RFC 7946)."""


def extent_of(itinerary: Itinerary) -> Extent:
    """The window around all that a trip names and its ways, with a margin."""
    trip = itinerary.trip
    positions: list[Position] = [
        trip.places[s.place].position
        for s in trip.sightings
        if not trip.places[s.place].is_regional
    ]
    for leg in itinerary.legs:
        if leg.route is not None:
            positions += leg.route.geometry
    return Extent.around(positions).with_margin()


def shown_extent(itinerary: Itinerary) -> Extent:
    """The window around what an itinerary shows: its waypoints and its ways, with a margin.

    The whole world where it shows nothing.
    """
    positions = [waypoint.place.position for waypoint in itinerary.waypoints]
    if not positions:
        return Extent.around(())
    for leg in itinerary.legs:
        if leg.route is not None:
            positions += leg.route.geometry
    return Extent.around(positions).with_margin()


class Ground:
    """The ground under maps; ``rail_lines`` gives the railways when they are first needed."""

    def __init__(
        self,
        basemap: BaseMap,
        rail_lines: Callable[[], RailLines],
        gazetteer: Gazetteer,
        credit: str,
    ) -> None:
        self._basemap = basemap
        self._rail_lines = rail_lines
        self._gazetteer = gazetteer
        self._credit = credit
        self._kept: OnceCache[Answer] = OnceCache(64)
        self._kept_features: OnceCache[Mapping[str, FeatureCollection]] = OnceCache(24)

    def answer(self, extent: Extent) -> Answer:
        """The ground in ``extent`` and around it, as far as any screen shows."""
        return self._kept.get(extent, lambda: self._make(extent))

    def _make(self, extent: Extent) -> Answer:
        shown, usual = extent.for_any_screen(), extent.for_any_screen(USUAL_ASPECT)
        west, east = _wrapped(shown.west), _wrapped(shown.east)
        if shown.east - shown.west >= 360.0:
            west, east = -180.0, 180.0
        # As fine as most screens show it, however far the widest reach.
        pixel = (usual.east - usual.west) / PIXELS_ACROSS
        scale = min(round(PARTS_OF_A_PIXEL / pixel), MOST_PARTS_OF_A_DEGREE)
        # On a grid of its own, which is told in smaller numbers.
        rail_scale = max(1, min(round(1 / (RAILWAY_PIXELS * pixel)), MOST_PARTS_OF_A_DEGREE))
        drawn = self._basemap.clip(
            west=west,
            south=shown.south,
            east=east,
            north=shown.north,
            detail=Detail.for_span(max(usual.east - usual.west, usual.north - usual.south)),
            unwrap=True,
        )
        lines = self._rail_lines().clip(
            west=west,
            south=shown.south,
            east=east,
            north=shown.north,
            tolerance_deg=1 / rail_scale,
            grid_deg=1 / rail_scale,
        )
        labels = self._labels(west, shown.south, east, shown.north)
        ground = {
            **{
                kind: _packed(collection, scale)
                for kind, collection in drawn.items()
                if kind != "countries"
            },
            "railways": _packed(lines, rail_scale),
            "countries": [_named(f, "radius_deg") for f in drawn["countries"]["features"]],
            "labels": [_named(f) for f in labels["features"]],
            "credit": self._credit,
        }
        return Answer.of(formats.to_json(ground), "application/json")

    def features(self, extent: Extent, pixels_across: int) -> Mapping[str, FeatureCollection]:
        """The ground in ``extent`` and around it, for a picture ``pixels_across`` wide.

        ``land`` (of all countries together), ``lakes``, ``borders``, ``railways``, ``countries``
        and ``labels``, without what is finer than a pixel. Longitudes run on past 180 where those
        of ``extent`` do.
        """
        return self._kept_features.get(
            (extent, pixels_across), lambda: self._make_features(extent, pixels_across)
        )

    def _make_features(self, extent: Extent, pixels_across: int) -> Mapping[str, FeatureCollection]:
        shown = extent.for_any_screen(WIDEST_PICTURE)
        # What is asked for near a pole is shown there, however far screens stay away.
        south, north = min(shown.south, extent.south), max(shown.north, extent.north)
        west, east = _wrapped(shown.west), _wrapped(shown.east)
        if shown.east - shown.west >= 360.0:
            # All of the world, from the edge of this window on and not from that of the data.
            east = 180.0 if west == -180.0 else west - SEAM_DEG
        shift = shown.west - west
        pixel = max(extent.east - extent.west, extent.north - extent.south) / pixels_across
        drawn = self._basemap.clip(west=west, south=south, east=east, north=north, unwrap=True)
        lines = self._rail_lines().clip(
            west=west, south=south, east=east, north=north, tolerance_deg=pixel
        )
        labels = self._labels(west, south, east, north)
        land = shapely.union_all(
            [shapely.geometry.shape(f["geometry"]) for f in drawn["land"]["features"]]
        )
        return {
            "land": _collection([_simple_area(land, pixel, shift)]),
            "lakes": _collection(
                [
                    _simple_area(shapely.geometry.shape(f["geometry"]), pixel, shift)
                    for f in drawn["lakes"]["features"]
                ]
            ),
            "borders": _moved(drawn["borders"], shift),
            "railways": _moved(lines, shift),
            "countries": _moved(drawn["countries"], shift),
            "labels": _moved(labels, shift),
        }

    def _labels(self, west: float, south: float, east: float, north: float) -> Document:
        features = []
        for label in self._gazetteer.labels(west, south, east, north, limit=LABELS):
            lon, lat = documents.coordinate(label.place.position)
            if west > east and lon < west:
                lon += 360.0
            features.append(
                {
                    "type": "Feature",
                    "properties": {
                        "name": label.place.name,
                        "names": dict(label.place.names),
                        "population": label.population,
                    },
                    "geometry": {"type": "Point", "coordinates": [lon, lat]},
                }
            )
        return {"type": "FeatureCollection", "features": features}


def _packed(collection: FeatureCollection, scale: int) -> Document:
    """Shapes for browsers: kinds, lines, and whether others see a border elsewhere."""
    features = []
    for feature in collection["features"]:
        geometry = feature["geometry"]
        packed = {"type": geometry["type"], "lines": pack(geometry["coordinates"], scale)}
        is_disputed = feature["properties"].get("disputed")
        features.append(packed | ({"disputed": True} if is_disputed else {}))
    return {"scale": scale, "features": features}


def _named(feature: Document, *also: str) -> Document:
    """A name at its place for browsers."""
    lon, lat = feature["geometry"]["coordinates"]
    properties = feature["properties"]
    return {key: properties[key] for key in ("name", *also)} | {"lon": lon, "lat": lat}


def _wrapped(lon: float) -> float:
    return (lon + 180.0) % 360.0 - 180.0 if not -180.0 <= lon <= 180.0 else lon


def _simple_area(area: BaseGeometry, pixel: float, shift: float) -> FeatureCollection | None:
    """An area as a feature, without what is smaller than ``pixel``; ``None`` if all of it is."""
    parts = shapely.get_parts(area)
    parts = parts[shapely.area(parts) >= SMALLEST_AREA * pixel * pixel]
    if not len(parts):
        return None
    simple = shapely.MultiPolygon(list(shapely.simplify(parts, pixel / 2)))
    return _feature(simple, {}, shift)


def _feature(geometry: BaseGeometry, properties: Document, shift: float) -> FeatureCollection:
    moved = shapely.transform(geometry, lambda c: c + np.array((shift, 0.0))) if shift else geometry
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": shapely.geometry.mapping(moved),
    }


def _moved(collection: FeatureCollection, shift: float) -> FeatureCollection:
    """The features so many degrees further east."""
    if not shift:
        return collection
    return _collection(
        [
            _feature(shapely.geometry.shape(f["geometry"]), f["properties"], shift)
            for f in collection["features"]
        ]
    )


def _collection(features: list[FeatureCollection | None]) -> FeatureCollection:
    return {"type": "FeatureCollection", "features": [f for f in features if f is not None]}
