"""An answer of the publication becomes a response: how long who may keep it, who may read it.

Not here: codings, conditional requests and ranges (:mod:`app.web.kept`).
"""

from collections.abc import Mapping

from fastapi import Request
from starlette.responses import Response

from app.publication.cache import Answer

FOR_EVER = "public, max-age=31536000, immutable"
EXPOSED = "ETag, Content-Range, Content-Disposition, Link"
"""What scripts of other sites may read of an answer, beside the usual."""
FRESH = "public, max-age=0, s-maxage=10, stale-while-revalidate=20"
"""Browsers ask each time, mostly for a 304; a shared cache before the server asks every ten
seconds, and answers without waiting for another twenty. So what changes is seen within 30 s."""


def respond(
    request: Request, answer: Answer, *, headers: Mapping[str, str] | None = None
) -> Response:
    """The answer with its headers. An address that names its version, as ``?v=``, is for ever."""
    is_versioned = request.query_params.get("v") == answer.version
    return Response(
        answer.body,
        media_type=answer.media_type,
        headers={
            "ETag": answer.etag,
            "Cache-Control": FOR_EVER if is_versioned else FRESH,
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Expose-Headers": EXPOSED,
            **(headers or {}),
        },
    )
