"""Pictures and pages have the same colours."""

import re
from dataclasses import asdict

import pytest

from app.pictures.palette import DARK, LIGHT, OF_THE_PAGE
from app.settings import ROOT

STYLES = (ROOT / "static" / "css" / "page.css").read_text("utf-8")
PREFERRED = ":root:not([data-theme=light])"
CHOSEN = ":root[data-theme=dark]"


def told(selector):
    """The custom properties that the one rule with a selector sets."""
    (rule,) = re.findall(
        rf"(?<![^\s]){re.escape(selector)} {{([^}}]*)}}", STYLES.split("@media print")[0]
    )
    return dict(re.findall(r"--([a-z-]+): ([^;]+);", rule))


@pytest.mark.parametrize(
    ("palette", "selector"), [(LIGHT, ":root"), (DARK, PREFERRED), (DARK, CHOSEN)]
)
def test_they_are_those_of_the_style_sheet(palette, selector):
    colours = {name.replace("_", "-"): colour for name, colour in asdict(palette).items()}
    found = told(selector)
    assert {name: found.get(name) for name in colours} == colours


def test_chosen_and_preferred_the_dark_is_the_same():
    assert told(PREFERRED) == told(CHOSEN)


def test_no_other_rule_follows_the_preference_of_the_reader():
    """It would go against a theme that was chosen."""
    assert STYLES.count("prefers-color-scheme") == 1
    assert "light-dark(" not in STYLES


def test_inside_a_page_they_are_its_own():
    assert OF_THE_PAGE.route_soft == "var(--route-soft)"
