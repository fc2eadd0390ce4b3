"""How long an address and the headers of a request may be (RFC 9110, 15.5.15; RFC 6585, 5).

The server's parser lets headers be of any size; what is kept by them would be, too.
"""

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from app.words import Message

LONGEST_ADDRESS = 40 * 1024
"""Twenty places on the way, each with a name as long as may be, in any script."""
LONGEST_HEADERS = 32 * 1024


def is_too_long(scope: Scope) -> int:
    """The status to refuse a request with, or 0: nothing is too long."""
    if len(scope["path"]) + len(scope["query_string"]) > LONGEST_ADDRESS:
        return 414
    length = 0
    for name, value in scope["headers"]:
        length += len(name) + len(value)
    return 431 if length > LONGEST_HEADERS else 0


class Limits:
    """ASGI middleware that refuses what is too long; inside what makes answers of exceptions."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is short enough."""
        if scope["type"] == "http" and (status := is_too_long(scope)):
            text = "address_is_long" if status == 414 else "headers_are_long"
            raise HTTPException(status, Message(text))
        await self._app(scope, receive, send)
