"""The encoding of a page is the one a browser would read it in."""

from __future__ import annotations

import pytest

from consent_gateway.page.charset import (
    Encoding,
    Undecodable,
    as_utf8,
    from_bytes_like_ascii,
    sniff,
    to_bytes_like_ascii,
)


@pytest.mark.parametrize(
    ("data", "content_type", "codec"),
    [
        (b"\xef\xbb\xbfx", "text/html; charset=iso-8859-1", "utf-8"),
        (b"\xff\xfex\x00", "text/html", "utf-16-le"),
        (b"\xfe\xff\x00x", "text/html; charset=utf-8", "utf-16-be"),
        (b"x", "text/html; charset=UTF-8", "utf-8"),
        (b"x", 'text/html; charset="Shift_JIS"', "cp932"),
        (b"<meta charset=utf-8>", "text/html; charset=iso-8859-1", "cp1252"),
        (b"<META CHARSET = 'UTF-8'>", "text/html", "utf-8"),
        (b'<meta http-equiv=content-type content="text/html; charset=windows-1251">', "", "cp1251"),
        (b"<meta charset=utf-16le>", "", "utf-8"),
        (b"<!-- <meta charset=utf-8> --><meta charset=iso-8859-2>", "", "iso8859-2"),
        (b"<meta charset=nonsense>", "", "cp1252"),
        (b"<meta [charset=utf-8>", "", "cp1252"),
        (b"<meta charset=utf-8", "", "cp1252"),
        (b"<meta content='text/html;charset=utf-8'>", "", "cp1252"),
        (b"<meta name='a>b' charset=utf-8>", "", "utf-8"),
        (b"<p title='<meta charset=utf-8>'><!x <meta charset=utf-8>", "", "cp1252"),
        (b" " * 1100 + b"<meta charset=utf-8>", "", "utf-8"),
        (b" " * 1100 + b"<script>'<meta charset=iso-8859-2>'</script><meta charset=utf-8>", "", "utf-8"),
        (b"<script><!--</script><meta charset=utf-8>", "", "utf-8"),
        (b" " * 70_000 + b"<meta charset=utf-8>", "", "cp1252"),
        (b"<meta charset=utf-7>", "", "cp1252"),
        (b"<meta charset=cp037>", "", "cp1252"),
        (b"x", "text/html; charset=idna", "cp1252"),
        (b"x", "text/html; charset=nonsense", "cp1252"),
    ],
)
def test_a_declaration_is_found_where_a_browser_looks(data: bytes, content_type: str, codec: str) -> None:
    assert sniff(data, content_type).codec == codec


def test_only_a_declaration_of_the_page_itself_has_a_label() -> None:
    assert sniff(b"<meta charset=ISO-8859-2>", "").label == "ISO-8859-2"
    assert sniff(b"x", "text/html; charset=utf-8").label == ""


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "iso2022_jp"])
def test_encodings_in_which_letters_look_like_markup_are_transcoded_and_back(codec: str) -> None:
    encoding = Encoding(codec)
    data = "<p>日本語 text</p>".encode(codec)
    between = to_bytes_like_ascii(data, encoding)
    assert between.decode("utf-8") == "<p>日本語 text</p>"
    assert from_bytes_like_ascii(between, encoding) == data


@pytest.mark.parametrize("data", [b"\x1b(Z<", b"\x80<"])
def test_what_cannot_be_written_back_is_undecodable(data: bytes) -> None:
    with pytest.raises(Undecodable):
        to_bytes_like_ascii(data, Encoding("iso2022_jp"))


@pytest.mark.parametrize(
    ("data", "codec", "text"),
    [
        (b"<\x00p\x00>", "utf-16-le", "<p\ufffd"),
        (b"\x00<\x00p\x00", "utf-16-be", "<p\ufffd"),
        (b"\x00\xd8<\x00", "utf-16-le", "\ufffd<"),
        (b"\xd8\x00\xd8\x00\x00<", "utf-16-be", "\ufffd\ufffd<"),
    ],
)
def test_half_a_character_of_utf_16_is_what_browsers_make_of_it(data: bytes, codec: str, text: str) -> None:
    """Encoding standard 14.2: a lone surrogate takes nothing along that follows it."""
    assert to_bytes_like_ascii(data, Encoding(codec)).decode() == text


@pytest.mark.parametrize(
    ("data", "codec"),
    [
        ("Grüße".encode("cp1252"), "cp1252"),
        ('予"表'.encode("cp932"), "cp932"),
        ("漢a字".encode("gb18030"), "gb18030"),
        ("あ".encode("euc_jp") + b"x\x8f", "euc_jp"),
        ("é".encode(), "utf-8"),
    ],
)
def test_a_piece_is_read_as_utf_8_with_the_place_of_every_byte(data: bytes, codec: str) -> None:
    text, offsets = as_utf8(data, Encoding(codec))
    assert text.decode() == data.decode(codec, "replace")
    assert len(offsets) == len(text) + 1
    assert offsets[-1] == len(data)
    for at, byte in enumerate(text):
        if byte < 0x80:
            assert data[offsets[at]] == byte


def test_any_other_encoding_is_left_as_it_is() -> None:
    data = "Grüße".encode("cp1252")
    assert to_bytes_like_ascii(data, Encoding("cp1252")) is data
