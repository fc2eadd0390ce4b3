"""What a script loads of the pages at every step: their regions and their data.

Lives here: which files that are, and which texts are kept together. Not here: how texts that have
much in common become few (:mod:`app.folder.lines`), and who reads them
(``static/js/load_folder.js``).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import orjson

from app.folder.lines import Shelf

_SHARED = ("data", "diagram")
"""What is much the same in all pages."""

File = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Shown:
    """A page at a step: the HTML of its regions by name, and its data as JSON."""

    regions: Mapping[str, str]
    data: str


class Steps:
    """The files of the ``pages``, by their names, under the folder ``under``."""

    def __init__(self, under: str, pages: Sequence[str]) -> None:
        self._under = under
        self._full: list[File] = []
        self._shelves = {name: self._shelf(name) for name in (*_SHARED, *pages)}

    def add(self, number: int, shown: Mapping[str, Shown]) -> Iterator[File]:
        """The files of a step, and of lines what has become full."""
        sizes: dict[str, int] = defaultdict(int)
        for page, parts in shown.items():
            for name, text in (*parts.regions.items(), ("data", parts.data)):
                sizes[self._shelf_of(name, page).name] += len(text)
        for shelf in self._shelves.values():
            shelf.forget(sizes[shelf.name])
        for page, parts in shown.items():
            content = {
                "regions": {
                    name: self._kept(name, page, text) for name, text in parts.regions.items()
                },
                "data": self._kept("data", page, parts.data),
            }
            path = f"{self._under}/{page}/{number}.js"
            yield path, handing(path, orjson.dumps(content))
        yield from self._full
        self._full.clear()

    def rest(self) -> Iterator[File]:
        """The files of lines that never became full."""
        for shelf in self._shelves.values():
            shelf.close()
        yield from self._full

    def _shelf(self, name: str) -> Shelf:
        folder = f"{self._under}/lines/{name}"

        def put_away(number: int, pieces: list[str]) -> None:
            path = f"{folder}/{number}.js"
            self._full.append((path, handing(path, orjson.dumps(pieces))))

        return Shelf(folder, put_away)

    def _shelf_of(self, name: str, page: str) -> Shelf:
        return self._shelves[name if name in _SHARED else page]

    def _kept(self, name: str, page: str, text: str) -> dict[str, object]:
        shelf = self._shelf_of(name, page)
        return {"shelf": shelf.name, "runs": shelf.runs(text)}


def handing(path: str, content: bytes) -> bytes:
    """A script at ``path`` that hands over what it holds, some JSON, under that name."""
    return b"dateline.hand(%s, %s);\n" % (orjson.dumps(path), content.strip())
