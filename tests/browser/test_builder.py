"""The builder of embeds, as somebody uses it who wants a map on a page of theirs."""

import re
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from app.web.embed_choice import EmbedChoice
from tests.browser import host_libraries
from tests.browser.hosts import Newsroom, article
from tests.browser.hosts import newsroom as open_newsroom

pytestmark = [pytest.mark.browser, pytest.mark.reference]

SLUG = "2023-09-russia"
TRIP, EMBED = f"/trips/{SLUG}", f"/embed/{SLUG}"
EXAMPLES = Path(__file__).parents[2] / "templates" / "examples"
EARLIER = "2023-09-12T12:34:00Z"
NO_CLIPBOARD = "Object.defineProperty(Navigator.prototype, 'clipboard', { value: undefined });"

# What the script of Datawrapper's charts has always read: which frame it is for by its id.
BY_ID = """<script>
addEventListener('message', ({ data }) => {
  for (const [id, height] of Object.entries(data['datawrapper-height'] ?? {})) {
    const frame = document.getElementById(`datawrapper-chart-${id}`);
    if (frame) frame.style.height = `${height}px`;
  }
});
</script>"""
PREVIEW = "document.querySelector('#embed iframe')"
# Every choice of every field with every other; the preview is closed, so that nothing is loaded.
ALL_CHOICES = """(days) => {
  const form = document.querySelector('#embed form');
  const some = (field) => [...field.options].map((option) => option.value);
  const steps = some(form.elements.as_of);
  const values = {
    as_of: [steps[0], steps[1], steps.at(-1)], from: ['', days[0]], to: ['', days[1]],
    height: ['', '200', '2000'],
  };
  for (const name of ['view', 'theme', 'slider']) values[name] = some(form.elements[name]);
  let choices = [{}];
  for (const [name, offered] of Object.entries(values)) {
    choices = choices.flatMap((choice) => offered.map((value) => ({ ...choice, [name]: value })));
  }
  return choices.map((choice) => {
    for (const [name, value] of Object.entries(choice)) form.elements[name].value = value;
    form.dispatchEvent(new Event('change'));
    return [choice, ...document.querySelectorAll('#embed textarea')].map((it) => it.value ?? it);
  });
}"""


@pytest.fixture(scope="module")
def newsroom():
    with open_newsroom() as room:
        yield room


def come_near(page: Page, url: str) -> None:
    """Opens a trip's page and goes down to the builder, which is closed."""
    page.goto(url)
    page.wait_for_selector("#map[data-ready=true]")
    page.locator("#embed").scroll_into_view_if_needed()
    page.wait_for_selector("#embed [data-preview]:not([hidden])", state="attached")


def open_builder(page: Page, url: str) -> None:
    come_near(page, url)
    page.get_by_text("Choose what is shown").click()
    shown(page)


def shown(page: Page, part: str = "") -> None:
    """Waits until the preview shows what was chosen, and has ``part`` in its address."""
    page.wait_for_function(
        f"(part) => {PREVIEW}?.contentWindow.location.search.includes(part)", arg=part
    )
    inside = page.frame_locator("#embed iframe")
    inside.locator("#map[data-ready=true], body:not(:has(#map)) .diagram").wait_for()


def code(page: Page, name: str) -> str:
    return page.locator(f"#embed-code-{name}").input_value()


def src_of(markup: str) -> str:
    return re.search(r'src="([^"]*)"', markup)[1].replace("&amp;", "&")


def pasted(page: Page, room: Newsroom, markup: str):
    """A page of another site with what was copied; the frame in it."""
    page.goto(room.put("article.html", article(markup)))
    frame = page.wait_for_selector("iframe").content_frame()
    frame.wait_for_selector("#map[data-ready=true], body:not(:has(#map)) .diagram")
    return frame


