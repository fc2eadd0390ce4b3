"""An embed in frames of any size: nothing jumps, nothing sticks out, what matters most stays."""

import pytest
from playwright.sync_api import Browser, Page

from app.pictures.palette import DARK, LIGHT
from app.web.embed_choice import OFFERED

pytestmark = [pytest.mark.browser, pytest.mark.reference]

EMBED = "/embed/2023-09-russia"
WIDTHS = [280, 480, 640, 1600]
SHIFTS = """
window.__shifts = [];
new PerformanceObserver((list) => {
  for (const { value, sources } of list.getEntries()) {
    const moved = sources.map(({ node }) => node?.className ?? node?.nodeName);
    window.__shifts.push(`${value} ${moved}`);
  }
}).observe({ type: "layout-shift", buffered: true });
"""
TWO_FRAMES = """
new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
"""
BOXES = """
(names) => Object.fromEntries(names.map((name) => {
  const element = document.querySelector(name);
  const { left, top, right, bottom, height } = element?.getBoundingClientRect() ?? {};
  const isShown = Boolean(element?.checkVisibility({ visibilityProperty: true })) && height > 0;
  return [name, isShown ? { left, top, right, bottom, height } : null];
}))
"""
TITLE, STATUS, MAP, SLIDER, CREDIT = (
    ".embed-head h1",
    ".status",
    "#map",
    "[data-slider]",
    ".credits",
)


def open_embed(page: Page, address: str, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.add_init_script(SHIFTS)
    page.goto(address)
    if "view=diagram" in address:
        page.wait_for_function("!document.querySelector('[data-slider]').hidden")
    else:
        page.wait_for_selector("#map[data-ready=true]")
    # Shifts are told with the frame after they were drawn.
    page.evaluate(TWO_FRAMES)


def boxes(page: Page) -> dict[str, dict[str, float] | None]:
    return page.evaluate(BOXES, [TITLE, STATUS, MAP, SLIDER, CREDIT])


@pytest.mark.parametrize("view", OFFERED["view"])
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_moves_while_it_loads_and_nothing_sticks_out(page, base_url, width, view):
    open_embed(page, f"{base_url}{EMBED}?view={view}", width, 560)
    assert page.evaluate("window.__shifts") == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("view", OFFERED["view"])
def test_nothing_moves_on_a_line_on_which_it_comes_bit_by_bit(page, base_url, view):
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    # Its style sheets and scripts are there already.
    open_embed(page, f"{base_url}{EMBED}?view={view}&utm_source=first", 480, 560)
    slow = {"latency": 40, "downloadThroughput": 12 * 1024, "uploadThroughput": 12 * 1024}
    devtools.send("Network.emulateNetworkConditions", {"offline": False, **slow})
    page.goto(f"{base_url}{EMBED}?view={view}")
    page.evaluate(TWO_FRAMES)
    assert page.evaluate("window.__shifts") == []


@pytest.mark.parametrize("width", [280, 1600])
@pytest.mark.parametrize(
    ("height", "there"),
    [
        (200, {TITLE, MAP, CREDIT}),
        (260, {TITLE, STATUS, MAP, CREDIT}),
        (340, {TITLE, STATUS, MAP, SLIDER, CREDIT}),
        (560, {TITLE, STATUS, MAP, SLIDER, CREDIT}),
        (2000, {TITLE, STATUS, MAP, SLIDER, CREDIT}),
    ],
)
def test_in_a_low_frame_what_matters_less_goes_first(page, base_url, width, height, there):
    open_embed(page, base_url + EMBED, width, height)
    assert page.evaluate("window.__shifts") == []
    found = boxes(page)
    assert {name for name, box in found.items() if box} == there
    for box in filter(None, found.values()):
        assert box["left"] >= 0
        assert box["right"] <= width
        assert box["bottom"] <= height
    assert found[MAP]["height"] >= max(96, height * 0.4)
    assert page.evaluate("document.documentElement.scrollHeight") == height


def test_nothing_moves_when_the_slider_does(page, base_url):
    open_embed(page, base_url + EMBED, 360, 560)
    before = boxes(page)
    for _ in range(6):
        shown = page.locator("[data-part=known]").text_content()
        page.get_by_role("button", name="Earlier report").click()
        page.wait_for_function(
            "(shown) => document.querySelector('[data-part=known]').textContent !== shown",
            arg=shown,
        )
        assert boxes(page) == before


def test_map_and_diagram_stand_one_above_the_other(page, base_url):
    open_embed(page, f"{base_url}{EMBED}?view=both", 640, 400)
    found = page.evaluate(BOXES, [MAP, SLIDER, ".diagram svg:not([hidden])", CREDIT])
    bottoms = [box["bottom"] for box in found.values() if box]
    assert bottoms == sorted(bottoms)
    assert found[MAP]["height"] >= 220
    shown = page.locator(".diagram svg").all()
    assert [svg.is_visible() for svg in shown] == [False, True, False]


@pytest.mark.parametrize("prefers", ["light", "dark"])
@pytest.mark.parametrize("theme", OFFERED["theme"])
def test_a_theme_that_was_chosen_is_that_of_every_reader(
    browser: Browser, base_url, theme, prefers
):
    page = browser.new_page(color_scheme=prefers)
    open_embed(page, f"{base_url}{EMBED}?theme={theme}&view=both", 640, 600)
    palette = DARK if theme == "dark" or (theme == "auto" and prefers == "dark") else LIGHT
    told = page.evaluate(
        """() => {
          const root = getComputedStyle(document.documentElement);
          const line = document.querySelector(".schedule");
          const colour = (value) => {
            const made = document.body.appendChild(document.createElement("i"));
            made.style.setProperty("color", value);
            const said = getComputedStyle(made).color;
            made.remove();
            return said;
          };
          return {
            land: root.getPropertyValue("--land").trim(),
            scheme: root.colorScheme,
            paper: getComputedStyle(document.body).backgroundColor === colour("var(--paper)"),
            line: getComputedStyle(line).stroke === colour("var(--casing)"),
          };
        }"""
    )
    page.close()
    scheme = "light dark" if theme == "auto" else theme
    assert told == {"land": palette.land, "scheme": scheme, "paper": True, "line": True}


@pytest.mark.parametrize(("theme", "paper"), [("dark", DARK), ("light", LIGHT), ("auto", DARK)])
def test_without_scripts_the_picture_has_the_same_theme(browser: Browser, base_url, theme, paper):
    context = browser.new_context(java_script_enabled=False, color_scheme="dark")
    page = context.new_page()
    page.set_viewport_size({"width": 360, "height": 500})
    page.goto(f"{base_url}{EMBED}?theme={theme}&view=both")
    picture = page.locator(".static-map img")
    assert picture.is_visible()
    shown = page.request.get(picture.evaluate("(img) => img.currentSrc")).text()
    assert paper.land in shown
    assert page.locator(".diagram svg:visible").count() == 1
    assert page.get_by_role("listitem").filter(has_text="Khasan station").first.is_visible()
    assert not page.locator("[data-slider]").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    context.close()


@pytest.mark.parametrize("width", [280, 640])
def test_what_is_wrong_fits_into_a_frame(page, base_url, width):
    page.set_viewport_size({"width": width, "height": 200})
    page.goto(f"{base_url}{EMBED}?theme=sepia")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate("document.documentElement.scrollHeight") == 200
    with page.expect_popup() as popup:
        page.get_by_role("link", name="See the journey").click()
    assert popup.value.url == f"{base_url}/trips/2023-09-russia"
