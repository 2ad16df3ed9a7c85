"""`consent-gateway keys`"""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from consent_gateway.commands.keys import keys
from consent_gateway.state import StateFolder


def test_ids_are_listed_and_no_secret(state: Path) -> None:
    folder = StateFolder(state)
    folder.prepare()
    ring = folder.keys.ring({})
    result = CliRunner(env={"CONSENT_GATEWAY_KEYS": None}).invoke(keys, ["list", "--state", str(state)])
    assert result.exit_code == 0
    (line,) = result.stdout.splitlines()
    assert line.startswith(f"{ring.signing.id}\t") and line.endswith("\tsigns")
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
    file = tmp_path / "none" / "keys"
    assert result.stderr.splitlines() == [
        f"consent-gateway: {file}: there are no keys yet, and CONSENT_GATEWAY_KEYS is not set; consent-gateway serve makes the first"
    ]
    assert list(tmp_path.iterdir()) == []


def test_a_secret_without_an_id_is_not_repeated(state: Path) -> None:
    secret = "K90/EVzQ" * 6
    result = CliRunner(env={"CONSENT_GATEWAY_KEYS": secret}).invoke(keys, ["list", "--state", str(state)])
    assert result.exit_code == 2 and "K90" not in result.output
    assert "entry 1: there is no id; expected is id:secret" in result.stderr


def run(state: Path, *arguments: str, environment: str | None = None) -> Result:
    return CliRunner(env={"CONSENT_GATEWAY_KEYS": environment}).invoke(
        keys, [*arguments, "--state", str(state)]
    )


def test_a_rotation_says_what_signs_and_when(state: Path) -> None:
    """CON-11"""
    assert run(state, "new").exit_code == 0
    rotated = run(state, "rotate")
    assert rotated.exit_code == 0 and "signs in 30 seconds" in rotated.stdout
    assert [line.rpartition("\t")[2] for line in run(state, "list").stdout.splitlines()] == [
        "signs",
        "verifies",
    ]
    old = run(state, "list").stdout.partition("\t")[0]
    assert run(state, "remove", old).exit_code == 0
    assert run(state, "remove", old).exit_code == 2
    assert old not in run(state, "list").stdout


def test_keys_of_the_environment_are_changed_there(state: Path) -> None:
    printed = run(state, "new", "--print").stdout.strip()
    assert list(state.iterdir()) == []
    refused = run(state, "rotate", environment=printed)
    assert refused.exit_code == 2 and "keys rotate --print" in refused.stderr
    assert run(state, "list", environment=printed).stdout.startswith(
        printed.partition(",")[2].partition(":")[0]
    )
