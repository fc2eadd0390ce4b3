"""Addresses of trips that were renamed lead on.

Lives here: the one place that knows where in an address a slug stands. Not here: which trips
these are (:mod:`app.store.repository`), and what is wrong with a request (:mod:`app.web.problems`).
"""

import re
from urllib.parse import quote

from fastapi import Request
from starlette.responses import Response

from app.errors import MovedTripError
from app.web.respond import FRESH

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


def is_file_of_a_trip(request: Request) -> bool:
    """Whether what is asked for is a picture, a file or a part of a trip, and no page of it."""
    found = _OF_A_TRIP.fullmatch(str(request.scope["path"]))
    return found is None or bool(found[3])
