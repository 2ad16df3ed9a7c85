"""Every regular expression of the gateway, and for each the inputs that would make it backtrack: made from itself."""

from __future__ import annotations

import ast
import importlib
import re
import re._constants as sre  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tests.conftest import ROOT

PACKAGE = ROOT / "consent_gateway"
METHODS = ("match", "fullmatch", "search", "sub", "subn", "findall", "finditer", "split")
LENGTH = 20_000  # characters: what takes the square of it does not end within the seconds
SECONDS = 0.2  # of the processor's time
MOST_ALTERNATIVES = 6


class Expression(NamedTuple):
    """An expression, where it stands, and how it is used."""

    where: str
    pattern: re.Pattern[Any]
    methods: frozenset[str]


class TooLong(Exception):
    """An input has taken more than its time."""


def expressions(skipped: tuple[str, ...] = ()) -> Iterator[Expression]:
    """Those that modules keep, and those written where they are used."""
    trees = {path: ast.parse(path.read_text("utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}
    used = _methods(trees)
    for path, tree in trees.items():
        name = path.relative_to(PACKAGE).as_posix()
        if name.endswith("__main__.py") or name.startswith(skipped):
            continue
        module = importlib.import_module(
            ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        )
        own = {
            target.id
            for node in tree.body
            if isinstance(node, ast.Assign | ast.AnnAssign)
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            if isinstance(target, ast.Name)
        }
        for variable in sorted(own):
            for number, pattern in enumerate(_kept(getattr(module, variable, None))):
                methods = used.get((path, variable)) or used.get((None, variable)) or frozenset(("search",))
                yield Expression(f"{name}:{variable}[{number}]", pattern, methods)
        for node in ast.walk(tree):
            if (call := _call(node)) and isinstance(call.args[0], ast.Constant):
                flags = next(
                    (one for one in (*call.args[2:], *(k.value for k in call.keywords)) if _is_flag(one)),
                    None,
                )
                value = eval(compile(ast.Expression(flags), "", "eval"), {"re": re}) if flags else 0
                pattern = re.compile(call.args[0].value, value)  # type: ignore[arg-type, type-var, unused-ignore]
                yield Expression(
                    f"{name}:{call.lineno}", pattern, frozenset((ast.unparse(call.func).partition(".")[2],))
                )


def hostile(pattern: re.Pattern[Any]) -> Iterator[Any]:
    """For each repetition without an end: what comes before it, what it repeats many times, and what fits nowhere;
    and the beginning of what is looked for, again and again."""
    seen = set()
    tree = parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    for before, pump in _pumps(list(tree), ""):
        for unit in (pump, before + pump):
            if not unit:
                continue
            many = unit * (LENGTH // len(unit))
            for text in (before + many, before + many + "\x00"):
                if text not in seen:
                    seen.add(text)
                    yield text if isinstance(pattern.pattern, str) else text.encode("latin-1", "replace")


def slow_on(expression: Expression) -> Any:
    """The first input that takes longer than it may; None if none does."""
    for text in hostile(expression.pattern):
        for method in expression.methods:
            if not _ends(expression.pattern, method, text):
                return text
    return None


def _ends(pattern: re.Pattern[Any], method: str, text: Any) -> bool:
    def late(*_: object) -> None:
        raise TooLong

    before = signal.signal(signal.SIGVTALRM, late)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        if method in ("sub", "subn"):
            pattern.sub(text[:0], text)
        elif method == "finditer":
            for _ in pattern.finditer(text):
                pass
        else:
            getattr(pattern, method)(text)
    except TooLong:
        return False
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    return True


# ---- samples of what an expression matches --------------------------------------------------------


def _pumps(items: list[Any], before: str) -> Iterator[tuple[str, str]]:
    for op, argument in items:
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            _, most, body = argument
            if most is sre.MAXREPEAT or most > 1000:
                for sample in _samples(list(body)):
                    yield before, sample
            yield from _pumps(list(body), before)
        elif op is sre.SUBPATTERN:
            yield from _pumps(list(argument[3]), before)
        elif op is sre.ATOMIC_GROUP:
            yield from _pumps(list(argument), before)
        elif op in (sre.ASSERT, sre.ASSERT_NOT):
            yield from _pumps(list(argument[1]), before)
        elif op is sre.BRANCH:
            for branch in argument[1][:MOST_ALTERNATIVES]:
                yield from _pumps(list(branch), before)
        before += next(_samples([(op, argument)]), "")


def _samples(items: list[Any]) -> Iterator[str]:
    """A few texts that it matches, or nearly."""
    made = [""]
    for op, argument in items:
        parts = list(_of(op, argument))[:MOST_ALTERNATIVES]
        made = [start + part for start in made for part in parts][:MOST_ALTERNATIVES] or made
    yield from dict.fromkeys(made)


def _of(op: Any, argument: Any) -> Iterator[str]:
    if op is sre.LITERAL:
        yield chr(argument)
    elif op is sre.NOT_LITERAL:
        yield "a" if argument != ord("a") else "b"
        yield " "
    elif op is sre.ANY:
        yield "a"
    elif op is sre.IN:
        yield from _of_set(argument)
    elif op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        least, _, body = argument
        for sample in _samples(list(body)):
            yield sample * max(least, 1)
        if least == 0:
            yield ""
    elif op is sre.SUBPATTERN:
        yield from _samples(list(argument[3]))
    elif op is sre.ATOMIC_GROUP:
        yield from _samples(list(argument))
    elif op is sre.BRANCH:
        for branch in argument[1]:
            yield from _samples(list(branch))
    else:
        yield ""


CATEGORIES = {
    sre.CATEGORY_DIGIT: "0", sre.CATEGORY_SPACE: " ", sre.CATEGORY_WORD: "a",
    sre.CATEGORY_NOT_DIGIT: "a", sre.CATEGORY_NOT_SPACE: "a", sre.CATEGORY_NOT_WORD: " ",
}  # fmt: skip


def _of_set(items: list[Any]) -> Iterator[str]:
    if items[0][0] is sre.NEGATE:
        excluded = items[1:]
        yield from (one for one in 'a 0<"(-;,:=.' if not any(_is_in(ord(one), item) for item in excluded))
        return
    for op, argument in items:
        if op is sre.LITERAL:
            yield chr(argument)
        elif op is sre.RANGE:
            yield chr(argument[0])
        elif op is sre.CATEGORY:
            yield CATEGORIES[argument]


def _is_in(code: int, item: Any) -> bool:
    op, argument = item
    if op is sre.LITERAL:
        return bool(code == argument)
    if op is sre.RANGE:
        return bool(argument[0] <= code <= argument[1])
    kind = {sre.CATEGORY_DIGIT: r"\d", sre.CATEGORY_SPACE: r"\s", sre.CATEGORY_WORD: r"\w"}.get(argument)
    return kind is not None and re.match(kind, chr(code)) is not None


# ---- where they are and how they are used ---------------------------------------------------------


def _kept(value: Any) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _kept(one)
    elif isinstance(value, tuple | list | set | frozenset):
        for one in value:
            yield from _kept(one)


def _call(node: ast.AST) -> ast.Call | None:
    """A use of an expression that is written there."""
    uses = {f"re.{method}" for method in METHODS}
    return node if isinstance(node, ast.Call) and node.args and ast.unparse(node.func) in uses else None


def _is_flag(node: ast.expr) -> bool:
    return "re." in ast.unparse(node)


def _methods(trees: Mapping[Path, ast.Module]) -> dict[tuple[Path | None, str], frozenset[str]]:
    """The methods a variable is used with: in a module, and anywhere."""
    found: dict[tuple[Path | None, str], set[str]] = {}
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in METHODS:
                named = node.value
                while isinstance(named, ast.Subscript | ast.Attribute):
                    named = named.value
                if isinstance(named, ast.Name):
                    for place in (path, None):
                        found.setdefault((place, named.id), set()).add(node.attr)
    return {name: frozenset(methods) for name, methods in found.items()}
