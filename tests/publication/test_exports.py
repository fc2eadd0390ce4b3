"""Whole trips as files: valid in their standards, and honest about what is known."""

import csv
import hashlib
import io
import json
import os
import subprocess
import sys
import tomllib
from dataclasses import replace
from datetime import datetime
from xml.etree import ElementTree as ET

import pytest

from app.errors import InputError, UnknownTripError
from app.journey.model import Modality
from app.publication.exports.bounding_box import bounding_box
from app.publication.exports.files import Exports
from app.publication.exports.rights import LICENCE, LICENCES
from app.publication.formats import FileFormat
from app.publication.itinerary import Options
from app.publication.xml_writing import REPLACEMENT
from tests.publication.standards import (
    ATOM,
    GPX,
    KML,
    Schemas,
    features_read_by_gdal,
    layers_seen_by_gdal,
)

SLUGS = ("2019-02-hanoi", "2019-04-vladivostok", "2023-09-russia", "2025-09-beijing")
CREDIT = "credit to whom it is due"
STATES = {"reported", "expected", "possible"}
EARLY = datetime.fromisoformat("2023-09-12T13:00Z")

seeds = pytest.mark.reference
every_seed = pytest.mark.parametrize("slug", SLUGS)
every_format = pytest.mark.parametrize("fmt", list(FileFormat))


@pytest.fixture(scope="session")
def schemas(tmp_path_factory):
    return Schemas(tmp_path_factory.mktemp("schemas"))


@pytest.fixture
def exports(itineraries):
    return Exports(itineraries, CREDIT)


@pytest.fixture
def export(shelf, exports):
    """A trip as the bytes of a format."""

    def export(trip, fmt, **options):
        shelf.put(trip)
        return exports.file(trip.slug, FileFormat(fmt), Options(**options)).body

    return export


@pytest.fixture
def seed(seeded_rooms):
    def seed(slug, fmt, **options):
        return seeded_rooms.exports.file(slug, FileFormat(fmt), Options(**options)).body

    return seed


def gpx_of(body):
    root = ET.fromstring(body)
    return root.findall(f"{GPX}wpt"), root.findall(f"{GPX}trk")


def extensions(element):
    found = element.find(f"{GPX}extensions")
    return {e.tag.rpartition("}")[2]: e.text for e in found}


def placemarks(body):
    return {e.get("id"): e for e in ET.fromstring(body).iter(f"{KML}Placemark")}


def data(element):
    found = element.find(f"{KML}ExtendedData")
    return {e.get("name"): e.findtext(f"{KML}value") for e in found}


def span(placemark):
    time = placemark.find(f"{KML}TimeSpan")
    return None if time is None else {e.tag.rpartition("}")[2]: e.text for e in time}


def coordinates(element):
    return [
        [[float(n) for n in position.split(",")] for position in e.text.split()]
        for e in element.iter(f"{KML}coordinates")
    ]


def collection(body):
    return json.loads(body)


def of_kind(document, kind):
    return [f for f in document["features"] if f["properties"]["kind"] == kind]


def rows(body):
    return list(csv.DictReader(io.StringIO(body.decode(), newline="")))


# ---- the standards


@seeds
@every_seed
def test_gpx_is_valid_and_gdal_reads_every_stop_and_leg(
    seed, seeded_rooms, schemas, slug, tmp_path
):
    body = seed(slug, "gpx")
    schemas.validate_gpx(body)
    itinerary = seeded_rooms.itineraries.view(slug, Options()).itinerary
    stops = features_read_by_gdal(body, "gpx", "waypoints", tmp_path)
    assert [s["properties"]["name"] for s in stops] == [w.place.name for w in itinerary.waypoints]
    for stop, waypoint in zip(stops, itinerary.waypoints, strict=True):
        assert stop["geometry"]["coordinates"] == pytest.approx(waypoint.place.position, abs=1e-5)
        assert stop["properties"]["type"] == waypoint.status
    legs = features_read_by_gdal(body, "gpx", "tracks", tmp_path)
    assert [leg["properties"]["type"] for leg in legs] == [leg.status for leg in itinerary.legs]
    for drawn, leg in zip(legs, itinerary.legs, strict=True):
        points = sum(len(part) for part in drawn["geometry"]["coordinates"])
        assert leg.route is None or points >= len(leg.route.geometry)


