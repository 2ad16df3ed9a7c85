"""The ways a site file names are made ready, or the gateway does not start."""

from __future__ import annotations

from pathlib import Path

import pytest

from consent_gateway.datafile import Faulty, parse
from consent_gateway.keys import KeyRing
from consent_gateway.rendering import templates_folder
from consent_gateway.site import Site
from consent_gateway.subject_requests.delivering import delivery_routes
from consent_gateway.wording import load

WORDING = load([templates_folder()], ("en",))["en"]
USER = '[notify]\nsmtp = "smtp://anna@mail.example.com:587"\nto = "privacy@example.com"\n'


def names(text: str, ring: KeyRing, **environment: str) -> list[str]:
    notify = parse(text, Site, file="f").notify
    found = [route.name for route in delivery_routes(notify, ring, WORDING, environment, Path("site.toml"))]
    assert tuple(found) == notify.routes
    return found


def test_each_way_has_the_name_that_the_outbox_knows(ring: KeyRing) -> None:
    assert names("", ring) == []
    assert names('[notify]\nsmtp = "smtp://localhost"\nto = "a@b.de"\nwebhook = "https://x.example/"', ring) == ["smtp", "webhook"]  # fmt: skip


def test_a_user_without_a_password_is_a_fault(ring: KeyRing) -> None:
    with pytest.raises(Faulty, match=r"site\.toml: notify\.smtp: names a user, and CONSENT_GATEWAY_SMTP_PASSWORD"):  # fmt: skip
        names(USER, ring)
    assert names(USER, ring, CONSENT_GATEWAY_SMTP_PASSWORD="x") == ["smtp"]
