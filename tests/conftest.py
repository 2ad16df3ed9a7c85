"""What tests share: the catalogue, a moment, keys, a way to a gateway of plain values."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from consent_gateway import catalogue as catalogue_module
from consent_gateway.analytics.pseudonym import Salt
from consent_gateway.catalogue import Catalogue
from consent_gateway.datafile import parse
from consent_gateway.gateway import Gateway
from consent_gateway.keys import Key, KeyRing
from consent_gateway.lists.matching import NO_LISTS, Lists
from consent_gateway.lists.reading import read as read_list
from consent_gateway.rendering import Rendering, templates_folder
from consent_gateway.seen import Seen
from consent_gateway.site import Site
from tests import postgresql
from tests.asking import Asking

NOTHING_SEEN = Seen()
ROOT = Path(__file__).resolve().parent.parent


SILENCED = ("consent_gateway", "consent_gateway.starting", "consent_gateway.proxy.addon", "mitmproxy", "mitmproxy.addons.proxyserver")  # fmt: skip


# Begun first, so that no worker is left alone with one of them at the end: ten seconds and more each.
LONG = (
    "workers/test_supervisor.py", "deploy/test_more_than_one_machine.py", "test_wheel.py", "soak/test_soak.py",
    "replay/test_in_the_browser.py", "test_holdings.py", "test_admin.py", "test_plug_ins.py", "test_ended.py",
    "requirements/test_rights.py", "replay/test_command.py", "replay/test_recorded.py", "release/test_dist.py",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    long = {ROOT / "tests" / name for name in LONG}
    items.sort(key=lambda item: item.path not in long)


@pytest.fixture(autouse=True)
def _loud_again() -> Iterator[None]:
    """Some commands silence warnings for good, since their process ends with them."""
    loggers = [logging.getLogger(name) for name in SILENCED]
    levels = [logger.level for logger in loggers]
    yield
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return catalogue_module.load()


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 24, 10, 30, tzinfo=UTC)


@pytest.fixture
def ring() -> KeyRing:
    return KeyRing((Key("test", b"k" * 32),))


MakeGateway = Callable[..., Gateway]


@pytest.fixture
def make_gateway(catalogue: Catalogue, ring: KeyRing, now: datetime) -> MakeGateway:
    """A gateway from the text of a site file and of a list; its salts are the same in every test."""

    def make(site: str = "", *, seen: Seen = NOTHING_SEEN, own_list: str = "") -> Gateway:
        lists = Lists([read_list(own_list, "own.txt")]) if own_list else NO_LISTS
        read = parse(site, Site, file="site.toml")
        return Gateway(
            site=read,
            catalogue=catalogue,
            ring=ring,
            salts=lambda start: Salt(start, b"s" * 32),
            rendering=Rendering(templates_folder(), read.site.languages, prefix=read.prefix),
            origin="http://127.0.0.1:9000",
            origin_hosts=("127.0.0.1",),
            seen=seen,
            started=now,
            lists=lists,
        )

    return make


@pytest.fixture
def gateway(make_gateway: MakeGateway) -> Gateway:
    """A gateway without a site file."""
    return make_gateway()


@pytest.fixture
def fresh(gateway: Gateway, now: datetime) -> Asking:
    """A browser in front of it that has decided nothing."""
    return Asking(gateway, now)


@pytest.fixture
def state(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "state"
    folder.mkdir()
    yield folder


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A server of the tests' own."""
    with postgresql.serving() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'shared.sqlite3'}"
    url = str(request.getfixturevalue("postgresql_url"))
    engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(sa.text("DROP SCHEMA public CASCADE"))
        connection.execute(sa.text("CREATE SCHEMA public"))
    engine.dispose()
    return url
