"""Our own HTML, taken apart."""

import pytest

from app.errors import BuildError
from app.folder.regions import data_of, readdressed, regions_of, with_data


def test_a_region_goes_to_the_end_of_its_own_element():
    html = (
        '<div class="a" data-part="one"><div>x<br></div><div/>y</div>'
        '<tbody data-part="two"><tr><td>z</td></tr></tbody>'
    )
    assert regions_of(html) == {
        "one": "<div>x<br></div><div/>y",
        "two": "<tr><td>z</td></tr>",
    }


def test_a_region_without_end_is_told():
    with pytest.raises(BuildError, match="'one'"):
        regions_of('<p data-part="one">')


def test_addresses_of_the_server_change_in_attributes_only():
    html = (
        '<a href="/a?b=1&amp;c=2" title="/a">/a</a> <img src="/b"> <a href="#c">c</a> '
        '<a href="https://example.org/a">d</a> href=&#34;/e&#34;'
    )
    assert readdressed(html, lambda address: f"<{address}>") == (
        '<a href="&lt;/a?b=1&amp;c=2&gt;" title="/a">/a</a> <img src="&lt;/b&gt;"> '
        '<a href="#c">c</a> <a href="https://example.org/a">d</a> href=&#34;/e&#34;'
    )


def test_the_data_of_a_page_can_be_exchanged():
    html = 'a<script type="application/json" id="trip-data">{"b": "\\u003c"}</script>c'
    assert data_of(html) == '{"b": "\\u003c"}'
    assert with_data(html, "{}", 'data-steps="d"') == (
        'a<script type="application/json" id="trip-data" data-steps="d">{}</script>c'
    )
    with pytest.raises(BuildError):
        data_of("a")
