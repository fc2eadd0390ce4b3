"""A choice, an instant and a story: what a reader sets on the dashboard holds everywhere in it."""

import re
from urllib.parse import parse_qs, quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.reference]

TRIP = "/trips/2023-09-russia"
BEFORE, LEFT, NOW = "2023-09-11T15:00:00Z", "2023-09-12T03:00:00Z", "2023-09-12T12:34:00Z"
UNDER_WAY = f"{TRIP}?as_of={NOW}"
CLAIM = "claim-khasan-arrival"


@pytest.fixture
def page(page: Page) -> Page:
    """Nothing glides, so that what is looked at has arrived."""
    page.emulate_media(reduced_motion="reduce")
    return page


def open_page(page: Page, url: str) -> None:
    page.goto(url)
    page.wait_for_selector("#map[data-ready=true]")


def reader(page: Page) -> dict[str, str]:
    """What of the reader's choices stands in the address now: ``page.url`` may be older."""
    query = page.evaluate("location.search.slice(1)")
    return {name: values[0] for name, values in parse_qs(query).items()}


def has(**wanted: str) -> re.Pattern[str]:
    """Addresses with these parameters, in any order."""
    ahead = "".join(
        f"(?=.*[?&]{n}={re.escape(quote(v, safe=''))}(&|#|$))" for n, v in wanted.items()
    )
    return re.compile(ahead)


def chosen(page: Page, level: str = "chosen") -> dict[str, set[str]]:
    """Where what is highlighted: in the tables, on the map and in the diagram that is shown."""
    return page.evaluate(
        """(level) => {
          const kinds = ['claim', 'contradiction', 'leg', 'waypoint'];
          const name = (e) => kinds.filter((kind) => e.dataset[kind])
            .map((kind) => `${kind}-${e.dataset[kind]}`)[0];
          const found = (what) => [...document.querySelectorAll(`${what}.is-${level}`)].map(name);
          return {
            rows: found(':is(tr, article)'),
            pins: found('.pin'),
            diagram: found('.diagram-2 svg *'),
            lines: document.querySelectorAll(`path.leg.is-${level}`).length,
          };
        }""",
        level,
    )


def story_card(page: Page) -> Locator:
    return page.get_by_role("group", name="The story")


def answer(page: Page) -> Locator:
    return page.locator("[data-say=answer]")


def bands(page: Page) -> list[str]:
    """The stretches of line on the map, as they are drawn."""
    return page.locator("#map .prism-band").evaluate_all("all => all.map(e => e.getAttribute('d'))")


# The step


@pytest.mark.parametrize(
    ("as_of", "stops", "claims"),
    [(BEFORE, 1, 2), (LEFT, 2, 4), (NOW, 8, 15)],
)
def test_one_step_changes_map_tables_diagram_and_address_together(
    page, watch, base_url, as_of, stops, claims
):
    open_page(page, base_url + TRIP)
    steps = page.locator("[data-part=steps] a").evaluate_all("all => all.map(a => a.dataset.asOf)")
    slider = page.get_by_role("slider", name="Known at")
    slider.press("Home")
    for _ in range(steps.index(as_of)):
        slider.press("ArrowRight")
    expect(page).to_have_url(has(as_of=as_of))
    expect(page.locator("[data-part=stops] tr[data-waypoint]")).to_have_count(stops)
    expect(page.locator(".pin")).to_have_count(stops)
    expect(page.locator("path.leg")).to_have_count(stops - 1)
    expect(page.locator("[data-part=claims] tr[data-claim]")).to_have_count(claims)
    bars = page.locator(".diagram-2 .bar").evaluate_all("all => all.map(e => e.dataset.waypoint)")
    assert set(bars) <= {str(n + 1) for n in range(stops)}
    assert bool(bars) is (as_of != BEFORE)
    watch.assert_quiet(base_url)


