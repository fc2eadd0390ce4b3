"""Response headers that keep a page to itself: content policy, framing, referrer.

Lives here: the one place that says what a page of ours may load and who may frame it. Pure
ASGI: it adds headers and touches no body.
"""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import InputError

EMBED_PREFIX = "/embed/"
TRIP_PREFIX = "/trips/"

_PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"


class SecurityHeaders:
    """Middleware that adds the headers to every answer.

    ``frame_ancestors`` is the CSP source list of who may frame the embeds, beside this site itself,
    whose pages of trips show how they will look; nobody may frame anything else. ``tiles_url`` is
    the template of an opt-in online tile layer, the only other host that a page may then ask, and
    for images only.

    Raises :class:`app.errors.InputError` for values that would break out of the policy.
    """

    def __init__(self, app: ASGIApp, frame_ancestors: str = "*", tiles_url: str = "") -> None:
        if not re.fullmatch(r"[^;,\s]+( [^;,\s]+)*", frame_ancestors):
            raise InputError(
                "frame_ancestors",
                "give hosts with spaces between them, such as https://example.org, or *",
            )
        images = ("'self'", "data:", *_tile_hosts(tiles_url))
        self._app = app
        self._page = content_policy(frame_ancestors="'none'", images=images)
        self._trip = content_policy(frame_ancestors="'none'", images=images, frames="'self'")
        self._embed = content_policy(frame_ancestors=_with_self(frame_ancestors), images=images)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; add the headers when the answer starts."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = str(scope["path"])

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(MutableHeaders(scope=message), path)
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _add(self, headers: MutableHeaders, path: str) -> None:
        embeddable = path.startswith(EMBED_PREFIX)
        others = self._trip if path.startswith(TRIP_PREFIX) else self._page
        headers["Content-Security-Policy"] = self._embed if embeddable else others
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
        headers["Permissions-Policy"] = _PERMISSIONS
        if not embeddable:
            headers["X-Frame-Options"] = "DENY"
            headers["Cross-Origin-Opener-Policy"] = "same-origin"


def content_policy(
    *,
    frame_ancestors: str,
    images: Sequence[str] = ("'self'", "data:"),
    frames: str = "'none'",
) -> str:
    """The Content-Security-Policy: everything from here, nothing inline, no evaluation."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src {' '.join(images)}",
            "font-src 'self'",
            "connect-src 'self'",
            f"frame-src {frames}",
            "base-uri 'none'",
            "form-action 'self'",
            f"frame-ancestors {frame_ancestors}",
        )
    )


def _with_self(frame_ancestors: str) -> str:
    """The source list with this site in it; ``'none'`` may stand beside nothing else."""
    others = [source for source in frame_ancestors.split(" ") if source.lower() != "'none'"]
    return frame_ancestors if "*" in others else " ".join(dict.fromkeys(["'self'", *others]))


def _tile_hosts(tiles_url: str) -> tuple[str, ...]:
    if not tiles_url:
        return ()
    parts = urlsplit(tiles_url)
    host = re.sub(r"^\{s\}\.", "*.", parts.netloc)
    if parts.scheme not in ("http", "https") or not re.fullmatch(r"[A-Za-z0-9.*:\-]+", host):
        raise InputError("tiles_url", "give an address such as https://host/{z}/{x}/{y}.png")
    return (f"{parts.scheme}://{host}",)
