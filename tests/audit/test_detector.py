"""What a browser would fetch is found in every place where a page, a sheet or a header can say it."""

from __future__ import annotations

import base64

import pytest

from consent_gateway.audit.detector import fetches
from consent_gateway.audit.findings import Carrier
from consent_gateway.audit.refresh import candidates, refreshed
from consent_gateway.messages import Headers

PAGE = "https://www.example.com/a/page.html"
THIRD = "https://t.example/x"
HTML = Headers.of(Content_Type="text/html; charset=utf-8")
GROUP = '{"group":"g","max_age":1,"endpoints":[{"url":"https://t.example/x"}]}'
INNER = base64.b64encode(b"<img src=https://t.example/x>").decode()


def found(html: str, headers: Headers = HTML, **more: object) -> list[tuple[str, Carrier, bool]]:
    hits = fetches(html.encode(), PAGE, headers, **more)  # type: ignore[arg-type]
    return [(hit.address, hit.carrier, hit.certain) for hit in hits]


@pytest.mark.parametrize(
    ("html", "carrier"),
    [
        ("<script src=//t.example/x></script>", Carrier.SCRIPT),
        ("<script type=module src='https://t.example/x'></script>", Carrier.SCRIPT),
        ("<svg><script href=https://t.example/x></script></svg>", Carrier.SCRIPT),
        ("<iframe src=https://t.example/x></iframe>", Carrier.IFRAME),
        ("<frameset><frame src=https://t.example/x></frameset>", Carrier.IFRAME),
        ('<iframe srcdoc="&lt;img src=https://t.example/x>"></iframe>', Carrier.PIXEL),
        (f"<iframe src='data:text/html;base64,{INNER}'></iframe>", Carrier.PIXEL),
        ("<img src=https://t.example/x>", Carrier.PIXEL),
        ("<img srcset='https://t.example/x 2x'>", Carrier.PIXEL),
        ("<picture><source srcset=https://t.example/x></picture>", Carrier.PIXEL),
        ("<input type=image src=https://t.example/x>", Carrier.PIXEL),
        ("<body background=https://t.example/x>", Carrier.PIXEL),
        ("<svg><image xlink:href=https://t.example/x /></svg>", Carrier.PIXEL),
        ("<link rel='shortcut icon' href=https://t.example/x>", Carrier.PIXEL),
        ("<noscript><img src=https://t.example/x></noscript>", Carrier.PIXEL),
        ("<base href=https://t.example/><img src=x>", Carrier.PIXEL),
        ("<div><template shadowrootmode=open><img src=https://t.example/x></template>", Carrier.PIXEL),
        ("<video src=https://t.example/x></video>", Carrier.MEDIA),
        ("<audio><source src=https://t.example/x></audio>", Carrier.MEDIA),
        ("<link rel=stylesheet href=https://t.example/x>", Carrier.CSS),
        ("<style>@import 'https://t.example/x';</style>", Carrier.CSS),
        ("<style>a { background: image-set('https://t.example/x' 1x) }</style>", Carrier.CSS),
        ("<p style='background: url(https://t.example/x)'>", Carrier.CSS),
        ("<svg><path fill='url(https://t.example/x)'/></svg>", Carrier.CSS),
        ("<object data=https://t.example/x></object>", Carrier.OBJECT),
        ("<embed src=https://t.example/x>", Carrier.OBJECT),
        ("<link rel=preconnect href=https://t.example/x>", Carrier.HINT),
        ("<link rel=dns-prefetch href=//t.example/x>", Carrier.HINT),
        ('<script type=speculationrules>{"prefetch":[{"urls":["https://t.example/x"]}]}</script>', Carrier.HINT),
        ("<link rel=compression-dictionary href=https://t.example/x>", Carrier.HINT),
        ("<svg><image><set attributeName=href to=https://t.example/x></image></svg>", Carrier.PIXEL),
        ("<svg><use><animate attributeName=xlink:href values='/a; https://t.example/x'></use></svg>", Carrier.PIXEL),
        ("<a href=/ ping='https://t.example/x'>a</a>", Carrier.PING),
        ("<meta http-equiv=refresh content='0; url=https://t.example/x'>", Carrier.REDIRECT),
        ("<script>new Image().src = 'https://t.example/x'</script>", Carrier.RUN_TIME),
        ("<script>fetch(`https://t.example/x`)</script>", Carrier.RUN_TIME),
        ("<script>r.open('POST', \"https:\\/\\/t.example\\/x\")</script>", Carrier.RUN_TIME),
        ("<script>document.write('<img src=\"https://t.example/x\">')</script>", Carrier.RUN_TIME),
        ("<script>new Audio('https://t.example/x').play()</script>", Carrier.RUN_TIME),
        ("<script>axios.get('https://t.example/x')</script>", Carrier.RUN_TIME),
        ("<script type=module>import 'https://t.example/x'</script>", Carrier.RUN_TIME),
        ("<script type=module>import a, {b as c} from 'https://t.example/x'</script>", Carrier.RUN_TIME),
        ("<script type=module>export * from 'https://t.example/x'</script>", Carrier.RUN_TIME),
        ('<script type=importmap>{"imports": {"a": "https://t.example/x"}}</script>', Carrier.RUN_TIME),
        ('<script type=importmap>{"scopes": {"/a/": {"b": "https://t.example/x"}}}</script>', Carrier.RUN_TIME),
        ("<p onclick=\"navigator.sendBeacon('https://t.example/x')\">", Carrier.RUN_TIME),
        ("<iframe src=\"javascript:fetch('https://t.example/x')\"></iframe>", Carrier.RUN_TIME),
    ],
)  # fmt: skip
def test_a_place_in_a_page_that_fetches(html: str, carrier: Carrier) -> None:
    assert (THIRD, carrier, True) in found(html)


