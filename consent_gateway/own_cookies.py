"""The cookies that the gateway itself sets: a table."""

from __future__ import annotations

from dataclasses import dataclass

from consent_gateway.analytics.session import INACTIVE
from consent_gateway.consent import OBJECTION_LIFE, REMEMBERED
from consent_gateway.cookies import ONCE, ONCE_SECONDS, SAID, cookie_name
from consent_gateway.session_cookie import SUFFIX as SESSION


@dataclass(frozen=True, slots=True)
class OwnCookie:
    """One of them: the end of its name, when it comes, what is in it, how long it stays. All are host-only,
    HttpOnly, SameSite=Lax and, on https, Secure."""

    suffix: str
    comes: str
    content: str
    lasts: str
    signed: bool = True

    def name(self, scheme: str) -> str:
        return cookie_name(scheme, self.suffix)


OWN_COOKIES = (
    OwnCookie(
        "",
        "with the first decision",
        "what was granted and refused; after a grant a receipt, the number under which it can be proved",
        f"{REMEMBERED}; after an objection {OBJECTION_LIFE}",
    ),
    OwnCookie(
        ONCE,
        "when a plug-in is loaded once without script",
        "the plug-in and the page",
        f"{ONCE_SECONDS} seconds, and gone with the page",
    ),
    OwnCookie(
        SESSION,
        "with the first hit after the consent to statistics",
        "when the session began, and how many pages it has",
        f"until the pseudonym changes, {INACTIVE.seconds // 60} minutes at least",
    ),
    OwnCookie(
        SAID,
        "with a decision in the notice",
        "`1`: the next page says that it is saved",
        f"{ONCE_SECONDS} seconds, and gone with the page",
        signed=False,
    ),
)
