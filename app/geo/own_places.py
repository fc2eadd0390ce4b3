"""Our own places: ``data/places.toml``, read and checked.

Lives here: what an entry may say. Not here: how entries join the gazetteer
(:mod:`app.geo.gazetteer_build`). Imports :mod:`app.errors` only.

An entry with ``geonames`` lies over that GeoNames entry and takes position, country, zone
and population from it unless it gives them; one without must give them all. An entry with
``overlay`` does the same with another id of the gazetteer, such as ``country:RU``.
"""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.errors import BuildError

_TEXTS = ("id", "name", "country", "time_zone", "feature", "source", "overlay")
_NUMBERS = ("lon", "lat", "radius_km")
_LISTS = ("other_time_zones", "spellings")
_NEEDED_ALONE = ("lon", "lat", "radius_km", "country", "time_zone", "feature", "source")


@dataclass(frozen=True, slots=True)
class OwnPlace:
    """One entry. ``names`` maps language to today's name; ``spellings`` are the other ones."""

    id: str
    name: str
    names: Mapping[str, str]
    spellings: tuple[str, ...] = ()
    lon: float | None = None
    lat: float | None = None
    radius_km: float | None = None
    country: str | None = None
    time_zone: str | None = None
    other_time_zones: tuple[str, ...] = ()
    feature: str | None = None
    source: str | None = None
    geonames: int | None = None
    overlay: str | None = None

    @property
    def lies_over(self) -> str | None:
        """Id of the entry below, if there is one."""
        return f"geonames:{self.geonames}" if self.geonames is not None else self.overlay


def read_own_places(path: Path) -> tuple[OwnPlace, ...]:
    """Every entry of the file, in its order.

    Raises :class:`~app.errors.BuildError` naming the entry and the key that is wrong.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BuildError(f"{path.name} cannot be read: {error}") from error
    if document.get("format") != 1 or not isinstance(document.get("place"), list):
        raise BuildError(f"{path.name} must say format = 1 and list [[place]] entries")
    places: dict[str, OwnPlace] = {}
    for number, entry in enumerate(document["place"], 1):
        label = f"{path.name}, place {number} ({entry.get('id', 'without id')})"
        place = _checked(entry, label)
        if place.id in places:
            raise BuildError(f"{label}: the id is taken; ids must be unique")
        places[place.id] = place
    return tuple(places.values())


def _checked(entry: Mapping[str, Any], label: str) -> OwnPlace:
    known = {*_TEXTS, *_NUMBERS, *_LISTS, "names", "geonames"}
    if unknown := sorted(set(entry) - known):
        raise BuildError(f"{label}: unknown key {unknown[0]!r}")
    for key in _TEXTS:
        if key in entry and not (isinstance(entry[key], str) and entry[key].strip()):
            raise BuildError(f"{label}: {key} must be a text")
    for key in _NUMBERS:
        value = entry.get(key, 0)
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not math.isfinite(value)
        ):
            raise BuildError(f"{label}: {key} must be a number")
    for key in _LISTS:
        if not all(isinstance(item, str) and item for item in entry.get(key, [])):
            raise BuildError(f"{label}: {key} must be a list of texts")
    names = entry.get("names", {})
    if not isinstance(names, dict) or not all(isinstance(v, str) and v for v in names.values()):
        raise BuildError(f"{label}: names must map languages to texts")
    needed = (
        ("id", "name") if {"geonames", "overlay"} & set(entry) else ("id", "name", *_NEEDED_ALONE)
    )
    if missing := [key for key in needed if key not in entry]:
        raise BuildError(f"{label}: {missing[0]} is missing")
    if not (-180 <= entry.get("lon", 0) <= 180 and -90 <= entry.get("lat", 0) <= 90):
        raise BuildError(f"{label}: lon and lat must be degrees on the globe")
    if entry.get("radius_km", 0) < 0:
        raise BuildError(f"{label}: radius_km cannot be negative")
    return OwnPlace(
        **{**entry, **{key: tuple(entry.get(key, ())) for key in _LISTS}, "names": dict(names)}
    )
