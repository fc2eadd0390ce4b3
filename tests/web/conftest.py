"""The real application over the real reference data, with the seeds in a database of its own."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.rooms import Rooms


@pytest.fixture(scope="session")
def client(seeded_rooms: Rooms) -> Iterator[TestClient]:
    with TestClient(create_app(rooms=seeded_rooms)) as client:
        yield client


@pytest.fixture(scope="session")
def hostile(hostile_rooms: Rooms) -> Iterator[TestClient]:
    """The application where the one trip is full of text that tries to be markup."""
    with TestClient(create_app(rooms=hostile_rooms)) as client:
        yield client


@pytest.fixture(scope="session")
def odd(odd_rooms: Rooms) -> Iterator[TestClient]:
    """The application where trips have no waypoint, one, and 500."""
    with TestClient(create_app(rooms=odd_rooms)) as client:
        yield client
