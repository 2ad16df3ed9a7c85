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


def test_looking_makes_no_folder_and_no_key(tmp_path: Path) -> None:
    result = CliRunner(env={"CONSENT_GATEWAY_KEYS": None}).invoke(
        keys, ["list", "--state", str(tmp_path / "none")]
    )
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        f"consent-gateway: {tmp_path / 'none' / 'keys'}: there are no keys yet; consent-gateway serve makes the first"
    ]
    assert list(tmp_path.iterdir()) == []


def test_a_secret_without_an_id_is_not_repeated(state: Path) -> None:
    secret = "K90/EVzQ" * 6
    result = CliRunner(env={"CONSENT_GATEWAY_KEYS": secret}).invoke(keys, ["list", "--state", str(state)])
    assert result.exit_code == 2 and "K90" not in result.output
    assert "entry 1: there is no id; expected is id:secret" in result.stderr
