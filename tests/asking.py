"""A browser in front of a gateway of plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from consent_gateway.gateway import Gateway
from consent_gateway.messages import Headers, Request, Response
from consent_gateway.visit import Reply

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/156.0.0.0 Safari/537.36"
)


@dataclass
class Asking:
    gateway: Gateway
    now: datetime
    cookie: str = ""
    scheme: str = "https"
    host: str = "www.example.com"
    signals: dict[str, str] = field(default_factory=dict)

    def request(self, method: str, target: str, body: bytes = b"", /, **headers: str) -> Request:
        named = {name.replace("_", "-"): value for name, value in (self.signals | headers).items()}
        fields = tuple(named.items())
        if self.cookie:
            fields += (("Cookie", self.cookie),)
        return Request(
            method=method,
            scheme=self.scheme,
            host=self.host,
            target=target,
            headers=Headers(fields),
            body=body,
        )

    def reply(self, method: str, target: str, body: bytes = b"", /, **headers: str) -> Reply:
        reply = self.gateway.answer(self.request(method, target, body, **headers), self.now)
        assert reply is not None
        return reply

    def post(self, path: str, form: dict[str, list[str]], **headers: str) -> Reply:
        given = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Sec-Fetch-Site": "same-origin",
        } | headers
        return self.reply("POST", path, urlencode(form, doseq=True).encode(), **given)

    def page(
        self,
        html: str,
        target: str = "/",
        *,
        content_type: str = "text/html; charset=utf-8",
        status: int = 200,
        **headers: str,
    ) -> Response:
        given = {"Sec-Fetch-Dest": "document"} | headers
        answer = Response(
            status=status,
            headers=Headers((("Content-Type", content_type), ("ETag", '"x"'))),
            body=html.encode(),
        )
        response, seen = self.gateway.rewrite(self.request("GET", target, **given), answer, self.now)
        self.gateway.learn(seen)
        return response


def cookie_of(response: Response, name: str = "__Host-privacy") -> str:
    """The cookie a response sets, as it is sent back; empty if it sets none."""
    for value in response.headers.all("set-cookie"):
        morsel = SimpleCookie(value).get(name)
        if morsel is not None:
            return f"{name}={morsel.value}"
    return ""


def consented(gateway: Gateway, now: datetime, **form: list[str]) -> str:
    """The cookie after a choice: `save` unless another decision is given."""
    reply = Asking(gateway, now).post("/.privacy/choice", {"decision": ["save"]} | form)
    assert reply.response.status == 303
    return cookie_of(reply.response)
