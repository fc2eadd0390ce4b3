"""Requests that nobody sends in good faith, and failures that nobody foresaw."""

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.rooms import Rooms
from app.settings import Settings

JOURNEY = "/api/trips/2023-09-russia"
SCRIPT = "<script>alert(1)</script>"


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        (f"{JOURNEY}/waypoints?format=csv&format=json", "format"),
        (
            f"{JOURNEY}/legs?as_of=2023-09-12T13:00:00Z&as_of=2023-09-12T13:00:00Z",
            "as_of",
        ),
        ("/api/places?q=Khasan&q=Moscow", "q"),
        ("/api/route?from=Paris&from=Lyon&to=Marseille", "from"),
        ("/api/route?origin=Paris&to=Marseille", "from"),
        ("/api/places?q=%00", "q"),
        ("/api/places?q=Paris&country=%00%00", "country"),
        ("/api/places?q=Paris&country=12", "country"),
        (f"{JOURNEY}/legs?cruise_speed_kmh=1e-300", "cruise_speed_kmh"),
        (f"{JOURNEY}/legs?max_speed_kmh=5e-324", "max_speed_kmh"),
        ("/api/route?from=Paris&to=Lyon&speed_kmh=1e-320", "speed_kmh"),
        (f"{JOURNEY}/legs?cruise_speed_kmh={'9' * 40}", "cruise_speed_kmh"),
        ("/api/route?from=Paris&to=Lyon&" + "&".join(["via=Dijon"] * 500), "via"),
    ],
)
def test_what_is_refused_is_named(client, path, parameter):
    answer = client.get(path)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["parameter"] == parameter


def test_lists_may_be_repeated(client):
    answer = client.get("/api/places?q=Uglegorsk&near=Blagoveshchensk&near=Khabarovsk")
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "as_of", ["2023-09-12T13:00:00%2B99:99", "2023-13-45T13:00:00Z", "2023-09-12T25:61:00Z"]
)
def test_a_time_that_does_not_exist_is_refused_in_words_of_the_reader(client, as_of):
    detail = client.get(f"{JOURNEY}/legs?as_of={as_of}").json()["detail"]
    assert "no such time" in detail
    assert "timedelta" not in detail


@pytest.mark.parametrize(
    "path", ["/static/x/%2e%2e/%2e%2e/app/main.py", "/static/0/none.js", "/vendor/no"]
)
def test_a_file_that_is_not_there_is_said_in_plain_text(client, path):
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(
    "path",
    [
        "/trips/%00",
        "/trips/%ff%fe",
        "/trips/%ED%95%9C%EA%B5%AD",
        "/embed/..%2f..%2fetc%2fpasswd",
        "/vendor/..%2f..%2fetc%2fpasswd",
        "/static/x/%00",
        "/api/trips/%00",
        "/api/trips/%ed%b0%80/legs",
        "/" + "a" * 30_000,
    ],
)
def test_strange_addresses_are_not_found(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", [f"/trips/{SCRIPT}", f"/trips/2023-09-russia?as_of={SCRIPT}"])
def test_what_was_sent_is_escaped_in_error_pages(client, path):
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code in (400, 404)
    assert answer.headers["content-type"].startswith("text/html")
    assert SCRIPT not in answer.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"])
@pytest.mark.parametrize("path", ["/", "/api/trips", "/trips/2023-09-russia", "/healthz"])
def test_other_methods_are_told_which_there_are(client, method, path):
    answer = client.request(method, path)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/", "/nope", "/api/trips", "/api/nope", "/static/0/none.js"])
def test_head_is_get_without_a_body(client, path):
    get, head = client.get(path), client.head(path)
    assert head.status_code == get.status_code
    assert head.headers["content-length"] == get.headers["content-length"]
    assert head.content == b""


def test_an_error_of_the_api_can_be_read_on_other_sites_and_is_not_kept(client):
    answer = client.get("/api/trips/none", headers={"Origin": "https://news.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("*", 304),
        ("W/{}", 304),
        ('"other", {}', 304),
        ('"other",', 200),
        (",,,", 200),
        ("", 200),
        ('"' + "a" * 10_000 + '"', 200),
    ],
)
def test_only_what_the_reader_has_is_left_out(client, asked, status):
    etag = client.get("/api/trips").headers["etag"]
    answer = client.get("/api/trips", headers={"If-None-Match": asked.format(etag)})
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/api/trips?" + "a" * 50_000, {}, 414),
        ("/trips/" + "a" * 50_000, {}, 414),
        ("/api/trips", {"Accept": "a," * 20_000}, 431),
        ("/api/trips", {"X-Other": "a" * 40_000}, 431),
    ],
)
def test_what_is_too_long_is_refused_like_all_else(client, path, headers, status):
    answer = client.get(path, headers={"Accept": "application/json", **headers})
    assert answer.status_code == status
    assert "longer" in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "content-security-policy" in answer.headers


