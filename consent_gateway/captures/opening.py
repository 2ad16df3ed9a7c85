"""A capture on disk, opened: of which kind it is, and its exchanges as often as they are wanted."""

from __future__ import annotations

import errno
import hashlib
import io
from collections.abc import Callable, Iterator
from pathlib import Path

from consent_gateway.captures import flow_files, har_files
from consent_gateway.captures.exchange import Exchange
from consent_gateway.captures.reading import BadCapture as BadCapture
from consent_gateway.captures.reading import Counted, Skipped, nothing
from consent_gateway.site_tables import Limits

# How other files begin that people take for a capture, and what to do.
_OTHERS = (
    (b"\x1f\x8b", "it is packed with gzip: unpack it first"),
    (b"PK\x03\x04", "it is a zip: unpack it and give the .har in it (its other files may lie beside it)"),
    (b"PK\x05\x06", "it is an empty zip"),
    (b"\x28\xb5\x2f\xfd", "it is packed with zstd: unpack it first"),
    (b"\xfd7zXZ", "it is packed with xz: unpack it first"),
    (b"BZh", "it is packed with bzip2: unpack it first"),
    (b"\x78\x01", "it is packed with zlib, as mitmproxy does for .zhar: save it as .har"),
    (b"\x78\x9c", "it is packed with zlib, as mitmproxy does for .zhar: save it as .har"),
    (b"\x78\xda", "it is packed with zlib, as mitmproxy does for .zhar: save it as .har"),
    (b"\xff\xfe", "it is UTF-16: save it as UTF-8"),
    (b"\xfe\xff", "it is UTF-16: save it as UTF-8"),
    (b"\xd4\xc3\xb2\xa1", "it is a network trace (pcap): record with mitmproxy or a browser"),
    (b"\x0a\x0d\x0d\x0a", "it is a network trace (pcapng): record with mitmproxy or a browser"),
)
_NEITHER = "it is neither a flow file of mitmproxy nor a HAR"
_BOM = b"\xef\xbb\xbf"
DEFAULT_LIMIT = Limits().page


class Capture:
    """A file of recorded traffic. `skipped` says what the last reading could not read of it."""

    def __init__(
        self, path: Path, *, kind: str, sha256: str, size: int, head: har_files.Head, limit: int
    ) -> None:
        self.path = path
        self.kind = kind
        self.sha256 = sha256
        self.size = size
        self._head = head
        self._limit = limit
        self._skipped = Skipped()

    @property
    def skipped(self) -> tuple[str, ...]:
        return self._skipped.sentences

    @property
    def lost(self) -> str:
        """Why the last reading did not come to the end of the file; empty where it did."""
        return self._skipped.lost

    def exchanges(self, progress: Callable[[int], None] = nothing) -> Iterator[Exchange]:
        """Every exchange in the order of the file, one at a time in memory; `progress` gets the number of
        bytes read so far. Raises BadCapture where the file can no longer be read."""
        skipped = self._skipped = Skipped()
        try:
            with _counted(self.path, self.size, progress) as file:
                if self.kind == har_files.KIND:
                    _after_bom(file)
                    yield from har_files.exchanges(file, skipped, self._limit, self._head, self._attached)
                else:
                    yield from flow_files.exchanges(file, skipped, self._limit)
        except OSError as error:
            raise BadCapture(_said(self.path, error.strerror or str(error))) from error
        progress(self.size)

    def _attached(self, name: str) -> bytes:
        """A file beside the capture, up to a byte more than the limit: that is too much, too. Raises OSError, also
        for what is no file on a disk: nobody might ever write to a pipe."""
        path = self.path.parent / name
        if path.exists() and not path.is_file():
            raise OSError(errno.EINVAL, "it is no file on a disk")
        with path.open("rb") as file:
            return file.read(self._limit + 1)


def opened(path: Path, *, limit: int = DEFAULT_LIMIT) -> Capture:
    """A capture, with the SHA-256 of the file; of its bodies none is longer than `limit` bytes decoded.
    Raises BadCapture."""
    try:
        if path.is_dir():
            raise BadCapture(_said(path, "it is a folder"))
        if path.exists() and not path.is_file():
            raise BadCapture(_said(path, "it is no file on a disk"))
        size = path.stat().st_size
        with _counted(path, size) as file:
            kind = _kind(path, file.peek(4096)[:4096])
            head = har_files.Head()
            if kind == har_files.KIND:
                _after_bom(file)
                head = _head(path, file)
            elif reason := flow_files.fault(file):
                raise BadCapture(_said(path, reason))
        with path.open("rb") as whole:
            sha256 = hashlib.file_digest(whole, "sha256").hexdigest()
    except OSError as error:
        raise BadCapture(_said(path, error.strerror or str(error))) from error
    return Capture(path, kind=kind, sha256=sha256, size=size, head=head, limit=limit)


def _kind(path: Path, start: bytes) -> str:
    if not start:
        raise BadCapture(_said(path, "it is empty"))
    for magic, reason in _OTHERS:
        if start.startswith(magic):
            raise BadCapture(_said(path, reason))
    if flow_files.START.match(start):
        return flow_files.KIND
    if start.removeprefix(_BOM).lstrip().startswith(b"{"):
        return har_files.KIND
    raise BadCapture(_said(path, _NEITHER))


def _head(path: Path, file: Counted) -> har_files.Head:
    try:
        head = har_files.head(file)
    except ValueError as error:
        raise BadCapture(_said(path, f"{_NEITHER}: {error}")) from error
    if not head.has_entries:
        raise BadCapture(_said(path, "it is JSON, but no HAR: it has no log with entries"))
    if head.version and not head.version.startswith("1."):
        raise BadCapture(_said(path, f"it is a HAR of version {head.version[:20]!r}: only 1.x can be read"))
    return head


def _counted(path: Path, size: int, progress: Callable[[int], None] = nothing) -> Counted:
    return Counted(io.FileIO(path), size, progress)


def _after_bom(file: Counted) -> None:
    if file.peek(3).startswith(_BOM):
        file.read(3)


def _said(path: Path, reason: str) -> str:
    return f"{path}: {reason}"
