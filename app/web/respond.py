"""An answer of the publication becomes a response: how long who may keep it, who may read it.

Not here: codings, conditional requests and ranges (:mod:`app.web.kept`).
"""

from collections.abc import Mapping
from urllib.parse import quote

from fastapi import Request
from starlette.responses import Response

from app.publication.cache import Answer

FOR_EVER = "public, max-age=31536000, immutable"
EXPOSED = "ETag, Content-Range, Content-Disposition, Link"
"""What scripts of other sites may read of an answer, beside the usual."""
FRESH = "public, max-age=0, s-maxage=5, stale-while-revalidate=15"
"""Browsers ask each time, mostly for a 304; a shared cache before the server asks every five
seconds, and answers without waiting for another fifteen. Who asks every twelve seconds sees what
changes within thirty."""


def respond(answer: Answer, *, headers: Mapping[str, str] | None = None) -> Response:
    """The answer with its headers; ``headers`` are others, or other ones."""
    return Response(
        answer.body,
        media_type=answer.media_type,
        headers={
            "ETag": answer.etag,
            "Cache-Control": FRESH,
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Expose-Headers": EXPOSED,
            **(headers or {}),
        },
    )


def respond_versioned(request: Request, answer: Answer) -> Response:
    """The answer at an address of ours that names its version, as ``?v=``: then it is for ever.

    Only for what belongs to the making of a page: what is said of a journey may be corrected at
    any address.
    """
    is_it = request.query_params.get("v") == answer.version
    return respond(answer, headers={"Cache-Control": FOR_EVER if is_it else FRESH})


def without_slash(request: Request) -> Response | None:
    """To the same address without the slash at its end; ``None`` if it has none.

    Relative, so that it is right behind any proxy, and never to another host.
    """
    asked = str(request.scope["path"])
    path = asked.strip("/")
    if not asked.endswith("/") or not path or request.method != "GET":
        return None
    query = f"?{request.url.query}" if request.url.query else ""
    return Response(
        status_code=308,
        headers={
            "Location": f"/{quote(path)}{query}",
            "Cache-Control": "no-store",
            "Access-Control-Allow-Origin": "*",
        },
    )
