"""The collections: what each is about, which properties its features have, which can be asked for.

Lives here: names only. Properties are those of the CSV form, nested keys joined by ``_``, the same
ones whatever is known: desktop programs make columns of them. Not here: their values
(:mod:`app.publication.features.prepared`).
"""

from collections.abc import Mapping
from enum import StrEnum

from app.publication.columns import COLUMNS
from app.publication.parts import Part


class Collection(StrEnum):
    """A collection by its id in addresses."""

    WAYPOINTS = "waypoints"
    LEGS = "legs"
    SIGHTINGS = "sightings"
    PLACES = "places"

    @property
    def heading(self) -> str:
        """The name for people."""
        return self.value.capitalize()

    @property
    def description(self) -> str:
        """What its features are, and which time they have."""
        return _DESCRIPTIONS[self]


_DESCRIPTIONS: Mapping[Collection, str] = {
    Collection.WAYPOINTS: "Visits to places, derived from all claims of a trip, as points. Time:"
    " from the earliest arrival to the latest departure; an end that is not known is unbounded.",
    Collection.LEGS: "Travel between waypoints, as lines along the network. Time: from the"
    " earliest departure to the latest arrival; an end that is not known is unbounded.",
    Collection.SIGHTINGS: "Every claim of every report, as a point at the place that it names."
    " Time: the interval that its wording means.",
    Collection.PLACES: "The places that the trips name, each once, as points. Without time.",
}

LEG_TIMES = ("departure_earliest", "departure_latest", "arrival_earliest", "arrival_latest")
"""What a leg's document leaves to its waypoints, and a feature on its own has to say."""

OWN_NAMES: Mapping[Collection, Mapping[str, str]] = {
    # A feature has an id of its own, which programs keep in a column of that name.
    Collection.SIGHTINGS: {"id": "sighting"},
}
"""Columns of the CSV form that have another name here."""


def _as_in_csv(collection: Collection, part: Part) -> tuple[str, ...]:
    names = OWN_NAMES.get(collection, {})
    return tuple(names.get(column, column) for column in COLUMNS[part])


PROPERTIES: Mapping[Collection, tuple[str, ...]] = {
    Collection.WAYPOINTS: ("trip", *_as_in_csv(Collection.WAYPOINTS, Part.WAYPOINTS)),
    Collection.LEGS: ("trip", *_as_in_csv(Collection.LEGS, Part.LEGS), *LEG_TIMES),
    Collection.SIGHTINGS: ("trip", *_as_in_csv(Collection.SIGHTINGS, Part.SIGHTINGS)),
    Collection.PLACES: (
        "trips",
        *(column for column in COLUMNS[Part.WAYPOINTS] if column.startswith("place_")),
    ),
}

QUERYABLES: Mapping[Collection, tuple[str, ...]] = {
    Collection.WAYPOINTS: ("trip", "status", "place_id", "place_country", "conflict"),
    Collection.LEGS: ("trip", "status", "mode", "branch", "from_id", "to_id", "verdict"),
    Collection.SIGHTINGS: (
        "trip",
        "source",
        "publisher",
        "subject",
        "event",
        "modality",
        "mode",
        "place_id",
        "place_country",
        "evidence",
        "reliability",
        "credibility",
        "state",
        "disputed",
    ),
    Collection.PLACES: ("trip", "place_id", "place_country", "place_feature"),
}
"""Properties that can be asked for by value. Of places, ``trip`` is any of those naming it."""
