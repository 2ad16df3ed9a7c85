"""The bill of materials lists all that is installed for the gateway, and no more."""

from __future__ import annotations

import json
import re
import sys
import sysconfig
from email.message import Message
from importlib.metadata import Distribution
from pathlib import Path
from typing import Any

import pytest
from build.util import project_wheel_metadata

from consent_gateway import __version__
from release import licences
from release.bill import NotValid, bill, licence_texts
from release.closure import Needed, NotInstalled, needed
from release.licences import UnknownLicence, licence, not_permitted, texts
from tests.conftest import ROOT

NAME = "consent-gateway"
PYTHON = f"{sys.version_info[0]}.{sys.version_info[1]}"
LIBRARIES = tuple(
    dict.fromkeys(Path(entry) for entry in (sysconfig.get_paths()["purelib"], *sys.path) if entry)
)
MADE = 1_795_000_000


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    """The libraries of the tests, and before them the project as it is now: an older state may be installed."""
    project = tmp_path_factory.mktemp("project")
    information = project / f"consent_gateway-{__version__}.dist-info"
    information.mkdir()
    (information / "METADATA").write_text(str(project_wheel_metadata(ROOT, isolated=False)), "utf-8")
    return (project, *LIBRARIES)


@pytest.fixture(scope="module")
def needs(folders: tuple[Path, ...]) -> dict[str, Needed]:
    return needed(NAME, folders, PYTHON)


@pytest.fixture(scope="module")
def written(needs: dict[str, Needed]) -> Any:
    return json.loads(bill(needs, NAME, PYTHON, MADE))


def test_every_dependency_of_the_project_is_in_it_with_its_version(written: Any) -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    block = re.search(r"^dependencies = \[(.*?)^\]", text, re.M | re.S)
    assert block
    versions = {one["name"]: one["version"] for one in written["components"]}
    direct = set(re.findall(r'"([a-z0-9-]+)[><=]', block[1]))
    assert direct <= versions.keys() and all(versions.values())
    assert {"h11", "cffi", "pydantic-core"} <= versions.keys()  # which others need


def test_what_only_the_tests_need_is_not_in_it(written: Any) -> None:
    assert {one["name"] for one in written["components"]} & {
        "pytest",
        "mypy",
        "ruff",
        "hypothesis",
        NAME,
    } == set()


def test_it_is_of_the_gateway_in_the_version_of_the_package(written: Any) -> None:
    root = written["metadata"]["component"]
    assert (root["name"], root["version"], root["type"]) == (NAME, __version__, "application")


def test_it_says_what_needs_what(written: Any) -> None:
    graph = {one["ref"].partition("@")[0]: one.get("dependsOn", []) for one in written["dependencies"]}
    assert any(other.startswith("pkg:pypi/mitmproxy@") for other in graph["pkg:pypi/consent-gateway"])
    assert any(other.startswith("pkg:pypi/tornado@") for other in graph["pkg:pypi/mitmproxy"])


def test_the_same_makes_the_same_bill(folders: tuple[Path, ...], needs: dict[str, Needed]) -> None:
    assert bill(needs, NAME, PYTHON, MADE) == bill(needed(NAME, folders, PYTHON), NAME, PYTHON, MADE)


def test_a_bill_that_the_schema_does_not_allow_is_not_written(
    needs: dict[str, Needed], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("release.bill.JsonV1Dot6.output_as_string", lambda *_, **__: '{"bomFormat": "other"}')
    with pytest.raises(NotValid):
        bill(needs, NAME, PYTHON, MADE)


def test_every_licence_is_known_and_may_be_in_the_release(needs: dict[str, Needed], written: Any) -> None:
    of_all = {one.name: licence(one.distribution) for one in needs.values()}
    assert {name: found for name, found in of_all.items() if not_permitted(found)} == {}
    assert all(one["licenses"] for one in written["components"])


def test_licence_texts_have_those_of_every_distribution_that_brings_one(needs: dict[str, Needed]) -> None:
    text = licence_texts(needs)
    assert all(f"{one.name} {one.distribution.version}: " in text for one in needs.values())
    assert "Aldo Cortesi" in text and "GNU LESSER GENERAL PUBLIC LICENSE" in text


def test_what_is_needed_and_not_there_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "thing-1.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: thing\nVersion: 1\nRequires-Dist: other\n")
    with pytest.raises(NotInstalled, match="other is needed"):
        needed("thing", (tmp_path,), PYTHON)


def test_extras_and_markers_count_as_pip_counts_them(tmp_path: Path) -> None:
    for name, requires in {
        "thing": ('one[more]; python_version < "3.12"', 'none; extra == "x"'),
        "one": ('two; extra == "more"', 'none; extra == "less"'),
        "two": (),
    }.items():
        folder = tmp_path / f"{name}-1.dist-info"
        folder.mkdir()
        lines = [
            "Metadata-Version: 2.1",
            f"Name: {name}",
            "Version: 1",
            *(f"Requires-Dist: {r}" for r in requires),
        ]
        (folder / "METADATA").write_text("\n".join(lines) + "\n")
    assert set(needed("thing", (tmp_path,), "3.11")) == {"thing", "one", "two"}
    assert set(needed("thing", (tmp_path,), "3.12")) == {"thing"}


@pytest.mark.parametrize(
    ("expression", "refused"),
    [
        ("MIT", set()),
        ("GPL-3.0-only OR MIT", set()),
        ("GPL-3.0-only AND MIT", {"GPL-3.0-only"}),
        ("MIT AND (AGPL-3.0-only OR MIT)", {"AGPL-3.0-only"}),
    ],
)
def test_one_permitted_alternative_is_enough(expression: str, refused: set[str]) -> None:
    assert not_permitted(expression) == refused


class _Said(Distribution):
    def __init__(self, **fields: str) -> None:
        self._message = Message()
        for name, value in {"Name": "thing", "Version": "1", **fields}.items():
            self._message[name.replace("_", "-")] = value

    @property
    def metadata(self) -> Any:
        return self._message

    def read_text(self, filename: str) -> str | None:
        return None

    def locate_file(self, path: Any) -> Any:
        return Path(path)


@pytest.mark.parametrize(
    ("fields", "expression"),
    [
        ({"License_Expression": "mit"}, "MIT"),
        ({"License": "Apache 2.0"}, "Apache-2.0"),
        ({"License": "All of\nthe text", "Classifier": "License :: OSI Approved :: MIT License"}, "MIT"),
    ],
)
def test_a_licence_is_read_where_the_metadata_have_it(fields: dict[str, str], expression: str) -> None:
    assert licence(_Said(**fields)) == expression


def test_a_licence_that_is_left_open_is_asked_for_by_name() -> None:
    with pytest.raises(UnknownLicence, match=r"thing 1 says \['BSD'\]"):
        licence(_Said(License="BSD"))


def test_what_is_stated_here_is_what_the_licence_file_says(needs: dict[str, Needed]) -> None:
    """The third clause of BSD-3-Clause is about endorsing."""
    stated = {name: texts(needs[name].distribution) for name in licences.STATED if name in needs}
    for name, brought in stated.items():
        whole = " ".join(brought.values())
        assert ("endorse" in whole) == ("BSD-3-Clause" in licences.STATED[name]), name
    assert len(stated) > 5
