"""A language that nobody speaks, for layouts: English from right to left."""

from __future__ import annotations

import re
from pathlib import Path

from consent_gateway.rendering import templates_folder

RIGHT_TO_LEFT, END = "\N{RIGHT-TO-LEFT OVERRIDE}", "\N{POP DIRECTIONAL FORMATTING}"


def mirrored(folder: Path) -> Path:
    """An operator's templates in which English is written mirrored."""
    source = (templates_folder() / "wording" / "en.toml").read_text("utf-8")
    text = re.sub(r'^(\w+) = "(.+)"$', rf'\1 = "{RIGHT_TO_LEFT}\2{END}"', source, flags=re.M)
    text = re.sub(r"^direction = .*$", 'direction = "rtl"', text, flags=re.M)
    (folder / "wording").mkdir(parents=True)
    (folder / "wording" / "en.toml").write_text(text, encoding="utf-8")
    return folder
