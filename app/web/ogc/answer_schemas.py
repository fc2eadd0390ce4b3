"""What ``/ogc`` sends, as schemas of OpenAPI 3.0, for the description and nothing else.

Written after the schemas that OGC API – Features, Part 1, gives for each answer, and closed: what
is not named here is not sent. A test holds real answers to them.
"""

from collections.abc import Sequence
from typing import Any

from app.publication.documents import Document
from app.publication.features.collections import Collection
from app.web.ogc.schemas import property_schemas

_CREDIT = "To be shown with the data."


def feature_name(of: Collection) -> str:
    """The name of the schema of one feature."""
    return f"{of.value}Feature"


def page_name(of: Collection) -> str:
    """The name of the schema of a page of features."""
    return f"{of.value}Page"


def answer_schemas() -> Document:
    """All schemas, by name."""
    schemas = {
        "link": _object(
            {
                "href": _text("Where it leads."),
                "rel": _text("What it is to this document (RFC 8288)."),
                "type": _text("The media type there."),
                "title": _text("What is there, for people."),
            }
        ),
        "landingPage": _object(
            {
                "title": _text(),
                "description": _text(),
                "attribution": _text(_CREDIT),
                "links": _LINKS,
            }
        ),
        "confClasses": _object({"conformsTo": _list({"type": "string"})}),
        "collections": _object(
            {
                "attribution": _text(_CREDIT),
                "links": _LINKS,
                "collections": _list(_ref("collection")),
            }
        ),
        "collection": _object(
            {
                "id": {"type": "string", "enum": [of.value for of in Collection]},
                "title": _text(),
                "description": _text(),
                "attribution": _text(_CREDIT),
                "extent": _ref("extent"),
                "itemType": {"type": "string", "enum": ["feature"]},
                "crs": _list({"type": "string"}),
                "links": _LINKS,
            }
        ),
        "extent": _EXTENT,
        "point": _geometry("Point", _POSITION),
        "lineString": _geometry("LineString", _list(_POSITION, least=2)),
        "multiLineString": _geometry("MultiLineString", _list(_list(_POSITION, least=2))),
        "problem": _PROBLEM,
    }
    for of in Collection:
        members = _feature_members(of)
        schemas[feature_name(of)] = _object(
            {**members, "links": _LINKS, "attribution": _text(_CREDIT)}
        )
        schemas[f"{of.value}FeatureOfPage"] = _object(members)
        schemas[page_name(of)] = _object(
            {
                "type": {"type": "string", "enum": ["FeatureCollection"]},
                "links": _LINKS,
                "numberMatched": {
                    "type": "integer",
                    "minimum": 0,
                    "description": "Features that are wanted, on all pages.",
                },
                "numberReturned": {
                    "type": "integer",
                    "minimum": 0,
                    "description": "Features on this page.",
                },
                "as_of": {
                    **_text("What was published by then counts; `null` before the first report."),
                    "nullable": True,
                },
                "attribution": _text(_CREDIT),
                "features": _list(_ref(f"{of.value}FeatureOfPage")),
            }
        )
    return schemas


def _feature_members(of: Collection) -> Document:
    geometry = (
        {"oneOf": [_ref("lineString"), _ref("multiLineString")]}
        if of is Collection.LEGS
        else _ref("point")
    )
    return {
        "type": {"type": "string", "enum": ["Feature"]},
        "id": _text("Lasts; leads to the feature."),
        "geometry": geometry,
        "properties": _object(dict(property_schemas(of))),
    }


def _object(members: Document, optional: Sequence[str] = ()) -> Document:
    required = [name for name in members if name not in optional]
    return {
        "type": "object",
        **({"required": required} if required else {}),
        "properties": members,
        "additionalProperties": False,
    }


def _text(description: str = "") -> Document:
    return {"type": "string", **({"description": description} if description else {})}


def _list(items: Document, *, least: int = 0, most: int | None = None) -> Document:
    said: dict[str, Any] = {"type": "array", "items": items}
    if least:
        said["minItems"] = least
    if most is not None:
        said["maxItems"] = most
    return said


def _ref(name: str) -> Document:
    return {"$ref": f"#/components/schemas/{name}"}


def _geometry(kind: str, coordinates: Document) -> Document:
    return _object({"type": {"type": "string", "enum": [kind]}, "coordinates": coordinates})


_LINKS = _list(_ref("link"))
_POSITION = _list({"type": "number"}, least=2, most=2)
_EXTENT = _object(
    {
        "spatial": _object(
            {
                "bbox": _list(_list({"type": "number"}, least=4, most=4), least=1, most=1),
                "crs": _text(),
            }
        ),
        "temporal": _object(
            {
                "interval": _list(
                    _list(
                        {
                            "type": "string",
                            "format": "date-time",
                            "nullable": True,
                            "description": "`null` where it is not known.",
                        },
                        least=2,
                        most=2,
                    ),
                    least=1,
                    most=1,
                ),
                "trs": _text(),
            }
        ),
    },
    optional=("spatial", "temporal"),
)
_PROBLEM: Document = {
    "type": "object",
    "description": "What is wrong (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": _text(),
        "title": {**_text(), "example": "Bad input"},
        "status": {"type": "integer", "example": 400},
        "detail": {**_text(), "example": "bbox: latitudes must be from -90 to 90"},
        "parameter": {**_text("Which one is wrong, if one is."), "example": "bbox"},
    },
}