def test_a_page_that_is_only_looked_at_loads_nothing_of_it(page, base_url):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(base_url + TRIP)
    page.wait_for_selector("#map[data-ready=true]")
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "builder" in url or "/embed" in url]
    page.locator("#embed").scroll_into_view_if_needed()
    page.wait_for_selector("#embed [data-preview]:not([hidden])", state="attached")
    assert [url for url in asked if "builder.js" in url]
    assert not [url for url in asked if "/embed" in url]


def test_from_the_keyboard_to_a_page_of_another_site(
    page, context: BrowserContext, watch, newsroom, base_url
):
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=base_url)
    come_near(page, base_url + TRIP)
    page.locator("#embed summary").focus()
    page.keyboard.press("Enter")
    shown(page)
    page.keyboard.press("Tab")
    expect(page.get_by_label("Show", exact=True)).to_be_focused()
    page.keyboard.type("Map and")
    shown(page, "view=both")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Colours")).to_be_focused()
    page.keyboard.type("Dark")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('aria-label')") == (
            "Copy: For most pages"
        ):
            break
    page.keyboard.press("Enter")
    first = page.locator("[data-snippet=script]")
    expect(first.get_by_role("status")).to_have_text("Copied")
    expect(first.get_by_role("button")).to_be_focused()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == code(page, "script")
    assert src_of(copied) == f"{base_url}{EMBED}?theme=dark&view=both"
    shown(page, "theme=dark")
    watch.assert_quiet(base_url)

    frame = pasted(page, newsroom, copied)
    assert frame.url == src_of(copied)
    assert frame.evaluate("document.documentElement.dataset.theme") == "dark"
    assert frame.locator("#map").count() == frame.locator(".diagram").count() == 1
    # The script in what was copied gives the frame the height that nothing is cut off.
    frame.wait_for_function("document.documentElement.scrollHeight <= innerHeight")
    assert page.locator("iframe").count() == 1


@pytest.mark.parametrize("name", ["script", "frame", "link", "picture"])
def test_each_code_is_copied_where_there_is_no_clipboard_to_write_to(
    page, newsroom, base_url, name
):
    page.add_init_script(NO_CLIPBOARD)
    open_builder(page, base_url + TRIP)
    part = page.locator(f"[data-snippet={name}]")
    part.get_by_role("button", name="Copy").click()
    expect(part.get_by_role("status")).to_have_text("Copied")
    text = code(page, name)
    page.goto(
        newsroom.put("form.html", "<!DOCTYPE html><title>A form</title><textarea></textarea>")
    )
    page.locator("textarea").focus()
    page.keyboard.press("Control+V")
    assert page.locator("textarea").input_value() == text


def test_where_nothing_can_be_copied_it_is_ready_to_be(page, base_url):
    page.add_init_script(f"{NO_CLIPBOARD} Document.prototype.execCommand = () => false;")
    open_builder(page, base_url + TRIP)
    part = page.locator("[data-snippet=frame]")
    part.get_by_role("button", name="Copy").click()
    expect(part.get_by_role("status")).to_contain_text("Ctrl+C")
    assert page.evaluate("getSelection().toString()") == code(page, "frame")


def test_the_page_comes_with_the_code_that_the_script_makes(page, browser, base_url):
    names = ["script", "frame", "link", "picture"]
    come_near(page, f"{base_url}{TRIP}?max_speed_kmh=50")
    made = {name: code(page, name) for name in names}
    plain = browser.new_context(java_script_enabled=False).new_page()
    plain.goto(f"{base_url}{TRIP}?max_speed_kmh=50")
    assert {name: code(plain, name) for name in names} == made
    assert "max_speed_kmh=50" in made["script"]
    plain.context.close()


