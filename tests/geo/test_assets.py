"""The browser assets that the app serves itself: the right ones, and nothing that asks outside."""

import hashlib
import io
import re
from pathlib import Path

import folium
import pytest
from folium.plugins import Fullscreen
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from app.errors import BuildError, MissingReferenceError, NotFoundError
from app.geo.assets import URL_PREFIX, Assets
from app.geo.assets_build import build
from app.geo.script_fonts import HANGUL, SCRIPT_FONTS, ScriptFont

pytestmark = pytest.mark.reference

NAMES = [
    "leaflet.js",
    "leaflet.css",
    "jquery.js",
    "fullscreen.js",
    "fullscreen.css",
    "swagger-ui.js",
    "swagger-ui.css",
    "swagger-ui.png",
    "hangul.otf",
    "han.otf",
    "fonts.css",
]


@pytest.fixture(scope="module")
def assets(reference_dir: Path) -> Assets:
    return Assets(reference_dir / "vendor")


def file_name(assets: Assets, name: str) -> str:
    return assets.url_for(name).removeprefix(URL_PREFIX)


@pytest.mark.parametrize("name", NAMES)
def test_each_asset_is_served_under_a_hash_of_its_content(assets: Assets, name: str) -> None:
    served = file_name(assets, name)
    content, media_type = assets.read(served)
    stem, digest, suffix = served.rsplit(".", 2)
    assert f"{stem}.{suffix}" == name
    assert hashlib.sha256(content).hexdigest().startswith(digest)
    expected = {
        "js": "text/javascript",
        "css": "text/css",
        "png": "image/png",
        "otf": "font/otf",
    }[suffix]
    assert media_type.startswith(expected)


def test_there_are_no_others(assets: Assets) -> None:
    assert sorted(assets.names()) == sorted(file_name(assets, name) for name in NAMES)


def test_the_addresses_that_folium_gives_are_known(assets: Assets) -> None:
    wanted = {"leaflet", "jquery", "leaflet_css"}
    for name, url in folium.Map.default_js + folium.Map.default_css:
        if name in wanted:
            wanted.remove(name)
            assert assets.url_for(url).startswith(URL_PREFIX)
    assert not wanted
    for _, url in Fullscreen.default_js + Fullscreen.default_css:
        assert assets.url_for(url) in {
            assets.url_for("fullscreen.js"),
            assets.url_for("fullscreen.css"),
        }


def test_leaflet_is_the_version_that_folium_is_made_for(assets: Assets) -> None:
    content, _ = assets.read(file_name(assets, "leaflet.js"))
    version = re.search(r"leaflet@([\d.]+)/", dict(folium.Map.default_js)["leaflet"])
    assert version is not None
    assert f"Leaflet {version[1]},".encode() in content[:200]


@pytest.mark.parametrize("name", ["leaflet.css", "fullscreen.css", "swagger-ui.css"])
def test_a_style_asks_for_nothing_else(assets: Assets, name: str) -> None:
    text = assets.read(file_name(assets, name))[0].decode()
    targets = re.findall(r"url\(\s*[\"']?(.{0,5})", text)
    assert targets
    assert all(target.startswith("data:") for target in targets)
    assert "@import" not in text


@pytest.mark.parametrize("name", [n for n in NAMES if n.endswith((".js", ".css"))])
def test_nothing_asks_for_a_source_map(assets: Assets, name: str) -> None:
    assert b"sourceMappingURL" not in assets.read(file_name(assets, name))[0]


def test_headers_and_licences_are_kept(assets: Assets) -> None:
    assert b"Vladimir Agafonkin" in assets.read(file_name(assets, "leaflet.js"))[0][:300]
    assert b"OpenJS Foundation" in assets.read(file_name(assets, "jquery.js"))[0][:300]
    notice = assets.notice()
    for words in (
        "Leaflet (BSD 2-Clause)",
        "jQuery (MIT)",
        "leaflet.fullscreen (MIT)",
        "Apache License",
        "Noto Sans KR (SIL Open Font License 1.1)",
        "Noto Sans SC (SIL Open Font License 1.1)",
        "Copyright 2014-2021 Adobe",
        "SIL OPEN FONT LICENSE Version 1.1 - 26 February 2007",
    ):
        assert words in notice


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("hangul.otf", "평양 서울 하산 신의주 조선중앙통신 ㄱㅎ"),
        ("han.otf", "丹东 长沙 武汉 深圳 ひらがな"),
    ],
)
def test_a_font_can_write_names_and_little_else(assets: Assets, name: str, words: str) -> None:
    content, _ = assets.read(file_name(assets, name))
    kept = set(TTFont(io.BytesIO(content)).getBestCmap())
    assert {ord(character) for character in words} - {ord(" ")} <= kept
    assert ord("A") not in kept
    assert len(content) < 1_600_000


