"""A gateway in this process, in front of a site that is looked at."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest

from consent_gateway import datafile
from consent_gateway.audit.in_front import Front, in_front, own_names
from consent_gateway.audit.states import visitors
from consent_gateway.captures.browser import Guise, NoBrowser, opened
from tests import chromium
from tests.loopback import showing

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
PAGE = '<!doctype html><title>x</title><iframe src="https://www.youtube.com/embed/abcdefghijk"></iframe>'


async def asked(front: Front, target: str, **headers: str) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as client,
        client.get(f"http://{front.place}{target}", headers=headers) as answer,
    ):
        return answer.status, await answer.text()


async def test_it_answers_for_the_site_under_the_site_s_own_name() -> None:
    with showing(PAGE) as site:
        async with in_front(f"{site.address}/shop?x=1") as front:
            status, text = await asked(front, "/", Host=f"127.0.0.1:{site.port}")
            assert status == 200
            assert "youtube.com/embed" not in text
            assert (await asked(front, "/.privacy/policy"))[0] == 200
        assert site.hosts() == {f"127.0.0.1:{site.port}"}
        with pytest.raises(aiohttp.ClientError):
            await asked(front, "/")


async def test_a_site_file_counts_except_for_who_may_ask_and_who_is_told(tmp_path: Path) -> None:
    site_file = tmp_path / "site.toml"
    site_file.write_text(
        '[site]\nhosts = ["www.example.com"]\nscheme = "https"\n[third_parties]\nunlisted = "hold"\n'
        '[notify]\nsmtp = "smtp://user@mail.example.com:587"\nto = "privacy@example.com"\n'
    )
    with showing('<!doctype html><title>x</title><img src="https://unlisted.example/a.png">') as site:
        async with in_front(f"{site.address}/", site_file=site_file) as front:
            status, text = await asked(front, "/", Host=f"127.0.0.1:{site.port}")
            assert status == 200
            assert 'src="https://unlisted.example' not in text
            assert (await asked(front, "/", Host="another.example"))[0] == 421
            assert front.running.scheme == "http"
            assert front.gateway.site.notify.routes == ()
            assert front.gateway.recogniser.is_own("www.example.com", "127.0.0.1")


async def test_a_faulty_site_file_is_said(tmp_path: Path) -> None:
    site_file = tmp_path / "site.toml"
    site_file.write_text("[nonsense]\n")
    with pytest.raises(datafile.Faulty, match="nonsense"):
        async with in_front("http://127.0.0.1:1/", site_file=site_file):
            raise AssertionError("it does not start")


def test_a_name_and_the_same_with_or_without_www_are_one_site() -> None:
    assert own_names("www.example.com") == ("www.example.com", "example.com")
    assert own_names("example.com") == ("example.com", "www.example.com")
    assert own_names("127.0.0.1") == ("127.0.0.1",)


@pytest.mark.browser
async def test_a_site_on_https_is_led_to_it_under_its_own_name_and_keeps_https() -> None:
    try:
        async with in_front("https://www.secure.test/") as front:
            async with opened(led_to={"www.secure.test:443": front.place}) as found:
                visited = await found.look(
                    "https://www.secure.test/.privacy/policy", Guise(bodies=True, trusting=True)
                )
                unreachable = await found.look("https://www.secure.test/", Guise(trusting=True))
            [visitor] = [
                one
                for one in visitors(front.gateway, "www.secure.test", "https", NOW)
                if one.state.id == "all"
            ]
    except NoBrowser:
        pytest.skip(chromium.NONE)
    assert visited.page == "https://www.secure.test/.privacy/policy"
    assert visited.is_shown
    assert unreachable.failure == "answered with 502"
    assert dict(visitor.fields)["Cookie"].startswith("__Host-privacy=")
