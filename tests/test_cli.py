"""The command line as people and scripts meet it: words, exit codes, and which stream says what.

What a process adds nothing to runs in this one, through click's runner.
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx2 as httpx
import pytest
from click.testing import CliRunner, Result
from starlette.testclient import TestClient

from app.cli import main
from app.main import create_app
from app.rooms import Rooms
from app.settings import Settings

SEEDS = sorted((Path(__file__).parent.parent / "seeds").glob("*.toml"))
SEED = Path(__file__).parent.parent / "seeds" / "2019-04-vladivostok.toml"
BEIJING = SEED.with_name("2025-09-beijing.toml")
DATELINE = [str(Path(sys.executable).with_name("dateline"))]
COMMANDS = [
    *("serve", "prepare", "load", "check", "route", "locate", "export", "publish"),
    *("rename", "withdraw", "restore"),
]

Run = Callable[..., Result]


@pytest.fixture
def var_dir(reference_dir, tmp_path) -> Path:
    """Reference data, and a database of its own that is not there yet."""
    directory = tmp_path / "var"
    directory.mkdir()
    (directory / "reference").symlink_to(reference_dir)
    return directory


@pytest.fixture
def run(var_dir, monkeypatch) -> Run:
    """Run a command in this process; ``DATELINE_*`` as keyword arguments."""

    def run(*arguments: object, **settings: object) -> Result:
        monkeypatch.setenv("DATELINE_VAR_DIR", str(var_dir))
        for name, value in settings.items():
            monkeypatch.setenv(f"DATELINE_{name.upper()}", str(value))
        return CliRunner(catch_exceptions=False).invoke(main, [str(each) for each in arguments])

    return run


@pytest.fixture
def environment(var_dir) -> dict[str, str]:
    """The environment for processes."""
    return {**os.environ, "DATELINE_VAR_DIR": str(var_dir)}


@pytest.fixture
def process(environment) -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Run a command as a process."""

    def run(
        *arguments: object, env: Mapping[str, str] = {}, **kwargs: object
    ) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [*DATELINE, *map(os.fsencode, map(str, arguments))],
            env={**environment, **env},
            timeout=60,
            check=False,
            **({"capture_output": True} | kwargs),
        )

    return run


def refused(result: Result, code: int = 1) -> str:
    """What a command that was refused says, all of it on standard error."""
    assert result.exit_code == code, result.output
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    return result.stderr


class TestHelp:
    @pytest.mark.parametrize("command", COMMANDS)
    @pytest.mark.parametrize("option", ["--help", "-h"])
    def test_every_command_explains_itself(self, run, command, option):
        result = run(command, option)
        assert result.exit_code == 0
        assert result.stdout.startswith(f"Usage: main {command}")
        assert result.stderr == ""

    def test_all_commands_are_listed(self, run):
        assert set(re.findall(r"^  ([a-z]+)  ", run("--help").stdout, re.M)) >= set(COMMANDS)

    def test_the_version_is_told(self, run):
        assert "0.1.0" in run("--version").stdout

    def test_help_fits_a_narrow_terminal(self, process):
        done = process("export", "--help", env={"COLUMNS": "30"})
        assert done.returncode == 0

    @pytest.mark.parametrize(
        "arguments",
        [
            ["nonsense"],
            ["route", "Moscow"],
            ["route", "Moscow", "Kyiv", "--mode", "bicycle"],
            ["route", "Moscow", "Kyiv", "--speed", "0"],
            ["route", "Moscow", "Kyiv", "--speed", "nan"],
            ["locate", "Moscow", "--limit", "51"],
            ["load"],
            ["load", "/nowhere.toml"],
            ["export", "trip", "--format", "xml"],
            ["export", "trip", "--part", "legs"],
            ["rename", "one"],
            ["withdraw", "trip"],
            ["serve", "--port", "65536"],
            ["serve", "--workers", "0"],
        ],
    )
    def test_wrong_use_is_told_with_exit_code_2(self, run, arguments):
        assert "Usage:" in refused(run(*arguments), 2)


