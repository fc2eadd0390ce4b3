"""Addresses of trips that were renamed lead on; those of trips that were withdrawn say why.

Lives here: the one place that knows where in an address a slug stands. Not here: which trips
these are (:mod:`app.store.repository`), and what is wrong with a request (:mod:`app.web.problems`).
"""

import re
from collections.abc import Callable
from urllib.parse import quote

from fastapi import Request
from jinja2 import Environment
from starlette.responses import Response

from app.errors import MovedTripError
from app.web.pages import HTML, wants_page
from app.web.problems import Problem
from app.web.respond import FRESH
from app.web.security import EMBED_PREFIX

# What stands before a slug, the slug, and what comes after it: an ending, or more of a path.
_OF_A_TRIP = re.compile(r"(/trips/|/embed/|/api/trips/)([^/.]+)(.*)", re.DOTALL)
# All that may stand in a query as it is (RFC 3986, 3.4); escapes stay what they are.
_IN_A_QUERY = "%/?:@!$&'()*+,;=-._~"


def moved(request: Request, error: MovedTripError) -> Response | None:
    """To the same address with the slug that the trip has now; ``None`` where it is in none.

    Relative, so that it is right behind any proxy, and never to another host. For ever, but
    kept as shortly as any answer: a trip may get a slug back that it had before.
    """
    found = _OF_A_TRIP.fullmatch(str(request.scope["path"]))
    if found is None or found[2] != error.slug:
        return None
    query = quote(bytes(request.scope["query_string"]), safe=_IN_A_QUERY)
    there = quote(f"{found[1]}{error.now}{found[3]}")
    return Response(
        status_code=308,
        headers={
            "Location": f"{there}?{query}" if query else there,
            "Cache-Control": FRESH,
            "Access-Control-Allow-Origin": "*",
        },
    )


class WithdrawnTrips:
    """What is left at the addresses of a withdrawn trip: a sentence, in the form that fits."""

    def __init__(self, templates: Environment, page: Callable[[Problem], Response]) -> None:
        self._templates = templates
        self._page = page

    def answer(self, request: Request, problem: Problem) -> Response:
        """A page, a smaller one in a frame; for pictures, files and the API problem+json."""
        path = str(request.scope["path"])
        found = _OF_A_TRIP.fullmatch(path)
        if found is None or found[3] or not wants_page(request):
            return problem.response()
        if not path.startswith(EMBED_PREFIX):
            return self._page(problem)
        body = self._templates.get_template("withdrawn.html").render(problem=problem)
        # A frame without an origin of its own asks as another site does.
        headers = {**problem.headers, "Access-Control-Allow-Origin": "*"}
        return Response(body, problem.status, headers=headers, media_type=HTML)