@seeds
@every_seed
def test_kml_is_valid_and_gdal_reads_every_stop_and_leg(
    seed, seeded_rooms, schemas, slug, tmp_path
):
    body = seed(slug, "kml")
    schemas.validate_kml(body)
    itinerary = seeded_rooms.itineraries.view(slug, Options()).itinerary
    layers = layers_seen_by_gdal(body, "kml", tmp_path)
    assert "Stops" in layers
    stops = features_read_by_gdal(body, "kml", "Stops", tmp_path)
    assert [s["properties"]["Name"] for s in stops] == [w.place.name for w in itinerary.waypoints]
    legs = []
    for layer in layers:
        if layer.startswith("Legs, "):
            found = features_read_by_gdal(body, "kml", layer, tmp_path)
            assert all(f"Legs, {leg['properties']['status']}" == layer for leg in found)
            legs += found
    numbers = [int(leg["properties"]["sequence"]) for leg in legs]
    assert sorted(numbers) == [leg.sequence for leg in itinerary.legs]
    begins = {s["properties"]["sequence"]: s["properties"].get("begin") for s in stops}
    for waypoint in itinerary.waypoints:
        assert (begins[str(waypoint.sequence)] is None) == (waypoint.arrival.earliest is None)


@seeds
@every_seed
def test_geojson_holds_everything_and_gdal_reads_it(seed, seeded_rooms, slug, tmp_path):
    body = seed(slug, "geojson")
    document = collection(body)
    view = seeded_rooms.itineraries.view(slug, Options())
    assert document["type"] == "FeatureCollection"
    assert len(of_kind(document, "waypoint")) == len(view.itinerary.waypoints)
    assert len(of_kind(document, "leg")) == len(view.itinerary.legs)
    assert len(of_kind(document, "sighting")) == len(view.itinerary.trip.sightings)
    ids = [feature["id"] for feature in document["features"]]
    assert len(set(ids)) == len(ids)
    assert document["trip"] == slug
    west, south, east, north = document["bbox"]
    for feature in document["features"]:
        geometry = feature["geometry"]
        if geometry["type"] == "Point":
            lon, lat = geometry["coordinates"]
            assert -180 <= west <= lon <= east <= 180
            assert -90 <= south <= lat <= north <= 90
    layer = layers_seen_by_gdal(body, "geojson", tmp_path)[0]
    assert len(features_read_by_gdal(body, "geojson", layer, tmp_path)) == len(ids)


@seeds
@every_seed
def test_geojson_says_of_each_thing_what_the_api_says(seed, seeded_rooms, slug):
    document = collection(seed(slug, "geojson"))
    whole = json.loads(seeded_rooms.answers.whole(slug, Options()).body)
    for kind, days in (
        ("waypoint", {"arrival_edtf", "departure_edtf"}),
        ("leg", set()),
        ("sighting", {"when_edtf"}),
    ):
        said = [f["properties"] for f in of_kind(document, kind)]
        for properties in said:
            assert days <= properties.keys()
        plain = [{k: v for k, v in p.items() if k not in days | {"kind"}} for p in said]
        assert plain == whole[f"{kind}s"]


@seeds
@every_seed
def test_csv_is_the_table_of_the_api_with_days_and_licence(seed, seeded_rooms, slug):
    table = rows(seed(slug, "csv"))
    from app.publication.formats import Format
    from app.publication.parts import Part

    part = seeded_rooms.answers.part(slug, Part.WAYPOINTS, Format.CSV, Options()).body
    more = {"arrival_edtf", "departure_edtf", "licence"}
    assert [{k: v for k, v in row.items() if k not in more} for row in table] == rows(part)
    assert all(row["licence"] == LICENCE for row in table)