class TestRoute:
    def test_the_journey_has_its_length_and_time(self, run):
        result = run("route", "Pyongyang", "Vladivostok", "--json")
        answer = json.loads(result.stdout)
        assert 1120 <= answer["distance_km"] <= 1240
        assert answer["great_circle_km"] == pytest.approx(690, abs=15)
        assert 18.7 <= answer["hours"] <= 20.7
        assert answer["countries"] == ["KP", "RU"]
        assert result.stderr == ""

    def test_the_api_answers_in_the_same_shape(self, run, seeded_rooms):
        said = json.loads(run("route", "Pyongyang", "Vladivostok", "--json").stdout)
        with TestClient(create_app(rooms=seeded_rooms)) as client:
            answer = client.get("/api/route?from=Pyongyang&to=Vladivostok").json()
        answer.pop("credit", None)
        said.pop("credit", None)
        assert said == answer

    def test_countries_can_be_avoided(self, run):
        answer = json.loads(run("route", "Moscow", "Vladivostok", "--avoid", "CN", "--json").stdout)
        assert answer["countries"] == ["RU"]

    def test_neighbouring_stations_are_some_kilometres_apart(self, run):
        answer = json.loads(run("route", "Tumangang", "Khasan", "--json").stdout)
        assert 1 < answer["distance_km"] <= 10

    def test_people_read_it_in_four_lines(self, run):
        lines = run("route", "Pyongyang", "Vladivostok", "--speed", "70").stdout.splitlines()
        assert lines[0] == "Pyongyang (KP) – Vladivostok (RU)"
        assert "by train through KP, RU" in lines[1]
        assert "as the crow flies" in lines[2]
        assert lines[3].endswith("h at 70 km/h")

    def test_a_flight_passes_through_no_country_that_is_known(self, run):
        assert "by plane\n" in run("route", "Moscow", "Paris", "--mode", "plane").stdout

    def test_an_unknown_place_is_told_with_near_spellings_once(self, run):
        said = refused(run("route", "Vladivostokqq", "Moscow"))
        assert said.startswith("dateline: from: no place is called 'Vladivostokqq'")
        assert said.count("Vladivostok (RU)") == 1

    def test_an_ambiguous_place_is_told_with_candidates_that_differ(self, run):
        first, *candidates = refused(run("route", "Springfield", "Moscow")).splitlines()
        assert "give the id" in first
        assert len({line.rpartition(" [")[0] for line in candidates}) == len(candidates) >= 2

    def test_the_id_of_a_candidate_is_a_name(self, run):
        candidates = refused(run("route", "Springfield", "Chicago")).splitlines()[1:]
        place_id = re.search(r"\[(.+)\]", candidates[0])[1]
        assert run("route", place_id, "Chicago", "--mode", "plane").exit_code == 0

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            (["Istanbul", "Ankara"], "a line is probably missing"),
            (["Pyongyang", "Honolulu"], "Honolulu (US)"),
            (["Moscow", "Kyiv", "--avoid", "XX"], "'XX' is no country"),
            (["Moscow", "Kyiv", "--avoid", "Russia"], "no ISO 3166-1 code"),
            (["Moscow", "Kyiv", "--mode", "ship"], "sea lanes"),
            (["", "Kyiv"], "from: must contain a letter"),
            (["a" * 300, "Kyiv"], "from: must not be longer"),
        ],
    )
    def test_what_cannot_be_is_refused_with_the_reason(self, run, arguments, says):
        assert says in refused(run("route", *arguments))


