"""What is said of where the party can have been."""

from datetime import UTC, datetime

import pytest

from app.journey.interval import UNKNOWN
from app.journey.itinerary import derive_itinerary
from app.journey.model import Mode, Position
from app.journey.whereabouts import LEG_LINE, STRAIGHT_LINE, Part, PartKind, Prism, Standing
from app.wording import part_sentence, position_sentence
from tests.journey.conftest import FlatWorld, TripMaker

NOON = datetime(2023, 9, 11, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def itinerary():
    make = TripMaker()
    for lon, name in enumerate(["Pyongyang", "Khasan", "Ussuriysk"]):
        make.place(name, lon)
    make.claim("Pyongyang", "2023-09-10T08:00Z", event="departed")
    make.claim("Khasan", "2023-09-12T08:00Z", event="arrived")
    make.claim("Pyongyang", "2023-09-13T08:00Z", event="present")
    make.claim("Ussuriysk", modality="expected")
    return derive_itinerary(make.trip(), FlatWorld())


def part(kind, *waypoints, **extra):
    return Part(kind, waypoints, UNKNOWN, (), **extra)


STOP = part(PartKind.STOP, 2, position=Position(1, 0))
LEG = part(PartKind.LEG, 1, 2, mode=Mode.TRAIN, over="railways", length_km=2345.4)


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        (STOP, "At Khasan"),
        (LEG, "Between Pyongyang and Khasan: anywhere on 2,345 km of railway"),
        (
            part(PartKind.LEG, 1, 3, mode=Mode.CAR, over="roads", length_km=12.6),
            "Out from Pyongyang and back: anywhere on 13 km of road",
        ),
        (
            part(PartKind.LEG, 1, 2, mode=Mode.PLANE, over=LEG_LINE, length_km=700.0),
            "Between Pyongyang and Khasan: somewhere on the whole way, 700 km of air route",
        ),
        (
            part(PartKind.LEG, 1, 2, mode=Mode.SHIP, over=STRAIGHT_LINE, length_km=700.0),
            "Between Pyongyang and Khasan: on a way that is not known, drawn as a straight line",
        ),
        (
            part(PartKind.AHEAD, 3, mode=Mode.TRAIN, length_km=99.5, max_speed_kmh=80.0),
            "Onwards from Pyongyang: anywhere on 100 km of railway within reach at 80 km/h",
        ),
        (part(PartKind.ESTIMATE, 2), "Estimate: at Khasan"),
        (
            part(PartKind.ESTIMATE, 1, 2, speed_kmh=24.4),
            "Estimate: half way between the earliest and the latest, at 24 km/h"
            " from Pyongyang to Khasan",
        ),
        (
            part(PartKind.ESTIMATE, 3, 4, speed_kmh=60.0),
            "Estimate: at an assumed 60 km/h, on the way from Pyongyang to Ussuriysk",
        ),
    ],
)
def test_every_part_has_its_sentence(itinerary, told, sentence):
    assert part_sentence(told, itinerary) == sentence


@pytest.mark.parametrize(
    ("standing", "parts", "undrawn", "sentence"),
    [
        (Standing.UNREPORTED, (), (), "Nothing reported yet, so nothing follows about"),
        (Standing.BEFORE, (STOP,), (), "Not yet under way: at Pyongyang."),
        (Standing.ENDED, (STOP,), (), "The journey has ended: back at Pyongyang."),
        (Standing.BEYOND, (), (), "More than 72 hours after the last report: nothing follows"),
        (
            Standing.BETWEEN,
            (STOP, LEG, part(PartKind.ESTIMATE, 2)),
            (),
            "Possible then: at Khasan; or between Pyongyang and Khasan: anywhere on 2,345 km",
        ),
        (
            Standing.BETWEEN,
            (STOP, STOP, LEG, LEG),
            (),
            "Possible then: at Khasan; or 2 other places or ways; or between Pyongyang and Khasan",
        ),
        (
            Standing.AFTER,
            (STOP,),
            (Mode.CAR, Mode.PLANE),
            "After the last report. Possible then: at Khasan."
            " How far it had gone by car or plane, if it did, cannot be said.",
        ),
    ],
)
def test_every_answer_has_its_sentence(itinerary, standing, parts, undrawn, sentence):
    said = position_sentence(Prism(itinerary, NOON, standing, parts, undrawn))
    assert said.startswith(sentence)