@pytest.mark.parametrize(
    "html",
    [
        "<a href=https://t.example/x>a link</a>",
        "<script type=text/plain src=https://t.example/x></script>",
        "<script type='application/ld+json'>{\"image\": fetch('https://t.example/x')}</script>",
        "<template><img src=https://t.example/x></template>",
        "<!-- <img src=https://t.example/x> -->",
        "<textarea><img src=https://t.example/x></textarea>",
        "<link rel=canonical href=https://t.example/x>",
        "<form action=https://t.example/x></form>",
        "<iframe src=https://t.example/x srcdoc=a></iframe>",
        "<a ping=https://t.example/x>no link</a>",
        "<img src='data:image/gif;base64,AAAA'>",
        "<svg><image><set attributeName=width to=https://t.example/x></image></svg>",
        '<script type=importmap>{"imports": {"a/": "https://t.example/x/"}}</script>',
        '<script type=importmap>{"imports": ["https://t.example/x"], "scopes": 1}</script>',
    ],
)
def test_what_fetches_nothing_is_none(html: str) -> None:
    assert found(html) == []


def test_an_address_that_code_only_names_is_uncertain() -> None:
    assert found("<script>var site = 'https://t.example/x'</script>") == [(THIRD, Carrier.RUN_TIME, False)]


def test_code_that_boots_a_service_is_known_without_an_address() -> None:
    code = b"<script>(function(h,o,t,j){h._hjSettings={hjid:1,hjsv:6}})(window)</script>"
    hits = list(fetches(code, PAGE, HTML, boots=lambda text: ["hotjar"] if b"_hjSettings" in text else []))
    assert [(hit.service, hit.carrier) for hit in hits] == [("hotjar", Carrier.RUN_TIME)]
    assert [hit.service for hit in fetches(b"<script>fbq('init', '1')</script>", PAGE, HTML)]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Link", '</own.css>; rel=preload, <https://t.example/x>; title="a, b"; rel="preconnect"'),
        ("Refresh", "5;url=https://t.example/x"),
        ("Report-To", f"{GROUP}, {GROUP}"),
        ("Reporting-Endpoints", 'a="https://t.example/x"'),
        ("Speculation-Rules", '"https://t.example/x"'),
        ("Content-Security-Policy", "default-src *; report-uri https://t.example/x"),
        ("Content-Security-Policy-Report-Only", "report-uri https://t.example/x"),
    ],
)
def test_a_header_that_contacts(name: str, value: str) -> None:
    assert (THIRD, Carrier.HEADER, True) in found("", HTML.adding(name, value))


