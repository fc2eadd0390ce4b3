"""The shapes of the API's answers, for ``/openapi.json`` and nothing else.

Answers are bytes that :mod:`app.publication` made; no request passes through these models. A
test holds that real answers fit them. Imports pydantic and the journey's words only.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.journey.contradiction import MemberKind
from app.journey.derived import Unplaced, Verdict
from app.journey.model import AssumptionKind, Event, Evidence, Modality, Mode, State
from app.journey.whereabouts import PartKind, Standing


def _example(value: Any, description: str | None = None) -> Any:
    return Field(description=description, examples=[value])


class Shape(BaseModel):
    """Every member is named here, and none is left out."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


Time = Annotated[str, _example("2023-09-12T06:00:00+10:00", "RFC 3339, in the place's offset.")]
Instant = Annotated[str, _example("2023-09-12T12:34:00Z", "RFC 3339, UTC.")]
Credit = Annotated[
    str, _example("Railways © OpenStreetMap contributors (ODbL)", "To be shown with the data.")
]
PlaceId = Annotated[str, _example("khasan-station", "Ours, or a GeoNames id.")]
Sequence = Annotated[int, _example(3, "A waypoint's number, from 1.")]
Kilometres = Annotated[float, _example(254.0)]


class Interval(Shape):
    """Some instant between the two ends, both included; `null` is an open end."""

    earliest: Time | None
    latest: Time | None


class Bounds(Shape):
    """The true value lies between; rounded outwards; `null` is an unknown end."""

    min: Annotated[float | None, _example(18.2)]
    max: Annotated[float | None, _example(37.5)]


class PlaceRef(Shape):
    """A place by id and name."""

    id: PlaceId
    name: Annotated[str, _example("Khasan station")]


class Place(PlaceRef):
    """A gazetteer entry; positions are WGS 84, in degrees."""

    names: Annotated[dict[str, str], _example({"ko": "하산", "ru": "Хасан"}, "By BCP 47 language.")]
    lon: Annotated[float, _example(130.645)]
    lat: Annotated[float, _example(42.428)]
    radius_km: Annotated[float, _example(1.0, "How far off the position may be.")]
    country: Annotated[str, _example("RU", "ISO 3166-1 alpha-2.")]
    time_zone: Annotated[str, _example("Asia/Vladivostok", "IANA name.")]
    feature: Annotated[str, _example("station")]
    origin: Annotated[str, _example("GeoNames 2013348", "Where the entry comes from.")]


class FoundPlace(Place):
    """An answer to a search."""

    score: Annotated[float, _example(0.45, "How well it fits, from 0 to 1.")]
    matched: Annotated[str, _example("хасан", "The spelling that matched.")]
    explanation: Annotated[
        dict[str, float], _example({"match": 1.0, "nearness": 0.0}, "What the score is made of.")
    ]


class BoundedByEnds(Shape):
    """Ids of the claims that the two ends go back to; `null`: open, or a reported duration."""

    earliest: Annotated[str | None, _example("khasan-arrival")]
    latest: Annotated[str | None, _example("khasan-arrival")]


class BoundedBy(Shape):
    """Which claims bound a waypoint's times, directly or along the journey."""

    arrival: BoundedByEnds
    departure: BoundedByEnds


class Waypoint(Shape):
    """One visit to one place, derived from all claims about it."""

    sequence: Sequence
    after: Annotated[int | None, _example(2, "The waypoint before it; `null` at a start.")]
    status: Literal[Modality.REPORTED, Modality.EXPECTED, Modality.POSSIBLE]
    place: Place
    arrival: Annotated[
        Interval,
        Field(
            description="Tight: all claims, distances and assumed maximum speeds have bounded it."
            " Of a stop ahead, the earliest that the assumed maximum allows."
        ),
    ]
    departure: Interval
    bounded_by: BoundedBy
    distance_from_start_km: Annotated[
        float | None, _example(839.0, "Along its own branch; `null` when a leg has no way.")
    ]
    sightings: Annotated[list[str], _example(["khasan-arrival"], "Ids of its claims.")]
    origins: Annotated[list[str], _example(["Vesti Primorye"], "Who independently says so.")]
    subjects: Annotated[
        list[str], _example(["train"], "What was seen; only `leader` tells of him himself.")
    ]
    disputed: Annotated[
        list[str], _example([], "Those of its claims that were set aside for a contradiction.")
    ]
    conflict: Annotated[bool, Field(description="Whether there are any.")]


class LegEnd(PlaceRef):
    """The waypoint at one end of a leg."""

    sequence: Sequence


class Estimate(Shape):
    """What an assumed speed makes of a leg; bounds nothing."""

    speed_kmh: Annotated[float, _example(60.0)]
    hours: Annotated[float, _example(4.23)]
    arrival: Interval


