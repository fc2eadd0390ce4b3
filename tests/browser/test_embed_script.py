"""``/embed.js`` in pages of other sites: which frames it touches, and when."""

import urllib.request
from collections.abc import Callable
from typing import TypeAlias

import pytest
from playwright.sync_api import Page

from tests.browser.hosts import Newsroom, article, iframe

pytestmark = [pytest.mark.browser, pytest.mark.reference]

EMBED = "/embed/2023-09-russia"
AS_IT_IS = 150
"""Of a frame of which nobody has said how high it is."""
HEIGHTS = "[...document.querySelectorAll('iframe')].map((frame) => frame.clientHeight)"

Put: TypeAlias = Callable[..., str]


@pytest.fixture
def put(newsroom: Newsroom) -> Put:
    """Puts a page with a body and scripts behind it into the newsroom; its address."""

    def put_it(body: str, scripts: str = "") -> str:
        return newsroom.put("script.html", article(body, scripts=scripts))

    return put_it


def script(base_url: str, attributes: str = "async") -> str:
    return f'<script src="{base_url}/embed.js" {attributes}></script>'


def frame(src: str, attributes: str = "") -> str:
    return iframe(src, height=None, attributes=attributes).replace("lazy", "eager")


def speaking(newsroom: Newsroom, name: str, said: str) -> str:
    """A page that says something to the page around it, once and when it is asked."""
    return newsroom.put(
        name,
        "<!DOCTYPE html><title>Other</title><link rel=icon href=data:,><script>"
        f"parent.postMessage({said}, '*');"
        f"addEventListener('message', () => parent.postMessage({said}, '*'));"
        "</script>",
    )


def sized(page: Page, count: int = 1) -> list[int]:
    """The heights of all frames, once so many have one that they asked for."""
    page.wait_for_function(f"(n) => {HEIGHTS}.filter((px) => px > 400).length >= n", arg=count)
    return [int(px) for px in page.evaluate(HEIGHTS)]


def test_it_is_small_and_is_kept_for_a_day_by_all(base_url):
    asked = urllib.request.Request(f"{base_url}/embed.js", headers={"Accept-Encoding": "identity"})
    with urllib.request.urlopen(asked) as answer:
        body, headers = answer.read(), answer.headers
    assert len(body) < 2000
    assert headers["Content-Type"].startswith("text/javascript")
    assert headers["Cache-Control"] == "public, max-age=86400"
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert headers["ETag"]


@pytest.mark.parametrize(
    ("attributes", "order"),
    [
        ("", "before"),
        ("async", "before"),
        ("type=module", "before"),
        ("", "after"),
        ("defer", "after"),
        ("crossorigin async", "after"),
    ],
)
def test_it_may_stand_anywhere(page, watch, put, base_url, attributes, order):
    parts = [script(base_url, attributes), frame(base_url + EMBED)]
    page.goto(put("".join(parts if order == "before" else reversed(parts))))
    assert sized(page)[0] > 400
    assert watch.said == []


def test_it_may_stand_there_several_times(page, watch, put, base_url):
    both = script(base_url, "") + frame(base_url + EMBED)
    page.goto(put(both + both + script(base_url)))
    first, second = sized(page, 2)
    assert first == second
    assert watch.said == []


def test_a_frame_may_come_later(page, put, base_url):
    page.goto(put("", script(base_url)))
    page.wait_for_load_state()
    page.evaluate(
        "(html) => { document.getElementById('place').innerHTML = html; }",
        frame(base_url + EMBED),
    )
    assert sized(page)[0] > 400
    page.evaluate(
        """(html) => {
          document.querySelector('iframe').remove();
          document.getElementById('place').innerHTML = html;
        }""",
        frame(f"{base_url}{EMBED}?view=both"),
    )
    assert sized(page)[0] > 700


def test_it_may_come_later_than_the_frame(page, put, base_url):
    page.goto(put(frame(base_url + EMBED)))
    inside = page.wait_for_selector("iframe").content_frame()
    inside.wait_for_selector("#map[data-ready=true]")
    assert page.evaluate(HEIGHTS) == [AS_IT_IS]
    page.add_script_tag(url=f"{base_url}/embed.js")
    assert sized(page)[0] > 400


