"""Measure what pictures cost: a map and a diagram of 30 stops, timed against geopy in one run."""

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from geopy.distance import geodesic

from app.journey.interval import Interval
from app.journey.itinerary import derive_itinerary
from app.journey.model import Event, Modality, Mode, Place, Position, Sighting, Source, Trip
from app.pictures.look import Look, Size
from app.pictures.map_ground import GroundPaths, ground_paths
from app.pictures.raster import to_png
from app.pictures.static_map import static_map
from app.pictures.time_distance import Caption, time_distance
from app.publication.ground import shown_extent
from app.publication.itinerary import Options
from app.rooms import Rooms
from app.wording import visit_time

STOPS = 30
ROUNDS = 15


def journey(rooms: Rooms) -> Trip:
    """A train that was seen at thirty points of the way from Pyongyang to Hanoi."""
    known = rooms.itineraries.view("2019-02-hanoi", Options()).itinerary
    way = [
        position
        for leg in known.legs
        if leg.mode is Mode.TRAIN and leg.route is not None and leg.destination <= 8
        for position in leg.route.geometry
    ]
    start = datetime(2019, 2, 23, 8, tzinfo=UTC)
    places, sightings = {}, []
    for n in range(STOPS):
        at: Position = way[n * (len(way) - 1) // (STOPS - 1)]
        places[f"p{n}"] = Place(f"p{n}", f"Station number {n}", at, "CN", "Asia/Shanghai")
        seen = start + timedelta(hours=4 * n)
        sightings.append(
            Sighting(
                id=f"s{n}",
                source="report",
                subject="train",
                event=Event.PASSED,
                modality=Modality.REPORTED,
                place=f"p{n}",
                when=Interval(seen, seen + timedelta(hours=2)),
            )
        )
    published = Interval.at(start + timedelta(days=30))
    return Trip(
        "bench",
        "Thirty stops",
        "X",
        sources=(Source("report", "Bench", published, reliability="B"),),
        sightings=tuple(sightings),
        places=places,
    )


def print_pictures(rooms: Rooms) -> None:
    """Print a table of the pictures of thirty stops."""
    itinerary = derive_itinerary(journey(rooms), rooms.router)
    lettering = rooms.lettering
    width, height = Size.CARD.pixels
    look = Look(width, height, credit=rooms.credit, note="A note on borders.")
    extent = shown_extent(itinerary)
    ground = rooms.ground.features(extent, width)
    times = {w.sequence: visit_time(w) for w in itinerary.waypoints}
    caption = Caption("Thirty stops", "Last reported: Station number 29", times)

    def diagram() -> str:
        return time_distance(itinerary, caption, lettering, look).to_text()

    seen: dict[object, GroundPaths] = {}

    def drawn_map(*, anew: bool) -> str:
        def see(*view: Any) -> GroundPaths:
            if anew or view[1] not in seen:
                seen[view[1]] = ground_paths(*view)
            return seen[view[1]]

        return static_map(
            itinerary,
            extent,
            ground,
            lettering,
            look,
            times=times,
            heading=("Thirty stops", "On the way"),
            see=see,
        ).to_text()

    def baseline() -> object:
        return [geodesic((39.0, 125.7), (43.1, 131.9)).km for _ in range(500)]

    print(
        f"| picture of {STOPS} stops, {width} × {height} | SVG, ms | kB | PNG, ms | kB "
        "| 500 geopy geodesics, ms | SVG against them |\n|---|---|---|---|---|---|---|"
    )
    for name, draw in (
        ("map, ground seen before", partial(drawn_map, anew=False)),
        ("map, ground seen for the first time", partial(drawn_map, anew=True)),
        ("time-distance diagram", diagram),
    ):
        svg = draw()
        png = to_png(svg, lettering)
        svg_ms, base_ms = _turn_about(draw, baseline)
        png_ms, _ = _turn_about(lambda svg=svg: to_png(svg, lettering), baseline)
        print(
            f"| {name} | {svg_ms:.1f} | {len(svg) / 1e3:.0f} | {png_ms:.0f} "
            f"| {len(png) / 1e3:.0f} | {base_ms:.1f} | {svg_ms / base_ms:.2f} |"
        )


def _turn_about(ours: Callable[[], object], baseline: Callable[[], object]) -> tuple[float, float]:
    times: list[list[float]] = [[], []]
    ours()
    for _ in range(ROUNDS):
        for timed, kept in zip((ours, baseline), times, strict=True):
            start = time.perf_counter()
            timed()
            kept.append((time.perf_counter() - start) * 1e3)
    return statistics.median(times[0]), statistics.median(times[1])
