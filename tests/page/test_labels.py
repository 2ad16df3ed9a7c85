"""The names of encodings are those that browsers know."""

from __future__ import annotations

import codecs
import encodings.aliases

import pytest
import turbohtml

from consent_gateway.page.labels import CODECS


def known_to_another_parser(label: str) -> bool:
    return turbohtml.parse(f"<meta charset={label}>".encode()).encoding_confidence == "certain"


def test_every_name_is_known_to_another_parser() -> None:
    assert [label for label in CODECS if not known_to_another_parser(label)] == []


@pytest.mark.parametrize("codec", sorted(set(CODECS.values())))
def test_every_codec_is_one_of_pythons_by_its_own_name(codec: str) -> None:
    assert codecs.lookup(codec).name == codec


def test_what_only_python_knows_is_no_name() -> None:
    """Such a name in a page makes no browser read it so: an address would look like another."""
    for alias in encodings.aliases.aliases:
        label = alias.replace("_", "-")
        assert (label in CODECS) == known_to_another_parser(label), label
