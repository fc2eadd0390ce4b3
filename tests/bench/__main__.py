"""Measure what look-ups, routes, itineraries, pages and answers cost, against baselines.

Lives here: the rows with the real network and answers. Not here: what serving costs
(:mod:`tests.bench.serving`), pictures (:mod:`tests.bench.pictures`), pages in a browser
(:mod:`tests.bench.pages`), many readers behind a cache (:mod:`tests.bench.readers`), and pure
reasoning over ever longer journeys (:mod:`tests.bench.reasoning`), whose tables are printed after
this one.

Every row is two things timed in the same process, turn and turn about; what is quoted is the
ratio of their medians, since absolute times say more of the machine than of the code.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import folium
import orjson
from fastapi import FastAPI
from geopy.distance import geodesic

from app.geo.pathfinding import PathFinder
from app.journey.itinerary import derive_itinerary
from app.journey.model import Mode
from app.main import create_app
from app.pictures.extent import Extent
from app.pictures.route_map import route_map
from app.publication import documents, formats
from app.publication.cache import Answer
from app.rooms import Rooms
from app.settings import Settings
from tests.bench.models import WaypointsModel
from tests.bench.pages import print_pages
from tests.bench.pictures import print_pictures
from tests.bench.readers import print_readers
from tests.bench.reasoning import print_scaling
from tests.bench.serving import print_serving

ROUNDS = 15
POINTS = 1000


@dataclass(frozen=True)
class Row:
    """A promise: ``ours`` against ``baseline``, both timed for ``ROUNDS`` rounds."""

    what: str
    ours: Callable[[], object]
    baseline_name: str
    baseline: Callable[[], object]


def measure(row: Row) -> tuple[float, float]:
    """Median seconds of ours and of the baseline, measured turn and turn about."""
    ours, baseline = [], []
    row.ours()
    row.baseline()
    for _ in range(ROUNDS):
        for timed, times in ((row.ours, ours), (row.baseline, baseline)):
            start = time.perf_counter()
            timed()
            times.append(time.perf_counter() - start)
    return statistics.median(ours), statistics.median(baseline)


def geodesic_length(points: list[Any]) -> float:
    """The length of a line, one geopy geodesic for each step."""
    return sum(geodesic((a.lat, a.lon), (b.lat, b.lon)).km for a, b in pairwise(points))


def marker_map(points: list[Any]) -> str:
    """A page as folium users write it: a Marker with a popup for each point."""
    shown = folium.Map(tiles=None)
    for point in points:
        folium.Marker((point.lat, point.lon), popup=f"{point.lat:.3f} {point.lon:.3f}").add_to(
            shown
        )
    return str(shown.get_root().render())


class Caller:
    """Calls an ASGI application without a network, so that only the server's work is timed."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._loop = asyncio.new_event_loop()

    def get(self, path: str, times: int = 1) -> bytes:
        """The body that the last of ``times`` calls answers."""
        return self._loop.run_until_complete(self._get(path, times))

    async def _get(self, path: str, times: int) -> bytes:
        body = b""

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            nonlocal body
            if message["type"] == "http.response.start" and message["status"] != 200:
                raise RuntimeError(f"{path} answered {message['status']}")
            body = message.get("body", body)

        for _ in range(times):
            scope = {
                "type": "http",
                "asgi": {"version": "3.0"},
                "http_version": "1.1",
                "method": "GET",
                "scheme": "http",
                "path": path,
                "raw_path": path.encode(),
                "query_string": b"",
                "root_path": "",
                "headers": [(b"host", b"localhost")],
                "client": ("127.0.0.1", 1),
                "server": ("127.0.0.1", 80),
            }
            await self._app(scope, receive, send)
        return body


