"""`consent-gateway requests purge`"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.commands.test_requests import move, of, receive, served, today, verified
from tests.received import NOW

__all__ = ["served", "today"]  # fixtures


@pytest.mark.parametrize(("site", "years"), [("", 3), ('[retention.requests]\nperiod = "1 year"\nground = "our rule"', 1)])  # fmt: skip
def test_what_was_closed_long_enough_ago_is_removed(
    served: Path, monkeypatch: pytest.MonkeyPatch, site: str, years: int
) -> None:
    """POL-05"""
    (served / "site.toml").write_text(site)
    receive(served, "erase", "access")
    of(served, "answer", "1", "--text", "Erased.")
    of(served, "told", "1")
    purge = ["purge", "--site", str(served / "site.toml")]
    nothing = "removed: 0 requests, 0 recipient notices, 0 advance notices"
    over = NOW.replace(year=2026 + years)
    move(monkeypatch, over)
    first, second = of(served, *purge).stdout.splitlines()
    assert first.startswith(f"kept for {years} year") and second == nothing
    move(monkeypatch, over + timedelta(seconds=1))
    assert of(served, *purge).stdout.splitlines()[1] == "removed: 1 request, 1 recipient notice, 0 advance notices"  # fmt: skip
    assert of(served, *purge).stdout.splitlines()[1] == nothing
    assert [line.split()[0] for line in of(served, "list", "--all").stdout.splitlines()[1:]] == ["2"]
    assert verified(served).exit_code == 0


def test_a_bad_site_file_removes_nothing(served: Path) -> None:
    (served / "site.toml").write_text("oops")
    result = of(served, "purge", "--site", str(served / "site.toml"))
    assert result.exit_code == 2 and "not TOML" in result.stderr
    assert of(served, "purge").exit_code == 2