class Leg(Shape):
    """Travel between a waypoint and the one after it; its line is in the GeoJSON form."""

    sequence: Annotated[int, _example(2)]
    origin: Annotated[LegEnd, Field(alias="from")]
    to: LegEnd
    branch: Annotated[
        str | None,
        _example("vladivostok", "The possible stop at the end of its branch; `null` on the line."),
    ]
    mode: Mode
    status: Literal[Modality.REPORTED, Modality.EXPECTED, Modality.POSSIBLE]
    distance_km: Annotated[
        float | None, _example(228.0, "Along the network; `null` when no way was found.")
    ]
    distance_bounds_km: Bounds
    great_circle_km: Kilometres
    duration_h: Annotated[Bounds, Field(description="Hours, as the reports bound them.")]
    speed_kmh: Annotated[
        Bounds, Field(description="Average over the leg, halts on the way included.")
    ]
    max_speed_kmh: Annotated[
        float | None,
        _example(80.0, "The assumed maximum that holds here, as relaxed for a contradiction."),
    ]
    at_cruise_speed: Estimate | None
    verdict: Verdict
    problem: Annotated[str | None, _example(None, "Why there is no way.")]


class When(Interval):
    """The interval that a wording means."""

    wording: Annotated[str, _example("early Tuesday")]


class Reason(Shape):
    """Why a claim makes no waypoint."""

    reason: Unplaced
    sentence: Annotated[str, _example("overtaken by later reports")]


class Sighting(Shape):
    """One claim in one report."""

    id: Annotated[str, _example("khasan-arrival")]
    source: Annotated[str, _example("joongang-2023-09-12")]
    publisher: Annotated[str, _example("Korea JoongAng Daily")]
    attributed_to: Annotated[str | None, _example("Vesti Primorye, citing a railway source")]
    origin: Annotated[str, _example("Vesti Primorye", "Who stands behind it.")]
    known_at: Annotated[str, _example("2023-09-12T12:34:00Z", "From here on surely published.")]
    url: str | None
    subject: Annotated[str, _example("train", "What was seen: leader, train, motorcade, …")]
    event: Event
    modality: Modality
    mode: Mode | None
    place: Place
    when: When
    evidence: Evidence
    reliability: Annotated[str, _example("B", "Of the source, A to F (Admiralty code).")]
    credibility: Annotated[int, _example(3, "Of the claim, 1 (confirmed) to 6.")]
    claim: Annotated[str, _example("The train reached the border town of Khasan.")]
    state: State
    state_since: Instant | None
    state_reason: str | None
    superseded_by: str | None
    waypoint: Annotated[int | None, _example(3, "The waypoint that it bears on.")]
    disputed: Annotated[bool, Field(description="Whether a contradiction set it aside.")]
    contradictions: Annotated[
        list[int], _example([], "Numbers of the contradictions that it is a member of.")
    ]
    unplaced: Reason | None


class Source(Shape):
    """One published report."""

    id: Annotated[str, _example("joongang-2023-09-12")]
    publisher: Annotated[str, _example("Korea JoongAng Daily")]
    title: str | None
    url: str | None
    archived_url: str | None
    language: Annotated[str, _example("en")]
    published_at: Interval
    updated_at: Interval | None
    known_at: Instant
    retrieved_at: Instant | None
    reliability: Annotated[str, _example("B", "A to F (Admiralty code).")]
    derived_from: Annotated[str | None, _example(None, "The report that this one copies.")]
    note: str | None


class Totals(Shape):
    """Sums over all that was reported."""

    distance_km: Annotated[float | None, _example(1067.0)]
    distance_bounds_km: Bounds
    great_circle_km: Annotated[float | None, _example(728.1)]
    elapsed_h: Annotated[
        Bounds, Field(description="From the first departure to the last arrival, stays included.")
    ]
    stops_h: Annotated[Bounds, Field(description="Of it, at the waypoints between.")]
    moving_h: Annotated[Bounds, Field(description="Of it, under way; untold halts included.")]
    speed_kmh: Annotated[Bounds, Field(description="Distance over `moving_h`.")]
    waypoints: Annotated[int, _example(4)]


class NextStop(Shape):
    """A stop ahead, measured from the last report."""

    sequence: Sequence
    status: Literal[Modality.EXPECTED, Modality.POSSIBLE]
    place: Place
    distance_km: Annotated[float | None, _example(89.3)]
    hours: Annotated[float | None, _example(1.49, "At the assumed speed.")]
    speed_kmh: Annotated[float | None, _example(60.0)]
    arrival: Annotated[Interval, Field(description="At the assumed speed: an estimate.")]
    not_before: Annotated[
        Time | None, Field(description="At the assumed maximum: a bound, as far as that holds.")
    ]
    max_speed_kmh: Annotated[float | None, _example(80.0)]


