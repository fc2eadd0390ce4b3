"""The plot of a time-distance diagram: from instants and kilometres to pixels.

Imports the room's own time axis and the journey's intervals.
"""

from dataclasses import dataclass
from datetime import datetime

from app.journey.interval import Interval
from app.pictures.svg import number
from app.pictures.time_axis import TimeSpan
from app.pictures.timeline import Band

_BEYOND = 9
"""How far a bar with an open end reaches over the edge, where the plot cuts it off."""


@dataclass(frozen=True, slots=True)
class Plot:
    """The edges of a plot in pixels, and what they stand for; ``size`` is that of its text."""

    left: float
    right: float
    top: float
    bottom: float
    span: TimeSpan
    longest_km: float
    size: float

    def x(self, at: datetime) -> float:
        """Where an instant lies; never far outside."""
        share = min(2.0, max(-1.0, self.span.share(at)))
        return self.left + share * (self.right - self.left)

    def y(self, km: float) -> float:
        """Where a distance lies."""
        return self.bottom - km / (self.longest_km or 1.0) * (self.bottom - self.top - self.size)

    def ends(self, when: Interval) -> tuple[float, float]:
        """Where an interval begins and ends; beyond the edge where it is open."""
        left = self.left - _BEYOND if when.earliest is None else self.x(when.earliest)
        right = self.right + _BEYOND if when.latest is None else self.x(when.latest)
        return left, right

    def outline(self, band: Band) -> str:
        """The path around a band; where an end is open it reaches the edge of the plot."""
        y_from, y_to = number(self.y(band.km_from)), number(self.y(band.km_to))
        (a, b), (c, d) = (
            (
                number(self.left if when.earliest is None else self.x(when.earliest)),
                number(self.right if when.latest is None else self.x(when.latest)),
            )
            for when in (band.leaves, band.arrives)
        )
        return f"M{a} {y_from}L{c} {y_to}H{d}L{b} {y_from}Z"
