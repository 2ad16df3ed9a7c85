"""Two gateways with one PostgreSQL and the same keys, behind nginx and behind HAProxy as deploy/ configures them."""

from __future__ import annotations

import asyncio
import http.client
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import parse_qs

import pytest
import sqlalchemy as sa
from aiohttp import web

from consent_gateway.forwarding import TOLD_BY_PROXIES
from consent_gateway.ledger.tables import ENTRIES
from tests import postgresql, started
from tests.crowd import KEYS, RING, Answered, assert_all_recorded, kill, receipt_in, records, served
from tests.fronts import HAPROXY, HOST, KINDS, NGINX, Answer, Front, fronted, program
from tests.loopback import Server, serving
from tests.recorded import checked
from tests.waiting import eventually

pytestmark = pytest.mark.slow

VIDEO = 'src="https://www.youtube.com/embed/'
PAGE = f'<!doctype html><html lang="en"><head></head><body><p>A page.</p><iframe {VIDEO}abcdefghijk"></iframe></body></html>'
SITE = """
[site]
hosts = ["www.example.com"]
scheme = "https"
trusted_proxies = ["127.0.0.1"]
[analytics]
properties = ["G-ABC1234567"]
script_url = "{google}"
collect_url = "{google}"
[services.google-analytics]
[services.youtube]
"""
CHROME = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
)
HIT = "/.privacy/ga/g/collect?v=2&tid=G-ABC1234567&en=page_view&cid=1.2"
READ = threading.Event()  # the first of two events has arrived
TRACKING = {"Link": "<https://t.example>; rel=preconnect", "Set-Cookie": "_fbp=1", "NEL": "{}"}


async def site(request: web.Request) -> web.StreamResponse:
    if request.path == "/moved.png":
        return web.Response(status=302, headers={"Location": "https://www.youtube.com/embed/abcdefghijk"})
    if request.path == "/gone.png":
        return web.Response(status=404, text=PAGE, content_type="text/html")
    if request.path == "/page.png":
        return web.Response(text=PAGE, content_type="text/html")
    if request.path == "/events":
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await stream.prepare(request)
        await stream.write(b"data: first\n\n")
        was_read = await asyncio.to_thread(READ.wait, 5)
        await stream.write(b"data: second\n\n" if was_read else b"data: nobody has read the first\n\n")
        return stream
    if request.path.endswith(".png"):
        return web.Response(body=b"\x89PNG", content_type="image/png", headers=TRACKING)
    return web.Response(text=PAGE, content_type="text/html")


async def nothing(_: web.Request) -> web.StreamResponse:
    return web.Response(status=204)


@dataclass(frozen=True)
class Machines:
    """What stands behind the proxies, and each gateway's HOST:PORT."""

    origin: Server
    google: Server
    database: postgresql.Server
    site_file: Path
    one: str
    other: str

    @property
    def site(self) -> str:
        return self.origin.address.removeprefix("http://")


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    folder = tmp_path_factory.mktemp("machines")
    with ExitStack() as stack:
        origin, google = stack.enter_context(serving(site)), stack.enter_context(serving(nothing))
        database = stack.enter_context(postgresql.server())
        file = folder / "site.toml"
        file.write_text(SITE.format(google=google.address))
        found = []
        for name in ("one", "other"):
            _, address = stack.enter_context(served(origin, folder / name, database.url, site=file))
            found.append(address.removeprefix("http://"))
        yield Machines(origin, google, database, file, *found)


@dataclass(frozen=True)
class Fronts:
    """The same proxy in front of both machines, and of each alone."""

    both: Front
    one: Front
    other: Front


@pytest.fixture(scope="module", params=KINDS)
def fronts(
    request: pytest.FixtureRequest, machines: Machines, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Fronts]:
    program(request.param)
    folder = tmp_path_factory.mktemp(request.param)
    one, other = machines.one, machines.other
    with ExitStack() as stack:
        yield Fronts(
            *(
                stack.enter_context(fronted(request.param, folder / name, behind, machines.site))
                for name, behind in {"both": (one, other), "one": (one,) * 2, "other": (other,) * 2}.items()
            )
        )


