"""What a reader takes: content codings and media types (RFC 9110, 12.5), byte ranges (14).

Lives here: reading the headers. Junk in them is never an error: a reader who asks for nothing
sensible gets the usual form. Not here: sending.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from starlette.requests import Request

from app.publication.codings import Coding

_QUALITY = re.compile(r"q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)", re.IGNORECASE | re.ASCII)
_RANGE = re.compile(r"bytes=\s*([0-9]{0,99})-([0-9]{0,99})\s*", re.IGNORECASE | re.ASCII)

LONGEST_LIST = 1024
"""Characters of a list of codings or types that are read: browsers send a tenth of that."""


@lru_cache(maxsize=512)
def wanted_coding(accept_encoding: str) -> Coding:
    """The coding to send: of those the reader likes best, the one with the fewest bytes.

    >>> wanted_coding("gzip, deflate, br"), wanted_coding("br;q=0, gzip"), wanted_coding("")
    (<Coding.BROTLI: 'br'>, <Coding.GZIP: 'gzip'>, <Coding.IDENTITY: 'identity'>)
    """
    weights = dict(_weighed(accept_encoding))
    others = weights.get("*", 0.0)
    # Unless it is ruled out, no coding at all is fine as well, but not what anybody prefers.
    liking = {
        coding: weights.get(coding.value, 0.0 if coding is Coding.IDENTITY else others)
        for coding in Coding
    }
    best = max(liking.values())
    if best <= 0.0:
        return Coding.IDENTITY
    return next(coding for coding in Coding if liking[coding] == best)


def wanted_type(accept: str, offered: Sequence[str]) -> str | None:
    """The media type of ``offered`` that the reader likes best; ``None`` if it takes none.

    Among equals the one that is named, rather than meant by a ``*``, then the first that is
    offered. No header takes everything.

    >>> wanted_type("text/csv, */*", ["application/json", "text/csv"])
    'text/csv'
    """
    if not accept.strip():
        return offered[0]
    weights = dict(_weighed(accept[:LONGEST_LIST]))

    def liking(media_type: str) -> tuple[float, int]:
        family = media_type.partition("/")[0]
        for rank, named in enumerate((media_type, f"{family}/*", "*/*")):
            if named in weights:
                return weights[named], -rank
        return 0.0, 0

    best = max(offered, key=liking)
    return best if liking(best)[0] > 0.0 else None


def accept_of(request: Request) -> str:
    """The types a reader takes: a list may come in several headers."""
    return ", ".join(request.headers.getlist("accept"))


def wanted_range(header: str, length: int) -> range | None:
    """The bytes asked for of ``length``; empty where there are none such.

    ``None`` where all is to be sent: for no range, a malformed one, or several at once, which a
    server may leave aside (RFC 9110, 14.2).

    >>> wanted_range("bytes=2-", 5), wanted_range("bytes=-2", 5), wanted_range("bytes=9-", 5)
    (range(2, 5), range(3, 5), range(0, 0))
    """
    match = _RANGE.fullmatch(header.strip())
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        return range(max(length - int(last), 0), length) if int(last) else range(0)
    if last and int(last) < int(first):
        return None
    if int(first) >= length:
        return range(0)
    return range(int(first), min(int(last) + 1, length) if last else length)


def has_tag(header: str, etag: str, *, strong: bool = False) -> bool:
    """Whether an ``If-None-Match`` names ``etag``; compared weakly (RFC 9110, 13.1.2).

    ``strong`` is for ``If-Match``, which weak tags never fulfil.

    >>> has_tag('W/"a", "b"', '"a"'), has_tag("*", '"a"'), has_tag('"b"', '"a"')
    (True, True, False)
    """
    if header.strip() == "*":
        return True
    named = (tag.strip() for tag in header.split(","))
    return etag in (named if strong else (tag.removeprefix("W/") for tag in named))


def _weighed(header: str) -> list[tuple[str, float]]:
    weighed = []
    for item in header.lower().split(","):
        name, *parameters = (part.strip() for part in item.split(";"))
        weight = 1.0
        for parameter in parameters:
            if match := _QUALITY.fullmatch(parameter):
                weight = float(match[1])
        if name:
            weighed.append((name, weight))
    return weighed
