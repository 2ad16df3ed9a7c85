"""Whether visitors are asked fairly. An operator's own templates may look and sound as he likes, but not
so that refusing is harder than agreeing, that the page is locked, or that nobody learns what it is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

from consent_gateway.catalogue import Treatment
from consent_gateway.datafile import Fault, Faulty, line_of
from consent_gateway.fairness import layers, styles, words
from consent_gateway.fairness.document import Document, Malformed, text
from consent_gateway.fairness.layers import Layer
from consent_gateway.gateway import Gateway
from consent_gateway.messages import FORM_TYPE, Headers, Request, Response
from consent_gateway.offer import offer
from consent_gateway.rendering import Rendering, TemplateError, templates_folder

PAGE = '<!DOCTYPE html><html lang="{language}"><head><title>Page</title></head><body><p>Text</p>{plug_in}<p>Text</p></body></html>'
OBJECTING = (("Sec-GPC", "1"),)
POLICY = "policy.html"  # asks nothing, and has to name the legitimate interests there are (Art. 13(1)(d))


def check(gateway: Gateway, rendering: Rendering, own: Path, now: datetime) -> None:
    """Raises datafile.Faulty with everything for which the templates in `own` must not be served."""
    if found := faults(gateway, rendering, own, now):
        raise Faulty(found)


def faults(gateway: Gateway, rendering: Rendering, own: Path, now: datetime) -> tuple[Fault, ...]:
    """What is wrong with the templates in `own`, each fault once: they are judged by what visitors
    would get of them."""
    return tuple(dict.fromkeys(_faults(gateway, rendering, own, now)))


def _faults(gateway: Gateway, rendering: Rendering, own: Path, now: datetime) -> Iterator[Fault]:
    yield from _in_wording(rendering, own)
    asked: list[Layer] = []
    for language in rendering.languages:
        try:
            asked += _Visitor(gateway, rendering, language, now).layers()
        except Malformed as error:
            yield Fault(str(own), "", f"in {language}: {error}")
        except TemplateError as error:
            place = getattr(error, "name", None) or own.name
            yield Fault(str(own / place), "", f"in {language}: {error}", getattr(error, "lineno", None))
        except NoNotice:
            yield Fault(str(own / "notice.html"), "", 'it brings no element with data-privacy="notice"')
    for layer in asked:
        file = own / layer.template
        is_judged = layer.language not in _own(own) and layer.template != POLICY
        spoken = words.in_text(text(layer.part), layer.language) if is_judged else ()
        for reason in (*layers.faults(layer), *spoken):
            yield Fault(str(file if file.exists() else own), "", f"as shown in {layer.language}: {reason}")
    for sheet in _style_sheets(own):  # the gateway's own may do something else to the operator's markup
        for line, reason in styles.faults(sheet.read_text(encoding="utf-8"), asked):
            yield Fault(str(sheet), "", reason, line)


def _style_sheets(own: Path) -> list[Path]:
    """All that are served."""
    found = {path.name: path for folder in (templates_folder(), own) for path in folder.glob("static/*.css")}
    return [found[name] for name in sorted(found)]


def _own(own: Path) -> set[str]:
    """The languages whose wording is the operator's: it is judged sentence by sentence."""
    return {path.stem for path in own.glob("wording/*.toml")}


def _in_wording(rendering: Rendering, own: Path) -> Iterator[Fault]:
    for language in sorted(_own(own) & set(rendering.languages)):
        file = own / "wording" / f"{language}.toml"
        source = file.read_text(encoding="utf-8")
        for key, reason in words.faults(rendering.wording(language).texts, language):
            yield Fault(str(file), ".".join(key), reason, line_of(source, list(key)))


class NoNotice(Exception):
    """A visitor who is to be asked gets no notice."""


@dataclass(frozen=True)
class _Visitor:
    """Somebody who speaks one language and sees every layer."""

    gateway: Gateway
    rendering: Rendering
    language: str
    now: datetime

    def layers(self) -> Iterator[Layer]:
        """Raises Malformed, NoNotice."""
        for headers in ((), OBJECTING):
            page = self._page(*headers)
            notice = next(page.all(data_privacy="notice"), None)
            if notice is not None:
                yield Layer("notice.html", self.language, page, notice, must_say=tuple(self._must_say()))
            elif self.gateway.site.services != {}:
                raise NoNotice
            for placeholder in page.all(data_privacy="placeholder"):
                yield Layer("placeholder.html", self.language, page, placeholder)
        for path, cookie in (
            ("preferences", ""),
            ("preferences", self._agreed()),
            ("policy", ""),
            ("your-data", ""),
        ):
            page = self._own_page(path, cookie)
            body = next(page.all("body"), page.root)
            name = f"{path.replace('-', '_')}.html"
            yield Layer(name, self.language, page, body, decided=bool(cookie))

    def _must_say(self) -> Iterator[tuple[str, str]]:
        wording = self.rendering.wording(self.language)
        controller = self.gateway.site.controller.name or wording["notice"]["nobody"]
        yield "who is responsible", " ".join(controller.split())
        yield "where a choice can be withdrawn", wording["settings"]["link"]
        asked = offer(self.gateway.site, self.gateway.catalogue, self.gateway.seen.services)
        for purpose in asked.asked_first:
            yield "what for", wording["purposes"][purpose.id]["name"]

    def _request(self, target: str, *fields: tuple[str, str], body: bytes = b"") -> Request:
        site = self.gateway.site.site
        said = (
            ("Accept-Language", self.language),
            ("Sec-Fetch-Dest", "document"),
            ("Sec-Fetch-Site", "same-origin"),
        )
        return Request(
            method="POST" if body else "GET",
            scheme=site.scheme or "https",
            host=site.hosts[0] if site.hosts else "localhost",
            target=target,
            headers=Headers((*said, *fields)),
            body=body,
        )

    def _page(self, *fields: tuple[str, str]) -> Document:
        html = PAGE.format(language=self.language, plug_in=self._plug_in())
        response = Response(
            status=200, headers=Headers.of(Content_Type="text/html; charset=utf-8"), body=html.encode()
        )
        changed, _ = self.gateway.rewrite(self._request("/", *fields), response, self.now)
        return Document(changed.body.decode("utf-8"))

    def _plug_in(self) -> str:
        """A frame of a service that a visitor may release, or else of any."""
        site, known = self.gateway.site, self.gateway.catalogue.services
        embedded = [id for id, one in known.items() if one.treatment is Treatment.PLACEHOLDER]
        urls = (url for id in sorted(embedded, key=site.lists, reverse=True) for url in known[id].urls)
        plain = next((url for url in urls if "*" not in url and "/" in url), "")
        return f'<iframe src="https://{plain}" width="600" height="400"></iframe>' if plain else ""

    def _own_page(self, path: str, cookie: str) -> Document:
        target = f"{self.gateway.site.prefix}/{path}?language={self.language}"
        reply = self.gateway.answer(
            self._request(target, *((("Cookie", cookie),) if cookie else ())), self.now
        )
        assert reply is not None
        return Document(reply.response.body.decode("utf-8"))

    def _agreed(self) -> str:
        """The cookie of somebody who has accepted all."""
        form = urlencode({"decision": "accept_all", "language": self.language}).encode()
        request = self._request(f"{self.gateway.site.prefix}/choice", ("Content-Type", FORM_TYPE), body=form)
        reply = self.gateway.answer(request, self.now)
        assert reply is not None
        return "; ".join(value.partition(";")[0] for value in reply.response.headers.all("set-cookie"))
