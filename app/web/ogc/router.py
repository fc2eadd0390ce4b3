"""The addresses of ``/ogc``: parameters and ``Accept`` in, an answer that is made once out.

Lives here: what each address takes, which form is sent, what answers are kept by. Not here: what
they say (:mod:`app.web.ogc.documents`), the features (:mod:`app.publication.features`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from jinja2 import Environment
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.errors import NotFoundError
from app.publication.cache import Answer, OnceCache
from app.publication.documents import Document, instant
from app.publication.features.catalogue import Catalogue
from app.publication.features.collections import Collection
from app.publication.formats import to_json
from app.web.addresses import base_url
from app.web.negotiation import accept_of, wanted_type
from app.web.ogc import documents
from app.web.ogc.links import (
    GEOJSON,
    HTML,
    JSON,
    OPENAPI,
    SCHEMA,
    Addresses,
    Form,
    Query,
    both_forms,
    link_header,
)
from app.web.ogc.openapi import openapi_document
from app.web.ogc.pages import OgcPages
from app.web.ogc.parameters import AS_OF, Asked, F, Parameter, item_parameters, read_parameters
from app.web.respond import respond

KEPT_ANSWERS = 512
KEPT_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Sent:
    """An answer with its ``Link`` header, which is part of what was made."""

    answer: Answer
    link: str


@dataclass(frozen=True, slots=True)
class _Call:
    """What was asked, read and found good."""

    request: Request
    at: Addresses
    form: Form
    values: dict[str, Any]


class _Service:
    """Makes and keeps the answers."""

    def __init__(
        self, catalogue: Catalogue, templates: Environment, public_url: str, credit: str
    ) -> None:
        self.catalogue = catalogue
        self.pages = OgcPages(templates)
        self.credit = credit
        self._public_url = public_url
        # Whoever asks chooses the host that addresses begin with: bounded, like all the rest.
        self._kept: OnceCache[_Sent] = OnceCache(
            KEPT_ANSWERS, weigh=lambda sent: len(sent.answer.body), most=KEPT_BYTES
        )

    def read(
        self, request: Request, parameters: Sequence[Parameter] = (F,), json_type: str = JSON
    ) -> _Call:
        """The request, read. Raises :class:`app.errors.InputError`, or 406 for its ``Accept``."""
        values = read_parameters(request, parameters)
        form = values.get("f") or _accepted(request, json_type)
        return _Call(request, Addresses(base_url(request, self._public_url)), form, values)

    def send(
        self,
        call: _Call,
        key: tuple[object, ...],
        make: Callable[[], tuple[Document, Sequence[Document]]],
        page: Callable[[Document, Sequence[Document]], bytes],
        json_type: str = JSON,
    ) -> Response:
        """The answer for ``key``: of the document and the links that ``make`` gives."""

        def made() -> _Sent:
            document, links = make()
            if call.form is Form.HTML:
                answer = Answer.of(page(document, links), f"{HTML}; charset=utf-8")
            else:
                answer = Answer.of(to_json(document), json_type)
            return _Sent(answer, link_header(links))

        sent = self._kept.get((call.at, call.form, *key), made)
        headers = {"Link": sent.link, "Vary": "Accept"}
        return respond(sent.answer, headers=headers)


def ogc_router(
    catalogue: Catalogue,
    templates: Environment,
    *,
    public_url: str,
    credit: str,
    version: str,
) -> APIRouter:
    """The routes of ``/ogc``.

    ``public_url`` is where readers reach this server; empty: where they asked. ``version`` is
    that of the API. The routes are not in FastAPI's description: they have their own.
    """
    # Each parameter is read by its own description; FastAPI sees only paths.
    router = APIRouter(prefix="/ogc", include_in_schema=False)
    service = _Service(catalogue, templates, public_url, credit)
    _add_about(router, service, version)
    _add_collections(router, service)
    _add_features(router, service)
    return router


def _add_about(router: APIRouter, service: _Service, version: str) -> None:
    # OpenAPI has no empty path: described is the address with the slash, linked the one without.
    @router.get("")
    @router.get("/")
    def landing(request: Request) -> Response:
        call = service.read(request)

        def make() -> tuple[Document, Sequence[Document]]:
            document = documents.landing(call.at, call.form, service.credit)
            return document, document["links"]

        return service.send(
            call, ("landing",), make, lambda document, _: service.pages.landing(document)
        )

    @router.get("/conformance")
    def conformance(request: Request) -> Response:
        call = service.read(request)
        links = both_forms(call.at.conformance, (), call.form, JSON, "What this conforms to")
        return service.send(
            call,
            ("conformance",),
            lambda: (documents.conformance(), links),
            service.pages.conformance,
        )

    @router.get("/api")
    def api(request: Request) -> Response:
        call = service.read(request, json_type=OPENAPI)
        links = both_forms(call.at.api, (), call.form, OPENAPI, "OpenAPI 3.0")
        return service.send(
            call,
            ("api",),
            lambda: (openapi_document(call.at, version), links),
            service.pages.api,
            OPENAPI,
        )


def _add_collections(router: APIRouter, service: _Service) -> None:
    @router.get("/collections")
    def collections(request: Request) -> Response:
        call = service.read(request)
        stamp = service.catalogue.stamp()

        def make() -> tuple[Document, Sequence[Document]]:
            described = [
                documents.collection(
                    call.at,
                    call.form,
                    of,
                    service.catalogue.index(stamp, of),
                    service.credit,
                    alone=False,
                )
                for of in Collection
            ]
            document = documents.collections(call.at, call.form, described, service.credit)
            return document, document["links"]

        return service.send(
            call,
            ("collections", stamp),
            make,
            lambda document, _: service.pages.collections(document),
        )

    @router.get("/collections/{collection_id}")
    def collection(request: Request, collection_id: str) -> Response:
        of = _collection(collection_id)
        call = service.read(request)
        stamp = service.catalogue.stamp()

        def make() -> tuple[Document, Sequence[Document]]:
            index = service.catalogue.index(stamp, of)
            document = documents.collection(
                call.at, call.form, of, index, service.credit, alone=True
            )
            return document, document["links"]

        return service.send(
            call,
            ("collection", of, stamp),
            make,
            lambda document, _: service.pages.collection(document),
        )

    @router.get("/collections/{collection_id}/queryables")
    def queryables(request: Request, collection_id: str) -> Response:
        of = _collection(collection_id)
        call = service.read(request, json_type=SCHEMA)
        title = f"What {of.value} can be asked by"
        links = both_forms(call.at.queryables(of), (), call.form, SCHEMA, title)
        return service.send(
            call,
            ("queryables", of),
            lambda: (documents.queryables(call.at, of), links),
            service.pages.queryables,
            SCHEMA,
        )


def _add_features(router: APIRouter, service: _Service) -> None:
    @router.get("/collections/{collection_id}/items")
    def items(request: Request, collection_id: str) -> Response:
        of = _collection(collection_id)
        call = service.read(request, item_parameters(of), GEOJSON)
        asked = Asked.of(of, call.values)
        stamp = service.catalogue.stamp(call.values.get("as_of"))
        stands_at = instant(stamp.as_of)
        said = _said_as_of(call, stands_at)

        def make() -> tuple[Document, Sequence[Document]]:
            document = documents.items(
                call.at,
                call.form,
                of,
                service.catalogue.index(stamp, of),
                asked,
                (stands_at, said),
                service.credit,
            )
            return document, document["links"]

        return service.send(
            call,
            ("items", of, stamp, asked, said),
            make,
            lambda document, _: service.pages.items(of, document, call.at, _query(said)),
            GEOJSON,
        )

    # Ids of places that dossiers define may have slashes in them.
    @router.get("/collections/{collection_id}/items/{feature_id:path}")
    def item(request: Request, collection_id: str, feature_id: str) -> Response:
        of = _collection(collection_id)
        call = service.read(request, (AS_OF, F), GEOJSON)
        stamp = service.catalogue.stamp(call.values.get("as_of"))
        said = _said_as_of(call, instant(stamp.as_of))
        feature = service.catalogue.index(stamp, of).find(feature_id)
        if feature is None:
            raise NotFoundError(f"“{feature_id[:100]}” is none of the {of.value}.")

        def make() -> tuple[Document, Sequence[Document]]:
            document = documents.item(
                call.at, call.form, of, feature.body, _query(said), service.credit
            )
            return document, document["links"]

        return service.send(
            call,
            ("item", of, stamp, feature_id, said),
            make,
            lambda document, _: service.pages.item(of, document),
            GEOJSON,
        )


def _said_as_of(call: _Call, stands_at: str | None) -> str | None:
    """What links say of ``as_of``: the step that was reached, or nothing where none was asked."""
    if "as_of" not in call.values:
        return None
    return stands_at or "0001-01-01T00:00:00Z"  # before any report, whichever time was asked for


def _query(said: str | None) -> Query:
    return [] if said is None else [("as_of", said)]


def _collection(collection_id: str) -> Collection:
    try:
        return Collection(collection_id)
    except ValueError:
        known = ", ".join(Collection)
        raise NotFoundError(
            f"“{collection_id[:100]}” is no collection; there are {known}."
        ) from None


def _accepted(request: Request, json_type: str) -> Form:
    """The form that the reader takes; JSON before HTML where it takes both as gladly."""
    # GeoJSON and the like are JSON: who takes that takes them.
    json_types = [json_type.partition(";")[0], JSON]
    wanted = wanted_type(accept_of(request), [*json_types, HTML])
    if wanted is None:
        # "Content negotiation failed" (Part 1, table 8); silence takes everything.
        raise HTTPException(406, f"Accept: this can be sent as {json_types[0]} and as {HTML}.")
    return Form.HTML if wanted == HTML else Form.JSON
