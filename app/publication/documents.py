"""What an itinerary says, as plain documents: the shapes of the JSON API.

Lives here: names, units and rounding of everything that is published. Not here: how the bytes
are made (:mod:`app.publication.formats`). Times are RFC 3339 in the place's own offset; names
carry units; an unknown bound is ``null``.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from app import contradiction_wording, wording
from app.journey.bounds import Bounds
from app.journey.claims import origin_of
from app.journey.contradiction import Contradiction
from app.journey.derived import Estimate, Itinerary, Leg, Route, Waypoint
from app.journey.interval import Interval
from app.journey.model import Assumption, Place, Position, Sighting, Source, State
from app.publication.antimeridian import cut_line

Document = dict[str, Any]


def instant(value: datetime | None, zone: str = "UTC") -> str | None:
    """An instant as RFC 3339 in a zone, as exact as it is known; UTC is written ``Z``."""
    if value is None:
        return None
    if zone == "UTC":
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value.astimezone(ZoneInfo(zone)).isoformat()


def interval(value: Interval, zone: str = "UTC") -> Document:
    """``{earliest, latest}`` in a zone."""
    return {"earliest": instant(value.earliest, zone), "latest": instant(value.latest, zone)}


def bounds(value: Bounds | None, digits: int = 1) -> Document:
    """``{min, max}``, rounded outwards: what is published never claims more than is known."""
    if value is None:
        return {"min": None, "max": None}
    return {"min": _outwards(value.lower, digits, -1), "max": _outwards(value.upper, digits, 1)}


def _outwards(value: float | None, digits: int, side: int) -> float | None:
    if value is None:
        return None
    rounded = round(value, digits)
    # Less than a millionth is noise of the arithmetic, not knowledge.
    if (value - rounded) * side > 1e-6:
        rounded = round(rounded + side * 10.0**-digits, digits)
    return rounded


def number(value: float | None, digits: int = 1) -> float | None:
    """Rounded to what the data supports."""
    return None if value is None else round(value, digits)


def place(value: Place) -> Document:
    """A gazetteer entry."""
    return {
        "id": value.id,
        "name": value.name,
        "names": dict(value.names),
        "lon": round(value.position.lon, 5),
        "lat": round(value.position.lat, 5),
        "radius_km": value.radius_km,
        "country": value.country,
        "time_zone": value.time_zone,
        "feature": value.feature,
        "origin": value.origin,
    }


def waypoint(value: Waypoint) -> Document:
    """One visit to one place."""
    zone = value.place.time_zone
    return {
        "sequence": value.sequence,
        "after": value.after,
        "status": value.status.value,
        "place": place(value.place),
        "arrival": window(value.arrival, zone),
        "departure": window(value.departure, zone),
        "bounded_by": {
            "arrival": {
                "earliest": value.bounded_by.arrival_earliest,
                "latest": value.bounded_by.arrival_latest,
            },
            "departure": {
                "earliest": value.bounded_by.departure_earliest,
                "latest": value.bounded_by.departure_latest,
            },
        },
        "distance_from_start_km": number(value.distance_from_start_km),
        "sightings": list(value.sightings),
        "origins": list(value.origins),
        "subjects": list(value.subjects),
        "disputed": list(value.disputed),
        "conflict": value.conflict,
    }


def leg(value: Leg, itinerary: Itinerary) -> Document:
    """Travel between a waypoint and the one after it; its geometry is in the GeoJSON form."""
    origin = itinerary.waypoints[value.origin - 1].place
    destination = itinerary.waypoints[value.destination - 1].place
    return {
        "sequence": value.sequence,
        "from": {"sequence": value.origin, "id": origin.id, "name": origin.name},
        "to": {"sequence": value.destination, "id": destination.id, "name": destination.name},
        "branch": value.branch,
        "mode": value.mode.value,
        "status": value.status.value,
        "distance_km": number(value.distance_km),
        "distance_bounds_km": bounds(value.distance_bounds_km),
        "great_circle_km": number(value.great_circle_km),
        "duration_h": bounds(value.duration_h, 2),
        "speed_kmh": bounds(value.speed_kmh),
        "max_speed_kmh": _outwards(value.max_speed_kmh, 1, 1),
        "at_cruise_speed": _estimate(value.at_cruise_speed, destination.time_zone),
        "verdict": value.verdict.value,
        "problem": value.problem,
    }


def _estimate(value: Estimate | None, zone: str) -> Document | None:
    if value is None:
        return None
    return {
        "speed_kmh": number(value.speed_kmh),
        "hours": number(value.hours, 2),
        "arrival": window(value.arrival, zone),
    }


def window(value: Interval, zone: str) -> Document:
    """``{earliest, latest}`` in a zone, rounded outwards to whole minutes.

    Seconds would pretend to more than reports and assumed speeds support.
    """
    return interval(Interval(*wording.whole_minutes(value)), zone)


def sighting(
    value: Sighting,
    itinerary: Itinerary,
    sources: Mapping[str, Source],
    waypoints_of: Mapping[str, int],
    contradictions_of: Mapping[str, Sequence[int]],
    *,
    disputed: bool,
) -> Document:
    """One claim, with its grade and the waypoint that it bears on, as it stood at ``as_of``.

    ``contradictions_of`` holds the numbers of the contradictions that a claim is a member of.
    """
    stands = value.is_active_at(itinerary.as_of)
    source_of = sources[value.source]
    where = itinerary.trip.places[value.place]
    reason = itinerary.unplaced.get(value.id)
    return {
        "id": value.id,
        "source": value.source,
        "publisher": source_of.publisher,
        "attributed_to": value.attributed_to,
        "origin": origin_of(value, dict(sources)),
        "known_at": instant(source_of.known_at),
        "url": source_of.url,
        "subject": value.subject,
        "event": value.event.value,
        "modality": value.modality.value,
        "mode": None if value.mode is None else value.mode.value,
        "place": place(where),
        "when": {**interval(value.when, where.time_zone), "wording": value.wording},
        "evidence": value.evidence.value,
        "reliability": source_of.reliability,
        "credibility": value.credibility,
        "claim": value.claim,
        # What became of it later was not yet known.
        "state": (State.ACTIVE if stands else value.state).value,
        "state_since": None if stands else instant(value.state_since),
        "state_reason": None if stands else value.state_reason,
        "superseded_by": None if stands else value.superseded_by,
        "waypoint": waypoints_of.get(value.id),
        "disputed": disputed,
        "contradictions": list(contradictions_of.get(value.id, ())),
        "unplaced": None
        if reason is None
        else {"reason": reason.value, "sentence": wording.UNPLACED[reason]},
    }


def contradiction(number_: int, value: Contradiction, itinerary: Itinerary) -> Document:
    """What cannot all be true, and what gives way. ``number_`` counts from 1."""
    clash, trip = value.clash, itinerary.trip
    zones = {s.id: trip.places[s.place].time_zone for s in trip.sightings}
    return {
        "number": number_,
        "sentence": contradiction_wording.contradiction_sentence(value, itinerary),
        "sightings": list(value.sightings),
        "assumptions": list(value.assumptions),
        "figures": list(value.figures),
        "not_before": instant(clash.not_before, zones.get(clash.earlier or "", "UTC")),
        "not_after": instant(clash.not_after, zones.get(clash.later or "", "UTC")),
        "available_h": number(clash.available_h, 2),
        "distance_km": number(clash.distance_km),
        "great_circle": clash.great_circle,
        "needed_speed_kmh": _outwards(clash.needed_speed_kmh, 1, -1),
        "max_speed_kmh": number(clash.max_speed_kmh),
        "set_aside": value.set_aside,
        "set_aside_kind": value.set_aside_kind.value,
        "set_aside_sentence": contradiction_wording.set_aside_sentence(value, itinerary),
        "relaxed_to_kmh": _outwards(value.relaxed_to_kmh, 1, 1),
        "relaxed_to_h": _outwards(value.relaxed_to_h, 2, -1),
        "released": list(value.released),
    }


def source(value: Source) -> Document:
    """One published report."""
    return {
        "id": value.id,
        "publisher": value.publisher,
        "title": value.title,
        "url": value.url,
        "archived_url": value.archived_url,
        "language": value.language,
        "published_at": interval(value.published_at),
        "updated_at": None if value.updated_at is None else interval(value.updated_at),
        "known_at": instant(value.known_at),
        "retrieved_at": instant(value.retrieved_at),
        "reliability": value.reliability,
        "derived_from": value.derived_from,
        "note": value.note,
    }


def assumption(value: Assumption, *, implied: bool) -> Document:
    """One assumption, with the source or the reason that it rests on.

    ``implied`` says that the trip does not name it, and it holds all the same.
    """
    return {
        "name": value.name,
        "kind": value.kind.value,
        "mode": None if value.mode is None else value.mode.value,
        "kmh": value.kmh,
        "hours": value.hours,
        "countries": list(value.countries),
        "places": list(value.places),
        "source": value.source,
        "reason": wording.GOES_WITHOUT_SAYING.get(value.kind) if implied else value.reason,
        "implied": implied,
    }


def route(
    value: Route, origin: Place, destination: Place, via: list[Place], speed_kmh: float
) -> Document:
    """A one-off way between two places, with the time that it takes at a given speed."""
    return {
        "from": place(origin),
        "to": place(destination),
        "mode": value.mode.value,
        "distance_km": number(value.distance_km),
        "distance_bounds_km": bounds(value.distance_bounds_km),
        "great_circle_km": number(value.great_circle_km),
        "speed_kmh": number(speed_kmh),
        "hours": number(value.distance_km / speed_kmh, 2),
        "via": [place(stop) for stop in via],
        "countries": list(value.countries),
        "snap_km": {"from": number(value.snap_km[0], 2), "to": number(value.snap_km[1], 2)},
        "geometry": cut_line(line_string(value.geometry)["coordinates"]),
    }


def line_string(positions: Any) -> Document:
    """A GeoJSON line, not cut; a line of one point is drawn twice, as the standard demands."""
    coordinates = [coordinate(position) for position in positions]
    if len(coordinates) == 1:
        coordinates *= 2
    return {"type": "LineString", "coordinates": coordinates}


def coordinate(position: Position) -> list[float]:
    """A GeoJSON position, to about a metre."""
    return [round(position.lon, 5), round(position.lat, 5)]
