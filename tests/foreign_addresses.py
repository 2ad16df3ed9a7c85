"""Addresses of third parties, of every kind that the table of known trackers tells apart."""

from __future__ import annotations

from consent_gateway.catalogue import Catalogue

# What sites need or show, and what no visitor is known by.
HARMLESS = [
    "https://ajax.aspnetcdn.com/ajax/jquery/jquery-3.7.1.min.js",
    "https://cdn.adyen.example.com/sdk/adyen.js",
    "https://cdn.cookielaw.org/scripttemplates/otSDKStub.js",
    "https://cdn.example.net/2024/adapter/header.png",
    "https://cdn.example.net/admin/uploads/adventure.jpg",
    "https://cdn.example.net/assets/statistics-chart.svg",
    "https://cdn.example.net/css/share-buttons.css",
    "https://cdn.example.net/fonts/advocate.woff2",
    "https://cdn.example.net/go?to=https://example.org/matomo.js",
    "https://cdn.example.net/images/banners/summer.jpg",
    "https://cdn.example.net/images/spacer.gif",
    "https://cdn.example.net/js/loader.js?v=ads",
    "https://cdn.example.net/js/tracklist.js",
    "https://cdn.example.net/phones/pixel/9.jpg",
    "https://cdn.example.net/static/style/pixel.css",
    "https://cdn.jsdelivr.net/npm/bootstrap@5.3.3/dist/js/bootstrap.bundle.min.js",
    "https://cdnjs.cloudflare.com/ajax/libs/stats.js/r17/Stats.min.js",
    "https://checkout.klarna.com/checkout.js",
    "https://code.jquery.com/jquery-3.7.1.min.js",
    "https://consent.cookiebot.com/uc.js",
    "https://d111111abcdef8.cloudfront.net/app.js",
    "https://i0.wp.com/example.org/wp-content/uploads/roads.jpg",
    "https://images.example.com/adscape.jpg",
    "https://js.stripe.com/v3/",
    "https://pixel.example.com/imgs/2016/lede.jpg",
    "https://upload.wikimedia.org/wikipedia/commons/thumb/a/ad/Example.jpg/152px-Example.jpg",
    "https://maxcdn.bootstrapcdn.com/font-awesome/4.7.0/css/font-awesome.min.css",
    "https://raw.githubusercontent.com/example/example/main/logo.svg",
    "https://s3.amazonaws.com/example/photo.jpg",
    "https://sdk.privacy-center.org/loader.js",
    "https://threads.example.net/a.js",
    "https://unpkg.com/react@18/umd/react.production.min.js",
    "https://upload.wikimedia.org/wikipedia/commons/a/a9/Example.jpg",
    "https://web.cmp.usercentrics.eu/ui/loader.js",
    "https://www.paypal.com/sdk/js?client-id=a",
    "https://www.paypalobjects.com/api/checkout.js",
]


def of_hosts(catalogue: Catalogue) -> list[str]:
    """An address on every known host, and on one below it."""
    found = []
    for pattern, _ in catalogue.known.hosts:
        path = (pattern.rest or "/a.js").replace("*", "x")
        found += [
            f"https://{below}{pattern.host}{path}" for below in (("", "x7.") if pattern.below else ("",))
        ]
    return found


def of_software(catalogue: Catalogue) -> list[str]:
    """An address of every kind of software, on hosts that are nobody's."""
    found = []
    for software in catalogue.known.software:
        found += [f"https://eu-{word}2.example.net/" for word in software.words]
        found += [f"https://{word}.shop.example.co.uk/a" for word in software.words]
        found += [f"https://cdn.example.net/a/{file.replace('*', 'X')}" for file in software.files]
        found += [f"https://cdn.example.net/a/{folder}/b/c?d" for folder in software.folders]
    return found
