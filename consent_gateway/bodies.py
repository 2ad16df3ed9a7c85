"""Content codings, read and written by our own bounded decoder.

mitmproxy's own drops gzip members after the first, takes truncated data for whole and has no limit
(measured): each of these would let a page through that was not read in full.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping

import brotli
import zstandard

# How many bytes are decoded at once where a decoder cannot be told to stop: a few bytes of Brotli
# can stand for 16 MiB (RFC 7932 9.2), four of Zstandard for 128 KiB (RFC 8878 3.1.1.2).
BROTLI_PIECE = 32
ZSTD_PIECE = 512


class BadBody(Exception):
    """A body that cannot be decoded in full within the limit."""


def decode(body: bytes, content_encoding: str, limit: int) -> bytes:
    """The body without its codings, the last applied removed first (RFC 9110 8.4).

    Raises BadBody for an unknown coding, for damaged or truncated data, and beyond `limit` bytes.
    """
    if not body:  # the answer to HEAD and a 304 name the coding of what they do not bring (RFC 9110 9.3.2)
        return body
    for coding in reversed(_codings(content_encoding)):
        decoder = _DECODERS.get(coding)
        if decoder is None:
            raise BadBody(f"unknown coding {coding!r}")
        try:
            body = decoder(body, limit)
        except (zlib.error, brotli.error, zstandard.ZstdError, EOFError) as error:
            raise BadBody(f"damaged {coding}: {error}") from error
    if len(body) > limit:
        raise BadBody(f"more than {limit} bytes")
    return body


def encode(body: bytes, content_encoding: str) -> bytes:
    """The body with the codings applied in order, at the speed of a proxy, not of a packer."""
    for coding in _codings(content_encoding):
        body = _ENCODERS[coding](body)
    return body


def _codings(content_encoding: str) -> list[str]:
    names = (name.strip().lower() for name in content_encoding.split(","))
    return [name.removeprefix("x-") for name in names if name and name != "identity"]


def _gunzip(body: bytes, limit: int) -> bytes:
    parts = _Parts(limit)
    while body:
        inflater = zlib.decompressobj(wbits=31)
        parts.add(inflater.decompress(body, limit + 1))
        if not inflater.eof:
            raise EOFError("truncated")
        body = inflater.unused_data
        if not body.startswith(b"\x1f\x8b"):
            break  # what follows the last member is padding (RFC 1952 2.2); browsers ignore it
    return parts.joined()


def _inflate(body: bytes, limit: int) -> bytes:
    # "deflate" is zlib by RFC 9110 8.4.1.2, and raw in the wild: browsers accept both.
    for wbits in (15, -15):
        inflater = zlib.decompressobj(wbits=wbits)
        try:
            result = inflater.decompress(body, limit + 1)
        except zlib.error:
            if wbits < 0:
                raise
            continue
        if len(result) > limit:
            raise BadBody(f"more than {limit} bytes")
        if not inflater.eof:
            raise EOFError("truncated")
        return result
    raise EOFError("truncated")


def _unbrotli(body: bytes, limit: int) -> bytes:
    decoder = brotli.Decompressor()
    parts = _Parts(limit)
    for start in range(0, len(body), BROTLI_PIECE):
        parts.add(decoder.process(body[start : start + BROTLI_PIECE]))
    if not decoder.is_finished():
        raise EOFError("truncated")
    return parts.joined()


def _unzstd(body: bytes, limit: int) -> bytes:
    parts = _Parts(limit)
    decoder = None
    for start in range(0, len(body), ZSTD_PIECE):
        piece = body[start : start + ZSTD_PIECE]
        while piece:
            decoder = decoder or zstandard.ZstdDecompressor(max_window_size=2**27).decompressobj()
            parts.add(decoder.decompress(piece))
            if not decoder.eof:
                break
            piece, decoder = decoder.unused_data, None
    if decoder is not None:
        raise EOFError("truncated")
    return parts.joined()


class _Parts:
    """Decoded parts up to a limit."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._size = 0
        self._parts: list[bytes] = []

    def add(self, part: bytes) -> None:
        self._size += len(part)
        if self._size > self._limit:
            raise BadBody(f"more than {self._limit} bytes")
        self._parts.append(part)

    def joined(self) -> bytes:
        return b"".join(self._parts)


def _gzip(body: bytes) -> bytes:
    deflater = zlib.compressobj(level=4, wbits=31)
    return deflater.compress(body) + deflater.flush()


_DECODERS: Mapping[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gunzip,
    "deflate": _inflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}
_ENCODERS: Mapping[str, Callable[[bytes], bytes]] = {
    "gzip": _gzip,
    "deflate": lambda body: zlib.compress(body, 4),
    "br": lambda body: brotli.compress(body, quality=3),
    "zstd": lambda body: zstandard.ZstdCompressor(level=3).compress(body),
}
