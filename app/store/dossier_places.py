"""The places that a dossier names: ids of the gazetteer, or tables of its own.

Lives here: both ways to name a place, and which places a trip uses. Imports the journey's
values and its protocols; the gazetteer and the zones come in as arguments.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.errors import InputError, UnknownPlaceError
from app.journey.model import Place, Position
from app.journey.protocols import Gazetteer, Zones
from app.store.dossier_fields import COUNTRY, LANGUAGE, Fields, text_problem, zone_named
from app.store.dossier_text import KeyPath, Problems

OWN = "dossier"
_MAX_ID = 100


def own_origin(source: str | None) -> str:
    """The ``origin`` of a place that a dossier defines itself."""
    return OWN if source is None else f"{OWN}: {source}"


def is_own(place: Place) -> bool:
    """Whether a dossier defined this place itself."""
    return place.origin == OWN or place.origin.startswith(f"{OWN}: ")


@dataclass(slots=True)
class Places:
    """The places of one dossier; ``used`` fills as keys name them."""

    gazetteer: Gazetteer
    zones: Zones
    problems: Problems
    used: dict[str, Place] = field(default_factory=dict)
    own: dict[str, Place] = field(default_factory=dict)
    _unknown: dict[str, str] = field(default_factory=dict)

    def define(self, tables: Mapping[str, Any]) -> None:
        """Read the places given as tables, so that ids may name them before or after."""
        for name in ("sighting", "figure"):
            entries = tables.get(name)
            for at, entry in enumerate(entries if isinstance(entries, list) else ()):
                for key in ("place",) if name == "sighting" else ("from", "to"):
                    if isinstance(entry, dict) and isinstance(entry.get(key), dict):
                        self._define(entry[key], (name, at, key))
        assumptions = tables.get("assumptions")
        for name, entry in (assumptions if isinstance(assumptions, dict) else {}).items():
            listed = entry.get("places") if isinstance(entry, dict) else None
            for at, each in enumerate(listed if isinstance(listed, list) else ()):
                if isinstance(each, dict):
                    self._define(each, ("assumptions", name, "places", at))

    def used_by(self, fields: Fields, key: str) -> str:
        """The id of the place that ``key`` names; empty stands in for a wrong one."""
        value = fields.take(key)
        if value is None:
            fields.wrong(key, "is missing; give an id of the gazetteer or an inline table")
            return ""
        return self._use(value, (*fields.path, key))

    def listed_by(self, fields: Fields, key: str) -> tuple[str, ...]:
        """The ids of a list of places, empty when absent."""
        value = fields.take(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not 1 <= len(value) <= 50:
            fields.wrong(key, "must be a list of 1 to 50 places")
            return ()
        return tuple(self._use(each, (*fields.path, key, at)) for at, each in enumerate(value))

    def _use(self, value: object, path: KeyPath) -> str:
        if isinstance(value, dict):
            # Its problems were noted when it was defined.
            place_id = value.get("id")
            if isinstance(place_id, str) and place_id in self.own:
                self.used[place_id] = self.own[place_id]
                return place_id
            return ""
        if (reason := text_problem(value, _MAX_ID)) is not None:
            self.problems.add(path, reason)
            return ""
        place_id = str(value)
        if place_id in self.used:
            return place_id
        place = self.own.get(place_id) or self._looked_up(place_id)
        if place is None:
            self.problems.add(path, self._unknown[place_id])
            return ""
        self.used[place_id] = place
        return place_id

    def _looked_up(self, place_id: str) -> Place | None:
        if place_id in self._unknown:
            return None
        try:
            return self.gazetteer.place(place_id)
        except UnknownPlaceError as error:
            hint = f"; did you mean {' or '.join(error.suggestions)}?" if error.suggestions else ""
            self._unknown[place_id] = f"“{place_id}” is no place of the gazetteer{hint}"
            return None

    def _define(self, table: dict[str, Any], path: KeyPath) -> None:
        fields = Fields(table, path, self.problems)
        before = len(self.problems.found)
        lon, lat = fields.number("lon", -180, 180), fields.number("lat", -90, 90)
        for key in ("lon", "lat", "country"):
            if not fields.has(key):
                fields.wrong(key, "is missing")
        country = fields.text("country", longest=10) or ""
        if country and not COUNTRY.fullmatch(country):
            fields.wrong("country", "must be two capital letters such as RU")
        zone = fields.zone("time_zone")
        position = Position(lon=lon or 0.0, lat=lat or 0.0)
        place = Place(
            id=fields.needed("id", longest=_MAX_ID),
            name=fields.needed("name", longest=200),
            position=position,
            country=country,
            time_zone=zone.key if zone else self._zone_at(fields, position),
            names=self._names(fields),
            radius_km=fields.number("radius_km", 0, 20_000) or 0.0,
            feature=fields.text("feature", longest=50) or "place",
            origin=own_origin(fields.text("source", longest=500)),
            other_time_zones=self._other_zones(fields),
        )
        fields.finish()
        if len(self.problems.found) > before:
            return
        if self.own.setdefault(place.id, place) != place:
            fields.wrong("id", f"“{place.id}” is given twice and not alike; give it once")

    def _zone_at(self, fields: Fields, position: Position) -> str:
        try:
            return self.zones.time_zone(position)
        except InputError as error:
            fields.wrong("time_zone", error.reason)
            return "UTC"

    def _names(self, fields: Fields) -> dict[str, str]:
        value = fields.take("names")
        if value is None:
            return {}
        if not isinstance(value, dict) or len(value) > 200:
            fields.wrong("names", "must map languages to names, as { ko = “하산” }")
            return {}
        for language, name in value.items():
            reason = text_problem(name, 200)
            if not LANGUAGE.fullmatch(language):
                reason = "the key must be a language tag such as ko"
            if reason is not None:
                fields.wrong("names", f"{language[:40]}: {reason}")
                return {}
        return dict(value)

    def _other_zones(self, fields: Fields) -> tuple[str, ...]:
        value = fields.take("other_time_zones")
        if value is None:
            return ()
        if not isinstance(value, list) or not all(
            isinstance(each, str) and zone_named(each) for each in value
        ):
            fields.wrong("other_time_zones", "must be a list of IANA time zones")
            return ()
        return tuple(value)
