"""What features say and how they are found: places, times, properties, pages."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import orjson
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from app.journey.interval import Interval
from app.journey.model import Position, Trip
from app.publication.features.catalogue import Catalogue
from app.publication.features.collections import PROPERTIES, QUERYABLES, Collection
from app.publication.features.index import Box, Choice, Index
from app.publication.features.prepared import (
    ALWAYS_AFTER,
    ALWAYS_BEFORE,
    Feature,
    microseconds,
)
from app.publication.itinerary import Itineraries
from tests.journey.conftest import TripMaker
from tests.publication.conftest import Shelf

DAY = datetime(2023, 9, 12, tzinfo=UTC)


class TripsOf:
    """Implements :class:`app.publication.features.catalogue.TripList` over a shelf."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf

    def trips(self) -> list[Trip]:
        return [self.shelf.trips[slug] for slug in self.shelf.slugs()]


@pytest.fixture
def catalogue(shelf: Shelf, itineraries: Itineraries) -> Catalogue:
    return Catalogue(itineraries, TripsOf(shelf))


@pytest.fixture
def journey(make: TripMaker) -> Trip:
    make.place("a", 0.0)
    make.place("b", 3.0)
    make.place("far", 179.0)
    make.place("farther", -179.0)
    make.claim("a", "2023-09-10T00:00Z/2023-09-10T06:00Z", event="departed")
    make.claim("b", "2023-09-11T00:00Z/2023-09-11T06:00Z", event="arrived", publisher="other")
    return make.trip()


def properties_of(feature: Feature) -> dict[str, Any]:
    return orjson.loads(feature.body)["properties"]


@pytest.mark.parametrize("collection", list(Collection))
def test_every_feature_has_the_same_properties_in_the_same_order(
    catalogue, shelf, journey, collection
):
    shelf.put(journey)
    features = catalogue.index(catalogue.stamp(), collection).features
    assert features
    for feature in features:
        assert tuple(properties_of(feature)) == PROPERTIES[collection]
        assert orjson.loads(feature.body)["id"] == feature.id


def test_ids_are_made_of_the_trip_and_what_is_unique_in_it(catalogue, shelf, journey):
    shelf.put(journey)
    shelf.put(replace(journey, slug="u"))
    stamp = catalogue.stamp()
    ids = {c: [f.id for f in catalogue.index(stamp, c).features] for c in Collection}
    assert ids[Collection.WAYPOINTS] == [
        "t.waypoint-1",
        "t.waypoint-2",
        "u.waypoint-1",
        "u.waypoint-2",
    ]
    assert ids[Collection.LEGS] == ["t.leg-1", "u.leg-1"]
    assert ids[Collection.SIGHTINGS] == ["t.s0", "t.s1", "u.s0", "u.s1"]
    assert ids[Collection.PLACES] == ["a", "b"]


def test_a_place_that_a_dossier_defines_is_that_trips_own(catalogue, shelf, journey):
    own = replace(journey.places["a"], origin="dossier: the report", name="another a")
    shelf.put(journey)
    shelf.put(replace(journey, slug="u", places={**journey.places, "a": own}))
    index = catalogue.index(catalogue.stamp(), Collection.PLACES)
    assert [(f.id, properties_of(f)["trips"]) for f in index.features] == [
        ("a", ["t"]),
        ("b", ["t", "u"]),
        ("u.a", ["u"]),
    ]
    found = index.select(Choice(equal=(("trip", "t"),)))
    assert [index.features[n].id for n in found] == ["a", "b"]


def test_the_time_of_a_waypoint_is_from_arrival_to_departure_and_of_a_leg_between(
    catalogue, shelf, journey
):
    shelf.put(journey)
    stamp = catalogue.stamp()
    first, second = catalogue.index(stamp, Collection.WAYPOINTS).features
    (leg,) = catalogue.index(stamp, Collection.LEGS).features
    assert first.begins == ALWAYS_BEFORE
    assert first.ends == microseconds(datetime(2023, 9, 10, 6, tzinfo=UTC), 0)
    assert second.begins == microseconds(datetime(2023, 9, 11, tzinfo=UTC), 0)
    assert second.ends == ALWAYS_AFTER
    said = properties_of(leg)
    assert leg.begins == microseconds(datetime.fromisoformat(said["departure_earliest"]), 0)
    assert leg.ends == microseconds(datetime.fromisoformat(said["arrival_latest"]), 0)
    assert said["departure_earliest"] == "2023-09-10T10:00:00+10:00"
    assert said["arrival_latest"] == "2023-09-11T16:00:00+10:00"


