"""Where the resources of ``/ogc`` are, in full, and the links between them.

Addresses are absolute: clients keep documents apart from where they had them from.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote, urlencode

from app.publication.documents import Document
from app.publication.features.collections import Collection

JSON = "application/json"
GEOJSON = "application/geo+json"
HTML = "text/html"
SCHEMA = "application/schema+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
QUERYABLES_REL = "http://www.opengis.net/def/rel/ogc/1.0/queryables"

Query = Sequence[tuple[str, str]]


class Form(StrEnum):
    """A form of an answer, by the name that ``f=`` takes."""

    JSON = "json"
    HTML = "html"


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses below ``base``, which is a scheme and host without a slash at the end."""

    base: str

    @property
    def root(self) -> str:
        """The landing page."""
        return f"{self.base}/ogc"

    @property
    def api(self) -> str:
        """The OpenAPI document."""
        return f"{self.root}/api"

    @property
    def conformance(self) -> str:
        """What is conformed to."""
        return f"{self.root}/conformance"

    @property
    def collections(self) -> str:
        """All collections."""
        return f"{self.root}/collections"

    def collection(self, collection: Collection) -> str:
        """One collection."""
        return f"{self.collections}/{collection.value}"

    def queryables(self, collection: Collection) -> str:
        """What its features can be asked by."""
        return f"{self.collection(collection)}/queryables"

    def items(self, collection: Collection) -> str:
        """Its features."""
        return f"{self.collection(collection)}/items"

    def item(self, collection: Collection, feature_id: str) -> str:
        """One feature; some ids have characters that addresses give a meaning of their own."""
        return f"{self.items(collection)}/{quote(feature_id, safe='')}"


def with_query(address: str, query: Query) -> str:
    """An address with parameters; commas, colons and slashes stay readable."""
    return f"{address}?{urlencode(query, safe=',:/')}" if query else address


def link(href: str, rel: str, media_type: str, title: str) -> Document:
    """A link as documents carry it."""
    return {"href": href, "rel": rel, "type": media_type, "title": title}


def both_forms(
    address: str, query: Query, form: Form, json_type: str, title: str
) -> list[Document]:
    """``self`` and ``alternate``: the document itself and its other form."""
    types = {Form.JSON: json_type, Form.HTML: HTML}
    said = {Form.JSON: title, Form.HTML: f"{title} as a page"}
    other = Form.HTML if form is Form.JSON else Form.JSON
    return [
        link(with_query(address, [*query, ("f", each.value)]), rel, types[each], said[each])
        for rel, each in (("self", form), ("alternate", other))
    ]


def link_header(links: Iterable[Document]) -> str:
    """The links as a ``Link`` header (RFC 8288); titles stay in the document."""
    return ", ".join(
        f'<{each["href"]}>; rel="{each["rel"]}"; type="{each["type"]}"' for each in links
    )
