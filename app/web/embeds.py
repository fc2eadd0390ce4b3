"""The document that other sites frame: map, one line, slider, credit.

Lives here: the one address that may be framed (see :mod:`app.web.security`). Not here: its
looks (``templates/embed.html``).
"""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.web.pages import Pages
from app.web.parameters import chosen_options
from app.web.respond import respond


def embeds_router(pages: Pages) -> APIRouter:
    """The route ``/embed/{slug}``; unknown query parameters are ignored."""
    router = APIRouter(include_in_schema=False)

    @router.get("/embed/{slug}")
    def embed(request: Request, slug: str) -> Response:
        return respond(pages.embed(slug, chosen_options(request)))

    return router
