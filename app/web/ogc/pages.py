"""The documents of ``/ogc`` as pages (requirements class html): the same facts, for people.

Lives here: which template shows what. Not here: how it looks (``templates/ogc_*.html``), what the
documents say (:mod:`app.web.ogc.documents`).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from jinja2 import Environment

from app.publication.documents import Document
from app.publication.features.collections import Collection
from app.web.ogc.links import Addresses, Form, Query, with_query

_COLUMNS: Mapping[Collection, tuple[tuple[str, str], ...]] = {
    Collection.WAYPOINTS: (
        ("place_name", "Place"),
        ("status", "Status"),
        ("arrival", "Arrival"),
        ("departure", "Departure"),
    ),
    Collection.LEGS: (
        ("from_name", "From"),
        ("to_name", "To"),
        ("status", "Status"),
        ("mode", "Mode"),
        ("distance_km", "Kilometres"),
    ),
    Collection.SIGHTINGS: (
        ("publisher", "Publisher"),
        ("claim", "Claim"),
        ("place_name", "Place"),
        ("when", "When"),
    ),
    Collection.PLACES: (
        ("place_name", "Place"),
        ("place_country", "Country"),
        ("place_feature", "Kind"),
        ("trips", "Trips"),
    ),
}
"""What a table of features shows, times by the name that both their ends have in common; a
feature's own page shows all."""


class OgcPages:
    """Renders documents; ``links`` are those of the document."""

    def __init__(self, templates: Environment) -> None:
        self._templates = templates

    def landing(self, document: Document) -> bytes:
        """The landing page."""
        return self._render("ogc_landing.html", document=document, links=document["links"])

    def conformance(self, document: Document, links: Sequence[Document]) -> bytes:
        """What is conformed to."""
        return self._render("ogc_conformance.html", document=document, links=links)

    def api(self, document: Document, links: Sequence[Document]) -> bytes:
        """The OpenAPI document, its operations and parameters."""
        return self._render("ogc_api.html", document=document, links=links)

    def collections(self, document: Document) -> bytes:
        """All collections."""
        return self._render("ogc_collections.html", document=document, links=document["links"])

    def collection(self, document: Document) -> bytes:
        """One collection."""
        return self._render("ogc_collection.html", document=document, links=document["links"])

    def queryables(self, document: Document, links: Sequence[Document]) -> bytes:
        """What features can be asked by."""
        return self._render("ogc_queryables.html", document=document, links=links)

    def items(self, of: Collection, document: Document, at: Addresses, query: Query) -> bytes:
        """A page of features as a table; ``query`` goes along to each feature's own page."""
        features = orjson.loads(orjson.dumps(document["features"]))
        query = [*query, ("f", Form.HTML.value)]
        return self._render(
            "ogc_items.html",
            of=of,
            columns=_COLUMNS[of],
            document={**document, "features": features},
            hrefs=[with_query(at.item(of, feature["id"]), query) for feature in features],
            links=document["links"],
        )

    def item(self, of: Collection, document: Document) -> bytes:
        """One feature with all its properties."""
        return self._render("ogc_item.html", of=of, document=document, links=document["links"])

    def _render(self, template: str, **context: Any) -> bytes:
        return self._templates.get_template(template).render(**context).encode()