def accepted(front: Front, visitor: str = "127.0.0.1") -> Answer:
    answer = front.post("/.privacy/choice", visitor=visitor, decision="accept_all")
    assert answer.status == 303 and answer.cookie, answer.text
    return answer


def test_a_consent_given_at_one_machine_counts_at_the_other(fronts: Fronts) -> None:
    assert VIDEO not in fronts.other.ask("GET", "/").text
    cookie = accepted(fronts.one).cookie
    assert VIDEO in fronts.other.ask("GET", "/", Cookie=cookie).text
    assert VIDEO in fronts.one.ask("GET", "/", Cookie=cookie).text


def test_what_is_taken_back_at_one_machine_counts_no_more_at_the_other(fronts: Fronts) -> None:
    """Also for who still sends the cookie of before: every process learns of it within seconds."""
    cookie = accepted(fronts.one).cookie
    assert VIDEO in fronts.other.ask("GET", "/", Cookie=cookie).text
    taken = fronts.one.post("/.privacy/choice", cookie=cookie, decision="reject_all")
    assert taken.status == 303
    eventually(lambda: VIDEO not in fronts.other.ask("GET", "/", Cookie=cookie).text)


def test_a_visitor_has_one_pseudonym_at_both_machines_and_others_have_others(
    fronts: Fronts, machines: Machines
) -> None:
    """Salts agree; a pseudonym by chance may be another's too, those of three are not all the same."""
    cookie = accepted(fronts.one).cookie
    others = [accepted(fronts.other, f"127.0.0.{number}").cookie for number in (8, 9)]
    machines.google.requests.clear()
    asked = [(fronts.one, cookie), (fronts.other, cookie), *((fronts.other, one) for one in others)]
    for number, (front, sent) in enumerate(asked, 1):
        answer = front.ask("POST", HIT, Cookie=sent, User_Agent=CHROME, Origin=f"https://{HOST}")
        assert answer.status == 204
        eventually(lambda number=number: len(machines.google.requests) == number)  # type: ignore[misc]
    one, same, *another = [parse_qs(seen.query)["cid"][0] for seen in machines.google.requests]
    assert one == same and {one} != {*another}


def test_address_and_scheme_are_those_the_proxy_sees_whatever_a_visitor_says(
    fronts: Fronts, machines: Machines
) -> None:
    claims = dict.fromkeys((name.replace("-", "_") for name in TOLD_BY_PROXIES), "203.0.113.9")
    for path in ("/", "/logo.png"):
        machines.origin.requests.clear()
        fronts.both.ask("GET", path, visitor="127.0.0.7", Sec_Fetch_Dest="image", **claims)
        [seen] = machines.origin.requests
        assert seen.headers["X-Forwarded-For"].split(", ")[0] == "127.0.0.7"
        assert seen.headers["X-Forwarded-Proto"] == "https"
        assert seen.headers["X-Forwarded-Host"] == seen.host == HOST
        assert "203.0.113.9" not in str(seen.headers)


def test_a_crowd_at_both_leaves_one_valid_chain_with_every_answer_in_it(
    fronts: Fronts, machines: Machines
) -> None:
    answered = Answered()

    def decide(number: int) -> tuple[int, Answer]:
        form = {"decision": "reject_all"} if number % 2 else {"decision": "save", "purpose": "media"}
        return number, fronts.both.post("/.privacy/choice", visitor=f"127.0.1.{number}", **form)

    with ThreadPoolExecutor(12) as pool:
        for number, answer in pool.map(decide, range(60)):
            answered.statuses[answer.status] += 1
            if answer.status == 303 and number % 2:
                answered.refusals += 1
            elif answer.status == 303:
                answered.receipts[receipt_in(answer.cookie, HOST, "https")] = "media"
    assert set(answered.statuses) <= {303, 503} and answered.statuses[303] > 50
    eventually(lambda: _refusals(machines) >= answered.refusals)
    assert_all_recorded(machines.database.url, answered)


def _refusals(machines: Machines, kind: str = "refusal") -> int:
    return sum(one.kind == kind for one in records(machines.database.url))


