"""Feeds of all trips and of one: Atom and JSON Feed.

Lives here: addresses. Not here: what the feeds say (:mod:`app.publication.feeds`), and where
readers reach this server (:mod:`app.web.addresses`).
"""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.publication.feeds import Feeds
from app.web.addresses import base_url
from app.web.respond import respond


def feeds_router(feeds: Feeds, public_url: str = "") -> APIRouter:
    """The routes of the feeds. ``public_url`` is the setting of that name."""
    router = APIRouter(include_in_schema=False)

    @router.get("/feed.atom")
    def all_as_atom(request: Request) -> Response:
        return respond(feeds.atom(base_url(request, public_url)))

    @router.get("/feed.json")
    def all_as_json(request: Request) -> Response:
        return respond(feeds.json(base_url(request, public_url)))

    @router.get("/trips/{slug}/feed.atom")
    def one_as_atom(request: Request, slug: str) -> Response:
        return respond(feeds.atom(base_url(request, public_url), slug))

    @router.get("/trips/{slug}/feed.json")
    def one_as_json(request: Request, slug: str) -> Response:
        return respond(feeds.json(base_url(request, public_url), slug))

    return router
