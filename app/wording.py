"""Structured facts become sentences; every sentence that a page shows is here.

What an embed shows is said in the words that are handed in; all else in English. Not here: those
words (:mod:`app.words`), anything that decides what is true. Imports them and the journey's nouns.
"""

import unicodedata
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.journey.derived import Itinerary, Unplaced, Waypoint
from app.journey.interval import Interval
from app.journey.model import AssumptionKind, Mode, Place, Subject
from app.journey.whereabouts import LEG_LINE, STRAIGHT_LINE, Part, PartKind, Prism, Standing
from app.words import ENGLISH, Words

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


def status_line(itinerary: Itinerary, words: Words = ENGLISH) -> str:
    """One line that says where the party was last reported, when, and by whom."""
    if itinerary.last_reported is None:
        if not itinerary.waypoints:
            return words["nothing_reported"]
        places = ", ".join(isolated(w.place.name) for w in itinerary.waypoints)
        return words.say("nothing_but_ahead", places=places)
    waypoint = itinerary.waypoints[itinerary.last_reported - 1]
    where = isolated(waypoint.place.name)
    if waypoint.subjects and Subject.LEADER not in waypoint.subjects:
        where += f" ({seen(waypoint.subjects, words)})"
    parts = [where, _latest_time(waypoint, words), ", ".join(map(isolated, waypoint.origins))]
    return words.say("last_reported_is", what=", ".join(part for part in parts if part))


def _latest_time(waypoint: Waypoint, words: Words) -> str:
    left, arrived = waypoint.departure, waypoint.arrival
    if None in (left.earliest, left.latest) or left == arrived or arrived.is_open:
        return visit_time(waypoint, words)
    return words.say("left_at", time=local_interval(left, waypoint.place, words))


def seen(subjects: Sequence[str], words: Words = ENGLISH) -> str:
    """What was seen at a stop: "train seen", "leader and train seen".

    Who saw the train has not seen who is aboard.
    """
    *others, last = [words[subject.value] for subject in Subject if subject in subjects]
    what = words.say("both", first=", ".join(others), second=last) if others else last
    return words.say("seen", what=what)


def visit_time(waypoint: Waypoint, words: Words = ENGLISH) -> str:
    """When the visit was, in the place's own time: its arrival if bounded, else departure."""
    for interval in (waypoint.arrival, waypoint.departure):
        if interval.earliest is not None and interval.latest is not None:
            return local_interval(interval, waypoint.place, words)
    for interval in (waypoint.arrival, waypoint.departure):
        if not interval.is_open:
            return local_interval(interval, waypoint.place, words)
    return ""


def local_interval(interval: Interval, place: Place, words: Words = ENGLISH) -> str:
    """An interval in the place's own clock, as short as a reader needs it.

    Bounds are stated as bounds: "not before", "not after". Half a day or more within one day is
    that day: its hours would claim an exactness that no report gives.
    """
    zone = ZoneInfo(place.time_zone)
    earliest, latest = (end and end.astimezone(zone) for end in whole_minutes(interval))
    if earliest is None and latest is None:
        return words["time_not_known"]
    if earliest is not None and latest is not None and is_day(earliest, latest):
        return words.day(earliest)
    return words.say("in_zone", time=time_between(earliest, latest, words), zone=words["local"])


def time_between(earliest: datetime | None, latest: datetime | None, words: Words) -> str:
    """Two ends in one clock, of which one may be open: ``12 Sep 18:00–24:00``."""
    if earliest is None:
        return "" if latest is None else words.say("not_after", time=words.moment(latest))
    start = words.moment(earliest)
    if latest is None:
        return words.say("not_before", time=start)
    if earliest == latest:
        return start
    if is_within_a_day(earliest, latest):
        end = f"{latest:%H:%M}" if earliest.date() == latest.date() else "24:00"
        return words.say("within_a_day", start=start, end=end)
    return words.say("over_days", start=start, end=words.moment(latest))


def is_within_a_day(earliest: datetime, latest: datetime) -> bool:
    """Midnight at the end of a day belongs to that day: "18:00–24:00"."""
    end = latest.date() - timedelta(days=latest.time() == time() and earliest < latest)
    return earliest.date() == end


def is_day(earliest: datetime, latest: datetime) -> bool:
    """Whether an interval is so much of a day that its hours would mislead."""
    return is_within_a_day(earliest, latest) and latest - earliest >= _HALF_A_DAY


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
    return f"{ENGLISH.moment(step)} UTC · {', '.join(publishers)}"


def refused_ways(itinerary: Itinerary) -> list[str]:
    """The legs for which no believable way was found, each with the reason."""
    lines = []
    for leg in itinerary.legs:
        if leg.problem is not None:
            origin = isolated(itinerary.waypoints[leg.origin - 1].place.name)
            destination = isolated(itinerary.waypoints[leg.destination - 1].place.name)
            lines.append(f"{origin} – {destination}: {leg.problem}")
    return lines


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
