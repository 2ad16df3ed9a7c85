"""`make fuzz-input`: what parses input, led by the code it reaches (atheris, libFuzzer). Exit code 1 on a finding.

Each target runs in a process of its own, from a few seeds, and prints how many inputs ran. What is found is saved
in `build/fuzz-input`; `python -m tests.fuzz_input --target NAME FILE` reads it again.
"""

from __future__ import annotations

import argparse
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import FunctionType

from consent_gateway.analytics import hits
from consent_gateway.analytics.hits import BadHit
from consent_gateway.captures.opening import BadCapture, opened
from consent_gateway.cookies import ConsentCookie
from consent_gateway.keys import Key, KeyRing
from consent_gateway.messages import BadForm, Headers, Request
from consent_gateway.page import charset
from tests.differential import before_consent

NOW = datetime(2026, 11, 24, tzinfo=UTC)
COOKIE = ConsentCookie(KeyRing((Key("test", b"k" * 32),)))
BEFORE = before_consent("hold")
SECONDS = 10  # an input that takes longer is a finding
LONGEST = 4096  # bytes


def _request(body: bytes = b"", target: str = "/", **headers: str) -> Request:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Request(method="POST", scheme="https", host="a", target=target, headers=Headers(named), body=body)


def page(data: bytes) -> None:
    with suppress(charset.Undecodable):
        BEFORE.rewritten(data, charset.sniff(data, "text/html"))


def hit(data: bytes) -> None:
    query, _, body = data.partition(b"\0")
    with suppress(BadHit):
        hits.read(_request(body, f"/g/collect?{query.decode('latin-1')}"))


def cookie(data: bytes) -> None:
    request = _request(Cookie=data.decode("latin-1"))
    consent = COOKIE.read(request, NOW)
    assert not consent.grants_anything, "a cookie that nobody signed grants something"
    assert not COOKIE.read_once(request, NOW)


def form(data: bytes) -> None:
    with suppress(BadForm):
        _request(data, Content_Type="application/x-www-form-urlencoded").form()


def capture(data: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as file:
        file.write(data)
        file.flush()
        try:
            for _ in opened(Path(file.name), limit=2**16).exchanges():
                pass
        except BadCapture:
            pass


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    "pages": page, "hits": hit, "cookies": cookie, "forms": form, "captures": capture,
}  # fmt: skip
SEEDS: Mapping[str, tuple[bytes, ...]] = {
    "pages": (
        b'<!doctype html><html lang=en><meta charset=utf-8><iframe src="https://www.youtube.com/embed/x"></iframe><p>x',
        b'<svg><script href="//t.co/x"/><style>@import "//t.co"</style></svg><img srcset="//t.co 1x, a 2x" style="background:url(//t.co)">',
        b'<meta http-equiv=refresh content="0;url=//t.co"><script>gtag("config","G-ABC123")</script><template><a ping=//t.co>',
    ),
    "hits": (b"v=2&tid=G-ABC123&cid=1.2&en=page_view&dl=https%3A%2F%2Fa%2F\0en=scroll&epn.x=1\r\nen=purchase&pr1=idx~nmy",),
    "cookies": (b"__Host-privacy=test~abc.def; a=b", COOKIE.write_once(set(), "/", _request(), NOW)[1].encode()),
    "forms": (b"decision=save&purpose=analytics&purpose=media&return=%2Fa%3Fb&language=de&in_page=on",),
    "captures": (
        b'{"log":{"version":"1.2","entries":[{"request":{"method":"GET","url":"https://a/","headers":[]},"response":{"status":200,"headers":[],"content":{"text":"x","mimeType":"text/html"}},"startedDateTime":"2026-01-01T00:00:00Z"}]}}',
        b"52:7:request,30:4:path,1:/;6:method,3:GET,}4:type;4:http;}",
    ),
}  # fmt: skip


def mutated(target: str, inputs: int, seed: int = 1) -> Iterator[bytes]:
    """The seeds, and inputs made of them without any guide."""
    yield from SEEDS[target]
    chance = random.Random(seed)
    for _ in range(inputs):
        data = bytearray(chance.choice(SEEDS[target]))
        for _ in range(chance.randint(1, 8)):
            at = chance.randrange(len(data) + 1)
            other = chance.choice(SEEDS[target])
            start = chance.randrange(len(other))
            part = chance.choice(
                (chance.randbytes(2), other[start : start + chance.randrange(20)], b"", b"<&\"';=%00")
            )
            data[at : at + chance.randrange(12)] = part * chance.choice((1, 1, 1, 50))
        yield bytes(data[:LONGEST])


def led(target: str, runs: int, seconds: int, save: Path) -> int:
    """Runs in a process of its own; returns the number of inputs, or -1 where something was found."""
    save.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(SEEDS[target]):
            (Path(corpus) / str(number)).write_bytes(seed)
        options = [
            f"-runs={runs}",
            f"-max_total_time={seconds}",
            f"-max_len={LONGEST}",
            f"-timeout={SECONDS}",
            "-seed=1",
        ]
        options += ["-rss_limit_mb=2048", f"-artifact_prefix={save / target}-", corpus]
        command = [sys.executable, "-m", "tests.fuzz_input", "--target", target, *options]
        done = subprocess.run(
            command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, errors="replace"
        )
    if done.returncode:
        print(done.stderr[-4000:], file=sys.stderr)
        return -1
    ran = re.findall(r"Done (\d+) runs", done.stderr) or re.findall(r"^#(\d+)", done.stderr, re.M)
    return int(ran[-1])


def _lead(target: str, options: list[str]) -> None:
    """Never returns: libFuzzer ends the process."""
    import atheris  # type: ignore[import-not-found, import-untyped, unused-ignore]

    for module in [one for name, one in sys.modules.items() if name.startswith("consent_gateway.")]:
        for value in vars(module).values():
            methods = (
                vars(value).values()
                if isinstance(value, type) and value.__module__ == module.__name__
                else (value,)
            )
            for one in methods:
                if isinstance(one, FunctionType) and one.__module__ == module.__name__:
                    atheris.instrument_func(one)
    atheris.Setup([sys.argv[0], *options], TARGETS[target])
    atheris.Fuzz()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz_input", description=__doc__)
    parser.add_argument("--target", choices=TARGETS)
    parser.add_argument("--runs", type=int, default=100_000, help="inputs per target, at most")
    parser.add_argument("--seconds", type=int, default=60, help="per target, at most")
    parser.add_argument("--save", type=Path, default=Path("build/fuzz-input"), help="where findings go")
    arguments, rest = parser.parse_known_args()
    if arguments.target:
        _lead(arguments.target, rest)
    faulty = 0
    for target in TARGETS:
        inputs = led(target, arguments.runs, arguments.seconds, arguments.save)
        faulty += inputs < 0
        print(
            f"{target}: {'a finding, see ' + str(arguments.save) if inputs < 0 else f'{inputs} inputs'}",
            flush=True,
        )
    return 1 if faulty else 0


if __name__ == "__main__":
    sys.exit(main())
