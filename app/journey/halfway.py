"""One schedule among all that the bounds allow, and points along lines.

Lives here: the instants half way between the earliest and the latest ones, and where along a
polyline a share of its length lies. Not here: what is possible (:mod:`app.journey.prism`).
Imports the journey's nouns only.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from math import asin, cos, hypot, radians, sin, sqrt

from app.journey.derived import Leg, Waypoint
from app.journey.interval import Interval
from app.journey.model import Position

HOUR = timedelta(hours=1)
_EARTH_RADIUS_KM = 6371.0088
_KM_PER_DEGREE = 111.195


@dataclass(frozen=True, slots=True)
class Stay:
    """When a schedule reaches a place and leaves it, hours from an instant; ``None``: unknown."""

    arrives_h: float | None
    leaves_h: float | None


def halfway_schedule(
    waypoints: Sequence[Waypoint], legs: Sequence[Leg], at: datetime
) -> tuple[Stay, ...]:
    """The schedule half way between the earliest and the latest that are possible.

    ``legs`` lie between the waypoints. What is possible is convex, so that half way between
    two schedules is a schedule. An instant with one open end stands at the other, or as far
    beyond it as the journey needs.
    """
    ends = [end for waypoint in waypoints for end in (waypoint.arrival, waypoint.departure)]
    needs = [need for leg in legs for need in (0.0, _least_h(leg))]
    planned = [_target(end, at) for end in ends]
    for n in range(len(ends) - 2, -1, -1):
        now, following = planned[n], planned[n + 1]
        if ends[n].earliest is None and now is not None and following is not None:
            planned[n] = min(now, following - (needs[n] if n < len(needs) else 0.0))
    for n in range(1, len(ends)):
        before, now = planned[n - 1], planned[n]
        if ends[n].latest is None and now is not None and before is not None:
            planned[n] = max(now, before + (needs[n - 1] if n <= len(needs) else 0.0))
    return tuple(Stay(a, d) for a, d in zip(planned[::2], planned[1::2], strict=True))


def _least_h(leg: Leg) -> float:
    least_km = None if leg.distance_bounds_km is None else leg.distance_bounds_km.lower
    return (least_km or 0.0) / leg.max_speed_kmh if leg.max_speed_kmh else 0.0


def _target(end: Interval, at: datetime) -> float | None:
    known = [(x - at) / HOUR for x in (end.earliest, end.latest) if x is not None]
    return sum(known) / len(known) if known else None


def point_along(line: Sequence[Position], share: float) -> Position:
    """The point that lies ``share`` (0 to 1) of a polyline's own length along it."""
    steps_km = [_step_km(a, b) for a, b in pairwise(line)]
    left_km = max(0.0, min(1.0, share)) * sum(steps_km)
    for (a, b), step_km in zip(pairwise(line), steps_km, strict=True):
        if left_km <= step_km and step_km > 0.0:
            return _between(a, b, left_km / step_km)
        left_km -= step_km
    return _on_the_map(line[-1])


def nearest_on(lines: Iterable[Sequence[Position]], point: Position) -> tuple[Position, float]:
    """The point of ``lines`` that is nearest to ``point``, and how far off that is, km."""
    scale = _KM_PER_DEGREE * max(cos(radians(point.lat)), 1e-6)
    best, best_km = point, float("inf")
    for line in lines:
        xs = [_turn(p.lon - point.lon) * scale for p in line]
        ys = [(p.lat - point.lat) * _KM_PER_DEGREE for p in line]
        if len(line) == 1 and hypot(xs[0], ys[0]) < best_km:
            best, best_km = line[0], hypot(xs[0], ys[0])
        for n in range(len(line) - 1):
            ax, ay, bx, by = xs[n], ys[n], xs[n + 1], ys[n + 1]
            # Most steps lie wholly beyond the best one so far, on one side.
            if (
                min(ax, bx) > best_km
                or max(ax, bx) < -best_km
                or min(ay, by) > best_km
                or max(ay, by) < -best_km
            ):
                continue
            dx, dy = bx - ax, by - ay
            square = dx * dx + dy * dy
            share = max(0.0, min(1.0, -(ax * dx + ay * dy) / square)) if square > 0.0 else 0.0
            off_km = hypot(ax + share * dx, ay + share * dy)
            if off_km < best_km:
                best, best_km = _between(line[n], line[n + 1], share), off_km
    return best, best_km


def _step_km(a: Position, b: Position) -> float:
    north_a, north_b = radians(a.lat), radians(b.lat)
    half_lat, half_lon = (north_b - north_a) / 2.0, radians(b.lon - a.lon) / 2.0
    chord = sin(half_lat) ** 2 + cos(north_a) * cos(north_b) * sin(half_lon) ** 2
    return 2.0 * _EARTH_RADIUS_KM * asin(sqrt(min(1.0, max(0.0, chord))))


def _between(a: Position, b: Position, share: float) -> Position:
    return _on_the_map(
        Position(a.lon + share * _turn(b.lon - a.lon), a.lat + share * (b.lat - a.lat))
    )


def _turn(degrees: float) -> float:
    """The shorter way round."""
    return (degrees + 180.0) % 360.0 - 180.0


def _on_the_map(position: Position) -> Position:
    lon = position.lon
    return position if -180.0 <= lon <= 180.0 else Position(_turn(lon), position.lat)
