"""A journey of any length, by air between places of its own, for what must stay quick."""

import math
from datetime import UTC, datetime

from app.journey.interval import Interval
from app.journey.model import Event, Modality, Mode, Place, Position, Sighting, Source, Trip

_START = datetime(2024, 3, 1, 6, tzinfo=UTC)
_PUBLISHED = datetime(2024, 6, 1, tzinfo=UTC)


def long_journey(count: int) -> Trip:
    """A trip that winds about the map: ``count`` stops, each reported once."""
    step = (_PUBLISHED - _START) / (count + 1)
    places, sightings = {}, []
    for n in range(count):
        share = n / (count - 1)
        at = Position(
            round(84 + 36 * share + 1.5 * math.sin(44 * share), 4),
            round(35 + 9 * math.sin(19 * share), 4),
        )
        place = Place(f"halt-{n}", f"Halt {n}", at, "CN", "Asia/Shanghai", radius_km=1.0)
        places[place.id] = place
        seen = _START + step * n
        sightings.append(
            Sighting(
                id=f"call-{n}",
                source="log",
                subject="leader",
                event=Event.PASSED,
                modality=Modality.REPORTED,
                place=place.id,
                when=Interval(seen, seen + step / 24),
                claim=f"Call {n}.",
                credibility=2,
            )
        )
    return Trip(
        f"stops-{count}",
        f"A journey of {count:,} stops",
        "A traveller",
        mode=Mode.PLANE,
        sources=(Source("log", "The log", Interval.at(_PUBLISHED), reliability="B"),),
        sightings=tuple(sightings),
        places=places,
    )
