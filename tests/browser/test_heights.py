"""What an embed says to the page around it, message by message, and what it makes of answers."""

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
from playwright.sync_api import Frame, Page

from tests.browser.conftest import Watch
from tests.browser.hosts import Newsroom, article, embed_in, iframe

pytestmark = [pytest.mark.browser, pytest.mark.reference]

SLUG = "2023-09-russia"
EMBED = f"/embed/{SLUG}"

Message: TypeAlias = Any
Open: TypeAlias = Callable[..., Frame]

HEAR = """
window.__heard = [];
addEventListener('message', ({ data, source }) => {
  const frame = document.querySelector('iframe');
  if (frame && source === frame.contentWindow) window.__heard.push(data);
});
"""
ASK = "(what) => document.querySelector('iframe').contentWindow.postMessage(what, '*')"
OURS = "(each) => each && each.type === 'dateline-height'"


@pytest.fixture
def framed(page: Page, newsroom: Newsroom, base_url: str) -> Open:
    """Opens a page of another site around an embed, and hears all that the embed says."""
    page.add_init_script(HEAR)

    def open_it(query: str = "", *, height: int = 560, attributes: str = "") -> Frame:
        frame = iframe(f"{base_url}{EMBED}{query}", height=height, attributes=attributes)
        page.goto(newsroom.put("heights.html", article(frame)))
        return embed_in(page)

    return open_it


def heard(page: Page) -> list[Message]:
    return list(page.evaluate("window.__heard"))


def answers(page: Page, said: Message) -> list[Message]:
    """What the embed says in answer to a message."""
    before = len(heard(page))
    page.evaluate(ASK, said)
    # Messages are answered in their order: this one after the other, under a name of its own.
    page.evaluate(ASK, f"[iFrameSizer]mark {before}:8:false")
    mark = f"[iFrameSizer]mark {before}:"
    page.wait_for_function("(mark) => `${window.__heard.at(-1)}`.startsWith(mark)", arg=mark)
    since = heard(page)[before:]
    last = max(n for n, each in enumerate(since) if is_height(each))
    return since[:last]


def is_height(said: Message) -> bool:
    return isinstance(said, dict) and said.get("type") == "dateline-height"


def told(page: Page) -> int:
    """The height that was told last."""
    page.wait_for_function(f"() => window.__heard.some({OURS})")
    return int([each for each in heard(page) if is_height(each)][-1]["height"])


def settle(frame: Frame) -> None:
    """Lets the embed take note of another size."""
    for _ in range(3):
        frame.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")


def test_it_is_told_in_every_format_at_once(page, framed):
    framed("?childId=route-7&x=1#?secret=a1B2c3D4e5")
    page.wait_for_function(f"() => window.__heard.some({OURS})")
    height = told(page)
    assert 400 <= height <= 700
    said = heard(page)
    for message in (
        {"type": "dateline-height", "height": height},
        f"pymxPYMxroute-7xPYMxheightxPYMx{height}",
        {"datawrapper-height": {"route-7": height}},
        {"sentinel": "amp", "type": "embed-size", "height": height},
        {"message": "height", "value": height, "secret": "a1B2c3D4e5"},
        "[iFrameResizerChild]Ready",
    ):
        assert message in said
    # Nobody has told it a name of iframe-resizer's.
    assert not [each for each in said if str(each).startswith("[iFrameSizer]")]


def test_without_a_name_it_goes_by_that_of_the_journey(page, framed):
    framed()
    said = heard(page)
    height = told(page)
    assert {"datawrapper-height": {SLUG: height}} in said
    assert f"pymxPYMxxPYMxheightxPYMx{height}" in said
    assert not [each for each in said if isinstance(each, dict) and "secret" in each]


def test_iframe_resizer_speaks_first(page, framed):
    framed()
    height = told(page)
    first = "[iFrameSizer]my frame_1:8:false:false:32:true:true:null:bodyOffset:null:null:0:false"
    width = page.viewport_size["width"]
    assert f"[iFrameSizer]my frame_1:{height}:{width}:init" in answers(page, first)
    for request in ("resize", "reset", "size"):
        page.evaluate(ASK, first)
        said = answers(page, f"[iFrameSizer]{request}")
        assert f"[iFrameSizer]my frame_1:{height}:{width}:size" in said


def test_pym_tells_a_width_and_is_told_the_height(page, framed):
    framed("?childId=route")
    said = answers(page, "pymxPYMxroutexPYMxwidthxPYMx640")
    assert f"pymxPYMxroutexPYMxheightxPYMx{told(page)}" in said
    assert answers(page, "pymxPYMxanotherxPYMxwidthxPYMx640") == []


