"""One-off questions that need no trip: a way between two names, a search for a place.

Shared by the API and the command line. Places and ways come in through protocols.
"""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Any, Protocol

from app.errors import AmbiguousPlaceError, InputError, RouteError, UnknownPlaceError
from app.journey.model import Mode, Place, Position
from app.journey.protocols import RouteFinder
from app.publication import documents
from app.publication.documents import Document

USUAL_SPEED_KMH = {Mode.TRAIN: 60.0, Mode.CAR: 60.0, Mode.SHIP: 30.0, Mode.PLANE: 800.0}


class PlaceFinder(Protocol):
    """Finds places by what people call them."""

    def resolve(
        self,
        name: str,
        *,
        near: Sequence[Position] = (),
        countries: Collection[str] = (),
        field: str = "place",
    ) -> Place:
        """The clear best answer to a name.

        Raises :class:`app.errors.UnknownPlaceError` or :class:`app.errors.AmbiguousPlaceError`.
        """
        ...


class FoundPlace(Protocol):
    """One answer to a search: a place, how well it fits from 0 to 1, and why."""

    @property
    def place(self) -> Place:
        """The gazetteer entry."""
        ...

    @property
    def matched_name(self) -> str:
        """The spelling that matched."""
        ...

    @property
    def score(self) -> float:
        """From 0 to 1."""
        ...

    @property
    def explanation(self) -> Any:
        """The parts of the score, a dataclass."""
        ...


class PlaceSearch(PlaceFinder, Protocol):
    """Finds places by name and ranks them."""

    def search(
        self,
        query: str,
        *,
        near: Sequence[Position] = (),
        countries: Collection[str] = (),
        limit: int = 10,
    ) -> Sequence[FoundPlace]:
        """Answers, best first. Raises :class:`app.errors.InputError` for what is no name."""
        ...


def route_document(
    places: PlaceFinder,
    finder: RouteFinder,
    *,
    origin: str,
    destination: str,
    mode: Mode = Mode.TRAIN,
    via: Sequence[str] = (),
    avoid: Collection[str] = (),
    speed_kmh: float | None = None,
) -> Document:
    """The way between two named places, as a document.

    Raises :class:`app.errors.InputError`, :class:`app.errors.UnknownPlaceError` or
    :class:`app.errors.RouteError`.
    """
    for country in avoid:
        if not (len(country) == 2 and country.isascii() and country.isalpha()):
            raise InputError("avoid", f"{country!r} is no ISO 3166-1 code of two letters, as CN")
    names = [("from", origin), *(("via", name) for name in via), ("to", destination)]
    first, *between, last = resolve_together(places, names)
    try:
        route = finder.route(
            first.position,
            last.position,
            mode=mode,
            via=[stop.position for stop in between],
            avoid={country.upper() for country in avoid},
        )
    except RouteError as error:
        # A name may have been understood as another place than was meant: say as which.
        way = " – ".join(f"{stop.name} ({stop.country})" for stop in (first, *between, last))
        raise type(error)(f"{way}: {error}") from error
    return documents.route(route, first, last, between, speed_kmh or USUAL_SPEED_KMH[mode])


def resolve_together(places: PlaceFinder, names: Sequence[tuple[str, str]]) -> list[Place]:
    """Places for (field, name) pairs that belong to one journey: each helps to tell the others.

    A name alone may be any of several places; those that are clear by themselves say where the
    rest is likely to be.
    """
    alone: list[Place | None] = []
    for field, name in names:
        try:
            alone.append(places.resolve(name, field=field))
        except (AmbiguousPlaceError, UnknownPlaceError):
            alone.append(None)
    return [
        places.resolve(
            name,
            near=[p.position for m, p in enumerate(alone) if p is not None and m != n],
            field=field,
        )
        for n, (field, name) in enumerate(names)
    ]


def places_document(
    search: PlaceSearch,
    *,
    name: str,
    near: Sequence[str] = (),
    countries: Collection[str] = (),
    limit: int = 10,
    field: str = "q",
) -> Document:
    """Answers to a name, best first, each with its score and how it came about.

    Raises :class:`app.errors.InputError` for what is no name, naming ``field``.
    """
    around = [search.resolve(other, field="near").position for other in near]
    try:
        answers = search.search(
            name, near=around, countries={c.upper() for c in countries}, limit=limit
        )
    except InputError as error:
        raise InputError(field, error.reason) from error
    return {
        "q": name,
        "near": list(near),
        "places": [
            {
                **documents.place(found.place),
                "score": round(found.score, 3),
                "matched": found.matched_name,
                "explanation": asdict(found.explanation),
            }
            for found in answers
        ],
    }
