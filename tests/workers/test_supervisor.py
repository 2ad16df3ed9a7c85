"""`serve --workers`, as it is called: one port, several processes, and no request that is lost."""

from __future__ import annotations

import asyncio
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from consent_gateway.workers import worker_process
from consent_gateway.workers.supervisor import Supervisor
from consent_gateway.workers.worker import Line
from consent_gateway.workers.worker_process import WorkerProcess
from tests.loopback import Server, serving
from tests.waiting import eventually
from tests.workers.load import visitors

PAGE = "<!doctype html><head></head><body><iframe src=https://www.youtube.com/embed/abcdefghijk></iframe>"
SITE = '[site]\nlanguages = ["en"]\n'


async def site(request: web.Request) -> web.StreamResponse:
    if request.path == "/slow":
        await asyncio.sleep(2.5)
    return web.Response(text=PAGE, content_type="text/html")


@pytest.fixture(scope="module")
def origin() -> Iterator[Server]:
    with serving(site) as server:
        yield server


class Served:
    """A gateway with workers, its log, and the numbers of its processes."""

    def __init__(self, process: subprocess.Popen[str], folder: Path, admin: str) -> None:
        self.process = process
        self.admin = admin
        self.folder = folder
        assert process.stdout
        self.host = process.stdout.readline().strip().removeprefix("listening on http://")
        assert self.host, self.log

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text("utf-8")

    @property
    def workers(self) -> set[int]:
        pid = self.process.pid
        return {int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}

    @property
    def listens(self) -> bool:
        host, _, port = self.host.rpartition(":")
        with socket.socket() as connecting:
            return connecting.connect_ex((host, int(port))) == 0

    def get(self, path: str = "/", host: str = "") -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(host or self.host, timeout=20)
        connection.request("GET", path)
        response = connection.getresponse()
        answer = response.status, response.read()
        connection.close()
        return answer

    def says(self, words: str, times: int = 1) -> None:
        eventually(lambda: self.log.count(words) >= times, 120)


@contextmanager
def workers(origin: Server, folder: Path, number: int = 2) -> Iterator[Served]:
    (folder / "site.toml").write_text(SITE)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        admin = f"127.0.0.1:{free.getsockname()[1]}"
    command = [sys.executable, "-m", "consent_gateway", "serve", "--origin", origin.address, "--listen", "127.0.0.1:0",
               "--state", str(folder / "state"), "--site", str(folder / "site.toml"), "--workers", str(number),
               "--admin", admin]  # fmt: skip
    with open(folder / "log", "w") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        yield Served(process, folder, admin)
    finally:
        process.kill()  # its workers end when they find out
        process.communicate()


