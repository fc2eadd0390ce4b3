"""Reads a published folder as a browser does: what a page leads to, and what a step hands over."""

import json
import re
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

HANDED = re.compile(r"dateline\.hand\((\"[^\"]*\"), (.*)\);\n", re.S)
CSS_URL = re.compile(r"url\(([^)]*)\)|@import\s+([^;]*);")


@dataclass(frozen=True)
class Address:
    """An address in a page: where it stands, and the address itself."""

    tag: str
    attribute: str
    value: str


class Links(HTMLParser):
    """All addresses and ids of a page, and what stands in it that a policy would refuse."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[Address] = []
        self.ids: set[str] = set()
        self.refused: list[str] = []
        self._is_script = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.ids.add(given.get("id", ""))
        for name, value in given.items():
            if name in ("href", "src", "action", "data-ground", "poster", "formaction"):
                self.found.append(Address(tag, name, value))
            if name == "srcset":
                candidates = (each.split()[0] for each in value.split(","))
                self.found += [Address(tag, name, candidate) for candidate in candidates]
            if name == "style" or name.startswith("on"):
                self.refused.append(f"<{tag} {name}>")
        if tag == "style" or (
            tag == "script" and "src" not in given and given.get("type") != "application/json"
        ):
            self.refused.append(f"<{tag}>")
        if tag == "script" and given.get("type") == "module":
            self.refused.append("<script type=module>")
        if tag == "form":
            self.refused.append("<form>")


@cache
def handed(file: Path) -> tuple[str, Any]:
    """What a script hands over, and under which name."""
    found = HANDED.fullmatch(file.read_text("utf-8"))
    assert found is not None, file
    return json.loads(found[1]), json.loads(found[2])


def step_of(folder: Path, page: str, number: int) -> tuple[dict[str, str], dict[str, Any]]:
    """The regions and the data of a page at a step, put together as load_folder.js does."""
    (script,) = folder.glob(f"steps/*/{page}/{number}.js")
    _, content = handed(script)
    regions = {name: text_of(folder, kept) for name, kept in content["regions"].items()}
    return regions, json.loads(text_of(folder, content["data"]))


def text_of(folder: Path, kept: dict[str, Any]) -> str:
    runs = kept["runs"]
    text = ""
    for at in range(0, len(runs), 3):
        file, first, count = runs[at : at + 3]
        _, lines = handed(folder / kept["shelf"] / f"{file}.js")
        text += "".join(lines[first : first + count])
    return text
