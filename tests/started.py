"""`consent-gateway` started once: each command after that is a fork of it, with all modules there.

A start costs a second of the processor, nearly all of it for modules and for reading the catalogue. `command()` is
what stands in the place of `python -m consent_gateway`; it is what the program is: its output, exit code and signals.
SIGSTOP and the number of the process are not passed on, and modules are those of the first start: whoever is about
one of these takes `PLAIN`.

python -m tests.started FILE                   waits for commands at a socket that is open already
python -S -E started.py SOCKET [WORD…]         asks for one
"""

from __future__ import annotations

import array
import atexit
import gc
import json
import os
import select
import signal
import socket
import sys
from contextlib import suppress

_LENGTH = 4  # bytes before what is told
FILES = (0, 1, 2)
PASSED_ON = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2)
PLAIN = (sys.executable, "-m", "consent_gateway")
_found: list[str] = []


def command() -> list[str]:
    """What a command begins with; the first of a process starts what waits for it, until the process ends."""
    if not _found:
        _found.extend((sys.executable, "-S", "-E", __file__, _begin()))
    return [*_found]


def _begin() -> str:
    import shutil
    import subprocess
    import tempfile
    from pathlib import Path

    folder = tempfile.mkdtemp(prefix="consent-gateway-started-")
    path = f"{folder}/socket"
    with socket.socket(socket.AF_UNIX) as waiting:
        waiting.bind(path)
        waiting.listen()
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.started", str(waiting.fileno())],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, pass_fds=[waiting.fileno()],
            cwd=Path(__file__).parent.parent, start_new_session=True,
        )  # fmt: skip

    def end() -> None:
        process.communicate()  # it waits for the end of its input
        shutil.rmtree(folder)

    atexit.register(end)
    return path


def ask(path: str, words: list[str]) -> int:
    """Has a command run with our files, folder and environment; its exit code."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(path)
        told = json.dumps({"words": words, "folder": os.getcwd(), "environment": dict(os.environ)}).encode()
        files = array.array("i", FILES).tobytes()
        connection.sendmsg(
            [len(told).to_bytes(_LENGTH, "big")], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, files)]
        )
        connection.sendall(told)
        pid = int.from_bytes(_whole(connection, _LENGTH), "big")

        def pass_on(number: int, _: object) -> None:
            with suppress(ProcessLookupError):  # it has just ended
                os.kill(pid, number)

        for number in PASSED_ON:
            signal.signal(number, pass_on)
        code = int.from_bytes(_whole(connection, _LENGTH), "big", signed=True)
    if code < 0:
        if -code != signal.SIGKILL:
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    return code


def wait_for_commands(waiting: socket.socket) -> None:
    """Answers until its input is closed, or until whoever has begun it is gone."""
    import sqlalchemy as sa

    from consent_gateway.captures import tab
    from tests.hurried import SHORT

    tab.USUAL = SHORT  # before a command is loaded
    from consent_gateway import catalogue, starting  # noqa: F401
    from consent_gateway.commands import COMMANDS, main
    from consent_gateway.rendering import Rendering, templates_folder
    from consent_gateway.site_values import LANGUAGES

    context = main.make_context("consent-gateway", ["--help"], resilient_parsing=True)
    for name in COMMANDS:
        main.get_command(context, name)
    catalogue.load()
    Rendering(templates_folder(), LANGUAGES, prefix="/.privacy")
    for kind in ("sqlite", "postgresql+psycopg"):
        sa.make_url(f"{kind}://").get_dialect().import_dbapi()
    gc.freeze()  # what is shared need not be looked through by each
    signal.signal(signal.SIGCHLD, _count)
    while waiting in select.select([sys.stdin, waiting], [], [])[0]:
        connection, _ = waiting.accept()
        if os.fork() == 0:
            waiting.close()
            _look_after(connection)
        connection.close()


def _count(number: int, frame: object) -> None:
    """Takes leave of whoever has looked after a command, whose processor time is then part of ours."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _look_after(connection: socket.socket) -> None:
    """Runs a command in a process of its own, and tells its number and how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    head, control, _, _ = connection.recvmsg(
        _LENGTH, socket.CMSG_SPACE(len(FILES) * array.array("i").itemsize)
    )
    files = array.array("i")
    files.frombytes(control[0][2])
    told = json.loads(_whole(connection, int.from_bytes(head, "big")))
    if (pid := os.fork()) == 0:
        connection.close()
        _run(told, list(files))
    for file in files:
        os.close(file)
    connection.sendall(pid.to_bytes(_LENGTH, "big"))
    ended: list[int] = [os.pidfd_open(pid), connection.fileno()]
    select.select(ended, [], [])
    os.kill(pid, signal.SIGKILL)  # over already, unless whoever asked for it is gone
    _, status = os.waitpid(pid, 0)
    with suppress(BrokenPipeError):
        connection.sendall(os.waitstatus_to_exitcode(status).to_bytes(_LENGTH, "big", signed=True))
    os._exit(0)


def _run(told: dict[str, object], files: list[int]) -> None:
    import threading

    from consent_gateway.commands import main

    code: object = 1
    try:
        for number, file in zip(FILES, files, strict=True):
            os.dup2(file, number)
            os.close(file)
        sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
        sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
        sys.stderr = os.fdopen(
            2, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False
        )
        os.chdir(str(told["folder"]))
        os.environ.clear()
        os.environ.update(told["environment"])  # type: ignore[call-overload]
        sys.argv = ["consent-gateway", *told["words"]]  # type: ignore[misc]
        main(prog_name="consent-gateway")
    except SystemExit as ended:
        code = ended.code
    except BaseException:
        sys.excepthook(*sys.exc_info())
    threading._shutdown()  # type: ignore[attr-defined] # as at the end of any program
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else 0 if code is None else 1)


def _whole(connection: socket.socket, length: int) -> bytes:
    parts = b""
    while len(parts) < length:
        part = connection.recv(length - len(parts))
        if not part:
            raise ConnectionError("whoever runs commands is gone")
        parts += part
    return parts


if __name__ == "__main__":
    if __package__:
        with socket.socket(fileno=int(sys.argv[1])) as open_already:
            wait_for_commands(open_already)
    else:
        sys.exit(ask(sys.argv[1], sys.argv[2:]))
