"""What the dossiers of `seeds/` say, over the real reference data: who was where, known when."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.journey.derived import Itinerary, Leg
from app.journey.model import Modality, Mode, Sighting, Trip
from app.publication.itinerary import Options

pytestmark = pytest.mark.reference

HANOI, VLADIVOSTOK = "2019-02-hanoi", "2019-04-vladivostok"
RUSSIA, BEIJING = "2023-09-russia", "2025-09-beijing"
SLUGS = (HANOI, VLADIVOSTOK, RUSSIA, BEIJING)
HOUR = timedelta(hours=1)

FIRST_ARTICLE = [
    ("pyongyang", "reported"),
    ("tumen-rail-bridge", "reported"),
    ("khasan-station", "reported"),
    ("razdolnaya-bridge", "reported"),
    ("ussuriysk", "expected"),
    ("vladivostok", "possible"),
    ("khabarovsk", "possible"),
    ("vostochny-cosmodrome", "possible"),
]
OUT = [place for place, _ in FIRST_ARTICLE[:5]]
WHOLE_WAY = [
    *OUT,
    "vostochny-cosmodrome",
    "komsomolsk-on-amur",
    "artyom-primorsky-1",
    "vladivostok",
    "artyom-primorsky-1",
    "tumangang-station",
    "pyongyang",
]


@pytest.fixture(scope="module")
def itinerary(seeded_rooms):
    def itinerary(slug: str, as_of: str | None = None, **speeds: float) -> Itinerary:
        at = None if as_of is None else datetime.fromisoformat(as_of)
        return seeded_rooms.itineraries.view(slug, Options(as_of=at, **speeds)).itinerary

    return itinerary


def stops(itinerary: Itinerary) -> list[tuple[str, str]]:
    return [(w.place.id, w.status.value) for w in itinerary.waypoints]


def claim(trip: Trip, sighting_id: str) -> Sighting:
    return next(s for s in trip.sightings if s.id == sighting_id)


def middle(trip: Trip, sighting_id: str) -> datetime:
    when = claim(trip, sighting_id).when
    assert when.earliest is not None
    assert when.latest is not None
    return when.earliest + (when.latest - when.earliest) / 2


def leg_between(itinerary: Itinerary, origin: str, destination: str) -> Leg:
    place = {w.sequence: w.place.id for w in itinerary.waypoints}
    return next(
        leg
        for leg in itinerary.legs
        if (place[leg.origin], place[leg.destination]) == (origin, destination)
    )


class TestEverySeed:
    def test_there_are_four(self, seeded_rooms):
        assert set(SLUGS) <= set(seeded_rooms.repository.slugs())

    @pytest.mark.parametrize("slug", SLUGS)
    def test_nothing_in_it_contradicts_anything(self, itinerary, slug):
        found = itinerary(slug)
        assert found.contradictions == ()
        assert not any(waypoint.disputed for waypoint in found.waypoints)

    @pytest.mark.parametrize("slug", SLUGS)
    def test_its_reported_stops_follow_each_other_in_time(self, itinerary, slug):
        reported = [w for w in itinerary(slug).waypoints if w.status is Modality.REPORTED]
        arrivals = [w.arrival.latest for w in reported if w.arrival.latest is not None]
        assert arrivals == sorted(arrivals)

    @pytest.mark.parametrize("slug", SLUGS)
    def test_no_leg_is_faster_than_is_assumed(self, itinerary, slug):
        for leg in itinerary(slug).legs:
            assert leg.distance_km is not None
            if leg.max_speed_kmh is not None and leg.speed_kmh.lower is not None:
                assert leg.speed_kmh.lower <= leg.max_speed_kmh


class TestRussia2023:
    def test_before_the_article_was_updated_only_the_departure_was_reported(self, itinerary):
        assert stops(itinerary(RUSSIA, "2023-09-12T10:00:00Z")) == [
            ("pyongyang", "reported"),
            ("vladivostok", "possible"),
        ]

    def test_by_the_evening_it_is_what_the_first_article_supports(self, itinerary):
        assert stops(itinerary(RUSSIA, "2023-09-12T13:00:00Z")) == FIRST_ARTICLE

    def test_no_later_report_was_surely_known_that_evening(self, itinerary):
        at = datetime(2023, 9, 12, 13, tzinfo=UTC)
        trip = itinerary(RUSSIA).trip
        known = {source.id for source in trip.sources if source.known_at <= at}
        assert known == {
            "nyt-2023-09",
            "kcna-2023-09-11",
            "kremlin-2023-09-11",
            "kcna-2023-09-12",
            "state-media-2023-09-12",
            "joongang-2023-09-12",
        }

    def test_the_host_said_that_he_would_fly_and_he_came_by_train(self, itinerary):
        announced = itinerary(RUSSIA, "2023-09-14T12:00:00Z")
        assert stops(announced)[-2:] == [
            ("komsomolsk-on-amur", "expected"),
            ("vladivostok", "expected"),
        ]
        ends = ("vostochny-cosmodrome", "komsomolsk-on-amur")
        flight = leg_between(announced, *ends)
        assert flight.mode is Mode.PLANE
        assert flight.distance_km == pytest.approx(flight.great_circle_km)
        travelled = leg_between(itinerary(RUSSIA, "2023-09-15T02:00:00Z"), *ends)
        assert travelled.mode is Mode.TRAIN
        assert 1000 <= travelled.distance_km <= 1200

    def test_on_the_way_home_the_return_was_expected_a_day_too_early(self, itinerary):
        found = itinerary(RUSSIA, "2023-09-18T12:00:00Z")
        assert stops(found)[-2:] == [("artyom-primorsky-1", "reported"), ("pyongyang", "expected")]
        trip = found.trip
        assert claim(trip, "pyongyang-return-ahead").when.latest == datetime(
            2023, 9, 18, 18, tzinfo=ZoneInfo("Asia/Pyongyang")
        )

    def test_on_20_september_the_whole_way_is_reported(self, itinerary):
        found = itinerary(RUSSIA, "2023-09-20T12:00:00Z")
        assert stops(found) == [(place, "reported") for place in WHOLE_WAY]
        assert stops(found) == stops(itinerary(RUSSIA))

    def test_the_two_visits_of_a_place_keep_their_own_claims(self, itinerary):
        waypoints = itinerary(RUSSIA).waypoints
        at = {
            place: [set(w.sightings) for w in waypoints if w.place.id == place]
            for place in ("pyongyang", "artyom-primorsky-1")
        }
        assert at["pyongyang"] == [
            {"pyongyang-departure", "pyongyang-boarding"},
            {"pyongyang-return", "pyongyang-return-ahead"},
        ]
        assert at["artyom-primorsky-1"] == [
            {"artyom-arrival"},
            {"artyom-farewell", "artyom-departure"},
        ]

    def test_a_quarter_past_five_in_moscow_was_a_quarter_past_noon_at_the_bridge(self, itinerary):
        trip = itinerary(RUSSIA).trip
        at_the_bridge = middle(trip, "razdolnaya-crossing-ria").astimezone(
            ZoneInfo("Asia/Vladivostok")
        )
        assert at_the_bridge.isoformat() == "2023-09-12T12:15:00+10:00"

    @pytest.mark.parametrize(
        ("sighting", "local"),
        [
            ("khasan-arrival-kcna", "2023-09-12T06:00:00+10:00"),
            ("komsomolsk-arrival", "2023-09-15T08:50:00+10:00"),
            ("pyongyang-return", "2023-09-19T20:00:00+09:00"),
        ],
    )
    def test_reported_hours_are_on_the_clock_of_the_place(self, itinerary, sighting, local):
        trip = itinerary(RUSSIA).trip
        zone = ZoneInfo(trip.places[claim(trip, sighting).place].time_zone)
        assert middle(trip, sighting).astimezone(zone).isoformat() == local

    def test_an_agency_relayed_and_read_at_first_hand_is_one_origin(self, itinerary):
        bridge = next(w for w in itinerary(RUSSIA).waypoints if w.place.id == "razdolnaya-bridge")
        assert set(bridge.sightings) == {"razdolnaya-crossing", "razdolnaya-crossing-ria"}
        assert bridge.origins == ("RIA Novosti",)

    @pytest.mark.parametrize(
        ("origin", "destination", "mode", "low_km", "high_km"),
        [
            ("pyongyang", "tumen-rail-bridge", Mode.TRAIN, 800, 870),
            ("ussuriysk", "vostochny-cosmodrome", Mode.TRAIN, 1380, 1430),
            ("komsomolsk-on-amur", "artyom-primorsky-1", Mode.TRAIN, 1080, 1180),
            ("artyom-primorsky-1", "vladivostok", Mode.CAR, 38, 60),
            ("vladivostok", "artyom-primorsky-1", Mode.CAR, 38, 60),
            ("artyom-primorsky-1", "tumangang-station", Mode.TRAIN, 270, 320),
            ("tumangang-station", "pyongyang", Mode.TRAIN, 800, 870),
        ],
    )
    def test_legs_are_as_long_as_their_lines(
        self, itinerary, origin, destination, mode, low_km, high_km
    ):
        leg = leg_between(itinerary(RUSSIA), origin, destination)
        assert leg.mode is mode
        assert low_km <= leg.distance_km <= high_km


class TestHanoi2019:
    def test_the_way_there_took_65_hours_and_a_quarter_across_zones(self, itinerary):
        trip = itinerary(HANOI).trip
        left, came = middle(trip, "pyongyang-departure-tass"), middle(trip, "dong-dang-arrival")
        assert (came - left) / HOUR == 65.25
        by_the_clocks = [
            at.astimezone(ZoneInfo(trip.places[place].time_zone)).replace(tzinfo=None)
            for at, place in ((left, "pyongyang"), (came, "dong-dang-station"))
        ]
        assert (by_the_clocks[1] - by_the_clocks[0]) / HOUR == 63.25

    def test_the_reported_66_hours_are_of_this_journey_and_agree(self, itinerary):
        found = itinerary(HANOI)
        (figure,) = (f for f in found.trip.figures if f.of_this_journey)
        assert (figure.origin, figure.destination) == ("pyongyang", "dong-dang-station")
        left = found.waypoints[0]
        came = next(w for w in found.waypoints if w.place.id == figure.destination)
        assert (came.arrival.latest - left.departure.earliest) / HOUR >= figure.duration_h.lower
        assert (came.arrival.earliest - left.departure.latest) / HOUR <= figure.duration_h.upper


class TestBeijing2025:
    def test_it_leads_from_the_yalu_to_beijing(self, itinerary):
        assert stops(itinerary(BEIJING)) == [
            ("yalu-rail-bridge", "reported"),
            ("beijing", "reported"),
        ]

    def test_while_it_was_under_way_beijing_was_expected(self, itinerary):
        assert stops(itinerary(BEIJING, "2025-09-02T08:00:00Z")) == [
            ("yalu-rail-bridge", "reported"),
            ("beijing", "expected"),
        ]

    def test_three_in_the_morning_in_korea_was_two_at_the_bridge(self, itinerary):
        at = middle(itinerary(BEIJING).trip, "yalu-crossing").astimezone(ZoneInfo("Asia/Shanghai"))
        assert at.isoformat() == "2025-09-02T02:00:00+08:00"

    def test_it_took_fourteen_hours_give_or_take_one_for_nine_hundred_km(self, itinerary):
        found = itinerary(BEIJING)
        (leg,) = found.legs
        assert leg.mode is Mode.TRAIN
        assert leg.distance_km == pytest.approx(900, abs=10)
        assert leg.duration_h.lower == pytest.approx(13)
        assert leg.duration_h.upper == pytest.approx(15)
        assert leg.distance_km / leg.duration_h.upper >= 59.8
        # Where in the city it arrived is not said, which leaves a little less.
        assert leg.speed_kmh.lower == pytest.approx(59, abs=0.5)

    def test_at_no_more_than_50_kmh_the_two_reports_cannot_both_be_true(self, itinerary):
        (found,) = itinerary(BEIJING, max_speed_kmh=50).contradictions
        assert found.sightings == ("yalu-crossing", "beijing-arrival")
        assert "max_speed" in found.assumptions
        assert found.set_aside == "max_speed"
        assert found.relaxed_to_kmh == pytest.approx(59, abs=0.5)

    def test_at_up_to_120_kmh_they_can(self, itinerary):
        assert itinerary(BEIJING, max_speed_kmh=120).contradictions == ()

    def test_one_report_bounds_each_end(self, itinerary):
        trip = itinerary(BEIJING).trip
        reported = [s for s in trip.sightings if s.modality is Modality.REPORTED]
        assert sorted(s.place for s in reported) == ["beijing", "yalu-rail-bridge"]
        reliability = {source.id: source.reliability for source in trip.sources}
        assert all(reliability[s.source] in "ABC" and s.credibility <= 3 for s in reported)
