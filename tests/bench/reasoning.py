"""What pure reasoning costs: time per claim of ever longer journeys, against MovingPandas.

Distances are given: the route finder answers from a formula, so that nothing but the reasoning
is timed. Lives here: the long journey, the finder, and the table. Not here: what answers cost
with the real network (:mod:`tests.bench.__main__`).
"""

import gc
import statistics
import time
import warnings
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from math import asin, cos, radians, sin, sqrt
from typing import Any

from app.journey.bounds import Bounds
from app.journey.derived import Itinerary, Route
from app.journey.interval import Interval
from app.journey.itinerary import derive_itinerary
from app.journey.model import (
    Assumption,
    AssumptionKind,
    Event,
    Modality,
    Mode,
    Place,
    Position,
    Sighting,
    Source,
    Trip,
)
from app.memory import collect_garbage_less_often

ROUNDS_OF_CLAIMS = {100: 15, 1_000: 15, 10_000: 5, 100_000: 3}
START = datetime(2023, 9, 1, tzinfo=UTC)
CRUISE_KMH, MAX_KMH = 50.0, 80.0
PUBLISHERS = [("Agency", "B"), ("Daily", "C"), ("Radio", "A"), ("Observer", "F"), ("Gazette", "D")]
DOUBTS = [timedelta(minutes=30), timedelta(hours=6), timedelta(hours=1), timedelta(hours=3)]
"""By how much a report may be off, either way: "about 05:15" to half a day."""


class FormulaFinder:
    """Ways a tenth longer than the great circle, on a sphere."""

    def route(
        self,
        origin: Position,
        destination: Position,
        *,
        mode: Mode = Mode.TRAIN,
        via: Sequence[Position] = (),
        avoid: Collection[str] = (),
    ) -> Route:
        great_circle_km = self.great_circle_km(origin, destination)
        length_km = 1.1 * great_circle_km
        return Route(
            mode=mode,
            distance_km=length_km,
            great_circle_km=great_circle_km,
            distance_bounds_km=Bounds(length_km, 1.02 * length_km),
            snap_km=(0.0, 0.0),
            countries=(),
            geometry=(origin, destination),
        )

    def distance_km(
        self,
        origin: Position,
        destination: Position,
        *,
        mode: Mode = Mode.TRAIN,
        avoid: Collection[str] = (),
    ) -> float:
        return 1.1 * self.great_circle_km(origin, destination)

    def great_circle_km(self, origin: Position, destination: Position) -> float:
        lat, other_lat = radians(origin.lat), radians(destination.lat)
        half = sin(radians(destination.lon - origin.lon) / 2) ** 2
        chord = sin((other_lat - lat) / 2) ** 2 + cos(lat) * cos(other_lat) * half
        return 12742.0 * asin(min(1.0, sqrt(chord)))


@dataclass(frozen=True)
class Stay:
    """A visit as it was."""

    place: Place
    arrived_at: datetime
    departed_at: datetime


def stays() -> Iterator[Stay]:
    """A journey without an end: six places out, two back, and so on; one in five only passed.

    It winds around the globe, so that no two places of it are one.
    """
    finder, at, before, n = FormulaFinder(), START, None, 0
    while True:
        block, step = divmod(n, 8)
        turn = step if step <= 6 else 12 - step
        number = 2.0 * (4 * block + turn)
        stops = [(number, timedelta(hours=14))]
        if n % 5 == 4 and 0 < step < 7:
            # On the way here, halfway from the place before.
            stops.insert(0, (number - 1.0, timedelta(0)))
        for where, stay in stops:
            place = _place(where)
            if before is not None:
                way_km = finder.distance_km(before.position, place.position)
                at += timedelta(hours=way_km / CRUISE_KMH)
            yield Stay(place, at, at + stay)
            at, before = at + stay, place
        n += 1


def _place(number: float) -> Place:
    name = f"place-{number:g}"
    position = Position((2.0 * number) % 360.0 - 180.0, -60.0 + number / 400.0)
    return Place(name, name, position, "RU", "Asia/Vladivostok", radius_km=1.0)


def claims_of(stays_: Iterator[Stay]) -> Iterator[tuple[Stay, Event, Modality, datetime]]:
    """What is said of every stay: one claim where it was passed, else two to four."""
    for n, stay in enumerate(stays_):
        if stay.arrived_at == stay.departed_at:
            yield stay, Event.PASSED, Modality.REPORTED, stay.arrived_at
            continue
        if n % 5 == 3:
            yield stay, Event.ARRIVED, Modality.EXPECTED, stay.arrived_at
        yield stay, Event.ARRIVED, Modality.REPORTED, stay.arrived_at
        if n % 3 != 1:
            middle = stay.arrived_at + (stay.departed_at - stay.arrived_at) / 2
            yield stay, Event.PRESENT, Modality.REPORTED, middle
        yield stay, Event.DEPARTED, Modality.REPORTED, stay.departed_at


