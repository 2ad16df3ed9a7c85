"""What a fetch is for, as the rules of lists name it: one bit per kind."""

from __future__ import annotations

SCRIPT, IMAGE, STYLESHEET, SUBDOCUMENT, XMLHTTPREQUEST, PING, MEDIA, FONT, OBJECT, WEBSOCKET, OTHER, DOCUMENT = (
    1 << bit for bit in range(12)
)  # fmt: skip
GENERIC = 1 << 12  # an exception that turns off the rules which name no website

# What a rule that names no kind stands for: everything a page loads, not pages themselves.
ANY = (1 << 11) - 1

# The names of the kinds with their other names in uBlock Origin. Kinds without a bit are no fetch.
NAMES: dict[str, int] = {
    "script": SCRIPT,
    "image": IMAGE,
    "background": IMAGE,
    "stylesheet": STYLESHEET,
    "css": STYLESHEET,
    "subdocument": SUBDOCUMENT,
    "frame": SUBDOCUMENT,
    "xmlhttprequest": XMLHTTPREQUEST,
    "xhr": XMLHTTPREQUEST,
    "ping": PING,
    "beacon": PING,
    "media": MEDIA,
    "font": FONT,
    "object": OBJECT,
    "object-subrequest": OBJECT,
    "websocket": WEBSOCKET,
    "other": OTHER,
    "document": DOCUMENT,
    "doc": DOCUMENT,
    "all": ANY | DOCUMENT,
    "genericblock": GENERIC,
    "popup": 0,
    "popunder": 0,
    "webrtc": 0,
    "inline-script": 0,
    "inline-font": 0,
    "elemhide": 0,
    "ehide": 0,
    "generichide": 0,
    "ghide": 0,
    "specifichide": 0,
    "shide": 0,
}
