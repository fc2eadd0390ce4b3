"""What is in a published folder: everything that its pages lead to, the same bytes every time."""

import csv
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

from app.errors import UnknownTripError
from app.folder.about import read_manifest
from app.folder.published import choice_of, publish_folder
from app.folder.regions import regions_of
from app.main import create_app
from app.rooms import Rooms
from tests.folder.conftest import SLUG
from tests.folder.reading import CSS_URL, Links, handed, step_of
from tests.hostile import HOSTILE
from tests.words.pseudo import TAG, spoken
from tests.words.reading import data_of, own_words, page_texts, picture_texts

PAGES = ("index.html", "embed.html")
STEPS = 16

_ADDRESS = re.compile(r'(?:href|src|srcset)="[^"]*"')
_SPACE = re.compile(r"\s+")


@pytest.fixture(scope="module")
def server(seeded_rooms: Rooms) -> Iterator[TestClient]:
    with TestClient(create_app(rooms=seeded_rooms)) as client:
        yield client


@pytest.fixture(scope="module")
def steps(folder: Path) -> list[dict[str, object]]:
    _, data = step_of(folder, "index", 0)
    return data["steps"]


def all_html(folder: Path) -> Iterator[tuple[str, str]]:
    """The pages as they are opened, and every region of them at every step."""
    for page in PAGES:
        yield page, (folder / page).read_text("utf-8")
        for number in range(STEPS):
            regions, _ = step_of(folder, page.removesuffix(".html"), number)
            yield f"{page} at step {number}", "".join(regions.values())


def test_every_address_leads_to_a_file_in_the_folder(folder):
    ids = {page: Links((folder / page).read_text("utf-8")).ids for page in PAGES}
    seen = 0
    for where, html in all_html(folder):
        links = Links(html)
        ids_here = ids[where.split()[0]] | links.ids
        for address in links.found:
            parts = urlsplit(address.value)
            said = f"{where}: {address}"
            if parts.scheme:
                # Sources and credits, which a reader may follow; nothing is loaded from there.
                assert (address.tag, address.attribute) == ("a", "href"), said
                assert parts.scheme in ("http", "https"), said
                continue
            assert not parts.netloc, said
            assert not parts.path.startswith("/"), said
            if parts.path:
                assert (folder / parts.path).is_file(), said
            assert not parts.fragment or parts.fragment in ids.get(parts.path, ids_here), said
            seen += 1
    assert seen > 1000


def test_nothing_in_a_page_stands_where_a_policy_forbids_it(folder):
    for where, html in all_html(folder):
        assert Links(html).refused == [], where


def test_styles_load_what_is_there(folder):
    styles = list(folder.rglob("*.css"))
    loaded = [
        (style.parent / address.strip("\"'"), address)
        for style in styles
        for found in CSS_URL.findall(style.read_text("utf-8"))
        if not (address := "".join(found)).strip("\"'").startswith("data:")
    ]
    assert len(loaded) == 2
    assert all(file.is_file() for file, _ in loaded)


def test_links_within_the_data_lead_to_files(folder):
    files = [*(folder / "data").glob("*.json")]
    assert len(files) == 7
    for file in files:
        links = json.loads(file.read_text("utf-8"))["links"]
        assert links
        for address in links.values():
            assert (file.parent / address).resolve().is_file(), (file, address)


def test_scripts_hand_over_under_their_own_name(folder):
    scripts = [*folder.glob("steps/**/*.js"), *folder.glob("assets/ground.*.js")]
    assert len(scripts) > 2 * STEPS
    for script in scripts:
        name, _ = handed(script)
        assert name == script.relative_to(folder).as_posix()


def test_no_script_of_ours_asks_for_anything_but_the_files(folder):
    (script,) = folder.glob("assets/main.*.js")
    text = script.read_text("utf-8")
    assert "load_folder.js" in text
    # Where it could be at an instant is not asked: its box is not in the page.
    assert "data-where" not in (folder / "index.html").read_text("utf-8")
    assert not re.search(r"^\s*(import|export)\b|import\.meta|localhost|127\.0\.0\.1", text, re.M)


def test_what_only_a_server_has_is_not_in_the_pages(read):
    for page in PAGES:
        html = read(page)
        for gone in ("feed.atom", "feed.json", "/docs", "<form", "data-builder", "canonical"):
            assert gone not in html, (page, gone)
        assert html.index("Content-Security-Policy") < html.index("<link")
        assert "frame-ancestors" not in html  # a page cannot say it, and a browser complains


def test_every_step_says_what_the_server_says_at_that_moment(folder, server, steps):
    assert len(steps) == STEPS
    for number, step in enumerate(steps):
        for page, path in (("index", f"/trips/{SLUG}"), ("embed", f"/embed/{SLUG}")):
            html = server.get(path, params={"as_of": step["as_of"]}).text
            regions, data = step_of(folder, page, number)
            served = regions_of(html)
            assert regions.keys() == served.keys()
            for name, region in regions.items():
                theirs = served[name]
                if name == "diagram" and number + 1 < STEPS:
                    # Pictures are of what is known to date; an earlier step offers none.
                    theirs = re.sub(r"As a file:.*(?=</figcaption>)", "", theirs, flags=re.S)
                assert _plain(region) == _plain(theirs), (page, number, name)
            block = re.search(r'id="trip-data"[^>]*>(.*?)</script>', html, re.S)
            assert block is not None
            there = json.loads(block[1])
            assert data == {**there, "live": None, "address": None}


