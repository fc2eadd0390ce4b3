"""Whose data a file rests on, and under which licences it may be used.

Lives here: the words that every export and feed carries. Not here: which data packages there
are (``data/packages.toml``); a test holds the two together. Imports nothing of ours.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Licence:
    """Terms of one body of data, with the address of their text."""

    of: str
    name: str
    url: str


LICENCES = (
    Licence("OpenStreetMap", "ODbL 1.0", "https://opendatacommons.org/licenses/odbl/1-0/"),
    Licence("GeoNames", "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    Licence(
        "Natural Earth",
        "public domain",
        "https://www.naturalearthdata.com/about/terms-of-use/",
    ),
)
LICENCE = "; ".join(f"{each.of}: {each.name}, {each.url}" for each in LICENCES)
"""All of them in one line."""

SHARE_ALIKE = LICENCES[0]
"""The one that decides where a format has room for a single licence: it passes itself on."""
