"""All that is known about a service is shown, with its sources."""

from __future__ import annotations

import pytest

from consent_gateway.catalogue import Catalogue, load
from consent_gateway.commands.services_page import page, values_of


@pytest.mark.parametrize("id", ["linkedin", "youtube", "google-analytics", "crisp", "xing", "matomo"])
def test_every_fact_of_its_file_is_there(catalogue: Catalogue, id: str) -> None:
    service = catalogue.services[id]
    text = " ".join("\n".join(page(catalogue, id, 100)).split())
    facts = [
        service.name, *service.purposes, service.controller.name, service.controller.privacy_policy, *service.urls,
        *service.hosts, *(cookie.name for cookie in service.cookies), *(mount.id for mount in service.mounts),
        *service.boot, *service.uses, *service.stand_ins.silent, *service.sources, str(service.reviewed),
        " ".join(service.example.split()), f"[services.{id}]", f"catalogue/services/{id}.toml", *([service.share.url] if service.share else []),
    ]  # fmt: skip
    assert [fact for fact in facts if fact not in text] == []


def test_what_there_is_not_is_said_and_groups_are_named(catalogue: Catalogue) -> None:
    lines = page(catalogue, "chartbeat", 100)
    assert "groups:             audience-measurement" in lines
    assert "code that needs it: none" in page(catalogue, "acast", 100)


def test_of_one_that_draws_itself_above_the_page_that_is_said(catalogue: Catalogue) -> None:
    lines = page(catalogue, "crisp", 100)
    assert "while held:         placeholder" in lines and "plug-ins:           chat: above the page" in lines


def test_long_lines_are_folded_below_their_beginning_and_addresses_stay_whole() -> None:
    lines = page(load(), "linkedin", 60)
    assert all(len(line) <= 60 or " " not in line[20:].strip() for line in lines)
    assert all(line[:20].strip() == "" or line[:20].rstrip().endswith(":") for line in lines)


def test_the_values_are_those_of_the_file_with_where_it_is(catalogue: Catalogue) -> None:
    values = values_of(catalogue, "youtube")
    assert values["urls"] == list(catalogue.services["youtube"].urls)
    assert (values["id"], values["groups"]) == ("youtube", [])
