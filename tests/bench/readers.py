"""Measure what many readers of one article cost the server behind the cache of the README.

Ten thousand embeds are opened within a minute and stay open: each asks every eight to twelve
seconds whether there is anything new. All of it goes to an nginx on loopback.
"""

import os
import random
from collections import Counter

from app.rooms import Rooms
from tests.behind_nginx import Readers, behind_nginx, is_here

READERS = int(os.environ.get("READERS", "10000"))
SECONDS = float(os.environ.get("READ_FOR", "60"))
TRIP = "2023-09-russia"
OPENED = (f"/embed/{TRIP}", f"/trips/{TRIP}/map.js", f"/trips/{TRIP}/basemap.json")
ASKED = f"/api/trips/{TRIP}/revision"
EVERY_S, SPREAD_S = 8.0, 4.0


def print_readers(rooms: Rooms) -> None:
    """Print what readers got, and what of it reached the server; ``rooms`` hold the seeds."""
    if not is_here():
        print("No nginx here: readers behind a cache were not measured.")
        return
    plan = _plan(random.Random(1))
    with behind_nginx(rooms) as site:
        told = Readers(site.port, connections=64).ask_at(plan)
        reached = list(site.reached)
    wrong = sum(count for status, count in told.statuses.items() if status != 200)
    if wrong:
        print(f"{wrong} answers were wrong: {dict(told.statuses)}")
    unchanged = Counter(one.status for one in reached)[304]
    print(
        f"{READERS:,} embeds opened within {SECONDS:.0f} s, and each asking for what is new:\n\n"
        "| | requests | kB |\n|---|---|---|\n"
        f"| readers of the cache | {len(plan):,} | {told.bytes / 1e3:,.0f} |\n"
        f"| cache of the server | {len(reached):,}, {unchanged:,} of them only whether it changed "
        f"| {sum(one.bytes for one in reached) / 1e3:,.0f} |"
    )


def _plan(chance: random.Random) -> list[tuple[float, str]]:
    planned = []
    for _ in range(READERS):
        at = chance.uniform(0, SECONDS)
        planned += [(at, path) for path in OPENED]
        while (at := at + EVERY_S + chance.uniform(0, SPREAD_S)) < SECONDS:
            planned.append((at, ASKED))
    return planned
