"""Errors as answers: one table from the exception tree to HTTP, one shape (RFC 9457).

Lives here: which error is which status, and problem+json for the API. Pages show the same
problems as HTML (:mod:`app.web.pages`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

import orjson
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app import errors
from app.words import Message

STATUS: Mapping[type[Exception], tuple[int, str]] = {
    errors.AmbiguousPlaceError: (400, "Ambiguous place"),
    errors.InputError: (400, Message("bad_input")),
    errors.WithdrawnTripError: (410, Message("withdrawn")),
    errors.UnknownTripError: (404, Message("no_such_trip")),
    errors.UnknownPlaceError: (404, "No such place"),
    errors.NotFoundError: (404, Message("not_found")),
    errors.RouteError: (422, "No believable route"),
    errors.ReferenceDataError: (503, Message("no_reference")),
    errors.ConflictError: (409, "Changed by somebody else"),
    errors.StoreError: (503, Message("no_database")),
}
"""Looked up along the method resolution order: the nearest class decides. What can stand in place
of an embed is a message, which is said there in its language."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong, in the terms of RFC 9457; ``extra`` holds extension members.

    ``allow`` are the methods of the address when the status is 405 (RFC 9110, 15.5.6).
    """

    status: int
    title: str
    detail: str
    extra: Mapping[str, Any] = field(default_factory=dict)
    allow: str = ""

    def response(self) -> Response:
        """The problem as ``application/problem+json``."""
        document = {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            **self.extra,
        }
        return Response(
            orjson.dumps(document),
            self.status,
            # Readers of the API on other sites must be able to read what was wrong.
            headers={**self.headers, "Access-Control-Allow-Origin": "*"},
            media_type="application/problem+json",
        )

    @property
    def headers(self) -> dict[str, str]:
        """Headers in any form: what is wrong now may be right at the next request."""
        return {"Cache-Control": "no-store", **({"Allow": self.allow} if self.allow else {})}


def problem_of(error: Exception) -> Problem:
    """The problem that an exception is; 500 without details for what nobody foresaw."""
    if isinstance(error, RequestValidationError):
        return _of_validation(error)
    if isinstance(error, HTTPException):
        allow = "GET, HEAD" if error.status_code == 405 else ""  # all there is, everywhere
        return Problem(error.status_code, _title(error), _detail(error), allow=allow)
    for cls in type(error).__mro__:
        if cls in STATUS:
            status, title = STATUS[cls]
            return Problem(status, title, _said(error), _extra(error))
    return Problem(500, Message("failed"), Message("failed_logged"))


def _said(error: Exception) -> str:
    if isinstance(error, errors.InputError) and error.field:
        return Message("fault", field=error.field, reason=error.reason)
    return _told(error)


def _told(error: Exception) -> str:
    first = error.args[0] if error.args else None
    return first if isinstance(first, Message) else str(error)


def _of_validation(error: RequestValidationError) -> Problem:
    faults = [
        {"parameter": _parameter(fault["loc"]), "reason": _reason(fault)}
        for fault in error.errors()
    ]
    said = [Message("fault", field=fault["parameter"], reason=fault["reason"]) for fault in faults]
    detail = reduce(lambda first, second: Message("two_faults", first=first, second=second), said)
    extra = {"parameter": faults[0]["parameter"], "problems": faults}
    return Problem(400, Message("bad_input"), detail, extra)


def _parameter(loc: tuple[int | str, ...]) -> str:
    # ("query", "as_of") or ("query", "via", 0): the part after where it stood is its name.
    return str(loc[1]) if len(loc) > 1 else str(loc[0])


def _reason(fault: Mapping[str, Any]) -> str:
    if fault["type"] == "extra_forbidden":
        return "is not a parameter of this address"
    if fault["type"] == "missing":
        return "is required"
    context = fault.get("ctx", {})
    match fault["type"]:
        case "value_error":
            # Ours, as it was raised: pydantic writes before it what it is.
            return _told(context["error"])
        case "float_parsing":
            return Message("no_number")
        case "finite_number":
            return Message("not_finite")
        case "greater_than_equal":
            return Message("too_small", least=f"{context['ge']:g}")
        case "less_than_equal":
            return Message("too_large", most=f"{context['le']:g}")
    return str(fault["msg"])


def _extra(error: Exception) -> Mapping[str, Any]:
    match error:
        case errors.AmbiguousPlaceError():
            return {"parameter": error.field, "candidates": list(error.candidates)}
        case errors.InputError():
            return {"parameter": error.field}
        case errors.UnknownPlaceError():
            return {"suggestions": list(error.suggestions)}
    return {}


def _title(error: HTTPException) -> str:
    return _TITLES.get(error.status_code, "Error")


_TITLES = {
    404: Message("not_found"),
    405: Message("wrong_method"),
    406: "Not acceptable",
    414: Message("address_too_long"),
    431: Message("headers_too_long"),
}


def _detail(error: HTTPException) -> str:
    if error.status_code == 404 and error.detail == "Not Found":
        return Message("nothing_here")
    if error.status_code == 405:
        return Message("only_reading")
    return error.detail if isinstance(error.detail, Message) else str(error.detail)
