"""AMP: components that contact a service as soon as their script is there, whatever the script's host.

The names of AMP's components: https://amp.dev/documentation/components. An address beside one is where
it goes; it says whose the component is.
"""

from __future__ import annotations

from collections.abc import Callable

_MEASUREMENT = "https://www.google-analytics.com/collect"
_ADS = "https://securepubads.g.doubleclick.net/"
COMPONENTS: dict[bytes, str] = {
    b"amp-ad": _ADS,
    b"amp-analytics": _MEASUREMENT,
    b"amp-auto-ads": _ADS,
    b"amp-addthis": "https://s7.addthis.com/",
    b"amp-brightcove": "https://players.brightcove.net/",
    b"amp-dailymotion": "https://www.dailymotion.com/embed/video/",
    b"amp-facebook": "https://www.facebook.com/plugins/post.php",
    b"amp-facebook-comments": "https://www.facebook.com/plugins/comments.php",
    b"amp-facebook-like": "https://www.facebook.com/plugins/like.php",
    b"amp-facebook-page": "https://www.facebook.com/plugins/page.php",
    b"amp-gfycat": "https://gfycat.com/ifr/",
    b"amp-instagram": "https://www.instagram.com/p/x/embed/",
    b"amp-jwplayer": "https://content.jwplatform.com/players/",
    b"amp-pinterest": "https://assets.pinterest.com/js/pinit.js",
    b"amp-reddit": "https://embed.redditmedia.com/",
    b"amp-soundcloud": "https://w.soundcloud.com/player/",
    b"amp-story-auto-analytics": _MEASUREMENT,
    b"amp-tiktok": "https://www.tiktok.com/embed/",
    b"amp-twitter": "https://platform.twitter.com/widgets.js",
    b"amp-vimeo": "https://player.vimeo.com/video/",
    b"amp-wistia-player": "https://fast.wistia.net/embed/iframe/",
    b"amp-youtube": "https://www.youtube.com/embed/",
}


def address_of(component: str) -> str | None:
    """Where the component that a `<script custom-element>` brings goes."""
    return COMPONENTS.get(component.strip().lower().encode("ascii", "replace"))


# Elements that name Google by a word, by the attribute with that word: to measure with, or to ask for
# the client id that its other servers know (https://support.google.com/analytics/answer/7486764).
NAMING: dict[bytes, bytes] = {b"amp-analytics": b"type", b"meta": b"content"}
_WORDS = frozenset(("gtag", "googleanalytics", "googleanalytics-alpha"))
_CLIENT_ID = "amp-google-client-id-api"


def named_by(element: bytes, value: Callable[[str], str]) -> str | None:
    """Where an element goes that names Google by a word. `value` gives the text of its attributes."""
    attribute = NAMING[element].decode()
    if value(attribute).strip().lower() not in _WORDS:
        return None
    if element == b"meta" and value("name").strip().lower() != _CLIENT_ID:
        return None
    return _MEASUREMENT