def test_alt_svc_leads_to_another_host() -> None:
    headers = HTML.adding("Alt-Svc", 'h3=":443", h2="t.example:8443"; ma=1')
    assert found("", headers) == [("https://t.example/", Carrier.HEADER, True)]


@pytest.mark.parametrize(
    ("name", "value"),
    [("Link", "<https://t.example/x>; rel=next"), ("Report-To", "{not json"), ("Location", THIRD),
     ("Content-Location", THIRD), ("Report-To", "[" * 100_000)],
)  # fmt: skip
def test_a_header_that_contacts_nobody(name: str, value: str) -> None:
    assert found("", HTML.adding(name, value)) == []


def test_a_redirect_leads_somewhere() -> None:
    headers = Headers.of(Location=THIRD)
    assert found("", headers, status=302) == [(THIRD, Carrier.REDIRECT, True)]


def test_a_style_sheet_is_read_as_one_and_a_script_as_no_page() -> None:
    sheet = Headers.of(Content_Type="text/css")
    css = "@font-face { src: url(//t.example/x) } b { content: 'https://no.example/' }"
    assert found(css, sheet) == [(THIRD, Carrier.CSS, True)]
    assert found("<img src=//t.example/x>", Headers.of(Content_Type="text/javascript")) == []


def test_a_page_without_a_type_is_one_by_its_first_bytes() -> None:
    assert found("<!DOCTYPE html><img src=//t.example/x>", Headers()) == [(THIRD, Carrier.PIXEL, True)]
    assert found("GIF89a<img src=//t.example/x>", Headers()) == []


@pytest.mark.parametrize(
    "start", ["<div>", "<P class=a>", "<?xml version='1.0'?><p xmlns='http://www.w3.org/1999/xhtml'>"]
)
@pytest.mark.parametrize("kind", ["", "html", "*/*", "unknown/unknown"])
def test_what_is_no_type_is_none(start: str, kind: str) -> None:
    html = f"{start}<img src='//t.example/x'/></p>"
    assert found(html, Headers.of(Content_Type=kind)) == [(THIRD, Carrier.PIXEL, True)]
    assert found(html, Headers.of(Content_Type="text/plain")) == []
    assert found(html, Headers.of(Content_Type=kind, X_Content_Type_Options="nosniff")) == []


XLINK = "http://www.w3.org/1999/xlink"
XHTML = "xmlns='http://www.w3.org/1999/xhtml'"


