"""Dossiers of journeys of unusual length: of no waypoint, of one, and of very many.

They need no network to be searched: the one goes nowhere, and the long one goes by air between
places of its own.
"""

import math
from datetime import UTC, datetime, timedelta

MANY = 500
_START = datetime(2024, 3, 1, 6, tzinfo=UTC)
_PUBLISHED = datetime(2024, 6, 1, tzinfo=UTC)
_USUAL_STEP = timedelta(hours=4)

_HEAD = """
format = 1
slug = "{slug}"
title = "{title}"
subject = "A traveller"
mode = "plane"

[[source]]
id = "log"
publisher = "The log"
published_at = "{published}"
reliability = "B"
"""

_SIGHTING = """
[[sighting]]
id = "call-{number}"
source = "log"
subject = "leader"
event = "{event}"
modality = "{modality}"
earliest = "{earliest}"
latest = "{latest}"
credibility = 2
claim = "Call {number}."

[sighting.place]
id = "halt-{number}"
name = "{name}"
lon = {lon:.4f}
lat = {lat:.4f}
country = "CN"
time_zone = "Asia/Shanghai"
radius_km = 1
"""


def journey_of_none() -> str:
    """A trip of which nothing but a source is known yet."""
    return _head("none", "A journey of which nothing is reported")


def journey_of_one() -> str:
    """A trip with a single sighting."""
    return _head("one", "A journey of one stop") + _sighting(1, "Halt 1", 104.1, 35.8)


def journey_of_many(count: int = MANY) -> str:
    """A trip that winds about the map so closely that its numbers cannot all be placed.

    All but the last two stops are reported; those are an expected one and a possible one.
    """
    # However many they are, what is reported has happened by then.
    step = min(_USUAL_STEP, (_PUBLISHED - _START) / (count + 1))
    stops = []
    for number in range(1, count + 1):
        share = (number - 1) / (count - 1)
        lon = 84 + 36 * share + 1.5 * math.sin(44 * share)
        lat = 35 + 9 * math.sin(19 * share)
        modality = {count - 1: "expected", count: "possible"}.get(number, "reported")
        stops.append(_sighting(number, f"Halt {number} on the way", lon, lat, modality, step))
    return _head("many", f"A journey of {count} stops") + "".join(stops)


def all_of_them() -> dict[str, str]:
    """The dossiers by the slugs of their trips."""
    return {"none": journey_of_none(), "one": journey_of_one(), "many": journey_of_many()}


def _head(slug: str, title: str) -> str:
    return _HEAD.format(slug=slug, title=title, published=_PUBLISHED.isoformat())


def _sighting(
    number: int,
    name: str,
    lon: float,
    lat: float,
    modality: str = "reported",
    step: timedelta = _USUAL_STEP,
) -> str:
    reported = modality == "reported"
    at = (_START if reported else _PUBLISHED) + step * number
    return _SIGHTING.format(
        number=number,
        name=name,
        lon=lon,
        lat=lat,
        modality=modality,
        event="passed" if reported else "arrived",
        earliest=at.isoformat(),
        latest=(at + step / 24).isoformat(),
    )
