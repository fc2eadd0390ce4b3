"""A :class:`~app.journey.model.Trip` as the text of a dossier that reads back equal.

Lives here: the order and the spelling of what is written. Not here: what it means
(:mod:`app.store.dossier_read`). Comments of a dossier are not kept. Imports the journey.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from app.errors import InputError
from app.journey.bounds import Bounds
from app.journey.interval import UNKNOWN, Interval
from app.journey.model import (
    Assumption,
    AssumptionKind,
    Evidence,
    Figure,
    Modality,
    Mode,
    Place,
    Sighting,
    Source,
    State,
    Trip,
)
from app.journey.time_wording import resolve
from app.store.dossier_fields import OPEN
from app.store.dossier_places import OWN, is_own

Value = str | float | None


def write_dossier(trip: Trip) -> str:
    """The dossier of ``trip``: ``read_dossier(write_dossier(trip)) == trip``, revision apart.

    A place stands there by its id; one that a dossier defined itself is written out where it
    is first named. The order is that of the trip, so equal trips give equal texts.
    """
    return "".join(f"{line}\n" for line in _Writer(trip).lines())


class _Writer:
    def __init__(self, trip: Trip) -> None:
        self.trip = trip
        self.sources = {source.id: source for source in trip.sources}
        self.counts: dict[str, int] = {}
        self.written_out: set[str] = set()

    def lines(self) -> Iterator[str]:
        trip = self.trip
        yield "format = 1"
        yield from _pairs(
            slug=trip.slug,
            title=trip.title,
            subject=trip.subject,
            summary=trip.summary or None,
            mode=trip.mode,
            withdrawn=trip.withdrawn,
        )
        if trip.formerly:
            yield f"formerly = [{', '.join(map(_text, trip.formerly))}]"
        for assumption in trip.assumptions:
            yield from ("", f"[assumptions.{_key(assumption.name)}]")
            yield from self._assumption(assumption)
        for source in trip.sources:
            yield from ("", "[[source]]")
            yield from _source(source)
        for sighting in trip.sightings:
            yield from ("", "[[sighting]]")
            yield from self._sighting(sighting)
        for figure in trip.figures:
            yield from ("", "[[figure]]")
            yield from self._figure(figure)

    def _assumption(self, assumption: Assumption) -> Iterator[str]:
        named = assumption.name in set(AssumptionKind) and assumption.name == assumption.kind
        yield from _pairs(
            kind=None if named else assumption.kind,
            mode=assumption.mode,
            kmh=assumption.kmh,
            hours=assumption.hours,
        )
        if assumption.countries:
            yield f"countries = [{', '.join(map(_text, assumption.countries))}]"
        if assumption.places:
            yield f"places = [{', '.join(map(self._place, assumption.places))}]"
        yield from _pairs(source=assumption.source, reason=assumption.reason)

    def _sighting(self, sighting: Sighting) -> Iterator[str]:
        count = self.counts.get(sighting.source, 0)
        self.counts[sighting.source] = count + 1
        yield from _pairs(
            id=sighting.id,
            source=sighting.source,
            attributed_to=sighting.attributed_to,
            subject=sighting.subject,
            event=sighting.event,
            modality=sighting.modality,
        )
        yield f"place = {self._place(sighting.place)}"
        yield from _pairs(when=sighting.wording or None)
        if sighting.when != self._implied(sighting):
            yield from _pairs(
                earliest=_instant(sighting.when.earliest) or OPEN,
                latest=_instant(sighting.when.latest) or OPEN,
            )
        yield from _pairs(
            mode=sighting.mode,
            evidence=None if sighting.evidence is Evidence.STATEMENT else sighting.evidence,
            credibility=sighting.credibility,
            claim=sighting.claim,
            position_in_report=(
                None if sighting.position_in_report == count else sighting.position_in_report
            ),
            state=None if sighting.state is State.ACTIVE else sighting.state,
            state_since=_instant(sighting.state_since),
            state_reason=sighting.state_reason,
            superseded_by=sighting.superseded_by,
        )

    def _implied(self, sighting: Sighting) -> Interval | None:
        """What a reader makes of the wording alone; ``None`` when nothing."""
        source = self.sources[sighting.source]
        try:
            when = UNKNOWN
            if sighting.wording:
                when = resolve(
                    sighting.wording,
                    published=source.published_at,
                    updated=source.updated_at,
                    zones=self.trip.places[sighting.place].time_zones,
                    looks_ahead=sighting.modality.looks_ahead,
                )
        except InputError:
            return None
        if sighting.modality is Modality.REPORTED:
            return when.no_later_than(source.known_at)
        return when

    def _figure(self, figure: Figure) -> Iterator[str]:
        yield from _pairs(id=figure.id, source=figure.source, attributed_to=figure.attributed_to)
        yield f"from = {self._place(figure.origin)}"
        yield f"to = {self._place(figure.destination)}"
        yield from _pairs(mode=None if figure.mode is Mode.TRAIN else figure.mode)
        for key, bounds in (("distance_km", figure.distance_km), ("duration_h", figure.duration_h)):
            if bounds is not None:
                yield f"{key} = {_bounds(bounds)}"
        if figure.of_this_journey:
            yield "of_this_journey = true"
        yield from _pairs(credibility=figure.credibility, claim=figure.claim)

    def _place(self, place_id: str) -> str:
        place = self.trip.places[place_id]
        if not is_own(place) or place_id in self.written_out:
            return _text(place_id)
        self.written_out.add(place_id)
        return f"{{ {', '.join(_own_place(place))} }}"


def _source(source: Source) -> Iterator[str]:
    yield from _pairs(
        id=source.id,
        publisher=source.publisher,
        title=source.title,
        published_at=_span(source.published_at),
        updated_at=_span(source.updated_at),
        language=source.language,
        reliability=source.reliability,
        url=source.url,
        archived_url=source.archived_url,
        retrieved_at=_instant(source.retrieved_at),
        derived_from=source.derived_from,
        note=source.note,
    )


def _own_place(place: Place) -> Iterator[str]:
    yield from _pairs(
        id=place.id,
        name=place.name,
        lon=place.position.lon,
        lat=place.position.lat,
        radius_km=place.radius_km,
        country=place.country,
        time_zone=place.time_zone,
        feature=place.feature,
        source=None if place.origin == OWN else place.origin.removeprefix(f"{OWN}: "),
    )
    if place.other_time_zones:
        yield f"other_time_zones = [{', '.join(map(_text, place.other_time_zones))}]"
    if place.names:
        yield f"names = {_names(place.names)}"


def _names(names: Mapping[str, str]) -> str:
    pairs = (f"{_text(language)} = {_text(names[language])}" for language in sorted(names))
    return f"{{ {', '.join(pairs)} }}"


def _pairs(**values: Value) -> Iterator[str]:
    for key, value in values.items():
        if value is not None:
            yield f"{key} = {_text(value) if isinstance(value, str) else _number(value)}"


def _text(value: str) -> str:
    # A JSON text is a TOML basic string, once DEL, which TOML alone forbids, is escaped.
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007F")


def _key(name: str) -> str:
    bare = name.isascii() and name.replace("-", "").replace("_", "").isalnum()
    return name if bare else _text(name)


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def _bounds(bounds: Bounds) -> str:
    if bounds.lower is not None and bounds.lower == bounds.upper:
        return _number(bounds.lower)
    ends = (("min", bounds.lower), ("max", bounds.upper))
    return f"{{ {', '.join(f'{key} = {_number(v)}' for key, v in ends if v is not None)} }}"


def _instant(instant: datetime | None) -> str | None:
    if instant is None:
        return None
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _span(interval: Interval | None) -> str | None:
    if interval is None:
        return None
    first, last = _instant(interval.earliest), _instant(interval.latest)
    return first if first == last else f"{first}/{last}"
