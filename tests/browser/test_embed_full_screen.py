"""Full screen out of a frame: of the screen where the page around allows it, else of the frame."""

import re

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.browser.hosts import Newsroom, article, embed_in, iframe

pytestmark = [pytest.mark.browser, pytest.mark.reference]

EMBED = "/embed/2023-09-russia"
CHOSEN = re.compile(r"\bis-chosen\b")
MAP = """() => {
  const container = document.querySelector('.leaflet-container');
  const { x, y, width, height } = container.getBoundingClientRect();
  return {
    fillsFrame: x === 0 && y === 0 && width === innerWidth && height === innerHeight,
    hasScreen: document.fullscreenElement === container,
    takesFingers: container.style.touchAction === 'none',
  };
}"""


def framed(page: Page, newsroom: Newsroom, src: str, attributes: str) -> Frame:
    page.goto(newsroom.put("full.html", article(iframe(src, attributes=attributes))))
    return embed_in(page)


@pytest.mark.parametrize("attributes", ["", ' sandbox="allow-scripts"'])
@pytest.mark.parametrize("leave", ["key", "button"])
def test_where_it_may_not_have_the_screen_it_fills_its_frame(
    page, watch, newsroom, base_url, attributes, leave
):
    frame = framed(page, newsroom, base_url + EMBED, attributes)
    pin = frame.locator(".pin[data-waypoint='6']")
    pin.focus()
    page.keyboard.press("Enter")
    expect(pin).to_have_class(CHOSEN)
    frame.get_by_role("button", name="Full screen").click()
    frame.wait_for_function(f"() => ({MAP})().fillsFrame")
    assert frame.evaluate(MAP) == {"fillsFrame": True, "hasScreen": False, "takesFingers": True}
    expect(frame.locator(".map-credit")).to_be_visible()
    if leave == "key":
        page.keyboard.press("Escape")
    else:
        frame.get_by_role("button", name="Leave full screen").click()
    frame.wait_for_function(f"() => !({MAP})().fillsFrame")
    assert frame.evaluate(MAP) == {"fillsFrame": False, "hasScreen": False, "takesFingers": False}
    # The key did this one thing.
    expect(pin).to_have_class(CHOSEN)
    assert watch.said == []


def test_where_it_may_it_has_the_screen(page, watch, newsroom, base_url):
    frame = framed(page, newsroom, base_url + EMBED, ' allow="fullscreen"')
    frame.get_by_role("button", name="Full screen").click()
    frame.wait_for_function(f"() => ({MAP})().hasScreen")
    frame.wait_for_function(f"() => ({MAP})().takesFingers")
    frame.get_by_role("button", name="Leave full screen").click()
    frame.wait_for_function("() => document.fullscreenElement === null")
    frame.wait_for_function(f"() => !({MAP})().takesFingers")
    assert watch.said == []
