"""Text that every database can hold: no NUL, no lone surrogates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any, TypeVar, cast

T = TypeVar("T")


def clean_text(text: str) -> str:
    """Return `text` with U+FFFD for NULs and lone surrogates."""
    if text.isascii() and "\0" not in text:
        return text
    if "\0" in text:
        text = text.replace("\0", "\ufffd")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def cleaned(value: T) -> T:
    """Return `value` with every text inside it clean; an unchanged one is returned as it is."""
    return cast("T", _cleaned(value))


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return value if isinstance(value, Enum) else clean_text(value)
    if isinstance(value, Mapping):
        return {_cleaned(key): _cleaned(one) for key, one in value.items()}
    if isinstance(value, tuple | list | frozenset):
        return type(value)(_cleaned(one) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        return _cleaned_fields(value)
    return value


def _cleaned_fields(value: Any) -> Any:
    changed = {}
    for one in fields(value):
        old = getattr(value, one.name)
        new = _cleaned(old)
        if new is not old and new != old:
            changed[one.name] = new
    return replace(value, **changed) if changed else value
