"""The lists of a site file are read before anything is served."""

from __future__ import annotations

from pathlib import Path

import pytest

from consent_gateway.datafile import Faulty, parse
from consent_gateway.lists.files import of_site
from consent_gateway.site import Site

SITE = '[third_parties]\nlists = ["lists/own.txt"]\n'


def lists_of(folder: Path, content: bytes | None) -> list[str]:
    (folder / "lists").mkdir()
    (folder / "site.toml").write_text(SITE)
    if content is not None:
        (folder / "lists" / "own.txt").write_bytes(content)
    lists = of_site(parse(SITE, Site, file="site.toml"), folder / "site.toml")
    return [rule.pattern for one in lists.read for rule in one.rules]


def test_a_list_lies_where_its_path_leads_from_the_site_file(tmp_path: Path) -> None:
    assert lists_of(tmp_path, b"||ads.example.com^\n") == ["||ads.example.com^"]


def test_without_lists_there_are_none() -> None:
    assert not of_site(Site(), None)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "No such file"),
        (b"||ads.example.com^\n\xff\n", "line 2 is not UTF-8"),
        (b"", "no rule in it"),
        (b"##.ad\n", "no rule in it: from line 1 on, 1 hide elements of the page, fetch nothing"),
        (b"\n<!doctype html>\n<h1>Not Found</h1>\n", "is markup and no list"),
    ],
)
def test_what_is_no_list_is_a_fault_of_the_site_file(
    tmp_path: Path, content: bytes | None, reason: str
) -> None:
    with pytest.raises(Faulty) as raised:
        lists_of(tmp_path, content)
    (fault,) = raised.value.faults
    assert (fault.key, fault.line) == ("third_parties.lists", 2)
    assert fault.reason.startswith(f"lists/own.txt: {reason}")
