"""geopy geocoders over the gazetteer, so that code written for geopy works with it.

Lives here: the gazetteer behind geopy's interface, Nominatim behind the same one, and asking
the second only for what the first lacks. Not here: the gazetteer itself. Imports geopy,
errors and its neighbours in geo.
"""

from collections.abc import Collection, Sequence
from typing import Any, Protocol, TypeAlias
from urllib.parse import urlsplit

from geopy.exc import ConfigurationError, GeocoderQueryError
from geopy.extra.rate_limiter import RateLimiter
from geopy.geocoders import Nominatim
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location
from geopy.point import Point

from app.errors import InputError
from app.geo.gazetteer import Gazetteer
from app.geo.place_search import Candidate, Score
from app.journey.model import Place, Position

Answer: TypeAlias = Location | list[Location] | None
"""What geopy's geocoders return: the best location, or all of them, or ``None`` for none."""

REVERSE_WITHIN_KM = 50.0
"""Farther away than this, a position is at no place."""


class AnyGeocoder(Protocol):
    """What :class:`GazetteerGeocoder`, :class:`OnlineGeocoder` and geopy's own share."""

    def geocode(self, query: Any, *, exactly_one: bool = True, limit: int | None = None) -> Answer:
        """Locations for a name."""
        ...

    def reverse(self, query: Any, *, exactly_one: bool = True) -> Answer:
        """Locations for a position."""
        ...


class GazetteerGeocoder(Geocoder):  # type: ignore[misc]  # geopy carries no types
    """geopy's interface over a :class:`~app.geo.gazetteer.Gazetteer`; asks no network.

    ``Location.raw`` holds the place as a dict: ``id, name, names, lon, lat, radius_km,
    country, time_zone, feature, origin, score`` and ``explanation``, the parts of the score.
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        super().__init__()
        self._gazetteer = gazetteer

    def geocode(
        self,
        query: Any,
        *,
        exactly_one: bool = True,
        limit: int | None = None,
        near: Any = None,
        country_codes: str | Sequence[str] | None = None,
        language: str | None = None,
        timeout: Any = DEFAULT_SENTINEL,
    ) -> Answer:
        """The place that ``query`` names, or ``None``.

        ``near`` is one position, or a list of them, in any form that geopy reads a point;
        ``country_codes`` are preferred, ``language`` is that of the address. With
        ``exactly_one=False`` a list, best first. Raises geopy's ``GeocoderQueryError`` for a
        query without letters, too long, or no text.
        """
        if not isinstance(query, str):
            raise GeocoderQueryError("the query must be a text")
        codes = [country_codes] if isinstance(country_codes, str) else list(country_codes or ())
        try:
            found = self._gazetteer.search(
                query,
                near=_positions(near),
                countries=codes,
                limit=1 if exactly_one else 10 if limit is None else limit,
            )
        except InputError as error:
            raise GeocoderQueryError(str(error)) from error
        locations = [_location(candidate, language) for candidate in found]
        return _one_or_all(locations, exactly_one)

    def reverse(
        self,
        query: Any,
        *,
        exactly_one: bool = True,
        limit: int | None = None,
        language: str | None = None,
        timeout: Any = DEFAULT_SENTINEL,
    ) -> Answer:
        """The place nearest to a position within :data:`REVERSE_WITHIN_KM`, or ``None``.

        ``query`` is a geopy ``Point``, a pair of latitude and longitude, or a text of one.
        Raises geopy's ``GeocoderQueryError`` for what is none.
        """
        try:
            places = self._gazetteer.reverse(
                _position(query),
                limit=1 if exactly_one else 10 if limit is None else limit,
                within_km=REVERSE_WITHIN_KM,
            )
        except InputError as error:
            raise GeocoderQueryError(str(error)) from error
        return _one_or_all([_location(place, language) for place in places], exactly_one)


class OnlineGeocoder:
    """A geopy geocoder of a service, asked at most once in ``seconds_between`` seconds."""

    def __init__(self, geocoder: Any, *, seconds_between: float = 1.0) -> None:
        def limited(call: Any) -> Any:
            return RateLimiter(
                call,
                min_delay_seconds=seconds_between,
                max_retries=0,
                swallow_exceptions=False,
            )

        self._geocode = limited(geocoder.geocode)
        self._reverse = limited(geocoder.reverse)

    def geocode(
        self, query: Any, *, exactly_one: bool = True, limit: int | None = None, **options: Any
    ) -> Answer:
        """As geopy's; raises its exceptions when the service does not answer."""
        answer: Answer = self._geocode(query, exactly_one=exactly_one, limit=limit, **options)
        return answer

    def reverse(self, query: Any, *, exactly_one: bool = True, **options: Any) -> Answer:
        """As geopy's; raises its exceptions when the service does not answer."""
        answer: Answer = self._reverse(query, exactly_one=exactly_one, **options)
        return answer


