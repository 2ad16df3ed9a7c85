"""Sdist and wheel are the same bytes whenever they are made, and run where they are installed."""

from __future__ import annotations

import hashlib
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from consent_gateway import __version__
from release.__main__ import SOURCE, found
from release.build import Failed, built, committed, run
from release.trying import PAGE, holds, tried
from tests.conftest import ROOT

MADE = 1_795_000_000


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return built(ROOT, tmp_path_factory.mktemp("dist"), MADE)


def test_built_again_they_are_the_same_bytes(both: tuple[Path, Path], tmp_path: Path) -> None:
    again = built(ROOT, tmp_path, MADE)
    assert [_digest(path) for path in again] == [_digest(path) for path in both]


def test_both_have_the_version_of_the_package(both: tuple[Path, Path]) -> None:
    assert [path.name for path in both] == [
        f"consent_gateway-{__version__}.tar.gz",
        f"consent_gateway-{__version__}-py3-none-any.whl",
    ]


def test_the_wheel_has_every_file_of_the_package_and_the_licence(both: tuple[Path, Path]) -> None:
    with zipfile.ZipFile(both[1]) as wheel:
        names = set(wheel.namelist())
    package = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "consent_gateway").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert package - names == set()
    assert f"consent_gateway-{__version__}.dist-info/licenses/LICENSE" in names


def test_what_make_does_is_in_the_sdist(both: tuple[Path, Path]) -> None:
    with tarfile.open(both[0]) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    wanted = {"Makefile", "LICENSE", "CHANGELOG.md", "pyproject.toml", ".ci/run", "release/bill.py", "benchmarks/hits.py", "tests/conftest.py", "templates/wording/en.toml"}  # fmt: skip
    assert wanted - names == set()


def test_a_gateway_that_holds_a_service_has_been_tried() -> None:
    program = Path(sys.executable)
    if not program.with_name("consent-gateway").exists():
        pytest.skip("the gateway is not installed beside this Python")
    assert tried(program) == __version__


@pytest.mark.parametrize(
    ("page", "is_held"),
    [
        (b'<div data-privacy-placeholder>', True),
        (PAGE, False),
        (PAGE + b"<i data-privacy>", False),
        (b"", False),
    ],
)  # fmt: skip
def test_only_a_page_with_a_placeholder_and_without_the_frame_is_held(page: bytes, is_held: bool) -> None:
    assert holds(page) is is_held


def test_what_a_program_wrote_is_in_the_reason() -> None:
    with pytest.raises(Failed, match="ended with 3:\nwhy"):
        run(sys.executable, "-c", "import sys; print('why'); sys.exit(3)")


def test_the_time_of_a_release_can_be_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(MADE))
    assert committed(SOURCE) == MADE


def test_this_python_is_found() -> None:
    python = found(f"{sys.version_info[0]}.{sys.version_info[1]}")
    assert (
        python is None
        or run(python, "-c", "import sys; print(sys.version_info[:2])") == f"{sys.version_info[:2]}\n"
    )


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
