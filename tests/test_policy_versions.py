"""The versions of the policy in the database."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest

from consent_gateway.database import DatabaseUnavailable, in_folder
from consent_gateway.policy_versions import PolicyVersions

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
TEXTS = {"en": "<p>Ours – 1\n", "de": "<p>Unsere – ä 1\n"}


@pytest.fixture
def versions(database_url: str) -> Iterator[PolicyVersions]:
    opened = PolicyVersions(database_url)
    opened.prepare()
    yield opened
    opened.close()


def test_a_version_is_kept_as_it_was_shown_and_the_next_is_put_behind(versions: PolicyVersions) -> None:
    versions.keep("a", lambda: TEXTS, NOW)
    found = versions.keep("b", lambda: {"en": "<p>2"}, NOW + timedelta(days=3))
    assert [(one.number, one.hash, one.since) for one in found] == [
        (1, "a", NOW), (2, "b", NOW + timedelta(days=3)),
    ]  # fmt: skip
    assert [found[0].text(language) for language in TEXTS] == [(text, id) for id, text in TEXTS.items()]
    assert found[1].text("de") == ("<p>2", "en")
    assert versions.all() == found


def test_the_same_again_is_no_new_version_and_is_not_rendered(versions: PolicyVersions) -> None:
    def never() -> dict[str, str]:
        raise AssertionError

    first = versions.keep("a", lambda: TEXTS, NOW)
    assert versions.keep("a", never, NOW + timedelta(days=3)) == first


def test_what_was_in_force_before_and_is_again_is_a_version_of_its_own(versions: PolicyVersions) -> None:
    for hash in ("a", "b", "a"):
        versions.keep(hash, lambda: TEXTS, NOW)
    assert [one.hash for one in versions.all()] == ["a", "b", "a"]


def test_workers_that_start_at_once_keep_one_version(versions: PolicyVersions, database_url: str) -> None:
    together = Barrier(3, timeout=20)

    def rendered() -> dict[str, str]:
        together.wait()  # each has seen that it is not there yet
        return TEXTS

    def start(_: int) -> list[int]:
        worker = PolicyVersions(database_url)
        try:
            return [one.number for one in worker.keep("a", rendered, NOW)]
        finally:
            worker.close()

    with ThreadPoolExecutor(3) as workers:
        assert list(workers.map(start, range(3))) == [[1], [1], [1]]


def test_whoever_only_looks_is_told_where_there_is_none(state: Path) -> None:
    with pytest.raises(DatabaseUnavailable, match="there is no ledger"):
        PolicyVersions.to_read(in_folder(state))
    opened = PolicyVersions(in_folder(state))
    opened.prepare()
    opened.keep("a", lambda: TEXTS, NOW)
    opened.close()
    looking = PolicyVersions.to_read(in_folder(state))
    assert [one.hash for one in looking.all()] == ["a"]
    looking.close()
