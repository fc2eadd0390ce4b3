"""Whatever a trip says, its dossier says too, and both databases keep it: nothing is lost."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.journey.bounds import Bounds
from app.journey.interval import Interval
from app.journey.model import (
    Assumption,
    AssumptionKind,
    Event,
    Evidence,
    Figure,
    Modality,
    Mode,
    Place,
    Position,
    Sighting,
    Source,
    State,
    Trip,
)
from app.store.dossier import read_dossier, write_dossier

SEEDS = Path(__file__).parents[2] / "seeds"
START = datetime(2023, 9, 1, tzinfo=UTC)
WORDINGS = ("Sunday afternoon", "early Tuesday", "in the coming days", "whenever it was")

characters = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"))
texts = st.text(characters, min_size=1, max_size=40).filter(str.strip)
many_lines = st.text(characters | st.sampled_from("\n\t"), min_size=1, max_size=40).filter(
    str.strip
)
ids = st.from_regex(r"[a-z0-9][a-z0-9._-]{0,8}", fullmatch=True)
hours = st.integers(0, 1000)
instants = st.timedeltas(timedelta(0), timedelta(days=40)).map(lambda d: START + d)
positive = st.floats(1, 2000, allow_nan=False)
modes = st.none() | st.sampled_from(Mode)
former_slugs = st.lists(
    st.from_regex(r"[a-z0-9]{1,5}(-[a-z0-9]{1,5}){0,2}", fullmatch=True), unique=True, max_size=4
)


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    return Interval(*sorted((draw(instants), draw(instants))))


@st.composite
def own_places(draw: st.DrawFn) -> Place:
    about = draw(st.none() | texts)
    return Place(
        id=f"own-{draw(ids)}",
        name=draw(texts),
        position=Position(draw(st.floats(-180, 180)), draw(st.floats(-90, 90))),
        country=draw(st.sampled_from(["RU", "KP"])),
        time_zone=draw(st.sampled_from(["Asia/Vladivostok", "UTC"])),
        names=draw(st.dictionaries(st.sampled_from(["ko", "ru", "zh-Hant"]), texts)),
        radius_km=draw(st.floats(0, 500)),
        feature=draw(st.sampled_from(["place", "station", "bridge"])),
        origin="dossier" if about is None else f"dossier: {about}",
        other_time_zones=draw(st.sampled_from([(), ("Asia/Pyongyang",)])),
    )


@st.composite
def sources(draw: st.DrawFn, source_id: str, earlier: list[str]) -> Source:
    published = draw(intervals())
    later = st.timedeltas(timedelta(0), timedelta(days=2))
    return Source(
        id=source_id,
        publisher=draw(texts),
        published_at=published,
        language=draw(st.sampled_from(["en", "ko", "zh-Hant"])),
        reliability=draw(st.sampled_from("ABCDEF")),
        title=draw(st.none() | texts),
        url=draw(st.sampled_from([None, "https://example.org/a?b=ü"])),
        archived_url=draw(st.sampled_from([None, "http://example.org:8080/x"])),
        retrieved_at=draw(st.none() | instants),
        updated_at=draw(
            st.none() | later.map(lambda d: Interval.at(published.latest + d))  # type: ignore[operator]
        ),
        derived_from=draw(st.sampled_from([None, *earlier])),
        note=draw(st.none() | many_lines),
    )


@st.composite
def sightings(
    draw: st.DrawFn, sighting_id: str, known: list[Source], places: list[str], others: list[str]
) -> Sighting:
    source = draw(st.sampled_from(known))
    modality = draw(st.sampled_from(Modality))
    first, last = sorted((draw(instants), draw(instants)))
    when = Interval(draw(st.sampled_from([None, first])), draw(st.sampled_from([None, last])))
    if modality is Modality.REPORTED:
        # The law of the reading: what is reported is no later than its report.
        when = when.no_later_than(source.known_at) or Interval(None, source.known_at)
    state = draw(st.sampled_from(State))
    stands = state is State.ACTIVE
    return Sighting(
        id=sighting_id,
        source=source.id,
        subject=draw(st.sampled_from(["train", "leader", "advance train"])),
        event=draw(st.sampled_from(Event)),
        modality=modality,
        place=draw(st.sampled_from(places)),
        when=when,
        wording=draw(st.sampled_from(["", *WORDINGS])),
        attributed_to=draw(st.none() | texts),
        evidence=draw(st.sampled_from(Evidence)),
        credibility=draw(st.integers(1, 6)),
        claim=draw(texts),
        mode=draw(modes),
        position_in_report=draw(st.integers(0, 9)),
        state=state,
        state_since=None if stands else draw(instants),
        state_reason=None if stands else draw(texts),
        superseded_by=(
            draw(st.sampled_from([None, *others])) if state is State.SUPERSEDED else None
        ),
    )


@st.composite
def assumptions(draw: st.DrawFn, name: str, known: list[Source], places: list[str]) -> Assumption:
    kind = draw(st.sampled_from(AssumptionKind))
    several = st.lists(st.sampled_from(places), min_size=3, max_size=5).map(tuple)
    bare = Assumption(name if draw(st.booleans()) else kind.value, kind, mode=draw(modes))
    source = draw(st.none() | st.sampled_from([s.id for s in known]))
    bare = replace(bare, source=source, reason=None if source else draw(texts))
    match kind:
        case AssumptionKind.CRUISE_SPEED | AssumptionKind.MAX_SPEED:
            return replace(bare, kmh=draw(positive))
        case AssumptionKind.MINIMUM_STOP:
            return replace(bare, hours=draw(positive), places=draw(several))
        case AssumptionKind.AVOID:
            return replace(bare, countries=("CN", "KR"))
        case AssumptionKind.VIA:
            return replace(bare, places=draw(several))
    return bare


@st.composite
def figures(draw: st.DrawFn, figure_id: str, known: list[Source], places: list[str]) -> Figure:
    low, high = sorted((draw(positive), draw(positive)))
    bounds = st.sampled_from([Bounds(low, high), Bounds(low, None), Bounds(None, high)])
    duration_h = draw(st.none() | bounds | positive.map(Bounds.exactly))
    return Figure(
        id=figure_id,
        source=draw(st.sampled_from(known)).id,
        origin=draw(st.sampled_from(places)),
        destination=draw(st.sampled_from(places)),
        claim=draw(texts),
        mode=draw(st.sampled_from(Mode)),
        distance_km=draw(bounds),
        duration_h=duration_h,
        of_this_journey=duration_h is not None and draw(st.booleans()),
        attributed_to=draw(st.none() | texts),
        credibility=draw(st.integers(1, 6)),
    )


@st.composite
def trips(draw: st.DrawFn, known_places: dict[str, Place]) -> Trip:
    def some(most: int, least: int = 0) -> list[str]:
        return draw(st.lists(ids, unique=True, min_size=least, max_size=most))

    own = {place.id: place for place in draw(st.lists(own_places(), max_size=2))}
    everywhere = {**known_places, **own}
    reports: list[Source] = []
    for source_id in some(3, least=1):
        reports.append(draw(sources(source_id, [s.id for s in reports])))
    names = some(4)
    claims = [
        draw(sightings(name, reports, list(everywhere), [n for n in names if n != name]))
        for name in names
    ]
    taken = [draw(assumptions(name, reports, list(everywhere))) for name in some(2)]
    told = [draw(figures(name, reports, list(everywhere))) for name in some(2)]
    used = {c.place for c in claims} | {p for a in taken for p in a.places}
    used |= {f.origin for f in told} | {f.destination for f in told}
    return Trip(
        slug="a-journey",
        title=draw(texts),
        subject=draw(texts),
        summary=draw(st.just("") | many_lines),
        mode=draw(st.sampled_from(Mode)),
        sources=tuple(reports),
        sightings=tuple(claims),
        assumptions=tuple({a.name: a for a in taken}.values()),
        figures=tuple(told),
        places={place_id: everywhere[place_id] for place_id in used},
        formerly=tuple(former for former in draw(former_slugs) if former != "a-journey"),
        withdrawn=draw(st.none() | texts),
    )


@pytest.fixture(scope="module")
def known_places(gazetteer) -> dict[str, Place]:
    return {
        place_id: gazetteer.place(place_id)
        for place_id in ("pyongyang", "tumen-rail-bridge", "vladivostok")
    }


@given(data=st.data())
@settings(max_examples=80, deadline=None)
def test_a_dossier_loses_nothing_of_a_trip(data, gazetteer, zones, known_places):
    trip = data.draw(trips(known_places))
    text = write_dossier(trip)
    again = read_dossier(text, gazetteer=gazetteer, zones=zones)
    named = {each.id for each in again.places.values()}
    assert named <= set(trip.places)
    assert again == replace(trip, places={k: trip.places[k] for k in named})
    assert named == set(trip.places)
    assert write_dossier(again) == text


@given(data=st.data())
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_database_loses_nothing_of_a_trip(data, repository, known_places):
    trip = data.draw(trips(known_places))
    revision = repository.save(trip, who="test")
    assert repository.trip("a-journey") == replace(trip, revision=revision)
    assert repository.save(trip, who="test") == revision


def test_what_a_wording_means_is_not_written_beside_it(gazetteer, zones):
    text = write_dossier(
        Trip(
            slug="a",
            title="A",
            subject="X",
            sources=(Source("s", "P", Interval.at(START)),),
            sightings=(
                Sighting(
                    "x", "s", "train", Event.PASSED, Modality.POSSIBLE, "pyongyang", claim="c"
                ),
            ),
            places={"pyongyang": gazetteer.place("pyongyang")},
        )
    ).replace('claim = ""', 'claim = "c"')
    text = text.replace('place = "pyongyang"', 'place = "pyongyang"\nwhen = "on 3 September 2023"')
    again = write_dossier(read_dossier(text, gazetteer=gazetteer, zones=zones))
    assert again == text
    assert "earliest" not in again


@pytest.mark.parametrize(
    ("written", "zone", "earliest", "latest"),
    [
        ("2023-09-12", "Asia/Seoul", "2023-09-12T00:00+09:00", "2023-09-13T00:00+09:00"),
        ("2023-09-12", None, "2023-09-12T00:00+14:00", "2023-09-13T00:00-12:00"),
        ("2023-09-12T17:19+09:00", None, "2023-09-12T17:19+09:00", "2023-09-12T17:19+09:00"),
        ("2023-09-12T17:19+09:00/2023-09-13", "Asia/Seoul", "2023-09-12T17:19+09:00",
         "2023-09-14T00:00+09:00"),
        ("2019-03-10", "America/New_York", "2019-03-10T00:00-05:00", "2019-03-11T00:00-04:00"),
    ],
)  # fmt: skip
def test_a_bare_date_is_a_day_of_the_publishers_clock_or_of_any(
    gazetteer, zones, written, zone, earliest, latest
):
    lines = ["format = 1", 'slug = "a"', 'title = "A"', 'subject = "X"', "[[source]]", 'id = "s"']
    lines += ['publisher = "P"', f'published_at = "{written}"']
    lines += [f'zone = "{zone}"'] if zone else []
    trip = read_dossier("\n".join(lines), gazetteer=gazetteer, zones=zones)
    assert trip.sources[0].published_at == Interval.parse(earliest, latest)


def test_toml_dates_and_times_mean_what_texts_do(gazetteer, zones):
    text = (
        'format = 1\nslug = "a"\ntitle = "A"\nsubject = "X"\n[[source]]\nid = "s"\n'
        'publisher = "P"\npublished_at = 2023-09-12\nupdated_at = 2023-09-13T14:00:00-12:00\n'
    )
    source = read_dossier(text, gazetteer=gazetteer, zones=zones).sources[0]
    assert source.updated_at == Interval.at(
        datetime(2023, 9, 13, 14, tzinfo=timezone(timedelta(hours=-12)))
    )


@pytest.mark.reference
@pytest.mark.parametrize("seed", sorted(SEEDS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_seed_loads_and_reads_back_equal(seed, reference_dir, zones, repository):
    from app.geo.gazetteer import Gazetteer

    places = Gazetteer(reference_dir / "gazetteer.sqlite")
    trip = read_dossier(seed, gazetteer=places, zones=zones)
    assert trip.slug == seed.stem
    assert read_dossier(write_dossier(trip), gazetteer=places, zones=zones) == trip
    assert repository.load([trip]) == repository.load([trip]) == {trip.slug: 1}
    assert repository.trip(trip.slug) == replace(trip, revision=1)
