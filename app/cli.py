"""The command line: ``dateline serve | prepare | load | check | route | locate | export``.

Lives here: options, exit codes and what a terminal shows. Exit codes: 0 done, 1 the answer is
no (bad dossier, no route, no such place), 2 wrong use. Errors go to standard error, plainly.
"""

import sys
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import click

from app.errors import (
    AmbiguousPlaceError,
    DatelineError,
    MissingReferenceError,
    UnknownPlaceError,
)

if TYPE_CHECKING:
    from app.geo.reference import Outcome
    from app.rooms import Rooms

P = ParamSpec("P")
R = TypeVar("R")

MODES = ["train", "car", "ship", "plane"]


def _rooms() -> "Rooms":
    from app.rooms import Rooms
    from app.settings import Settings

    return Rooms(Settings())


def _plainly(command: Callable[P, R]) -> Callable[P, R]:
    """Say what Dateline refused in plain words instead of a traceback, and exit 1."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except AmbiguousPlaceError as error:
            click.echo(f"dateline: {error}", err=True)
            for candidate in error.candidates:
                click.echo(f"  {candidate}", err=True)
        except UnknownPlaceError as error:
            click.echo(f"dateline: {error}", err=True)
            if error.suggestions:
                click.echo(f"  near spellings: {', '.join(error.suggestions)}", err=True)
        except DatelineError as error:
            click.echo(f"dateline: {error}", err=True)
        sys.exit(1)

    return run


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="dateline")
def main() -> None:
    """Turn news reports about a leader's journey into a sourced route on a map."""


@main.command()
@click.option("--host", default=None, help="Address to listen on (127.0.0.1).")
@click.option("--port", type=click.IntRange(0, 65535), default=None, help="Port (8000).")
@click.option("--workers", type=click.IntRange(1, 64), default=1, help="Server processes.")
@click.option("--prepare", "prepare_first", is_flag=True, help="Build missing reference data.")
@click.option(
    "--load",
    "load_first",
    type=click.Path(exists=True, path_type=Path),
    multiple=True,
    help="Dossier, or folder of dossiers, to load before serving; may be repeated.",
)
@_plainly
def serve(
    host: str | None,
    port: int | None,
    workers: int,
    prepare_first: bool,
    load_first: tuple[Path, ...],
) -> None:
    """Serve the pages and the API."""
    from app.main import run_server

    rooms = _rooms()
    try:
        rooms.check_reference()
    except MissingReferenceError:
        if not prepare_first:
            raise
        _prepare(rooms)
    if load_first:
        rooms.load_dossiers(_dossiers(load_first))
    run_server(
        rooms,
        host=host or rooms.settings.host,
        port=rooms.settings.port if port is None else port,
        workers=workers,
    )


@main.command()
@_plainly
def prepare() -> None:
    """Fetch the pinned data packages and build the reference data."""
    outcomes = _prepare(_rooms())
    for outcome in outcomes:
        what = f"built in {outcome.seconds:.1f} s" if outcome.built else "up to date"
        click.echo(f"{outcome.name:<20} {outcome.bytes / 1e6:7.1f} MB  {what}")


@main.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="FILE…"
)
@_plainly
def load(files: tuple[Path, ...]) -> None:
    """Load dossiers (or folders of them) into the database: all of them or none."""
    for slug, revision in _rooms().load_dossiers(_dossiers(files)).items():
        click.echo(f"{slug}: revision {revision}")


@main.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="FILE…"
)
@_plainly
def check(files: tuple[Path, ...]) -> None:
    """Check dossiers without loading them; exit 1 when one is bad or contradicts itself."""
    from app.journey.itinerary import derive_itinerary
    from app.wording import check_lines

    rooms = _rooms()
    bad = False
    for trip in rooms.read_dossiers(_dossiers(files)):
        lines = check_lines(derive_itinerary(trip, rooms.router))
        bad = bad or bool(lines)
        claims, places = len(trip.sightings), len({s.place for s in trip.sightings})
        click.echo(
            f"{trip.slug}: {claims} claims at {places} places" + (":" if lines else ", fine")
        )
        for line in lines:
            click.echo(f"  {line}")
    if bad:
        sys.exit(1)


