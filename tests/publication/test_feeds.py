"""Feeds of news: what RFC 4287 and JSON Feed 1.1 demand, and what a reader can trust."""

import json
import re
from dataclasses import replace
from datetime import datetime
from xml.etree import ElementTree as ET

import feedparser
import pytest

from app.errors import UnknownTripError
from app.journey.model import State
from app.publication.exports.rights import LICENCE
from app.publication.feed_entries import MOST_ENTRIES, newest_entries
from app.publication.feeds import Feeds
from app.publication.naming import name_of
from tests.publication.standards import ATOM
from tests.publication.test_exports import HOSTILE, as_text, hostile_trip

BASE = "https://example.org"
CREDIT = "credit to whom it is due"
SLUGS = ("2019-02-hanoi", "2019-04-vladivostok", "2023-09-russia", "2025-09-beijing")
RFC_3339 = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"
# A URN of a UUID (RFC 9562, section 4), version 5.
URN = r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"

seeds = pytest.mark.reference


@pytest.fixture
def feeds(itineraries):
    return Feeds(itineraries, CREDIT)


@pytest.fixture
def corrected(make):
    """Three claims; one is superseded by another, and one is retracted."""
    make.place("a", 131)
    make.place("b", 132)
    make.claim(
        "a",
        "2023-09-10T08:00Z/2023-09-10T10:00Z",
        event="departed",
        published="2023-09-11T00:00Z",
        claim="It left.",
        wording="on Sunday",
    )
    make.claim("b", "2023-09-12T04:00Z", published="2023-09-13T00:00Z", claim="It was there.")
    make.claim("b", "2023-09-12T05:00Z", published="2023-09-14T00:00Z", claim="An hour later.")
    trip = make.trip()
    left, early, late = trip.sightings
    since = datetime.fromisoformat("2023-09-14T00:00Z")
    return replace(
        trip,
        sightings=(
            replace(
                left,
                state=State.RETRACTED,
                state_since=datetime.fromisoformat("2023-09-15T00:00Z"),
                state_reason="Not the same train",
            ),
            replace(early, state=State.SUPERSEDED, state_since=since, superseded_by=late.id),
            late,
        ),
    )


def entries_of(body):
    return ET.fromstring(body).findall(f"{ATOM}entry")


def hold_to_rfc_4287(body):
    """What the standard says with MUST of a document such as ours."""
    assert body.startswith(b"<?xml ")
    feed = ET.fromstring(body)
    assert feed.tag == f"{ATOM}feed"
    # 4.1.1: one id, title and updated; an author where entries have none of their own.
    hold_to_container(feed)
    assert feed.findall(f"{ATOM}author")
    for author in feed.findall(f"{ATOM}author"):
        assert len(author.findall(f"{ATOM}name")) == 1
    assert len(feed.findall(f"{ATOM}subtitle")) <= 1
    assert len(feed.findall(f"{ATOM}rights")) == 1
    assert len(feed.findall(f"{ATOM}generator")) <= 1
    # 4.1.1 (SHOULD): a link to itself.
    assert [e for e in feed.findall(f"{ATOM}link") if e.get("rel") == "self"]
    ids = [feed.findtext(f"{ATOM}id")]
    for entry in feed.findall(f"{ATOM}entry"):
        hold_to_container(entry)
        ids.append(entry.findtext(f"{ATOM}id"))
        content = entry.findall(f"{ATOM}content")
        assert len(content) == 1
        assert content[0].get("type") == "text"
        assert len(content[0]) == 0
        assert len(entry.findall(f"{ATOM}published")) <= 1
        for category in entry.findall(f"{ATOM}category"):
            assert category.get("term")
    # 4.1.1: entries of one id would be forms of one entry, and differ in updated.
    assert len(set(ids)) == len(ids)
    # 3.3: dates with a capital T and an offset.
    for element in feed.iter():
        if element.tag in (f"{ATOM}updated", f"{ATOM}published"):
            assert re.fullmatch(RFC_3339, element.text)
            datetime.fromisoformat(element.text)
    # 4.2.7: an address in every link; here always in full, without what an address cannot hold.
    for link in feed.iter(f"{ATOM}link"):
        assert re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+", link.get("href"))


def hold_to_container(element):
    for name in ("id", "title", "updated"):
        (only,) = element.findall(f"{ATOM}{name}")
        assert only.text.strip()
    assert re.fullmatch(URN, element.findtext(f"{ATOM}id"))
    # 4.1.1 and 4.1.2: no two alternates of the same type and language.
    alternates = [
        (e.get("type"), e.get("hreflang"))
        for e in element.findall(f"{ATOM}link")
        if e.get("rel") == "alternate"
    ]
    assert len(set(alternates)) == len(alternates) == 1


