"""The text of a list → its rules, and how many lines are none, by reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from consent_gateway.lists.rules import HIDES, Rule, Skipped, When, parse


@dataclass(frozen=True, slots=True)
class Left:
    """Lines that are no rules for the gateway, for one reason. `line` is where the first stands."""

    reason: str
    count: int
    line: int


@dataclass(frozen=True, slots=True)
class TrackerList:
    """One list as it was read. `cancelled` are rules that it removes from every list."""

    name: str
    rules: tuple[Rule, ...]
    cancelled: tuple[Rule, ...] = ()
    left: tuple[Left, ...] = ()

    @property
    def exceptions(self) -> int:
        return sum(rule.excepts for rule in self.rules)


ONE_BROWSER = "are for some browsers only"
INCLUDED = "stand for another file"
_PLAIN = re.compile(r"\|\|[a-z0-9.-]+\^")
_HIDING = re.compile(r"#@?[$?%]{0,2}#|\$@?\$[a-z]")
_COMMENT = re.compile(r"!|\[(?!.*##)|#(?!@?[$?%]{0,2}#)")
# A hosts file: https://man7.org/linux/man-pages/man5/hosts.5.html
_HOSTS_LINE = re.compile(r"(?:0\.0\.0\.0|127\.0\.0\.1|::1?)[ \t]+([^#]+)")
_HOST = re.compile(
    r"(?=.{4,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z][a-z0-9-]*[a-z0-9]", re.I
)


def read(text: str, name: str) -> TrackerList:
    """The list under its name. What the format knows and the gateway cannot use is counted."""
    rules: list[Rule] = []
    cancelled: list[Rule] = []
    left: dict[str, list[int]] = {}
    plain = When(list=name)
    in_hosts_form = not text.lstrip("\ufeff \t\r\n").startswith("[Adblock")
    for number, line in _lines(text, left):
        if _PLAIN.fullmatch(line):
            rules.append(Rule(line, plain))
        elif in_hosts_form and (hosts := _hosts(line)):
            rules += [Rule(f"||{host}^", plain) for host in hosts]
        elif isinstance(found := parse(line, name), Skipped):
            left.setdefault(found.reason, []).append(number)
        else:
            (cancelled if found.cancels else rules).append(found)
    reasons = tuple(Left(reason, len(lines), lines[0]) for reason, lines in left.items())
    return TrackerList(name, tuple(rules), tuple(cancelled), reasons)


def _lines(text: str, left: dict[str, list[int]]) -> Iterator[tuple[int, str]]:
    """The lines that can be rules, with their numbers; of the others it notes those that say something."""
    within = 0
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        line = line.strip()
        if line.startswith("!#"):
            within += line.startswith("!#if")
            within -= line.startswith("!#endif") and within > 0
            if line.startswith("!#include"):
                left.setdefault(INCLUDED, []).append(number)
        elif not line or _COMMENT.match(line):
            continue
        elif within:
            left.setdefault(ONE_BROWSER, []).append(number)
        elif ("#" in line or "$$" in line) and _HIDING.search(line):
            left.setdefault(HIDES, []).append(number)
        else:
            yield number, line


def _hosts(line: str) -> list[str]:
    """The hosts of a line in the form of a hosts file, or of one with a host and nothing else."""
    entry = _HOSTS_LINE.match(line)
    names = entry[1].split() if entry else [line]
    return [name.lower() for name in names if _HOST.fullmatch(name)]
