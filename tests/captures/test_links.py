"""The links of a page by its bytes."""

from __future__ import annotations

from consent_gateway.captures.links import MOST, links_of
from consent_gateway.messages import Headers, Response

PAGE = "https://www.example.com/shop/"


def links(html: str | bytes, content_type: str = "text/html; charset=utf-8") -> tuple[str, ...]:
    body = html if isinstance(html, bytes) else html.encode()
    return links_of(Response(status=200, headers=Headers.of(Content_Type=content_type), body=body), PAGE)


def test_links_are_absolute_without_fragment_and_each_once() -> None:
    assert links('<a href="a#x">1</a><A HREF=a#y>2</A><area href="/b?c=1&amp;d=2">') == (
        "https://www.example.com/shop/a",
        "https://www.example.com/b?c=1&d=2",
    )


def test_the_first_base_counts() -> None:
    assert links('<base href="/deep/"><base href="/other/"><a href=a>') == ("https://www.example.com/deep/a",)


def test_downloads_what_is_not_to_be_followed_and_what_is_no_address_are_left_out() -> None:
    assert (
        links(
            '<a href=/a download>1</a><a href=/b rel="NoFollow noopener">2</a><a href="mailto:a@b.c">3</a>'
            '<a href="javascript:logout()">4</a><a>5</a><!-- <a href=/c> --><script>"<a href=/d>"</script>'
            "<template><a href=/e></template>"
        )
        == ()
    )


def test_pages_of_other_encodings_are_read() -> None:
    assert links("<a href=/ä>".encode("utf-16"), "text/html; charset=utf-16") == (
        "https://www.example.com/%C3%A4",
    )
    assert links("<a href=/ä>".encode("latin-1"), "text/html; charset=iso-8859-1") == (
        "https://www.example.com/%C3%A4",
    )


def test_of_thousands_only_so_many_are_kept() -> None:
    assert len(links("".join(f"<a href=/{number}>" for number in range(2 * MOST)))) == MOST
