"""`consent-gateway` started once: each command after that is a fork of it, with all modules there.

python -m tests.docs.started SOCKET            waits for commands
python -S -E started.py SOCKET [WORD…]         asks for one, and is what the command is: its output, exit code and signals
"""

from __future__ import annotations

import array
import json
import os
import select
import signal
import socket
import sys

_LENGTH = 4  # bytes before what is told
FILES = (0, 1, 2)


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
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda number, frame: os.kill(pid, number))
        code = int.from_bytes(_whole(connection, _LENGTH), "big", signed=True)
    if code < 0:
        signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    return code


def wait_for_commands(path: str) -> None:
    """Answers until it is ended."""
    from consent_gateway.captures import tab
    from tests.hurried import SHORT

    tab.USUAL = SHORT  # before a command is loaded
    from consent_gateway import catalogue
    from consent_gateway.commands import COMMANDS, main
    from consent_gateway.rendering import Rendering, templates_folder
    from consent_gateway.site_values import LANGUAGES

    context = main.make_context("consent-gateway", ["--help"], resilient_parsing=True)
    for name in COMMANDS:
        main.get_command(context, name)
    catalogue.load()
    Rendering(templates_folder(), LANGUAGES, prefix="/.privacy")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those who look after a command
    with socket.socket(socket.AF_UNIX) as waiting:
        waiting.bind(path)
        waiting.listen()
        while True:
            connection, _ = waiting.accept()
            if os.fork() == 0:
                waiting.close()
                _look_after(connection)
            connection.close()


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
    connection.sendall(os.waitstatus_to_exitcode(status).to_bytes(_LENGTH, "big", signed=True))
    os._exit(0)


def _run(told: dict[str, object], files: list[int]) -> None:
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
        wait_for_commands(sys.argv[1])
    else:
        sys.exit(ask(sys.argv[1], sys.argv[2:]))
