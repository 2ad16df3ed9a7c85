"""Several gateways in one process: what mitmproxy has once per process is had once per context (PEP 567).

`mitmproxy.ctx` names the master and the options of whoever was made last, and mitmproxy asks it for every
connection, seen on 11.0.2 and 12.2.3. asyncio hands contexts down to the tasks and callbacks of a server,
so that each finds its own there.
"""

from __future__ import annotations

import sys
from contextvars import ContextVar
from types import ModuleType
from typing import Any, Generic, TypeVar

import mitmproxy.ctx

Value = TypeVar("Value")


class Own(Generic[Value]):
    """A value that each context may have of its own; others find the one that was set last."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._own: ContextVar[Value] = ContextVar(name)
        self._last: list[Value] = []

    def set(self, value: Value) -> None:
        self._own.set(value)
        self._last = [value]

    def get(self) -> Value:
        """Raises AttributeError if none was ever set."""
        try:
            return self._own.get(*self._last)
        except LookupError:
            raise AttributeError(self._name) from None


def _property(name: str) -> property:
    own: Own[Any] = Own(name)
    return property(lambda module: own.get(), lambda module, value: own.set(value))


class _ContextualModule(ModuleType):
    """`mitmproxy.ctx` with what a master puts into it. Python lets a module have a class of its own
    (Language Reference 3.3.2.1)."""

    master = _property("master")
    options = _property("options")
    log = _property("log")


def keep_apart() -> None:
    """From now on every master finds itself in `mitmproxy.ctx`, if it runs in a task of its own."""
    module = sys.modules[mitmproxy.ctx.__name__]
    if not isinstance(module, _ContextualModule):
        set_before = {
            name: vars(module)[name] for name in ("master", "options", "log") if name in vars(module)
        }
        module.__class__ = _ContextualModule
        for name, value in set_before.items():
            setattr(module, name, value)
