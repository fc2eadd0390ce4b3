"""The document that other sites frame: map, one line, slider, credit.

Lives here: the one address that may be framed (see :mod:`app.web.security`). Not here: its
looks (``templates/embed.html``).
"""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.web.addresses import base_url
from app.web.embed_choice import EmbedChoice
from app.web.oembed import Shown, discovery_header
from app.web.pages import Pages
from app.web.parameters import chosen_options
from app.web.respond import respond


def embeds_router(pages: Pages, public_url: str = "") -> APIRouter:
    """The route ``/embed/{slug}``: options that make no sense are refused, unknown ones ignored.

    ``public_url`` is the setting of that name.
    """
    router = APIRouter(include_in_schema=False)

    @router.get("/embed/{slug}")
    def embed(request: Request, slug: str) -> Response:
        # First: what was chosen is right or wrong where a renamed trip is now.
        pages.find(slug)
        choice = EmbedChoice.of(request.query_params)
        shown = Shown(slug, chosen_options(request), choice)
        base = base_url(request, public_url)
        answer = pages.embed(slug, shown.options, choice, base)
        # As RFC 8288 has it; there are sites that only look into the document.
        link = discovery_header(shown, base)
        return respond(answer, headers={"Link": link})

    return router
