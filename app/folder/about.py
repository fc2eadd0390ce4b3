"""What a folder tells about itself: README.txt, the licences, and the manifest.

Lives here: the words and the shape. Not here: what else is in the folder
(:mod:`app.folder.contents`).
"""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson
from markupsafe import escape

from app.folder.addresses import EMBED, LICENCES
from app.geo.licence_texts import MIT
from app.publication.documents import Document
from app.publication.exports.rights import LICENCES as DATA_LICENCES
from app.web.embed_choice import EmbedChoice
from app.web.trip_page import TripPage

MANIFEST = "manifest.json"
FORMAT = "dateline folder 1"

OURS = f"Dateline (MIT)\n\nCopyright (c) 2026 The Dateline authors\n\n{MIT}"
_RULE = f"\n{'=' * 80}\n\n"
_NOT_HERE = ("jQuery (", "Swagger UI (")

_README = """\
{title}
{underline}

{status}

This folder is the journey at revision {revision}, on {known}.
It needs no server program and no connection: all that its pages load is in it. Open index.html
from a disk, or put the folder on any web server, at any address.

WHAT IS IN IT

  index.html      the journey: map, diagram, stops, legs, claims and sources; its slider
                  "Known at" goes back to what was known at each of {steps} steps
  embed.html      the same in short, for frames in articles{look}
  embed.js        gives such a frame the height that it needs
  data/           {slug}.gpx, .kml, .geojson, .csv
                      the whole journey, for maps and tables
                  {slug}.json, .toml
                      all of it as data, and as the dossier that Dateline reads
                  trip, waypoints, legs, sightings, sources, contradictions
                      its parts as JSON, CSV and GeoJSON; what they mean: schemas/
  pictures/       map and diagram as SVG and PNG: print (1600 x 1200), column (720 x 560),
                  phone (360 x 520), card (1200 x 630); 2x: twice the pixels
  assets/ steps/  what the pages load
  manifest.json   every file with its SHA-256

HOW TO HOST IT

Copy the folder as it is: its files lead to each other by relative addresses. Put a later edition
in its place as a whole, not file by file over it: names of files change with what is in them.
The server may forbid no frames (X-Frame-Options, frame-ancestors) for embed.html.

HOW TO EMBED IT

With the address of your copy in place of https://example.org/journey:

{frame}
<script src="https://example.org/journey/embed.js" async></script>

The script is not needed, and may stand anywhere on the page, once: without it the frame keeps its
height. Both pages open at another moment with ?as_of=, as the slider has it in the address:

  embed.html?as_of={moment}

WHOSE IT IS

{credits}

Whoever uses map, pictures or data gives this credit. Each claim names its source.

Licences of the data:
{licences}
Licences of the software in the pages: {software}
"""


@dataclass(frozen=True, slots=True)
class File:
    """What the manifest tells of a file."""

    sha256: str
    size: int


def readme(page: TripPage, choice: EmbedChoice) -> str:
    """The text for whoever finds the folder."""
    title = " ".join(page.trip["title"].split())
    moment = page.trip["as_of"] or "2023-09-12T03:15:00Z"
    query = "&".join(f"{name}={value}" for name, value in choice.query)
    return _README.format(
        title=title,
        underline="=" * min(len(title), 80),
        status=_wrapped(page.trip["status_line"]),
        known=f"all that was published up to {page.known_at}" if page.steps else "no report yet",
        revision=page.trip["revision"],
        steps=len(page.steps),
        look=f" (made with {query})" if query else "",
        slug=page.slug,
        frame=_frame(title, choice),
        moment=moment,
        credits="\n".join(f"{credit.text}  {credit.url}".rstrip() for credit in page.credits)
        + "".join(f"\n{_wrapped(note)}" for note in page.notes),
        licences="\n".join(f"  {each.of}: {each.name}, {each.url}" for each in DATA_LICENCES),
        software=LICENCES,
    )


def licences(notice: str) -> str:
    """The licences of the software in the pages: of ours, and of others in ``notice``.

    Without what a server has, and no folder.
    """
    _, *works = notice.split(_RULE)
    here = [work for work in works if not work.startswith(_NOT_HERE)]
    return _RULE.join(["Scripts, styles and fonts in these pages.\n", OURS, *here])


def manifest(
    about: Document, choice: EmbedChoice, steps: Sequence[str], files: Mapping[str, File]
) -> bytes:
    """The list of all files but itself; ``about`` is what every answer about a trip begins with."""
    document = {
        "format": FORMAT,
        **about,
        "steps": steps,
        "embed": dict(choice.query),
        "files": {
            path: {"sha256": files[path].sha256, "bytes": files[path].size}
            for path in sorted(files)
        },
    }
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def read_manifest(body: bytes) -> Document | None:
    """A manifest as it was written; ``None`` if it is none of ours."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        return None
    return document


def _frame(title: str, choice: EmbedChoice) -> str:
    return (
        f'<iframe src="https://example.org/journey/{EMBED}" width="100%"'
        f' height="{choice.frame_height}"\n    title="{escape(title)}" style="border:0"'
        ' loading="lazy" allow="fullscreen"></iframe>'
    )


def _wrapped(text: str) -> str:
    return textwrap.fill(" ".join(text.split()), 96, break_long_words=False)
