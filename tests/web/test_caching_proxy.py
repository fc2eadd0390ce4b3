"""Behind nginx as in the README: the server is asked as time passes, not as readers come."""

import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2 as httpx
import pytest

from app.rooms import Rooms
from app.settings import ROOT, Settings
from tests.behind_nginx import Readers, Site, behind_nginx, documented, is_here
from tests.publication.standards import lacking
from tests.web.test_two_servers import MAIN

pytestmark = pytest.mark.reference

TRIP = "2023-09-russia"
REVISION = f"/api/trips/{TRIP}/revision"
EMBED = f"/embed/{TRIP}"
PROMISED_S = 30
POLLS, LOADS, CONNECTIONS = 5_000, 500, 32


@contextmanager
def site_in(var_dir: Path, reference_dir: Path) -> Iterator[Site]:
    if not is_here():
        lacking("nginx is not installed (nginx-light)")
    (var_dir / "reference").symlink_to(reference_dir)
    rooms = Rooms(Settings(var_dir=var_dir))
    rooms.load_dossiers([ROOT / "seeds" / f"{TRIP}.toml"])
    with behind_nginx(rooms) as site:
        yield site


@pytest.fixture(scope="module")
def site(reference_dir, tmp_path_factory) -> Iterator[Site]:
    """One on which nothing changes."""
    with site_in(tmp_path_factory.mktemp("site"), reference_dir) as site:
        yield site


@pytest.fixture
def own_site(reference_dir, tmp_path) -> Iterator[Site]:
    """One with its database in the test's own directory."""
    with site_in(tmp_path, reference_dir) as site:
        yield site


def seconds(header: str, name: str) -> int:
    found = re.search(rf"\b{name}=(\d+)", header)
    assert found is not None
    return int(found[1])


def reader_of(site: Site, headers: dict[str, str] | None = None) -> httpx.Client:
    return httpx.Client(base_url=site.base, headers=headers, timeout=60)


def fresh_for(site: Site, path: str) -> tuple[int, int]:
    """For how many seconds an answer is fresh in a shared cache, and then still given."""
    with reader_of(site) as client:
        header = client.get(path).headers["cache-control"]
    return seconds(header, "s-maxage"), seconds(header, "stale-while-revalidate")


def test_what_reaches_the_server_grows_with_time_and_not_with_readers(site):
    fresh, stale = fresh_for(site, REVISION)
    readers = Readers(site.port, CONNECTIONS)
    begun, before = time.monotonic(), len(site.reached)
    asked = ([REVISION] * POLLS + [EMBED] * LOADS) * 2
    half = len(asked) // 2
    told = [readers.ask(asked[:half])]
    time.sleep(fresh + 1)  # long enough for what is kept to become old, however slow the machine
    told.append(readers.ask(asked[half:]))
    passed = time.monotonic() - begun
    assert [each.statuses for each in told] == [Counter({200: half})] * 2
    by_path = Counter(one.path for one in site.reached[before:])
    assert set(by_path) == {REVISION, EMBED}
    # One for each time that it was old, one more for the coding that `fresh_for` asked for.
    most = passed / fresh + 2
    # Where all stood still for so long that nothing old is given, those who wait all ask.
    most += passed // (fresh + stale) * CONNECTIONS
    assert max(by_path.values()) <= most
    assert sum(by_path.values()) < len(asked) / 10


def test_what_has_not_changed_is_not_sent_again(site):
    fresh, _ = fresh_for(site, REVISION)
    Readers(site.port).ask([EMBED])
    time.sleep(fresh + 1)
    before = len(site.reached)
    deadline = time.monotonic() + 60
    while len(site.reached) == before:
        assert time.monotonic() < deadline
        Readers(site.port).ask([EMBED])
        time.sleep(0.1)
    again = site.reached[-1]
    assert (again.path, again.is_conditional, again.status, again.bytes) == (EMBED, True, 304, 0)


