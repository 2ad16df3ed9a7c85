"""What code spells, imports and writes."""

from __future__ import annotations

import pytest

from consent_gateway.page.code import (
    addresses,
    has_address,
    imported,
    is_snippet,
    is_streamed,
    spelt_out,
    written,
)


@pytest.mark.parametrize(
    ("code", "plain"),
    [
        (rb"'https:\/\/t.co'", b"'https://t.co'"),
        (rb"'\x2f\u002f\u{2f}'", b"'///'"),
        (b"'https:' + \"//t\" +\n'.co'", b"'https://t.co'"),
        (b"atob('Ly90LmNv')", b'"//t.co"'),
        (b"String.fromCharCode(47, 47, 116)", b'String."//t"'),
        (b"unescape('%3Cscript src=%22//t.co%22')", b"unescape('<script src=\"//t.co\"')"),
        (b"a + 'b' + c", b"a + 'b' + c"),
        (b"'%3Cb'", b"'%3Cb'"),
        (rb"'\u{110000}\q'", rb"'\q'"),
    ],
)
def test_strings_are_read_as_they_are_when_the_code_runs(code: bytes, plain: bytes) -> None:
    assert spelt_out(code) == plain


def test_state_is_no_snippet_and_neither_is_an_application() -> None:
    assert is_snippet(b"s=document.createElement('script')")
    assert not is_snippet(b"root.App={hosts:['//t.co']}")
    assert not is_snippet(b"s.src='//t.co';" + b" " * 40_000)


def test_imports_are_found_by_their_specifiers() -> None:
    code = b"import a from '//t.co/1'; export * from \"//t.co/2\"; import '//t.co/3'; import (`//t.co/4`)"
    assert set(imported(code, module=True)) == {b"//t.co/1", b"//t.co/2", b"//t.co/3", b"//t.co/4"}
    assert b"//t.co/2" not in set(imported(code, module=False))
    assert list(imported(b"import('./own.js'); imported('//t.co'); important = '//t.co'", module=True)) == []


def test_what_is_written_into_the_document_is_found_and_links_are_not() -> None:
    code = (
        b"document.write('<script src=\"' + p + '//t.co/a.js\">'); document.writeln('<a href=\"//t.co/b\">')"
    )
    assert list(written(code)) == [b"//t.co/a.js"]
    assert list(written(b"box.innerHTML = '<script src=\"//t.co/a.js\">'")) == []


def test_addresses_are_whole() -> None:
    assert list(addresses(b"a='https://t.co/1?b'; c=\"//t.co\"")) == [b"https://t.co/1?b", b"//t.co"]
    assert has_address(b"'//t.co'") and has_address(rb"'\/\/t.co'") and not has_address(b"a / b")


@pytest.mark.parametrize("piece", [b"'+'", b"'  +", b"import(", b"import /*", b"document.write('<img ", b"\\x", b"atob('", b"//a."])  # fmt: skip
def test_hostile_code_is_read_like_any_other(piece: bytes) -> None:
    """Were an expression not linear, a third of a megabyte of this would take minutes."""
    code = piece * (300_000 // len(piece))
    plain = spelt_out(code)
    for found in (imported(plain, module=True), written(plain), addresses(plain)):
        assert all(len(one) <= len(code) for one in found)


@pytest.mark.parametrize(
    "code",
    [
        b"(function (u) { import(u + 'x.js') })('https://cdn.t.co/')",
        b'const at = "//cdn.t.co"; await import (at + path)',
        b"import(`https://cdn.t.co/${name}.js`)",
        b"import(/* later */ base); var base = 'https://cdn.t.co/a/b/' + version",
    ],
)
def test_what_an_import_may_begin_with_counts_where_it_is_put_together(code: bytes) -> None:
    assert any(b"//cdn.t.co" in address for address in imported(code, module=False))


@pytest.mark.parametrize(
    "code",
    [
        b"import(page); share = 'https://www.t.co/'; other = 'https://t.co/'",
        b"import(page); link = 'https://files.t.co/share?u='; picture = 'https://files.t.co/a.png'",
        b"import('./own.js'); base = 'https://cdn.t.co/'",
        b'import("./own.js", {with: {type: "json"}}); base = "https://cdn.t.co/"',
        b"base = 'https://cdn.t.co/'",
    ],
)
def test_a_link_and_code_that_imports_what_it_names_are_left(code: bytes) -> None:
    assert list(imported(code, module=False)) == []


@pytest.mark.parametrize(
    ("text", "streamed"),
    [
        (b'self.__next_f.push([1,"a\\"])b"])', True),
        (b' window.__next_f.push([1, "a"]) ; self.__next_f.push([1,""])\n', True),
        (b'self.__next_f.push([1,"a"]);boot()', False),
        (b'self.__next_f.push([1,"a" + boot()])', False),
        (b'self.__next_f.push([1,"a])', False),
        (b"boot('__next_f')", False),
    ],
)
def test_strings_that_a_framework_streams_are_no_code(text: bytes, streamed: bool) -> None:
    assert is_streamed(text) is streamed
