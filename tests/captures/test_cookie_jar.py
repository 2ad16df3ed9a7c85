"""Who has set a cookie."""

from __future__ import annotations

from consent_gateway.captures.cookie_jar import set_by_headers, set_by_scripts
from consent_gateway.captures.exchange import Exchange
from consent_gateway.captures.visited import ScriptCookie
from consent_gateway.messages import Headers, Request, Response


def exchange(host: str, *set_cookie: str) -> Exchange:
    fields = tuple(("Set-Cookie", value) for value in set_cookie)
    return Exchange(
        request=Request(method="GET", scheme="https", host=host, target="/"),
        response=Response(status=200, headers=Headers(fields)),
    )


def test_without_a_domain_a_cookie_is_kept_for_its_own_host() -> None:
    answer = exchange("www.example.com:8443", "a=1; Path=/", "b=2; Domain=.Example.com; Secure", "c=3\nd=4")
    assert set_by_headers(answer) == [
        ("a", "www.example.com"),
        ("b", "example.com"),
        ("c", "www.example.com"),
        ("d", "www.example.com"),
    ]
    assert set_by_headers(Exchange(request=answer.request, response=None)) == []


def test_what_no_answer_has_set_a_script_has() -> None:
    jar = [
        ("a", "www.example.com"),
        ("b", ".example.com"),
        ("_ga", ".example.com"),
        ("privacy", "www.example.com"),
    ]
    answers = [exchange("www.example.com", "a=1", "b=2; Domain=example.com")]
    assert set_by_scripts(jar, answers, given=["privacy"]) == (ScriptCookie("_ga", "example.com"),)


def test_a_cookie_of_the_same_name_for_another_host_is_another() -> None:
    answers = [exchange("tracker.example", "id=1")]
    assert set_by_scripts([("id", "www.example.com")], answers) == (ScriptCookie("id", "www.example.com"),)
