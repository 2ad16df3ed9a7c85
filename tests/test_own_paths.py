"""The table of the gateway's own paths: each is answered as it says."""

from __future__ import annotations

import json
import re

import pytest

from consent_gateway.own_paths import CSS, GPC, HTML, JSON, NOTHING, PATHS, SCRIPT, STATIC, TEXT, OwnPath
from tests.asking import Asking

TYPES = {HTML: "text/html", JSON: "application/json", TEXT: "text/plain", CSS: "text/css", SCRIPT: "text/javascript"}  # fmt: skip
FORMS = {
    "/choice": {"decision": ["reject_all"]},
    "/activate": {"service": ["youtube"], "instance": ["1"]},
    "/rights": {"action": ["revoke"]},
}
QUERIES = {"/placeholder": "?instance=1&url=https://www.youtube.com/embed/abcdefghijk&width=560&height=315"}
IDS = [f"{one.method} {one.path or '(none)'}" for one in PATHS]


@pytest.mark.parametrize("one", PATHS, ids=IDS)
def test_each_answers_with_its_status_and_in_its_format(one: OwnPath, fresh: Asking) -> None:
    if one.path == "/request" and one.method == "POST":
        form = {"kind": ["access"], "reply_to": ["anna@example.org"], "message": ["What do you have?"]}
        assert fresh.post("/.privacy/request", form).asking is not None  # answered once it is kept
        return
    if one.path == "/reports":
        report = json.dumps({"csp-report": {}}).encode()
        reply = fresh.reply("POST", "/.privacy/reports", report, Content_Type="application/csp-report")
    elif one.method == "POST":
        reply = fresh.post(f"/.privacy{one.path}", FORMS[one.path])
    else:
        reply = fresh.reply("GET", f"/.privacy{one.path}{QUERIES.get(one.path, '')}")
    assert reply.response.status == one.status
    _is_of(one, reply.response.headers.get("content-type"))


@pytest.mark.parametrize("one", PATHS, ids=IDS)
def test_no_other_method_is_answered(one: OwnPath, fresh: Asking) -> None:
    known = {other.method for other in PATHS if other.path == one.path}
    for method in {"GET", "POST", "PUT", "DELETE"} - known:
        response = fresh.reply(method, f"/.privacy{one.path}").response
        assert response.status == 405
        assert known <= set(response.headers.get("allow").split(", "))


def test_what_a_page_is_made_with_is_served(fresh: Asking) -> None:
    page = fresh.reply("GET", "/.privacy/preferences").response.body.decode()
    files = re.findall(r'(?:href|src)="(/\.privacy/static/[^"]+)"', page)
    files += re.findall(r'src="(/\.privacy/static/[^"]+)"', fresh.page("<p>x").body.decode())
    assert files
    found = {
        fresh.reply("GET", file).response.headers.get("content-type").partition(";")[0] for file in files
    }
    assert found == {TYPES[part] for part in STATIC.formats}


def test_the_one_beside_the_prefix_is_answered(fresh: Asking) -> None:
    response = fresh.reply(GPC.method, GPC.path).response
    assert response.status == GPC.status
    _is_of(GPC, response.headers.get("content-type"))


def test_a_field_that_a_form_has_not_is_not_in_the_table(fresh: Asking) -> None:
    """Forms of the gateway's own pages send nothing that the table does not name."""
    pages = fresh.reply("GET", "/.privacy/preferences").response.body.decode()
    pages += fresh.reply("GET", "/.privacy/request").response.body.decode()
    pages += fresh.reply("GET", "/.privacy/your-data").response.body.decode()
    pages += fresh.page('<iframe src="https://www.youtube.com/embed/abcdefghijk"></iframe>').body.decode()
    forms = re.findall(r"<form([^>]*)>(.*?)</form>", pages, re.S)
    assert len(forms) > 3
    for attributes, inside in forms:
        action = re.search(r'action="[^"]*/\.privacy(/[\w-]+)', attributes)
        assert action
        (one,) = [one for one in PATHS if (one.method, one.path) == ("POST", action[1])]
        sent = set(re.findall(r'<(?:input|button|select|textarea)[^>]*\bname="(\w+)"', inside))
        assert sent <= {field.name for field in one.sent}, one.path


def _is_of(one: OwnPath, content_type: str) -> None:
    if NOTHING not in one.formats:
        assert content_type.partition(";")[0] in {TYPES[part] for part in one.formats}
