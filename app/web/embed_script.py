"""``/embed.js``: the script that other sites may include beside an embed.

Lives here: its address, which stands in articles and never changes. Not here: what it does
(``static/embed.js``), nor the embed (:mod:`app.web.embeds`).
"""

from fastapi import APIRouter
from starlette.responses import Response

from app.web.respond import respond
from app.web.vendor import StaticFiles

A_DAY = "public, max-age=86400"
"""An article is read for years: a mended script has to reach it, and need not do so at once."""


def embed_script_router(static: StaticFiles) -> APIRouter:
    """The route ``/embed.js``. Raises :class:`app.errors.NotFoundError` when there is no file."""
    router = APIRouter(include_in_schema=False)
    answer = static.read("embed.js")

    @router.get("/embed.js")
    def embed_script() -> Response:
        headers = {
            "Cache-Control": A_DAY,
            # For pages that let in only what says that it may be let in.
            "Cross-Origin-Resource-Policy": "cross-origin",
        }
        return respond(answer, headers=headers)

    return router