def rows(rooms: Rooms) -> list[Row]:
    """What is measured."""
    gazetteer, router = rooms.gazetteer, rooms.router
    ends = [gazetteer.resolve(name).position for name in ("Pyongyang", "Vladivostok")]
    network = router.finder(Mode.TRAIN).network
    line = list(router.route(*ends).geometry)
    points = [
        gazetteer.place(label.place.id).position
        for label in gazetteer.labels(
            west=-180.0, south=-60.0, east=180.0, north=75.0, limit=POINTS
        )
    ]
    trip = rooms.repository.trip("2023-09-russia")
    derive_itinerary(trip, router)
    shell = Extent.around(points)
    asset_urls = {}

    def page() -> bytes:
        features = [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": documents.coordinate(point)},
                "properties": {"name": f"{point.lat:.3f} {point.lon:.3f}"},
            }
            for point in points
        ]
        built = route_map(
            "bench", shell, lambda url: asset_urls.setdefault(url, f"/vendor/{len(asset_urls)}")
        )
        return built.script.encode() + formats.feature_collection(features, {})

    ours = Caller(create_app(rooms=rooms))
    address = "/api/trips/2023-09-russia/waypoints"
    document = orjson.loads(ours.get(address))
    plain = FastAPI()

    @plain.get("/waypoints")
    def waypoints() -> WaypointsModel:
        return WaypointsModel.model_validate(document)

    theirs = Caller(plain)
    fresh = {"n": 0}

    def route_cold() -> object:
        # A destination a few metres further each time, so that no cache has it.
        fresh["n"] += 1
        end = ends[1]._replace(lat=ends[1].lat + fresh["n"] * 1e-5)
        return router.route(ends[0], end)

    return [
        Row(
            "look-up of a name, exact (100 names)",
            lambda: [gazetteer.search("Владивосток", limit=1) for _ in range(100)],
            "geopy geodesic, 100 times",
            lambda: [geodesic((39.0, 125.7), (43.1, 131.9)).km for _ in range(100)],
        ),
        Row(
            "route Pyongyang–Vladivostok, not in any cache",
            route_cold,
            f"geopy geodesic along its {len(line):,} points",
            lambda: geodesic_length(line),
        ),
        Row(
            "load of the rail network",
            lambda: PathFinder(
                type(network).load(rooms.settings.reference_dir / "railways.npz"), Mode.TRAIN
            ),
            f"geopy geodesic along {len(line):,} points",
            lambda: geodesic_length(line),
        ),
        Row(
            f"itinerary of {len(trip.sightings)} claims, routes known",
            lambda: derive_itinerary(replace(trip), router),
            f"geopy geodesic along {len(line):,} points",
            lambda: geodesic_length(line),
        ),
        Row(
            f"map of {POINTS:,} points: Folium shell and GeoJSON",
            page,
            "folium with a Marker and popup for each",
            lambda: marker_map(points),
        ),
        Row(
            "answer with the waypoints, made anew",
            lambda: Answer.of(
                formats.to_json(
                    [documents.waypoint(w) for w in derive_itinerary(trip, router).waypoints]
                ),
                "application/json",
            ),
            "FastAPI with response models, one answer",
            lambda: theirs.get("/waypoints"),
        ),
    ]


def main() -> None:
    """Print a table of ratios, and one of the time per claim."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(database_url=f"sqlite:///{Path(folder) / 'bench.db'}")
        rooms = Rooms(settings)
        rooms.check_reference()
        rooms.load_dossiers(sorted(settings.seeds_dir.glob("*.toml")))
        print("| what | ms | baseline | ms | ratio |\n|---|---|---|---|---|")
        for row in rows(rooms):
            ours, baseline = measure(row)
            print(
                f"| {row.what} | {ours * 1e3:.2f} | {row.baseline_name} | {baseline * 1e3:.2f} "
                f"| {ours / baseline:.3f} |"
            )
        print()
        print_serving(Path(folder) / "bench.db")
        print()
        print_pictures(rooms)
        print()
        print_pages(rooms, Path(folder) / "bench.db")
        print()
        print_readers(rooms)
    print()
    print_scaling()


if __name__ == "__main__":
    main()
