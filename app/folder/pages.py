"""The pages of a folder: the trip's own and its embed, and both at every step.

Lives here: what becomes of a page that was rendered for a server, so that it stands alone. Not
here: what it says (:mod:`app.web`), which file is where (:mod:`app.folder.addresses`), in which
files the steps are (:mod:`app.folder.steps`).
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

import orjson

from app.errors import BuildError
from app.folder.addresses import EMBED, PAGE, FileAddresses
from app.folder.assets import MODULES, FolderAssets
from app.folder.regions import data_of, readdressed, regions_of, with_data
from app.folder.steps import Shown, Steps
from app.publication.itinerary import Options
from app.web.embed_choice import EmbedChoice
from app.web.pages import Pages
from app.web.templating import json_block

STEPS = "steps"

# Of a page from a disk a browser may not take the files beside it for its own: "file:" is for
# them, and means nothing to a page that came over the network.
_POLICY = (
    "default-src 'none'; script-src 'self' file:; style-src 'self' file:; "
    "img-src 'self' file: data:; font-src 'self' file:; base-uri 'none'; form-action 'none'"
)
_CHARSET = '<meta charset="utf-8">\n'
# A folder does not know its own address, and nothing in it can be fetched.
_ONLY_ON_A_SERVER = re.compile(r'<link rel="(?:modulepreload|preload|canonical)"[^>]*>\n?')
_MODULE = re.compile(rf'<script src="{MODULES}(\w+\.js)" type="module"></script>')

Rendered = Callable[[Options], str]


class FolderPages:
    """The pages of the trip ``slug``, of which the embed looks as ``choice`` says."""

    def __init__(
        self, pages: Pages, slug: str, choice: EmbedChoice, addresses: FileAddresses,
        assets: FolderAssets,
    ) -> None:  # fmt: skip
        self._addresses = addresses
        self._assets = assets
        self._rendered: dict[str, Rendered] = {
            PAGE: lambda options: pages.trip(slug, options, "").body.decode(),
            EMBED: lambda options: pages.embed(slug, options, choice, "").body.decode(),
        }

    def whole(self, steps: Sequence[datetime]) -> Iterator[tuple[str, bytes]]:
        """The pages as they open, and what a script loads of them at each of the ``steps``."""
        opened = {page: self._opened(page) for page in self._rendered}
        # With each revision, and each other look, its own: none is ever mixed with another.
        version = hashlib.sha256("".join(opened.values()).encode()).hexdigest()[:12]
        for page, html in opened.items():
            data = json_block(orjson.loads(_for_a_folder(data_of(html))))
            at = f'data-steps="{STEPS}/{version}/{_stem(page)}"'
            yield page, with_data(html, data, at).encode()
        yield from self._steps(steps, f"{STEPS}/{version}")

    def _opened(self, page: str) -> str:
        html = self._rendered[page](Options())
        html = _ONLY_ON_A_SERVER.sub("", html)
        policy = f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        html = html.replace(_CHARSET, _CHARSET + policy, 1)
        html, found = _MODULE.subn(
            lambda module: f'<script src="{self._assets.script_for(module[1])}" defer></script>',
            html,
        )
        if found != 1:
            raise BuildError(f"{page} has {found} modules instead of one: they cannot be joined")
        return readdressed(html, self._addresses.file)

    def _steps(self, steps: Sequence[datetime], under: str) -> Iterator[tuple[str, bytes]]:
        written = Steps(under, [_stem(page) for page in self._rendered])
        for number, step in enumerate(steps):
            shown = {page: render(Options(as_of=step)) for page, render in self._rendered.items()}
            yield from written.add(
                number,
                {
                    _stem(page): Shown(
                        {
                            name: readdressed(region, self._addresses.file)
                            for name, region in regions_of(html).items()
                        },
                        _for_a_folder(data_of(html)),
                    )
                    for page, html in shown.items()
                },
            )
        yield from written.rest()


def _for_a_folder(data: str) -> str:
    """The data of a page with no server behind it, an element of a list to a line."""
    document = orjson.loads(data) | {"live": None, "address": None}
    return "{" + ",".join(f"{_json(name)}:{_in_lines(it)}" for name, it in document.items()) + "}"


def _in_lines(value: object) -> str:
    if not isinstance(value, list):
        return f"\n{_json(value)}\n"
    # The comma first: so an element is the same line whether another follows or not.
    return "[\n" + "\n,".join(map(_json, value)) + "\n]"


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


def _stem(page: str) -> str:
    return page.removesuffix(".html")
