"""Writes the reference into a folder: `python -m consent_gateway.reference docs`."""

from __future__ import annotations

import sys
from pathlib import Path

from consent_gateway.reference import pages


def main(arguments: list[str]) -> int:
    """The exit code: 2 where no folder is named, or it cannot be written to."""
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        print("usage: python -m consent_gateway.reference FOLDER", file=sys.stderr)
        return 2
    for name, text in pages().items():
        try:
            (Path(arguments[0]) / name).write_text(text, encoding="utf-8")
        except OSError as error:
            print(f"{error.filename}: {error.strerror}", file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