def online_geocoder(url: str, user_agent: str, *, timeout_s: float = 10.0) -> OnlineGeocoder:
    """Nominatim at ``url``, asked at most once a second, as its terms of use demand.

    Raises :class:`~app.errors.InputError` when ``url`` is not an http(s) address or
    ``user_agent`` says nothing.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise InputError("nominatim_url", "must be an address that starts with https:// or http://")
    try:
        geocoder = Nominatim(
            scheme=parts.scheme,
            domain=parts.netloc + parts.path.rstrip("/"),
            user_agent=user_agent,
            timeout=timeout_s,
        )
    except ConfigurationError as error:
        raise InputError("nominatim_user_agent", "must name the service that asks") from error
    return OnlineGeocoder(geocoder)


class FallbackGeocoder:
    """Asks ``online`` only for what ``primary`` does not find; with ``None`` never."""

    def __init__(self, primary: GazetteerGeocoder, online: AnyGeocoder | None = None) -> None:
        self._primary = primary
        self._online = online

    def geocode(
        self, query: Any, *, exactly_one: bool = True, limit: int | None = None, **options: Any
    ) -> Answer:
        """From the gazetteer, else from the service. ``options`` are the gazetteer's own."""
        answer = self._primary.geocode(query, exactly_one=exactly_one, limit=limit, **options)
        if answer is not None or self._online is None:
            return answer
        return self._online.geocode(query, exactly_one=exactly_one, limit=limit)

    def reverse(self, query: Any, *, exactly_one: bool = True, **options: Any) -> Answer:
        """From the gazetteer, else from the service. ``options`` are the gazetteer's own."""
        answer = self._primary.reverse(query, exactly_one=exactly_one, **options)
        if answer is not None or self._online is None:
            return answer
        return self._online.reverse(query, exactly_one=exactly_one)


def _one_or_all(locations: list[Location], exactly_one: bool) -> Answer:
    if not locations:
        return None
    return locations[0] if exactly_one else locations


def _location(found: Candidate | Place, language: str | None) -> Location:
    place = found.place if isinstance(found, Candidate) else found
    name = place.names.get(language, place.name) if language else place.name
    raw = {
        "id": place.id,
        "name": place.name,
        "names": dict(place.names),
        "lon": place.position.lon,
        "lat": place.position.lat,
        "radius_km": place.radius_km,
        "country": place.country,
        "time_zone": place.time_zone,
        "feature": place.feature,
        "origin": place.origin,
        "score": found.score if isinstance(found, Candidate) else None,
        "explanation": _parts(found.explanation) if isinstance(found, Candidate) else None,
    }
    address = f"{name}, {place.country}"
    return Location(address, (place.position.lat, place.position.lon), raw)


def _parts(score: Score) -> dict[str, float]:
    return {
        "match": score.match,
        "nearness": score.nearness,
        "country": score.country,
        "feature": score.feature,
        "population": score.population,
        "own_place": score.own_place,
    }


def _position(query: Any) -> Position:
    if query is None:  # which geopy would read as 0, 0
        raise GeocoderQueryError("the query must be a position")
    try:
        point = query if isinstance(query, Point) else Point(query)
    except (ValueError, TypeError) as error:
        raise GeocoderQueryError(f"{query!r} is not a position: {error}") from error
    return Position(lon=point.longitude, lat=point.latitude)


def _positions(near: Any) -> tuple[Position, ...]:
    if near is None:
        return ()
    several = isinstance(near, Collection) and not isinstance(near, str | Point)
    if several and not all(isinstance(part, int | float) for part in near):
        return tuple(_position(part) for part in near)
    return (_position(near),)
