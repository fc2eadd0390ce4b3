"""An embed shows the map at once, as a picture, and loads no more than a phone can bear."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.hosts import Newsroom, article, embed_in, iframe

pytestmark = [pytest.mark.browser, pytest.mark.reference]

EMBED = "/embed/2023-09-russia"
MOST_BYTES = 250_000
SEEN = """(image) => {
  const { x, y, width, height } = image.getBoundingClientRect();
  const top = document.querySelector('#map').getBoundingClientRect();
  return image.naturalWidth > 0 && image.checkVisibility() && width > 0 && height > 0
    && x >= top.x && y >= top.y - 0.5 && y + height <= top.bottom + 0.5;
}"""


def picture_is_seen(page: Page) -> bool:
    image = page.locator(".at-first:visible")
    image.evaluate(
        "(image) => image.naturalWidth > 0 || new Promise((done) => { image.onload = done; })"
    )
    return bool(image.evaluate(SEEN))


@pytest.mark.parametrize(
    ("theme", "scheme", "shown", "size"),
    [
        ("light", "dark", "light", (280, 500)),
        ("dark", "light", "dark", (640, 560)),
        ("auto", "light", "light", (1200, 400)),
        ("auto", "dark", "dark", (280, 500)),
    ],
)
def test_before_the_scripts_come_the_map_is_a_picture(page, base_url, theme, scheme, shown, size):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/main.js", hold)
    page.goto(f"{base_url}{EMBED}?theme={theme}", wait_until="commit")
    page.wait_for_selector(".embed-foot")
    assert picture_is_seen(page)
    assert f"theme={shown}" in page.locator(".at-first:visible").get_attribute("src")
    assert held
    expect(page.locator(".pin")).to_have_count(0)
    for route in held:
        route.continue_()
    expect(page.locator(".pin")).to_have_count(12)
    expect(page.locator(".at-first:visible")).to_have_count(0)


def test_where_the_scripts_never_come_the_picture_stays(page, base_url):
    page.route("**/leaflet*.js", lambda route: route.abort())
    page.goto(base_url + EMBED)
    page.wait_for_load_state("networkidle")
    assert picture_is_seen(page)


def test_the_picture_is_that_of_the_moment(page, base_url):
    page.route("**/main.js", lambda route: route.abort())
    page.goto(f"{base_url}{EMBED}?as_of=2023-09-12T03:00:00Z&from=2023-09-10&to=2023-09-12")
    source = page.locator(".at-first:visible").get_attribute("src")
    assert "as_of=2023-09-12T03" in source
    assert "from=2023-09-10" in source


@pytest.mark.parametrize("view", ["map", "diagram", "both"])
@pytest.mark.parametrize("width", [320, 720])
def test_all_of_it_is_light(
    page: Page, newsroom: Newsroom, base_url: str, view: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    loaded: list[int] = []
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.on("Network.loadingFinished", lambda it: loaded.append(it["encodedDataLength"]))
    page.goto(f"{base_url}{EMBED}?view={view}")
    if view == "diagram":
        page.wait_for_function("() => !document.querySelector('[data-slider]').hidden")
    else:
        page.wait_for_selector("#map[data-ready=true]")
    page.wait_for_load_state("networkidle")
    assert 20_000 < sum(loaded) < MOST_BYTES


@pytest.mark.parametrize("attributes", ["", ' sandbox="allow-scripts"'])
def test_nothing_is_loaded_twice_nor_for_nothing(page, watch, newsroom, base_url, attributes):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(newsroom.put("once.html", article(iframe(base_url + EMBED, attributes=attributes))))
    embed_in(page)
    page.wait_for_load_state("networkidle")
    ours = [url for url in asked if url.startswith(base_url)]
    pictures = [url for url in ours if "map.svg" in url]
    # One picture is there at first, and for paper: where nothing is kept, it is asked for again.
    assert len(set(pictures)) == 1
    assert len(ours) - len(pictures) == len(set(ours) - set(pictures))
    # Chromium says so of what was loaded beforehand and not used.
    assert watch.said == []
