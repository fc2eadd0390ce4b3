"""Measure what an answer costs the processor of the server, against servers people know.

Each server is a process of its own on loopback, asked over one connection that stays open; what
is quoted is the time on the processor of the server alone, over many requests, in rounds that
take turns. Linux only: the kernel's own accounts are read.
"""

import json
import os
import re
import shutil
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import textwrap
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROUNDS = 9
REQUESTS = 1500
SLOW_REQUESTS = 100
TRIP = "2023-09-russia"
LIST = f"/api/trips/{TRIP}/waypoints"
PYTHON = sys.executable


@dataclass(frozen=True)
class Asked:
    """A server with what it is asked for, by the name it is printed under."""

    name: str
    pid: int
    port: int
    path: str
    headers: str = ""
    status: int = 200
    requests: int = REQUESTS


def print_serving(database: Path) -> None:
    """Print a table of the cost of an answer; ``database`` holds the seeds."""
    if not Path("/proc/self/schedstat").exists():
        print("The kernel keeps no account of the processor here: serving was not measured.")
        return
    with ExitStack() as stack, tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        ours, port = stack.enter_context(dateline_server(database))
        body, etag, listed = _fetch(port, LIST)
        (here / "body").write_bytes(body)
        (here / "waypoints.json").write_text(json.dumps(listed))
        features = _fetch(port, f"{LIST}?format=geojson")[0]
        (here / "waypoints.geojson").write_bytes(features)
        asked = [Asked("cached answer, all of it", ours, port, LIST)]
        asked.append(
            Asked("cached answer, 304", ours, port, LIST, f"If-None-Match: {etag}\r\n", 304)
        )
        gzip = "Accept-Encoding: gzip\r\n"
        asked.append(Asked("cached answer, gzip", ours, port, LIST, gzip))
        for name, app, path, times in _baselines(here, len(listed["waypoints"])):
            pid, at = stack.enter_context(_uvicorn(app, here))
            asked.append(Asked(name, pid, at, path, requests=times))
        costs = _measured(asked)
    base = costs["Starlette, the same bytes"]
    print(
        f"| answer with {len(listed['waypoints'])} waypoints ({len(body) / 1e3:.0f} kB) "
        "| server CPU, µs | against Starlette |\n|---|---|---|"
    )
    for name, cost in costs.items():
        print(f"| {name} | {cost * 1e6:.0f} | {cost / base:.2f} |")


def _measured(asked: list[Asked]) -> dict[str, float]:
    rounds: dict[str, list[float]] = {one.name: [] for one in asked}
    for n in range(ROUNDS + 1):
        for one in asked:
            with socket.create_connection(("127.0.0.1", one.port), timeout=60) as connection:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                before = _on_processor(one.pid)
                for _ in range(one.requests):
                    _ask(connection, one)
                spent = _on_processor(one.pid) - before
            if n:  # the first round is for warming up
                rounds[one.name].append(spent / one.requests)
    return {name: statistics.median(costs) for name, costs in rounds.items()}


