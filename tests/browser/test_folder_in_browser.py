"""A published folder in a real browser: from a disk without a network, and from any web server.

What its files hold is tested in ``tests/folder``.
"""

import functools
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.folder.published import choice_of, publish_folder
from app.rooms import Rooms
from tests.browser.conftest import VIOLATIONS
from tests.hostile import HOSTILE

SLUG = "2023-09-russia"
STEPS = 16


@pytest.fixture(scope="module")
def folder(seeded_rooms: Rooms, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose path has a space and a letter that addresses escape, as on people's disks."""
    directory = tmp_path_factory.mktemp("disk") / "My journeys – 2023" / "Kim's trip"
    directory.parent.mkdir()
    publish_folder(seeded_rooms, SLUG, directory)
    return directory


class Ear:
    """All that a page says and asks for."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.said: list[str] = []
        self.asked: list[str] = []
        page.add_init_script(VIOLATIONS)
        page.on("console", lambda m: self.said.append(f"{m.type}: {m.text}"))
        page.on("pageerror", lambda e: self.said.append(f"error: {e}"))
        page.on("dialog", lambda d: (self.said.append(f"dialog: {d.message}"), d.dismiss()))
        page.on("requestfailed", lambda r: self.said.append(f"failed: {r.url}"))
        page.on("request", lambda r: self.asked.append(r.url))

    def assert_quiet(self, root: str) -> None:
        assert self.said == []
        assert self.page.evaluate("window.__violations") == []
        asked = [url for url in self.asked if not url.startswith("data:")]
        assert asked
        assert [url for url in asked if not url.startswith(root)] == []


@pytest.fixture
def offline(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(offline=True, viewport={"width": 1280, "height": 900})
    yield context
    context.close()


def ready(page: Page) -> None:
    page.wait_for_selector("#map[data-ready=true]")


def at_step(page: Page, number: int) -> None:
    """Waits until the page shows a step: all of its regions are exchanged at once."""
    steps = page.locator("[data-part=steps] a")
    expect(steps.nth(number)).to_have_attribute("aria-current", "step")


@pytest.mark.parametrize("name", ["index", "embed"])
@pytest.mark.parametrize("width", [1280, 360])
def test_from_a_disk_without_a_network_the_slider_goes_through_all_steps(
    folder, offline, name, width
):
    page = offline.new_page()
    page.set_viewport_size({"width": width, "height": 800})
    ear = Ear(page)
    page.goto((folder / f"{name}.html").as_uri())
    ready(page)
    assert page.locator(".leaflet-container canvas").count() >= 1  # land under the route
    at_step(page, STEPS - 1)
    markers = page.locator("#map .pin, #map .leaflet-marker-icon").count()
    assert markers >= 5
    told = [page.inner_text("[data-part=known]")]
    for number in range(STEPS - 2, -1, -1):
        page.click("[data-step=back]")
        at_step(page, number)
        told.append(page.inner_text("[data-part=known]"))
    assert len(set(told)) == STEPS
    page.click("[data-step=on]")
    at_step(page, 1)
    ear.assert_quiet("file:")
    overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert overflow <= 0


def test_a_stop_says_what_is_known_of_it_and_goes_with_its_rows(folder, offline):
    page = offline.new_page()
    ear = Ear(page)
    page.goto((folder / "index.html").as_uri())
    ready(page)
    page.click("[data-part=stops] [data-choose=waypoint-1]")
    popup = page.locator(".leaflet-popup")
    expect(popup).to_contain_text("Pyongyang")
    expect(popup).to_contain_text("KCNA")
    expect(page.locator("tr[data-waypoint='1'].is-chosen").first).to_be_visible()
    ear.assert_quiet("file:")


def test_what_is_drawn_in_the_diagram_can_be_chosen(folder, offline):
    page = offline.new_page()
    ear = Ear(page)
    page.goto((folder / "index.html").as_uri())
    ready(page)
    picture = page.locator(".time-distance:visible")
    picture.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-chosen]")).to_contain_text("Chosen")
    page.keyboard.press("Escape")
    expect(page.locator("[data-chosen]")).to_have_text("")
    picture.locator(".station[data-waypoint='1'] text").first.click()
    expect(page.locator("[data-chosen]")).to_contain_text("Chosen: stop 1, Pyongyang")
    ear.assert_quiet("file:")


def test_the_story_is_told_claim_by_claim(folder, offline):
    page = offline.new_page()
    ear = Ear(page)
    page.goto((folder / "index.html").as_uri())
    ready(page)
    page.click("[data-story-start]")
    card = page.locator("[data-story]")
    expect(card).to_contain_text("1 of 30")
    at_step(page, 0)
    page.click("[data-turn=on]")
    expect(card).to_contain_text("2 of 30")
    at_step(page, 1)
    ear.assert_quiet("file:")


@pytest.mark.parametrize("name", ["index", "embed"])
def test_a_page_opens_at_the_moment_that_its_address_names(folder, offline, name):
    page = offline.new_page()
    ear = Ear(page)
    page.goto(f"{(folder / f'{name}.html').as_uri()}?as_of=2023-09-12T03:15:00Z")
    ready(page)
    at_step(page, 3)
    page.reload()
    ready(page)
    at_step(page, 3)
    ear.assert_quiet("file:")


def test_back_and_forward_go_through_what_was_looked_at(folder, offline):
    page = offline.new_page()
    page.goto((folder / "index.html").as_uri())
    ready(page)
    page.click("[data-step=back]")
    at_step(page, STEPS - 2)
    page.click("[data-step=back]")
    at_step(page, STEPS - 3)
    page.go_back()
    at_step(page, STEPS - 2)
    page.go_forward()
    at_step(page, STEPS - 3)


def test_links_of_the_embed_lead_to_the_page_beside_it(folder, offline):
    page = offline.new_page()
    page.goto((folder / "embed.html").as_uri())
    ready(page)
    with page.expect_popup() as opened:
        page.click(".embed-foot a")
    opened.value.wait_for_selector("#map[data-ready=true]")
    assert opened.value.url == f"{(folder / 'index.html').as_uri()}#sources-title"


@pytest.mark.parametrize("query", ["view=both&theme=dark", "view=diagram", "slider=0"])
def test_an_embed_of_another_look_works_from_a_disk(seeded_rooms, offline, tmp_path, query):
    publish_folder(seeded_rooms, "2025-09-beijing", tmp_path / "journey", choice_of(query))
    page = offline.new_page()
    ear = Ear(page)
    page.goto((tmp_path / "journey" / "embed.html").as_uri())
    if "diagram" not in query:
        ready(page)
    if "slider" not in query:
        at_step(page, 1)
        page.click("[data-step=back]")
        at_step(page, 0)
        expect(page.locator(".time-distance:visible")).to_have_count(1)
    ear.assert_quiet("file:")


@pytest.mark.parametrize("name", ["index", "embed"])
def test_without_scripts_there_are_the_picture_and_the_text(folder, browser, name):
    context = browser.new_context(offline=True, java_script_enabled=False)
    page = context.new_page()
    ear_said: list[str] = []
    page.on("requestfailed", lambda r: ear_said.append(r.url))
    page.goto((folder / f"{name}.html").as_uri())
    expect(page.locator("#map .static-map img")).to_be_visible()
    assert page.locator("[data-part=stops] > *").count() == 12
    assert ear_said == []
    context.close()


class Quiet(SimpleHTTPRequestHandler):
    """A static host that says nothing of what it was asked."""

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def host(folder: Path) -> Iterator[str]:
    """A plain web server that has the folder far below its root; yields the address of the root."""
    serve = functools.partial(Quiet, directory=str(folder.parents[1]))
    server = ThreadingHTTPServer(("127.0.0.1", 0), serve)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def below(host: str, folder: Path) -> str:
    return f"{host}/{folder.relative_to(folder.parents[1]).as_posix()}"


@pytest.mark.parametrize("sandbox", [None, "allow-scripts"])
def test_the_embed_works_in_a_frame_of_another_page_and_tells_its_height(
    folder, host, page, sandbox
):
    ear = Ear(page)
    frame = f"{below(host, folder)}/embed.html"
    said = "" if sandbox is None else f' sandbox="{sandbox}"'
    article = folder.parents[1] / f"article-{sandbox}.html"
    article.write_text(
        f'<!DOCTYPE html><meta charset="utf-8"><link rel="icon" href="data:,"><p>An article</p>'
        f'<iframe src="{frame}" width="700" height="300" style="border:0"{said}></iframe>'
        f'<script src="{below(host, folder)}/embed.js" async></script>',
        "utf-8",
    )
    page.goto(f"{host}/{article.name}")
    embed = page.frame_locator("iframe")
    expect(embed.locator("#map[data-ready=true]")).to_be_visible()
    page.wait_for_function("document.querySelector('iframe').getBoundingClientRect().height > 450")
    embed.locator("[data-step=back]").click()
    steps = embed.locator("[data-part=steps] a")
    expect(steps.nth(STEPS - 2)).to_have_attribute("aria-current", "step")
    assert page.evaluate("history.length") <= 2
    if sandbox == "allow-scripts":
        # Without an origin of its own a frame gets no fonts, unless the server says it may.
        ear.said = [said for said in ear.said if ".otf" not in said]
    ear.assert_quiet(host)


def test_hostile_text_stays_text_in_a_folder(hostile_rooms, offline, tmp_path):
    publish_folder(hostile_rooms, "hostile", tmp_path / "journey")
    page = offline.new_page()
    ear = Ear(page)
    page.goto((tmp_path / "journey" / "index.html").as_uri())
    ready(page)
    page.click("[data-step=back]")
    at_step(page, 0)
    page.click("[data-step=on]")
    at_step(page, 1)
    text: Any = page.text_content("[data-part=claims]")
    assert HOSTILE.replace("\u202e", "")[:20] in text
    assert page.locator("[data-part] img, [data-part] script").count() == 0
    ear.assert_quiet("file:")
