"""What is asked of an answer that was sent before: codings, conditions, ranges, HEAD, changes."""

import asyncio
import gzip
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import brotli
import pytest
import zstandard
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from app.errors import StoreError
from app.publication.cache import Answer
from app.web.kept import KeptAnswers
from app.web.latest_check import LatestCheck
from app.web.respond import FOR_EVER, FRESH, respond, respond_versioned

TEXT = "Хасан " * 500
PLAIN = {"Accept-Encoding": "identity"}


class Newsroom:
    """A small application that counts what it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.text = TEXT
        self.version: object = 1
        self.seen: dict[str, str] = {}
        app = Starlette(
            routes=[
                Route("/text", self.answer(lambda: ("text/plain; charset=utf-8", self.text))),
                Route("/picture", self.answer(lambda: ("image/png", self.text))),
                Route("/short", self.answer(lambda: ("text/plain", "short"))),
                Route("/negotiated", self.negotiated),
                Route("/part", self.part),
                Route("/private", self.private),
                Route("/never", self.never),
                Route("/file", self.file),
                Route("/write", self.private, methods=["POST"]),
            ]
        )
        self.app = KeptAnswers(app, self.current)
        self.client = TestClient(self.app, raise_server_exceptions=False)

    def current(self) -> object:
        if isinstance(self.version, Exception):
            raise self.version
        return self.version

    def note(self, request: Request) -> None:
        self.asked.append(request.url.path)
        self.seen = dict(request.headers)

    def answer(self, what: Callable[[], tuple[str, str]]) -> Callable[[Request], Response]:
        def endpoint(request: Request) -> Response:
            self.note(request)
            media_type, text = what()
            return respond(Answer.of(text.encode(), media_type))

        return endpoint

    def negotiated(self, request: Request) -> Response:
        self.note(request)
        wanted = request.headers.get("accept", "")
        return respond(
            Answer.of(f"{wanted} ".encode() * 300, "text/csv"), headers={"Vary": "Accept"}
        )

    def part(self, request: Request) -> Response:
        self.note(request)
        return respond_versioned(request, Answer.of(self.text.encode(), "text/css"))

    def private(self, request: Request) -> Response:
        self.note(request)
        return PlainTextResponse("mine", headers={"Cache-Control": "no-store", "ETag": '"x"'})

    def never(self, request: Request) -> Response:
        self.note(request)
        raise RuntimeError("no answer")

    def file(self, request: Request) -> Response:
        self.note(request)
        answer = Answer.of(self.text.encode(), "text/css")
        return respond(answer, headers={"Cache-Control": FOR_EVER})


@pytest.fixture
def room() -> Newsroom:
    return Newsroom()


def run(asking: Coroutine[Any, Any, None]) -> None:
    """In a thread of its own: the browser tests leave a loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, asking).result()