def long_journey(claims: int) -> Trip:
    """The first so many claims of the journey, every one true, in reports of five publishers.

    Each interval holds the instant of which it tells. Reports are out at the midnight after it
    is surely past, forecasts most of a day ahead.
    """
    sources: dict[str, Source] = {}
    sightings: list[Sighting] = []
    places: dict[str, Place] = {}
    for n, (stay, event, modality, instant) in enumerate(islice(claims_of(stays()), claims)):
        doubt = DOUBTS[n % len(DOUBTS)]
        when = Interval(instant - doubt, instant + doubt / 2)
        publisher, reliability = PUBLISHERS[n // 3 % len(PUBLISHERS)]
        out = timedelta(days=-1 if modality is Modality.EXPECTED else 1, hours=6)
        published = (instant + out).replace(hour=0, minute=0, second=0, microsecond=0)
        source = f"{publisher}-{published:%Y-%m-%d}"
        if source not in sources:
            sources[source] = Source(
                source, publisher, Interval.at(published), reliability=reliability
            )
        places.setdefault(stay.place.id, stay.place)
        sightings.append(
            Sighting(
                id=f"claim-{n}",
                source=source,
                subject="train" if n % 4 else "leader",
                event=event,
                modality=modality,
                place=stay.place.id,
                when=when,
                credibility=1 + n % 6,
                position_in_report=n,
            )
        )
    return Trip(
        slug="long",
        title="Long",
        subject="Somebody",
        sources=tuple(sources.values()),
        sightings=tuple(sightings),
        places=places,
        assumptions=(
            Assumption("cruise", AssumptionKind.CRUISE_SPEED, Mode.TRAIN, kmh=CRUISE_KMH),
            Assumption("most", AssumptionKind.MAX_SPEED, Mode.TRAIN, kmh=MAX_KMH),
        ),
    )


def points_of(trip: Trip) -> Any:
    """The claims of a trip as MovingPandas takes them: a position at the middle of each time."""
    import pandas as pd

    rows = []
    for sighting in trip.sightings:
        when, position = sighting.when, trip.places[sighting.place].position
        assert when.earliest is not None
        assert when.duration is not None
        rows.append((when.earliest + when.duration / 2, position.lon, position.lat, "train"))
    return pd.DataFrame(rows, columns=["t", "x", "y", "train"])


def distance_and_speed(points: Any) -> Any:
    """What MovingPandas makes of points: a trajectory with distances and speeds."""
    with warnings.catch_warnings():
        # Of optional packages that it misses, and of pandas to come: not ours to mend.
        warnings.simplefilter("ignore")
        import movingpandas as mpd

        trajectory = mpd.Trajectory(points, "train", t="t", x="x", y="y")
        trajectory.add_distance(units="km")
        trajectory.add_speed(units=("km", "h"))
        return trajectory


def check(trip: Trip, itinerary: Itinerary) -> None:
    """Nothing is timed that is not right: true claims are all placed, and in their order."""
    visits = sum(1 for n, s in enumerate(trip.sightings) if _begins_visit(trip, n))
    if itinerary.contradictions or itinerary.unplaced or len(itinerary.waypoints) != visits:
        raise RuntimeError(
            f"{len(trip.sightings)} claims: {len(itinerary.waypoints)} waypoints of {visits} "
            f"visits, {len(itinerary.contradictions)} contradictions"
        )


def _begins_visit(trip: Trip, n: int) -> bool:
    return n == 0 or trip.sightings[n].place != trip.sightings[n - 1].place


def _seconds(timed: Callable[[], object], *, collecting: bool = True) -> float:
    gc.collect()
    if not collecting:
        gc.disable()
    try:
        start = time.perf_counter()
        timed()
        return time.perf_counter() - start
    finally:
        gc.enable()


def print_scaling() -> None:
    """Print the time per claim at each size, turn and turn about with MovingPandas.

    With Python's garbage collector set as the server sets it, and once more without: it goes
    over all objects again as they grow more, which is most of what a claim of a very long journey
    costs above one of a short.
    """
    collect_garbage_less_often()
    print(
        "| claims, distances given | ms | µs per claim | without garbage collector "
        "| MovingPandas distance and speed, ms | ratio |\n|---|---|---|---|---|---|"
    )
    finder = FormulaFinder()
    per_claim_us: list[tuple[float, float]] = []
    # The first time imports it.
    distance_and_speed(points_of(long_journey(100)))
    for claims, rounds in ROUNDS_OF_CLAIMS.items():
        trip = long_journey(claims)
        points = points_of(trip)
        check(trip, derive_itinerary(trip, finder))
        derive = partial(derive_itinerary, trip, finder)
        theirs = partial(distance_and_speed, points)
        times = [
            (_seconds(derive), _seconds(derive, collecting=False), _seconds(theirs))
            for _ in range(rounds)
        ]
        our_s, bare_s, their_s = (statistics.median(column) for column in zip(*times, strict=True))
        per_claim_us.append((our_s / claims * 1e6, bare_s / claims * 1e6))
        with_it, without = per_claim_us[-1]
        print(
            f"| {claims:,} | {our_s * 1e3:,.1f} | {with_it:.1f} | {without:.1f} "
            f"| {their_s * 1e3:,.1f} | {our_s / their_s:.2f} |"
        )
    growth = [max(column) / min(column) for column in zip(*per_claim_us, strict=True)]
    print(
        f"\nLargest time per claim over smallest (1 is linear): {growth[0]:.2f}, without garbage "
        f"collector {growth[1]:.2f}"
    )


if __name__ == "__main__":
    print_scaling()
