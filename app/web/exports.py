"""Whole trips as files to keep: ``/trips/{slug}.gpx`` and so on.

Lives here: addresses and headers. Not here: the files (:mod:`app.publication.exports`). Other
sites add parameters of their own: they are ignored.
"""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.publication.exports.files import Exports
from app.publication.formats import FileFormat
from app.web.parameters import chosen_options
from app.web.respond import respond


def exports_router(exports: Exports) -> APIRouter:
    """The routes of the files; to be included before ``/trips/{slug}``, which would take them."""
    router = APIRouter(include_in_schema=False)

    def add(file_format: FileFormat) -> None:
        @router.get(f"/trips/{{slug}}.{file_format.value}", name=f"trip.{file_format.value}")
        def file(request: Request, slug: str) -> Response:
            answer = exports.file(slug, file_format, chosen_options(request))
            # There is a trip of this name, so it is letters, digits and hyphens.
            name = f'attachment; filename="{slug}.{file_format.value}"'
            return respond(answer, headers={"Content-Disposition": name})

    for file_format in FileFormat:
        add(file_format)
    return router
