"""Click identifiers: what an advertiser puts into an address to know again who clicked.

They serve its advertising and nothing else, so the site does not get them while marketing is not
granted (TDDDG § 25; GDPR Art. 5(1)(b)), and nobody gets them from a link that shares a page. The visitor's own
address bar stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import replace
from urllib.parse import unquote_plus

from consent_gateway.messages import Headers, Request

# Headers that repeat an address of the page or of the request; the others are the operator's own proxies'.
ADDRESSES = frozenset(("referer", "hx-current-url", "x-original-url", "x-rewrite-url", "x-forwarded-uri"))
# Who takes back a consent to be written to is known by nothing else (GDPR Art. 7(3), 21(3)). The query filter of
# Brave makes the same exception.
_LEAVING = re.compile(r"(?>(?:[a-z]+://[^/?#]*)?)[^#]*(?:unsubscri|opt[-_]?out|emailwebview)", re.I)
_BETWEEN = re.compile(r"([&;])")


def without_click_ids(request: Request, names: Container[str]) -> Request:
    """The request with target and Referer without parameters of these names, given in lower case; every
    other byte stays. A body is left as it is, and so is an address by which somebody unsubscribes."""
    fields = ((name, _asked(value, names) if name.lower() in ADDRESSES else value)
              for name, value in request.headers)  # fmt: skip
    return replace(request, target=_asked(request.target, names), headers=Headers(tuple(fields)))


def _asked(address: str, names: Container[str]) -> str:
    return address if _LEAVING.match(address) else without(address, names)


def without(address: str, names: Container[str]) -> str:
    """The address without parameters of these names; every other byte stays."""
    start, mark, rest = address.partition("?")
    query, hash, fragment = rest.partition("#")
    if not mark:
        return address
    pieces = _BETWEEN.split(query)  # parameter, separator, parameter …
    kept = [0, *range(2, len(pieces), 2)]
    kept = [index for index in dict.fromkeys(kept) if not _names_one(pieces[index], names)]
    if len(kept) * 2 == len(pieces) + 1:
        return address
    left = "".join(f"{pieces[index - 1] if place else ''}{pieces[index]}" for place, index in enumerate(kept))
    return f"{start}{'?' if left else ''}{left}{hash}{fragment}"


def _names_one(parameter: str, names: Container[str]) -> bool:
    """Whether a parameter has one of the names, as a server decodes them: `%67clid`, `gclid[]`."""
    name = unquote_plus(parameter.partition("=")[0]).strip().lower()
    return name.partition("[")[0] in names
