"""Query parameters of ``/ogc``: how each is described, and how it is read.

Unknown and repeated ones are refused (OGC API – Features, Part 1, query-param-unknown and
query-param-invalid), but for ``datetime``, of which GDAL sends one for each end that somebody
asks for. One :class:`Parameter` says both, so that the description and what happens
cannot part. Not here: which address takes which (:mod:`app.web.ogc.router`).
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import Any

from starlette.requests import Request

from app.errors import InputError
from app.journey.interval import Interval
from app.publication.documents import Document
from app.publication.features.collections import QUERYABLES, Collection
from app.publication.features.index import Box, Choice
from app.publication.features.prepared import Value
from app.web.ogc.links import Form
from app.web.ogc.schemas import queryable_schemas
from app.web.parameters import parse_instant

DEFAULT_LIMIT, MOST_FEATURES = 100, 10_000
_MOST_INTEGER = 2**63 - 1
_INTEGER = re.compile(r"[+-]?[0-9]{1,400}", re.ASCII)
_NUMBER = re.compile(
    r"[+-]?(?:[0-9]{1,400}(?:\.[0-9]{0,400})?|\.[0-9]{1,400})(?:[eE][+-]?[0-9]{1,4})?"
)
_OPEN = ("", "..")


@dataclass(frozen=True)
class Parameter:
    """A query parameter: ``schema`` is that of OpenAPI 3.0, ``read`` takes the text sent.

    ``read`` raises :class:`app.errors.InputError` naming the parameter; ``both`` does when two
    values of one that may be repeated exclude each other.
    """

    name: str
    description: str
    schema: Document
    read: Callable[[str], Any]
    both: Callable[[Any, Any], Any] | None = None


def read_parameters(request: Request, known: Sequence[Parameter]) -> dict[str, Any]:
    """The values of the parameters that were sent, by name.

    Raises :class:`app.errors.InputError` naming the one that is unknown, repeated or wrong.
    """
    by_name = {parameter.name: parameter for parameter in known}
    values: dict[str, Any] = {}
    for name, text in request.query_params.multi_items():
        if name not in by_name:
            raise InputError(name, "is not a parameter of this address")
        parameter = by_name[name]
        value = parameter.read(text)
        if name in values:
            if parameter.both is None:
                raise InputError(name, "is given more than once; give it once")
            value = parameter.both(values[name], value)
        values[name] = value
    return values


def _one_of(name: str, options: Sequence[str], text: str) -> str:
    if text not in options:
        raise InputError(name, f"must be one of {', '.join(options)}")
    return text


def _integer(name: str, least: int, text: str) -> int:
    said = f"must be a whole number of at least {least}"
    if not _INTEGER.fullmatch(text):
        raise InputError(name, said)
    value = int(text)
    if value < least:
        raise InputError(name, said)
    if value > _MOST_INTEGER:
        raise InputError(name, f"must be at most {_MOST_INTEGER}")
    return value


def read_box(text: str) -> Box:
    """Four numbers, or six with heights, which nothing here has and which are left aside.

    Raises :class:`app.errors.InputError` naming ``bbox``.
    """
    parts = text.split(",")
    if len(parts) not in (4, 6):
        raise InputError("bbox", "give west,south,east,north in degrees: four numbers, or six")
    numbers = [float(part) if _NUMBER.fullmatch(part.strip()) else math.nan for part in parts]
    if not all(map(math.isfinite, numbers)):
        raise InputError("bbox", "must be numbers with commas between, such as 124,38,136,50")
    if len(numbers) == 6:
        west, south, low, east, north, high = numbers
        if low > high:
            raise InputError("bbox", "its lower height is above its upper one")
    else:
        west, south, east, north = numbers
    # "The coordinate values SHALL be within the extent specified for the coordinate reference
    # system" (fc-bbox-response).
    if max(abs(west), abs(east)) > 180:
        raise InputError("bbox", "longitudes must be from -180 to 180")
    if max(abs(south), abs(north)) > 90:
        raise InputError("bbox", "latitudes must be from -90 to 90")
    if south > north:
        raise InputError("bbox", "its south is above its north; give west,south,east,north")
    # Zero has no sign here: what is the same box is written in one way.
    return Box(west + 0.0, south + 0.0, east + 0.0, north + 0.0)


def read_datetime(text: str) -> Interval:
    """An instant, or an interval whose ends may be open (fc-time-definition).

    Raises :class:`app.errors.InputError` naming ``datetime``.
    """
    first, slash, last = text.partition("/")
    if not slash:
        return Interval.at(parse_instant(first, "datetime"))
    earliest = None if first in _OPEN else parse_instant(first, "datetime")
    latest = None if last in _OPEN else parse_instant(last, "datetime")
    if earliest is not None and latest is not None and earliest > latest:
        raise InputError("datetime", "ends before it begins; give the earlier time first")
    return Interval(earliest, latest)


def _both_times(one: Interval, other: Interval) -> Interval:
    # What meets both meets what they share, if they share anything: intervals have no gaps.
    shared = one.intersection(other)
    if shared is None:
        raise InputError("datetime", "is given twice, and the two have no instant in common")
    return shared


def _as_of(text: str) -> datetime:
    return parse_instant(text, "as_of")


def _queryable(name: str, schema: Document, text: str) -> Value:
    if "enum" in schema:
        return _one_of(name, schema["enum"], text)
    if schema["type"] == "boolean":
        return _one_of(name, ("true", "false"), text) == "true"
    if schema["type"] == "integer":
        return _integer(name, -_MOST_INTEGER, text)
    return text


F = Parameter(
    "f",
    "The form of the answer; without it the `Accept` header decides.",
    {"type": "string", "enum": [form.value for form in Form]},
    lambda text: Form(_one_of("f", [form.value for form in Form], text)),
)
AS_OF = Parameter(
    "as_of",
    "Only what was published by then counts (RFC 3339 with offset): every trip as it was known.",
    {"type": "string", "format": "date-time", "example": "2023-09-12T13:00:00Z"},
    _as_of,
)
BBOX = Parameter(
    "bbox",
    "Only features that meet this box: west, south, east, north in degrees of WGS 84 (CRS84), or"
    " six numbers with heights, which are left aside. Where west is greater than east the box"
    " crosses the antimeridian.",
    {
        "type": "array",
        "items": {"type": "number"},
        "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}],
        "example": [124, 38, 136, 50],
    },
    read_box,
)
DATETIME = Parameter(
    "datetime",
    "Only features whose time shares an instant with this one: an RFC 3339 time, or two with a"
    " slash between, of which one may be open (`..` or nothing). Features without time always"
    " match. Given twice, both count.",
    {"type": "string", "example": "2023-09-12T00:00:00Z/2023-09-13T00:00:00Z"},
    read_datetime,
    _both_times,
)
LIMIT = Parameter(
    "limit",
    f"How many features at most; more than {MOST_FEATURES} are never sent at once.",
    {"type": "integer", "minimum": 1, "maximum": MOST_FEATURES, "default": DEFAULT_LIMIT},
    # "The server MAY return less features than requested" (fc-limit-response-2).
    lambda text: min(_integer("limit", 1, text), MOST_FEATURES),
)
OFFSET = Parameter(
    "offset",
    "How many features to leave out first; `next` links use it.",
    {"type": "integer", "minimum": 0, "maximum": _MOST_INTEGER, "default": 0},
    partial(_integer, "offset", 0),
)


@cache
def queryable_parameters(collection: Collection) -> tuple[Parameter, ...]:
    """A parameter for each queryable (Part 3, queryables-query-parameters)."""
    made = []
    for name, schema in queryable_schemas(collection).items():
        bare = {key: value for key, value in schema.items() if key != "description"}
        about = schema.get("description", "")
        made.append(
            Parameter(
                name,
                f"Only features with this `{name}`.{f' {about}' if about else ''}",
                bare,
                partial(_queryable, name, schema),
            )
        )
    return tuple(made)


@cache
def item_parameters(collection: Collection) -> tuple[Parameter, ...]:
    """All that ``…/items`` takes, in the order that links give it."""
    return (BBOX, DATETIME, *queryable_parameters(collection), AS_OF, LIMIT, OFFSET, F)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of ``…/items``, in one form however it was written."""

    choice: Choice
    limit: int
    offset: int

    @classmethod
    def of(cls, collection: Collection, values: Mapping[str, Any]) -> "Asked":
        """Of the values of :func:`read_parameters`."""
        equal = tuple((n, values[n]) for n in QUERYABLES[collection] if n in values)
        choice = Choice(values.get("bbox"), values.get("datetime"), equal)
        return cls(choice, values.get("limit", DEFAULT_LIMIT), values.get("offset", 0))

    def query(self, as_of: str | None, *, offset: int | None = None) -> list[tuple[str, str]]:
        """The parameters of a link to this, or to another page of it; without ``f``."""
        choice = self.choice
        said: list[tuple[str, str]] = []
        if choice.box is not None:
            box = choice.box
            edges = (box.west, box.south, box.east, box.north)
            said.append(("bbox", ",".join(map(_degrees_text, edges))))
        if choice.during is not None:
            said.append(("datetime", _interval_text(choice.during)))
        said += [(name, _value_text(value)) for name, value in choice.equal]
        if as_of is not None:
            said.append(("as_of", as_of))
        said.append(("limit", str(self.limit)))
        offset = self.offset if offset is None else offset
        if offset:
            said.append(("offset", str(offset)))
        return said


def _interval_text(value: Interval) -> str:
    ends = [
        ".." if end is None else end.isoformat().replace("+00:00", "Z")
        for end in (value.earliest, value.latest)
    ]
    return ends[0] if ends[0] == ends[1] != ".." else "/".join(ends)


def _degrees_text(value: float) -> str:
    # Every digit: the next page has to be one of the same features.
    return repr(value).removesuffix(".0")


def _value_text(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
