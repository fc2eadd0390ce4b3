"""The strip of figures over a trip, each with what it rests on.

Lives here: :class:`Figure` and which claims and assumptions stand behind each number. Not here:
the numbers (:mod:`app.publication.parts`), their looks (``templates/``).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.journey.derived import Itinerary, Leg, Waypoint
from app.journey.model import AssumptionKind, Modality
from app.publication.documents import Document
from app.web.local_time import TimeText, interval_text
from app.web.templating import km, number_range


@dataclass(frozen=True, slots=True)
class Ground:
    """Something that a figure rests on: ``text`` says what, ``anchor`` where on the page it is."""

    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the strip; ``asides`` are said under it, in small print.

    ``value`` is a text or a time in both clocks. ``rests_on`` are claims and assumptions, and
    ``how`` says in a sentence how they make the number.
    """

    label: str
    value: str | TimeText | None
    asides: tuple[str | TimeText, ...]
    how: str
    rests_on: tuple[Ground, ...]
    name: str
    is_wide: bool = False


def figures_of(
    itinerary: Itinerary, trip: Document, sightings: Sequence[Document]
) -> tuple[Figure, ...]:
    """The strip: distance, time, speed, and the next stop."""
    basis = _Basis(itinerary, sightings)
    totals = trip["totals"]
    figures: list[Figure] = []
    reported = [leg for leg in itinerary.legs if leg.status is Modality.REPORTED]
    if reported:
        figures += [
            _distance(totals, reported, basis),
            _elapsed(totals, basis),
            _speed(totals, reported, basis),
        ]
    else:
        figures.append(
            Figure(
                "Reported so far",
                "no leg yet",
                (),
                "A leg takes two stops that were reported.",
                basis.claims(w for w in itinerary.waypoints if not w.status.looks_ahead),
                "distance",
                is_wide=True,
            )
        )
    if trip["next_stops"]:
        figures.append(_next_stop(trip["next_stops"][0], itinerary, basis))
    return tuple(figures)


def _distance(totals: Document, legs: Sequence[Leg], basis: "_Basis") -> Figure:
    straight = totals["great_circle_km"]
    return Figure(
        "Reported so far",
        km(totals["distance_km"]),
        (f"{km(straight)} in straight lines",) if straight is not None else (),
        f"The sum of {len(legs)} {'leg' if len(legs) == 1 else 'legs'} along the network, "
        f"{number_range(totals['distance_bounds_km'], 'km')} with near-equal ways and the doubt "
        "about places.",
        basis.claims(basis.ends(legs))
        + basis.assumptions(
            AssumptionKind.VIA, AssumptionKind.AVOID, AssumptionKind.RAILWAY_COMPLETE
        ),
        "distance",
    )


def _elapsed(totals: Document, basis: "_Basis") -> Figure:
    return Figure(
        "Time so far",
        number_range(totals["elapsed_h"], "h"),
        ("from first to last report",),
        "From leaving the first stop to reaching the last, as all claims together bound it.",
        basis.bounding_the_whole()
        + basis.assumptions(AssumptionKind.MAX_SPEED, AssumptionKind.MINIMUM_STOP),
        "elapsed",
    )


def _speed(totals: Document, legs: Sequence[Leg], basis: "_Basis") -> Figure:
    # What may have been a stay counts too: the upper bound of the speed does without it.
    has_stays = totals["moving_h"] != totals["elapsed_h"]
    stays = number_range(totals["stops_h"], "h")
    return Figure(
        "Average speed",
        number_range(totals["speed_kmh"], "km/h"),
        (f"under way, stays of {stays} left out" if has_stays else "stops included",),
        f"The distance over {number_range(totals['moving_h'], 'h')} of travel"
        + (f": the time less the stays at stops, {stays}." if has_stays else "."),
        basis.claims(basis.ends(legs))
        + basis.assumptions(
            AssumptionKind.MAX_SPEED, AssumptionKind.MINIMUM_STOP, AssumptionKind.RAILWAY_COMPLETE
        ),
        "speed",
    )


