"""An embed whose map opens on a part of the journey, with a way to the whole of it."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.reference]

EMBED = "/embed/2023-09-russia"
PART = f"{EMBED}?from=2023-09-16&to=2023-09-16"
IN_VIEW = """(sequences) => {
  const map = document.querySelector('#map').getBoundingClientRect();
  return sequences.map((sequence) => {
    const pin = document.querySelector(`.pin[data-waypoint='${sequence}']`);
    const { x, y } = pin.getBoundingClientRect();
    return x > map.left && x < map.right && y > map.top && y < map.bottom;
  });
}"""
THERE, ELSEWHERE = (8, 9, 10), (1, 6, 12)


def opened(page: Page, url: str, width: int = 640, height: int = 560) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.goto(url)
    page.wait_for_selector("#map[data-ready=true]")


def zoom(page: Page) -> float:
    return float(
        page.evaluate(
            "Object.values(window).find((each) => window.L && each instanceof L.Map).getZoom()"
        )
    )


@pytest.mark.parametrize("width", [280, 640, 1200])
def test_it_opens_on_the_part_and_shows_the_whole_on_demand(page, base_url, width):
    opened(page, base_url + PART, width)
    assert page.evaluate(IN_VIEW, THERE) == [True] * 3
    assert page.evaluate(IN_VIEW, ELSEWHERE) == [False] * 3
    part = zoom(page)
    page.get_by_role("button", name="Whole route").click()
    page.wait_for_function(f"() => ({IN_VIEW})([1, 6, 7, 12]).every(Boolean)")
    page.wait_for_selector("#map:not(.is-zooming)")
    assert zoom(page) < part
    if width > 480:
        page.get_by_role("button", name="Chosen part").click()
        page.wait_for_function(f"() => !({IN_VIEW})([6]).some(Boolean)")
        assert page.evaluate(IN_VIEW, THERE) == [True] * 3


def test_in_another_size_it_opens_on_the_part_again_until_it_is_moved(page, base_url):
    opened(page, base_url + PART)
    page.set_viewport_size({"width": 360, "height": 520})
    page.wait_for_function("() => document.querySelector('#map').clientWidth === 360")
    page.wait_for_function(f"() => ({IN_VIEW})([8, 9, 10]).every(Boolean)")
    assert page.evaluate(IN_VIEW, ELSEWHERE) == [False] * 3
    page.get_by_role("button", name="Whole route").click()
    page.wait_for_function(f"() => ({IN_VIEW})([1, 6, 7, 12]).every(Boolean)")
    page.set_viewport_size({"width": 640, "height": 560})
    page.wait_for_function("() => document.querySelector('#map').clientWidth === 640")
    assert page.evaluate(IN_VIEW, (1, 12)) == [True] * 2


def test_without_a_part_nothing_speaks_of_one(page, base_url):
    opened(page, base_url + EMBED)
    expect(page.get_by_role("button", name="Whole route")).to_be_visible()
    expect(page.get_by_role("button", name="Chosen part")).to_have_count(0)
