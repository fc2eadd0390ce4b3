"""A real browser on the real application over the real reference data and seeds."""

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Page, Request, expect

from app.main import create_app
from app.rooms import Rooms
from tests.browser import hosts

# On a machine that is busy with other things, what is to be seen comes later.
expect.set_options(timeout=30_000)

VIOLATIONS = """
window.__violations = [];
document.addEventListener('securitypolicyviolation', (e) => {
  window.__violations.push(`${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}`);
});
"""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    path = os.environ.get("DATELINE_CHROMIUM") or shutil.which("chromium")
    if path is None:
        message = "no Chromium: install chromium or set DATELINE_CHROMIUM"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    # A page of another site may not frame a loopback address, which is where the tests serve.
    framing = "--disable-features=LocalNetworkAccessChecks"
    quiet = [
        framing,
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-background-networking",
    ]
    return {**browser_type_launch_args, "executable_path": path, "args": quiet}


@pytest.fixture(scope="session")
def base_url(seeded_rooms: Rooms) -> Iterator[str]:
    yield from serve(seeded_rooms)


@pytest.fixture(scope="session")
def hostile_url(hostile_rooms: Rooms) -> Iterator[str]:
    """A server whose one trip is full of text that tries to be markup, script and direction."""
    yield from serve(hostile_rooms)


@pytest.fixture(scope="session")
def odd_url(odd_rooms: Rooms) -> Iterator[str]:
    """A server whose trips have no waypoint (``none``), one (``one``) and 500 (``many``)."""
    yield from serve(odd_rooms)


@pytest.fixture(scope="session")
def newsroom() -> Iterator[hosts.Newsroom]:
    """A server of another site."""
    with hosts.newsroom() as room:
        yield room


def serve(rooms: Rooms) -> Iterator[str]:
    """The address of a server over some rooms, which runs until it is no longer needed."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        config = uvicorn.Config(create_app(rooms=rooms), log_level="warning", access_log=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        deadline = time.monotonic() + 30
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            assert time.monotonic() < deadline, "the server did not start in 30 s"
            time.sleep(0.02)
        yield f"http://127.0.0.1:{port}"
        server.should_exit = True
        thread.join(timeout=10)


class Watch:
    """All that a page says and asks for while it is open."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.said: list[str] = []
        self.hosts: set[str] = set()
        page.add_init_script(VIOLATIONS)
        page.on("console", lambda m: self.said.append(f"{m.type}: {m.text}"))
        page.on("pageerror", lambda e: self.said.append(f"error: {e}"))
        page.on("dialog", lambda d: (self.said.append(f"dialog: {d.message}"), d.dismiss()))
        page.on("request", lambda r: self.hosts.add(r.url.split("/")[2] if "//" in r.url else ""))
        page.on("requestfailed", self._failed)

    def _failed(self, request: Request) -> None:
        # A question about another instant gives up the one before.
        given_up = request.failure == "net::ERR_ABORTED" and "/position?" in request.url
        if not given_up:
            self.said.append(f"failed: {request.url}")

    def assert_quiet(self, base_url: str) -> None:
        violations = self.page.evaluate("window.__violations")
        assert self.said == []
        assert violations == []
        assert self.hosts - {""} == {base_url.split("/")[2]}


@pytest.fixture
def watch(page: Page) -> Watch:
    return Watch(page)