def test_speeds_of_the_readers_own_hold_at_every_step(page, watch, base_url):
    open_page(page, f"{base_url}/trips/2025-09-beijing?max_speed_kmh=50")
    told = page.locator("[data-part=contradictions]")
    expect(told).to_contain_text("the assumed maximum is 50 km/h")
    page.get_by_role("button", name="Earlier report").click()
    expect(told).to_have_text("No contradictions among what was reported by then.")
    expect(answer(page)).to_contain_text("within reach at 50 km/h")
    page.get_by_role("button", name="Later report").click()
    expect(told).to_contain_text("the assumed maximum is 50 km/h")
    expect(page.locator(".diagram-2 .clash")).to_have_count(1)
    expect(page).to_have_url(has(max_speed_kmh="50"))
    watch.assert_quiet(base_url)


# The choice


def test_choosing_a_claim_highlights_its_row_stop_leg_and_bar(page, watch, base_url):
    open_page(page, base_url + UNDER_WAY)
    page.locator(f"#{CLAIM} a.choice").press("Enter")
    expect(page).to_have_url(has(chosen=CLAIM, as_of=NOW))
    strong = chosen(page)
    assert set(strong["rows"]) == {CLAIM, "waypoint-3"}
    assert strong["pins"] == ["waypoint-3"]
    assert CLAIM in strong["diagram"]
    weak = chosen(page, "related")
    assert "leg-2" in weak["rows"]
    assert weak["lines"] == 1
    told = page.locator("[data-chosen]")
    expect(told).to_have_text(
        "Chosen: claim of Vesti Primorye on Khasan station. Escape clears the choice."
    )
    page.keyboard.press("Escape")
    expect(told).to_be_empty()
    assert "chosen" not in reader(page)
    assert page.locator(".is-chosen, .is-related").count() == 0
    watch.assert_quiet(base_url)


def test_choosing_a_leg_in_its_row_on_the_map_or_in_the_diagram_is_the_same(page, base_url):
    open_page(page, base_url + UNDER_WAY)
    page.get_by_role("link", name="Khasan station – Razdolnaya River bridge").press("Enter")
    by_row = chosen(page), chosen(page, "related")
    assert by_row[0]["rows"] == ["leg-3"]
    assert by_row[0]["lines"] == 1
    assert "leg-3" in by_row[0]["diagram"]
    assert set(by_row[1]["pins"]) == {"waypoint-3", "waypoint-4"}
    page.keyboard.press("Escape")
    page.locator(".diagram-2 [data-leg='3']").first.dispatch_event("click", {"bubbles": True})
    assert (chosen(page), chosen(page, "related")) == by_row
    page.keyboard.press("Escape")
    page.locator("path.leg-hit[data-leg='3']").dispatch_event("click", {"bubbles": True})
    assert (chosen(page), chosen(page, "related")) == by_row


def test_the_arrow_keys_go_through_the_diagram_and_choose(page, watch, base_url):
    open_page(page, base_url + UNDER_WAY)
    diagram = page.locator("svg.time-distance:visible")
    diagram.focus()
    walked: list[str] = []
    page.keyboard.press("ArrowRight")
    while (now := reader(page)["chosen"]) not in walked:
        walked.append(now)
        page.keyboard.press("ArrowRight")
    assert now == walked[-1]
    drawn = diagram.evaluate("""(svg) => [...svg.querySelectorAll('[data-waypoint], [data-leg]')]
      .flatMap((e) => [['waypoint', e.dataset.waypoint], ['leg', e.dataset.leg]])
      .filter(([, key]) => key).map(([kind, key]) => `${kind}-${key.split(' ')[0]}`)""")
    assert {name for name in drawn if name.startswith("leg")} <= set(walked)
    assert chosen(page)["rows"] == [walked[-1]]
    page.keyboard.press("Home")
    assert reader(page)["chosen"] == walked[0]
    page.keyboard.press("ArrowLeft")
    assert reader(page)["chosen"] == walked[0]
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowUp")
    assert reader(page)["chosen"] == walked[-1]
    expect(diagram).to_be_focused()
    page.go_back()
    assert reader(page).get("chosen") in (None, walked[0])
    watch.assert_quiet(base_url)


