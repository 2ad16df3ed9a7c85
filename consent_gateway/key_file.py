"""The keys of a state folder or of the environment: read, made, rotated, removed."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from consent_gateway.key_entries import KeyEntry, encoded, in_order, superseded
from consent_gateway.keys import KEY_BYTES, KeyRing
from consent_gateway.private_files import BadState, locked, read, write

KEYS_VARIABLE = "CONSENT_GATEWAY_KEYS"
ROOT = "root"
UNCHANGED = "CHANGE-ME"  # as deploy/gateway.env has it
IN_ENVIRONMENT = (
    "id:secret, several with commas between, oldest first; a secret is 32 random bytes or more in base64"
)
IN_FILE = (
    '{"keys": [{"id": "…", "secret": "…"}]}, oldest first; a secret is 32 random bytes or more in base64'
)


class NoKeys(BadState):
    """There are keys neither in the file nor in the environment."""


@dataclass(frozen=True, slots=True)
class Rotation:
    """The ids of the key that was added, and of those no cookie needed any more."""

    added: str
    removed: tuple[str, ...]


class KeyFile:
    """The file `keys`, unless the environment has keys. `root` among them is what other secrets are derived
    from; without it that is the oldest key."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.path = folder / "keys"

    def ring(self, environment: Mapping[str, str]) -> KeyRing:
        """The keys of the environment if it has any, else of the file, made on first use. Raises BadState."""
        if not environment.get(KEYS_VARIABLE):
            with locked(self._folder, "keys"):
                if not self.path.exists():
                    self._write([_made()], _root())
        return self.kept_ring(environment)

    def kept_ring(self, environment: Mapping[str, str]) -> KeyRing:
        """The same without making anything. Raises BadState, and NoKeys where there are none yet."""
        entries, root = self.entries(environment)
        return KeyRing(in_order(entries, datetime.now(UTC)), root)

    def is_there(self, environment: Mapping[str, str]) -> bool:
        """Whether there are keys, good or bad, so that none would be made."""
        return bool(environment.get(KEYS_VARIABLE)) or self.path.exists()

    def entries(self, environment: Mapping[str, str]) -> tuple[list[KeyEntry], bytes]:
        """The keys as they are written down, oldest first, and the root. Raises BadState, and NoKeys
        where there are none yet."""
        if text := environment.get(KEYS_VARIABLE):
            if UNCHANGED in text:
                raise BadState(
                    f"{KEYS_VARIABLE}: still {UNCHANGED}; put the line there that consent-gateway keys new --print "
                    "prints, once, the same for every machine"
                )
            pairs = [entry.strip().rpartition(":") for entry in text.split(",")]
            written = [{"id": id, "secret": secret} for id, _, secret in pairs]
            return _apart(KEYS_VARIABLE, _entries(KEYS_VARIABLE, written, IN_ENVIRONMENT))
        if not self.path.exists():
            raise NoKeys(f"{self.path}: there are no keys yet, and {KEYS_VARIABLE} is not set")
        content = read(self.path)
        if not isinstance(content, dict) or not isinstance(content.get("keys"), list):
            raise BadState(f"{self.path}: not a key file; expected is {IN_FILE}")
        root = [{"id": ROOT, "secret": content["root"]}] if "root" in content else []
        return _apart(
            str(self.path),
            [
                *_entries(str(self.path), content["keys"], IN_FILE),
                *_entries(f"{self.path}: root", root, IN_FILE),
            ],
        )

    def new(self) -> str:
        """Makes the first key; returns its id. Raises BadState, also if there are keys."""
        with locked(self._folder, "keys"):
            if self.path.exists():
                raise BadState(f"{self.path}: there are keys already; consent-gateway keys rotate adds one")
            made = _made()
            self._write([made], _root())
        return made.key.id

    def rotate(self) -> Rotation:
        """Adds a key that signs once every process knows it, and removes those that are superseded.
        Raises BadState."""
        with locked(self._folder, "keys"):
            entries, root = self.entries({})
            removed = superseded(entries, datetime.now(UTC))
            made = _made()
            kept = [entry for entry in entries if entry not in removed]
            self._write([*kept, made], root or entries[0].key.secret)
        return Rotation(made.key.id, tuple(entry.key.id for entry in removed))

    def remove(self, id: str) -> bool:
        """Removes a key: what it signed counts for nothing from then on. Whether other secrets are derived
        from it all the same. Raises BadState, also for the only key and one that is not there."""
        with locked(self._folder, "keys"):
            entries, root = self.entries({})
            kept = [entry for entry in entries if entry.key.id != id]
            if len(kept) == len(entries):
                raise BadState(f"{self.path}: there is no key {id}; consent-gateway keys list names them")
            if not kept:
                raise BadState(f"{self.path}: {id} is the only key; run consent-gateway keys rotate first")
            lasting = root or entries[0].key.secret
            self._write(kept, lasting)
        return any(entry.key.id == id and entry.key.secret == lasting for entry in entries)

    def _write(self, entries: Sequence[KeyEntry], root: bytes) -> None:
        keys = [
            {"id": entry.key.id, "secret": encoded(entry.key.secret)}
            | ({"created": entry.created.isoformat(timespec="seconds")} if entry.created else {})
            for entry in entries
        ]
        write(self.path, {"keys": keys} | ({"root": encoded(root)} if root else {}), destroying=True)


def for_environment(*, first: bool) -> str:
    """A new key as the environment variable takes it; the first with a root before it."""
    made = _made()
    root = f"{ROOT}:{encoded(_root())}," if first else ""
    return f"{root}{made.key.id}:{encoded(made.key.secret)}"


def _root() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


def _apart(place: str, entries: list[KeyEntry]) -> tuple[list[KeyEntry], bytes]:
    """The keys that sign, and the root if there is one. Raises BadState where nothing signs."""
    signing = [entry for entry in entries if entry.key.id != ROOT]
    if not signing:
        raise BadState(f"{place}: there is no key that signs; consent-gateway keys new makes one")
    root = next((entry.key.secret for entry in entries if entry.key.id == ROOT), b"")
    return signing, root


def _made() -> KeyEntry:
    now = datetime.now(UTC)
    id = f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(2)}"
    return KeyEntry.of(id, encoded(secrets.token_bytes(KEY_BYTES)), now)


def _entries(place: str, written: Sequence[Mapping[str, str]], form: str) -> list[KeyEntry]:
    """The keys of a place. Raises BadState, which counts the entries: who forgets an id or swaps it
    with the secret must not find the secret in a log."""
    entries: list[KeyEntry] = []
    for number, one in enumerate(written, start=1):
        try:
            created = datetime.fromisoformat(one["created"]) if "created" in one else None
            if created and created.tzinfo is None:
                raise ValueError("created has no time zone")
            entries.append(KeyEntry.of(str(one["id"]), str(one["secret"]), created))
        except (KeyError, TypeError, AttributeError) as error:
            raise BadState(f"{place}: entry {number} is not a key; expected is {form}") from error
        except ValueError as error:
            raise BadState(f"{place}: entry {number}: {error}; expected is {form}") from error
    try:
        if entries:
            KeyRing(tuple(entry.key for entry in entries))
    except ValueError as error:
        raise BadState(f"{place}: {error}") from error
    return entries
