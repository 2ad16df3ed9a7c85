"""The log as JSON, an object a line (https://jsonlines.org), for those who collect and search it."""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime


class JsonLines(logging.Formatter):
    """What was logged and where from. Of an error its kind and where it was raised, but not its words: they may
    have what a visitor sent in them."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "process": record.process,
            "message": record.getMessage(),
        }
        if record.exc_info and record.exc_info[0]:
            kind, _, where = record.exc_info
            line["error"] = kind.__name__
            line["raised_at"] = [
                f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(where)
            ]
        return json.dumps(line, ensure_ascii=False)
