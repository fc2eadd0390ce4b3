"""The shapes of what a trip consists of, for ``/openapi.json`` and nothing else.

Lives here: places, times, waypoints, legs, claims, reports, assumptions, contradictions. Not here:
the answers that they stand in (:mod:`app.web.schemas`). Imports pydantic and the journey's words
only.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.journey.contradiction import MemberKind
from app.journey.derived import Unplaced, Verdict
from app.journey.model import AssumptionKind, Event, Evidence, Modality, Mode, State


def example(value: Any, description: str | None = None) -> Any:
    """A field that the documentation shows an example of."""
    return Field(description=description, examples=[value])


class Shape(BaseModel):
    """Every member is named here, and none is left out."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


Time = Annotated[str, example("2023-09-12T06:00:00+10:00", "RFC 3339, in the place's offset.")]
Instant = Annotated[str, example("2023-09-12T12:34:00Z", "RFC 3339, UTC.")]
Credit = Annotated[
    str, example("Railways © OpenStreetMap contributors (ODbL)", "To be shown with the data.")
]
PlaceId = Annotated[str, example("khasan-station", "Ours, or a GeoNames id.")]
Sequence = Annotated[int, example(3, "A waypoint's number, from 1.")]
Kilometres = Annotated[float, example(254.0)]


class Interval(Shape):
    """Some instant between the two ends, both included; `null` is an open end."""

    earliest: Time | None
    latest: Time | None


class Bounds(Shape):
    """The true value lies between; rounded outwards; `null` is an unknown end."""

    min: Annotated[float | None, example(18.2)]
    max: Annotated[float | None, example(37.5)]


class PlaceRef(Shape):
    """A place by id and name."""

    id: PlaceId
    name: Annotated[str, example("Khasan station")]


class Place(PlaceRef):
    """A gazetteer entry; positions are WGS 84, in degrees."""

    names: Annotated[dict[str, str], example({"ko": "하산", "ru": "Хасан"}, "By BCP 47 language.")]
    lon: Annotated[float, example(130.645)]
    lat: Annotated[float, example(42.428)]
    radius_km: Annotated[float, example(1.0, "How far off the position may be.")]
    country: Annotated[str, example("RU", "ISO 3166-1 alpha-2.")]
    time_zone: Annotated[str, example("Asia/Vladivostok", "IANA name.")]
    feature: Annotated[str, example("station")]
    origin: Annotated[str, example("GeoNames 2013348", "Where the entry comes from.")]


class FoundPlace(Place):
    """An answer to a search."""

    score: Annotated[float, example(0.45, "How well it fits, from 0 to 1.")]
    matched: Annotated[str, example("хасан", "The spelling that matched.")]
    explanation: Annotated[
        dict[str, float], example({"match": 1.0, "nearness": 0.0}, "What the score is made of.")
    ]


class BoundedByEnds(Shape):
    """Ids of the claims that the two ends go back to; `null`: open, or a reported duration."""

    earliest: Annotated[str | None, example("khasan-arrival")]
    latest: Annotated[str | None, example("khasan-arrival")]


class BoundedBy(Shape):
    """Which claims bound a waypoint's times, directly or along the journey."""

    arrival: BoundedByEnds
    departure: BoundedByEnds


class Waypoint(Shape):
    """One visit to one place, derived from all claims about it."""

    sequence: Sequence
    after: Annotated[int | None, example(2, "The waypoint before it; `null` at a start.")]
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
        float | None, example(839.0, "Along its own branch; `null` when a leg has no way.")
    ]
    sightings: Annotated[list[str], example(["khasan-arrival"], "Ids of its claims.")]
    origins: Annotated[list[str], example(["Vesti Primorye"], "Who independently says so.")]
    subjects: Annotated[
        list[str], example(["train"], "What was seen; only `leader` tells of him himself.")
    ]
    disputed: Annotated[
        list[str], example([], "Those of its claims that were set aside for a contradiction.")
    ]
    conflict: Annotated[bool, Field(description="Whether there are any.")]


