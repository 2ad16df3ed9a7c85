"""The house: every module has its test, every library its one door, and the core knows no outside."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGE = ROOT / "consent_gateway"
MODULES = sorted(path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py"))

# What has no test of its own name, and which tests hold it.
TESTED_ELSEWHERE = {
    "__main__.py": "commands/test_main.py",
    "audit/code.py": "audit/test_detector.py",
    "audit/assembling.py": "audit/test_offline.py",
    "audit/baseline.py": "audit/test_offline.py",
    "audit/concluding.py": "audit/test_offline.py",
    "audit/contacting.py": "audit/test_offline.py",
    "audit/gathered.py": "audit/test_offline.py",
    "audit/inspection.py": "audit/test_offline.py",
    "audit/looking.py": "audit/test_offline.py",
    "audit/measured.py": "audit/test_offline.py",
    "audit/recorded.py": "audit/test_offline.py",
    "audit/setting_cookies.py": "audit/test_offline.py",
    "audit/css.py": "audit/test_detector.py",
    "audit/document.py": "audit/test_detector.py",
    "audit/fetches.py": "audit/test_detector.py",
    "audit/header_fields.py": "audit/test_detector.py",
    "audit/refresh.py": "audit/test_detector.py",
    "audit/xml_document.py": "audit/test_detector.py",
    "commands/__init__.py": "commands/test_main.py",
    "commands/reports_advice.py": "commands/test_reports.py",
    "treatments/__init__.py": "test_services.py",
    "demo/addresses.py": "demo/test_command.py",
    "demo/embeds.py": "demo/test_staging.py",
    "demo/general_server.py": "demo/test_staging.py",
    "demo/serving.py": "demo/test_staging.py",
    "demo/shell.py": "demo/test_staging.py",
    "demo/shell_server.py": "demo/test_staging.py",
    "demo/files.py": "demo/test_site_server.py",
    "demo/showing.py": "demo/test_command.py",
    "demo/third_party_server.py": "demo/test_stand_ins.py",
    "captures/har_tabs.py": "captures/test_har_files.py",
    "captures/members.py": "captures/test_har_entries.py",
    "commands/demo.py": "demo/test_command.py",
    "commands/init_looking.py": "commands/test_init.py",
    "commands/here.py": "demo/test_command.py",
    "commands/replay.py": "replay/test_command.py",
    "reference/__main__.py": "reference/test_reference.py",
    "replay/panel_server.py": "replay/test_in_the_browser.py",
    "replay/servers.py": "replay/test_command.py",
    "replay/showing.py": "replay/test_command.py",
    "proxy/replaying.py": "replay/test_in_the_browser.py",
    "proxy/observing.py": "proxy/test_audit_addon.py",
    "proxy/observed_view.py": "proxy/test_audit_addon.py",
    "commands/opening.py": "commands/test_ledger.py",
    "commands/options.py": "commands/test_serve.py",
    "commands/requests_opening.py": "commands/test_requests.py",
    "analytics/__init__.py": "analytics/test_relay.py",
    "audit/findings.py": "audit/reports/test_reports.py",
    "audit/ownership.py": "audit/test_seen_contacts.py",
    "audit/seen_cookies.py": "audit/test_seen_contacts.py",
    "audit/seen_hits.py": "audit/test_seen_contacts.py",
    "audit/sighting.py": "audit/test_live.py",
    "audit/visits.py": "audit/test_live.py",
    "captures/stored_items.py": "captures/test_browser.py",
    "captures/tab.py": "captures/test_browser.py",
    "captures/tab_telling.py": "captures/test_browser.py",
    "captures/tab_watch.py": "captures/test_browser.py",
    "captures/visited.py": "captures/test_crawling.py",
    "analytics/passing.py": "analytics/test_relay.py",
    "fairness/hiding.py": "fairness/test_layers.py",
    "fairness/rules.py": "fairness/test_layers.py",
    "fairness/style_defaults.py": "fairness/test_styles.py",
    "fairness/style_tables.py": "fairness/test_styles.py",
    "fairness/site_page.py": "fairness/test_visitor.py",
    "session_cookie.py": "analytics/test_relay.py",
    "ledger/__init__.py": "ledger/test_book.py",
    "ledger/tables.py": "ledger/test_book.py",
    "lists/kinds.py": "lists/test_rules.py",
    "deciding.py": "test_answers.py",
    "holding.py": "test_holdings.py",
    "ledger/erasing.py": "ledger/test_book.py",
    "ledger/marking.py": "ledger/test_book.py",
    "private_files.py": "test_state.py",
    "policy_tables.py": "test_site.py",
    "page/elements.py": "page/test_finding.py",
    "page/grammar.py": "page/test_tokens.py",
    "page/view.py": "treatments/test_placeholder.py",
    "site_tables.py": "test_site.py",
    "subject_requests/asking.py": "subject_requests/test_intake.py",
    "subject_requests/routes.py": "subject_requests/test_sending.py",
    "subject_requests/store.py": "subject_requests/test_book.py",
    "subject_requests/tables.py": "subject_requests/test_book.py",
    "site_values.py": "test_site.py",
    "starting.py": "test_running.py",
    "survey/sightings.py": "survey/test_surveying.py",
    "testing/judging.py": "testing/test_testing.py",
    "testing/stand_in.py": "testing/test_in_the_browser.py",
    "testing/values.py": "testing/test_testing.py",
    "testing/visiting.py": "testing/test_testing.py",
    "visit.py": "test_gateway.py",
    "commands/administering.py": "test_admin.py",
    "standing.py": "test_admin.py",
    "commands/serving.py": "commands/test_serve.py",
    "commands/supervising.py": "workers/test_supervisor.py",
    "proxy/inherited.py": "workers/test_supervisor.py",
    "workers/handover.py": "workers/test_supervisor.py",
    "workers/worker.py": "workers/test_supervisor.py",
    "workers/worker_process.py": "workers/test_supervisor.py",
}

# The modules by which a library comes in; below demo/ they are the demo's own servers.
DOORS = {
    "ada_url": ["urls.py"],
    "aiohttp": [
        "admin.py",
        "demo/general_server.py",
        "demo/serving.py",
        "demo/shell_server.py",
        "captures/plain.py",
        "demo/site_server.py",
        "demo/stage.py",
        "demo/third_party_server.py",
        "replay/panel_server.py",
        "replay/servers.py",
        "subject_requests/posting.py",
        "testing/stand_in.py",
        "upstream.py",
    ],
    "babel": ["locales.py"],
    "brotli": ["bodies.py"],
    "click": ["audit/reports/text.py", "commands", "reference/commands.py"],
    "cryptography": ["sealing.py"],
    "cssselect2": ["stylesheets.py"],
    "dateutil": ["periods.py"],
    "ijson": ["captures/har_files.py"],
    "itsdangerous": ["cookies.py"],
    "jinja2": ["audit/reports/html.py", "rendering.py"],
    "markupsafe": ["rendering.py"],
    "mitmproxy": ["captures/flow_files.py", "proxy"],
    "publicsuffixlist": ["captures/domains.py"],
    "pydantic": [
        "analytics/parameters.py",
        "audit/reports/json.py",
        "catalogue",
        "datafile.py",
        "site.py",
        "site_tables.py",
    ],
    "sqlalchemy": [
        "database.py",
        "ledger",
        "policy_versions.py",
        "report_counts.py",
        "salt_table.py",
        "subject_requests",
    ],
    "tinycss2": ["audit/css.py", "stylesheets.py"],
    "turbohtml": ["audit/document.py", "audit/xml_document.py"],
    "user_agents": ["visitor.py"],
    "yarl": ["captures/plain.py", "subject_requests/posting.py", "upstream.py"],
    "zstandard": ["bodies.py"],
}

# The same for what is in an extra of its own and may be missing.
OPTIONAL_DOORS = {
    "playwright": [
        "captures/browser.py",
        "captures/tab.py",
        "captures/tab_telling.py",
        "captures/tab_watch.py",
    ]
}

# What may know of proxy, clock, network and disk; everything else is the core.
SHELL = ("__main__.py", "admin.py", "audit/assembling.py", "audit/in_front.py", "audit/live.py", "audit/merging.py", "audit/planted.py", "audit/reports/manifest.py", "audit/visits.py", "audit/watching.py", "captures/browser.py", "captures/flow_files.py", "captures/opening.py", "captures/plain.py", "captures/tab.py", "captures/tab_telling.py", "captures/tab_watch.py", "captures/website.py", "commands", "counting.py", "database.py", "demo", "ended.py", "erasures.py", "forgetting.py", "google_scripts.py", "holdings.py", "journal.py", "key_file.py", "key_watch.py", "ledger", "outages.py", "policy_versions.py", "private_files.py", "proxy", "purging.py", "pytest_plugin.py", "recording.py", "reference/__init__.py", "reference/__main__.py", "reference/commands.py", "rendering.py", "repeating.py", "replay", "report_counts.py", "running.py", "salt_table.py", "salts.py", "standing.py", "starting.py", "state.py", "subject_requests/advance_book.py", "subject_requests/book.py", "subject_requests/delivering.py", "subject_requests/evidence.py", "subject_requests/intake.py", "subject_requests/notice_book.py", "subject_requests/outbox.py", "subject_requests/posting.py", "subject_requests/sending.py", "subject_requests/smtp.py", "subject_requests/store.py", "subject_requests/tables.py", "testing", "upstream.py", "verify_receipt.py", "workers")  # fmt: skip
DATA = (
    "catalogue/__init__.py",
    "analytics/parameters.py",
    "datafile.py",
    "fairness/__init__.py",
    "fairness/failures.py",
    "fairness/words.py",
    "lists/files.py",
    "own_services.py",
    "site.py",
    "wording.py",
)
# What is shared by the threads in which large pages are rewritten.
SHARED = ("page/remembered.py",)
OUTSIDE = {"asyncio", "os", "pathlib", "random", "shutil", "smtplib", "socket", "subprocess", "tempfile", "threading", "time"}  # fmt: skip


def imported(module: Path) -> Iterator[str]:
    """The modules a module imports, by their full names."""
    for node in ast.walk(ast.parse((PACKAGE / module).read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(module: Path, places: tuple[str, ...] | list[str]) -> bool:
    return any(module.as_posix() == place or module.as_posix().startswith(f"{place}/") for place in places)


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_every_module_has_a_test(module: Path) -> None:
    name = module.as_posix()
    own = module.with_name(f"test_{module.name}")
    if module.name == "__init__.py":
        if len(ast.parse((PACKAGE / module).read_text("utf-8")).body) < 3:
            return  # nothing in it but what it is for
        own = module.with_name(f"test_{module.parent.name}.py")
    assert (ROOT / "tests" / TESTED_ELSEWHERE.get(name, own.as_posix())).is_file()


def test_no_exception_is_kept_for_what_is_gone() -> None:
    assert {path for path in TESTED_ELSEWHERE if not (PACKAGE / path).is_file()} == set()
    assert [name for name in (*SHELL, *DATA, *SHARED) if not (PACKAGE / name).exists()] == []


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_every_library_comes_in_by_its_door(module: Path) -> None:
    doors = DOORS | OPTIONAL_DOORS
    foreign = {name.partition(".")[0] for name in imported(module)} & doors.keys()
    assert [library for library in foreign if not within(module, doors[library])] == []


def test_every_dependency_has_a_door() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    block = re.search(r"^dependencies = \[(.*?)^\]", text, re.M | re.S)
    assert block
    names = re.findall(r'"([a-z0-9-]+)[><=]', block[1])
    modules = {"python-dateutil": "dateutil"}
    assert {modules.get(name, name.replace("-", "_")) for name in names} == DOORS.keys()


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_the_core_knows_no_proxy_no_clock_no_network_and_no_disk(module: Path) -> None:
    if within(module, SHELL):
        return
    names = set(imported(module))
    own = [f"consent_gateway.{place.removesuffix('.py')}" for place in SHELL if place != "rendering.py"]
    assert [name for name in names if any(name == o or name.startswith(f"{o}.") for o in own)] == []
    if module.as_posix() not in DATA:
        outside = OUTSIDE - {"threading"} if module.as_posix() in SHARED else OUTSIDE
        assert {name.partition(".")[0] for name in names} & outside == set()
    source = (PACKAGE / module).read_text("utf-8")
    assert not re.search(r"datetime\.now|date\.today|\bopen\(", source)


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_a_module_says_what_it_is_for_and_is_no_longer_than_one_wants_to_read(module: Path) -> None:
    source = (PACKAGE / module).read_text("utf-8")
    assert ast.get_docstring(ast.parse(source))
    # One script checks every bundle, and has to stand alone.
    assert len(source.splitlines()) <= (380 if module == Path("verify_receipt.py") else 330)


def test_addon_scripts_shadow_no_module() -> None:
    """mitmproxy puts the folder of a script first on the path while it loads it."""
    names = {path.stem for path in (ROOT / "addons").glob("*.py")}
    assert names == {"audit", "gateway"}
