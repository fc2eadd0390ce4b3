"""Pages name beforehand the modules that their scripts import, so that all come at once."""

import re

import pytest

pytestmark = pytest.mark.reference

TRIP, EMBED = "/trips/2023-09-russia", "/embed/2023-09-russia"
AT_ONCE = re.compile(r'^import .* from "\./(\w+\.js)";$', re.M)
LATER = re.compile(r'\bimport\("\./(\w+\.js)"\)')
BESIDE = re.compile(r'<link rel="modulepreload" href="([^"]+/)(\w+\.js)"')
ENTRY = re.compile(r'<script src="[^"]+/(\w+\.js)" type="module">')


def named(client, path):
    """The entry of a page's scripts, the modules that it names, and how to read one."""
    html = client.get(path, headers={"Accept": "text/html"}).text
    (entry,) = ENTRY.findall(html)
    found = BESIDE.findall(html)
    (directory,) = {directory for directory, _ in found}
    names = [name for _, name in found]
    return entry, names, lambda name: client.get(directory + name).text


@pytest.mark.parametrize(
    "path", [TRIP, EMBED, f"{EMBED}?view=both", f"{EMBED}?view=diagram"], ids=lambda path: path
)
def test_every_module_that_is_imported_is_named_and_no_other(client, path):
    entry, names, read = named(client, path)
    assert len(names) == len(set(names))
    assert entry not in names
    imported, possible = set(), set()
    for name in [entry, *names]:
        source = read(name)
        imported |= set(AT_ONCE.findall(source))
        possible |= set(LATER.findall(source))
    assert imported <= set(names)
    assert set(names) <= imported | possible


def test_the_diagram_alone_loads_nothing_of_a_map(client):
    _, names, read = named(client, f"{EMBED}?view=diagram")
    html = client.get(f"{EMBED}?view=diagram", headers={"Accept": "text/html"}).text
    assert "leaflet" not in html
    assert not [name for name in names if re.search(r"\bL\.", read(name))]
