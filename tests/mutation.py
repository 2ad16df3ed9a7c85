"""Pages made worse: mutations that know what markup is made of. The same seed makes the same page."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

# A tracker that is held in every spelling, and neighbours that are not.
HELD = (
    "//t.co/1", "https://t.co/1", "HTTPS://T.CO/1", "//t.co:443/1", "//user:pw@t.co/1", "//t.co./1", "\\\\t.co\\1", "https:t.co/1",
    "https:///t.co/1", "//%74.co/1", "//t\u3002co/1", "//ｔ.co/1", "ht\ttps://t\n.co/1", "&#47;&#x2f;t&period;co/1",
    "https://www.google-analytics.com/a.js", "//connect.facebook.net/x.js", "https://www.youtube.com/embed/a",
    "https://platform.linkedin.com/in.js", "//static.hotjar.com/c/hotjar.js",
)  # fmt: skip
FREE = (
    "/own.png",
    "a.png",
    "//www.example.com/x",
    "//t.co.example.net/1",
    "https://cdn.example.net/x.js",
    "#",
    "",
    "data:,x",
)
PIECES = (
    "<img src={}>", '<script src="{}"></script>', "<script src={}>", "<iframe src='{}'></iframe>", "<iframe src={}>",
    '<link rel=stylesheet href="{}">', "<link rel='preload prefetch' href={}>", "<svg><image href={} /></svg>",
    "<svg><script href={} /></svg>", "<svg><style>@import '{}';</style></svg>", "<math><mi><img src={}></mi></math>",
    "<object data={}></object>", "<embed src={}>", "<video src={} poster={}>", "<img srcset='a 1x, {} 2x'>",
    "<img srcset='{},{} 2x'>", "<style>@import url({});a{{b:url('{}')}}</style>", '<p style="background:url({})">',
    '<td background="{}">', "<base href='{}'>", "<meta http-equiv=refresh content='0;url={}'>", "<frameset><frame src={}>",
    "<input type=image src={}>", "<a href=x ping='{}'>", '<img src="{}" src=y>', "<img src=y src={}>",
    "<script>fbq('init', '{}')</script>", "<iframe srcdoc='<img src={}>'></iframe>",
    "<iframe src='data:text/html,<img src={}>'></iframe>", "<template><img src={}></template>",
    "<noscript><img src={}></noscript>", "<script type=text/plain src={}></script>", "<!--[if IE]><img src={}><![endif]-->",
)  # fmt: skip
MARKUP = (
    "<svg>", "</svg>", "<math>", "</math>", "<select>", "</select>", "<option>", "<template>", "</template>", "<noscript>",
    "</noscript>", "<!--", "-->", "--!>", "<!-->", "<![CDATA[", "]]>", "<title>", "</title>", "<textarea>", "</textarea>",
    "<style>", "</style>", "<script>", "</script>", "<script><!--", "<script><!--<script>", "<xmp>", "</xmp>", "<noembed>",
    "<noframes>", "</noframes>", "<plaintext>", "<iframe>", "</iframe>", "<desc>", "</desc>", "<foreignObject>",
    "</foreignObject>", "<annotation-xml encoding='text/html'>", "</annotation-xml>", "<mi>", "</mi>", "<mglyph>", "<font color=x>",
    "<font>", "<table>", "<tr>", "<td>", "</table>", "<p>", "</p>", "</br>", "<b>", "<a>", "<form>", "<button>", "<head>", "</head>",
    "<body>", "</body>", "<html>", "</html>", "<frameset>", "<image ", "<g>", "<?x", "</ ", "<!x", "<x", "</x", "<div title='", '<div title="',
    '">', "'>", ">", "<", "/>", "=", " = ", "&", "&#", "\x00", "\x0c", "\r", "\t", "\x0b", "\x1b$B", "\x81", "\ufeff", "\u2028", "é",
)  # fmt: skip
CHARSETS = (
    "utf-8", "windows-1252", "iso-2022-jp", "shift_jis", "gbk", "big5", "euc-kr", "utf-16", "utf-16be", "utf-7", "x-user-defined",
    "cp037", "utf-32", "hz-gb-2312", "iso-2022-kr", "replacement", "koi8-r", "macintosh", "idna", "nonsense",
)  # fmt: skip

Mutation = Callable[[random.Random, str], str]


def page(chance: random.Random, seeds: Sequence[str], *, largest: int) -> bytes:
    """A page of some of the seeds' markup, worse."""
    text = "".join(_slice(chance, chance.choice(seeds), largest) for _ in range(chance.randint(1, 3)))
    for _ in range(chance.randint(1, 12)):
        text = chance.choice(MUTATIONS)(chance, text)[: 2 * largest]
    return _encoded(chance, text)


def _slice(chance: random.Random, text: str, largest: int) -> str:
    if len(text) <= largest:
        return text
    start = chance.randrange(len(text) - largest + 1)
    return text[start : start + largest]


def address(chance: random.Random) -> str:
    return chance.choice(HELD if chance.random() < 0.7 else FREE)


