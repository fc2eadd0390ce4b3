"""Journeys made by hand for pictures, and their maps: nothing is derived, nothing looked up."""

from dataclasses import replace

from app.journey.bounds import UNBOUNDED, Bounds
from app.journey.derived import Itinerary, Leg, Route, Verdict, Waypoint
from app.journey.interval import UNKNOWN
from app.journey.model import Modality, Mode, Place, Position, Trip
from app.pictures.lettering import Advances, Lettering
from app.pictures.look import Look, Size
from app.pictures.static_map import static_map
from app.publication.ground import shown_extent
from app.words import ENGLISH

REPORTED, EXPECTED, POSSIBLE = Modality.REPORTED, Modality.EXPECTED, Modality.POSSIBLE
CREDIT = "Railways © Somebody (ODbL); Places: Others (CC BY 4.0); Base map: Everybody"
PLAIN = Lettering((), {"regular": Advances(), "bold": Advances()})
"""A lettering that needs no files: every letter is as wide as any other."""
ALL_SIZES = [*(size.pixels for size in Size), (360, 300), (1600, 300), (360, 1200)]


def stop(sequence, lon, lat, status=REPORTED, after=None, name=None, place=None, **changes):
    where = Place(
        place or f"place-{lon}-{lat}", name or f"Place {sequence}", Position(lon, lat), "RU", "UTC"
    )
    after = (sequence - 1 or None) if after is None else after
    return replace(Waypoint(sequence, after, status, where, UNKNOWN, UNKNOWN, (), ()), **changes)


def journey(*waypoints, routed=True, last=None):
    """Waypoints with a leg to each from the one before; ``routed``: along a way with a bend."""
    legs = []
    for w in waypoints:
        if w.after is None:
            continue
        a, b = waypoints[w.after - 1].place.position, w.place.position
        bend = Position((a.lon + b.lon) / 2 if abs(a.lon - b.lon) < 180 else b.lon, a.lat)
        way = Route(Mode.TRAIN, 1.0, 1.0, Bounds(1.0, 1.0), (0.0, 0.0), (), (a, bend, b))
        legs.append(
            Leg(
                len(legs) + 1, w.after, w.sequence, None, Mode.TRAIN, w.status,
                way if routed else None, None, 1.0, UNBOUNDED, UNBOUNDED, None, Verdict.UNKNOWN,
            )
        )  # fmt: skip
    reported = [w.sequence for w in waypoints if w.status is REPORTED]
    last = max(reported, default=None) if last is None else last
    return Itinerary(Trip("trip", "A journey", "Somebody"), None, waypoints, tuple(legs), {}, last)


def drawn(itinerary, width=1200, height=630, lettering=PLAIN, ground=None, times=None, **changes):
    look = Look(width, height, credit=CREDIT, note=ENGLISH["borders"], **changes)
    heading = ("A journey", "Last reported: somewhere, at some time")
    return static_map(
        itinerary, shown_extent(itinerary), ground or {}, lettering, look,
        times={w.sequence: "12 Sep 06:00–09:00 local" for w in itinerary.waypoints}
        if times is None else times, heading=heading,
    )  # fmt: skip


LONG = "Llanfair­pwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch " * 3
NAMES = ["بيونغيانغ", "פיונגיאנג", "평양 직할시", "Космодром Восточный", LONG, "", " ", "x" * 400,
         "a\x00b\x07\u202ec\n\td", "<script>alert(1)</script>&amp;"]  # fmt: skip
ODD = {
    "none": journey(),
    "one": journey(stop(1, 131, 43)),
    "over the antimeridian": journey(stop(1, 178, 64), stop(2, -175, 66), stop(3, -160, 64)),
    "back over it": journey(stop(1, -179, 64), stop(2, 179, 65)),
    "at a pole": journey(stop(1, 10, 85.5), stop(2, 60, 88.9), stop(3, 200 - 360, 90)),
    "at the other": journey(stop(1, 10, -85.5), stop(2, 60, -90)),
    "around the world": journey(*(stop(n, -180 + 36 * n, 10 * n - 50) for n in range(1, 10))),
    "many": journey(
        *(stop(n, 30 + n * 7919 % 613 / 40, 50 + n * 104729 % 509 / 60) for n in range(1, 501))
    ),
    "many in one place": journey(*(stop(n, 30, 60, place="home") for n in range(1, 501))),
    "many in a row": journey(*(stop(n, 30 + n / 30, 60 + n / 50) for n in range(1, 501))),
    "many ahead": journey(
        stop(1, 30, 60),
        *(stop(n, 30 + n * 7919 % 613 / 40, 60 + n / 40, POSSIBLE, 1) for n in range(2, 200)),
    ),
    "strange names": journey(
        *(stop(n + 1, 30 + 2 * n, 60 + n % 3, name=name) for n, name in enumerate(NAMES))
    ),
    "only possible": journey(stop(1, 30, 60, POSSIBLE), stop(2, 34, 61, POSSIBLE)),
    "ways not known": journey(
        stop(1, 30, 60), stop(2, 34, 61), stop(3, 38, 59, EXPECTED), routed=False
    ),
    "last beside next": journey(stop(1, 20, 60), stop(2, 30, 60), stop(3, 30.01, 60, EXPECTED)),
}  # fmt: skip
