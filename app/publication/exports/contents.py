"""What goes into a whole-trip export, whatever its format.

Lives here: :class:`Contents`, the published documents of a trip with their days as EDTF and the
lines of its legs, in texts that any format can hold. Not here: sentences
(:mod:`app.publication.exports.words`) and bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from app import wording
from app.journey.derived import Leg, Waypoint
from app.journey.interval import Interval
from app.journey.model import Place
from app.publication import documents, formats, parts
from app.publication.antimeridian import cut_line
from app.publication.documents import Document
from app.publication.exports.bounding_box import Part, bounding_box
from app.publication.exports.rights import LICENCE
from app.publication.itinerary import View
from app.publication.xml_writing import plain_text


@dataclass(frozen=True, slots=True)
class Visit:
    """A waypoint, its document, and the documents of the claims that it rests on."""

    value: Waypoint
    document: Document
    claims: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """A leg and its document; ``line`` is a GeoJSON geometry, cut at the antimeridian.

    ``ends`` are the waypoints that it joins. Where no believable way was found the line is
    straight.
    """

    value: Leg
    document: Document
    line: Document
    ends: tuple[Waypoint, Waypoint]

    @property
    def parts(self) -> Sequence[Part]:
        """The line as one or more runs of positions ``[lon, lat]``."""
        coordinates: Any = self.line["coordinates"]
        return [coordinates] if self.line["type"] == "LineString" else coordinates


@dataclass(frozen=True, slots=True)
class Contents:
    """A trip as it is exported.

    ``about`` names trip, revision and ``as_of``. Every text is fit for any format.
    """

    about: Document
    title: str
    summary: str
    status_line: str
    credit: str
    visits: tuple[Visit, ...]
    ways: tuple[Way, ...]
    sightings: tuple[Document, ...]

    @property
    def description(self) -> str:
        """What the file holds, whose data it rests on and under which licences."""
        said = (self.summary, self.status_line, f"Credit: {self.credit}.", f"Licences: {LICENCE}.")
        return "\n".join(line for line in said if line)

    def box(self, *, with_claims: bool) -> list[float] | None:
        """``[west, south, east, north]`` around stops and legs; ``None`` where there are none.

        Claims may lie elsewhere: what is denied is no part of the route.
        """
        placed = [visit.document for visit in self.visits]
        if with_claims:
            placed += self.sightings
        points = [[[each["place"]["lon"], each["place"]["lat"]]] for each in placed]
        return bounding_box([*points, *(part for way in self.ways for part in way.parts)])


def gather(view: View, credit: str) -> Contents:
    """The contents of an export of ``view``."""
    itinerary = view.itinerary
    places = itinerary.trip.places
    when = {sighting.id: sighting.when for sighting in itinerary.trip.sightings}
    claims: dict[str, Document] = {
        claim["id"]: _with_days(claim, places[claim["place"]["id"]], when=when[claim["id"]])
        for claim in parts.sighting_documents(view)
    }
    visits = tuple(
        Visit(
            waypoint,
            _with_days(
                documents.waypoint(waypoint),
                waypoint.place,
                arrival=waypoint.arrival,
                departure=waypoint.departure,
            ),
            tuple(claims[claim] for claim in waypoint.sightings),
        )
        for waypoint in itinerary.waypoints
    )
    lines = [feature["geometry"] for feature in formats.leg_features(itinerary)]
    ways = tuple(
        Way(
            leg,
            _plain(documents.leg(leg, itinerary)),
            cut_line(line["coordinates"]),
            (itinerary.waypoints[leg.origin - 1], itinerary.waypoints[leg.destination - 1]),
        )
        for leg, line in zip(itinerary.legs, lines, strict=True)
    )
    return Contents(
        about=parts.about(view),
        title=plain_text(itinerary.trip.title),
        summary=plain_text(itinerary.trip.summary),
        status_line=plain_text(wording.status_line(itinerary)),
        credit=credit,
        visits=visits,
        ways=ways,
        sightings=tuple(claims.values()),
    )


def _with_days(document: Document, place: Place, **times: Interval) -> Document:
    """The document with the days of each interval, by the clock of the place."""
    zone = ZoneInfo(place.time_zone)
    days = {f"{name}_edtf": interval.edtf(zone) for name, interval in times.items()}
    plain: Document = _plain(document)
    return {**plain, **days}


def _plain(value: Any) -> Any:
    """The same with texts that any format can hold."""
    if isinstance(value, str):
        return plain_text(value)
    if isinstance(value, dict):
        return {_plain(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value
