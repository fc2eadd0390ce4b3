"""The pages: all trips, one trip, and what a reader sees when something is wrong.

Lives here: addresses, caching and status of HTML. Not here: what a page says
(:mod:`app.web.trip_page`), how it looks (``templates/``, ``static/``), framing
(:mod:`app.web.embeds`).
"""

from typing import Any

from fastapi import APIRouter, Request
from jinja2 import Environment
from starlette.responses import Response

from app.publication.cache import Answer, OnceCache
from app.publication.itinerary import Options
from app.web.addresses import base_url
from app.web.cards import dataset, discovery_of_embed, front_card, trip_card
from app.web.embed_builder import embed_builder
from app.web.embed_choice import EmbedChoice
from app.web.parameters import chosen_options
from app.web.problems import Problem
from app.web.respond import respond, respond_versioned
from app.web.security import EMBED_PREFIX
from app.web.trip_page import TripPages
from app.words import ENGLISH, Message, Words, words_in

KEPT_BYTES = 32 * 1024 * 1024
HTML = "text/html; charset=utf-8"
_NOT_PAGES = ("/api", "/ogc", "/oembed", "/openapi.json", "/healthz")


class Pages:
    """HTML made once for a revision and what a reader chose.

    What tells other sites about a page has addresses in full: ``base`` is what stands before
    them, as :func:`app.web.addresses.base_url` has it. ``trip_template`` is what a trip's own page
    is made of.
    """

    def __init__(
        self, trips: TripPages, templates: Environment, trip_template: str = "trip.html"
    ) -> None:
        self._trips = trips
        self._templates = templates
        self._trip_template = trip_template
        self._kept: OnceCache[Answer] = OnceCache(
            512, weigh=lambda answer: len(answer.body), most=KEPT_BYTES
        )

    def front(self, base: str) -> Answer:
        """All trips, the latest first."""
        slugs = list(self._trips.slugs())
        key = tuple(self._trips.key(slug, Options()) for slug in slugs)

        def make() -> Answer:
            pages = [self._trips.page(slug, Options()) for slug in slugs]
            pages.sort(key=lambda page: str(page.trip["as_of"] or ""), reverse=True)
            return self._render("trips.html", {"pages": pages, "card": front_card(pages, base)})

        return self._kept.get(("front", key, base), make)

    def trip(self, slug: str, options: Options, base: str) -> Answer:
        """A trip's own page. Raises :class:`app.errors.UnknownTripError`."""

        def make() -> Answer:
            context = self._context(slug, options)
            page = context["page"]
            context |= {
                "dashboard": self._trips.dashboard(slug, options),
                "card": trip_card(page, base),
                "dataset": dataset(page, base),
                "builder": embed_builder(page, base),
            }
            return self._render(self._trip_template, context)

        return self._kept.get(("trip", self._trips.key(slug, options), base), make)

    def find(self, slug: str) -> None:
        """Raises :class:`app.errors.UnknownTripError` for a trip that is not to be read here."""
        self._trips.key(slug, Options())

    def embed(self, slug: str, options: Options, choice: EmbedChoice, base: str) -> Answer:
        """A trip as others frame it. Raises :class:`app.errors.UnknownTripError`."""

        def make() -> Answer:
            context = self._context(slug, options, words_in(choice.language))
            # Without a server there is nobody to ask.
            oembed = discovery_of_embed(context["page"], choice, base) if base else {}
            embed = self._trips.embed(slug, options, choice)
            context |= {"embed": embed, "oembed": oembed}
            return self._render("embed.html", context)

        return self._kept.get(("embed", self._trips.key(slug, options), choice, base), make)

    def _context(self, slug: str, options: Options, words: Words = ENGLISH) -> dict[str, Any]:
        return {
            "page": self._trips.page(slug, options, words),
            "map": self._trips.route_map(slug),
            "files": self._trips.map_files(slug),
            "words": words,
        }

    def problem(self, request: Request, problem: Problem) -> Response:
        """A problem as a page of its own; in place of an embed, as one that fits into a frame."""
        path = request.url.path
        if not path.startswith(EMBED_PREFIX):
            body = self._templates.get_template("error.html").render(problem=problem)
            return Response(body, problem.status, headers=problem.headers, media_type=HTML)
        choice = EmbedChoice.as_far_as_it_makes_sense(request.query_params)
        body = self._templates.get_template("embed_problem.html").render(
            problem=problem,
            # What is wrong with the server stands in its log, and helps no reader of an article.
            detail=problem.detail if problem.status < 500 else Message("failed_logged"),
            theme=choice.theme,
            words=words_in(choice.language),
            # Of all that can be wrong, only with an option there is a journey.
            journey=f"/trips/{path.removeprefix(EMBED_PREFIX)}" if problem.status == 400 else None,
        )
        # A frame without an origin of its own asks as another site does.
        headers = {**problem.headers, "Access-Control-Allow-Origin": "*"}
        return Response(body, problem.status, headers=headers, media_type=HTML)

    def _render(self, template: str, context: dict[str, Any]) -> Answer:
        body = self._templates.get_template(template).render(**context)
        return Answer.of(body.encode(), HTML)


def pages_router(pages: Pages, trips: TripPages, public_url: str = "") -> APIRouter:
    """The routes of the pages and of what their maps load.

    Query parameters that a page does not know are ignored: other sites add their own.
    ``public_url`` is the setting of that name.
    """
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    def front(request: Request) -> Response:
        return respond(pages.front(base_url(request, public_url)))

    @router.get("/trips/{slug}")
    def trip(request: Request, slug: str) -> Response:
        base = base_url(request, public_url)
        return respond(pages.trip(slug, chosen_options(request), base))

    @router.get("/trips/{slug}/map.js")
    def map_script(request: Request, slug: str) -> Response:
        return respond_versioned(request, trips.map_script(slug))

    @router.get("/trips/{slug}/basemap.json")
    def basemap(request: Request, slug: str) -> Response:
        return respond_versioned(request, trips.ground(slug))

    return router


def wants_page(request: Request) -> bool:
    """Whether an error at this address is answered with a page rather than problem+json."""
    path = request.url.path
    if any(path == prefix or path.startswith(f"{prefix}/") for prefix in _NOT_PAGES):
        return False
    return "text/html" in request.headers.get("accept", "") or "*/*" in request.headers.get(
        "accept", "*/*"
    )
