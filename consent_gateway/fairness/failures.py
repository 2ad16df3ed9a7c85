"""What to tell an operator of a template that cannot be shown."""

from __future__ import annotations

import traceback
from collections.abc import Iterable
from pathlib import Path

from consent_gateway.rendering import TemplateSyntaxError


def place(error: Exception, folders: Iterable[Path]) -> tuple[Path | None, int | None]:
    """The file in one of the folders, and the line in it, at which something went wrong last."""
    if isinstance(error, TemplateSyntaxError) and error.filename:
        return Path(error.filename), error.lineno
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        file = Path(frame.filename)
        if file.suffix == ".html" and any(file.is_relative_to(folder) for folder in folders):
            return file, frame.lineno
    return None, None


def reason(error: Exception) -> str:
    """What went wrong, in words; of errors that have none worth reading also their kind."""
    said = str(error)
    return said if " " in said else f"{type(error).__name__}: {said}"