def hold_to_json_feed(body):
    """What version 1.1 demands, and the types of what it allows."""
    feed = json.loads(body)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    assert isinstance(feed["items"], list)
    texts = ("home_page_url", "feed_url", "description", "language")
    assert all(isinstance(feed[name], str) for name in texts if name in feed)
    assert all(author.get("name") or author.get("url") for author in feed["authors"])
    ids = [item["id"] for item in feed["items"]]
    assert len(set(ids)) == len(ids)
    for item in feed["items"]:
        assert isinstance(item["id"], str)
        assert isinstance(item["content_text"], str)
        assert re.fullmatch(RFC_3339, item["date_published"])
        assert item["url"].startswith(BASE)
        assert all(isinstance(tag, str) for tag in item["tags"])
    for extension in (key for key in feed if key.startswith("_")):
        assert isinstance(feed[extension], dict)


@seeds
@pytest.mark.parametrize("slug", [None, *SLUGS])
def test_feeds_of_the_seeds_keep_to_the_standards(seeded_rooms, slug):
    atom = seeded_rooms.feeds.atom(BASE, slug)
    assert atom.media_type == "application/atom+xml"
    hold_to_rfc_4287(atom.body)
    as_json = seeded_rooms.feeds.json(BASE, slug)
    assert as_json.media_type == "application/feed+json"
    hold_to_json_feed(as_json.body)
    assert "OpenStreetMap" in atom.body.decode()
    assert LICENCE in atom.body.decode()
    assert json.loads(as_json.body)["_dateline"]["licence"] == LICENCE


@seeds
@pytest.mark.parametrize("slug", [None, *SLUGS])
def test_another_reader_reads_every_entry(seeded_rooms, slug):
    read = feedparser.parse(seeded_rooms.feeds.atom(BASE, slug).body)
    assert not read.bozo
    assert read.version == "atom10"
    items = json.loads(seeded_rooms.feeds.json(BASE, slug).body)["items"]
    assert items
    assert [e.id for e in read.entries] == [i["id"] for i in items]
    assert [e.title for e in read.entries] == [i["title"] for i in items]
    assert [e.content[0].value for e in read.entries] == [i["content_text"] for i in items]
    assert [e.link for e in read.entries] == [i["url"] for i in items]
    times = [e.updated_parsed for e in read.entries]
    assert times == sorted(times, reverse=True)


@seeds
def test_of_one_trip_there_is_an_entry_for_each_claim(seeded_rooms):
    trip = seeded_rooms.repository.trip("2023-09-russia")
    entries = newest_entries([trip])
    sources = {source.id: source for source in trip.sources}
    assert {e.claim for e in entries} == {s.id for s in trip.sightings}
    known = {s.id: sources[s.source].known_at for s in trip.sightings}
    assert all(e.at == known[e.claim] for e in entries)


def test_corrections_are_entries_of_their_own(corrected):
    told = [(e.claim, e.event, e.at.isoformat()[:10]) for e in newest_entries([corrected])]
    assert told == [
        ("s0", "retracted", "2023-09-15"),
        ("s1", "superseded", "2023-09-14"),
        ("s2", "claimed", "2023-09-14"),
        ("s1", "claimed", "2023-09-13"),
        ("s0", "claimed", "2023-09-11"),
    ]


def test_a_correction_says_what_is_taken_back_and_why(corrected):
    retracted, superseded, *_ = newest_entries([corrected])
    assert retracted.title == "Retracted: a: departed, reported – agency"
    assert "Retracted by its source: Not the same train\n" in retracted.text
    assert "What was claimed: It left.\n" in retracted.text
    assert "In its place: An hour later.\n" in superseded.text


def test_a_claim_says_when_who_and_how_sure(corrected):
    text = newest_entries([corrected])[-1].text.splitlines()
    assert text == [
        "It left.",
        "train departed (reported), a",
        "When: 10 Sep 18:00–20:00 local, “on Sunday”",
        "According to: agency",
        "Grade: F6 (Admiralty code)",
        "Journey: T",
    ]


def test_each_entry_leads_to_its_claim_on_the_page_as_it_was_then(shelf, feeds, corrected):
    shelf.put(corrected)
    links = [
        e.find(f"{ATOM}link[@rel='alternate']").get("href")
        for e in entries_of(feeds.atom(BASE, "t").body)
    ]
    assert links[0] == f"{BASE}/trips/t?as_of=2023-09-15T00:00:00Z#claim-s0"
    assert links[-1] == f"{BASE}/trips/t?as_of=2023-09-11T00:00:00Z#claim-s0"


