"""The README tells the truth about what can be set and asked."""

from pathlib import Path

import pytest

from app.cli import main
from app.settings import ROOT, Settings

README = (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_documented(name):
    assert f"`DATELINE_{name.upper()}`" in README


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_is_documented(name):
    assert f"`{name}`" in README or f"dateline {name}" in README


def test_every_picture_is_there():
    pictures = [part.split(")")[0] for part in README.split("![")[1:]]
    paths = [picture.split("](")[1] for picture in pictures]
    assert paths
    assert all((ROOT / Path(path)).is_file() for path in paths)
