"""What the browser draws and joins up on a trip's page, as plain text and numbers.

Lives here: the JSON that stands in a page beside its map. Not here: the page as a whole
(:mod:`app.web.trip_page`). Everything is for ``textContent``: nothing is markup.
"""

from collections.abc import Sequence
from typing import Any

from app.publication import formats
from app.publication.documents import Document
from app.publication.itinerary import View
from app.web.stops import Stop


def waypoint_markers(stops: Sequence[Stop], west: float) -> list[Document]:
    """The stops; longitudes count on from the map's ``west`` edge."""
    return [_marker(stop, west) for stop in stops]


def leg_lines(view: View, west: float) -> list[Document]:
    """The legs with their lines; longitudes count on from the map's ``west`` edge."""
    return [_line(feature, west) for feature in formats.leg_features(view.itinerary)]


def claim_links(sightings: Sequence[Document]) -> list[Document]:
    """Which stop and which contradictions each claim belongs to."""
    return [
        {
            "id": claim["id"],
            "origin": claim["origin"],
            "place": claim["place"]["name"],
            "waypoint": claim["waypoint"],
            "contradictions": claim["contradictions"],
        }
        for claim in sightings
    ]


def _marker(stop: Stop, west: float) -> Document:
    document = stop.document
    place = document["place"]
    return {
        "sequence": document["sequence"],
        "status": document["status"],
        "place": place["id"],
        "name": place["name"],
        "other_names": [{"text": n.text, "language": n.language} for n in stop.other_names],
        "lon": _unwrapped(place["lon"], west),
        "lat": place["lat"],
        "radius_km": place["radius_km"],
        "time_zone": place["time_zone"],
        "since": _since(document),
        "short_time": stop.short_time,
        "subjects": document["subjects"],
        "seen": stop.seen,
        "times": [{"label": t.label, "local": t.text.local, "utc": t.text.utc} for t in stop.times],
        "distance_km": document["distance_from_start_km"],
        "claims": [
            {
                "origin": claim["origin"],
                "publisher": claim["publisher"],
                "claim": claim["claim"],
                "grade": f"{claim['reliability']}{claim['credibility']}",
                "disputed": claim["disputed"],
            }
            for claim in stop.claims
        ],
    }


def _since(document: Document) -> str | None:
    """From when on the clock of a stop is the one to go by: its first instant that is known."""
    known = (document[end][bound] for end in ("arrival", "departure") for bound in _BOUNDS)
    return next(filter(None, known), None)


_BOUNDS = ("earliest", "latest")


def _line(feature: Document, west: float) -> Document:
    leg = feature["properties"]
    return {
        "sequence": leg["sequence"],
        "from": leg["from"]["sequence"],
        "to": leg["to"]["sequence"],
        "branch": leg["branch"],
        "status": leg["status"],
        "mode": leg["mode"],
        "is_guess": leg["problem"] is not None,
        "coordinates": [
            [_unwrapped(lon, west), lat] for lon, lat in feature["geometry"]["coordinates"]
        ],
    }


def _unwrapped(lon: Any, west: float) -> float:
    # A window across the antimeridian counts on past 180, and so must what is drawn in it.
    return float(lon + 360.0 if lon < west else lon)