@pytest.mark.parametrize("kind", KINDS)
def test_one_machine_dies_and_the_other_goes_on(kind: str, machines: Machines, tmp_path: Path) -> None:
    third = served(machines.origin, tmp_path / "state", machines.database.url, site=machines.site_file)
    program(kind)
    with third as (process, address):
        behind = (address.removeprefix("http://"), machines.one)
        with fronted(kind, tmp_path / "front", behind, machines.site) as front:
            cookie = accepted(front).cookie
            kill(process)
            answers = [front.ask("GET", "/", Cookie=cookie) for _ in range(8)]
            assert [answer.status for answer in answers] == [200] * 8
            assert all(VIDEO in answer.text for answer in answers)
            for visitor in range(4):
                accepted(front, f"127.0.2.{visitor}")
    checked(machines.database.url, RING)


@pytest.mark.parametrize("kind", KINDS)
def test_a_machine_is_restarted_and_no_visitor_notices(kind: str, machines: Machines, tmp_path: Path) -> None:
    """Those who keep asking, also with posts, which no proxy sends twice."""
    program(kind)
    environment = {**KEYS, "CONSENT_GATEWAY_WORKERS": "1"}
    third = served(machines.origin, tmp_path / "state", machines.database.url, site=machines.site_file, environment=environment)  # fmt: skip
    with third as (process, address):
        behind = (address.removeprefix("http://"), machines.one)
        with fronted(kind, tmp_path / "front", behind, machines.site) as front:

            def ask(number: int) -> list[int]:
                visitor = f"127.0.5.{number}"
                statuses = [front.ask("GET", "/", visitor=visitor).status]
                while process.poll() is None:
                    statuses.append(front.ask("GET", "/", visitor=visitor).status)
                    if len(statuses) == 4 + number:
                        statuses.append(
                            front.post("/.privacy/choice", visitor=visitor, decision="reject_all").status
                        )
                    if len(statuses) == 3 and not number:
                        process.send_signal(signal.SIGTERM)
                return [*statuses, front.ask("GET", "/", visitor=visitor).status]

            with ThreadPoolExecutor(4) as pool:
                statuses = [one for asked in pool.map(ask, range(4)) for one in asked]
    assert process.returncode == 0 and {*statuses} <= {200, 303}, statuses


def test_a_machine_that_hangs_is_soon_asked_no_more(machines: Machines, tmp_path: Path) -> None:
    """HAProxy asks each whether it is well."""
    third = served(machines.origin, tmp_path / "state", machines.database.url, site=machines.site_file, program=started.PLAIN)  # fmt: skip
    program(HAPROXY)
    with third as (process, address):
        behind = (address.removeprefix("http://"), machines.one)
        with fronted(HAPROXY, tmp_path / "front", behind, machines.site) as front:
            process.send_signal(signal.SIGSTOP)
            hurried = replace(front, patience=2)

            def all_answer() -> bool:
                with suppress(TimeoutError):
                    return [hurried.ask("GET", "/").status for _ in range(4)] == [200] * 4
                return False

            eventually(all_answer)
            kill(process)


def test_behind_nginx_a_machine_that_hangs_costs_time_and_nothing_is_decided_twice(
    machines: Machines, tmp_path: Path
) -> None:
    """It learns of it from visitors who wait: what they only look at comes from the other one, what they decide does not."""
    third = served(machines.origin, tmp_path / "state", machines.database.url, site=machines.site_file, program=started.PLAIN)  # fmt: skip
    program(NGINX)
    soon = {"proxy_read_timeout    70s;": "proxy_read_timeout 3s;"}
    with third as (process, address):
        behind = (address.removeprefix("http://"), machines.one)
        with fronted(NGINX, tmp_path / "front", behind, machines.site, otherwise=soon) as front:
            before = _refusals(machines)
            process.send_signal(signal.SIGSTOP)
            decided = [
                front.post("/.privacy/choice", visitor=f"127.0.6.{number}", decision="reject_all").status
                for number in range(2)  # one at each
            ]
            assert sorted(decided) == [303, 504]
            assert [front.ask("GET", "/").status for _ in range(4)] == [200] * 4
            kill(process)
    eventually(lambda: _refusals(machines) > before)
    assert _refusals(machines) == before + 1


