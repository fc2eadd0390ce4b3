"""A small world for the pure core: places on a line and on a plane, and ways between them."""

import itertools
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from math import hypot

import pytest

from app.errors import NoRouteError
from app.journey.bounds import Bounds
from app.journey.derived import Route
from app.journey.interval import Interval
from app.journey.model import Event, Modality, Mode, Place, Position, Sighting, Source, Trip

KM_PER_DEGREE = 100.0


@dataclass
class FlatWorld:
    """Ways on a plane of 100 km a degree, a tenth longer than straight; islands by country."""

    unreachable: set[str] = field(default_factory=set)
    asked: list[tuple[Position, Position]] = field(default_factory=list)

    def route(
        self,
        origin: Position,
        destination: Position,
        *,
        mode: Mode = Mode.TRAIN,
        via: Sequence[Position] = (),
        avoid: Collection[str] = (),
    ) -> Route:
        stops = [origin, *via, destination]
        length = sum(
            self.distance_km(a, b, mode=mode, avoid=avoid) for a, b in itertools.pairwise(stops)
        )
        return Route(
            mode=mode,
            distance_km=length,
            great_circle_km=self.great_circle_km(origin, destination),
            distance_bounds_km=Bounds(length, length),
            snap_km=(0.0, 0.0),
            countries=(),
            geometry=tuple(stops),
        )

    def distance_km(
        self,
        origin: Position,
        destination: Position,
        *,
        mode: Mode = Mode.TRAIN,
        avoid: Collection[str] = (),
    ) -> float:
        self.asked.append((origin, destination))
        if mode is Mode.SHIP:
            raise NoRouteError("there is no sea here")
        return 1.1 * self.great_circle_km(origin, destination)

    def great_circle_km(self, origin: Position, destination: Position) -> float:
        return KM_PER_DEGREE * hypot(origin.lon - destination.lon, origin.lat - destination.lat)


@pytest.fixture
def world() -> FlatWorld:
    return FlatWorld()


@dataclass
class TripMaker:
    """Puts trips together from short lines: one source for each publication time."""

    places: dict[str, Place] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    sightings: list[Sighting] = field(default_factory=list)

    def place(self, name: str, lon: float, lat: float = 0.0, feature: str = "city") -> str:
        self.places[name] = Place(
            name, name, Position(lon, lat), "RU", "Asia/Vladivostok", feature=feature
        )
        return name

    def claim(
        self,
        place: str,
        when: str = "",
        *,
        event: str = "present",
        modality: str = "reported",
        published: str = "2023-09-30T00:00Z",
        publisher: str = "",
        subject: str = "train",
        reliability: str = "F",
        **extra: object,
    ) -> Sighting:
        source = f"{publisher or 'agency'}-{published}"
        if reliability != "F":
            source += f"-{reliability}"
        self.sources.setdefault(
            source,
            Source(
                source,
                publisher or "agency",
                Interval.parse(published, published),
                reliability=reliability,
            ),
        )
        earliest, _, latest = when.partition("/")
        sighting = Sighting(
            id=f"s{len(self.sightings)}",
            source=source,
            subject=subject,
            event=Event(event),
            modality=Modality(modality),
            place=place,
            when=Interval.parse(earliest, latest or earliest),
            position_in_report=len(self.sightings),
            **extra,  # type: ignore[arg-type]
        )
        self.sightings.append(sighting)
        return sighting

    def trip(self, **extra: object) -> Trip:
        return Trip(
            "t",
            "T",
            "S",
            sources=tuple(self.sources.values()),
            sightings=tuple(self.sightings),
            places=self.places,
            **extra,  # type: ignore[arg-type]
        )


@pytest.fixture
def make() -> TripMaker:
    return TripMaker()


@pytest.fixture
def names() -> Callable[[object], list[str]]:
    return lambda itinerary: [w.place.name for w in itinerary.waypoints]  # type: ignore[attr-defined]
