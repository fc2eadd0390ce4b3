"""What `/ogc` refuses, and how it says so: 400 and the parameter's name, every time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import InputError
from app.journey.interval import Interval
from app.publication.features.index import Box
from app.web.ogc.parameters import LIMIT, OFFSET, read_box, read_datetime

ITEMS = "/ogc/collections/waypoints/items"
DAY = "2023-09-12T00:00:00Z"
BEYOND = str(2**70)


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        *((f"bbox={bad}", "bbox") for bad in (
            "", "1,2,3", "1,2,3,4,5", "1,2,3,4,5,6,7", "nan,0,1,1", "0,0,inf,1", "0,-Infinity,1,1",
            "a,b,c,d", "0,0,1,", "0;0;1;1", "0,0,0x10,1", "0,0,1_0,1", "٠,0,1,1", "0,-91,1,1",
            "0,0,1,90.0001", "-181,0,1,1", "0,0,180.1,1", "0,10,1,9", "0,0,9,1,1,0", "1e999,0,1,1",
            "0,0,1,1&bbox=0,0,1,1",
        )),
        *((f"datetime={bad}", "datetime") for bad in (
            "", "junk", "2023-09-12", "2023-09-12T00:00:00", "2023-13-12T00:00:00Z", "..",
            "2023-09-12T25:00:00Z", f"{DAY}/2023-09-11T00:00:00Z", f"{DAY}/junk", f"junk/{DAY}",
            f"{DAY}/{DAY}/{DAY}", f"{DAY}/2023-09-13", "0000-01-01T00:00:00Z", f"...../{DAY}",
            f"{DAY}&datetime=junk", f"../{DAY}&datetime=2023-09-13T00:00:00Z/..",
        )),
        *((f"limit={bad}", "limit") for bad in (
            "", "0", "-1", BEYOND, "ten", "1.5", "1e3", "0x10", "1_0", "١", "%00", "9" * 5000,
            "5&limit=5",
        )),
        *((f"offset={bad}", "offset") for bad in (
            "", "-1", BEYOND, "9223372036854775808", "x", "1.0", "5&offset=5",
        )),
        *((f"as_of={bad}", "as_of") for bad in ("", "junk", "2023-09-12", f"{DAY}&as_of={DAY}")),
        *((f"f={bad}", "f") for bad in ("", "xml", "JSON", "json&f=json", "geojson")),
        *((f"status={bad}", "status") for bad in ("", "junk", "denied", "Reported")),
        *((f"conflict={bad}", "conflict") for bad in ("", "1", "True", "yes")),
        ("trip=a&trip=b", "trip"),
        ("bbox-crs=http://www.opengis.net/def/crs/OGC/1.3/CRS84", "bbox-crs"),
        ("mode=train", "mode"),  # of legs and claims; waypoints have none
        ("utm_source=news", "utm_source"),
        ("LIMIT=1", "LIMIT"),
        ("=1", ""),
        ("%00=1", "\x00"),
        ("filter=1=1", "filter"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_list_is_named(client, query, parameter):
    answer = client.get(f"{ITEMS}?{query}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    said = answer.json()
    assert said["parameter"] == parameter
    assert said["detail"]


@pytest.mark.parametrize(
    ("path", "query", "parameter"),
    [
        ("/ogc", "limit=1", "limit"),
        ("/ogc/", "x=1", "x"),
        ("/ogc/api", "f=yaml", "f"),
        ("/ogc/conformance", "as_of=2023-09-12T13:00:00Z", "as_of"),
        ("/ogc/collections", "bbox=0,0,1,1", "bbox"),
        ("/ogc/collections/places", "f=json&f=html", "f"),
        ("/ogc/collections/places/queryables", "trip=x", "trip"),
        ("/ogc/collections/places/items/khasan-station", "limit=1", "limit"),
        ("/ogc/collections/places/items/khasan-station", "as_of=then", "as_of"),
        ("/ogc/collections/places/items", "status=reported", "status"),
        ("/ogc/collections/legs/items", "mode=bicycle", "mode"),
        ("/ogc/collections/sightings/items", "credibility=x", "credibility"),
        ("/ogc/collections/sightings/items", f"credibility={BEYOND}", "credibility"),
    ],
)
def test_each_address_takes_its_own_parameters_and_no_other(client, path, query, parameter):
    answer = client.get(f"{path}?{query}")
    assert answer.status_code == 400
    assert answer.json()["parameter"] == parameter


@pytest.mark.parametrize(
    "query",
    [
        "limit=10000",
        "limit=10001",
        "limit=9223372036854775807",
        "limit=%2B5",
        "offset=9223372036854775807",
        "bbox=-180,-90,180,90",
        "bbox=170,-10,-170,10",
        "bbox=0,0,0,1,1,0",
        "bbox=1e1, -.5,2E1,5.",
        f"datetime={DAY}",
        f"datetime={DAY.lower()}",
        "datetime=2023-09-12T00:00:00.123456%2B09:00",
        f"datetime={DAY}/{DAY}",
        f"datetime=../{DAY}",
        f"datetime={DAY}/..",
        f"datetime=/{DAY}",
        f"datetime={DAY}/",
        "datetime=../..",
        "trip=no-such-trip",
        "trip=",
        "trip=%00",
        "place_id=%F0%9F%9A%82",
        "conflict=false",
    ],
)
def test_what_is_right_is_taken(client, query):
    answer = client.get(f"{ITEMS}?{query}")
    assert answer.status_code == 200, answer.text


def test_more_than_can_be_sent_at_once_is_asked_for_in_vain_but_no_error(client):
    answer = client.get(f"{ITEMS}?limit=10001").json()
    assert "limit=10000&" in answer["links"][0]["href"]


def test_limits_are_read_once_and_for_all():
    assert [LIMIT.read(text) for text in ("1", "100", "10000", "10001", "99999")] == [
        1,
        100,
        10_000,
        10_000,
        10_000,
    ]
    assert OFFSET.read("0") == 0


@given(st.text() | st.lists(st.floats().map(str)).map(",".join))
def test_any_box_is_read_or_refused_by_name(text):
    refused: str | None = None
    box = Box(0, 0, 0, 0)
    try:
        box = read_box(text)
    except InputError as error:
        refused = error.field
    assert refused in (None, "bbox")
    assert max(abs(box.west), abs(box.east)) <= 180
    assert -90 <= box.south <= box.north <= 90


@given(
    st.tuples(st.floats(-180, 180), st.floats(-90, 90), st.floats(-180, 180), st.floats(-90, 90))
)
def test_a_box_is_read_as_it_was_written(edges):
    west, south, east, north = edges
    south, north = min(south, north), max(south, north)
    box = read_box(",".join(map(repr, (west, south, east, north))))
    assert box == Box(west, south, east, north)
    assert "-0.0" not in map(repr, (box.west, box.south, box.east, box.north))


@given(st.text() | st.from_regex(r"[0-9TtZz:.+/ -]{0,60}", fullmatch=True))
def test_any_time_is_read_or_refused_by_name(text):
    refused: str | None = None
    try:
        read_datetime(text)
    except InputError as error:
        refused = error.field
    assert refused in (None, "datetime")


def test_open_ends_are_unbounded():
    assert read_datetime("../..").is_open
    assert read_datetime(f"{DAY}/..") == Interval.parse(DAY, None)
    assert read_datetime(f"/{DAY}") == Interval.parse(None, DAY)
    assert read_datetime(DAY) == Interval.parse(DAY, DAY)
