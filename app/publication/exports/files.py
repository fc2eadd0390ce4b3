"""Whole trips as files, made once for a revision and what a reader chose.

Lives here: :class:`Exports`, the one place that web and command line ask. Not here: what each
file holds (the other modules of this room), HTTP.
"""

from collections.abc import Callable

from app.errors import InputError
from app.publication import formats
from app.publication.cache import Answer
from app.publication.columns import COLUMNS
from app.publication.exports.contents import Contents, gather
from app.publication.exports.geojson import to_geojson
from app.publication.exports.gpx import to_gpx
from app.publication.exports.kml import to_kml
from app.publication.exports.rights import LICENCE
from app.publication.formats import FileFormat
from app.publication.itinerary import Itineraries, Options, View
from app.publication.parts import Part
from app.publication.trip_answers import TripAnswers
from app.store.dossier import write_dossier

CACHED_FILES = 256
CACHED_BYTES = 24 * 1024 * 1024


class Exports:
    """Files of stored trips; ``credit`` goes into every one."""

    def __init__(self, itineraries: Itineraries, credit: str) -> None:
        self._credit = credit
        self._kept = TripAnswers(itineraries, limit=CACHED_FILES, most=CACHED_BYTES)

    def file(self, slug: str, file_format: FileFormat, options: Options) -> Answer:
        """A whole trip as a file.

        Raises :class:`app.errors.UnknownTripError`, and :class:`app.errors.InputError` for a
        choice about a dossier: that is what is stored, not what follows from it.
        """
        if file_format is FileFormat.TOML:
            _refuse_choice(options)
        return self._kept.of_trip(
            slug, options, file_format, lambda view: self._make(view, file_format)
        )

    def _make(self, view: View, file_format: FileFormat) -> Answer:
        if file_format is FileFormat.TOML:
            body = self._dossier(view)
        else:
            body = _WRITERS[file_format](gather(view, self._credit))
        return Answer.of(body, file_format.media_type)

    def _dossier(self, view: View) -> bytes:
        # At the end: a dossier begins with its format, and comments are none of its data.
        rights = f"\n# Credit: {self._credit}.\n# Licences: {LICENCE}.\n"
        return (write_dossier(view.itinerary.trip) + rights).encode()


def _refuse_choice(options: Options) -> None:
    for name in ("as_of", "max_speed_kmh", "cruise_speed_kmh"):
        if getattr(options, name) is not None:
            raise InputError(
                name,
                "a dossier holds all that is stored, and each report's own time; leave it out, "
                "or ask for another format",
            )


def to_csv(contents: Contents) -> bytes:
    """The table of waypoints, with their days as EDTF, and credit and licence in every row."""
    rows = [{**visit.document, "licence": LICENCE} for visit in contents.visits]
    columns = (*COLUMNS[Part.WAYPOINTS], "arrival_edtf", "departure_edtf", "licence")
    return formats.to_csv(rows, columns, contents.credit)


_WRITERS: dict[FileFormat, Callable[[Contents], bytes]] = {
    FileFormat.GPX: to_gpx,
    FileFormat.KML: to_kml,
    FileFormat.GEOJSON: to_geojson,
    FileFormat.CSV: to_csv,
}