def test_wordpress_asks_when_it_is_ready_and_may_tell_its_secret_late(page, framed):
    framed()
    assert answers(page, {"message": "ready", "secret": "a1B2c3D4e5"}) == []
    # As its script does where the server has not: without another load.
    page.evaluate("document.querySelector('iframe').src += '#?secret=a1B2c3D4e5'")
    secret = "(each) => each && each.secret === 'a1B2c3D4e5' && each.message === 'height'"
    page.wait_for_function(f"() => window.__heard.some({secret})")
    said = answers(page, {"message": "ready", "secret": "a1B2c3D4e5"})
    assert {"message": "height", "value": told(page), "secret": "a1B2c3D4e5"} in said
    assert answers(page, {"message": "ready", "secret": "another"}) == []


NONSENSE: tuple[Message, ...] = (
    None,
    7,
    "",
    "x" * 1_000_000,
    [],
    {},
    {"type": ["dateline-ask"]},
    {"type": "dateline-height", "height": 1200},
    {"message": "height", "value": 900},
    {"message": "ready"},
    {"message": "ready", "secret": None},
    {"datawrapper-height": {SLUG: 900}},
    "[iFrameSizer]",
    "[iFrameSizer]:8:false",
    "[iFrameSizer]id:8:perhaps",
    "[iFrameSizer]" + "i" * 3000 + ":8:false",
    "[iFrameSizer]message:{}",
    "pymxPYMxxPYMxheightxPYMx900",
    "pymxPYMx",
)


def test_what_makes_no_sense_is_passed_over(page, watch: Watch, framed):
    framed()
    height = told(page)
    for said in ("[iFrameSizer]resize", *NONSENSE):
        assert answers(page, said) == [], str(said)[:80]
    assert told(page) == height
    assert watch.said == []


def test_others_than_the_page_around_are_not_heard(page, framed):
    frame = framed()
    before = len(heard(page))
    frame.evaluate("postMessage({ type: 'dateline-ask' }, '*')")
    frame.evaluate("postMessage('[iFrameSizer]id:8:false', '*')")
    settle(frame)
    assert heard(page)[before:] == []


@pytest.mark.parametrize("view", ["map", "diagram", "both"])
@pytest.mark.parametrize("width", [280, 1100])
def test_the_height_follows_from_the_width_whatever_the_frame_is(page, framed, view, width):
    page.set_viewport_size({"width": width, "height": 700})
    frame = framed(f"?view={view}", height=1700)
    wanted = told(page)
    for height in (150, 900, 2400, wanted):
        page.evaluate(
            "(px) => { document.querySelector('iframe').style.height = px }", f"{height}px"
        )
        frame.wait_for_function("(px) => innerHeight === px", arg=height)
        settle(frame)
        assert answers(page, {"type": "dateline-ask"})[0]["height"] == wanted
    # In it, all can be seen, and nothing has to be scrolled.
    assert frame.evaluate("document.documentElement.scrollHeight") <= wanted


def test_a_page_that_obeys_is_told_one_height_for_each_width(page, framed):
    frame = framed()
    page.evaluate(
        """() => addEventListener('message', ({ data }) => {
          if (data.type === 'dateline-height') {
            document.querySelector('iframe').style.height = `${data.height}px`;
          }
        })"""
    )
    for width in (900, 640, 300, 500):
        page.set_viewport_size({"width": width, "height": 700})
        frame.wait_for_function("(px) => innerWidth === px", arg=width)
        settle(frame)
        before = len(heard(page))
        settle(frame)
        assert heard(page)[before:] == []


def test_a_height_that_was_chosen_is_told_at_every_width(page, framed):
    page.set_viewport_size({"width": 1000, "height": 700})
    framed("?height=444&view=both")
    assert told(page) == 444
    page.set_viewport_size({"width": 300, "height": 700})
    answers(page, {"type": "dateline-ask"})
    assert {each["height"] for each in heard(page) if is_height(each)} == {444}


def test_a_frame_that_is_hidden_tells_its_height_when_it_is_shown(page, framed, newsroom, base_url):
    page.goto(
        newsroom.put(
            "hidden.html",
            article(iframe(f"{base_url}{EMBED}", attributes=" hidden").replace("lazy", "eager")),
        )
    )
    frame = page.wait_for_selector("iframe", state="attached").content_frame()
    frame.wait_for_function("() => window.dateline !== undefined")
    assert not page.evaluate(f"window.__heard.some({OURS})")
    page.evaluate("document.querySelector('iframe').hidden = false")
    page.wait_for_function(f"() => window.__heard.some({OURS})")
    assert 400 <= told(page) <= 700
    frame.wait_for_selector("#map[data-ready=true]")
    frame.wait_for_selector(".pin .badge")
    box = frame.evaluate("document.getElementById('map').getBoundingClientRect().toJSON()")
    for at in frame.locator(".pin .badge").evaluate_all(
        "all => all.map((each) => each.getBoundingClientRect().toJSON())"
    ):
        assert box["left"] <= at["left"] <= box["right"]
        assert box["top"] <= at["top"] <= box["bottom"]


def test_alone_in_a_window_it_tells_nobody(page, base_url):
    page.add_init_script("addEventListener('message', () => { window.__spoke = true; })")
    page.goto(base_url + EMBED)
    page.wait_for_selector("#map[data-ready=true]")
    assert page.evaluate("window.__spoke") is None
