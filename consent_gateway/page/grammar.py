"""The grammar of HTML as compiled expressions over bytes.

Every quantifier over the document is possessive: the time is linear in its size, whatever it holds.
Sections named in comments are those of https://html.spec.whatwg.org/multipage/parsing.html.
"""

from __future__ import annotations

import re

from consent_gateway.page.patterns import compiled

NAME = rb"[a-zA-Z][^ \t\n\r\f/>]*+"
_QUOTED = rb"\"[^\"]*+\"|'[^']*+'"
_VALUE = rb"[ \t\n\r\f]*+=[ \t\n\r\f]*+(?:" + _QUOTED + rb"|[^ \t\n\r\f>\"'][^ \t\n\r\f>]*+|(?=>))"
_NO_VALUE = rb"(?![ \t\n\r\f]*+=)"
ATTRIBUTES = (
    rb"(?:[ \t\n\r\f/]++"
    rb"|[^ \t\n\r\f/>][^ \t\n\r\f/>=]*+(?:" + _VALUE + rb"|" + _NO_VALUE + rb"))*+"
)
# Attributes that make no element fetch anything but those in STOP: tags that have only such are
# skipped. Names are compared by how they begin; the lazy-loading ones may have any prefix. Handlers
# count where an address is in them, SVG's presentation attributes where one of another document is.
_VALUE_START = rb"[a-zA-Z-]*+[ \t\n\r\f]*+=[ \t\n\r\f]*+(?:\"[^\"]*?|'[^']*?|[^ \t\n\r\f>]*?)"
_LOUD = (
    rb"[sS](?:[tT][yY]|[rR][cC])|[pP][iIoO]|[bB][aA]|[aA][tT][tT][rR]|[dD][aA][tT][aA]-[^ \t\n\r\f/>=]*?"
    rb"(?:[sS][rR][cC]|[lL][aA][zZ]|[bB][gG]|[bB][aA][cC][kK]|[oO][rR][iI]|[uU][rR][lL]|[pP][oO][sS]|[iI][mM])"
    rb"|[oO][nN]" + _VALUE_START + rb"(?://|\\/|&\#x2[fF])"
)
_LOUD_IN_SVG = (
    _LOUD + rb"|(?:[fF][iI][lL]|[sS][tT][rR][oO]|[mM][aA][rRsS][kK]|[cC][lL][iI][pP]|[cC][uU][rR][sS])"
    + _VALUE_START + rb"(?:[uU][rR][lL]\([ \t\n\r\f]*+[\"']?+(?!\#)|\\|&)"
)  # fmt: skip


def _quiet(loud: bytes) -> bytes:
    name = rb"(?!" + loud + rb")[^ \t\n\r\f/>][^ \t\n\r\f/>=]*+"
    return rb"(?:[ \t\n\r\f/]++|" + name + rb"(?:" + _VALUE + rb"|" + _NO_VALUE + rb"))*+"


_NAME_END = rb"(?=[ \t\n\r\f/>])"


def _caseless(word: str) -> bytes:
    return b"".join(
        b"[%c%c]" % (ord(letter), ord(letter.upper())) if letter.isalpha() else re.escape(letter.encode())
        for letter in word
    )


def _any_of(words: tuple[str, ...]) -> bytes:
    """One of the words, in any case, as a whole tag name; factored by first letter for speed."""
    by_letter: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        by_letter.setdefault(word[0], []).append(word[1:])
    groups = (
        _caseless(letter) + b"(?:" + b"|".join(_caseless(rest) for rest in rests) + b")"
        for letter, rests in sorted(by_letter.items())
    )
    return b"(?:" + b"|".join(groups) + b")" + _NAME_END


RAW_TEXT = ("style", "title", "textarea", "xmp", "iframe", "noembed", "noframes", "noscript")
STOP = (
    "script", "plaintext", "svg", "math", "select", "template", "html", "head", "body",
    "frameset", "frame", "base", "meta", "link", "img", "image", "source", "video", "audio",
    "track", "object", "embed", "input", "portal", "fencedframe", "use", "feimage", "param", "applet",
    "amp-analytics", *RAW_TEXT,
)  # fmt: skip
_STOP_END = ("select", "template", "head", "body", "html")
# 13.2.6.5 "The rules for parsing tokens in foreign content": start tags that leave it.
_BREAKOUT = (
    "b", "big", "blockquote", "body", "br", "center", "code", "dd", "div", "dl", "dt", "em", "embed",
    "h1", "h2", "h3", "h4", "h5", "h6", "head", "hr", "i", "img", "li", "listing", "menu", "meta", "nobr",
    "ol", "p", "pre", "ruby", "s", "small", "span", "strong", "strike", "sub", "sup", "table", "tt", "u",
    "ul", "var",
)  # fmt: skip
# More elements that svg and math have none of: their end tags leave it where they are open around it.
_HTML_ONLY = (
    "abbr", "acronym", "address", "article", "aside", "bdi", "bdo", "button", "caption", "cite", "data",
    "datalist", "del", "details", "dfn", "dialog", "fieldset", "figcaption", "figure", "footer", "form",
    "header", "hgroup", "html", "ins", "kbd", "label", "legend", "main", "map", "mark", "marquee",
    "meter", "nav", "object", "optgroup", "option", "output", "picture", "progress", "q", "samp",
    "search", "section", "select", "slot", "summary", "tbody", "td", "tfoot", "th", "thead", "time",
    "tr",
)  # fmt: skip
_SVG_HTML = ("foreignobject", "desc", "title")
_MATH_HTML = ("mi", "mo", "mn", "ms", "mtext")
_INTEGRATION = (*_SVG_HTML, *_MATH_HTML, "annotation-xml")
_SVG_STOP = (
    "animate",
    "set",
    "animatecolor",
    "cursor",
    "font-face-uri",
    "color-profile",
    "tref",
    "animation",
)

