"""What reports call things."""

from __future__ import annotations

import pytest

from consent_gateway.audit.findings import Field
from consent_gateway.audit.reports import naming


def test_who_it_is_is_said_by_name_company_or_host() -> None:
    assert naming.owner("youtube", "service", "i.ytimg.com") == "YouTube"
    assert naming.company("youtube", "service") == "Google Ireland Limited"
    assert naming.owner("Criteo", "tracker", "dis.criteo.com") == "Criteo"
    assert naming.owner("", "unlisted", "cdn.example") == "cdn.example"
    assert (naming.service("none-of-ours"), naming.company("youtube", "tracker")) == ("none-of-ours", "")


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("https://www.example/a/b", "/a/b"),
        ("https://www.example", "/"),
        ("/a", "/a"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("http://[::1", "http://[::1"),
    ],
)
def test_a_page_is_its_path(address: str, page: str) -> None:
    assert naming.page(address) == page


def test_a_site_is_the_hosts_with_most_pages() -> None:
    assert (
        naming.site(["https://a.example/", "https://b.example/1", "https://b.example/2"])
        == "b.example, a.example"
    )
    assert naming.site([f"https://{number}.example/" for number in range(5)]).endswith("2.example, 2 more")
    assert naming.site(["http://[::1", "about:blank"]) == ""


def test_numbers_have_their_noun() -> None:
    assert [naming.counted(number, "page") for number in (0, 1, 1200)] == ["0 pages", "1 page", "1,200 pages"]
    assert naming.listed("abcd", 2) == "a, b, 2 more"


def test_fields_are_told_in_the_order_of_their_fates() -> None:
    fields = [Field("a", "dropped"), Field("b", "turned round"), Field("c", "passed")]
    assert naming.fates(fields) == ["passed", "dropped", "turned round"]
    assert [naming.fate(one) for one in ("changed", "turned round")] == ["Changed first", "turned round"]
