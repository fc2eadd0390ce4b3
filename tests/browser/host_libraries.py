"""The scripts that other sites run around an embed, as their makers publish them.

Lives here: fetching them through the clients that a developer has, npm and apt, once, into
``var/hosts``; what is pinned is held to its SHA-256. They are served to a browser as they are and
are no part of this project. Tests go without one on a machine that cannot get it, not in CI.
"""

import hashlib
import io
import shutil
import subprocess
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from app.settings import Settings
from tests.publication.standards import lacking

PATIENCE_S = 180


@dataclass(frozen=True, slots=True)
class Library:
    """One release on the npm registry, with the member that is the script of the host page."""

    name: str
    version: str
    sha256: str
    member: str


PYM = Library(
    name="pym.js",
    version="1.3.2",
    sha256="7c947552d4bb5a657552c61a35fe5ac69f92d381c382886d1acb5a3ed42a76bd",
    member="package/dist/pym.v1.js",
)
IFRAME_RESIZER = Library(
    name="iframe-resizer",
    version="4.4.5",
    sha256="5ddc61c44a120955f3cb653287a565bcf944ba7e887e3021776ad0e8de873f66",
    member="package/js/iframeResizer.js",
)
WP_EMBED = "usr/share/wordpress/wp-includes/js/wp-embed.js"


def pym() -> bytes:
    """What newsrooms have embedded with since 2014 (NPR)."""
    return _of_npm(PYM)


def iframe_resizer() -> bytes:
    """The last release of version 4, the last under a licence without conditions."""
    return _of_npm(IFRAME_RESIZER)


def wp_embed() -> bytes:
    """What WordPress puts on every page that shows what was pasted as a link."""
    return _kept("wp-embed.js", _wp_embed_of_debian)


def _of_npm(library: Library) -> bytes:
    def fetch(directory: Path) -> bytes:
        if shutil.which("npm") is None:
            lacking("npm is not installed")
        _run(["npm", "pack", "--silent", f"{library.name}@{library.version}"], directory)
        (packed,) = directory.glob("*.tgz")
        body = packed.read_bytes()
        assert hashlib.sha256(body).hexdigest() == library.sha256
        return _member(body, library.member)

    return _kept(f"{library.name}-{library.version}.js", fetch)


def _wp_embed_of_debian(directory: Path) -> bytes:
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        lacking("this is no Debian, whose WordPress is read")
    # Fetched and not installed; which release does not matter: its protocol has been one since 4.4.
    _run(["apt-get", "download", "-qq", "wordpress"], directory)
    (packed,) = directory.glob("*.deb")
    files = subprocess.run(
        ["dpkg-deb", "--fsys-tarfile", str(packed)],
        check=True, capture_output=True, timeout=PATIENCE_S,
    ).stdout  # fmt: skip
    return _member(files, f"./{WP_EMBED}")


def _kept(name: str, fetch: Callable[[Path], bytes]) -> bytes:
    file = Settings().var_dir / "hosts" / name
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=file.parent) as scratch:
            arrived = Path(scratch) / name
            arrived.write_bytes(fetch(Path(scratch)))
            arrived.rename(file)
    return file.read_bytes()


def _run(command: list[str], directory: Path) -> None:
    try:
        subprocess.run(
            command, cwd=directory, check=True, capture_output=True, timeout=PATIENCE_S
        )  # fmt: skip
    except (subprocess.SubprocessError, OSError) as error:
        lacking(f"{' '.join(command)} failed: {error}")


def _member(packed: bytes, name: str) -> bytes:
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        found = archive.extractfile(name)
        assert found is not None
        return found.read()
