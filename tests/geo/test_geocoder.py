"""The gazetteer behaves as a geopy geocoder; the network is asked only when that is wanted."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from geopy.exc import GeocoderQueryError, GeocoderServiceError
from geopy.geocoders.base import Geocoder
from geopy.point import Point

from app.errors import InputError
from app.geo.gazetteer import Gazetteer
from app.geo.geocoder import FallbackGeocoder, GazetteerGeocoder, online_geocoder


@pytest.fixture(scope="module")
def geocoder(reference_dir: Path) -> GazetteerGeocoder:
    return GazetteerGeocoder(Gazetteer(reference_dir / "gazetteer.sqlite"))


class Nominatim(ThreadingHTTPServer):
    """A Nominatim on the loopback that knows one house and remembers who asked what."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.asked: list[tuple[str, dict[str, list[str]], str, float]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answering(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Nominatim)
        parts = urlsplit(self.path)
        query = parse_qs(parts.query)
        agent = self.headers["User-Agent"]
        self.server.asked.append((parts.path, query, agent, time.monotonic()))
        house = {"lat": "10.5", "lon": "20.25", "display_name": "A house", "place_id": 1}
        if parts.path == "/search":
            answer: object = [house] if query["q"] == ["Qqxx Zzqq 7"] else []
        else:
            answer = house
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def nominatim() -> Iterator[Nominatim]:
    with Nominatim() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_it_is_a_geopy_geocoder(geocoder: GazetteerGeocoder) -> None:
    assert isinstance(geocoder, Geocoder)
    location = geocoder.geocode("Владивосток")
    assert location.address == "Vladivostok, RU"
    assert (round(location.latitude, 1), round(location.longitude, 1)) == (43.1, 131.9)
    assert location.raw["id"] == "vladivostok"
    assert 0 < location.raw["score"] <= 1
    assert json.dumps(location.raw)


def test_several_answers_come_as_a_list(geocoder: GazetteerGeocoder) -> None:
    locations = geocoder.geocode("Springfield", exactly_one=False, limit=3)
    assert len(locations) == 3


def test_the_address_comes_in_the_language_asked_for(geocoder: GazetteerGeocoder) -> None:
    assert geocoder.geocode("Khasan", language="ko").address == "하산, RU"


@pytest.mark.parametrize(
    "near", [Point(51.4, 128.1), (51.4, 128.1), "51.4, 128.1", [(51.4, 128.1), Point(52, 128)]]
)
def test_near_takes_every_form_of_a_geopy_point(geocoder: GazetteerGeocoder, near: object) -> None:
    assert geocoder.geocode("Uglegorsk", near=near).raw["id"] == "tsiolkovsky"


def test_nothing_found_is_none(geocoder: GazetteerGeocoder) -> None:
    assert geocoder.geocode("qqxxqqzzqq") is None
    assert geocoder.geocode("qqxxqqzzqq", exactly_one=False) is None
    assert geocoder.reverse((-40, -140)) is None


@pytest.mark.parametrize("query", [Point(42.43, 130.645), (42.43, 130.645), "42.43, 130.645"])
def test_a_position_finds_its_place(geocoder: GazetteerGeocoder, query: object) -> None:
    assert geocoder.reverse(query).raw["id"] == "khasan-station"
    assert len(geocoder.reverse(query, exactly_one=False, limit=2)) == 2


@pytest.mark.parametrize("query", ["", "🚂", "x" * 5_000, None, 7, {"city": "Paris"}])
def test_a_bad_query_is_geopys_query_error(geocoder: GazetteerGeocoder, query: object) -> None:
    with pytest.raises(GeocoderQueryError):
        geocoder.geocode(query)


@pytest.mark.parametrize("query", ["somewhere", None, (float("nan"), 0), object()])
def test_a_bad_position_is_geopys_query_error(geocoder: GazetteerGeocoder, query: object) -> None:
    with pytest.raises(GeocoderQueryError):
        geocoder.reverse(query)


def test_the_service_is_asked_only_for_what_the_gazetteer_lacks(
    geocoder: GazetteerGeocoder, nominatim: Nominatim
) -> None:
    both = FallbackGeocoder(geocoder, online_geocoder(nominatim.url, "dateline test"))
    assert both.geocode("하산").raw["id"] == "khasan-station"
    assert nominatim.asked == []
    location = both.geocode("Qqxx Zzqq 7")
    assert (location.latitude, location.longitude) == (10.5, 20.25)
    [(path, query, agent, _)] = nominatim.asked
    assert (path, query["q"], agent) == ("/search", ["Qqxx Zzqq 7"], "dateline test")
    assert both.reverse((-40.0, -140.0)).address == "A house"
    assert both.geocode("Xxqq Qqzz 9") is None


def test_without_a_service_nothing_leaves(geocoder: GazetteerGeocoder) -> None:
    alone = FallbackGeocoder(geocoder)
    assert alone.geocode("Qqxx Zzqq 7") is None
    assert alone.reverse((-40.0, -140.0)) is None


def test_the_service_is_asked_at_most_once_a_second(nominatim: Nominatim) -> None:
    online = online_geocoder(nominatim.url, "dateline test")
    online.geocode("Qqxx Zzqq 7")
    online.geocode("Xxqq Qqzz 9")
    first, second = (moment for *_, moment in nominatim.asked)
    assert second - first >= 0.9


def test_a_service_that_does_not_answer_raises_geopys_error() -> None:
    with Nominatim() as closed:
        url = closed.url
    with pytest.raises(GeocoderServiceError):
        online_geocoder(url, "dateline test").geocode("Qqxx Zzqq 7")


@pytest.mark.parametrize("url", ["", "nominatim.example.org", "file:///etc/passwd", "ftp://a"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(InputError, match="nominatim_url"):
        online_geocoder(url, "dateline test")
