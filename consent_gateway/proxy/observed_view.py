"""The content view of an observed flow: decision and reason, and of a hit what would be sent on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mitmproxy import contentviews

KEY = "consent"
NAME = "Consent"


def text_of(metadata: Mapping[str, Any]) -> str:
    """What is known of a flow, in lines. Raises ValueError for one that nobody has observed."""
    told = metadata.get(KEY)
    if not isinstance(told, dict):
        raise ValueError("not a request to a third party")
    return "\n".join(_lines(told))


def _lines(told: Mapping[str, Any]) -> Iterator[str]:
    purposes = f" ({', '.join(told['purposes'])})" if told["purposes"] else ""
    yield f"{told['name']}{purposes}"
    yield f"decision: {told['decision']}"
    yield f"reason:   {told['reason']}"
    if told["article"]:
        yield f"article:  {told['article']}"
    if not told["hit"]:
        return
    yield ""
    if not told["fields"]:
        yield "Of this hit nothing would be sent on, not even for a visitor who has agreed."
        return
    yield "For a visitor who has agreed to statistics, the gateway would send on of this hit:"
    width = max(len(name) for name, _ in told["fields"])
    yield from (f"  {name:<{width}}  {what}" for name, what in told["fields"])


# mitmproxy 12 has another interface for views than 11, and not the same names.
_api: Any = contentviews

if hasattr(contentviews, "Contentview"):

    class Consent(_api.Contentview):  # type: ignore[misc]
        """Shown first for what was observed."""

        def prettify(self, data: bytes, metadata: Any) -> str:
            return text_of(metadata.flow.metadata if metadata.flow else {})

        def render_priority(self, data: bytes, metadata: Any) -> float:
            return 2 if metadata.flow and KEY in metadata.flow.metadata else -1

else:

    class Consent(_api.View):  # type: ignore[misc,no-redef]
        """Shown first for what was observed."""

        name = NAME

        def __call__(self, data: bytes, *, flow: Any = None, **_: Any) -> Any:
            return NAME, _api.format_text(text_of(flow.metadata if flow else {}))

        def render_priority(self, data: bytes, *, flow: Any = None, **_: Any) -> float:
            return 2 if flow is not None and KEY in flow.metadata else -1


def add() -> None:
    """Makes the view known to mitmproxy, once."""
    views = getattr(_api, "registry", None)  # since mitmproxy 12
    is_known = NAME.lower() in views if views is not None else _api.get(NAME) is not None
    if not is_known:
        _api.add(Consent())
