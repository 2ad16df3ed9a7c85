"""What the forms and links of a page tell of what its site stores data for: a table, by what is written in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

CONTACT, NEWSLETTER, ACCOUNT, SHOP = "contact", "newsletter", "account", "shop"

# What an address, a name or an id has in it. Words are whole: "card" is no cart.
_NEWSLETTER = re.compile(r"newsletter|mailchimp|mc4wp|(?<![a-z])(?:un)?subscri|(?<![a-z])abonn")
_SHOP = re.compile(
    r"(?<![a-z])(?:add-?to-?(?:cart|basket|bag)|cart|basket|checkout|warenkorb|kasse|panier|carrello|carrito|cesta|winkelwagen)"
    r"(?![a-z])"
)
_ACCOUNT = re.compile(
    r"(?<![a-z])(?<!wp-)(?:log-?in|sign-?in|anmelden|einloggen|my-?account|mein-?konto|kundenkonto|kundenbereich|connexion|accedi)"
    r"(?![a-z])"
)
_COMMENT = re.compile(r"wp-comments-post|comment-?form")
_MAIL = re.compile(r"e-?mail|(?<![a-z])mail")


@dataclass(slots=True)
class Form:
    """A form of a page, in lower case: `names` are all by which it and its fields are called, `kinds` the types of
    its fields, "textarea" for one of several lines."""

    names: list[str]
    kinds: set[str]

    @property
    def purposes(self) -> Iterator[str]:
        """What it is for; none for a search, or what cannot be told."""
        named = " ".join(self.names)
        if "password" in self.kinds:
            yield ACCOUNT
        elif _SHOP.search(named):
            yield SHOP
        elif "email" in self.kinds or _MAIL.search(named):
            if _NEWSLETTER.search(named):
                yield NEWSLETTER
            elif "textarea" in self.kinds and not _COMMENT.search(named):
                yield CONTACT


def purposes_of_link(path: str) -> Iterator[str]:
    """What a path of the site says by its name alone."""
    said = path.lower().partition("?")[0]
    for purpose, words in ((SHOP, _SHOP), (ACCOUNT, _ACCOUNT), (NEWSLETTER, _NEWSLETTER)):
        if words.search(said):
            yield purpose