@seeds
@every_seed
def test_toml_is_a_dossier_that_reads_back_as_the_same_trip(seed, seeded_rooms, slug, tmp_path):
    file = tmp_path / f"{slug}.toml"
    file.write_bytes(seed(slug, "toml"))
    stored = seeded_rooms.repository.trip(slug)
    (read,) = seeded_rooms.read_dossiers([file])
    assert replace(read, revision=stored.revision) == stored


# ---- what every file carries


@every_format
def test_credit_and_licence_are_in_every_file(export, make, fmt):
    make.place("a", 131)
    make.claim("a", "2023-09-12T00:00Z/2023-09-12T06:00Z")
    text = export(make.trip(), fmt).decode()
    assert CREDIT in text
    for licence in LICENCES:
        assert licence.name in text
        assert licence.url in text


@pytest.mark.parametrize("fmt", ["gpx", "kml", "geojson", "toml"])
def test_so_they_are_in_a_file_of_nothing(export, make, fmt):
    text = export(make.trip(), fmt).decode()
    assert CREDIT in text
    assert LICENCE in text


@seeds
def test_the_licences_are_those_of_the_data_packages(seeded_rooms):
    credited = [p for p in seeded_rooms.packages.packages if p.credit]
    for package in credited:
        assert any(
            each.of in package.credit and each.name in package.licence for each in LICENCES
        ), package
    for each in LICENCES:
        assert any(each.of in package.credit for package in credited)


def test_formats_have_their_registered_media_types(exports, shelf, make):
    shelf.put(make.trip())
    types = {f.value: exports.file("t", f, Options()).media_type for f in FileFormat}
    assert types == {
        "gpx": "application/gpx+xml",
        "kml": "application/vnd.google-earth.kml+xml",
        "geojson": "application/geo+json",
        "csv": "text/csv; charset=utf-8",
        "toml": "application/toml",
    }


# ---- honest times


@pytest.fixture
def journey(make):
    """Reported from a to b, with open ends; then an expected and a possible stop."""
    make.place("a", 131)
    make.place("b", 132)
    make.place("c", 133)
    make.place("d", 134)
    make.claim("a", "2023-09-10T08:00Z/2023-09-10T10:00Z", event="departed")
    make.claim("b", "2023-09-12T04:00Z", event="passed")
    make.claim("c", modality="expected")
    make.claim("d", modality="possible")
    return make


def test_in_gpx_only_an_instant_is_a_time(export, journey):
    waypoints, _ = gpx_of(export(journey.trip(), "gpx"))
    times = {w.findtext(f"{GPX}name"): w.findtext(f"{GPX}time") for w in waypoints}
    assert times == {"a": None, "b": "2023-09-12T04:00:00Z", "c": None, "d": None}
    root = ET.fromstring(export(journey.trip(), "gpx"))
    assert not [e for e in root.iter(f"{GPX}trkpt") if len(e)]


def test_in_gpx_bounds_stand_beside_as_extensions(export, journey):
    waypoints, tracks = gpx_of(export(journey.trip(), "gpx"))
    said = extensions(waypoints[0])
    assert said["departure_earliest"] == "2023-09-10T18:00:00+10:00"
    assert said["departure_edtf"] == "2023-09-10"
    assert said["arrival_edtf"] == "../2023-09-10"
    assert "arrival_earliest" not in said
    assert waypoints[0].findtext(f"{GPX}type") == "reported"
    assert extensions(tracks[0])["distance_km"] == "110.0"


def test_in_gpx_how_sure_a_leg_is_is_its_type(export, journey):
    _, tracks = gpx_of(export(journey.trip(), "gpx"))
    assert {t.findtext(f"{GPX}type") for t in tracks} == STATES