def test_ids_are_the_same_on_every_host_and_at_every_revision(shelf, feeds, corrected):
    def ids(base):
        return [e.findtext(f"{ATOM}id") for e in entries_of(feeds.atom(base, "t").body)]

    shelf.put(corrected)
    first = ids(BASE)
    assert ids("http://127.0.0.1:8000") == first
    shelf.put(replace(corrected, title="Another title"))
    assert ids(BASE) == first
    # Written down: a reader would be told all news again if these changed.
    assert first[-1] == name_of("claim", "t", "s0", "claimed")
    assert name_of("claim", "t", "s0", "claimed") == "urn:uuid:3157e81a-39a7-5f4f-904c-00e3213126bd"


def test_the_feed_of_all_holds_the_same_entries(shelf, feeds, corrected):
    shelf.put(corrected)
    shelf.put(replace(corrected, slug="u", title="U"))
    both = entries_of(feeds.atom(BASE).body)
    one = entries_of(feeds.atom(BASE, "t").body)
    assert len(both) == 2 * len(one)
    of_t = [e for e in both if e.find(f"{ATOM}category").get("term") == "t"]
    assert [ET.tostring(e).strip() for e in of_t] == [ET.tostring(e).strip() for e in one]
    assert ET.fromstring(feeds.atom(BASE).body).findtext(f"{ATOM}updated") == "2023-09-15T00:00:00Z"


def test_only_the_newest_are_told(make):
    make.place("a", 131)
    for n in range(MOST_ENTRIES + 20):
        make.claim("a", published=f"2023-{1 + n // 28:02}-{1 + n % 28:02}T00:00Z")
    entries = newest_entries([make.trip()])
    assert len(entries) == MOST_ENTRIES
    assert {e.claim for e in entries} == {f"s{n}" for n in range(20, MOST_ENTRIES + 20)}


def test_the_order_is_not_that_of_storage(corrected):
    turned = replace(corrected, sightings=corrected.sightings[::-1])
    assert newest_entries([turned]) == newest_entries([corrected])


def test_no_news_is_a_valid_feed(shelf, feeds, make):
    hold_to_rfc_4287(feeds.atom(BASE).body)
    hold_to_json_feed(feeds.json(BASE).body)
    shelf.put(make.trip())
    for slug in (None, "t"):
        hold_to_rfc_4287(feeds.atom(BASE, slug).body)
        hold_to_json_feed(feeds.json(BASE, slug).body)
        assert not entries_of(feeds.atom(BASE, slug).body)


def test_an_unknown_trip_is_told(feeds):
    with pytest.raises(UnknownTripError):
        feeds.atom(BASE, "none")


def test_a_feed_is_made_once_for_a_revision_and_an_address(shelf, feeds, corrected):
    shelf.put(corrected)
    first = feeds.atom(BASE, "t")
    assert feeds.atom(BASE, "t") is first
    assert b"https://other.example/" in feeds.atom("https://other.example", "t").body
    assert feeds.atom(BASE, "t") is first
    shelf.put(replace(corrected, title="New"))
    assert b"New" in feeds.atom(BASE, "t").body
    assert b"New" in feeds.atom(BASE).body


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_wrote_stays_text(shelf, feeds, make, text):
    shelf.put(hostile_trip(make, text))
    body = feeds.atom(BASE, "t").body
    hold_to_rfc_4287(body)
    assert ET.fromstring(body).findtext(f"{ATOM}title") == as_text(text)
    assert as_text(text) in entries_of(body)[0].findtext(f"{ATOM}content")
    assert not feedparser.parse(body).bozo
    as_json = feeds.json(BASE, "t").body
    hold_to_json_feed(as_json)
    assert as_text(text) in json.loads(as_json)["items"][0]["content_text"]


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://example.com/a?b=c&d=%20", True),
        ("http://example.com", True),
        (None, False),
        ("javascript:alert(1)", False),
        ("https://example.com/a b", False),
        ("https://[", False),
        ("data:text/html,x", False),
        ('https://example.com/"<b>', False),
    ],
)
def test_the_report_is_linked_where_its_address_is_one_of_the_web(
    shelf, feeds, corrected, url, told
):
    shelf.put(replace(corrected, sources=tuple(replace(s, url=url) for s in corrected.sources)))
    entry = entries_of(feeds.atom(BASE, "t").body)[0]
    via = [e.get("href") for e in entry.findall(f"{ATOM}link") if e.get("rel") == "via"]
    assert via == ([url] if told else [])
    item = json.loads(feeds.json(BASE, "t").body)["items"][0]
    assert item.get("external_url") == (url if told else None)
