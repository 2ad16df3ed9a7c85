"""Google's measurement in every form in which websites embed it: before it is released nothing of it
loads or runs, after that its script comes by way of the gateway and the rest stays away."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from consent_gateway.catalogue import Catalogue
from consent_gateway.messages import Headers, Response
from consent_gateway.page.charset import Encoding
from consent_gateway.page.rewriting import Rewriter
from consent_gateway.page.view import View
from consent_gateway.recognition import Recogniser
from consent_gateway.site import Site
from tests.asking import Asking, consented
from tests.conftest import MakeGateway
from tests.judge import judge
from tests.services_pages import PAGE, rewritten

RELEASED = frozenset(("google-analytics", "google-tag-manager"))
TAG = "https://www.googletagmanager.com/gtag/js?id=G-ABC1234567"
CONTAINER = "https://www.googletagmanager.com/gtm.js?id=GTM-ABC123"
OWN_TAG = "/.privacy/ga/gtag/js?id=G-ABC1234567"
OWN_CONTAINER = "/.privacy/ga/gtm.js?id=GTM-ABC123"
LOADER = "window.dataLayer=window.dataLayer||[];function gtag(){dataLayer.push(arguments)}"
CONFIGURED = f"{LOADER}gtag('js',new Date());gtag('config','G-ABC1234567');"
APPENDED = "var s=document.createElement('script');s.async=true;s.src={};document.head.appendChild(s);"

GOOGLE = re.compile(r"google|doubleclick|G-ABC|GTM-ABC")

# A script element, and the address by which it comes once it is released.
SCRIPTS = [
    (f'<script async src="{TAG}"></script>', OWN_TAG),
    (f"<SCRIPT ASYNC SRC='{TAG}'></SCRIPT>", OWN_TAG),
    (f"<script src={TAG}></script>", OWN_TAG),
    (f'<script async src="{TAG.removeprefix("https:")}&l=layer&cx=c"></script>', f"{OWN_TAG}&l=layer&cx=c"),
    (f'<script async src="{TAG}&amp;l=layer"></script>', f"{OWN_TAG}&l=layer"),
    (f'<script src="{TAG.replace(":", "&colon;").replace(".", "&period;")}"></script>', OWN_TAG),
    (f'<script src=" {TAG.replace("google", "goo" + chr(10) + "gle")}"></script>', OWN_TAG),
    ('<script src="https:\\\\www.googletagmanager.com/gtag/js?id=G-ABC1234567"></script>', OWN_TAG),
    (f'<svg><script href="{TAG}"></script></svg>', OWN_TAG),
    (f'<template><script src="{TAG}"></script></template>', OWN_TAG),
    (f'<script id="google_gtagjs-js" src="{TAG.replace("G-ABC", "GT-ABC")}" async></script>', "/.privacy/ga/gtag/js?id=GT-ABC1234567"),
    (f'<script src="{TAG}" data-cfasync="false" data-wpfc-render="false" async></script>', OWN_TAG),
    (f'<script id="_next-ga" src="{TAG}" data-nscript="afterInteractive"></script>', OWN_TAG),
    ('<script src="https://www.googletagmanager.com/gtag/destination?id=AW-123456789&l=dataLayer"></script>', "/.privacy/ga/gtag/destination?id=AW-123456789&l=dataLayer"),
    (f'<script async src="{CONTAINER}"></script>', OWN_CONTAINER),
    (f'<script async src="{CONTAINER}&gtm_auth=a&gtm_preview=env-1&gtm_cookies_win=x"></script>', f"{OWN_CONTAINER}&gtm_auth=a&gtm_preview=env-1&gtm_cookies_win=x"),
    (f'<script type="text/partytown" src="{TAG}"></script>', OWN_TAG),
    (f"<script TYPE=text/partytown src='{CONTAINER}'></script>", OWN_CONTAINER),
]  # fmt: skip

# How consent tools and optimisers of the site's mark a script that they run later.
BLOCKED = [
    'type="text/plain" data-cookieconsent="statistics" src',
    'type="text/plain" class="optanon-category-C0002" src',
    'type="text/plain" data-usercentrics="Google Analytics" src',
    'type="text/plain" data-usercentrics="Google Analytics" data-uc-src',
    'type="text/plain" class="cmplazyload" data-cmp-vendor="s26" data-cmp-src',
    'type="text/plain" data-service="google-analytics" data-category="statistics" data-cmplz-src',
    'type="text/plain" data-category="statistics" data-src-cmplz',
    'type="application/consent" consent-required="1" consent-original-src-_',
    'type="text/template" src-consent',
    'type="text/template" data-borlabs-script-blocker-src',
    'type="text/plain" data-cookiecategory="analytics" src',
    'type="text/plain" data-category="analytics" data-src',
    'type="text/plain" data-cookieyes="cookieyes-analytics" src',
    'type="text/plain" data-cli-class="cli-blocker-script" data-cli-src',
    'type="text/plain" data-type="application/javascript" data-name="ga" data-src',
    'type="text/plain" class="_iub_cs_activate" data-suppressedsrc',
    'type="rocketlazyloadscript" data-rocket-src',
    'type="javascript/blocked" data-wpmeteor-type="text/javascript" data-wpmeteor-src',
    'type="javascript/blocked" src',
    'type="text/javascript-blocked" src',
    'type="3a7f2b-text/javascript" src',
    'type="litespeed/javascript" data-src',
    'type="didomi/javascript" data-vendor="c:ga" src',
    'type="pmdelayedscript" src',
]

# A relay of the site's own, or of somebody else's, that serves Google's script.
RELAYED = [
    ('<script src="/metrics/gtag/js?id=G-ABC1234567"></script>', OWN_TAG),
    ('<script src="metrics/gtag/js?l=layer&amp;id=G-ABC1234567"></script>', "/.privacy/ga/gtag/js?l=layer&id=G-ABC1234567"),
    ('<script src="https://www.example.com/metrics/gtag/js?id=GT-ABC12"></script>', "/.privacy/ga/gtag/js?id=GT-ABC12"),
    ('<script src="/wp-content/plugins/google-site-kit/gtg/measurement.php?id=G-ABC1234567&s=/gtag/js"></script>', OWN_TAG),
    ('<script src="/metrics/?id=G-ABC1234567"></script>', OWN_TAG),
    ('<script src="/x/?id=GTM-ABC123&l=layer"></script>', f"{OWN_CONTAINER}&l=layer"),
    ('<script src="/x/gtag/destination?id=DC-1234567"></script>', "/.privacy/ga/gtag/destination?id=DC-1234567"),
    ('<script src="https://sgtm.example.com/gtm.js?id=GTM-ABC123"></script>', OWN_CONTAINER),
    ('<script src="https://sgtm.example.com/gtm.js?id=G-ABC1234567"></script>', OWN_TAG),
    ('<script src="//tags.example.net/gtag/js?id=G-ABC1234567"></script>', OWN_TAG),
    ('<script type="text/plain" data-src="/metrics/gtag/js?id=G-ABC1234567"></script>', OWN_TAG),
]  # fmt: skip

# Code in the page. Before the release it is inert, after it as it came.
SNIPPETS = [
    CONFIGURED,
    "window.layer=window.layer||[];function track(){layer.push(arguments)}track('js',new Date());track('config','G-ABC1234567');",
    "window['dataLayer'] = window['dataLayer'] || [];\n function gtag(){window['dataLayer'].push(arguments);}\n gtag('js', new Date());",
    "window.gtag=window.gtag||function(){dataLayer.push(arguments)};",
    "globalThis.gtag = globalThis.gtag || function () { globalThis.dataLayer.push(arguments) };",
    "const gtag = (...args) => dataLayer.push(args); gtag(`config`, `G-ABC1234567`)",
    f'{LOADER}gtag("set","developer_id.dZTNiMT",true);gtag("config","GT-ABC1234");',
    "window.dataLayer=window.dataLayer||[];function __gtagTracker(){dataLayer.push(arguments)}__gtagTracker('js',new Date());",
    "if(em_track_user){window.__gtagDataLayer=window.__gtagDataLayer||[];function __gtagTracker(){__gtagDataLayer.push(arguments)}}",
    APPENDED.format("'https://www.googletagmanager.com/gtag/js?id='+id"),
    APPENDED.format("'https:\\/\\/www.googletagmanager.com\\/gtag\\/js?id=G-ABC1234567'"),
    APPENDED.format("'https://www.goo'+'gletagmanager.com/g'+'tag/js?id=G-ABC1234567'"),
    APPENDED.format("'//'+host+'/gtag/js?id=G-ABC1234567'"),
    "(function(i,s,o,g,r,a,m){i['GoogleAnalyticsObject']=r;i[r]=i[r]||function(){(i[r].q=i[r].q||[]).push(arguments)};a=s.createElement(o);a.src=g;s.head.append(a)})(window,document,'script','//www.google-analytics.com/analytics.js','ga');",
    "window.ga=window.ga||function(){(ga.q=ga.q||[]).push(arguments)};ga.l=+new Date;",
    "ga('create', 'UA-1234567-1', 'auto'); ga('require', 'GTM-ABC123'); ga('send', 'pageview');",
    APPENDED.format("'https://www.google-analytics.com/analytics_debug.js'"),
    "var _gaq=_gaq||[];_gaq.push(['_setAccount','UA-1234567-1']);" + APPENDED.format("('https:'==location.protocol?'https://ssl':'http://www')+'.google-analytics.com/ga.js'"),
    'var h=(("https:"==location.protocol)?"https://ssl.":"http://www.");document.write(unescape("%3Cscript src=\'"+h+"google-analytics.com/ga.js\'%3E%3C/script%3E"));',
    APPENDED.format("'https://stats.g.doubleclick.net/dc.js'"),
    "try{var t=_gat._getTracker('UA-1234567-1');t._trackPageview();}catch(e){}",
    "_uacct='UA-1234567-1';urchinTracker();",
    "(function(w,d,s,l,i){w[l]=w[l]||[];w[l].push({'gtm.start':new Date().getTime(),event:'gtm.js'});var j=d.createElement(s);j.src='https://www.googletagmanager.com/gtm.js?id='+i+'&gtm_auth=a&gtm_preview=env-1&gtm_cookies_win=x';d.head.append(j);})(window,document,'script','layer','GTM-ABC123');",
    '(function(w,d,s,l,i){w[l]=w[l]||[];w[l].push({"gtm.start":1,event:"gtm.js"});var j=d.createElement(s);j.src="/metrics/?id="+i;d.head.append(j);})(window,document,"script","dataLayer","GTM-ABC123");',
    "['GTM-ABC123','GTM-DEF456'].forEach(function(i){var j=document.createElement('script');j.src='https://load.sgtm.example.com/gtm.js?id='+i;document.head.append(j)});",
    "(function(w,l){w[l]=w[l]||[];w[l].push({'gtm.start': new Date().getTime(),event:'gtm.js'});})(window,'dataLayer');",
    "window.google_tags_first_party=['G-ABC1234567'];",
]  # fmt: skip

# What would contact Google from the browser, released or not.
NEVER = [
    '<script src="https://www.google-analytics.com/analytics.js" async></script>',
    "<script async src=//www.google-analytics.com/analytics_debug.js></script>",
    '<script src="https://www.google-analytics.com/plugins/ua/ecommerce.js"></script>',
    '<script src="https://www.google-analytics.com/gtm/js?id=GTM-ABC123"></script>',
    '<script src="https://www.google-analytics.com/cx/api.js"></script>',
    '<script src="https://www.googleoptimize.com/optimize.js?id=GTM-ABC123"></script>',
    '<script src="http://www.google-analytics.com/ga.js"></script>',
    '<script src="https://ssl.google-analytics.com/ga.js"></script>',
    '<script src="https://stats.g.doubleclick.net/dc.js"></script>',
    '<script src="http://www.google-analytics.com/urchin.js"></script>',
    '<script type="module">import("https://www.googletagmanager.com/gtag/js?id=G-ABC1234567")</script>',
    '<noscript><iframe src="https://www.googletagmanager.com/ns.html?id=GTM-ABC123" height=0 width=0></iframe></noscript>',
    '<noscript><iframe src="https://sgtm.example.com/ns.html?id=GTM-ABC123" height=0 width=0></iframe></noscript>',
    '<noscript><iframe src="/metrics/ns.html?id=GTM-ABC123" height=0 width=0></iframe></noscript>',
    '<noscript><img src="https://www.google-analytics.com/collect?v=1&amp;tid=UA-1234567-1&amp;cid=555"></noscript>',
    '<noscript><img src="//ssl.google-analytics.com/__utm.gif?utmac=UA-1234567-1"></noscript>',
    '<i style="background:url(https://www.google-analytics.com/collect?v=1)"></i>',
    '<script async custom-element="amp-analytics" src="https://cdn.ampproject.org/v0/amp-analytics-0.1.js"></script>',
    '<script async custom-element="amp-story-auto-analytics" src="https://cdn.ampproject.org/v0/amp-story-auto-analytics-0.1.js"></script>',
    '<amp-analytics type="gtag" data-credentials="include"></amp-analytics>',
    '<amp-analytics id="a" type="googleanalytics"></amp-analytics>',
    '<amp-analytics config="https://www.googletagmanager.com/amp.json?id=GTM-ABC123&gtm.url=SOURCE_URL"></amp-analytics>',
    '<amp-analytics type="googleanalytics" config="/assets/ga4.json"></amp-analytics>',
    '<amp-pixel src="https://www.google-analytics.com/collect?v=1" layout="nodisplay"></amp-pixel>',
    '<meta name="amp-google-client-id-api" content="googleanalytics">',
    '<link rel="dns-prefetch" href="//www.google-analytics.com">',
    "<link rel=preconnect href=https://www.googletagmanager.com crossorigin>",
    '<link rel="preconnect" href="https://region1.google-analytics.com">',
    '<link rel="preconnect" href="https://region1.analytics.google.com">',
    f'<link rel="preload" as="script" href="{TAG}">',
    f'<link rel="prefetch" href="{CONTAINER}">',
    f'<link rel="modulepreload" href="{TAG}">',
    '<link rel="preload" as="script" href="/metrics/gtag/js?id=G-ABC1234567">',
    '<link rel="preload" as="script" href="/metrics/?id=G-ABC1234567">',
]  # fmt: skip

# What runs later, if ever, and what another script puts into the page: the guard script holds that.
# The state of a framework has to stay as it came, or the framework fails.
LATER = [
    f'<script type="text/plain" data-cookieconsent="statistics">{CONFIGURED}</script>',
    f'<script type="text/plain" class="optanon-category-C0002">{CONFIGURED}</script>',
    f'<script type="javascript/blocked">{CONFIGURED}</script>',
    '<script>self.__next_f.push([1,"5:[\\"$\\",\\"script\\",null,{\\"src\\":\\"https://www.googletagmanager.com/gtag/js?id=G-ABC1234567\\u0026l=d\\"}]\\n"])</script>',
    f'<script>self.__next_f.push([1,"7:{{\\"children\\":\\"{CONFIGURED} https://www.googletagmanager.com/gtag/js\\"}}"]);self.__next_f.push([1,""])</script>',
    '<script id="__NEXT_DATA__" type="application/json">{"scriptLoader":[{"src":"https://www.googletagmanager.com/gtag/js?id=G-ABC1234567\\u0026l=d"}]}</script>',
]  # fmt: skip

# What is not Google's measurement, and what only works with it: nothing to hold.
UNTOUCHED = [
    f"<p>We call gtag('config','G-ABC1234567') from {TAG}</p>",
    f'<pre><code>&lt;script async src="{TAG}"&gt;&lt;/script&gt;</code></pre>',
    f'<a href="{TAG}">the tag</a> <a href="https://tools.google.com/dlpage/gaoptout">opt out</a>',
    f"<!-- Google tag (gtag.js) <script src='{TAG}'></script> -->",
    f"<textarea><script src='{TAG}'></script></textarea>",
    f'<script type="application/ld+json">{{"articleBody":"{LOADER} {TAG}"}}</script>',
    '<script type="application/json">{"body":"ga(\'create\', \'UA-1\')"}</script>',
    '<meta name="google-site-verification" content="x"><meta name="description" content="gtag">',
    '<meta name="keywords" content="googleanalytics">',
    "<script>var ga = {a: 1}; ga.b = 2; ga.q = ga.q || 3;</script>",
    "<script>function ga(x) { return x * 2 } ga(4); ga('create-list'); ga('created');</script>",
    "<script>mega('create', 1); viga('config'); mygtag('js'); console.log('gtag', 'js', new Date())</script>",
    "<script>var _gaqs = []; var dataLayers = []; map.dataLayer.push(1); var id = 'G-ABC1234567';</script>",
    "<script>window.dataLayer = window.dataLayer || []; dataLayer.push({page: 'home'});</script>",
    "<script>var gtm4wp_datalayer_name='dataLayer';dataLayer.push({visitorId:1});</script>",
    "<script>var mi_version='9.0',mi_track_user=true;function __gtagTrackerOptout(){}</script>",
    "<script>window._googlesitekit={gtagEvent:function(n,d){gtag('event',n,d)}};</script>",
    "<script>gtag('event', 'purchase', {value: 1}); ga('send', 'event', 'a', 'b');</script>",
    "<script>window['ga-disable-G-ABC1234567'] = true;</script>",
    "<script>partytown = {forward: ['dataLayer.push']};</script>",
    '<script src="/js/analytics.js"></script><script src="/ga.js"></script><script src="/gtm.js"></script>',
    '<script src="/product.js?id=G-1234"></script><script src="/gtag/js?id=1234"></script>',
    '<script src="/api?id=G-ABC1234567"></script><script src="/api/?id=G-ABC1234567&callback=x"></script>',
    '<script src="/x/?id=g-abc1234567"></script><script src="/x/?sku=G-ABC1234567"></script>',
    '<script src="/x/?id=G-ABC-1234567"></script><script src="/gtm.js?id=GTM-"></script>',
    '<img src="/gtag/js?id=G-ABC1234567"><a href="/metrics/?id=G-ABC1234567">a product</a>',
    '<iframe src="/shop/?id=G-ABC1234567"></iframe><link rel="prefetch" href="/shop/?id=G-ABC1234567">',
    '<amp-analytics type="matomo"></amp-analytics><amp-analytics config="/own.json"></amp-analytics>',
]  # fmt: skip


def shown(catalogue: Catalogue, html: str, *, released: bool) -> str:
    services = RELEASED if released else frozenset()
    return rewritten(catalogue, f"<head>{html}".encode(), released=services).decode().removeprefix("<head>")


def fetched(html: str) -> tuple[list[str], list[str]]:
    """What another parser sees in a page, with scripts on and off: addresses, and code that runs."""
    found = [f for on in (True, False) for f in judge(html.encode(), url=PAGE, scripting=on).fetches]
    addresses = [address for fetch in found for address in fetch.addresses if address != "data:,"]
    return addresses, [fetch.code for fetch in found if fetch.code]


@pytest.mark.parametrize("html", [html for html, _ in (*SCRIPTS, *RELAYED)] + NEVER)
def test_before_the_release_no_element_has_an_address_of_googles(catalogue: Catalogue, html: str) -> None:
    held = shown(catalogue, html, released=False)
    assert fetched(held) == ([], [])
    assert not GOOGLE.search(re.sub(r' (data-)?(name|id)="[^"]*"|data-privacy-service="[^"]*"', "", held))


@pytest.mark.parametrize(("html", "own"), [*SCRIPTS, *RELAYED])
def test_released_a_script_comes_by_way_of_the_gateway_with_its_query(
    catalogue: Catalogue, html: str, own: str
) -> None:
    loaded = shown(catalogue, html, released=True)
    assert own.replace("&", "&amp;") in loaded and "partytown" not in loaded
    if "<template>" not in html and "data-src" not in html:
        assert own in fetched(loaded)[0]
    assert not re.search(r"googletagmanager\.com|example|measurement\.php|metrics", loaded)


@pytest.mark.parametrize("attributes", BLOCKED)
@pytest.mark.parametrize(
    ("address", "own"), [(TAG, OWN_TAG), (f"{CONTAINER}&l=a", f"{OWN_CONTAINER}&amp;l=a")]
)
def test_what_a_consent_tool_of_the_sites_would_load_later_is_treated_alike(
    catalogue: Catalogue, attributes: str, address: str, own: str
) -> None:
    html = f'<script {attributes}="{address}"></script>'
    assert "googletagmanager" not in shown(catalogue, html, released=False)
    assert shown(catalogue, html, released=True) == f'<script {attributes}="{own}"></script>'


@pytest.mark.parametrize("html", NEVER)
def test_released_nothing_else_goes_to_google(catalogue: Catalogue, html: str) -> None:
    assert fetched(shown(catalogue, html, released=True)) == ([], [])
    assert shown(catalogue, html, released=True) == shown(catalogue, html, released=False)


@pytest.mark.parametrize("code", SNIPPETS)
@pytest.mark.parametrize(
    "kind", ["", ' type="module"', ' type="3a7f-text/javascript"', " data-cfasync=false"]
)
def test_a_snippet_is_inert_until_the_release_and_then_as_it_came(
    catalogue: Catalogue, code: str, kind: str
) -> None:
    html = f"<script{kind}>{code}</script>"
    held = shown(catalogue, html, released=False)
    assert fetched(held) == ([], []) and code not in held
    assert shown(catalogue, html, released=True) == html


@pytest.mark.parametrize("kind", ['type="text/partytown"', "data-x type=' Text/Partytown '"])
def test_a_snippet_that_would_run_in_a_worker_runs_in_the_page(catalogue: Catalogue, kind: str) -> None:
    """The guard script does not reach into a worker; in the page it filters what the snippet asks for."""
    html = f"<script {kind}>{CONFIGURED}</script>"
    assert CONFIGURED not in shown(catalogue, html, released=False)
    assert fetched(shown(catalogue, html, released=True))[1] == [CONFIGURED]


@pytest.mark.parametrize("html", LATER)
def test_what_comes_into_the_page_later_stays_for_the_guard_script_to_hold(
    catalogue: Catalogue, html: str
) -> None:
    assert shown(catalogue, html, released=False) == shown(catalogue, html, released=True) == html
    assert not any(GOOGLE.search(address) for address in fetched(html)[0])


@pytest.mark.parametrize("html", LATER[3:])
def test_visitors_are_asked_for_what_the_state_of_a_framework_names(catalogue: Catalogue, html: str) -> None:
    rewriter = Rewriter(catalogue, Recogniser(Site(), catalogue, ()).on("www.example.com"))
    view = View(
        url=PAGE,
        prefix="/.privacy",
        loads=lambda service: False,
        once=frozenset(),
        placeholder=lambda plugin, *, first: b"",
        forms=lambda services: b"",
        mounts=lambda service: (),
    )
    assert rewriter.page(html.encode(), encoding=Encoding("utf-8"), view=view).services == {
        "google-analytics"
    }


@pytest.mark.parametrize("html", UNTOUCHED)
def test_what_is_none_of_it_comes_out_byte_for_byte(catalogue: Catalogue, html: str) -> None:
    assert shown(catalogue, html, released=False) == shown(catalogue, html, released=True) == html


def test_the_scripts_path_is_the_sites_own_whatever_the_page_is_based_on(catalogue: Catalogue) -> None:
    rewriter = Rewriter(catalogue, Recogniser(Site(), catalogue, ()).on("www.example.com"))
    view = View(
        url=PAGE,
        prefix="/.privacy",
        loads=RELEASED.__contains__,
        once=frozenset(),
        placeholder=lambda plugin, *, first: b"",
        forms=lambda services: b"",
        mounts=lambda service: (),
        root="https://www.example.com",
    )
    html = f'<base href="https://cdn.example.net/"><script src="{TAG}"></script>'.encode()
    loaded = rewriter.page(html, encoding=Encoding("utf-8"), view=view).body
    assert f'src="https://www.example.com{OWN_TAG}"'.encode() in loaded


@pytest.mark.parametrize(
    "link",
    [
        "<https://www.googletagmanager.com>; rel=preconnect",
        "<//www.google-analytics.com>; rel=dns-prefetch",
        f"<{TAG}>; rel=preload; as=script",
        "</metrics/gtag/js?id=G-ABC1234567>; rel=preload; as=script",
    ],
)
def test_no_header_makes_the_browser_contact_google_released_or_not(
    make_gateway: MakeGateway, now: datetime, link: str
) -> None:
    gateway = make_gateway("[services.google-analytics]\n")
    fields = (("Content-Type", "text/html"), ("Link", f"</a.css>; rel=preload; as=style, {link}"))
    answer = Response(status=200, headers=Headers(fields), body=b"<p>text")
    for cookie in ("", consented(gateway, now, purpose=["analytics"])):
        asking = Asking(gateway, now, cookie=cookie)
        response, _ = gateway.rewrite(asking.request("GET", "/"), answer, now)
        assert response.headers.get("link") == "</a.css>; rel=preload; as=style"


def test_a_service_worker_of_workbox_stays_without_googles_addresses(
    make_gateway: MakeGateway, now: datetime
) -> None:
    """It sends again what the page has sent, and no page sends anything to Google."""
    code = (
        "importScripts('https://www.google-analytics.com/analytics.js');workbox.googleAnalytics.initialize();"
    )
    worker = Asking(make_gateway(), now).page(
        code, "/sw.js", content_type="text/javascript", Sec_Fetch_Dest="serviceworker"
    )
    assert b"google-analytics.com" not in worker.body
    assert worker.body.endswith(b"workbox.googleAnalytics.initialize();")
