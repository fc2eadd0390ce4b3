"""The answers of the API, for ``/openapi.json`` and nothing else.

Answers are bytes that :mod:`app.publication` made; no request passes through these models. A
test holds that real answers fit them. What they are made of is in :mod:`app.web.shapes`.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.journey.model import Mode
from app.journey.whereabouts import PartKind, Standing
from app.web.shapes import (
    Assumption,
    Bounds,
    Contradiction,
    Credit,
    FoundPlace,
    Instant,
    Leg,
    NextStop,
    Place,
    PlaceRef,
    Shape,
    Sighting,
    Source,
    Time,
    Totals,
    Waypoint,
    example,
)


class Ours(Shape):
    """What we get for a figure of the press."""

    distance_km: Annotated[float | None, example(1156.3)]
    great_circle_km: Annotated[float, example(684.5)]
    hours_at_cruise_speed: Annotated[float | None, example(19.27)]


class Figure(Shape):
    """A distance or duration that a report gives, with ours beside it."""

    id: Annotated[str, example("pyongyang-vladivostok-distance")]
    source: Annotated[str, example("joongang-2023-09-12")]
    origin: Annotated[PlaceRef, Field(alias="from")]
    to: PlaceRef
    mode: Mode
    claim: Annotated[str, example("He travelled about 1,200 km by train.")]
    distance_km: Bounds | None
    duration_h: Bounds | None
    of_this_journey: Annotated[
        bool, example(False, "Whether the duration is a claim about this journey, and bounds it.")
    ]
    attributed_to: Annotated[str | None, example("Yonhap")]
    credibility: Annotated[int, example(3, "Of the claim, 1 (confirmed) to 6.")]
    ours: Ours


class Step(Shape):
    """An instant at which what is known of a trip changed."""

    as_of: Instant
    label: Annotated[str, example("12 Sep 12:34 UTC · Korea JoongAng Daily")]
    publishers: list[str]
    sightings: Annotated[list[str], Field(description="Claims that came, or went.")]


class Links(Shape):
    """Where the other parts and forms of a trip are."""

    self: Annotated[str, example("/api/trips/2023-09-russia")]
    page: Annotated[str, example("/trips/2023-09-russia")]
    embed: Annotated[str, example("/embed/2023-09-russia")]
    waypoints: str
    legs: str
    sightings: str
    sources: str
    contradictions: str
    revision: Annotated[
        str, example("/api/trips/2023-09-russia/revision", "A few bytes, for who waits for news.")
    ]
    position: Annotated[
        str, example("/api/trips/2023-09-russia/position", "Needs `at=`, an instant.")
    ]
    gpx: Annotated[str, example("/trips/2023-09-russia.gpx", "The whole trip as GPX 1.1.")]
    kml: Annotated[str, example("/trips/2023-09-russia.kml", "The same as KML 2.3.")]
    geojson: Annotated[
        str, example("/trips/2023-09-russia.geojson", "Waypoints, legs and claims in one.")
    ]
    csv: Annotated[str, example("/trips/2023-09-russia.csv", "The waypoints, with days as EDTF.")]
    toml: Annotated[str, example("/trips/2023-09-russia.toml", "The dossier: what is stored.")]
    atom: Annotated[str, example("/trips/2023-09-russia/feed.atom", "New claims, corrections.")]
    json_feed: Annotated[str, example("/trips/2023-09-russia/feed.json", "The same as JSON Feed.")]


class About(Shape):
    """What every answer about a trip begins with."""

    trip: Annotated[str, example("2023-09-russia")]
    revision: Annotated[int, example(1, "Grows with every change.")]
    as_of: Annotated[
        str | None,
        example("2023-09-12T12:34:00Z", "The last step by then; `null` before the first."),
    ]


class Revision(About):
    """What is the latest of a trip; an open embed asks for it every few seconds."""


class TripInShort(About):
    """A trip in the list of all."""

    title: Annotated[str, example("Kim Jong-un's journey to Russia")]
    subject: Annotated[str, example("Kim Jong-un")]
    summary: str
    mode: Mode
    status_line: Annotated[
        str, example("Last reported: Razdolnaya River bridge (train seen), 12 Sep")
    ]
    totals: Totals
    contradiction_count: Annotated[int, example(0)]
    links: Links


class Trip(TripInShort):
    """One trip, with what it takes for granted and where it may go next."""

    next_stops: list[NextStop]
    assumptions: list[Assumption]
    figures: list[Figure]
    steps: list[Step]
    credit: Credit


class Trips(Shape):
    """All trips."""

    trips: list[TripInShort]
    credit: Credit


class PartLinks(Shape):
    """Where a list comes from, what it belongs to, and what its form is."""

    self: Annotated[str, example("/api/trips/2023-09-russia/waypoints")]
    trip: Annotated[str, example("/api/trips/2023-09-russia")]
    page: Annotated[str, example("/trips/2023-09-russia")]
    schema_: Annotated[
        str,
        Field(alias="schema", examples=["/api/schemas/waypoints"], description="JSON Schema."),
    ]


class PartOfATrip(About):
    """What every list of a trip begins with."""

    links: PartLinks
    credit: Credit


class WaypointList(PartOfATrip):
    """The waypoints of a trip."""

    waypoints: list[Waypoint]


class LegList(PartOfATrip):
    """The legs of a trip."""

    legs: list[Leg]


class SightingList(PartOfATrip):
    """The claims of a trip."""

    sightings: list[Sighting]


class SourceList(PartOfATrip):
    """The reports of a trip."""

    sources: list[Source]


class ContradictionList(PartOfATrip):
    """The contradictions of a trip."""

    contradictions: list[Contradiction]


class Possible(Shape):
    """During which time a part is possible; `null` is an open end."""

    since: Annotated[Time | None, Field(alias="from")]
    to: Time | None


class PositionProperties(Shape):
    """A place, a stretch of way or an estimated point, and what it rests on."""

    kind: PartKind
    waypoints: Annotated[list[int], example([1, 2], "The waypoints at its ends.")]
    leg: Annotated[int | None, example(1)]
    mode: Mode | None
    over: Annotated[str | None, example("railways", "The network or the line it runs along.")]
    possible: Possible
    claims: Annotated[list[str], example(["pyongyang-departure"], "Those that bound this time.")]
    radius_km: Annotated[float | None, example(10.0, "Of a place: how far off it may be.")]
    length_km: Annotated[float | None, example(2345.0, "Of all its lines.")]
    simplified_km: Annotated[
        float | None, example(0.1, "How far a drawn line may lie off the way.")
    ]
    max_speed_kmh: Annotated[float | None, example(80.0, "The assumed maximum that bounds it.")]
    speed_kmh: Annotated[float | None, example(60.0, "Of an estimate under way.")]
    sentence: Annotated[str, example("Between Pyongyang and the Tumen bridge: anywhere on …")]


class PositionFeature(Shape):
    """A part of all that is possible (RFC 7946)."""

    type: Literal["Feature"]
    id: Annotated[str, example("leg-2")]
    geometry: Annotated[dict[str, Any], example({"type": "Point", "coordinates": [130.64, 42.43]})]
    properties: PositionProperties


class PositionList(About):
    """Everywhere the party can have been: a GeoJSON FeatureCollection."""

    type: Literal["FeatureCollection"]
    at: Instant
    standing: Annotated[Standing, example("between", "How the instant stands to the reports.")]
    sentence: Annotated[str, example("Not yet under way: at Pyongyang.")]
    credit: Credit
    features: list[PositionFeature]


class Snap(Shape):
    """How far the two ends lie off the network."""

    origin: Annotated[float, Field(alias="from", examples=[2.42])]
    to: Annotated[float, example(0.05)]


class Route(Shape):
    """A way between two places, and the time it takes at the given speed."""

    origin: Annotated[Place, Field(alias="from")]
    to: Place
    mode: Mode
    distance_km: Annotated[float, example(1156.3, "Along the network.")]
    distance_bounds_km: Bounds
    great_circle_km: Annotated[float, example(684.5)]
    speed_kmh: Annotated[float, example(60.0)]
    hours: Annotated[float, example(19.27)]
    via: list[Place]
    countries: Annotated[list[str], example(["KP", "RU"], "Passed, in order.")]
    snap_km: Snap
    geometry: Annotated[
        dict[str, Any],
        example(
            {"type": "LineString", "coordinates": [[125.727, 39.037], [125.739, 39.109]]},
            "GeoJSON, in parts where it crosses the antimeridian.",
        ),
    ]
    credit: Credit


class ApiLinks(Shape):
    """Where to go on."""

    trips: Annotated[str, example("/api/trips")]
    route: Annotated[str, example("/api/route", "Needs `from=` and `to=`.")]
    places: Annotated[str, example("/api/places", "Needs `q=`.")]
    schemas: dict[str, str]
    features: Annotated[str, example("/ogc", "The same as OGC API Features.")]
    description: Annotated[str, example("/openapi.json")]
    documentation: Annotated[str, example("/docs")]
    feed: Annotated[str, example("/feed.atom")]


class Start(Shape):
    """What there is."""

    name: Annotated[str, example("Dateline")]
    version: Annotated[
        str,
        example("1", "Members are added within a version; none is removed, nor means another."),
    ]
    links: ApiLinks
    credit: Credit


class Places(Shape):
    """Answers to a search, best first."""

    q: Annotated[str, example("하산")]
    near: list[str]
    places: list[FoundPlace]
    credit: Credit


class Problem(BaseModel):
    """What is wrong (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: Annotated[str, example("about:blank")]
    title: Annotated[str, example("Bad input")]
    status: Annotated[int, example(400)]
    detail: Annotated[str, example("as_of: give a time with its offset")]
    parameter: Annotated[str, example("as_of", "Which one is wrong, if one is.")] = ""
