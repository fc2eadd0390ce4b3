"""What a reader of an embed can see or hear, and which words of it are ours.

A word is ours unless it belongs to the data: to names of places and publishers, titles, claims,
grades, credits. Those are taken away where they stand whole, or as far as a picture has room for
them.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any
from xml.etree import ElementTree as ET

import html5lib

HEARD = ("alt", "title", "aria-label", "aria-valuetext", "aria-roledescription", "placeholder")
# Of the ground under a map: names of countries and cities.
NAMES_ON_THE_GROUND = ("countries", "cities", "country-label", "city-label")
UNSEEN = ("script", "style")
# The name of the site, and what languages write alike.
NOBODYS = ("Dateline", "UTC")
# What `trip-data` tells scripts and they do not show: names, times and colours of machines.
SHOWN_OF_DATA = {
    "steps": ("time", "publishers"),
    "waypoints": ("name", "short_time", "seen"),
    "times": ("label", "local", "utc"),
    "claims": ("origin", "publisher", "claim", "place"),
}


def page_texts(html: str) -> list[str]:
    """All texts of a page, with what its scripts may show."""
    page = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
    texts = list(element_texts(page))
    for script in page.iter("script"):
        if script.get("id") == "trip-data":
            data = json.loads(script.text)
            texts += (re.sub(r"\{\w+\}", "", text) for text in data["words"].values())
            texts += shown_of(data)
    return texts


def picture_texts(svg: str) -> list[str]:
    """All texts of a picture."""
    root = ET.fromstring(svg)
    # A map is drawn from its foot up.
    credit = [line for line in root if line.get("class") == "credit"]
    for line in credit:
        root.remove(line)
    order = reversed(credit) if root.get("class") == "static-map" else credit
    return [*element_texts(root), " ".join(line.text or "" for line in order)]


def element_texts(root: ET.Element) -> Iterator[str]:
    """The texts in an element and its attributes, in their order."""
    kind = root.tag.rpartition("}")[2] if isinstance(root.tag, str) else "script"
    named = set(root.get("class", "").split()) & set(NAMES_ON_THE_GROUND)
    if kind in UNSEEN or named:
        return
    yield from (root.get(name, "") for name in HEARD)
    if kind == "svg":
        # As one, for a name may have several lines.
        yield " ".join(text for child in root for text in element_texts(child))
        return
    yield root.text or ""
    for child in root:
        yield from element_texts(child)
        yield child.tail or ""


def shown_of(data: Any, kind: str = "") -> Iterator[str]:
    """The texts that scripts show of a page's data."""
    if isinstance(data, list):
        for each in data:
            yield from shown_of(each, kind)
    elif isinstance(data, dict):
        for name, value in data.items():
            if isinstance(value, str) and name in SHOWN_OF_DATA.get(kind, ()):
                yield value
            elif isinstance(value, list | dict):
                yield from shown_of(value, name)


def data_of(api: Any, slug: str, credits: Iterable[str] = ()) -> set[str]:  # noqa: A002
    """What people wrote of a trip; ``api`` gives the JSON at an address."""
    said = {*credits, *NOBODYS, api(f"/api/trips/{slug}")["title"]}
    said |= {source["publisher"] for source in api(f"/api/trips/{slug}/sources")["sources"]}
    for waypoint in api(f"/api/trips/{slug}/waypoints")["waypoints"]:
        said |= {waypoint["place"]["name"], *waypoint["place"]["names"].values()}
    for claim in api(f"/api/trips/{slug}/sightings")["sightings"]:
        said |= {claim["origin"], claim["publisher"], claim["claim"], claim["place"]["name"]}
        said |= set(claim["place"]["names"].values())
    return {" ".join(text.split()) for text in said if text}


def own_words(texts: Iterable[str], data: Iterable[str]) -> set[str]:
    """The words in English letters that are no data."""
    phrases = sorted(data, key=len, reverse=True)
    data_or_grade = "|".join((*map(re.escape, phrases), "[A-F][1-6]"))
    whole = re.compile(rf"(?<![A-Za-z])(?:{data_or_grade})(?![A-Za-z])")
    found: set[str] = set()
    for text in texts:
        left = whole.sub(" ", " ".join(text.split()))
        found |= set(re.findall(r"[A-Za-z]+", without_cut_off(left, phrases)))
    return found


def without_cut_off(text: str, phrases: Iterable[str]) -> str:
    """A text without the beginnings of phrases that end in an ellipsis for want of room."""
    *cut, rest = text.split("…")
    begun = [phrase[:size] for phrase in phrases for size in range(1, len(phrase))] if cut else []
    for n, part in enumerate(cut):
        ends = (beginning for beginning in begun if part.endswith(beginning))
        cut[n] = part.removesuffix(max(ends, key=len, default=""))
    return " ".join([*cut, rest])
