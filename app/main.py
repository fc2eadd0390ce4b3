"""``create_app(settings)``: the application, wired.

The only place besides ``cli`` that puts rooms together (through :mod:`app.rooms`) and hangs
the routers under their addresses.
"""

import errno
import logging
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import click
import uvicorn
from anyio import to_thread
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.errors import DatelineError, MovedTripError, WithdrawnTripError
from app.memory import collect_garbage_less_often, give_back_large_blocks
from app.pictures.route_map import Tiles
from app.publication import formats, one_off
from app.publication.cache import Answer
from app.rooms import Rooms
from app.settings import Settings
from app.web.api import api_router
from app.web.docs import docs_router
from app.web.embed_script import embed_script_router
from app.web.embeds import embeds_router
from app.web.exports import exports_router
from app.web.failures import AnswerFailures
from app.web.feeds import feeds_router
from app.web.kept import KeptAnswers
from app.web.limits import Limits
from app.web.moved import is_file_of_a_trip, moved
from app.web.oembed import OEmbed, oembed_router
from app.web.ogc.router import ogc_router
from app.web.pages import Pages, pages_router, wants_page
from app.web.parameters import PlaceParameters, RouteParameters
from app.web.pictures import pictures_router
from app.web.preflight import Preflight
from app.web.problems import problem_of
from app.web.respond import without_slash
from app.web.security import SecurityHeaders
from app.web.templating import environment
from app.web.trip_page import TripPages
from app.web.vendor import StaticFiles, assets_router, is_asset
from app.words import ENGLISH

THREADS = 4

log = logging.getLogger("dateline")


