"""`consent-gateway check`"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import click

from consent_gateway import catalogue, datafile, own_services, references, theme
from consent_gateway import site as site_module
from consent_gateway.commands.options import fail, templates
from consent_gateway.completeness import Gap, gaps
from consent_gateway.datafile import Fault
from consent_gateway.lists import files
from consent_gateway.lists.matching import NO_LISTS, Lists
from consent_gateway.offer import offer
from consent_gateway.remedies import remedy_of
from consent_gateway.site import Site
from consent_gateway.site_findings import Finding, Group, found, lines
from consent_gateway.starting import Settings, start
from consent_gateway.strictness import Warned, on_other_domains, warned
from consent_gateway.subject_requests.mail_server import PASSWORD_VARIABLE


@click.command()
@click.argument("site", type=click.Path(dir_okay=False, path_type=Path), metavar="site.toml")
@click.option("--strict", is_flag=True, help="Warnings are faults: for CI, and before production.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="For people or programs.")  # fmt: skip
@templates
def check(site: Path, strict: bool, form: str, templates: Path | None) -> None:
    """Check a site file, the lists it names, and templates of your own.

    Names every fault with its line, key, reason and article and what to write instead, and what of each list
    is not used. Colours that cannot be read are faults, so are templates with which refusing is harder than
    agreeing, and so is everything that the privacy policy must say (GDPR Art. 13, 14) and the file does not,
    unless [policy] own_page names a page of the site's own for it. Of a draft ([policy] draft = true) it is
    named, and no fault yet. Named, and never a fault, are hosts in first_party that are on no domain of the site's:
    whether they are yours, only you know.

    With --strict so is what is left to that page or to the end of the draft, and what is open, guessed or copied from an example. Exit
    code 0: nothing found; 1: faults; 2: the file cannot be read as TOML.
    """
    try:
        result = _checked(site, templates)
    except datafile.Unreadable as error:
        fail(str(error))
    if strict:
        result = replace(result, findings=[_strictly(one) for one in result.findings])
    shown = _as_json if form == "json" else _as_text
    for line in shown(result, f"{site} and {templates}" if templates else str(site)):
        click.echo(line)
    if result.faults:
        sys.exit(1)


def _strictly(one: Finding) -> Finding:
    """A warning is a fault, but where only the operator can know whether it is one."""
    return one if one.group is Group.KNOWN_TO_OPERATOR else replace(one, warning=False)


@dataclass(frozen=True, slots=True)
class _Result:
    """What was found, and the site if it could be read."""

    findings: list[Finding]
    site: Site | None = None
    lists: Lists = NO_LISTS

    @property
    def faults(self) -> list[Finding]:
        return [one for one in self.findings if not one.warning]

    @property
    def warnings(self) -> list[Finding]:
        return [one for one in self.findings if one.warning]


def _checked(file: Path, templates: Path | None) -> _Result:
    known = catalogue.load()
    try:
        own = site_module.parsed(file, known)
        lists = files.of_site(own, file)
    except datafile.Faulty as error:
        return _Result(found(Group.FILE, _with_remedies(file, error.faults)))
    on_the_site = own_services.on_the_site(own.own_services, own.site.names)
    findings = [
        *found(Group.REFERENCES, site_module.faults_at(file, [*references.dangling(own), *on_the_site])),
        *found(Group.LOOK, site_module.faults_at(file, list(theme.faults(own.theme)))),
    ]
    if templates and not findings:
        findings += found(Group.TEMPLATES, _of_templates(file, templates))
    missing = gaps(own, offer(own, own.catalogue(known)))
    at = _placing(file)
    group = Group.DRAFT if own.policy.draft else Group.POLICY
    findings += found(group, [at(gap) for gap in missing if not gap.elsewhere], warning=own.policy.draft)
    findings += found(Group.ELSEWHERE, [at(gap) for gap in missing if gap.elsewhere], warning=True)
    said = {gap.key for gap in missing}
    findings += found(Group.STRICT, [at(one) for one in warned(own) if one.key not in said], warning=True)
    findings += found(Group.KNOWN_TO_OPERATOR, map(at, on_other_domains(own)), warning=True)
    return _Result(findings, own, lists)


def _with_remedies(file: Path, faults: Iterable[Fault]) -> Iterator[Fault]:
    """The faults, each with what to write instead where that is known."""
    content = tomllib.loads(file.read_text(encoding="utf-8"))
    for fault in faults:
        of_this_file = fault.file == str(file)  # others are services of the operator's own
        yield replace(fault, remedy=fault.remedy or (remedy_of(fault, content) if of_this_file else ""))


def _placing(file: Path) -> Callable[[Gap | Warned], Fault]:
    text = file.read_text(encoding="utf-8")

    def at(one: Gap | Warned) -> Fault:
        fault = datafile.fault_at(file, text, one.key, one.reason)
        prefix = ""
        if isinstance(one, Gap):
            prefix = "left to the site's own page: " if one.elsewhere else "missing: "
        return replace(fault, reason=f"{prefix}{one.reason}", article=one.article, remedy=one.remedy)

    return at


def _of_templates(site: Path, templates: Path) -> tuple[datafile.Fault, ...]:
    """Puts a gateway together as `serve` does, which refuses the same."""
    with tempfile.TemporaryDirectory(prefix="consent-gateway-") as state:
        settings = Settings(
            origin="http://127.0.0.1",
            origin_hosts=("127.0.0.1",),
            site_file=site,
            state=Path(state),
            templates=templates,
            environment={PASSWORD_VARIABLE: "of no use here"},
        )
        try:
            running = start(settings)
        except datafile.Faulty as error:
            return error.faults
        asyncio.run(running.close())
    return ()


def _as_text(result: _Result, where: str) -> Iterable[str]:
    yield from lines(result.faults)
    if result.faults:
        yield f"{_count(len(result.faults), 'fault')} in {where}"
    elif own := result.site:
        listed = "every known service" if own.services is None else f"{len(own.services)} services"
        yield f"{where}: no faults; {listed}, unlisted third parties: {own.third_parties.unlisted}"
        for one in result.lists.read:
            yield f"{one.name}: {_count(len(one.rules), 'rule')}, {one.exceptions} of them exceptions"
            for left in one.left:
                yield f"  {_count(left.count, 'line')} not used, from line {left.line} on: {left.reason}"
    there = [one.fault.key for one in result.warnings if one.group is Group.ELSEWHERE]
    if there and result.site:
        pages = ", ".join(dict.fromkeys(page for _, page in result.site.policy.own_page.texts))
        yield f"left to the site's own privacy policy, {pages}: {', '.join(there)}"
    if drafted := [one for one in result.warnings if one.group is Group.DRAFT]:
        yield "a draft ([policy] draft = true), which visitors see the gaps of:"
        yield from lines(drafted)
    told = [one for one in result.warnings if one.group is Group.KNOWN_TO_OPERATOR]
    yield from lines(told)
    if untold := len(result.warnings) - len(told):
        yield f"{_count(untold, 'warning')}: --strict names each"


def _as_json(result: _Result, where: str) -> Iterable[str]:
    own = result.site
    value = {
        "checked": where,
        "faults": len(result.faults),
        "warnings": len(result.warnings),
        "services": None if own is None or own.services is None else list(own.services),
        "unlisted": own.third_parties.unlisted if own else None,
        "own_page": own.policy.own_page.as_json() if own else None,
        "findings": [one.as_json() for one in result.findings],
        "lists": [
            {
                "name": one.name,
                "rules": len(one.rules),
                "exceptions": one.exceptions,
                "not_used": [asdict(left) for left in one.left],
            }
            for one in result.lists.read
        ],
    }
    yield json.dumps(value, ensure_ascii=False, indent=1)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' if number != 1 else ''}"
