"""A part of a journey by time: which stops are in it, by whose clock."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.journey.interval import Interval
from app.journey.itinerary import derive_itinerary
from app.journey.model import Assumption, AssumptionKind, Mode
from app.publication.stretch import EVER, Stretch, cut_of, extent_within, part_within
from tests.journey.conftest import FlatWorld

ZONES = ["Asia/Pyongyang", "Asia/Vladivostok", "Europe/Moscow", "Pacific/Auckland", "Etc/GMT+12"]
STRONG = {"reliability": "B", "credibility": 2}

instants = st.datetimes(
    datetime(2, 1, 1),  # noqa: DTZ001 - what is drawn has a zone
    datetime(9998, 12, 30),  # noqa: DTZ001
    timezones=st.just(UTC),
)
moments = st.one_of(st.none(), st.dates(), instants)


def hour(n, day=12):
    return datetime(2023, 9, day, tzinfo=UTC) + timedelta(hours=n)


@pytest.fixture
def journey(make):
    """A left on the 11th, B reached and left on the 12th, C reached on the 14th, D may come."""
    for n, name in enumerate("ABCD"):
        make.place(name, 4 * n)
    make.places["A"] = replace(make.places["A"], time_zone="Asia/Pyongyang")
    make.claim("A", f"{hour(0, 11)}/{hour(3, 11)}", event="departed", **STRONG)
    make.claim("B", f"{hour(1)}/{hour(2)}", event="arrived", **STRONG)
    make.claim("B", f"{hour(8)}/{hour(9)}", event="departed", **STRONG)
    make.claim("C", f"{hour(0, 14)}/{hour(5, 14)}", event="arrived", **STRONG)
    make.claim("D", modality="expected", published="2023-09-14T06:00Z")
    cruise = Assumption(
        "cruise", AssumptionKind.CRUISE_SPEED, Mode.TRAIN, kmh=44, reason="so it is"
    )
    return derive_itinerary(make.trip(assumptions=(cruise,)), FlatWorld())


def names(itinerary, stretch):
    part = part_within(itinerary, stretch)
    return "".join(w.place.name for w in itinerary.waypoints if w.sequence in part)


class TestDays:
    def test_a_day_is_meant_by_the_clock_of_the_place(self):
        day = Stretch(date(2023, 9, 12), date(2023, 9, 12))
        there = day.at("Asia/Vladivostok")
        assert there.earliest == datetime(2023, 9, 11, 14, tzinfo=UTC)
        assert there.latest == datetime(2023, 9, 12, 14, tzinfo=UTC) - timedelta(microseconds=1)

    def test_along_a_journey_it_begins_where_it_begins_first(self, journey):
        day = Stretch(date(2023, 9, 12), date(2023, 9, 12)).along(journey)
        assert day.earliest == datetime(2023, 9, 11, 14, tzinfo=UTC)  # in Vladivostok
        assert day.latest == datetime(2023, 9, 12, 15, tzinfo=UTC) - timedelta(microseconds=1)

    @given(moments, moments, st.sampled_from(ZONES))
    def test_what_is_taken_has_its_order_by_every_clock_or_is_nothing(self, begin, end, zone):
        try:
            stretch = Stretch(begin, end)
        except ValueError:
            assert begin is not None
            assert end is not None
            return
        when = stretch.at(zone)
        assert when is None or isinstance(when, Interval)
        if type(begin) is type(end):
            assert when is not None

    @given(st.dates(date(2, 1, 1), date(9998, 12, 30)), st.sampled_from(ZONES))
    def test_days_follow_each_other_without_a_gap(self, day, zone):
        one = Stretch(day, day).at(zone)
        after = Stretch(day + timedelta(days=1), None).at(zone)
        assert after.earliest - one.latest == timedelta(microseconds=1)

    @pytest.mark.parametrize(("day", "end"), [(date.min, "earliest"), (date.max, "latest")])
    def test_the_ends_of_the_calendar_are_open_where_they_run_out(self, day, end):
        zone = "Asia/Pyongyang" if day == date.min else "Etc/GMT+12"
        assert getattr(Stretch(day, day).at(zone), end) is None


class TestStops:
    @pytest.mark.parametrize(
        ("stretch", "told"),
        [
            (Stretch(date(2023, 9, 12), date(2023, 9, 12)), "B"),
            (Stretch(date(2023, 9, 11), date(2023, 9, 12)), "AB"),
            (Stretch(date(2023, 9, 12), None), "BCD"),
            (Stretch(None, date(2023, 9, 12)), "AB"),
            (Stretch(hour(4), hour(5)), "B"),  # between arriving and leaving it was there
            (Stretch(hour(2), hour(2)), "B"),
            (Stretch(hour(3, 14), None), "CD"),
        ],
    )
    def test_those_whose_time_overlaps_it_are_in_it(self, journey, stretch, told):
        assert names(journey, stretch) == told

    def test_between_two_stops_both_are(self, journey):
        assert names(journey, Stretch(hour(0, 13), hour(1, 13))) == "BC"

    def test_what_may_come_is_when_it_can_be_reached(self, journey):
        assert names(journey, Stretch(hour(10, 14), hour(11, 14))) == "D"

    @pytest.mark.parametrize("year", [1999, 2030])
    def test_at_another_time_there_are_none(self, journey, year):
        stretch = Stretch(date(year, 1, 1), date(year, 12, 31))
        assert names(journey, stretch) == ""
        assert extent_within(journey, stretch) is None
        assert cut_of(journey, stretch) is None

    def test_of_no_journey_there_are_none(self, make):
        empty = derive_itinerary(make.trip(), FlatWorld())
        stretch = Stretch(date(2023, 9, 12), None)
        assert part_within(empty, stretch) == frozenset()
        assert extent_within(empty, stretch) is None
        assert cut_of(empty, stretch) is None

    def test_all_of_time_is_no_part(self, journey):
        assert EVER.is_open
        assert extent_within(journey, EVER) is None
        assert cut_of(journey, EVER) is None


class TestWindows:
    def test_it_is_around_the_stops_and_the_ways_between_them(self, journey):
        extent = extent_within(journey, Stretch(date(2023, 9, 12), hour(4, 14)))
        assert extent.west < 4 < 8 < extent.east
        assert extent.west > 0
        assert extent.east < 12

    def test_a_single_stop_has_a_window_of_some_size(self, journey):
        extent = extent_within(journey, Stretch(date(2023, 9, 12), date(2023, 9, 12)))
        assert extent.east - extent.west > 1

    def test_a_diagram_of_a_single_stop_has_the_ways_to_it_and_from_it(self, journey):
        cut = cut_of(journey, Stretch(date(2023, 9, 12), date(2023, 9, 12)))
        assert cut.stations == {1, 2, 3}
        assert cut.time.earliest == datetime(2023, 9, 11, 14, tzinfo=UTC)
