"""The numbers of an inconsistency, and how far an assumption must be relaxed to end it.

Lives here: the time and the way that are left between two claims which clash. Not here: which
assumption gives way (:mod:`app.journey.contradictions`). Imports the journey's nouns and parts
only.
"""

from collections.abc import Sequence
from itertools import permutations

from app.journey.arrangement import Arrangement, Loosened, Step
from app.journey.constraints import HOUR, Inconsistency, instant_from, instant_to, is_open
from app.journey.contradiction import Clash
from app.journey.model import Assumption, AssumptionKind
from app.journey.order import EXACT_LIMIT
from app.journey.travel import Travel

_A_TRIFLE_MORE = 1.0 + 1e-12
"""Times what is needed: so that rounding leaves it on the possible side."""


def loosen_speed(
    loosened: Loosened,
    arrangement: Arrangement,
    wrong: Inconsistency,
    assumed: Assumption,
    needed_kmh: float,
) -> float:
    """Raise the assumed maximum on the legs in question, no more than is needed, km/h."""
    window, slow = _window(arrangement, wrong), []
    pairs = pairs_of(arrangement, wrong)
    for pair, step in zip(pairs, _steps(arrangement, wrong), strict=True):
        if step.max_speed_kmh and assumed.mode in (step.mode, None):
            slow.append((pair, step))
        else:
            window -= step.gap
    speed = max(
        needed_kmh * _A_TRIFLE_MORE, _uniform_speed([step for _, step in slow], window / HOUR)
    )
    # Whichever way round the visits between are put, they are the same legs.
    places = {place for pair, _ in slow for place in pair}
    pairs = list(permutations(places, 2)) if len(places) <= EXACT_LIMIT else pairs
    for pair in pairs:
        loosened.speeds_kmh[pair] = max(speed, loosened.speeds_kmh.get(pair, 0.0))
    return speed


def loosen_stop(
    loosened: Loosened, arrangement: Arrangement, wrong: Inconsistency, assumed: Assumption
) -> float:
    """Shorten the assumed stop to what is left for it, hours."""
    travel = sum(step.gap for step in _steps(arrangement, wrong))
    network = arrangement.network
    left = network.upper[wrong.last] - network.lower[wrong.first] - travel
    places = set(assumed.places)
    stops = [
        n
        for n, visit in enumerate(arrangement.visits)
        if visit.place.id in places and wrong.first <= 2 * n and 2 * n + 1 <= wrong.last
    ]
    other = sum(
        network.gap[2 * n + 1]
        for n in range(wrong.first // 2, wrong.last // 2 + 1)
        if n not in stops and wrong.first <= 2 * n and 2 * n + 1 <= wrong.last
    )
    hours = max(0.0, (left - other) / max(1, len(stops)) / HOUR) / _A_TRIFLE_MORE
    for n in stops:
        loosened.stops_h[arrangement.visits[n].place.id] = hours
    return hours


def _uniform_speed(steps: Sequence[Step], window_h: float) -> float:
    """The least speed that, where a step's own maximum is lower, makes all fit the window.

    0 where none does.
    """
    slow = list(steps)
    while True:
        fast_h = sum(s.least_km / (s.max_speed_kmh or 1.0) for s in steps if s not in slow)
        if window_h <= fast_h:
            return 0.0
        speed = sum(s.least_km for s in slow) / (window_h - fast_h) * _A_TRIFLE_MORE
        still = [s for s in slow if (s.max_speed_kmh or 0.0) < speed]
        if len(still) == len(slow):
            return speed
        slow = still


def pairs_of(arrangement: Arrangement, wrong: Inconsistency) -> list[tuple[str, str]]:
    """The ids of the two places of every leg in an inconsistency."""
    visits = arrangement.visits
    return [
        (visits[n].place.id, visits[n + 1].place.id)
        for n in range(wrong.first // 2, wrong.last // 2)
    ]


def _steps(arrangement: Arrangement, wrong: Inconsistency) -> Sequence[Step]:
    return arrangement.steps[wrong.first // 2 : wrong.last // 2]


def _window(arrangement: Arrangement, wrong: Inconsistency) -> int:
    """The time left for travelling in an inconsistency, ticks."""
    network = arrangement.network
    window = network.upper[wrong.last] - network.lower[wrong.first]
    for span in network.spans:
        if span.by in wrong.spans:
            window = min(window, span.most)
    stops = range(wrong.first + 1, wrong.last + 1)
    return window - sum(network.gap[k] for k in stops if k % 2)


def clash_of(alone: Arrangement, kinds: set[AssumptionKind], travel: Travel) -> Clash:
    """The numbers of a smallest set, arranged by itself."""
    network = alone.network
    found = network.inconsistencies()
    if not found:
        # It takes "leader aboard" to make one party of them, or visits kept apart by others.
        return Clash(None, None)
    wrong = found[0]
    lower, upper = network.lower[wrong.first], network.upper[wrong.last]
    steps = _steps(alone, wrong)
    window = _window(alone, wrong)
    known = not (is_open(lower) or is_open(upper)) or bool(wrong.spans)
    km = sum(step.least_km for step in steps)
    by_speed = AssumptionKind.MAX_SPEED in kinds and known and window > 0
    assumed = [travel.max_speed_kmh(step.mode) for step in steps]
    speeds = [speed for speed in assumed if speed is not None]
    needed_kmh = km * HOUR / window if by_speed else None
    if wrong.spans and needed_kmh is not None and needed_kmh <= max(speeds, default=0.0):
        by_speed = False  # it is the reported duration that clashes, at any speed
    stop = sum(network.gap[k] for k in range(wrong.first + 1, wrong.last + 1) if k % 2)
    return Clash(
        earlier=network.lower_by[wrong.first],
        later=network.upper_by[wrong.last],
        not_before=instant_from(lower),
        not_after=instant_to(upper),
        available_h=(upper - lower) / HOUR if not (is_open(lower) or is_open(upper)) else None,
        needed_h=stop / HOUR if AssumptionKind.MINIMUM_STOP in kinds else None,
        distance_km=km if by_speed else None,
        great_circle=by_speed and AssumptionKind.RAILWAY_COMPLETE not in kinds,
        needed_speed_kmh=needed_kmh if by_speed else None,
        max_speed_kmh=max(speeds, default=None) if by_speed else None,
    )
