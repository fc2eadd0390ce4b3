"""Structured facts become sentences, in a language; every sentence that a page shows is here.

English now. Not here: anything that decides what is true. Imports the journey's nouns only.
"""

import unicodedata
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.journey.derived import Itinerary, Unplaced, Waypoint
from app.journey.interval import Interval
from app.journey.model import AssumptionKind, Mode, Place, Subject
from app.journey.whereabouts import LEG_LINE, STRAIGHT_LINE, Part, PartKind, Prism, Standing

_RIGHT_TO_LEFT = frozenset({"R", "AL"})
# Embeddings, overrides and isolates: nothing of a name, and able to turn what stands around it.
_TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_HALF_A_DAY = timedelta(hours=12)

UNPLACED = {
    Unplaced.DENIED: "denied: shown, but no part of the route",
    Unplaced.REGIONAL: "names a country and no place in it",
    Unplaced.OVERTAKEN: "overtaken by later reports",
    Unplaced.DISPUTED: "set aside in a contradiction: shown, but no part of the route",
    Unplaced.OTHER_SUBJECT: "tells of another train or party: no part of this route",
    Unplaced.SUPERSEDED: "superseded by its source",
    Unplaced.RETRACTED: "retracted by its source",
}


GOES_WITHOUT_SAYING = {
    AssumptionKind.LEADER_ABOARD: "No report told of them apart.",
    AssumptionKind.RAILWAY_COMPLETE: "No shorter way is known to be missing from the data.",
}
"""Why an assumption holds that a trip does not name."""


def isolated(name: str) -> str:
    """A name that turns nothing around it, in a sentence that runs from left to right (UAX 9).

    Without the controls of direction that it may hold; in an isolate of its own where it has
    letters that run from right to left.
    """
    plain = name.translate(_TURNING)
    turns = any(unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for char in plain)
    return f"\u2068{plain}\u2069" if turns else plain


def status_line(itinerary: Itinerary) -> str:
    """One line that says where the party was last reported, when, and by whom."""
    if itinerary.last_reported is None:
        if not itinerary.waypoints:
            return "Nothing reported yet."
        places = ", ".join(isolated(w.place.name) for w in itinerary.waypoints)
        return f"Nothing reported yet. Ahead: {places}."
    waypoint = itinerary.waypoints[itinerary.last_reported - 1]
    where = isolated(waypoint.place.name)
    if waypoint.subjects and Subject.LEADER not in waypoint.subjects:
        where += f" ({seen(waypoint.subjects)})"
    parts = [where, _latest_time(waypoint), ", ".join(map(isolated, waypoint.origins))]
    return "Last reported: " + ", ".join(part for part in parts if part)


def _latest_time(waypoint: Waypoint) -> str:
    left, arrived = waypoint.departure, waypoint.arrival
    if None in (left.earliest, left.latest) or left == arrived or arrived.is_open:
        return visit_time(waypoint)
    return f"left {local_interval(left, waypoint.place)}"


def seen(subjects: Sequence[str]) -> str:
    """What was seen at a stop: "train seen", "leader and train seen".

    Who saw the train has not seen who is aboard.
    """
    *others, last = [subject.value for subject in Subject if subject in subjects]
    return f"{', '.join(others)}{' and ' * bool(others)}{last} seen"


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
    earliest, latest = whole_minutes(interval)
    earliest = None if earliest is None else earliest.astimezone(zone)
    latest = None if latest is None else latest.astimezone(zone)
    if earliest is None and latest is None:
        return "time not known"
    if earliest is None:
        assert latest is not None  # noqa: S101 - both open was answered above
        return f"not after {moment(latest)} local"
    if latest is None:
        return f"not before {moment(earliest)} local"
    if earliest == latest:
        return f"{moment(earliest)} local"
    # Midnight at the end of a day belongs to that day: "18:00–24:00".
    is_midnight = latest.time() == time() and earliest.date() == latest.date() - timedelta(days=1)
    if earliest.date() == latest.date() or is_midnight:
        if latest - earliest >= _HALF_A_DAY:
            return f"{earliest.day} {earliest:%b}"
        end = "24:00" if is_midnight else f"{latest:%H:%M}"
        return f"{moment(earliest)}–{end} local"
    return f"{moment(earliest)} – {moment(latest)} local"


def whole_minutes(interval: Interval) -> tuple[datetime | None, datetime | None]:
    """Both ends of an interval, rounded outwards: seconds would pretend to more than is known."""
    earliest, latest = interval.earliest, interval.latest
    if earliest is not None:
        earliest = earliest.replace(second=0, microsecond=0)
    return earliest, None if latest is None else minute_up(latest)


