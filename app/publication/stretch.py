"""A part of a journey by time: what a map opens on, what a diagram is cut to.

Lives here: :class:`Stretch`, what a reader chooses with ``from`` and ``to``, and what of an
itinerary lies in it. Not here: how it is asked for (:mod:`app.web.embed_choice`), pictures.

A day is meant by the clock of each place, as times are told everywhere: a stop belongs to
12 September if it was made on that day there, whatever day it was elsewhere.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import TypeAlias
from zoneinfo import ZoneInfo

from app.journey.derived import Itinerary, Leg, Waypoint
from app.journey.interval import Interval
from app.pictures.extent import Extent
from app.pictures.plot import Cut

Moment: TypeAlias = datetime | date
"""An instant, or a day by the clock of each place."""

_EARLIEST_CLOCK = timezone(timedelta(hours=14))
_LATEST_CLOCK = timezone(timedelta(hours=-12))
_FINEST = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time. An end that is ``None`` is open; the others belong to it.

    Raises ``ValueError`` when it ends before it begins, whatever clock a day is meant by.
    """

    begin: Moment | None = None
    end: Moment | None = None

    def __post_init__(self) -> None:
        begin, end = self.begin, self.end
        if begin is None or end is None:
            return
        if not isinstance(begin, datetime) and not isinstance(end, datetime):
            is_backward = begin > end
        else:
            first, last = _first(begin, _EARLIEST_CLOCK), _last(end, _LATEST_CLOCK)
            is_backward = first is not None and last is not None and first > last
        if is_backward:
            raise ValueError("a stretch of time cannot end before it begins")

    @property
    def is_open(self) -> bool:
        """Whether all of time lies in it."""
        return self.begin is None and self.end is None

    def at(self, zone: str) -> Interval | None:
        """Which instants it is by the clock of a zone; ``None`` if none: it ends in a day that
        has not begun there.
        """
        clock = ZoneInfo(zone)
        first, last = _first(self.begin, clock), _last(self.end, clock)
        if first is not None and last is not None and first > last:
            return None
        return Interval(first, last)

    def along(self, itinerary: Itinerary) -> Interval | None:
        """The same by all clocks of a journey together: a day begins where it begins first."""
        zones = {waypoint.place.time_zone for waypoint in itinerary.waypoints}
        found = [when for zone in zones if (when := self.at(zone)) is not None]
        if not found:
            return None
        whole = found[0]
        for when in found[1:]:
            whole = whole.hull(when)
        return whole


EVER = Stretch()
"""All of time."""


def part_within(itinerary: Itinerary, stretch: Stretch) -> frozenset[int]:
    """The stops, by sequence, whose time overlaps a stretch.

    Of a stop ahead that is when it can be reached at the assumed speed. Where no stop overlaps it,
    but a leg does, both ends of the leg; the party was under way.
    """
    leg_to = {leg.destination: leg for leg in itinerary.legs}
    stops = {
        waypoint.sequence
        for waypoint in itinerary.waypoints
        if _overlap(stretch.at(waypoint.place.time_zone), _visit(waypoint, leg_to))
    }
    if stops:
        return frozenset(stops)
    time, at = stretch.along(itinerary), {w.sequence: w for w in itinerary.waypoints}
    legs = [
        leg
        for leg in itinerary.legs
        if _overlap(time, _known(at[leg.origin].departure, at[leg.destination].arrival))
    ]
    return frozenset(end for leg in legs for end in (leg.origin, leg.destination))


def extent_within(itinerary: Itinerary, stretch: Stretch) -> Extent | None:
    """The window around the stops of a stretch and the ways between them; ``None`` without any."""
    if stretch.is_open:
        return None
    part = part_within(itinerary, stretch)
    positions = [w.place.position for w in itinerary.waypoints if w.sequence in part]
    for leg in itinerary.legs:
        if leg.route is not None and {leg.origin, leg.destination} <= part:
            positions += leg.route.geometry
    return Extent.around(positions).with_margin() if positions else None


def cut_of(itinerary: Itinerary, stretch: Stretch) -> Cut | None:
    """What a diagram shows of a stretch; ``None``, for the whole, where nothing is in it.

    Around a single stop the legs to it and from it, or there would be no way to see.
    """
    if stretch.is_open:
        return None
    part, time = part_within(itinerary, stretch), stretch.along(itinerary)
    if not part or time is None:
        return None
    if len(part) == 1:
        ends = ({leg.origin, leg.destination} for leg in itinerary.legs)
        part = part.union(*(pair for pair in ends if pair & part))
    return Cut(time, part)


def _visit(waypoint: Waypoint, leg_to: dict[int, Leg]) -> Interval | None:
    leg = leg_to.get(waypoint.sequence)
    if waypoint.status.looks_ahead and leg is not None and leg.at_cruise_speed is not None:
        return _known(leg.at_cruise_speed.arrival)
    return _known(waypoint.arrival, waypoint.departure)


def _known(*intervals: Interval) -> Interval | None:
    """From the first bound that is known to the last."""
    ends = [end for when in intervals for end in (when.earliest, when.latest) if end is not None]
    return Interval(min(ends), max(ends)) if ends else None


def _overlap(one: Interval | None, other: Interval | None) -> bool:
    return one is not None and other is not None and one.overlaps(other)


def _first(moment: Moment | None, clock: tzinfo) -> datetime | None:
    if moment is None or isinstance(moment, datetime):
        return moment
    try:
        return datetime.combine(moment, time(), clock).astimezone(UTC)
    except OverflowError:
        return None  # the calendar begins there


def _last(moment: Moment | None, clock: tzinfo) -> datetime | None:
    if moment is None or isinstance(moment, datetime):
        return moment
    try:
        following = moment + timedelta(days=1)
    except OverflowError:
        return None  # the calendar ends there
    end = _first(following, clock)
    return None if end is None else end - _FINEST
