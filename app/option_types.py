"""What options of commands may be, beyond what click knows."""

import math
from datetime import datetime
from typing import Any

import click

from app.errors import InputError


class Speed(click.FloatRange):
    """A speed in a range; what is not a number lies in none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The speed as a number."""
        number = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(f"{value!r} is not a number.", param, ctx)
        return number


class Instant(click.ParamType[datetime]):
    """An instant with its offset, as the API takes it."""

    name = "time"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """The instant in UTC."""
        from app.web.parameters import parse_instant  # noqa: PLC0415 - --help shall be quick

        try:
            return parse_instant(value)
        except InputError as error:
            self.fail(error.reason, param, ctx)
