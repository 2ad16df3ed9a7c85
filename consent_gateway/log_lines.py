"""Lines of the log, as text or as JSON (https://jsonlines.org). Of an error they have its kind and where it was raised,
but not its words: these may have what a visitor sent in them. Of what libraries say they have the first words."""

from __future__ import annotations

import json
import logging
import re
import traceback
from datetime import UTC, datetime

WHOLE = ("consent_gateway", "py")  # the gateway, and what logging calls py.warnings
# mitmproxy and asyncio go on with the host that was asked for, bytes that were received, arguments, an error.
_ENDS = re.compile(r"[:(\n]|\. ")


class TextLines(logging.Formatter):
    """Level, logger and message, and on lines of their own an error and its places."""

    def format(self, record: logging.LogRecord) -> str:
        lines = [f"{record.levelname} {record.name}: {_message(record)}"]
        if record.exc_info and record.exc_info[0]:
            lines += [record.exc_info[0].__name__, *(f"  {place}" for place in _places(record))]
        return "\n".join(lines)


class JsonLines(logging.Formatter):
    """An object a line, for those who collect and search them."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "process": record.process,
            "message": _message(record),
        }
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["raised_at"] = _places(record)
        return json.dumps(line, ensure_ascii=False)


def _message(record: logging.LogRecord) -> str:
    message = record.getMessage()
    return message if record.name.partition(".")[0] in WHOLE else _ENDS.split(message, maxsplit=1)[0]


def _places(record: logging.LogRecord) -> list[str]:
    """The frames between where an error was caught and where it was raised."""
    where = record.exc_info[2] if record.exc_info else None
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(where)]
