"""Addresses of the server become those of files: which file stands for what.

Lives here: the one table of what is where in a published folder. Not here: where addresses stand
in a page (:mod:`app.folder.pages`), what is in the files (:mod:`app.folder.contents`).
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import parse_qs, quote, urlsplit

from app.errors import BuildError
from app.pictures.look import Theme
from app.publication.documents import Document
from app.publication.formats import FileFormat, Format
from app.publication.parts import Part
from app.publication.pictures import Choice, Subject
from app.web.pictures import choice_of

PAGE, EMBED = "index.html", "embed.html"
LICENCES = "assets/licences.txt"
_ONLY_ON_A_SERVER = ("/position", "/revision", "/feed.atom", "/feed.json")


class FileAddresses:
    """The files of one trip by the addresses that a server gives their content.

    ``assets`` are the addresses of files whose name depends on what they hold. Pictures that were
    asked for are remembered in ``pictures``: they have to be drawn.

    >>> to = FileAddresses("2023-09-russia", {})
    >>> to.file("/trips/2023-09-russia?as_of=2023-09-12T03%3A15%3A00Z#sources-title")
    'index.html?as_of=2023-09-12T03%3A15%3A00Z#sources-title'
    >>> to.file("/api/trips/2023-09-russia/legs?format=csv")
    'data/legs.csv'
    """

    def __init__(self, slug: str, assets: Mapping[str, str]) -> None:
        self.slug = slug
        self.pictures: set[tuple[Subject, str, Choice]] = set()
        self._assets = assets

    def file(self, address: str) -> str:
        """The file for an address of the server.

        Raises :class:`app.errors.BuildError` for one that leads to no file.
        """
        parts = urlsplit(address)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        found = None
        with suppress(ValueError):  # a format, a size, that there is not
            found = self._found(parts.path, query)
        if found is None or parts.netloc:
            raise BuildError(f"no file stands for {address}: no page of a folder may lead there")
        if found in (PAGE, EMBED):
            moment = query.get("as_of")
            found += f"?as_of={quote(moment, safe='')}" if moment else ""
            found += f"#{parts.fragment}" if parts.fragment else ""
        return found

    def links(self, document: Document, *, beside: str) -> Document:
        """A document of the API whose links lead to files, as seen from the folder ``beside``.

        What only a server has is not among them.
        """
        links = {
            name: _relative(self.file(address), beside)
            for name, address in document["links"].items()
            if not address.endswith(_ONLY_ON_A_SERVER)
        }
        return {**document, "links": links}

    def _found(self, path: str, query: Mapping[str, str]) -> str | None:
        if path in self._assets:
            return self._assets[path]
        trip, lists = f"/trips/{self.slug}", f"/api/trips/{self.slug}"
        named = {trip: PAGE, f"/embed/{self.slug}": EMBED, lists: "data/trip.json"}
        if path in named:
            return named[path]
        if path == "/licences.txt":
            return LICENCES
        if found := re.fullmatch(r"/api/schemas/(\w+)", path):
            return schema_file(found[1])
        rest = path.removeprefix(trip)
        if found := re.fullmatch(r"\.(\w+)", rest):
            return whole_file(self.slug, FileFormat(found[1]))
        if found := re.fullmatch(r"/([\w-]+)\.(svg|png)", rest):
            return self._picture(Subject(found[1]), found[2], query)
        if found := re.fullmatch(r"/(\w+)", path.removeprefix(lists)):
            return part_file(Part(found[1]), Format(query.get("format", Format.JSON)))
        return None

    def _picture(self, subject: Subject, ending: str, query: Mapping[str, str]) -> str:
        choice = choice_of(query)
        self.pictures.add((subject, ending, choice))
        return picture_file(subject, ending, choice)


def picture_file(subject: Subject, ending: str, choice: Choice) -> str:
    """Where a picture is; of a trip one part at most is drawn, that which the embed opens on.

    >>> from app.pictures.look import Size
    >>> picture_file(Subject.MAP, "png", Choice(Size.PRINT, Theme.DARK, scale=2))
    'pictures/map-print-dark-2x.png'
    """
    name = [subject.value, choice.size.value]
    name += ["dark"] if choice.theme is Theme.DARK else []
    name += [choice.language] if choice.language != "en" else []
    name += [] if choice.stretch.is_open else ["part"]
    name += [] if choice.has_heading else ["plain"]
    name += [f"{choice.scale}x"] if choice.scale != 1 else []
    return f"pictures/{'-'.join(name)}.{ending}"


def part_file(part: Part, fmt: Format) -> str:
    """Where a list of a trip is."""
    return f"data/{part.value}.{fmt.value}"


def whole_file(slug: str, fmt: FileFormat) -> str:
    """Where a whole trip is, under the name that it is to have where it is taken to."""
    return f"data/{slug}.{fmt.value}"


def schema_file(name: str) -> str:
    """Where the schema of a document is."""
    return f"data/schemas/{name}.json"


def _relative(file: str, beside: str) -> str:
    return file.removeprefix(beside) if file.startswith(beside) else f"../{file}"
