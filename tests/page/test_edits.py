"""Edits leave every byte alone that they do not name."""

from __future__ import annotations

import base64

from consent_gateway.page.edits import Edit, apply, inert_attribute, inert_text, inert_type
from consent_gateway.page.reading import read


def test_edits_are_applied_in_the_order_of_their_places() -> None:
    assert apply(b"abcdef", [Edit(4, 5, b"E"), Edit(0, 0, b">"), Edit(1, 3, b"")]) == b">adEf"


def test_what_lies_inside_a_replaced_element_is_gone_with_it() -> None:
    assert apply(b"abcdef", [Edit(1, 5, b"X"), Edit(2, 3, b"y"), Edit(3, 3, b"z")]) == b"aXf"


def test_an_insertion_goes_before_what_is_replaced_at_its_place() -> None:
    assert apply(b"abc", [Edit(1, 2, b"B"), Edit(1, 1, b"+")]) == b"a+Bc"


def test_a_held_attribute_is_renamed_and_encoded_in_every_duplicate() -> None:
    data = b'<img src=//t.co/1 SRC="//t.co/2">'
    (tag,) = read(data).tags
    one, two = (base64.b64encode(value) for value in (b"//t.co/1", b"//t.co/2"))
    assert apply(data, inert_attribute(data, tag, b"src")) == (
        b'<img data-privacy-src=%s data-privacy-SRC="%s">' % (one, two)
    )


def test_where_there_may_be_no_tag_nothing_is_taken_out_and_no_quote_is_put_in() -> None:
    data = b"<select><xmp><script src='//t.co/1'>"
    (tag,) = (tag for tag in read(data).tags if tag.doubtful and tag.name == b"script")
    held = apply(data, [inert_type(tag, "zoom"), *inert_attribute(data, tag, b"src"), *inert_text(data, tag)])
    assert held == (
        b"<select><xmp><script type=text/plain data-privacy-service=zoom data-privacy-kept-src='//t.co/1'>"
    )


def test_a_held_script_gets_a_type_before_its_own_and_its_text_is_kept_encoded() -> None:
    data = b"<script type=module>load()</script>"
    (tag,) = read(data).tags
    held = apply(data, [inert_type(tag, "zoom"), *inert_text(data, tag)])
    assert held == (
        b'<script type="text/plain" data-privacy-service="zoom" data-privacy-text="bG9hZCgp" type=module></script>'
    )


def test_the_same_edit_for_two_owners_is_made_once() -> None:
    assert apply(b"ab", [Edit(1, 1, b"x"), Edit(1, 1, b"x")]) == b"axb"