def test_places_have_no_time_and_match_every_one(catalogue, shelf, journey):
    shelf.put(journey)
    index = catalogue.index(catalogue.stamp(), Collection.PLACES)
    assert index.time_extent() is None
    assert list(index.select(Choice(during=Interval.at(DAY)))) == [0, 1]


def test_as_of_leaves_out_what_was_not_yet_published(catalogue, shelf, make):
    make.place("a", 0.0)
    make.place("b", 3.0)
    make.claim("a", "2023-09-10T00:00Z", event="departed", published="2023-09-10T12:00Z")
    make.claim("b", "2023-09-11T00:00Z", event="arrived", published="2023-09-11T12:00Z")
    shelf.put(make.trip())

    def ids(as_of: datetime | None) -> list[list[str]]:
        stamp = catalogue.stamp(as_of)
        return [[f.id for f in catalogue.index(stamp, c).features] for c in Collection]

    assert ids(datetime(2023, 9, 10, tzinfo=UTC)) == [[], [], [], []]
    assert ids(datetime(2023, 9, 11, tzinfo=UTC)) == [["t.waypoint-1"], [], ["t.s0"], ["a"]]
    assert ids(None)[3] == ["a", "b"]
    first, later = (catalogue.stamp(datetime(2023, 9, 11, hour, tzinfo=UTC)) for hour in (0, 11))
    assert first == later
    assert first.as_of == datetime(2023, 9, 10, 12, tzinfo=UTC)
    assert catalogue.stamp(datetime(2030, 1, 1, tzinfo=UTC)) == catalogue.stamp()


def test_without_trips_there_is_nothing(catalogue):
    stamp = catalogue.stamp()
    assert stamp.as_of is None
    for collection in Collection:
        index = catalogue.index(stamp, collection)
        everything = Choice(
            Box(-180, -90, 180, 90),
            Interval.at(DAY),
            tuple((name, "x") for name in QUERYABLES[collection]),
        )
        assert list(index.select(everything)) == []
        assert index.extent() is None
        assert index.time_extent() is None
        assert index.find("t.waypoint-1") is None


def test_an_index_is_made_once_for_a_revision_and_anew_for_the_next(catalogue, shelf, journey):
    shelf.put(journey)
    stamp = catalogue.stamp()
    first = catalogue.index(stamp, Collection.LEGS)
    assert catalogue.index(catalogue.stamp(), Collection.LEGS) is first
    read = shelf.read
    shelf.put(replace(journey, title="Another"))
    assert catalogue.stamp() != stamp
    assert catalogue.index(catalogue.stamp(), Collection.LEGS) is not first
    assert shelf.read == read + 1


def test_a_line_over_the_antimeridian_is_cut_and_found_on_both_sides(catalogue, shelf, make):
    make.place("west", 178.0, 10.0)
    make.place("east", -178.0, 12.0)
    make.claim("west", "2023-09-10T00:00Z", event="departed")
    make.claim("east", "2023-09-20T00:00Z", event="arrived")
    shelf.put(make.trip())
    index = catalogue.index(catalogue.stamp(), Collection.LEGS)
    (leg,) = index.features
    assert orjson.loads(leg.body)["geometry"] == {
        "type": "MultiLineString",
        "coordinates": [[[178.0, 10.0], [180.0, 11.0]], [[-180.0, 11.0], [-178.0, 12.0]]],
    }
    for box in (Box(179, 10, 180, 12), Box(-180, 10, -179, 12), Box(179.5, 0, -179.5, 20)):
        assert list(index.select(Choice(box))) == [0]
    for box in (Box(-177, 0, 177, 20), Box(179, 11.5, -179.9, 20)):
        assert list(index.select(Choice(box))) == []


def points(*positions: tuple[float, float]) -> Index:
    return Index(
        Collection.PLACES,
        [
            Feature(str(n), b"{}", shapely.Point(at), ALWAYS_BEFORE, ALWAYS_AFTER, ((), (), (), ()))
            for n, at in enumerate(positions)
        ],
    )


def line(*positions: tuple[float, float]) -> Index:
    no_value: tuple[tuple[Any, ...], ...] = ((),) * len(QUERYABLES[Collection.LEGS])
    return Index(
        Collection.LEGS,
        [Feature("0", b"{}", shapely.LineString(positions), ALWAYS_BEFORE, ALWAYS_AFTER, no_value)],
    )


