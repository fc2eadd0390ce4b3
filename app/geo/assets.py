"""Third-party scripts, styles and fonts for the browser, served by the app itself.

Lives here: finding them (:class:`Assets`). Not here: how they are taken out of data packages
(:mod:`app.geo.assets_build`), our own scripts and styles (``static/``), and who serves them.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from app.errors import MissingReferenceError, NotFoundError

URL_PREFIX = "/vendor/"
NOTICE = "NOTICE.txt"
MANIFEST = "assets.json"


class Assets:
    """The assets in a directory that :func:`app.geo.assets_build.build` made.

    >>> assets = Assets(settings.reference_dir / "vendor")             # doctest: +SKIP
    >>> assets.url_for("leaflet.js")                                   # doctest: +SKIP
    '/vendor/leaflet.0a1b2c3d4e5f.js'

    File names carry a hash of the content, so a browser may keep them for ever. Raises
    :class:`MissingReferenceError` when the directory is not there.
    """

    def __init__(self, path: Path) -> None:
        try:
            manifest = json.loads((path / MANIFEST).read_text("utf-8"))
        except OSError as error:
            raise MissingReferenceError(
                f"The browser assets are not at {path}. Run `dateline prepare`"
            ) from error
        self._path = path
        self._files: Mapping[str, str] = manifest["files"]
        self._names: Mapping[str, str] = manifest["names"]

    def url_for(self, name: str) -> str:
        """Where the app serves an asset, by logical name or by the URL that folium gives it.

        Raises :class:`NotFoundError` when it is not among those that were taken.
        """
        try:
            return URL_PREFIX + self._names[name]
        except KeyError:
            known = ", ".join(n for n in sorted(self._names) if "/" not in n)
            raise NotFoundError(
                f"No browser asset is called {name!r}; there are: {known}"
            ) from None

    def names(self) -> tuple[str, ...]:
        """File names of all assets, as they stand after :data:`URL_PREFIX`."""
        return tuple(sorted(self._files))

    def read(self, name: str) -> tuple[bytes, str]:
        """Content and media type of the file ``name``. Raises :class:`NotFoundError`."""
        media_type = self._media_type(name)
        return (self._path / name).read_bytes(), media_type

    def notice(self) -> str:
        """Copyright and licence of every asset, as plain text."""
        return (self._path / NOTICE).read_text("utf-8")

    def _media_type(self, name: str) -> str:
        # Only names of the manifest reach the disk: no path can climb out of the directory.
        try:
            return self._files[name]
        except KeyError:
            raise NotFoundError(f"There is no browser asset {name!r}") from None
