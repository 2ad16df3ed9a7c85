"""`consent-gateway check`"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from consent_gateway.commands.check import check
from tests.policies import EXAMPLE


def test_a_good_file_has_no_faults(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text(EXAMPLE)
    result = CliRunner().invoke(check, [str(file)])
    assert (result.exit_code, result.stderr) == (0, "")
    first, last = result.stdout.splitlines()
    assert first == f"{file}: no faults; 5 services, unlisted third parties: hold"
    assert last.endswith("warnings: --strict names each")  # its facts are those of nobody


def test_what_the_policy_must_say_and_the_file_does_not_is_a_fault(tmp_path: Path) -> None:
    """POL-02"""
    file = tmp_path / "site.toml"
    file.write_text(
        '[controller]\nname = "Example AG"\n\n[cookies.sid]\npurpose = "necessary"\nreason = "x"\n'
    )
    result = CliRunner().invoke(check, [str(file)])
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[:3] == [
        "What the privacy policy must say:",
        f"{file}:1: controller.address: missing: where who is responsible can be found (GDPR Art. 13(1)(a))",
        '  write: address = "..." below [controller]: street, town, country',
    ]
    assert f"{file}: processing: missing: what else the operator processes data for" in result.stdout
    assert lines[-4:-2] == [
        f"{file}:4: cookies.sid.duration: missing: how long it lasts (C-673/17, no. 81)",
        '  write: duration = "session", or a period such as "1 year"',
    ]
    assert lines[-2] == f"{len(lines) // 2 - 1} faults in {file}"


def test_every_fault_is_named_with_line_key_and_reason(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text('[site]\nlanguages = ["xx"]\n\n[third_parties]\nunlisted = "perhaps"\nsurprise = 1\n')
    result = CliRunner().invoke(check, [str(file)])
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert f"{file}:5: third_parties.unlisted:" in result.stdout
    assert '  write: unlisted = "hold"' in lines
    assert f"{file}:6: third_parties.surprise: unknown key" in result.stdout
    assert lines[0] == "What cannot be read as it stands:"
    assert lines[-1] == f"{len(lines) // 2 - 1} faults in {file}"


@pytest.mark.parametrize("content", [b"[site", b"\xff\xfe", None])
def test_what_is_not_toml_is_not_judged(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "site.toml"
    if content is not None:
        file.write_bytes(content)
    result = CliRunner().invoke(check, [str(file)])
    assert result.exit_code == 2
    assert str(file) in result.stderr
    assert "Traceback" not in result.stderr


def test_of_each_list_it_is_said_what_is_read_and_what_is_not(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text(EXAMPLE.replace('unlisted = "hold"', 'unlisted = "hold"\nlists = ["own.txt"]'))
    (tmp_path / "own.txt").write_text("||a.example^\n@@||a.example/x\n##.ad\n||b.example^$method=post\n")
    result = CliRunner().invoke(check, [str(file)])
    assert result.exit_code == 0
    assert result.stdout.splitlines()[1:-1] == [
        "own.txt: 2 rules, 1 of them exceptions",
        "  1 line not used, from line 3 on: hide elements of the page, fetch nothing",
        "  1 line not used, from line 4 on: have a restriction that cannot be judged here: method",
    ]


def test_a_list_that_is_missing_is_a_fault(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text('[third_parties]\nlists = ["own.txt"]\n')
    result = CliRunner().invoke(check, [str(file)])
    assert result.exit_code == 1
    assert f"{file}:2: third_parties.lists: own.txt: No such file or directory\n" in result.stdout


def test_colours_that_cannot_be_read_are_a_fault_with_the_figure(tmp_path: Path) -> None:
    """A11Y-04, BAN-02"""
    file = tmp_path / "site.toml"
    file.write_text('[theme]\ntext = "#999"\nsurface = "#fff"\n')
    result = CliRunner().invoke(check, [str(file)])
    assert result.exit_code == 1
    assert result.stdout.splitlines()[1] == (
        f"{file}:2: theme.text: contrast of text #999999 on surface #ffffff is 2.84:1, at least 4.5:1 is needed (WCAG 1.4.3)"
    )


def test_templates_that_hide_the_refusal_are_a_fault(tmp_path: Path) -> None:
    """BAN-01, BAN-02"""
    file, own = tmp_path / "site.toml", tmp_path / "templates"
    file.write_text('[site]\nlanguages = ["en"]\n')
    (own / "static").mkdir(parents=True)
    (own / "static" / "notice.css").write_text('\n[value="reject_all"] { opacity: 0.4 }\n')
    result = CliRunner().invoke(check, [str(file), "--templates", str(own)])
    assert result.exit_code == 1
    assert (
        f'{own}/static/notice.css:2: [value="reject_all"]: it holds for reject_all and not for accept_all'
        in result.stdout
    )
    assert f"faults in {file} and {own}\n" in result.stdout
    assert "\nTemplates:\n" in f"\n{result.stdout}"


def test_a_mail_server_with_a_user_needs_no_password_to_be_checked(tmp_path: Path) -> None:
    file, own = tmp_path / "site.toml", tmp_path / "templates"
    file.write_text(f'{EXAMPLE}[notify]\nsmtp = "smtp://anna@mail.example.com"\nto = "a@example.com"\n')
    own.mkdir()
    assert CliRunner().invoke(check, [str(file), "--templates", str(own)]).exit_code == 0


def test_templates_that_only_look_different_are_none(tmp_path: Path) -> None:
    file, own = tmp_path / "site.toml", tmp_path / "templates"
    file.write_text(EXAMPLE)
    own.mkdir()
    result = CliRunner().invoke(check, [str(file), "--templates", str(own)])
    assert (result.exit_code, result.stderr) == (0, "")
    assert not (tmp_path / ".consent-gateway").exists()


OF_A_SITE = """
[site]
hosts = ["www.shop.test"]
languages = ["en"]

