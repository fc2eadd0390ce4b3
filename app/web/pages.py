"""The pages: all trips, one trip, and what a reader sees when something is wrong.

Lives here: addresses, caching and status of HTML. Not here: what a page says
(:mod:`app.web.trip_page`), how it looks (``templates/``, ``static/``), framing
(:mod:`app.web.embeds`).
"""

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from jinja2 import Environment
from starlette.responses import Response

from app.publication.cache import Answer, OnceCache
from app.web.api import respond
from app.web.parameters import parse_instant
from app.web.problems import Problem
from app.web.trip_page import TripPages

HTML = "text/html; charset=utf-8"
_NOT_PAGES = ("/api", "/ogc", "/openapi.json", "/healthz")


class Pages:
    """HTML made once for a revision and an ``as_of``."""

    def __init__(self, trips: TripPages, templates: Environment) -> None:
        self._trips = trips
        self._templates = templates
        self._kept: OnceCache[Answer] = OnceCache(512)

    def front(self) -> Answer:
        """All trips, the latest first."""
        slugs = list(self._trips.slugs())
        key = tuple(self._trips.key(slug, None) for slug in slugs)

        def make() -> Answer:
            pages = [self._trips.page(slug, None) for slug in slugs]
            pages.sort(key=lambda page: str(page.trip["as_of"] or ""), reverse=True)
            return self._render("trips.html", {"pages": pages})

        return self._kept.get(("front", key), make)

    def trip(self, slug: str, as_of: datetime | None) -> Answer:
        """A trip's own page. Raises :class:`app.errors.UnknownTripError`."""

        def make() -> Answer:
            context = self._context(slug, as_of)
            dashboard = self._trips.dashboard(slug, as_of)
            return self._render("trip.html", {**context, "dashboard": dashboard})

        return self._kept.get(("trip", self._trips.key(slug, as_of)), make)

    def embed(self, slug: str, as_of: datetime | None) -> Answer:
        """A trip as others frame it. Raises :class:`app.errors.UnknownTripError`."""
        return self._kept.get(
            ("embed", self._trips.key(slug, as_of)),
            lambda: self._render("embed.html", self._context(slug, as_of)),
        )

    def _context(self, slug: str, as_of: datetime | None) -> dict[str, Any]:
        return {"page": self._trips.page(slug, as_of), "map": self._trips.route_map(slug)}

    def problem(self, problem: Problem) -> Response:
        """A problem as a page of its own."""
        body = self._templates.get_template("error.html").render(problem=problem)
        return Response(body, problem.status, headers=problem.headers, media_type=HTML)

    def _render(self, template: str, context: dict[str, Any]) -> Answer:
        body = self._templates.get_template(template).render(**context)
        return Answer.of(body.encode(), HTML)


def pages_router(pages: Pages, trips: TripPages) -> APIRouter:
    """The routes of the pages and of what their maps load.

    Query parameters that a page does not know are ignored: other sites add their own.
    """
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    def front(request: Request) -> Response:
        return respond(request, pages.front())

    @router.get("/trips/{slug}")
    def trip(request: Request, slug: str) -> Response:
        return respond(request, pages.trip(slug, asked_as_of(request)))

    @router.get("/trips/{slug}/map.js")
    def map_script(request: Request, slug: str) -> Response:
        script = trips.route_map(slug).script.encode()
        return respond(request, Answer.of(script, "text/javascript; charset=utf-8"))

    @router.get("/trips/{slug}/basemap.json")
    def basemap(request: Request, slug: str) -> Response:
        return respond(request, trips.ground(slug))

    return router


def asked_as_of(request: Request) -> datetime | None:
    """``?as_of=`` of a page. Raises :class:`app.errors.InputError` naming it."""
    asked = request.query_params.get("as_of")
    return None if not asked else parse_instant(asked)


def wants_page(request: Request) -> bool:
    """Whether an error at this address is answered with a page rather than problem+json."""
    path = request.url.path
    if any(path == prefix or path.startswith(f"{prefix}/") for prefix in _NOT_PAGES):
        return False
    return "text/html" in request.headers.get("accept", "") or "*/*" in request.headers.get(
        "accept", "*/*"
    )
