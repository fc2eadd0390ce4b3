"""An embed on the pages of other sites: in their frames, with their scripts, nothing touched."""

import pytest
from playwright.sync_api import Frame, Locator, Page, expect

from tests.browser.conftest import Watch
from tests.browser.hosts import (
    BY_NAME,
    HOSTS,
    WORDPRESS_WITH_FALLBACK,
    Host,
    Newsroom,
    article,
    embed_in,
    iframe,
)

pytestmark = [pytest.mark.browser, pytest.mark.reference]

SLUG = "2023-09-russia"
EMBED = f"/embed/{SLUG}"
WIDTHS = (640, 1600, 280, 1024)
"""Wider, and narrower again."""
TRIES = 20

LISTEN = """
if (window === top) {
  window.__told = [];
  addEventListener('message', ({ data }) => {
    if (data && data.type === 'dateline-height') window.__told.push(data.height);
  });
}
"""
LAID_OUT = """() => {
  const root = document.documentElement;
  const bottom = (element) => element.getBoundingClientRect().bottom;
  return {
    width: innerWidth,
    height: innerHeight,
    scrollWidth: root.scrollWidth,
    scrollHeight: root.scrollHeight,
    lowest: Math.max(...[...document.querySelectorAll('body > footer, body > main')].map(bottom)),
    map: document.getElementById('map')?.clientHeight ?? null,
  };
}"""
TWO_FRAMES = "() => new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)))"


def opened(page: Page, host: Host, room: Newsroom, src: str) -> Frame:
    page.add_init_script(LISTEN)
    page.goto(host.page(room, src))
    frame = embed_in(page)
    if host.obeys is not None:
        page.wait_for_function("window.__told.length > 0")
        settled(page, host)
    return frame


def settled(page: Page, host: Host) -> int:
    """Waits until the frame has the height that it asked for last; that height."""
    least, most = host.obeys(0), host.obeys(1_000_000)
    page.wait_for_function(
        """([least, most]) => {
          const asked = Math.min(Math.max(window.__told.at(-1), least), most);
          return Math.abs(document.querySelector('iframe').clientHeight - asked) <= 1;
        }""",
        arg=[least, most],
    )
    return page.evaluate("window.__told.at(-1)")


def press(page: Page, button: Locator) -> None:
    """Click where a button is: looking for it could scroll the page."""
    button.evaluate("(e) => e.addEventListener('click', () => { e.dataset.pressed = ''; })")
    for _ in range(TRIES):
        # A frame of another process learns a moment later where it is on the screen.
        page.evaluate(TWO_FRAMES)
        box = button.bounding_box()
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        if button.evaluate("(e) => 'pressed' in e.dataset"):
            return
    pytest.fail("it cannot be pressed")


def assert_nothing_is_cut_off(frame: Frame, width: int) -> None:
    seen = frame.evaluate(LAID_OUT)
    assert seen["width"] == seen["scrollWidth"] == width
    assert seen["scrollHeight"] <= seen["height"]
    assert seen["lowest"] <= seen["height"] + 0.5
    assert seen["map"] is None or seen["map"] >= 160


def assert_quiet(
    watch: Watch, room: Newsroom, base_url: str, by_host: tuple[str, ...] = ()
) -> None:
    """Nothing in any console, no policy broken, nobody asked but the site and Dateline.

    ``by_host`` is in what the page around says of itself.
    """
    assert [line for line in watch.said if not any(said in line for said in by_host)] == []
    for frame in watch.page.frames:
        assert frame.evaluate("window.__violations") == []
    assert watch.hosts - {""} <= {base_url.split("/")[2], room.base.split("/")[2]}


@pytest.mark.parametrize("host", [*HOSTS, WORDPRESS_WITH_FALLBACK], ids=str)
def test_it_is_shown_whole_at_every_width(page, watch, newsroom, base_url, host):
    page.set_viewport_size({"width": WIDTHS[0], "height": 800})
    frame = opened(page, host, newsroom, base_url + EMBED)
    assert_nothing_is_cut_off(frame, host.width(WIDTHS[0]))
    for width in WIDTHS[1:]:
        page.set_viewport_size({"width": width, "height": 800})
        frame.wait_for_function("(width) => innerWidth === width", arg=host.width(width))
        frame.evaluate(TWO_FRAMES)
        page.evaluate(TWO_FRAMES)
        if host.obeys is not None:
            settled(page, host)
        assert_nothing_is_cut_off(frame, host.width(width))
    expect(page.locator("iframe")).to_be_visible()
    assert_quiet(watch, newsroom, base_url, host.says)


