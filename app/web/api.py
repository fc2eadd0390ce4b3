"""The JSON API: trips and their parts, one-off routes, the search for places.

Lives here: addresses, parameters and headers. Not here: what the answers say
(:mod:`app.publication`).
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from app.publication import formats
from app.publication.answers import Answers
from app.publication.cache import Answer
from app.publication.columns import COLUMNS
from app.publication.formats import Format
from app.publication.parts import Part
from app.publication.position import Positions
from app.web import schemas
from app.web.json_schemas import MEDIA_TYPE, NAMED, address, json_schema
from app.web.negotiation import accept_of, wanted_type
from app.web.parameters import (
    Nothing,
    PartParameters,
    PlaceParameters,
    PositionParameters,
    RouteParameters,
    SourceParameters,
    TripParameters,
    refuse_repeated,
)
from app.web.respond import respond

VERSION = "1"
"""Of the API's answers: within one, members are added, but none goes or means another thing."""

Slug = Annotated[
    str, Path(description="The trip's name in addresses.", examples=["2023-09-russia"])
]


def _problem(description: str) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": schemas.Problem.model_json_schema()}}
    return {"description": description, "content": content}


PROBLEMS: dict[int | str, dict[str, Any]] = {
    400: _problem("A parameter is wrong; `parameter` names it."),
    404: _problem("There is no such trip or place."),
    # Named so that the framework's own form of a bad parameter, never sent, is not promised.
    "4XX": _problem("Something else about the request is wrong."),
}
_LISTS: Mapping[Part, type[BaseModel]] = {
    Part.WAYPOINTS: schemas.WaypointList,
    Part.LEGS: schemas.LegList,
    Part.SIGHTINGS: schemas.SightingList,
    Part.SOURCES: schemas.SourceList,
    Part.CONTRADICTIONS: schemas.ContradictionList,
}
_SUMMARIES = {
    Part.WAYPOINTS: "Where the party was reported, is expected, may come",
    Part.LEGS: "Travel between waypoints: distance, time, speed",
    Part.SIGHTINGS: "Every claim, with who says so and its grade",
    Part.SOURCES: "The reports that the claims stand in",
    Part.CONTRADICTIONS: "What cannot all be true, and what is set aside for it",
}


class _Schema(JSONResponse):
    """For the documentation: what a schema comes as."""

    media_type = MEDIA_TYPE


class _GeoJSON(JSONResponse):
    """For the documentation: what the position comes as; of any other kind it would be a text."""

    media_type = Format.GEOJSON.media_type


