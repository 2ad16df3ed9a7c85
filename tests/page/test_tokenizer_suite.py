"""The tokenizer against html5lib's tests, where a folder of them is given, and against cases of our own.

`make tokenizer-tests DIR=html5lib-tests/tokenizer`: the files of that public suite are not part of this one.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from consent_gateway.page.tags import Tag
from consent_gateway.page.tokens import Tokens
from consent_gateway.urls import attribute_text

FOLDER = os.environ.get("TOKENIZER_TESTS", "")
# What stands before the input, so that the tokenizer is in that state (13.2.5).
STATES = {
    "Data state": "",
    "PLAINTEXT state": "<plaintext>",
    "RCDATA state": "<{}>",
    "RAWTEXT state": "<{}>",
    "Script data state": "<script>",
    "CDATA section state": "<svg><![CDATA[",
}
Read = list[list[Any]]


class Case(NamedTuple):
    """A text, and the tags in it: name and attributes, an end tag's name with a slash."""

    name: str
    before: str
    text: str
    tags: Read


# Own cases: what is easily got wrong.
OWN = [
    Case("quotes", "", "<a x=\"1\" y='2' z=3 w>", [["a", {"x": "1", "y": "2", "z": "3", "w": ""}]]),
    Case("no space between attributes", "", "<a x='1'y=\"2\"z>", [["a", {"x": "1", "y": "2", "z": ""}]]),
    Case("slashes", "", "<a/x/=y/z=/>", [["a", {"x": "", "=y": "", "z": "/"}]]),
    Case("equals at the start", "", "<a =x =><b =>", [["a", {"=x": ""}], ["b", {"=": ""}]]),
    Case("space around equals", "", "<a x\t=\n'1'\r\n y = 2>", [["a", {"x": "1", "y": "2"}]]),
    Case("first of two counts", "", "<a x=1 X=2>", [["a", {"x": "1"}]]),
    Case("quote in a name", "", "<a x\"y='1'>", [["a", {'x"y': "1"}]]),
    Case("quote in a bare value", "", "<a x=y\"z'>", [["a", {"x": "y\"z'"}]]),
    Case("less-than in names", "", "<a<b c<d=1>", [["a<b", {"c<d": "1"}]]),
    Case("greater-than ends a bare value", "", "<a x=>y", [["a", {"x": ""}]]),
    Case("greater-than in quotes", "", "<a x='>'>", [["a", {"x": ">"}]]),
    Case("end tag with attributes", "", "</a x='>'><b>", [["/a"], ["b", {}]]),
    Case("upper case", "", "<A HREF=X></A>", [["a", {"href": "X"}], ["/a"]]),
    Case("zero bytes", "", "<a\0b c\0d=\0>", [["a\ufffdb", {"c\ufffdd": "\ufffd"}]]),
    Case("form feed", "", "<a\fx\f=\f1\f>", [["a", {"x": "1"}]]),
    Case("vertical tab is no space", "", "<a\vx=1>", [["a\vx=1", {}]]),
    Case("unfinished", "", "<a><b x='", [["a", {}]]),
    Case("unfinished behind a slash", "", "<a><b/", [["a", {}]]),
    Case("references", "", "<a x='&amp;&lt;&notit;&not=1&#65;&#x42'>", [["a", {"x": "&<&notit;&not=1AB"}]]),
    Case("comment", "", "<!--<a>--><b>", [["b", {}]]),
    Case("comment that ends at once", "", "<!--><a><!---><b>", [["a", {}], ["b", {}]]),
    Case("comment with a bang", "", "<!--x--!><a>", [["a", {}]]),
    Case("comment with dashes", "", "<!--x--y---><a>", [["a", {}]]),
    Case("comment within", "", "<!--<!--x--><a>", [["a", {}]]),
    Case("bogus comments", "", "<!a><?b><//><b></ c><d>", [["b", {}], ["d", {}]]),
    Case("no section in html", "", "<![CDATA[<a>]]>", []),
    Case("a section in svg", "<svg><![CDATA[", "<a>]]><b>", [["b", {}]]),
    Case("text of a script", "<script>", "<a></scriptx></script/x><b>", [["/script"], ["b", {}]]),
    Case("escaped script", "<script>", "<!--<script></script></script><b>", [["/script"], ["b", {}]]),
    Case("escaped script that ends", "<script>", "<!--<script>--></script><b>", [["/script"], ["b", {}]]),
    Case("title", "<title>", "<a></titl></title\t><b>", [["/title"], ["b", {}]]),
    Case("plain text", "<plaintext>", "</plaintext><a>", []),
]  # fmt: skip


def test_our_own_cases_are_read_as_the_standard_says() -> None:
    assert [(case.name, read(case)) for case in OWN if read(case) != case.tags] == []


@pytest.mark.skipif(not FOLDER, reason="no folder of html5lib's tokenizer tests (make tokenizer-tests DIR=…)")
def test_html5libs_tests_are_read_as_they_expect(capsys: pytest.CaptureFixture[str]) -> None:
    cases = [case for file in sorted(Path(FOLDER).glob("*.test")) for case in given(file)]
    wrong = [case for case in cases if read(case) != case.tags]
    with capsys.disabled():
        print(f"\n{len(cases) - len(wrong)} of {len(cases)} cases read as expected")
    assert cases
    assert [(case.name, case.before + case.text, read(case), case.tags) for case in wrong[:20]] == []


def given(file: Path) -> Iterator[Case]:
    """The cases of a file, one for each state that it is to be read from."""
    for test in json.loads(file.read_text("utf-8")).get("tests", ()):
        text, output = test["input"], test["output"]
        if test.get("doubleEscaped"):
            text, output = (json.loads(_unescaped(json.dumps(part))) for part in (text, output))
        tags = [_expected(token) for token in output if token[0] in ("StartTag", "EndTag")]
        for state in test.get("initialStates", ["Data state"]):
            if state == "Script data state" and test.get("lastStartTag", "script") != "script":
                continue  # no document leads there
            before = STATES[state].format(test.get("lastStartTag", "xmp" if "RAW" in state else "title"))
            yield Case(f"{file.name}: {test['description']} ({state})", before, text, tags)


def _unescaped(text: str) -> str:
    return re.sub(r"\\\\u([0-9a-fA-F]{4})", r"\\u\1", text)


def _expected(token: list[Any]) -> list[Any]:
    return [f"/{token[1]}"] if token[0] == "EndTag" else [token[1], token[2]]


def read(case: Case) -> Read:
    """The tags our tokenizer finds behind what stands before."""
    data = (case.before + case.text).encode("utf-8", "surrogatepass")
    start = len(case.before.encode())
    tags = [tag for tag in Tokens(data, every=True) if tag.start >= start and not tag.noscript]
    return [_token(tag, data) for tag in tags]


def _token(tag: Tag, data: bytes) -> list[Any]:
    assert data[tag.start : tag.start + 1] == b"<" and data[tag.end - 1 : tag.end] == b">"
    if tag.name[:1] == b"/":
        return [_text(tag.name)]
    return [
        _text(tag.name),
        {
            _text(name): attribute_text(_text(data[found.value_start : found.value_end]))
            for name, found in tag.attributes(data).items()
        },
    ]


def _text(value: bytes) -> str:
    text = value.decode("utf-8", "surrogatepass").replace("\0", "\ufffd")
    return text.replace("\r\n", "\n").replace("\r", "\n")
