"""What the journey needs from outside, as protocols; wired in ``main`` and ``cli``."""

from collections.abc import Collection, Sequence
from typing import Protocol

from app.journey.derived import Route
from app.journey.model import Mode, Place, Position


class RouteFinder(Protocol):
    """Finds ways along networks."""

    def route(
        self,
        origin: Position,
        destination: Position,
        *,
        mode: Mode = Mode.TRAIN,
        via: Sequence[Position] = (),
        avoid: Collection[str] = (),
    ) -> Route:
        """The shortest way by ``mode`` through ``via`` in order, outside ``avoid``.

        Raises :class:`app.errors.RouteError` when there is no believable one.
        """
        ...

    def distance_km(
        self,
        origin: Position,
        destination: Position,
        *,
        mode: Mode = Mode.TRAIN,
        avoid: Collection[str] = (),
    ) -> float:
        """Length of that way, km; cheaper than :meth:`route`. Raises the same errors."""
        ...

    def great_circle_km(self, origin: Position, destination: Position) -> float:
        """Length of the geodesic between two positions, km."""
        ...


class Gazetteer(Protocol):
    """Knows places by id."""

    def place(self, place_id: str) -> Place:
        """The place with this id. Raises :class:`app.errors.UnknownPlaceError`."""
        ...


class Zones(Protocol):
    """Knows which time zone a position lies in."""

    def time_zone(self, position: Position) -> str:
        """IANA name of the zone; a nautical ``Etc/GMT±n`` zone at sea."""
        ...
