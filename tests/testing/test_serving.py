"""Applications of the project under test are served, whatever interface they speak."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from consent_gateway.testing import serving
from tests.testing.applications import asgi, failing, wsgi


def text_at(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return str(answer.read().decode())


def of_asgi_by(server: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AbstractContextManager[str]]:
    pytest.importorskip(server)
    monkeypatch.setattr(serving, "SERVERS", {server: serving.SERVERS[server]})
    return serving.of_asgi


def test_a_wsgi_application_answers_until_the_end() -> None:
    with serving.of_wsgi(wsgi) as address:
        assert "nothing but words: ä" in text_at(f"{address}/plain")
    with pytest.raises(OSError, match="refused"):
        text_at(f"{address}/plain")


@pytest.mark.parametrize("server", ["uvicorn", "hypercorn"])
def test_an_asgi_application_answers_until_the_end(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with of_asgi_by(server, monkeypatch)(asgi) as address:
        assert "nothing but words: ä" in text_at(f"{address}/plain")
        assert "nothing but words: ä" in text_at(f"{address}/plain")
    with pytest.raises(OSError, match="refused"):
        text_at(f"{address}/plain")


def test_an_application_that_cannot_start_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        pytest.raises(serving.NoServer, match="lifespan failed"),
        of_asgi_by("uvicorn", monkeypatch)(failing),
    ):
        pass


def test_without_a_server_for_asgi_one_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "find_spec", lambda name: None)
    with (
        pytest.raises(serving.NoServer, match="uvicorn or hypercorn: pip install uvicorn"),
        serving.of_asgi(asgi),
    ):
        pass
