"""What WordPress makes of a pasted address, in the steps of its own code.

After ``WP_oEmbed::discover``, ``::fetch``, ``::data2html`` and ``wp_filter_oembed_result``, for a
provider that it does not know by name.
"""

import html
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import html5lib

READS_BYTES = 153_600
KEEPS = (
    "src", "width", "height", "frameborder", "marginwidth", "marginheight", "scrolling", "title",
)  # fmt: skip
SECRET = "a1B2c3D4e5"

LINK_TYPES = {"application/json+oembed": "json", "text/xml+oembed": "xml"}
_ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*"([^"]*)\"""")


def discovered(page: bytes) -> dict[str, str]:
    """The addresses of oEmbed answers, by format, in the part of a page that it reads.

    It reads 150 KB, up to the end of the head, and looks for tags.
    """
    head = page[:READS_BYTES].decode("utf-8", "replace")
    head = head[: head.lower().index("</head>")]
    found = {}
    for link in re.findall(r"<link([^<>]+)/?>", head, re.IGNORECASE):
        attributes = dict(_ATTRIBUTE.findall(link))
        if form := LINK_TYPES.get(attributes.get("type", "")):
            found[form] = html.unescape(attributes["href"])
    return found


def iframe_of(markup: str) -> dict[str, str]:
    """The attributes of the frame that markup is, and nothing else."""
    fragment = html5lib.parseFragment(markup, namespaceHTMLElements=False)
    (iframe,) = list(fragment)
    assert iframe.tag == "iframe"
    assert not (fragment.text or "").strip()
    assert not (iframe.tail or "").strip()
    return dict(iframe.attrib)


def pasted(client: Any, url: str, width: int = 600) -> tuple[dict[str, Any], str]:
    """The oEmbed answer about an address, and the markup of the post that it was pasted into.

    ``client`` asks over HTTP as httpx does; ``width`` is that of the theme's column.
    """
    provider = discovered(client.get(url).content)["json"]
    own = {name: values[0] for name, values in parse_qs(urlsplit(provider).query).items()}
    size = {"maxwidth": width, "maxheight": min(-(-width * 3 // 2), 1000)}
    asked = {**own, **size, "url": url, "dnt": 1, "format": "json"}
    document = client.get(provider.partition("?")[0], params=asked).json()
    assert document["type"] == "rich"
    assert isinstance(document["html"], str)
    return document, filtered(document["html"])


def filtered(markup: str) -> str:
    """What is left of markup of a provider that is not trusted, with the secret of its frame."""
    attributes = {n: value for n, value in iframe_of(markup).items() if n in KEEPS}
    said = " ".join(f'{name}="{html.escape(value)}"' for name, value in attributes.items())
    content = re.search(r"(<iframe.*?></iframe>)", f"<iframe {said}></iframe>", re.DOTALL)
    assert content is not None
    # The first that looks like a source, wherever it stands.
    source = re.search(r""" src=(['"])(.*?)\1""", content[1])
    assert source is not None
    framed = f' src="{source[2]}#?secret={SECRET}" data-secret="{SECRET}"'
    forced = '<iframe class="wp-embedded-content" sandbox="allow-scripts" security="restricted"'
    return content[1].replace(source[0], framed).replace("<iframe", forced)
