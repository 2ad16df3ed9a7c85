"""What forms and links tell of why a site stores data."""

from __future__ import annotations

import pytest

from consent_gateway.survey.forms import Form, purposes_of_link


@pytest.mark.parametrize(
    ("named", "kinds", "purposes"),
    [
        ("/login user", {"text", "password"}, ["account"]),
        ("/kontakt email message", {"text", "textarea"}, ["contact"]),
        ("/send", {"email", "textarea"}, ["contact"]),
        ("mc4wp-form", {"email"}, ["newsletter"]),
        ("abonnieren", {"email"}, ["newsletter"]),
        ("add-to-cart quantity", {"number"}, ["shop"]),
        ("/suche q", {"search"}, []),
        ("postcard text", {"textarea"}, []),
        ("wp-comments-post.php email", {"textarea"}, []),
        ("/rsvp email", {"email"}, []),
    ],
)
def test_a_form_is_for_what_its_fields_and_names_say(
    named: str, kinds: set[str], purposes: list[str]
) -> None:
    assert list(Form([named], kinds).purposes) == purposes


@pytest.mark.parametrize(
    ("path", "purposes"),
    [
        ("/warenkorb", ["shop"]),
        ("/de/Mein-Konto/", ["account"]),
        ("/newsletter", ["newsletter"]),
        ("/krankenkasse", []),
        ("/wp-login.php", []),
        ("/?return=/login", []),
        ("/postcards", []),
    ],
)
def test_a_link_is_for_what_its_path_is_called(path: str, purposes: list[str]) -> None:
    assert list(purposes_of_link(path)) == purposes
