"""A journey as distance against time: stations, bars, bands and lines, before they are drawn.

Lives here: what the time-distance diagram shows, in kilometres and instants. Not here: pixels
(:mod:`app.pictures.time_distance`). Imports the journey's nouns and its schedule half way.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.journey.derived import Itinerary, Leg, Verdict, Waypoint
from app.journey.halfway import halfway_schedule
from app.journey.interval import Interval
from app.journey.model import Modality, Sighting

HOUR = timedelta(hours=1)
_SOME_DAY = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Station:
    """One visit: how far along the way it lies (where a length is unknown, in straight lines).

    ``importance`` says which names to keep where there is not room for all.
    """

    waypoint: Waypoint
    km: float
    importance: float
    is_last: bool
    is_next: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """When something was at a station: the interval of an arrival, a departure or an estimate."""

    sequence: int
    kind: str
    km: float
    when: Interval
    status: Modality


@dataclass(frozen=True, slots=True)
class Band:
    """All that is possible between two stations, or all that an assumed speed foresees.

    ``corners`` are instants at ``km_from`` (earliest, latest) and at ``km_to``; ``None`` is open.
    """

    leg: Leg
    km_from: float
    km_to: float
    leaves: Interval
    arrives: Interval

    @property
    def time(self) -> Interval:
        """From when it may have begun to when it must have ended."""
        return Interval(self.leaves.earliest, self.arrives.latest)


@dataclass(frozen=True, slots=True)
class Mark:
    """A claim that was set aside: when and where it has the party, if that is on the way."""

    claim: str
    km: float | None
    when: Interval
    number: int


@dataclass(frozen=True, slots=True)
class Needed:
    """The line that two claims which clash would take, with the speed that it needs and the
    maximum that is assumed.
    """

    number: int
    km_from: float
    km_to: float
    not_before: datetime
    not_after: datetime
    speed_kmh: float | None
    max_speed_kmh: float | None


class Timeline:
    """What the diagram of an itinerary shows."""

    def __init__(self, itinerary: Itinerary) -> None:
        self.itinerary = itinerary
        self.leg_to = {leg.destination: leg for leg in itinerary.legs}
        self._claims = {s.id: s for s in itinerary.trip.sightings}
        self.stations = self._stations()
        self._station = {s.waypoint.sequence: s for s in self.stations}

    def _stations(self) -> tuple[Station, ...]:
        km: dict[int, float] = {}
        waypoints = self.itinerary.waypoints
        ahead = [w for w in waypoints if w.status.looks_ahead]
        following = next((w for w in ahead if w.status is Modality.EXPECTED), None)
        if following is None and ahead:
            following = min(ahead, key=lambda w: (self._length(w), w.sequence))
        found = []
        for waypoint in waypoints:
            start = km.get(waypoint.after or 0, 0.0)
            km[waypoint.sequence] = start + (self._length(waypoint) if waypoint.after else 0.0)
            is_last = waypoint.sequence == self.itinerary.last_reported
            importance = (
                1000 * is_last
                + 900 * (waypoint is following)
                + 500 * (waypoint.sequence == 1)
                + 300 * waypoint.conflict
                + (200 if waypoint.status is Modality.REPORTED else 100)
                + 50 * (waypoint.place.feature == "city")
            )
            found.append(
                Station(waypoint, km[waypoint.sequence], importance, is_last, waypoint is following)
            )
        return tuple(found)

    def _length(self, waypoint: Waypoint) -> float:
        leg = self.leg_to.get(waypoint.sequence)
        if leg is None:
            return 0.0
        return leg.great_circle_km if leg.distance_km is None else leg.distance_km

    def station(self, sequence: int) -> Station:
        """The station of a waypoint."""
        return self._station[sequence]

    def line(self) -> list[list[tuple[datetime, float]]]:
        """The schedule half way between the earliest and the latest, in unbroken pieces."""
        reported = self._reported()
        if not reported:
            return []
        legs = [self.leg_to[w.sequence] for w in reported[1:]]
        pieces: list[list[tuple[datetime, float]]] = [[]]
        for waypoint, stay in zip(
            reported, halfway_schedule(reported, legs, _SOME_DAY), strict=True
        ):
            km = self._station[waypoint.sequence].km
            instants = [_plus(h) for h in (stay.arrives_h, stay.leaves_h)]
            if waypoint is reported[0]:
                instants = instants[1:]
            if waypoint is reported[-1] and waypoint.departure.latest is None:
                instants = instants[:1]
            for at in instants:
                if at is None:
                    pieces.append([])
                else:
                    pieces[-1].append((at, km))
        return [piece for piece in pieces if len(piece) > 1]

    def bars(self) -> Iterator[Bar]:
        """A bar for each uncertain time; two where leaving is told apart from arriving."""
        reported = self._reported()
        for waypoint in reported:
            km = self._station[waypoint.sequence].km
            arrival, departure = waypoint.arrival, waypoint.departure
            if arrival == departure or (arrival.earliest is None and departure.latest is None):
                # It passed at some time between, or was there at one.
                when = _hull(departure.earliest, arrival.latest)
                if not when.is_open:
                    yield Bar(waypoint.sequence, "visit", km, when, waypoint.status)
                continue
            # Since when it had been where it set out from, and that it may leave where it was
            # last seen, go without saying.
            if not arrival.is_open and not (waypoint is reported[0] and arrival.earliest is None):
                yield Bar(waypoint.sequence, "arrival", km, arrival, waypoint.status)
            if not departure.is_open and not (
                waypoint is reported[-1] and departure.latest is None
            ):
                yield Bar(waypoint.sequence, "departure", km, departure, waypoint.status)
        for leg in self.itinerary.legs:
            if leg.status.looks_ahead and leg.at_cruise_speed is not None:
                when = leg.at_cruise_speed.arrival
                if not when.is_open:
                    km = self._station[leg.destination].km
                    yield Bar(leg.destination, "estimate", km, when, leg.status)

    def bands(self) -> Iterator[Band]:
        """What is possible on each leg that was travelled: no faster than the assumed maximum."""
        for leg in self.itinerary.legs:
            if leg.status is not Modality.REPORTED:
                continue
            origin, destination = self._station[leg.origin], self._station[leg.destination]
            first, last = origin.waypoint.departure.earliest, destination.waypoint.arrival.latest
            least = timedelta(0)
            km = (leg.distance_bounds_km.lower or 0.0) if leg.distance_bounds_km else 0.0
            if leg.max_speed_kmh and km > 0.0:
                least = timedelta(hours=km / leg.max_speed_kmh)
            if first is not None and last is not None:
                least = min(least, max(timedelta(0), last - first))
            yield Band(
                leg,
                origin.km,
                destination.km,
                Interval(first, _moved(last, -least)),
                Interval(_moved(first, least), last),
            )

    def foreseen(self) -> Iterator[Band]:
        """The same for legs ahead, at the assumed cruise speed."""
        for leg in self.itinerary.legs:
            if not leg.status.looks_ahead or leg.at_cruise_speed is None:
                continue
            origin, destination = self._station[leg.origin], self._station[leg.destination]
            arrives = leg.at_cruise_speed.arrival
            least = timedelta(hours=leg.at_cruise_speed.hours)
            leaves = Interval(_moved(arrives.earliest, -least), _moved(arrives.latest, -least))
            yield Band(leg, origin.km, destination.km, leaves, arrives)

    def claims(self) -> Iterator[tuple[Sighting, float, int]]:
        """Each reported claim that has a time, with its station's km and its number there."""
        for station in self.stations:
            number = 0
            for claim in map(self._claims.__getitem__, station.waypoint.sightings):
                if claim.modality is Modality.REPORTED and not claim.when.is_open:
                    yield claim, station.km, number
                    number += 1

    def marks(self) -> Iterator[Mark]:
        """The claims that were set aside."""
        for number, told in enumerate(self.itinerary.contradictions, start=1):
            for name in dict.fromkeys((told.set_aside, *told.released)):
                claim = self._claims.get(name)
                if claim is not None and not claim.when.is_open:
                    yield Mark(claim.id, self._km_of(claim), claim.when, number)

    def needed(self) -> Iterator[Needed]:
        """Where two claims clash, the way that they would take."""
        for number, told in enumerate(self.itinerary.contradictions, start=1):
            clash = told.clash
            earlier, later = (self._claims.get(c or "") for c in (clash.earlier, clash.later))
            if earlier is None or later is None or not (clash.not_before and clash.not_after):
                continue
            start, end = self._km_of(earlier), self._km_of(later)
            if start is not None and end is not None and start != end:
                yield Needed(
                    number,
                    start,
                    end,
                    clash.not_before,
                    clash.not_after,
                    clash.needed_speed_kmh,
                    clash.max_speed_kmh,
                )

    def disputed_legs(self) -> set[int]:
        """The legs that something about them is contradictory."""
        bad = (Verdict.DISPUTED, Verdict.TOO_FAST)
        return {leg.sequence for leg in self.itinerary.legs if leg.verdict in bad}

    def instants(self) -> Iterator[datetime]:
        """All that the time axis has to hold."""
        intervals = [bar.when for bar in self.bars()]
        intervals += [mark.when for mark in self.marks()]
        for interval in intervals:
            yield from (end for end in (interval.earliest, interval.latest) if end is not None)
        for needed in self.needed():
            yield from (needed.not_before, needed.not_after)

    def _reported(self) -> Sequence[Waypoint]:
        return [w for w in self.itinerary.waypoints if w.status is Modality.REPORTED]

    def _km_of(self, claim: Sighting) -> float | None:
        """How far along the claim's own station lies, or else another visit of its place."""
        for station in self.stations:
            if claim.id in station.waypoint.sightings:
                return station.km
        return next((s.km for s in self.stations if s.waypoint.place.id == claim.place), None)


def _plus(hours: float | None) -> datetime | None:
    return None if hours is None else _moved(_SOME_DAY, timedelta(hours=hours))


def _hull(one: datetime | None, other: datetime | None) -> Interval:
    if one is not None and other is not None and other < one:
        one, other = other, one
    return Interval(one, other)


def _moved(at: datetime | None, by: timedelta) -> datetime | None:
    try:
        return None if at is None else at + by
    except OverflowError:
        return None
