"""The template environment: what every page can use, and how it turns values into text.

Everything is escaped unless it is :class:`markupsafe.Markup` that was made here; a name that a
template misspells is an error.
"""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import orjson
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from app.errors import InputError
from app.web.local_time import TimeText, instant_text, interval_text
from app.web.vendor import StaticFiles, VendorAssets
from app.words import Message


def environment(templates_dir: Path, static: StaticFiles, vendor: VendorAssets) -> Environment:
    """The environment over a directory of templates.

    Raises :class:`app.errors.InputError` when there is no such directory.
    """
    if not templates_dir.is_dir():
        raise InputError("templates_dir", f"there is no directory {templates_dir}")
    loader = FileSystemLoader(templates_dir)
    made = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {
        "static_url": static.url_for,
        "vendor_url": vendor.url_for,
        # A file beside the templates as it is, to be shown.
        "source": lambda name: loader.get_source(made, name)[0].strip(),
    }
    made.filters |= {
        "when": when,
        "instant": instant_text,
        "km": km,
        "hours": hours,
        "range": number_range,
        "json_block": json_block,
        "web_address": web_address,
        "fill": fill,
        "in_words": lambda text, words: Message.within(words, text),
    }
    return made


def fill(text: str, **values: object) -> Markup:
    """A text with its values, escaped as they are unless they are markup.

    >>> str(fill("Known at {time}", time=Markup("<b>noon</b>")))
    'Known at <b>noon</b>'
    """
    return escape(text).format(**values)


def when(value: TimeText | Mapping[str, str | None] | None) -> str:
    """A time in both clocks; style sheets show the one that the reader chose."""
    text = value if isinstance(value, TimeText) or value is None else interval_text(value)
    if text is None:
        return Markup('<span class="unknown">not known</span>')
    return Markup(
        '<time datetime="{}"><span class="t-local">{}</span><span class="t-utc">{}</span></time>'
    ).format(text.datetime, text.local, text.utc)


def km(value: float | None) -> str:
    """A distance to the kilometre, as ``1,154 km``."""
    return "not known" if value is None else f"{value:,.0f} km"


def hours(value: float | None) -> str:
    """A duration, as ``4 h 15 min``."""
    if value is None:
        return "not known"
    whole, minutes = divmod(round(value * 60), 60)
    return f"{whole} h {minutes:02} min" if whole < 24 else f"{value:.0f} h"


def number_range(value: Mapping[str, float | None], unit: str) -> str:
    """``{min, max}`` as ``21–45 h``, ``at least 21 h``, ``at most 45 h``."""
    low, high = value["min"], value["max"]
    if low is None and high is None:
        return "not known"
    if low is None or low <= 0:
        return "not known" if high is None else f"at most {_number(high)} {unit}"
    if high is None:
        return f"at least {_number(low)} {unit}"
    said_low, said_high = _number(low), _number(high)
    return f"{said_low} {unit}" if said_low == said_high else f"{said_low}–{said_high} {unit}"


def json_block(value: object) -> str:
    """JSON for a ``<script type="application/json">``, which nothing in it can end."""
    text = orjson.dumps(value).decode()
    # Inside a JSON text these three stand only within strings, where an escape is the same.
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - made safe by the line above


def web_address(value: str | None) -> str | None:
    """The address if a browser may be sent there, else ``None`` (``javascript:`` and the like)."""
    if value is None:
        return None
    try:
        parts = urlsplit(value)
    except ValueError:
        return None
    return value if parts.scheme in ("http", "https") and parts.netloc else None


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}".removesuffix(".0")
