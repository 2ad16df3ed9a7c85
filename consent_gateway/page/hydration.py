"""Whether the page's code takes over what the server has rendered, and compares it node by node."""

from __future__ import annotations

import re

# What frameworks leave in such pages (React, Next, Gatsby, Remix, Vue, Nuxt, Angular, Svelte, Solid, Qwik,
# Astro, Ember), and the calls by which they begin; as their documentation says, observed 2026-11.
_MARKS = re.compile(
    rb"data-reactroot|__NEXT_DATA__|__next_f\b|id=[\"']?(?:__next|___gatsby|__nuxt|__layout)\b|__remixContext"
    rb"|__reactRouterContext|data-server-rendered|__NUXT__|__VUE_SSR_|ng-server-context|ng-state"
    rb"|data-sveltekit|__sveltekit_|data-hk=|_\$HY\b|q:container|<astro-island|data-ssr\b|data-hydrat"
    rb"|\bhydrate(?:Root)?\s*\(|createSSRApp|__APOLLO_STATE__|__INITIAL_STATE__|shoebox-",
)


def expected(data: bytes) -> bool:
    """Whether there are signs of it."""
    return _MARKS.search(data) is not None
