"""What has reached stand-ins, by page."""

from __future__ import annotations

from consent_gateway.demo.contacts import Contacts


def test_each_page_is_told_its_own_since_its_view_began() -> None:
    contacts = Contacts()
    contacts.record("a.before.demo.localhost", "www.youtube.com")
    since = contacts.latest
    contacts.record("a.before.demo.localhost", "i.ytimg.com")
    contacts.record("a.before.demo.localhost", "i.ytimg.com")
    contacts.record("b.before.demo.localhost", "www.linkedin.com")
    assert contacts.of("a.before.demo.localhost", since) == {"i.ytimg.com": 2}
    assert contacts.of("a.before.demo.localhost") == {"i.ytimg.com": 2, "www.youtube.com": 1}


def test_what_cannot_be_attributed_counts_for_every_page() -> None:
    contacts = Contacts()
    contacts.record("", "cdn.example.org")
    assert (
        contacts.of("a.before.demo.localhost")
        == contacts.of("b.after.demo.localhost")
        == {"cdn.example.org": 1}
    )
