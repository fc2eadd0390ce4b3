"""Bytes of an answer in the codings that HTTP names: gzip, br, zstd.

Lives here: compressing, the same way in every process. Not here: which one a reader takes
(:mod:`app.web.negotiation`). Levels are chosen for answers that are made once and sent often,
but by a person who waits: 300 kB take some ten milliseconds. What never changes is worth more.
"""

import gzip
from collections.abc import Callable
from enum import StrEnum

import brotli
import zstandard

LEAST_BYTES = 512
"""Smaller answers gain less than the headers cost."""

_COMPRESSIBLE = (
    "text/",
    "application/json",
    "application/geo+json",
    "application/javascript",
    "application/xml",
    "application/toml",
    "image/svg+xml",
    "font/otf",
    "font/ttf",
)


class Coding(StrEnum):
    """A content coding by its name in HTTP (RFC 9110, 8.4.1), the smallest first."""

    BROTLI = "br"
    ZSTD = "zstd"
    GZIP = "gzip"
    IDENTITY = "identity"


def is_compressible(media_type: str) -> bool:
    """Whether bytes of this type become smaller: pictures with pixels and web fonts do not.

    >>> is_compressible("application/vnd.google-earth.kml+xml"), is_compressible("image/png")
    (True, False)
    """
    bare = media_type.partition(";")[0].strip().lower()
    return bare.startswith(_COMPRESSIBLE) or bare.endswith(("+xml", "+json"))


def encode(body: bytes, coding: Coding, *, for_ever: bool = False) -> bytes:
    """``body`` in a coding; the same bytes for the same arguments.

    ``for_ever`` takes up to half a second for 300 kB, and makes a tenth less of them.
    """
    return (_SLOW_ENCODERS if for_ever else _ENCODERS)[coding](body)


_ENCODERS: dict[Coding, Callable[[bytes], bytes]] = {
    Coding.BROTLI: lambda body: brotli.compress(body, quality=6),
    # A compressor is not safe to share between threads, and costs nothing to make.
    Coding.ZSTD: lambda body: zstandard.ZstdCompressor(level=12).compress(body),
    # The time of making would be in the bytes.
    Coding.GZIP: lambda body: gzip.compress(body, 8, mtime=0),
    Coding.IDENTITY: lambda body: body,
}

_SLOW_ENCODERS: dict[Coding, Callable[[bytes], bytes]] = {
    Coding.BROTLI: lambda body: brotli.compress(body, quality=11),
    Coding.ZSTD: lambda body: zstandard.ZstdCompressor(level=19).compress(body),
    Coding.GZIP: lambda body: gzip.compress(body, 9, mtime=0),
    Coding.IDENTITY: lambda body: body,
}
