"""Documents become bytes: JSON, GeoJSON and CSV.

Lives here: how each part of a trip is laid out in each format. Not here: what the documents
say (:mod:`app.publication.documents`). Deterministic: the same document gives the same bytes.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

import orjson

from app.journey.derived import Itinerary
from app.publication import documents
from app.publication.antimeridian import cut_line
from app.publication.documents import Document


class Format(StrEnum):
    """A format of an answer, by the name that ``format=`` takes."""

    JSON = "json"
    GEOJSON = "geojson"
    CSV = "csv"

    @property
    def media_type(self) -> str:
        """The media type of the bytes."""
        return _MEDIA_TYPES[self]


class FileFormat(StrEnum):
    """A format of a whole trip; the ending of its file."""

    GPX = "gpx"
    KML = "kml"
    GEOJSON = "geojson"
    CSV = "csv"
    TOML = "toml"

    @property
    def media_type(self) -> str:
        """The media type of the bytes."""
        return _MEDIA_TYPES[self]


_MEDIA_TYPES: Mapping[str, str] = {
    "json": "application/json",
    "geojson": "application/geo+json",
    "csv": "text/csv; charset=utf-8",
    "gpx": "application/gpx+xml",
    "kml": "application/vnd.google-earth.kml+xml",
    "toml": "application/toml",
}


def to_json(document: object) -> bytes:
    """JSON bytes; keys keep their order."""
    return orjson.dumps(document, option=orjson.OPT_APPEND_NEWLINE)


def waypoint_features(itinerary: Itinerary) -> list[Document]:
    """Waypoints as points."""
    return [
        _feature(
            f"waypoint-{waypoint.sequence}",
            _point(waypoint.place.position),
            documents.waypoint(waypoint),
        )
        for waypoint in itinerary.waypoints
    ]


def leg_features(itinerary: Itinerary) -> list[Document]:
    """Legs as lines along the network; the great circle's ends where no way was found."""
    features = []
    for leg in itinerary.legs:
        ends = [
            itinerary.waypoints[leg.origin - 1].place.position,
            itinerary.waypoints[leg.destination - 1].place.position,
        ]
        geometry = documents.line_string(ends if leg.route is None else leg.route.geometry)
        features.append(_feature(f"leg-{leg.sequence}", geometry, documents.leg(leg, itinerary)))
    return features


def sighting_features(sightings: Iterable[Document]) -> list[Document]:
    """Claims as points at the place they name."""
    return [
        _feature(
            sighting["id"],
            {
                "type": "Point",
                "coordinates": [sighting["place"]["lon"], sighting["place"]["lat"]],
            },
            sighting,
        )
        for sighting in sightings
    ]


def contradiction_features(itinerary: Itinerary) -> list[Document]:
    """Contradictions as the places that their members speak of."""
    trip = itinerary.trip
    place_of = {sighting.id: sighting.place for sighting in trip.sightings}
    features = []
    for number, told in enumerate(itinerary.contradictions, start=1):
        named = [place_of[claim] for claim in told.sightings]
        for figure in trip.figures:
            if figure.id in told.figures:
                named += [figure.origin, figure.destination]
        points = [documents.coordinate(trip.places[p].position) for p in dict.fromkeys(named)]
        features.append(
            _feature(
                f"contradiction-{number}",
                {"type": "MultiPoint", "coordinates": points},
                documents.contradiction(number, told, itinerary),
            )
        )
    return features


def feature_collection(features: list[Document], about: Mapping[str, Any]) -> bytes:
    """A GeoJSON FeatureCollection (RFC 7946); ``about`` goes in as foreign members.

    Lines are cut where they cross the antimeridian.
    """
    cut = [{**feature, "geometry": _cut(feature["geometry"])} for feature in features]
    return to_json({"type": "FeatureCollection", **about, "features": cut})


def _cut(geometry: Document) -> Document:
    return cut_line(geometry["coordinates"]) if geometry["type"] == "LineString" else geometry


def to_csv(rows: Iterable[Document], columns: Sequence[str], credit: str) -> bytes:
    """A table with one row for each document: nested keys joined by ``_``, lists by ``;``.

    ``columns`` are the same whatever is known (:mod:`app.publication.columns`). The credit
    stands in the last column of every row, so that it stays with the data.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*columns, "credit"])
    for row in rows:
        flat = flatten(row)
        writer.writerow([*(flat.get(column) for column in columns), credit])
    return text.getvalue().encode()


def _feature(feature_id: str, geometry: Document, properties: Document) -> Document:
    return {"type": "Feature", "id": feature_id, "geometry": geometry, "properties": properties}


def _point(position: Any) -> Document:
    return {"type": "Point", "coordinates": documents.coordinate(position)}


def flatten(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document as the cells of one row, by column, safe to open in a spreadsheet."""
    return {column: _cell(value) for column, value in flat_values(document).items()}


def flat_values(document: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """A document without nesting: keys joined by ``_``, lists and names by ``;``."""
    flat: dict[str, Any] = {}
    for key, value in document.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            if key == "names":
                # One value, since the languages differ from place to place.
                flat[name] = ";".join(f"{lang}={text}" for lang, text in value.items())
            else:
                flat |= flat_values(value, f"{name}_")
        elif isinstance(value, list):
            flat[name] = ";".join(map(str, value))
        else:
            flat[name] = value
    return flat


def _cell(value: Any) -> Any:
    # A spreadsheet runs a cell that begins like a formula, even one that came from an article.
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return value