@pytest.mark.parametrize(
    "query", ["view=diagram", "view=both", "slider=0", "theme=dark", "lang=en"]
)
@pytest.mark.parametrize(("name", "width"), [("our-script", 280), ("wordpress", 640)])
def test_so_it_is_whatever_was_chosen(page, watch, newsroom, base_url, name, query, width):
    page.set_viewport_size({"width": width, "height": 800})
    frame = opened(page, BY_NAME[name], newsroom, f"{base_url}{EMBED}?{query}")
    # WordPress gives no frame more than a thousand pixels.
    if page.evaluate("window.__told.at(-1)") <= BY_NAME[name].obeys(100_000):
        assert_nothing_is_cut_off(frame, width)
    assert_quiet(watch, newsroom, base_url)


@pytest.mark.parametrize("height", [200, 400, 800])
def test_a_height_that_was_chosen_is_the_height(page, watch, newsroom, base_url, height):
    src = f"{base_url}{EMBED}?height={height}"
    opened(page, BY_NAME["our-script"], newsroom, src)
    assert settled(page, BY_NAME["our-script"]) == height
    assert_quiet(watch, newsroom, base_url)


def test_a_page_that_obeys_is_not_asked_for_more_and_more(page, newsroom, base_url):
    frame = opened(page, BY_NAME["our-script"], newsroom, base_url + EMBED)
    for _ in range(5):
        frame.evaluate(TWO_FRAMES)
    assert len(set(page.evaluate("window.__told"))) <= 2
    # Twice as high as it asked for, it still wants what it wanted.
    wanted = settled(page, BY_NAME["our-script"])
    page.evaluate("document.querySelector('iframe').style.height = '1300px'")
    frame.wait_for_function("() => innerHeight === 1300")
    for _ in range(5):
        frame.evaluate(TWO_FRAMES)
    assert page.evaluate("window.__told.at(-1)") == wanted


@pytest.mark.parametrize("host", [host for host in HOSTS if host.late], ids=str)
def test_a_script_that_comes_late_hears_the_height_all_the_same(page, newsroom, base_url, host):
    page.set_viewport_size({"width": 400, "height": 800})
    held = []

    def hold(route):
        held.append(route)

    page.route(f"**{host.late}", hold)
    page.add_init_script(LISTEN)
    page.goto(host.page(newsroom, base_url + EMBED), wait_until="commit")
    embed_in(page)
    assert len(held) == 1
    before = page.evaluate("document.querySelector('iframe').clientHeight")
    held[0].continue_()
    settled(page, host)
    assert page.evaluate("document.querySelector('iframe').clientHeight") != before


AS_SERVED = """async () => {
  const served = await (await fetch(location.href)).text();
  const parsed = new DOMParser().parseFromString(served, 'text/html');
  const plain = (page) => {
    for (const frame of page.querySelectorAll('iframe')) {
      frame.style.removeProperty('height');
      frame.removeAttribute('height');
      frame.setAttribute('style', frame.style.cssText);
    }
    return page.documentElement.outerHTML;
  };
  return [plain(parsed), plain(document.cloneNode(true))];
}"""


@pytest.mark.parametrize("name", ["plain", "our-script"])
def test_nothing_on_the_page_is_touched_but_the_height(page, newsroom, base_url, name):
    opened(page, BY_NAME[name], newsroom, base_url + EMBED)
    served, now = page.evaluate(AS_SERVED)
    assert now == served


def test_our_script_leaves_no_names_behind(page, newsroom, base_url):
    names = "Object.getOwnPropertyNames(window).sort()"
    opened(page, BY_NAME["plain"], newsroom, base_url + EMBED)
    before = page.evaluate(names)
    page.goto(BY_NAME["our-script"].page(newsroom, base_url + EMBED))
    embed_in(page)
    settled(page, BY_NAME["our-script"])
    assert page.evaluate(names) == before


