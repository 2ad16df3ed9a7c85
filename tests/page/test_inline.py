"""Code and instructions are read for whom they contact."""

from __future__ import annotations

from consent_gateway.page.charset import Encoding
from consent_gateway.page.inline import Inline
from consent_gateway.urls import Address, resolve


def owner_of(value: str) -> tuple[str, Address] | None:
    address = resolve(value, "https://www.example.com/")
    return (address.host, address) if address and address.host in ("t.co", "u.co") else None


INLINE = Inline[str](
    of_code=lambda code: ["one"] if b"boot(" in code else [],
    of_use=lambda code: ["one"] if b"use(" in code else [],
    owner_of=owner_of,
    written=lambda owner: owner == "t.co",
    encoding=Encoding("utf-8"),
)


def owners(code: bytes) -> list[tuple[str, bool]]:
    return [(contact.owner, contact.uses) for contact in INLINE.contacts(code)]


def test_what_code_loads_counts_before_what_it_uses() -> None:
    assert owners(b"boot(); use()") == [("one", False)]
    assert owners(b"use()") == [("one", True)]
    assert owners(b"eval('bo' + 'ot(')") == [("one", False)]
    assert owners(b"state = {code: 'bo' + 'ot('}") == []


def test_an_import_counts_for_everybody_and_what_is_written_for_some() -> None:
    assert owners(b"import('//u.co/a')") == [("u.co", False)]
    write = b"document.write('<script src=//%s/a.js>')"
    assert owners(write % b"t.co") == [("t.co", False)]
    assert owners(write % b"u.co") == []


def test_in_a_frame_of_code_any_address_counts() -> None:
    assert [c.owner for c in INLINE.of_javascript_address(" JavaScript:new%20Image().src='//u.co'")] == [
        "u.co"
    ]
    assert list(INLINE.of_javascript_address("https://u.co/javascript:")) == []


def test_a_handler_counts_where_it_loads_from_an_address() -> None:
    assert [contact.owner for contact in INLINE.of_handler(b"boot('//a')")] == ["one"]
    assert list(INLINE.of_handler(b"boot()")) == [] and list(INLINE.of_handler(b"use('//a')")) == []


def test_instructions_count_by_address() -> None:
    found = list(INLINE.of_instructions(b'{"imports":{"a":"//t.co/a","b":"/b"}}', "importmap"))
    assert [contact.owner for _, contact in found] == ["t.co"]
