"""Every word of an embed comes from the mapping of its language: in one without English letters,
none is left but what people wrote."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from app.errors import MissingReferenceError, StoreError
from app.main import create_app
from app.pictures.look import Size
from app.rooms import Rooms
from app.web.embed_choice import OFFERED
from tests import odd_journeys
from tests.web.test_contradictions import DOSSIER
from tests.words.pseudo import TAG, pseudo, spoken
from tests.words.reading import data_of, own_words, page_texts, picture_texts

pytestmark = pytest.mark.reference

PAGE = {"Accept": "text/html,*/*;q=0.8"}
RUSSIA = "2023-09-russia"
SEEDS = ["2019-02-hanoi", "2019-04-vladivostok", RUSSIA, "2025-09-beijing"]
EARLY = "as_of=2023-09-11T07:00:00Z"
# With stops that were still ahead.
ON_THE_WAY = "as_of=2023-09-12T13:00:00Z"
BEFORE_ALL = "as_of=1999-01-01T00:00:00Z"
# So slow that reports contradict each other.
SLOW = "max_speed_kmh=30"
WITHDRAWN = "Погода отменила поездку."


@pytest.fixture(scope="module")
def pseudo_client(client: TestClient) -> Iterator[TestClient]:
    """The application with the seeds, where embeds speak a language more."""
    with spoken():
        yield client


@pytest.fixture(scope="module")
def pseudo_odd(odd: TestClient) -> Iterator[TestClient]:
    with spoken():
        yield odd


@pytest.fixture(scope="module")
def planted(rooms_of) -> Iterator[TestClient]:
    """The application with a trip of which a claim is set aside, and one that is withdrawn."""
    rooms = rooms_of({"planted": DOSSIER, "one": odd_journeys.journey_of_one()})
    rooms.repository.withdraw("one", WITHDRAWN, who="test")
    with spoken(), TestClient(create_app(rooms=rooms)) as client:
        yield client


def credits_of(rooms: Rooms) -> set[str]:
    return {text for text, _ in rooms.packages.credits()}


def english_in(client: TestClient, rooms: Rooms, slug: str, query: str) -> set[str]:
    """The English words of ours in an embed."""
    answer = client.get(f"/embed/{slug}?lang={TAG}&{query}", headers=PAGE)
    assert answer.status_code == 200
    assert f'<html lang="{TAG}"' in answer.text
    data = data_of(lambda path: client.get(path).json(), slug, credits_of(rooms))
    return own_words(page_texts(answer.text), data)


def english_in_picture(client: TestClient, rooms: Rooms, slug: str, picture: str) -> set[str]:
    answer = client.get(f"/trips/{slug}/{picture}&lang={TAG}")
    assert answer.status_code == 200
    data = data_of(lambda path: client.get(path).json(), slug, [rooms.credit])
    return own_words(picture_texts(answer.text), data)


class TestTheEmbed:
    @pytest.mark.parametrize("view", OFFERED["view"])
    @pytest.mark.parametrize("slug", SEEDS)
    def test_has_no_other_words(self, pseudo_client, seeded_rooms, slug, view):
        query = f"view={view}"
        assert english_in(pseudo_client, seeded_rooms, slug, query) == set()

    @pytest.mark.parametrize("view", OFFERED["view"])
    @pytest.mark.parametrize("slider", "01")
    @pytest.mark.parametrize("of_trip", [EARLY, ON_THE_WAY, BEFORE_ALL, SLOW])
    def test_at_any_moment_and_speed(self, pseudo_client, seeded_rooms, view, slider, of_trip):
        query = f"view={view}&slider={slider}&{of_trip}"
        assert english_in(pseudo_client, seeded_rooms, RUSSIA, query) == set()

    @pytest.mark.parametrize("slug", ["none", "one", "many"])
    def test_of_odd_journeys(self, pseudo_odd, odd_rooms, slug):
        assert english_in(pseudo_odd, odd_rooms, slug, "view=both") == set()

    def test_where_something_is_disputed(self, planted, seeded_rooms):
        assert english_in(planted, seeded_rooms, "planted", "view=both") == set()

    def test_it_says_what_it_should(self, pseudo_client):
        page = pseudo_client.get(f"/embed/{RUSSIA}?lang={TAG}&view=both&{SLOW}", headers=PAGE).text
        for english in ("Map of the route", "Last reported: ", "Play", "Arrived", "contradictions"):
            assert pseudo(english) in page

    def test_its_pictures_and_steps_are_those_of_the_language(self, pseudo_client):
        page = pseudo_client.get(f"/embed/{RUSSIA}?lang={TAG}&theme=light", headers=PAGE).text
        pictures = [part.partition('"')[0] for part in page.split(f'"/trips/{RUSSIA}/map.svg?')[1:]]
        assert len(pictures) == 4
        assert all(f"lang={TAG}" in picture for picture in pictures)
        steps = [part.partition('"')[0] for part in page.split(f'"/embed/{RUSSIA}?as_of=')[1:]]
        assert len(steps) == 16
        assert all(f"lang={TAG}" in step for step in steps)

    def test_one_language_is_not_answered_with_another(self, pseudo_client):
        said = {}
        for language in ("en", TAG, "en", TAG):
            for path in (f"/embed/{RUSSIA}?view=both", f"/trips/{RUSSIA}/map.svg?size=small"):
                answer = pseudo_client.get(f"{path}&lang={language}", headers=PAGE)
                seen = (answer.text, answer.headers["etag"])
                assert said.setdefault((path, language), seen) == seen
        assert len(set(said.values())) == 4


class TestPictures:
    @pytest.mark.parametrize("size", list(Size))
    @pytest.mark.parametrize("picture", ["map.svg", "time-distance.svg"])
    def test_have_no_other_words(self, pseudo_client, seeded_rooms, picture, size):
        for slug in SEEDS:
            asked = f"{picture}?size={size}"
            assert english_in_picture(pseudo_client, seeded_rooms, slug, asked) == set()

    @pytest.mark.parametrize("picture", ["map.svg", "time-distance.svg"])
    @pytest.mark.parametrize("of_trip", [EARLY, ON_THE_WAY, BEFORE_ALL, SLOW])
    def test_at_any_moment_and_speed(self, pseudo_client, seeded_rooms, picture, of_trip):
        for size in ("print", "phone"):
            asked = f"{picture}?size={size}&{of_trip}"
            assert english_in_picture(pseudo_client, seeded_rooms, RUSSIA, asked) == set()

    @pytest.mark.parametrize("picture", ["map.svg", "time-distance.svg"])
    @pytest.mark.parametrize("slug", ["none", "one", "many"])
    def test_of_odd_journeys(self, pseudo_odd, odd_rooms, picture, slug):
        assert english_in_picture(pseudo_odd, odd_rooms, slug, f"{picture}?size=column") == set()

    def test_name_places_in_languages_without_words(self, client):
        picture = client.get(f"/trips/{RUSSIA}/map.svg?lang=ko").text
        assert "하산" in picture
        assert "Last reported" in picture


class TestInPlaceOfAnEmbed:
    """What was wrong is named as it stands in the address."""

    @pytest.mark.parametrize(
        ("query", "given"),
        [
            ("theme=sepia", "theme auto light dark sepia"),
            ("view=globe", "view map diagram both globe"),
            ("slider=2", "slider"),
            ("height=1", "height"),
            ("from=soon", "from T Z"),
            ("from=2023-09-31", "from"),
            ("from=2023-09-12T09:00", "from T Z"),
            ("to=2023-09-12T25:00:00Z", "to T Z"),
            ("from=2023-09-14&to=2023-09-12", "to"),
            ("as_of=soon", "as of T Z"),
            ("as_of=2023-09-31T00:00:00Z", "as of T Z"),
            ("max_speed_kmh=0", "max speed kmh"),
            ("max_speed_kmh=9999", "max speed kmh"),
            ("cruise_speed_kmh=fast", "cruise speed kmh"),
            ("cruise_speed_kmh=inf", "cruise speed kmh"),
            ("cruise_speed_kmh=0&as_of=soon", "cruise speed kmh as of T Z"),
        ],
    )
    def test_of_an_address_that_makes_no_sense(self, pseudo_client, query, given):
        answer = pseudo_client.get(f"/embed/{RUSSIA}?lang={TAG}&{query}", headers=PAGE)
        assert answer.status_code == 400
        assert own_words(page_texts(answer.text), ["Dateline"]) <= set(given.split())

    def test_of_another_language(self, pseudo_client):
        answer = pseudo_client.get(f"/embed/{RUSSIA}?lang=tlh", headers=PAGE)
        assert answer.status_code == 400
        assert '<html lang="en"' in answer.text

    @pytest.mark.parametrize("path", ["nowhere", "two/three", "x" * 50_000])
    def test_of_a_trip_that_is_not_there(self, pseudo_client, path):
        answer = pseudo_client.get(f"/embed/{path}?lang={TAG}", headers=PAGE)
        assert answer.status_code in (404, 414)
        assert own_words(page_texts(answer.text), ["Dateline", "nowhere"]) == set()

    def test_of_a_trip_that_was_withdrawn(self, planted):
        answer = planted.get(f"/embed/one?lang={TAG}", headers=PAGE)
        assert answer.status_code == 410
        assert WITHDRAWN in answer.text
        assert own_words(page_texts(answer.text), ["Dateline"]) == set()

    def test_of_a_form_that_was_sent(self, pseudo_client):
        answer = pseudo_client.post(f"/embed/{RUSSIA}?lang={TAG}", headers=PAGE)
        assert answer.status_code == 405
        assert own_words(page_texts(answer.text), ["Dateline", "GET", "HEAD"]) == set()

    @pytest.mark.parametrize(
        ("error", "status"),
        [
            (RuntimeError("some detail"), 500),
            (StoreError("sqlite:///here.db: is no database"), 503),
            (MissingReferenceError("run `dateline prepare`"), 503),
        ],
    )
    def test_of_what_is_wrong_with_the_server(self, seeded_rooms, monkeypatch, error, status):
        def fail(*_: object) -> None:
            raise error

        with spoken(), TestClient(create_app(rooms=seeded_rooms)) as client:
            monkeypatch.setattr("app.web.pages.Pages.embed", fail)
            answer = client.get(f"/embed/{RUSSIA}?lang={TAG}", headers=PAGE)
        assert answer.status_code == status
        assert own_words(page_texts(answer.text), ["Dateline"]) == set()

    def test_those_who_ask_for_data_are_answered_in_english(self, pseudo_client):
        asked = f"/embed/{RUSSIA}?lang={TAG}&height=1"
        answer = pseudo_client.get(asked, headers={"Accept": "application/json"})
        assert answer.json()["detail"] == "height: must be a number of pixels from 200 to 2000"


def test_a_frame_is_called_in_the_language_of_what_it_shows(pseudo_client):
    embed = f"http://testserver/embed/{RUSSIA}?lang={TAG}"
    answer = pseudo_client.get("/oembed", params={"url": embed}).json()
    assert pseudo("map of the route") in answer["html"]
    assert f"lang={TAG}" in answer["html"]