def _insert(chance: random.Random, text: str, piece: str) -> str:
    """Mostly between tags, sometimes anywhere."""
    at = chance.randint(0, len(text))
    if chance.random() < 0.7:
        at = text.rfind("<", 0, at) if text.rfind("<", 0, at) >= 0 else at
    return text[:at] + piece + text[at:]


def _add_fetch(chance: random.Random, text: str) -> str:
    piece = chance.choice(PIECES)
    return _insert(chance, text, piece.format(*(address(chance) for _ in range(2))))


def _add_markup(chance: random.Random, text: str) -> str:
    return _insert(chance, text, "".join(chance.choice(MARKUP) for _ in range(chance.randint(1, 4))))


def _cut(chance: random.Random, text: str) -> str:
    start = chance.randint(0, len(text))
    if chance.random() < 0.2:
        return text[:start]
    return text[:start] + text[start + chance.choice((1, 1, 2, 5, 30, 200)) :]


def _swap(chance: random.Random, text: str) -> str:
    a, b, c = sorted(chance.randint(0, len(text)) for _ in range(3))
    return text[:a] + text[b:c] + text[a:b] + text[c:]


def _wrap(chance: random.Random, text: str) -> str:
    a, b = sorted(chance.randint(0, len(text)) for _ in range(2))
    opening = chance.choice(MARKUP)
    name = re.match(r"<([a-zA-Z-]+)", opening)
    closing = f"</{name[1]}>" if name else "-->"
    return text[:a] + opening + text[a:b] + closing + text[b:]


def _repeat(chance: random.Random, text: str) -> str:
    piece = chance.choice(
        (chance.choice(MARKUP), chance.choice(PIECES).format(address(chance), "b"), "&amp;", " a=b", " a")
    )
    return _insert(chance, text, piece * chance.choice((3, 20, 300)))


def _at_matches(pattern: str, change: Callable[[random.Random, str], str]) -> Mutation:
    """A mutation of some places of a kind."""
    expression = re.compile(pattern)

    def mutation(chance: random.Random, text: str) -> str:
        share = chance.choice((0.02, 0.2, 1))
        return expression.sub(lambda m: change(chance, m[0]) if chance.random() < share else m[0], text)

    return mutation


def _case(chance: random.Random, text: str) -> str:
    return "".join(chance.choice((letter.lower(), letter.upper())) for letter in text)


def _reference(chance: random.Random, text: str) -> str:
    form = chance.choice(("&#{};", "&#x{:x};", "&#X{:X};", "&#{}", "&#0{};"))
    return "".join(form.format(ord(letter)) if chance.random() < 0.3 else letter for letter in text)


def _broken_by_space(chance: random.Random, text: str) -> str:
    at = chance.randint(0, len(text))
    return text[:at] + chance.choice("\t\n\r\f /\x00\x0b") + text[at:]


def _quoted_otherwise(chance: random.Random, text: str) -> str:
    quote = chance.choice(("'", '"', "", " ", "`"))
    return quote + text[1:-1] + chance.choice((quote, quote, ""))


def _twice(chance: random.Random, text: str) -> str:
    return chance.choice((f"{text} {text}", f" src=x{text}", f"{text} src='{address(chance)}'"))


def _into_srcdoc(chance: random.Random, text: str) -> str:
    a = chance.randint(0, len(text))
    b = min(len(text), a + chance.choice((20, 200, 2000)))
    inside = text[a:b].replace("&", "&amp;").replace('"', "&quot;")
    return f'{text[:a]}<iframe srcdoc="{inside}"></iframe>{text[b:]}'


MUTATIONS: tuple[Mutation, ...] = (
    _add_fetch, _add_fetch, _add_fetch, _add_markup, _add_markup, _cut, _swap, _wrap, _wrap, _repeat, _into_srcdoc,
    _at_matches(r"</?[a-zA-Z]+", _case),
    _at_matches(r" [a-zA-Z-]+(?==)", _case),
    _at_matches(r" [a-zA-Z-]+(?==)", _broken_by_space),
    _at_matches(r"(?<=[=\"'(])(?:https?:)?//[^\s\"'<>)]*", _reference),
    _at_matches(r"(?<=[=\"'(])(?:https?:)?//[^\s\"'<>)]*", _broken_by_space),
    _at_matches(r"(?<=[=\"'(])(?:https?:)?//[^\s\"'<>)]*", lambda chance, text: address(chance)),
    _at_matches(r"\"[^\"<>]*\"|'[^'<>]*'", _quoted_otherwise),
    _at_matches(r" (?:src|href|type|rel)=[^\s>]*", _twice),
    _at_matches(r"=", _broken_by_space),
)  # fmt: skip


def _encoded(chance: random.Random, text: str) -> bytes:
    """The bytes, mostly UTF-8; in one of twenty pages the charset is a trap."""
    if chance.random() > 0.05:
        return text.encode("utf-8", "replace")
    declared = f"<meta charset={chance.choice(CHARSETS)}>"
    if chance.random() < 0.5:
        return (declared + text).encode("latin-1", "replace")
    codec = chance.choice(("utf-16", "utf-16-be", "shift_jis", "iso2022_jp", "gb18030", "utf-8-sig", "utf-7"))
    bom = b"\xfe\xff" if codec == "utf-16-be" else b""
    return bom + (declared + text).encode(codec, "replace")