def test_choosing_a_stop_on_the_map_highlights_its_row_and_what_goes_with_it(page, base_url):
    open_page(page, base_url + UNDER_WAY)
    page.locator(".pin[data-waypoint='3']").press("Enter")
    expect(page.locator(".about-title")).to_have_text("Khasan station")
    assert chosen(page)["rows"] == ["waypoint-3"]
    assert {"leg-2", CLAIM} <= set(chosen(page, "related")["rows"])
    page.locator(".pin[data-waypoint='1']").press("Enter")
    about = page.locator(".leaflet-popup", has_text="Pyongyang")
    expect(about).to_be_visible()
    assert reader(page)["chosen"] == "waypoint-1"
    about.get_by_role("button", name="Close").click()
    expect(page.locator(".is-chosen")).to_have_count(0)
    assert "chosen" not in reader(page)


def test_choosing_a_contradiction_highlights_its_claims_and_their_stops(page, watch, hostile_url):
    open_page(page, f"{hostile_url}/trips/hostile")
    page.get_by_role("link", name="Contradiction 1", exact=True).press("Enter")
    assert set(chosen(page)["rows"]) == {"contradiction-1", "claim-left", "claim-came"}
    assert set(chosen(page, "related")["pins"]) == {"waypoint-1", "waypoint-2"}
    watch.assert_quiet(hostile_url)


def test_a_stop_stays_chosen_where_it_has_another_number_at_another_step(page, base_url):
    open_page(page, base_url + UNDER_WAY)
    page.locator(".pin[data-waypoint='6']").press("Enter")
    expect(page.locator(".about-title")).to_have_text("Vladivostok")
    page.get_by_role("button", name="Earlier report").click()
    expect(page).to_have_url(has(as_of=LEFT, chosen="waypoint-2"))
    expect(page.locator("[data-part=stops] tr.is-chosen .place")).to_have_text("Vladivostok")
    page.go_back()
    expect(page).to_have_url(has(as_of=NOW, chosen="waypoint-6"))
    expect(page.locator("[data-part=stops] tr.is-chosen .place")).to_have_text("Vladivostok")


@pytest.mark.parametrize(
    "query", ["chosen=waypoint-99", "chosen=nonsense", "at=yesterday", "story=x", "story=999"]
)
def test_what_makes_no_sense_in_the_address_is_ignored_in_silence(page, watch, base_url, query):
    open_page(page, f"{base_url}{UNDER_WAY}&{query}")
    expect(page.locator(".pin")).to_have_count(8)
    assert page.locator(".is-chosen, #map .prism-band").count() == 0
    expect(story_card(page)).to_be_hidden()
    watch.assert_quiet(base_url)


def test_a_claim_not_known_yet_is_ignored_until_it_is(page, base_url):
    open_page(page, f"{base_url}{TRIP}?as_of={LEFT}&chosen={CLAIM}")
    assert page.locator(".is-chosen").count() == 0
    page.get_by_role("button", name="Later report").click()
    expect(page.locator(f"#{CLAIM}.is-chosen")).to_be_visible()


# Where it could be


def test_where_it_could_be_appears_on_the_map_and_changes_with_the_instant(page, watch, base_url):
    open_page(page, base_url + UNDER_WAY)
    assert bands(page) == []
    page.locator("[data-where] summary").press("Enter")
    expect(answer(page)).to_contain_text("within reach at 80 km/h")
    drawn = bands(page)
    assert len(drawn) == 2
    expect(page.locator("path.prism-stop")).to_have_count(1)
    expect(page.locator(".prism-estimate")).to_have_attribute("title", re.compile("^Estimate: "))
    slider = page.get_by_role("slider", name="Where could it be at")
    expect(slider).to_have_attribute("aria-valuetext", "12 Sep 22:34 UTC+10, 12 Sep 12:34 UTC")
    said = answer(page).inner_text()
    slider.press("Home")
    expect(answer(page)).not_to_have_text(said)
    expect(answer(page)).to_have_text("Not yet under way: at Pyongyang.")
    assert bands(page) == []
    instant = reader(page)["at"]
    assert instant.endswith(("00:00Z", "15:00Z", "30:00Z", "45:00Z"))
    assert page.locator(".diagram-2 .moment").count() == 1
    watch.assert_quiet(base_url)


