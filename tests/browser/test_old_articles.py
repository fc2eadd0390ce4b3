"""Articles from years ago: what their frames show when the trip has been renamed or taken away."""

import pytest
from playwright.sync_api import Frame, Page, expect

from app.settings import ROOT
from tests.browser.conftest import serve
from tests.browser.hosts import BY_NAME, embed_in

pytestmark = [pytest.mark.browser, pytest.mark.reference]

RENAMED, NOW, WITHDRAWN, STAYS = "2023-09-russia", "to-russia", "2019-02-hanoi", "2025-09-beijing"
REASON = "Withdrawn: its only source took the report back."
HOSTS = [BY_NAME[name] for name in ("plain", "our-script", "wordpress", "pym")]


@pytest.fixture(scope="module")
def later_url(rooms_of):
    """A server years later: one trip has another name, one is withdrawn."""
    rooms = rooms_of({})
    rooms.load_dossiers([ROOT / "seeds" / f"{s}.toml" for s in (RENAMED, WITHDRAWN, STAYS)])
    rooms.repository.rename(RENAMED, NOW, who="a test")
    rooms.repository.withdraw(WITHDRAWN, REASON, who="a test")
    yield from serve(rooms)


def frame_on(page: Page, host, newsroom, src: str) -> Frame:
    page.goto(host.page(newsroom, src))
    frame = page.wait_for_selector("iframe").content_frame()
    frame.wait_for_load_state()
    return frame


@pytest.mark.parametrize("host", HOSTS, ids=str)
def test_a_renamed_trip_is_still_shown(page, watch, newsroom, later_url, host):
    src = f"{later_url}/embed/{RENAMED}?theme=dark&slider=0"
    page.goto(host.page(newsroom, src))
    frame = embed_in(page)
    assert f"/embed/{NOW}?theme=dark&slider=0" in frame.url
    expect(page.frame_locator("iframe").locator(".pin .badge:visible").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert watch.said == []


@pytest.mark.parametrize("host", HOSTS, ids=str)
def test_a_withdrawn_trip_says_why(page, newsroom, later_url, host):
    page.set_viewport_size({"width": 280, "height": 800})
    frame = frame_on(page, host, newsroom, f"{later_url}/embed/{WITHDRAWN}")
    assert_it_says(frame, REASON)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("theme=pink", "theme"),
        ("view=globe", "view"),
        ("lang=xx", "lang"),
        ("height=9", "height"),
        ("from=2023-09-20&to=2023-09-10", "to"),
        ("as_of=yesterday", "as_of"),
    ],
)
def test_a_wrong_option_is_named_where_it_was_used(page, newsroom, later_url, query, said):
    page.set_viewport_size({"width": 280, "height": 800})
    frame = frame_on(page, BY_NAME["wordpress"], newsroom, f"{later_url}/embed/{STAYS}?{query}")
    assert_it_says(frame, said)


def test_a_trip_that_never_was_is_told_too(page, newsroom, later_url):
    frame = frame_on(page, BY_NAME["plain"], newsroom, f"{later_url}/embed/nowhere")
    assert_it_says(frame, "nowhere")


def assert_it_says(frame: Frame, said: str) -> None:
    """In a sentence that is seen at once, in the frame, without anything of a whole page."""
    expect(frame.locator("body")).to_contain_text(said)
    assert frame.locator("nav").count() == 0
    assert frame.locator("form").count() == 0
    seen = frame.evaluate(
        """() => [document.documentElement.scrollWidth <= innerWidth,
          document.documentElement.scrollHeight <= innerHeight]"""
    )
    assert seen == [True, True]