def test_a_line_has_to_meet_the_box_itself_not_only_with_its_envelope():
    diagonal = line((0, 0), (10, 10))
    assert list(diagonal.select(Choice(Box(6, 1, 9, 4)))) == []
    assert list(diagonal.select(Choice(Box(4, 5, 6, 9)))) == [0]
    assert list(diagonal.select(Choice(Box(4.9, 4.9, 5.1, 5.1)))) == [0]


@pytest.mark.parametrize(
    ("box", "met"),
    [
        (Box(5, 5, 5, 5), True),
        (Box(5, 0, 5, 5), True),
        (Box(0, 5, 5, 5), True),
        (Box(5, 5.1, 5, 5.1), False),
        (Box(5, 6, 5, 9), False),
    ],
)
def test_a_box_without_an_area_still_meets_what_lies_on_it(box, met):
    assert list(points((5, 5)).select(Choice(box))) == ([0] if met else [])


degrees = st.integers(-8, 8)
longitudes = degrees.map(lambda n: n * 22.5)
latitudes = degrees.map(lambda n: n * 11.25)
boxes = st.tuples(longitudes, st.lists(latitudes, min_size=2, max_size=2), longitudes).map(
    lambda drawn: Box(drawn[0], min(drawn[1]), drawn[2], max(drawn[1]))
)


@given(at=st.lists(st.tuples(longitudes, latitudes), max_size=20), box=boxes)
def test_points_are_found_as_comparing_numbers_finds_them(at, box):
    def is_in(lon: float, lat: float) -> bool:
        along = (
            box.west <= lon <= box.east
            if box.west <= box.east
            else lon >= box.west or lon <= box.east
        )
        return along and box.south <= lat <= box.north

    found = list(points(*at).select(Choice(box)))
    assert found == [n for n, (lon, lat) in enumerate(at) if is_in(lon, lat)]


hours = st.none() | st.integers(-40, 40).map(lambda n: DAY + timedelta(hours=n))


@st.composite
def intervals(draw: Callable[..., Any]) -> Interval:
    ends = [draw(hours), draw(hours)]
    if None not in ends:
        ends.sort()
    return Interval(*ends)


@given(own=st.lists(intervals(), max_size=20), asked=intervals())
def test_times_are_found_as_intervals_meet(own, asked):
    index = Index(
        Collection.PLACES,
        [
            Feature(
                str(n),
                b"{}",
                shapely.Point(0, 0),
                microseconds(time.earliest, ALWAYS_BEFORE),
                microseconds(time.latest, ALWAYS_AFTER),
                ((), (), (), ()),
            )
            for n, time in enumerate(own)
        ],
    )
    found = list(index.select(Choice(during=asked)))
    assert found == [n for n, time in enumerate(own) if time.overlaps(asked)]


@given(st.datetimes(timezones=st.just(UTC)))
def test_instants_survive_as_numbers(instant):
    value = microseconds(instant, 0)
    assert datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=value) == instant
    assert ALWAYS_BEFORE < value < ALWAYS_AFTER
    assert np.int64(value) == value


def every_choice(index: Index, collection: Collection) -> Iterator[tuple[str, Any]]:
    for n, name in enumerate(QUERYABLES[collection]):
        for value in {value for feature in index.features for value in feature.values[n]}:
            yield name, value


@pytest.mark.parametrize("collection", list(Collection))
def test_properties_are_found_by_their_values(catalogue, shelf, journey, collection):
    shelf.put(journey)
    shelf.put(replace(journey, slug="u"))
    index = catalogue.index(catalogue.stamp(), collection)
    chosen = list(every_choice(index, collection))
    assert ("trip", "u") in chosen
    for name, value in chosen:
        found = {index.features[n].id for n in index.select(Choice(equal=((name, value),)))}
        published = "trips" if collection is Collection.PLACES and name == "trip" else name
        assert found == {
            feature.id
            for feature in index.features
            if (said := properties_of(feature)[published]) == value
            or (isinstance(said, list) and value in said)
        }


def test_a_place_on_the_map_is_where_a_claim_is(catalogue, shelf, make):
    make.places["p"] = replace(
        make.places[make.place("p", 0.0)], position=Position(130.123456789, 42.987654321)
    )
    make.claim("p", "2023-09-10T00:00Z")
    shelf.put(make.trip())
    stamp = catalogue.stamp()
    for collection in (Collection.WAYPOINTS, Collection.SIGHTINGS, Collection.PLACES):
        (feature,) = catalogue.index(stamp, collection).features
        assert orjson.loads(feature.body)["geometry"]["coordinates"] == [130.12346, 42.98765]
        assert feature.geometry == shapely.Point(130.12346, 42.98765)