def test_gpx_is_dated_as_what_was_known_then(export, journey):
    root = ET.fromstring(export(journey.trip(), "gpx"))
    assert root.findtext(f"{GPX}metadata/{GPX}time") == "2023-09-30T00:00:00Z"
    root = ET.fromstring(export(journey.trip(), "gpx", as_of=EARLY))
    assert root.find(f"{GPX}metadata/{GPX}time") is None
    assert not root.findall(f"{GPX}wpt")


def test_in_kml_a_stop_spans_all_that_is_possible_and_open_ends_are_left_out(export, journey):
    journey.place("e", 130)
    journey.claim("e", modality="reported")
    found = placemarks(export(journey.trip(), "kml"))
    by_name = {p.findtext(f"{KML}name"): p for p in found.values()}
    assert span(by_name["a"]) == {"end": "2023-09-10T20:00:00+10:00"}
    assert span(by_name["b"]) == {
        "begin": "2023-09-12T14:00:00+10:00",
        "end": "2023-09-12T14:00:00+10:00",
    }
    assert set(span(by_name["c"]) or {"begin"}) == {"begin"}
    assert span(by_name["a – b"]) == {
        "begin": "2023-09-10T18:00:00+10:00",
        "end": "2023-09-12T14:00:00+10:00",
    }


def test_in_kml_a_stop_of_which_no_time_is_known_has_no_span(export, make):
    make.place("a", 131)
    make.claim("a", modality="possible")
    (stop,) = placemarks(export(make.trip(), "kml")).values()
    assert span(stop) is None
    assert stop.findtext(f"{KML}styleUrl") == "#possible"


@seeds
@every_seed
def test_in_kml_no_span_ends_before_it_begins(seed, slug):
    found = [span(p) for p in placemarks(seed(slug, "kml")).values()]
    assert any(found)
    for each in found:
        if each and len(each) == 2:
            begin, end = (datetime.fromisoformat(each[name]) for name in ("begin", "end"))
            assert begin <= end


def test_in_kml_how_sure_is_told_by_style_and_folder(export, journey):
    root = ET.fromstring(export(journey.trip(), "kml"))
    styles = {s.get("id"): s for s in root.iter(f"{KML}Style")}
    assert set(styles) == STATES
    widths = [
        float(styles[s].findtext(f"{KML}LineStyle/{KML}width")) for s in Modality if s in styles
    ]
    alphas = [
        int(styles[s].findtext(f"{KML}LineStyle/{KML}color")[:2], 16)
        for s in Modality
        if s in styles
    ]
    assert widths == sorted(set(widths), reverse=True)
    assert alphas == sorted(set(alphas), reverse=True)
    assert alphas[0] == 255
    for folder in root.iter(f"{KML}Folder"):
        name = folder.findtext(f"{KML}name")
        for placemark in folder.findall(f"{KML}Placemark"):
            assert placemark.findtext(f"{KML}styleUrl")[1:] in styles
            assert name in ("Stops", f"Legs, {placemark.findtext(f'{KML}styleUrl')[1:]}")


def test_kml_names_its_author(export, journey):
    root = ET.fromstring(export(journey.trip(), "kml"))
    assert root.findtext(f"{KML}Document/{ATOM}author/{ATOM}name") == "Dateline"
    assert CREDIT in root.findtext(f"{KML}Document/{KML}description")
    assert data(root.find(f"{KML}Document"))["licence"] == LICENCE


def test_days_are_in_every_format(export, journey):
    trip = journey.trip()
    of_geojson = of_kind(collection(export(trip, "geojson")), "waypoint")[0]["properties"]
    of_csv = rows(export(trip, "csv"))[0]
    of_gpx = extensions(gpx_of(export(trip, "gpx"))[0][0])
    of_kml = data(placemarks(export(trip, "kml"))["waypoint-1"])
    for said in (of_geojson, of_csv, of_gpx, of_kml):
        assert said["arrival_edtf"] == "../2023-09-10"
        assert said["departure_edtf"] == "2023-09-10"
    claims = of_kind(collection(export(trip, "geojson")), "sighting")
    days = {c["properties"]["place"]["name"]: c["properties"]["when_edtf"] for c in claims}
    assert days == {"a": "2023-09-10", "b": "2023-09-12", "c": None, "d": None}


