"""Stand-ins for the loaders of networks: each draws its plug-ins as the real one finds them."""

from __future__ import annotations

from typing import NamedTuple

# Draws what is in the page and not yet drawn, and tells its network; anew when `api` is called.
_LOADER = """
(() => {
  const draw = () => document.querySelectorAll(SELECTOR).forEach((mount) => {
    if (mount.dataset.drawn) return;
    mount.dataset.drawn = "1";
    const drawn = document.createElement("b");
    drawn.className = "drawn";
    drawn.textContent = "drawn";
    mount.matches("script") ? mount.before(drawn) : mount.append(drawn);
    new Image().src = new URL("/drawn", document.currentScript ? document.currentScript.src : ORIGIN).href;
  });
  const names = API.split(".").filter(Boolean);
  const method = names.pop();
  if (method) names.reduce((object, name) => object[name] = object[name] || {}, window)[method] = draw;
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", draw);
  else draw();
})();
"""


class Network(NamedTuple):
    """A service with its loader, what calls it again (nothing: it draws only when it comes), two of its
    plug-ins, and what finds them."""

    service: str
    loader: str
    api: str
    mounts: tuple[str, str]
    selector: str


NETWORKS = (
    Network("linkedin", "https://platform.linkedin.com/in.js", "IN.parse",
            ('<script type="IN/FollowCompany" data-id="1"></script>', '<script type="IN/CompanyProfile" data-id="2"></script>'),
            'script[type^="IN/"]'),
    Network("linkedin", "https://platform.linkedin.com/badges/js/profile.js", "",
            ('<div class="badge-base LI-profile-badge" data-vanity="a"><a href="https://de.linkedin.com/in/a">A</a></div>',
             '<div class="badge-base LI-profile-badge" data-vanity="b"><a href="https://de.linkedin.com/in/b">B</a></div>'),
            ".LI-profile-badge"),
    Network("x", "https://platform.twitter.com/widgets.js", "twttr.widgets.load",
            ('<blockquote class="twitter-tweet"><a href="https://x.com/a/status/1">1</a></blockquote>',
             '<blockquote class="twitter-tweet"><a href="https://x.com/a/status/2">2</a></blockquote>'),
            "blockquote.twitter-tweet"),
    Network("facebook", "https://connect.facebook.net/de_DE/sdk.js#xfbml=1&version=v19.0", "FB.XFBML.parse",
            ('<div class="fb-page" data-href="https://www.facebook.com/a"></div>',
             '<div class="fb-post" data-href="https://www.facebook.com/a/posts/1"></div>'),
            ".fb-page, .fb-post"),
    Network("instagram", "https://www.instagram.com/embed.js", "instgrm.Embeds.process",
            ('<blockquote class="instagram-media" data-instgrm-permalink="https://www.instagram.com/p/a/"></blockquote>',
             '<blockquote class="instagram-media" data-instgrm-permalink="https://www.instagram.com/p/b/"></blockquote>'),
            "blockquote.instagram-media"),
    Network("pinterest", "https://assets.pinterest.com/js/pinit.js", "PinUtils.build",
            ('<a data-pin-do="embedPin" href="https://www.pinterest.com/pin/1/"></a>',
             '<a data-pin-do="embedBoard" href="https://www.pinterest.com/a/b/"></a>'),
            "[data-pin-do]"),
    Network("bluesky", "https://embed.bsky.app/static/embed.js", "bluesky.scan",
            ('<blockquote class="bluesky-embed" data-bluesky-uri="at://did:plc:a/app.bsky.feed.post/1"></blockquote>',
             '<blockquote class="bluesky-embed" data-bluesky-uri="at://did:plc:a/app.bsky.feed.post/2"></blockquote>'),
            ".bluesky-embed"),
    Network("tiktok", "https://www.tiktok.com/embed.js", "",
            ('<blockquote class="tiktok-embed" cite="https://www.tiktok.com/@a/video/1"></blockquote>',
             '<blockquote class="tiktok-embed" cite="https://www.tiktok.com/@a/video/2"></blockquote>'),
            ".tiktok-embed"),
    Network("reddit", "https://embed.reddit.com/widgets.js", "",
            ('<blockquote class="reddit-embed-bq"><a href="https://www.reddit.com/r/a/comments/1/">1</a></blockquote>',
             '<blockquote class="reddit-embed-bq"><a href="https://www.reddit.com/r/a/comments/2/">2</a></blockquote>'),
            ".reddit-embed-bq"),
    Network("threads", "https://www.threads.net/embed.js", "",
            ('<blockquote class="text-post-media" data-text-post-permalink="https://www.threads.net/@a/post/1"></blockquote>',
             '<blockquote class="text-post-media" data-text-post-permalink="https://www.threads.net/@a/post/2"></blockquote>'),
            ".text-post-media"),
    Network("disqus", "https://example.disqus.com/embed.js", "",
            ('<div id="disqus_thread"></div>', '<div id="disqus_recommendations"></div>'),
            "#disqus_thread, #disqus_recommendations"),
    # Its loader draws once, and nothing makes it draw again: a later click needs the page anew.
    Network("trustpilot", "https://widget.trustpilot.com/bootstrap/v5/tp.widget.bootstrap.min.js", "Trustpilot.none",
            ('<div class="trustpilot-widget" data-businessunit-id="1"></div>', '<div class="trustpilot-widget" data-businessunit-id="2"></div>'),
            ".trustpilot-widget"),
)  # fmt: skip


def loader(host: str, path: str) -> str:
    """The code of the loader at an address; empty where there is none."""
    for network in NETWORKS:
        address = network.loader.partition("#")[0]
        if address == f"https://{host}{path}" and network.loader != "https://platform.linkedin.com/in.js":
            origin = f'"https://{host}"'
            api = "" if network.api.endswith(".none") else network.api
            words = {"SELECTOR": repr(network.selector), "API": repr(api), "ORIGIN": origin}
            text = _LOADER
            for word, value in words.items():
                text = text.replace(word, value)
            return text
    return ""


def page(network: Network) -> str:
    """A page with two plug-ins of a network."""
    first, second = network.mounts
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Two of a network</title></head><body>'
        f'<p id="before">Before</p><div id="one">{first}</div><p>Between</p><div id="two">{second}</div>'
        f'<script async src="{network.loader}"></script><p id="end">After</p></body></html>'
    )
