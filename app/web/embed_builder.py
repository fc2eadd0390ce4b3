"""The builder of embeds on a trip's page: what may be chosen, and the code that is to be copied.

Lives here: the fields of its form, and the markup of the snippets, which is written here only:
scripts fill in what was chosen (``static/js/builder.js``). Not here: what the options mean
(:mod:`app.web.embed_choice`), how it looks (``templates/_builder.html``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from markupsafe import Markup

from app.pictures.look import Size
from app.publication.documents import Document
from app.publication.pictures import Subject
from app.web.addresses import Query, with_query
from app.web.embed_choice import HEIGHTS, HIGHEST, LOWEST, NAMES, OFFERED, EmbedChoice
from app.web.trip_page import TripPage
from app.words import LANGUAGES

PICTURES: Mapping[str, tuple[Subject, str]] = MappingProxyType(
    {
        "map": (Subject.MAP, "map"),
        "diagram": (Subject.TIME_DISTANCE, "diagram"),
        "both": (Subject.MAP, "map"),
    }
)
"""By ``view`` the picture for where no frame is shown, and what it shows; it is one."""

_LABELS = {
    "view": {"map": "The map", "diagram": "The diagram", "both": "Map and diagram"},
    "theme": {"auto": "As the reader’s system", "light": "Light", "dark": "Dark"},
    "lang": {language: words["own_name"] for language, words in LANGUAGES.items()},
    "slider": {"1": "With the slider", "0": "Without"},
}

# The address comes first: some hosts take the first src= that they find, in a title or not.
_FRAME = Markup(
    '<iframe src="{embed}" width="100%" height="{height}" title="{title}"'
    ' style="display:block;border:0;max-width:100%" loading="lazy" allow="fullscreen"></iframe>'
)
_SCRIPT = Markup('\n<script src="{script}" async></script>')
# As wide as mail programs have room for, in the shape of a picture in a column.
_PICTURE = Markup(
    '<a href="{trip}"><img src="{picture}" width="600" height="467"'
    ' alt="{alt}" style="display:block;border:0;max-width:100%;height:auto"></a>'
)


@dataclass(frozen=True, slots=True)
class Field:
    """Something that is chosen out of ``values``, each with its label; the first is the usual."""

    name: str
    label: str
    values: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Snippet:
    """Something to copy: ``text`` as long as nothing was chosen, and the ``template`` of it, with a
    slot for each value, as ``{embed}``. All but ``link`` are markup, for which values are escaped.
    """

    name: str
    label: str
    note: str
    template: str
    text: str


@dataclass(frozen=True, slots=True)
class Builder:
    """The context of ``templates/_builder.html``.

    ``days`` are the first and the last that are known of the journey, or empty; ``speeds`` what the
    reader assumes, which the embed keeps. ``data`` is for the script.
    """

    fields: Sequence[Field]
    snippets: Sequence[Snippet]
    heights: tuple[int, int]
    days: tuple[str, str]
    speeds: Mapping[str, float]
    data: Document


@dataclass(frozen=True, slots=True)
class Option:
    """An option of the address, as the documentation lists it."""

    name: str
    values: str
    meaning: str


def _values(name: str) -> str:
    return " | ".join(OFFERED[name])


OPTIONS = (
    Option("view", _values("view"), "What is shown; diagram is distance against time."),
    Option("theme", _values("theme"), "auto follows the system of each reader."),
    Option(
        "as_of",
        "2023-09-12T13:00:00Z",
        "Frozen as it was known then. Without it the embed is kept up to date.",
    ),
    Option(
        "from, to",
        "2023-09-12",
        "The part of the journey that the map opens on and the diagram shows: days by the clock "
        "of each place, or times with their offset. One of the two will do.",
    ),
    Option("slider", _values("slider"), "Whether readers can go back to what was known earlier."),
    Option(
        "height",
        f"{LOWEST}–{HIGHEST}",
        "A fixed height in pixels. Without it the embed tells its host what it needs.",
    ),
    Option("lang", _values("lang"), "The language of the embed."),
    Option(
        "max_speed_kmh, cruise_speed_kmh",
        "1–2000",
        "What would follow from another speed, as on the page of the journey.",
    ),
)
"""The options of ``/embed/{slug}``. None is ever taken away."""


def embed_builder(page: TripPage, base: str) -> Builder:
    """The builder of a trip's page; ``base`` is where readers reach this server."""
    speeds = tuple((name, f"{kmh:g}") for name, kmh in page.speeds.items())
    code = snippets(base, page.slug, page.trip["title"], speeds)
    return Builder(
        fields=_fields(page),
        snippets=code,
        heights=(LOWEST, HIGHEST),
        days=_days(page),
        speeds=page.speeds,
        data={
            "base": base,
            "slug": page.slug,
            "names": ["as_of", *dict(speeds), *NAMES],
            "titles": {view: _title_of(page.trip["title"], view) for view in OFFERED["view"]},
            "heights": dict(HEIGHTS),
            "pictures": {
                view: {"name": subject.value, "alt": _title_of(page.trip["title"], shown)}
                for view, (subject, shown) in PICTURES.items()
            },
            "templates": {snippet.name: snippet.template for snippet in code},
        },
    )


