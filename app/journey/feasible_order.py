"""An order of visits that leaves consistent times: the shortest there is.

A travelling salesman with time windows, exact up to eight visits: labels of length and time,
of which only those are kept that no other beats in both (Dumas et al. 1995, *Operations
Research* 43). Lives here: the search. Not here: how visits are ordered by their claims
(:mod:`app.journey.order`). Imports the journey's visits only.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.journey.constraints import LATEST
from app.journey.order import EXACT_LIMIT, Distance
from app.journey.visits import Visit

Gap = Callable[[Visit, Visit], int]


@dataclass(frozen=True, slots=True)
class Window:
    """What one visit's claims say of its arrival and departure, ticks.

    ``stop`` is the least time between the two, ``passed`` says that there is none. ``by``
    names who says so: arrival from below and above, departure from below and above.
    """

    arrival_lower: int
    arrival_upper: int
    departure_lower: int
    departure_upper: int
    stop: int
    passed: bool
    by: tuple[str | None, str | None, str | None, str | None]

    def leave(self, reached: int) -> int | None:
        """The earliest departure when it is reached no earlier than ``reached``, if any."""
        arrival = max(reached, self.arrival_lower)
        departure = max(arrival + self.stop, self.departure_lower)
        if self.passed:
            arrival = departure
        if arrival > self.arrival_upper or departure > self.departure_upper:
            return None
        return departure


_Label = tuple[float, int, tuple[int, ...]]


def shortest_feasible(
    visits: Sequence[Visit],
    windows: Mapping[str, Window],
    gap: Gap,
    distance_km: Distance,
    *,
    before: Visit | None,
    ready: int,
    after: Visit | None,
) -> list[Visit] | None:
    """The shortest order in which every visit's window can be met; ``None`` when none is found.

    ``ready`` is when ``before`` can be left at the earliest; ``after`` must still be reached in
    time. Among more than eight visits only the order of their deadlines is tried.
    """
    if len(visits) > EXACT_LIMIT:
        return _by_deadline(visits, windows, gap, before, ready)
    count = len(visits)
    labels: dict[tuple[int, int], list[_Label]] = {}
    for n, visit in enumerate(visits):
        left = windows[visit.key].leave(ready + (gap(before, visit) if before else 0))
        if left is not None:
            length = distance_km(before.place, visit.place) if before else 0.0
            labels[1 << n, n] = [(length, left, (n,))]
    between = [[(gap(a, b), distance_km(a.place, b.place)) for b in visits] for a in visits]
    for visited in range(1, 1 << count):
        for last in range(count):
            for length, left, order in labels.get((visited, last), ()):
                for n in range(count):
                    if visited >> n & 1:
                        continue
                    time, km = between[last][n]
                    then = windows[visits[n].key].leave(left + time)
                    if then is not None:
                        label = (round(length + km, 3), then, (*order, n))
                        _keep(labels.setdefault((visited | 1 << n, n), []), label)
    complete = (1 << count) - 1
    finished: list[tuple[float, tuple[int, ...]]] = []
    for last in range(count):
        for length, left, order in labels.get((complete, last), ()):
            if after is not None:
                if left + gap(visits[last], after) > _deadline(windows[after.key]):
                    continue
                length = round(length + distance_km(visits[last].place, after.place), 3)  # noqa: PLW2901 - the way on belongs to it
            finished.append((length, order))
    return [visits[n] for n in min(finished)[1]] if finished else None


def _keep(labels: list[_Label], label: _Label) -> None:
    """Add a label unless another is no longer and no later; drop those that it beats."""
    if any(other[0] <= label[0] and other[1] <= label[1] for other in labels):
        return
    labels[:] = [o for o in labels if not (label[0] <= o[0] and label[1] <= o[1])]
    labels.append(label)


def _by_deadline(
    visits: Sequence[Visit],
    windows: Mapping[str, Window],
    gap: Gap,
    before: Visit | None,
    ready: int,
) -> list[Visit] | None:
    ordered = sorted(visits, key=lambda visit: _deadline(windows[visit.key]))
    for visit in ordered:
        left = windows[visit.key].leave(ready + (gap(before, visit) if before else 0))
        if left is None:
            return None
        before, ready = visit, left
    return ordered


def _deadline(window: Window) -> int:
    return min(window.arrival_upper, window.departure_upper, LATEST)
