"""README and docs say what is the case."""

from __future__ import annotations

import base64
import re
import tomllib
from pathlib import Path
from typing import Any, get_args

import click
import pytest

from consent_gateway.catalogue import Catalogue
from consent_gateway.commands import COMMANDS, main
from consent_gateway.commands.serve import serve
from consent_gateway.cookie_rules import fault_of
from consent_gateway.datafile import Table, parse
from consent_gateway.key_file import KEYS_VARIABLE
from consent_gateway.policy_tables import Processing, Recipient, Required, Role, Safeguard, Source
from consent_gateway.rendering import Rendering, templates_folder
from consent_gateway.site import Site, read
from consent_gateway.site_tables import Retention, SiteService
from consent_gateway.state import StateFolder
from tests import hit_page
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text("utf-8")
POLICY = (ROOT / "docs" / "policy.md").read_text("utf-8")
SITE_FILE = (ROOT / "docs" / "site-file.md").read_text("utf-8")
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


def toml_of(document: str) -> list[str]:
    return re.findall(r"```toml\n(.*?)```", document, re.S)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_within_the_project_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text("utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_the_table_of_commands_is_complete() -> None:
    assert re.findall(r"^\| `consent-gateway (\w+)` \|", README, re.M) == list(COMMANDS)


def test_every_option_that_is_mentioned_exists() -> None:
    options = {name for command in (serve, *_leaves(main)) for p in command.params for name in p.opts}
    for document in (README, SITE_FILE):
        for line in re.findall(r"^    consent-gateway .*$|`--[a-z-]+[^`]*`", document, re.M):
            assert set(re.findall(r"(?<!\S)`?(--(?!privacy-)[a-z-]+)", line)) <= {*options, "--help"}


def test_the_site_file_of_the_readme_has_no_faults(tmp_path: Path, catalogue: Catalogue) -> None:
    (example,) = toml_of(README)
    file = tmp_path / "site.toml"
    file.write_text(example)
    assert read(file, catalogue).third_parties.unlisted == "hold"


def test_the_defaults_are_those_of_the_documentation() -> None:
    defaults, *others = toml_of(SITE_FILE)
    (theme,) = (one for one in others if one.startswith("[theme]"))
    assert parse(defaults, Site, file="defaults") == Site()
    parse(theme, Site, file="theme")


def test_every_key_is_in_the_documentation(tmp_path: Path, catalogue: Catalogue) -> None:
    written: set[str] = set()
    for text in toml_of(SITE_FILE):
        written |= set(_keys(tomllib.loads(text)))
    assert {key for key in _fields(Site) if key not in written} == set()
    file = tmp_path / "site.toml"
    file.write_text(toml_of(SITE_FILE)[1])
    read(file, catalogue)


def test_the_cookies_that_the_documentation_calls_necessary_can_be_declared_so(catalogue: Catalogue) -> None:
    table = SITE_FILE.partition("| necessary, as a rule |")[2].partition("\n\n")[0]
    names = re.findall(r"`([^`]+)`", table)
    assert len(names) > 20
    assert {name: fault for name in names if (fault := fault_of(name, "necessary", catalogue))} == {}


def test_the_keys_of_the_environment_are_taken_as_documented(state: Path) -> None:
    (form,) = re.findall(r"`CONSENT_GATEWAY_KEYS` \|[^|]*`(id:[^`]*)`, oldest first", SITE_FILE)
    secret = base64.b64encode(bytes(range(32))).decode()
    text = form.replace("id", "a", 1).replace("id", "b").replace("secret", secret)
    assert [key.id for key in StateFolder(state).keys.kept_ring({KEYS_VARIABLE: text}).keys] == ["a", "b"]


def _leaves(group: click.Group) -> list[click.Command]:
    found: list[click.Command] = []
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command
        found += _leaves(command) if isinstance(command, click.Group) else [command]
    return found


def _keys(content: dict[str, Any], above: str = "") -> list[str]:
    found = []
    for key, value in content.items():
        found.append(f"{above}{key}")
        if isinstance(value, dict):
            found += _keys(value, f"{above}{key}.")
    return found


def _fields(model: type[Table], above: str = "") -> list[str]:
    found = []
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, Table):
            found += _fields(inner, f"{above}{name}.")
        else:
            found.append(f"{above}{field.alias or name}")
    return found


def test_the_page_about_hits_is_made_from_the_tables_as_they_are() -> None:
    assert hit_page.PLACE.read_text("utf-8") == hit_page.page(), "run: python -m tests.hit_page"


def test_its_example_shows_a_person_before_and_none_after() -> None:
    rows = re.findall(
        r"^\| `[^`]+` \| (.*?) \| (.*?) \|", hit_page.page().partition("## Every parameter")[0], re.M
    )
    before, after = (" ".join(column) for column in zip(*rows, strict=True))
    for marker in ("anna", "4711", "1869824210", "T-2026-0042", "search.example", "156.0.8078.79", "gold"):
        assert marker in before and marker not in after


def test_the_page_about_the_policy_lists_every_word_that_the_gateway_has() -> None:
    said = Rendering(templates_folder(), ("en",), prefix="/.privacy").wording("en").texts
    for key, words in (
        ("`purpose` of a processing", said["policy_purposes"]),
        ("`subjects`", said["subjects"]),
        ("`data`", said["personal_data"]),
        ("`reason` of a cookie", said["cookie_reasons"]),
        ("`kind` of a recipient", [*said["recipient_kinds"], "other", "purpose"]),
        ("`required`", get_args(Required)[1:]),
        ("`role`", [*get_args(Role), "arrangement"]),
        ("`transfer` of a recipient", get_args(Safeguard)[1:]),
    ):
        (row,) = re.findall(rf"^\| {re.escape(key)} \| (.*) \|$", POLICY, re.M)
        assert set(re.findall(r"`(\w+)`", row)) == set(words), key


def test_every_key_of_the_tables_with_names_is_in_the_documentation() -> None:
    written = tomllib.loads(toml_of(SITE_FILE)[1])
    for table, model in (
        ("processing", Processing), ("recipients", Recipient), ("sources", Source), ("retention", Retention),
    ):  # fmt: skip
        keys = {key for one in written[table].values() for key in one}
        written_as = {str(one.validation_alias or name) for name, one in model.model_fields.items()}
        assert written_as - keys - {"arrangement"} == set(), table
    assert SiteService.model_fields.keys() == {key for one in written["services"].values() for key in one}
