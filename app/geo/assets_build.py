"""Takes third-party scripts, styles and fonts out of data packages, at set-up.

Lives here: which are taken, what is cut off them, and the notice of their licences. Not here:
reading them when the app runs (:mod:`app.geo.assets`), and our own (``static/``).
"""

import ast
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from app.errors import BuildError
from app.geo.assets import MANIFEST, NOTICE
from app.geo.licence_texts import BSD_2_CLAUSE, MIT
from app.geo.script_fonts import SCRIPT_FONTS

_MEDIA_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".png": "image/png",
    ".otf": "font/otf",
}


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
    """Make the directory ``output`` of the files in ``inputs``.

    They are ``folium_elements``, ``swagger_ui_*``, and each script's font with its licence.
    Raises :class:`BuildError` when an asset is not in them, or would ask another host.
    """
    output.mkdir()
    shelf = _Shelf(output)
    resources = dict(_resources(inputs["folium_elements"].read_text("utf-8")))
    steps = len(_WANTED) + len(SCRIPT_FONTS)
    for done, wanted in enumerate(_WANTED, 1):
        found, content = _take(wanted, resources, inputs)
        suffix = Path(wanted.name).suffix
        if suffix != ".png":
            content = _self_contained(content.decode("utf-8"), suffix).encode()
        shelf.put(wanted.name, content, also_known_as=found)
        progress(done / steps)
    faces = []
    for done, font in enumerate(SCRIPT_FONTS, len(_WANTED) + 1):
        stored = shelf.put(font.name, font.subset(inputs[font.file_id].read_bytes()))
        faces.append(font.face(stored))
        progress(done / steps)
    shelf.put("fonts.css", "".join(faces).encode())
    (output / NOTICE).write_text(_notice(inputs), "utf-8")
    manifest = {"files": shelf.files, "names": shelf.names}
    (output / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True), "utf-8")


class _Shelf:
    """The directory being filled: each file under a name with a hash of its content."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self.files: dict[str, str] = {}
        self.names: dict[str, str] = {}

    def put(self, name: str, content: bytes, *, also_known_as: Iterable[str] = ()) -> str:
        """Store a file; its name there."""
        digest = hashlib.sha256(content).hexdigest()[:12]
        stem, suffix = Path(name).stem, Path(name).suffix
        stored = f"{stem}.{digest}{suffix}"
        (self._directory / stored).write_bytes(content)
        self.files[stored] = _MEDIA_TYPES[suffix]
        self.names |= dict.fromkeys((name, *also_known_as), stored)
        return stored


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


def _notice(inputs: Mapping[str, Path]) -> str:
    parts = [
        f"{work} ({licence})\n\n{copyright_line}\n\n{text}"
        for work, (licence, copyright_line, text) in _LICENCES.items()
    ]
    swagger_ui = inputs["swagger_ui_licence"].read_text("utf-8").strip()
    parts.append(f"Swagger UI (Apache License 2.0)\n\n{swagger_ui}\n")
    parts += [
        f"{font.work} (SIL Open Font License 1.1)\n\n{font.copyright_line}\n"
        f"Modified: only the characters of {font.kept} are kept.\n\n"
        f"{inputs[font.licence_id].read_text('utf-8').strip()}\n"
        for font in SCRIPT_FONTS
    ]
    intro = "Scripts, styles and fonts by others that this server hands to browsers.\n"
    return f"\n{'=' * 80}\n\n".join([intro, *parts])
