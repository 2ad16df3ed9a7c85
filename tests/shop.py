"""A shop as a capture has it: Google's tag and container, a video, fonts, a file host nobody knows, cookies."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from consent_gateway.captures.exchange import Exchange
from consent_gateway.messages import Headers, Request, Response

HOST = "www.solarhof.de"
TIME = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
SCRIPT = "https://www.googletagmanager.com/gtag/js?id=G-9XK2V7QW1"
ORGANISATION = {
    "@context": "https://schema.org",
    "@graph": [
        {"@type": "WebSite", "publisher": {"@type": ["Organization", "Store"], "legalName": "Solarhof GmbH"}},
        {
            "@type": "Organization",
            "legalName": "Solarhof GmbH",
            "email": "mailto:info@solarhof.de",
            "address": {"streetAddress": "Dachgasse 1", "postalCode": "10115", "addressLocality": "Berlin"},
        },
    ],
}
FOOT = (
    '<footer><a href="/impressum">Impressum</a> <a href="/datenschutz#top"><span>Datenschutz</span>erklärung</a>'
    ' <a href="https://policies.google.com/privacy">Google privacy policy</a></footer>'
)
START = f"""<!doctype html><html lang="de"><head><title>Solarhof</title>
<script async src="{SCRIPT}"></script>
<script>window.dataLayer=window.dataLayer||[];function gtag(){{dataLayer.push(arguments)}}
gtag("js", new Date()); gtag("config", "G-9XK2V7QW1");</script>
<script>(function(w,d,s,l,i){{w[l]=w[l]||[];var j=d.createElement(s);
j.src="https://www.googletagmanager.com/gtm.js?id="+i;d.head.appendChild(j)}})(window,document,"script","dataLayer","GTM-K7QW2Z9");</script>
<link rel="stylesheet" href="https://fonts.googleapis.com/css2?family=Inter">
<link rel="stylesheet" href="https://static.solarhof.de/shop.css">
<script src="https://cdn.shopfiles.net/cart.js"></script>
<script type="application/ld+json">{json.dumps(ORGANISATION)}</script>
</head><body><h1>Solarhof, auch für die G-KLASSE</h1>{FOOT}</body></html>"""
FILM = f"""<!doctype html><html lang="de"><body>
<iframe width="560" height="315" src="https://www.youtube.com/embed/abcdefghijk"></iframe>{FOOT}</body></html>"""
ENGLISH = '<!doctype html><html lang="en-GB"><body><p>Our shop.</p><a href="/en/privacy">Privacy policy</a></body></html>'


def got(
    url: str,
    body: str | bytes = b"",
    *,
    to: str = "document",
    page: str = "/",
    of: str = "text/html; charset=utf-8",
    sets: tuple[str, ...] = (),
    sent: str = "",
    by: str = "",
    status: int = 200,
) -> Exchange:
    """An exchange with a server that answers; `page` is a path of the shop, `by` the initiator."""
    scheme, _, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    cookies = (("Cookie", sent),) if sent else ()
    return Exchange(
        request=Request(
            method="GET",
            scheme=scheme,
            host=host,
            target=f"{slash or '/'}{path}",
            headers=Headers((("Host", host), *cookies, *((("Referer", by),) if by else ()))),
        ),
        response=Response(
            status=status,
            headers=Headers((("Content-Type", of), *(("Set-Cookie", one) for one in sets))),
            body=body.encode() if isinstance(body, str) else body,
        ),
        destination=to,
        page=url if to == "document" else f"https://{HOST}{page}",
        initiator=by,
        time=TIME,
    )


def shop() -> list[Exchange]:
    """Everything that a browser fetched on four pages."""
    site = f"https://{HOST}"
    return [
        got("https://solarhof.de/", status=301),
        got(
            f"{site}/",
            START,
            sets=(
                "PHPSESSID=geheim; path=/; HttpOnly",
                "wish_list=17; Max-Age=31536000",
                "csrftoken=x; Expires=Wed, 24 Nov 2027 10:29:59 GMT",
                "gone=; Max-Age=0",
            ),
        ),
        got(f"{site}/film", FILM, sent="PHPSESSID=geheim; _ga=GA1.1.1; AWSALBCORS=q; theme=dark"),
        got(f"{site}/en/", ENGLISH),
        got(f"{site}/datenschutz", f"<!doctype html><html lang=de><body>{FOOT}</body></html>"),
        got(SCRIPT, "let a", to="script", of="text/javascript"),
        got(
            "https://www.googletagmanager.com/gtm.js?id=GTM-K7QW2Z9",
            "let b",
            to="script",
            of="text/javascript",
        ),
        got("https://region1.google-analytics.com/g/collect?v=2&tid=G-9XK2V7QW1", to="empty", status=204),
        got("https://static.solarhof.de/shop.css", "a{}", to="style", of="text/css"),
        got("https://static.solarhof.de/inter.woff2", b"wOF2", to="font", of="font/woff2"),
        got("https://metrics.solarhof.de/m.gif?u=1", b"GIF89a", to="image", of="image/gif"),
        got("https://cdn.shopfiles.net/cart.js", "let c", to="script", of="text/javascript"),
        got("https://cdn.shopfiles.net/i/1.png", b"png", to="image", of="image/png", page="/film"),
        got("https://www.youtube.com/embed/abcdefghijk", "<p>", to="iframe", page="/film"),
        got(
            "https://static.doubleclick.net/instream/ad_status.js",
            "1",
            to="script",
            of="text/javascript",
            page="/film",
            by="https://www.youtube.com/",
        ),
        got("https://fonts.googleapis.com/css2?family=Inter", "", to="style", of="text/css"),
        got("https://px.ads.linkedin.com/collect", to="image", of="image/gif"),
    ]


def har(exchanges: list[Exchange], file: Path) -> Path:
    """The same as a HAR, as Chromium saves it."""
    pages = [one for one in exchanges if one.destination == "document"]
    ids = {one.request.url: f"page_{number}" for number, one in enumerate(pages)}
    types = {"style": "stylesheet", "empty": "fetch"}
    entries = []
    for one in exchanges:
        assert one.response is not None
        entries.append(
            {
                "startedDateTime": "2026-11-24T10:30:00.000Z",
                "time": 1,
                "pageref": ids.get(one.page, "page_1"),
                "_resourceType": "document"
                if one.destination == "iframe"
                else types.get(one.destination, one.destination),
                "request": {
                    "method": one.request.method,
                    "url": one.request.url,
                    "httpVersion": "HTTP/1.1",
                    "headers": [{"name": name, "value": value} for name, value in one.request.headers]
                    + [{"name": "Sec-Fetch-Dest", "value": one.destination}],
                    "queryString": [],
                    "cookies": [],
                    "headersSize": -1,
                    "bodySize": 0,
                },
                "response": {
                    "status": one.response.status,
                    "statusText": "",
                    "httpVersion": "HTTP/1.1",
                    "headers": [{"name": name, "value": value} for name, value in one.response.headers],
                    "cookies": [],
                    "content": {
                        "size": len(one.response.body),
                        "mimeType": one.response.headers.get("content-type"),
                        "text": one.response.body.decode("latin-1")
                        if one.destination == "font"
                        else one.response.body.decode(),
                    },
                    "redirectURL": "",
                    "headersSize": -1,
                    "bodySize": -1,
                },
                "cache": {},
                "timings": {"send": 0, "wait": 1, "receive": 0},
            }
        )
    log = {
        "version": "1.2",
        "creator": {"name": "tests", "version": "1"},
        "pages": [
            {"id": id, "startedDateTime": "2026-11-24T10:30:00.000Z", "title": url, "pageTimings": {}}
            for url, id in ids.items()
        ],
        "entries": entries,
    }
    file.write_text(json.dumps({"log": log}), "utf-8")
    return file
