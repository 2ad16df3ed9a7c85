"""Who asks, as far as the gateway needs to know: language, device class, robot, objection signal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qs

from consent_gateway.messages import Headers, Request


@dataclass(frozen=True, slots=True)
class Device:
    """A device class: browser family with its major version, platform, and whether it is mobile."""

    browser: str
    major: int
    platform: str
    mobile: bool
    robot: bool


@dataclass(frozen=True, slots=True)
class Visitor:
    """What a request says of who sent it. `languages` in order of preference, primary subtags: the one
    that the address asks for, then what the browser accepts."""

    languages: tuple[str, ...] = ()
    objects: bool = False

    @classmethod
    def of(cls, request: Request) -> Visitor:
        languages = (*asked_for(request.query), *accepted(request.headers))
        return cls(languages=languages, objects=signals_objection(request.headers))


def signals_objection(headers: Headers) -> bool:
    """Whether a valid `Sec-GPC: 1` or `DNT: 1` was sent (GDPR Art. 21(5); W3C GPC 3.3)."""
    return "1" in (value.strip() for value in (*headers.all("sec-gpc"), *headers.all("dnt")))


def asked_for(query: str) -> tuple[str, ...]:
    """The language in `?language=`: by it the links to our own pages lead on in the language they are in."""
    return tuple(value.lower() for value in parse_qs(query).get("language", ())[:1])


_RANGE = re.compile(r"\s*([a-zA-Z]{1,8})(?:-[a-zA-Z0-9-]*)?\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?$")


def accepted(headers: Headers) -> tuple[str, ...]:
    """The primary subtags of Accept-Language, most wanted first."""
    weights: dict[str, float] = {}
    for part in headers.get("accept-language")[:1000].split(","):
        if match := _RANGE.match(part):
            weight = float(match[2] or 1)
            if weight > 0:
                weights.setdefault(match[1].lower(), weight)
    return tuple(sorted(weights, key=lambda language: -weights[language]))


def device(user_agent: str) -> Device:
    """The device class of a User-Agent header; "Other" where it cannot be told."""
    return _device(user_agent[:500])


@lru_cache(maxsize=2048)
def _device(user_agent: str) -> Device:
    import user_agents  # hundreds of regular expressions, which only hits need

    parsed = user_agents.parse(user_agent)
    major = parsed.browser.version[0] if parsed.browser.version else 0
    return Device(
        browser=parsed.browser.family,
        major=major if isinstance(major, int) else 0,
        platform=parsed.os.family,
        mobile=bool(parsed.is_mobile or parsed.is_tablet),
        robot=bool(parsed.is_bot),
    )
