"""The wiring of everything but HTTP: settings in, rooms out, each made when first asked for.

Both ``main`` and ``cli`` start from here, so that a command pays only for what it uses. Not
here: any logic of its own.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

from app.errors import DossierError, OnlineGeocoderError, Problem
from app.geo import artifacts as built
from app.geo.assets import Assets
from app.geo.basemap import BaseMap
from app.geo.gazetteer import Gazetteer
from app.geo.packages import Packages, load_packages
from app.geo.rail_lines import RailLines
from app.geo.routing import Router
from app.geo.zones import TimeZones
from app.journey.model import Mode, Position, Trip
from app.pictures.lettering import Lettering
from app.publication.answers import Answers
from app.publication.documents import Document
from app.publication.exports.files import Exports
from app.publication.features.catalogue import Catalogue
from app.publication.feeds import Feeds
from app.publication.ground import Ground
from app.publication.itinerary import Itineraries
from app.publication.pictures import Pictures
from app.publication.position import Positions
from app.settings import Settings
from app.store.database import Database
from app.store.dossier import read_dossier
from app.store.repository import Repository
from app.store.watch import ChangeWatch


class Rooms:
    """The rooms of one configuration.

    Raises :class:`app.errors.MissingReferenceError` from whatever needs reference data that
    ``dateline prepare`` has not built.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def packages(self) -> Packages:
        """The pinned data packages."""
        return load_packages(self.settings.data_dir / "packages.toml")

    @property
    def credit(self) -> str:
        """The credit that every answer carries."""
        return "; ".join(text for text, _ in self.packages.credits())

    def check_reference(self) -> None:
        """Raises :class:`app.errors.MissingReferenceError` unless all is built."""
        built.check_all_ready(
            data_dir=self.settings.data_dir, reference_dir=self.settings.reference_dir
        )

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """Places by id and by name."""
        return Gazetteer(self.settings.reference_dir / built.GAZETTEER)

    def places_online(self, name: str, limit: int) -> list[Document]:
        """Places that the online service knows by ``name``; none where it is not switched on.

        Only for a person at a terminal: no request of a reader ever asks it. Their country and
        radius are not known. Raises :class:`app.errors.OnlineGeocoderError`.
        """
        url = self.settings.nominatim_url
        if not url:
            return []
        # Imported here: geopy brings every service it knows, and no page needs one.
        from geopy.exc import GeopyError

        from app.geo.geocoder import FallbackGeocoder, GazetteerGeocoder, online_geocoder

        online = online_geocoder(url, self.settings.nominatim_user_agent)
        geocoder = FallbackGeocoder(GazetteerGeocoder(self.gazetteer), online)
        try:
            found = geocoder.geocode(name, exactly_one=False, limit=limit) or []
        except GeopyError as error:
            raise OnlineGeocoderError(f"{url} did not answer: {error}") from error
        return [
            {
                "id": None,
                "name": location.address,
                "names": {},
                "lon": location.longitude,
                "lat": location.latitude,
                "radius_km": None,
                "country": None,
                "time_zone": self.zones.time_zone(Position(location.longitude, location.latitude)),
                "feature": None,
                "origin": f"Nominatim at {url}",
                "score": None,
            }
            for location in (found if isinstance(found, list) else [found])
        ]

    @cached_property
    def zones(self) -> TimeZones:
        """Time zones of positions."""
        return TimeZones()

    @cached_property
    def router(self) -> Router:
        """Ways along railways, roads, through the air."""
        reference = self.settings.reference_dir
        return Router(
            {Mode.TRAIN: reference / built.RAILWAYS, Mode.CAR: reference / built.HIGHWAYS}
        )

    @cached_property
    def basemap(self) -> BaseMap:
        """Land, borders and lakes."""
        return BaseMap(self.settings.reference_dir / built.BASEMAP)

    @cached_property
    def assets(self) -> Assets:
        """Scripts and styles of other people, served from here."""
        return Assets(self.settings.reference_dir / built.VENDOR)

    @cached_property
    def rail_lines(self) -> RailLines:
        """The railways as lines to draw."""
        return RailLines.load(self.settings.reference_dir / built.RAILWAYS)

    @cached_property
    def ground(self) -> Ground:
        """What lies under maps."""
        return Ground(
            self.basemap,
            lambda: self.rail_lines,
            self.gazetteer,
            self.credit,
        )

    @cached_property
    def database(self) -> Database:
        """The database, brought up to date."""
        database = Database(self.settings.resolved_database_url)
        database.migrate()
        return database

    @cached_property
    def repository(self) -> Repository:
        """The stored trips."""
        return Repository(self.database)

    @cached_property
    def watch(self) -> ChangeWatch:
        """Tells when something was committed to the database."""
        return ChangeWatch(self.database)

    def read_dossiers(self, files: Sequence[Path]) -> list[Trip]:
        """Read dossiers. Raises :class:`app.errors.DossierError` with the problems of all."""
        trips: list[Trip] = []
        problems: list[Problem] = []
        for file in files:
            try:
                trips.append(read_dossier(file, gazetteer=self.gazetteer, zones=self.zones))
            except DossierError as error:
                problems += error.problems
        if problems:
            raise DossierError(problems)
        return trips

    def load_dossiers(self, files: Sequence[Path]) -> Mapping[str, int]:
        """Load dossiers, all or none; returns the revision of each trip by its slug."""
        return self.repository.load(self.read_dossiers(files))

    @cached_property
    def itineraries(self) -> Itineraries:
        """Itineraries of stored trips."""
        return Itineraries(self.repository, self.router)

    @cached_property
    def answers(self) -> Answers:
        """Public answers about stored trips."""
        return Answers(self.itineraries, self.router, self.credit)

    @cached_property
    def exports(self) -> Exports:
        """Stored trips as files."""
        return Exports(self.itineraries, self.credit)

    @cached_property
    def feeds(self) -> Feeds:
        """News of stored trips."""
        return Feeds(self.itineraries, self.credit)

    @cached_property
    def catalogue(self) -> Catalogue:
        """The features of all stored trips."""
        return Catalogue(self.itineraries, self.repository)

    @cached_property
    def positions(self) -> Positions:
        """Where a party can have been at an instant."""
        return Positions(self.itineraries, self.router, self.router, self.credit)

    @cached_property
    def lettering(self) -> Lettering:
        """The fonts of pictures."""
        return Lettering.load(self.settings.reference_dir / built.PICTURE_FONTS)

    @cached_property
    def pictures(self) -> Pictures:
        """Maps and diagrams of stored trips."""
        return Pictures(
            self.itineraries,
            self.ground,
            self.lettering,
            credit=self.credit,
        )