@pytest.mark.parametrize("kind", ["application/xhtml+xml", "application/xml", "image/svg+xml"])
@pytest.mark.parametrize(
    ("xml", "carrier"),
    [
        (f"<html {XHTML}><title/><body><img src='{THIRD}'/></body></html>", Carrier.PIXEL),
        (f"<h:html {XHTML.replace('xmlns', 'xmlns:h')}><h:img src='{THIRD}'/></h:html>", Carrier.PIXEL),
        (f"<html {XHTML}><p>&nbsp;</p><img src='{THIRD}'/></html>", Carrier.PIXEL),
        (f"<html {XHTML}><textarea><img src='{THIRD}'/></textarea></html>", Carrier.PIXEL),
        (f"<html {XHTML}><img src='{THIRD}'/><p>not closed", Carrier.PIXEL),
        (f"<html {XHTML}><base href='https://t.example/'/><img src='x'/></html>", Carrier.PIXEL),
        (f"<html {XHTML}><video><source src='{THIRD}'/></video></html>", Carrier.MEDIA),
        (f"<html {XHTML}><style><![CDATA[@import '{THIRD}';]]></style></html>", Carrier.CSS),
        (f"<html {XHTML}><script>fetch(&quot;{THIRD}&quot;)</script></html>", Carrier.RUN_TIME),
        (f"<?xml-stylesheet href='{THIRD}' type='text/css'?><html {XHTML}/>", Carrier.CSS),
        (
            f"<svg xmlns='http://www.w3.org/2000/svg' xmlns:l='{XLINK}'><image l:href='{THIRD}'/></svg>",
            Carrier.PIXEL,
        ),
    ],
)
def test_xml_is_read_as_xml(xml: str, carrier: Carrier, kind: str) -> None:
    assert found(xml, Headers.of(Content_Type=kind)) == [(THIRD, carrier, True)]


@pytest.mark.parametrize(
    "xml",
    [
        f"<rss><img src='{THIRD}'/></rss>",
        f"<html {XHTML}><!-- <img src='{THIRD}'/> --><p>&lt;img src='{THIRD}'/></p></html>",
        f"<html {XHTML}><?xml-stylesheet href='{THIRD}'?></html>",
        f"<!DOCTYPE html SYSTEM '{THIRD}'><html {XHTML}/>",
        "<!DOCTYPE a [" + "".join(f"<!ENTITY a{n + 1} '{f'&a{n};' * 10}'>" for n in range(12)) + "]><a>&a12;</a>",
        "<a>" * 50_000,
    ],
    ids=range(6),
)  # fmt: skip
def test_xml_that_fetches_nothing(xml: str) -> None:
    assert found(xml, Headers.of(Content_Type="application/xhtml+xml")) == []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_style_sheet_is_in_the_encoding_that_its_first_bytes_tell(encoding: str) -> None:
    sheet = "a { background: url(https://t.example/x) }".encode(encoding)
    hits = fetches(sheet, PAGE, Headers.of(Content_Type="text/css; charset=latin-1"))
    assert [hit.address for hit in hits] == [THIRD]


@pytest.mark.parametrize("charset", ["utf-16", "klingon", "utf-8", "latin-1", '"'])
def test_no_encoding_breaks_it(charset: str) -> None:
    headers = Headers.of(Content_Type=f"text/html; charset={charset}")
    assert list(fetches(b"\xff\xfe\x00<img", PAGE, headers)) == []
    text = "<img src=https://t.example/x>"
    marked = fetches(text.encode("utf-16"), PAGE, headers)
    assert [hit.address for hit in marked] == [THIRD], "the first bytes go before what is said"
    plain = fetches(text.encode(), PAGE, headers)
    assert [hit.address for hit in plain] == ([] if charset == "utf-16" else [THIRD])


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 50_000,
        "<iframe srcdoc='" * 50 + "<img src=//t.example/x>",
        "<style>" + "a{" * 50_000,
        "<p style='" + "url(" * 20_000 + "'>",
        "<script>" + "fetch('https://t.example/" * 20_000,
        "<script type=speculationrules>" + "[" * 100_000,
        "<img srcset='" + "," * 100_000 + "'>",
        "<a " + " ".join(f"on{number}=x" for number in range(20_000)) + ">",
    ],
    ids=range(8),
)
def test_hostile_markup_is_got_over_with(html: str) -> None:
    assert len(found(html)) < 50_000


def test_texts_with_addresses_are_read_as_the_standard_says() -> None:
    assert candidates("a 1x, b,c 2x ,, d(1,2) 3x, e") == ["a", "b,c", "d(1,2)", "e"]
    assert [refreshed(text) for text in ("1", "1; URL='a'b", "x;url=a", ".5,b")] == [[], ["a"], [], ["b"]]