class Assumption(Shape):
    """Something taken for granted, with the source or the reason that it rests on."""

    name: Annotated[str, _example("cruise_speed")]
    kind: AssumptionKind
    mode: Mode | None
    kmh: Annotated[float | None, _example(60.0)]
    hours: float | None
    countries: list[str]
    places: list[str]
    source: str | None
    reason: str | None
    implied: Annotated[
        bool, _example(False, "Whether it goes without saying: the trip does not name it.")
    ]


class Contradiction(Shape):
    """A smallest set of claims and assumptions that cannot all be true, and what gives way."""

    number: Annotated[int, _example(1, "In the order of the journey, from 1.")]
    sentence: Annotated[
        str,
        _example(
            "KBS says the train passed Yalu River rail bridge not before 2 Sep 01:30 UTC+8; News1"
            " says the train reached Beijing, 885 km on along the railway, by 2 Sep 16:30 UTC+8:"
            " that leaves 15 h and takes at least 59 km/h; the assumed maximum is 50 km/h (taken"
            " for granted: that the railway data is complete)."
        ),
    ]
    sightings: Annotated[list[str], _example(["yalu-crossing", "beijing-arrival"])]
    assumptions: Annotated[list[str], _example(["max_speed", "railway_complete"])]
    figures: Annotated[list[str], _example([], "Ids of reported durations.")]
    not_before: Annotated[
        Time | None, Field(description="It was at the first place then, or later.")
    ]
    not_after: Annotated[
        Time | None, Field(description="It was at the last place then, or before.")
    ]
    available_h: Annotated[
        float | None, _example(15.0, "Hours between the two; negative if the wrong way round.")
    ]
    distance_km: Annotated[float | None, _example(885.3, "The shortest that the way can be.")]
    great_circle: Annotated[bool, Field(description="Whether that is a straight line.")]
    needed_speed_kmh: Annotated[
        float | None, _example(59.0, "At least; `null` where it is no matter of speed.")
    ]
    max_speed_kmh: Annotated[float | None, _example(50.0, "The assumed maximum.")]
    set_aside: Annotated[str, _example("max_speed", "The weakest member, by id or name.")]
    set_aside_kind: MemberKind
    set_aside_sentence: Annotated[
        str,
        _example(
            "The assumed maximum of 50 km/h is relaxed to 59.1 km/h on this stretch, no further."
        ),
    ]
    relaxed_to_kmh: Annotated[float | None, _example(59.1, "Where a maximum speed gives way.")]
    relaxed_to_h: Annotated[float | None, _example(None, "Where an assumed stop gives way.")]
    released: Annotated[
        list[str],
        _example([], "Claims set aside where leader and train are not taken to be together."),
    ]


class Ours(Shape):
    """What we get for a figure of the press."""

    distance_km: Annotated[float | None, _example(1156.3)]
    great_circle_km: Annotated[float, _example(684.5)]
    hours_at_cruise_speed: Annotated[float | None, _example(19.27)]


class Figure(Shape):
    """A distance or duration that a report gives, with ours beside it."""

    id: Annotated[str, _example("pyongyang-vladivostok-distance")]
    source: Annotated[str, _example("joongang-2023-09-12")]
    origin: Annotated[PlaceRef, Field(alias="from")]
    to: PlaceRef
    mode: Mode
    claim: Annotated[str, _example("He travelled about 1,200 km by train.")]
    distance_km: Bounds | None
    duration_h: Bounds | None
    of_this_journey: Annotated[
        bool, _example(False, "Whether the duration is a claim about this journey, and bounds it.")
    ]
    attributed_to: Annotated[str | None, _example("Yonhap")]
    credibility: Annotated[int, _example(3, "Of the claim, 1 (confirmed) to 6.")]
    ours: Ours


class Step(Shape):
    """An instant at which what is known of a trip changed."""

    as_of: Instant
    label: Annotated[str, _example("12 Sep 12:34 UTC · Korea JoongAng Daily")]
    publishers: list[str]
    sightings: Annotated[list[str], Field(description="Claims that came, or went.")]


class Links(Shape):
    """Where the other parts and forms of a trip are."""

    self: Annotated[str, _example("/api/trips/2023-09-russia")]
    page: Annotated[str, _example("/trips/2023-09-russia")]
    embed: Annotated[str, _example("/embed/2023-09-russia")]
    waypoints: str
    legs: str
    sightings: str
    sources: str
    contradictions: str
    position: Annotated[
        str, _example("/api/trips/2023-09-russia/position", "Needs `at=`, an instant.")
    ]


