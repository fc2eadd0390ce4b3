"""Third-party scripts and styles for the browser, served by the app itself.

Lives here: taking them out of data packages (:func:`build`), and finding them again
(:class:`Assets`). Not here: our own scripts and styles (``static/``), and who serves them.
"""

import ast
import gzip
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from app.errors import BuildError, MissingReferenceError, NotFoundError
from app.geo.licence_texts import BSD_2_CLAUSE, MIT

URL_PREFIX = "/vendor/"
NOTICE = "NOTICE.txt"

_MANIFEST = "assets.json"
_MEDIA_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".png": "image/png",
}


class Assets:
    """The assets in a directory that :func:`build` made.

    >>> assets = Assets(settings.reference_dir / "vendor")             # doctest: +SKIP
    >>> assets.url_for("leaflet.js")                                   # doctest: +SKIP
    '/vendor/leaflet.0a1b2c3d4e5f.js'

    File names carry a hash of the content, so a browser may keep them for ever. Raises
    :class:`MissingReferenceError` when the directory is not there.
    """

    def __init__(self, path: Path) -> None:
        try:
            manifest = json.loads((path / _MANIFEST).read_text("utf-8"))
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

    def read_gzip(self, name: str) -> tuple[bytes, str]:
        """As :meth:`read`, compressed at set-up for ``Content-Encoding: gzip``."""
        media_type = self._media_type(name)
        return (self._path / f"{name}.gz").read_bytes(), media_type

    def notice(self) -> str:
        """Copyright and licence of every asset, as plain text."""
        return (self._path / NOTICE).read_text("utf-8")

    def _media_type(self, name: str) -> str:
        # Only names of the manifest reach the disk: no path can climb out of the directory.
        try:
            return self._files[name]
        except KeyError:
            raise NotFoundError(f"There is no browser asset {name!r}") from None


@dataclass(frozen=True, slots=True)
class _Wanted:
    """An asset to take: ``url`` matches the path of folium's URL; else ``file_id`` holds it."""

    name: str
    work: str
    url: re.Pattern[str] | None = None
    file_id: str | None = None


_WANTED = (
    _Wanted("leaflet.js", "Leaflet", re.compile(r"/leaflet@[\d.]+/dist/leaflet\.js$")),
    _Wanted("leaflet.css", "Leaflet", re.compile(r"/leaflet@[\d.]+/dist/leaflet\.css$")),
    _Wanted("jquery.js", "jQuery", re.compile(r"/jquery(-[\d.]+|/[\d.]+/jquery)\.min\.js$")),
    _Wanted(
        "fullscreen.js",
        "leaflet.fullscreen",
        re.compile(r"/leaflet\.fullscreen@[\d.]+/Control\.FullScreen(\.min)?\.js$"),
    ),
    _Wanted(
        "fullscreen.css",
        "leaflet.fullscreen",
        re.compile(r"/leaflet\.fullscreen@[\d.]+/Control\.FullScreen(\.min)?\.css$"),
    ),
    _Wanted("swagger-ui.js", "Swagger UI", file_id="swagger_ui_js"),
    _Wanted("swagger-ui.css", "Swagger UI", file_id="swagger_ui_css"),
    _Wanted("swagger-ui.png", "Swagger UI", file_id="swagger_ui_icon"),
)

_LICENCES = {
    "Leaflet": (
        "BSD 2-Clause",
        "Copyright (c) 2010-2022 Vladimir Agafonkin, (c) 2010-2011 CloudMade\nAll rights reserved.",
        BSD_2_CLAUSE,
    ),
    "jQuery": ("MIT", "Copyright OpenJS Foundation and other contributors", MIT),
    "leaflet.fullscreen": ("MIT", "Copyright (c) Bruno B.", MIT),
}


def build(inputs: Mapping[str, Path], output: Path, progress: Callable[[float], None]) -> None:
    """Make the directory ``output`` of ``folium_elements`` and the ``swagger_ui_*`` files.

    Raises :class:`BuildError` when an asset is not in them, or would ask another host.
    """
    output.mkdir()
    resources = dict(_resources(inputs["folium_elements"].read_text("utf-8")))
    files: dict[str, str] = {}
    names: dict[str, str] = {}
    for done, wanted in enumerate(_WANTED):
        found, content = _take(wanted, resources, inputs)
        suffix = Path(wanted.name).suffix
        if suffix != ".png":
            content = _self_contained(content.decode("utf-8"), suffix).encode()
        digest = hashlib.sha256(content).hexdigest()[:12]
        name = f"{Path(wanted.name).stem}.{digest}{suffix}"
        (output / name).write_bytes(content)
        (output / f"{name}.gz").write_bytes(gzip.compress(content, 9, mtime=0))
        files[name] = _MEDIA_TYPES[suffix]
        names |= dict.fromkeys((wanted.name, *found), name)
        progress((done + 1) / len(_WANTED))
    licence = inputs["swagger_ui_licence"].read_text("utf-8")
    (output / NOTICE).write_text(_notice(licence), "utf-8")
    manifest = {"files": files, "names": names}
    (output / _MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True), "utf-8")


def _take(
    wanted: _Wanted, resources: Mapping[str, str], inputs: Mapping[str, Path]
) -> tuple[list[str], bytes]:
    if wanted.file_id is not None:
        return [], inputs[wanted.file_id].read_bytes()
    found = [url for url in resources if wanted.url is not None and wanted.url.search(url)]
    contents = {resources[url].strip() for url in found}
    if len(contents) != 1:
        raise BuildError(f"{len(contents)} different texts for {wanted.name} instead of one")
    return found, contents.pop().encode()


def _resources(source: str) -> Iterator[tuple[str, str]]:
    """The texts that a Python file assigns as ``_res[url] = text``, read without running it."""
    for node in ast.parse(source).body:
        match node:
            case ast.Assign(
                targets=[ast.Subscript(ast.Name("_res"), ast.Constant(str(url)))],
                value=ast.Constant(str(text)),
            ):
                yield url, text
            case _:
                pass


_CSS_URL = re.compile(
    r"""url\(\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^)]*?)\s*\)""", re.DOTALL | re.IGNORECASE
)
_SOURCE_MAP = re.compile(
    r"^[ \t]*(//[#@]\s*sourceMappingURL=.*|/\*[#@]\s*sourceMappingURL=.*?\*/)", re.M
)


def _self_contained(text: str, suffix: str) -> str:
    """Without source maps (developer tools would ask for them) and, in styles, without URLs."""
    text = _SOURCE_MAP.sub("", text).strip() + "\n"
    if suffix == ".css":
        if "@import" in text:
            raise BuildError("a style imports another one")
        text = _CSS_URL.sub(_inert_url, text)
    return text


def _inert_url(match: re.Match[str]) -> str:
    target = match[1].strip("\"'")
    return match[0] if target.lower().startswith("data:") else "url(data:,)"


def _notice(swagger_ui_licence: str) -> str:
    parts = [
        f"{work} ({licence})\n\n{copyright_line}\n\n{text}"
        for work, (licence, copyright_line, text) in _LICENCES.items()
    ]
    parts.append(f"Swagger UI (Apache License 2.0)\n\n{swagger_ui_licence.strip()}\n")
    intro = "Scripts and styles by others that this server hands to browsers.\n"
    return f"\n{'=' * 80}\n\n".join([intro, *parts])
