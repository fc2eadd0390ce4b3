"""What the pages of a folder load: style sheets, scripts, fonts and the icon, as files of it.

Lives here: which of them are taken, ours and those of others, each under a name that changes with
its content: a page never meets the script of another revision. Not here: how modules become one
script (:mod:`app.folder.scripts`).
"""

import hashlib
import re
from pathlib import Path, PurePosixPath

from app.errors import BuildError
from app.folder.scripts import classic_script
from app.geo.assets import Assets
from app.web.vendor import StaticFiles

FOLDER = "assets"
MODULES = "/static/js/"
"""What stands before a module in a page as it is rendered; in a folder there are none."""

_INSTEAD = {"load.js": "load_folder.js"}
# The server offers them: a builder of addresses with options that only it understands.
_WITHOUT = ("builder.js",)
_CSS_URL = re.compile(r"""url\(["']?([^"')]*)["']?\)""")


class FolderAssets(StaticFiles):
    """Our own files and those of others, by the addresses that pages are rendered with.

    ``files`` are the ones that were asked for so far, by their path in the folder.
    """

    def __init__(self, static_dir: Path, vendor: Assets) -> None:
        super().__init__(static_dir)
        self._vendor = vendor
        self.files: dict[str, bytes] = {}

    def url_for(self, name: str) -> str:
        """Where one of our own is. Raises :class:`app.errors.NotFoundError`."""
        body = self.read(name).body
        if name.startswith("js/"):
            return f"/static/{name}"
        if name.endswith(".css"):
            _check_whole(name, body.decode())
        return self.put(PurePosixPath(name).name, body)

    def vendor_url(self, name: str) -> str:
        """Where one of others is, by logical name or by the address that folium gives it.

        Raises :class:`app.errors.NotFoundError`.
        """
        stored = PurePosixPath(self._vendor.url_for(name)).name
        self._take(stored)
        return f"{FOLDER}/{stored}"

    def script_for(self, module: str) -> str:
        """Where the module ``module`` of ours is, joined with all that it imports."""
        script = classic_script(
            module,
            lambda name: self.read(f"js/{name}").body.decode(),
            instead=_INSTEAD,
            without=_WITHOUT,
        )
        return self.put(module, script.encode())

    def put(self, name: str, body: bytes) -> str:
        """A file under ``name`` with what tells its content from others; its path."""
        path = self.named(name, hashlib.sha256(body).hexdigest())
        self.files[path] = body
        return path

    @staticmethod
    def named(name: str, version: str) -> str:
        """The path of a file ``name`` of some version."""
        whole = PurePosixPath(name)
        return f"{FOLDER}/{whole.stem}.{version[:12]}{whole.suffix}"

    def _take(self, stored: str) -> None:
        body, _ = self._vendor.read(stored)
        self.files[f"{FOLDER}/{stored}"] = body
        if stored.endswith(".css"):
            for other in _addresses_of(body.decode()):
                self._take(other)


class FolderVendor:
    """The same for what asks for the assets of others (:class:`app.web.vendor.VendorAssets`)."""

    def __init__(self, assets: FolderAssets, vendor: Assets) -> None:
        self.url_for = assets.vendor_url
        self.read = vendor.read
        self.notice = vendor.notice


def _check_whole(name: str, text: str) -> None:
    if found := _addresses_of(text):
        raise BuildError(f"{name} loads {found[0]}, which no folder has")


def _addresses_of(style: str) -> list[str]:
    return [url for url in _CSS_URL.findall(style) if not url.startswith("data:")]