class LegEnd(PlaceRef):
    """The waypoint at one end of a leg."""

    sequence: Sequence


class Estimate(Shape):
    """What an assumed speed makes of a leg; bounds nothing."""

    speed_kmh: Annotated[float, example(60.0)]
    hours: Annotated[float, example(4.23)]
    arrival: Interval


class Leg(Shape):
    """Travel between a waypoint and the one after it; its line is in the GeoJSON form."""

    sequence: Annotated[int, example(2)]
    origin: Annotated[LegEnd, Field(alias="from")]
    to: LegEnd
    branch: Annotated[
        str | None,
        example("vladivostok", "The possible stop at the end of its branch; `null` on the line."),
    ]
    mode: Mode
    status: Literal[Modality.REPORTED, Modality.EXPECTED, Modality.POSSIBLE]
    distance_km: Annotated[
        float | None, example(228.0, "Along the network; `null` when no way was found.")
    ]
    distance_bounds_km: Bounds
    great_circle_km: Kilometres
    duration_h: Annotated[Bounds, Field(description="Hours, as the reports bound them.")]
    speed_kmh: Annotated[
        Bounds, Field(description="Average over the leg, halts on the way included.")
    ]
    max_speed_kmh: Annotated[
        float | None,
        example(80.0, "The assumed maximum that holds here, as relaxed for a contradiction."),
    ]
    at_cruise_speed: Estimate | None
    verdict: Verdict
    problem: Annotated[str | None, example(None, "Why there is no way.")]


class When(Interval):
    """The interval that a wording means."""

    wording: Annotated[str, example("early Tuesday")]


class Reason(Shape):
    """Why a claim makes no waypoint."""

    reason: Unplaced
    sentence: Annotated[str, example("overtaken by later reports")]


class Sighting(Shape):
    """One claim in one report."""

    id: Annotated[str, example("khasan-arrival")]
    source: Annotated[str, example("joongang-2023-09-12")]
    publisher: Annotated[str, example("Korea JoongAng Daily")]
    attributed_to: Annotated[str | None, example("Vesti Primorye, citing a railway source")]
    origin: Annotated[str, example("Vesti Primorye", "Who stands behind it.")]
    known_at: Annotated[str, example("2023-09-12T12:34:00Z", "From here on surely published.")]
    url: str | None
    subject: Annotated[str, example("train", "What was seen: leader, train, motorcade, …")]
    event: Event
    modality: Modality
    mode: Mode | None
    place: Place
    when: When
    evidence: Evidence
    reliability: Annotated[str, example("B", "Of the source, A to F (Admiralty code).")]
    credibility: Annotated[int, example(3, "Of the claim, 1 (confirmed) to 6.")]
    claim: Annotated[str, example("The train reached the border town of Khasan.")]
    state: State
    state_since: Instant | None
    state_reason: str | None
    superseded_by: str | None
    waypoint: Annotated[int | None, example(3, "The waypoint that it bears on.")]
    disputed: Annotated[bool, Field(description="Whether a contradiction set it aside.")]
    contradictions: Annotated[
        list[int], example([], "Numbers of the contradictions that it is a member of.")
    ]
    unplaced: Reason | None


class Source(Shape):
    """One published report."""

    id: Annotated[str, example("joongang-2023-09-12")]
    publisher: Annotated[str, example("Korea JoongAng Daily")]
    title: str | None
    url: str | None
    archived_url: str | None
    language: Annotated[str, example("en")]
    published_at: Interval
    updated_at: Interval | None
    known_at: Instant
    retrieved_at: Instant | None
    reliability: Annotated[str, example("B", "A to F (Admiralty code).")]
    derived_from: Annotated[str | None, example(None, "The report that this one copies.")]
    note: str | None


