"""nginx and HAProxy as they are in deploy/, in front of gateways of the tests; where there are none, a reason.

`python -m tests.fronts` is a step of `make test`: as root it installs Debian's packages, and it always ends well.
"""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest
import trustme

from tests.chromium import of_debian
from tests.conftest import ROOT
from tests.waiting import eventually

NGINX, HAPROXY = "nginx", "haproxy"
KINDS = (NGINX, HAPROXY)
PACKAGES = ("nginx", "haproxy", "postgresql")
HOST = "www.example.com"
AS_IT_IS: Mapping[str, str] = {}
DEPLOY = ROOT / "deploy"
_PLACES = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))
# What of nginx.conf is not in deploy/: Debian's own has it with the folders of the package.
_AROUND = """
daemon off; {user} pid {folder}/pid; worker_processes 1; error_log {folder}/log crit;
events {{ }}
http {{
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    {text}
}}
"""


def find(kind: str) -> str | None:
    """The path of nginx or haproxy: Debian puts them where the path of an ordinary account does not lead."""
    return shutil.which(kind, path=_PLACES)


def program(kind: str) -> str:
    """The same. Skips the test where it is not installed."""
    found = find(kind)
    if found is None:
        pytest.skip(f"{kind} is not installed: as root `apt-get install {kind}` brings it")
    return found


@dataclass(frozen=True)
class Answer:
    """What a visitor gets."""

    status: int
    headers: http.client.HTTPMessage
    text: str

    @property
    def cookie(self) -> str:
        return (self.headers.get("Set-Cookie") or "").partition(";")[0]


@dataclass(frozen=True)
class Front:
    """A proxy under way, as visitors of www.example.com reach it."""

    port: int
    plain_port: int
    trust: ssl.SSLContext
    patience: float = 20  # seconds

    def connected(self, visitor: str = "127.0.0.1") -> ssl.SSLSocket:
        """A TLS connection from an address of this machine. Raises TimeoutError, as `ask` does."""
        raw = socket.create_connection(
            ("127.0.0.1", self.port), timeout=self.patience, source_address=(visitor, 0)
        )
        return self.trust.wrap_socket(raw, server_hostname=HOST)

    def ask(
        self,
        method: str,
        target: str,
        body: str = "",
        *,
        visitor: str = "127.0.0.1",
        **headers: str,
    ) -> Answer:
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        with closing(http.client.HTTPConnection(HOST)) as connection:
            connection.sock = self.connected(visitor)
            connection.request(method, target, body or None, fields)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read().decode("utf-8", "replace"))

    def post(self, path: str, *, visitor: str = "127.0.0.1", cookie: str = "", **form: str) -> Answer:
        """A form of a page of this site's."""
        return self.ask(
            "POST", path, urlencode(form), visitor=visitor, Origin=f"https://{HOST}",
            Content_Type="application/x-www-form-urlencoded", **({"Cookie": cookie} if cookie else {}),
        )  # fmt: skip


@contextmanager
def fronted(
    kind: str, folder: Path, gateways: Sequence[str], origin: str, *, otherwise: Mapping[str, str] = AS_IT_IS
) -> Iterator[Front]:
    """The proxy in front of two gateways, each HOST:PORT; `otherwise` has what is written and what stands in its
    place. Skips the test where it is not installed."""
    path = program(kind)
    folder.mkdir()
    authority = trustme.CA()
    issued = authority.issue_cert(HOST)
    issued.cert_chain_pems[0].write_to_path(folder / "chain.pem")
    issued.private_key_pem.write_to_path(folder / "key.pem")
    issued.private_key_and_cert_chain_pem.write_to_path(folder / "both.pem")
    trust = ssl.create_default_context()
    authority.configure_trust(trust)
    port, plain = _free_port(), _free_port()
    file = configured(kind, folder, gateways, origin, port, plain, otherwise)
    command = [path, "-c", str(file)] if kind == NGINX else [path, "-db", "-f", str(file)]
    with (folder / "output").open("w") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
    try:
        eventually(lambda: process.poll() is not None or _answers(port))
        assert process.poll() is None, (folder / "output").read_text()
        yield Front(port, plain, trust)
    finally:
        process.terminate()
        process.wait(20)


def configured(
    kind: str,
    folder: Path,
    gateways: Sequence[str],
    origin: str,
    port: int = 0,
    plain: int = 0,
    otherwise: Mapping[str, str] = AS_IT_IS,
) -> Path:
    """The file of deploy/ with the addresses and files of the tests, and with what is `otherwise`. Raises AssertionError for what is not in it."""
    port, plain = port or _free_port(), plain or _free_port()
    one, other = gateways
    if kind == NGINX:
        text = _replaced(
            (DEPLOY / "nginx" / "consent-gateway.conf").read_text(),
            {
                "    listen [::]:80 default_server;\n": "", "    listen [::]:443 ssl http2 default_server;\n": "",
                "    listen [::]:80;\n": "", "    listen [::]:443 ssl http2;\n": "",
                "listen 80": f"listen 127.0.0.1:{plain}", "listen 443": f"listen 127.0.0.1:{port}",
                "/etc/nginx/tls": str(folder), "/var/log/nginx": str(folder),
                "10.0.0.11:8080": one, "10.0.0.12:8080": other, "10.0.0.20:9000": origin,
            },
        )  # fmt: skip
        user = "user root;" if os.geteuid() == 0 else ""
        text = _AROUND.format(folder=folder, user=user, text=text)
    else:
        text = _replaced(
            (DEPLOY / "haproxy" / "haproxy.cfg").read_text(),
            {
                "bind :80": f"bind 127.0.0.1:{plain}", "bind :443": f"bind 127.0.0.1:{port}",
                "/etc/haproxy/tls/www.example.com.pem": str(folder / "both.pem"),
                "10.0.0.11:8080": one, "10.0.0.12:8080": other, "10.0.0.20:9000": origin,
            },
        )  # fmt: skip
    file = folder / f"{kind}.conf"
    file.write_text(_replaced(text, otherwise))
    return file


def _replaced(text: str, table: Mapping[str, str]) -> str:
    for written, here in table.items():
        assert written in text, written
        text = text.replace(written, here)
    return text


def _answers(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def install() -> None:
    """Debian's packages for root; what is there stays as it is."""
    missing = [name for name in PACKAGES if not _is_there(name)]
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        print(
            f"installing Debian's {', '.join(missing)} for the tests with proxies in front and more than one machine",
            flush=True,
        )
        with _nothing_started():
            of_debian(*missing)
    for name in PACKAGES:
        print(f"{name}: {'there' if _is_there(name) else 'not there, its tests are skipped'}", flush=True)


@contextmanager
def _nothing_started() -> Iterator[None]:
    """Packages of servers start them, on port 80, unless this says no (Debian Policy 9.3.3, invoke-rc.d)."""
    policy = Path("/usr/sbin/policy-rc.d")
    if policy.exists():
        yield
        return
    policy.write_text("#!/bin/sh\nexit 101\n")
    policy.chmod(0o755)
    try:
        yield
    finally:
        policy.unlink()


def _is_there(name: str) -> bool:
    if name == "postgresql":
        return any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return find(name) is not None


if __name__ == "__main__":
    install()
