"""A journey by air that grows by a report a day, and the server of it: for what is seen of that.

Its places are its own, so nothing has to be searched for.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from app.rooms import Rooms
from app.settings import Settings
from tests.browser.conftest import serve

SLUG = "growing"

_HEAD = """
format = 1
slug = "growing"
title = "A journey that goes on"
subject = "A traveller"
mode = "plane"
"""

_REPORT = """
[[source]]
id = "paper-{day}"
publisher = "Paper {day}"
published_at = "2024-03-{day:02}T18:00Z"
reliability = "B"

[[sighting]]
id = "seen-{day}"
source = "paper-{day}"
subject = "leader"
event = "{event}"
modality = "reported"
earliest = "2024-03-{day:02}T08:00Z"
latest = "2024-03-{day:02}T09:00Z"
credibility = 2
claim = "{claim}"

[sighting.place]
id = "halt-{day}"
name = "Halt {day}"
lon = {lon}
lat = {lat}
country = "CN"
time_zone = "Asia/Shanghai"
radius_km = 1
"""


def dossier(*days: int, claims: Mapping[int, str] | None = None, start_lon: float = 100.0) -> str:
    """The journey as reported on some days of a month; ``claims`` replace the usual one.

    It goes 2.5 degrees a day to the east of ``start_lon``.
    """
    said = claims or {}
    reports = (
        _REPORT.format(
            day=day,
            event="departed" if day == min(days) else "arrived",
            claim=said.get(day, f"Seen at halt {day}."),
            lon=(start_lon + 2.5 * day + 180.0) % 360.0 - 180.0,
            lat=30 + 3 * (day % 3),
        )
        for day in days
    )
    return _HEAD + "".join(reports)


@dataclass
class Growing:
    """A server on which the journey is ``told`` anew."""

    rooms: Rooms
    directory: Path
    url: str = field(default="")
    start_lon: float = 100.0

    def tell(self, *days: int, claims: Mapping[int, str] | None = None) -> int:
        """Another revision of the journey; its number."""
        path = self.directory / "growing.toml"
        path.write_text(dossier(*days, claims=claims, start_lon=self.start_lon), "utf-8")
        return self.rooms.load_dossiers([path])[SLUG]


@contextmanager
def growing_journey(reference_dir: Path, directory: Path) -> Iterator[Growing]:
    """A server of its own, with the journey of the first three days."""
    (directory / "reference").symlink_to(reference_dir)
    growing = Growing(Rooms(Settings(var_dir=directory)), directory)
    growing.tell(1, 2, 3)
    for url in serve(growing.rooms):
        growing.url = url
        yield growing
