"""The time-distance diagram as browsers draw it, in whatever fonts they have, with and without
script."""

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.reference]

WIDTHS = (360, 768, 1280, 1920)
SEEDS = [
    "/trips/2019-02-hanoi",
    "/trips/2019-04-vladivostok",
    "/trips/2023-09-russia",
    "/trips/2023-09-russia?as_of=2023-09-12T13:00:00Z",
    "/trips/2025-09-beijing",
]
ODD = ["/trips/none", "/trips/one", "/trips/many"]

READ = """() => {
  const picture = [...document.querySelectorAll('svg.time-distance')]
    .find((svg) => svg.getBoundingClientRect().width > 0);
  const box = (e) => {
    const { left, top, right, bottom } = e.getBoundingClientRect();
    return [left, top, right, bottom];
  };
  return {
    frame: box(picture),
    texts: [...picture.querySelectorAll('text')].map((e) => [e.textContent, ...box(e)]),
    names: [...picture.querySelectorAll('.station')].filter((e) => e.querySelector('.station-name'))
      .map((e) => e.dataset.waypoint),
    leftOut: picture.querySelector('.left-out')?.textContent ?? '',
    paper: getComputedStyle(picture.querySelector('rect')).fill,
  };
}"""


def read(page: Page) -> dict:
    return page.evaluate(READ)


def overlaps(texts: list[list]) -> list[str]:
    return [
        f"{a} / {b}"
        for n, (a, *p) in enumerate(texts)
        for b, *q in texts[n + 1 :]
        if p[0] < q[2] - 1 and q[0] < p[2] - 1 and p[1] < q[3] - 2 and q[1] < p[3] - 2
    ]


def assert_can_be_read(page: Page) -> None:
    papers = set()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            seen = read(page)
            papers.add(seen["paper"])
            assert overlaps(seen["texts"]) == [], (width, scheme)
            left, top, right, bottom = seen["frame"]
            assert left >= 0
            assert right <= width
            cut = [
                text
                for text, *box in seen["texts"]
                if box[0] < left - 1
                or box[1] < top - 1
                or box[2] > right + 1
                or box[3] > bottom + 1
            ]
            assert cut == [], (width, scheme)
    assert len(papers) == 2


@pytest.mark.parametrize("path", SEEDS)
def test_no_text_covers_another_and_none_is_cut(page, base_url, path):
    page.goto(base_url + path)
    assert_can_be_read(page)


@pytest.mark.parametrize("path", ODD)
def test_of_odd_journeys_neither(page, odd_url, path):
    page.goto(odd_url + path)
    assert_can_be_read(page)
    if path == "/trips/many":
        seen = read(page)
        assert seen["leftOut"] == f"{500 - len(seen['names'])} names left out"
        waypoints = page.request.get(f"{odd_url}/api/trips/many/waypoints").json()["waypoints"]
        reported = [w["sequence"] for w in waypoints if w["status"] == "reported"]
        expected = [w["sequence"] for w in waypoints if w["status"] == "expected"]
        assert {str(reported[-1]), str(expected[0])} <= set(seen["names"])


@pytest.mark.parametrize("width", [360, 1280])
def test_without_script_there_are_map_diagram_and_tables(browser: Browser, base_url, width):
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": width, "height": 900}
    )
    page = context.new_page()
    page.goto(f"{base_url}/trips/2023-09-russia?as_of=2023-09-12T13:00:00Z")
    page.wait_for_load_state("networkidle")
    expect(page.locator(".static-map img")).to_be_visible()
    drawn = page.locator(".static-map img").bounding_box()
    assert drawn["width"] > 300
    assert drawn["height"] > 150
    diagrams = [d for d in page.locator("svg.time-distance").all() if d.is_visible()]
    assert len(diagrams) == 1
    for part in ("stops", "legs", "claims"):
        expect(page.locator(f"[data-part={part}] tr").first).to_be_visible()
    expect(page.locator("[data-part=stops] tr")).to_have_count(8)
    context.close()
