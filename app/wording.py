"""Structured facts become sentences, in a language; every sentence that a page shows is here.

English now. Not here: anything that decides what is true. Imports the journey's nouns only.
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.journey.derived import Itinerary, Unplaced, Verdict, Waypoint
from app.journey.interval import Interval
from app.journey.model import Modality, Place

_HALF_A_DAY = timedelta(hours=12)

UNPLACED = {
    Unplaced.DENIED: "denied: shown, but no part of the route",
    Unplaced.REGIONAL: "names a country and no place in it",
    Unplaced.OVERTAKEN: "overtaken by later reports",
    Unplaced.DISPUTED: "contradicted by stronger claims: shown, but set aside",
    Unplaced.OTHER_SUBJECT: "tells of another train or party: no part of this route",
    Unplaced.SUPERSEDED: "superseded by its source",
    Unplaced.RETRACTED: "retracted by its source",
}


def status_line(itinerary: Itinerary) -> str:
    """One line that says where the party was last reported, when, and by whom."""
    if itinerary.last_reported is None:
        if not itinerary.waypoints:
            return "Nothing reported yet."
        places = ", ".join(w.place.name for w in itinerary.waypoints)
        return f"Nothing reported yet. Ahead: {places}."
    waypoint = itinerary.waypoints[itinerary.last_reported - 1]
    parts = [waypoint.place.name, _latest_time(waypoint), ", ".join(waypoint.origins)]
    return "Last reported: " + ", ".join(part for part in parts if part)


def _latest_time(waypoint: Waypoint) -> str:
    left, arrived = waypoint.departure, waypoint.arrival
    if None in (left.earliest, left.latest) or left == arrived or arrived.is_open:
        return visit_time(waypoint)
    return f"left {local_interval(left, waypoint.place)}"


def visit_time(waypoint: Waypoint) -> str:
    """When the visit was, in the place's own time: its arrival if bounded, else departure."""
    for interval in (waypoint.arrival, waypoint.departure):
        if interval.earliest is not None and interval.latest is not None:
            return local_interval(interval, waypoint.place)
    for interval in (waypoint.arrival, waypoint.departure):
        if not interval.is_open:
            return local_interval(interval, waypoint.place)
    return ""


def local_interval(interval: Interval, place: Place) -> str:
    """An interval in the place's own clock, as short as a reader needs it.

    Bounds are stated as bounds: "not before", "not after". Half a day or more within one day is
    that day: its hours would claim an exactness that no report gives.
    """
    zone = ZoneInfo(place.time_zone)
    earliest = None if interval.earliest is None else interval.earliest.astimezone(zone)
    latest = None if interval.latest is None else interval.latest.astimezone(zone)
    if earliest is None and latest is None:
        return "time not known"
    if earliest is None:
        assert latest is not None  # noqa: S101 - both open was answered above
        return f"not after {_moment(latest)} local"
    if latest is None:
        return f"not before {_moment(earliest)} local"
    if earliest == latest:
        return f"{_moment(earliest)} local"
    # Midnight at the end of a day belongs to that day: "18:00–24:00".
    is_midnight = latest.time() == time() and earliest.date() == latest.date() - timedelta(days=1)
    if earliest.date() == latest.date() or is_midnight:
        if latest - earliest >= _HALF_A_DAY:
            return f"{earliest.day} {earliest:%b}"
        end = "24:00" if is_midnight else f"{latest:%H:%M}"
        return f"{_moment(earliest)}–{end} local"
    return f"{_moment(earliest)} – {_moment(latest)} local"


def step_label(step: datetime, publishers: list[str]) -> str:
    """What a step of the time slider is called: its UTC time and who published then."""
    return f"{_moment(step)} UTC · {', '.join(publishers)}"


def modality_label(modality: Modality) -> str:
    """How a status is called beside a marker."""
    return {
        Modality.REPORTED: "reported",
        Modality.EXPECTED: "expected",
        Modality.POSSIBLE: "possible",
        Modality.DENIED: "denied",
    }[modality]


def check_lines(itinerary: Itinerary) -> list[str]:
    """What ``dateline check`` has to say against a dossier; nothing when all fits together."""
    lines = []
    for waypoint in itinerary.waypoints:
        if waypoint.conflict:
            claims = ", ".join(waypoint.sightings)
            lines.append(f"{waypoint.place.name}: these claims cannot all be true: {claims}")
    for leg in itinerary.legs:
        origin = itinerary.waypoints[leg.origin - 1].place.name
        destination = itinerary.waypoints[leg.destination - 1].place.name
        if leg.problem is not None:
            lines.append(f"{origin} – {destination}: {leg.problem}")
        if leg.verdict is Verdict.TOO_FAST:
            lines.append(
                f"{origin} – {destination}: takes at least {leg.speed_kmh.lower:.0f} km/h, "
                "which is more than the assumed maximum"
            )
    return lines


def _moment(instant: datetime) -> str:
    return f"{instant.day} {instant:%b} {instant:%H:%M}"