# ---- what was known then


@seeds
@pytest.mark.parametrize("fmt", ["gpx", "kml", "geojson", "csv"])
def test_only_what_was_published_by_then_counts(seed, fmt):
    then, now = (seed("2023-09-russia", fmt, as_of=t).decode() for t in (EARLY, None))
    assert "Razdolnaya River" in then
    assert "Komsomolsk-on-Amur" in now
    assert "Komsomolsk-on-Amur" not in then
    assert (
        seed("2023-09-russia", fmt, as_of=datetime.fromisoformat("2023-09-12T12:59Z"))
        == then.encode()
    )


def test_before_the_first_report_the_files_are_empty_and_valid(export, journey, schemas):
    schemas.validate_gpx(export(journey.trip(), "gpx", as_of=EARLY))
    schemas.validate_kml(export(journey.trip(), "kml", as_of=EARLY))
    document = collection(export(journey.trip(), "geojson", as_of=EARLY))
    assert document["features"] == []
    assert document["as_of"] is None


def test_a_reader_may_assume_another_speed(export, journey):
    usual = export(journey.trip(), "gpx", cruise_speed_kmh=50.0)
    assert b"At an assumed 50 km/h" in usual


@pytest.mark.parametrize("name", ["as_of", "max_speed_kmh", "cruise_speed_kmh"])
def test_a_dossier_is_what_is_stored_and_takes_no_choice(export, journey, name):
    with pytest.raises(InputError, match="dossier") as told:
        export(journey.trip(), "toml", **{name: EARLY if name == "as_of" else 50.0})
    assert told.value.field == name


def test_an_unknown_trip_is_told(exports):
    with pytest.raises(UnknownTripError):
        exports.file("none", FileFormat.GPX, Options())


# ---- odd journeys


@pytest.mark.parametrize("stops", [0, 1])
def test_a_trip_of_no_stop_or_one_is_a_valid_file(export, make, schemas, stops):
    make.place("a", 131)
    for _ in range(stops):
        make.claim("a", "2023-09-12T00:00Z/")
    trip = make.trip()
    schemas.validate_gpx(export(trip, "gpx"))
    schemas.validate_kml(export(trip, "kml"))
    waypoints, tracks = gpx_of(export(trip, "gpx"))
    assert (len(waypoints), len(tracks)) == (stops, 0)
    document = collection(export(trip, "geojson"))
    assert len(document["features"]) == 2 * stops
    assert ("bbox" in document) == bool(stops)
    assert len(rows(export(trip, "csv"))) == stops
    assert tomllib.loads(export(trip, "toml").decode())["slug"] == "t"


@pytest.fixture
def pacific(make):
    make.place("west", 179)
    make.place("line", 180)
    make.place("east", -178)
    make.claim("west", "2023-09-10T08:00Z/2023-09-10T10:00Z", event="departed")
    make.claim("line", "2023-09-11T08:00Z/2023-09-11T10:00Z", event="passed")
    make.claim("east", "2023-09-12T08:00Z/2023-09-12T10:00Z", event="arrived")
    return make.trip()


def test_over_the_antimeridian_gpx_has_two_segments_within_its_range(export, pacific, schemas):
    body = export(pacific, "gpx")
    schemas.validate_gpx(body)
    waypoints, tracks = gpx_of(body)
    assert [w.get("lon") for w in waypoints] == ["179", "-180", "-178"]
    lons = [
        [float(p.get("lon")) for p in segment]
        for track in tracks
        for segment in track.findall(f"{GPX}trkseg")
    ]
    assert all(-180 <= lon < 180 for segment in lons for lon in segment)
    assert all(max(segment) - min(segment) < 180 for segment in lons)
    assert lons[0] == pytest.approx([179, 180])
    assert lons[-1] == [-180, -178]