@pytest.mark.parametrize("name", ["plain", "our-script", "wordpress", "amp"])
def test_moving_the_slider_moves_nothing_outside(page, watch, newsroom, base_url, name):
    frame = opened(page, BY_NAME[name], newsroom, base_url + EMBED)
    page.evaluate("scrollTo(0, 60)")
    outside = "[history.length, scrollY, location.href, document.activeElement.tagName === 'BODY']"
    before = page.evaluate(outside)
    stops = frame.locator(".pin").count()
    press(page, frame.get_by_role("button", name="Earlier report"))
    frame.get_by_role("slider", name="Known at").press("Home")
    frame.wait_for_function("(n) => document.querySelectorAll('.pin').length < n", arg=stops)
    after = page.evaluate(outside)
    assert after[:3] == before[:3]
    assert_quiet(watch, newsroom, base_url)


def test_a_link_in_a_post_leads_on(page, watch, newsroom, base_url):
    """WordPress's frames may open nothing: its own script follows their links."""
    frame = opened(page, BY_NAME["wordpress"], newsroom, base_url + EMBED)
    frame.get_by_role("link", name="Sources and times").click()
    page.wait_for_url(f"{base_url}/trips/{SLUG}#sources-title")
    assert watch.said == []


def test_a_link_elsewhere_opens_beside_the_article(page, newsroom, base_url):
    frame = opened(page, BY_NAME["our-script"], newsroom, base_url + EMBED)
    with page.expect_popup() as opened_page:
        frame.get_by_role("link", name="Sources and times").click()
    opened_page.value.wait_for_url(f"{base_url}/trips/{SLUG}#sources-title")
    assert page.url.startswith(newsroom.base)


JUNK = """(target) => {
  const circle = {};
  circle.self = circle;
  const sent = [
    null, undefined, 0, -1, NaN, '', 'x', '{', '[]', [], {}, circle, true, 10n, new Date(NaN),
    new ArrayBuffer(8), new Map([['type', 'dateline-height']]), 'x'.repeat(1e6),
    { type: 'dateline-height' }, { type: 'dateline-height', height: '9999' },
    { type: 'dateline-height', height: NaN }, { type: 'dateline-height', height: Infinity },
    { type: 'dateline-height', height: -500 }, { type: 'dateline-height', height: 1e9 },
    { type: 'dateline-height', height: { valueOf: 1 } }, { type: ['dateline-ask'] },
    { message: 'height', value: 700 }, { message: 'ready' }, { message: 'ready', secret: null },
    { message: 'link', value: 'https://example.org/', secret: 'a1B2c3D4e5' },
    { sentinel: 'amp', type: 'embed-state' }, { 'datawrapper-height': null },
    'pymxPYMx', 'pymxPYMxxPYMxwidth', 'pymxPYMxroutexPYMxnavigateToxPYMxhttps://example.org/',
    '[iFrameSizer]', '[iFrameSizer]:', '[iFrameSizer]a:b', '[iFrameSizer]' + ':'.repeat(1e5),
    '[iFrameSizer]message:{"a":', '[iFrameSizer]\\n<img src=x>:8:false:false',
  ];
  for (const one of sent) target.postMessage(one, '*');
  return sent.length;
}"""


@pytest.mark.parametrize("name", ["our-script", "wordpress"])
def test_an_embed_makes_nothing_of_what_is_none_of_its_business(
    page, watch, newsroom, base_url, name
):
    frame = opened(page, BY_NAME[name], newsroom, base_url + EMBED)
    height, where = settled(page, BY_NAME[name]), frame.url
    shown = frame.evaluate("document.body.innerText")
    page.evaluate(f"({JUNK})(document.querySelector('iframe').contentWindow)")
    # A message of ours after all of them: when it is answered, they have been heard.
    told = page.evaluate("window.__told.length")
    page.evaluate(
        "document.querySelector('iframe').contentWindow.postMessage({ type: 'dateline-ask' }, '*')"
    )
    page.wait_for_function("(n) => window.__told.length > n", arg=told)
    assert settled(page, BY_NAME[name]) == height
    assert frame.url == where
    assert frame.evaluate("document.body.innerText") == shown
    assert_quiet(watch, newsroom, base_url)