# 13.2.5.42 ff.: "<!-->" and "<!--->" are whole comments; "-->" and "--!>" end one.
_COMMENT = rb"!--(?:-?+>|(?:[^-]++|-(?!-!?>))*+--!?+>)"
_BOGUS = rb"\?[^>]*+>|/(?![a-zA-Z])[^>]*+>|(?![a-zA-Z/!?])"
_CAPTURE = rb"(?:<(/?+" + NAME + rb")(" + ATTRIBUTES + rb")>)?+"


def _walk(
    stop: tuple[str, ...], stop_end: tuple[str, ...], *, cdata: bool, loud: bytes = _LOUD
) -> re.Pattern[bytes]:
    """Skips text, comments and what `stop` and _LOUD let pass; captures the tag after that. Without
    `stop` or `stop_end` it skips no start or end tag."""
    quiet = rb"(?!" + _any_of(stop) + rb")" + NAME + _quiet(loud) + rb">|" if stop else b""
    end_tag = rb"/(?!" + _any_of(stop_end) + rb")" + NAME + ATTRIBUTES + rb">|" if stop_end else b""
    section = rb"!\[CDATA\[(?:[^\]]++|\](?!\]>))*+\]\]>|" if cdata else b""
    declaration = rb"!(?!--|\[CDATA\[)[^>]*+>" if cdata else rb"!(?!--)[^>]*+>"
    markup = quiet + end_tag + section + _COMMENT + rb"|" + declaration + rb"|" + _BOGUS
    return compiled(rb"(?:[^<]++|<(?:" + markup + rb"))*+" + _CAPTURE, re.S)


HTML = _walk(STOP, _STOP_END, cdata=False)
# STOP as well: where an unclosed svg makes this the wrong grammar, those tags are still seen.
FOREIGN = _walk(
    (*_BREAKOUT, *_INTEGRATION, *STOP, *_SVG_STOP, "font"),
    ("svg", "math", "script", "style", *_BREAKOUT, *_HTML_ONLY),
    cdata=True,
    loud=_LOUD_IN_SVG,
)
XML = _walk((), ("body",), cdata=True)
EVERY = _walk((), (), cdata=False)
EVERY_FOREIGN = _walk((), (), cdata=True)
RAW_END = {word.encode(): compiled(rb"</" + _caseless(word) + _NAME_END) for word in (*RAW_TEXT, "script")}
TEXT_END = {word.encode(): re.compile(rb"</?" + _caseless(word) + _NAME_END) for word in ("script", "style")}
ESCAPED = compiled(rb"-->|<(/?)" + _caseless("script") + _NAME_END)
DOUBLE_ESCAPED = compiled(rb"-->|</" + _caseless("script") + _NAME_END)
ATTRIBUTE = compiled(
    rb"[ \t\n\r\f/]*+([^ \t\n\r\f/>][^ \t\n\r\f/>=]*+)"
    rb"(?:[ \t\n\r\f]*+=[ \t\n\r\f]*+(?:\"([^\"]*+)(?:\"|\Z)|'([^']*+)(?:'|\Z)|([^ \t\n\r\f>\"'][^ \t\n\r\f>]*+)|(?=>))"
    rb"|(?![ \t\n\r\f]*+=))"
    rb"|[ \t\n\r\f/]++"  # before the end of the tag: not to be looked through again from each blank on
)


BREAKOUT_NAMES = frozenset(word.encode() for word in _BREAKOUT)
HTML_END_NAMES = frozenset(word.encode() for word in (*_BREAKOUT, *_HTML_ONLY))
SVG_HTML_NAMES = frozenset(word.encode() for word in _SVG_HTML)
MATH_HTML_NAMES = frozenset(word.encode() for word in _MATH_HTML)
VOID_NAMES = frozenset(  # 13.1.2, and those that are void to the parser besides
    b"area base basefont bgsound br col embed frame hr image img input keygen link meta param source track wbr".split()
)
IMPLIED_END_NAMES = frozenset(b"dd dt li optgroup option p rb rp rt rtc".split())  # 13.2.6.3
FONT_ATTRIBUTES = {b"color", b"face", b"size"}
RAW_TEXT_NAMES = frozenset((*RAW_END, b"plaintext"))
END_TAG = compiled(rb"</" + NAME + ATTRIBUTES + rb">")
START_TAG = compiled(rb"<(" + NAME + rb")(" + ATTRIBUTES + rb")>")
# Where it ends may be up to what follows, such as a quote in an insertion.
UNFINISHED_TAG = compiled(
    rb"<(" + NAME + rb")(" + ATTRIBUTES
    + rb"(?:[^ \t\n\r\f/>][^ \t\n\r\f/>=]*+[ \t\n\r\f]*+=[ \t\n\r\f]*+(?:\"[^\"]*+|'[^']*+))?+)\Z"
)  # fmt: skip
LONGEST_DOUBTFUL_TAG = 8192  # bytes; where tags may begin anywhere, the time would grow with the square
