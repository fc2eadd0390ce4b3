"""An answer of the publication becomes a response: headers, and 304 for who has it already."""

from fastapi import Request
from starlette.responses import Response

from app.publication.cache import Answer


def respond(request: Request, answer: Answer) -> Response:
    """The answer, or 304 when the reader has it already."""
    headers = {
        "ETag": answer.etag,
        "Cache-Control": "public, max-age=0, must-revalidate",
        "Access-Control-Allow-Origin": "*",
    }
    if _has(request, answer.etag):
        return Response(status_code=304, headers=headers)
    return Response(answer.body, media_type=answer.media_type, headers=headers)


def _has(request: Request, etag: str) -> bool:
    asked = request.headers.get("if-none-match", "")
    tags = {tag.strip().removeprefix("W/") for tag in asked.split(",")}
    return etag in tags or "*" in tags
