"""Measure what pages cost: bytes over the wire, and the time until the map is drawn in Chromium.

The server is a process of its own that has made each page before; every visit has an empty cache.
Embeds are also visited over a line as slow as a phone's, on which bytes and round trips are felt.
"""

import os
import shutil
import statistics
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from app.rooms import Rooms
from tests.bench.long_journey import long_journey
from tests.bench.serving import dateline_server

VISITS = 5
LONG = (1_000, 10_000)
PAGES = (
    "/",
    "/trips/2023-09-russia",
    "/embed/2023-09-russia",
    *(f"/embed/stops-{count}" for count in LONG),
)
OVER_A_PHONE = tuple(f"/embed/2023-09-russia{query}" for query in ("", "?view=diagram"))
BITS_PER_SECOND, ROUND_TRIP_MS = 1_600_000, 150


def print_pages(rooms: Rooms, database: Path) -> None:
    """Print a table of pages; puts long journeys into the ``database`` of ``rooms``."""
    chromium = os.environ.get("DATELINE_CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        print("No Chromium here: pages were not measured.")
        return
    rooms.repository.load([long_journey(count) for count in LONG])
    print(
        "| page in Chromium | moved, kB | HTML unpacked, kB | first paint, ms | map drawn, ms |\n"
        "|---|---|---|---|---|"
    )
    with dateline_server(database) as (_, port), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        for path in PAGES:
            url = f"http://127.0.0.1:{port}{path}"
            _visit(browser, url)
            seen = [_visit(browser, url) for _ in range(VISITS)]
            moved, html, paint, drawn = map(statistics.median, zip(*seen, strict=True))
            print(
                f"| `{path}` | {moved / 1e3:.0f} | {html / 1e3:.0f} | {paint:.0f} | {drawn:.0f} |",
                flush=True,
            )
        print(
            "\n| over a slow phone (1.6 Mbit/s, 150 ms) | moved, kB | first paint, ms "
            "| map drawn, ms |\n|---|---|---|---|"
        )
        for path in OVER_A_PHONE:
            url = f"http://127.0.0.1:{port}{path}"
            seen = [_visit(browser, url, is_slow=True) for _ in range(VISITS)]
            moved, _, paint, drawn = map(statistics.median, zip(*seen, strict=True))
            print(f"| `{path}` | {moved / 1e3:.0f} | {paint:.0f} | {drawn:.0f} |", flush=True)
        browser.close()


def _visit(
    browser: Browser, url: str, *, is_slow: bool = False
) -> tuple[float, float, float, float]:
    """Bytes moved, bytes of HTML, first paint, and when the map (or all images) stood; ms."""
    size = {"width": 360, "height": 560} if is_slow else {"width": 1280, "height": 900}
    context = browser.new_context(viewport=size)  # type: ignore[arg-type]
    page = context.new_page()
    if is_slow:
        per_second = BITS_PER_SECOND / 8
        line = {"latency": ROUND_TRIP_MS, "downloadThroughput": per_second}
        devtools = context.new_cdp_session(page)
        devtools.send("Network.enable")
        devtools.send(
            "Network.emulateNetworkConditions",
            {"offline": False, "uploadThroughput": per_second, **line},
        )
    page.goto(url)
    if page.query_selector("#map"):
        page.wait_for_selector("#map[data-ready=true]")
    drawn = page.evaluate("performance.now()")
    page.wait_for_load_state("networkidle")
    moved, html, paint = page.evaluate(
        """() => {
          const entries = performance.getEntriesByType('resource');
          const [page] = performance.getEntriesByType('navigation');
          const paint = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0;
          const moved = entries.reduce((sum, e) => sum + e.transferSize, page.transferSize);
          return [moved, page.decodedBodySize, paint];
        }"""
    )
    context.close()
    return moved, html, paint, drawn
