"""A recorded response as a browser of this computer gets it: every address in it leads here."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Container
from dataclasses import dataclass, replace

from consent_gateway import content_policy
from consent_gateway.dressing import shown_by_us
from consent_gateway.messages import Headers, Request, Response
from consent_gateway.page import charset
from consent_gateway.replay.addresses import is_text, localised
from consent_gateway.replay.leading import led_here
from consent_gateway.replay.places import Places, local_name
from consent_gateway.replay.policies import replays_own, translated
from consent_gateway.urls import linked, resolve

OWN_PATHS = "/.replay/"
KEEP = f"{OWN_PATHS}keep.js"
# They would change what the browser does beyond the replay, report to elsewhere, or keep it out of frames.
_GONE = (
    "Strict-Transport-Security", "Report-To", "NEL", "Reporting-Endpoints", "Expect-CT", "Alt-Svc", "X-Frame-Options",
    "Clear-Site-Data", "Public-Key-Pins", "Service-Worker-Allowed", "Cross-Origin-Resource-Policy", "Origin-Agent-Cluster",
    "X-DNS-Prefetch-Control", "Access-Control-Allow-Origin", "ETag", "Last-Modified", "Digest", "Content-MD5",
    "Content-Digest", "Repr-Digest", "Expires", "Age", "Cache-Control", "Pragma",
)  # fmt: skip
_ADDRESSES = frozenset(("link", "refresh", "content-location", "sourcemap", "x-sourcemap", "speculation-rules"))  # fmt: skip
_HEAD = re.compile(rb"<head(?:\s[^>]*)?>", re.I)
_DOCTYPE = re.compile(rb"\s*<!doctype[^>]*>", re.I)
_DOCUMENT = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype html|html|head)\b", re.I | re.S)
_META = re.compile(rb"<meta\s[^>]{0,4096}>", re.I)
_IS_POLICY = re.compile(rb"\shttp-equiv\s*=\s*[\"']?content-security-policy\b", re.I)
_CONTENT = re.compile(rb"(\scontent\s*=\s*)(\"[^\"]*\"|'[^']*')", re.I)
# Its digest is that of a file before the addresses in it were changed.
_FILE = re.compile(rb"<(?:script|link)\s[^>]{0,4096}>", re.I)
_INTEGRITY = re.compile(rb"\sintegrity\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]+)", re.I)
_HELD = re.compile(rb"(\sdata-(?:privacy-[a-z-]+|original)=\")([A-Za-z0-9+/]{4,}={0,2})(?=\")")


@dataclass(frozen=True)
class Serving:
    """Makes responses fit for one side. `recorded` holds the hosts of the recording."""

    places: Places
    recorded: Container[str]

    def __call__(self, request: Request, response: Response) -> Response:
        """The response with the replay's own policy. `request` is the browser's."""
        kind = response.media_type
        text = is_text(kind) or (not kind and _DOCUMENT.match(response.body))
        body = self._body(request, response) if text else response.body
        return replace(response, headers=self.headers(request, response.headers), body=body)

    def _body(self, request: Request, response: Response) -> bytes:
        encoding = charset.sniff(response.body, response.headers.get("content-type"))
        data = charset.to_bytes_like_ascii(response.body, encoding)
        markup = _is_markup(response)
        if markup:
            data = _FILE.sub(lambda tag: _INTEGRITY.sub(b"", tag[0]), data)
            data = _META.sub(lambda tag: self._meta(tag[0]), data)
            data = shown_by_us(led_here(data, lambda value: self._led(request, value)))
        data = self._localised(data)
        if markup:
            data = _HELD.sub(self._held, data)
        if markup and response.media_type != "application/xhtml+xml" and _is_document(request, data):
            data = _with_script(data, content_policy.nonce_of(response.headers))
        return charset.from_bytes_like_ascii(data, encoding)

    def _localised(self, data: bytes) -> bytes:
        return localised(data, self.places.of, self.recorded)

    def _held(self, match: re.Match[bytes]) -> bytes:
        """What the gateway has put away in an attribute until it is released."""
        try:
            kept = base64.b64decode(match[2], validate=True)
        except binascii.Error:
            return match[0]
        changed = localised(b'"' + kept, self.places.of, self.recorded)[1:]
        return match[1] + base64.b64encode(changed) if changed != kept else match[0]

    def _meta(self, tag: bytes) -> bytes:
        """The tag with the policy in it, if it is one, for the addresses here."""
        return _CONTENT.sub(self._meta_policy, tag) if _IS_POLICY.search(tag) else tag

    def _meta_policy(self, match: re.Match[bytes]) -> bytes:
        policy = translated(match[2][1:-1].decode("latin-1"), self.places)
        quote = match[2][:1]
        return match[1] + quote + policy.encode("latin-1") + quote

    def headers(self, request: Request, headers: Headers) -> Headers:
        """The header fields for here, with the replay's own policy."""
        fields = [self._field(request, name, value) for name, value in headers.without(*_GONE)]
        if headers.get("access-control-allow-origin"):
            allowed = request.headers.get("origin") or "*"
            fields.append(("Access-Control-Allow-Origin", allowed))
        ours = content_policy.Ours(address=f"{request.origin}{OWN_PATHS}", scripts=())
        admitting = content_policy.admitting(Headers(tuple(fields)), ours)
        return Headers(
            (
                *admitting,
                ("Cache-Control", "no-store"),
                ("X-DNS-Prefetch-Control", "off"),
                ("Content-Security-Policy", replays_own(self.places)),
            )
        )

    def _field(self, request: Request, name: str, value: str) -> tuple[str, str]:
        lower = name.lower()
        if lower in content_policy.FIELDS:
            return name, ", ".join(translated(policy, self.places) for policy in value.split(","))
        if lower == "set-cookie":
            return name, self._cookie(request, value)
        if lower == "location":
            return name, self._location(request, value)
        if lower in _ADDRESSES:
            data = f" {value}".encode("utf-8", "surrogateescape")  # an address may begin it without a scheme
            return name, localised(data, self.places.of, self.recorded)[1:].decode("utf-8", "surrogateescape")
        return name, value

    def _led(self, request: Request, value: str) -> str | None:
        """Where an address in a document leads here; None for none of the web."""
        return self._location(request, value) if linked(value, request.url) else None

    def _location(self, request: Request, value: str) -> str:
        """Where a redirect leads here, however it is written: no script and no policy can stop one."""
        found = resolve(value, request.url)
        if found is None:
            return value  # it leads nowhere
        asked = f"{found.host}:{found.port}" if found.port else found.host
        if asked == request.host:
            return value
        _, sign, fragment = linked(value, request.url).partition("#")
        return f"http://{self.places.of(asked)}{found.rest}{sign}{fragment}"

    def _cookie(self, request: Request, value: str) -> str:
        """The cookie for the names that hosts have here; the site's first has an address and no name."""

        def domain(match: re.Match[str]) -> str:
            name = local_name(match[1].strip().strip('"').removeprefix("."))
            below = request.hostname == name or request.hostname.endswith(f".{name}")
            return f"; Domain={name}" if below else ""

        return re.sub(r";\s*domain\s*=([^;]*)", domain, value, flags=re.I)


def _is_markup(response: Response) -> bool:
    return response.media_type in ("text/html", "application/xhtml+xml", "")


def _is_document(request: Request, data: bytes) -> bool:
    """Whether a browser makes a page or frame of it, and no script a piece of one."""
    destination = request.headers.get("sec-fetch-dest").strip().lower()
    if destination:
        return destination in ("document", "iframe", "frame", "embed", "object")
    return _DOCUMENT.match(data) is not None


def _with_script(data: bytes, nonce: str) -> bytes:
    """The document with the script that keeps it here, as the first."""
    told = f' nonce="{nonce}"' if nonce else ""
    tag = f'<script src="{KEEP}"{told}></script>'.encode()
    found = _HEAD.search(data, 0, 8192) or _DOCTYPE.match(data)
    at = found.end() if found else 0
    return data[:at] + tag + data[at:]
