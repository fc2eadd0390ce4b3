"""The static map: what it shows, that nothing covers anything, that it is safe to hand on."""

import hashlib
import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.pictures.look import Look, Size, Theme
from app.pictures.raster import to_png
from app.pictures.static_map import static_map
from app.publication.ground import shown_extent
from app.publication.itinerary import Options
from app.words import ENGLISH
from tests.pictures.journeys_to_draw import (
    ALL_SIZES,
    CREDIT,
    EXPECTED,
    NAMES,
    ODD,
    PLAIN,
    POSSIBLE,
    REPORTED,
    drawn,
    journey,
    stop,
)
from tests.pictures.map_reading import (
    all_text,
    assert_last_and_next_named,
    assert_whole,
    path_points,
    route_of,
)
from tests.pictures.svg_reading import NAMESPACE, elements, parsed

SLUGS = ["2019-02-hanoi", "2019-04-vladivostok", "2023-09-russia", "2025-09-beijing"]
EVENING = datetime(2023, 9, 12, 13, tzinfo=UTC)


# What it shows


def test_reported_is_solid_expected_dashed_possible_dotted_and_a_guess_lighter():
    known = journey(
        stop(1, 30, 60), stop(2, 32, 60), stop(3, 34, 60, EXPECTED), stop(4, 36, 60, POSSIBLE)
    )
    root = assert_whole(drawn(known))
    dashes = {
        status: [
            g.get("stroke-dasharray")
            for g in elements(root, "g", "leg")
            if status in g.get("class")
        ]
        for status in ("reported", "expected", "possible")
    }
    assert dashes["reported"] == [None]
    assert len({*dashes["reported"], *dashes["expected"], *dashes["possible"]}) == 3
    assert not elements(root, "g", "guess")
    guessed = assert_whole(drawn(journey(stop(1, 30, 60), stop(2, 32, 61), routed=False)))
    (guess,) = elements(guessed, "g", "guess")
    assert float(guess.get("opacity")) < 1
    assert "way not known" in all_text(guessed)


def test_states_of_markers_differ_in_shape_and_the_last_has_a_ring():
    known = journey(
        stop(1, 30, 60), stop(2, 32, 60), stop(3, 34, 60, EXPECTED), stop(4, 36, 60, POSSIBLE)
    )
    root = assert_whole(drawn(known))
    shapes = {}
    for badge in elements(root, "g", "badge"):
        rects = list(badge.iter(NAMESPACE + "rect"))
        shapes[badge.get("data-waypoint")] = (
            rects[-1].get("fill"), bool(rects[-1].get("stroke-dasharray")), len(rects),
        )  # fmt: skip
    assert len(set(shapes.values())) == 4
    heights = [
        max(float(r.get("height")) for r in badge.iter(NAMESPACE + "rect"))
        for badge in elements(root, "g", "badge")
        if badge.get("data-waypoint") in ("1", "2")
    ]
    assert heights[0] != heights[1]
    assert "last" in elements(root, "g", "last")[0].get("class")
    assert elements(root, "g", "last")[0].get("data-waypoint") == "2"


def test_a_disputed_waypoint_is_marked_and_said_to_be():
    root = assert_whole(drawn(journey(stop(1, 30, 60), stop(2, 32, 61, disputed=("claim",)))))
    assert len(elements(root, "circle", "disputed")) == 1
    assert all_text(root).count("disputed") == 2  # at the stop and in the key
    assert "disputed" in root.find(NAMESPACE + "desc").text


def test_out_and_back_share_one_marker_with_both_numbers():
    there = {"place": "home"}
    root = assert_whole(
        drawn(journey(stop(1, 30, 60, **there), stop(2, 34, 61), stop(3, 30, 60, **there)))
    )
    badges = {
        b.get("data-waypoint"): b.find(NAMESPACE + "text").text
        for b in elements(root, "g", "badge")
    }
    assert badges == {"1 3": "1·3", "2": "2"}


def test_every_waypoint_and_leg_can_be_found_by_its_number():
    known = journey(*(stop(n, 30 + n % 5, 60 + n / 9) for n in range(1, 31)))
    root = assert_whole(drawn(known))
    marked = {n for e in root.iter() for n in (e.get("data-waypoint") or "").split()}
    assert marked == {str(n) for n in range(1, 31)}
    legs = [e.get("data-leg") for e in root.iter() if e.get("data-leg")]
    assert sorted(legs, key=int) == [str(n) for n in range(1, 30)]


