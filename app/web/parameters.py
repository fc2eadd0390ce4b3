"""Query parameters, each with its meaning and its limits; unknown ones are refused.

One model for each kind of answer; FastAPI documents them from here.
"""

import re
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Literal

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from starlette.requests import Request

from app.errors import InputError
from app.journey.model import Mode
from app.publication.formats import Format
from app.publication.itinerary import Options
from app.publication.stretch import Moment, Stretch
from app.words import Message

# A plus sign that was not escaped arrives as a space.
_RFC_3339 = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d(?::\d\d(?:\.\d{1,20})?)?)([Zz]|[+ -]\d\d:\d\d)",
    re.ASCII,
)


_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def parse_instant(value: object, field: str = "as_of") -> datetime:
    """An RFC 3339 instant. Raises :class:`app.errors.InputError` naming ``field``."""
    advice = Message("give_instant")
    match = _RFC_3339.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise InputError(field, advice)
    day, clock, offset = match.groups()
    clock = clock[:15]  # microseconds are as fine as an instant is here
    is_leap = clock[6:8] == "60"  # a leap second; the clocks here know none
    if is_leap:
        clock = f"{clock[:6]}59"
    offset = "+00:00" if offset in "Zz" else offset.replace(" ", "+")
    try:
        instant = datetime.fromisoformat(f"{day}T{clock}{offset}").astimezone(UTC)
        return instant + timedelta(seconds=is_leap)
    except (ValueError, OverflowError) as error:
        raise InputError(field, Message("no_such_instant", advice=advice)) from error


def _instant(value: object) -> object:
    if value is None or isinstance(value, datetime):
        return value
    try:
        return parse_instant(value)
    except InputError as error:
        raise ValueError(error.reason) from error


def parse_moment(value: str, field: str) -> Moment:
    """An RFC 3339 instant, or a day. Raises :class:`app.errors.InputError` naming ``field``."""
    if not _DAY.fullmatch(value):
        try:
            return parse_instant(value, field)
        except InputError as error:
            raise InputError(field, Message("or_a_day", advice=error.reason)) from error
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise InputError(field, Message("no_such_day", day=value)) from error


def stretch_of(query: Mapping[str, str]) -> Stretch:
    """The stretch of time between ``from`` and ``to``; an empty one is open.

    Raises :class:`app.errors.InputError` naming the one that makes no sense.
    """
    begin, end = (
        parse_moment(value, name) if (value := query.get(name)) else None for name in ("from", "to")
    )
    try:
        return Stretch(begin, end)
    except ValueError as error:
        raise InputError("to", Message("ends_too_early")) from error


# The bounds of dossiers too: slower, and times run out of the calendar.
Speed = Annotated[float, Field(ge=1, le=2000, allow_inf_nan=False)]


class Nothing(BaseModel):
    """No parameter at all."""

    model_config = ConfigDict(extra="forbid")


class TripParameters(BaseModel):
    """What a reader may choose about a trip."""

    model_config = ConfigDict(extra="forbid")

    as_of: Annotated[
        Annotated[datetime, BeforeValidator(_instant)] | None,
        Field(
            description="Only what was published by then counts (RFC 3339 with offset).",
            examples=["2023-09-12T13:00:00Z"],
        ),
    ] = None
    cruise_speed_kmh: Annotated[
        Speed | None, Field(description="Assumed average speed for estimates, km/h.")
    ] = None
    max_speed_kmh: Annotated[
        Speed | None, Field(description="Assumed highest average speed, km/h.")
    ] = None

    @property
    def options(self) -> Options:
        """The choice, as the publication takes it."""
        return Options(self.as_of, self.cruise_speed_kmh, self.max_speed_kmh)


def chosen_options(request: Request) -> Options:
    """What a reader of a page or a picture chose about its trip; other parameters are ignored.

    Raises :class:`fastapi.exceptions.RequestValidationError` naming what is wrong.
    """
    chosen = {
        name: value
        for name in TripParameters.model_fields
        if (value := request.query_params.get(name))
    }
    try:
        return TripParameters.model_validate(chosen).options
    except ValidationError as error:
        faults = [{**fault, "loc": ("query", *fault["loc"])} for fault in error.errors()]
        raise RequestValidationError(faults) from error


class PartParameters(TripParameters):
    """What a reader may choose about a list of a trip."""

    format: Annotated[
        Format | None,
        Field(description="json, geojson or csv; without it `Accept` decides, or else json."),
    ] = None


class SourceParameters(PartParameters):
    """What a reader may choose about the reports of a trip, which have no position."""

    format: Annotated[
        Literal[Format.JSON, Format.CSV] | None,
        Field(description="json or csv; without it `Accept` decides, or else json."),
    ] = None


class PositionParameters(TripParameters):
    """The instant for which a position is asked."""

    at: Annotated[
        Annotated[datetime, BeforeValidator(_instant)],
        Field(
            description="When it was there (RFC 3339 with offset); in whole seconds.",
            examples=["2023-09-11T12:00:00Z"],
        ),
    ]


Name = Annotated[str, Field(min_length=1, max_length=200)]


class RouteParameters(BaseModel):
    """A one-off way between two places."""

    model_config = ConfigDict(extra="forbid")

    origin: Annotated[
        Name,
        Field(alias="from", description="Name of the place to start from.", examples=["Pyongyang"]),
    ]
    to: Annotated[Name, Field(description="Name of the place to go to.", examples=["Vladivostok"])]
    mode: Annotated[Mode, Field(description="How to travel.")] = Mode.TRAIN
    via: Annotated[
        list[Name], Field(max_length=20, description="Places to pass, in order; may be repeated.")
    ] = []
    avoid: Annotated[
        list[Annotated[str, Field(pattern="^[A-Za-z]{2}$")]],
        Field(max_length=20, description="Countries to stay out of, as CN; may be repeated."),
    ] = []
    speed_kmh: Annotated[Speed | None, Field(description="Average speed, km/h.")] = None


class PlaceParameters(BaseModel):
    """A search for places by name."""

    model_config = ConfigDict(extra="forbid")

    q: Annotated[Name, Field(description="A name in any script.", examples=["하산"])]
    near: Annotated[
        list[Name], Field(max_length=10, description="Names of places it is near to.")
    ] = []
    country: Annotated[
        list[Annotated[str, Field(pattern="^[A-Za-z]{2}$")]],
        Field(max_length=20, description="Countries whose places are preferred, as RU."),
    ] = []
    limit: Annotated[int, Field(ge=1, le=50, description="How many answers at most.")] = 10


_SINGLE = frozenset(
    field.alias or name
    for model in (PartParameters, PositionParameters, RouteParameters, PlaceParameters)
    for name, field in model.model_fields.items()
    if not isinstance(field.default, list)
)


def refuse_repeated(request: Request) -> None:
    """Refuse a parameter that takes one value and was given several: which one is meant?

    Raises :class:`app.errors.InputError` naming it.
    """
    for name, times in Counter(name for name, _ in request.query_params.multi_items()).items():
        if times > 1 and name in _SINGLE:
            raise InputError(name, "is given more than once; give it once")
