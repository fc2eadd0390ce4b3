"""What an export says in words of each stop and leg, one line for each thing.

Plain text: what people wrote stands in it as they wrote it. Not here: the numbers, which each
format carries on their own; markup.
"""

from app import wording
from app.journey.model import Modality
from app.publication.documents import Document
from app.publication.exports.contents import Visit, Way


def visit_lines(visit: Visit) -> list[str]:
    """A stop: whether and what was seen there, and when it came and went."""
    waypoint = visit.value
    first = waypoint.status.value.capitalize()
    if waypoint.status is Modality.REPORTED and waypoint.subjects:
        first += f": {wording.seen(waypoint.subjects)}"
    times = [
        f"{name} {wording.local_interval(interval, waypoint.place)}"
        for name, interval in (("Arrival", waypoint.arrival), ("Departure", waypoint.departure))
        if not interval.is_open
    ]
    return [f"{line}." for line in (first, *times)]


def claim_line(claim: Document, disputed: list[str]) -> str:
    """A claim: what is said, by whom, and how it is graded (Admiralty code)."""
    said_by = claim["publisher"]
    if claim["attributed_to"]:
        said_by += f", by {claim['attributed_to']}"
    line = f"{claim['claim']} ({said_by}; {claim['reliability']}{claim['credibility']})"
    return f"Disputed: {line}" if claim["id"] in disputed else line


def visit_claims(visit: Visit) -> list[str]:
    """The claims that a stop rests on, in the order of their reports."""
    return [claim_line(claim, visit.document["disputed"]) for claim in visit.claims]


def way_name(way: Way) -> str:
    """A leg by its ends."""
    return " – ".join(way.document[end]["name"] for end in ("from", "to"))


def way_lines(way: Way) -> list[str]:
    """A leg: how far, by what, in which time, how fast, and whether that can be."""
    leg = way.document
    lines = [f"{leg['status'].capitalize()}, by {leg['mode']}."]
    if leg["distance_km"] is None:
        lines.append("No believable way is known; the line is straight.")
        if leg["problem"]:
            lines.append(leg["problem"])
    else:
        lines.append(f"{leg['distance_km']:,.0f} km along the network.")
    lines.append(f"{leg['great_circle_km']:,.0f} km in a straight line.")
    for name, key, unit in (("Time", "duration_h", "h"), ("Average speed", "speed_kmh", "km/h")):
        if text := _between(leg[key]["min"], leg[key]["max"]):
            lines.append(f"{name}: {text} {unit}.")
    if leg["at_cruise_speed"]:
        cruise = leg["at_cruise_speed"]
        lines.append(f"At an assumed {cruise['speed_kmh']:g} km/h: {cruise['hours']:g} h.")
    lines.append(f"Verdict: {leg['verdict']}.")
    return lines


def _between(low: float | None, high: float | None) -> str:
    if not low:
        return "" if high is None else f"at most {high:g}"
    return f"at least {low:g}" if high is None else f"{low:g} to {high:g}"