def test_fonts_of_the_machine_come_before_the_served_ones(assets: Assets) -> None:
    style = assets.read(file_name(assets, "fonts.css"))[0].decode()
    faces = style.split("@font-face")[1:]
    assert len(faces) == len(SCRIPT_FONTS)
    for font, face in zip(SCRIPT_FONTS, faces, strict=True):
        assert f'font-family: "{font.family}"' in face
        assert "font-display: swap" in face
        assert "unicode-range: U+3" in face
        urls = re.findall(r'url\("([^"]+)"\)', face)
        assert urls == [file_name(assets, font.name)]
        assert face.index("local(") < face.index("url(")


@pytest.mark.parametrize(
    "name", ["assets.json", "../manifest.json", "/etc/passwd", "", "leaflet.js"]
)
def test_only_assets_can_be_read(assets: Assets, name: str) -> None:
    with pytest.raises(NotFoundError):
        assets.read(name)


def test_an_unknown_name_is_told_with_the_known_ones(assets: Assets) -> None:
    with pytest.raises(NotFoundError, match=r"bootstrap.*leaflet\.js"):
        assets.url_for("bootstrap.js")


def test_a_missing_directory_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(MissingReferenceError, match="dateline prepare"):
        Assets(tmp_path / "vendor")


SCRIPTS = {
    "https://a.example/leaflet@1.2.3/dist/leaflet.js": "script();\n//# sourceMappingURL=x.map\n",
    "https://a.example/jquery-3.0.0.min.js": "jquery();",
    "https://a.example/leaflet.fullscreen@3.0.0/Control.FullScreen.min.js": "full();",
    "https://a.example/leaflet.fullscreen@3.0.0/Control.FullScreen.css": "p{}",
}


def every_character_a_box(font: ScriptFont, leave_out: int = 0) -> bytes:
    """A font that has all characters of a script but some, each as the same box."""
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for corner in ((0, 700), (500, 700), (500, 0)):
        pen.lineTo(corner)
    pen.closePath()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "box"])
    characters = sorted(font.characters)[leave_out:]
    builder.setupCharacterMap(dict.fromkeys(characters, "box"))
    builder.setupGlyf({".notdef": pen.glyph(), "box": pen.glyph()})
    builder.setupHorizontalMetrics({".notdef": (600, 0), "box": (600, 0)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Box", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    made = io.BytesIO()
    builder.save(made)
    return made.getvalue()


STYLE = "https://a.example/leaflet@1.2.3/dist/leaflet.css"


def make(tmp_path: Path, style: str, *, before: str = "") -> Assets:
    resources = {**SCRIPTS, STYLE: style}
    lines = [f"_res[{url!r}] = {text!r}" for url, text in resources.items()]
    inputs = {
        key: tmp_path / key
        for key in (
            "folium_elements",
            "swagger_ui_js",
            "swagger_ui_css",
            "swagger_ui_icon",
            "swagger_ui_licence",
            "hangul_font_licence",
            "han_font_licence",
        )
    }
    for path in inputs.values():
        path.write_text("x")
    for font in SCRIPT_FONTS:
        inputs[font.file_id] = tmp_path / font.file_id
        inputs[font.file_id].write_bytes(every_character_a_box(font))
    inputs["folium_elements"].write_text("\n".join([before, "_res = {}", *lines]))
    build(inputs, tmp_path / "vendor", lambda fraction: None)
    return Assets(tmp_path / "vendor")


@pytest.mark.parametrize(
    "target",
    [
        "images/layers.png",
        "'//fonts.example/a.woff'",
        '"https://a.example/(1).png"',
        " #default#VML ",
        "HTTPS://a.example/x",
    ],
)
def test_addresses_in_styles_are_made_inert(tmp_path: Path, target: str) -> None:
    kept = "url(\"data:image/svg+xml,<path d='M0(1)'/>\")"
    assets = make(tmp_path, f"a{{b:url({target})}} c{{d:{kept}}}")
    text = assets.read(file_name(assets, "leaflet.css"))[0].decode()
    assert text == f"a{{b:url(data:,)}} c{{d:{kept}}}\n"


def test_a_style_that_imports_another_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="imports"):
        make(tmp_path, "@import 'https://a.example/x.css';")


def test_the_package_is_read_and_never_run(tmp_path: Path) -> None:
    made = tmp_path / "ran"
    make(tmp_path, "p{}", before=f"open({str(made)!r}, 'w')")
    assert not made.exists()


def test_the_same_font_gives_the_same_bytes() -> None:
    whole = every_character_a_box(HANGUL)
    assert HANGUL.subset(whole) == HANGUL.subset(whole)


def test_a_font_of_another_script_is_refused() -> None:
    with pytest.raises(BuildError, match="lacks 100 characters of KS X 1001"):
        HANGUL.subset(every_character_a_box(HANGUL, leave_out=100))


def test_what_is_no_font_is_refused() -> None:
    with pytest.raises(BuildError, match="cannot be read"):
        HANGUL.subset(b"<html>not found</html>")
