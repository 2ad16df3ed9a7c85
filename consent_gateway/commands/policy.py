"""`consent-gateway policy`"""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from consent_gateway import catalogue, policy_page, theme
from consent_gateway.commands.opening import output, saying_faults, site_of
from consent_gateway.commands.options import clock, database, fail, named, site_file, state, templates
from consent_gateway.database import DatabaseUnavailable, in_folder
from consent_gateway.offer import offer
from consent_gateway.policy import Policy
from consent_gateway.policy_in_force import PolicyInForce
from consent_gateway.policy_page import Version
from consent_gateway.policy_versions import PolicyVersions
from consent_gateway.record_of_processing import RecordOfProcessing
from consent_gateway.rendering import Rendering, templates_folder


@click.command()
@site_file("The site file.", required=True)
@click.option(
    "--language", default="", metavar="CODE", help="Of the site's languages; the first if not given."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["html", "json", "record-of-processing"]),
    default="html",
    show_default=True,
    help="A page that stands alone, its facts for machines, or the record of GDPR Art. 30(1) as JSON.",
)
@click.option("-o", "--output", "target", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Instead of standard output.")  # fmt: skip
@state
@database
@templates
def policy(
    site_file: Path,
    language: str,
    form: str,
    target: Path | None,
    state: Path,
    database: str,
    templates: Path | None,
) -> None:
    """Write the privacy policy that a site file makes.

    It is what the gateway shows at /.privacy/policy: who is responsible, why data are stored, who receives
    them, where they go, how long they are kept, and which rights there are, from the same file that decides
    what may load. Where the gateway has served it already, it has the number and date of that version.

    What the file does not say yet is named on standard error; consent-gateway check refuses it for that.
    """
    own = site_of(site_file)
    with saying_faults():
        rendering = Rendering(templates_folder(), own.site.languages, own=templates, prefix=own.prefix)
        rendering.name_purposes(own.named_purposes)
    chosen = language or own.site.languages[0]
    if chosen not in own.site.languages:
        fail(f"--language: the site has {', '.join(own.site.languages)}, and not {chosen!r}")
    known = own.catalogue(catalogue.load())
    made = Policy(own, offer(own, known), known)
    schemes = (own.site.scheme,) if own.site.scheme else ("https", "http")
    versions = _versions(state, database)
    current, version = _current([PolicyInForce(made, scheme, rendering) for scheme in schemes], versions)
    for gap in made.gaps:
        word = "left to the site's own page" if gap.elsewhere else "missing"
        click.echo(f"consent-gateway: {word}: {'.'.join(gap.key)}: {gap}", err=True)
    with output(target) as file:
        file.write(_written(form, current, chosen, version))


def _written(form: str, current: PolicyInForce, language: str, version: Version | None) -> str:
    wording = current.rendering.wording(language)
    if form == "record-of-processing":
        return _text(RecordOfProcessing(current.policy, wording).as_json(hash=current.hash))
    number = version.number if version else None
    since = version.since.date() if version else clock().date()
    if form == "json":
        named = {"version": number, "date": since.isoformat(), "hash": current.hash, "language": language}
        headings = {id: wording["policy"][key] for id, key in policy_page.SECTIONS}
        return _text({**named, "headings": headings, "facts": json.loads(current.text)})
    own = current.policy.site
    root = f"{current.scheme}://{own.site.hosts[0]}" if own.site.hosts else ""
    text = policy_page.text(current.policy, current.rendering, language, scheme=current.scheme, root=root)
    return current.rendering.render(
        "policy_document.html",
        language,
        controller=own.controller.name,
        css=current.rendering.marked(theme.css(own.theme) + current.rendering.static_source("pages.css")),
        text=current.rendering.marked(text),
        number=number,
        date=since,
        hash=current.hash,
    )


def _text(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _current(possible: list[PolicyInForce], versions: list[Version]) -> tuple[PolicyInForce, Version | None]:
    """As the gateway has served it last, whichever way visitors come; or as it would by https."""
    for version in reversed(versions):
        for one in possible:
            if one.hash == version.hash:
                return one, version
    return possible[0], None


def _versions(state: Path, database: str) -> list[Version]:
    """Those that the gateway has kept, if there are any."""
    try:
        with closing(PolicyVersions.to_read(database or in_folder(state))) as versions:
            return versions.all()
    except DatabaseUnavailable as error:
        if database:
            fail(f"{error}; {named('database')} says where the versions are")
        return []
