"""The state folder: signing keys, salts of the periods, what was seen on the site, and which site file it has."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from consent_gateway.key_entries import decoded, encoded
from consent_gateway.key_file import KeyFile
from consent_gateway.keys import KEY_BYTES
from consent_gateway.private_files import BadState, locked, read, write


class StateFolder:
    """The folder given as `--state`. Files in it are readable by their owner only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def prepare(self) -> None:
        """Creates the folder if it is missing. Raises BadState."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise BadState(f"{self.folder}: cannot be created: {error.strerror}") from error

    @property
    def keys(self) -> KeyFile:
        """The keys in this folder."""
        return KeyFile(self.folder)

    def keep(self, *, make: Sequence[datetime], oldest: datetime) -> Mapping[datetime, bytes]:
        """As salts.Store says; the file that held what is destroyed is overwritten. Raises BadState."""
        path = self.folder / "salts"
        with locked(self.folder, "salts"):
            before = self._salts(path) if path.exists() else {}
            kept = {start: value for start, value in before.items() if start >= oldest}
            for start in make:
                kept.setdefault(start, secrets.token_bytes(KEY_BYTES))
            if kept != before:
                text = [{"start": at.isoformat(), "value": encoded(kept[at])} for at in sorted(kept)]
                write(path, {"salts": text}, destroying=True)
        return kept

    def _salts(self, path: Path) -> dict[datetime, bytes]:
        try:
            entries = read(path)["salts"]
            return {datetime.fromisoformat(entry["start"]): decoded(entry["value"]) for entry in entries}
        except (KeyError, TypeError, ValueError) as error:
            raise BadState(f"{path}: damaged; if it is deleted, visitors get new pseudonyms") from error

    def seen(self) -> dict[str, list[str]]:
        """The services and properties seen on the site so far."""
        path = self.folder / "seen.json"
        content = read(path) if path.exists() else {}
        try:
            return {key: [str(item) for item in content.get(key, ())] for key in ("services", "properties")}
        except (AttributeError, TypeError) as error:
            raise BadState(f"{path}: damaged; it may be deleted, the gateway fills it again") from error

    def remember_seen(self, services: set[str], properties: set[str]) -> dict[str, list[str]]:
        """Adds to what was seen; returns all of it."""
        with locked(self.folder, "seen"):
            before = self.seen()
            after = {
                "services": sorted({*before["services"], *services}),
                "properties": sorted({*before["properties"], *properties}),
            }
            if after != before:
                write(self.folder / "seen.json", after)
        return after

    def site_file(self) -> Path | None:
        """The site file with which a gateway was started on this folder last. Raises BadState."""
        path = self.folder / "serving.json"
        try:
            named = read(path)["site_file"] if path.exists() else ""
        except (KeyError, TypeError) as error:
            raise BadState(f"{path}: damaged; it may be deleted, the next start writes it again") from error
        return Path(named) if named else None

    def remember_site_file(self, file: Path | None) -> None:
        """Notes which it is, for commands that are not told; workers start at once. Raises BadState."""
        with locked(self.folder, "serving"):
            write(self.folder / "serving.json", {"site_file": str(file.resolve()) if file else ""})