def test_the_instant_follows_the_reports_until_the_reader_sets_one(page, base_url):
    open_page(page, f"{base_url}{TRIP}?as_of={NOW}&at=reports")
    slider = page.get_by_role("slider", name="Where could it be at")
    follow = page.get_by_role("button", name="Follow the reports")
    expect(follow).to_be_hidden()
    page.get_by_role("button", name="Earlier report").click()
    expect(slider).to_have_attribute("aria-valuetext", re.compile("12 Sep 03:00 UTC$"))
    slider.press("ArrowLeft")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("12 Sep 02:45 UTC$"))
    expect(page).to_have_url(has(at="2023-09-12T02:45:00Z"))
    page.get_by_role("button", name="Later report").click()
    expect(page).to_have_url(has(as_of=NOW, at="2023-09-12T02:45:00Z"))
    expect(slider).to_have_attribute("aria-valuetext", re.compile("12 Sep 02:45 UTC$"))
    follow.press("Enter")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("12 Sep 12:34 UTC$"))
    expect(slider).to_be_focused()


def test_it_opens_when_known_at_is_moved_unless_the_reader_closed_it(page, base_url):
    open_page(page, base_url + UNDER_WAY)
    box = page.locator("[data-where]")
    assert bands(page) == []
    page.get_by_role("button", name="Earlier report").click()
    expect(page).to_have_url(has(at="reports"))
    expect(answer(page)).not_to_have_text("")
    assert bands(page) != []
    box.locator("summary").press("Enter")
    expect(page.locator("path.prism-stop")).to_have_count(0)
    page.get_by_role("button", name="Later report").click()
    expect(page).to_have_url(has(as_of=NOW))
    assert "at" not in reader(page)
    assert bands(page) == []


def test_a_point_in_the_diagram_sets_the_instant_and_the_cursor(page, base_url):
    open_page(page, base_url + UNDER_WAY)
    picture = page.locator(".diagram-2 svg")
    picture.scroll_into_view_if_needed()
    box, plot = (
        picture.bounding_box(),
        picture.evaluate("e => ({...e.dataset, w: e.viewBox.baseVal.width})"),
    )
    scale = box["width"] / plot["w"]
    x = float(plot["left"]) + 3
    page.mouse.click(box["x"] + x * scale, box["y"] + (float(plot["top"]) + 4) * scale)
    expect(page).to_have_url(re.compile(r"[?&]at=2023-09-\d\dT"))
    cursor = float(page.locator(".diagram-2 .moment").get_attribute("x1"))
    # A quarter of an hour is the finest that can be pointed at.
    assert cursor == pytest.approx(x, abs=4)
    expect(answer(page)).not_to_be_empty()


def test_the_claims_that_bound_it_are_links_that_choose_them(page, base_url):
    open_page(page, f"{base_url}{UNDER_WAY}&at={NOW}")
    link = page.locator("[data-say=claims] a", has_text="Vesti Primorye on Khasan station")
    link.press("Enter")
    expect(page.locator(f"#{CLAIM}.is-chosen")).to_be_in_viewport()


def test_an_answer_that_does_not_come_is_said_in_its_place(page, base_url):
    said = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.route("**/position?*", lambda route: route.fulfill(status=503, body="{}"))
    open_page(page, f"{base_url}{UNDER_WAY}&at={NOW}")
    expect(answer(page)).to_contain_text("could not be loaded")
    assert bands(page) == []
    page.unroute("**/position?*")
    page.get_by_role("slider", name="Where could it be at").press("ArrowLeft")
    expect(answer(page)).to_contain_text("Possible then")
    assert said == []