def test_times_are_told_and_the_description_lists_the_stops_in_order():
    root = assert_whole(drawn(journey(stop(1, 30, 60), stop(2, 34, 61)), times={2: "noon, local"}))
    assert "last reported, noon, local" in all_text(root)
    assert root.find(NAMESPACE + "desc").text == (
        "The stops in order: 1. Place 1, reported; 2. Place 2, last reported, noon, local."
    )


def test_arrow_heads_show_the_way_but_not_where_it_goes_both_ways():
    one_way = assert_whole(drawn(journey(stop(1, 30, 60), stop(2, 34, 61))))
    both = journey(stop(1, 30, 60), stop(2, 34, 61), stop(3, 30, 60), routed=False)
    assert elements(one_way, "path", "arrows")
    assert not elements(assert_whole(drawn(both)), "path", "arrows")


def test_names_that_found_no_room_are_counted():
    crowd = journey(*(stop(n, 30 + n % 10 / 9, 60 + n / 90) for n in range(1, 91)))
    root = assert_whole(drawn(crowd, 440, 300))
    (told,) = re.findall(r"(\d+) names left out", all_text(root))
    shown = {
        name for g in elements(root, "g", "name") for name in re.findall(r"Place \d+", all_text(g))
    }
    assert 0 < len(shown) < 90
    assert int(told) == 90 - len(shown | set(re.findall(r"Place \d+", all_text(root))))


def test_nothing_is_left_out_where_there_is_room():
    assert "left out" not in all_text(
        assert_whole(drawn(journey(stop(1, 30, 60), stop(2, 34, 61))))
    )


def test_scale_bar_is_as_long_as_it_says_at_the_middle_latitude():
    root = assert_whole(drawn(journey(stop(1, 30, 0), stop(2, 31, 0))))
    (scale,) = elements(root, "path", "scale")
    bar_px = float(re.findall(r"h([\d.]+)", scale.get("d"))[0])
    (km,) = re.findall(r"(\d+) km", all_text(root))
    first, last = (
        float(badge.find(NAMESPACE + "text").get("x")) for badge in elements(root, "g", "badge")
    )
    assert bar_px / abs(last - first) == pytest.approx(int(km) / 111.2, rel=0.02)
    assert "at 0° N" in all_text(root)


def test_names_are_in_the_language_of_the_picture():
    waypoint = stop(1, 30, 60, name="Khasan")
    waypoint = replace(waypoint, place=replace(waypoint.place, names={"ko": "하산"}))
    assert "하산" in all_text(assert_whole(drawn(journey(waypoint), language="ko")))
    assert "Khasan" in all_text(assert_whole(drawn(journey(waypoint), language="ru")))


def test_disputed_borders_are_dashed_and_others_are_not():
    def border(lat, disputed):
        line = {"type": "LineString", "coordinates": [[20, lat], [50, lat]]}
        return {"type": "Feature", "properties": {"disputed": disputed}, "geometry": line}

    ground = {"borders": {"features": [border(60.1, False), border(60.3, True)]}}
    root = assert_whole(drawn(journey(stop(1, 30, 60), stop(2, 31, 60.5)), ground=ground))
    dashes = [e.get("stroke-dasharray") is not None for e in elements(root, "path", "borders")]
    assert sorted(dashes) == [False, True]


# Odd journeys


@pytest.mark.parametrize("size", ALL_SIZES, ids=lambda size: "x".join(map(str, size)))
@pytest.mark.parametrize("name", ODD)
def test_odd_journeys_are_drawn_whole(name, size):
    itinerary = ODD[name]
    root = assert_whole(drawn(itinerary, *size))
    assert_last_and_next_named(root, itinerary)


def test_a_journey_of_nothing_says_so_over_the_world():
    root = assert_whole(drawn(journey()))
    assert [e.text for e in elements(root, "text", "nothing")] == [ENGLISH["nothing_on_map"]]
    assert root.find(NAMESPACE + "desc").text == ENGLISH["nothing_reported"]


def test_the_shorter_way_over_the_antimeridian_is_drawn():
    root = assert_whole(drawn(ODD["over the antimeridian"]))
    x, _ = route_of(root).T
    (edge,) = elements(root, "rect", "edge")
    assert np.ptp(x) > 0.3 * float(edge.get("width"))
    badges = [e.get("data-waypoint") for e in elements(root, "g", "badge")]
    centres = [b.find(NAMESPACE + "text").get("x") for b in elements(root, "g", "badge")]
    by_number = dict(zip(badges, map(float, centres), strict=True))
    assert by_number["1"] < by_number["2"] < by_number["3"]