def load(var_dir: Path, title: str) -> None:
    """Load the trip under another title, as an editor does."""
    dossier = var_dir / "changed.toml"
    text = (ROOT / "seeds" / f"{TRIP}.toml").read_text("utf-8")
    changed, count = re.subn(r'(?m)^title = ".*"$', f'title = "{title}"', text, count=1)
    assert count == 1
    dossier.write_text(changed, "utf-8")
    subprocess.run(
        [sys.executable, "-c", MAIN, "load", str(dossier)],
        cwd=ROOT,
        env={**os.environ, "DATELINE_VAR_DIR": str(var_dir)},
        check=True,
        capture_output=True,
        timeout=120,
    )


def test_a_new_revision_reaches_readers_behind_it(own_site, tmp_path):
    with reader_of(own_site) as client:
        before = client.get(REVISION).json()
        assert "The title that is new" not in client.get(EMBED).text
        load(tmp_path, "The title that is new")
        loaded = time.monotonic()
        while client.get(REVISION).json()["revision"] == before["revision"] or (
            "The title that is new" not in client.get(EMBED).text
        ):
            # Far more than is promised: on a busy machine that says little of us.
            assert time.monotonic() < loaded + 4 * PROMISED_S
            time.sleep(0.5)


def test_the_times_add_up_to_what_is_promised(site):
    """The promise itself, as arithmetic on what the answers and the script say."""
    script = (ROOT / "static" / "js" / "live.js").read_text("utf-8")
    every, spread = (
        int(re.search(rf"(?m)^const {name} = ([\d_]+);", script)[1]) / 1000
        for name in ("EVERY", "SPREAD")
    )
    fresh, stale = fresh_for(site, REVISION)
    longest = every + spread
    # Among others, whose questions make the cache look, it is at most so old when it is asked.
    assert fresh + longest <= PROMISED_S
    # Alone, a first question makes the cache look, and gets what was there; the next one does not.
    assert longest <= fresh + stale
    assert 2 * longest <= PROMISED_S
    assert "updating" not in documented().split("proxy_cache_use_stale")[1].split(";")[0]


def test_while_the_server_is_away_readers_see_what_was_there(own_site):
    with reader_of(own_site) as client:
        fresh, stale = fresh_for(own_site, EMBED)
        body = client.get(EMBED).content
        own_site.stop_server()
        begun = time.monotonic()
        while time.monotonic() < begun + fresh + stale + 1:
            assert client.get(EMBED).content == body
            time.sleep(1)
        assert client.get(REVISION).status_code == 502


def test_each_coding_and_form_is_its_own(site):
    """A cache that mixes them up would send what a reader cannot read."""
    with reader_of(site) as client:
        bodies = {}
        for coding in ("identity", "gzip", "br", "zstd"):
            for _ in range(2):
                with client.stream("GET", EMBED, headers={"Accept-Encoding": coding}) as answer:
                    raw = b"".join(answer.iter_raw())
                    assert answer.headers.get("content-encoding", "identity") == coding
                    bodies.setdefault(coding, raw)
                    assert raw == bodies[coding]
        assert len(set(bodies.values())) == 4
        places = f"/api/trips/{TRIP}/waypoints"
        for media_type in ("application/json", "application/geo+json", "text/csv"):
            for _ in range(2):
                answer = client.get(places, headers={"Accept": media_type})
                assert answer.headers["content-type"].startswith(media_type)


def test_a_reader_who_has_it_gets_nothing_again(site):
    with reader_of(site) as client:
        before = len(site.reached)
        tag = client.get(REVISION).headers["etag"]
        answer = client.get(REVISION, headers={"If-None-Match": tag})
        assert (answer.status_code, answer.content) == (304, b"")
        assert len(site.reached) - before <= 2  # it may have been old


def test_other_sites_may_read_what_is_kept(site):
    with reader_of(site, {"Origin": "null"}) as client:
        for _ in range(2):
            for path in (REVISION, EMBED):
                assert client.get(path).headers["access-control-allow-origin"] == "*"
