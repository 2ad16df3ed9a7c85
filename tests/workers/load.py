"""Visitors who keep asking, and a note of everything that did not go well."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Load:
    """What became of the requests."""

    answered: int = 0
    failures: list[str] = field(default_factory=list)


@contextmanager
def visitors(host: str, path: str = "/", *, keeping: int = 2, fresh: int = 1) -> Iterator[Load]:
    """Some keep their connection, as browsers and proxies do, until they are told that it is closed; others
    open one for each request. None asks a second time: a lost request is a failure."""
    load, stop, lock = Load(), threading.Event(), threading.Lock()

    def ask(keeps: bool) -> None:
        connection = http.client.HTTPConnection(host, timeout=20)
        while not stop.is_set():
            try:
                connection.request("GET", path, headers={} if keeps else {"Connection": "close"})
                response = connection.getresponse()
                body = response.read()
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                with lock:
                    load.failures.append(repr(error))
                continue
            with lock:
                load.answered += 1
                if response.status != 200 or b"data-privacy" not in body:
                    load.failures.append(f"{response.status} {body[:80]!r}")
            time.sleep(0.03)  # new workers have to come up on the same cores
        connection.close()

    threads = [threading.Thread(target=ask, args=(number < keeping,)) for number in range(keeping + fresh)]
    for thread in threads:
        thread.start()
    try:
        yield load
    finally:
        stop.set()
        for thread in threads:
            thread.join(30)
