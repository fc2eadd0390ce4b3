"""Claims that cannot be true, planted in copies of the dossiers among others that agree."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from app.journey.derived import Itinerary, Waypoint
from app.journey.interval import Interval
from app.journey.itinerary import derive_itinerary
from app.journey.model import (
    AssumptionKind,
    Event,
    Modality,
    Place,
    Position,
    Sighting,
    Source,
    Trip,
)
from app.publication.itinerary import Options

pytestmark = pytest.mark.reference

WHOLE = None
HOUR = timedelta(hours=1)
TOO_FAR_KM, TOO_FAST_KMH = 60.0, 130.0
FIRST_ARTICLE = datetime(2023, 9, 12, 13, tzinfo=UTC)
NOWHERE_NEAR = Place(
    "yekaterinburg", "Yekaterinburg", Position(60.605, 56.858), "RU", "Asia/Yekaterinburg"
)
COPIES = [
    ("2019-02-hanoi", WHOLE),
    ("2019-04-vladivostok", WHOLE),
    ("2023-09-russia", WHOLE),
    ("2023-09-russia", FIRST_ARTICLE),
    ("2025-09-beijing", WHOLE),
]


def report(trip: Trip, number: int, published: datetime, **details: object) -> tuple[Trip, str]:
    """The trip with one more claim, in a report of its own that nobody relies on."""
    source = Source(f"leaflet-{number}", f"Leaflet {number}", Interval.at(published))
    claim = Sighting(
        id=f"planted-{number}",
        source=source.id,
        modality=Modality.REPORTED,
        credibility=5,
        **details,  # type: ignore[arg-type]
    )
    source = replace(source, reliability="E")
    more = replace(
        trip,
        sources=(*trip.sources, source),
        sightings=(*trip.sightings, claim),
        places={**trip.places, NOWHERE_NEAR.id: NOWHERE_NEAR},
    )
    return more, claim.id


def timed(itinerary: Itinerary) -> list[tuple[Waypoint, Event, Interval]]:
    """When it arrived somewhere, and when it left, where both ends are known."""
    return [
        (waypoint, event, when)
        for waypoint in itinerary.waypoints
        for event, when in (
            (Event.ARRIVED, waypoint.arrival),
            (Event.DEPARTED, waypoint.departure),
        )
        if waypoint.status is Modality.REPORTED and None not in (when.earliest, when.latest)
    ]


def plant(trip, itinerary, random, number, as_of, far_km, taken):
    """Claim that it was elsewhere than it was, at any place of the trip.

    At those that were visited twice too, and at those that were only foretold; never where another
    was planted, for two who agree are more than one.
    """
    found = [
        (when, elsewhere)
        for stop, _, when in timed(itinerary)
        for elsewhere in [*(w.place for w in itinerary.waypoints), NOWHERE_NEAR]
        if far_km(stop.place.position, elsewhere.position)
        > TOO_FAR_KM + TOO_FAST_KMH * (when.latest - when.earliest) / HOUR
    ]
    when, place = random.choice([each for each in found if each[1].id not in taken])
    taken.add(place.id)
    published = when.latest + random.randint(1, 5) * HOUR
    return report(
        trip,
        number,
        published if as_of is None else min(published, as_of),
        subject="train",
        event=random.choice([Event.PASSED, Event.PRESENT]),
        place=place.id,
        when=Interval.at(when.earliest + (when.latest - when.earliest) / 2),
    )


def agree(trip, itinerary, random, number, as_of):
    """Say again, as weakly, what is known anyway."""
    stop, event, when = random.choice(timed(itinerary))
    published = when.latest + 5 * HOUR
    return report(
        trip,
        number,
        published if as_of is None else min(published, as_of),
        subject="leader",  # by whatever he came
        event=event,
        place=stop.place.id,
        when=when,
    )[0]


def bounds(itinerary: Itinerary) -> list[object]:
    return [(w.place.id, w.status, w.arrival, w.departure) for w in itinerary.waypoints]


def members_alone(trip: Trip, members: Sequence[str], names: Sequence[str]) -> Trip:
    """A trip of these members only; a speed that is not one of them limits nothing."""
    return replace(
        trip,
        sightings=tuple(s for s in trip.sightings if s.id in members),
        assumptions=tuple(
            a
            for a in trip.assumptions
            if a.name in names
            or a.kind not in (AssumptionKind.MAX_SPEED, AssumptionKind.MINIMUM_STOP)
        ),
        figures=(),
    )


@pytest.mark.parametrize(("slug", "as_of"), COPIES)
@pytest.mark.parametrize("seed", range(10))
def test_every_planted_claim_is_found_and_the_rest_stays_right(seeded_rooms, slug, as_of, seed):
    view = seeded_rooms.itineraries.view(slug, Options(as_of=as_of))
    finder, trip, before = seeded_rooms.router, view.itinerary.trip, view.itinerary
    random = Random(f"{slug}-{as_of}-{seed}")
    planted, taken = set(), set()
    for number in range(random.randint(1, 3 if len(before.waypoints) > 3 else 1)):
        trip, claim = plant(trip, before, random, number, as_of, finder.great_circle_km, taken)
        planted.add(claim)
    for number in range(10, 10 + random.randint(1, 3)):
        trip = agree(trip, before, random, number, as_of)
    after = derive_itinerary(trip, finder, as_of)

    assert {c.set_aside for c in after.contradictions} == planted
    assert bounds(after) == bounds(before)
    for contradiction in after.contradictions:
        members = contradiction.sightings
        alone = members_alone(trip, members, contradiction.assumptions)
        assert derive_itinerary(alone, finder, as_of).contradictions
        for member in members:
            others = [m for m in members if m != member]
            less = members_alone(trip, others, contradiction.assumptions)
            assert not derive_itinerary(less, finder, as_of).contradictions
        for name in {a.name for a in alone.assumptions} & set(contradiction.assumptions):
            names = [n for n in contradiction.assumptions if n != name]
            less = members_alone(trip, members, names)
            if all(a.name != name for a in less.assumptions):
                assert not derive_itinerary(less, finder, as_of).contradictions
