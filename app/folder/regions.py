"""Pages taken apart: their regions, their data, and the addresses in them.

Lives here: reading HTML that our own templates made, in which attributes stand in double quotes
and no text has a bare ``<``. Not here: what becomes of the parts (:mod:`app.folder.pages`).
"""

import re
from collections.abc import Callable, Mapping
from html import unescape

from markupsafe import escape

from app.errors import BuildError

_REGION = re.compile(r'<(\w+)\b[^>]*\sdata-part="([\w-]+)"[^>]*>')
_DATA = re.compile(r'(<script type="application/json" id="trip-data")>(.*?)(</script>)', re.S)
_ADDRESS = re.compile(r'(?<=\s)(href|src|srcset|action|data-ground)="(/[^"]*)"')


def regions_of(html: str) -> Mapping[str, str]:
    """What stands in each element with ``data-part``, by its name.

    >>> regions_of('<p data-part="a">1 <i>2</i></p><ul class="x" data-part="b"><li>3</li></ul>')
    {'a': '1 <i>2</i>', 'b': '<li>3</li>'}
    """
    found = {}
    for start in _REGION.finditer(html):
        depth = 1
        for tag in re.compile(rf"<(/?){start[1]}\b[^>]*?(/?)>").finditer(html, start.end()):
            depth += -1 if tag[1] else 0 if tag[2] else 1
            if depth == 0:
                found[start[2]] = html[start.end() : tag.start()]
                break
        else:
            raise BuildError(f"the region {start[2]!r} of a page has no end")
    return found


def data_of(html: str) -> str:
    """The JSON that a page gives to its scripts."""
    found = _DATA.search(html)
    if found is None:
        raise BuildError("a page has no data")
    return found[2]


def with_data(html: str, data: str, attributes: str) -> str:
    """The page with other data, and with attributes of the element that holds it."""
    return _DATA.sub(lambda found: f"{found[1]} {attributes}>{data}{found[3]}", html, count=1)


def readdressed(html: str, file: Callable[[str], str]) -> str:
    """HTML in which each address of the server is that of a file.

    >>> readdressed('<a class="x" href="/a?b=1&amp;c=2">/a</a>', lambda address: address[1:] + "&")
    '<a class="x" href="a?b=1&amp;c=2&amp;">/a</a>'
    """
    return _ADDRESS.sub(lambda found: f'{found[1]}="{escape(file(unescape(found[2])))}"', html)
