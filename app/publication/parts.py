"""The parts of a trip that the API answers with, as documents.

Lives here: which documents stand together under which name. Not here: their own shapes
(:mod:`app.publication.documents`) or bytes (:mod:`app.publication.formats`).
"""

from enum import StrEnum
from itertools import pairwise

from app import wording
from app.errors import RouteError
from app.journey.claims import report_order
from app.journey.derived import Itinerary, Leg, Unplaced, Waypoint
from app.journey.model import Figure
from app.journey.protocols import RouteFinder
from app.journey.totals import Totals, totals
from app.journey.travel import Travel
from app.publication import documents
from app.publication.documents import Document
from app.publication.formats import FileFormat
from app.publication.itinerary import View
from app.words import ENGLISH, Words


class Part(StrEnum):
    """A list that a trip is published as; the name it comes under."""

    WAYPOINTS = "waypoints"
    LEGS = "legs"
    SIGHTINGS = "sightings"
    SOURCES = "sources"
    CONTRADICTIONS = "contradictions"


def about(view: View) -> Document:
    """What every answer about a trip begins with."""
    trip = view.itinerary.trip
    return {
        "trip": trip.slug,
        "revision": trip.revision,
        "as_of": documents.instant(view.as_of),
    }


def waypoint_documents(view: View) -> list[Document]:
    """Waypoints in the order of the journey, branches last."""
    return [documents.waypoint(waypoint) for waypoint in view.itinerary.waypoints]


def leg_documents(view: View) -> list[Document]:
    """Legs in the order of their destinations."""
    return [documents.leg(leg, view.itinerary) for leg in view.itinerary.legs]


def sighting_documents(view: View) -> list[Document]:
    """All claims published by then, those that make no waypoint included, newest report last."""
    itinerary = view.itinerary
    sources = {source.id: source for source in itinerary.trip.sources}
    waypoints_of = {
        sighting: waypoint.sequence
        for waypoint in itinerary.waypoints
        for sighting in waypoint.sightings
    }
    contradictions_of: dict[str, list[int]] = {}
    for number, told in enumerate(itinerary.contradictions, start=1):
        for claim in told.sightings:
            contradictions_of.setdefault(claim, []).append(number)
    disputed = {claim for claim, why in itinerary.unplaced.items() if why is Unplaced.DISPUTED}
    disputed.update(claim for waypoint in itinerary.waypoints for claim in waypoint.disputed)
    return [
        documents.sighting(
            sighting,
            itinerary,
            sources,
            waypoints_of,
            contradictions_of,
            disputed=sighting.id in disputed,
        )
        for sighting in sorted(
            itinerary.trip.sightings, key=lambda s: report_order(s, sources[s.source])
        )
        if view.as_of is not None and sources[sighting.source].known_at <= view.as_of
    ]


def source_documents(view: View) -> list[Document]:
    """The reports published by then, oldest first."""
    return [
        documents.source(source)
        for source in sorted(view.itinerary.trip.sources, key=lambda s: (s.known_at, s.id))
        if view.as_of is not None and source.known_at <= view.as_of
    ]


def contradiction_documents(view: View) -> list[Document]:
    """What cannot all be true, in the order of the journey."""
    return [
        documents.contradiction(number, told, view.itinerary)
        for number, told in enumerate(view.itinerary.contradictions, start=1)
    ]


def part_documents(view: View, part: Part) -> list[Document]:
    """The documents of one part."""
    return {
        Part.WAYPOINTS: waypoint_documents,
        Part.LEGS: leg_documents,
        Part.SIGHTINGS: sighting_documents,
        Part.SOURCES: source_documents,
        Part.CONTRADICTIONS: contradiction_documents,
    }[part](view)


def trip_document(view: View, finder: RouteFinder, words: Words = ENGLISH) -> Document:
    """A trip with its assumptions, figures, totals and steps; its status line in some words."""
    itinerary = view.itinerary
    trip = itinerary.trip
    return {
        **about(view),
        "title": trip.title,
        "subject": trip.subject,
        "summary": trip.summary,
        "mode": trip.mode.value,
        "status_line": wording.status_line(itinerary, words),
        "totals": totals_document(totals(itinerary)),
        "contradiction_count": len(itinerary.contradictions),
        "next_stops": next_stops(itinerary),
        "assumptions": [
            documents.assumption(assumed, implied=assumed not in trip.assumptions)
            for assumed in itinerary.assumptions
        ],
        "figures": [figure_document(f, itinerary, finder) for f in trip.figures if _known(f, view)],
        "steps": step_documents(view),
        "links": links(trip.slug),
    }


def _known(figure: Figure, view: View) -> bool:
    sources = {source.id: source for source in view.itinerary.trip.sources}
    return view.as_of is not None and sources[figure.source].known_at <= view.as_of


def totals_document(totals: Totals) -> Document:
    """Distance, time and average speed over all that was reported."""
    return {
        "distance_km": documents.number(totals.distance_km),
        "distance_bounds_km": documents.bounds(totals.distance_bounds_km),
        "great_circle_km": documents.number(totals.great_circle_km),
        "elapsed_h": documents.bounds(totals.elapsed_h, 2),
        "stops_h": documents.bounds(totals.stops_h, 2),
        "moving_h": documents.bounds(totals.moving_h, 2),
        "speed_kmh": documents.bounds(totals.speed_kmh),
        "waypoints": totals.waypoints,
    }


