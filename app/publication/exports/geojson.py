"""A trip as one GeoJSON FeatureCollection (RFC 7946): stops, legs and claims.

The properties are those of the JSON API, with ``kind`` before them and the days of each time as
EDTF after. The collection says which trip it is, as of when, and whose data it rests on.
"""

from app.publication import formats
from app.publication.documents import Document
from app.publication.exports.contents import Contents
from app.publication.exports.rights import LICENCE


def to_geojson(contents: Contents) -> bytes:
    """The file."""
    features = [
        *(
            _feature("waypoint", visit.document["sequence"], _point(visit.document), visit.document)
            for visit in contents.visits
        ),
        *(
            _feature("leg", way.document["sequence"], way.line, way.document)
            for way in contents.ways
        ),
        *(_feature("sighting", claim["id"], _point(claim), claim) for claim in contents.sightings),
    ]
    about: Document = {
        **contents.about,
        "title": contents.title,
        "summary": contents.summary,
        "status_line": contents.status_line,
        "credit": contents.credit,
        "licence": LICENCE,
    }
    # A box around nothing would be no box.
    if around := contents.box(with_claims=True):
        about["bbox"] = around
    return formats.feature_collection(features, about)


def _feature(kind: str, name: object, geometry: Document, document: Document) -> Document:
    return {
        "type": "Feature",
        # Ids of claims are chosen by people: alone they could be those of other features.
        "id": f"{kind}-{name}",
        "geometry": geometry,
        "properties": {"kind": kind, **document},
    }


def _point(document: Document) -> Document:
    place = document["place"]
    return {"type": "Point", "coordinates": [place["lon"], place["lat"]]}
