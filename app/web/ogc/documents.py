"""The documents of ``/ogc``: landing page, conformance, collections, queryables, features.

Lives here: their members and links, as the schemas of OGC API – Features, Part 1, have them.
Not here: addresses and caching (:mod:`app.web.ogc.router`), the HTML form
(:mod:`app.web.ogc.pages`).
"""

from collections.abc import Sequence

import orjson

from app.publication.documents import Document, instant
from app.publication.features.collections import Collection
from app.publication.features.index import Index
from app.web.ogc.links import (
    GEOJSON,
    HTML,
    JSON,
    OPENAPI,
    QUERYABLES_REL,
    SCHEMA,
    Addresses,
    Form,
    Query,
    both_forms,
    link,
    with_query,
)
from app.web.ogc.parameters import Asked
from app.web.ogc.schemas import queryable_schemas

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_PART_1 = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf"
_PART_3 = "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf"
CONFORMS_TO = (
    f"{_PART_1}/core",
    f"{_PART_1}/oas30",
    f"{_PART_1}/html",
    f"{_PART_1}/geojson",
    f"{_PART_3}/queryables",
    f"{_PART_3}/queryables-query-parameters",
)


def landing(at: Addresses, form: Form, credit: str) -> Document:
    """``/ogc`` (landingPage)."""
    return {
        "title": "Dateline: reported journeys as features",
        "description": "Where reports put a journey, as OGC API – Features: the waypoints, legs,"
        " claims and places of all trips.",
        "attribution": credit,
        "links": [
            *both_forms(at.root, (), form, JSON, "This document"),
            link(with_query(at.api, [("f", "json")]), "service-desc", OPENAPI, "OpenAPI 3.0"),
            link(with_query(at.api, [("f", "html")]), "service-doc", HTML, "The API as a page"),
            link(at.conformance, "conformance", JSON, "What this conforms to"),
            link(at.collections, "data", JSON, "The collections"),
        ],
    }


def conformance() -> Document:
    """``/ogc/conformance`` (confClasses)."""
    return {"conformsTo": list(CONFORMS_TO)}


def collections(at: Addresses, form: Form, described: Sequence[Document], credit: str) -> Document:
    """``/ogc/collections`` (collections)."""
    return {
        "attribution": credit,
        "links": both_forms(at.collections, (), form, JSON, "The collections"),
        "collections": list(described),
    }


def collection(
    at: Addresses, form: Form, of: Collection, index: Index, credit: str, *, alone: bool
) -> Document:
    """``/ogc/collections/{collectionId}``, or ``alone=False`` its part of the list of all."""
    address = at.collection(of)
    itself = both_forms(address, (), form, JSON, of.heading)
    return {
        "id": of.value,
        "title": of.heading,
        "description": of.description,
        "attribution": credit,
        "extent": _extent(index),
        "itemType": "feature",
        "crs": [CRS84],
        "links": [
            *(itself if alone else [{**itself[0], "title": f"About: {of.heading.lower()}"}]),
            link(at.items(of), "items", GEOJSON, f"{of.heading} as GeoJSON"),
            link(
                with_query(at.items(of), [("f", "html")]), "items", HTML, f"{of.heading} as a page"
            ),
            link(at.queryables(of), QUERYABLES_REL, SCHEMA, "What they can be asked by"),
        ],
    }


def _extent(index: Index) -> Document:
    box, time = index.extent(), index.time_extent()
    extent: Document = {}
    if box is not None:
        bbox = [[box.west, box.south, box.east, box.north]]
        extent["spatial"] = {"bbox": bbox, "crs": CRS84}
    if time is not None:
        extent["temporal"] = {
            "interval": [[instant(time.earliest), instant(time.latest)]],
            "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian",
        }
    return extent


def queryables(at: Addresses, of: Collection) -> Document:
    """``…/queryables`` (Part 3, get-queryables-response)."""
    asked = {
        name: {"title": name.replace("_", " ").capitalize(), **_without_example(schema)}
        for name, schema in queryable_schemas(of).items()
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": at.queryables(of),
        "type": "object",
        "title": of.heading,
        "description": of.description,
        "properties": {
            # By `bbox` and `datetime`, not by value.
            "geometry": {
                "title": "Geometry",
                "format": "geometry-any",
                "x-ogc-role": "primary-geometry",
            },
            **asked,
        },
        "additionalProperties": False,
    }


def _without_example(schema: Document) -> Document:
    # One example is OpenAPI's way; a JSON Schema has a list.
    said = {key: value for key, value in schema.items() if key != "example"}
    return {**said, "examples": [schema["example"]]} if "example" in schema else said


def items(
    at: Addresses,
    form: Form,
    of: Collection,
    index: Index,
    asked: Asked,
    as_of: tuple[str | None, str | None],
    credit: str,
) -> Document:
    """``…/items``: one page of the wanted features (featureCollectionGeoJSON).

    ``as_of`` is the step that the features stand at, and the step to say in links: none where
    the newest is wanted. There is no ``timeStamp``: it would have to be the time of the answer
    (fc-timeStamp), and the same answer is the same bytes.
    """
    wanted = index.select(asked.choice)
    shown = wanted[asked.offset : asked.offset + asked.limit]
    stands_at, said = as_of
    matched = len(wanted)
    address = at.items(of)
    media_type = GEOJSON if form is Form.JSON else HTML

    def page(rel: str, offset: int, title: str) -> Document:
        query: Query = [*asked.query(said, offset=offset), ("f", form.value)]
        return link(with_query(address, query), rel, media_type, title)

    links = both_forms(address, asked.query(said), form, GEOJSON, of.heading)
    if asked.offset + len(shown) < matched and len(shown):
        links.append(page("next", asked.offset + asked.limit, "Next page"))
    if asked.offset:
        before = max(0, min(asked.offset, matched) - asked.limit)
        links.append(page("prev", before, "Previous page"))
    links += [
        link(at.collection(of), "collection", JSON, f"About: {of.heading.lower()}"),
        link(at.queryables(of), QUERYABLES_REL, SCHEMA, "What they can be asked by"),
    ]
    return {
        "type": "FeatureCollection",
        "links": links,
        "numberMatched": matched,
        "numberReturned": len(shown),
        "as_of": stands_at,
        "attribution": credit,
        "features": [orjson.Fragment(index.features[n].body) for n in shown],
    }


def item(
    at: Addresses, form: Form, of: Collection, body: bytes, query: Query, credit: str
) -> Document:
    """``…/items/{featureId}`` (featureGeoJSON)."""
    feature = orjson.loads(body)
    address = at.item(of, feature["id"])
    return {
        **feature,
        "links": [
            *both_forms(address, query, form, GEOJSON, feature["id"]),
            link(at.collection(of), "collection", JSON, f"About: {of.heading.lower()}"),
            link(with_query(at.items(of), query), "items", GEOJSON, f"{of.heading} as GeoJSON"),
        ],
        "attribution": credit,
    }
