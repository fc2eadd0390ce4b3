"""JSON Schemas of the API's answers, from the models that describe them (:mod:`app.web.schemas`).

Each is whole by itself (draft 2020-12), so that it can be kept beside the data and checked offline.
"""

from collections.abc import Mapping

from pydantic import BaseModel

from app.errors import NotFoundError
from app.publication import formats
from app.publication.cache import Answer
from app.web import schemas

MEDIA_TYPE = "application/schema+json"
DRAFT = "https://json-schema.org/draft/2020-12/schema"

NAMED: Mapping[str, type[BaseModel]] = {
    "start": schemas.Start,
    "trips": schemas.Trips,
    "trip": schemas.Trip,
    "revision": schemas.Revision,
    "waypoints": schemas.WaypointList,
    "legs": schemas.LegList,
    "sightings": schemas.SightingList,
    "sources": schemas.SourceList,
    "contradictions": schemas.ContradictionList,
    "position": schemas.PositionList,
    "route": schemas.Route,
    "places": schemas.Places,
    "problem": schemas.Problem,
}


def address(name: str) -> str:
    """Where the schema of an answer is."""
    return f"/api/schemas/{name}"


def json_schema(name: str) -> Answer:
    """The schema of an answer. Raises :class:`app.errors.NotFoundError`."""
    if name not in NAMED:
        known = ", ".join(NAMED)
        raise NotFoundError(f"There is no schema {name[:100]!r}; there are {known}.")
    schema = NAMED[name].model_json_schema(mode="serialization", by_alias=True)
    return Answer.of(formats.to_json({"$schema": DRAFT, **schema}), MEDIA_TYPE)
