"""The examples of the documentation work as they are printed, on a server as it is started."""

import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx2 as httpx
import pytest
import uvicorn

from app.main import create_app
from app.rooms import Rooms

pytestmark = pytest.mark.reference

EXAMPLES = Path(__file__).parents[2] / "templates" / "examples"


@pytest.fixture(scope="module")
def server(seeded_rooms: Rooms) -> Iterator[str]:
    config = uvicorn.Config(create_app(rooms=seeded_rooms), port=0, log_level="warning")
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        thread.join(0.02)
    yield f"http://127.0.0.1:{running.servers[0].sockets[0].getsockname()[1]}"
    running.should_exit = True
    thread.join(10)


def test_the_program_prints_the_stops_as_they_were_known(server: str):
    command = [sys.executable, str(EXAMPLES / "read_journey.py"), server, "2023-09-russia"]
    now = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
    assert " 1 reported  Pyongyang" in now
    assert "OpenStreetMap" in now
    then = subprocess.run(
        [*command, "2023-09-12T13:00:00Z"], check=True, capture_output=True, text=True, timeout=60
    ).stdout
    assert "possible  Vostochny Cosmodrome" in then
    assert "possible" not in now


def test_the_program_is_typed():
    subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", str(EXAMPLES / "read_journey.py")],
        check=True,
        timeout=120,
        cwd=EXAMPLES,
    )


def recipes() -> list[str]:
    text = (EXAMPLES / "recipes.sh").read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@pytest.mark.parametrize("recipe", [line for line in recipes() if line.startswith("curl")])
def test_every_recipe_is_answered(server: str, recipe: str):
    url = re.search(r"'SERVER([^']*)'", recipe)
    query = re.search(r"--data-urlencode '(\w+)=([^']*)'", recipe)
    accept = re.search(r"-H 'Accept: ([^']*)'", recipe)
    assert url
    answer = httpx.get(
        server + url[1],
        params={query[1]: query[2]} if query else None,
        headers={"Accept": accept[1]} if accept else {},
        timeout=60,
    )
    assert answer.status_code == 200
    assert answer.content
    if accept:
        assert answer.headers["content-type"] == accept[1]
    if "-OJ" in recipe:
        assert "attachment" in answer.headers["content-disposition"]


def test_the_page_shows_them_as_they_are(server: str):
    page = httpx.get(f"{server}/docs").text
    assert "def read_waypoints(server: str" in page
    assert "&#39;SERVER/api/trips/2023-09-russia/waypoints" in page
