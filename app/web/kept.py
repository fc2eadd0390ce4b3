"""Answers that were sent before, sent again before any routing, in the form the reader takes.

Lives here: the outermost layer of the application, and all that HTTP asks of an answer that is
made once: codings, conditional requests, ranges, HEAD. An answer is kept for as long as nothing
is committed to the database, and shared by all who ask meanwhile. Not here: making answers.

What inner layers say decides: an answer is kept if its status is 200 and it has an ``ETag`` and
a public ``Cache-Control``; one that is ``immutable`` outlives changes; one that varies by
``Accept`` is kept for each ``Accept``. What is too long to be a key is passed on.
"""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from anyio import to_thread
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import DatelineError
from app.publication.cache import Bounded, OnceCache
from app.publication.codings import LEAST_BYTES, Coding, encode, is_compressible
from app.web.latest_check import LatestCheck
from app.web.limits import is_too_long
from app.web.negotiation import LONGEST_LIST, has_tag, wanted_coding, wanted_range

KEPT_ANSWERS = 4096
KEPT_BYTES = 64 * 1024 * 1024
CODED_BYTES = 32 * 1024 * 1024

Headers: TypeAlias = list[tuple[bytes, bytes]]
_Key: TypeAlias = tuple[str | bytes, ...]

# What is said of the form that is sent, and said here.
_OF_THE_FORM = {b"content-length", b"content-encoding", b"etag", b"accept-ranges"}
# What a 304 repeats (RFC 9110, 15.4.5).
_OF_A_304 = {b"cache-control", b"vary", b"content-location", b"access-control-allow-origin"}
# What is answered here; inside, everybody gets the whole answer as it is.
_HANDLED = {
    b"accept-encoding", b"if-match", b"if-none-match", b"if-modified-since", b"if-range", b"range",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Form:
    """An answer in one coding, as the server takes it."""

    etag: str
    body: bytes
    whole: Message
    not_modified: Message
    content: Message


@dataclass(slots=True)
class _Kept:
    """An answer with its forms; ``version`` is that of the database that it was made of."""

    version: object
    is_for_ever: bool
    headers: Headers
    body: bytes
    etag: str
    by_accept: bool
    codable: bool
    forms: dict[Coding, _Form] = field(default_factory=dict)

    @property
    def weight(self) -> int:
        """Bytes of memory, about."""
        coded = sum(len(form.body) for form in self.forms.values() if form.body is not self.body)
        return 4096 + len(self.body) + coded


@dataclass(slots=True)
class _Asked:
    """The headers of a request that matter here."""

    host: bytes = b""
    accept: bytes = b""
    accept_encoding: bytes = b""
    if_match: bytes = b""
    if_none_match: bytes = b""
    if_range: bytes = b""
    range: bytes = b""

    @classmethod
    def of(cls, headers: Iterable[tuple[bytes, bytes]]) -> "_Asked":
        asked = cls()
        for name, value in headers:
            slot = _SLOTS.get(name)
            if slot is not None and value:
                before = getattr(asked, slot)
                # A list may come in several headers; joined, it is the same list.
                setattr(asked, slot, before + b", " + value if before else value)
        return asked


_SLOTS = {name.replace("_", "-").encode(): name for name in _Asked.__dataclass_fields__}


class _Making:
    """An answer that somebody waits for; ``was_kept`` says what came of it."""

    def __init__(self) -> None:
        self.is_over = asyncio.Event()
        self.was_kept = False


class KeptAnswers:
    """ASGI middleware around the whole application.

    ``version`` says in which state the database is, and may raise
    :class:`app.errors.DatelineError`: then requests are passed on, and fail or not as they do.
    With ``takes_time`` it is asked in a thread, otherwise at once.
    """

    def __init__(
        self, app: ASGIApp, version: Callable[[], object], *, takes_time: bool = False
    ) -> None:
        self._app = app
        self._version = version
        self._later_version = LatestCheck(version) if takes_time else None
        self._kept: Bounded[_Kept] = Bounded(KEPT_ANSWERS, KEPT_BYTES)
        # Addresses whose answers vary by Accept.
        self._varying: Bounded[bool] = Bounded(KEPT_ANSWERS, KEPT_BYTES)
        self._making: dict[_Key, _Making] = {}
        # Many addresses lead to the same bytes: a host adds parameters of its own.
        self._coded: OnceCache[bytes] = OnceCache(KEPT_ANSWERS, weigh=len, most=CODED_BYTES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from what is kept; otherwise pass the request on, and keep what comes."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        if is_too_long(scope):
            await self._pass_on(scope, receive, send)
            return
        asked = _Asked.of(scope["headers"])
        # Without a host, addresses in full name where the server listens.
        host = asked.host or str(scope.get("server"))
        bare: _Key = (scope["path"], scope["query_string"], host, scope["scheme"])
        key = self._key(bare, asked)
        kept = self._kept.get(key)
        if kept is None or not kept.is_for_ever:
            try:
                version = await self._current()
                kept = self._find(key, version)
                while kept is None and (making := self._making.get(key)) is not None:
                    await making.is_over.wait()
                    if not making.was_kept:
                        break
                    # What has changed meanwhile, or turned out to vary, is looked for anew.
                    key, version = self._key(bare, asked), await self._current()
                    kept = self._find(key, version)
            except DatelineError:
                await self._pass_on(scope, receive, send)
                return
            if kept is None:
                kept = await self._fetch(key, bare, asked, version, scope, receive, send)
            if kept is None:
                return
        coding = Coding.IDENTITY
        if kept.codable:
            coding = wanted_coding(asked.accept_encoding[:LONGEST_LIST].decode("latin-1"))
        form = kept.forms.get(coding) or await self._make_form(key, kept, coding)
        await _send(form, asked, send, is_head=scope["method"] == "HEAD")

    async def _current(self) -> object:
        return self._version() if self._later_version is None else await self._later_version()

    def _key(self, bare: _Key, asked: _Asked) -> _Key:
        return (*bare, asked.accept) if self._varying.get(bare) else bare

    def _find(self, key: _Key, version: object) -> _Kept | None:
        kept = self._kept.get(key)
        return kept if kept is not None and (kept.is_for_ever or kept.version == version) else None

    async def _fetch(
        self,
        key: _Key,
        bare: _Key,
        asked: _Asked,
        version: object,
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> _Kept | None:
        """The answer to keep; ``None`` if it was none to keep, and has been sent already."""
        making = _Making()
        is_first = self._making.setdefault(key, making) is making
        try:
            catch = _Catch(version, send, is_head=scope["method"] == "HEAD")
            await self._app(_plain(scope), receive, catch)
            kept = catch.kept
            if kept is not None:
                if kept.by_accept:
                    self._varying.put(bare, True, _length(bare))
                    key_of_it: _Key = (*bare, asked.accept)
                else:
                    key_of_it = bare
                self._kept.put(key_of_it, kept, kept.weight + _length(key_of_it))
                making.was_kept = True
            return kept
        finally:
            if is_first:
                del self._making[key]
                making.is_over.set()

    async def _make_form(self, key: _Key, kept: _Kept, coding: Coding) -> _Form:
        body = kept.body
        if coding is not Coding.IDENTITY:

            def make() -> bytes:
                return encode(kept.body, coding, for_ever=kept.is_for_ever)

            known_as = (kept.etag, coding, kept.is_for_ever)
            body = await to_thread.run_sync(lambda: self._coded.get(known_as, make))
        form = kept.forms[coding] = _form(kept, coding, body)
        if self._kept.get(key) is kept:
            self._kept.put(key, kept, kept.weight + _length(key))
        return form

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        catch = _Catch(None, send, is_head=scope["method"] == "HEAD", keeps=False)
        await self._app(_plain(scope), receive, catch)


def _length(key: _Key) -> int:
    return sum(map(len, key))


class _Catch:
    """Takes what the application sends: an answer to keep is held back, all else goes on."""

    def __init__(self, version: object, send: Send, *, is_head: bool, keeps: bool = True) -> None:
        self._version = version
        self._send = send
        self._is_head = is_head
        self._keeps = keeps
        self._held: Headers | None = None
        self._body: list[bytes] = []
        self.kept: _Kept | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers: Headers = list(message["headers"])
            if self._keeps and message["status"] == 200 and _is_to_keep(dict(headers)):
                self._held = headers
            else:
                await self._send(message)
        elif message["type"] != "http.response.body":
            await self._send(message)
        elif self._held is None:
            await self._send({**message, "body": b""} if self._is_head else message)
        else:
            self._body.append(message.get("body", b""))
            if not message.get("more_body", False):
                # One piece stays the object that it is: the same bytes are in the inner caches.
                body = self._body[0] if len(self._body) == 1 else b"".join(self._body)
                self.kept = _kept(self._version, self._held, body)


def _plain(scope: Scope) -> Scope:
    headers = [(name, value) for name, value in scope["headers"] if name not in _HANDLED]
    return {**scope, "method": "GET", "headers": headers}


def _is_to_keep(headers: dict[bytes, bytes]) -> bool:
    return (
        b"etag" in headers
        and headers.get(b"cache-control", b"").startswith(b"public")
        and b"content-encoding" not in headers
        and b"set-cookie" not in headers
    )


def _kept(version: object, headers: Headers, body: bytes) -> _Kept:
    found = dict(headers)
    codable = len(body) >= LEAST_BYTES and is_compressible(
        found.get(b"content-type", b"").decode("latin-1")
    )
    vary = [name.strip() for name in found.get(b"vary", b"").split(b",") if name.strip()]
    by_accept = b"accept" in [name.lower() for name in vary]
    if codable:
        vary.append(b"Accept-Encoding")
    return _Kept(
        version=version,
        is_for_ever=b"immutable" in found[b"cache-control"],
        headers=[
            *((n, v) for n, v in headers if n not in _OF_THE_FORM and n != b"vary"),
            *([(b"vary", b", ".join(vary))] if vary else []),
        ],
        body=body,
        etag=found[b"etag"].decode("latin-1"),
        by_accept=by_accept,
        codable=codable,
    )


def _form(kept: _Kept, coding: Coding, body: bytes) -> _Form:
    etag = kept.etag
    headers = [*kept.headers, (b"accept-ranges", b"bytes")]
    if coding is not Coding.IDENTITY:
        # Other bytes need another strong tag (RFC 9110, 8.8.3.3).
        etag = f'{etag[:-1]}-{coding.value}"'
        headers.append((b"content-encoding", coding.value.encode()))
    headers.append((b"etag", etag.encode("latin-1")))
    return _Form(
        etag=etag,
        body=body,
        whole=_start(200, [*headers, (b"content-length", b"%d" % len(body))]),
        not_modified=_start(304, [(n, v) for n, v in headers if n in _OF_A_304 or n == b"etag"]),
        content={"type": "http.response.body", "body": body},
    )


def _start(status: int, headers: Headers) -> dict[str, Any]:
    return {"type": "http.response.start", "status": status, "headers": headers}


# What is said of an answer, and not of the refusal to send it.
_OF_CONTENT = {
    b"content-type", b"content-length", b"content-encoding", b"content-disposition", b"etag",
    b"link", b"cache-control",
}  # fmt: skip
_NOT_STORED: Headers = [(b"cache-control", b"no-store"), (b"content-length", b"0")]
_NO_CONTENT: Message = {"type": "http.response.body", "body": b""}


async def _send(form: _Form, asked: _Asked, send: Send, *, is_head: bool) -> None:
    if asked.if_match and not has_tag(asked.if_match.decode("latin-1"), form.etag, strong=True):
        await send(_start(412, [*_without(form.whole["headers"], _OF_CONTENT), *_NOT_STORED]))
        await send(_NO_CONTENT)
    elif asked.if_none_match and has_tag(asked.if_none_match.decode("latin-1"), form.etag):
        await send(form.not_modified)
        await send(_NO_CONTENT)
    elif is_head:
        await send(form.whole)
        await send(_NO_CONTENT)
    elif asked.range and (part := _part(form, asked)) is not None:
        await _send_part(form, part, send)
    else:
        await send(form.whole)
        await send(form.content)


def _part(form: _Form, asked: _Asked) -> range | None:
    # A range of something else than the reader has of it would not fit to the rest.
    if asked.if_range and asked.if_range.decode("latin-1").strip() != form.etag:
        return None
    return wanted_range(asked.range.decode("latin-1"), len(form.body))


def _without(headers: Headers, names: set[bytes]) -> Headers:
    return [(name, value) for name, value in headers if name not in names]


async def _send_part(form: _Form, part: range, send: Send) -> None:
    headers = _without(form.whole["headers"], {b"content-length"})
    length = len(form.body)
    if not part:
        said = [*_without(headers, _OF_CONTENT), *_NOT_STORED]
        await send(_start(416, [*said, (b"content-range", b"bytes */%d" % length)]))
        await send(_NO_CONTENT)
        return
    of = b"bytes %d-%d/%d" % (part.start, part.stop - 1, length)
    headers += [(b"content-range", of), (b"content-length", b"%d" % len(part))]
    await send(_start(206, headers))
    await send({"type": "http.response.body", "body": form.body[part.start : part.stop]})
