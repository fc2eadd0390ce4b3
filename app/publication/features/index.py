"""Finding features: by id, and by place, time and properties.

Lives here: :class:`Choice` (what is asked for) and :class:`Index` (over the features of one
collection). Not here: what the features are (:mod:`app.publication.features.prepared`).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import shapely
from numpy.typing import NDArray

from app.journey.interval import Interval
from app.publication.features.collections import QUERYABLES, Collection
from app.publication.features.prepared import (
    ALWAYS_AFTER,
    ALWAYS_BEFORE,
    Feature,
    Value,
    microseconds,
)

_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00Z")


@dataclass(frozen=True, slots=True)
class Box:
    """A box on WGS 84, in degrees, edges included; over the antimeridian if west > east."""

    west: float
    south: float
    east: float
    north: float

    def geometries(self) -> list[shapely.Geometry]:
        """The box as one geometry, or one on each side of the antimeridian."""
        if self.west > self.east:
            return [
                _rectangle(self.west, self.south, 180.0, self.north),
                _rectangle(-180.0, self.south, self.east, self.north),
            ]
        return [_rectangle(self.west, self.south, self.east, self.north)]


def _rectangle(west: float, south: float, east: float, north: float) -> shapely.Geometry:
    # A polygon without an area meets nothing, not even what lies on it.
    if west == east and south == north:
        return shapely.Point(west, south)
    if west == east or south == north:
        return shapely.LineString([(west, south), (east, north)])
    return shapely.box(west, south, east, north)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which features are wanted; all of it has to hold.

    ``during`` shares an instant with the feature's own time; ``equal`` holds queryables of the
    collection with their values.
    """

    box: Box | None = None
    during: Interval | None = None
    equal: tuple[tuple[str, Value], ...] = ()


class Index:
    """The features of one collection, in their order."""

    def __init__(self, collection: Collection, features: Sequence[Feature]) -> None:
        self.features = tuple(features)
        self._at = {feature.id: at for at, feature in enumerate(self.features)}
        self._tree = shapely.STRtree([feature.geometry for feature in self.features])
        self._begins = np.array([feature.begins for feature in self.features], dtype=np.int64)
        self._ends = np.array([feature.ends for feature in self.features], dtype=np.int64)
        self._having: dict[str, dict[Value, list[int]]] = {}
        for n, name in enumerate(QUERYABLES[collection]):
            having = self._having[name] = defaultdict(list)
            for at, feature in enumerate(self.features):
                for value in feature.values[n]:
                    having[value].append(at)

    @property
    def weight(self) -> int:
        """Bytes of memory, about: positions are kept as text and as numbers."""
        return sum(1024 + 2 * len(feature.body) for feature in self.features)

    def find(self, feature_id: str) -> Feature | None:
        """A feature by its id."""
        at = self._at.get(feature_id)
        return None if at is None else self.features[at]

    def select(self, choice: Choice) -> NDArray[np.intp]:
        """Where the wanted features stand in :attr:`features`, ascending.

        A feature without time is always wanted, whatever the time (OGC API – Features, Part 1,
        requirement fc-time-response C).
        """
        wanted = np.ones(len(self.features), dtype=bool)
        if choice.box is not None:
            # The geometry itself has to meet the box, not only its own (fc-bbox-response).
            found = self._tree.query(choice.box.geometries(), predicate="intersects")[1]
            wanted &= self._mask(found)
        if choice.during is not None:
            earliest = microseconds(choice.during.earliest, ALWAYS_BEFORE)
            latest = microseconds(choice.during.latest, ALWAYS_AFTER)
            wanted &= (self._begins <= latest) & (self._ends >= earliest)
        for name, value in choice.equal:
            wanted &= self._mask(np.array(self._having[name].get(value, ()), dtype=np.intp))
        return np.flatnonzero(wanted)

    def _mask(self, at: NDArray[np.intp]) -> NDArray[np.bool_]:
        mask = np.zeros(len(self.features), dtype=bool)
        mask[at] = True
        return mask

    def extent(self) -> Box | None:
        """The box around all; ``None`` if there is no feature."""
        if not self.features:
            return None
        west, south, east, north = (
            float(edge) for edge in shapely.total_bounds(self._tree.geometries)
        )
        return Box(west, south, east, north)

    def time_extent(self) -> Interval | None:
        """From the first beginning to the last end that is known; ``None`` if none has time."""
        begins = self._begins[self._begins != ALWAYS_BEFORE]
        ends = self._ends[self._ends != ALWAYS_AFTER]
        if not len(begins) and not len(ends):
            return None
        return Interval(
            _instant(int(begins.min())) if len(begins) else None,
            _instant(int(ends.max())) if len(ends) else None,
        )


def _instant(value: int) -> datetime:
    return _EPOCH + timedelta(microseconds=value)
