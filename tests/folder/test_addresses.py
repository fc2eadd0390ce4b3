"""Which file stands for which address of the server, and that no address is left without one."""

import pytest

from app.errors import BuildError
from app.folder.addresses import FileAddresses

ASSETS = {"/trips/journey/map.js": "assets/map.1.js"}


@pytest.fixture
def addresses() -> FileAddresses:
    return FileAddresses("journey", ASSETS)


@pytest.mark.parametrize(
    ("address", "file"),
    [
        ("/trips/journey", "index.html"),
        ("/trips/journey#sources-title", "index.html#sources-title"),
        (
            "/trips/journey?as_of=2023-09-12T03:15:00Z#a",
            "index.html?as_of=2023-09-12T03%3A15%3A00Z#a",
        ),
        ("/embed/journey?as_of=2023-09-12T03%3A15%3A00Z&theme=dark",
         "embed.html?as_of=2023-09-12T03%3A15%3A00Z"),
        ("/trips/journey/map.js?v=0", "assets/map.1.js"),
        ("/trips/journey.gpx?as_of=2023-09-12T03:15:00Z", "data/journey.gpx"),
        ("/trips/journey.toml", "data/journey.toml"),
        ("/api/trips/journey", "data/trip.json"),
        ("/api/trips/journey/legs", "data/legs.json"),
        ("/api/trips/journey/legs?format=csv", "data/legs.csv"),
        ("/api/schemas/legs", "data/schemas/legs.json"),
        ("/licences.txt", "assets/licences.txt"),
        ("/trips/journey/map.svg?size=page&theme=dark", "pictures/map-page-dark.svg"),
        ("/trips/journey/map.png", "pictures/map-card.png"),
        (
            "/trips/journey/time-distance.png?size=print&scale=2&as_of=2023-09-12T03:15:00Z",
            "pictures/time-distance-print-2x.png",
        ),
        (
            "/trips/journey/map.svg?size=column&from=2023-09-12&heading=0",
            "pictures/map-column-part-plain.svg",
        ),
    ],
)  # fmt: skip
def test_an_address_leads_to_a_file(addresses, address, file):
    assert addresses.file(address) == file


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/docs",
        "/feed.atom",
        "/trips/another",
        "/trips/journeys",
        "/trips/journey/feed.atom",
        "/trips/journey/map.gif",
        "/trips/journey/map.svg?size=huge",
        "/trips/journey.pdf",
        "/api/trips/journey/position",
        "/api/trips/journey/legs?format=gpx",
        "//example.org/trips/journey",
        "/static/js/main.js",
    ],
)
def test_an_address_that_no_file_stands_for_is_refused(addresses, address):
    with pytest.raises(BuildError, match="no file stands for"):
        addresses.file(address)


def test_pictures_that_were_asked_for_are_remembered_once(addresses):
    for _ in range(2):
        addresses.file("/trips/journey/map.svg?size=page")
    assert len(addresses.pictures) == 1


def test_links_of_data_lead_to_files_beside_it(addresses):
    links = {
        "self": "/api/trips/journey/legs",
        "page": "/trips/journey",
        "schema": "/api/schemas/legs",
        "atom": "/trips/journey/feed.atom",
        "position": "/api/trips/journey/position",
    }
    document = addresses.links({"trip": "journey", "links": links}, beside="data/")
    assert document == {
        "trip": "journey",
        "links": {
            "self": "legs.json",
            "page": "../index.html",
            "schema": "schemas/legs.json",
        },
    }
