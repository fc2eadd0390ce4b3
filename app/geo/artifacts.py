"""The registry of what ``dateline prepare`` builds: one :class:`Artifact` for each file.

Lives here: names, versions and inputs. Not here: how anything is built; builders are named
and imported only in the process that runs them, so that reading this list costs nothing.
"""

from pathlib import Path

from app.geo.reference import Artifact

GAZETTEER = "gazetteer.sqlite"
RAILWAYS = "railways.npz"
HIGHWAYS = "highways.npz"
BASEMAP = "basemap.sqlite"
VENDOR = "vendor"


def artifacts(data_dir: Path) -> tuple[Artifact, ...]:
    """Everything to build; ``data_dir`` holds the hand-written ``places.toml``."""
    return (
        Artifact(
            name=VENDOR,
            version=1,
            builder="app.geo.assets:build",
            inputs=(
                "folium_elements",
                "swagger_ui_js",
                "swagger_ui_css",
                "swagger_ui_icon",
                "swagger_ui_licence",
            ),
        ),
        Artifact(
            name=BASEMAP,
            version=1,
            builder="app.geo.basemap_build:build",
            inputs=("natural_earth_countries", "blips_basemap"),
        ),
        Artifact(
            name=RAILWAYS,
            version=1,
            builder="app.geo.network_build:build_railways",
            inputs=("railways", "natural_earth_countries"),
        ),
        Artifact(
            name=HIGHWAYS,
            version=1,
            builder="app.geo.network_build:build_highways",
            inputs=("highways", "natural_earth_countries"),
        ),
    )