def test_over_the_antimeridian_kml_and_geojson_are_cut(export, make, schemas):
    make.place("west", 179)
    make.place("east", -178)
    make.claim("west", "2023-09-10T08:00Z/2023-09-10T10:00Z", event="departed")
    make.claim("east", "2023-09-12T08:00Z/2023-09-12T10:00Z", event="arrived")
    body = export(make.trip(), "kml")
    schemas.validate_kml(body)
    leg = placemarks(body)["leg-1"]
    assert leg.find(f"{KML}MultiGeometry") is not None
    assert coordinates(leg) == [[[179, 0], [180, 0]], [[-180, 0], [-178, 0]]]
    document = collection(export(make.trip(), "geojson"))
    (line,) = [f["geometry"] for f in of_kind(document, "leg")]
    assert line["type"] == "MultiLineString"
    assert document["bbox"] == [179, 0, -178, 0]


@pytest.mark.parametrize(
    ("parts", "box"),
    [
        ([], None),
        ([[[5, 6]]], [5, 6, 5, 6]),
        ([[[5, 6]], [[-7, 8]]], [-7, 6, 5, 8]),
        ([[[170, 0]], [[-170, 1]]], [170, 0, -170, 1]),
        ([[[-180, 0], [180, 0]]], [-180, 0, 180, 0]),
        ([[[-170, 0], [0, 0]], [[0, 0], [175, 0]]], [-170, 0, 175, 0]),
        ([[[100, 0], [180, 0]], [[-180, 0], [-90, 0]], [[120, 5]]], [100, 0, -90, 5]),
    ],
)
def test_the_box_is_the_narrowest(parts, box):
    assert bounding_box(parts) == box


def test_a_leg_without_a_way_is_drawn_straight_and_says_so(export, make):
    make.place("a", 131)
    make.place("b", 132)
    make.claim("a", "2023-09-10T08:00Z/2023-09-10T10:00Z", event="departed")
    make.claim("b", "2023-09-12T08:00Z/2023-09-12T10:00Z", event="arrived", subject="leader")
    trip = make.trip()
    from app.journey.model import Mode

    ship = replace(
        trip, mode=Mode.SHIP, sightings=tuple(replace(s, mode=Mode.SHIP) for s in trip.sightings)
    )
    _, (track,) = gpx_of(export(ship, "gpx"))
    assert "the line is straight" in track.findtext(f"{GPX}desc")
    assert len(list(track.iter(f"{GPX}trkpt"))) == 2
    assert "distance_km" not in extensions(track)


# ---- hostile text

HOSTILE = (
    "]]> <script>alert(1)</script> &amp; &#0; <!-- --> <![CDATA[ ${x} \"'`",
    "شهرِ سُرخ \u202egnp.exe\u202c עיר",
    "🚂 평양 👩‍👩‍👧",
    "".join(map(chr, range(0x20))) + "\x7f\x85\u2028\ufeff\ufffe\uffff",
    "\ud800 alone \udfff",
    "=HYPERLINK(1)",
)


def hostile_trip(make, text):
    make.place("a", 131)
    make.place("b", 132)
    make.places["a"] = replace(make.places["a"], name=text, names={"ko": text})
    make.claim(
        "a",
        "2023-09-10T08:00Z/2023-09-10T10:00Z",
        event="departed",
        publisher="p",
        claim=text,
        attributed_to=text,
    )
    make.claim("b", "2023-09-12T08:00Z/2023-09-12T10:00Z", event="arrived", claim=text)
    trip = make.trip(summary=text)
    return replace(
        trip,
        title=text,
        subject=text,
        sources=tuple(replace(s, publisher=text) for s in trip.sources),
    )


