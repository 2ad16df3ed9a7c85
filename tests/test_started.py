"""A command that is a fork is to whoever starts it what `python -m consent_gateway` is."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.started import PLAIN, command


def run(program: Sequence[str], folder: Path, *words: str, **environment: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [*program, *words], cwd=folder, env=os.environ | environment,
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


def test_it_says_the_same_in_the_same_folder_and_environment_and_ends_alike(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text("[services.linkedn]\n")
    origin = {"CONSENT_GATEWAY_ORIGIN": "http://127.0.0.1:99999"}
    for words, environment in ((["check", "site.toml"], {}), (["serve"], origin)):
        code, out, said = run(PLAIN, tmp_path, *words, **environment)
        plain = code, out, said.replace("python -m consent_gateway", "consent-gateway")
        assert run(command(), tmp_path, *words, **environment) == plain and code != 0
    code, _, said = run(command(), tmp_path, "serve")  # nothing is left of the environment before
    assert code == 2 and "99999" not in said and "--origin" in said


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 0), (signal.SIGKILL, -9)])
def test_signals_reach_it_and_nothing_of_it_is_left(
    number: signal.Signals, code: int, tmp_path: Path
) -> None:
    words = ["serve", "--origin", "http://127.0.0.1:9", "--listen", "127.0.0.1:0", "--state", str(tmp_path)]
    with subprocess.Popen(
        [*command(), *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline().startswith("listening on http://")
        process.send_signal(number)
        assert process.wait(30) == code
        assert process.stdout.read() == ""  # comes to an end once nobody has it any more
