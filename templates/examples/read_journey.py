"""Read a journey from Dateline and print its stops. Needs Python 3.11 and nothing else.

python read_journey.py http://127.0.0.1:8000 2023-09-russia 2023-09-12T13:00:00Z
"""

import json
import sys
from typing import Literal, TypedDict, cast
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen


class Window(TypedDict):
    """Some instant between the two (RFC 3339, clock of the place); None is an open end."""

    earliest: str | None
    latest: str | None


class Place(TypedDict):
    """Where: WGS 84, degrees. There are more members than these."""

    id: str
    name: str
    lon: float
    lat: float


class Waypoint(TypedDict):
    """One visit to one place."""

    sequence: int
    after: int | None
    status: Literal["reported", "expected", "possible"]
    place: Place
    arrival: Window
    departure: Window
    distance_from_start_km: float | None
    origins: list[str]


class WaypointList(TypedDict):
    """The answer; its schema is at /api/schemas/waypoints."""

    trip: str
    revision: int
    as_of: str | None
    credit: str
    waypoints: list[Waypoint]


def read_waypoints(server: str, trip: str, as_of: str | None = None) -> WaypointList:
    """The waypoints of a trip, as they were known at an instant, or as they are now."""
    query = "?" + urlencode({"as_of": as_of}) if as_of else ""
    url = f"{server}/api/trips/{quote(trip)}/waypoints{query}"
    with urlopen(Request(url, headers={"Accept": "application/json"})) as answer:
        return cast("WaypointList", json.load(answer))


def main() -> None:
    """Print a line for each stop, then whom to credit."""
    server, trip, *rest = sys.argv[1:]
    journey = read_waypoints(server, trip, *rest)
    for stop in journey["waypoints"]:
        window = stop["arrival"] if stop["arrival"]["latest"] else stop["departure"]
        said = ", ".join(stop["origins"])
        print(
            f"{stop['sequence']:>2} {stop['status']:<9} {stop['place']['name']:<28} "
            f"{window['earliest'] or '…'} – {window['latest'] or '…'}  {said}"
        )
    print(journey["credit"])


if __name__ == "__main__":
    main()
