"""Writes docs/google-analytics.md: a hit before and after, and every row of the tables. `python -m tests.hit_page`"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import parse_qsl

from consent_gateway.analytics import endpoints, parameters
from consent_gateway.analytics.endpoints import Endpoint
from consent_gateway.analytics.filter import Circumstances, Filter, Own
from consent_gateway.analytics.hits import Hit
from consent_gateway.analytics.parameters import Action, Parameter
from consent_gateway.analytics.pseudonym import Salt, pseudonyms
from consent_gateway.analytics.session import Session
from tests.conftest import ROOT

HOST, PROPERTY = "www.example.com", "G-ABC1234567"
NOW = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
# What a browser sends for a purchase, made up in the shape of hits that were recorded in 2026.
EXAMPLE = (
    f"v=2&tid={PROPERTY}&gtm=45je6b30v9000004711za200&_p=1795516200123&gcs=G111&gcd=13t3t3t3t5l1&npa=0&dma=0"
    "&cid=1869824210.1764000000&uid=customer-4711&ul=de-at&sr=1512x982&uaa=arm&uab=64&uam=MacBook&uamb=0&uap=macOS"
    "&uapv=15.6.1&uafvl=Chromium%3B156.0.8078.79&pscdl=noapi&_eu=AAAAAGA&_s=3&sid=1795515900&sct=17&seg=1"
    f"&dl=https%3A%2F%2F{HOST}%2Fcustomer%2F4711%2Fthanks%3Fmail%3Danna%2540example.org%26gclid%3DCj0K"
    "&dr=https%3A%2F%2Fsearch.example%2F%3Fq%3Dgift%2Bfor%2Banna&dt=Thank%20you%2C%20Anna%20Schmidt&en=purchase&_ee=1&_et=4321"
    "&ep.transaction_id=T-2026-0042&epn.value=129.9&cu=EUR&pr1=idSKU77~nmRoof%20box~pr129.9~qt1~cpANNA10"
    "&up.tier=gold&ep.user_data.email=anna%40example.org&ep.customer_group=b2b&gclid=Cj0K&ecid=485087743&tfd=1834&new_thing=1"
)
_WORDS = {
    Action.KEEP: "passes if it looks as it should",
    Action.SET: "set by the gateway",
    Action.PSEUDONYM: "replaced by a keyed value",
    Action.GENERAL: "made coarser",
    Action.SESSION: "from the gateway's own record",
    Action.LINKING: "only with the separate consent",
    Action.DROP: "never passes",
}
PLACE = ROOT / "docs" / "google-analytics.md"
_HEAD = """# What becomes of a hit of Google Analytics

