"""Our policy, and the site's own with room for our files."""

from __future__ import annotations

import pytest

from consent_gateway import content_policy
from consent_gateway.content_policy import Ours, admitting, needs_digest, nonce_of, runs_scripts
from consent_gateway.messages import Headers

OURS = Ours(address="https://www.example.com/.privacy/", scripts=("sha256-abc=",))
A = OURS.address


def second(**values: object) -> str:
    given = {
        "own": [],
        "released": [],
        "stand_ins": False,
        "report_to": "/r",
        "enforced": True,
    }
    return content_policy.ours(**(given | values))  # type: ignore[arg-type]


def site(*policies: str) -> Headers:
    return Headers(tuple(("Content-Security-Policy", policy) for policy in policies))


def admitted(policy: str) -> str:
    (value,) = admitting(site(policy), OURS).all("content-security-policy")
    return value


def test_the_policy_limits_hosts_and_nothing_else() -> None:
    assert second(own=["cdn.example.net"], released=["youtube.com"]) == (
        "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob: http://cdn.example.net:* "
        "ws://cdn.example.net:* wss://cdn.example.net:* youtube.com; report-uri /r"
    )
    assert "report-uri" not in second(report_to="")


def test_a_name_of_the_site_counts_on_every_port_with_those_below_it_and_of_one_word_too() -> None:
    policy = second(own=["*.example.net", "static", "127.0.0.1"]).split()
    assert {"http://*.example.net:*", "http://example.net:*", "http://static:*", "http://127.0.0.1:*"} <= {
        *policy
    }


@pytest.mark.parametrize("host", ["::1", "", "a..b", "a;b", "a b", "'none'", "*"])
def test_what_is_no_host_to_a_policy_is_left_out(host: str) -> None:
    assert second(own=[host]) == second()


def test_where_it_only_reports_it_is_silent_on_frames_which_would_be_errors_in_the_console() -> None:
    assert second(enforced=False).endswith(
        "; frame-src * data: blob:; object-src * data: blob:; report-uri /r"
    )


def test_a_service_that_is_released_opens_its_hosts_and_those_below() -> None:
    assert "*.linkedin.com linkedin.com snap.licdn.com;" in second(
        released=["*.linkedin.com", "snap.licdn.com"]
    )


def test_local_stand_ins_are_named_beside_what_they_stand_for() -> None:
    assert "platform.linkedin.com.localhost:*" in second(released=["platform.linkedin.com"], stand_ins=True)


@pytest.mark.parametrize(
    "policy",
    [
        "default-src 'self'",
        "default-src https:; form-action *",
        "script-src 'nonce-abc'; style-src www.example.com",
        "script-src 'nonce-abc' 'strict-dynamic' https: 'unsafe-inline'; object-src 'none'; base-uri 'none'",
        "script-src https://www.example.com",
        "frame-ancestors 'none'; upgrade-insecure-requests; require-trusted-types-for 'script'",
        "require-trusted-types-for 'script'; trusted-types *",
        "default-src 'self' , script-src 'self' ;",
        "",
    ],
)
def test_a_policy_that_lets_our_files_pass_stays_as_it_came(policy: str) -> None:
    assert admitted(policy) == policy


@pytest.mark.parametrize(
    ("policy", "with_ours"),
    [
        ("script-src https://cdn.example.net 'unsafe-inline'; img-src *", f"script-src https://cdn.example.net 'unsafe-inline' {A}; img-src *"),
        ("script-src 'self'; style-src 'none'", f"script-src 'self'; style-src {A}"),
        ("form-action https://pay.example", f"form-action https://pay.example {A}"),
        ("script-src 'strict-dynamic' 'sha256-xyz='", "script-src 'strict-dynamic' 'sha256-xyz=' 'sha256-abc='"),
        ("default-src 'nonce-abc'", f"default-src 'nonce-abc'; connect-src 'nonce-abc' {A}; style-src-elem 'nonce-abc' {A}"),
        ("default-src https://cdn.example.net;",
         f"default-src https://cdn.example.net; script-src-elem https://cdn.example.net {A}; connect-src https://cdn.example.net {A}; style-src-elem https://cdn.example.net {A}"),
        ("trusted-types 'none'; script-src 'self'", "trusted-types privacy; script-src 'self'"),
        ("script-src 'self'; Trusted-Types own dompurify", "script-src 'self'; Trusted-Types own dompurify privacy"),
        ("default-src 'none'", f"default-src 'none'; style-src-elem {A}"),
        ("style-src-elem x.example; STYLE-SRC 'self'", f"style-src-elem x.example {A}; STYLE-SRC 'self'"),
    ],
)  # fmt: skip
def test_where_our_files_would_be_kept_out_their_own_address_is_added_and_no_more(
    policy: str, with_ours: str
) -> None:
    """HTTP-04"""
    assert admitted(policy) == with_ours


def test_several_policies_each_let_our_files_pass() -> None:
    fields = Headers((
        ("Content-Security-Policy", "style-src a.example, style-src 'self'"), ("X-Own", "1"),
        ("Content-Security-Policy-Report-Only", "style-src b.example"),
    ))  # fmt: skip
    assert admitting(fields, OURS).fields == (
        ("Content-Security-Policy", f"style-src a.example {A}, style-src 'self'"), ("X-Own", "1"),
        ("Content-Security-Policy-Report-Only", f"style-src b.example {A}"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("policy", "nonce"),
    [
        ("img-src x; script-src 'self' 'nonce-r4nd0m=='", "r4nd0m=="),
        ("default-src 'nonce-abc'", "abc"),
        ("style-src 'nonce-abc'", ""),
        ("default-src 'nonce-abc'; script-src 'self'", ""),
        ("script-src 'self', script-src 'nonce-abc'", "abc"),
    ],
)
def test_the_nonce_of_the_sites_own_policy_is_found(policy: str, nonce: str) -> None:
    assert nonce_of(site(policy)) == nonce


@pytest.mark.parametrize(
    "policy",
    [
        "default-src 'none'",
        "script-src",
        "sandbox",
        "sandbox allow-forms; script-src *",
        "img-src *, script-src 'none'",
    ],
)
def test_where_no_script_can_run_ours_does_not_try(policy: str) -> None:
    assert not runs_scripts(site(policy))


@pytest.mark.parametrize(
    "policy", ["", "default-src 'self'", "sandbox allow-scripts", "default-src 'none'; script-src x"]
)
def test_where_some_script_can_run_ours_does(policy: str) -> None:
    assert runs_scripts(site(policy))
    assert runs_scripts(Headers.of(Content_Security_Policy_Report_Only="script-src 'none'"))


def test_our_script_carries_its_digest_where_nothing_else_is_trusted() -> None:
    assert needs_digest(site("script-src 'strict-dynamic' 'sha256-x='"))
    assert needs_digest(Headers.of(Integrity_Policy="blocked-destinations=(script)"))
    assert not needs_digest(site("script-src 'strict-dynamic' 'nonce-x'", "default-src 'self'"))
