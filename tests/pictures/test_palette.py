"""Pictures and pages have the same colours."""

import re
from dataclasses import asdict

import pytest

from app.pictures.palette import DARK, LIGHT, OF_THE_PAGE
from app.settings import ROOT

STYLES = (ROOT / "static" / "css" / "page.css").read_text("utf-8")
_LIGHT, _DARK = STYLES.split("@media (prefers-color-scheme: dark)")[:2]


@pytest.mark.parametrize(("palette", "styles"), [(LIGHT, _LIGHT), (DARK, _DARK)])
def test_they_are_those_of_the_style_sheet(palette, styles):
    told = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", styles))
    colours = {name.replace("_", "-"): colour for name, colour in asdict(palette).items()}
    assert {name: told.get(name) for name in colours} == colours


def test_inside_a_page_they_are_its_own():
    assert OF_THE_PAGE.route_soft == "var(--route-soft)"