*This page is made from the tables that the gateway works by
([parameters](../consent_gateway/analytics/ga4.toml), [Measurement Protocol](../consent_gateway/analytics/mp.toml),
[endpoints](../consent_gateway/analytics/endpoints.toml), [events](../consent_gateway/analytics/events.toml)):
`python -m tests.hit_page`. M1 to M8 are the measures of the French authority CNIL for Google Analytics behind a proxy
([2022](https://www.cnil.fr/en/google-analytics-and-data-transfers-how-make-your-analytics-tool-compliant-gdpr)):
no address (M1), a rotating pseudonym with collisions (M2), no external referrer (M3), no parameters in addresses (M4),
no rare configurations (M5), no lasting or cross-site ids (M6), nothing else that could identify (M7), hosted within the
EU (M8, your part).*

Nothing is sent before a visitor has agreed to statistics. After that his browser sends hits to the gateway, and the
gateway makes a request of its own for each: to one fixed address, from nothing but what the table lets pass, with no
address, cookie, referrer, language or client hint of the visitor's. The browser gets an empty 204 either way. What no
table knows is dropped and counted.

## An example

A purchase, by a visitor who has agreed to statistics and not to combining them with personal data: what his browser
says, and all that Google gets.

""".splitlines()
_ABOUT_ROWS = """
Google Analytics keeps no cookie in the browser, and none that it left before reaches the site: `_ga`, `_gid`, `FPID` and
the rest are not set, stripped and expired; what its tag keeps for advertising (`_gcl_*`, `FPAU`) passes only while Google
Ads is released. Sessions are counted by the gateway, in a signed cookie of its own (`privacy-session`) that no script
can read. The pseudonym (`cid`) is computed from a random handle in the visitor's consent cookie with a salt of the
period; it is cut so short that about one visitor in twenty shares his with another,
and once the salt is destroyed, one period after its own has ended, nobody can compute it again. (A gateway
that is not running destroys nothing; it does so when it starts.) A session goes on over the change of a
period under the pseudonym it began with.

A page title and the version of a browser pass once `min_visitors` of the period have had the same; before that the
title is missing and the version is rounded down to tens. Each worker counts by itself, in memory, for one period.

Names of events that are not Google's, and parameters of the site's own, pass if the site file lists them
([`[analytics]`](site-file.md)). Texts, paths and names of files are scrubbed of e-mail and IP addresses, phone, account
and card numbers, ids and tokens, plain or encoded. No pattern recognises names: keep persons out of paths, and list a
parameter only if none can be in it.

A hit is read up to 16 kB and 20 events, as the tag itself sends them; a larger one is dropped. The hits of one visitor
leave in their order, all of them later by the same up to 1.5 seconds, another time for every visitor.

## Every parameter

""".splitlines()
_ABOUT_SERVERS = """
## Reports of the site's own servers

A server may report what happened out of the browser's sight by the Measurement Protocol, if its address is listed under
`[analytics] servers`: `POST /.privacy/ga/mp/collect?measurement_id=…&api_secret=…`. It knows nothing of consent, so the
gateway tells it: once there are such servers, each request of a visitor who has agreed to statistics reaches the site
with a header `Privacy-Analytics`. Its value goes into `client_id` as it is. It is sealed, another one in every request, and counts
for ten minutes, or until the visitor changes, blocks, withdraws or erases what he has agreed to: at once in the process he does
it at, within two seconds in the others. A report without it goes nowhere. The parameters of its events go through the rows above.

""".splitlines()
_ABOUT_ENDPOINTS = """
## Every endpoint

All of what Google's scripts were seen to contact. The guard script brings it to the gateway, under `/.privacy/ga/`. Hits
that reach the site on any other path (a relay of a plug-in, a tag gateway) are known by what they say and treated alike.

""".splitlines()
_WHAT = {"filter": "goes on, parameter by parameter", "script": "the script, byte for byte", "answer": "answered here, never sent on"}  # fmt: skip


def page() -> str:
    """The page, in Markdown."""
    ga4, protocol = parameters.load(), parameters.load("mp.toml")
    return "\n".join(
        (
            *_HEAD,
            *_table(("parameter", "before", "after", "why"), _example(ga4)),
            *_ABOUT_ROWS,
            *_table(("parameter", "what it is", "what becomes of it", "measure"), map(_row, ga4.parameter)),
            *_ABOUT_SERVERS,
            *_table(("key", "what it is", "what becomes of it", "measure"), map(_row, protocol.parameter)),
            *_ABOUT_ENDPOINTS,
            *_table(("address", "what it is", "what becomes of it", "measure"), map(_place, endpoints.load().endpoint)),
            "",
        )
    )  # fmt: skip


def _example(table: parameters.Parameters) -> Iterable[tuple[str, ...]]:
    before = parse_qsl(EXAMPLE)
    after = dict(Filter(table, parameters.events())(Hit(before, ()), _circumstances()).shared)
    for name, value in before:
        row = table.find(name)
        why = (
            f"{row.meaning} ({row.measure})"
            if row and row.measure
            else row.meaning
            if row
            else "not in the table: unknown"
        )
        yield name, value, after.get(name, ""), why
    for name in (name for name in after if name not in dict(before)):
        row = table.find(name)
        yield name, "", after[name], row.meaning if row else ""


def _circumstances() -> Circumstances:
    start = datetime(NOW.year, NOW.month, NOW.day, tzinfo=UTC)
    made = pseudonyms(
        handle="example", site=HOST, property=PROPERTY, salt=Salt(start, bytes(32)), pepper=bytes(32), visitors=10_000
    )  # fmt: skip
    return Circumstances(
        pseudonyms=made,
        session=Session(start=NOW, last=NOW, period=int(start.timestamp())),
        property=PROPERTY,
        own_hosts=frozenset((HOST,)),
        linking=False,
        own=Own(),
        common=lambda kind, value: False,
    )


def _row(parameter: Parameter) -> tuple[str, ...]:
    word = _WORDS[parameter.action]
    if parameter.action is Action.SET and not parameter.always:
        word = "replaced where it is there"
    value = f": `{parameter.value}`" if parameter.value else ""
    return parameter.name, parameter.meaning, f"{word}{value}", parameter.measure


def _place(endpoint: Endpoint) -> tuple[str, ...]:
    path = "" if endpoint.path == "*" else endpoint.path
    return f"{endpoint.host}{path}", endpoint.meaning, _WHAT[endpoint.action], endpoint.measure


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterable[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for first, *rest in rows:
        cells = (f"`{first}`", *rest)
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


if __name__ == "__main__":
    PLACE.write_text(page(), "utf-8")
