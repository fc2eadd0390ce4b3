"""Random journeys that can be true: a party travels, and claims are made of what it did.

Times are whole microseconds since :data:`START`, so that a test can reckon with them exactly.
Everything follows from the generator that is passed in.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from math import hypot
from random import Random

from app.journey.bounds import Bounds
from app.journey.interval import Interval
from app.journey.model import (
    Assumption,
    AssumptionKind,
    Event,
    Figure,
    Modality,
    Mode,
    Place,
    Position,
    Sighting,
    Source,
    Trip,
)

START = datetime(2023, 9, 1, tzinfo=UTC)
HOUR = 3_600_000_000
MINUTE = HOUR // 60
MODES = (Mode.TRAIN, Mode.TRAIN, Mode.CAR, Mode.SHIP)


def instant(microseconds: int) -> datetime:
    return START + timedelta(microseconds=microseconds)


def microseconds(when: datetime) -> int:
    return (when - START) // timedelta(microseconds=1)


@dataclass
class Journey:
    """What happened, and what is told of it.

    ``truth`` holds place, arrival and departure of every visit; ``visit_of`` the visit that a
    claim speaks of; ``fastest`` the speed assumed of each mode, km/h, ``None`` for no limit.
    """

    truth: list[tuple[str, int, int]] = field(default_factory=list)
    visit_of: dict[str, int] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    sources: list[Source] = field(default_factory=list)
    sightings: list[Sighting] = field(default_factory=list)
    assumptions: list[Assumption] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    fastest: dict[Mode, float | None] = field(default_factory=dict)

    def trip(self) -> Trip:
        return Trip(
            "t",
            "T",
            "S",
            sources=tuple(self.sources),
            sightings=tuple(self.sightings),
            assumptions=tuple(self.assumptions),
            figures=tuple(self.figures),
            places=self.places,
        )

    def claim(
        self,
        visit: int | None,
        place: str,
        event: Event,
        when: tuple[int | None, int | None],
        published: int,
        *,
        reliability: str = "B",
        **extra: object,
    ) -> Sighting:
        """One claim, in a report of its own; ``when`` and ``published`` in microseconds."""
        number = len(self.sightings)
        source = Source(
            f"r{number:03}",
            f"outlet {number % 7}",
            Interval.at(instant(published)),
            reliability=reliability,
        )
        earliest, latest = (None if t is None else instant(t) for t in when)
        details: dict[str, object] = {"subject": "train", "modality": Modality.REPORTED} | extra
        sighting = Sighting(
            id=f"s{number:03}",
            source=source.id,
            event=event,
            place=place,
            when=Interval(earliest, latest),
            **details,  # type: ignore[arg-type]
        )
        self.sources.append(source)
        self.sightings.append(sighting)
        if visit is not None:
            self.visit_of[sighting.id] = visit
        return sighting


def straight_km(a: Place, b: Place) -> float:
    return 100.0 * hypot(a.position.lon - b.position.lon, a.position.lat - b.position.lat)


def random_journey(
    random: Random,
    waypoints: int,
    *,
    doubt_h: float = 3.0,
    repeats: bool = True,
    one_mode: bool = False,
    open_ends: bool = True,
    spans: bool = True,
    claims: int = 3,
    capped: float = 1.0,
    grade: tuple[str, int] | None = None,
) -> Journey:
    """A journey of so many visits, and 1 to ``claims`` claims of each, all of them true.

    ``doubt_h`` is about how wide the intervals are; with ``open_ends`` some have none.
    ``grade`` is that of all claims, else each has its own.
    """
    journey = Journey()
    names = [f"P{n:02}" for n in range(waypoints)]
    for name in names:
        position = Position(random.randrange(1200) / 100, random.randrange(1200) / 100)
        radius_km = random.choice([0, 0, 2, 7])
        journey.places[name] = Place(name, name, position, "RU", "UTC", radius_km=radius_km)
    _assume(journey, random, one_mode)
    modes = _travel(journey, random, names, repeats, one_mode)
    for n in range(len(journey.truth)):
        for number in range(random.randint(1, claims)):
            events = [Event.ARRIVED, Event.PRESENT, Event.DEPARTED]
            # By what the party came must be told of it, or the usual is taken for granted.
            event = random.choice(events[:2] if number == 0 else events)
            _tell(journey, random, n, event, modes, doubt_h, open_ends, capped, grade)
    if spans and len(journey.truth) > 2 and random.random() < 0.4:
        for _ in range(random.randint(1, 2)):
            _sum_up(journey, random)
    return journey


def _assume(journey: Journey, random: Random, one_mode: bool) -> None:
    journey.fastest = dict.fromkeys(Mode)
    if random.random() < 0.15:
        return
    for mode, low, high in ((None, 90, 140), (Mode.TRAIN, 50, 120), (Mode.CAR, 30, 90)):
        if (mode is None or one_mode) and random.random() < 0.5:
            continue
        kmh = float(random.randint(low, high))
        name = f"fastest-{mode.value if mode else 'any'}"
        journey.assumptions.append(
            Assumption(name, AssumptionKind.MAX_SPEED, mode, kmh=kmh, reason="so it is")
        )
        for each in [mode] if mode else list(Mode):
            journey.fastest[each] = kmh


def _travel(
    journey: Journey, random: Random, names: list[str], repeats: bool, one_mode: bool
) -> list[Mode]:
    """Send the party on its way; returns by what it came to each visit."""
    now, before, modes = 0, None, []
    stop_of = {name: random.choice([0.5, 2.0, 5.0]) for name in names if random.random() < 0.2}
    for name, hours in stop_of.items():
        journey.assumptions.append(
            Assumption(
                f"stop-{name}",
                AssumptionKind.MINIMUM_STOP,
                random.choice([None, None, Mode.TRAIN]),
                hours=hours,
                places=(name,),
                reason="so it is",
            )
        )
    for n, name in enumerate(names):
        place = name
        if repeats and n > 1 and random.random() < 0.2:
            place = journey.truth[random.randrange(n)][0]
            if place == before:
                place = name
        mode = Mode.TRAIN if one_mode or n == 0 else random.choice(MODES)
        modes.append(mode)
        if before is not None:
            km = 1.1 * straight_km(journey.places[before], journey.places[place])
            fastest = journey.fastest[mode] or 100.0
            share = random.choice([1.0, random.uniform(0.3, 1.0)])
            now += int(km / (fastest * share) * HOUR) + 1000 + random.randrange(MINUTE)
        arrived = now
        if place in stop_of or random.random() < 0.7:
            now += int(stop_of.get(place, 0) * HOUR)
            now += random.choice([0, random.randrange(20 * HOUR)])
        journey.truth.append((place, arrived, now))
        before = place
    return modes


def _tell(
    journey: Journey,
    random: Random,
    n: int,
    event: Event,
    modes: list[Mode],
    doubt_h: float,
    open_ends: bool,
    capped: float,
    grade: tuple[str, int] | None,
) -> None:
    place, arrived, left = journey.truth[n]
    if arrived == left and random.random() < 0.5:
        event = Event.PASSED
    now = {Event.ARRIVED: arrived, Event.PASSED: arrived, Event.DEPARTED: left}.get(
        event, random.randint(arrived, left)
    )
    published = now + MINUTE + random.randrange(random.choice([1, 5 * HOUR, 90 * HOUR]))
    width = random.choice([0.0, random.expovariate(1 / doubt_h)])
    earliest: int | None = now - int(random.random() * width * HOUR)
    latest: int | None = now + int(random.random() * width * HOUR)
    if open_ends:
        which = random.randrange(20)
        earliest = None if which in (0, 1) else earliest
        latest = None if which in (1, 2) else latest
    # Nobody reports what has yet to happen; mostly the claim says so itself.
    if (latest is None or latest > published) and random.random() < capped:
        latest = published
    by = modes[n]
    if event is Event.DEPARTED:
        by = modes[n + 1] if n + 1 < len(modes) else None
    reliability, credibility = grade or (random.choice("ABCDEF"), random.randint(1, 6))
    journey.claim(
        n,
        place,
        event,
        (earliest, latest),
        published,
        mode=by,
        reliability=reliability,
        credibility=credibility,
    )


def _sum_up(journey: Journey, random: Random) -> None:
    """A reported duration between two places that were visited once."""
    visits = [place for place, _, _ in journey.truth]
    once = [n for n, place in enumerate(visits) if visits.count(place) == 1]
    if len(once) < 2:
        return
    first, last = sorted(random.sample(once, 2))
    took = (journey.truth[last][1] - journey.truth[first][2]) / HOUR
    lower = took - random.uniform(0.01, 6) if random.random() < 0.7 else None
    upper = took + random.uniform(0.01, 6) if lower is None or random.random() < 0.7 else None
    number = len(journey.figures)
    report = Source(f"f{number}", "summing up", Interval.at(instant(journey.truth[-1][2])))
    journey.sources.append(report)
    journey.figures.append(
        Figure(
            f"figure-{number}",
            report.id,
            visits[first],
            visits[last],
            "so long it took",
            duration_h=Bounds(None if lower is None else max(0.0, lower), upper),
            of_this_journey=True,
        )
    )


def disturb(journey: Journey, random: Random) -> None:
    """Assume or report something that may not be true."""
    match random.choice(["speed", "stop", "duration", "claim"]):
        case "speed":
            factor = random.uniform(0.5, 1.1)
            journey.assumptions = [
                replace(a, kmh=a.kmh * factor) if a.kmh else a for a in journey.assumptions
            ]
        case "stop":
            journey.assumptions = [
                replace(a, hours=a.hours * random.uniform(0.5, 3)) if a.hours else a
                for a in journey.assumptions
            ]
        case "duration":
            for n, figure in enumerate(journey.figures):
                factor = random.uniform(0.3, 1.5)
                ends = (figure.duration_h.lower, figure.duration_h.upper)
                bounds = Bounds(*(None if h is None else h * factor for h in ends))
                journey.figures[n] = replace(figure, duration_h=bounds)
        case "claim":
            n = random.randrange(len(journey.sightings))
            claim, hours = journey.sightings[n], random.uniform(-4, 4)
            ends = (claim.when.earliest, claim.when.latest)
            moved = (None if end is None else end + timedelta(hours=hours) for end in ends)
            journey.sightings[n] = replace(claim, when=Interval(*moved))
