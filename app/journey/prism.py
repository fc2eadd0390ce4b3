"""The space-time prism: everywhere the party can have been at an instant.

Lives here: which stops and legs are possible then, how much of the network the time before and
after leaves open, and one likely point inside. Not here: the bounds themselves
(:mod:`app.journey.itinerary`), or how far along a network one comes (a protocol). Imports the
journey's nouns and parts only.

After Hägerstrand 1970 (*Papers of the Regional Science Association* 24), on a network: at T
it is possible to be where one can have come from the last place since the earliest departure,
and from where the next place can still be reached by the latest arrival, both at the maximum
speed.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from math import inf

from app.errors import InputError, RouteError
from app.journey.derived import Itinerary, Leg, Waypoint
from app.journey.halfway import HOUR, halfway_schedule, nearest_on, point_along
from app.journey.interval import Interval
from app.journey.model import Event, Modality, Mode, Position, Sighting
from app.journey.protocols import Reach, ReachFinder, RouteFinder
from app.journey.travel import Travel
from app.journey.whereabouts import LEG_LINE, STRAIGHT_LINE, Part, PartKind, Prism, Standing

HORIZON = timedelta(hours=72)
"""How long after the last instant that reports bound, and before the first, we say anything."""

MOST_POINTS = 40_000
"""How many points the lines of all parts together may have: more are thinned."""

_SPARE_KM = 0.01
_ON_LINE_KM = 0.001


def prism_at(
    itinerary: Itinerary, at: datetime, routes: RouteFinder, networks: ReachFinder
) -> Prism:
    """Where the party can have been at ``at``, as all reported claims together allow.

    Stops ahead limit nothing. More than :data:`HORIZON` before the first instant that a report
    bounds it is at the place of departure; as long after the latest instant known of the last
    reported visit nothing is said any more, unless the party is home: there it stays.
    """
    if not itinerary.last_reported:
        return Prism(itinerary, at, Standing.UNREPORTED)
    return _Prisms(itinerary, at, Travel(itinerary.trip, routes), networks).prism()


class _Prisms:
    """Makes the parts at one instant."""

    def __init__(
        self, itinerary: Itinerary, at: datetime, travel: Travel, networks: ReachFinder
    ) -> None:
        self.itinerary = itinerary
        self.at = at
        self.travel = travel
        self.networks = networks
        self.reported = itinerary.waypoints[: itinerary.last_reported]
        self.last = self.reported[-1]
        self.legs = [leg for leg in itinerary.legs if leg.status is Modality.REPORTED]
        self.legs_ahead = [leg for leg in itinerary.legs if leg.origin == self.last.sequence]
        self.most_points = MOST_POINTS // 2
        self.undrawn: list[Mode] = []

    def prism(self) -> Prism:
        standing = self._standing()
        if standing is Standing.BEYOND:
            return Prism(self.itinerary, self.at, standing)
        if standing is Standing.BEFORE:
            parts = [_stop(self.reported[0])]
        else:
            parts = [_stop(w) for w in self.reported if _at_place(w).contains(self.at)]
            legs = [leg for leg in self.legs if self._under_way(leg).contains(self.at)]
            ahead = [] if self._is_home else self._modes_ahead()
            self.most_points = MOST_POINTS // max(2, len(legs) + len(ahead))
            parts += [part for leg in legs if (part := self._leg(leg)) is not None]
            parts += [part for mode in ahead for part in self._ahead(mode)]
        estimate = self._estimate(parts, standing)
        if estimate is not None:
            parts.append(estimate)
        undrawn = tuple(dict.fromkeys(self.undrawn))
        return Prism(self.itinerary, self.at, standing, tuple(parts), undrawn)

    def _standing(self) -> Standing:
        leaves = self.reported[0].departure.earliest
        known = [end for w in self.reported for end in _ends(w)]
        if leaves is not None and self.at < leaves:
            return Standing.BEFORE
        # As a difference, since the calendar may not reach so far.
        if known and min(known) - self.at > HORIZON:
            return Standing.BEFORE
        reached = self.last.arrival.latest
        stays = self.last.departure.earliest
        if reached is None or self.at <= reached or (stays is not None and self.at < stays):
            return Standing.BETWEEN
        if self._is_home:
            return Standing.ENDED
        return Standing.BEYOND if self.at - max(_ends(self.last)) > HORIZON else Standing.AFTER

    @property
    def _is_home(self) -> bool:
        """Whether the last report has it back where it began, to stay."""
        if len(self.reported) < 2 or self.last.place.id != self.reported[0].place.id:
            return False
        # Whatever tells that it left, or only passed, bounds when it left.
        stays = self.last.departure.latest is None
        return stays and len(self.itinerary.waypoints) == len(self.reported)

    @property
    def _last_told(self) -> list[Sighting]:
        """The reports of the last visit that were not set aside."""
        told = set(self.last.sightings) - set(self.last.disputed)
        sightings = self.itinerary.trip.sightings
        return [s for s in sightings if s.id in told and s.modality is Modality.REPORTED]

    def _modes_ahead(self) -> list[Mode]:
        """How it may have gone on: as reports say that it left, else also as it came."""
        since = self.last.departure.earliest
        if since is not None and self.at < since:
            return []
        left = [s.travels_by for s in self._last_told if s.event is Event.DEPARTED]
        came = [leg.mode for leg in self.legs[-1:]]
        expected = [leg.mode for leg in self.legs_ahead]
        known = [mode for mode in left if mode is not None] or came
        return list(dict.fromkeys([self.itinerary.trip.mode, *known, *expected]))

    def _under_way(self, leg: Leg) -> Interval:
        origin, destination = self._ends_of(leg)
        return Interval(origin.departure.earliest, destination.arrival.latest)

    def _leg(self, leg: Leg) -> Part | None:
        origin, destination = self._ends_of(leg)
        possible = self._under_way(leg)
        by = (origin.bounded_by.departure_earliest, destination.bounded_by.arrival_latest)
        part = Part(
            PartKind.LEG,
            (leg.origin, leg.destination),
            possible,
            _claims(*by),
            leg=leg.sequence,
            mode=leg.mode,
            max_speed_kmh=leg.max_speed_kmh,
        )
        whole = self._whole(leg, part)
        is_round_trip = origin.place.id == destination.place.id
        if leg.max_speed_kmh is None or (leg.route is None and not is_round_trip):
            return whole
        # As much more as the ends may be off: nothing possible is left out.
        snaps = (0.0, 0.0) if leg.route is None else leg.route.snap_km
        back_km = self._budget(possible.earliest, leg.max_speed_kmh, origin, snaps[0])
        forth_km = self._budget(possible.latest, leg.max_speed_kmh, destination, snaps[1])
        if back_km is not None and forth_km is not None:
            reach = self._reach(origin, back_km, leg.mode, destination, forth_km)
        elif back_km is not None:
            reach = self._reach(origin, back_km, leg.mode)
        elif forth_km is not None:
            reach = self._reach(destination, forth_km, leg.mode)
        else:
            reach = None
        if reach is None:
            return whole
        if reach.lines:
            return _over(reach, part)
        if back_km is None or forth_km is None or min(back_km, forth_km) <= 0.0:
            # Nothing but the place itself is in reach, and that is a stop.
            return None
        # With not a minute to spare it is at one point: a little more makes a stretch of that.
        back_km, forth_km = back_km + _SPARE_KM, forth_km + _SPARE_KM
        reach = self._reach(origin, back_km, leg.mode, destination, forth_km)
        # Still nothing: the network lacks the way that the reports speak of.
        return whole if reach is None or not reach.lines else _over(reach, part)

    def _ahead(self, mode: Mode) -> list[Part]:
        """Where the time since the last report can have taken it by a mode."""
        since, until = self.last.departure.earliest, max(_ends(self.last), default=None)
        speed_kmh = self.travel.max_speed_kmh(mode)
        part = Part(
            PartKind.AHEAD,
            (self.last.sequence,),
            Interval(since, None if until is None else _later(until, HORIZON)),
            _claims(self.last.bounded_by.departure_earliest),
            mode=mode,
            max_speed_kmh=speed_kmh,
        )
        km = None if speed_kmh is None else self._budget(since, speed_kmh, self.last, 0.0)
        reach = None if km is None else self._reach(self.last, km, mode)
        if reach is not None:
            return [_over(reach, part)] if reach.lines else []
        lines = [self._whole(leg, part) for leg in self.legs_ahead if leg.mode is mode]
        if not lines:
            self.undrawn.append(mode)
        return [line for line in lines if line is not None]

    def _budget(
        self, end: datetime | None, speed_kmh: float, waypoint: Waypoint, off_km: float
    ) -> float | None:
        if end is None:
            return None
        return abs(self.at - end) / HOUR * speed_kmh + waypoint.place.radius_km + off_km

    def _reach(
        self,
        origin: Waypoint,
        origin_km: float,
        mode: Mode,
        destination: Waypoint | None = None,
        destination_km: float | None = None,
    ) -> Reach | None:
        if mode is Mode.PLANE and destination is None:
            # Round a single place that is an area, not a line.
            return None
        try:
            return self.networks.reach(
                origin.place.position,
                origin_km,
                destination=None if destination is None else destination.place.position,
                destination_km=destination_km,
                mode=mode,
                avoid=self.travel.avoided(mode),
                most_points=self.most_points,
            )
        except (RouteError, InputError):
            # No network of this mode, or a place that lies off it or in a country to avoid.
            return None

    def _whole(self, leg: Leg, part: Part) -> Part | None:
        """The whole line of a leg; none for a round trip, of which no line is known."""
        origin, destination = self._ends_of(leg)
        ends = (origin.sequence, destination.sequence)
        if leg.route is None and origin.place.id == destination.place.id:
            self.undrawn.append(leg.mode)
            return None
        return replace(
            part,
            waypoints=ends,
            leg=leg.sequence,
            over=STRAIGHT_LINE if leg.route is None else LEG_LINE,
            lines=(self._line(leg),),
            length_km=leg.great_circle_km if leg.route is None else leg.route.distance_km,
            simplified_km=0.0,
        )

    def _line(self, leg: Leg) -> tuple[Position, ...]:
        if leg.route is not None:
            return tuple(leg.route.geometry)
        return tuple(waypoint.place.position for waypoint in self._ends_of(leg))

    def _ends_of(self, leg: Leg) -> tuple[Waypoint, Waypoint]:
        waypoints = self.itinerary.waypoints
        return waypoints[leg.origin - 1], waypoints[leg.destination - 1]

    def _estimate(self, parts: Sequence[Part], standing: Standing) -> Part | None:
        """The point where a schedule half way between all possible ones has it."""
        if standing is Standing.BEFORE:
            return _estimated_stop(self.reported[0])
        stays = halfway_schedule(self.reported, self.legs, self.at)
        for n, (waypoint, stay) in enumerate(zip(self.reported, stays, strict=True)):
            if stay.leaves_h is None or stay.arrives_h is None:
                return None
            if stay.arrives_h > 0.0 and n > 0:
                left_h = stays[n - 1].leaves_h
                return (
                    None if left_h is None else self._on_leg(n - 1, left_h, stay.arrives_h, parts)
                )
            is_last = n == len(self.reported) - 1
            if stay.leaves_h >= 0.0 or (is_last and self._is_home):
                return _estimated_stop(waypoint)
        return self._on_the_way_ahead(-(stays[-1].leaves_h or 0.0), parts)

    def _on_leg(
        self, n: int, left_h: float, arrives_h: float, parts: Sequence[Part]
    ) -> Part | None:
        leg = self.legs[n]
        mine = [part for part in parts if part.kind is PartKind.LEG and part.leg == leg.sequence]
        length_km = leg.great_circle_km if leg.distance_km is None else leg.distance_km
        if not mine or length_km <= 0.0:
            return None
        km = length_km * -left_h / (arrives_h - left_h)
        if leg.max_speed_kmh is not None:
            # Never faster than the maximum, before the instant or after it.
            origin, destination = self._ends_of(leg)
            earliest, latest = origin.departure.earliest, destination.arrival.latest
            if latest is not None:
                km = max(km, length_km - (latest - self.at) / HOUR * leg.max_speed_kmh)
            if earliest is not None:
                km = min(km, (self.at - earliest) / HOUR * leg.max_speed_kmh)
        instants = Interval(_later(self.at, left_h * HOUR), _later(self.at, arrives_h * HOUR))
        # A way may be as much shorter as its ends may be off: then it fits the maximum.
        speed_kmh = min(length_km / (arrives_h - left_h), leg.max_speed_kmh or inf)
        return self._point(leg, km / length_km, instants, speed_kmh, mine, mine[0].claims)

    def _on_the_way_ahead(self, gone_h: float, parts: Sequence[Part]) -> Part | None:
        """At the cruise speed by the expected stops, else to the nearest possible one.

        Past the end of that way it is taken to be there.
        """
        expected = [leg for leg in self.legs_ahead if leg.status is Modality.EXPECTED]
        nearest = sorted(
            self.legs_ahead, key=lambda leg: (leg.distance_km is None, leg.distance_km or 0.0)
        )
        there: Part | None = None
        left = _later(self.at, -gone_h * HOUR)
        for leg in expected or nearest[:1]:
            cruise_kmh = self.travel.cruise_speed_kmh(leg.mode)
            mine = [p for p in parts if p.kind is PartKind.AHEAD and p.mode is leg.mode]
            if cruise_kmh is None or leg.distance_km is None or not mine:
                return None
            speed_kmh = min(cruise_kmh, self.travel.max_speed_kmh(leg.mode) or cruise_kmh)
            hours = leg.distance_km / speed_kmh
            arrives = None if left is None else _later(left, hours * HOUR)
            claims = _claims(self.last.bounded_by.departure_earliest)
            share = min(gone_h / hours, 1.0) if hours > 0.0 else 1.0
            there = self._point(leg, share, Interval(left, arrives), speed_kmh, mine, claims)
            if gone_h < hours:
                return there
            there = replace(there, waypoints=(leg.destination,), possible=Interval(arrives))
            gone_h, left = gone_h - hours, arrives
        return there

    def _point(
        self,
        leg: Leg,
        share: float,
        instants: Interval,
        speed_kmh: float,
        within: Sequence[Part],
        claims: tuple[str, ...],
    ) -> Part:
        """A point of the leg's line, moved onto what is possible where it lies off that."""
        position = point_along(self._line(leg), share)
        near, off_km = nearest_on([line for part in within for line in part.lines], position)
        if off_km > max(part.simplified_km or 0.0 for part in within) + _ON_LINE_KM:
            position = near
        return Part(
            PartKind.ESTIMATE,
            (leg.origin, leg.destination),
            instants,
            claims,
            leg=leg.sequence,
            mode=leg.mode,
            over=STRAIGHT_LINE if leg.route is None else LEG_LINE,
            position=position,
            max_speed_kmh=leg.max_speed_kmh,
            speed_kmh=speed_kmh,
        )


