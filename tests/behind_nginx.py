"""Dateline behind nginx, configured as the README says, with all that reaches the server counted.

Lives here: the two of them as something to start, and many readers to ask them. Linux or any other
system where nginx runs; without it tests are skipped, but not in CI.
"""

import asyncio
import getpass
import os
import re
import shutil
import socket
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.main import create_app
from app.rooms import Rooms
from app.settings import ROOT

TRIES = 5
AS_BROWSERS_SAY = "Accept-Encoding: gzip, deflate, br, zstd\r\n"

_AROUND = """
{user}
daemon off;
worker_processes 1;
pid {here}/nginx.pid;
error_log {here}/error.log warn;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    keepalive_requests 1000000;
    client_body_temp_path {here}/body;
    proxy_temp_path {here}/proxy;
    fastcgi_temp_path {here}/fastcgi;
    uwsgi_temp_path {here}/uwsgi;
    scgi_temp_path {here}/scgi;
    {documented}
}}
"""


@dataclass(frozen=True, slots=True)
class Reached:
    """A request that reached the server, and what it answered."""

    path: str
    is_conditional: bool
    status: int
    bytes: int


@dataclass
class Counting:
    """Middleware that writes down what passes."""

    app: ASGIApp
    reached: list[Reached] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_conditional = any(name == b"if-none-match" for name, _ in scope.get("headers", ()))
        query = scope.get("query_string", b"").decode()
        path = scope.get("path", "") + (f"?{query}" if query else "")
        status, moved = 0, 0

        async def send_counted(message: Message) -> None:
            nonlocal status, moved
            status = message.get("status", status)
            moved += len(message.get("body", b""))
            # Before it is sent: whoever has the answer finds it counted.
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                self.reached.append(Reached(path, is_conditional, status, moved))
            await send(message)

        await self.app(scope, receive, send_counted)


@dataclass(frozen=True)
class Site:
    """Where readers reach it, and what reached the server behind it so far."""

    port: int
    reached: list[Reached]
    stop_server: Callable[[], None]

    @property
    def base(self) -> str:
        """Where readers reach it, in full."""
        return f"http://127.0.0.1:{self.port}"


def is_here() -> bool:
    """Whether there is an nginx to start."""
    return _nginx() is not None


@contextmanager
def behind_nginx(rooms: Rooms) -> Iterator[Site]:
    """The application over these rooms behind nginx, while it is open."""
    with (
        TemporaryDirectory() as folder,
        _served(rooms) as (origin, reached, stop),
        _nginx_before(origin, Path(folder)) as port,
    ):
        yield Site(port, reached, stop)


def documented() -> str:
    """The configuration in the README."""
    found = re.search(r"```nginx\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


@contextmanager
def _served(rooms: Rooms) -> Iterator[tuple[int, list[Reached], Callable[[], None]]]:
    app = Counting(create_app(rooms=rooms))
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, log_level="warning", access_log=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        _wait(lambda: server.started, "the server did not start")

        def stop() -> None:
            server.should_exit = True
            thread.join(timeout=30)

        yield listening.getsockname()[1], app.reached, stop
        stop()


@contextmanager
def _nginx_before(origin: int, folder: Path) -> Iterator[int]:
    nginx = _nginx()
    assert nginx is not None
    for attempt in range(TRIES):
        here = folder / str(attempt)
        here.mkdir()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        configuration = here / "nginx.conf"
        configuration.write_text(_configuration(origin, port, here))
        process = subprocess.Popen(
            [nginx, "-c", str(configuration), "-p", str(here), "-e", str(here / "error.log")],
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait(
                lambda p=process, at=port: p.poll() is not None or _answers(at),
                "nginx did not start",
            )
            if process.poll() is None:
                yield port
                return
        finally:
            process.terminate()
            process.wait(timeout=30)
        said = (here / "error.log").read_text()
        # Somebody else took the port meanwhile.
        if "Address already in use" not in said:
            raise RuntimeError(said)
    raise RuntimeError(f"no port was free {TRIES} times")


def _configuration(origin: int, port: int, here: Path) -> str:
    text = documented()
    for said, now in (
        ("/var/cache/nginx/dateline", f"{here}/cache"),
        ("server 127.0.0.1:8000;", f"server 127.0.0.1:{origin};"),
        ("listen 80;", f"listen 127.0.0.1:{port};"),
    ):
        assert text.count(said) == 1
        text = text.replace(said, now)
    # Started by root it would give up its rights, and with them the directory.
    user = f"user {getpass.getuser()};" if os.geteuid() == 0 else ""
    return _AROUND.format(user=user, here=here, documented=text)


def _nginx() -> str | None:
    # Debian keeps it where only root looks.
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _wait(until: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + 30
    while not until():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.02)


@dataclass
class Answers:
    """What many readers got: how often which status, and all bytes of it."""

    statuses: Counter[int] = field(default_factory=Counter)
    bytes: int = 0


class Readers:
    """Some connections that stay open, over which any number of readers ask.

    Their loop runs in a thread of its own: a browser test leaves one running in this.
    """

    def __init__(self, port: int, connections: int = 32) -> None:
        self._port = port
        self._connections = connections

    def ask(self, paths: Sequence[str]) -> Answers:
        """Ask all of it, as fast as it goes."""
        return self.ask_at([(0.0, path) for path in paths])

    def ask_at(self, plan: Sequence[tuple[float, str]]) -> Answers:
        """Ask for each path so many seconds from now; what is late is asked at once."""
        told = Answers()
        failed: list[BaseException] = []

        def run() -> None:
            try:
                asyncio.run(self._ask_all(sorted(plan), told))
            except BaseException as error:  # told to whoever asked
                failed.append(error)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        thread.join()
        if failed:
            raise failed[0]
        return told

    async def _ask_all(self, plan: Sequence[tuple[float, str]], told: Answers) -> None:
        begun = time.monotonic()
        waiting = iter(plan)
        async with asyncio.TaskGroup() as all_of_them:
            for _ in range(self._connections):
                all_of_them.create_task(self._ask_in_turn(waiting, begun, told))

    async def _ask_in_turn(
        self, waiting: Iterator[tuple[float, str]], begun: float, told: Answers
    ) -> None:
        async with asyncio.timeout(600):
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
            for at, path in waiting:
                await asyncio.sleep(max(begun + at - time.monotonic(), 0))
                writer.write(
                    f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n"
                    f"{AS_BROWSERS_SAY}\r\n".encode()
                )
                head = await reader.readuntil(b"\r\n\r\n")
                found = re.search(rb"(?i)\ncontent-length: *(\d+)", head)
                assert found is not None, head
                body = await reader.readexactly(int(found[1]))
                told.statuses[int(head.split(maxsplit=2)[1])] += 1
                told.bytes += len(head) + len(body)
            writer.close()
            await writer.wait_closed()
