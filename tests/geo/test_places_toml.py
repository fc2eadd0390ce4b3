"""Our own places are where they say: on their railway, in their country and zone."""

import math
from pathlib import Path

import numpy as np
import pytest
import tzfpy

from app.errors import BuildError
from app.geo.gazetteer import Gazetteer
from app.geo.network import Network
from app.geo.own_places import OwnPlace, read_own_places
from app.journey.model import Place
from app.settings import Settings

NEEDED = [
    "pyongyang",
    "tumangang-station",
    "tumen-rail-bridge",
    "khasan-station",
    "baranovsky-junction",
    "razdolnaya-bridge",
    "ussuriysk",
    "vladivostok",
    "khabarovsk",
    "vostochny-cosmodrome",
    "tsiolkovsky",
    "ledyanaya-station",
    "far-eastern-federal-university",
    "komsomolsk-on-amur",
    "artyom-primorsky-1",
    "rajin",
    "chongjin",
    "sinuiju",
    "dandong",
    "yalu-rail-bridge",
    "tianjin",
    "wuhan",
    "changsha",
    "nanning",
    "pingxiang",
    "dong-dang-station",
    "hanoi",
    "beijing",
    "seoul",
    "russia",
]
RAIL = {"station", "junction", "bridge", "border_crossing"}
OWN = read_own_places(Settings().data_dir / "places.toml")


@pytest.fixture(scope="module")
def gazetteer(reference_dir: Path) -> Gazetteer:
    return Gazetteer(reference_dir / "gazetteer.sqlite")


def test_every_place_that_dossiers_need_is_there() -> None:
    assert set(NEEDED) <= {place.id for place in OWN}


@pytest.mark.parametrize("own", OWN, ids=lambda own: own.id)
def test_an_entry_is_in_its_zone(gazetteer: Gazetteer, own: OwnPlace) -> None:
    place = gazetteer.place(own.id)
    lon, lat = place.position
    assert tzfpy.get_tz(lon, lat) in place.time_zones
    assert place.origin
    assert place.names["en"] == place.name or own.id == "khasan-station"
    assert {"ko", "ru"} <= set(place.names)


def nearest_track_km(place: Place, network: Path) -> float:
    railways = Network.load(network)
    lon, lat, u, v = railways.lon, railways.lat, railways.u, railways.v
    scale = math.cos(math.radians(place.position.lat))
    x, y = (lon - place.position.lon) * 111.2 * scale, (lat - place.position.lat) * 111.2
    along_x, along_y = x[v] - x[u], y[v] - y[u]
    length = np.maximum(along_x**2 + along_y**2, 1e-12)
    share = np.clip(-(x[u] * along_x + y[u] * along_y) / length, 0, 1)
    return float(np.hypot(x[u] + share * along_x, y[u] + share * along_y).min())


@pytest.mark.parametrize("own", [own for own in OWN if own.feature in RAIL], ids=lambda own: own.id)
def test_a_railway_place_lies_on_the_network(
    gazetteer: Gazetteer, reference_dir: Path, own: OwnPlace
) -> None:
    place = gazetteer.place(own.id)
    off_km = nearest_track_km(place, reference_dir / "railways.npz")
    assert off_km <= place.radius_km + 1.5


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("format = 2", "format = 1"),
        ("format = 1\n[[place]]\nid = 'a'", "name is missing"),
        ("format = 1\n[[place]]\nid = 'a'\nname = 'A'", "lon is missing"),
        ("format = 1\n[[place]]\nid = 'a'\nname = 'A'\nlatt = 3", "unknown key 'latt'"),
        ("format = 1\n[[place]]\nid = 'a'\nname = 'A'\ngeonames = 1\nlon = 'x'", "lon must be"),
        ("format = 1\n[[place]]\nid = 'a'\nname = 'A'\ngeonames = 1\nlat = 99", "degrees"),
        (
            "format = 1\n" + "[[place]]\nid = 'a'\nname = 'A'\ngeonames = 1\n" * 2,
            "the id is taken",
        ),
        ("= nonsense", "cannot be read"),
    ],
)
def test_a_wrong_entry_is_refused_by_name(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "places.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BuildError, match=reason):
        read_own_places(path)
