"""The features of a trip, made once: bytes to send, and what they are asked by.

Lives here: ids, geometry, time and properties of each feature. Ids last: they are made of slugs,
and of ids and sequences within the trip. Not here: finding them again
(:mod:`app.publication.features.index`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import orjson
import shapely
from shapely.geometry import shape

from app import wording
from app.journey.derived import Itinerary, Leg
from app.journey.interval import UNKNOWN, Interval
from app.journey.model import Place
from app.publication import documents, parts
from app.publication.antimeridian import cut_line
from app.publication.documents import Document
from app.publication.features.collections import (
    LEG_TIMES,
    OWN_NAMES,
    PROPERTIES,
    QUERYABLES,
    Collection,
)
from app.publication.itinerary import View
from app.store.dossier_places import is_own

Value: TypeAlias = str | int | bool
"""What a property can be asked for: numbers with a fraction are never equal enough."""

ALWAYS_BEFORE, ALWAYS_AFTER = -(2**63), 2**63 - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature of one collection.

    ``body`` is the GeoJSON feature (RFC 7946), without links. ``begins`` and ``ends`` are
    microseconds since 1970, both included; a feature without time has all the time there is.
    ``values`` holds what it can be asked by, for each queryable of its collection.
    """

    id: str
    body: bytes
    geometry: shapely.Geometry
    begins: int
    ends: int
    values: tuple[tuple[Value, ...], ...]


def microseconds(value: datetime | None, unknown: int) -> int:
    """Since 1970, exactly; ``unknown`` for an open end."""
    return unknown if value is None else (value - _EPOCH) // timedelta(microseconds=1)


def waypoint_features(view: View) -> list[Feature]:
    """Visits, in the order of the journey, branches last."""
    slug = view.itinerary.trip.slug
    return [
        _feature(
            Collection.WAYPOINTS,
            f"{slug}.waypoint-{waypoint.sequence}",
            _point(waypoint.place),
            _as_published(waypoint.arrival.earliest, waypoint.departure.latest),
            {"trip": slug, **_flat(documents.waypoint(waypoint))},
        )
        for waypoint in view.itinerary.waypoints
    ]


def leg_features(view: View) -> list[Feature]:
    """Travel, in the order of the legs' ends; straight where no way was found."""
    slug = view.itinerary.trip.slug
    features = []
    for leg in view.itinerary.legs:
        origin = view.itinerary.waypoints[leg.origin - 1]
        destination = view.itinerary.waypoints[leg.destination - 1]
        positions = (
            (origin.place.position, destination.place.position)
            if leg.route is None
            else leg.route.geometry
        )
        features.append(
            _feature(
                Collection.LEGS,
                f"{slug}.leg-{leg.sequence}",
                cut_line(documents.line_string(positions)["coordinates"]),
                _as_published(origin.departure.earliest, destination.arrival.latest),
                {
                    "trip": slug,
                    **_flat(documents.leg(leg, view.itinerary)),
                    **_leg_times(leg, view.itinerary),
                },
            )
        )
    return features


def _leg_times(leg: Leg, itinerary: Itinerary) -> Document:
    origin = itinerary.waypoints[leg.origin - 1]
    destination = itinerary.waypoints[leg.destination - 1]
    departure = documents.window(origin.departure, origin.place.time_zone)
    arrival = documents.window(destination.arrival, destination.place.time_zone)
    return dict(zip(LEG_TIMES, (*departure.values(), *arrival.values()), strict=True))


def sighting_features(view: View) -> list[Feature]:
    """Claims, newest report last."""
    trip = view.itinerary.trip
    when = {sighting.id: sighting.when for sighting in trip.sightings}
    return [
        _feature(
            Collection.SIGHTINGS,
            f"{trip.slug}.{document['id']}",
            {
                "type": "Point",
                "coordinates": [document["place"]["lon"], document["place"]["lat"]],
            },
            when[document["id"]],
            {"trip": trip.slug, **_flat(document)},
        )
        for document in parts.sighting_documents(view)
    ]


def place_features(views: Iterable[View]) -> list[Feature]:
    """The places that the trips name, in the order of first mention; gazetteer entries once.

    A place that a dossier defines itself is that trip's own: another trip may mean another one
    by the same id.
    """
    named: dict[str, tuple[Place, list[str]]] = {}
    for view in views:
        slug = view.itinerary.trip.slug
        for place in _named_by(view):
            key = f"{slug}.{place.id}" if is_own(place) else place.id
            slugs = named.setdefault(key, (place, []))[1]
            slugs.append(slug)
    return [
        _feature(
            Collection.PLACES,
            feature_id,
            _point(place),
            UNKNOWN,
            {"trips": slugs, **_flat({"place": documents.place(place)})},
            trip=slugs,
        )
        for feature_id, (place, slugs) in named.items()
    ]


def _named_by(view: View) -> list[Place]:
    """The places of what was known by then, each once; of assumptions always."""
    if view.as_of is None:
        return []
    trip = view.itinerary.trip
    known = {source.id for source in trip.sources if source.known_at <= view.as_of}
    ids = [sighting.place for sighting in trip.sightings if sighting.source in known]
    for figure in trip.figures:
        if figure.source in known:
            ids += [figure.origin, figure.destination]
    for assumption in trip.assumptions:
        ids += assumption.places
    return [trip.places[place_id] for place_id in dict.fromkeys(ids)]


def _feature(
    collection: Collection,
    feature_id: str,
    geometry: Document,
    time: Interval,
    said: Document,
    **asked_by: list[str],
) -> Feature:
    names = OWN_NAMES.get(collection, {})
    said = {names.get(name, name): value for name, value in said.items()}
    properties = {name: said.get(name) for name in PROPERTIES[collection]}
    document = {
        "type": "Feature",
        "id": feature_id,
        "geometry": geometry,
        "properties": properties,
    }
    return Feature(
        id=feature_id,
        body=orjson.dumps(document),
        geometry=shape(geometry),
        begins=microseconds(time.earliest, ALWAYS_BEFORE),
        ends=microseconds(time.latest, ALWAYS_AFTER),
        values=tuple(
            tuple(asked_by.get(name) or _asked_by(properties[name]))
            for name in QUERYABLES[collection]
        ),
    )


def _asked_by(value: Any) -> tuple[Value, ...]:
    return () if value is None else (value,)


def _as_published(begins: datetime | None, ends: datetime | None) -> Interval:
    """In whole minutes, as the properties say: who asks and who reads get the same answer."""
    if begins is not None and ends is not None and begins > ends:
        begins, ends = ends, begins  # claims set aside may leave a visit no time at all
    return Interval(*wording.whole_minutes(Interval(begins, ends)))


def _point(place: Place) -> Document:
    return {"type": "Point", "coordinates": documents.coordinate(place.position)}


def _flat(document: Mapping[str, Any], prefix: str = "") -> Document:
    """Nested keys joined by ``_``; ``names`` stay together, since languages differ."""
    flat: Document = {}
    for key, value in document.items():
        if isinstance(value, Mapping) and key != "names":
            flat |= _flat(value, f"{prefix}{key}_")
        else:
            flat[f"{prefix}{key}"] = value
    return flat
