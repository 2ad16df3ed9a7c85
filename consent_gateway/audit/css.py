"""What a style sheet or a style attribute makes a browser fetch, by a parser that is not the rewriter's."""

from __future__ import annotations

from collections.abc import Iterator

import tinycss2

# CSS Values 4.5, Images 4 2.4: in these a plain string is an address.
_ADDRESSING = frozenset(("url", "src", "image", "image-set", "-webkit-image-set"))


def addresses(css: str) -> Iterator[str]:
    """Every address in it, as written, also those of `@import` and `@font-face`."""
    stack: list[tuple[Iterator[tinycss2.ast.Node], bool]] = [
        (iter(tinycss2.parse_component_value_list(css)), False)
    ]
    importing = False
    while stack:
        nodes, strings = stack[-1]
        node = next(nodes, None)
        if node is None:
            stack.pop()
            continue
        if node.type == "url" or (node.type == "string" and (strings or importing)):
            if node.value:  # CSS Values 4.5.1: an empty one is none
                yield str(node.value)
        elif node.type == "function":
            stack.append((iter(node.arguments), node.lower_name in _ADDRESSING))
        elif hasattr(node, "content"):
            stack.append((iter(node.content), strings and node.type == "() block"))
        if node.type not in ("whitespace", "comment"):
            importing = node.type == "at-keyword" and node.lower_value == "import"
