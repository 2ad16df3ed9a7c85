"""`consent-gateway services --new`: from an unknown host to a service that visitors are asked about."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from consent_gateway import site
from consent_gateway.catalogue import Catalogue, Service
from consent_gateway.commands.check import check
from consent_gateway.commands.services import services
from consent_gateway.commands.services_new import skeleton
from consent_gateway.datafile import Faulty, parse
from consent_gateway.urls import BadPattern, resolve

TODAY = date(2026, 11, 29)
FILLED = {
    'name = ""': 'name = "Acme Reviews"',
    "purposes = []": 'purposes = ["functional"]',
    'country = ""': 'country = "LV"',
    'privacy_policy = ""': 'privacy_policy = "https://www.acme.example/privacy"',
}


def begun(catalogue: Catalogue, url: str) -> str:
    address = resolve(url, url)
    assert address
    return skeleton(address, catalogue, TODAY)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(services, arguments)


def test_with_five_facts_filled_in_it_is_a_service_that_the_site_file_can_name(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    text = run("--new", "https://widget.acme.example/v1/embed.js?customer=1").stdout
    for blank, fact in FILLED.items():
        assert blank in text
        text = text.replace(blank, fact)
    (tmp_path / "acme.toml").write_text(text)
    file = tmp_path / "site.toml"
    file.write_text("\n".join(line.removeprefix("#").strip() for line in text.splitlines()[3:7]))
    own = site.read(file, catalogue)
    assert own.own_services["acme"].urls == ("*.acme.example",)
    assert own.catalogue(catalogue).matcher().find("widget.acme.example", "/v1/embed.js") == "acme"
    assert "customer" not in text


def test_each_blank_that_is_left_is_named_by_check(catalogue: Catalogue, tmp_path: Path) -> None:
    (tmp_path / "acme.toml").write_text(begun(catalogue, "https://widget.acme.example/"))
    (tmp_path / "site.toml").write_text('[third_parties]\nservices = ["acme.toml"]\n')
    told = CliRunner().invoke(check, [str(tmp_path / "site.toml")])
    assert told.exit_code == 1
    for key, reason in {
        "name": "must not be empty",
        "purposes": "must name at least one",
        "controller.name": "must not be empty",
        "controller.country": "must be a two-letter ISO 3166 code",
        "controller.privacy_policy": "must be an https address",
    }.items():
        assert f": {key}: {reason}" in told.stdout, key
    assert "5 faults" in told.stdout


def test_everything_that_is_commented_out_can_be_used(catalogue: Catalogue) -> None:
    text = begun(catalogue, "https://widget.acme.example/")
    head, _, facts = text.partition("name = ")
    for blank, fact in FILLED.items():
        facts = facts.replace(blank, fact)
    whole = f"name = {facts}".replace('name = ""', 'name = "Acme"').replace("\n# ", "\n")
    service = parse(whole, Service, file="acme.toml")
    assert service.transfer and service.transfer.countries == ("US",)
    assert [mount.id for mount in service.mounts] == ["frame", "widget"] and len(service.cookies) == 1
    assert head.startswith("# widget.acme.example, ")


def test_its_own_domain_is_its_own_unless_others_are_there(catalogue: Catalogue) -> None:
    assert 'urls = ["*.acme.example"]' in begun(catalogue, "https://widget.acme.example/")
    assert 'urls = ["maps.google.com"]' in begun(catalogue, "https://maps.google.com/unheard-of")
    assert 'urls = ["*.acme.github.io"]' in begun(catalogue, "https://acme.github.io/")
    assert "services.own-youtube]" in begun(catalogue, "https://youtube.acme-video.example/").replace(
        "acme-video", "own-youtube"
    )


@pytest.mark.parametrize("url", ["https://ab.de/", "https://my-acme.example/", "https://192.0.2.1/x.js"])
def test_whatever_the_host_is_called_the_file_can_be_read(catalogue: Catalogue, url: str) -> None:
    with pytest.raises(Faulty) as raised:
        parse(begun(catalogue, url), Service, file="acme.toml")
    assert {fault.key for fault in raised.value.faults} == {
        "name", "purposes", "controller.name", "controller.country", "controller.privacy_policy",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("www.youtube.com", "YouTube has that address; name it in the site file: [services.youtube]"),
        ("cdn.accertify.com", "belongs to Accertify, a known tracker, which loads for nobody"),
        ("intranet", "not host[/path]"),
        ("https://", "not a host or an address on the web"),
    ],
)
def test_what_is_known_or_no_host_is_not_begun(address: str, reason: str) -> None:
    told = run("--new", address)
    assert told.exit_code == 2 and reason in told.stderr and told.stdout == ""


def test_what_is_no_name_of_the_internet_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(BadPattern):
        begun(catalogue, "https://intranet/")