class _Application(FastAPI):
    """FastAPI with what answers ``before`` it outside all that it wraps around a request."""

    before: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self.before is not None:
            await self.before(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def create_app(settings: Settings | None = None, rooms: Rooms | None = None) -> FastAPI:
    """The application over one configuration (by default that of the environment).

    Raises :class:`app.errors.MissingReferenceError` when ``dateline prepare`` has not run.
    """
    give_back_large_blocks()
    collect_garbage_less_often()
    rooms = rooms or Rooms(settings or Settings())
    rooms.check_reference()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        # Answers are made by the processor: more threads than this only cost memory.
        to_thread.current_default_thread_limiter().total_tokens = THREADS
        yield

    app = _Application(
        lifespan=lifespan,
        title="Dateline",
        summary="Sourced routes of reported journeys.",
        version="0.1.0",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,  # served by our own route, made once
        redirect_slashes=False,  # to addresses in full, which a proxy makes wrong
    )
    app.include_router(
        api_router(
            rooms.answers,
            rooms.positions,
            _route_answer(rooms),
            _places_answer(rooms),
            rooms.credit,
        )
    )
    pages = _include_pages(app, rooms)

    @app.get("/healthz", include_in_schema=False)
    def healthz() -> PlainTextResponse:
        rooms.repository.slugs()
        return PlainTextResponse("ok\n", headers={"Cache-Control": "no-store"})

    async def answer_error(request: Request, error: Exception) -> Response:
        is_nowhere = isinstance(error, HTTPException) and error.status_code == 404
        if is_nowhere and (shorter := without_slash(request)):
            return shorter
        if isinstance(error, MovedTripError) and (there := moved(request, error)):
            return there
        problem = problem_of(error)
        if isinstance(error, WithdrawnTripError) and is_file_of_a_trip(request):
            return problem.response()
        if problem.status >= 500:
            log.error("%s %s failed", request.method, request.url.path, exc_info=error)
        if is_asset(request):
            return PlainTextResponse(problem.detail + "\n", problem.status, problem.headers)
        return pages.problem(request, problem) if wants_page(request) else problem.response()

    for error in (DatelineError, RequestValidationError, HTTPException):
        app.add_exception_handler(error, answer_error)
    app.add_middleware(Limits)
    app.add_middleware(AnswerFailures, answer=answer_error)
    app.add_middleware(Preflight)
    app.add_middleware(
        SecurityHeaders,
        frame_ancestors=rooms.settings.frame_ancestors,
        tiles_url=rooms.settings.tiles_url,
    )
    # Now, not at the first request: a setting that the policy cannot hold is told at the start.
    app.middleware_stack = app.build_middleware_stack()
    app.before = KeptAnswers(
        partial(FastAPI.__call__, app), rooms.watch.version, takes_time=rooms.watch.takes_time
    )
    return app


def _include_pages(app: FastAPI, rooms: Rooms) -> Pages:
    settings = rooms.settings
    static = StaticFiles(settings.static_dir)
    templates = environment(settings.templates_dir, static, rooms.assets)
    tiles = Tiles(settings.tiles_url, settings.tiles_credit) if settings.tiles_url else None
    trips = TripPages(
        rooms.itineraries,
        rooms.router,
        rooms.ground,
        rooms.assets.url_for,
        rooms.pictures,
        credits=rooms.packages.credits(),
        notes=(ENGLISH["borders"],),
        tiles=tiles,
    )
    pages = Pages(trips, templates)
    # Before the pages, whose /trips/{slug} would take /trips/{slug}.gpx.
    app.include_router(exports_router(rooms.exports))
    app.include_router(feeds_router(rooms.feeds, settings.public_url))
    app.include_router(pages_router(pages, trips, settings.public_url))
    app.include_router(embeds_router(pages, settings.public_url))
    app.include_router(oembed_router(OEmbed(rooms.itineraries), settings.public_url))
    app.include_router(pictures_router(rooms.pictures))
    app.include_router(docs_router(templates, app.openapi))
    app.include_router(
        ogc_router(
            rooms.catalogue,
            templates,
            public_url=settings.public_url,
            credit=rooms.credit,
            version=app.version,
        )
    )
    app.include_router(assets_router(rooms.assets, static))
    app.include_router(embed_script_router(static))
    return pages


def run_server(rooms: Rooms, *, host: str, port: int, workers: int) -> None:
    """Serve until stopped; says the address once it answers.

    ``workers`` are processes; each makes its rooms of the environment's settings. Raises
    :class:`app.errors.DatelineError` when the address cannot be listened on.
    """
    listening = _listen(host, port)
    quiet: dict[str, Any] = {"log_level": "warning", "access_log": False}
    try:
        if workers == 1:
            config = uvicorn.Config(create_app(rooms=rooms), **quiet)
            _AnnouncingServer(config).run(sockets=[listening])
            return
        create_app(rooms=rooms)  # what is wrong with a setting is told once, not by each worker
        taken = listening.getsockname()[1]
        listening.close()
        click.echo(f"Dateline starts {workers} processes on {_address(host, taken)}")
        uvicorn.run(
            "app.main:create_app", factory=True, host=host, port=taken, workers=workers, **quiet
        )
    except KeyboardInterrupt:
        return  # Ctrl+C is how a server is stopped
    finally:
        listening.close()


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # Named, or asyncio does not see that it is TCP: answers would wait for acknowledgements.
        listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(address)
        except BaseException:
            listening.close()
            raise
    except (OSError, UnicodeError) as error:
        said = error.strerror if isinstance(error, OSError) else str(error)
        of_port = getattr(error, "errno", None) in (errno.EADDRINUSE, errno.EACCES)
        option = "--port" if of_port else "--host"
        raise DatelineError(
            f"cannot listen on {_address(host, port)}: {said}; choose another with {option}"
        ) from error
    return listening


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class _AnnouncingServer(uvicorn.Server):
    async def startup(self, sockets: object = None) -> None:
        await super().startup(sockets)  # type: ignore[arg-type]
        if self.started:
            host, port = self.servers[0].sockets[0].getsockname()[:2]
            click.echo(f"Dateline is on {_address(host, port)} (Ctrl+C stops it)")


def _route_answer(rooms: Rooms) -> Callable[[RouteParameters], Answer]:
    def answer(parameters: RouteParameters) -> Answer:
        document = one_off.route_document(
            rooms.gazetteer,
            rooms.router,
            origin=parameters.origin,
            destination=parameters.to,
            mode=parameters.mode,
            via=parameters.via,
            avoid=parameters.avoid,
            speed_kmh=parameters.speed_kmh,
        )
        return _json({**document, "credit": rooms.credit})

    return answer


def _places_answer(rooms: Rooms) -> Callable[[PlaceParameters], Answer]:
    def answer(parameters: PlaceParameters) -> Answer:
        document = one_off.places_document(
            rooms.gazetteer,
            name=parameters.q,
            near=parameters.near,
            countries=parameters.country,
            limit=parameters.limit,
        )
        return _json({**document, "credit": rooms.credit})

    return answer


def _json(document: object) -> Answer:
    return Answer.of(formats.to_json(document), formats.Format.JSON.media_type)