class Totals(Shape):
    """Sums over all that was reported."""

    distance_km: Annotated[float | None, example(1067.0)]
    distance_bounds_km: Bounds
    great_circle_km: Annotated[float | None, example(728.1)]
    elapsed_h: Annotated[
        Bounds, Field(description="From the first departure to the last arrival, stays included.")
    ]
    stops_h: Annotated[Bounds, Field(description="Of it, at the waypoints between.")]
    moving_h: Annotated[Bounds, Field(description="Of it, under way; untold halts included.")]
    speed_kmh: Annotated[Bounds, Field(description="Distance over `moving_h`.")]
    waypoints: Annotated[int, example(4)]


class NextStop(Shape):
    """A stop ahead, measured from the last report."""

    sequence: Sequence
    status: Literal[Modality.EXPECTED, Modality.POSSIBLE]
    place: Place
    distance_km: Annotated[float | None, example(89.3)]
    hours: Annotated[float | None, example(1.49, "At the assumed speed.")]
    speed_kmh: Annotated[float | None, example(60.0)]
    arrival: Annotated[Interval, Field(description="At the assumed speed: an estimate.")]
    not_before: Annotated[
        Time | None, Field(description="At the assumed maximum: a bound, as far as that holds.")
    ]
    max_speed_kmh: Annotated[float | None, example(80.0)]


class Assumption(Shape):
    """Something taken for granted, with the source or the reason that it rests on."""

    name: Annotated[str, example("cruise_speed")]
    kind: AssumptionKind
    mode: Mode | None
    kmh: Annotated[float | None, example(60.0)]
    hours: float | None
    countries: list[str]
    places: list[str]
    source: str | None
    reason: str | None
    implied: Annotated[
        bool, example(False, "Whether it goes without saying: the trip does not name it.")
    ]


class Contradiction(Shape):
    """A smallest set of claims and assumptions that cannot all be true, and what gives way."""

    number: Annotated[int, example(1, "In the order of the journey, from 1.")]
    sentence: Annotated[
        str,
        example(
            "KBS says the train passed Yalu River rail bridge not before 2 Sep 01:30 UTC+8; News1"
            " says the train reached Beijing, 885 km on along the railway, by 2 Sep 16:30 UTC+8:"
            " that leaves 15 h and takes at least 59 km/h; the assumed maximum is 50 km/h (taken"
            " for granted: that the railway data is complete)."
        ),
    ]
    sightings: Annotated[list[str], example(["yalu-crossing", "beijing-arrival"])]
    assumptions: Annotated[list[str], example(["max_speed", "railway_complete"])]
    figures: Annotated[list[str], example([], "Ids of reported durations.")]
    not_before: Annotated[
        Time | None, Field(description="It was at the first place then, or later.")
    ]
    not_after: Annotated[
        Time | None, Field(description="It was at the last place then, or before.")
    ]
    available_h: Annotated[
        float | None, example(15.0, "Hours between the two; negative if the wrong way round.")
    ]
    distance_km: Annotated[float | None, example(885.3, "The shortest that the way can be.")]
    great_circle: Annotated[bool, Field(description="Whether that is a straight line.")]
    needed_speed_kmh: Annotated[
        float | None, example(59.0, "At least; `null` where it is no matter of speed.")
    ]
    max_speed_kmh: Annotated[float | None, example(50.0, "The assumed maximum.")]
    set_aside: Annotated[str, example("max_speed", "The weakest member, by id or name.")]
    set_aside_kind: MemberKind
    set_aside_sentence: Annotated[
        str,
        example(
            "The assumed maximum of 50 km/h is relaxed to 59.1 km/h on this stretch, no further."
        ),
    ]
    relaxed_to_kmh: Annotated[float | None, example(59.1, "Where a maximum speed gives way.")]
    relaxed_to_h: Annotated[float | None, example(None, "Where an assumed stop gives way.")]
    released: Annotated[
        list[str],
        example([], "Claims set aside where leader and train are not taken to be together."),
    ]
