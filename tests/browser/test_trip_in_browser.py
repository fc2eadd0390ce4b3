"""What a reader sees and does, in a real browser."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.reference]

TRIP = "/trips/2023-09-russia"
EMBED = "/embed/2023-09-russia"
BEFORE, LEFT, NOW = "2023-09-11T15:00:00Z", "2023-09-12T03:00:00Z", "2023-09-12T12:34:00Z"
UNDER_WAY = f"{TRIP}?as_of={NOW}"


def open_map(page: Page, url: str) -> None:
    page.goto(url)
    page.wait_for_selector("#map[data-ready=true]")


def markers(page: Page) -> list[str]:
    labels = page.locator(".pin").evaluate_all("all => all.map(e => e.getAttribute('aria-label'))")
    return sorted(labels, key=lambda label: int(label.partition(":")[0]))


def rows(page: Page) -> list[str]:
    return page.locator("[data-part=stops] tr[data-waypoint] .place").all_inner_texts()


@pytest.mark.parametrize("path", ["/", TRIP, EMBED, "/docs", f"{TRIP}?as_of={LEFT}"])
def test_no_page_says_anything_breaks_the_policy_or_asks_another_host(page, watch, base_url, path):
    page.goto(base_url + path)
    if "2023" in path:
        page.wait_for_selector("#map[data-ready=true]")
    if path == "/docs":
        page.locator(".opblock").first.click()
        page.wait_for_selector(".opblock-body")
    page.wait_for_load_state("networkidle")
    watch.assert_quiet(base_url)


def test_route_is_drawn_solid_dashed_and_dotted_with_a_marker_for_each_stop(page, base_url):
    open_map(page, base_url + UNDER_WAY)
    for status in ("reported", "expected", "possible"):
        assert page.locator(f"path.leg.{status}").count() > 0
    assert len(markers(page)) == len(rows(page)) == 8
    box = page.locator("#map").bounding_box()
    for pin in page.locator(".pin .badge").all():
        at = pin.bounding_box()
        assert box["x"] <= at["x"] <= box["x"] + box["width"]
        assert box["y"] <= at["y"] <= box["y"] + box["height"]


def test_all_times_are_in_utc_if_the_reader_chooses_so(page, base_url):
    open_map(page, base_url + TRIP)
    times = page.locator("[data-part=stops] time")
    local = times.all_inner_texts()
    page.locator("#clock-utc").check()
    in_utc = times.all_inner_texts()
    assert local
    assert all("UTC" in text for text in in_utc)
    assert all(text not in in_utc for text in local)
    page.locator("#clock-utc").uncheck()
    assert times.all_inner_texts() == local


def test_labels_do_not_cover_each_other_or_a_marker(page, base_url):
    open_map(page, base_url + TRIP)
    covered = page.evaluate(
        """() => {
          const boxes = [...document.querySelectorAll('.name:not(.city-dot), .pin .badge')]
            .map((e) => [e.textContent, e.getBoundingClientRect()]);
          const found = [];
          boxes.forEach(([a, p], i) => boxes.slice(i + 1).forEach(([b, q]) => {
            if (p.left < q.right - 1 && q.left < p.right - 1 && p.top < q.bottom - 1
              && q.top < p.bottom - 1) found.push(`${a} / ${b}`);
          }));
          return found;
        }"""
    )
    assert covered == []


@pytest.mark.parametrize(
    ("as_of", "stops"),
    [
        (BEFORE, ["Vladivostok"]),
        (LEFT, ["Pyongyang", "Vladivostok"]),
        (
            NOW,
            [
                "Pyongyang",
                "Tumen River rail bridge",
                "Khasan station",
                "Razdolnaya River bridge",
                "Ussuriysk",
                "Vladivostok",
                "Khabarovsk",
                "Vostochny Cosmodrome",
            ],
        ),
    ],
)
def test_slider_changes_markers_table_status_and_address(page, watch, base_url, as_of, stops):
    open_map(page, base_url + TRIP)
    steps = page.locator("[data-part=steps] a").evaluate_all("all => all.map(a => a.dataset.asOf)")
    slider = page.get_by_role("slider", name="Known at")
    slider.focus()
    page.keyboard.press("Home")
    for _ in range(steps.index(as_of)):
        page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile(re.escape(f"as_of={as_of}".replace(":", "%3A"))))
    expect(page.locator("[data-part=stops] .place")).to_have_text(stops)
    assert [label.split(": ", 1)[1].rsplit(",", 1)[0] for label in markers(page)] == stops
    assert page.locator("path.leg").count() == len(stops) - 1
    page.reload()
    page.wait_for_selector("#map[data-ready=true]")
    assert rows(page) == stops
    assert slider.input_value() == str(steps.index(as_of))
    watch.assert_quiet(base_url)


def test_back_returns_to_the_step_before(page, base_url):
    open_map(page, f"{base_url}{TRIP}?as_of={NOW}")
    page.get_by_role("button", name="Earlier report").click()
    expect(page.locator("[data-part=stops] .place")).to_have_text(["Pyongyang", "Vladivostok"])
    page.go_back()
    expect(page.locator("[data-part=stops] .place")).to_have_count(8)


def test_play_runs_from_the_first_step_and_stops_at_the_last(page, base_url):
    open_map(page, base_url + TRIP)
    page.clock.install()
    steps = page.locator("[data-part=steps] a").evaluate_all("all => all.map(a => a.dataset.asOf)")
    playing = page.get_by_role("button", name="Play")
    playing.click()
    for step in steps:
        expect(page.locator("[data-part=steps] [aria-current]")).to_have_attribute(
            "data-as-of", step
        )
        page.clock.run_for(1800)
    expect(page.get_by_role("button", name="Play")).to_have_attribute("aria-pressed", "false")
    expect(page.locator("[data-part=stops] .place")).to_have_count(12)


def test_choosing_a_row_highlights_its_marker_and_the_other_way_round(page, base_url):
    open_map(page, base_url + TRIP)
    page.get_by_role("link", name="Khasan station", exact=True).first.click()
    expect(page.locator(".pin.is-chosen")).to_have_attribute("aria-label", re.compile("Khasan"))
    expect(page.locator(".about-title")).to_have_text("Khasan station")
    expect(page.locator(".about-claims")).to_contain_text("Vesti Primorye")
    page.locator(".pin[data-waypoint='1']").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=stops] tr.is-chosen .place")).to_have_text("Pyongyang")


def test_utc_on_demand(page, base_url):
    open_map(page, base_url + TRIP)
    first = page.locator("[data-part=stops] time").first
    expect(first).to_have_text("10 Sep 12:00–18:00 UTC+9", use_inner_text=True)
    page.get_by_label("Times in UTC").check()
    expect(first).to_have_text("10 Sep 03:00–09:00 UTC", use_inner_text=True)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", TRIP, EMBED, "/trips/none"])
def test_no_accessibility_violations(browser: Browser, base_url, path, scheme):
    page = browser.new_page(color_scheme=scheme)
    page.goto(base_url + path)
    if "2023" in path:
        page.wait_for_selector("#map[data-ready=true]")
    result = Axe().run(page)
    found = {v["id"]: [n["target"] for n in v["nodes"]][:3] for v in result.response["violations"]}
    page.close()
    assert found == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contradictions_break_no_rule_of_accessibility_and_fit_a_phone(
    browser: Browser, hostile_url, scheme
):
    page = browser.new_page(color_scheme=scheme, viewport={"width": 360, "height": 740})
    open_map(page, f"{hostile_url}/trips/hostile")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    found = [violation["id"] for violation in Axe().run(page).response["violations"]]
    page.close()
    assert found == []


@pytest.mark.parametrize(
    ("path", "width", "height"), [("/", 360, 740), (TRIP, 360, 740), (EMBED, 280, 420)]
)
def test_narrow_screens_need_no_sideways_scrolling(page, base_url, path, width, height):
    page.set_viewport_size({"width": width, "height": height})
    page.goto(base_url + path)
    if path != "/":
        page.wait_for_selector("#map[data-ready=true]")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    if path == EMBED:
        assert page.evaluate("document.documentElement.scrollHeight") == height
        assert page.locator("#map").bounding_box()["height"] >= 160


def test_embed_works_in_a_sandboxed_frame_of_another_site(page, watch, base_url):
    page.route(
        "http://news.example/",
        lambda route: route.fulfill(
            content_type="text/html",
            body=f'<iframe sandbox="allow-scripts" height=480 src="{base_url}{EMBED}?as_of={NOW}">'
            "</iframe>",
        ),
    )
    page.goto("http://news.example/")
    frame = page.frame_locator("iframe")
    frame.locator("#map[data-ready=true]").wait_for()
    frame.get_by_role("button", name="Earlier report").click()
    expect(frame.locator(".pin")).to_have_count(2)
    assert [line for line in watch.said if "favicon" not in line] == []


def test_without_script_the_tables_and_the_steps_are_there(browser: Browser, base_url):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(base_url + UNDER_WAY)
    assert len(rows(page)) == 8
    assert page.locator("[data-part=legs] tr").count() == 7
    assert page.locator("[data-part=claims] tr").count() == 15
    expect(page.locator("#map noscript")).to_be_visible()
    page.locator(".steps summary").click()
    page.locator(f"[data-as-of='{LEFT}']").click()
    assert rows(page) == ["Pyongyang", "Vladivostok"]
    context.close()


@pytest.mark.parametrize("path", ["/", "/trips/hostile", "/embed/hostile"])
def test_hostile_text_stays_text(page, watch, hostile_url, path):
    page.goto(hostile_url + path)
    if path != "/":
        page.wait_for_selector("#map[data-ready=true]")
        assert page.evaluate("JSON.parse(document.getElementById('trip-data').textContent)")
        page.locator(".pin[data-waypoint='2']").focus()
        page.keyboard.press("Enter")
        expect(page.locator(".about-title")).to_contain_text("<img src=x onerror=alert(1)>")
    expect(page.get_by_role("heading").filter(has_text="${alert(1)}").first).to_be_visible()
    assert page.locator("img:not([src^='/trips/hostile/map.svg'])").count() == 0
    watch.assert_quiet(hostile_url)


def test_contradictions_come_and_go_with_what_was_known(page, watch, hostile_url):
    open_map(page, f"{hostile_url}/trips/hostile")
    told = page.locator("[data-part=contradictions]")
    expect(told).to_contain_text("the assumed maximum is 2 km/h")
    expect(told).to_contain_text("<img src=x onerror=alert(1)>")
    expect(page.locator("[data-part=legs]")).to_contain_text("too fast for the assumption")
    page.get_by_role("button", name="Earlier report").click()
    expect(told).to_have_text("No contradictions among what was reported by then.")
    expect(page.locator("[data-part=claims] a[href^='#contradiction']")).to_have_count(0)
    page.get_by_role("button", name="Later report").click()
    page.locator("[data-part=claims] a[href='#contradiction-1']").first.click()
    expect(page.locator("#contradiction-1")).to_be_in_viewport()
    watch.assert_quiet(hostile_url)


def test_a_marker_says_what_was_seen_there(page, base_url):
    open_map(page, base_url + UNDER_WAY)
    page.locator(".pin[data-waypoint='4']").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".about-body .tag")).to_have_text("train seen")


FONT_AT_HAND = """async () => {
  const faces = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules])
    .filter((rule) => rule instanceof CSSFontFaceRule && rule.cssText.includes('Dateline Hangul'));
  const local = faces[0].style.getPropertyValue('src').match(/local\\([^)]*\\)/g).join(', ');
  try { await new FontFace('at hand', local).load(); return true; } catch { return false; }
}"""


def test_hangul_is_written_with_a_font_that_has_it(page, watch, base_url):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    open_map(page, base_url + TRIP)
    name = page.locator("[data-part=stops] bdi[lang=ko]").first
    expect(name).to_have_text("평양")
    page.evaluate("document.fonts.ready.then(() => true)")
    # The machine's own font if it has one that we know of, else ours, and only the one needed.
    is_at_hand = page.evaluate(FONT_AT_HAND)
    page.wait_for_load_state("networkidle")
    fonts = [url.rsplit("/", 1)[1].split(".")[0] for url in asked if url.endswith(".otf")]
    assert fonts == ([] if is_at_hand else ["hangul"])
    devtools = page.context.new_cdp_session(page)
    devtools.send("DOM.enable")
    devtools.send("CSS.enable")
    root = devtools.send("DOM.getDocument")["root"]["nodeId"]
    selector = {"nodeId": root, "selector": "[data-part=stops] bdi[lang=ko]"}
    node = devtools.send("DOM.querySelector", selector)["nodeId"]
    used = devtools.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    assert sum(font["glyphCount"] for font in used if font["isCustomFont"]) == 2
    watch.assert_quiet(base_url)


def test_a_page_without_hangul_asks_for_no_font(page, base_url):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(base_url + "/")
    page.wait_for_load_state("networkidle")
    assert any("/vendor/fonts." in url for url in asked)
    assert not any(url.endswith(".otf") for url in asked)


def test_the_last_report_is_marked_on_the_map_and_in_the_first_line(page, base_url):
    open_map(page, base_url + UNDER_WAY)
    last = page.locator(".pin.is-last")
    expect(last).to_have_count(1)
    expect(last).to_have_attribute("aria-label", "4: Razdolnaya River bridge, last reported")
    expect(page.locator(".stop-label.is-last")).to_contain_text("last reported, 12\u00a0Sep")
    expect(page.locator("[data-part=status]")).to_have_text(
        "Last reported: Razdolnaya River bridge (train seen), 12 Sep, RIA Novosti"
    )
    badges = page.locator(".pin .badge").evaluate_all("all => all.map(e => e.offsetWidth)")
    assert badges.count(max(badges)) == 1


@pytest.mark.parametrize(
    ("path", "width", "height"),
    [(TRIP, 1280, 900), (UNDER_WAY, 360, 740), ("/trips/2019-02-hanoi", 768, 1024)],
)
def test_every_stop_in_view_is_named_beside_its_number(page, base_url, path, width, height):
    page.set_viewport_size({"width": width, "height": height})
    open_map(page, base_url + path)
    expect(page.locator(".stop-label")).to_have_count(page.locator(".pin").count())


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (360, 740)])
def test_map_and_slider_are_within_the_first_screen_and_a_half(page, base_url, width, height):
    page.set_viewport_size({"width": width, "height": height})
    open_map(page, base_url + TRIP)
    box = page.get_by_role("slider", name="Known at").bounding_box()
    assert box["y"] + box["height"] < height * (1.0 if width > 1000 else 1.5)


def test_what_only_announces_is_no_distance_and_no_reported_part(page, base_url):
    open_map(page, f"{base_url}{TRIP}?as_of={BEFORE}")
    expect(page.get_by_role("button", name="Reported part")).to_be_disabled()
    expect(page.locator("[data-part=figures]")).to_contain_text("no leg yet")
    expect(page.locator("[data-part=stops] td.number")).to_have_text("–")
    expect(page.locator(".pin.is-last")).to_have_count(0)
    page.get_by_role("slider", name="Known at").press("End")
    expect(page.get_by_role("button", name="Reported part")).to_be_enabled()


def test_the_slider_says_each_step_in_words(page, base_url):
    open_map(page, f"{base_url}{TRIP}?as_of={LEFT}")
    slider = page.get_by_role("slider", name="Known at")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("12 Sep 2023, 03:00 UTC, .+"))
    expect(page.locator("[data-part=known]")).to_contain_text("12 Sep 2023, 03:00 UTC")
    ticks = page.locator("#slider-steps option").count()
    assert (
        ticks == page.locator("[data-part=steps] a").count() == int(slider.get_attribute("max")) + 1
    )


def test_the_dot_of_a_number_that_stands_aside_covers_no_other_number(page, base_url):
    open_map(page, f"{base_url}/trips/2019-02-hanoi")
    on_top = page.locator(".pin:not(.is-away) .badge").evaluate_all(
        """badges => badges.map((badge) => {
          const { left, top, width, height } = badge.getBoundingClientRect();
          const [first] = document.elementsFromPoint(left + width / 2, top + height / 2);
          return first === badge;
        })"""
    )
    assert page.locator(".pin.is-away").count() > 0
    assert on_top
    assert all(on_top)