@pytest.mark.parametrize(
    ("path", "to"),
    [
        ("/embed/2023-09-russia/", "/embed/2023-09-russia"),
        ("/api/trips/?x=1&y=%20", "/api/trips?x=1&y=%20"),
        ("//evil.example/", "/evil.example"),
        ("/%0d%0aX: y/", "/%0D%0AX%3A%20y"),
    ],
)
def test_a_slash_at_the_end_leads_to_the_address_without_it(client, path, to):
    answer = client.get(f"http://testserver{path}", follow_redirects=False)
    assert answer.status_code == 308
    assert answer.headers["location"] == to
    assert answer.headers["access-control-allow-origin"] == "*"


def test_a_part_of_an_answer_can_be_had(client):
    headers = {"Range": "bytes=0-10", "Accept-Encoding": "identity"}
    part, whole = client.get("/api/trips", headers=headers), client.get("/api/trips")
    assert part.status_code == 206
    assert part.content == whole.content[:11]
    assert part.headers["content-range"] == f"bytes 0-10/{len(whole.content)}"


@pytest.fixture
def broken(reference_dir, tmp_path) -> Rooms:
    """A server with a database of its own, which a test may break."""
    (tmp_path / "reference").symlink_to(reference_dir)
    return Rooms(Settings(var_dir=tmp_path))


class TestFailures:
    """What nobody foresaw: here a room that breaks while the server runs."""

    @pytest.fixture
    def failing(self, broken, monkeypatch):
        app = create_app(rooms=broken)

        def fail() -> list[str]:
            raise ZeroDivisionError(SCRIPT)

        monkeypatch.setattr(broken.repository, "slugs", fail)
        # The client must see what a browser sees, not the exception.
        return TestClient(app, raise_server_exceptions=False)

    @pytest.mark.parametrize(
        ("path", "media_type"), [("/", "text/html"), ("/api/trips", "application/problem+json")]
    )
    def test_it_is_answered_without_details_and_with_every_header(self, failing, path, media_type):
        answer = failing.get(path, headers={"Accept": "text/html"})
        assert answer.status_code == 500
        assert answer.headers["content-type"].startswith(media_type)
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "ZeroDivision" not in answer.text
        assert SCRIPT not in answer.text

    def test_it_is_logged_once_with_its_cause(self, failing, caplog):
        failing.get("/api/trips")
        (record,) = [record for record in caplog.records if record.levelname == "ERROR"]
        assert record.exc_info[0] is ZeroDivisionError

    def test_the_database_gone_bad_is_told_as_that(self, broken, tmp_path):
        client = TestClient(create_app(rooms=broken))
        assert client.get("/healthz").status_code == 200
        for file in tmp_path.glob("dateline.db*"):
            file.write_bytes(b"rubbish" * 1000)
        answer = client.get("/api/trips")
        assert answer.status_code == 503
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("frame_ancestors", "a; script-src *"),
        ("tiles_url", "junk"),
        ("templates_dir", "/nowhere"),
        ("static_dir", "/nowhere"),
    ],
)
def test_a_setting_that_cannot_work_is_told_at_the_start(reference_dir, tmp_path, setting, value):
    from app.errors import InputError

    (tmp_path / "reference").symlink_to(reference_dir)
    with pytest.raises(InputError) as caught:
        create_app(Settings(var_dir=tmp_path, **{setting: value}))
    assert caught.value.field == setting
