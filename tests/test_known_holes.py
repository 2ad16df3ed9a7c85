"""What is said of holes in libraries, and that silence is not taken for none."""

from __future__ import annotations

import json

import pytest

from tests.known_holes import judged


def test_a_hole_is_named_with_where_it_is_mended(capsys: pytest.CaptureFixture[str]) -> None:
    hole = {"id": "CVE-2025-43859", "fix_versions": ["0.16.0"]}
    libraries = [
        {"name": "h11", "version": "0.14.0", "vulns": [hole]},
        {"name": "click", "version": "8.1.7", "vulns": []},
    ]
    assert judged(json.dumps({"dependencies": libraries}), "") == 1
    assert (
        "h11 0.14.0: CVE-2025-43859; mended in 0.16.0\n1 known holes in 2 libraries"
        in capsys.readouterr().out
    )


def test_without_holes_all_is_well() -> None:
    assert judged('{"dependencies": [{"name": "click", "version": "8.1.7", "vulns": []}]}', "") == 0


def test_a_library_that_was_not_found_is_not_one_without_holes(capsys: pytest.CaptureFixture[str]) -> None:
    libraries = [
        {"name": "click", "version": "8.1.7", "vulns": []},
        {"name": "h11", "skip_reason": "Dependency not found"},
    ]
    assert judged(json.dumps({"dependencies": libraries}), "") == 2
    told = capsys.readouterr()
    assert "0 known holes in 1 libraries" in told.out and "nothing of 1 libraries: h11" in told.err


@pytest.mark.parametrize("output", ["", "{}", "not JSON"])
def test_without_an_answer_nothing_is_known(output: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert judged(output, "Traceback\nConnectionError: no route to host") == 2
    assert "could not be asked, so nothing is known: ConnectionError" in capsys.readouterr().err
