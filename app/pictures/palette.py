"""The colours of pictures: light, dark, and those of the page that a picture stands in.

The same as in ``static/css/page.css``, where their reasons are. Imports nothing.
"""

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours by what they are for; each is anything that an SVG attribute takes."""

    paper: str
    ink: str
    soft: str
    rule: str
    tint: str
    route: str
    route_soft: str
    on_route: str
    casing: str
    land: str
    sea: str
    coast: str
    border: str
    rail: str
    map_ink: str
    map_soft: str
    map_halo: str
    sea_ink: str


LIGHT = Palette(
    paper="#fffefb",
    ink="#1d1f21",
    soft="#5b6066",
    rule="#dcd8cf",
    tint="#f5f2ea",
    route="#b8370f",
    route_soft="#fbeee8",
    on_route="#ffffff",
    casing="#ffffff",
    land="#f5f2e9",
    sea="#d3e0e7",
    coast="#9fb2bd",
    border="#9a9083",
    rail="#c3b9a8",
    map_ink="#2a2d30",
    map_soft="#6a6459",
    map_halo="#fbf9f3",
    sea_ink="#56707f",
)
DARK = Palette(
    paper="#15181b",
    ink="#e8e6e1",
    soft="#a5a9ad",
    rule="#353a3f",
    tint="#1d2125",
    route="#ff8352",
    route_soft="#33221b",
    on_route="#1b0d06",
    casing="#15181b",
    land="#2c2f32",
    sea="#14222c",
    coast="#46545f",
    border="#7d7a74",
    rail="#50514f",
    map_ink="#f0ede7",
    map_soft="#b0aba2",
    map_halo="#1b1f23",
    sea_ink="#8aa0ad",
)
OF_THE_PAGE = Palette(**{f.name: f"var(--{f.name.replace('_', '-')})" for f in fields(Palette)})
"""For a picture inside a page: it follows the page into the dark."""