def test_our_script_makes_nothing_of_what_others_say(page, watch, newsroom, base_url):
    """Frames of others cannot size ours or themselves, and ours asks for no nonsense."""
    other = newsroom.put(
        "other.html", "<!DOCTYPE html><title>Other</title><link rel=icon href=data:,>"
    )
    script = f'<script src="{base_url}/embed.js" async></script>'
    both = iframe(base_url + EMBED) + iframe(other, height=90).replace(
        "<iframe", "<iframe id=other"
    )
    newsroom.put("two.html", article(both + script))
    page.add_init_script(LISTEN)
    page.goto(f"{newsroom.base}/two.html")
    frame = embed_in(page)
    height = settled(page, BY_NAME["our-script"])
    sizes = "[...document.querySelectorAll('iframe')].map((f) => f.clientHeight)"
    page.evaluate("document.getElementById('other').scrollIntoView()")
    stranger = page.wait_for_selector("#other").content_frame()
    stranger.wait_for_load_state()
    for teller in (stranger, frame):
        teller.evaluate(f"({JUNK})(parent)")
    stranger.evaluate("parent.postMessage({ type: 'dateline-height', height: 777 }, '*')")
    page.evaluate("postMessage({ type: 'dateline-height', height: 777 }, '*')")
    # Heard in order: the last that is meant seriously comes after all the others.
    frame.evaluate("parent.postMessage({ type: 'dateline-height', height: 321 }, '*')")
    page.wait_for_function("document.querySelector('iframe').clientHeight === 321")
    assert page.evaluate(sizes) == [321, 90]
    assert height != 321
    assert_quiet(watch, newsroom, base_url)


def test_two_embeds_on_a_page_get_each_its_own_height(page, newsroom, base_url):
    script = f'<script src="{base_url}/embed.js" async></script>'
    narrow = iframe(f"{base_url}/embed/2019-02-hanoi").replace('width="100%"', 'width="280"')
    newsroom.put("two.html", article(iframe(base_url + EMBED) + narrow + script + script))
    page.set_viewport_size({"width": 1000, "height": 2000})
    page.goto(f"{newsroom.base}/two.html")
    for at, width in ((0, 1000), (1, 280)):
        frame = page.locator("iframe").nth(at).element_handle().content_frame()
        frame.wait_for_selector("#map[data-ready=true]")
        frame.wait_for_function("() => document.documentElement.scrollHeight <= innerHeight")
        assert_nothing_is_cut_off(frame, width)


KEPT = """
window.__kept = [];
for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches', 'cookieStore']) {
  Object.defineProperty(window, name, { get() { window.__kept.push(name); } });
}
Object.defineProperty(document, 'cookie', {
  get() { window.__kept.push('cookie'); return ''; },
  set() { window.__kept.push('cookie'); },
});
for (const name of ['serviceWorker', 'sendBeacon', 'geolocation', 'userAgentData', 'plugins']) {
  Object.defineProperty(navigator, name, { get() { window.__kept.push(name); } });
}
"""


@pytest.mark.parametrize("query", ["", "?view=both&theme=dark"])
def test_nothing_is_kept_on_a_readers_machine(page, watch, newsroom, base_url, query):
    page.add_init_script(KEPT)
    frame = opened(page, BY_NAME["our-script"], newsroom, base_url + EMBED + query)
    frame.get_by_role("button", name="Earlier report").click()
    frame.locator(".pin").first.focus()
    page.wait_for_load_state("networkidle")
    assert [each.evaluate("window.__kept") for each in page.frames] == [[], []]
    assert page.context.cookies() == []
    assert_quiet(watch, newsroom, base_url)


