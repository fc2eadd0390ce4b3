"""A trip as GPX 1.1 (Topografix, 2004): waypoints, and a track for each leg.

A time in GPX is one instant. What is known here are bounds, so a waypoint has a time only where
its arrival is known to the instant, and points of a track never have one. Bounds and all other
numbers stand in extensions, under the column names of the CSV form. ``type`` is ``reported``,
``expected`` or ``possible``.
"""

from xml.etree import ElementTree as ET

from app.publication.documents import Document, instant
from app.publication.exports.contents import Contents, Visit, Way
from app.publication.exports.rights import LICENCE, SHARE_ALIKE
from app.publication.exports.words import visit_claims, visit_lines, way_lines, way_name
from app.publication.formats import flat_values
from app.publication.naming import XML_NAMESPACE
from app.publication.xml_writing import child, root, to_bytes

GPX = "http://www.topografix.com/GPX/1/1"
EAST_EDGE = "179.9999999"
"""The longitude of +180°, which GPX leaves out of its range, to a centimetre."""

# Said by elements of GPX already.
_LEFT_OUT = frozenset({"place_lon", "place_lat", "place_name", "status"})


def to_gpx(contents: Contents) -> bytes:
    """The file."""
    gpx = root(
        "gpx",
        {
            "version": "1.1",
            "creator": "Dateline",
            "xmlns": GPX,
            "xmlns:dateline": XML_NAMESPACE,
        },
    )
    _metadata(gpx, contents)
    for visit in contents.visits:
        _waypoint(gpx, visit)
    for way in contents.ways:
        _track(gpx, way)
    return to_bytes(gpx)


def _metadata(gpx: "ET.Element[str]", contents: Contents) -> None:
    metadata = child(gpx, "metadata")
    child(metadata, "name", contents.title)
    child(metadata, "desc", contents.description)
    child(child(metadata, "author"), "name", "Dateline")
    copyright_ = child(metadata, "copyright", attributes={"author": contents.credit})
    child(copyright_, "license", SHARE_ALIKE.url)
    if contents.about["as_of"]:
        child(metadata, "time", contents.about["as_of"])
    if around := contents.box(with_claims=False):
        west, south, east, north = around
        if west > east:  # GPX has no box over the antimeridian
            west, east = -180.0, 180.0
        box = {
            "minlat": degrees(south),
            "minlon": degrees(west),
            "maxlat": degrees(north),
            "maxlon": _east(east),
        }
        child(metadata, "bounds", attributes=box)
    about = {**contents.about, "credit": contents.credit, "licence": LICENCE}
    _extensions(metadata, about)


def _waypoint(gpx: "ET.Element[str]", visit: Visit) -> None:
    place = visit.document["place"]
    # A point has no side of the antimeridian to lie on.
    lon = -180.0 if place["lon"] >= 180.0 else place["lon"]
    wpt = child(gpx, "wpt", attributes={"lat": degrees(place["lat"]), "lon": degrees(lon)})
    arrival = visit.value.arrival
    if arrival.earliest is not None and arrival.earliest == arrival.latest:
        child(wpt, "time", instant(arrival.earliest))
    child(wpt, "name", place["name"])
    if claims := visit_claims(visit):
        child(wpt, "cmt", "\n".join(claims))
    child(wpt, "desc", " ".join(visit_lines(visit)))
    if visit.document["origins"]:
        child(wpt, "src", "; ".join(visit.document["origins"]))
    child(wpt, "type", visit.document["status"])
    _extensions(wpt, visit.document)


def _track(gpx: "ET.Element[str]", way: Way) -> None:
    trk = child(gpx, "trk")
    child(trk, "name", way_name(way))
    child(trk, "desc", " ".join(way_lines(way)))
    child(trk, "number", str(way.document["sequence"]))
    child(trk, "type", way.document["status"])
    _extensions(trk, way.document)
    for part in way.parts:
        segment = child(trk, "trkseg")
        for lon, lat in part:
            child(segment, "trkpt", attributes={"lat": degrees(lat), "lon": _east(lon)})


def _extensions(parent: "ET.Element[str]", document: Document) -> None:
    extensions = child(parent, "extensions")
    for name, value in flat_values(document).items():
        if value is not None and value != "" and name not in _LEFT_OUT:
            text = str(value).lower() if isinstance(value, bool) else str(value)
            child(extensions, f"dateline:{name}", text)


def degrees(value: float) -> str:
    """A coordinate to about a metre, in digits only.

    >>> degrees(130.7), degrees(-0.000001), degrees(0.00001)
    ('130.7', '0', '0.00001')
    """
    text = f"{value:.5f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _east(lon: float) -> str:
    return EAST_EDGE if lon >= 180.0 else degrees(lon)
