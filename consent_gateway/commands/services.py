"""`consent-gateway services`"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

import click

from consent_gateway import catalogue, own_services
from consent_gateway.catalogue import Catalogue, Known
from consent_gateway.commands.opening import site_of
from consent_gateway.commands.options import clock, fail, site_file
from consent_gateway.commands.services_list import PURPOSES, as_values, everything, listed, matching
from consent_gateway.commands.services_new import skeleton
from consent_gateway.commands.services_page import page, values_of
from consent_gateway.site import Site
from consent_gateway.site_values import LIKENESS
from consent_gateway.urls import Address, BadPattern, resolve

WIDEST = 100  # columns


@click.command()
@click.argument("words", nargs=-1, metavar="[ID|ADDRESS|WORD...]")
@click.option(
    "--purpose",
    "purposes",
    multiple=True,
    type=click.Choice(PURPOSES),
    help="Only the services of this purpose; may be given several times.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="For people or programs.",
)
@site_file("A site file: the services that it adds to the catalogue are there as well.")
@click.option("--new", "address", default="", metavar="HOST|ADDRESS", help="Begin the file of a service that is not in the catalogue.")  # fmt: skip
def services(
    words: tuple[str, ...], purposes: tuple[str, ...], form: str, site_file: Path | None, address: str
) -> None:
    """List the services the gateway knows, find some, or show one.

    With the ID of a service or an ADDRESS of it, all that is known about it is shown, and from where; with
    WORDs, what has all of them in its id, name, company or addresses. The ids are what a site file lists
    under [services.ID]; a group, named at the end, stands there for its members. WHILE HELD is what becomes
    of a service's elements until the visitor agrees:

    \b
    placeholder   a box of their size stands there, with a button that loads them; what draws itself
                  above the page, such as a chat, has a line at the end of the page
    removal       nothing is there, and nothing is asked for
    measurement   the same; after an opt-in, hits go out by way of the gateway, under a pseudonym

    What is not there can be added: --new prints the beginning of a file in the format of the catalogue, which a
    site file names under [third_parties] services.

    \b
    consent-gateway services --purpose media
    consent-gateway services google map
    consent-gateway services youtube
    consent-gateway services https://player.vimeo.com/video/1
    consent-gateway services --new widget.acme.example > acme.toml
    """
    own = site_of(site_file) if site_file else Site()
    known = own.catalogue(catalogue.load())
    if address:
        click.echo(_begun(address, known), nl=False)
        return
    files = own_services.files(own)
    width = min(WIDEST, shutil.get_terminal_size().columns) if sys.stdout.isatty() else WIDEST
    if not words:
        found = everything(known, purposes)
    elif len(words) == 1 and not purposes and (id := _one(known, words[0])) is not None:
        file = files.get(id, "")
        _tell(values_of(known, id, file) if form == "json" else page(known, id, width, file))
        return
    else:
        found = matching(known, words, purposes)
        if found.is_empty:
            fail(_nothing(known, words, purposes))
    _tell(as_values(known, found) if form == "json" else listed(known, found, width, all=not words))


def _tell(told: Iterable[str] | dict[str, object]) -> None:
    for line in [json.dumps(told, ensure_ascii=False, indent=2)] if isinstance(told, dict) else told:
        click.echo(line)


def _begun(text: str, known: Catalogue) -> str:
    """The file of a new service, or the end of the command with the reason why there can be none."""
    address = _address(text)
    if address is None:
        fail(f"--new: not a host or an address on the web: {text!r}")
    owner = known.matcher().find(address.host, address.rest)
    if isinstance(owner, Known):
        fail(f"--new: {address.host} belongs to {owner.company}, a known tracker, which loads for nobody")
    if owner:
        fail(
            f"--new: {known.services[owner].name} has that address; name it in the site file: [services.{owner}]"
        )
    try:
        return skeleton(address, known, clock().date())
    except BadPattern as error:
        fail(f"--new: {error}")


def _address(text: str) -> Address | None:
    return resolve(text if "://" in text else f"https://{text}", "https://example.invalid")


def _one(known: Catalogue, word: str) -> str | None:
    """The id of a service or group that a word names, by itself or as an address; None for a word to search for."""
    word = word.strip()
    if word.lower() in known.services or word.lower() in known.groups:
        return word.lower()
    if "." not in word and "/" not in word:
        return None
    address = _address(word)
    owner = known.matcher().find(address.host, address.rest) if address else None
    if isinstance(owner, Known):
        return None
    return owner


def _nothing(known: Catalogue, words: tuple[str, ...], purposes: tuple[str, ...]) -> str:
    said = " ".join(words)
    what = f"no service has {said!r}" if len(words) == 1 else f"no service has all of {said!r}"
    for_them = f" for {', '.join(purposes)}" if purposes else ""
    near = get_close_matches(said.lower(), [*known.services, *known.groups], 3, LIKENESS)
    meant = f"; is {' or '.join(near)} meant?" if near else "; `consent-gateway services` lists them"
    return f"{what}{for_them}{meant}"
