"""The strip of figures: every number can be followed to what it rests on."""

import re

import html5lib
import pytest

pytestmark = pytest.mark.reference

PAGES = [
    "/trips/2019-02-hanoi",
    "/trips/2019-04-vladivostok",
    "/trips/2023-09-russia",
    "/trips/2023-09-russia?as_of=2023-09-12T13:00Z",
    "/trips/2023-09-russia?as_of=2023-09-12T03:00Z",
    "/trips/2025-09-beijing",
]


def page_of(client, path):
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    return parser.parse(client.get(path).text)


def figures(page):
    return {e.get("data-figure"): e for e in page.iter("div") if e.get("data-figure")}


@pytest.mark.parametrize("path", PAGES)
def test_every_figure_links_to_claims_and_assumptions_on_the_page(client, path):
    page = page_of(client, path)
    anchors = {e.get("id") for e in page.iter() if e.get("id")}
    found = figures(page)
    assert found
    for figure in found.values():
        links = [a.get("href") for a in figure.iter("a")]
        assert links
        assert all(link.removeprefix("#") in anchors for link in links)
        assert any(link.startswith("#claim-") for link in links)


def test_a_speed_rests_on_the_claims_at_both_ends_of_every_leg_and_on_what_is_assumed(client):
    strip = figures(page_of(client, "/trips/2025-09-beijing"))
    links = {a.get("href") for a in strip["speed"].iter("a")}
    claims = {link for link in links if link.startswith("#claim-")}
    sightings = client.get("/api/trips/2025-09-beijing/sightings").json()["sightings"]
    reported = {f"#claim-{s['id']}" for s in sightings if s["modality"] == "reported"}
    assert claims == reported
    assert any(link.startswith("#assumption-") and "max" in link for link in links)


def test_the_time_rests_on_the_claims_that_bound_its_ends(client):
    strip = figures(page_of(client, "/trips/2025-09-beijing"))
    waypoints = client.get("/api/trips/2025-09-beijing/waypoints").json()["waypoints"]
    first, last = waypoints[0]["bounded_by"]["departure"], waypoints[-1]["bounded_by"]["arrival"]
    bounding = {f"#claim-{claim}" for claim in (*first.values(), *last.values()) if claim}
    links = {a.get("href") for a in strip["elapsed"].iter("a")}
    assert bounding <= links


def test_the_next_stop_rests_on_the_cruise_speed(client):
    strip = figures(page_of(client, "/trips/2023-09-russia?as_of=2023-09-12T13:00Z"))
    links = {a.get("href") for a in strip["next"].iter("a")}
    assert any("cruise" in link for link in links)


def test_before_any_leg_it_says_so(client):
    page = page_of(client, "/trips/2023-09-russia?as_of=2023-09-12T03:00Z")
    assert "no leg yet" in "".join(figures(page)["distance"].itertext())


@pytest.mark.parametrize("path", PAGES)
def test_an_average_with_stops_in_it_is_the_way_over_the_whole_time(client, path):
    strip = figures(page_of(client, path))
    totals = client.get(f"/api{path}").json()["totals"]
    if "speed" not in strip:
        return
    told = "".join(strip["speed"].itertext())
    is_whole = totals["moving_h"] == totals["elapsed_h"]
    assert ("stops included" in told) is is_whole
    assert bool(re.search(r"stays of (at most )?[\d.–]+ h left out", told)) is not is_whole
