"""A page never waits for Google: a script is there, an old one is there, or there is none."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from consent_gateway import google_scripts as module
from consent_gateway.google_scripts import Script, Scripts

URL = "https://google.example/gtag/js?id=G-A1234"


class Google:
    """Answers with what it is told to, after as long as it is told to."""

    def __init__(self) -> None:
        self.asked = 0
        self.content: bytes | None = b"/* \xff one */"
        self.cache_control = "private, max-age=900"
        self.takes = 0.0

    async def __call__(self, url: str) -> tuple[bytes, str] | None:
        self.asked += 1
        await asyncio.sleep(self.takes)
        return None if self.content is None else (self.content, self.cache_control)


@pytest.fixture
def google() -> Google:
    return Google()


def aged(scripts: Scripts, seconds: float) -> None:
    known = scripts._known[URL]
    scripts._known[URL] = Script(known.content, known.fetched - seconds, known.lives)


async def content(scripts: Scripts) -> bytes | None:
    script = await scripts.get(URL)
    return script.content if script else None


async def test_it_is_asked_for_once_while_it_is_fresh(google: Google) -> None:
    scripts = Scripts(google)
    assert await asyncio.gather(*(content(scripts) for _ in range(5))) == [google.content] * 5
    assert google.asked == 1


async def test_an_old_copy_is_given_at_once_and_a_new_one_fetched_beside(google: Google) -> None:
    scripts = Scripts(google)
    old = await content(scripts)
    aged(scripts, 1000)
    google.content, google.takes = b"/* two */", 0.05
    assert await content(scripts) == old
    await asyncio.sleep(0.2)
    assert (await content(scripts), google.asked) == (b"/* two */", 2)


async def test_while_google_is_down_an_old_copy_is_used_for_a_week_and_no_longer(google: Google) -> None:
    scripts = Scripts(google)
    old = await content(scripts)
    google.content = None
    aged(scripts, 3 * 24 * 3600)
    assert await content(scripts) == old
    aged(scripts, 5 * 24 * 3600)
    assert await content(scripts) is None


async def test_a_google_that_is_down_is_not_asked_for_each_page(
    google: Google, monkeypatch: pytest.MonkeyPatch
) -> None:
    google.content = None
    scripts = Scripts(google)
    assert [await content(scripts) for _ in range(3)] == [None] * 3
    assert google.asked == 1
    monkeypatch.setattr(module, "PAUSE", 0)
    google.content = b"/* up again */"
    assert await content(scripts) == b"/* up again */"


async def test_nobody_waits_longer_than_that_for_a_google_that_is_slow(
    google: Google, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.05)
    google.takes = 5
    scripts = Scripts(google)
    begun = time.monotonic()
    assert await content(scripts) is None
    assert time.monotonic() - begun < 1
    await scripts.close()


async def test_a_copy_outlives_a_restart_and_serves_every_worker(google: Google, tmp_path: Path) -> None:
    first = await content(Scripts(google, tmp_path / "scripts"))
    assert await content(Scripts(google, tmp_path / "scripts")) == first
    assert google.asked == 1


async def test_a_damaged_copy_is_none(google: Google, tmp_path: Path) -> None:
    await content(Scripts(google, tmp_path / "scripts"))
    (kept,) = (tmp_path / "scripts").iterdir()
    kept.write_bytes(kept.read_bytes()[:-1])
    await content(Scripts(google, tmp_path / "scripts"))
    assert google.asked == 2


async def test_a_full_disk_stops_nobody(google: Google, tmp_path: Path) -> None:
    (tmp_path / "scripts").write_text("in the way")
    assert await content(Scripts(google, tmp_path / "scripts")) == google.content


@pytest.mark.parametrize(
    ("said", "lives"), [("private, max-age=900", 900), ("max-age=99999", 900), ("max-age=0", 60), ("", 900)]
)
async def test_it_lives_as_long_as_google_says_within_bounds(google: Google, said: str, lives: int) -> None:
    google.cache_control = said
    script = await Scripts(google).get(URL)
    assert script is not None and script.lives == lives


async def test_only_so_many_are_kept(google: Google, tmp_path: Path) -> None:
    scripts = Scripts(google, tmp_path / "scripts")
    for number in range(module.MOST + 5):
        await scripts.get(f"{URL}&l=layer{number}")
    assert len(scripts._known) == module.MOST
    assert len(list((tmp_path / "scripts").iterdir())) == module.MOST


async def test_the_operator_is_told_once_what_googles_settings_collect(
    google: Google, caplog: pytest.LogCaptureFixture
) -> None:
    google.content = b'{"vtp_autoEmailEnabled":true}'
    scripts = Scripts(google)
    await content(scripts)
    await scripts._refresh(URL)
    assert [record.message.partition(":")[0] for record in caplog.records] == ["Google's script for G-A1234"]