def test_every_choice_makes_the_one_address_of_what_was_chosen(page, base_url):
    come_near(page, base_url + TRIP)
    made = page.evaluate(ALL_CHOICES, ["2023-09-11", "2023-09-13"])
    assert len(made) == 3 * 2 * 2 * 3 * 3 * 3 * 2
    assert len({frame for _, _, frame, _, _ in made}) == len(made)
    for choice, script, frame, link, picture in made:
        address = urlsplit(src_of(frame))
        query = dict(parse_qsl(address.query))
        as_of = query.pop("as_of", "")
        assert as_of == choice.pop("as_of")
        chosen = EmbedChoice.of(choice)
        assert tuple(query.items()) == chosen.query
        assert address.path == EMBED
        assert script.startswith(frame)
        assert link == src_of(frame).replace("/embed/", "/trips/")
        assert int(re.search(r'height="(\d+)"', frame)[1]) == (
            chosen.height or int(re.search(r'height="(\d+)"', script)[1])
        )
        shows = dict(parse_qsl(urlsplit(src_of(picture)).query))
        assert shows.get("as_of", "") == as_of
        assert shows.get("theme", "auto") == chosen.theme
        is_map = chosen.view != "diagram"
        assert ("/map.png?" in picture) is ('route" style' in picture) is is_map
    # That each is answered is held in tests/web/test_embed_builder.py: here are some as written.
    for _, _, frame, link, picture in made[:: len(made) // 12]:
        for address in (src_of(frame), link, src_of(picture)):
            assert page.request.get(address).status == 200


def test_the_preview_is_the_embed_as_chosen_and_leaves_the_back_button_alone(page, watch, base_url):
    page.goto(base_url)
    page.wait_for_load_state("networkidle")
    open_builder(page, base_url + TRIP)
    entries = page.evaluate("history.length")
    for label, option, part in [
        ("Show", "diagram", "view=diagram"),
        ("Show", "both", "view=both"),
        ("Colours", "light", "theme=light"),
        ("As known at", EARLIER, f"as_of={EARLIER}"),
        ("Going back in time", "0", "slider=0"),
    ]:
        page.get_by_label(label, exact=True).select_option(option)
        expect(page.get_by_role("link", name="Open it by itself")).to_have_attribute(
            "href", re.compile(re.escape(part))
        )
        shown(page, part)
    address = page.evaluate(f"{PREVIEW}.contentWindow.location.href")
    assert address == src_of(code(page, "frame"))
    assert page.evaluate("history.length") == entries
    watch.assert_quiet(base_url)
    page.go_back()
    expect(page).to_have_url(f"{base_url}/")


@pytest.mark.parametrize(("label", "width"), [("phone", 320), ("column", 640), ("wide", 960)])
def test_the_preview_has_the_width_and_the_height_that_the_embed_has_elsewhere(
    page, base_url, label, width
):
    page.set_viewport_size({"width": 1280, "height": 900})
    open_builder(page, base_url + TRIP)
    page.get_by_role("radio", name=label).check()
    page.wait_for_function(
        """(width) => {
          const frame = document.querySelector('#embed iframe');
          const inside = frame.contentDocument.documentElement;
          return frame.clientWidth === width && frame.style.height
            && inside.scrollHeight <= frame.clientHeight && inside.scrollWidth <= width;
        }""",
        arg=width,
    )
    page.get_by_label("Height").fill("400")
    page.keyboard.press("Tab")
    page.wait_for_function(f"() => {PREVIEW}.clientHeight === 400")
    assert 'height="400"' in code(page, "frame")


@pytest.mark.parametrize(
    ("field", "wrong", "right", "said"),
    [
        ("to", "2023-09-10", "2023-09-14", "before the first day"),
        ("height", "199", "200", "from 200 to 2000"),
        ("height", "2001", "2000", "from 200 to 2000"),
    ],
)
def test_what_makes_no_sense_is_told_and_gives_no_code(page, base_url, field, wrong, right, said):
    open_builder(page, base_url + TRIP)
    page.locator("#embed-from").fill("2023-09-12")
    box = page.locator(f"#embed-{field}")
    before = code(page, "frame")
    box.fill(wrong)
    page.keyboard.press("Tab")
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(page.locator(f"#embed-{field}-fault")).to_contain_text(said)
    assert f"embed-{field}-fault" in box.get_attribute("aria-describedby")
    for name in ("script", "frame", "link", "picture"):
        assert code(page, name) == ""
        expect(page.locator(f"[data-snippet={name}]").get_by_role("button")).to_be_disabled()
    box.fill(right)
    page.keyboard.press("Tab")
    expect(page.locator(f"#embed-{field}-fault")).to_be_empty()
    expect(box).not_to_have_attribute("aria-invalid", "true")
    assert f"{field}={right}" in code(page, "frame")
    box.fill("")
    assert code(page, "frame") == before


def test_a_link_to_it_opens_it(page, base_url):
    page.goto(base_url + TRIP)
    page.wait_for_selector("#map[data-ready=true]")
    page.get_by_role("link", name="Embed", exact=True).click()
    expect(page.get_by_label("Show", exact=True)).to_be_visible()
    expect(page.locator("#embed")).to_be_in_viewport()
    shown(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_it_is_for_everybody(page, watch, base_url, scheme, width):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    open_builder(page, base_url + TRIP)
    page.locator("#embed-height").fill("1")
    page.keyboard.press("Tab")
    found = Axe().run(page, context="#embed", options={"iframes": False})
    assert found.response["violations"] == [], found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    watch.assert_quiet(base_url)


def test_without_scripts_there_is_code_that_works(browser, page, newsroom, base_url):
    plain = browser.new_context(java_script_enabled=False).new_page()
    plain.goto(base_url + TRIP)
    plain.get_by_text("Choose what is shown").click()
    expect(plain.locator("#embed-code-frame")).to_be_visible()
    expect(plain.get_by_role("button", name="Copy")).to_have_count(0)
    plain.get_by_label("Colours").select_option("dark")
    with plain.context.expect_page() as opened:
        plain.get_by_role("button", name="Show it").click()
    assert "theme=dark" in opened.value.url
    markup = code(plain, "frame")
    plain.context.close()
    frame = pasted(page, newsroom, markup)
    assert frame.url == base_url + EMBED


def test_a_hostile_title_stays_a_title(page, watch, newsroom, hostile_url):
    open_builder(page, f"{hostile_url}/trips/hostile")
    page.get_by_label("Show", exact=True).select_option("diagram")
    markup = code(page, "script")
    watch.assert_quiet(hostile_url)
    frame = pasted(page, newsroom, markup)
    assert frame.url == f"{hostile_url}/embed/hostile?view=diagram"
    assert page.locator("iframe, img").count() == 1
    assert "<img src=x onerror=alert(1)>" in page.locator("iframe").get_attribute("title")
    assert not [said for said in watch.said if said.startswith("dialog")]


@pytest.mark.parametrize("name", ["pym", "iframe_resizer", "datawrapper"])
def test_recipes_of_the_documentation_give_the_frame_its_height(page, newsroom, base_url, name):
    if name == "pym":
        newsroom.put("js/pym.v1.min.js", host_libraries.pym())
    if name == "iframe_resizer":
        newsroom.put("js/iframeResizer.min.js", host_libraries.iframe_resizer())
    recipe = (EXAMPLES / f"embed_{name}.html").read_text("utf-8").replace("SERVER", base_url)
    page.set_viewport_size({"width": 400, "height": 800})
    frame = pasted(page, newsroom, (BY_ID if name == "datawrapper" else "") + recipe)
    # Neither that of the recipe nor that which browsers give: the one that it asked for.
    page.wait_for_function(
        """() => {
          const { clientHeight } = document.querySelector('iframe');
          return clientHeight > 300 && clientHeight !== 560;
        }"""
    )
    frame.wait_for_function("document.documentElement.scrollHeight <= innerHeight")
