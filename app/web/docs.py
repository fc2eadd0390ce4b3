"""``/docs``: the API's documentation, with examples and with Swagger UI served from here.

``/openapi.json`` is the description that FastAPI derives, as bytes that are made once. The
examples are files of their own (``templates/examples``), which the tests run, and the snippets of
the embed builder (:mod:`app.web.embed_builder`).
"""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from jinja2 import Environment
from starlette.responses import Response

from app.publication import formats
from app.publication.cache import Answer
from app.web import embed_builder
from app.web.pages import HTML
from app.web.respond import respond


def docs_router(templates: Environment, description: Callable[[], dict[str, Any]]) -> APIRouter:
    """The routes ``/docs`` and ``/openapi.json``; ``description`` is that of all routes."""
    router = APIRouter(include_in_schema=False)
    snippets = embed_builder.snippets("SERVER", "2023-09-russia", "Kim Jong-un's journey to Russia")
    page = templates.get_template("docs.html").render(
        embed_options=embed_builder.OPTIONS,
        snippets={snippet.name: snippet for snippet in snippets},
    )
    answer = Answer.of(page.encode(), HTML)

    @router.get("/docs")
    def docs() -> Response:
        return respond(answer)

    @router.get("/openapi.json")
    def openapi() -> Response:
        return respond(Answer.of(formats.to_json(description()), "application/json"))

    return router