class About(Shape):
    """What every answer about a trip begins with."""

    trip: Annotated[str, _example("2023-09-russia")]
    revision: Annotated[int, _example(1, "Grows with every change.")]
    as_of: Annotated[
        str | None,
        _example("2023-09-12T12:34:00Z", "The last step by then; `null` before the first."),
    ]


class TripInShort(About):
    """A trip in the list of all."""

    title: Annotated[str, _example("Kim Jong-un's journey to Russia")]
    subject: Annotated[str, _example("Kim Jong-un")]
    summary: str
    mode: Mode
    status_line: Annotated[str, _example("Last reported: Razdolnaya River bridge, 12 Sep")]
    totals: Totals
    contradiction_count: Annotated[int, _example(0)]
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


class WaypointList(About):
    """The waypoints of a trip."""

    credit: Credit
    waypoints: list[Waypoint]


class LegList(About):
    """The legs of a trip."""

    credit: Credit
    legs: list[Leg]


class SightingList(About):
    """The claims of a trip."""

    credit: Credit
    sightings: list[Sighting]


class SourceList(About):
    """The reports of a trip."""

    credit: Credit
    sources: list[Source]


class ContradictionList(About):
    """The contradictions of a trip."""

    credit: Credit
    contradictions: list[Contradiction]


class Possible(Shape):
    """During which time a part is possible; `null` is an open end."""

    since: Annotated[Time | None, Field(alias="from")]
    to: Time | None


class PositionProperties(Shape):
    """A place, a stretch of way or an estimated point, and what it rests on."""

    kind: PartKind
    waypoints: Annotated[list[int], _example([1, 2], "The waypoints at its ends.")]
    leg: Annotated[int | None, _example(1)]
    mode: Mode | None
    over: Annotated[str | None, _example("railways", "The network or the line it runs along.")]
    possible: Possible
    claims: Annotated[list[str], _example(["pyongyang-departure"], "Those that bound this time.")]
    radius_km: Annotated[float | None, _example(10.0, "Of a place: how far off it may be.")]
    length_km: Annotated[float | None, _example(2345.0, "Of all its lines.")]
    simplified_km: Annotated[
        float | None, _example(0.1, "How far a drawn line may lie off the way.")
    ]
    max_speed_kmh: Annotated[float | None, _example(80.0, "The assumed maximum that bounds it.")]
    speed_kmh: Annotated[float | None, _example(60.0, "Of an estimate under way.")]
    sentence: Annotated[str, _example("Between Pyongyang and the Tumen bridge: anywhere on …")]


class PositionFeature(Shape):
    """A part of all that is possible (RFC 7946)."""

    type: Literal["Feature"]
    id: Annotated[str, _example("leg-2")]
    geometry: Annotated[dict[str, Any], _example({"type": "Point", "coordinates": [130.64, 42.43]})]
    properties: PositionProperties


class PositionList(About):
    """Everywhere the party can have been: a GeoJSON FeatureCollection."""

    type: Literal["FeatureCollection"]
    at: Instant
    standing: Annotated[Standing, _example("between", "How the instant stands to the reports.")]
    sentence: Annotated[str, _example("Not yet under way: at Pyongyang.")]
    credit: Credit
    features: list[PositionFeature]


class Snap(Shape):
    """How far the two ends lie off the network."""

    origin: Annotated[float, Field(alias="from", examples=[2.42])]
    to: Annotated[float, _example(0.05)]


class Route(Shape):
    """A way between two places, and the time it takes at the given speed."""

    origin: Annotated[Place, Field(alias="from")]
    to: Place
    mode: Mode
    distance_km: Annotated[float, _example(1156.3, "Along the network.")]
    distance_bounds_km: Bounds
    great_circle_km: Annotated[float, _example(684.5)]
    speed_kmh: Annotated[float, _example(60.0)]
    hours: Annotated[float, _example(19.27)]
    via: list[Place]
    countries: Annotated[list[str], _example(["KP", "RU"], "Passed, in order.")]
    snap_km: Snap
    geometry: Annotated[
        dict[str, Any],
        _example(
            {"type": "LineString", "coordinates": [[125.727, 39.037], [125.739, 39.109]]},
            "GeoJSON, in parts where it crosses the antimeridian.",
        ),
    ]
    credit: Credit


class Places(Shape):
    """Answers to a search, best first."""

    q: Annotated[str, _example("하산")]
    near: list[str]
    places: list[FoundPlace]
    credit: Credit


class Problem(BaseModel):
    """What is wrong (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: Annotated[str, _example("about:blank")]
    title: Annotated[str, _example("Bad input")]
    status: Annotated[int, _example(400)]
    detail: Annotated[str, _example("as_of: give a time with its offset")]
    parameter: Annotated[str, _example("as_of", "Which one is wrong, if one is.")] = ""
