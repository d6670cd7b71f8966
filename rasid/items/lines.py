"""Items as JSON lines: what `rasid match` and its like read.

One object a line; only `id` is required. `title`, `summary`, `text`, `url`, `author`,
`outlet`, `source` and `language` are texts, `tags` a list of texts, `published` RFC 3339 or
epoch seconds. Texts are taken verbatim, so that offsets into them are the sender's own;
null is the same as nothing; other keys are left alone.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from rasid.models import Document

_TEXTS: Final = ("title", "summary", "text", "url", "author", "outlet", "source", "language")
_SECOND: Final = 1_000_000
_LATEST: Final = 253_402_300_800  # the year 10000, in epoch seconds
_BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is no item, and why, worded for the person who sent it."""

    number: int  # 1-based
    why: str


def read_documents(lines: Iterable[bytes]) -> Iterator[Document | BadLine]:
    """Return the document of each line in order, or what is wrong with it; blank ones are none."""
    for number, line in enumerate(lines, 1):
        content = line.removeprefix(_BOM) if number == 1 else line
        if content.strip():
            try:
                yield _document(_object(content))
            except _WrongError as error:
                yield BadLine(number, str(error))


class _WrongError(Exception):
    """A line is not what it should be."""


def _object(line: bytes) -> Mapping[str, Any]:
    try:
        value = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise _WrongError(f"not UTF-8 (byte {error.start + 1})") from error
    except json.JSONDecodeError as error:
        raise _WrongError(f"not JSON: {error.msg} (character {error.pos + 1})") from error
    except (RecursionError, ValueError) as error:  # too deep, or a number of 5,000 digits
        raise _WrongError("not JSON that can be read: too deep or too large a number") from error
    if not isinstance(value, dict):
        raise _WrongError('a JSON object is expected, as in {"id": "1", "title": "..."}')
    return value


def _document(values: Mapping[str, Any]) -> Document:
    texts = {name: _value(values, name, _text, "") for name in _TEXTS}
    return Document(
        id=_id(values.get("id")),
        tags=_value(values, "tags", _tags, ()),
        published=_value(values, "published", _time, None),
        **texts,
    )


def _value(values: Mapping[str, Any], name: str, read: Callable[[Any], Any], nothing: Any) -> Any:
    value = values.get(name)
    if value is None:
        return nothing
    try:
        return read(value)
    except (ValueError, OverflowError) as error:
        raise _WrongError(f"{name}: {error}") from error


def _id(value: Any) -> str:
    if isinstance(value, str) and value:
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise _WrongError("id: a text is expected, and every item needs one")


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("a text is expected")
    return value


def _tags(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ValueError("a list of texts is expected")
    return tuple(value)


def _time(value: Any) -> int:
    """Return a time in UTC microseconds."""
    if isinstance(value, str):
        return _from_rfc3339(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("RFC 3339 (2026-11-23T14:05:00Z) or epoch seconds are expected")
    if abs(value) >= _LATEST:
        raise ValueError("epoch seconds are expected, not milliseconds")
    return round(value * _SECOND)


def _from_rfc3339(text: str) -> int:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise ValueError("RFC 3339 with its zone is expected, as in 2026-11-23T14:05:00Z")
    return round(at.timestamp() * _SECOND)
