"""Every service of the catalogue has its page, held and loaded; a developer's file has one, too."""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from consent_gateway.catalogue import Catalogue, Treatment
from consent_gateway.demo.stage import Side
from tests.demo.staged import Staged, staging

LEAKY = """\
<p>Our film</p>
<iframe src="https://www.youtube.com/embed/abcdefghijk"></iframe>
<script src="https://cdn.nobody.example/w.js"></script>
"""


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staged]:
    with staging(tmp_path_factory.mktemp("catalogue")) as under_way:
        yield under_way


class Fetched(HTMLParser):
    """The stand-ins that a browser asks for when it reads a page: by address, or in code that runs."""

    def __init__(self, html: str, port: int) -> None:
        super().__init__()
        self._address = re.compile(rf"(?:http:)?\\?/\\?/([\w.-]+\.localhost:{port})([^\"'\s)]*)")
        self.found: list[tuple[str, str]] = []
        self._runs = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        fields = dict(reversed(attrs))
        names = {"src", "srcset", "data", "poster", *(("href",) if tag == "link" and "rel" in fields else ())}
        values = [value or "" for name, value in fields.items() if name in names]
        self.found += [place for value in values for place in self._address.findall(value)]
        self._runs = tag == "script" and "javascript" in (fields.get("type") or "text/javascript")

    def handle_data(self, data: str) -> None:
        if self._runs:
            self.found += self._address.findall(data)

    def handle_endtag(self, tag: str) -> None:
        self._runs = False


def fetched(stage: Staged, id: str, side: Side) -> list[tuple[str, str]]:
    return Fetched(stage.page(id, side, Sec_Fetch_Dest="iframe").text, stage.companies).found


def test_every_service_is_in_the_index_and_has_a_page_with_what_it_is_known_by(
    stage: Staged, catalogue: Catalogue
) -> None:
    linked = set(re.findall(r'href="/services/([^"]+)"', stage.shell().text))
    assert linked == set(catalogue.services)
    for id, service in catalogue.services.items():
        page = stage.shell(f"/services/{id}").text
        assert "{{" not in page
        assert f"http://{id}.before.demo.localhost:{stage.port}/" in page
        assert f"http://{id}.after.demo.localhost:{stage.port}/" in page
        assert page.count("<h3>") >= 1 and service.urls[0] in page, id


def test_held_every_page_asks_for_nothing_and_loaded_it_reaches_its_stand_in(
    stage: Staged, catalogue: Catalogue
) -> None:
    for id, service in catalogue.services.items():
        assert fetched(stage, id, Side.BEFORE) == [], id
        found = fetched(stage, id, Side.AFTER)
        if service.treatment is Treatment.MEASUREMENT:
            continue
        assert found, id
        host, path = found[0]
        origin = f"http://{id}.after.demo.localhost:{stage.port}"
        assert stage.ask(host, path.replace("\\", "") or "/", Origin=origin).status in (200, 204)
        assert stage.asked(id)["after"] and not stage.asked(id)["before"], id


def test_loaded_measurement_comes_by_way_of_the_gateway(stage: Staged) -> None:
    held, loaded = (stage.page("google-analytics", side).text for side in (Side.BEFORE, Side.AFTER))
    assert 'src="/.privacy/ga/gtag/js?id=G-ABC1234567"' in loaded
    assert "/.privacy/ga/" not in held and fetched(stage, "google-analytics", Side.AFTER) == []


def test_what_leaves_the_computer_is_kept_in_by_the_policy_of_every_page(stage: Staged) -> None:
    for side in Side:
        policy = stage.page("youtube", side).headers.get_all("Content-Security-Policy") or []
        assert any(f"http://*.localhost:{stage.companies}" in one for one in policy)
        assert not any("https:" in one for one in policy)


def test_the_index_is_searched_by_plain_html(stage: Staged) -> None:
    page = stage.shell("/?q=google+maps").text
    assert '<form method="get"' in page and 'value="google maps"' in page
    assert re.findall(r'href="/services/([^"]+)"', page) == ["google-maps"]
    assert set(re.findall(r'href="/services/([^"]+)"', stage.shell("/?purpose=webinars").text)) >= {"zoom"}
    assert "No service is called so" in stage.shell("/?q=%3Cscript%3E").text


def test_a_chat_is_shown_with_the_placeholder_at_the_end_of_the_page(stage: Staged) -> None:
    framed = stage.page("crisp", Side.BEFORE, Sec_Fetch_Dest="iframe").text
    assert 'data-privacy="placeholder"' in framed and 'role="dialog"' not in framed


def test_a_page_by_itself_asks_as_it_would_any_visitor(stage: Staged) -> None:
    assert 'name="decision"' in stage.page("youtube", Side.BEFORE, Sec_Fetch_Dest="document").text


def test_a_signal_of_the_browser_does_not_hide_what_agreeing_does(stage: Staged) -> None:
    assert "youtube.com.localhost" in "".join(host for host, _ in fetched(stage, "youtube", Side.AFTER))
    loaded = stage.page("meta-pixel", Side.AFTER, Sec_GPC="1").text
    assert 'type="text/plain"' not in loaded


@pytest.mark.parametrize(
    ("path", "status"), [("/services/nobody", 404), ("/nothing", 404), ("/asked?page=x&since=y", 400)]
)
def test_what_there_is_not_is_said(stage: Staged, path: str, status: int) -> None:
    assert stage.shell(path).status == status


def test_by_number_it_leads_to_the_name_that_cookies_of_frames_need(stage: Staged) -> None:
    answer = stage.ask(f"127.0.0.1:{stage.port}", "/services/zoom?x=1")
    assert (answer.status, answer.headers["Location"]) == (
        302,
        f"http://demo.localhost:{stage.port}/services/zoom?x=1",
    )


def test_a_post_to_the_pages_around_is_refused(stage: Staged) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", stage.port, timeout=5)
    connection.request("POST", "/")
    assert connection.getresponse().status == 405
    connection.close()


def test_a_file_is_shown_without_the_gateway_and_through_it_and_read_anew(tmp_path: Path) -> None:
    file = tmp_path / "snippet.html"
    file.write_text(LEAKY)
    (tmp_path / "style.css").write_text("p { background: url(https://fonts.gstatic.com/x) }")
    for secret in (tmp_path.parent / "secret.txt", tmp_path / ".secret.txt"):
        secret.write_text("not for pages")
    with staging(tmp_path / "state", file) as stage:
        page = stage.shell().text
        assert "2 places of 2 third parties, all held before consent; 1 unknown" in page
        assert "2:9" in page and "address *.youtube.com" in page
        assert "Nothing of a third party" in page.partition("What is left of it")[2]
        without = Fetched(stage.page("page", Side.WITHOUT).text, stage.companies).found
        assert [host.partition(".localhost")[0] for host, _ in without] == [
            "www.youtube.com",
            "cdn.nobody.example",
        ]
        assert Fetched(stage.page("page", Side.BEFORE).text, stage.companies).found == []
        assert "fonts.gstatic.com.localhost" in stage.page("page", Side.WITHOUT, "/style.css").text
        for path in ("/../secret.txt", "/%2e%2e/secret.txt", "/.secret.txt", "/none.css"):
            assert stage.page("page", Side.WITHOUT, path).status == 404
        file.write_text("<p>Nothing</p>")
        assert "nothing of a third party is recognised" in stage.shell().text
        file.unlink()
        assert "No such file or directory" in stage.shell().text