class TestLocate:
    @pytest.mark.parametrize(
        ("arguments", "place_id"),
        [
            (["하산"], "khasan-station"),
            (["Хасан"], "khasan-station"),
            (["Khasan", "--near", "Vladivostok"], "khasan-station"),
            (["Razdolnaya River"], "razdolnaya-bridge"),
            (["Vostochny"], "vostochny-cosmodrome"),
            (["Владивосток"], "vladivostok"),
            (["평양"], "pyongyang"),
        ],
    )
    def test_the_right_place_comes_first(self, run, arguments, place_id):
        (first, *_) = json.loads(run("locate", *arguments, "--json").stdout)["places"]
        assert first["id"] == place_id
        assert {"name", "names", "lon", "lat", "radius_km", "country", "time_zone"} <= set(first)
        assert {"feature", "origin", "score"} <= set(first)

    def test_positions_are_told_by_hemisphere(self, run):
        assert re.search(r"34\.6\d+ S 58\.3\d+ W", run("locate", "Buenos Aires").stdout)

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            (["Xqzzyvw"], "no place answers to 'Xqzzyvw'"),
            ([""], "name: must contain a letter"),
            (["\x00"], "name: must contain a letter"),
            (["Khasan", "--near", "Xqzzyvw"], "near: no place is called"),
        ],
    )
    def test_no_answer_is_told(self, run, arguments, says):
        assert says in refused(run("locate", *arguments))


@pytest.fixture
def spoilt(tmp_path) -> Callable[[str, str], Path]:
    """A good dossier with one thing replaced."""

    def spoil(old: str, new: str) -> Path:
        text = SEED.read_text("utf-8")
        assert re.search(old, text, re.M)
        path = tmp_path / "spoilt.toml"
        path.write_text(re.sub(old, new, text, count=1, flags=re.M), "utf-8")
        return path

    return spoil


