"""What cannot all be true, in sentences: each shape that a contradiction can have."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.contradiction_wording import contradiction_sentence, set_aside_sentence
from app.journey.bounds import Bounds
from app.journey.itinerary import derive_itinerary
from app.journey.model import Assumption, AssumptionKind, Figure, Mode
from tests.journey.conftest import FlatWorld, TripMaker

DAY = "2023-09-{:02}T{:02}:00Z".format
MAX = Assumption("max_speed", AssumptionKind.MAX_SPEED, Mode.TRAIN, kmh=80, reason="because")
GOOD = {"reliability": "B", "credibility": 2}


def stop(hours, *places):
    return Assumption(
        "minimum_stop", AssumptionKind.MINIMUM_STOP, Mode.TRAIN, hours=hours, places=places
    )


@pytest.fixture
def make():
    made = TripMaker()
    for lon, name in enumerate("ABCDE"):
        made.place(name, lon)
    return made


@pytest.fixture
def told(make):
    """The sentences of the one contradiction of the trip: what it is, and what gives way."""

    def told(*assumptions, figures=()):
        trip = make.trip(assumptions=assumptions, figures=figures)
        itinerary = derive_itinerary(trip, FlatWorld())
        (contradiction,) = itinerary.contradictions
        return (
            contradiction_sentence(contradiction, itinerary),
            set_aside_sentence(contradiction, itinerary),
        )

    return told


def test_too_little_time_for_the_way_along_the_railway(make, told):
    make.claim("A", f"{DAY(1, 11)}/{DAY(1, 12)}", event="departed", publisher="One", **GOOD)
    make.claim(
        "E",
        f"{DAY(1, 12)}/{DAY(1, 16)}",
        event="arrived",
        publisher="Two",
        attributed_to="Ministry, citing a driver",
        **GOOD,
    )
    assert told(MAX) == (
        "One says the train left A not before 1 Sep 21:00 UTC+10; Ministry (in Two) says the"
        " train reached E, 440 km on along the railway, by 2 Sep 02:00 UTC+10: that leaves 5 h"
        " and takes at least 88 km/h; the assumed maximum is 80 km/h (taken for granted: that"
        " the railway data is complete).",
        "The assumed maximum of 80 km/h is relaxed to 88 km/h on this stretch, no further.",
    )


def test_too_little_time_even_in_a_straight_line(make, told):
    make.claim("A", DAY(1, 0), event="departed", publisher="One", **GOOD)
    make.claim("E", DAY(1, 3), event="present", publisher="Two", reliability="E", credibility=5)
    assert told(MAX) == (
        "One says the train left A at 1 Sep 10:00 UTC+10; Two says the train was at E, 400 km"
        " on in a straight line, at 1 Sep 13:00 UTC+10: that leaves 3 h and takes at least"
        " 133.3 km/h; the assumed maximum is 80 km/h.",
        "The claim of Two about E (E5), the weakest of these, is set aside.",
    )


def test_a_maximum_is_relaxed_as_far_as_the_way_along_the_railway_asks(make, told):
    make.claim("A", DAY(1, 0), event="departed", publisher="One", **GOOD)
    make.claim("E", DAY(1, 4), event="arrived", publisher="Two", **GOOD)
    sentence, aside = told(MAX)
    assert "takes at least 100 km/h" in sentence
    assert aside == (
        "The assumed maximum of 80 km/h is relaxed to 110 km/h on this stretch, as far as all"
        " that is said there asks, no further."
    )


def test_one_who_left_before_he_was_seen_there(make, told):
    make.claim("A", DAY(1, 6), event="departed", publisher="One", reliability="D")
    make.claim("A", DAY(1, 9), event="present", publisher="Two", **GOOD)
    assert told() == (
        "Two says the train was at A at 1 Sep 19:00 UTC+10; One says the train left A at"
        " 1 Sep 16:00 UTC+10, which is earlier.",
        "The claim of One about A (D6), the weakest of these, is set aside.",
    )


def test_two_places_at_once(make, told):
    make.claim("A", DAY(1, 6), event="arrived", publisher="One")
    make.claim("B", DAY(1, 6), event="arrived", publisher="Two")
    sentence, _ = told()
    assert sentence == (
        "One says the train reached A at 1 Sep 16:00 UTC+10; Two says the train reached B at"
        " 1 Sep 16:00 UTC+10: it cannot have been at both at once."
    )


def test_of_claims_of_one_grade_none_is_called_the_weakest(make, told):
    make.claim("A", DAY(1, 6), event="arrived", publisher="One", **GOOD)
    make.claim("A", DAY(1, 9), event="arrived", publisher="Two", attributed_to="One", **GOOD)
    assert told()[1] == (
        "The claim of One about A (B2), of equals the one that fewer bear out or that was"
        " reported earlier, is set aside."
    )


def test_a_name_written_from_right_to_left_turns_nothing_around_it(make, told):
    make.place("חיפה", 7)
    make.claim("חיפה", DAY(1, 6), event="arrived", publisher="\u202eOne")
    make.claim("חיפה", DAY(1, 9), event="arrived", publisher="Two")
    sentence, _ = told()
    assert sentence.count("at \u2068חיפה\u2069") == 0
    assert sentence.count("reached \u2068חיפה\u2069 at ") == 2
    assert "\u202e" not in sentence


def test_a_stop_that_is_too_short(make, told):
    make.claim("B", DAY(1, 6), event="arrived", publisher="One", **GOOD)
    make.claim("B", DAY(1, 7), event="departed", publisher="Two", **GOOD)
    assert told(MAX, stop(2, "B")) == (
        "One says the train reached B at 1 Sep 16:00 UTC+10; Two says the train left B at"
        " 1 Sep 17:00 UTC+10: that leaves 1 h, too little for the assumed stop of 2 h at B.",
        "The assumed stop of 2 h at B is shortened to 1 h here, no further.",
    )


def test_a_stop_on_a_way_that_the_time_would_do_for(make, told):
    make.claim("A", DAY(1, 0), event="departed", publisher="One", **GOOD)
    make.claim("B", f"{DAY(1, 1)}/{DAY(1, 3)}", event="present", publisher="Two", **GOOD)
    make.claim("C", DAY(1, 4), event="arrived", publisher="Three", **GOOD)
    sentence, _ = told(MAX, stop(2, "B"))
    assert sentence == (
        "One says the train left A at 1 Sep 10:00 UTC+10; Two says the train was at B between"
        " 1 Sep 11:00 UTC+10 and 1 Sep 13:00 UTC+10; Three says the train reached C,"
        " 200 km on in a straight line, at 1 Sep 14:00 UTC+10: that leaves 4 h,"
        " the assumed stop of 2 h at B included, and takes at least 100 km/h;"
        " the assumed maximum is 80 km/h."
    )


@pytest.mark.parametrize(
    ("hours", "took"),
    [
        (Bounds(4, 5), "between 4 h and 5 h"),
        (Bounds(20, None), "at least 20 h"),
        (Bounds(None, 5.5), "at most 5 h 30 min"),
    ],
)
def test_a_reported_duration_that_does_not_fit(make, told, hours, took):
    left = make.claim("A", f"{DAY(1, 5)}/{DAY(1, 6)}", event="departed", publisher="One", **GOOD)
    make.claim("C", DAY(1, 18), event="arrived", publisher="Two", **GOOD)
    figure = Figure(
        "f", left.source, "A", "C", "x", duration_h=hours, of_this_journey=True, credibility=6
    )
    assert told(MAX, figures=(figure,)) == (
        "One says the train left A between 1 Sep 15:00 UTC+10 and 1 Sep 16:00 UTC+10; Two says"
        " the train reached C at 2 Sep 04:00 UTC+10; One says the way from A to C took"
        f" {took}: the time between the two is between 12 h and 13 h.",
        "The time that One gives (B6), the weakest of these, is set aside.",
    )


def test_a_train_and_a_leader_who_cannot_be_together(make, told):
    make.claim("A", DAY(1, 6), event="departed", publisher="One", subject="leader", **GOOD)
    make.claim("A", DAY(1, 9), event="present", publisher="Two", **GOOD)
    assert told() == (
        "Two says the train was at A at 1 Sep 19:00 UTC+10; One says S left A at 1 Sep 16:00"
        " UTC+10, which is earlier (taken for granted: that S and the train went together).",
        "That S and the train went together is not taken for granted here: what is said of the"
        " train at A is set aside.",
    )


def test_a_claim_of_what_was_still_to_come(make, told):
    make.claim("A", DAY(5, 6), event="arrived", publisher="One", published=DAY(4, 6))
    assert told() == (
        "One says the train reached A at 5 Sep 16:00 UTC+10, but published that by 4 Sep 16:00"
        " UTC+10, before it can have happened.",
        "The claim of One about A (F6) is set aside.",
    )


def test_a_claim_that_gives_no_end_was_true_when_it_was_published(make, told):
    make.claim("A", DAY(1, 6), event="departed", publisher="One", **GOOD)
    make.claim(
        "E", f"{DAY(1, 7)}/{DAY(1, 12)}", event="arrived", publisher="Two", published=DAY(1, 8)
    )
    sentence, _ = told(MAX)
    assert "on in a straight line, by the time that was published, 1 Sep 18:00 UTC+10:" in sentence


SAID = {
    AssumptionKind.MAX_SPEED: "maximum",
    AssumptionKind.MINIMUM_STOP: "stop of",
    AssumptionKind.LEADER_ABOARD: "went together",
    AssumptionKind.RAILWAY_COMPLETE: "data is complete",
    AssumptionKind.VIA: "the way runs by D",
}


def random_claims(random):
    """Claims at random, most of which cannot all be true."""
    made = TripMaker()
    for lon, name in enumerate("ABCD"):
        made.place(name, lon)
    for _ in range(random.randint(2, 7)):
        start = random.randint(0, 40)
        end = start + random.choice([0, 0, 1, 10])
        first, last = (DAY(1 + hour // 24, hour % 24) for hour in (start, end))
        made.claim(
            random.choice("ABCD"),
            random.choice([f"{first}/{last}", first, ""]),
            event=random.choice(["departed", "arrived", "passed", "present"]),
            subject=random.choice(["train", "train", "leader", "motorcade"]),
            publisher=random.choice(["One", "Two", "Three"]),
            reliability=random.choice("ABEF"),
            credibility=random.randint(1, 6),
        )
    assumptions = [
        MAX,
        stop(3, "B"),
        Assumption("via", AssumptionKind.VIA, Mode.TRAIN, places=("A", "D", "B")),
    ]
    figure = Figure(
        "f",
        next(iter(made.sources)),
        *random.sample("ABCD", 2),
        "x",
        duration_h=Bounds(random.choice([None, 2]), random.choice([9, 20])),
        of_this_journey=random.random() < 0.4,
    )
    chosen = tuple(each for each in assumptions if random.random() < 0.7)
    return made.trip(assumptions=chosen, figures=(figure,))


@given(st.integers(0, 2**32))
@settings(max_examples=150)
def test_nothing_that_takes_part_goes_unsaid(seed):
    trip = random_claims(Random(seed))
    itinerary = derive_itinerary(trip, FlatWorld())
    claims = {sighting.id: sighting for sighting in trip.sightings}
    assumed = {assumption.name: assumption for assumption in itinerary.assumptions}
    publishers = {source.id: source.publisher for source in trip.sources}
    for contradiction in itinerary.contradictions:
        sentence = contradiction_sentence(contradiction, itinerary)
        for name in contradiction.sightings:
            assert f"{publishers[claims[name].source]} says" in sentence
            assert f" {claims[name].place}" in sentence
        for name in contradiction.assumptions:
            assert SAID[assumed[name].kind] in sentence
        if contradiction.figures:
            assert "says the way from" in sentence
        assert "None" not in sentence
        assert ",;" not in sentence
        assert set_aside_sentence(contradiction, itinerary).endswith(".")