class TestScrolling:
    """The page around scrolls, wherever the reader's finger or wheel is."""

    @pytest.fixture
    def on_a_phone(self, browser, newsroom, base_url):
        context = browser.new_context(
            viewport={"width": 360, "height": 640}, has_touch=True, is_mobile=True
        )
        page = context.new_page()
        opened(page, BY_NAME["our-script"], newsroom, base_url + EMBED)
        yield page
        context.close()

    @staticmethod
    def middle_of_map(page: Page) -> tuple[float, float]:
        box = page.frame_locator("iframe").locator("#map").bounding_box()
        return box["x"] + box["width"] / 2, min(box["y"] + box["height"] / 2, 500)

    VIEW = "document.querySelector('.leaflet-map-pane').style.transform"
    ZOOMED = (
        "[...document.querySelectorAll('.leaflet-zoom-animated')].map((e) => e.style.transform)"
    )

    def test_a_wheel_over_the_map_scrolls_the_page(self, page, newsroom, base_url):
        frame = opened(page, BY_NAME["our-script"], newsroom, base_url + EMBED)
        before = frame.evaluate(self.VIEW), frame.evaluate(self.ZOOMED)
        page.mouse.move(*self.middle_of_map(page))
        page.mouse.wheel(0, 300)
        page.wait_for_function("scrollY === 300")
        assert (frame.evaluate(self.VIEW), frame.evaluate(self.ZOOMED)) == before

    @staticmethod
    def pull(page: Page, fingers: tuple[int, ...]) -> None:
        """Pull upwards from the middle of the map with fingers at these distances from it."""
        x, y = TestScrolling.middle_of_map(page)
        devtools = page.context.new_cdp_session(page)

        def touch(kind: str, up: float) -> None:
            points = [{"x": x + dx, "y": y - up, "id": n} for n, dx in enumerate(fingers)]
            sent = {"type": kind, "touchPoints": [] if kind == "touchEnd" else points}
            devtools.send("Input.dispatchTouchEvent", sent)

        touch("touchStart", 0)
        for step in range(1, 21):
            touch("touchMove", 10 * step)
        touch("touchEnd", 200)

    def test_one_finger_on_the_map_scrolls_the_page(self, on_a_phone):
        page = on_a_phone
        frame = page.frames[1]
        before = frame.evaluate(self.VIEW)
        self.pull(page, (0,))
        page.wait_for_function("scrollY > 100")
        assert frame.evaluate(self.VIEW) == before

    def test_two_fingers_move_the_map_and_not_the_page(self, on_a_phone):
        page = on_a_phone
        frame = page.frames[1]
        before = frame.evaluate(self.VIEW)
        self.pull(page, (-60, 60))
        frame.wait_for_function(f"(was) => {self.VIEW} !== was", arg=before)
        assert page.evaluate("scrollY") == 0


SHIFTS = """
window.__shifts = [];
new PerformanceObserver((list) => {
  for (const { value, hadRecentInput, sources } of list.getEntries()) {
    const moved = sources.map(({ node }) => node?.className || node?.nodeName);
    window.__shifts.push(`${value} ${hadRecentInput} ${moved}`);
  }
}).observe({ type: 'layout-shift', buffered: true });
"""


@pytest.mark.parametrize(
    ("query", "width"),
    [
        ("", 280),
        ("", 1024),
        ("?view=both", 280),
        ("?view=diagram", 1024),
        ("?height=400", 280),
    ],
)
def test_nothing_jumps_while_it_loads(page, newsroom, base_url, query, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.add_init_script(SHIFTS)
    opened(page, BY_NAME["plain"], newsroom, base_url + EMBED + query)
    page.wait_for_load_state("networkidle")
    page.evaluate(TWO_FRAMES)
    assert [each.evaluate("window.__shifts") for each in page.frames] == [[], []]


MOVED_KB = 250


@pytest.mark.parametrize("query", ["", "?view=both", "?view=diagram"])
def test_an_embed_weighs_less_than_a_photograph(page, newsroom, base_url, query):
    moved = {}
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.on(
        "Network.loadingFinished",
        lambda e: moved.update({e["requestId"]: e["encodedDataLength"]}),
    )
    page.goto(base_url + EMBED + query)
    page.wait_for_selector("#map[data-ready=true], body:not(:has(#map)) .diagram")
    page.wait_for_load_state("networkidle")
    assert len(moved) > 3
    assert 20_000 < sum(moved.values()) < MOVED_KB * 1000
