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
class Cut:
    """A part of a journey that a diagram shows: a stretch of time, and stations by sequence."""

    time: Interval
    stations: frozenset[int]


@dataclass(frozen=True, slots=True)
class Plot:
    """The edges of a plot in pixels, and what they stand for; ``size`` is that of its text.

    ``first_km`` lies at the bottom. ``reach`` is how far, in widths of the plot, what is drawn may
    lie outside: where a part is cut out, as far as the whole, or slopes would change.
    """

    left: float
    right: float
    top: float
    bottom: float
    span: TimeSpan
    longest_km: float
    size: float
    first_km: float = 0.0
    reach: float = 1.0
    is_cut: bool = False

    def x(self, at: datetime) -> float:
        """Where an instant lies; never farther outside than ``reach``."""
        share = min(1.0 + self.reach, max(-self.reach, self.span.share(at)))
        return self.left + share * (self.right - self.left)

    def y(self, km: float) -> float:
        """Where a distance lies."""
        share = (km - self.first_km) / ((self.longest_km - self.first_km) or 1.0)
        return self.bottom - share * (self.bottom - self.top - self.size)

    def shows(self, when: Interval, *kms: float | None) -> bool:
        """Whether anything can be seen of what is at some time in ``when``, between some ``kms``.

        A plot of a whole journey shows all of it.
        """
        if not self.is_cut:
            return True
        known = [km for km in kms if km is not None]
        is_along = not known or (max(known) >= self.first_km and min(known) <= self.longest_km)
        return is_along and when.overlaps(Interval(self.span.start, self.span.end))

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