class TestDossiers:
    def test_loading_tells_each_revision_and_again_changes_nothing(self, run):
        first, second = run("load", *SEEDS), run("load", SEED.parent)
        assert first.stdout == second.stdout
        assert first.stdout.splitlines() == [f"{path.stem}: revision 1" for path in SEEDS]

    @pytest.mark.parametrize("command", ["load", "check"])
    @pytest.mark.parametrize(
        ("old", "new", "says"),
        [
            (r"^title = .*\n", "", "title: is missing"),
            (r"^when = .*", 'when = "whenever"', r":\d+: sighting\[\d+\]\.when: .*whenever"),
            (r'^zone = "Asia/Seoul"', 'zone = "Mars/Olympus"', r":\d+: source\[3\]\.zone: "),
            (r'^id = "tass-2019-04-24"', 'id = "arirang-2019-04-24"', r"source\[4\]\.id: .*unique"),
            (r"^title =", "colour = 1\ntitle =", r":\d+: colour: "),
            (r"^title =", "title", r":\d+: is not TOML"),
        ],
    )
    def test_a_bad_dossier_is_told_with_file_line_and_field(
        self, run, spoilt, command, old, new, says
    ):
        path = spoilt(old, new)
        said = refused(run(command, path))
        assert re.search(says, said)
        assert all(line.startswith(str(path)) for line in said.splitlines())

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (b"", "format: is missing"),
            (b'title = "\xff"', "not UTF-8"),
            (b"\x00" * 100, "NUL"),
            (os.urandom(5_000_000), "larger than 1 MB"),
        ],
    )
    def test_what_is_no_dossier_is_refused(self, run, tmp_path, content, says):
        path = tmp_path / "junk.toml"
        path.write_bytes(content)
        assert says in refused(run("load", path))

    @pytest.mark.parametrize("command", [["load"], ["check"], ["serve", "--load"]])
    def test_a_folder_without_dossiers_is_a_mistake(self, run, tmp_path, command):
        (tmp_path / "empty").mkdir()
        assert "no dossier" in refused(run(*command, tmp_path / "empty"), 2)

    def test_of_several_files_all_are_loaded_or_none(self, run, spoilt):
        bad = spoilt(r"^title = .*\n", "")
        refused(run("load", *SEEDS, bad))
        assert "none yet" in refused(run("export", SEED.stem))

    def test_the_same_journey_twice_is_refused(self, run):
        assert SEED.stem in refused(run("load", SEED, SEED.parent))

    def test_checking_tells_how_a_dossier_was_understood(self, run, var_dir):
        result = run("check", *SEEDS)
        assert result.exit_code == 0
        for path in SEEDS:
            assert re.search(rf"^{path.stem}: \d+ claims at \d+ places, fine$", result.stdout, re.M)
        assert "reported  Pyongyang: " in result.stdout
        assert re.search(r"leader seen, .*departure 10 Sep 12:00–18:00 local, KCNA", result.stdout)
        assert "not-at-the-forum: denied" in result.stdout
        assert not (var_dir / "dateline.db").exists()

    def test_checking_goes_on_after_a_bad_dossier(self, run, spoilt):
        result = run("check", spoilt(r"^title = .*\n", ""), SEED)
        assert result.exit_code == 1
        assert "title: is missing" in result.stderr
        assert f"{SEED.stem}: " in result.stdout

    def test_checking_tells_two_files_of_one_journey(self, run, tmp_path):
        (copy := tmp_path / "copy.toml").write_bytes(SEED.read_bytes())
        result = run("check", SEED, copy)
        assert result.exit_code == 1
        assert f"{copy}: slug: " in result.stderr

    def test_checking_tells_what_contradicts_and_what_is_set_aside(self, run, spoilt):
        result = run("check", spoilt(r"^kmh = 80", "kmh = 40"))
        assert result.exit_code == 1
        assert re.search(r"^\S+: \d+ claims at \d+ places, 1 contradiction$", result.stdout, re.M)
        assert "the assumed maximum is 40 km/h" in result.stdout
        assert "The assumed maximum of 40 km/h is relaxed to" in result.stdout

    @pytest.mark.parametrize(("kmh", "code"), [(50, 1), (120, 0)])
    def test_a_trip_can_be_checked_under_another_maximum(self, run, kmh, code):
        result = run("check", BEIJING, "--max-speed", kmh)
        assert result.exit_code == code
        assert result.stdout.count("    !  ") == code
        if code:
            said = r"KBS says .* News1 says .* the assumed maximum is 50 km/h"
            assert re.search(said, result.stdout)

    def test_a_trip_can_be_checked_as_of_a_time(self, run):
        early = run("check", BEIJING, "--max-speed", 50, "--as-of", "2025-09-02T09:00:00Z")
        assert early.exit_code == 0
        assert "Beijing: News1" not in early.stdout
        assert "--as-of" in refused(run("check", BEIJING, "--as-of", "yesterday"), 2)

    def test_a_way_that_is_not_known_is_told_and_contradicts_nothing(self, run, spoilt):
        by_ship = 'id = "vladivostok-arrival"\nmode = "ship"'
        result = run("check", spoilt(r'^id = "vladivostok-arrival"', by_ship))
        assert result.exit_code == 0
        assert "    ?  " in result.stdout


@pytest.fixture
def loaded(run) -> Run:
    """As ``run``, with the seeds loaded."""
    assert run("load", *SEEDS).exit_code == 0
    return run


