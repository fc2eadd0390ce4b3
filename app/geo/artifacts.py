"""What ``dateline prepare`` builds: one :class:`Artifact` for each file that the app reads.

Lives here: names, versions and inputs, and the two calls over all of them. Not here: how
anything is built; builders are named, and imported only in the process that runs them, so
that reading this list costs nothing.
"""

from pathlib import Path

from app.geo import reference
from app.geo.packages import load_packages
from app.geo.reference import Artifact, Outcome, Reporter

PACKAGES = "packages.toml"
GAZETTEER = "gazetteer.sqlite"
RAILWAYS = "railways.npz"
HIGHWAYS = "highways.npz"
BASEMAP = "basemap.sqlite"
VENDOR = "vendor"
PICTURE_FONTS = "fonts"


def artifacts(data_dir: Path) -> tuple[Artifact, ...]:
    """Everything to build; ``data_dir`` holds the hand-written ``places.toml``."""
    return (
        Artifact(
            name=VENDOR,
            version=2,
            builder="app.geo.assets_build:build",
            inputs=(
                "folium_elements",
                "swagger_ui_js",
                "swagger_ui_css",
                "swagger_ui_icon",
                "swagger_ui_licence",
                "hangul_font",
                "hangul_font_licence",
                "han_font",
                "han_font_licence",
            ),
        ),
        Artifact(
            name=PICTURE_FONTS,
            version=1,
            builder="app.geo.picture_fonts_build:build",
            inputs=(
                "latin_font",
                "latin_font_licence",
                "hangul_font",
                "hangul_font_licence",
                "han_font",
                "han_font_licence",
            ),
        ),
        Artifact(
            name=BASEMAP,
            version=2,
            builder="app.geo.basemap_build:build",
            inputs=("natural_earth_countries", "blips_basemap"),
        ),
        Artifact(
            name=GAZETTEER,
            version=1,
            builder="app.geo.gazetteer_build:build",
            inputs=("cities", "countries", "blips_basemap"),
            local_inputs={"places": data_dir / "places.toml"},
        ),
        Artifact(
            name=RAILWAYS,
            version=3,
            builder="app.geo.network_build:build_railways",
            inputs=("railways", "natural_earth_countries"),
        ),
        Artifact(
            name=HIGHWAYS,
            version=3,
            builder="app.geo.network_build:build_highways",
            inputs=("highways", "natural_earth_countries"),
        ),
    )


def prepare_all(*, data_dir: Path, reference_dir: Path, reporter: Reporter) -> tuple[Outcome, ...]:
    """Bring everything in ``reference_dir`` up to date; see :func:`app.geo.reference.prepare`."""
    return reference.prepare(
        packages=load_packages(data_dir / PACKAGES),
        artifacts=artifacts(data_dir),
        reference_dir=reference_dir,
        reporter=reporter,
    )


def check_all_ready(*, data_dir: Path, reference_dir: Path) -> None:
    """Return when everything is current; see :func:`app.geo.reference.check_ready`."""
    reference.check_ready(
        packages=load_packages(data_dir / PACKAGES),
        artifacts=artifacts(data_dir),
        reference_dir=reference_dir,
    )
