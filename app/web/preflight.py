"""What browsers ask before they send a condition or a range from another site (CORS).

Every answer to a read says by itself that all may have it (:mod:`app.web.respond`), whoever asks,
so that it can be kept for all; here only the question before is answered.
"""

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

A_DAY = 86_400


class Preflight:
    """ASGI middleware that answers what browsers ask before they read; nothing else is allowed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._asked = CORSMiddleware(
            app,
            allow_origins=["*"],
            allow_methods=["GET", "HEAD"],
            allow_headers=["*"],
            max_age=A_DAY,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on everything but the question."""
        is_question = scope["type"] == "http" and scope["method"] == "OPTIONS"
        await (self._asked if is_question else self._app)(scope, receive, send)
