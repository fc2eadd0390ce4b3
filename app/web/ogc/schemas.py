"""The properties of features as schemas of OpenAPI 3.0, for the description and nothing else.

Derived from the shapes of the JSON API (:mod:`app.web.shapes`): the same members, flat. Not here:
the description they stand in (:mod:`app.web.ogc.openapi`).
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel

from app.publication.documents import Document
from app.publication.features.collections import (
    LEG_TIMES,
    OWN_NAMES,
    PROPERTIES,
    QUERYABLES,
    Collection,
)
from app.web import shapes

_SHAPES: Mapping[Collection, type[BaseModel]] = {
    Collection.WAYPOINTS: shapes.Waypoint,
    Collection.LEGS: shapes.Leg,
    Collection.SIGHTINGS: shapes.Sighting,
    # Of a place, what waypoints say of theirs.
    Collection.PLACES: shapes.Waypoint,
}
_SLUG: Document = {
    "type": "string",
    "description": "The trip's name in addresses.",
    "example": "2023-09-russia",
}
_SLUGS: Document = {
    "type": "array",
    "items": {"type": "string"},
    "description": "The trips that name it.",
    "example": ["2023-09-russia"],
}


@cache
def property_schemas(collection: Collection) -> Mapping[str, Document]:
    """The schema of each property, in the order of the features."""
    known = {"trip": _SLUG, "trips": _SLUGS, **_flat_shape(_SHAPES[collection])}
    for name, own in OWN_NAMES.get(collection, {}).items():
        known[own] = known[name]
    if collection is Collection.LEGS:
        waypoint = _flat_shape(shapes.Waypoint)
        known |= {name: waypoint[name] for name in LEG_TIMES}
    return {name: known[name] for name in PROPERTIES[collection]}


@cache
def queryable_schemas(collection: Collection) -> Mapping[str, Document]:
    """The schema of what each queryable is compared with: a value, never ``null``."""
    known = {"trip": _SLUG, **property_schemas(collection)}
    return {name: _never_null(known[name]) for name in QUERYABLES[collection]}


def _never_null(schema: Document) -> Document:
    said = {key: value for key, value in schema.items() if key != "nullable"}
    if "enum" in said:
        said["enum"] = [value for value in said["enum"] if value is not None]
    return said


def _flat_shape(shape: type[BaseModel]) -> dict[str, Document]:
    schema = shape.model_json_schema(by_alias=True)
    return dict(_flat("", schema, schema["$defs"], nullable=False))


def _flat(
    name: str, schema: Document, defs: Document, *, nullable: bool
) -> Iterator[tuple[str, Document]]:
    """The schema itself, or those of its members with their names behind its own."""
    schema, can_be_null = _resolved(schema, defs)
    nullable |= can_be_null
    if "properties" not in schema:
        yield name, _leaf(schema, nullable=nullable)
        return
    for member, inner in schema["properties"].items():
        yield from _flat(f"{name}_{member}" if name else member, inner, defs, nullable=nullable)


def _resolved(schema: Document, defs: Document) -> tuple[Document, bool]:
    """A schema without references and alternatives, and whether ``null`` is one of these."""
    if "$ref" in schema:
        named = defs[schema["$ref"].rpartition("/")[2]]
        return _resolved({**named, **_without(schema, "$ref")}, defs)
    if "anyOf" in schema:
        others = [each for each in schema["anyOf"] if each != {"type": "null"}]
        (other,) = others  # a choice between kinds would be no column
        inner, _ = _resolved({**other, **_without(schema, "anyOf")}, defs)
        return inner, True
    return schema, False


def _without(schema: Document, key: str) -> Document:
    return {name: value for name, value in schema.items() if name != key}


def _leaf(schema: Document, *, nullable: bool) -> Document:
    """In the words of OpenAPI 3.0: ``nullable``, one ``example``, no ``const``."""
    said: Document = {"type": schema["type"]}
    if nullable:
        said["nullable"] = True
    options: list[Any] = [schema["const"]] if "const" in schema else [*schema.get("enum", ())]
    if options:
        said["enum"] = [*options, None] if nullable else options
    if "items" in schema:
        said["items"] = {"type": schema["items"]["type"]}
    if isinstance(schema.get("additionalProperties"), dict):
        said["additionalProperties"] = {"type": schema["additionalProperties"]["type"]}
    if "description" in schema:
        said["description"] = schema["description"]
    examples = [example for example in schema.get("examples", ()) if example is not None]
    if examples:
        said["example"] = examples[0]
    return said