def _next_stop(stop: Document, itinerary: Itinerary, basis: "_Basis") -> Figure:
    asides: list[str | TimeText] = []
    if stop["distance_km"] is not None:
        assumed = "" if stop["speed_kmh"] is None else f", at an assumed {stop['speed_kmh']:g} km/h"
        asides.append(f"{km(stop['distance_km'])} on{assumed}")
    soonest = interval_text({"earliest": stop["not_before"], "latest": None})
    if soonest is not None:
        asides.append(soonest)
        if stop["max_speed_kmh"] is not None:
            asides.append(f"at {stop['max_speed_kmh']:g} km/h at most")
    waypoints = {w.sequence: w for w in itinerary.waypoints}
    last = waypoints[itinerary.last_reported] if itinerary.last_reported else None
    return Figure(
        f"Next {stop['status']}: {stop['place']['name']}",
        interval_text(stop["arrival"]),
        tuple(asides),
        "The last reported departure, and the way from there at the assumed cruise speed.",
        basis.claims(w for w in (last, waypoints[stop["sequence"]]) if w is not None)
        + basis.assumptions(AssumptionKind.CRUISE_SPEED, AssumptionKind.MAX_SPEED),
        "next",
        is_wide=True,
    )


class _Basis:
    """Claims and assumptions by where they stand on the page."""

    def __init__(self, itinerary: Itinerary, sightings: Sequence[Document]) -> None:
        self._itinerary = itinerary
        self._sightings: Mapping[str, Document] = {s["id"]: s for s in sightings}

    def claims(self, waypoints: Iterable[Waypoint]) -> tuple[Ground, ...]:
        """What is told of some waypoints, counts there, and was not set aside."""
        names = [
            claim
            for waypoint in waypoints
            for claim in waypoint.sightings
            if claim not in waypoint.disputed
            and (
                waypoint.status.looks_ahead
                or self._sightings[claim]["modality"] == Modality.REPORTED
            )
        ]
        return self._grounds(names)

    def ends(self, legs: Sequence[Leg]) -> list[Waypoint]:
        """The waypoints at the ends of some legs, once each."""
        sequences = sorted({n for leg in legs for n in (leg.origin, leg.destination)})
        return [self._itinerary.waypoints[n - 1] for n in sequences]

    def bounding_the_whole(self) -> tuple[Ground, ...]:
        """The claims that bound the first departure and the last arrival."""
        first = self._itinerary.waypoints[0].bounded_by
        last = self._itinerary.waypoints[(self._itinerary.last_reported or 1) - 1].bounded_by
        ends = (
            first.departure_earliest,
            first.departure_latest,
            last.arrival_earliest,
            last.arrival_latest,
        )
        figures = tuple(
            Ground(f"reported duration: {figure.claim}", "figures-title")
            for figure in self._itinerary.trip.figures
            if figure.of_this_journey
            and (known := self._itinerary.as_of) is not None
            and self._known_at(figure.source) <= known.timestamp()
        )
        return self._grounds([end for end in ends if end is not None]) + figures

    def assumptions(self, *kinds: AssumptionKind) -> tuple[Ground, ...]:
        """The assumptions of some kinds that hold."""
        return tuple(
            Ground(f"assumed: {_said(a.name)}{_much(a.kmh, a.hours)}", f"assumption-{a.name}")
            for a in self._itinerary.assumptions
            if a.kind in kinds
        )

    def _grounds(self, names: Iterable[str]) -> tuple[Ground, ...]:
        return tuple(
            Ground(f"{claim['origin']} on {claim['place']['name']}", f"claim-{name}")
            for name in dict.fromkeys(names)
            if (claim := self._sightings.get(name)) is not None
        )

    def _known_at(self, source: str) -> float:
        return next(s.known_at.timestamp() for s in self._itinerary.trip.sources if s.id == source)


def _said(name: str) -> str:
    return name.replace("_", " ")


def _much(kmh: float | None, hours: float | None) -> str:
    if kmh is not None:
        return f", {kmh:g} km/h"
    return f", {hours:g} h" if hours else ""