@main.command()
@click.argument("origin", metavar="FROM")
@click.argument("destination", metavar="TO")
@click.option("--mode", type=click.Choice(MODES), default="train", show_default=True)
@click.option("--via", multiple=True, metavar="P", help="A place to pass; may be repeated.")
@click.option("--avoid", multiple=True, metavar="CC", help="A country to stay out of (CN).")
@click.option("--speed", type=click.FloatRange(0, 2000, min_open=True), default=None, help="km/h.")
@click.option("--json", "as_json", is_flag=True, help="Everything, as JSON.")
@_plainly
def route(
    origin: str,
    destination: str,
    mode: str,
    via: tuple[str, ...],
    avoid: tuple[str, ...],
    speed: float | None,
    as_json: bool,
) -> None:
    """Distance and time between two places along a network."""
    from app.journey.model import Mode
    from app.publication.one_off import route_document

    rooms = _rooms()
    document = route_document(
        rooms.gazetteer,
        rooms.router,
        origin=origin,
        destination=destination,
        mode=Mode(mode),
        via=via,
        avoid=avoid,
        speed_kmh=speed,
    )
    if as_json:
        _echo_json(document)
        return
    stops = [document["from"], *document["via"], document["to"]]
    click.echo(" – ".join(f"{stop['name']} ({stop['country']})" for stop in stops))
    click.echo(
        f"{document['distance_km']:,.0f} km by {mode} through {', '.join(document['countries'])}"
    )
    click.echo(f"{document['great_circle_km']:,.0f} km as the crow flies")
    click.echo(f"{document['hours']:.1f} h at {document['speed_kmh']:g} km/h")


@main.command()
@click.argument("name")
@click.option("--near", multiple=True, metavar="P", help="A place it is near to; may be repeated.")
@click.option("--limit", type=click.IntRange(1, 50), default=5, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Everything, as JSON.")
@_plainly
def locate(name: str, near: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Find a place by its name, in any script."""
    from app.publication.one_off import places_document

    rooms = _rooms()
    document = places_document(rooms.gazetteer, name=name, near=near, limit=limit)
    if not document["places"]:
        raise UnknownPlaceError(f"no place answers to {name!r}")
    if as_json:
        _echo_json(document)
        return
    for place in document["places"]:
        click.echo(
            f"{place['score']:.2f}  {place['name']} ({place['country']}, {place['feature']})  "
            f"{place['lat']:.4f} N {place['lon']:.4f} E  ±{place['radius_km']:g} km  "
            f"{place['time_zone']}  {place['id']}"
        )


@main.command()
@click.argument("trip")
@click.option(
    "--format",
    "fmt",
    type=click.Choice(["toml", "json", "geojson", "csv"]),
    default="toml",
    show_default=True,
)
@click.option(
    "--part",
    type=click.Choice(["waypoints", "legs", "sightings", "sources"]),
    default="waypoints",
    show_default=True,
    help="Which list, for csv and geojson; json holds all of them, toml the dossier.",
)
@click.option("-o", "output", type=click.Path(dir_okay=False, path_type=Path), help="File.")
@_plainly
def export(trip: str, fmt: str, part: str, output: Path | None) -> None:
    """Write a trip as a dossier (toml), or what follows from it (json, geojson, csv)."""
    from app.publication.formats import Format
    from app.publication.itinerary import Options
    from app.publication.parts import Part
    from app.store.dossier import write_dossier

    rooms = _rooms()
    if fmt == "toml":
        body = write_dossier(rooms.repository.trip(trip)).encode()
    elif fmt == "json":
        body = rooms.answers.whole(trip, Options()).body
    else:
        body = rooms.answers.part(trip, Part(part), Format(fmt), Options()).body
    if output is None:
        sys.stdout.buffer.write(body)
        return
    try:
        output.write_bytes(body)
    except OSError as error:
        raise click.FileError(str(output), error.strerror) from error


def _prepare(rooms: "Rooms") -> "Sequence[Outcome]":
    from app.geo.artifacts import prepare_all
    from app.progress import terminal_reporter

    with terminal_reporter() as reporter:
        return prepare_all(
            data_dir=rooms.settings.data_dir,
            reference_dir=rooms.settings.reference_dir,
            reporter=reporter,
        )


def _dossiers(paths: Sequence[Path]) -> list[Path]:
    files: list[Path] = []
    for path in paths:
        files += sorted(path.glob("*.toml")) if path.is_dir() else [path]
    return files


def _echo_json(document: object) -> None:
    import orjson

    click.echo(orjson.dumps(document, option=orjson.OPT_INDENT_2).decode())
