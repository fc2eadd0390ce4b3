"""Names on the map, as they lie on the screen: nothing covers anything, and what is left out is
counted. Boxes are those that the browser itself tells of.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.odd_journeys import MANY

pytestmark = [pytest.mark.browser, pytest.mark.reference]

RUSSIA = "2023-09-russia"
UNDER_WAY = f"{RUSSIA}?as_of=2023-09-12T12:34:00Z"
ANNOUNCED = f"{RUSSIA}?as_of=2023-09-11T15:00:00Z"
HANOI, BEIJING, VLADIVOSTOK = "2019-02-hanoi", "2025-09-beijing", "2019-04-vladivostok"
SEEDED = [RUSSIA, UNDER_WAY, ANNOUNCED, HANOI, BEIJING, VLADIVOSTOK]
ODD = ["none", "one", "many"]
LOOKS = [(360, 740, "light"), (768, 1024, "dark"), (1280, 900, "light"), (1920, 1080, "dark")]

# All that is drawn on the map, in pixels of the screen.
LIE_OF_THE_MAP = """() => {
  const frame = document.getElementById('map');
  const box = (e) => {
    const { left, top, right, bottom } = e.getBoundingClientRect();
    return { what: e.textContent.trim() || e.className, left, top, right, bottom };
  };
  const seen = (selector) => [...frame.querySelectorAll(selector)]
    .map((e) => ({ ...box(e), of: e.dataset.of ?? e.closest('.pin')?.dataset.waypoint ?? null,
                   is: [...e.classList].join(' ') }))
    .filter((b) => b.right > b.left && b.bottom > b.top);
  const lines = (selector) => [...frame.querySelectorAll(selector)].flatMap((path) => {
    const matrix = path.getScreenCTM();
    const length = path.getTotalLength();
    const points = [];
    for (let gone = 0; gone <= length; gone += 2) {
      const { x, y } = path.getPointAtLength(gone).matrixTransform(matrix);
      points.push([x, y]);
    }
    return points;
  });
  return {
    frame: box(frame),
    names: seen('.name:not(.city-dot)'),
    stops: seen('.stop-label'),
    cities: seen('.city-dot'),
    badges: seen('.pin .badge'),
    dots: seen('.pin .pin-dot'),
    controls: seen('.leaflet-control'),
    count: seen('.left-out'),
    route: lines('path.leg'),
    leaders: lines('.pin.is-away .pin-leader line, .name-leader line'),
    pins: frame.querySelectorAll('.pin').length,
    last: frame.querySelector('.pin.is-last')?.dataset.waypoint ?? null,
    waypoints: JSON.parse(document.getElementById('trip-data').textContent).waypoints
      .map(({ sequence, status, distance_km }) => ({ sequence, status, distance_km })),
  };
}"""

ARRANGED = """([width, height]) => {
  const map = document.querySelector('.folium-map');
  return innerWidth === width && innerHeight === height
    && !map.querySelector('.leaflet-zoom-anim, .leaflet-pan-anim')
    && map.dataset.arranged === `${map.clientWidth}x${map.clientHeight}`;
}"""

HALF_A_LINE = 1.6

Box = dict[str, Any]


def covers(a: Box, b: Box, slack: float = 0.5) -> bool:
    return bool(
        a["left"] < b["right"] - slack
        and b["left"] < a["right"] - slack
        and a["top"] < b["bottom"] - slack
        and b["top"] < a["bottom"] - slack
    )


def lies_on(box: Box, points: list[list[float]], half: float) -> bool:
    left, right = box["left"] - half, box["right"] + half
    top, bottom = box["top"] - half, box["bottom"] + half
    return any(left < x < right and top < y < bottom for x, y in points)


def is_within(box: Box, frame: Box) -> bool:
    return bool(
        box["left"] >= frame["left"]
        and box["right"] <= frame["right"]
        and box["top"] >= frame["top"]
        and box["bottom"] <= frame["bottom"]
    )


def wrongs(lie: dict[str, Any]) -> list[str]:
    """What lies on the map as it may not, in words."""
    names, marks = lie["names"], lie["badges"] + lie["dots"] + lie["cities"]
    things = names + lie["count"]
    found = []
    for n, thing in enumerate(things):
        over = things[n + 1 :] + marks + lie["controls"]
        found += [f"{thing['what']} covers {b['what']}" for b in over if covers(thing, b)]
        if lies_on(thing, lie["route"], HALF_A_LINE):
            found.append(f"{thing['what']} covers the route")
        if lies_on(thing, lie["leaders"], 0):
            found.append(f"{thing['what']} covers a leader")
    badges = lie["badges"]
    for n, badge in enumerate(badges):
        found += [f"{badge['what']} on {b['what']}" for b in badges[n + 1 :] if covers(badge, b)]
    found += [
        f"{thing['what']} is cut off"
        for thing in things + badges
        if not is_within(thing, lie["frame"])
    ]
    return found


def next_stop(waypoints: list[dict[str, Any]]) -> int | None:
    """The first expected stop, else the nearest possible one."""
    for waypoint in waypoints:
        if waypoint["status"] == "expected":
            return int(waypoint["sequence"])
    possible = [w for w in waypoints if w["status"] == "possible"]
    if not possible:
        return None
    nearest = min(possible, key=lambda w: (w["distance_km"] or 0, w["sequence"]))
    return int(nearest["sequence"])


def must_be_named(lie: dict[str, Any]) -> set[str]:
    ahead = next_stop(lie["waypoints"])
    return {str(n) for n in (lie["last"], ahead) if n is not None}


def told_to_be_left_out(lie: dict[str, Any]) -> tuple[int, int]:
    """Names and numbers that the line on the map says are left out."""
    if not lie["count"]:
        return 0, 0
    (line,) = lie["count"]
    told = re.fullmatch(
        r"(\d+) names?(?: and (\d+) numbers?)? left out(?:; zoom in)?", line["what"]
    )
    assert told, line["what"]
    return int(told[1]), int(told[2] or 0)


def assert_all_is_well(lie: dict[str, Any]) -> None:
    assert wrongs(lie) == []
    named = [label["of"] for label in lie["stops"]]
    assert len(set(named)) == len(named)
    assert must_be_named(lie) <= set(named)
    assert must_be_named(lie) <= {badge["of"] for badge in lie["badges"]}
    assert lie["pins"] == len(lie["waypoints"])
    names, numbers = told_to_be_left_out(lie)
    assert names == lie["pins"] - len(named)
    assert numbers == lie["pins"] - len(lie["badges"])


def resize(page: Page, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_function(ARRANGED, arg=[width, height])


@pytest.fixture(scope="module")
def reader(browser: Browser) -> Iterator[Page]:
    """One page for all journeys of this module: what counts is what it shows, not its start."""
    page = browser.new_page()
    yield page
    page.close()


def open_trip(page: Page, url: str, width: int = 1280, height: int = 900) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.goto(url)
    page.wait_for_selector("#map[data-ready=true]")
    page.wait_for_function(ARRANGED, arg=[width, height])


@pytest.mark.parametrize("trip", SEEDED + ODD)
def test_nothing_on_the_map_covers_anything_at_any_width_by_day_or_night(
    reader, base_url, odd_url, trip
):
    open_trip(reader, f"{odd_url if trip in ODD else base_url}/trips/{trip}")
    for width, height, scheme in LOOKS:
        resize(reader, width, height)
        reader.emulate_media(color_scheme=scheme)
        lie = reader.evaluate(LIE_OF_THE_MAP)
        assert_all_is_well(lie)
        # So that the above is said of something: names are there, and a route if it has legs.
        assert len(lie["cities"]) > 0
        assert (len(lie["route"]) > 0) == (lie["pins"] > 1)
        assert (len(lie["stops"]) > 0) == (lie["pins"] > 0)


@pytest.mark.parametrize("trip", [RUSSIA, UNDER_WAY])
@pytest.mark.parametrize(("width", "height"), [(280, 420), (640, 480)])
def test_nothing_covers_anything_in_an_embed(reader, base_url, trip, width, height):
    open_trip(reader, f"{base_url}/embed/{trip}", width, height)
    lie = reader.evaluate(LIE_OF_THE_MAP)
    assert_all_is_well(lie)
    assert len(lie["stops"]) > 4


def test_what_would_be_wrong_is_seen(reader, base_url):
    open_trip(reader, f"{base_url}/trips/{UNDER_WAY}")
    assert wrongs(reader.evaluate(LIE_OF_THE_MAP)) == []
    reader.evaluate(
        """() => {
          const [name, other] = document.querySelectorAll('.stop-label');
          const onto = (e, selector) => {
            const from = e.getBoundingClientRect();
            const to = document.querySelector(selector).getBoundingClientRect();
            e.style.marginLeft = `${to.left - from.left}px`;
            e.style.marginTop = `${to.top - from.top}px`;
          };
          onto(name, '.pin.is-last .badge');
          onto(other, '.pin.is-last .pin-dot');
        }"""
    )
    seen = " ".join(wrongs(reader.evaluate(LIE_OF_THE_MAP)))
    for wrong in ("covers 4", "covers pin-dot", "covers the route", "covers a leader"):
        assert wrong in seen


def test_numbers_that_find_no_room_are_dots_and_are_counted_with_the_names(reader, odd_url):
    open_trip(reader, f"{odd_url}/trips/many")
    lie = reader.evaluate(LIE_OF_THE_MAP)
    assert lie["pins"] == MANY
    bare = {dot["of"] for dot in lie["dots"]} - {badge["of"] for badge in lie["badges"]}
    names, numbers = told_to_be_left_out(lie)
    assert numbers == len(bare) == MANY - len(lie["badges"]) > MANY / 2
    assert names > numbers
    assert must_be_named(lie) == {str(MANY - 2), str(MANY - 1)}


def test_closer_by_less_is_left_out(reader, odd_url):
    open_trip(reader, f"{odd_url}/trips/many")
    far, _ = told_to_be_left_out(reader.evaluate(LIE_OF_THE_MAP))
    for _ in range(4):
        reader.get_by_role("button", name="Zoom in").click()
        reader.wait_for_function(ARRANGED, arg=[1280, 900])
    lie = reader.evaluate(LIE_OF_THE_MAP)
    near, _ = told_to_be_left_out(lie)
    assert 0 < near < far
    within = [thing for thing in wrongs(lie) if not thing.endswith("cut off")]
    assert within == []


def test_a_stop_without_a_number_can_be_reached_by_keyboard_and_by_pointer(reader, odd_url):
    open_trip(reader, f"{odd_url}/trips/many")
    title = reader.locator(".about-title")
    reader.locator(".pin.is-bare[data-waypoint='250']").focus()
    reader.keyboard.press("Enter")
    expect(title).to_have_text("Halt 250 on the way")
    reader.keyboard.press("Escape")
    # One that lies free; those under a number are reached closer by, or by keyboard.
    free = reader.evaluate(
        """() => {
          for (const pin of document.querySelectorAll('.pin.is-bare')) {
            const dot = pin.querySelector('.pin-dot').getBoundingClientRect();
            const [x, y] = [dot.left + dot.width / 2, dot.top + dot.height / 2];
            const hit = document.elementFromPoint(x, y);
            if (hit?.closest('.pin') === pin) return pin.dataset.waypoint;
          }
          return null;
        }"""
    )
    reader.locator(f".pin[data-waypoint='{free}'] .pin-dot").click()
    expect(title).to_have_text(f"Halt {free} on the way")


def test_the_last_report_and_the_next_stop_stand_out(reader, base_url):
    open_trip(reader, f"{base_url}/trips/{UNDER_WAY}")
    expect(reader.locator(".stop-label.is-last")).to_contain_text("last reported")
    expect(reader.locator(".stop-label.is-next")).to_have_text("Ussuriysknext stop, expected")
    size = "all => all.map(e => parseFloat(getComputedStyle(e).fontSize))"
    (last,) = reader.locator(".stop-label.is-last").evaluate_all(size)
    (ahead,) = reader.locator(".stop-label.is-next").evaluate_all(size)
    others = reader.locator(".stop-label:not(.is-last, .is-next)").evaluate_all(size)
    assert last > ahead > max(others)


def test_the_nearest_possible_stop_is_the_next_where_none_is_expected(reader, base_url):
    open_trip(reader, f"{base_url}/trips/{ANNOUNCED}")
    expect(reader.locator(".stop-label.is-next")).to_have_text("Vladivostoknext stop, possible")


def test_a_name_without_end_is_cut_short_but_never_left_out(reader, hostile_url):
    open_trip(reader, f"{hostile_url}/trips/hostile", 360, 740)
    assert_all_is_well(reader.evaluate(LIE_OF_THE_MAP))
    expect(reader.locator(".stop-label.is-last")).to_contain_text("<img src=x")
