"""Cookies that are necessary as a rule."""

from __future__ import annotations

import re

import pytest

from consent_gateway.catalogue import Catalogue
from consent_gateway.cookie_rules import fault_of
from consent_gateway.rendering import Rendering, templates_folder
from consent_gateway.survey.necessary import NECESSARY, necessary
from tests.conftest import ROOT


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("PHPSESSID", ("PHPSESSID", "session")),
        ("SSESSabc123", ("SSESS*", "login")),
        ("__Host-sessionid", ("__Host-sessionid", "session")),
        ("__Secure-next-auth.session-token", ("__Secure-next-auth.*", "login")),
        ("wp_woocommerce_session_9f", ("wp_woocommerce_session_*", "cart")),
        ("phpsessid", None),
        ("_ga", None),
        ("my_session", None),
    ],
)
def test_they_are_known_by_their_whole_name(name: str, found: tuple[str, str] | None) -> None:
    assert necessary(name) == found


def test_each_can_be_declared_so_and_its_reason_is_said_in_every_language(catalogue: Catalogue) -> None:
    said = Rendering(templates_folder(), ("en", "de"), prefix="/.privacy")
    for name, word in NECESSARY:
        assert fault_of(name, "necessary", catalogue) == ""
        assert all(said.wording(language)["cookie_reasons"][word] for language in ("en", "de"))


def test_the_documentation_names_the_same() -> None:
    text = (ROOT / "docs" / "site-file.md").read_text("utf-8")
    table = text.partition("| necessary, as a rule |")[2].partition("\n\n")[0]
    assert {*re.findall(r"`([^`]+)`", table)} == {name for name, _ in NECESSARY}
