"""Both databases, real: a SQLite file, and a private PostgreSQL cluster; places and zones."""

import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from app.errors import UnknownPlaceError
from app.geo.zones import TimeZones
from app.journey.model import Place, Position
from app.store.database import Database
from app.store.repository import Repository

KNOWN = {
    place.id: place
    for place in (
        Place("pyongyang", "Pyongyang", Position(125.75, 39.03), "KP", "Asia/Pyongyang"),
        Place(
            "tumen-rail-bridge",
            "Tumen rail bridge",
            Position(130.7, 42.41),
            "RU",
            "Asia/Vladivostok",
            names={"ko": "두만강 철교", "ru": "мост Дружбы"},
            radius_km=0.3,
            feature="bridge",
            origin="own",
            other_time_zones=("Asia/Pyongyang",),
        ),
        Place("khasan-station", "Khasan", Position(130.64, 42.43), "RU", "Asia/Vladivostok"),
        Place("vladivostok", "Vladivostok", Position(131.89, 43.11), "RU", "Asia/Vladivostok"),
    )
}


class KnownPlaces:
    """A gazetteer of four places."""

    def place(self, place_id: str) -> Place:
        if place_id not in KNOWN:
            raise UnknownPlaceError(f"no place {place_id!r}", ["khasan-station"])
        return KNOWN[place_id]


@pytest.fixture(scope="session")
def gazetteer() -> KnownPlaces:
    return KnownPlaces()


@pytest.fixture(scope="session")
def zones() -> TimeZones:
    return TimeZones()


def at_once(calls: Sequence[Callable[[], object]]) -> list[object]:
    """Run all of ``calls`` in threads that start together; their results, or the error."""
    together = threading.Barrier(len(calls))
    results: list[object] = [None] * len(calls)

    def run(at: int) -> None:
        together.wait()
        try:
            results[at] = calls[at]()
        except Exception as error:
            results[at] = error

    threads = [threading.Thread(target=run, args=(at,)) for at in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def _run_unprivileged(*command: str) -> None:
    # The server refuses to run as root.
    user = "postgres" if os.geteuid() == 0 else None
    subprocess.run(
        command,
        user=user,
        group=user,
        extra_groups=[] if user else None,
        check=True,
        stdout=subprocess.DEVNULL,
        cwd="/",
        timeout=120,
        env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
    )


@pytest.fixture(scope="session")
def postgres_socket() -> Iterator[Path]:
    """The socket directory of a PostgreSQL cluster of our own; no TCP port is opened."""
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not binaries:
        if os.environ.get("CI", "").lower() in ("1", "true"):
            pytest.fail("PostgreSQL is not installed, and CI must not go without it")
        pytest.skip("PostgreSQL is not installed")
    binary = binaries[-1].parent
    # Not pytest's own directory: a socket's path may be 107 bytes long, and the user
    # postgres must be able to pass through every directory above it.
    home = Path(tempfile.mkdtemp(prefix="dateline-pg."))
    data, control = str(home / "data"), str(binary / "pg_ctl")
    try:
        if os.geteuid() == 0:
            shutil.chown(home, "postgres", "postgres")
        _run_unprivileged(
            str(binary / "initdb"), "-D", data, "-A", "trust", "-U", "dateline", "-E", "UTF8"
        )
        options = f"-k {home} -c listen_addresses= -c fsync=off -c max_connections=30"
        log = str(home / "log")
        _run_unprivileged(control, "-D", data, "-w", "-l", log, "-o", options, "start")
        try:
            yield home
        finally:
            _run_unprivileged(control, "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database, of either kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'deep' / 'dateline.db'}"
        return
    import psycopg

    socket = request.getfixturevalue("postgres_socket")
    server = f"postgresql://dateline@/postgres?host={socket}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS test WITH (FORCE)")
        connection.execute("CREATE DATABASE test")
    yield f"postgresql://dateline@/test?host={socket}"


@pytest.fixture
def database(empty_url: str) -> Iterator[Database]:
    """An empty database with all its tables."""
    made = Database(empty_url)
    made.migrate()
    yield made
    made.dispose()


@pytest.fixture
def repository(database: Database) -> Repository:
    return Repository(database)