def raw(room: Newsroom, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """The answer as it is on the wire, without a client that unpacks it."""
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {
        "type": "http", "method": "GET", "path": path, "query_string": b"", "scheme": "http",
        "headers": [(n.replace("_", "-").encode(), v.encode()) for n, v in headers.items()],
        "server": ("testserver", 80), "root_path": "", "http_version": "1.1",
    }  # fmt: skip
    run(room.app(scope, receive, send))
    start, *rest = sent
    told = {n.decode(): v.decode() for n, v in start["headers"]}
    return start["status"], told, b"".join(message.get("body", b"") for message in rest)


DECODERS = {
    "br": brotli.decompress,
    "zstd": lambda body: zstandard.ZstdDecompressor().decompress(body),
    "gzip": gzip.decompress,
}


class TestCodings:
    @pytest.mark.parametrize("coding", DECODERS)
    def test_each_is_sent_as_asked_and_has_a_tag_of_its_own(self, room: Newsroom, coding: str):
        _, plain, _ = raw(room, "/text")
        status, told, body = raw(room, "/text", accept_encoding=coding)
        assert status == 200
        assert told["content-encoding"] == coding
        assert DECODERS[coding](body).decode() == TEXT
        assert int(told["content-length"]) == len(body) < len(TEXT) / 10
        assert told["etag"] == plain["etag"][:-1] + f'-{coding}"'
        assert "Accept-Encoding" in told["vary"]
        assert plain["vary"] == told["vary"]

    @pytest.mark.parametrize(
        ("asked", "coding"),
        [
            ("gzip, deflate, br, zstd", "br"),
            ("gzip, zstd", "zstd"),
            ("gzip;q=1.0, br;q=0.5", "gzip"),
            ("br;q=0, gzip", "gzip"),
            ("*", "br"),
            ("*;q=0", None),
            ("deflate", None),
            ("identity", None),
            ("identity;q=1, gzip;q=0.5", None),
            ("", None),
            ("GZIP", "gzip"),
            ("gzip;q=junk", "gzip"),
            (";;,,q=", None),
        ],
    )
    def test_what_is_sent_is_what_is_liked_best(self, room, asked, coding):
        assert raw(room, "/text", accept_encoding=asked)[1].get("content-encoding") == coding

    @pytest.mark.parametrize("path", ["/picture", "/short"])
    def test_what_does_not_become_smaller_is_sent_as_it_is(self, room, path):
        _, told, _ = raw(room, path, accept_encoding="gzip, br")
        assert "content-encoding" not in told
        assert "vary" not in told

    def test_the_same_bytes_each_time(self, room):
        first = {coding: raw(room, "/text", accept_encoding=coding) for coding in DECODERS}
        other = Newsroom()
        assert first == {coding: raw(other, "/text", accept_encoding=coding) for coding in DECODERS}


class TestConditions:
    def test_who_has_it_gets_no_body(self, room):
        for coding in ("identity", *DECODERS):
            _, told, _ = raw(room, "/text", accept_encoding=coding)
            status, again, body = raw(
                room, "/text", accept_encoding=coding, if_none_match=f'"other", W/{told["etag"]}'
            )
            assert (status, body) == (304, b"")
            assert {n: told[n] for n in ("etag", "cache-control", "vary")}.items() <= again.items()
            assert "content-length" not in again
            assert again["access-control-allow-origin"] == "*"

    def test_the_first_to_ask_may_have_it_already(self, room):
        _, told, _ = raw(Newsroom(), "/text")
        assert raw(room, "/text", if_none_match=told["etag"])[0] == 304

    def test_another_coding_is_another_thing(self, room):
        _, told, _ = raw(room, "/text", accept_encoding="br")
        assert raw(room, "/text", accept_encoding="gzip", if_none_match=told["etag"])[0] == 200

    def test_anything_will_do_for_a_star(self, room):
        assert raw(room, "/text", if_none_match="*")[0] == 304

    def test_whoever_wants_another_is_refused(self, room):
        _, told, _ = raw(room, "/text")
        assert raw(room, "/text", if_match=told["etag"])[0] == 200
        assert raw(room, "/text", if_match="*")[0] == 200
        for other in ('"other"', f"W/{told['etag']}"):
            status, refused, body = raw(room, "/text", if_match=other)
            assert (status, body) == (412, b"")
            assert refused["cache-control"] == "no-store"


class TestRanges:
    @pytest.mark.parametrize(
        ("asked", "wanted"),
        [
            ("bytes=0-3", slice(0, 4)),
            ("bytes=10-", slice(10, None)),
            ("bytes=-7", slice(-7, None)),
            ("bytes=5-999999999", slice(5, None)),
            ("bytes=-999999999", slice(0, None)),
            ("BYTES=1-1", slice(1, 2)),
        ],
    )
    def test_a_part_is_sent_as_asked(self, room, asked, wanted):
        _, whole, body = raw(room, "/text")
        status, told, part = raw(room, "/text", range=asked)
        assert status == 206
        assert part == body[wanted]
        first = body.index(part) if len(part) > 100 else range(len(body))[wanted].start
        assert told["content-range"] == f"bytes {first}-{first + len(part) - 1}/{len(body)}"
        assert int(told["content-length"]) == len(part)
        assert told["etag"] == whole["etag"]
        assert whole["accept-ranges"] == "bytes"

    @pytest.mark.parametrize("asked", ["bytes=99999-", "bytes=99999-100000", "bytes=-0"])
    def test_what_is_not_there_is_said_with_the_length(self, room, asked):
        status, told, body = raw(room, "/text", range=asked)
        assert (status, body) == (416, b"")
        assert told["content-range"] == f"bytes */{len(TEXT.encode())}"
        # A shared cache must not take it for the answer.
        assert told["cache-control"] == "no-store"
        assert "etag" not in told

    @pytest.mark.parametrize(
        "asked",
        ["bytes=3-1", "bytes=-", "bytes=a-b", "lines=1-2", "bytes=0-1,4-5", "junk", "=" * 99],
    )
    def test_what_makes_no_sense_is_left_aside(self, room, asked):
        status, told, body = raw(room, "/text", range=asked)
        assert (status, body) == (200, TEXT.encode())
        assert "content-range" not in told

    def test_a_part_of_a_coded_answer_is_one_of_its_bytes(self, room):
        _, _, body = raw(room, "/text", accept_encoding="gzip")
        status, told, part = raw(room, "/text", accept_encoding="gzip", range="bytes=2-9")
        assert (status, part) == (206, body[2:10])
        assert told["content-encoding"] == "gzip"

    def test_of_something_else_all_is_sent(self, room):
        _, told, _ = raw(room, "/text")
        assert raw(room, "/text", range="bytes=0-1", if_range=told["etag"])[0] == 206
        assert raw(room, "/text", range="bytes=0-1", if_range='"other"')[0] == 200
        weak = "W/" + told["etag"]
        assert raw(room, "/text", range="bytes=0-1", if_range=weak)[0] == 200
        date = "Tue, 15 Nov 1994 12:45:26 GMT"
        assert raw(room, "/text", range="bytes=0-1", if_range=date)[0] == 200


class TestKeeping:
    def test_an_answer_is_made_once_until_something_changes(self, room):
        for _ in range(3):
            assert room.client.get("/text").text == TEXT
        assert room.asked == ["/text"]
        room.version = 2
        room.text = "new " * 500
        assert room.client.get("/text").text == "new " * 500
        assert room.asked == ["/text"] * 2

    def test_what_changed_while_it_was_made_is_made_again(self, room):
        def change() -> tuple[str, str]:
            room.version = 2
            return "text/plain", room.text

        app = Starlette(routes=[Route("/late", room.answer(change))])
        client = TestClient(KeptAnswers(app, room.current))
        client.get("/late")
        client.get("/late")
        client.get("/late")
        assert room.asked == ["/late"] * 2

    def test_a_file_for_ever_outlives_changes(self, room):
        room.client.get("/file")
        room.version = 2
        room.client.get("/file")
        assert room.asked == ["/file"]

    def test_what_is_said_of_a_journey_is_never_for_ever(self, room):
        version = Answer.of(TEXT.encode(), "").version
        for path in ("/text", f"/text?v={version}"):
            assert room.client.get(path).headers["cache-control"] == FRESH

    def test_a_part_of_a_page_at_an_address_with_its_version_is_for_ever(self, room):
        version = Answer.of(TEXT.encode(), "").version
        assert room.client.get(f"/part?v={version}").headers["cache-control"] == FOR_EVER
        for path in ("/part", "/part?v=other"):
            assert room.client.get(path).headers["cache-control"] == FRESH

    @pytest.mark.parametrize("version", [None, False, 0, ""])
    def test_no_version_means_for_ever(self, room, version):
        room.version = version
        room.client.get("/text")
        room.version = 1
        room.client.get("/text")
        assert room.asked == ["/text"] * 2

    def test_hosts_and_queries_are_kept_apart(self, room):
        for headers, path in [
            ({"Host": "a.example"}, "/text"),
            ({"Host": "b.example"}, "/text"),
            ({"Host": "b.example"}, "/text?x=1"),
        ]:
            room.client.get(path, headers=headers)
        assert len(room.asked) == 3

    def test_forms_that_are_negotiated_are_kept_each(self, room):
        for _ in range(2):
            for wanted in ("text/csv", "application/json"):
                answer = room.client.get("/negotiated", headers={"Accept": wanted})
                assert answer.text.startswith(wanted)
                assert answer.headers["vary"] == "Accept, Accept-Encoding"
        assert len(room.asked) == 2

    def test_what_is_not_public_is_passed_on(self, room):
        for _ in range(2):
            assert room.client.get("/private").text == "mine"
        assert room.client.post("/write").status_code == 200
        assert room.client.get("/nowhere").status_code == 404
        assert len(room.asked) == 3

    def test_no_condition_reaches_the_application(self, room):
        room.client.get(
            "/text", headers={"If-None-Match": '"x"', "Range": "bytes=0-1", "X-Other": "kept"}
        )
        assert not {"if-none-match", "range", "accept-encoding"} & room.seen.keys()
        assert room.seen["x-other"] == "kept"

    def test_without_a_database_requests_are_passed_on(self, room):
        room.version = StoreError("gone")
        for _ in range(2):
            assert room.client.get("/text", headers=PLAIN).text == TEXT
        assert len(room.asked) == 2


class TestHead:
    @pytest.mark.parametrize("path", ["/text", "/private", "/nowhere", "/short"])
    def test_it_is_get_without_the_body(self, room, path):
        for _ in range(2):
            get, head = room.client.get(path), room.client.head(path)
            assert head.content == b""
            assert head.status_code == get.status_code
            assert dict(head.headers) == dict(get.headers)

    def test_it_knows_no_ranges(self, room):
        assert room.client.head("/text", headers={"Range": "bytes=0-1"}).status_code == 200


class TestLengths:
    @pytest.mark.parametrize("name", ["Accept", "Accept-Encoding", "Host", "X-Other"])
    def test_long_headers_are_no_keys(self, room, name):
        for _ in range(2):
            room.client.get("/text", headers={name: "a" * 40_000})
        assert room.asked == ["/text"] * 2
        assert room.app._kept._weight == 0

    def test_nor_are_long_addresses(self, room):
        for _ in range(2):
            room.client.get(f"/text?{'a' * 45_000}")
        assert len(room.asked) == 2

    def test_what_is_kept_weighs_its_key_and_all_of_its_forms(self, room):
        raw(room, "/text", accept_encoding="identity")
        bare = room.app._kept._weight
        assert bare > len(TEXT.encode())
        _, _, body = raw(room, "/text", accept_encoding="gzip")
        assert room.app._kept._weight == bare + len(body)

    def test_a_long_list_is_read_in_part(self, room):
        asked = "gzip, " + ",".join("x" for _ in range(10_000))
        assert raw(room, "/text", accept_encoding=asked)[1]["content-encoding"] == "gzip"


class TestManyAtOnce:
    def ask(
        self, room: Newsroom, path: str, times: int, cancelled: int = 0, accepts: int = 1
    ) -> list[int]:
        statuses: list[int] = []
        started = asyncio.Event()

        async def slow(scope: Any, receive: Any, send: Any) -> None:
            room.asked.append(scope["path"])
            await started.wait()
            if scope["path"] == "/fails":
                raise RuntimeError("no answer")
            headers = {"Vary": "Accept"} if scope["path"] == "/negotiated" else {}
            answer = respond(Answer.of(TEXT.encode(), "text/plain"), headers=headers)
            await answer(scope, receive, send)

        app = KeptAnswers(slow, room.current)

        async def one(number: int) -> None:
            async def send(message: Any) -> None:
                if message["type"] == "http.response.start":
                    statuses.append(message["status"])

            scope = {
                "type": "http", "method": "GET", "path": path, "query_string": b"",
                "scheme": "http", "headers": [(b"accept", b"%d" % (number % accepts))],
            }  # fmt: skip
            await app(scope, None, send)  # type: ignore[arg-type]

        async def all_of_them() -> None:
            tasks = [asyncio.create_task(one(n)) for n in range(times)]
            await asyncio.sleep(0)
            for task in tasks[1 : 1 + cancelled]:
                task.cancel()
            started.set()
            await asyncio.gather(*tasks, return_exceptions=True)

        run(all_of_them())
        return statuses

    def test_one_makes_it_for_all(self, room):
        assert self.ask(room, "/text", 50) == [200] * 50
        assert room.asked == ["/text"]

    def test_a_failure_is_nobody_elses(self, room):
        assert self.ask(room, "/fails", 5) == []
        assert len(room.asked) == 5

    def test_whoever_goes_away_takes_nothing_from_the_others(self, room):
        assert self.ask(room, "/text", 5, cancelled=2) == [200] * 3
        assert room.asked == ["/text"]

    def test_each_form_is_made_once(self, room):
        assert self.ask(room, "/negotiated", 60, accepts=3) == [200] * 60
        assert len(room.asked) == 3


class TestLatestCheck:
    def test_whoever_asks_while_one_is_under_way_shares_the_next(self):
        state, checks = [0], []

        def check() -> int:
            seen = state[0]
            checks.append(seen)
            time.sleep(0.02)
            return seen

        async def ask() -> None:
            latest = LatestCheck(check)
            first = asyncio.create_task(latest())
            await asyncio.sleep(0.01)
            state[0] = 1
            others = [asyncio.create_task(latest()) for _ in range(20)]
            await asyncio.sleep(0)
            others[3].cancel()
            assert await first == 0
            found = await asyncio.gather(*others, return_exceptions=True)
            assert [seen for seen in found if not isinstance(seen, BaseException)] == [1] * 19
            state[0] = 2
            assert await latest() == 2

        run(ask())
        assert checks == [0, 1, 2]

    def test_a_failure_is_told_to_all_and_not_remembered(self):
        answers = iter([StoreError("gone"), 7])

        def check() -> int:
            answer = next(answers)
            if isinstance(answer, Exception):
                raise answer
            return answer

        async def ask() -> None:
            latest = LatestCheck(check)
            with pytest.raises(StoreError):
                await latest()
            assert await latest() == 7

        run(ask())
