"""One call that publishes a trip as a folder.

Lives here: the way from a trip and a choice to what was written. Not here: what is in the folder
(:mod:`app.folder.contents`), how it is put on the disk (:mod:`app.folder.writing`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl

from app.errors import InputError
from app.folder.about import File, manifest
from app.folder.contents import Contents
from app.folder.writing import check_place, write_folder
from app.publication.documents import instant
from app.rooms import Rooms
from app.web.embed_choice import NAMES, EmbedChoice

USUAL = EmbedChoice()


@dataclass(frozen=True, slots=True)
class Published:
    """What was written: of which revision, how many steps and files, and bytes in all."""

    revision: int
    steps: int
    files: int
    size: int


def choice_of(asked: str) -> EmbedChoice:
    """How an embed looks, as its address says it: ``theme=dark&view=both``, or the whole address.

    Raises :class:`app.errors.InputError` naming what makes no sense, or is no option of an embed.
    """
    query = dict(parse_qsl(asked.rpartition("?")[2], keep_blank_values=True))
    for name in query:
        if name not in NAMES:
            raise InputError(name, f"is no option of an embed; there are {', '.join(NAMES)}")
    return EmbedChoice.of(query)


def publish_folder(
    rooms: Rooms,
    slug: str,
    directory: Path,
    choice: EmbedChoice = USUAL,
    progress: Callable[[float], None] = lambda _: None,
) -> Published:
    """Write the trip ``slug`` to ``directory``; its embed looks as ``choice`` says.

    Raises :class:`app.errors.UnknownTripError`, and :class:`app.errors.FolderError` for a place
    that is taken or cannot be written to.
    """
    contents = Contents(rooms, slug, choice)
    slugs = (contents.trip.slug, *contents.trip.formerly)
    check_place(directory, slugs)
    steps = [moment for step in contents.steps if (moment := instant(step)) is not None]

    def listed(files: Mapping[str, File]) -> bytes:
        about = {"trip": contents.trip.slug, "revision": contents.trip.revision}
        return manifest(about, choice, steps, files)

    written = write_folder(directory, slugs, contents.files(progress), listed)
    size = sum(file.size for file in written.values())
    return Published(contents.trip.revision, len(steps), len(written) + 1, size)
