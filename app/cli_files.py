"""The commands that write a trip to files: ``dateline export`` and ``dateline publish``.

Lives here: their options and what a terminal shows. Not here: the group that they belong to, and
its exit codes (:mod:`app.cli`); the files (:mod:`app.publication.exports`, :mod:`app.folder`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.errors import (
    DatelineError,
    InputError,
    MovedTripError,
    UnknownTripError,
    WithdrawnTripError,
)
from app.terminal import TEXT, plainly, rooms_of_environment, write_file, write_out

if TYPE_CHECKING:
    from app.publication.exports.files import Exports
    from app.rooms import Rooms

FORMATS = ["toml", "json", "geojson", "csv", "gpx", "kml"]
PARTS = ["waypoints", "legs", "sightings", "sources", "contradictions"]


@click.command()
@click.argument("trip", type=TEXT)
@click.option(
    "--format",
    "fmt",
    type=click.Choice(FORMATS),
    default="toml",
    show_default=True,
)
@click.option(
    "--part",
    type=click.Choice(PARTS),
    default=None,
    help="Only this list, for csv and geojson, in the form of the API.",
)
@click.option(
    "-o",
    "output",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    help="File to write, whole or not at all (standard output).",
)
@plainly
def export(trip: str, fmt: str, part: str | None, output: Path | None) -> None:
    """Write a trip as a dossier (toml), or what follows from it (all other formats).

    The same bytes as the server gives at /trips/TRIP.FORMAT. Of a trip that is withdrawn only
    the dossier is written, for its editors.
    """
    from app.publication.formats import FileFormat, Format
    from app.publication.itinerary import Options
    from app.publication.parts import Part

    if part is not None and fmt not in ("geojson", "csv"):
        raise click.BadOptionUsage("--part", f"--part means nothing for {fmt}: it holds all parts")
    rooms = rooms_of_environment()
    with _saying_what_there_is(rooms, trip, "`--format toml` writes its dossier"):
        if fmt == "json":
            answer = rooms.answers.whole(trip, Options())
        elif part is not None:
            answer = rooms.answers.part(trip, Part(part), Format(fmt), Options())
        else:
            answer = _exports(rooms, fmt).file(trip, FileFormat(fmt), Options())
    if output is None or output == Path("-"):
        write_out(answer.body)
    else:
        write_file(output, answer.body)


@click.command()
@click.argument("trip", type=TEXT)
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--embed",
    type=TEXT,
    default="",
    metavar="OPTIONS",
    help='How the embed looks, as in its address: "theme=dark&view=both".',
)
@plainly
def publish(trip: str, directory: Path, embed: str) -> None:
    """Write a trip as a folder that works anywhere, for ever: on any web server, or from a disk.

    In it are its page and its embed, with the slider through all that was known when, its data
    and its pictures; README.txt in it says how to host and embed it. DIR is new, or empty, or
    what was published of the trip before, whose place is taken once all is written.
    """
    from app.folder.published import choice_of, publish_folder
    from app.progress import terminal_bar

    try:
        choice = choice_of(embed)
    except InputError as error:
        raise click.BadParameter(str(error), param_hint="--embed") from error
    rooms = rooms_of_environment()
    rooms.check_reference()
    with (
        _saying_what_there_is(rooms, trip, f"`dateline restore {trip}` shows it again"),
        terminal_bar(f"publishing {trip}") as progress,
    ):
        done = publish_folder(rooms, trip, directory, choice, progress)
    click.echo(
        f"{directory}: {trip} at revision {done.revision}, {done.steps} steps, "
        f"{done.files} files, {done.size / 1e6:.1f} MB"
    )


@contextmanager
def _saying_what_there_is(rooms: "Rooms", trip: str, if_withdrawn: str) -> Iterator[None]:
    """Say of a trip that is not to be read what can be done about it."""
    try:
        yield
    except MovedTripError:
        raise
    except WithdrawnTripError as error:
        raise DatelineError(f"“{trip}” is withdrawn ({error}); {if_withdrawn}") from error
    except UnknownTripError as error:
        slugs = ", ".join(rooms.repository.slugs()) or "none yet; see `dateline load`"
        raise UnknownTripError(f"{error}; there are: {slugs}") from error


def _exports(rooms: "Rooms", fmt: str) -> "Exports":
    from app.publication.exports.files import Exports
    from app.publication.itinerary import Itineraries

    if fmt != "toml":
        return rooms.exports
    editors = Itineraries(rooms.repository, rooms.router, even_withdrawn=True)
    return Exports(editors, rooms.credit)