class TestExport:
    @pytest.mark.parametrize("slug", [path.stem for path in SEEDS])
    def test_a_dossier_survives_the_way_out_and_in(self, loaded, tmp_path, slug, reference_dir):
        file = tmp_path / "out.toml"
        assert loaded("export", slug, "-o", file).stdout == ""
        other = tmp_path / "other"
        other.mkdir()
        (other / "reference").symlink_to(reference_dir)
        first = Rooms(Settings()).repository.trip(slug)
        assert loaded("load", file, var_dir=other).exit_code == 0
        assert Rooms(Settings(var_dir=other)).repository.trip(slug) == first

    def test_the_api_gives_the_same(self, loaded):
        rooms = Rooms(Settings())
        with TestClient(create_app(rooms=rooms)) as client:
            for fmt in ("csv", "geojson"):
                said = loaded("export", SEED.stem, "--format", fmt, "--part", "legs").stdout_bytes
                assert said == client.get(f"/api/trips/{SEED.stem}/legs?format={fmt}").content
            whole = json.loads(loaded("export", SEED.stem, "--format", "json").stdout)
            for part in ("waypoints", "legs", "sightings", "sources"):
                assert whole[part] == client.get(f"/api/trips/{SEED.stem}/{part}").json()[part]

    def test_a_dash_is_standard_output(self, loaded):
        assert loaded("export", SEED.stem, "-o", "-").stdout.startswith("format = 1")

    def test_an_unknown_trip_is_told_with_those_there_are(self, loaded):
        assert SEED.stem in refused(loaded("export", "none"))

    def test_what_has_no_position_is_no_geojson(self, loaded):
        said = refused(loaded("export", SEED.stem, "--format", "geojson", "--part", "sources"))
        assert "format: sources have no position" in said

    @pytest.mark.parametrize("path", ["/nowhere/out.toml", "/proc/out.toml", "/dev/full"])
    def test_a_file_that_cannot_be_written_is_told(self, loaded, path):
        assert f"{path} cannot be written" in refused(loaded("export", SEED.stem, "-o", path))

    def test_a_file_is_replaced_whole_and_keeps_its_mode(self, loaded, tmp_path):
        file = tmp_path / "out.csv"
        file.write_text("old")
        file.chmod(0o640)
        loaded("export", SEED.stem, "--format", "csv", "-o", file)
        assert file.read_text("utf-8").startswith("sequence,")
        assert file.stat().st_mode & 0o777 == 0o640
        assert {path.name for path in tmp_path.iterdir()} == {"out.csv", "var"}


class TestNames:
    def test_a_trip_is_renamed_and_its_old_dossier_told_so_with_its_line(self, loaded):
        said = loaded("rename", SEED.stem, "another-name").stdout
        assert said == 'another-name: revision 2; write slug = "another-name" in its dossier too\n'
        line = SEED.read_text("utf-8").splitlines().index(f'slug = "{SEED.stem}"') + 1
        told = f"{SEED}:{line}: slug: “{SEED.stem}” is called “another-name” now"
        assert refused(loaded("load", *SEEDS)).startswith(told)
        assert refused(loaded("serve", "--load", SEED, "--port", 0)).startswith(told)
        for command in (["export", SEED.stem], ["rename", SEED.stem, "x"], ["restore", SEED.stem]):
            assert "is called “another-name” now" in refused(loaded(*command))
        assert 'formerly = ["2019-04-vladivostok"]' in loaded("export", "another-name").stdout

    def test_a_dossier_cannot_take_the_name_of_another(self, loaded, spoilt):
        path = spoilt(r"^title =", f'formerly = ["{BEIJING.stem}"]\ntitle =')
        line = path.read_text("utf-8").splitlines().index(f'formerly = ["{BEIJING.stem}"]') + 1
        said = refused(loaded("load", path))
        assert said.startswith(f"{path}:{line}: formerly: “{BEIJING.stem}” is the slug of a trip")
        assert loaded("load", SEED).stdout == f"{SEED.stem}: revision 1\n"

    def test_checking_tells_a_name_of_two_dossiers(self, run, spoilt):
        path = spoilt(r"^title =", f'formerly = ["{BEIJING.stem}"]\ntitle =')
        result = run("check", BEIJING, path)
        assert result.exit_code == 1
        assert f"{path}: formerly: “{BEIJING.stem}” is a slug of {BEIJING} too" in result.stderr

    @pytest.mark.parametrize(
        ("new", "says"),
        [
            (SEED.stem, "its own already"),
            (BEIJING.stem, "that of another trip"),
            ("Two Words", "joined by hyphens"),
        ],
    )
    def test_a_name_that_cannot_be_is_refused(self, loaded, new, says):
        assert says in refused(loaded("rename", SEED.stem, new))

    def test_a_trip_is_withdrawn_loaded_and_restored(self, loaded):
        said = loaded("withdraw", SEED.stem, "--reason", "It was <b>another</b> train.").stdout
        until = f"withdrawn until `dateline restore {SEED.stem}`\n"
        assert said == f"{SEED.stem}: revision 2; {until}"
        assert loaded("load", SEED).stdout == f"{SEED.stem}: revision 2; {until}"
        assert SEED.stem not in refused(loaded("export", "none"))
        assert loaded("restore", SEED.stem).stdout == f"{SEED.stem}: revision 3\n"
        assert "is not withdrawn" in refused(loaded("restore", SEED.stem))
        assert "reason: is empty" in refused(loaded("withdraw", SEED.stem, "--reason", " "))

    def test_of_a_withdrawn_trip_its_editors_get_the_dossier(self, loaded, tmp_path, reference_dir):
        shown = loaded("export", SEED.stem).stdout
        loaded("withdraw", SEED.stem, "--reason", "It was another train.")
        said = refused(loaded("export", SEED.stem, "--format", "csv"))
        assert said == (
            f"dateline: “{SEED.stem}” is withdrawn (It was another train.); "
            "`--format toml` writes its dossier\n"
        )
        file = tmp_path / "out.toml"
        assert loaded("export", SEED.stem, "-o", file).exit_code == 0
        written = file.read_text("utf-8")
        assert written.replace('withdrawn = "It was another train."\n', "") == shown
        other = tmp_path / "other"
        other.mkdir()
        (other / "reference").symlink_to(reference_dir)
        assert "withdrawn until" in loaded("load", file, var_dir=other).stdout