@contextmanager
def locked(database: postgresql.Server) -> Iterator[None]:
    """Somebody keeps the ledger to himself: it can be reached, and whoever writes or reads it waits."""
    engine = sa.create_engine(database.url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as holding:
        holding.exec_driver_sql(f"LOCK TABLE {ENTRIES.name} IN ACCESS EXCLUSIVE MODE")
        yield
    engine.dispose()


@pytest.mark.parametrize("fronts", [NGINX], indirect=True)
def test_while_its_database_makes_everybody_wait_both_machines_go_on_and_lose_nothing(
    fronts: Fronts, machines: Machines
) -> None:
    both = (fronts.one, fronts.other)
    before = _refusals(machines, "withdrawal")
    cookies = [accepted(front, f"127.0.7.{number}").cookie for number, front in enumerate(both)]

    def decide(number: int) -> None:
        front, visitor, cookie = both[number], f"127.0.7.{number}", cookies[number]
        assert VIDEO in front.ask("GET", "/", Cookie=cookie).text
        grant = front.post("/.privacy/choice", visitor=visitor, decision="accept_all")
        assert (grant.status, grant.cookie) == (503, "") and "could not be recorded" in grant.text
        taken = front.post("/.privacy/choice", visitor=visitor, cookie=cookie, decision="reject_all")
        assert taken.status == 303
        for asked in both:
            page = asked.ask("GET", "/", Cookie=taken.cookie)
            assert page.status == 200 and VIDEO not in page.text
        assert VIDEO not in front.ask("GET", "/", Cookie=cookie).text

    with locked(machines.database), ThreadPoolExecutor(2) as pool:
        assert [*pool.map(decide, range(2))] == [None, None]
    eventually(lambda: _refusals(machines, "withdrawal") == before + 2)
    accepted(fronts.both, "127.0.7.9")
    checked(machines.database.url, RING)


def test_without_its_database_both_machines_go_on_and_lose_nothing(
    fronts: Fronts, machines: Machines
) -> None:
    before = _refusals(machines)
    cookie = accepted(fronts.one, "127.0.3.8").cookie
    machines.database.stop()
    try:
        # Who takes back has the cookie that says so; one of before counts on where nobody can know of it.
        taken = fronts.one.post("/.privacy/choice", visitor="127.0.3.8", cookie=cookie, decision="reject_all")
        assert taken.status == 303
        for front in (fronts.one, fronts.other):
            assert VIDEO not in front.ask("GET", "/", Cookie=taken.cookie).text
        assert VIDEO not in fronts.one.ask("GET", "/", Cookie=cookie).text
        assert VIDEO in fronts.other.ask("GET", "/", Cookie=cookie).text
        for number, front in enumerate((fronts.one, fronts.other)):
            assert "A page." in front.ask("GET", "/").text
            visitor = f"127.0.3.{number}"
            grant = front.post("/.privacy/choice", visitor=visitor, decision="accept_all")
            assert (grant.status, grant.cookie) == (503, "") and "could not be recorded" in grant.text
            refusal = front.post("/.privacy/choice", visitor=visitor, decision="reject_all")
            assert refusal.status == 303 and refusal.cookie
            eventually(lambda front=front: "unreachable" in front.ask("GET", "/.privacy/healthz").text)  # type: ignore[misc]
            asked = front.ask("GET", "/.privacy/healthz?for=pages")
            assert (asked.status, asked.text) == (200, "ok\n")
    finally:
        machines.database.start()
    eventually(lambda: _refusals(machines) == before + 2)
    eventually(lambda: VIDEO not in fronts.other.ask("GET", "/", Cookie=cookie).text)
    accepted(fronts.both, "127.0.3.9")
    checked(machines.database.url, RING)


def test_visitors_get_http_2_and_are_led_from_http_to_https(fronts: Fronts) -> None:
    front = fronts.both
    front.trust.set_alpn_protocols(["h2", "http/1.1"])
    with front.connected() as connection:
        assert connection.selected_alpn_protocol() == "h2"
    front.trust.set_alpn_protocols(["http/1.1"])
    if curl := shutil.which("curl"):
        where = [f"{HOST}:{port}:127.0.0.1" for port in (front.port, front.plain_port)]
        got = subprocess.run(
            [curl, "-sk", "--http2", "--resolve", where[0], "-w", "%{http_version}", f"https://{HOST}:{front.port}/"],
            capture_output=True, text=True, timeout=20, check=True,
        ).stdout  # fmt: skip
        assert got.endswith("2") and "A page." in got and VIDEO not in got
        led = subprocess.run(
            [curl, "-s", "--resolve", where[1], "-o", "/dev/null", "-w", "%{http_code} %{redirect_url}",
             f"http://{HOST}:{front.plain_port}/a?b=c"],
            capture_output=True, text=True, timeout=20, check=True,
        ).stdout  # fmt: skip
        assert led.startswith("308 https://www.example.com") and led.endswith("/a?b=c")


def test_files_come_from_the_site_itself_without_what_would_need_a_consent(
    fronts: Fronts, machines: Machines
) -> None:
    machines.origin.requests.clear()
    answer = fronts.both.ask(
        "GET", "/a%20b/logo.PNG".lower(), Cookie="privacy=x; sid=1", Sec_Fetch_Dest="image"
    )
    assert (answer.status, answer.headers["Content-Type"]) == (200, "image/png")
    assert {*TRACKING} & {*answer.headers} == set()
    [seen] = machines.origin.requests
    assert "Cookie" not in seen.headers and seen.headers["X-Forwarded-For"] == "127.0.0.1"


@pytest.mark.parametrize("path", ["/moved.png", "/gone.png", "/page.png"])
@pytest.mark.parametrize("destination", ["image", "document", ""])
def test_no_page_passes_for_a_file(fronts: Fronts, path: str, destination: str) -> None:
    fields = {"Sec_Fetch_Dest": destination} if destination else {}
    answer = fronts.both.ask("GET", path, **fields)
    alone = (answer.headers.get("Content-Security-Policy") or "").startswith("default-src 'none'; sandbox")
    assert VIDEO not in answer.text or alone
    assert destination == "document" or "youtube.com" not in (answer.headers.get("Location") or "")


def test_a_style_sheet_under_such_a_name_goes_through_the_gateway(fronts: Fronts, machines: Machines) -> None:
    machines.origin.requests.clear()
    fronts.both.ask("GET", "/logo.png", Sec_Fetch_Dest="style")
    [seen] = machines.origin.requests
    assert len(seen.headers["X-Forwarded-For"].split(", ")) == 2  # the proxy's word, and the gateway's


def test_an_event_comes_when_it_happens(fronts: Fronts) -> None:
    with closing(http.client.HTTPConnection(HOST)) as connection:
        connection.sock = fronts.both.connected()
        connection.request("GET", "/events")
        READ.clear()
        stream = connection.getresponse()
        assert stream.read1() == b"data: first\n\n"
        READ.set()
        assert stream.read() == b"data: second\n\n"


def test_our_own_pages_are_never_files(fronts: Fronts, machines: Machines) -> None:
    machines.origin.requests.clear()
    assert fronts.both.ask("GET", "/.privacy/nothing.png").status == 404
    assert machines.origin.requests == []


def test_who_writes_without_end_is_stopped_and_others_are_not(fronts: Fronts) -> None:
    def decide(_: int) -> int:
        return fronts.both.post("/.privacy/choice", visitor="127.0.4.1", decision="reject_all").status

    with ThreadPoolExecutor(8) as pool:
        statuses = [*pool.map(decide, range(60))]
    assert statuses.count(429) > 5 and statuses.count(303) >= 20
    assert fronts.both.ask("GET", "/", visitor="127.0.4.1").status == 200
    assert fronts.both.post("/.privacy/choice", visitor="127.0.4.2", decision="reject_all").status == 303


def test_a_name_that_is_not_the_sites_gets_nothing(fronts: Fronts, machines: Machines) -> None:
    machines.origin.requests.clear()
    with suppress(http.client.RemoteDisconnected):  # nginx says nothing at all
        assert fronts.both.ask("GET", "/", Host="evil.example").status == 421
    assert machines.origin.requests == []
