"""Bytes are made once, by one of many who ask, and make room for others."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from app.publication.cache import Answer, OnceCache


def test_the_etag_depends_on_the_bytes_alone():
    assert Answer.of(b"x", "a/b").etag == Answer.of(b"x", "c/d").etag
    assert Answer.of(b"x", "a/b").etag != Answer.of(b"y", "a/b").etag


def test_many_who_ask_at_once_wait_for_one_maker():
    cache, begun, go_on, made = OnceCache(4), Event(), Event(), []

    def make():
        made.append(1)
        begun.set()
        assert go_on.wait(10)
        return "value"

    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(cache.get, "key", make)
        assert begun.wait(10)
        others = [pool.submit(cache.get, "key", make) for _ in range(7)]
        go_on.set()
        assert [f.result(10) for f in (first, *others)] == ["value"] * 8
    assert made == [1]


def test_a_maker_that_fails_is_told_to_all_and_kept_for_nobody():
    cache = OnceCache(4, weigh=len, most=10)

    def fail():
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        cache.get("key", fail)
    assert cache.get("key", lambda: "now") == "now"


def test_a_weight_that_cannot_be_taken_blocks_nobody():
    cache = OnceCache(4, weigh=len, most=10)
    with pytest.raises(TypeError):
        cache.get("key", lambda: 5)
    assert cache.get("key", lambda: "now") == "now"


def test_the_least_recently_used_goes_first():
    cache = OnceCache(2)
    for key in "ab":
        cache.get(key, lambda key=key: key)
    cache.get("a", lambda: "again")
    cache.get("c", lambda: "c")
    assert cache.get("a", lambda: "again") == "a"
    assert cache.get("b", lambda: "again") == "again"


def test_heavy_answers_make_room_for_each_other():
    cache = OnceCache(100, weigh=len, most=10)
    for key in "abc":
        cache.get(key, lambda key=key: key * 4)
    assert cache.get("c", lambda: "again") == "cccc"
    assert cache.get("b", lambda: "again") == "bbbb"
    assert cache.get("a", lambda: "again") == "again"


def test_an_answer_heavier_than_all_together_is_kept_alone():
    cache = OnceCache(100, weigh=len, most=10)
    cache.get("small", lambda: "s")
    cache.get("large", lambda: "l" * 50)
    assert cache.get("large", lambda: "again") == "l" * 50
    assert cache.get("small", lambda: "again") == "again"
