"""The reference of the site file."""

from __future__ import annotations

import re
import tomllib

from consent_gateway.completeness import articles
from consent_gateway.reference.declared import said_of
from consent_gateway.reference.site_file import STRICT, heading, part
from consent_gateway.rendering import Rendering, templates_folder
from consent_gateway.site import Site
from consent_gateway.site_keys import tables
from tests.conftest import ROOT

SECTIONS = dict(re.findall(r"^### `\[([\w.]+)\]`\n(.*?)(?=^##|\Z)", part(), re.S | re.M))


def rows(table: str) -> dict[str, list[str]]:
    """The cells of a table of the reference by their keys."""
    found = [
        re.split(r"(?<!\\) \| ", line[2:-2])
        for line in SECTIONS[table].splitlines()
        if line.startswith("| `")
    ]
    return {cells[0].strip("`"): cells[1:] for cells in found}


def test_every_key_that_the_reader_takes_is_there() -> None:
    for table in tables():
        if table.name:
            assert list(rows(table.name)) == list(table.keys), table.name
    assert SECTIONS.keys() == {*(table.name for table in tables() if table.name), "measures"}


def test_every_key_says_what_it_is_for() -> None:
    """A new key needs a text below it, where it is declared."""
    silent = [
        f"{table.name}.{key}"
        for table in tables()
        for key, cells in (rows(table.name) if table.name else {}).items()
        if not cells[2].strip() and not cells[0].startswith("[table]")
    ]
    assert silent == []
    assert said_of(Site)["measures"]


def test_every_table_says_what_it_is_for() -> None:
    assert [table.name for table in tables() if table.name and not table.model.__doc__] == []


def test_what_is_needed_has_its_article_beside_it() -> None:
    for key, article in articles().items():
        table, _, name = key.rpartition(".")
        told = " | ".join(rows(table)[name]) if table else SECTIONS[f"{name}.NAME"]
        assert article in told and "`check`" in told, key
    for key, (_, article) in STRICT.items():
        table, _, name = key.rpartition(".")
        told = " | ".join(rows(table)[name]) if table else SECTIONS[f"{name}.NAME"]
        assert article in told and "`--strict`" in told, key
    assert rows("cookies.NAME")["purpose"][3] == "always"


def test_the_defaults_are_those_that_the_prose_shows() -> None:
    blocks = re.findall(r"```toml\n(.*?)```", (ROOT / "docs" / "site-file.md").read_text("utf-8"), re.S)
    shown = {**tomllib.loads(blocks[0]), **tomllib.loads(blocks[2])}
    shown["theme.dark"] = shown["theme"].pop("dark")
    for table, values in shown.items():
        for key, value in values.items():
            written = rows(table)[key][1].strip("`")
            if "…" not in written:
                assert tomllib.loads(f"value = {written}")["value"] == value, f"{table}.{key}"


def test_the_gateways_own_reasons_of_cookies_are_all_named() -> None:
    said = Rendering(templates_folder(), ("en",), prefix="/.privacy").wording("en").texts
    assert set(re.findall(r"`(\w+)`", rows("cookies.NAME")["reason"][2])) == set(said["cookie_reasons"])


def test_a_heading_is_the_table_as_it_is_written() -> None:
    assert heading("site") == "`[site]`"
