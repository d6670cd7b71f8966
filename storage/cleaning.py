"""Text that every database can hold: no NUL, no lone surrogates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from functools import partial
from typing import Any, Final, TypeVar, cast

T = TypeVar("T")
_Way = Callable[[Any], Any]


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
    way = _WAYS[type(value)]
    return value if way is None else way(value)


def _way(kind: type) -> _Way | None:
    if issubclass(kind, Enum):
        return None
    if issubclass(kind, str):
        return clean_text
    if issubclass(kind, Mapping):
        return _cleaned_mapping
    if issubclass(kind, tuple | list | frozenset):
        return partial(_cleaned_collection, kind)
    if is_dataclass(kind):
        return partial(_cleaned_fields, tuple(one.name for one in fields(kind)))
    return None


class _Ways(dict[type, "_Way | None"]):
    """What cleans values of a type, None where they have no text in them; found once."""

    def __missing__(self, kind: type) -> _Way | None:
        way = self[kind] = _way(kind)
        return way


_WAYS: Final = _Ways()


def _cleaned_mapping(value: Mapping[Any, Any]) -> dict[Any, Any]:
    return {_cleaned(key): _cleaned(one) for key, one in value.items()}


def _cleaned_collection(kind: Callable[[Iterable[Any]], Any], value: Iterable[Any]) -> Any:
    return kind(map(_cleaned, value)) if value else value


def _cleaned_fields(names: tuple[str, ...], value: Any) -> Any:
    changed = {}
    for name in names:
        old = getattr(value, name)
        way = _WAYS[type(old)]
        if way is None:
            continue
        new = way(old)
        if new is not old and new != old:
            changed[name] = new
    return replace(value, **changed) if changed else value
