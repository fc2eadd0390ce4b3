"""The document that other sites frame: map, one line, slider, credit.

Lives here: the one address that may be framed (see :mod:`app.web.security`). Not here: its
looks (``templates/embed.html``).
"""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.web.addresses import base_url
from app.web.oembed import Shown, discovery_header
from app.web.pages import Pages
from app.web.respond import respond


def embeds_router(pages: Pages, public_url: str = "") -> APIRouter:
    """The route ``/embed/{slug}``; unknown query parameters are ignored.

    ``public_url`` is the setting of that name.
    """
    router = APIRouter(include_in_schema=False)

    @router.get("/embed/{slug}")
    def embed(request: Request, slug: str) -> Response:
        shown = Shown.of(slug, request)
        answer = pages.embed(slug, shown.options)
        # In a header, since the document is the same under every name of the server.
        link = discovery_header(shown, base_url(request, public_url))
        return respond(answer, headers={"Link": link})

    return router
