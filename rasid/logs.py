"""Log lines: one line an event whatever a feed says, as text or as JSON."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Final

# noisy libraries: their warnings are told, their progress is not
QUIET: Final = ("apprise", "apscheduler", "asyncio", "scrapy", "twisted", "urllib3", "py.warnings")


def configure(level: str = "info", form: str = "text") -> None:
    """Log to standard error at a level (debug, info, warning, error), as `text` or `json`."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if form == "json" else _Text())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("rasid").setLevel(level.upper())
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


class _Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return f"{time} {record.levelname:<7} {record.name}: {_one_line(_text(self, record))}"


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _text(self, record),
        }
        return json.dumps(line, ensure_ascii=True)


def _text(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    text = record.getMessage()
    if record.exc_info:
        text += "\n" + formatter.formatException(record.exc_info)
    return text


def _one_line(text: str) -> str:
    """Escape what could start a line, or steer a terminal or the direction of the text."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in text
    )
