"""``/docs``: the API's documentation, with Swagger UI served from here.

Not here: the description itself, which FastAPI derives (``/openapi.json``).
"""

from fastapi import APIRouter, Request
from jinja2 import Environment
from starlette.responses import Response

from app.publication.cache import Answer
from app.web.pages import HTML
from app.web.respond import respond


def docs_router(templates: Environment) -> APIRouter:
    """The route ``/docs``."""
    router = APIRouter(include_in_schema=False)
    answer = Answer.of(templates.get_template("docs.html").render().encode(), HTML)

    @router.get("/docs")
    def docs(request: Request) -> Response:
        return respond(request, answer)

    return router
