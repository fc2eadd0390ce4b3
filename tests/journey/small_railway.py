"""A railway of a few stations, small enough to compute every distance by hand.

Ways and reaches by plain definitions, independent of the real networks. Stations lie on a plane
of 100 km a degree; a line between two is ``bend`` times as long as straight.
"""

import heapq
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import hypot, inf

from app.errors import NoRouteError, RouteError
from app.journey.bounds import Bounds
from app.journey.derived import Route
from app.journey.model import Mode, Position
from app.journey.protocols import Reach

KM_PER_DEGREE = 100.0


@dataclass(frozen=True)
class Spot:
    """A point of the railway: so many km from station ``a`` on its line to ``b``."""

    a: str
    b: str
    km: float


@dataclass
class SmallRailway:
    """Implements both protocols of ways for trains; planes fly straight, ships find no sea."""

    stations: dict[str, Position]
    lines: dict[tuple[str, str], float] = field(default_factory=dict)

    def line(self, a: str, b: str, bend: float = 1.0) -> "SmallRailway":
        self.lines[a, b] = bend * self.great_circle_km(self.stations[a], self.stations[b])
        return self

    def neighbours(self, station: str) -> list[tuple[str, float]]:
        return [(b, km) for (a, b), km in self.lines.items() if a == station] + [
            (a, km) for (a, b), km in self.lines.items() if b == station
        ]

    def distances(self, origin: str) -> dict[str, float]:
        found: dict[str, float] = {}
        queue = [(0.0, origin)]
        while queue:
            km, station = heapq.heappop(queue)
            if station in found:
                continue
            found[station] = km
            for other, step in self.neighbours(station):
                heapq.heappush(queue, (km + step, other))
        return found

    def way(self, origin: str, destination: str) -> list[str]:
        to = self.distances(destination)
        if origin not in to:
            raise NoRouteError("no line joins them")
        way = [origin]
        while way[-1] != destination:
            way.append(min(self.neighbours(way[-1]), key=lambda n: n[1] + to.get(n[0], inf))[0])
        return way

    def to_spot_km(self, station: str, spot: Spot) -> float:
        whole = self.length(spot.a, spot.b)
        km = self.distances(station)
        return min(km.get(spot.a, inf) + spot.km, km.get(spot.b, inf) + whole - spot.km)

    def length(self, a: str, b: str) -> float:
        return self.lines[a, b] if (a, b) in self.lines else self.lines[b, a]

    def position(self, spot: Spot) -> Position:
        a, b = self.stations[spot.a], self.stations[spot.b]
        share = spot.km / self.length(spot.a, spot.b)
        return Position(a.lon + share * (b.lon - a.lon), a.lat + share * (b.lat - a.lat))

    def station_at(self, position: Position) -> str:
        return next(name for name, at in self.stations.items() if at == position)

    def route(
        self,
        origin: Position,
        destination: Position,
        *,
        mode: Mode = Mode.TRAIN,
        via: Sequence[Position] = (),
        avoid: Collection[str] = (),
    ) -> Route:
        if mode is Mode.SHIP:
            raise NoRouteError("there is no sea here")
        straight = self.great_circle_km(origin, destination)
        if mode is Mode.PLANE:
            return Route(
                mode,
                straight,
                straight,
                Bounds.exactly(straight),
                (0, 0),
                (),
                (origin, destination),
            )
        stops = [self.station_at(stop) for stop in (origin, *via, destination)]
        way = [stops[0]]
        for a, b in pairwise(stops):
            way += self.way(a, b)[1:]
        km = sum(self.length(a, b) for a, b in pairwise(way))
        geometry = tuple(self.stations[name] for name in way)
        return Route(mode, km, straight, Bounds.exactly(km), (0, 0), (), geometry)

    def distance_km(
        self,
        origin: Position,
        destination: Position,
        *,
        mode: Mode = Mode.TRAIN,
        avoid: Collection[str] = (),
    ) -> float:
        return self.route(origin, destination, mode=mode, avoid=avoid).distance_km

    def great_circle_km(self, origin: Position, destination: Position) -> float:
        return KM_PER_DEGREE * hypot(origin.lon - destination.lon, origin.lat - destination.lat)

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
        if mode is not Mode.TRAIN:
            raise RouteError("there are railways only")
        reached = [(self.distances(self.station_at(origin)), origin_km)]
        if destination is not None:
            assert destination_km is not None
            reached.append((self.distances(self.station_at(destination)), destination_km))
        stretches = []
        for (a, b), whole in self.lines.items():
            kept = [(0.0, whole)]
            for km, most in reached:
                from_a, from_b = most - km.get(a, inf), most - km.get(b, inf)
                within = [(0.0, min(from_a, whole)), (max(0.0, whole - from_b), whole)]
                if from_a + from_b >= whole and min(from_a, from_b) >= 0:
                    within = [(0.0, whole)]
                kept = [
                    (max(x, left), min(y, right))
                    for x, y in kept
                    for left, right in within
                    if max(x, left) < min(y, right)
                ]
            stretches += [(Spot(a, b, left), Spot(a, b, right)) for left, right in kept]
        return Reach(
            lines=tuple((self.position(left), self.position(right)) for left, right in stretches),
            length_km=sum(right.km - left.km for left, right in stretches),
            simplified_km=0.0,
            over="railways",
        )