def test_a_long_credit_is_never_cut():
    credit = "; ".join(f"Source number {n} under licence {n}" for n in range(40))
    itinerary = journey(stop(1, 30, 60), stop(2, 34, 61))
    for width, height in ALL_SIZES:
        look = Look(width, height, credit=credit, note=ENGLISH["borders"])
        assert_whole(static_map(itinerary, shown_extent(itinerary), {}, PLAIN, look), credit=credit)


coordinates = st.tuples(st.floats(100, 140), st.floats(30, 60))


@settings(
    max_examples=30, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
@given(
    st.lists(st.tuples(coordinates, st.sampled_from(NAMES)), min_size=1, max_size=25),
    st.integers(0, 25),
    st.sampled_from([EXPECTED, POSSIBLE]),
    st.booleans(),
    st.sampled_from(ALL_SIZES),
)
def test_whatever_the_journey_nothing_covers_anything(places, happened, ahead, routed, size):
    itinerary = journey(
        *(
            stop(n, lon, lat, REPORTED if n <= happened else ahead, name=name)
            for n, ((lon, lat), name) in enumerate(places, start=1)
        ),
        routed=routed,
    )
    root = assert_whole(drawn(itinerary, *size))
    assert_last_and_next_named(root, itinerary)


def digest():
    """Of pictures drawn in a process of their own."""
    pictures = [
        drawn(ODD[name]).to_bytes() for name in ("strange names", "many", "around the world")
    ]
    return hashlib.sha256(b"".join(pictures)).hexdigest()


def test_the_same_bytes_in_every_process():
    code = f"import runpy; print(runpy.run_path({str(Path(__file__))!r})['digest']())"
    found = {
        subprocess.run(
            [sys.executable, "-c", code], check=True, capture_output=True, text=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path.cwd())},
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert found == {digest() + "\n"}


# The seeds over the real ground


@pytest.mark.reference
@pytest.mark.parametrize("theme", Theme)
@pytest.mark.parametrize("size", Size)
@pytest.mark.parametrize(
    ("slug", "as_of"), [*((slug, None) for slug in SLUGS), (SLUGS[2], EVENING)]
)
def test_the_seeds_are_fit_to_print(seeded_rooms, lettering, slug, as_of, size, theme):
    itinerary = seeded_rooms.itineraries.view(slug, Options(as_of)).itinerary
    extent = shown_extent(itinerary)
    width, height = size.pixels
    look = Look(width, height, theme.palette, credit=seeded_rooms.credit, note=ENGLISH["borders"])
    ground = seeded_rooms.ground.features(extent, width)
    drawing = static_map(
        itinerary, extent, ground, lettering, look,
        times={w.sequence: "12 Sep 06:00–09:00 local" for w in itinerary.waypoints},
        heading=(itinerary.trip.title, "Last reported: somewhere"),
    )  # fmt: skip
    root = assert_whole(drawing, lettering, seeded_rooms.credit)
    assert_last_and_next_named(root, itinerary)
    for kind in ("land", "railways", "borders"):
        assert elements(root, "path", kind), kind
    assert theme.palette.sea in drawing.to_text()


@pytest.mark.reference
def test_the_ground_reaches_to_every_edge_of_the_picture(seeded_rooms, lettering):
    inland = journey(stop(1, 105, 56), stop(2, 105.2, 58))
    extent = shown_extent(inland)
    for width, height in [*(size.pixels for size in Size), (360, 300)]:
        look = Look(width, height, credit=CREDIT)
        ground = seeded_rooms.ground.features(extent, width)
        root = parsed(static_map(inland, extent, ground, lettering, look).to_text())
        (edge,) = elements(root, "rect", "edge")
        left, top, w, h = (float(edge.get(name)) for name in ("x", "y", "width", "height"))
        (land,) = elements(root, "path", "land")
        x, y = path_points(land.get("d")).T
        assert x.min() <= left
        assert y.min() <= top
        assert x.max() >= left + w
        assert y.max() >= top + h


@pytest.mark.reference
@pytest.mark.parametrize("size", Size)
@pytest.mark.parametrize("name", ["many", "around the world", "none"])
def test_the_heaviest_pictures_stay_light(seeded_rooms, lettering, name, size):
    itinerary = ODD[name]
    ground = seeded_rooms.ground.features(shown_extent(itinerary), size.pixels[0])
    root = assert_whole(drawn(itinerary, *size.pixels, lettering, ground), lettering)
    assert elements(root, "path", "land")


@pytest.mark.reference
def test_it_can_be_drawn_in_pixels(lettering):
    picture = drawn(ODD["strange names"], 440, 300, lettering)
    png = to_png(picture.to_text(), lettering)
    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20]) == 440
    nothing = to_png(drawn(journey(), 440, 300, lettering).to_text(), lettering)
    assert png != nothing
