"""mitmproxy's flows and plain values are the same thing in two shapes."""

from __future__ import annotations

import gzip

from mitmproxy import http
from mitmproxy.test import tflow

from consent_gateway.messages import Headers, Response
from consent_gateway.proxy.flows import headers_of, mitmproxy_headers, mitmproxy_response, request_of
from consent_gateway.site import Site


def test_headers_survive_the_way_there_and_back_whatever_bytes_they_hold() -> None:
    fields = http.Headers([(b"X-A", b"\xff\xfe"), (b"x-a", "ü".encode()), (b"Set-Cookie", b"a=1")])
    assert mitmproxy_headers(headers_of(fields)).fields == fields.fields


def test_a_request_is_what_the_visitor_asked_for() -> None:
    flow = tflow.tflow()
    flow.request.path = "/a?b=c"
    flow.request.headers["host"] = "WWW.Example.com:8080"
    request = request_of(flow, Site(), "https")
    assert (request.scheme, request.host, request.target) == ("https", "www.example.com:8080", "/a?b=c")


def test_a_target_that_is_no_text_is_one_that_can_stand_in_a_link() -> None:
    for raw, written in ((b"/\xff?\xfc=%41", "/%FF?%FC=%41"), ("/\u00fc".encode(), "/\u00fc")):
        flow = tflow.tflow()
        flow.request.data.path = raw
        assert request_of(flow, Site(), "https").target == written
        assert flow.request.data.path == raw


def test_an_empty_answer_has_no_length() -> None:
    made = mitmproxy_response(Response(status=204, headers=Headers.of(Cache_Control="no-store")))
    assert "content-length" not in made.headers and made.raw_content == b""


def test_a_body_that_is_zipped_goes_out_as_it_is() -> None:
    zipped = gzip.compress(b"const a = 1;")
    answer = Response(status=200, headers=Headers.of(Content_Encoding="gzip"), body=zipped)
    made = mitmproxy_response(answer)
    assert made.raw_content == zipped and made.content == b"const a = 1;"
    assert made.headers["content-length"] == str(len(zipped))
    assert mitmproxy_response(answer, bodiless=True).headers["content-length"] == str(len(zipped))