def next_stops(itinerary: Itinerary) -> list[Document]:
    """Each stop ahead, with distance and arrival window from the last report."""
    if itinerary.last_reported is None:
        return []
    leg_to = {leg.destination: leg for leg in itinerary.legs}
    stops = []
    for waypoint in itinerary.waypoints:
        if not waypoint.status.looks_ahead:
            continue
        legs = _legs_since_last_report(waypoint, itinerary, leg_to)
        distances = [leg.distance_km for leg in legs]
        estimate = leg_to[waypoint.sequence].at_cruise_speed
        estimates = [leg.at_cruise_speed for leg in legs]
        stops.append(
            {
                "sequence": waypoint.sequence,
                "status": waypoint.status.value,
                "place": documents.place(waypoint.place),
                "distance_km": documents.number(
                    None if None in distances else sum(d for d in distances if d is not None)
                ),
                "hours": documents.number(
                    None if None in estimates else sum(e.hours for e in estimates if e), 2
                ),
                "speed_kmh": None if estimate is None else documents.number(estimate.speed_kmh),
                "arrival": documents.window(estimate.arrival, waypoint.place.time_zone)
                if estimate
                else {"earliest": None, "latest": None},
                "not_before": documents.window(waypoint.arrival, waypoint.place.time_zone)[
                    "earliest"
                ],
                "max_speed_kmh": documents.number(leg_to[waypoint.sequence].max_speed_kmh),
            }
        )
    return stops


def _legs_since_last_report(
    waypoint: Waypoint, itinerary: Itinerary, leg_to: dict[int, Leg]
) -> list[Leg]:
    legs: list[Leg] = []
    sequence = waypoint.sequence
    while sequence != itinerary.last_reported and sequence in leg_to:
        legs.append(leg_to[sequence])
        sequence = leg_to[sequence].origin
    return legs


def step_documents(view: View) -> list[Document]:
    """The steps of the time slider: when something was published, by whom, on which claims.

    A claim that is superseded or withdrawn at a step is named there too.
    """
    trip = view.itinerary.trip
    publisher_of = {source.id: source.publisher for source in trip.sources}
    claims: dict[str, list[str]] = {}
    for sighting in sorted(trip.sightings, key=lambda s: (s.position_in_report, s.id)):
        claims.setdefault(sighting.source, []).append(sighting.id)
    sources = sorted(trip.sources, key=lambda s: (s.known_at, s.id))
    steps = []
    for previous, step in pairwise((None, *view.steps)):
        assert step is not None  # noqa: S101 - only the first of the pairs is None
        new = [
            source
            for source in sources
            if source.known_at <= step and (previous is None or source.known_at > previous)
        ]
        gone = sorted((s for s in trip.sightings if s.state_since == step), key=lambda s: s.id)
        publishers = [source.publisher for source in new]
        publishers += [publisher_of[sighting.source] for sighting in gone]
        publishers = list(dict.fromkeys(publishers))
        steps.append(
            {
                "as_of": documents.instant(step),
                "label": wording.step_label(step, publishers),
                "publishers": publishers,
                "sightings": list(
                    dict.fromkeys(
                        [claim for source in new for claim in claims.get(source.id, [])]
                        + [sighting.id for sighting in gone]
                    )
                ),
            }
        )
    return steps


def figure_document(figure: Figure, itinerary: Itinerary, finder: RouteFinder) -> Document:
    """A figure that a source gives, with ours beside it."""
    places = itinerary.trip.places
    origin, destination = places[figure.origin], places[figure.destination]
    travel = Travel(itinerary.trip, finder)
    try:
        ours_km: float | None = travel.route(origin, destination, figure.mode).distance_km
    except RouteError:
        ours_km = None
    speed = travel.cruise_speed_kmh(figure.mode)
    return {
        "id": figure.id,
        "source": figure.source,
        "from": {"id": origin.id, "name": origin.name},
        "to": {"id": destination.id, "name": destination.name},
        "mode": figure.mode.value,
        "claim": figure.claim,
        "distance_km": None if figure.distance_km is None else documents.bounds(figure.distance_km),
        "duration_h": None if figure.duration_h is None else documents.bounds(figure.duration_h),
        "of_this_journey": figure.of_this_journey,
        "attributed_to": figure.attributed_to,
        "credibility": figure.credibility,
        "ours": {
            "distance_km": documents.number(ours_km),
            "great_circle_km": documents.number(
                finder.great_circle_km(origin.position, destination.position)
            ),
            "hours_at_cruise_speed": None
            if ours_km is None or speed is None
            else documents.number(ours_km / speed, 2),
        },
    }


def links(slug: str) -> Document:
    """Where the other parts and forms of a trip are."""
    return {
        "self": f"/api/trips/{slug}",
        "page": f"/trips/{slug}",
        "embed": f"/embed/{slug}",
        **{part.value: f"/api/trips/{slug}/{part.value}" for part in Part},
        "revision": f"/api/trips/{slug}/revision",
        "position": f"/api/trips/{slug}/position",
        **{ending.value: f"/trips/{slug}.{ending.value}" for ending in FileFormat},
        "atom": f"/trips/{slug}/feed.atom",
        "json_feed": f"/trips/{slug}/feed.json",
    }


def part_links(slug: str, part: Part) -> Document:
    """Where a list comes from, what it belongs to, and what its form is."""
    return {
        "self": f"/api/trips/{slug}/{part.value}",
        "trip": f"/api/trips/{slug}",
        "page": f"/trips/{slug}",
        "schema": f"/api/schemas/{part.value}",
    }