def api_router(
    answers: Answers,
    positions: Positions,
    route: Callable[[RouteParameters], Answer],
    places: Callable[[PlaceParameters], Answer],
    credit: str,
) -> APIRouter:
    """The routes of ``/api`` over a publication, a route finder and a gazetteer."""
    router = APIRouter(prefix="/api", responses=PROBLEMS, dependencies=[Depends(refuse_repeated)])

    @router.get(
        "", tags=["start"], summary="What there is", responses={200: {"model": schemas.Start}}
    )
    def start(_: Annotated[Nothing, Query()]) -> Response:
        return respond(_start(credit))

    @router.get(
        "/schemas/{name}",
        tags=["start"],
        summary="The form of an answer, as JSON Schema",
        response_class=_Schema,
        responses={
            200: {
                "description": "A JSON Schema (draft 2020-12).",
                "content": {MEDIA_TYPE: {"schema": {"type": "object"}}},
            }
        },
    )
    def schema(
        name: Annotated[
            str, Path(description=f"One of {', '.join(NAMED)}.", examples=["waypoints"])
        ],
        _: Annotated[Nothing, Query()],
    ) -> Response:
        return respond(json_schema(name))

    @router.get(
        "/trips", tags=["trips"], summary="All trips", responses={200: {"model": schemas.Trips}}
    )
    def trips(_: Annotated[Nothing, Query()]) -> Response:
        return respond(answers.trips())

    @router.get(
        "/trips/{slug}",
        tags=["trips"],
        summary="One trip, with its assumptions",
        responses={200: {"model": schemas.Trip}},
    )
    def trip(slug: Slug, parameters: Annotated[TripParameters, Query()]) -> Response:
        return respond(answers.trip(slug, parameters.options))

    @router.get(
        "/trips/{slug}/revision",
        tags=["trips"],
        summary="Whether there is anything new, in a few bytes",
        responses={200: {"model": schemas.Revision}},
    )
    def revision(slug: Slug, _: Annotated[Nothing, Query()]) -> Response:
        return respond(answers.revision(slug))

    for part in Part:
        router.add_api_route(
            f"/trips/{{slug}}/{part.value}",
            _part_endpoint(answers, part),
            tags=["trips"],
            summary=_SUMMARIES[part],
            responses={
                200: {
                    "model": _LISTS[part],
                    "description": "`format=` chooses between the forms.",
                    "content": _other_forms(part),
                }
            },
            name=part.value,
        )

    @router.get(
        "/trips/{slug}/position",
        tags=["trips"],
        summary="Everywhere the party can have been at an instant",
        response_class=_GeoJSON,
        responses={200: {"model": schemas.PositionList}},
    )
    def position(slug: Slug, parameters: Annotated[PositionParameters, Query()]) -> Response:
        return respond(positions.at(slug, parameters.at, parameters.options))

    @router.get(
        "/route",
        tags=["one-off"],
        summary="Distance and time between two places",
        responses={
            200: {"model": schemas.Route},
            422: _problem("There is no believable way; `detail` says why."),
        },
    )
    def one_off_route(parameters: Annotated[RouteParameters, Query()]) -> Response:
        return respond(route(parameters))

    @router.get(
        "/places",
        tags=["one-off"],
        summary="Search the gazetteer",
        responses={200: {"model": schemas.Places}},
    )
    def search_places(parameters: Annotated[PlaceParameters, Query()]) -> Response:
        return respond(places(parameters))

    return router


def _other_forms(part: Part) -> dict[str, Any]:
    """What a list looks like in the forms that are not JSON."""
    columns = ",".join([*COLUMNS[part], "credit"])
    forms: dict[str, Any] = {
        "text/csv": {"schema": {"type": "string"}, "example": f"{columns}\r\n"}
    }
    if part is not Part.SOURCES:
        forms[Format.GEOJSON.media_type] = {
            "schema": {
                "type": "object",
                "description": "A FeatureCollection (RFC 7946); the properties of each feature"
                " are an item of the JSON form.",
            }
        }
    return forms


def _part_endpoint(answers: Answers, part: Part) -> Callable[..., Response]:
    offered = [form for form in Format if part is not Part.SOURCES or form is not Format.GEOJSON]

    def answer(request: Request, slug: str, parameters: PartParameters) -> Response:
        form, headers = parameters.format, {}
        if form is None:
            types = {form.media_type.partition(";")[0]: form for form in offered}
            wanted = wanted_type(accept_of(request), list(types))
            # Who takes none of them is sent the usual one, rather than nothing.
            form = types[wanted] if wanted else Format.JSON
            headers = {"Vary": "Accept"}
        return respond(answers.part(slug, part, form, parameters.options), headers=headers)

    def endpoint(
        request: Request, slug: Slug, parameters: Annotated[PartParameters, Query()]
    ) -> Response:
        return answer(request, slug, parameters)

    def sources(
        request: Request, slug: Slug, parameters: Annotated[SourceParameters, Query()]
    ) -> Response:
        return answer(request, slug, parameters)

    return sources if part is Part.SOURCES else endpoint


def _start(credit: str) -> Answer:
    document = {
        "name": "Dateline",
        "version": VERSION,
        "links": {
            "trips": "/api/trips",
            "route": "/api/route",
            "places": "/api/places",
            "schemas": {name: address(name) for name in NAMED},
            "features": "/ogc",
            "description": "/openapi.json",
            "documentation": "/docs",
            "feed": "/feed.atom",
        },
        "credit": credit,
    }
    return Answer.of(formats.to_json(document), Format.JSON.media_type)
