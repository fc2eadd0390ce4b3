"""Sentences about times and places, as a reader gets them."""

import pytest

from app.journey.derived import Itinerary, Waypoint
from app.journey.interval import Interval
from app.journey.model import Modality, Place, Position, Trip
from app.wording import local_interval, seen, status_line

VLADIVOSTOK = Place(
    id="vladivostok",
    name="Vladivostok",
    position=Position(lon=131.9, lat=43.1),
    country="RU",
    time_zone="Asia/Vladivostok",
)
OPEN = Interval()


def between(earliest: str | None, latest: str | None) -> Interval:
    """Local times at Vladivostok, ``MM-DDThh:mm`` of 2023."""
    return Interval.parse(*(end and f"2023-{end}+10:00" for end in (earliest, latest)))


@pytest.mark.parametrize(
    ("earliest", "latest", "said"),
    [
        ("09-12T06:00", "09-12T06:00", "12 Sep 06:00 local"),
        ("09-12T05:00", "09-12T12:00", "12 Sep 05:00–12:00 local"),
        ("09-12T00:00", "09-12T11:59", "12 Sep 00:00–11:59 local"),
        ("09-12T00:00", "09-12T12:00", "12 Sep"),
        ("09-12T00:00", "09-12T22:34", "12 Sep"),
        ("09-12T00:00", "09-13T00:00", "12 Sep"),
        ("09-12T18:00", "09-13T00:00", "12 Sep 18:00–24:00 local"),
        ("09-12T22:00", "09-13T06:00", "12 Sep 22:00 – 13 Sep 06:00 local"),
        ("09-12T00:00", "09-13T12:00", "12 Sep 00:00 – 13 Sep 12:00 local"),
        ("09-12T06:00", None, "not before 12 Sep 06:00 local"),
        (None, "09-12T06:00", "not after 12 Sep 06:00 local"),
        (None, None, "time not known"),
    ],
)
def test_an_interval_is_said_no_more_exactly_than_it_is_known(earliest, latest, said):
    assert local_interval(between(earliest, latest), VLADIVOSTOK) == said


def test_half_a_day_is_half_a_day_in_the_clock_of_the_place():
    same = Interval.parse("2023-09-11T20:00:00Z", "2023-09-12T12:34:00Z")
    assert local_interval(same, VLADIVOSTOK) == "12 Sep"


def itinerary(*waypoints: Waypoint) -> Itinerary:
    trip = Trip(
        slug="t",
        title="T",
        subject="S",
        sources=(),
        sightings=(),
        assumptions=(),
        places={VLADIVOSTOK.id: VLADIVOSTOK},
    )
    reported = [w.sequence for w in waypoints if w.status is Modality.REPORTED]
    return Itinerary(
        trip=trip,
        as_of=None,
        waypoints=waypoints,
        legs=(),
        unplaced={},
        last_reported=reported[-1] if reported else None,
    )


def visit(
    arrival: Interval,
    departure: Interval,
    status: Modality = Modality.REPORTED,
    subjects: tuple[str, ...] = ("leader",),
) -> Waypoint:
    return Waypoint(
        sequence=1,
        after=None,
        status=status,
        place=VLADIVOSTOK,
        arrival=arrival,
        departure=departure,
        sightings=("one",),
        origins=("TASS", "Yonhap"),
        subjects=subjects,
    )


@pytest.mark.parametrize(
    ("arrival", "departure", "said"),
    [
        (("09-12T17:20", "09-12T18:20"), (None, None), "12 Sep 17:20–18:20 local"),
        (("09-12T17:20", "09-12T18:20"), ("09-12T17:20", None), "12 Sep 17:20–18:20 local"),
        (("09-12T17:20", "09-12T18:20"), ("09-14T08:00", "09-14T09:00"),
         "left 14 Sep 08:00–09:00 local"),
        (("09-12T08:00", "09-12T09:00"), ("09-12T08:00", "09-12T09:00"),
         "12 Sep 08:00–09:00 local"),
        ((None, None), ("09-12T00:00", "09-12T22:00"), "12 Sep"),
        ((None, "09-12T09:00"), (None, None), "not after 12 Sep 09:00 local"),
    ],
)  # fmt: skip
def test_the_status_says_where_and_the_latest_that_is_known_of_when(arrival, departure, said):
    line = status_line(itinerary(visit(between(*arrival), between(*departure))))
    assert line == f"Last reported: Vladivostok, {said}, TASS, Yonhap"


def test_the_status_says_what_is_ahead_while_nothing_is_reported():
    assert status_line(itinerary()) == "Nothing reported yet."
    planned = itinerary(visit(OPEN, OPEN, Modality.POSSIBLE))
    assert status_line(planned) == "Nothing reported yet. Ahead: Vladivostok."


def test_the_status_does_not_say_that_the_leader_was_there_when_only_the_train_was_seen():
    morning = between("09-12T06:00", "09-12T07:00")
    for subjects, where in [
        (("train",), "Vladivostok (train seen)"),
        (("motorcade", "train"), "Vladivostok (train and motorcade seen)"),
        (("leader", "train"), "Vladivostok"),
    ]:
        line = status_line(itinerary(visit(morning, OPEN, subjects=subjects)))
        assert line == f"Last reported: {where}, 12 Sep 06:00–07:00 local, TASS, Yonhap"


def test_what_was_seen_is_told_the_leader_first():
    assert seen(["train"]) == "train seen"
    assert seen(["delegation", "leader", "train"]) == "leader, train and delegation seen"
