"""The state folder: signing keys, salts of the periods, and what was seen on the site."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import secrets
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from consent_gateway.keys import KEY_BYTES, Key, KeyRing

KEYS_VARIABLE = "CONSENT_GATEWAY_KEYS"
IN_ENVIRONMENT = (
    "id:secret, several with commas between, oldest first; a secret is 32 bytes or more in base64"
)
IN_FILE = '{"keys": [{"id": "…", "secret": "…"}]}, oldest first; a secret is 32 bytes or more in base64'


class BadState(Exception):
    """A state folder or a key in the environment that cannot be used; says what to do."""


class StateFolder:
    """The folder given as `--state`. Files in it are readable by their owner only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def _keys(self) -> Path:
        return self.folder / "keys"

    def prepare(self) -> None:
        """Creates the folder if it is missing. Raises BadState."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise BadState(f"{self.folder}: cannot be created: {error.strerror}") from error

    def ring(self, environment: Mapping[str, str]) -> KeyRing:
        """The keys of the environment if it has any, else of the file, made on first use. Raises BadState."""
        if not environment.get(KEYS_VARIABLE):
            with self._locked("keys"):
                if not self._keys.exists():
                    self._write(self._keys, {"keys": [_new_key()]})
        return self.kept_ring(environment)

    def kept_ring(self, environment: Mapping[str, str]) -> KeyRing:
        """The same without making anything. Raises BadState, also where there are no keys yet."""
        if text := environment.get(KEYS_VARIABLE):
            return _ring(KEYS_VARIABLE, _pairs(text), IN_ENVIRONMENT)
        if not self._keys.exists():
            raise BadState(f"{self._keys}: there are no keys yet; consent-gateway serve makes the first")
        content = self._read(self._keys)
        try:
            entries = [(str(entry["id"]), str(entry["secret"])) for entry in content["keys"]]
        except (KeyError, TypeError) as error:
            raise BadState(f"{self._keys}: not a key file; expected is {IN_FILE}") from error
        return _ring(str(self._keys), entries, IN_FILE)

    def keep(self, *, make: Sequence[datetime], oldest: datetime) -> Mapping[datetime, bytes]:
        """As salts.Store says; the file that held what is destroyed is overwritten. Raises BadState."""
        path = self.folder / "salts"
        with self._locked("salts"):
            before = self._salts(path) if path.exists() else {}
            kept = {start: value for start, value in before.items() if start >= oldest}
            for start in make:
                kept.setdefault(start, secrets.token_bytes(KEY_BYTES))
            if kept != before:
                text = [{"start": at.isoformat(), "value": _encoded(kept[at])} for at in sorted(kept)]
                self._write(path, {"salts": text}, destroying=True)
        return kept

    def _salts(self, path: Path) -> dict[datetime, bytes]:
        try:
            entries = self._read(path)["salts"]
            return {datetime.fromisoformat(entry["start"]): _decoded(entry["value"]) for entry in entries}
        except (KeyError, TypeError, ValueError) as error:
            raise BadState(f"{path}: damaged; if it is deleted, visitors get new pseudonyms") from error

    def seen(self) -> dict[str, list[str]]:
        """The services and properties seen on the site so far."""
        path = self.folder / "seen.json"
        content = self._read(path) if path.exists() else {}
        try:
            return {key: [str(item) for item in content.get(key, ())] for key in ("services", "properties")}
        except (AttributeError, TypeError) as error:
            raise BadState(f"{path}: damaged; it may be deleted, the gateway fills it again") from error

    def remember_seen(self, services: set[str], properties: set[str]) -> dict[str, list[str]]:
        """Adds to what was seen; returns all of it."""
        with self._locked("seen"):
            before = self.seen()
            after = {
                "services": sorted({*before["services"], *services}),
                "properties": sorted({*before["properties"], *properties}),
            }
            if after != before:
                self._write(self.folder / "seen.json", after)
        return after

    @contextmanager
    def _locked(self, name: str) -> Iterator[None]:
        """Holds other processes off. Raises BadState."""
        try:
            with open(self.folder / f".{name}.lock", "w", opener=_private) as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield
        except OSError as error:
            raise BadState(f"{self.folder}: {error.strerror or error}") from error

    def _read(self, path: Path) -> Any:
        try:
            mode = stat.S_IMODE(path.stat().st_mode)
            if mode & 0o077:
                raise BadState(f"{path}: others may read it (mode {mode:04o}); run: chmod 600 {path}")
            return json.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise BadState(f"{path}: {error.strerror}") from error
        except ValueError as error:
            raise BadState(f"{path}: damaged: {error}") from error

    def _write(self, path: Path, content: object, *, destroying: bool = False) -> None:
        """Replaces the file as a whole or not at all; overwrites the one before if it is `destroying`."""
        new = path.with_name(f".{path.name}.new")
        with ExitStack() as opened:
            old = opened.enter_context(path.open("r+b")) if destroying and path.exists() else None
            file = opened.enter_context(open(new, "w", opener=_private, encoding="utf-8"))
            json.dump(content, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
            new.replace(path)
            if old:
                _overwrite(old)


def _overwrite(file: IO[bytes]) -> None:
    """Puts nothing in the place of every byte of a file."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    file.write(bytes(size))
    file.flush()
    os.fsync(file.fileno())


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _new_key() -> dict[str, str]:
    now = datetime.now(UTC)
    return {
        "id": now.strftime("%Y%m%dT%H%M%S"),
        "created": now.isoformat(timespec="seconds"),
        "secret": _encoded(secrets.token_bytes(KEY_BYTES)),
    }


def _pairs(text: str) -> list[tuple[str, str]]:
    """The entries of `id:secret,id:secret`; without a colon all of one is the secret."""
    found = [entry.strip().rpartition(":") for entry in text.split(",")]
    return [(id, secret) for id, _, secret in found]


def _ring(place: str, entries: list[tuple[str, str]], form: str) -> KeyRing:
    """The keys of a place. Raises BadState, which counts the entries: who forgets an id or swaps it
    with the secret must not find the secret in a log."""
    keys = []
    for number, (id, secret) in enumerate(entries, start=1):
        try:
            keys.append(Key(id, _decoded(secret) if id else b""))
        except ValueError as error:
            raise BadState(f"{place}: entry {number}: {error}; expected is {form}") from error
    try:
        return KeyRing(tuple(keys))
    except ValueError as error:
        raise BadState(f"{place}: {error}") from error


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:
        raise ValueError("the secret is not base64") from error


def _encoded(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")
