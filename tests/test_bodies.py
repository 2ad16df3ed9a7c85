"""Content codings are read in full, within a limit, or not at all."""

from __future__ import annotations

import gzip
import os
import zlib

import brotli
import pytest
import zstandard

from consent_gateway.bodies import BadBody, decode, encode

BODY = os.urandom(3000) + b"text " * 4000
CODINGS = ["gzip", "deflate", "br", "zstd"]


@pytest.mark.parametrize("coding", [*CODINGS, "", "identity", "gzip, br", "X-GZIP ,identity"])
def test_what_was_encoded_is_decoded(coding: str) -> None:
    assert decode(encode(BODY, coding), coding, 10**6) == BODY


@pytest.mark.parametrize("coding", CODINGS)
def test_truncated_bodies_are_refused(coding: str) -> None:
    encoded = encode(BODY, coding)
    for cut in (1, 9, len(encoded) // 2):
        with pytest.raises(BadBody):
            decode(encoded[:-cut], coding, 10**6)


@pytest.mark.parametrize("coding", CODINGS)
def test_garbage_is_refused(coding: str) -> None:
    with pytest.raises(BadBody):
        decode(b"<!doctype html><title>not encoded</title>", coding, 10**6)


@pytest.mark.parametrize("coding", ["", *CODINGS])
def test_a_body_beyond_the_limit_is_refused(coding: str) -> None:
    with pytest.raises(BadBody, match="more than 1000 bytes"):
        decode(encode(BODY, coding), coding, 1000)


def test_every_member_counts() -> None:
    assert decode(gzip.compress(b"a") + gzip.compress(b"b"), "gzip", 10) == b"ab"
    frames = zstandard.ZstdCompressor()
    assert decode(frames.compress(b"a") + frames.compress(b"b"), "zstd", 10) == b"ab"


def test_raw_deflate_is_read_as_browsers_do() -> None:
    packer = zlib.compressobj(wbits=-15)
    assert decode(packer.compress(BODY) + packer.flush(), "deflate", 10**6) == BODY


def test_an_unknown_coding_is_refused() -> None:
    with pytest.raises(BadBody, match="unknown coding 'sdch'"):
        decode(BODY, "gzip, sdch", 10**6)


def test_a_bomb_is_refused_before_it_has_grown() -> None:
    """SEC-12"""
    import tracemalloc

    bomb = brotli.compress(bytes(10**8), quality=5)
    tracemalloc.start()
    with pytest.raises(BadBody):
        decode(bomb, "br", 10**6)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 60 * 2**20
