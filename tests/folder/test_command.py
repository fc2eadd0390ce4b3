"""``dateline publish``: what it says, and with which exit code."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from app.errors import InputError
from app.folder.published import choice_of
from app.rooms import Rooms
from app.settings import Settings

BEIJING = Path(__file__).parents[2] / "seeds" / "2025-09-beijing.toml"
SLUG = "2025-09-beijing"

Run = Callable[..., Result]


@pytest.fixture
def run(reference_dir, tmp_path, monkeypatch) -> Run:
    """Run a command over a database with one trip."""
    var_dir = tmp_path / "var"
    var_dir.mkdir()
    (var_dir / "reference").symlink_to(reference_dir)
    monkeypatch.setenv("DATELINE_VAR_DIR", str(var_dir))
    Rooms(Settings()).load_dossiers([BEIJING])

    def run(*arguments: object) -> Result:
        return CliRunner(catch_exceptions=False).invoke(main, [str(each) for each in arguments])

    return run


def test_it_says_what_was_written(run, tmp_path):
    done = run("publish", SLUG, tmp_path / "journey")
    assert done.exit_code == 0
    said = f"{tmp_path / 'journey'}: {SLUG} at revision 1, 2 steps, "
    assert done.stdout.startswith(said)
    assert done.stderr == f"publishing {SLUG} …\n"
    again = run("publish", SLUG, tmp_path / "journey", "--embed", "?view=diagram")
    assert again.exit_code == 0
    assert "shows-diagram" in (tmp_path / "journey" / "embed.html").read_text("utf-8")


def test_an_unknown_trip_is_told_with_those_there_are(run, tmp_path):
    done = run("publish", "nowhere", tmp_path / "journey")
    assert done.exit_code == 1
    assert f"there are: {SLUG}" in done.stderr
    assert not (tmp_path / "journey").exists()


def test_a_renamed_trip_is_told_with_its_name(run, tmp_path):
    run("rename", SLUG, "beijing")
    done = run("publish", SLUG, tmp_path / "journey")
    assert (done.exit_code, "is called “beijing” now" in done.stderr) == (1, True)


def test_what_was_published_under_a_former_name_gives_way(run, tmp_path):
    assert run("publish", SLUG, tmp_path / "journey").exit_code == 0
    run("rename", SLUG, "beijing")
    assert run("publish", "beijing", tmp_path / "journey").exit_code == 0
    assert (tmp_path / "journey" / "data" / "beijing.toml").is_file()
    assert not (tmp_path / "journey" / "data" / f"{SLUG}.toml").exists()


def test_a_withdrawn_trip_is_not_published(run, tmp_path):
    run("withdraw", SLUG, "--reason", "It was another train.")
    done = run("publish", SLUG, tmp_path / "journey")
    assert done.exit_code == 1
    assert "is withdrawn (It was another train.); `dateline restore" in done.stderr
    assert not (tmp_path / "journey").exists()


def test_a_place_that_is_taken_is_told_before_the_work(run, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    done = run("publish", SLUG, tmp_path)
    assert done.exit_code == 1
    assert done.stderr.splitlines()[-1].startswith(f"dateline: {tmp_path} holds something else")
    done = run("publish", SLUG, tmp_path / "mine.txt")
    assert (done.exit_code, "is a file; give a folder" in done.stderr) == (1, True)
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_the_folder_one_stands_in_can_be_filled(run, tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert run("publish", SLUG, ".").exit_code == 0
    assert (tmp_path / "here" / "index.html").is_file()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("theme=blue", "theme: must be one of auto, light, dark"),
        ("them=dark", "them: is no option of an embed; there are lang, theme"),
        ("as_of=2023-09-12", "as_of: is no option of an embed"),
        ("dark", "dark: is no option of an embed"),
        ("from=2023-09-13&to=2023-09-12", "to: is before “from”"),
    ],
)
def test_options_of_the_embed_that_make_no_sense_are_wrong_use(run, tmp_path, options, said):
    done = run("publish", SLUG, tmp_path / "journey", "--embed", options)
    assert done.exit_code == 2
    assert "--embed" in done.stderr
    assert said in " ".join(done.stderr.split())


@pytest.mark.parametrize(
    "asked", ["theme=dark", "?theme=dark", "https://example.org/embed/journey?theme=dark"]
)
def test_options_are_taken_as_they_stand_in_an_address(asked):
    assert choice_of(asked).theme == "dark"
    assert choice_of("").query == ()
    with pytest.raises(InputError):
        choice_of("dark")