def test_without_what_lies_under_it_the_map_still_shows_the_route(page, base_url):
    page.route("**/basemap.json*", lambda route: route.abort())
    open_page(page, base_url + UNDER_WAY)
    expect(page.locator(".stop-label").first).to_be_visible()
    assert page.locator("path.leg").count() > 3


def test_a_late_answer_is_given_up_and_a_known_one_not_asked_again(page, base_url):
    open_page(page, f"{base_url}{UNDER_WAY}&at={NOW}")
    expect(answer(page)).not_to_be_empty()
    first = answer(page).inner_text()
    slider = page.get_by_role("slider", name="Where could it be at")
    asked = []
    # Never answered, until the page gives it up.
    page.route("**/position?*", lambda route: asked.append(route.request.url))
    with page.expect_request("**/position?*"):
        slider.press("Home")
    with page.expect_event("requestfailed") as given_up:
        slider.press("End")
    assert given_up.value.url == asked[0]
    page.go_back()
    expect(slider).to_have_attribute("aria-valuetext", re.compile("12:34 UTC$"))
    expect(answer(page)).to_have_text(first)
    assert all(quote(NOW, safe="") not in url.partition("&as_of")[0] for url in asked)


# The story


def test_the_story_goes_through_the_claims_as_they_became_known(page, watch, base_url):
    open_page(page, base_url + TRIP)
    page.get_by_role("button", name="Claim by claim").press("Enter")
    card = story_card(page)
    expect(card).to_be_focused()
    expect(card).to_contain_text("1 of 30")
    seen = []
    for n in range(2, 10):
        page.keyboard.press("ArrowRight")
        expect(card).to_contain_text(f"{n} of 30")
        at = reader(page)
        seen.append(at["as_of"])
        row = page.locator(f"[data-part=claims] tr[id='{at['chosen']}']")
        expect(row).to_have_class(re.compile("is-chosen"))
        expect(card.locator("[data-say=claim]")).to_have_text(row.locator(".said").inner_text())
    assert seen == sorted(seen)
    assert len(set(seen)) > 2
    page.keyboard.press("ArrowLeft")
    expect(card).to_contain_text("8 of 30")
    expect(card).to_contain_text("New stop")
    expect(page.locator(".pin.is-chosen")).to_have_attribute("aria-label", re.compile("Khasan"))
    card.get_by_role("button", name="Leave").press("Enter")
    expect(card).to_be_hidden()
    expect(page.get_by_role("button", name="Claim by claim")).to_be_focused()
    watch.assert_quiet(base_url)


def test_hostile_text_in_the_story_stays_text(page, watch, hostile_url):
    open_page(page, f"{hostile_url}/trips/hostile?story=2&at=reports")
    expect(story_card(page).locator("[data-say=claim]")).to_contain_text("<img src=x onerror")
    expect(page.locator("[data-say=claims]")).to_contain_text("<script>alert(1)")
    # The page's one picture is ours, for paper; a text that became an element would bring another.
    assert page.locator("img:not(.on-paper), [onerror]").count() == 0
    watch.assert_quiet(hostile_url)


def test_a_link_to_a_story_opens_at_its_claim(page, watch, base_url):
    open_page(page, f"{base_url}{TRIP}?story=8")
    expect(page).to_have_url(has(story="8", as_of=NOW, chosen=CLAIM))
    expect(story_card(page)).to_contain_text("8 of 30")
    expect(page.locator("[data-part=stops] tr[data-waypoint]")).to_have_count(8)
    assert (
        page.get_by_role("slider", name="Known at")
        .get_attribute("aria-valuetext")
        .startswith("12 Sep 2023, 12:34 UTC")
    )
    watch.assert_quiet(base_url)