def _on_processor(pid: int) -> float:
    """Seconds that all threads of a process have run."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


def _ask(connection: socket.socket, one: Asked) -> bytes:
    connection.sendall(f"GET {one.path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{one.headers}\r\n".encode())
    received = _more(connection, one)
    while b"\r\n\r\n" not in received:
        received += _more(connection, one)
    head, _, body = received.partition(b"\r\n\r\n")
    if int(head.split()[1]) != one.status:
        raise RuntimeError(f"{one.name} answered {head[:200]!r}")
    length = re.search(rb"(?i)\ncontent-length: *(\d+)", head)
    if one.status == 304:
        return b""
    if length is None:
        while not body.endswith(b"0\r\n\r\n"):  # in chunks
            body += _more(connection, one)
    while length is not None and len(body) < int(length[1]):
        body += _more(connection, one)
    return body


def _more(connection: socket.socket, one: Asked) -> bytes:
    received = connection.recv(1 << 20)
    if not received:
        raise RuntimeError(f"{one.name} hung up")
    return received


def _fetch(port: int, path: str) -> tuple[bytes, str, Any]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:
        body = answer.read()
        return body, answer.headers["ETag"], json.loads(body)


@contextmanager
def dateline_server(database: Path) -> Iterator[tuple[int, int]]:
    """A server as it is started, on a database: process id and port."""
    environment = {**os.environ, "DATELINE_DATABASE_URL": f"sqlite:///{database}"}
    command = [PYTHON, "-c", "from app.cli import main; main()", "serve", "--port", "0"]
    with _started(command, environment) as process:
        assert process.stdout is not None
        said = iter(process.stdout.readline, "")
        port = next(int(f[1]) for line in said if (f := re.search(r"http://\S+:(\d+)", line)))
        yield process.pid, port


@contextmanager
def _uvicorn(app: str, folder: Path) -> Iterator[tuple[int, int]]:
    (folder / "server.py").write_text(app)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        PYTHON, "-m", "uvicorn", "server:app", "--port", str(port),
        "--log-level", "warning", "--no-access-log", "--app-dir", str(folder),
    ]  # fmt: skip
    with _started(command, _environment(folder)) as it:
        for _ in range(600):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                if it.poll() is not None:
                    raise
                time.sleep(0.05)
        yield it.pid, port


def _environment(folder: Path) -> dict[str, str]:
    configuration = str(folder / "pygeoapi.yml")
    return {
        **os.environ,
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "PYGEOAPI_CONFIG": configuration,
        "PYGEOAPI_OPENAPI": f"{configuration}.openapi",
    }


@contextmanager
def _started(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=30)


def _baselines(folder: Path, count: int) -> Iterator[tuple[str, str, str, int]]:
    """Name, source, path and number of requests of each server to compare with."""
    yield (
        "Starlette, the same bytes",
        _STARLETTE.format(body=str(folder / "body")),
        "/answer",
        REQUESTS,
    )
    yield (
        "FastAPI with response models",
        _FASTAPI.format(listed=str(folder / "waypoints.json")),
        "/waypoints",
        REQUESTS,
    )
    rows = json.loads((folder / "waypoints.json").read_text())["waypoints"]
    with sqlite3.connect(folder / "waypoints.db") as made:
        made.execute(
            "CREATE TABLE waypoints (sequence INTEGER PRIMARY KEY, status, place, document)"
        )
        made.executemany(
            "INSERT INTO waypoints VALUES (?, ?, ?, ?)",
            [(r["sequence"], r["status"], r["place"]["name"], json.dumps(r)) for r in rows],
        )
    yield (
        "datasette",
        _DATASETTE.format(database=str(folder / "waypoints.db")),
        f"/waypoints/waypoints.json?_shape=array&_size={max(count, 1)}",
        SLOW_REQUESTS,
    )
    if shutil.which("pygeoapi", path=str(Path(PYTHON).parent)):
        _write_pygeoapi(folder)
        yield (
            "pygeoapi, from a file",
            "from pygeoapi.starlette_app import APP as app\n",
            f"/collections/waypoints/items?f=json&limit={count}",
            SLOW_REQUESTS,
        )


def _write_pygeoapi(folder: Path) -> None:
    """Its own configuration for one collection, the file that we gave."""
    metadata = {
        "identification": {
            "title": "Bench", "description": "Bench", "keywords": ["bench"], "url": "http://127.0.0.1",
            "keywords_type": "theme", "terms_of_service": "none",
        },
        "license": {"name": "none", "url": "http://127.0.0.1"},
        "provider": {"name": "bench", "url": "http://127.0.0.1"},
        "contact": {"name": "bench"},
    }  # fmt: skip
    configuration = {
        "server": {
            "bind": {"host": "127.0.0.1", "port": 5000}, "url": "http://127.0.0.1:5000",
            "mimetype": "application/json; charset=UTF-8", "encoding": "utf-8", "language": "en-US",
            "map": {"url": "none", "attribution": "none"},
            "limits": {"default_items": 1000, "max_items": 1000},
        },
        "logging": {"level": "ERROR"},
        "metadata": metadata,
        "resources": {
            "waypoints": {
                "type": "collection", "title": "Waypoints", "description": "Waypoints",
                "keywords": ["waypoints"],
                "extents": {"spatial": {
                    "bbox": [-180, -90, 180, 90],
                    "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
                }},
                "providers": [{
                    "type": "feature", "name": "GeoJSON",
                    "data": str(folder / "waypoints.geojson"), "id_field": "id",
                }],
            }
        },
    }  # fmt: skip
    # JSON is YAML.
    written = folder / "pygeoapi.yml"
    written.write_text(json.dumps(configuration))
    subprocess.run(
        [PYTHON, "-c", "from pygeoapi import cli; cli()", "openapi", "generate", str(written),
         "--output-file", f"{written}.openapi"],
        check=True, capture_output=True, timeout=120,
        env=_environment(folder),
    )  # fmt: skip


_STARLETTE = textwrap.dedent(
    """
    from pathlib import Path
    from starlette.applications import Starlette
    from starlette.responses import Response
    from starlette.routing import Route
    body = Path({body!r}).read_bytes()
    async def answer(request):
        return Response(body, media_type="application/json")
    app = Starlette(routes=[Route("/answer", answer)])
    """
)
_FASTAPI = textwrap.dedent(
    """
    import json
    from pathlib import Path
    from fastapi import FastAPI
    from tests.bench.models import WaypointsModel
    document = json.loads(Path({listed!r}).read_text())
    app = FastAPI()
    @app.get("/waypoints")
    async def waypoints() -> WaypointsModel:
        return WaypointsModel.model_validate(document)
    """
)
_DATASETTE = textwrap.dedent(
    """
    from datasette.app import Datasette
    app = Datasette(files=[{database!r}]).app()
    """
)