def _plain(html: str) -> str:
    """HTML without its addresses, which lead elsewhere in a folder."""
    return _SPACE.sub(" ", _ADDRESS.sub("", html)).strip()


def test_the_page_opens_at_the_latest_step(read, folder):
    _, latest = step_of(folder, "index", STEPS - 1)
    block = re.search(r'id="trip-data"[^>]*>(.*?)</script>', read("index.html"), re.S)
    assert block is not None
    assert json.loads(block[1]) == latest


def test_data_are_those_of_the_server(folder, server):
    for name in ("waypoints.csv", "legs.geojson", "sources.csv", "contradictions.geojson"):
        part, fmt = name.split(".")
        served = server.get(f"/api/trips/{SLUG}/{part}", params={"format": fmt})
        assert (folder / "data" / name).read_bytes() == served.content, name
    for ending in ("gpx", "kml", "geojson", "csv", "toml"):
        served = server.get(f"/trips/{SLUG}.{ending}")
        assert (folder / "data" / f"{SLUG}.{ending}").read_bytes() == served.content, ending
    ours = json.loads((folder / "data" / "sightings.json").read_text("utf-8"))
    theirs = server.get(f"/api/trips/{SLUG}/sightings").json()
    assert {**ours, "links": {}} == {**theirs, "links": {}}


def test_a_list_is_there_in_every_format_it_has(folder):
    names = {path.name for path in (folder / "data").iterdir()}
    for part in ("waypoints", "legs", "sightings", "contradictions"):
        assert {f"{part}.json", f"{part}.csv", f"{part}.geojson"} <= names
    assert {"trip.json", "sources.json", "sources.csv"} <= names
    with (folder / "data" / "legs.csv").open(newline="", encoding="utf-8") as file:
        assert len([*csv.DictReader(file)]) > 5


def test_pictures_are_there_in_the_sizes_that_desks_take(folder, server):
    names = {path.name for path in (folder / "pictures").iterdir()}
    for subject in ("map", "time-distance"):
        for size in ("print", "column", "phone"):
            assert {f"{subject}-{size}.svg", f"{subject}-{size}-2x.png"} <= names
        assert f"{subject}-card.png" in names
    served = server.get(f"/trips/{SLUG}/map.svg", params={"size": "page", "theme": "dark"})
    assert (folder / "pictures" / "map-page-dark.svg").read_bytes() == served.content


def test_the_manifest_lists_every_file_with_its_digest(folder):
    manifest = read_manifest((folder / "manifest.json").read_bytes())
    assert manifest is not None
    assert (manifest["trip"], manifest["revision"], len(manifest["steps"])) == (SLUG, 1, STEPS)
    found = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    assert manifest["files"] == {
        path: {"sha256": hashlib.sha256(body).hexdigest(), "bytes": len(body)}
        for path, body in found.items()
    }
    assert [*manifest["files"]] == sorted(manifest["files"])


def test_the_readme_says_how_to_host_and_embed_it_and_whose_it_is(read):
    text = read("README.txt")
    assert 'src="https://example.org/journey/embed.html"' in text
    assert "https://example.org/journey/embed.js" in text
    assert "revision 1" in text
    for credit in ("OpenStreetMap", "GeoNames", "Natural Earth", "ODbL 1.0", "CC BY 4.0"):
        assert credit in text
    assert max(map(len, text.splitlines())) <= 110


def test_the_licences_are_those_of_what_is_there(read):
    text = read("assets/licences.txt")
    ours = (Path(__file__).parents[2] / "LICENSE").read_text("utf-8")
    assert ours.splitlines()[2] in text
    for work in ("Leaflet (", "leaflet.fullscreen (", "Noto Sans KR (", "Noto Sans SC ("):
        assert work in text
    for work in ("jQuery", "Swagger UI"):
        assert work not in text


WRITE = """
import sys
from pathlib import Path
from app.folder.published import publish_folder
from app.rooms import Rooms
from app.settings import Settings
publish_folder(Rooms(Settings(var_dir=Path(sys.argv[1]))), sys.argv[2], Path(sys.argv[3]))
"""


def test_another_process_elsewhere_writes_the_same_bytes(folder, seeded_rooms, tmp_path):
    place = tmp_path / "an other place"
    root = Path(__file__).parents[2]
    environment = {
        **os.environ,
        "PYTHONHASHSEED": "12345",
        "PYTHONPATH": str(root),
        "TZ": "Pacific/Kiritimati",
        "LC_ALL": "C",
        "DATELINE_PUBLIC_URL": "https://dateline.example",
        "DATELINE_TILES_URL": "https://tiles.example/{z}/{x}/{y}.png",
    }
    arguments = [str(seeded_rooms.settings.var_dir), SLUG, str(place)]
    subprocess.run(
        [sys.executable, "-c", WRITE, *arguments], check=True, cwd=tmp_path, env=environment
    )
    ours, theirs = ((d / "manifest.json").read_bytes() for d in (folder, place))
    assert ours == theirs  # which has the digest of every other file


