"""The pytest plug-in: the fixture `consent_gateway`. What it needs is imported when it is asked for."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Protocol

import pytest

if TYPE_CHECKING:
    import os
    from wsgiref.types import WSGIApplication

    from consent_gateway.testing import SiteUnderTest
    from consent_gateway.testing.serving import ASGIApplication


class GatewayFactory(Protocol):
    """Puts a gateway in front of an application; its arguments are those of `testing.gateway`."""

    def __call__(
        self,
        origin: str = "",
        *,
        wsgi: WSGIApplication | None = None,
        asgi: ASGIApplication | None = None,
        site: str | os.PathLike[str] | None = None,
        templates: str | os.PathLike[str] | None = None,
    ) -> SiteUnderTest: ...


@pytest.fixture(scope="session")
def consent_gateway() -> Iterator[GatewayFactory]:
    """Puts gateways in front of web applications under test, as consent_gateway.testing.gateway does; they end
    with the test session."""
    with ExitStack() as at_last:

        def start(*args: str, **options: object) -> SiteUnderTest:
            with warnings.catch_warnings():  # libraries of mitmproxy warn while they are imported
                warnings.simplefilter("ignore")
                from consent_gateway.testing import gateway
            return at_last.enter_context(gateway(*args, **options))  # type: ignore[arg-type]

        yield start