def minute_up(instant: datetime) -> datetime:
    """The first whole minute that is not before it."""
    whole = instant.replace(second=0, microsecond=0)
    return whole if whole == instant else whole + timedelta(minutes=1)


def step_label(step: datetime, publishers: list[str]) -> str:
    """What a step of the time slider is called: its UTC time and who published then."""
    return f"{moment(step)} UTC · {', '.join(publishers)}"


def refused_ways(itinerary: Itinerary) -> list[str]:
    """The legs for which no believable way was found, each with the reason."""
    lines = []
    for leg in itinerary.legs:
        if leg.problem is not None:
            origin = isolated(itinerary.waypoints[leg.origin - 1].place.name)
            destination = isolated(itinerary.waypoints[leg.destination - 1].place.name)
            lines.append(f"{origin} – {destination}: {leg.problem}")
    return lines


def moment(instant: datetime) -> str:
    """An instant in its own clock, as ``12 Sep 06:00``."""
    return f"{instant.day} {instant:%b} {instant:%H:%M}"


def offset_text(instant: datetime) -> str:
    """The offset of an instant: ``UTC+9``, ``UTC+5:30``, ``UTC``."""
    minutes = int((instant.utcoffset() or timedelta()).total_seconds() // 60)
    if minutes == 0:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02}" if rest else "")


_WAYS = {Mode.TRAIN: "railway", Mode.CAR: "road", Mode.SHIP: "sea lane", Mode.PLANE: "air route"}


def position_sentence(prism: Prism) -> str:
    """What is known of where the party was at an instant."""
    waypoints = prism.itinerary.waypoints
    match prism.standing:
        case Standing.UNREPORTED:
            return "Nothing reported yet, so nothing follows about where it was."
        case Standing.BEFORE:
            return f"Not yet under way: at {isolated(waypoints[0].place.name)}."
        case Standing.ENDED:
            return f"The journey has ended: back at {isolated(waypoints[0].place.name)}."
        case Standing.BEYOND:
            return "More than 72 hours after the last report: nothing follows about where it was."
    possible = [part for part in prism.parts if part.kind is not PartKind.ESTIMATE]
    said = [_clause(part, prism.itinerary) for part in possible]
    if len(said) > 3:
        said = [*said[:1], f"{len(said) - 2} other places or ways", *said[-1:]]
    sentences = [f"Possible then: {'; or '.join(said)}."] if said else []
    if prism.standing is Standing.AFTER:
        sentences.insert(0, "After the last report.")
    if prism.undrawn:
        modes = " or ".join(mode.value for mode in prism.undrawn)
        sentences.append(f"How far it had gone by {modes}, if it did, cannot be said.")
    return " ".join(sentences)


def part_sentence(part: Part, itinerary: Itinerary) -> str:
    """What one part of where the party can have been is."""
    clause = _clause(part, itinerary)
    return clause[0].upper() + clause[1:]


def _clause(part: Part, itinerary: Itinerary) -> str:
    ends = [itinerary.waypoints[sequence - 1] for sequence in part.waypoints]
    start, end = isolated(ends[0].place.name), isolated(ends[-1].place.name)
    if part.kind is PartKind.STOP:
        return f"at {start}"
    if part.kind is PartKind.ESTIMATE:
        if part.speed_kmh is None:
            return f"estimate: at {start}"
        if len(ends) == 1:
            return f"estimate: at an assumed {part.speed_kmh:.0f} km/h, at {start} by then"
        if ends[-1].status.looks_ahead:
            how = f"at an assumed {part.speed_kmh:.0f} km/h, on the way"
        else:
            how = f"half way between the earliest and the latest, at {part.speed_kmh:.0f} km/h"
        return f"estimate: {how} from {start} to {end}"
    way = f"{part.length_km or 0.0:,.0f} km of {_WAYS[part.mode]}" if part.mode else "a way"
    if len(ends) == 1:
        speed_kmh = part.max_speed_kmh or 0.0
        return f"onwards from {start}: anywhere on {way} within reach at {speed_kmh:.0f} km/h"
    between = f"between {start} and {end}" if start != end else f"out from {start} and back"
    if part.over == LEG_LINE:
        return f"{between}: somewhere on the whole way, {way}"
    if part.over == STRAIGHT_LINE:
        return f"{between}: on a way that is not known, drawn as a straight line"
    return f"{between}: anywhere on {way}"
