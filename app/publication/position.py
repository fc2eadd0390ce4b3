"""Where the party can have been at an instant, as GeoJSON.

Lives here: the layout of a space-time prism as features, and their bytes, made once. Not here:
what is possible (:mod:`app.journey.prism`) and how it is said (:mod:`app.wording`).
"""

from datetime import datetime

from app import wording
from app.journey.model import Position
from app.journey.prism import prism_at
from app.journey.protocols import ReachFinder, RouteFinder
from app.journey.whereabouts import Part, PartKind, Prism
from app.publication import documents, formats, parts
from app.publication.antimeridian import cut_line
from app.publication.cache import Answer, OnceCache
from app.publication.documents import Document
from app.publication.formats import Format
from app.publication.itinerary import Itineraries, Options, View

CACHED_ANSWERS = 256
CACHED_BYTES = 16 * 1024 * 1024


class Positions:
    """Answers to "where at this instant?" over the stored trips.

    Kept apart from the other answers: there is one for each second that a reader asks for, and
    they are large.
    """

    def __init__(
        self, itineraries: Itineraries, routes: RouteFinder, networks: ReachFinder, credit: str
    ) -> None:
        self._itineraries = itineraries
        self._routes = routes
        self._networks = networks
        self._credit = credit
        self._kept: OnceCache[Answer] = OnceCache(
            CACHED_ANSWERS, weigh=lambda answer: len(answer.body), most=CACHED_BYTES
        )

    def at(self, slug: str, at: datetime, options: Options) -> Answer:
        """A FeatureCollection of all that is possible at ``at``, to the second.

        Raises :class:`app.errors.UnknownTripError`.
        """
        second = at.replace(microsecond=0)
        trip = self._itineraries.trip(slug)
        chosen = self._itineraries.canonical(trip, options)
        key = (slug, trip.revision, chosen, second)
        return self._kept.get(key, lambda: self._make(self._itineraries.view(slug, chosen), second))

    def _make(self, view: View, at: datetime) -> Answer:
        prism = prism_at(view.itinerary, at, self._routes, self._networks)
        about = {
            **parts.about(view),
            "at": documents.instant(at),
            "standing": prism.standing.value,
            "sentence": wording.position_sentence(prism),
            "credit": self._credit,
        }
        body = formats.feature_collection(position_features(prism), about)
        return Answer.of(body, Format.GEOJSON.media_type)


def position_features(prism: Prism) -> list[Document]:
    """The parts of a prism as features, in its order."""
    features = []
    for number, part in enumerate(prism.parts, start=1):
        features.append(
            {
                "type": "Feature",
                "id": f"{part.kind.value}-{number}",
                "geometry": _geometry(part),
                "properties": _properties(part, prism),
            }
        )
    return features


def _geometry(part: Part) -> Document:
    if part.position is not None:
        return {"type": "Point", "coordinates": documents.coordinate(part.position)}
    return {"type": "MultiLineString", "coordinates": _cut(part.lines)}


def _cut(lines: tuple[tuple[Position, ...], ...]) -> list[list[list[float]]]:
    """The lines within ±180°."""
    pieces: list[list[list[float]]] = []
    for line in lines:
        cut = cut_line([documents.coordinate(position) for position in line])
        whole = cut["type"] == "LineString"
        pieces += [cut["coordinates"]] if whole else cut["coordinates"]
    return pieces


def _properties(part: Part, prism: Prism) -> Document:
    waypoints = prism.itinerary.waypoints
    first, last = (waypoints[part.waypoints[end] - 1].place.time_zone for end in (0, -1))
    # The times of an estimate claim no seconds.
    told = documents.window if part.kind is PartKind.ESTIMATE else documents.interval
    return {
        "kind": part.kind.value,
        "waypoints": list(part.waypoints),
        "leg": part.leg,
        "mode": None if part.mode is None else part.mode.value,
        "over": part.over,
        "possible": {
            "from": told(part.possible, first)["earliest"],
            "to": told(part.possible, last)["latest"],
        },
        "claims": list(part.claims),
        "radius_km": part.radius_km,
        "length_km": documents.number(part.length_km),
        "simplified_km": documents.number(part.simplified_km, 3),
        "max_speed_kmh": documents.number(part.max_speed_kmh),
        "speed_kmh": documents.number(part.speed_kmh),
        "sentence": wording.part_sentence(part, prism.itinerary),
    }
