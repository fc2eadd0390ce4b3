"""What the journey needs from outside, as protocols; wired in ``main`` and ``cli``."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Reach:
    """All of a network within reach.

    ``lines`` are stretches of it, each of two points or more, and none where nothing but the
    places themselves is within reach. ``length_km`` is their length along the network;
    ``simplified_km`` says how far a drawn line may lie off it; ``over`` names the network.
    """

    lines: tuple[tuple[Position, ...], ...]
    length_km: float
    simplified_km: float
    over: str


class ReachFinder(Protocol):
    """Finds how far one comes along networks."""

    def reach(
        self,
        origin: Position,
        origin_km: float,
        *,
        destination: Position | None = None,
        destination_km: float | None = None,
        mode: Mode = Mode.TRAIN,
        avoid: Collection[str] = (),
        most_points: int = 20_000,
    ) -> Reach:
        """The network of ``mode`` within ``origin_km`` along it of ``origin``, outside ``avoid``.

        With ``destination`` only where that is within ``destination_km`` too, on a way through
        that point. Lines of more than ``most_points`` together are thinned. Raises
        :class:`app.errors.RouteError` where the mode has no network or a place lies too far
        from it.
        """
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
