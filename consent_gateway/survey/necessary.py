"""Cookies without which websites do not work, as a rule: a table. It is the operator who has to know it of his.

Names are those that frameworks give by default, as their documents say (PHP session.name, Java Servlet 7.1.1,
ASP.NET SessionStateSection.CookieName, Django SESSION_COOKIE_NAME and CSRF_COOKIE_NAME, Laravel config/session.php,
Rails session_store, Spring CookieCsrfTokenRepository, WordPress and WooCommerce "cookies", Shopify "cookies", NextAuth
options, AWS Application Load Balancer sticky sessions, HAProxy "cookie SERVERID insert"; all seen 2026-11).
"""

from __future__ import annotations

from consent_gateway.cookie_names import expression

# The name, `*` for any letters, and the gateway's word for the reason (wording, cookie_reasons).
NECESSARY: tuple[tuple[str, str], ...] = (
    ("PHPSESSID", "session"),
    ("JSESSIONID", "session"),
    ("ASP.NET_SessionId", "session"),
    ("connect.sid", "session"),
    ("laravel_session", "session"),
    ("sessionid", "session"),
    ("session", "session"),
    ("_session_id", "session"),
    ("SSESS*", "login"),
    ("fe_typo_user", "session"),
    ("csrftoken", "forgery"),
    ("XSRF-TOKEN", "forgery"),
    ("_csrf", "forgery"),
    (".AspNetCore.Antiforgery.*", "forgery"),
    ("__RequestVerificationToken*", "forgery"),
    ("wordpress_*", "login"),
    ("wp-settings-*", "login"),
    ("__Host-next-auth.*", "login"),
    ("__Secure-next-auth.*", "login"),
    ("woocommerce_*", "cart"),
    ("wp_woocommerce_session_*", "cart"),
    ("cart", "cart"),
    ("cart_sig", "cart"),
    ("AWSALB*", "balance"),
    ("SERVERID", "balance"),
)
_PREFIXES = ("__Host-", "__Secure-")  # RFC 6265bis 4.1.3: they say how a cookie is kept, not what it is


def necessary(name: str) -> tuple[str, str] | None:
    """The name to declare a cookie by and the word for its reason, if it is as a rule necessary; else None."""
    for pattern, word in NECESSARY:
        if expression(pattern).fullmatch(name):
            return pattern, word
    for prefix in _PREFIXES:
        bare = name.removeprefix(prefix)
        if bare != name and (found := necessary(bare)):
            return f"{prefix}{found[0]}", found[1]
    return None
