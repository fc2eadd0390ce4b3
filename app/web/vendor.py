"""Scripts and styles: our own under ``/static``, other people's under ``/vendor``.

Lives here: serving both from memory, under addresses that change with the content, so that
browsers keep them for ever. Not here: where the third-party ones come from
(:mod:`app.geo.assets`).
"""

import hashlib
from pathlib import Path
from typing import Protocol

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.errors import InputError, NotFoundError
from app.publication.cache import Answer
from app.web.respond import FOR_EVER, FRESH, respond

_MEDIA_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}


class VendorAssets(Protocol):
    """The reading side of :class:`app.geo.assets.Assets`."""

    def url_for(self, name: str) -> str:
        """Where an asset is served; by logical name or by the address folium gives it."""
        ...

    def read(self, name: str) -> tuple[bytes, str]:
        """Content and media type of a file. Raises :class:`app.errors.NotFoundError`."""
        ...

    def notice(self) -> str:
        """Copyright and licence of every asset."""
        ...


class StaticFiles:
    """Our own scripts and styles, read once.

    The version stands in the directory part of the address (``/static/<version>/js/main.js``),
    so that modules can import each other by relative address and still change together.
    """

    def __init__(self, directory: Path) -> None:
        if not directory.is_dir():
            raise InputError("static_dir", f"there is no directory {directory}")
        self._files: dict[str, Answer] = {}
        digest = hashlib.sha256()
        for path in sorted(directory.rglob("*")):
            if path.is_file() and path.suffix in _MEDIA_TYPES:
                name, body = path.relative_to(directory).as_posix(), path.read_bytes()
                self._files[name] = Answer.of(body, _MEDIA_TYPES[path.suffix])
                digest.update(name.encode() + b"\0" + body + b"\0")
        self.version = digest.hexdigest()[:12]

    def url_for(self, name: str) -> str:
        """Where a file is served. Raises :class:`app.errors.NotFoundError`."""
        self.read(name)
        return f"/static/{self.version}/{name}"

    def read(self, name: str) -> Answer:
        """A file by name. Raises :class:`app.errors.NotFoundError`."""
        try:
            return self._files[name]
        except KeyError:
            raise NotFoundError(
                f"There is no file {name[:100]!r} among the static files."
            ) from None


def assets_router(vendor: VendorAssets, static: StaticFiles) -> APIRouter:
    """The routes ``/vendor/{name}``, ``/static/{version}/{path}`` and ``/licences.txt``."""
    router = APIRouter(include_in_schema=False)

    @router.get("/vendor/{name}")
    def vendor_file(name: str) -> Response:
        try:
            answer = Answer.of(*vendor.read(name))
        except NotFoundError as error:
            raise HTTPException(404, str(error)) from error
        # The name changes with the content.
        return respond(answer, headers={"Cache-Control": FOR_EVER})

    @router.get("/static/{version}/{name:path}")
    def static_file(version: str, name: str) -> Response:
        try:
            answer = static.read(name)
        except NotFoundError as error:
            raise HTTPException(404, str(error)) from error
        # A page from before an update may still ask for its own version; it gets today's file.
        kept = FOR_EVER if version == static.version else FRESH
        return respond(answer, headers={"Cache-Control": kept})

    @router.get("/licences.txt")
    def licences() -> Response:
        return respond(Answer.of(vendor.notice().encode(), "text/plain; charset=utf-8"))

    return router


def is_asset(request: Request) -> bool:
    """Whether what is asked for is a file of a page; errors about it are plain text."""
    return request.url.path.startswith(("/static/", "/vendor/"))