def as_text(text):
    """What a reader must find: the same, but for what XML cannot hold and kinds of line ends."""
    for code in (*range(9), 0xB, 0xC, *range(0xE, 0x20), 0xFFFE, 0xFFFF, 0xD800, 0xDFFF):
        text = text.replace(chr(code), REPLACEMENT)
    return text.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_wrote_stays_text_in_gpx(export, make, schemas, text, tmp_path):
    body = export(hostile_trip(make, text), "gpx")
    schemas.validate_gpx(body)
    root = ET.fromstring(body)
    assert root.findtext(f"{GPX}metadata/{GPX}name") == as_text(text)
    (first, *_), _ = gpx_of(body)
    assert first.findtext(f"{GPX}name") == as_text(text)
    assert as_text(text) in first.findtext(f"{GPX}cmt")
    assert not [e for e in root.iter() if "script" in e.tag]
    names = features_read_by_gdal(body, "gpx", "waypoints", tmp_path)
    assert names[0]["properties"]["name"].split() == as_text(text).split()


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_wrote_stays_text_in_kml_even_where_viewers_take_html(
    export, make, schemas, text
):
    from html import unescape

    body = export(hostile_trip(make, text), "kml")
    schemas.validate_kml(body)
    stop = placemarks(body)["waypoint-1"]
    assert stop.findtext(f"{KML}name") == as_text(text)
    for described in ET.fromstring(body).iter(f"{KML}description"):
        assert "<" not in described.text
    said = stop.findtext(f"{KML}description")
    assert as_text(text) in unescape(said)
    # The usual balloon would take the name for HTML.
    balloons = [e.text for e in ET.fromstring(body).iterfind(f".//{KML}BalloonStyle/{KML}text")]
    assert balloons == ["$[description]"] * 3


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_wrote_stays_text_in_geojson_and_csv(export, make, text):
    trip = hostile_trip(make, text)
    document = collection(export(trip, "geojson"))
    assert document["title"] == as_text(text)
    assert of_kind(document, "sighting")[0]["properties"]["claim"] == as_text(text)
    name = rows(export(trip, "csv"))[0]["place_name"]
    assert name.lstrip("'") == as_text(text)
    assert not name.startswith("=")


# ---- made once, the same everywhere


def test_a_file_is_made_once_for_a_revision_and_a_choice(shelf, exports, journey):
    shelf.put(journey.trip())
    first = exports.file("t", FileFormat.KML, Options())
    later = datetime.fromisoformat("2024-01-01T00:00Z")
    assert exports.file("t", FileFormat.KML, Options(as_of=later)) is first
    assert exports.file("t", FileFormat.GPX, Options()) is not first
    shelf.put(replace(journey.trip(), title="New"))
    assert exports.file("t", FileFormat.KML, Options()).etag != first.etag


SUMS = """
import hashlib, sys
from app.publication.formats import FileFormat
from app.publication.itinerary import Options
from app.rooms import Rooms
from app.settings import Settings
rooms = Rooms(Settings())
for slug in rooms.repository.slugs():
    for fmt in FileFormat:
        body = rooms.exports.file(slug, fmt, Options()).body
        print(slug, fmt.value, hashlib.sha256(body).hexdigest())
for made in (rooms.feeds.atom, rooms.feeds.json):
    for slug in (None, *rooms.repository.slugs()):
        body = made("https://example.org", slug).body
        print(slug, made.__name__, hashlib.sha256(body).hexdigest())
"""


@seeds
def test_other_processes_make_the_same_bytes(seeded_rooms, seed):
    said = []
    for hash_seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", SUMS],
            env={
                **os.environ,
                "DATELINE_VAR_DIR": str(seeded_rooms.settings.var_dir),
                "PYTHONHASHSEED": hash_seed,
                "TZ": "Asia/Kathmandu" if hash_seed == "1" else "America/New_York",
            },
            capture_output=True,
            check=True,
            timeout=300,
        )
        said.append(done.stdout.decode())
    assert said[0] == said[1]
    for slug in SLUGS:
        for fmt in FileFormat:
            assert f"{slug} {fmt.value} {hashlib.sha256(seed(slug, fmt)).hexdigest()}" in said[0]