@pytest.mark.parametrize("how", ["bundled", "evaluated"])
def test_it_works_where_it_does_not_know_its_own_address(page, put, newsroom, base_url, how):
    with urllib.request.urlopen(f"{base_url}/embed.js") as answer:
        text = answer.read()
    newsroom.put("bundle.js", text)
    load = "<script src=/bundle.js></script>"
    if how == "evaluated":
        load = """<script type=module>
          eval?.(await (await fetch('/bundle.js')).text());
        </script>"""
    page.goto(put(frame(base_url + EMBED), load))
    assert sized(page)[0] > 400


@pytest.mark.parametrize("sandbox", ["allow-scripts", "allow-scripts allow-same-origin"])
def test_a_frame_in_a_sandbox_has_its_height_as_well(page, put, base_url, sandbox):
    page.goto(put(frame(base_url + EMBED, f' sandbox="{sandbox}"'), script(base_url)))
    assert sized(page)[0] > 400


def test_frames_of_others_are_let_be(page, watch, put, newsroom, base_url):
    ours = "{ type: 'dateline-height', height: 900 }"
    others = (
        speaking(newsroom, "other.html", ours),
        # It looks like an embed, and is another site's.
        speaking(newsroom, "embed/other.html", ours),
    )
    body = "".join(map(frame, others)) + "<iframe srcdoc='<p>Nothing'></iframe><iframe></iframe>"
    page.goto(put(body + frame(base_url + EMBED), script(base_url)))
    assert sized(page)[:4] == [AS_IT_IS] * 4
    assert watch.said == []


def test_a_frame_that_has_gone_somewhere_else_is_let_be(page, put, newsroom, base_url):
    page.goto(put(frame(base_url + EMBED), script(base_url)))
    height = sized(page)[0]
    elsewhere = speaking(newsroom, "other.html", "{ type: 'dateline-height', height: 900 }")
    page.evaluate(HEARD)
    inside = page.wait_for_selector("iframe").content_frame()
    inside.evaluate("(there) => { location.href = there; }", elsewhere)
    page.wait_for_function("window.__heard.includes(900)")
    assert page.evaluate(HEIGHTS) == [height]


HEARD = """() => {
  window.__heard = [];
  addEventListener('message', ({ data }) => window.__heard.push(data && data.height));
}"""


SENSELESS = "NaN, Infinity, -1, 0, 99, 5001, 1e9, '900', null, [900], {}, undefined, true"


def test_a_height_that_makes_no_sense_is_passed_over(page, put, base_url):
    page.route(
        f"{base_url}{EMBED}",
        lambda route: route.fulfill(
            content_type="text/html",
            body=f"""<!DOCTYPE html><link rel=icon href=data:,><script>
              addEventListener('message', ({{ data }}) => {{
                for (const height of [{SENSELESS}, data]) {{
                  parent.postMessage({{ type: 'dateline-height', height }}, '*');
                }}
              }});
            </script>""",
        ),
    )
    page.goto(put(frame(base_url + EMBED), script(base_url)))
    page.wait_for_load_state("networkidle")
    page.evaluate(
        """() => {
          const frame = document.querySelector('iframe');
          window.__given = [];
          new MutationObserver(() => window.__given.push(frame.style.height))
            .observe(frame, { attributes: true });
          frame.contentWindow.postMessage(700, '*');
        }"""
    )
    # The one that does make sense comes after them.
    page.wait_for_function(f"{HEIGHTS}[0] !== {AS_IT_IS}")
    assert page.evaluate("window.__given") == ["700px"]
    assert page.evaluate(HEIGHTS) == [700]


def test_it_leaves_nothing_behind_and_touches_nothing_else(page, put, base_url):
    look = """() => {
      const frame = document.querySelector('iframe');
      frame.style.removeProperty('height');
      frame.setAttribute('style', frame.style.cssText);
      const names = Object.getOwnPropertyNames(window).sort();
      return [names, document.querySelector('#place').innerHTML];
    }"""
    page.goto(put(frame(base_url + EMBED)))
    page.wait_for_selector("iframe").content_frame().wait_for_selector("#map[data-ready=true]")
    before = page.evaluate(look)
    page.goto(put(frame(base_url + EMBED), script(base_url, "")))
    sized(page)
    assert page.evaluate(look) == before
