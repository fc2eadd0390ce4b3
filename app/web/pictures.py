"""The pictures of a trip: ``map`` and ``time-distance``, ``.svg`` and ``.png``.

Lives here: addresses and what may be chosen by query parameters. Not here: the pictures
(:mod:`app.publication.pictures`). Other sites add parameters of their own: they are ignored.
"""

from collections.abc import Mapping, Sequence

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.errors import InputError
from app.pictures.look import LANGUAGES, Size, Theme
from app.publication.pictures import SCALES, Choice, Pictures, Subject
from app.web.parameters import chosen_options, stretch_of
from app.web.respond import respond
from app.words import LANGUAGES as SPOKEN
from app.words import Message


def pictures_router(pictures: Pictures) -> APIRouter:
    """The routes ``/trips/{slug}/map.svg`` and so on."""
    router = APIRouter(include_in_schema=False)

    def add(subject: Subject) -> None:
        @router.get(f"/trips/{{slug}}/{subject.value}.svg", name=f"{subject.value}.svg")
        def svg(request: Request, slug: str) -> Response:
            options, choice = chosen_options(request), choice_of(request.query_params)
            return respond(pictures.svg(slug, subject, options, choice))

        @router.get(f"/trips/{{slug}}/{subject.value}.png", name=f"{subject.value}.png")
        def png(request: Request, slug: str) -> Response:
            options, choice = chosen_options(request), choice_of(request.query_params)
            return respond(pictures.png(slug, subject, options, choice))

    for subject in Subject:
        add(subject)
    return router


def choice_of(query: Mapping[str, str]) -> Choice:
    """Out of the query: ``size``, ``theme``, ``lang``, ``scale``, ``from``, ``to`` and ``heading``.

    Raises :class:`app.errors.InputError` naming the one that is not offered.
    """
    return Choice(
        size=Size(_one_of(query, "size", [size.value for size in Size], Size.CARD)),
        theme=Theme(_one_of(query, "theme", [theme.value for theme in Theme], Theme.LIGHT)),
        language=_one_of(query, "lang", list(dict.fromkeys((*LANGUAGES, *SPOKEN))), "en"),
        scale=int(_one_of(query, "scale", [str(scale) for scale in SCALES], "1")),
        stretch=stretch_of(query),
        has_heading=_one_of(query, "heading", ("1", "0"), "1") == "1",
    )


def _one_of(query: Mapping[str, str], name: str, offered: Sequence[str], usual: str) -> str:
    asked = query.get(name) or usual
    if asked not in offered:
        raise InputError(
            name, Message("must_be_one_of", offered=", ".join(offered), given=repr(asked))
        )
    return asked
