"""What a check of a site file finds, as plain values: grouped, with article and remedy, for readers and for machines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from consent_gateway.datafile import Fault


class Group(StrEnum):
    """Where a finding belongs, in the order in which groups are shown."""

    FILE = "What cannot be read as it stands"
    REFERENCES = "What the tables say against each other"
    LOOK = "Colours that cannot be read"
    POLICY = "What the privacy policy must say"
    TEMPLATES = "Templates"
    DRAFT = "What the privacy policy must say before it is finished"
    ELSEWHERE = "What is left to the site's own privacy policy"
    STRICT = "What a strict check wants"
    KNOWN_TO_OPERATOR = "What only you can know"


# What helps wherever the reason does not say it already.
REMEDIES = {
    Group.FILE: "one that docs/site-file.md has, or leave it out",
    Group.REFERENCES: "write one that is there, or add the table",
    Group.LOOK: "take a darker or a lighter colour, or leave the default",
    Group.TEMPLATES: "change the template; docs/site-file.md says what it has to keep",
}
_ARTICLE = re.compile(r" \(((?:GDPR|WCAG|EDPB|TDDDG|Art\.|C-\d)[^()]*(?:\([^()]*\)[^()]*)*)\)$")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong or, with `warning`, had better be otherwise."""

    group: Group
    fault: Fault
    warning: bool = False

    def as_json(self) -> dict[str, Any]:
        fault = asdict(self.fault)
        severity = "warning" if self.warning else "fault"
        return {"severity": severity, "group": self.group.name.lower(), **fault}


def found(group: Group, faults: Iterable[Fault], *, warning: bool = False) -> list[Finding]:
    """The faults as findings of one group, each with its article apart and with a remedy."""
    return [Finding(group, _explained(fault, group), warning) for fault in faults]


def _explained(fault: Fault, group: Group) -> Fault:
    said = None if fault.article else _ARTICLE.search(fault.reason)
    if said:
        fault = replace(fault, reason=fault.reason[: said.start()], article=said[1])
    return fault if fault.remedy else replace(fault, remedy=REMEDIES.get(group, ""))


def lines(findings: Iterable[Finding]) -> Iterator[str]:
    """The findings for readers: by group, each with what to write below it."""
    every = list(findings)
    for group in Group:
        of_group = [one for one in every if one.group is group]
        if of_group:
            yield f"{group}:"
        for one in of_group:
            yield str(one.fault)
            if one.fault.remedy:
                yield f"  write: {one.fault.remedy}"
