"""What is left of a journey on paper, and where scripts do not run: a picture, and all in words."""

import io
import re

import numpy as np
import pypdfium2
import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from app.pictures.palette import LIGHT
from tests.browser.hosts import BY_NAME, article, embed_in, iframe

pytestmark = [pytest.mark.browser, pytest.mark.reference]

SLUG = "2023-09-russia"
TRIP, EMBED = f"/trips/{SLUG}", f"/embed/{SLUG}"
DOTS_PER_INCH = 96
A_LINE = 400  # pixels in the colour of the route: far more than numbers and words have


def printed(page: Page) -> tuple[np.ndarray, str]:
    """A page as a printer gets it, backgrounds left out as browsers do: its pixels, its text."""
    document = pypdfium2.PdfDocument(io.BytesIO(page.pdf(format="A4")))
    try:
        sheets, text = [], []
        for sheet in document:
            drawn = sheet.render(scale=DOTS_PER_INCH / 72, rev_byteorder=True)
            sheets.append(drawn.to_numpy()[:, :, :3].astype(int))
            text.append(sheet.get_textpage().get_text_bounded())
    finally:
        document.close()
    return np.concatenate(sheets), "\n".join(text)


def pixels_in(sheets: np.ndarray, colour: str, off: int = 24) -> int:
    wanted = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return int((np.abs(sheets - wanted).max(axis=2) <= off).sum())


def assert_it_shows_the_route(sheets: np.ndarray) -> None:
    assert pixels_in(sheets, LIGHT.route) > A_LINE
    assert pixels_in(sheets, LIGHT.sea, off=6) > A_LINE
    # On paper, and not on a dark ground.
    assert (sheets.min(axis=2) > 200).mean() > 0.5


@pytest.mark.parametrize("query", ["", "?theme=dark", "?view=both", "?slider=0&height=400"])
def test_an_embed_is_printed_with_its_map(page, base_url, query):
    page.goto(base_url + EMBED + query)
    page.wait_for_selector("#map[data-ready=true]")
    sheets, text = printed(page)
    assert_it_shows_the_route(sheets)
    assert "Kim Jong-un's journey to Russia" in text
    assert "OpenStreetMap" in text


def test_on_paper_it_is_the_moment_that_is_shown(page, base_url):
    page.goto(base_url + EMBED)
    page.wait_for_selector("#map[data-ready=true]")
    slider = page.get_by_role("slider", name="Known at")
    slider.press("Home")
    expect(page.locator("[data-part=stops] li")).to_have_count(1)
    page.emulate_media(media="print")
    # Until there is a picture of it, the map is printed as it is.
    expect(page.locator(".on-paper:visible, #map:visible")).to_have_count(1)
    picture = page.locator(".on-paper")
    expect(picture).to_be_visible()
    expect(page.locator("#map")).to_be_hidden()
    address = picture.evaluate("e => e.complete && e.currentSrc")
    assert "as_of=2023-09-11T04%3A00%3A00Z" in address
    page.emulate_media(media=None)
    sheets, text = printed(page)
    assert pixels_in(sheets, LIGHT.sea, off=6) > A_LINE
    assert "Vladivostok" in text
    assert "Pyongyang" not in text


def test_a_printed_diagram_is_one(page, base_url):
    page.goto(f"{base_url}{EMBED}?view=diagram")
    page.wait_for_selector(".diagram svg")
    sheets, text = printed(page)
    assert pixels_in(sheets, LIGHT.route) > A_LINE
    assert "Vladivostok" in text


@pytest.mark.parametrize(("name", "scheme"), [("our-script", "light"), ("wordpress", "dark")])
def test_a_printed_article_has_the_map(browser, newsroom, base_url, name, scheme):
    page = browser.new_page(color_scheme=scheme)
    page.goto(BY_NAME[name].page(newsroom, base_url + EMBED))
    embed_in(page)
    sheets, text = printed(page)
    assert_it_shows_the_route(sheets)
    assert "The train has left" in text
    assert "OpenStreetMap" in text
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_trips_page_is_printed_with_its_map_and_its_tables(browser, base_url, scheme):
    page = browser.new_page(color_scheme=scheme)
    page.goto(base_url + TRIP)
    page.wait_for_selector("#map[data-ready=true]")
    sheets, text = printed(page)
    assert_it_shows_the_route(sheets)
    for said in ("Kim Jong-un's journey to Russia", "Khasan", "Vostochny", "OpenStreetMap"):
        assert said in text
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("query", ["", "theme=light", "theme=dark"])
@pytest.mark.parametrize("where", ["switched off", "sandboxed"])
def test_without_scripts_there_is_a_picture_and_a_list(
    browser: Browser, newsroom, base_url, where, query, scheme
):
    """Where the reader has switched them off, or the page around does not let them run."""
    context = browser.new_context(
        java_script_enabled=where == "sandboxed",
        color_scheme=scheme,
        viewport={"width": 640, "height": 900},
    )
    page = context.new_page()
    src = f"{base_url}{EMBED}?{query}"
    embed: Page | FrameLocator = page
    if where == "sandboxed":
        page.goto(newsroom.put("still.html", article(iframe(src, attributes=" sandbox"))))
        embed = page.frame_locator("iframe")
    else:
        page.goto(src)
    picture = embed.locator("img:visible")
    expect(picture).to_have_count(1)
    theme = query.partition("=")[2] or scheme
    # Which of two a browser took is known to it alone.
    shown = picture.evaluate("e => e.currentSrc")
    assert f"theme={theme}" in shown
    box = picture.bounding_box()
    assert box["width"] > 500
    assert box["height"] > 200
    expect(embed.locator("[data-part=stops] li").first).to_be_visible()
    expect(embed.locator("[data-part=stops]")).to_contain_text("Khasan station")
    expect(embed.locator("button:visible, input:visible")).to_have_count(0)
    context.close()


def test_a_diagram_needs_no_scripts(browser: Browser, base_url):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{base_url}{EMBED}?view=diagram")
    expect(page.locator(".diagram svg:visible")).to_have_count(1)
    expect(page.locator("[data-part=stops] li").first).to_be_visible()
    context.close()


def test_a_step_can_be_chosen_without_scripts(browser: Browser, base_url):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{base_url}{EMBED}?theme=dark")
    page.locator(".steps summary").click()
    page.locator("[data-as-of='2023-09-12T03:00:00Z']").click()
    expect(page).to_have_url(re.compile("as_of=2023-09-12.*theme=dark"))
    expect(page.locator("[data-part=stops] li")).to_have_count(2)
    context.close()
