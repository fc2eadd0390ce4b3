"""An open embed picks up what is new, and leaves the reader where he is."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Frame, Page, Route, expect

from tests.browser.growing_journey import SLUG, Growing, growing_journey
from tests.browser.hosts import Newsroom, article, embed_in, iframe

pytestmark = [pytest.mark.browser, pytest.mark.reference]

EMBED = f"/embed/{SLUG}"
REVISION = f"/api/trips/{SLUG}/revision"
A_WHILE = 13_000
"""Milliseconds in which an embed asks, for as long as it gets answers."""

SEEN = """() => {
  const map = Object.values(window).find((each) => window.L && each instanceof L.Map);
  const { lat, lng } = map.getCenter();
  const range = document.querySelector('[data-slider] input');
  return {
    zoom: map.getZoom(),
    lat,
    lng,
    known: document.querySelector('[data-part=known] strong').textContent,
    step: Number(range.value),
    steps: Number(range.max) + 1,
    chosen: document.querySelector('.pin.is-chosen')?.getAttribute('aria-label') ?? null,
    popup: document.querySelector('.leaflet-popup .about-body')?.innerText ?? null,
  };
}"""

GROUND_UNDER_ALL_PINS = """() => {
  const canvas = document.querySelector('.leaflet-ground-pane canvas');
  const box = canvas.getBoundingClientRect();
  const map = document.getElementById('map').getBoundingClientRect();
  const pixel = canvas.width / box.width;
  // Of a copy, because a canvas that is read is drawn in another way from then on.
  const copy = new OffscreenCanvas(canvas.width, canvas.height)
    .getContext('2d', { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  return [...document.querySelectorAll('.pin')].every((pin) => {
    const { left, top } = pin.getBoundingClientRect();
    if (left < map.left || left > map.right || top < map.top || top > map.bottom) return false;
    const [x, y] = [(left - box.left) * pixel, (top - box.top) * pixel];
    return copy.getImageData(x, y, 1, 1).data[3] > 0;
  });
}"""


@pytest.fixture
def growing(reference_dir: Path, tmp_path: Path) -> Iterator[Growing]:
    with growing_journey(reference_dir, tmp_path) as journey:
        yield journey


def opened(page: Page, url: str) -> None:
    page.clock.install()
    page.goto(url)
    page.wait_for_selector("#map[data-ready=true]")


def let_it_ask(page: Page) -> None:
    with page.expect_response(lambda answer: REVISION in answer.url):
        page.clock.run_for(A_WHILE)


def seen(page: Page | Frame) -> dict[str, Any]:
    return dict(page.evaluate(SEEN))


def move_map(page: Page) -> None:
    """Closer to the second stop: as no button of the map does it."""
    page.evaluate(
        """() => {
          const map = Object.values(window).find((each) => window.L && each instanceof L.Map);
          map.setZoomAround([36, 105], map.getZoom() + 1.3, { animate: false });
        }"""
    )
    # What was under way, such as bringing a popup into view, comes to its end.
    page.clock.run_for(1_000)


def pins(page: Page | Frame) -> list[str]:
    return [str(name) for name in page.locator(".pin").evaluate_all(
        "all => all.map((each) => each.getAttribute('aria-label'))"
    )]  # fmt: skip


def test_a_reader_of_the_latest_is_shown_what_is_new(page, watch, growing):
    opened(page, growing.url + EMBED)
    move_map(page)
    before = seen(page)
    assert pins(page) == ["1: Halt 1, reported", "2: Halt 2, reported", "3: Halt 3, last reported"]
    growing.tell(1, 2, 3, 4)
    let_it_ask(page)
    expect(page.locator(".pin")).to_have_count(4)
    assert pins(page)[-1] == "4: Halt 4, last reported"
    expect(page.locator(".status")).to_contain_text("Halt 4")
    after = seen(page)
    assert [after[name] for name in ("zoom", "lat", "lng")] == [
        before[name] for name in ("zoom", "lat", "lng")
    ]
    assert (before["step"], before["steps"]) == (2, 3)
    assert (after["step"], after["steps"]) == (3, 4)
    expect(page.get_by_text("New: Paper 4, 4 Mar 2024, 18:00 UTC")).to_be_attached()
    # It is said by a live region, once the page has had one for a while.
    assert page.get_by_text("New: Paper 4").get_attribute("role") == "status"
    watch.assert_quiet(growing.url)


def test_nothing_else_of_what_the_reader_did_is_touched(page, watch, growing):
    opened(page, growing.url + EMBED)
    page.get_by_role("button", name="Earlier report").click()
    expect(page.locator(".pin")).to_have_count(2)
    page.locator(".pin[data-waypoint='2']").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".about-title")).to_have_text("Halt 2")
    move_map(page)
    page.evaluate("window.__popup = document.querySelector('.leaflet-popup')")
    before = seen(page)
    growing.tell(1, 2, 3, 4, claims={2: "Seen at halt 2, from a window."})
    let_it_ask(page)
    expect(page.locator(".about-claims")).to_contain_text("from a window")
    after = seen(page)
    assert after["steps"] == before["steps"] + 1
    assert after["popup"] == before["popup"].replace("halt 2.", "halt 2, from a window.")
    same = ("zoom", "lat", "lng", "known", "step", "chosen")
    assert [after[name] for name in same] == [before[name] for name in same]
    assert page.evaluate("document.querySelector('.leaflet-popup') === window.__popup")
    expect(page.locator(".pin[data-waypoint='2']")).to_be_focused()
    # And on it goes from there.
    later = page.get_by_role("button", name="Later report")
    for count in (3, 4):
        later.click()
        expect(page.locator(".pin")).to_have_count(count)
    expect(later).to_have_attribute("aria-disabled", "true")
    watch.assert_quiet(growing.url)


def test_what_is_chosen_stays_chosen_under_another_number(page, growing):
    growing.tell(2, 3, 4)
    opened(page, growing.url + EMBED)
    page.locator(".pin[data-waypoint='2']").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".about-title")).to_have_text("Halt 3")
    growing.tell(1, 2, 3, 4)
    let_it_ask(page)
    expect(page.locator(".pin")).to_have_count(4)
    expect(page.locator(".pin.is-chosen")).to_have_attribute("aria-label", "3: Halt 3, reported")
    expect(page.locator(".about-title")).to_have_text("Halt 3")


def test_what_is_chosen_and_is_there_no_longer_is_let_go(page, watch, growing):
    opened(page, growing.url + EMBED)
    page.locator(".pin[data-waypoint='2']").focus()
    page.keyboard.press("Enter")
    growing.tell(1, 3)
    let_it_ask(page)
    expect(page.locator(".pin")).to_have_count(2)
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    expect(page.locator(".pin.is-chosen")).to_have_count(0)
    expect(page.get_by_text("This journey was corrected.")).to_be_attached()
    watch.assert_quiet(growing.url)


def test_an_embed_of_a_moment_stays_at_it(page, growing):
    opened(page, f"{growing.url}{EMBED}?as_of=2024-03-03T20:00:00Z")
    before = seen(page)
    growing.tell(1, 2, 3, 4, claims={1: "Seen leaving."})
    let_it_ask(page)
    expect(page.locator("[data-slider] input")).to_have_attribute("max", "3")
    after = seen(page)
    assert after == before | {"steps": 4}
    assert pins(page)[-1] == "3: Halt 3, last reported"


def test_who_came_back_to_the_latest_step_follows_it(page, growing):
    opened(page, growing.url + EMBED)
    page.get_by_role("button", name="Earlier report").click()
    expect(page.locator(".pin")).to_have_count(2)
    page.get_by_role("button", name="Later report").click()
    expect(page.locator(".pin")).to_have_count(3)
    growing.tell(1, 2, 3, 4)
    let_it_ask(page)
    expect(page.locator(".pin")).to_have_count(4)
    expect(page).to_have_url(re.compile("as_of=2024-03-04T18"))
    page.reload()
    expect(page.locator(".pin")).to_have_count(4)


def test_it_goes_on_playing(page, growing):
    opened(page, growing.url + EMBED)
    for count in (2, 1):
        page.get_by_role("button", name="Earlier report").click()
        expect(page.locator(".pin")).to_have_count(count)
    growing.tell(1, 2, 3, 4, 5)
    playing = page.get_by_role("button", name=re.compile("Play|Pause"))
    page.clock.pause_at(page.evaluate("Date.now()") + 6000)
    playing.click()
    expect(page.locator(".pin")).to_have_count(2)
    # One step is of the revision that is new: from there on there are more.
    for count in (3, 4, 5):
        page.clock.run_for(1800)
        expect(page.locator(".pin")).to_have_count(count)
    page.clock.run_for(1800)
    expect(playing).to_have_attribute("aria-pressed", "false")
    assert seen(page)["steps"] == 5


def test_a_stop_far_from_all_others_can_be_looked_at(page, growing):
    opened(page, growing.url + EMBED)
    before = seen(page)
    growing.tell(1, 2, 3, 14)
    let_it_ask(page)
    expect(page.locator(".pin")).to_have_count(4)
    assert seen(page)["zoom"] == before["zoom"]
    page.get_by_role("button", name="Whole route").click()
    page.clock.run_for(1000)
    expect(page.locator(".pin[data-waypoint='4'] .badge")).to_be_in_viewport()
    # There is a map there too, which the one that was open had not loaded.
    page.wait_for_function(GROUND_UNDER_ALL_PINS)


def test_a_journey_that_is_found_to_have_begun_beyond_the_antimeridian(page, watch, growing):
    growing.start_lon = 170.0
    growing.tell(5, 6, 7)
    opened(page, growing.url + EMBED)
    before = page.locator(".pin[data-waypoint='2']").bounding_box()
    # Longitudes count on from 172 now, and no longer from -178.
    growing.tell(1, 5, 6, 7)
    let_it_ask(page)
    expect(page.locator(".pin")).to_have_count(4)
    halt_6 = page.locator(".pin[aria-label='3: Halt 6, reported']")
    assert halt_6.bounding_box() == before
    page.get_by_role("button", name="Whole route").click()
    page.clock.run_for(1000)
    page.wait_for_function(GROUND_UNDER_ALL_PINS)
    across = [pin.bounding_box()["x"] for pin in page.locator(".pin").all()]
    assert across == sorted(across)
    watch.assert_quiet(growing.url)


@pytest.mark.parametrize("query", ["?slider=0", "?view=both"])
def test_so_it_is_whatever_the_embed_shows(page, watch, growing, query):
    opened(page, growing.url + EMBED + query)
    growing.tell(1, 2, 3, 4)
    let_it_ask(page)
    expect(page.locator(".pin")).to_have_count(4)
    expect(page.locator("[data-part=known] strong")).to_have_text("4 Mar 2024, 18:00 UTC")
    watch.assert_quiet(growing.url)


def test_the_diagram_alone_is_live_as_well(page, watch, growing):
    page.clock.install()
    page.goto(f"{growing.url}{EMBED}?view=diagram")
    shown = page.locator(".time-distance:visible")
    expect(page.locator("[data-slider]")).to_be_visible()
    shown.locator(".station[data-waypoint='2'] text").first.click()
    expect(page.locator("[data-chosen]")).to_contain_text("stop 2, Halt 2")
    shown.focus()
    growing.tell(1, 2, 3, 4)
    let_it_ask(page)
    expect(shown).to_contain_text("Halt 4")
    expect(page.locator("[data-chosen]")).to_contain_text("stop 2, Halt 2")
    expect(shown).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-chosen]")).not_to_contain_text("stop 2, Halt 2")
    watch.assert_quiet(growing.url)


def test_a_journey_of_which_nothing_was_known_begins(page, watch, growing):
    page.clock.install()
    page.goto(f"{growing.url}{EMBED}?as_of=2024-02-01T00:00:00Z")
    page.wait_for_selector("#map[data-ready=true]")
    growing.tell(1, 2)
    let_it_ask(page)
    expect(page.locator("[data-slider] input")).to_have_attribute("max", "1")
    expect(page.locator(".pin")).to_have_count(0)
    watch.assert_quiet(growing.url)


def test_a_journey_that_is_withdrawn_says_so(page, growing):
    opened(page, growing.url + EMBED)
    growing.rooms.repository.withdraw(SLUG, "It was another traveller.", who="test")
    let_it_ask(page)
    expect(page.locator("body")).to_contain_text("It was another traveller.")


def test_a_journey_under_a_new_name_goes_on(page, growing):
    opened(page, growing.url + EMBED)
    growing.rooms.repository.rename(SLUG, "grown", who="test")
    path = growing.directory / "grown.toml"
    text = (growing.directory / "growing.toml").read_text("utf-8")
    path.write_text(text.replace(f'slug = "{SLUG}"', 'slug = "grown"'), "utf-8")
    growing.rooms.load_dossiers([path])
    let_it_ask(page)
    expect(page.locator(".embed-head a")).to_have_attribute("href", f"/trips/{SLUG}")
    page.get_by_role("button", name="Earlier report").click()
    expect(page.locator(".pin")).to_have_count(2)


def asked(page: Page) -> list[str]:
    """What is asked about revisions from now on."""
    found: list[str] = []
    page.on("request", lambda each: found.append(each.url) if REVISION in each.url else None)
    return found


def test_it_asks_every_eight_to_twelve_seconds_and_loads_nothing_else(page, growing):
    opened(page, growing.url + EMBED)
    page.wait_for_load_state("networkidle")
    everything: list[str] = []
    page.on("request", lambda each: everything.append(each.url))
    for _ in range(3):
        let_it_ask(page)
    assert len(everything) >= 3
    assert set(everything) == {growing.url + REVISION}
    page.clock.run_for(7_000)
    before = len(everything)
    assert before <= 3 + 1


def test_out_of_sight_nothing_is_asked(page, watch, newsroom: Newsroom, growing):
    page.clock.install()
    page.goto(newsroom.put("far.html", article(iframe(growing.url + EMBED))))
    frame = embed_in(page)
    let_it_ask(page)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    # Told in the order of the frames: once this one knows, so does the embed.
    frame.evaluate(
        """() => new Promise((done) => {
          new IntersectionObserver(([{ isIntersecting }], observer) => {
            if (isIntersecting) return;
            observer.disconnect();
            done();
          }).observe(document.body);
        })"""
    )
    found = asked(page)
    growing.tell(1, 2, 3, 4)
    page.clock.run_for(10 * A_WHILE)
    assert found == []
    with page.expect_response(lambda answer: REVISION in answer.url):
        page.evaluate("scrollTo(0, 0)")
        frame.evaluate("() => new Promise((done) => requestAnimationFrame(() => done()))")
        page.clock.run_for(1_000)
    expect(frame.locator(".pin")).to_have_count(4)


def test_where_there_is_no_answer_it_asks_ever_more_rarely_and_goes_on(page, growing):
    opened(page, growing.url + EMBED)
    refused: list[Route] = []

    def refuse(route: Route) -> None:
        refused.append(route)
        route.fulfill(status=503)

    page.route(f"**{REVISION}", refuse)
    for _ in range(60):
        page.clock.run_for(A_WHILE / 2)
    assert 2 <= len(refused) <= 12
    page.unroute(f"**{REVISION}")
    growing.tell(1, 2, 3, 4)
    with page.expect_response(lambda answer: REVISION in answer.url):
        page.clock.run_for(8 * 60_000)
    expect(page.locator(".pin")).to_have_count(4)
