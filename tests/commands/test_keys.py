"""`consent-gateway keys`"""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from consent_gateway.commands.keys import keys
from consent_gateway.state import StateFolder


def test_ids_are_listed_and_no_secret(state: Path) -> None:
    folder = StateFolder(state)
    folder.prepare()
    ring = folder.ring({})
    result = CliRunner(env={"CONSENT_GATEWAY_KEYS": None}).invoke(keys, ["list", "--state", str(state)])
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [key.id for key in ring.keys]
    content = (state / "keys").read_text()
    secrets = {word for word in content.split('"') if len(word) > 20}
    assert secrets and not any(secret in result.stdout for secret in secrets)


def test_garbled_keys_are_an_error(state: Path) -> None:
    (state / "keys").write_text("garbled")
    result = CliRunner(env={"CONSENT_GATEWAY_KEYS": None}).invoke(keys, ["list", "--state", str(state)])
    assert result.exit_code == 2 and str(state / "keys") in result.stderr