class TestSettings:
    @pytest.mark.parametrize(
        ("name", "value", "command"),
        [
            ("port", "abc", ["locate", "Moscow"]),
            ("port", "65536", ["prepare"]),
            ("database_url", "mysql://x", ["export", "x"]),
            ("database_url", "foo", ["load", SEED]),
            ("database_url", "sqlite://", ["export", "x"]),
            ("templates_dir", "/nowhere", ["serve", "--port", 0]),
            ("static_dir", "/nowhere", ["serve", "--port", 0]),
            ("frame_ancestors", "a; b", ["serve", "--port", 0]),
            ("tiles_url", "junk", ["serve", "--port", 0]),
        ],
    )
    def test_a_bad_value_is_told_with_its_variable(self, run, name, value, command):
        said = refused(run(*command, **{name: value}), 2)
        assert said.startswith(f"dateline: DATELINE_{name.upper()}: ")
        assert "pydantic" not in said

    @pytest.mark.parametrize(
        "command", [["locate", "Moscow"], ["route", "Moscow", "Kyiv"], ["check", SEED], ["serve"]]
    )
    def test_missing_reference_data_is_told_with_what_to_run(self, run, tmp_path, command):
        assert "dateline prepare" in refused(run(*command, var_dir=tmp_path / "nothing"))

    def test_a_disk_that_cannot_be_written_is_told(self, run, tmp_path):
        (tmp_path / "file").write_text("")
        for var_dir in ("/proc/nowhere", tmp_path / "file"):
            said = refused(run("export", "x", var_dir=var_dir))
            assert str(var_dir) in said
            said = refused(run("prepare", var_dir=var_dir))
            assert "DATELINE_VAR_DIR" in said

    def test_a_database_that_cannot_be_opened_is_told(self, run, tmp_path):
        assert str(tmp_path) in refused(run("load", SEED, database_url=f"sqlite:///{tmp_path}"))

    def test_preparing_again_does_nothing(self, run):
        lines = run("prepare").stdout.splitlines()
        assert len(lines) >= 5
        assert all(line.endswith("up to date") for line in lines)


