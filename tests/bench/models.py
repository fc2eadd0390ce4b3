"""Response models as FastAPI users write them: what answers are measured against."""

from pydantic import BaseModel


class PlaceModel(BaseModel):
    """Where a waypoint is."""

    id: str
    name: str
    names: dict[str, str]
    lon: float
    lat: float
    radius_km: float
    country: str
    time_zone: str
    feature: str
    origin: str


class BoundsModel(BaseModel):
    """Bounds in time."""

    earliest: str | None
    latest: str | None


class WaypointModel(BaseModel):
    """One waypoint."""

    sequence: int
    after: int | None
    status: str
    place: PlaceModel
    arrival: BoundsModel
    departure: BoundsModel
    distance_from_start_km: float | None
    sightings: list[str]
    origins: list[str]
    conflict: bool


class WaypointsModel(BaseModel):
    """The list."""

    trip: str
    revision: int
    as_of: str | None
    credit: str
    waypoints: list[WaypointModel]
