"""Contradictions become sentences: who said what, why it cannot all be true, what gives way.

English now. Lives here: what is said of a :class:`app.journey.contradiction.Contradiction`, with
its numbers. Not here: all other sentences (:mod:`app.wording`), and anything that decides what
is true. Imports the journey's nouns and :mod:`app.wording`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, floor
from zoneinfo import ZoneInfo

from app.journey.bounds import Bounds
from app.journey.claims import origin_of
from app.journey.contradiction import Contradiction, MemberKind
from app.journey.derived import Itinerary
from app.journey.model import (
    Assumption,
    AssumptionKind,
    Event,
    Figure,
    Mode,
    Sighting,
    Source,
    Subject,
    Trip,
)
from app.wording import isolated, minute_up, offset_text
from app.words import ENGLISH

_HOUR = timedelta(hours=1)
_NOT_ALL = ": not all of this can be true"

_DID = {
    Event.DEPARTED: "left",
    Event.ARRIVED: "reached",
    Event.PASSED: "passed",
    Event.PRESENT: "was at",
}
_ALONG = {
    Mode.TRAIN: "along the railway",
    Mode.CAR: "by road",
    Mode.SHIP: "by sea",
    Mode.PLANE: "by air",
}
_DATA = {Mode.TRAIN: "railway", Mode.CAR: "road"}
_SEEN = {
    Subject.TRAIN: "the train",
    Subject.MOTORCADE: "the motorcade",
    Subject.DELEGATION: "the delegation",
}


def contradiction_sentence(told: Contradiction, itinerary: Itinerary) -> str:
    """Who said what, and why it cannot all be true, with the numbers."""
    return _Teller(told, itinerary).sentence()


def set_aside_sentence(told: Contradiction, itinerary: Itinerary) -> str:
    """Which member of a contradiction gives way, and how far."""
    return _Teller(told, itinerary).set_aside()


def needed_speed(kmh: float) -> float:
    """A speed that is needed at least, km/h: rounded down to a tenth."""
    return floor(kmh * 10 + 1e-6) / 10


def relaxed_speed(kmh: float) -> float:
    """A maximum that was relaxed, km/h: rounded up to a tenth."""
    return ceil(kmh * 10 - 1e-6) / 10


@dataclass(frozen=True, slots=True)
class _Teller:
    """Tells of one contradiction of an itinerary."""

    told: Contradiction
    itinerary: Itinerary

    @property
    def trip(self) -> Trip:
        return self.itinerary.trip

    def sentence(self) -> str:
        """The sentence, with all members named in it."""
        claims = self._claims()
        parts = [self._claim(claim, said_before=n > 0) for n, claim in enumerate(claims)]
        parts += [self._figure(figure) for figure in self._figures()]
        said = "; ".join(parts)
        said += self._reason(claims) + self._granted()
        return f"{said[0].upper()}{said[1:]}."

    def set_aside(self) -> str:
        """What gives way, and how far."""
        told, name = self.told, self.told.set_aside
        if told.set_aside_kind is MemberKind.SIGHTING:
            claim: Sighting | Figure = self._sighting(name)
            about = f" about {self._place(self._sighting(name).place)}"
            said = f"The claim of {self._who(claim)}{about} ({self._grade(claim)})"
        elif told.set_aside_kind is MemberKind.FIGURE:
            claim = next(f for f in self.trip.figures if f.id == name)
            said = f"The time that {self._who(claim)} gives ({self._grade(claim)})"
        else:
            return self._relaxed(self._assumption(name))
        return f"{said}{self._why(claim)} is set aside."

    def _why(self, claim: Sighting | Figure) -> str:
        """Why it is this claim that gives way; nothing where it is the only member."""
        others: list[Sighting | Figure] = [*self._claims(), *self._figures()]
        others = [other for other in others if other.id != claim.id]
        if self._grade(claim) in map(self._grade, others):
            return ", of equals the one that fewer bear out or that was reported earlier,"
        return ", the weakest of these," if others or self.told.assumptions else ""

    def _relaxed(self, assumed: Assumption) -> str:
        told = self.told
        match assumed.kind:
            case AssumptionKind.MAX_SPEED:
                to = relaxed_speed(told.relaxed_to_kmh or 0.0)
                # The set alone may ask for less than the stretch with all that is said of it.
                more = to > relaxed_speed(told.clash.needed_speed_kmh or to)
                return (
                    f"The assumed maximum of {assumed.kmh:g} km/h is relaxed to {to:g} km/h on"
                    f" this stretch, {'as far as all that is said there asks' * more}"
                    f"{', ' * more}no further."
                )
            case AssumptionKind.MINIMUM_STOP:
                where = ", ".join(self._place(place) for place in assumed.places)
                to_h = told.relaxed_to_h or 0.0
                return (
                    f"The assumed stop of {duration(assumed.hours or 0.0)} at {where} is"
                    f" shortened to {duration(floor(to_h * 60 + 1e-3) / 60)} here, no further."
                )
            case AssumptionKind.LEADER_ABOARD:
                of = _listed(list(dict.fromkeys(self._about(claim) for claim in told.released)))
                return (
                    f"That {self._together()} is not taken for granted here: what is said of"
                    f" {of} is set aside."
                )
            case AssumptionKind.RAILWAY_COMPLETE:
                return (
                    f"That the {self._data} is complete is not taken for granted on this"
                    " stretch: the straight line stands in for its length."
                )
            case _:
                return f"The assumption “{_spoken(assumed.name)}” is set aside."

    # Members -------------------------------------------------------------------------------

    def _place(self, place: str) -> str:
        return isolated(self.trip.places[place].name)

    def _claims(self) -> list[Sighting]:
        """The claims, from the one end of the clash to the other."""
        clash = self.told.clash
        ends = (clash.earlier, clash.later)
        between = [claim for claim in self.told.sightings if claim not in ends]
        ids = dict.fromkeys([clash.earlier, *between, clash.later])
        return [self._sighting(claim) for claim in ids if claim in self.told.sightings]

    def _figures(self) -> list[Figure]:
        return [figure for figure in self.trip.figures if figure.id in self.told.figures]

    def _sighting(self, claim: str | None) -> Sighting:
        return next(sighting for sighting in self.trip.sightings if sighting.id == claim)

    def _assumption(self, name: str) -> Assumption:
        return next(assumed for assumed in self.itinerary.assumptions if assumed.name == name)

    def _claim(self, claim: Sighting, *, said_before: bool) -> str:
        place = self.trip.places[claim.place]
        seen, did = self._seen(claim.subject), _DID[claim.event]
        what = f"{self._who(claim)} says {seen} {did} {isolated(place.name)}"
        when = self._time(claim, ZoneInfo(place.time_zone))
        if claim.id == self.told.clash.later and said_before and self._too_fast:
            what += f", {self._distance(claim)}" + "," * bool(when)
        return what + when

    def _time(self, claim: Sighting, zone: ZoneInfo) -> str:
        """When it was, as far as it matters for the clash."""
        clash = self.told.clash
        is_first, is_last = claim.id == clash.earlier, claim.id == clash.later
        # Either end of what a claim says may be what a reported duration does not fit.
        if self.told.figures or not (is_first or is_last):
            return self._when(claim, zone)
        said, exact = "", claim.when.earliest == claim.when.latest
        if is_first and clash.not_before is not None:
            start = _clock(clash.not_before.astimezone(zone))
            said = f" {'at' if exact else 'not before'} {start}"
        if is_last and clash.not_after is not None:
            end = _clock(minute_up(clash.not_after).astimezone(zone))
            if is_first:
                return f"{said}, but published that by {end}"
            if claim.when.latest is None or claim.when.latest > clash.not_after:
                return f" by the time that was published, {end}"
            said = f" {'at' if exact else 'by'} {end}"
        return said

    @staticmethod
    def _when(claim: Sighting, zone: ZoneInfo) -> str:
        """When a claim that is no end of the clash says it was."""
        earliest, latest = claim.when.earliest, claim.when.latest
        if latest is None:
            return "" if earliest is None else f" not before {_clock(earliest.astimezone(zone))}"
        end = _clock(minute_up(latest).astimezone(zone))
        if earliest is None:
            return f" by {end}"
        start = earliest.astimezone(zone)
        return f" at {end}" if earliest == latest else f" between {_clock(start)} and {end}"

    def _figure(self, figure: Figure) -> str:
        way = f"from {self._place(figure.origin)} to {self._place(figure.destination)}"
        took = _hours(figure.duration_h or Bounds())
        return f"{self._who(figure)} says the way {way} took {took}"

    def _who(self, claim: Sighting | Figure) -> str:
        sources = {source.id: source for source in self.trip.sources}
        origin, publisher = origin_of(claim, sources), sources[claim.source].publisher
        if origin == publisher:
            return isolated(origin)
        return f"{isolated(origin)} (in {isolated(publisher)})"

    def _source(self, claim: Sighting | Figure) -> Source:
        return next(source for source in self.trip.sources if source.id == claim.source)

    def _grade(self, claim: Sighting | Figure) -> str:
        return f"{self._source(claim).reliability}{claim.credibility}"

    def _seen(self, subject: str) -> str:
        if subject == Subject.LEADER:
            return isolated(self.trip.subject)
        return _SEEN[Subject(subject)]

    def _about(self, claim: str) -> str:
        sighting = self._sighting(claim)
        return f"{self._seen(sighting.subject)} at {self._place(sighting.place)}"

    def _together(self) -> str:
        """What is taken to be one party."""
        subjects = [self._sighting(claim).subject for claim in self.told.sightings]
        seen = [self._seen(subject) for subject in Subject if subject in subjects]
        return f"{_listed(seen)} went together"

    @property
    def _data(self) -> str:
        last = self._claims()[-1]
        return f"{_DATA.get(last.travels_by or self.trip.mode, 'map')} data"

    @property
    def _too_fast(self) -> bool:
        """Whether it is the speed that is needed which cannot be."""
        needed, most = self.told.clash.needed_speed_kmh, self.told.clash.max_speed_kmh
        return needed is not None and most is not None and (needed >= most or not self.told.figures)

    # Reasons -------------------------------------------------------------------------------

    def _distance(self, claim: Sighting) -> str:
        km = self.told.clash.distance_km or 0.0
        said = f"{floor(km):,} km" if km >= 10 else f"{floor(km * 10) / 10:g} km"
        way = _ALONG[claim.travels_by or self.trip.mode]
        return f"{said} on {'in a straight line' if self.told.clash.great_circle else way}"

    def _reason(self, claims: Sequence[Sighting]) -> str:
        """Why these cannot all be true."""
        clash = self.told.clash
        stop = self._stop()
        if self._too_fast:
            speed, most = needed_speed(clash.needed_speed_kmh or 0.0), clash.max_speed_kmh or 0.0
            takes = f"at least {speed:g} km/h" if speed > most else f"more than {most:g} km/h"
            left = ""
            if clash.available_h is not None and not self.told.figures:
                left = f"that leaves {duration(clash.available_h)}"
                left += f", {stop} included," if stop else ""
            head = f"{left} and takes {takes}" if left else f"that takes {takes}"
            return f": {head}; the assumed maximum is {most:g} km/h"
        if stop and clash.available_h is not None and not self.told.figures:
            way = " and the way" if claims[0].place != claims[-1].place else ""
            return f": that leaves {duration(clash.available_h)}, too little for {stop}{way}"
        if self.told.figures:
            return _between(claims)
        if len(claims) == 1:
            return ", before it can have happened"
        if clash.available_h is None:
            return _NOT_ALL
        if clash.available_h < 0 and claims[-1].id == clash.later:
            return ", which is earlier"
        if clash.available_h == 0:
            return ": it cannot have been at both at once"
        return _NOT_ALL

    def _stop(self) -> str:
        stops = [
            assumed
            for assumed in self.itinerary.assumptions
            if assumed.name in self.told.assumptions and assumed.kind is AssumptionKind.MINIMUM_STOP
        ]
        return _listed(
            [
                f"the assumed stop of {duration(stop.hours or 0.0)} at "
                + _listed([self._place(place) for place in stop.places])
                for stop in stops
            ]
        )

    def _granted(self) -> str:
        """The assumptions in play that the numbers do not name already."""
        named = [self._assumption(name) for name in self.told.assumptions]
        granted = [said for said in map(self._takes_for_granted, named) if said]
        return f" (taken for granted: {'; '.join(granted)})" if granted else ""

    def _takes_for_granted(self, assumed: Assumption) -> str:
        match assumed.kind:
            case AssumptionKind.LEADER_ABOARD:
                return f"that {self._together()}"
            case AssumptionKind.RAILWAY_COMPLETE:
                return f"that the {self._data} is complete"
            case AssumptionKind.AVOID:
                return f"that the way keeps out of {_listed(assumed.countries)}"
            case AssumptionKind.VIA:
                via = [self._place(place) for place in assumed.places[1:-1]]
                return f"that the way runs by {_listed(via)}"
            case AssumptionKind.MINIMUM_STOP if (
                self.told.figures or self.told.clash.available_h is None
            ):
                return self._stop()
            case AssumptionKind.MAX_SPEED if not self._too_fast:
                return f"a maximum of {assumed.kmh:g} km/h"
            case _:
                return ""


def _between(claims: Sequence[Sighting]) -> str:
    """How much time two claims leave for a way of which a duration is reported."""
    if len(claims) != 2:
        return _NOT_ALL
    start, end = (claim.when for claim in claims)
    least = most = None
    if start.latest is not None and end.earliest is not None:
        least = max(0.0, (end.earliest - start.latest) / _HOUR)
    if start.earliest is not None and end.latest is not None:
        most = (end.latest - start.earliest) / _HOUR
    if least is None and (most is None or most < 0):
        return _NOT_ALL
    return f": the time between the two is {_hours(Bounds(least, most))}"


def duration(hours: float) -> str:
    """A duration to the minute: ``14 h 20 min``, ``40 min``, ``2 h``."""
    minutes = round(abs(hours) * 60)
    whole, rest = divmod(minutes, 60)
    said = [f"{whole:,} h"] if whole else []
    return " ".join([*said, *([f"{rest} min"] if rest or not whole else [])])


def _hours(value: Bounds) -> str:
    if value.lower is None or value.upper is None:
        bound = value.upper if value.lower is None else value.lower
        return f"{'at most' if value.lower is None else 'at least'} {duration(bound or 0.0)}"
    if value.lower == value.upper:
        return duration(value.lower)
    return f"between {duration(value.lower)} and {duration(value.upper)}"


def _clock(value: datetime) -> str:
    return f"{ENGLISH.moment(value)} {offset_text(value)}"


def _spoken(name: str) -> str:
    return name.replace("_", " ")


def _listed(items: Sequence[str]) -> str:
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"
