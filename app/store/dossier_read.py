"""A dossier's tables into a :class:`~app.journey.model.Trip`, with every cross-check.

Lives here: what each table of a dossier means. Not here: TOML and lines
(:mod:`app.store.dossier_text`), single keys (:mod:`app.store.dossier_fields`), places
(:mod:`app.store.dossier_places`). Imports the journey's values and its time wording.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.errors import DossierError, InputError, SlugError
from app.journey.interval import Interval
from app.journey.model import (
    Assumption,
    AssumptionKind,
    Event,
    Evidence,
    Figure,
    Modality,
    Mode,
    Sighting,
    Source,
    State,
    Subject,
    Trip,
)
from app.journey.protocols import Gazetteer, Zones
from app.journey.time_wording import resolve
from app.store.dossier_fields import (
    COUNTRY,
    ID,
    LANGUAGE,
    LONGEST_SENTENCE,
    SLUG,
    SLUG_SAYS,
    Fields,
    near,
    repeated,
)
from app.store.dossier_places import Places
from app.store.dossier_text import Problems, read_tables

FORMAT = 1
_RELIABILITY = "ABCDEF"
_ID_SAYS = "small letters, digits, dots, hyphens and underscores, such as kcna-2023-09-12"
# What an assumption of a kind must say and may say, beside its source or reason.
_SPEED = (("kmh",), ("mode",))
_VALUES: Mapping[AssumptionKind, tuple[tuple[str, ...], tuple[str, ...]]] = {
    AssumptionKind.CRUISE_SPEED: _SPEED,
    AssumptionKind.MAX_SPEED: _SPEED,
    AssumptionKind.MINIMUM_STOP: (("hours", "places"), ("mode",)),
    AssumptionKind.AVOID: (("countries",), ("mode",)),
    AssumptionKind.VIA: (("places",), ("mode",)),
    AssumptionKind.LEADER_ABOARD: ((), ("mode",)),
    AssumptionKind.RAILWAY_COMPLETE: ((), ("mode",)),
}


def read_dossier(origin: Path | str, *, gazetteer: Gazetteer, zones: Zones) -> Trip:
    """The trip that a dossier tells: a file (``Path``) or the text of one (``str``).

    ``gazetteer`` answers for place ids, ``zones`` for the clock of places given inline. The
    revision is 0: the store sets it. Raises :class:`app.errors.DossierError` with every
    problem of the file, each with line and field.
    """
    tables, problems = read_tables(origin)
    trip = _Reader(tables, problems, Places(gazetteer, zones, problems)).trip()
    problems.raise_if_any()
    return trip


def where_it_stands(error: SlugError, files: Sequence[Path]) -> DossierError | SlugError:
    """The error with file and line: that of the dossier of ``files`` that it is about.

    The error itself where none is any more. Only the store knows all slugs, and it knows no lines.
    """
    for file in files:
        try:
            tables, problems = read_tables(file)
            if tables.get("slug") == error.trip:
                problems.add((error.field,), error.reason)
                problems.raise_if_any()
        except DossierError as located:
            return located
    return error


@dataclass(slots=True)
class _Reader:
    tables: dict[str, Any]
    problems: Problems
    places: Places
    sources: dict[str, Source] = field(default_factory=dict)
    positions: dict[str, int] = field(default_factory=dict)

    def trip(self) -> Trip:
        top = Fields(self.tables, (), self.problems)
        if (version := top.take("format")) is None:
            top.wrong("format", "is missing; write format = 1")
        elif version != FORMAT or isinstance(version, bool):
            top.wrong("format", "must be 1, the only format there is")
        slug = top.matching("slug", SLUG, SLUG_SAYS)
        formerly = self._formerly(top, slug)
        title = top.needed("title", longest=200)
        subject = top.needed("subject", longest=200)
        summary = top.text("summary", longest=2000, lines=True) or ""
        mode = top.choice("mode", Mode, Mode.TRAIN)
        withdrawn = top.text("withdrawn", longest=LONGEST_SENTENCE)
        entries = {name: self._entries(top, name) for name in ("source", "sighting", "figure")}
        named = self._named(top, "assumptions")
        top.finish()

        self.places.define(self.tables)
        sources = tuple(self._source(each) for each in entries["source"])
        self._check_copies(sources, entries["source"])
        sightings = tuple(self._sighting(each) for each in entries["sighting"])
        self._check_successors(sightings, entries["sighting"])
        return Trip(
            slug=slug,
            title=title,
            subject=subject,
            summary=summary,
            mode=mode,
            sources=sources,
            sightings=sightings,
            assumptions=tuple(self._assumption(each) for each in named),
            figures=tuple(self._figure(each) for each in entries["figure"]),
            places=self.places.used,
            formerly=formerly,
            withdrawn=withdrawn,
        )

    def _formerly(self, top: Fields, slug: str) -> tuple[str, ...]:
        formerly = top.texts("formerly", SLUG, SLUG_SAYS)
        if slug in formerly:
            top.wrong("formerly", f"“{slug}” is the slug that the trip has now; leave it out")
        for at in sorted(repeated(formerly)):
            top.wrong("formerly", f"“{formerly[at]}” is there twice")
        return formerly

    def _entries(self, top: Fields, name: str) -> list[Fields]:
        value = top.take(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            top.wrong(name, f"must be a list of tables; head each with [[{name}]]")
            return []
        entries = [Fields(each, (name, at), self.problems) for at, each in enumerate(value)]
        ids = [each.table.get("id") for each in entries]
        for at in repeated([each if isinstance(each, str) else "" for each in ids]):
            entries[at].wrong("id", f"“{ids[at]}” is the id of another {name}; ids are unique")
        return entries

    def _named(self, top: Fields, name: str) -> list[Fields]:
        value = top.take(name)
        if value is None:
            return []
        if not isinstance(value, dict) or not all(isinstance(v, dict) for v in value.values()):
            top.wrong(name, f"must be tables with names; head each with [{name}.NAME]")
            return []
        return [Fields(each, (name, key), self.problems) for key, each in value.items()]

    # Sources

    def _source(self, fields: Fields) -> Source:
        zone = fields.zone("zone")
        published = fields.published("published_at", zone, needed=True)
        reliability = fields.text("reliability", longest=10) or "F"
        if len(reliability) != 1 or reliability not in _RELIABILITY:
            fields.wrong("reliability", "must be a letter from A (reliable) to F (not judged)")
        language = fields.text("language", longest=35) or "en"
        if not LANGUAGE.fullmatch(language):
            fields.wrong("language", "must be a language tag such as en, ko or zh-Hant")
        updated = fields.published("updated_at", zone)
        if updated and published and _ends_before(updated, published):
            fields.wrong("updated_at", "is before published_at")
        source = Source(
            id=fields.matching("id", ID, _ID_SAYS),
            publisher=fields.needed("publisher", longest=200),
            published_at=published or Interval(),
            language=language,
            reliability=reliability,
            title=fields.text("title", longest=500),
            url=fields.url("url"),
            archived_url=fields.url("archived_url"),
            retrieved_at=fields.instant("retrieved_at"),
            updated_at=updated,
            derived_from=fields.text("derived_from", longest=100),
            note=fields.text("note", longest=1000, lines=True),
        )
        fields.finish()
        if source.id:
            self.sources.setdefault(source.id, source)
        return source

    def _check_copies(self, sources: tuple[Source, ...], entries: list[Fields]) -> None:
        copied_from = {s.id: s.derived_from for s in sources}
        for source, fields in zip(sources, entries, strict=True):
            if source.derived_from is None:
                continue
            if source.derived_from not in self.sources:
                fields.wrong("derived_from", self._unknown_source(source.derived_from))
                continue
            step = copied_from.get(source.id)
            seen = {source.id}
            while step is not None and step not in seen:
                seen.add(step)
                step = copied_from.get(step)
            if step == source.id:
                fields.wrong("derived_from", "goes round in a circle; one report is the first")

    def _cited(self, fields: Fields, *, needed: bool) -> str | None:
        cited = fields.text("source", longest=100, needed=needed)
        if cited is not None and cited not in self.sources:
            fields.wrong("source", self._unknown_source(cited))
        return cited

    def _unknown_source(self, cited: str) -> str:
        return f"“{cited}” is the id of no [[source]] here{near(cited, self.sources)}"

    # Sightings

    def _sighting(self, fields: Fields) -> Sighting:
        source = self._cited(fields, needed=True) or ""
        subject = fields.text("subject", longest=100) or Subject.TRAIN
        if not fields.has("subject"):
            fields.wrong("subject", f"is missing; one of {', '.join(Subject)} or a name")
        modality = fields.choice("modality", Modality)
        place = self.places.used_by(fields, "place")
        wording = fields.text("when", longest=200) or ""
        count = self.positions.get(source, 0)
        self.positions[source] = count + 1
        sighting = Sighting(
            id=fields.matching("id", ID, _ID_SAYS),
            source=source,
            subject=str(subject),
            event=fields.choice("event", Event),
            modality=modality,
            place=place,
            when=self._when(fields, source, place, wording, modality),
            wording=wording,
            attributed_to=fields.text("attributed_to", longest=300),
            evidence=fields.choice("evidence", Evidence, Evidence.STATEMENT),
            credibility=fields.integer("credibility", 1, 6, 6),
            claim=fields.needed("claim", longest=300),
            mode=fields.optional_choice("mode", Mode),
            position_in_report=fields.integer("position_in_report", 0, 1_000_000, count),
            state=fields.choice("state", State, State.ACTIVE),
            state_since=fields.instant("state_since"),
            state_reason=fields.text("state_reason", longest=1000),
            superseded_by=fields.text("superseded_by", longest=100),
        )
        self._check_state(sighting, fields)
        fields.finish()
        return sighting

    def _when(
        self, fields: Fields, source_id: str, place_id: str, wording: str, modality: Modality
    ) -> Interval:
        """The explicit ends, else what the wording means; capped where it is of the past."""
        source, place = self.sources.get(source_id), self.places.used.get(place_id)
        explicit = fields.has("earliest") or fields.has("latest")
        earliest, latest = fields.end("earliest"), fields.end("latest")
        if earliest is not None and latest is not None and earliest > latest:
            fields.wrong("earliest", "is after latest")
            return Interval()
        when = Interval(earliest, latest)
        if source is None or source.published_at.latest is None:
            return when
        if wording and not explicit and place is not None:
            try:
                when = resolve(
                    wording,
                    published=source.published_at,
                    updated=source.updated_at,
                    zones=place.time_zones,
                    looks_ahead=modality.looks_ahead,
                )
            except InputError as error:
                fields.wrong("when", error.reason)
                return when
        if modality is not Modality.REPORTED:
            return when
        capped = when.no_later_than(source.known_at)
        if capped is None:
            fields.wrong(
                "earliest",
                f"is after “{source_id}” was published, so nobody could have reported it",
            )
        return capped or when

    def _check_state(self, sighting: Sighting, fields: Fields) -> None:
        since, reason = fields.has("state_since"), fields.has("state_reason")
        successor = fields.has("superseded_by")
        if sighting.state is State.ACTIVE:
            for key in ("state_since", "state_reason", "superseded_by"):
                if fields.has(key):
                    fields.wrong(key, "needs state = “superseded” or “retracted” beside it")
            return
        if not since:
            fields.wrong("state_since", "is missing: from when did the claim no longer stand?")
        if not reason and not successor:
            fields.wrong("state_reason", "is missing: why does the claim no longer stand?")
        if successor and sighting.state is State.RETRACTED:
            fields.wrong("superseded_by", "needs state = “superseded”")

    def _check_successors(self, sightings: tuple[Sighting, ...], entries: list[Fields]) -> None:
        ids = {sighting.id for sighting in sightings}
        for sighting, fields in zip(sightings, entries, strict=True):
            successor = sighting.superseded_by
            if successor is None:
                continue
            if successor == sighting.id:
                fields.wrong("superseded_by", "is the sighting itself")
            elif successor not in ids:
                reason = f"“{successor}” is the id of no [[sighting]] here{near(successor, ids)}"
                fields.wrong("superseded_by", reason)

    # Assumptions and figures

    def _assumption(self, fields: Fields) -> Assumption:
        name = str(fields.path[-1])
        if not ID.fullmatch(name):
            fields.wrong("", f"the name must be {_ID_SAYS}")
        kind = self._kind(fields, name)
        needed, allowed = _VALUES[kind] if kind else ((), ())
        for key in needed:
            if not fields.has(key):
                fields.wrong(key, f"is missing; an assumption of the kind {kind} needs it")
        if kind:
            for key in ("kmh", "hours", "countries", "places"):
                if fields.has(key) and key not in (*needed, *allowed):
                    fields.wrong(key, f"means nothing in an assumption of the kind {kind}")
        if fields.has("source") == fields.has("reason"):
            fields.wrong("source", "give either the source or the reason it rests on, and only one")
        assumption = Assumption(
            name=name,
            kind=kind or AssumptionKind.CRUISE_SPEED,
            mode=fields.optional_choice("mode", Mode),
            kmh=fields.number("kmh", 1, 2000),
            hours=fields.number("hours", 0, 10_000),
            countries=fields.texts("countries", COUNTRY, "two capital letters such as CN"),
            places=self.places.listed_by(fields, "places"),
            source=self._cited(fields, needed=False),
            reason=fields.text("reason", longest=1000),
        )
        if kind is AssumptionKind.VIA and fields.has("places") and len(assumption.places) < 3:
            fields.wrong("places", "needs both ends of the leg and at least one place between")
        fields.finish()
        return assumption

    def _kind(self, fields: Fields, name: str) -> AssumptionKind | None:
        if fields.has("kind"):
            before = len(self.problems.found)
            kind = fields.choice("kind", AssumptionKind)
            return kind if len(self.problems.found) == before else None
        fields.take("kind")
        if name in set(AssumptionKind):
            return AssumptionKind(name)
        fields.wrong("kind", f"is missing; one of {', '.join(AssumptionKind)}")
        return None

    def _figure(self, fields: Fields) -> Figure:
        if not fields.has("distance_km") and not fields.has("duration_h"):
            fields.wrong("distance_km", "is missing; give distance_km, duration_h or both")
        figure = Figure(
            id=fields.matching("id", ID, _ID_SAYS),
            source=self._cited(fields, needed=True) or "",
            origin=self.places.used_by(fields, "from"),
            destination=self.places.used_by(fields, "to"),
            claim=fields.needed("claim", longest=300),
            mode=fields.choice("mode", Mode, Mode.TRAIN),
            distance_km=fields.bounds("distance_km", 100_000),
            duration_h=fields.bounds("duration_h", 100_000),
            of_this_journey=fields.flag("of_this_journey"),
            attributed_to=fields.text("attributed_to", longest=300),
            credibility=fields.integer("credibility", 1, 6, 6),
        )
        if figure.of_this_journey and not fields.has("duration_h"):
            fields.wrong("of_this_journey", "needs duration_h beside it, the time that it took")
        fields.finish()
        return figure


def _ends_before(updated: Interval, published: Interval) -> bool:
    return (
        updated.latest is not None
        and published.earliest is not None
        and updated.latest < published.earliest
    )
