"""A trip as KML 2.3 (OGC 12-007r2): placemarks with time spans, told apart by style and folder.

A span holds every instant at which it can have been: of a stop from the earliest arrival to the
latest departure, of a leg from the earliest departure to the latest arrival; an end that is not
known is left out. KML lines cannot be dashed: how sure a leg is shows in width, in opacity and
in the name of its folder.

Viewers take a description for HTML. What people wrote is escaped for that too, so that none of
it becomes markup.
"""

from collections.abc import Sequence
from datetime import datetime
from html import escape
from xml.etree import ElementTree as ET

from app.journey.interval import Interval
from app.journey.model import Modality
from app.pictures.palette import LIGHT
from app.publication.documents import Document, window
from app.publication.exports.contents import Contents, Visit, Way
from app.publication.exports.gpx import degrees
from app.publication.exports.rights import LICENCE
from app.publication.exports.words import visit_claims, visit_lines, way_lines, way_name
from app.publication.formats import flat_values
from app.publication.xml_writing import child, root, to_bytes

KML = "http://www.opengis.net/kml/2.2"
"""The namespace of KML 2.2 and 2.3 alike; the attribute ``version`` tells them apart."""
ATOM = "http://www.w3.org/2005/Atom"

# Opacity, width of a line in pixels, size of a marker.
_STYLES = {
    Modality.REPORTED: ("ff", "4", "1.1"),
    Modality.EXPECTED: ("b3", "3", "0.9"),
    Modality.POSSIBLE: ("80", "1.5", "0.7"),
}


def to_kml(contents: Contents) -> bytes:
    """The file."""
    kml = root("kml", {"xmlns": KML, "xmlns:atom": ATOM, "version": "2.3"})
    document = child(kml, "Document")
    child(document, "name", contents.title)
    child(document, "open", "1")
    child(child(document, "atom:author"), "atom:name", "Dateline")
    child(document, "description", escape(contents.description, quote=False))
    for status, looks in _STYLES.items():
        _style(document, status, *looks)
    _data(document, {**contents.about, "credit": contents.credit, "licence": LICENCE})
    for status in _STYLES:
        ways = [way for way in contents.ways if way.value.status is status]
        if ways:
            folder = _folder(document, f"Legs, {status.value}")
            for way in ways:
                _leg(folder, way)
    if contents.visits:
        folder = _folder(document, "Stops")
        for visit in contents.visits:
            _stop(folder, visit)
    return to_bytes(kml)


def _style(parent: "ET.Element[str]", status: Modality, alpha: str, width: str, size: str) -> None:
    red, green, blue = (LIGHT.route[n : n + 2] for n in (1, 3, 5))
    colour = f"{alpha}{blue}{green}{red}"
    style = child(parent, "Style", attributes={"id": status.value})
    icon = child(style, "IconStyle")
    child(icon, "color", colour)
    child(icon, "scale", size)
    line = child(style, "LineStyle")
    child(line, "color", colour)
    child(line, "width", width)
    # The usual balloon shows the name too, and takes it for HTML, which it is not.
    child(child(style, "BalloonStyle"), "text", "$[description]")


def _folder(parent: "ET.Element[str]", name: str) -> "ET.Element[str]":
    folder = child(parent, "Folder")
    child(folder, "name", name)
    return folder


def _stop(folder: "ET.Element[str]", visit: Visit) -> None:
    waypoint, place = visit.value, visit.document["place"]
    placemark = _placemark(
        folder,
        name=f"waypoint-{waypoint.sequence}",
        title=place["name"],
        lines=[*visit_lines(visit), *visit_claims(visit)],
        span=_span(
            waypoint.arrival.earliest, waypoint.departure.latest, *[waypoint.place.time_zone] * 2
        ),
        status=waypoint.status,
        document=visit.document,
    )
    point = child(placemark, "Point")
    child(point, "coordinates", _coordinates([[place["lon"], place["lat"]]]))


def _leg(folder: "ET.Element[str]", way: Way) -> None:
    origin, destination = way.ends
    placemark = _placemark(
        folder,
        name=f"leg-{way.value.sequence}",
        title=way_name(way),
        lines=way_lines(way),
        span=_span(
            origin.departure.earliest,
            destination.arrival.latest,
            origin.place.time_zone,
            destination.place.time_zone,
        ),
        status=way.value.status,
        document=way.document,
    )
    geometry = placemark if len(way.parts) == 1 else child(placemark, "MultiGeometry")
    for part in way.parts:
        line = child(geometry, "LineString")
        child(line, "tessellate", "1")
        child(line, "coordinates", _coordinates(part))


def _placemark(
    folder: "ET.Element[str]",
    *,
    name: str,
    title: str,
    lines: Sequence[str],
    span: Document,
    status: Modality,
    document: Document,
) -> "ET.Element[str]":
    placemark = child(folder, "Placemark", attributes={"id": name})
    child(placemark, "name", title)
    child(placemark, "description", escape("\n".join(lines), quote=False))
    if span:
        time = child(placemark, "TimeSpan")
        for end, instant in span.items():
            child(time, end, instant)
    child(placemark, "styleUrl", f"#{status.value}")
    _data(placemark, document)
    return placemark


def _span(
    begin: datetime | None, end: datetime | None, begin_zone: str, end_zone: str
) -> dict[str, str]:
    """What a time span holds: ``begin``, ``end``, both or neither, in whole minutes."""
    ends = {
        "begin": window(Interval(begin, None), begin_zone)["earliest"],
        "end": window(Interval(None, end), end_zone)["latest"],
    }
    return {name: instant for name, instant in ends.items() if instant is not None}


def _data(parent: "ET.Element[str]", document: Document) -> None:
    extended = child(parent, "ExtendedData")
    for name, value in flat_values(document).items():
        if value is not None and value != "":
            data = child(extended, "Data", attributes={"name": name})
            text = str(value).lower() if isinstance(value, bool) else str(value)
            child(data, "value", text)


def _coordinates(positions: Sequence[Sequence[float]]) -> str:
    return " ".join(f"{degrees(lon)},{degrees(lat)}" for lon, lat in positions)
