"""Two server processes on one database: what one person changes, both tell at once, alike."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2 as httpx
import pytest

ROOT = Path(__file__).parents[2]
MAIN = "from app.cli import main; main()"
TRIP = "2025-09-beijing"
PATHS = (
    "/",
    f"/trips/{TRIP}",
    f"/embed/{TRIP}",
    f"/api/trips/{TRIP}",
    f"/api/trips/{TRIP}/waypoints?format=geojson",
    f"/trips/{TRIP}/map.svg",
    f"/trips/{TRIP}/time-distance.png",
)


class Server:
    def __init__(self, environment: dict[str, str], seed: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", MAIN, "serve", "--port", "0"],
            cwd=ROOT,
            env={**environment, "PYTHONHASHSEED": seed},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        said = iter(self.process.stdout.readline, "")
        self.address = next(f[0] for line in said if (f := re.search(r"http://\S+:\d+", line)))
        self.client = httpx.Client(base_url=self.address, timeout=60)

    def stop(self) -> None:
        self.client.close()
        self.process.terminate()
        self.process.communicate(timeout=30)


@pytest.fixture
def environment(reference_dir: Path, tmp_path: Path) -> dict[str, str]:
    (tmp_path / "reference").symlink_to(reference_dir)
    return {
        **os.environ,
        "DATELINE_VAR_DIR": str(tmp_path),
        # As behind a proxy: pages name themselves in full.
        "DATELINE_PUBLIC_URL": "https://journeys.example",
    }


def load(environment: dict[str, str], *files: Path) -> None:
    command = [sys.executable, "-c", MAIN, "load", *map(str, files)]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, timeout=120)


@pytest.fixture
def servers(environment: dict[str, str]) -> Iterator[list[Server]]:
    load(environment, ROOT / "seeds" / f"{TRIP}.toml")
    started: list[Server] = []
    try:
        for seed in ("1", "2"):
            started.append(Server(environment, seed))
        yield started
    finally:
        for server in started:
            server.stop()


@pytest.mark.reference
def test_a_change_is_in_the_next_answer_of_both_and_their_bytes_are_the_same(
    servers: list[Server], environment: dict[str, str], tmp_path: Path
):
    def ask() -> list[list[tuple[str, bytes]]]:
        answers = [[server.client.get(path) for path in PATHS] for server in servers]
        return [[(a.headers["etag"], a.content) for a in of_one] for of_one in answers]

    before = ask()
    assert before[0] == before[1]
    assert ask() == before
    dossier = (ROOT / "seeds" / f"{TRIP}.toml").read_text("utf-8")
    changed = tmp_path / "changed.toml"
    title = re.search(r'^title = "(.*)"$', dossier, re.MULTILINE)
    assert title
    changed.write_text(dossier.replace(title[1], "A title of today", 1), "utf-8")
    load(environment, changed)
    after = ask()
    assert after[0] == after[1]
    for path, (_, old), (_, new) in zip(PATHS, before[0], after[0], strict=True):
        assert old != new, path
    assert b"A title of today" in after[0][0][1]
