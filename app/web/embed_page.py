"""What an embed has beside the page of its trip: the choice, and what follows from it.

Lives here: :class:`EmbedPage`, the rest of the context of ``embed.html``. Not here: which options
there are (:mod:`app.web.embed_choice`), what is told of the trip (:mod:`app.web.trip_page`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from markupsafe import Markup

from app.pictures.extent import Extent
from app.publication.documents import Document
from app.web.addresses import Query, with_query
from app.web.embed_choice import EmbedChoice


@dataclass(frozen=True, slots=True)
class EmbedPage:
    """The context of an embed, beside that of its trip.

    ``of_trip`` is what it shows of the trip, as parameters: the moment, then ``speeds``.
    ``diagrams`` are the time-distance diagram in each of its widths, none where it is not shown;
    ``opens_on`` the window that its map opens on, ``None`` for the whole.
    """

    slug: str
    choice: EmbedChoice
    of_trip: Query
    speeds: Query
    diagrams: Sequence[Markup] = ()
    opens_on: Document | None = None

    @property
    def address(self) -> str:
        """Its own address, in one form for all that mean the same, at the latest step."""
        return with_query(f"/embed/{self.slug}", (*self.speeds, *self.choice.query))

    @property
    def rest_of_query(self) -> str:
        """What its address has beside the moment, to be put after that."""
        query = (*self.speeds, *self.choice.query)
        return f"&{urlencode(query)}" if query else ""

    def for_scripts(self, map_data: Document) -> Document:
        """What scripts are told of the trip and of the embed; of ways only where there is a map."""
        legs = map_data["legs"]
        if not self.choice.has_map:
            legs = [{name: leg[name] for name in leg if name != "coordinates"} for leg in legs]
        return map_data | {
            "legs": legs,
            "opens_on": self.opens_on,
            "live": f"/api/trips/{self.slug}/revision",
            "address": self.address,
            "height": self.choice.height,
        }

    def picture(self, size: str, theme: str) -> str:
        """The address of its map as a picture, in a size and a theme."""
        of_both = ("lang", "from", "to")
        chosen = tuple((name, value) for name, value in self.choice.query if name in of_both)
        look = (("size", size), ("theme", theme), ("heading", "0"))
        query = (*look, *self.of_trip, *chosen)
        return with_query(f"/trips/{self.slug}/map.svg", query)


def window_for_scripts(extent: Extent | None, west: float) -> Document | None:
    """A window whose longitudes count on from the map's ``west`` edge, as the map's own do."""
    if extent is None:
        return None
    turn = 360.0 if extent.west < west else 0.0
    return {
        "south": extent.south,
        "west": extent.west + turn,
        "north": extent.north,
        "east": extent.east + turn,
    }