@pytest.fixture(scope="module")
def served(origin: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with workers(origin, tmp_path_factory.mktemp("workers")) as found:
        yield found


def test_a_rolling_restart_under_load_loses_no_request(served: Served) -> None:
    before = served.workers
    assert len(before) == 2
    with visitors(served.host) as load:
        eventually(lambda: load.answered > 20)
        served.process.send_signal(signal.SIGUSR2)
        served.says("renewed: 2 new workers answer")
        eventually(lambda: not before & served.workers, 120)
        after = load.answered
        eventually(lambda: load.answered > after + 20)
    assert load.failures == []
    assert len(served.workers) == 2


def test_a_worker_that_dies_is_replaced_and_the_others_answer_meanwhile(served: Served) -> None:
    died, other = served.workers
    os.kill(died, signal.SIGKILL)
    served.says(f"worker {died} has died (signal 9)")
    assert served.get()[0] == 200
    served.says(f"in the place of {died}")
    assert len(served.workers) == 2 and died not in served.workers
    assert other in served.workers


def test_a_wrong_site_file_is_refused_as_a_whole_and_a_right_one_is_taken_over(served: Served) -> None:
    file = served.folder / "site.toml"
    before = served.workers
    file.write_text('[site]\nlanguages = ["xx"]\n')
    served.process.send_signal(signal.SIGHUP)
    served.says("not renewed")
    assert f"{file}:2: site.languages" in served.log
    assert served.workers == before and served.get()[0] == 200
    status, told = served.get("/status", served.admin)
    assert status == 503 and b"not renewed: what is configured now" in told
    file.write_text('[site]\nlanguages = ["de"]\nprefix = "/datenschutz"\n')
    with visitors(served.host) as load:
        served.process.send_signal(signal.SIGHUP)
        served.says("renewed: 2 new workers answer", times=2)
        eventually(lambda: not before & served.workers, 120)
    assert load.failures == []
    assert b"not renewed" not in served.get("/status", served.admin)[1]
    assert served.get("/datenschutz/healthz") == (200, b"ok\n")


def test_what_is_under_way_is_answered_before_it_ends(origin: Server, tmp_path: Path) -> None:
    with workers(origin, tmp_path, 1) as served:
        answers: list[tuple[int, bytes]] = []
        asking = threading.Thread(target=lambda: answers.append(served.get("/slow")))
        origin.requests.clear()
        asking.start()
        eventually(lambda: bool(origin.requests))
        served.process.send_signal(signal.SIGTERM)
        eventually(lambda: not served.listens)  # so that whoever comes is sent to another machine
        assert answers == [] and served.process.poll() is None
        assert served.process.wait(timeout=20) == 0
        asking.join()
        assert answers[0][0] == 200 and b"data-privacy" in answers[0][1]
        assert "Traceback" not in served.log


def test_workers_that_nobody_looks_after_end(origin: Server, tmp_path: Path) -> None:
    with workers(origin, tmp_path, 1) as served:
        (left,) = served.workers
        served.process.kill()
        served.process.wait()
        eventually(lambda: not Path(f"/proc/{left}").exists())


async def test_one_that_hangs_does_not_count_as_one_that_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a program that says once that it is ready, and then nothing."""
    monkeypatch.setattr(worker_process, "SILENT_SECONDS", 0.5)
    says = (
        "import json, os, socket, time; line = json.loads(os.environ['CONSENT_GATEWAY_WORKER'])['line'];"
        "socket.socket(fileno=line).send(b'{\"ready\": true}\\n'); time.sleep(60)"
    )

    async def spawn(first: bool) -> WorkerProcess:
        return await WorkerProcess.spawn([sys.executable, "-c", says], (), first=first)

    supervisor = Supervisor(spawn, 1)
    await supervisor.start()
    assert supervisor.up == 1 and supervisor.faults == []
    await asyncio.sleep(0.6)
    assert supervisor.up == 0 and supervisor.faults == ["workers down: 1 of 1 do not answer"]
    await supervisor.stop()


async def test_nor_do_they_live_on_where_what_they_said_was_never_read() -> None:
    """The kernel tells of that as of a connection that was reset."""
    ours, theirs = socket.socketpair()
    stop = asyncio.Event()
    line = Line(theirs.detach())
    await line.open(stop)
    line.ready(dict)
    ours.close()
    await asyncio.wait_for(stop.wait(), 20)
    await line.close()


def test_what_keeps_the_first_worker_from_starting_ends_it_all(origin: Server, tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text("[services.linkedn]\n")
    result = subprocess.run(
        [sys.executable, "-m", "consent_gateway", "serve", "--origin", origin.address, "--workers", "2",
         "--listen", "127.0.0.1:0", "--state", str(tmp_path), "--site", str(tmp_path / "site.toml")],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert result.returncode == 2 and result.stdout == ""
    assert "services.linkedn" in result.stderr and "Traceback" not in result.stderr


async def test_of_many_signals_at_once_one_is_carried_out_and_then_one_more() -> None:
    goes_on, asked = asyncio.Event(), 0

    async def spawn(first: bool) -> WorkerProcess:
        nonlocal asked
        asked += 1
        await goes_on.wait()
        raise OSError("none can start")

    supervisor = Supervisor(spawn, 2)
    renewals = [asyncio.create_task(supervisor.renew()) for _ in range(20)]
    await asyncio.sleep(0)
    goes_on.set()
    await asyncio.gather(*renewals)
    assert asked == 2
    assert not await supervisor.renew()
    assert asked == 3


class Started:
    """A worker that answers when it is let."""

    def __init__(self, *, at_once: bool) -> None:
        self.may_answer, self.is_over = asyncio.Event(), asyncio.Event()
        self.is_heard, self.pid, self.samples, self.faults = at_once, 1, {}, []  # type: ignore[var-annotated]
        if at_once:
            self.may_answer.set()

    async def answers(self) -> bool:
        await self.may_answer.wait()
        return True

    async def ended(self) -> int:
        await self.is_over.wait()
        return 0

    async def stop(self) -> None:
        self.is_over.set()


async def test_told_to_end_while_new_workers_start_it_ends_those_that_answer_already() -> None:
    made: list[Started] = []
    all_begun = asyncio.Event()

    async def spawn(first: bool) -> Any:
        made.append(Started(at_once=len(made) != 5))  # of the second three the last one never answers
        if len(made) == 6:
            all_begun.set()
        return made[-1]

    supervisor = Supervisor(spawn, 3)
    await supervisor.start()
    renewing = asyncio.create_task(supervisor.renew())
    await all_begun.wait()
    await asyncio.sleep(0.05)  # until two of them have answered
    renewing.cancel()
    await asyncio.wait([renewing])
    assert renewing.cancelled()
    assert [one.is_over.is_set() for one in made] == [False] * 3 + [True] * 3
    await supervisor.stop()
    assert all(one.is_over.is_set() for one in made)
