"""Whether the page's code takes over what the server has rendered, and compares it node by node."""

from __future__ import annotations

import re

# What frameworks leave in such pages (React, Next, Gatsby, Remix, Vue, Nuxt, Angular, Svelte, Solid, Qwik,
# Astro, Ember), and the calls by which they begin; as their documentation says, observed 2026-11.
_WORDS = (
    b"data-reactroot", b"__NEXT_DATA__", b"__remixContext", b"__reactRouterContext", b"data-server-rendered", b"__NUXT__",
    b"__VUE_SSR_", b"ng-server-context", b"ng-state", b"data-sveltekit", b"__sveltekit_", b"data-hk=", b"q:container",
    b"<astro-island", b"data-hydrat", b"createSSRApp", b"__APOLLO_STATE__", b"__INITIAL_STATE__", b"shoebox-",
)  # fmt: skip
# Those that are more than a word, each by a word that is in it. One pattern of all took a quarter of the
# rewriter's time: its alternatives are tried at every byte.
_PATTERNS = {
    b"__next_f": re.compile(rb"__next_f\b"),
    b"__next": re.compile(rb"id=[\"']?__next\b"),
    b"___gatsby": re.compile(rb"id=[\"']?___gatsby\b"),
    b"__nuxt": re.compile(rb"id=[\"']?__nuxt\b"),
    b"__layout": re.compile(rb"id=[\"']?__layout\b"),
    b"_$HY": re.compile(rb"_\$HY\b"),
    b"data-ssr": re.compile(rb"data-ssr\b"),
    b"hydrate": re.compile(rb"\bhydrate(?:Root)?\s*\("),
}


def expected(data: bytes) -> bool:
    """Whether there are signs of it."""
    return any(word in data for word in _WORDS) or any(
        word in data and pattern.search(data) for word, pattern in _PATTERNS.items()
    )
