"""Which items scripts have put into the storage of a page: by name, never by value."""

from __future__ import annotations

from consent_gateway.captures.visited import StoredItem

# Names in local and in session storage; what a page may put there is bounded.
NAMES = """() => {
  try {
    return [localStorage, sessionStorage].map((one) => Object.keys(one).slice(0, 500).map((name) => name.slice(0, 200)));
  } catch { return []; }
}"""


def items(found: object) -> tuple[StoredItem, ...]:
    """What came of it in the page, whose own code may have changed what lists them."""
    if not isinstance(found, list) or len(found) != 2:
        return ()
    return tuple(
        StoredItem(name, bool(of_session))
        for of_session, names in enumerate(found)
        for name in (names if isinstance(names, list) else ())
        if isinstance(name, str)
    )
