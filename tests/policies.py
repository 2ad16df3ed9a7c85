"""The site file that ships as an example, whole and with something left out, and policies made of such."""

from __future__ import annotations

import html
import re

from consent_gateway.catalogue import Catalogue
from consent_gateway.datafile import parse
from consent_gateway.demo.files import example
from consent_gateway.offer import offer
from consent_gateway.policy import Policy
from consent_gateway.policy_in_force import PolicyInForce
from consent_gateway.rendering import Rendering, templates_folder
from consent_gateway.site import Site
from consent_gateway.site_values import Reference

EXAMPLE = example()


def without(table: str, key: str = "", text: str = EXAMPLE) -> str:
    """A site file without one key of a table, or without the table and those below it."""
    parts = re.split(r"(?m)^(?=\[)", text)
    if not key:
        left = [part for part in parts if not part.startswith((f"[{table}]", f"[{table}."))]
    else:
        left = [
            re.sub(rf"(?m)^{key} = .*\n", "", part) if part.startswith(f"[{table}]") else part
            for part in parts
        ]
    assert left != parts
    return "".join(left)


def site_of(text: str, catalogue: Catalogue) -> Site:
    return parse(text, Site, file="site.toml", against=Reference(catalogue, catalogue.matcher()))


def policy_of(text: str, catalogue: Catalogue) -> Policy:
    site = site_of(text, catalogue)
    return Policy(site, offer(site, catalogue), catalogue)


def in_force(text: str, catalogue: Catalogue, scheme: str = "https") -> PolicyInForce:
    policy = policy_of(text, catalogue)
    rendering = Rendering(templates_folder(), policy.site.site.languages, prefix=policy.site.prefix)
    return PolicyInForce(policy, scheme, rendering)


def sections(page: str) -> dict[str, str]:
    """The text under each heading of a policy, by the id of the heading."""
    found = re.split(r'<h2 id="([a-z-]+)">[^<]*</h2>', page.partition("</nav>")[2])
    return {id: words(text) for id, text in zip(found[1::2], found[2::2], strict=True)}


def rows(page: str, section: str) -> list[list[str]]:
    """The cells of the table in a section, row by row."""
    part = page.partition(f'<h2 id="{section}">')[2].partition("<tbody>")[2].partition("</tbody>")[0]
    return [
        [words(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)]
        for row in part.split("</tr>")
        if "<td" in row
    ]


def words(markup: str) -> str:
    plain = re.sub(r"<[^>]+>", " ", re.sub(r"</?(?:a|b|code|small|span)\b[^>]*>", "", markup))
    return " ".join(html.unescape(plain).split())