def _stop(waypoint: Waypoint) -> Part:
    by = waypoint.bounded_by
    return Part(
        PartKind.STOP,
        (waypoint.sequence,),
        _at_place(waypoint),
        _claims(by.arrival_earliest, by.departure_latest),
        position=waypoint.place.position,
        radius_km=waypoint.place.radius_km,
    )


def _estimated_stop(waypoint: Waypoint) -> Part:
    return replace(_stop(waypoint), kind=PartKind.ESTIMATE)


def _over(reach: Reach, part: Part) -> Part:
    return replace(
        part,
        over=reach.over,
        lines=reach.lines,
        length_km=reach.length_km,
        simplified_km=reach.simplified_km,
    )


def _at_place(waypoint: Waypoint) -> Interval:
    return Interval(waypoint.arrival.earliest, waypoint.departure.latest)


def _ends(waypoint: Waypoint) -> list[datetime]:
    """Every instant that bounds a visit."""
    arrival, departure = waypoint.arrival, waypoint.departure
    ends = (arrival.earliest, arrival.latest, departure.earliest, departure.latest)
    return [end for end in ends if end is not None]


def _claims(*claims: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(claim for claim in claims if claim is not None))


def _later(instant: datetime, by: timedelta) -> datetime | None:
    try:
        return instant + by
    except OverflowError:
        return None