def snippets(base: str, slug: str, title: str, speeds: Query = ()) -> list[Snippet]:
    """What is to be copied for the trip of that title, as long as nothing else was chosen."""
    view = OFFERED["view"][0]
    subject, shown = PICTURES[view]
    picture = f"{base}/trips/{slug}/{subject.value}.png"
    values = {
        "embed": with_query(f"{base}/embed/{slug}", speeds),
        "page": with_query(f"{base}/trips/{slug}", speeds),
        "trip": with_query(f"{base}/trips/{slug}", speeds),
        "script": f"{base}/embed.js",
        "picture": with_query(picture, (("size", Size.COLUMN.value), ("scale", "2"), *speeds)),
        "height": HEIGHTS[view],
        "title": _title_of(title, view),
        "alt": _title_of(title, shown),
    }

    def snippet(name: str, label: str, note: str, template: str) -> Snippet:
        # Code that is shown: no markup of our own page.
        return Snippet(name, label, note, str(template), str(template.format(**values)))

    return [
        snippet(
            "script",
            "For most pages",
            "A frame, and a small script that gives it the height it needs at every width.",
            _FRAME + _SCRIPT,
        ),
        snippet(
            "frame",
            "Where scripts are not let in",
            "The frame alone, with room kept for a column of text.",
            _FRAME,
        ),
        snippet(
            "link",
            "WordPress, Ghost and others",
            "An address to paste on a line of its own: what knows oEmbed makes the frame of it.",
            "{page}",
        ),
        snippet(
            "picture",
            "Newsletters",
            "A picture that leads to the journey, for where no frame is shown.",
            _PICTURE,
        ),
    ]


def _title_of(title: str, view: str) -> str:
    return EmbedChoice(view=view).title_of(title)


def _fields(page: TripPage) -> list[Field]:
    known = [("", "The latest, kept up to date")]
    # Scripts offer the other steps, which they have.
    if page.steps and page.trip["as_of"] is not None and not page.steps[-1].is_current:
        known.append((page.trip["as_of"], f"Frozen as known at {page.known_at}"))
    fields = [
        _offered("view", "Show"),
        _offered("theme", "Colours"),
        Field("as_of", "As known at", known),
        _offered("slider", "Going back in time"),
        _offered("lang", "Language"),
    ]
    # One language is no choice.
    return [field for field in fields if field.name not in OFFERED or len(field.values) > 1]


def _offered(name: str, label: str) -> Field:
    return Field(name, label, [(value, _LABELS[name][value]) for value in OFFERED[name]])


def _days(page: TripPage) -> tuple[str, str]:
    """By the clocks of the places, as ``from`` and ``to`` mean them."""
    days = [
        bound[:10]
        for stop in page.stops
        for interval in (stop.document["arrival"], stop.document["departure"])
        for bound in interval.values()
        if bound is not None
    ]
    return (min(days), max(days)) if days else ("", "")
