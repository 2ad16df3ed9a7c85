"""What a hit of Google Analytics says about a visitor, as its receiver reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from consent_gateway.visitor import device


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """The fields of a hit that say something about a person; empty is what was not sent."""

    event: str
    page: str
    title: str
    before: str
    client: str
    user: str
    browser: str
    language: str
    screen: str


def read(query: str, user_agent: str) -> Hit:
    """The hit in the query of a request to `/g/collect`, and in its User-Agent."""
    fields = dict(parse_qsl(query))
    return Hit(
        event=fields.get("en", ""),
        page=fields.get("dl", ""),
        title=fields.get("dt", ""),
        before=fields.get("dr", ""),
        client=fields.get("cid", ""),
        user=fields.get("uid", ""),
        browser=_browser(fields, user_agent),
        language=fields.get("ul", ""),
        screen=fields.get("sr", ""),
    )


def _browser(fields: Mapping[str, str], user_agent: str) -> str:
    seen = device(user_agent)
    words = [f"{seen.browser} {seen.major} on {seen.platform}"]
    # Client hints of high entropy, such as "Chromium;156.0.8078.79|Not=A?Brand;8.0.0.0".
    brands = [brand for brand in fields.get("uafvl", "").split("|") if "Not" not in brand]
    words += [brands[-1].replace(";", " ")] if brands and brands[-1] else []
    words += [" ".join(filter(None, (fields.get("uap"), fields.get("uapv"))))] if "uapv" in fields else []
    words += [fields["uam"]] if fields.get("uam") else []
    words += [f"{fields['uaa']} {fields.get('uab', '')} bit".replace("  ", " ")] if fields.get("uaa") else []
    return ", ".join(word for word in words if word)
