"""Journeys of very many stops: all are dots on a canvas, and some of those in view have markers.

That they are drawn quickly is for ``tests/bench`` to tell; here, that nothing is lost by it.
"""

import itertools
import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from app.journey.model import Event, Modality, Trip
from tests.bench.long_journey import long_journey
from tests.browser.conftest import serve
from tests.browser.test_labels_in_browser import (
    ARRANGED,
    HALF_A_LINE,
    LIE_OF_THE_MAP,
    covers,
    lies_on,
    must_be_named,
    open_trip,
    resize,
    told_to_be_left_out,
    wrongs,
)
from tests.conftest import RoomsOf

pytestmark = [pytest.mark.browser, pytest.mark.reference]

MANY = 3_000
WIDTH, HEIGHT = 800, 584
# One that is not among the markers at even steps, and lies alone under no number.
UNMARKED = 1_501
MOVED_AT_MOST = 250_000

# Where all stops lie on the screen, seen from two markers far apart, as the map has no other way
# to tell; in Mercator both ways are linear.
LIE_OF_THE_STOPS = """() => {
  const { waypoints } = JSON.parse(document.getElementById('trip-data').textContent);
  const north = (lat) => Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360));
  const known = [...document.querySelectorAll('.pin')].map((pin) => {
    const { left, top } = pin.getBoundingClientRect();
    const waypoint = waypoints.find((w) => w.sequence === Number(pin.dataset.waypoint));
    return { x: left, y: top, lon: waypoint.lon, north: north(waypoint.lat) };
  });
  const ends = (key) => {
    const sorted = [...known].sort((a, b) => a[key] - b[key]);
    return [sorted[0], sorted.at(-1)];
  };
  const [west, east] = ends('lon');
  const [south, far] = ends('north');
  return waypoints.map(({ sequence, lat, lon }) => ({
    sequence,
    x: west.x + ((lon - west.lon) / (east.lon - west.lon)) * (east.x - west.x),
    y: south.y + ((north(lat) - south.north) / (far.north - south.north)) * (far.y - south.y),
  }));
}"""

# The colour in the middle of a stop's place on the canvas of the dots, as red, green, blue, alpha.
COLOUR_OF_DOT = """([x, y]) => {
  const canvas = document.querySelector('.leaflet-crowd-pane canvas');
  const { left, top, width, height } = canvas.getBoundingClientRect();
  const across = Math.round(((x - left) * canvas.width) / width);
  const down = Math.round(((y - top) * canvas.height) / height);
  return [...canvas.getContext('2d').getImageData(across, down, 1, 1).data];
}"""


# Another at every zoom.
SCALE = """() => {
  const line = document.querySelector('.leaflet-control-scale-line');
  return `${line.textContent} ${line.style.width}`;
}"""


def _journey_with_a_future(count: int) -> Trip:
    """A long journey of which the last two stops are an expected one and a possible one."""
    trip = long_journey(count)
    *reported, expected, possible = trip.sightings
    ahead = (
        replace(expected, event=Event.ARRIVED, modality=Modality.EXPECTED),
        replace(possible, event=Event.ARRIVED, modality=Modality.POSSIBLE),
    )
    return replace(trip, sightings=(*reported, *ahead))


@pytest.fixture(scope="module")
def many_url(rooms_of: RoomsOf) -> Iterator[str]:
    """A server of trips longer than a dossier may be: ``stops-1000`` and ``stops-3000``."""
    rooms = rooms_of({})
    rooms.repository.load([long_journey(1_000), _journey_with_a_future(MANY)])
    yield from serve(rooms)


