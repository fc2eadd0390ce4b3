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