class TestTerminals:
    def test_names_are_understood_in_a_locale_that_knows_no_utf8(self, process):
        bare = {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
        done = process("locate", "하산", env=bare)
        assert done.returncode == 0
        assert b"khasan-station" in done.stdout.splitlines()[0]

    def test_what_a_terminal_cannot_spell_is_escaped_and_json_is_utf8(self, process):
        old = {"PYTHONIOENCODING": "latin-1"}
        done = process("route", "Moscow", "Paris", "--mode", "plane", env=old)
        assert done.stdout.startswith(b"Moscow (RU) \\u2013 Paris (FR)")
        done = process("locate", "평양", "--json", "--limit", "1", env=old)
        assert json.loads(done.stdout.decode("utf-8"))["q"] == "평양"

    def test_a_name_that_is_not_utf8_is_refused(self, environment):
        done = subprocess.run(
            [*DATELINE, "export", b"\xff"], env=environment, capture_output=True, check=False
        )
        assert done.returncode == 2
        assert b"not UTF-8" in done.stderr

    def test_a_reader_that_leaves_early_is_not_bothered(self, process):
        read, write = os.pipe()
        os.close(read)
        with os.fdopen(write, "wb") as nobody:
            done = process(
                "route", "Moscow", "Paris", "--json", stdout=nobody, stderr=-1, capture_output=False
            )
        assert done.stderr == b""

    def test_a_full_disk_under_standard_output_is_told(self, process):
        with Path("/dev/full").open("wb") as full:
            done = process("locate", "Moscow", stdout=full, stderr=-1, capture_output=False)
        assert done.returncode == 1
        assert done.stderr == b"dateline: No space left on device\n"


@pytest.fixture
def serving(environment) -> Iterator[Callable[..., tuple[subprocess.Popen[str], str]]]:
    """Start a server with these arguments; returns the process and its address once it answers."""
    servers: list[subprocess.Popen[str]] = []

    def serve(*arguments: str) -> tuple[subprocess.Popen[str], str]:
        server = subprocess.Popen(
            [*DATELINE, "serve", "--port", "0", *arguments],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        servers.append(server)
        assert server.stdout is not None
        address = re.search(r"http://\S+", server.stdout.readline())
        assert address, server.stderr and server.stderr.read()
        _wait_for(f"{address[0]}/healthz", server)
        return server, address[0]

    yield serve
    for server in servers:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)
        server.communicate()


def _wait_for(url: str, server: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 30
    while server.poll() is None and time.monotonic() < deadline:
        try:
            if httpx.get(url).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail("the server does not answer")


class TestServe:
    @pytest.mark.parametrize("workers", ["1", "2"])
    def test_it_answers_and_ctrl_c_stops_it_without_a_word(self, serving, workers):
        server, address = serving("--load", str(SEED), "--workers", workers)
        (trip,) = httpx.get(f"{address}/api/trips").json()["trips"]
        assert trip["trip"] == SEED.stem
        os.killpg(server.pid, signal.SIGINT)  # as a terminal does, to all of the group
        assert server.wait(timeout=20) == 0
        assert server.stderr.read() == ""
        with pytest.raises(httpx.TransportError):
            httpx.get(f"{address}/healthz")

    def test_what_another_process_loads_is_in_the_next_answer(self, serving, process, tmp_path):
        _, address = serving("--load", str(SEED))
        url = f"{address}/api/trips/{SEED.stem}"
        before = httpx.get(url)
        assert before.json()["revision"] == 1
        changed = tmp_path / "changed.toml"
        text = SEED.read_text("utf-8")
        changed.write_text(re.sub(r"^title = .*", 'title = "Renamed"', text, flags=re.M), "utf-8")
        assert process("load", changed).returncode == 0
        after = httpx.get(url, headers={"If-None-Match": before.headers["etag"]})
        assert after.status_code == 200
        assert (after.json()["revision"], after.json()["title"]) == (2, "Renamed")
        assert "Renamed" in httpx.get(f"{address}/").text
        assert "Renamed" in httpx.get(f"{address}/trips/{SEED.stem}").text

    def test_a_port_in_use_is_told(self, run):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            for workers in (1, 2):
                said = refused(run("serve", "--port", port, "--workers", workers))
                assert "in use" in said
                assert "--port" in said

    def test_a_host_that_is_not_here_is_told(self, run):
        said = refused(run("serve", "--host", "203.0.113.7", "--port", 0))
        assert "--host" in said


def test_ctrl_c_stops_a_command_with_130_and_no_traceback(environment, tmp_path):
    os.mkfifo(fifo := tmp_path / "waiting.toml")  # nobody writes: the command waits for ever
    waiting = subprocess.Popen(
        [*DATELINE, "check", str(fifo)], env=environment, stderr=subprocess.PIPE, text=True
    )
    writer: list[int] = []
    # Opening the other end returns only once the command has come so far as to read.
    opening = threading.Thread(target=lambda: writer.append(os.open(fifo, os.O_WRONLY)))
    opening.start()
    opening.join(timeout=30)
    waiting.send_signal(signal.SIGINT)
    _, said = waiting.communicate(timeout=20)
    os.close(writer[0])
    assert waiting.returncode == 130
    assert said == "dateline: stopped\n"


def test_of_two_who_load_at_once_both_succeed(environment, tmp_path, var_dir):
    text = SEED.read_text("utf-8")
    loading = []
    for n in range(2):
        (folder := tmp_path / str(n)).mkdir()
        (folder / "same.toml").write_text(
            re.sub(r"^title = .*", f'title = "Version {n}"', text, flags=re.M), "utf-8"
        )
        own = re.sub(r"^slug = .*", f'slug = "own-{n}"', text, flags=re.M)
        (folder / "own.toml").write_text(own, "utf-8")
        loading.append(
            subprocess.Popen(
                [*DATELINE, "load", str(folder)], env=environment, stdout=subprocess.PIPE, text=True
            )
        )
    said = [each.communicate(timeout=60)[0] for each in loading]
    assert [each.returncode for each in loading] == [0, 0]
    assert sorted("revision 2" in each for each in said) == [False, True]
    repository = Rooms(Settings(var_dir=var_dir)).repository
    assert repository.slugs() == [SEED.stem, "own-0", "own-1"]
    last = next(n for n in range(2) if "revision 2" in said[n])
    assert repository.trip(SEED.stem).title == f"Version {last}"


class TestOnlineGeocoder:
    """Nominatim, where an operator has named one; here a server on the loopback."""

    @pytest.fixture
    def nominatim(self) -> Iterator[str]:
        class Answering(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                house = {"lat": "43.1", "lon": "131.9", "display_name": "A house", "place_id": 1}
                self.wfile.write(json.dumps([house]).encode())

            def log_message(self, *_: object) -> None:
                pass

        with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield f"http://127.0.0.1:{server.server_port}"
            server.shutdown()

    def test_it_is_asked_for_what_the_gazetteer_lacks(self, run, nominatim):
        result = run("locate", "Qqxx Zzqq 7", "--json", nominatim_url=nominatim)
        assert result.exit_code == 0
        (place,) = json.loads(result.stdout)["places"]
        assert (place["name"], place["time_zone"]) == ("A house", "Asia/Vladivostok")
        assert place["origin"] == f"Nominatim at {nominatim}"
        assert "A house" in run("locate", "Qqxx Zzqq 7", nominatim_url=nominatim).stdout

    def test_it_is_not_asked_for_what_the_gazetteer_knows(self, run):
        result = run("locate", "Khasan", nominatim_url="http://127.0.0.1:9")
        assert result.exit_code == 0
        assert "khasan-station" in result.stdout

    def test_without_it_nothing_is_asked(self, run):
        assert run("locate", "Qqxx Zzqq 7").exit_code == 1

    def test_a_service_that_does_not_answer_is_a_plain_error(self, run):
        result = run("locate", "Qqxx Zzqq 7", nominatim_url="http://127.0.0.1:9")
        assert result.exit_code == 1
        assert "did not answer" in result.stderr