@pytest.fixture(scope="module")
def reader(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


def embed(
    page: Page, many_url: str, query: str = "", width: int = WIDTH, height: int = HEIGHT
) -> None:
    open_trip(page, f"{many_url}/embed/stops-{MANY}{query}", width, height)


def stops_in(frame: dict[str, Any], page: Page) -> list[dict[str, Any]]:
    """The stops whose places are in view, but for those right at its edge."""
    return [
        stop
        for stop in page.evaluate(LIE_OF_THE_STOPS)
        if frame["left"] + 3 <= stop["x"] <= frame["right"] - 3
        and frame["top"] + 3 <= stop["y"] <= frame["bottom"] - 3
    ]


def colour_of_dot(page: Page, stop: dict[str, Any]) -> tuple[int, int, int]:
    red, green, blue, _ = page.evaluate(COLOUR_OF_DOT, [stop["x"], stop["y"]])
    return red, green, blue


def zoom_in(page: Page, times: int) -> None:
    for _ in range(times):
        before = page.evaluate(SCALE)
        page.get_by_role("button", name="Zoom in").click()
        page.wait_for_function(f"(before) => ({SCALE})() !== before", arg=before)
        page.wait_for_function(ARRANGED, arg=[WIDTH, HEIGHT])


@pytest.mark.parametrize(("width", "height", "scheme"), [(360, 640, "light"), (800, 600, "dark")])
def test_no_name_covers_a_name_a_marker_a_dot_or_the_route(reader, many_url, width, height, scheme):
    reader.emulate_media(color_scheme=scheme)
    embed(reader, many_url, width=width, height=height)
    lie = reader.evaluate(LIE_OF_THE_MAP)
    assert wrongs(lie) == []
    assert len(lie["route"]) > 0
    dots = [
        {"what": s["sequence"], "left": s["x"] - 4, "right": s["x"] + 4}
        | {"top": s["y"] - 4, "bottom": s["y"] + 4}
        for s in reader.evaluate(LIE_OF_THE_STOPS)
    ]
    covered = [
        (name["what"], dot["what"])
        for name in lie["names"] + lie["count"]
        for dot in dots
        if covers(name, dot, slack=1.5)
    ]
    assert covered == []
    assert len(lie["stops"]) > 4


def test_the_last_report_and_the_next_stop_are_named_and_the_rest_is_counted(reader, many_url):
    embed(reader, many_url)
    lie = reader.evaluate(LIE_OF_THE_MAP)
    named = {label["of"] for label in lie["stops"]}
    numbered = {badge["of"] for badge in lie["badges"]}
    assert must_be_named(lie) == {str(MANY - 2), str(MANY - 1)} <= named & numbered
    expect(reader.locator(".stop-label.is-next")).to_contain_text("next stop, expected")
    assert told_to_be_left_out(lie) == (MANY - len(named), MANY - len(numbered))


def test_few_elements_stand_for_very_many_stops(reader, many_url):
    embed(reader, many_url)
    assert 100 < reader.locator(".pin").count() < MANY / 5
    # Reported, expected, possible.
    assert reader.locator("path.leg").count() == 3
    sequences = reader.locator(".pin").evaluate_all("all => all.map(e => +e.dataset.waypoint)")
    assert sequences == sorted(sequences)


def test_every_stop_is_a_dot_in_the_colours_of_day_and_night(reader, many_url):
    for scheme, route in (("light", (0xB8, 0x37, 0x0F)), ("dark", (0xFF, 0x83, 0x52))):
        reader.emulate_media(color_scheme=scheme)
        embed(reader, many_url)
        stops = reader.evaluate(LIE_OF_THE_STOPS)
        for stop in stops[: MANY - 2 : 50]:
            assert math.dist(colour_of_dot(reader, stop), route) < 8
    # The map that is open follows when day comes.
    reader.emulate_media(color_scheme="light")
    for _ in range(50):
        if math.dist(colour_of_dot(reader, stops[1_234]), (0xB8, 0x37, 0x0F)) < 8:
            break
        reader.wait_for_timeout(100)
    else:
        pytest.fail("the dots are still those of the night")


def test_closer_by_the_stops_in_view_have_markers(reader, many_url):
    embed(reader, many_url)
    far, _ = told_to_be_left_out(reader.evaluate(LIE_OF_THE_MAP))
    zoom_in(reader, 5)
    lie = reader.evaluate(LIE_OF_THE_MAP)
    in_view = {str(stop["sequence"]) for stop in stops_in(lie["frame"], reader)}
    marked = set(reader.locator(".pin").evaluate_all("all => all.map(e => e.dataset.waypoint)"))
    assert 5 < len(in_view) < 400
    assert in_view <= marked
    names, numbers = told_to_be_left_out(lie)
    assert names == len(in_view - {label["of"] for label in lie["stops"]}) < far
    bare = {dot["of"] for dot in lie["dots"]} - {badge["of"] for badge in lie["badges"]}
    assert numbers == len(in_view & bare)
    for thing in lie["stops"]:
        assert not lies_on(thing, lie["route"], HALF_A_LINE)


def test_a_part_of_the_way_closer_some_are_markers_and_all_are_counted(reader, many_url):
    embed(reader, many_url)
    zoom_in(reader, 1)
    lie = reader.evaluate(LIE_OF_THE_MAP)
    in_view = {str(stop["sequence"]) for stop in stops_in(lie["frame"], reader)}
    names, _ = told_to_be_left_out(lie)
    # The few at the very edge may be rounded out of view.
    assert abs(names - len(in_view - {label["of"] for label in lie["stops"]})) <= 8
    assert len(in_view) > reader.locator(".pin").count()


def test_a_dot_that_is_clicked_tells_of_its_stop_and_has_a_marker_then(reader, many_url):
    embed(reader, many_url)
    boxes = reader.evaluate(LIE_OF_THE_MAP)["badges"]
    marked = set(
        reader.locator(".pin").evaluate_all("all => all.map(e => Number(e.dataset.waypoint))")
    )
    stops = reader.evaluate(LIE_OF_THE_STOPS)
    places = {stop["sequence"]: (stop["x"], stop["y"]) for stop in stops}
    hit = [
        stop
        for stop in stops[: MANY - 2]
        if stop["sequence"] not in marked
        and not any(
            box["left"] - 9 < stop["x"] < box["right"] + 9
            and box["top"] - 9 < stop["y"] < box["bottom"] + 9
            for box in boxes
        )
    ]
    stop = hit[len(hit) // 2]
    reader.mouse.click(stop["x"], stop["y"])
    expect(reader.locator(".pin.is-chosen")).to_have_count(1)
    # It, or one that lies in the same place to a pixel or two.
    number = int(reader.locator(".pin.is-chosen").get_attribute("data-waypoint") or 0)
    assert math.dist(places[number], places[stop["sequence"]]) < 3
    expect(reader.locator(".about-title")).to_have_text(f"Halt {number - 1}")
    reader.keyboard.press("Escape")
    expect(reader.locator(".pin.is-chosen")).to_have_count(0)


def test_a_stop_without_a_marker_is_shown_on_the_map_when_its_row_is_chosen(page, many_url):
    open_trip(page, f"{many_url}/trips/stops-{MANY}")
    pin = page.locator(f".pin[data-waypoint='{UNMARKED}']")
    expect(pin).to_have_count(0)
    page.locator(f".stops [data-choose='waypoint-{UNMARKED}']").click()
    expect(page.locator(f".pin.is-chosen[data-waypoint='{UNMARKED}']")).to_have_count(1)
    expect(page.locator(".about-title")).to_have_text(f"Halt {UNMARKED - 1}")
    expect(pin).to_be_in_viewport()


def test_a_leg_that_is_chosen_lies_on_top_of_the_line(reader, many_url):
    embed(reader, many_url, "?chosen=leg-1500")
    expect(reader.locator("path.leg.is-chosen")).to_have_count(1)
    expect(reader.locator("path.leg.is-chosen")).to_have_attribute("data-leg", "1500")
    related = reader.locator(".pin.is-related")
    assert related.evaluate_all("all => all.map(e => e.dataset.waypoint)") == ["1500", "1501"]


def test_the_leg_nearest_to_the_pointer_is_chosen(reader, many_url):
    embed(reader, many_url)
    before = reader.locator(".pin").count()
    # A box drawn around a part of the way shows that part closer.
    around = reader.evaluate(LIE_OF_THE_STOPS)[MANY // 2]
    reader.keyboard.down("Shift")
    reader.mouse.move(around["x"] - 4, around["y"] - 3)
    reader.mouse.down()
    reader.mouse.move(around["x"] + 4, around["y"] + 3, steps=4)
    reader.mouse.up()
    reader.keyboard.up("Shift")
    expect(reader.locator(".pin")).not_to_have_count(before)
    reader.wait_for_function(ARRANGED, arg=[WIDTH, HEIGHT])
    stops = reader.evaluate(LIE_OF_THE_STOPS)
    ways = [
        (a["sequence"], (a["x"] + b["x"]) / 2, (a["y"] + b["y"]) / 2)
        for a, b in itertools.pairwise(stops)
        if abs(a["x"] - b["x"]) + abs(a["y"] - b["y"]) > 24
    ]
    is_free = "([x, y]) => document.elementFromPoint(x, y)?.matches('.leg-hit') ?? false"
    first, x, y = next(way for way in ways if reader.evaluate(is_free, list(way[1:])))
    reader.mouse.click(x, y)
    expect(reader.locator("path.leg.is-chosen")).to_have_attribute("data-leg", str(first))


def test_as_wide_as_before_it_shows_the_same_again(reader, many_url):
    embed(reader, many_url)
    before = reader.locator(".stop-label").all_text_contents()
    resize(reader, 360, 640)
    resize(reader, WIDTH, HEIGHT)
    assert reader.locator(".stop-label").all_text_contents() == before


def test_a_screen_reader_has_every_stop_of_an_embed(reader, many_url):
    embed(reader, many_url)
    session = reader.context.new_cdp_session(reader)
    session.send("Accessibility.enable")
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    items = [n for n in nodes if not n["ignored"] and n["role"]["value"] == "listitem"]
    assert len(items) == MANY
    said = {n["name"]["value"] for n in nodes if not n["ignored"] and "name" in n}
    assert {"Halt 0", f"Halt {UNMARKED}", f"Halt {MANY - 1}"} <= said


def test_an_embed_of_a_thousand_stops_moves_less_than_250_kb(browser, many_url):
    context = browser.new_context(viewport={"width": 800, "height": 600})
    page = context.new_page()
    page.goto(f"{many_url}/embed/stops-1000")
    page.wait_for_selector("#map[data-ready=true]")
    moved = page.evaluate(
        "[...performance.getEntriesByType('navigation'),"
        " ...performance.getEntriesByType('resource')]"
        ".map((entry) => entry.transferSize)"
    )
    context.close()
    assert len(moved) > 10
    assert sum(moved) < MOVED_AT_MOST
