"""The map of a trip: Folium builds it, our own script draws on it.

Lives here: the Folium map of a trip, taken apart into what a page needs: the addresses of its
scripts and styles, its ``<div>``, its script. Not here: any text that people wrote (it reaches
the browser as data), and what is drawn (``static/js``). Imports :mod:`app.pictures` only.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import folium
from branca.element import CssLink, Element, Figure, JavascriptLink, MacroElement
from folium.elements import JSCSSMixin
from folium.plugins import Fullscreen
from folium.template import Template

from app.pictures.extent import Extent

AssetUrl = Callable[[str], str]
"""From the address that Folium gives an asset to the one it is served at."""

# Folium loads these for its own icons and for GeoJSON it fetches itself; we use neither.
_UNUSED = frozenset(
    {
        "jquery",
        "bootstrap",
        "bootstrap_css",
        "glyphicons_css",
        "awesome_markers",
        "awesome_markers_font_css",
        "awesome_markers_css",
        "awesome_rotate_css",
    }
)
MAX_ZOOM = 11
"""The base map is drawn for a scale of about 1:1 million; closer it would pretend to know."""


@dataclass(frozen=True, slots=True)
class Tiles:
    """An online tile layer: a ``{z}/{x}/{y}`` address and the credit that it asks for."""

    url: str
    credit: str


@dataclass(frozen=True, slots=True)
class RouteMap:
    """A Folium map in parts, so that no script or style has to stand inside a page.

    ``scripts`` and ``styles`` are addresses to load in order; ``html`` is the ``<div>`` that the
    map grows in; ``script`` creates the map there and is served as a file of its own.
    """

    scripts: tuple[str, ...]
    styles: tuple[str, ...]
    html: str
    script: str


class _HandOver(MacroElement):
    """Gives the finished Leaflet map to our own script, which draws the trip on it."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            dateline.takeMap({{ this._parent.get_name() }}, {{ this.options|tojavascript }});
        {% endmacro %}
        """
    )

    def __init__(self, options: dict[str, object]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # folium has no types
        self._name = "HandOver"
        self.options = options


def route_map(
    slug: str, extent: Extent, asset_url: AssetUrl, tiles: Tiles | None = None
) -> RouteMap:
    """The map of the trip ``slug``, showing ``extent`` (longitudes may run past 180).

    The same arguments give the same text in every process. Assets are asked of ``asset_url``;
    nothing else is loaded unless ``tiles`` are given.
    """
    limits = extent.for_any_screen()
    shown = folium.Map(
        location=((extent.south + extent.north) / 2, (extent.west + extent.east) / 2),
        tiles=None if tiles is None else folium.TileLayer(tiles.url, attr=tiles.credit or " "),
        control_scale=True,
        max_bounds=True,
        min_lat=limits.south,
        min_lon=limits.west,
        max_lat=limits.north,
        max_lon=limits.east,
        zoom_start=4,
        zoom_snap=0.1,
        zoom_delta=0.5,
        wheel_px_per_zoom_level=120,
        max_bounds_viscosity=1.0,
        attribution_control=tiles is not None,
        # A jump to another copy of the world would fight the bounds; longitudes run on instead.
        world_copy_jump=False,
        bounce_at_zoom_limits=False,
    )
    shown.add_child(
        Fullscreen(  # type: ignore[no-untyped-call]
            position="topleft",
            title="Full screen",
            title_cancel="Leave full screen",
            force_separate_button=True,
        )
    )
    shown.add_child(
        _HandOver(
            {
                # Folium's own max_zoom goes to the tile layer, and there may be none.
                "max_zoom": MAX_ZOOM,
                "tiles": tiles is not None,
            }
        )
    )
    return _apart(shown, slug, asset_url)


def _apart(shown: folium.Map, slug: str, asset_url: AssetUrl) -> RouteMap:
    figure = shown.get_root()
    if not isinstance(figure, Figure):
        raise TypeError("a Folium map must stand in a figure")
    _name_deterministically(shown, hashlib.sha256(slug.encode()).hexdigest()[:12])
    _use_local_assets(shown, asset_url)
    for child in figure._children.values():
        child.render()
    links = tuple(figure.header._children.values())
    return RouteMap(
        scripts=tuple(link.url for link in links if isinstance(link, JavascriptLink)),
        styles=tuple(link.url for link in links if isinstance(link, CssLink)),
        html=figure.html.render().strip(),
        script=figure.script.render().strip() + "\n",
    )


def _name_deterministically(element: Element, seed: str) -> None:
    # Folium names elements at random, which would make every render differ from the last.
    element._id = seed
    children = list(element._children.values())
    element._children.clear()
    for number, child in enumerate(children):
        _name_deterministically(child, f"{seed}_{number}")
        element.add_child(child)


def _use_local_assets(element: Element, asset_url: AssetUrl) -> None:
    # Set on each instance: folium's own classes stay as they are for everybody else.
    if isinstance(element, JSCSSMixin):
        for kind in ("default_js", "default_css"):
            listed = getattr(element, kind)
            local = [(name, asset_url(url)) for name, url in listed if name not in _UNUSED]
            setattr(element, kind, local)
    for child in element._children.values():
        _use_local_assets(child, asset_url)
