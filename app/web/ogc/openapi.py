"""The description of ``/ogc`` as OpenAPI 3.0 (requirements class oas30).

Made of the parameters that are read and of the schemas of what is sent, so that it promises what
happens and no more. FastAPI's own description (``/openapi.json``) is 3.1, and of ``/api``. Not
here: the schemas of answers (:mod:`app.web.ogc.answer_schemas`).
"""

from collections.abc import Sequence

from app.publication.documents import Document
from app.publication.features.collections import Collection
from app.web.ogc.answer_schemas import answer_schemas, feature_name, page_name
from app.web.ogc.links import GEOJSON, HTML, JSON, OPENAPI, SCHEMA, Addresses
from app.web.ogc.parameters import AS_OF, F, Parameter, item_parameters

_PROBLEMS = {
    "400": "A parameter is unknown, repeated or wrong; `parameter` names it.",
    "404": "There is no such feature.",
    "406": "None of the media types that `Accept` names can be sent.",
    "500": "Something went wrong here.",
    "503": "The database does not answer.",
}
_EXAMPLE_IDS = {
    Collection.WAYPOINTS: "2023-09-russia.waypoint-1",
    Collection.LEGS: "2023-09-russia.leg-1",
    Collection.SIGHTINGS: "2023-09-russia.khasan-arrival",
    Collection.PLACES: "khasan-station",
}


def openapi_document(at: Addresses, version: str) -> Document:
    """The document, of what is below ``at``."""
    about = "about"
    paths = {
        "/": _get("getLandingPage", "The landing page", about, "landingPage"),
        "/api": _get("getApi", "This description", about, None, media_type=OPENAPI),
        "/conformance": _get("getConformance", "What this conforms to", about, "confClasses"),
        "/collections": _get("getCollections", "The collections", about, "collections"),
    }
    for of in Collection:
        paths |= _paths_of(of)
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "Dateline: reported journeys as features",
            "description": "OGC API – Features over all trips, readable without an account.",
            "version": version,
        },
        "servers": [{"url": at.root}],
        "tags": [
            {"name": about, "description": "What there is."},
            *({"name": of.value, "description": of.description} for of in Collection),
        ],
        "paths": paths,
        "components": {
            "schemas": answer_schemas(),
            "responses": {
                _problem_name(status): _problem(said) for status, said in _PROBLEMS.items()
            },
        },
    }


def _paths_of(of: Collection) -> Document:
    address, tag, name = f"/collections/{of.value}", of.value, of.heading
    one = _get(
        f"get{name}Feature",
        f"One of the {of.value}",
        tag,
        feature_name(of),
        (AS_OF, F),
        media_type=GEOJSON,
        can_be_missing=True,
    )
    one["get"]["parameters"].insert(0, _feature_id(of))
    many = _get(
        f"get{name}Features",
        f"{name}: those that are wanted, page by page",
        tag,
        page_name(of),
        item_parameters(of),
        media_type=GEOJSON,
    )
    many["get"]["responses"]["200"]["links"] = {
        "first": {
            "operationId": f"get{name}Feature",
            "parameters": {"featureId": "$response.body#/features/0/id"},
            "description": "The first of the features, on its own.",
        }
    }
    return {
        address: _get(f"describe{name}", f"About: {of.value}", tag, "collection"),
        f"{address}/queryables": _get(
            f"get{name}Queryables",
            f"What {of.value} can be asked by",
            tag,
            None,
            media_type=SCHEMA,
        ),
        f"{address}/items": many,
        f"{address}/items/{{featureId}}": one,
    }


def _feature_id(of: Collection) -> Document:
    return {
        "name": "featureId",
        "in": "path",
        "required": True,
        "description": "The feature's `id`.",
        "schema": {"type": "string", "minLength": 1},
        "example": _EXAMPLE_IDS[of],
    }


def _get(
    operation_id: str,
    summary: str,
    tag: str,
    schema: str | None,
    parameters: Sequence[Parameter] = (F,),
    *,
    media_type: str = JSON,
    can_be_missing: bool = False,
) -> Document:
    """A path that can be read; ``schema`` names that of its JSON form, or none in particular."""
    said = {"type": "object"} if schema is None else {"$ref": f"#/components/schemas/{schema}"}
    problems = {
        status: {"$ref": f"#/components/responses/{_problem_name(status)}"}
        for status in _PROBLEMS
        if status != "404" or can_be_missing
    }
    return {
        "get": {
            "operationId": operation_id,
            "summary": summary,
            "tags": [tag],
            "parameters": [_parameter(parameter) for parameter in parameters],
            "responses": {
                "200": {
                    "description": "The document, in one of its forms.",
                    "content": {
                        media_type: {"schema": said},
                        HTML: {"schema": {"type": "string"}},
                    },
                },
                "304": {"description": "What the reader has, by its `ETag`, is what there is."},
                **problems,
            },
        }
    }


def _parameter(parameter: Parameter) -> Document:
    return {
        "name": parameter.name,
        "in": "query",
        "required": False,
        "description": parameter.description,
        "style": "form",
        "explode": False,
        "schema": parameter.schema,
    }


def _problem_name(status: str) -> str:
    return f"problem{status}"


def _problem(description: str) -> Document:
    schema = {"$ref": "#/components/schemas/problem"}
    return {
        "description": description,
        "content": {"application/problem+json": {"schema": schema}},
    }