[third_parties]
unlisted = "hold"

[policy]
own_page = "/privacy"

[services.google-analytics]
"""


def test_what_is_left_to_the_sites_own_page_is_said_and_no_fault_unless_it_is_strict(tmp_path: Path) -> None:
    """POL-02"""
    file = tmp_path / "site.toml"
    file.write_text(OF_A_SITE)
    lax = CliRunner().invoke(check, [str(file)])
    assert lax.exit_code == 0
    assert (
        "left to the site's own privacy policy, /privacy: controller.name, controller.address," in lax.stdout
    )
    strict = CliRunner().invoke(check, ["--strict", str(file)])
    assert strict.exit_code == 1
    assert (
        f"{file}:9: policy.automated_decisions: left to the site's own page: whether decisions are made by "
        "machines alone (GDPR Art. 13(2)(f))\n" in strict.stdout
    )
    assert f"{file}:12: services.google-analytics.kept: left to the site's own page: " in strict.stdout
    assert f"{file}: analytics.properties: whatever property a page names gets hits" in strict.stdout
    assert f"{file}:3: site.hosts: `.test` is a reserved domain (RFC 2606)" in strict.stdout


def test_the_example_is_not_strict_for_its_facts_are_those_of_nobody(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text(EXAMPLE)
    result = CliRunner().invoke(check, ["--strict", str(file)])
    assert result.exit_code == 1
    named = [line.split(": ")[1] for line in result.stdout.splitlines() if line.startswith(str(file))]
    assert {"site.hosts", "controller.contact", "controller.address", "analytics.properties"} <= {*named}
    assert not any(key.startswith(("cookies", "processing", "services")) for key in named)


def test_a_strict_file_is_possible(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    own = EXAMPLE.replace("morgenrot-solar.example", "morgenrot-solar.de").replace(
        "G-DEMO2026", "G-9XK2V7QW1"
    )
    file.write_text(
        own.replace("00000 Musterstadt", "10115 Berlin").replace("authority.example", "bfdi.bund.de")
    )
    result = CliRunner().invoke(check, ["--strict", str(file)])
    assert (result.exit_code, result.stdout) == (
        0,
        f"{file}: no faults; 5 services, unlisted third parties: hold\n",
    )


@pytest.mark.parametrize(
    ("text", "severity", "group", "key", "article"),
    [
        ("[site]\nsurprise = 1\n", "fault", "file", "site.surprise", ""),
        ('[theme]\ntext = "#999"\nsurface = "#fff"\n', "fault", "look", "theme.text", "WCAG 1.4.3"),
        ("[controller]\n", "fault", "policy", "controller.name", "GDPR Art. 13(1)(a)"),
        ('[policy]\nown_page = "/p"\n', "warning", "elsewhere", "controller.address", "GDPR Art. 13(1)(a)"),
        ("[policy]\ndraft = true\n", "warning", "draft", "controller.address", "GDPR Art. 13(1)(a)"),
        ("", "warning", "strict", "third_parties.unlisted", "GDPR Art. 25(2)"),
        ('[policy]\nown_page = "/.privacy/policy"\n', "fault", "references", "policy.own_page", ""),
    ],
)
def test_machines_get_each_finding_with_key_reason_article_and_remedy(
    tmp_path: Path, text: str, severity: str, group: str, key: str, article: str
) -> None:
    file = tmp_path / "site.toml"
    file.write_text(text)
    result = CliRunner().invoke(check, ["--format", "json", str(file)])
    value = json.loads(result.stdout)
    one = next(one for one in value["findings"] if one["key"] == key and one["group"] == group)
    assert (one["severity"], one["article"]) == (severity, article)
    assert one["reason"] and one["remedy"] and one["file"] == str(file)
    assert value["faults"] == sum(one["severity"] == "fault" for one in value["findings"])
    assert result.exit_code == (1 if value["faults"] else 0)


def test_of_a_key_that_was_misspelt_it_is_said_which_was_meant(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text('[site]\nlangauges = ["en"]\n')
    result = CliRunner().invoke(check, [str(file)])
    assert result.exit_code == 1
    assert result.stdout.splitlines()[1:3] == [
        f"{file}:2: site.langauges: unknown key",
        "  write: perhaps languages, below [site]",
    ]


def test_a_first_party_host_on_another_domain_is_named_as_loading_for_everybody_and_never_a_fault(
    tmp_path: Path,
) -> None:
    file = tmp_path / "site.toml"
    hosts = '["cdn.morgenrot-solar.example", "d1.cloudfront.net", "*.files.example"]'
    file.write_text(EXAMPLE.replace('unlisted = "hold"', f'unlisted = "hold"\nfirst_party = {hosts}'))
    result = CliRunner().invoke(check, [str(file)])
    assert result.exit_code == 0
    told = [line for line in result.stdout.splitlines() if "before anybody has agreed" in line]
    assert [line.split(": ")[2].split()[0] for line in told] == ["d1.cloudfront.net", "*.files.example"]
    assert "a contract with it as your processor" in result.stdout
    strict = json.loads(CliRunner().invoke(check, [str(file), "--strict", "--format", "json"]).stdout)
    severities = {one["severity"] for one in strict["findings"] if one["group"] == "known_to_operator"}
    assert severities == {"warning"}
