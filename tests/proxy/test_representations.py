"""Every representation a site may send, over the wire: read in full or not shown, and nothing else touched."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Callable, Iterator

import brotli
import pytest
import zstandard

from tests.loopback import gateway
from tests.raw_http import Origin, answering, get, page

FRAME = '<iframe src="https://www.youtube.com/embed/abcdefghijk"></iframe>'
PAGE = f"<!doctype html><title>x</title><body><p>text {FRAME}".encode()
HELD = b'data-privacy="placeholder"'
EMBED = b'src="https://www.youtube.com/embed'
BINARY = bytes(range(256)) * 4000


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def unzstd(data: bytes) -> bytes:
    return zstandard.ZstdDecompressor().decompressobj().decompress(data)


PACKED: dict[str, tuple[str, bytes, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress(PAGE), gzip.decompress),
    "x-gzip": ("x-gzip", gzip.compress(PAGE), gzip.decompress),
    "members": ("gzip", gzip.compress(PAGE[:40]) + gzip.compress(PAGE[40:]), gzip.decompress),
    "deflate": ("deflate", zlib.compress(PAGE), zlib.decompress),
    "raw-deflate": ("deflate", raw_deflate(PAGE), zlib.decompress),
    "br": ("br", brotli.compress(PAGE), brotli.decompress),
    "zstd": ("zstd", zstandard.compress(PAGE), unzstd),
    "stacked": ("gzip, br", brotli.compress(gzip.compress(PAGE)), lambda data: gzip.decompress(brotli.decompress(data))),
    "identity": ("identity", PAGE, bytes),
}  # fmt: skip
UNREADABLE = {
    "cut-gzip": ("gzip", gzip.compress(PAGE)[:-9]),
    "cut-br": ("br", brotli.compress(PAGE)[:-3]),
    "cut-member": ("gzip", gzip.compress(PAGE) + gzip.compress(PAGE)[:-1]),
    "bomb": ("gzip", gzip.compress(bytes(40 * 2**20))),
    "two-bombs": ("gzip, gzip", gzip.compress(gzip.compress(bytes(40 * 2**20)))),
    "unknown": ("sdch", PAGE),
    "mislabelled": ("gzip", PAGE),
}
JAPANESE = f"<body><p>表示 {FRAME}"
CHARSETS: dict[str, tuple[str, bytes, str]] = {
    "bom": ("text/html; charset=iso-8859-1", b"\xef\xbb\xbf" + JAPANESE.encode(), "utf-8"),
    "header": ("text/html; charset=Shift_JIS", JAPANESE.encode("cp932"), "cp932"),
    "meta": ("text/html", b"<meta charset=shift_jis>" + JAPANESE.encode("cp932"), "cp932"),
    "1252": ("text/html", f"<body><p>Grüße – {FRAME}".encode("cp1252"), "cp1252"),
    "utf-16": ("text/html", b"\xff\xfe" + JAPANESE.encode("utf-16-le"), "utf-16-le"),
    "utf-16-be": ("text/html; charset=utf-16be", JAPANESE.encode("utf-16-be"), "utf-16-be"),
    "utf-16-odd": ("text/html", b"\xff\xfe" + JAPANESE.encode("utf-16-le") + b"<", "utf-16-le"),
}
DIGESTS = (
    b"Content-MD5: x", b"Digest: sha-256=x", b"Content-Digest: sha-256=:x:", b"Repr-Digest: sha-256=:x:",
    b"Signature: a=:x:", b"Signature-Input: a=()", b'ETag: "strong"', b"Last-Modified: Tue, 24 Nov 2026 10:00:00 GMT",
    b"Accept-Ranges: bytes", b"Expires: Tue, 24 Nov 2099 10:00:00 GMT",
)  # fmt: skip
SECURITY = (
    b"Permissions-Policy: camera=()", b"Referrer-Policy: no-referrer", b"Cross-Origin-Opener-Policy: same-origin",
    b"Cross-Origin-Embedder-Policy: require-corp", b"Cross-Origin-Resource-Policy: same-site",
    b"Strict-Transport-Security: max-age=1", b"X-Frame-Options: DENY",
)  # fmt: skip


def answer(path: bytes) -> bytes:
    _, kind, name = path.decode().split("/")
    if kind == "packed":
        coding, body, _ = PACKED[name]
        return page(body, b"Content-Encoding: " + coding.encode())
    if kind == "unreadable":
        coding, body = UNREADABLE[name]
        return page(body, b"Content-Encoding: " + coding.encode())
    if kind == "charset":
        content_type, body, _ = CHARSETS[name]
        return page(body, kind=content_type.encode())
    if kind == "unmodified":
        return page(b"", b"Content-Encoding: br", b'ETag: "x"', status=b"304 Not Modified")
    if kind == "chunked":
        sent, sort = (BINARY, b"image/png") if name == "image" else (PAGE, b"text/html")
        halves = b"".join(b"%x;a=b\r\n%s\r\n" % (len(part), part) for part in (sent[:70], sent[70:]))
        head = (
            b"HTTP/1.1 200 OK\r\nContent-Type: "
            + sort
            + b"\r\nTransfer-Encoding: chunked\r\nTrailer: Digest\r\n\r\n"
        )
        return head + halves + b"0\r\nDigest: sha-256=x\r\n\r\n"
    if kind == "transformless":
        return page(PAGE, b"Cache-Control: no-transform, max-age=60")
    if kind == "binary":
        return page(BINARY, *DIGESTS, kind=b"application/octet-stream")
    if kind == "part":
        return page(BINARY[7:20], b"Content-Range: bytes 7-19/%d" % len(BINARY), kind=b"video/mp4", status=b"206 Partial Content")  # fmt: skip
    if kind == "halfpage":
        return page(PAGE[50:], b"Content-Range: bytes 50-99/100", status=b"206 Partial Content")
    return page(PAGE, *DIGESTS, *SECURITY)


@pytest.fixture(scope="module")
def origin() -> Iterator[Origin]:
    with answering(answer) as one:
        yield one


@pytest.fixture(scope="module")
def base(origin: Origin, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with gateway(origin.address, tmp_path_factory.mktemp("state")) as address:
        yield address


def field(head: bytes, name: bytes) -> bytes | None:
    """The value of a header field; None without one."""
    for line in head.split(b"\r\n")[1:]:
        key, _, value = line.partition(b":")
        if key.lower() == name:
            return value.strip()
    return None


@pytest.mark.parametrize("name", PACKED)
def test_a_page_is_rewritten_in_the_coding_it_came_in(base: str, name: str) -> None:
    """HTTP-11, H15"""
    coding, _, unpack = PACKED[name]
    head, body = get(base, f"/packed/{name}".encode(), b"Accept-Encoding: gzip, deflate, br, zstd")
    unpacked = unpack(body)
    assert head.startswith(b"HTTP/1.1 200") and HELD in unpacked and EMBED not in unpacked
    assert field(head, b"content-length") == b"%d" % len(body)
    assert field(head, b"content-encoding") == coding.encode()


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_in_full_is_not_shown(base: str, name: str) -> None:
    """HTTP-12, H15"""
    head, body = get(base, f"/unreadable/{name}".encode())
    assert head.startswith(b"HTTP/1.1 502") and b"could not be checked" in body
    assert field(head, b"content-encoding") is None and b"youtube" not in body


@pytest.mark.parametrize("name", CHARSETS)
def test_a_page_is_read_and_written_in_the_charset_of_its_browser(base: str, name: str) -> None:
    """HTTP-12"""
    content_type, came, codec = CHARSETS[name]
    head, body = get(base, f"/charset/{name}".encode())
    text = body.decode(codec)
    assert 'data-privacy="placeholder"' in text and 'src="https://www.youtube.com/embed' not in text
    assert ("表示" in text) != (name == "1252") and ("Grüße" in text) == (name == "1252")
    assert body.startswith(came[:2]) or name not in ("bom", "utf-16")
    assert field(head, b"content-type") == content_type.encode()


@pytest.mark.parametrize("name", PACKED)
def test_head_has_the_fields_of_the_page_and_no_body(base: str, name: str) -> None:
    """HTTP-11"""
    head, body = get(base, f"/packed/{name}".encode(), method=b"HEAD")
    alike = get(base, f"/packed/{name}".encode())[0]
    assert head.startswith(b"HTTP/1.1 200") and body == b""
    for fieldname in (b"content-type", b"content-encoding", b"cache-control", b"vary", b"etag"):
        assert field(head, fieldname) == field(alike, fieldname)
    assert field(head, b"content-length") in (None, field(alike, b"content-length"))


def test_not_modified_has_no_body_whatever_its_coding(base: str) -> None:
    """HTTP-11"""
    head, body = get(base, b"/unmodified/x", b'If-None-Match: "x"', b"Sec-Fetch-Dest: image")
    assert head.startswith(b"HTTP/1.1 304") and body == b""


def test_chunks_are_put_together_and_trailers_left_out(base: str) -> None:
    """HTTP-11, H08"""
    head, body = get(base, b"/chunked/x")
    assert HELD in body and EMBED not in body
    assert field(head, b"digest") is None and field(head, b"trailer") is None


def test_what_is_streamed_announces_no_trailers_that_do_not_come(base: str) -> None:
    """HTTP-11: RFC 9110 6.6.2"""
    head, body = get(base, b"/chunked/image")
    assert field(head, b"transfer-encoding") == b"chunked" and field(head, b"trailer") is None
    assert body.endswith(b"\r\n0\r\n\r\n") and BINARY[:70] in body and b"Digest" not in body


def test_what_is_of_one_connection_stays_and_the_site_is_told_whom_it_came_through(
    base: str, origin: Origin
) -> None:
    """HTTP-16"""
    own = (b"Connection: X-Own, close", b"X-Own: 1", b"TE: trailers", b"Keep-Alive: timeout=5")
    said = (b"X-Forwarded-For: 203.0.113.9", b"Forwarded: for=203.0.113.9", b"Via: 1.1 front")
    get(base, b"/binary/x", *own, *said)
    head = origin.heads[-1]
    assert [line for line in head.split(b"\r\n") if line.lower().startswith(b"via:")] == [
        b"Via: 1.1 front",
        b"Via: 1.1 consent-gateway",
    ]
    assert b"203.0.113.9" not in head and field(head, b"host") == base[7:].encode()
    for name in (b"x-own", b"te", b"keep-alive", b"forwarded"):
        assert field(head, name) is None


def test_what_a_cache_might_check_the_origins_bytes_by_goes_with_them(base: str) -> None:
    """HTTP-06, HTTP-11"""
    head, _ = get(base, b"/page/x")
    assert [one for one in DIGESTS if field(head, one.partition(b":")[0].lower()) is not None] == []


def test_other_bytes_keep_their_digests_validators_and_ranges(base: str) -> None:
    """HTTP-13"""
    head, body = get(base, b"/binary/x")
    assert hashlib.sha256(body).digest() == hashlib.sha256(BINARY).digest()
    for one in DIGESTS:
        name, _, value = one.partition(b": ")
        assert field(head, name.lower()) == value


def test_a_page_is_asked_for_whole_and_a_film_in_parts(base: str, origin: Origin) -> None:
    """HTTP-10"""
    head, body = get(base, b"/page/x", b"Range: bytes=0-9", b'If-Range: "strong"')
    assert head.startswith(b"HTTP/1.1 200") and body.count(HELD) == 1
    assert b"range" not in origin.heads[-1].lower() and field(head, b"accept-ranges") is None
    head, body = get(base, b"/part/x", b"Range: bytes=7-19", b"Sec-Fetch-Dest: video")
    assert b"Range: bytes=7-19" in origin.heads[-1]
    assert head.startswith(b"HTTP/1.1 206") and body == BINARY[7:20]
    assert get(base, b"/halfpage/x", b"Sec-Fetch-Dest: empty")[0].startswith(b"HTTP/1.1 502")


def test_a_page_that_is_not_to_be_transformed_is_held_like_any_other(base: str) -> None:
    """HTTP-12: that word binds proxies (RFC 9110 7.7); the gateway answers in the place of the site."""
    assert EMBED not in get(base, b"/transformless/x")[1]


def test_what_the_site_forbids_stays_forbidden(base: str) -> None:
    """HTTP-17"""
    head, _ = get(base, b"/page/x")
    for one in SECURITY:
        name, _, value = one.partition(b": ")
        assert field(head, name.lower()) == value
    assert field(get(base, b"/.privacy/policy")[0], b"cross-origin-resource-policy") == b"same-origin"


@pytest.mark.parametrize("sent", [(b"Sec-GPC: 1",), (b"Sec-GPC: 0", b"Sec-GPC: 1"), (b"Sec-GPC: yes",)])
def test_an_objection_reaches_the_site_as_it_was_sent(
    base: str, origin: Origin, sent: tuple[bytes, ...]
) -> None:
    """HTTP-14"""
    get(base, b"/page/x", *sent)
    assert [line for line in origin.heads[-1].split(b"\r\n") if line.lower().startswith(b"sec-gpc")] == [
        *sent
    ]
