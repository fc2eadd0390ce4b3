"""The columns of each part as CSV: the same ones whatever a trip holds or was known by then.

Not here: how documents become cells (:mod:`app.publication.formats`).
"""

from collections.abc import Mapping

from app.publication.parts import Part


def _within(name: str, *keys: str) -> tuple[str, ...]:
    return tuple(f"{name}_{key}" for key in keys)


_PLACE = _within(
    "place",
    "id",
    "name",
    "names",
    "lon",
    "lat",
    "radius_km",
    "country",
    "time_zone",
    "feature",
    "origin",
)

COLUMNS: Mapping[Part, tuple[str, ...]] = {
    Part.WAYPOINTS: (
        "sequence",
        "after",
        "status",
        *_PLACE,
        *_within("arrival", "earliest", "latest"),
        *_within("departure", "earliest", "latest"),
        "distance_from_start_km",
        "sightings",
        "origins",
        "conflict",
    ),
    Part.LEGS: (
        "sequence",
        *_within("from", "sequence", "id", "name"),
        *_within("to", "sequence", "id", "name"),
        "branch",
        "mode",
        "status",
        "distance_km",
        *_within("distance_bounds_km", "min", "max"),
        "great_circle_km",
        *_within("duration_h", "min", "max"),
        *_within("speed_kmh", "min", "max"),
        *_within("at_cruise_speed", "speed_kmh", "hours", "arrival_earliest", "arrival_latest"),
        "verdict",
        "problem",
    ),
    Part.SIGHTINGS: (
        "id",
        "source",
        "publisher",
        "attributed_to",
        "origin",
        "known_at",
        "url",
        "subject",
        "event",
        "modality",
        "mode",
        *_PLACE,
        *_within("when", "earliest", "latest", "wording"),
        "evidence",
        "reliability",
        "credibility",
        "claim",
        "state",
        "state_since",
        "state_reason",
        "superseded_by",
        "waypoint",
        *_within("unplaced", "reason", "sentence"),
    ),
    Part.SOURCES: (
        "id",
        "publisher",
        "title",
        "url",
        "archived_url",
        "language",
        *_within("published_at", "earliest", "latest"),
        *_within("updated_at", "earliest", "latest"),
        "known_at",
        "retrieved_at",
        "reliability",
        "derived_from",
        "note",
    ),
}
