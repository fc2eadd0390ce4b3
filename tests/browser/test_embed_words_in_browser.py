"""An embed in a language without English letters: whatever a reader does in it, no word of ours is
English, be it seen or heard."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.rooms import Rooms
from app.words import LANGUAGES
from tests.words.pseudo import TAG, pseudo, spoken
from tests.words.reading import HEARD, NAMES_ON_THE_GROUND, UNSEEN, data_of, own_words

pytestmark = [pytest.mark.browser, pytest.mark.reference]

RUSSIA = "2023-09-russia"
# So slow that reports contradict each other.
SLOW = "max_speed_kmh=30"
ON_THE_WAY = "as_of=2023-09-12T13:00:00Z"

READ = """({ heard, without }) => {
  const said = [];
  const read = (element) => {
    if (element.matches(without)) return;
    for (const name of heard) said.push(element.getAttribute(name) ?? '');
    if (element.localName === 'svg') {
      // As one, for a name may have several lines.
      const texts = [...element.querySelectorAll('title, desc, text')];
      said.push(texts.map((text) => text.textContent).join(' '));
      return;
    }
    for (const node of element.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) said.push(node.data);
      else if (node.nodeType === Node.ELEMENT_NODE) read(node);
    }
  };
  read(document.documentElement);
  return said;
}"""
WITHOUT = ", ".join((*UNSEEN, "noscript", *(f".{name}" for name in NAMES_ON_THE_GROUND)))


@pytest.fixture(scope="module", autouse=True)
def one_language_more() -> Iterator[None]:
    with spoken():
        yield


def texts_of(page: Page) -> list[str]:
    return page.evaluate(READ, {"heard": list(HEARD), "without": WITHOUT})


def reader(page: Page, url: str, slug: str, rooms: Rooms) -> Callable[..., set[str]]:
    """What tells the English words of ours that the page shows now, or that some texts have."""

    def api(path: str) -> Any:
        return page.request.get(url + path).json()

    data = data_of(api, slug, {text for text, _ in rooms.packages.credits()})
    return lambda texts=None: own_words(texts_of(page) if texts is None else texts, data)


def opened(page: Page, url: str, slug: str, query: str) -> None:
    page.goto(f"{url}/embed/{slug}?lang={TAG}&{query}")
    expect(page.locator("#map")).to_have_attribute("data-ready", "true")


def test_on_the_map(page, watch, base_url, seeded_rooms):
    page.set_viewport_size({"width": 900, "height": 900})
    opened(page, base_url, RUSSIA, f"view=both&{SLOW}")
    english = reader(page, base_url, RUSSIA, seeded_rooms)
    assert english() == set()

    chosen = page.locator("[data-chosen]")
    for pin in page.locator(".pin").all():
        pin.focus()
        page.keyboard.press("Enter")
        expect(page.locator(".about-body")).to_have_count(1)
        expect(chosen).not_to_be_empty()
        assert english() == set()
    page.keyboard.press("Escape")

    diagram = page.locator(".time-distance:visible")
    diagram.focus()
    told = set()
    for _ in range(70):
        page.keyboard.press("ArrowRight")
        told.add(chosen.text_content())
    assert english() == english(told) == set()
    for kind in ("stop", "leg from", "claim of", "contradiction"):
        assert any(text.startswith(pseudo(f"Chosen: {kind} ")) for text in told)

    known = page.locator("[data-part=known]")
    for step in ("back", "back", "on"):
        before = known.inner_text()
        page.locator(f"[data-step={step}]").click()
        expect(known).not_to_have_text(before)
        assert english() == set()
    page.locator("[data-step=play]").click()
    assert english() == set()
    page.locator("[data-step=play]").click()

    page.locator(".leaflet-control-zoom-fullscreen").click()
    page.wait_for_function("document.fullscreenElement !== null")
    assert english() == set()
    assert watch.said == []


def test_with_stops_ahead(page, base_url, seeded_rooms):
    page.set_viewport_size({"width": 900, "height": 600})
    opened(page, base_url, RUSSIA, ON_THE_WAY)
    english = reader(page, base_url, RUSSIA, seeded_rooms)
    page.locator(".pin.expected, .pin.possible").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".about-body")).to_contain_text(pseudo("At "))
    assert english() == set()


def test_hints_and_what_finds_no_room(page, odd_url, odd_rooms):
    page.set_viewport_size({"width": 700, "height": 600})
    opened(page, odd_url, "many", "")
    english = reader(page, odd_url, "many", odd_rooms)
    expect(page.locator(".left-out")).to_be_visible()
    page.mouse.move(300, 300)
    page.mouse.wheel(0, 40)
    expect(page.locator(".gesture-hint")).not_to_be_empty()
    assert english() == set()


def test_where_a_step_cannot_be_loaded(page, base_url, seeded_rooms):
    opened(page, base_url, RUSSIA, "")
    english = reader(page, base_url, RUSSIA, seeded_rooms)
    page.route("**/embed/**", lambda route: route.abort())
    before = page.locator("[data-part=known]").inner_text()
    page.locator("[data-step=back]").click()
    expect(page.locator("[data-part=known]")).not_to_have_text(before)
    assert english() == set()


def test_plurals_are_those_that_browsers_know(page):
    counts = [*range(1000), 10**6]
    for tag, words in LANGUAGES.items():
        rules = "([tag, counts]) => counts.map((n) => new Intl.PluralRules(tag).select(n))"
        assert page.evaluate(rules, [tag, counts]) == list(map(words.plural, counts))
