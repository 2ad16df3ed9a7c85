"""Markdown as GitHub shows it."""

from __future__ import annotations

from consent_gateway.reference.markdown import anchor, code, contents, plain, table


def test_a_pipe_in_a_cell_is_no_border_and_a_line_break_no_new_row() -> None:
    assert table(("a", "b"), [("`x|y`", "1\n2")]) == "| a | b |\n| --- | --- |\n| `x\\|y` | 1 2 |\n"


def test_text_is_no_markup_but_code_stays_code() -> None:
    assert plain("a <b> *c* `*d*`") == "a \\<b\\> \\*c\\* `*d*`"


def test_code_may_have_backticks_in_it() -> None:
    assert [code("a"), code("a`b"), code("")] == ["`a`", "`` a`b ``", ""]


def test_headings_have_the_names_that_github_gives_them() -> None:
    assert [anchor("`[services.NAME]`"), anchor("Exit codes"), anchor("third_parties")] == [
        "servicesname",
        "exit-codes",
        "third_parties",
    ]


def test_contents_lists_headings_and_not_what_looks_like_one_in_code() -> None:
    page = "## A\n\n### B\n\n```text\n## no\n```\n\n### C\n\n#### D\n\n## E\n"
    assert contents(page) == "- [A](#a): [B](#b), [C](#c)\n- [E](#e)\n"