def test_the_story_brings_its_stop_and_the_leg_to_it_into_view(page, base_url):
    open_page(page, f"{base_url}{TRIP}?story=8")
    expect(page.locator(".pin.is-chosen")).to_be_in_viewport()
    frame = page.locator("#map").bounding_box()
    for number in (2, 3):
        dot = page.locator(f".pin[data-waypoint='{number}']").bounding_box()
        assert frame["x"] < dot["x"] < frame["x"] + frame["width"]
        assert frame["y"] < dot["y"] < frame["y"] + frame["height"]


def test_the_story_plays_stops_at_the_end_and_on_any_action(page, base_url):
    open_page(page, f"{base_url}{TRIP}?story=28")
    card = story_card(page)
    expect(card).to_contain_text("28 of 30")
    page.clock.install()
    play = card.get_by_role("button", name="Play the story")
    play.press("Enter")
    expect(card).to_contain_text("29 of 30")
    pause = card.get_by_role("button", name="Pause the story")
    expect(pause).to_have_attribute("aria-pressed", "true")
    page.locator("h1").click()
    expect(play).to_have_attribute("aria-pressed", "false")
    page.clock.run_for(20_000)
    expect(card).to_contain_text("29 of 30")
    play.press("Enter")
    expect(card).to_contain_text("30 of 30")
    expect(play).to_have_attribute("aria-pressed", "false")


def test_the_slider_takes_the_story_along(page, base_url):
    open_page(page, f"{base_url}{TRIP}?story=8")
    expect(story_card(page)).to_contain_text("8 of 30")
    page.get_by_role("slider", name="Known at").press("ArrowLeft")
    expect(page).to_have_url(has(as_of=LEFT, story="4"))
    expect(story_card(page)).to_contain_text("4 of 30")


# Back, reload, without script


def test_back_forward_and_reload_keep_choice_instant_and_story(page, base_url):
    open_page(page, f"{base_url}{TRIP}?story=8")
    expect(story_card(page)).to_contain_text("8 of 30")
    page.locator("[data-where] summary").press("Enter")
    page.get_by_role("slider", name="Where could it be at").press("ArrowLeft")
    page.get_by_role("slider", name="Where could it be at").press("ArrowLeft")
    page.locator(".pin[data-waypoint='4']").press("Enter")
    whole = {"as_of": NOW, "story": "8", "at": "2023-09-12T12:00:00Z", "chosen": "waypoint-4"}
    expect(page).to_have_url(has(**whole))
    page.reload()
    page.wait_for_selector("#map[data-ready=true]")
    assert reader(page)["at"] == whole["at"]
    expect(page.get_by_role("slider", name="Where could it be at")).to_have_attribute(
        "aria-valuetext", re.compile("12:00 UTC$")
    )
    page.go_back()
    expect(page).to_have_url(has(**whole | {"chosen": CLAIM}))
    expect(page.locator(f"#{CLAIM}")).to_have_class(re.compile("is-chosen"))
    # The whole way of the slider is one step back.
    page.go_back()
    expect(page).to_have_url(has(**whole | {"chosen": CLAIM, "at": "reports"}))
    page.go_forward()
    expect(page).to_have_url(has(**whole | {"chosen": CLAIM}))
    expect(answer(page)).to_contain_text("Possible then")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_story_choice_and_positions_break_no_rule_of_accessibility_and_fit_a_phone(
    browser: Browser, base_url, scheme
):
    page = browser.new_page(color_scheme=scheme, viewport={"width": 360, "height": 740})
    open_page(page, f"{base_url}{TRIP}?story=8&at=reports")
    expect(answer(page)).not_to_be_empty()
    expect(story_card(page)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    found = {
        v["id"]: [n["target"] for n in v["nodes"]][:3]
        for v in Axe().run(page).response["violations"]
    }
    page.close()
    assert found == {}


def test_without_script_nothing_of_the_controls_shows(browser: Browser, base_url):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(base_url + UNDER_WAY)
    for control in ("[data-story]", "[data-story-start]", "[data-where]"):
        assert page.locator(control).count() == 1
        expect(page.locator(control)).to_be_hidden()
    expect(page.locator(f"#{CLAIM} .said")).to_be_visible()
    context.close()
