"""Ask one server process for a while over many connections at once: ``make soak``.

Against the embed, its data and its pictures, on loopback only, for ``SECONDS``; prints the rate,
the errors, and how much memory the server holds from time to time. Linux only.
"""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from app.rooms import Rooms
from app.settings import Settings
from tests.bench.serving import dateline_server

CONNECTIONS = int(os.environ.get("CONNECTIONS", "200"))
SECONDS = float(os.environ.get("SECONDS", "60"))
TRIP = "2023-09-russia"
PATHS = (
    f"/embed/{TRIP}",
    f"/embed/{TRIP}?as_of=2023-09-12T13:00:00Z",
    f"/api/trips/{TRIP}/waypoints",
    f"/api/trips/{TRIP}/legs?format=geojson",
    f"/trips/{TRIP}/basemap.json",
    f"/trips/{TRIP}/map.svg",
    f"/trips/{TRIP}/map.png",
    f"/trips/{TRIP}/time-distance.svg",
    f"/ogc/collections/waypoints/items?trip={TRIP}",
)


class _Asking(asyncio.Protocol):
    """One connection: the next request follows each answer."""

    def __init__(self, told: "_Told", number: int) -> None:
        self._told, self._number = told, number
        self._head, self._missing = b"", -1
        self._sent = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._ask()

    def _ask(self) -> None:
        path = PATHS[self._number % len(PATHS)]
        self._number += 1
        self._sent = time.perf_counter()
        self._transport.write(  # type: ignore[attr-defined]
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        self._told.moved += len(data)
        if self._missing < 0:
            self._head += data
            head, ended, body = self._head.partition(b"\r\n\r\n")
            if not ended:
                return
            self._told.statuses[int(head.split(maxsplit=2)[1])] += 1
            length = head.lower().partition(b"\r\ncontent-length: ")[2].partition(b"\r\n")[0]
            self._missing = int(length) - len(body)
        else:
            self._missing -= len(data)
        if self._missing == 0:
            self._told.times.append(time.perf_counter() - self._sent)
            self._head, self._missing = b"", -1
            if time.perf_counter() < self._told.until:
                self._ask()
            else:
                self._transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        if error is not None or time.perf_counter() < self._told.until:
            self._told.broken += 1
        self._told.open -= 1


class _Told:
    """What came of it."""

    def __init__(self, until: float) -> None:
        self.until = until
        self.statuses: Counter[int] = Counter()
        self.times: list[float] = []
        self.moved = self.broken = 0
        self.open = CONNECTIONS


async def _ask_all(port: int, pid: int) -> tuple[_Told, list[float]]:
    told = _Told(time.perf_counter() + SECONDS)
    loop = asyncio.get_running_loop()
    for n in range(CONNECTIONS):
        await loop.create_connection(lambda n=n: _Asking(told, n), "127.0.0.1", port)
    memory = []
    while told.open and time.perf_counter() < told.until + 30:
        memory.append(_resident_mb(pid))
        await asyncio.sleep(SECONDS / 12)
    return told, memory


def _resident_mb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def main() -> int:
    """Print what came of it; 1 if anything went wrong."""
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "soak.db"
        settings = Settings(database_url=f"sqlite:///{database}")
        Rooms(settings).load_dossiers(sorted(settings.seeds_dir.glob("*.toml")))
        with dateline_server(database) as (pid, port):
            told, memory = asyncio.run(_ask_all(port, pid))
    times = sorted(told.times)
    print(f"{CONNECTIONS} connections, {SECONDS:.0f} s, one process, {len(PATHS)} addresses")
    print(
        f"answers: {len(times):,} ({len(times) / SECONDS:,.0f} a second); "
        f"by status: {dict(told.statuses)}"
    )
    print(f"broken connections: {told.broken}; moved: {told.moved / 1e6:,.0f} MB")
    print(
        f"time to the last byte: median {statistics.median(times) * 1e3:.0f} ms, "
        f"99 of 100 within {times[len(times) * 99 // 100] * 1e3:.0f} ms, "
        f"longest {times[-1] * 1e3:.0f} ms"
    )
    print(f"resident memory, MB: {', '.join(f'{mb:.0f}' for mb in memory)}")
    is_well = set(told.statuses) == {200} and not told.broken and not told.open
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