def test_nothing_in_it_tells_where_it_was_written(folder, seeded_rooms):
    told = [
        str(folder.parent).encode(),
        str(seeded_rooms.settings.var_dir).encode(),
        str(Path(__file__).parents[2]).encode() + b"/",
        b"127.0.0.1",
        b"localhost",
    ]
    for path in folder.rglob("*"):
        if path.is_file():
            body = path.read_bytes()
            assert not [each for each in told if each in body], path


def test_the_embed_looks_as_it_was_asked_for(seeded_rooms, tmp_path):
    place = tmp_path / "journey"
    query = "theme=dark&view=both&from=2023-09-12&to=2023-09-13&height=700"
    publish_folder(seeded_rooms, SLUG, place, choice_of(query))
    html = (place / "embed.html").read_text("utf-8")
    assert 'data-theme="dark"' in html
    assert 'data-map="embed"' in html
    assert 'data-part="diagram"' in html
    links = Links(html)
    assert all((place / a.value).is_file() for a in links.found if a.attribute in ("src", "srcset"))
    _, data = step_of(place, "embed", STEPS - 1)
    assert data["opens_on"]["south"] > 40
    assert (data["height"], data["live"]) == (700, None)
    assert 'height="700"' in (place / "README.txt").read_text("utf-8")
    manifest = read_manifest((place / "manifest.json").read_bytes())
    assert manifest is not None
    assert manifest["embed"] == {
        "theme": "dark", "view": "both", "from": "2023-09-12", "to": "2023-09-13", "height": "700",
    }  # fmt: skip


def test_an_embed_in_another_language_has_no_other_words(seeded_rooms, server, tmp_path):
    place = tmp_path / "journey"
    with spoken():
        publish_folder(seeded_rooms, SLUG, place, choice_of(f"view=both&lang={TAG}"))
    html = (place / "embed.html").read_text("utf-8")
    credits_ = {text for text, _ in seeded_rooms.packages.credits()}
    data = data_of(lambda path: server.get(path).json(), SLUG, credits_)
    assert own_words(page_texts(html), data) == set()
    pictures = {a.value for a in Links(html).found if TAG in a.value}
    assert pictures
    for picture in pictures:
        assert own_words(picture_texts((place / picture).read_text("utf-8")), data) == set()
    assert '<html lang="en"' in (place / "index.html").read_text("utf-8")


def test_an_embed_of_the_diagram_alone_loads_no_map(seeded_rooms, tmp_path):
    place = tmp_path / "journey"
    publish_folder(seeded_rooms, "2025-09-beijing", place, choice_of("view=diagram"))
    links = Links((place / "embed.html").read_text("utf-8")).found
    scripts = {a.value.split("/")[1].split(".")[0] for a in links if a.tag == "script"}
    assert "embed_diagram" in scripts
    assert not scripts & {"leaflet", "map", "main"}


def test_hostile_text_stays_text(hostile_rooms, tmp_path):
    place = tmp_path / "journey"
    publish_folder(hostile_rooms, "hostile", place)
    for page in PAGES:
        html = (place / page).read_text("utf-8")
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert HOSTILE.split()[0] in unescape(html)
    for script in place.glob("steps/**/*.js"):
        assert "<script>alert" not in _markup(script)


def _markup(script: Path) -> str:
    """The lines of pages in a script, without those of their data, which is no markup."""
    return "" if script.parent.name == "data" else script.read_text("utf-8")


def test_a_trip_without_a_report_has_pages_and_no_steps(odd_rooms, tmp_path):
    done = publish_folder(odd_rooms, "none", tmp_path / "journey")
    assert done.steps == 0
    assert "None" not in (tmp_path / "journey" / "README.txt").read_text("utf-8")
    assert "Nothing was published by then" in (tmp_path / "journey" / "index.html").read_text(
        "utf-8"
    )


def test_what_changes_while_it_is_written_is_not_in_it(seeded_rooms, tmp_path, monkeypatch):
    from app.folder.contents import Contents
    from app.web.embed_choice import EmbedChoice

    contents = Contents(seeded_rooms, "2025-09-beijing", EmbedChoice())
    monkeypatch.setattr(
        seeded_rooms.repository, "trip", lambda slug: pytest.fail("the store was asked again")
    )
    monkeypatch.setattr(
        seeded_rooms.repository, "revision", lambda slug: pytest.fail("the store was asked again")
    )
    assert len(dict(contents.files())) > 50


def test_progress_goes_from_nothing_to_all(seeded_rooms, tmp_path):
    told: list[float] = []
    publish_folder(seeded_rooms, "2025-09-beijing", tmp_path / "journey", progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(told) > 10


def test_an_unknown_trip_is_told_before_anything_is_written(seeded_rooms, tmp_path):
    with pytest.raises(UnknownTripError):
        publish_folder(seeded_rooms, "nowhere", tmp_path / "journey")
    assert [*tmp_path.iterdir()] == []
