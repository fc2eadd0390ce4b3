"""Addresses: where readers reach this server, and parameters after a path.

Lives here: the one place that says what stands before ``/ogc``, ``/trips`` and the like in
documents that leave the site, and how a query is written. Not here: the paths themselves, which
the rooms that serve them know.
"""

import re
from typing import TypeAlias
from urllib.parse import quote, urlencode

from starlette.requests import Request

from app.errors import InputError

Query: TypeAlias = tuple[tuple[str, str], ...]
"""Parameters by name, in their order."""

# Of the characters that a host may have (RFC 3986, 3.2.2), with an optional port.
_HOST = re.compile(
    r"(?:[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,252})|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?", re.ASCII
)


def with_query(path: str, query: Query) -> str:
    """The address with its parameters, escaped; a colon is none that would need it."""
    return f"{path}?{urlencode(query, quote_via=quote, safe=':')}" if query else path


def base_url(request: Request, public_url: str = "") -> str:
    """Scheme and host, such as ``https://example.org``, without a slash at the end.

    ``public_url`` is the setting of that name. Where it is empty the request says it: what is
    made of it must be kept apart for each (:class:`app.publication.cache.OnceCache`), since
    whoever asks chooses the host freely. Raises :class:`app.errors.InputError` naming ``Host``
    when that is no host.
    """
    if public_url:
        return public_url.rstrip("/")
    host = request.headers.get("host", "") or _listening(request)
    if not _HOST.fullmatch(host):
        raise InputError(
            "Host", "is no host name; send one such as example.org or example.org:8000"
        )
    return f"{request.scope.get('scheme', 'http')}://{host.lower()}"


def _listening(request: Request) -> str:
    # HTTP/1.0 needs no Host; where the server listens is then all that is known.
    host, port = request.scope.get("server") or ("localhost", None)
    named = f"[{host}]" if ":" in host else host
    return named if port is None else f"{named}:{port}"
